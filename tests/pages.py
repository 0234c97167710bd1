"""The man page and the completions that the wheel installs, made from the commands themselves.

`python -m tests.pages` writes them; a test holds them to the program. click-man, which makes man pages of click's
commands, makes one for each of them, cuts their names and leaves examples and variables out.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from rotation_tui import __version__
from rotation_tui.cli.program import cli
from rotation_tui.screens.keys import KEYS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "share"
NAME = "rotation-tui"
COMPLETIONS = {
    "bash": f"bash-completion/completions/{NAME}",
    "zsh": f"zsh/site-functions/_{NAME}",
    "fish": f"fish/vendor_completions.d/{NAME}.fish",
}
"""Where each shell looks, below `share` of wherever a system installs to."""
_EXIT = (
    ("0", "complete"),
    ("1", "an error of the program's own; the log has it"),
    ("2", "a wrong option or config"),
    ("3", "done, but something is unknown, stale or degraded, as the command says"),
    ("4", "no data at all"),
    ("129, 130, 141, 143", "hung up, interrupted, nobody reads the output any more, terminated"),
)
_FILES = (
    ("$XDG_CONFIG_HOME/rotation-tui/config.toml", "settings; config init writes it with every key explained"),
    ("$XDG_CONFIG_HOME/rotation-tui/themes/", "themes of your own"),
    ("$XDG_STATE_HOME/rotation-tui/", "last known state, histories, request counts, log; config locate names them all"),
)


def commands_of(command: click.Command, name: str = NAME) -> Iterator[tuple[str, click.Command]]:
    """A command and those below it, each with the words that call it."""
    yield name, command
    for each, below in sorted(command.commands.items()) if isinstance(command, click.Group) else ():
        yield from commands_of(below, f"{name} {each}")


def examples_of(command: click.Command) -> list[tuple[str, str]]:
    """The lines below a command's options that can be typed, and what each is for."""
    lines = (command.epilog or "").splitlines()[2:]
    found: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith("      ") and found:
            found[-1] = found[-1][0], line.strip()
        else:
            typed, _, what = line.strip().partition("  ")
            found.append((typed, what.strip()))
    return found


def man_page() -> str:
    """The page of section 1, in the macros of man(7)."""
    whole = list(commands_of(cli))
    common = {option.name for option in cli.params}
    lines = [f'.TH {NAME.upper()} 1 "{_released()}" "{NAME} {__version__}" "User Commands"']
    lines += [".SH NAME", f"{NAME} \\- {_text(_first(cli.help)).rstrip('.')}"]
    lines += [".SH SYNOPSIS", *_synopses(whole), ".SH DESCRIPTION", *_paragraphs(cli.help)]
    lines += [".SH OPTIONS", "Of every command, before or after its name.", *_options(cli.params)]
    lines.append(".SH COMMANDS")
    for name, command in whole[1:]:
        lines += [f".SS {_text(name)}", *_paragraphs(command.help)]
        lines += _options([param for param in command.params if param.name not in common])
        lines += _typed(examples_of(command))
    lines += [".SH KEYS", *_listed([(key.shown, key.words) for key in KEYS if key.shown])]
    lines += [".SH ENVIRONMENT", *_listed(_variables())]
    lines += [".SH EXIT STATUS", *_listed(_EXIT), ".SH FILES", *_listed(_FILES)]
    lines += [".SH EXAMPLES", *_typed(examples_of(cli))[1:]]
    return "\n".join(lines) + "\n"


def completion(shell: str) -> str:
    """What a shell reads to complete the commands; the program itself answers, so it knows those that there are."""
    of = get_completion_class(shell)
    assert of is not None, shell
    return of(cli, {}, NAME, f"_{NAME.replace('-', '_').upper()}_COMPLETE").source().strip() + "\n"


def made() -> dict[str, str]:
    """Every file by its path below the folder."""
    return {f"man/man1/{NAME}.1": man_page(), **{path: completion(shell) for shell, path in COMPLETIONS.items()}}


def _released() -> str:
    """The day of the newest release, which is the newest that the page can be of."""
    found = re.search(r"^## \S+ - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert found is not None
    return found[1]


def _text(text: str) -> str:
    """Words that the macros leave alone."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def _first(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def _paragraphs(text: str | None) -> list[str]:
    parts = [_sentences(part) for part in (text or "").split("\n\n")]
    return [line for at, part in enumerate(parts) for line in ([".PP"] if at else []) + part]


def _sentences(text: str) -> list[str]:
    """A sentence a line, as the formatters like it."""
    return [_text(sentence) for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", " ".join(text.split()))]


def _synopses(whole: Sequence[tuple[str, click.Command]]) -> list[str]:
    lines = []
    for at, (name, command) in enumerate(whole):
        if not at or not isinstance(command, click.Group):
            usage = " ".join(
                p.make_metavar(click.Context(command)) for p in command.params if p.param_type_name == "argument"
            )
            lines += [".br"] * bool(at) + [f".B {_text(name)}", f"[{_text('OPTIONS')}] {_text(usage)}".rstrip()]
    return lines


def _options(params: Sequence[click.Parameter]) -> list[str]:
    lines = []
    for param in params:
        if not isinstance(param, click.Option) or (record := param.get_help_record(click.Context(cli))) is None:
            continue
        shown, words = record
        lines += [".TP", f".B {_text(shown)}", *_sentences(words.replace("  [", " ["))]
    return lines


def _listed(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [line for name, words in pairs for line in (".TP", f".B {_text(name)}", _text(words))]


def _typed(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [line for typed, what in pairs for line in (".PP", f"{_text(what).capitalize()}:", ".PP", ".nf", ".RS",
                                                       _text(typed), ".RE", ".fi")]  # fmt: skip


def _variables() -> list[tuple[str, str]]:
    options = [(param.envvar, param.opts[0]) for param in cli.params if isinstance(param.envvar, str)]
    return [*((name, f"the same as {option}") for name, option in options), ("NO_COLOR", "the same as --color none")]


if __name__ == "__main__":
    for path, text in made().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")
