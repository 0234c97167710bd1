"""What runs the program elsewhere names files, commands and options that there are."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tomli

from rotation_tui import __version__
from rotation_tui.cli.program import cli
from rotation_tui.config.changes import hub_of
from rotation_tui.config.load import load
from tests.pages import commands_of

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
COMMANDS = {name for name, _ in commands_of(cli)}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_the_image_is_given_all_that_the_wheel_is_made_of_and_lets_it_pass() -> None:
    copied = {
        word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text_of("Dockerfile"), re.M) for word in line.split()
    }
    assert all((ROOT / name).exists() for name in copied)
    settings = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        "pyproject.toml",
        settings["project"]["readme"],
        *settings["project"]["license-files"],
        *wheel["packages"],
    }
    assert needed | {*wheel["force-include"], *wheel["shared-data"]} <= copied
    allowed = {line[1:] for line in text_of("Dockerfile.dockerignore").splitlines() if line.startswith("!")}
    assert copied == allowed


@pytest.mark.parametrize("name", ["Dockerfile", "rotation-alerts.service", "flake.nix", "rotation-tui.rb"])
def test_every_command_that_is_named_exists(name: str) -> None:
    found = re.findall(r"rotation-tui((?: (?:alerts|demo|snapshot|doctor|watch))+)", text_of(name))
    called = {f"rotation-tui{words}" for words in found}
    assert called <= COMMANDS
    assert called or name == "flake.nix"


def test_the_configs_of_a_desk_are_configs_and_both_name_the_same_hub() -> None:
    hubs = {}
    for name in ("server", "terminal"):
        loaded = load(DEPLOY / "desk" / f"{name}.toml", {})
        hub = hub_of(loaded.config)
        assert hub is not None
        assert hub.url is not None
        hubs[name] = (hub.url.replace(f"//{name}@", "//"), hub.ca_file)
        assert f"user {name} on " in text_of("desk/users.acl")
        assert len(loaded.config.feeds) > 1, "a server polls, a terminal falls back"
    assert hubs["server"] == hubs["terminal"] == ("rediss://hub:6379", "/hub/hub.crt")
    assert "tls-port 6379" in text_of("desk/valkey.conf")


def test_the_services_of_a_desk_are_made_of_files_that_are_there_or_that_prepare_makes() -> None:
    compose, prepare = text_of("desk/compose.yaml"), text_of("desk/prepare")
    mounted = set(re.findall(r"\./([\w./]+):/", compose))
    assert {name for name in mounted if not (DEPLOY / "desk" / name).exists()} == {"hub", "hub/hub.crt"}
    assert "-out hub/hub.crt" in prepare
    assert "cp valkey.conf users.acl hub/" in prepare
    assert set(re.findall(r"\$\{(\w+)", compose)) == {"HUB_USER", "SERVER_PASSWORD", "TERMINAL_PASSWORD"}
    assert "HUB_USER=" in prepare
    assert "%s_PASSWORD=%s" in prepare
    assert "deploy/desk/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8")
    assert '".[desk]"' in text_of("Dockerfile").replace("'", '"')
    assert re.findall(r"^    command: (\w+)$", compose, re.M) == ["serve"]
    assert "rotation-tui serve" in COMMANDS


def test_the_formula_has_the_sum_of_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "rotation_tui-9.9.9.tar.gz"
    archive.write_bytes(b"a release")
    address, home = f"https://example.org/{archive.name}", "https://example.org"
    made = subprocess.run(
        [ROOT / ".ci" / "formula", archive, address, home], capture_output=True, text=True, check=True
    )
    assert f'sha256 "{hashlib.sha256(b"a release").hexdigest()}"' in made.stdout
    assert f'url "{address}"' in made.stdout
    assert "@" not in made.stdout.replace("python@3.13", "")
    for installed in re.findall(r'install "(share/\S+)"', made.stdout):
        assert (ROOT / installed).is_file()
    if shutil.which("ruby"):
        subprocess.run(["ruby", "-c"], input=made.stdout, text=True, check=True, capture_output=True)


def test_the_formula_of_nothing_is_refused(tmp_path: Path) -> None:
    made = subprocess.run([ROOT / ".ci" / "formula", tmp_path / "no.tar.gz", "", ""], capture_output=True, check=False)
    assert made.returncode == 2


def test_the_release_is_of_the_version_in_its_place() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    (sed,) = re.findall(r"(sed -n .+ \S+\.py)\)", workflow)
    found = subprocess.run(["bash", "-c", sed], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == __version__
