"""Every command explains itself, with examples that can be typed as they stand."""

import shlex
from collections.abc import Iterator

import click
import pytest

from rotation_tui.cli.program import cli
from tests.pages import commands_of, examples_of

EVERY = dict(commands_of(cli))


def typed(command: click.Command) -> Iterator[list[str]]:
    """The words of each example, up to a pipe."""
    for line, _ in examples_of(command):
        words = shlex.split(line)
        ends = [at for at, word in enumerate(words) if word in ("|", ">")]
        yield words[: ends[0]] if ends else words


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_does_and_has_two_examples(name: str) -> None:
    command = EVERY[name]
    examples = examples_of(command)
    assert command.help
    assert len(examples) >= 2
    assert all(what for _, what in examples)


@pytest.mark.parametrize("name", EVERY)
def test_every_example_is_one_of_its_command_and_can_be_typed(name: str) -> None:
    for words in typed(EVERY[name]):
        assert words[0] == "rotation-tui"
        ended_at = parsed(words[1:])
        assert ended_at[: len(name)] == name, f"{' '.join(words)} is of {ended_at}"


def parsed(words: list[str]) -> str:
    """The command that these words come to; a click fault where they come to none."""
    try:
        context = cli.make_context("rotation-tui", words)
        command: click.Command = cli
        while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
            _, found, left = command.resolve_command(context, rest)
            assert found is not None
            command, context = found, found.make_context(found.name, left, parent=context)
    except click.exceptions.Exit:  # --help among the words
        return "rotation-tui " + " ".join(word for word in words if not word.startswith("-"))
    return context.command_path


@pytest.mark.parametrize("name", EVERY)
def test_help_fits_80_columns(name: str) -> None:
    command = EVERY[name]
    text = command.get_help(click.Context(command, info_name=name, terminal_width=80))
    assert max(map(len, text.splitlines())) <= 80
