"""The checks on every Python that the project supports: `nox -f .ci/noxfile.py`.

Sessions are `tests`, `types` and `lint`; `live` asks the real sources and runs only where it is named. What follows
`--` goes to pytest. Environments are made by uv where it is installed, else by virtualenv.
"""

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKED = ("-c", "requirements.lock")

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "tests"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The suite, without what is slow or needs the network."""
    _install(session, "test")
    session.run("pytest", *session.posargs)


@nox.session(python=PYTHONS)
def types(session: nox.Session) -> None:
    """mypy, tests included."""
    _install(session, "test,dev")
    session.run("mypy", "--strict", "rotation_tui", "tests")


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """ruff: one Python is enough, it reads the code for the oldest."""
    session.chdir("..")
    session.install(*LOCKED, "ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(python=PYTHONS[0])
def live(session: nox.Session) -> None:
    """One request to each real source."""
    _install(session, "test")
    session.run("pytest", "-n", "0", "-m", "live", *session.posargs)


def _install(session: nox.Session, extras: str) -> None:
    session.chdir("..")  # nox starts in the folder of this file
    session.install(*LOCKED, "-e", f".[{extras}]")
