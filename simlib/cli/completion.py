"""`simlib completion`: the few lines that let bash, zsh or fish complete commands, options and names.

A shell asks by calling simlib with the environment variable `VARIABLE`; the answer needs none of the heavy libraries.
"""

from __future__ import annotations

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from simlib.cli.values import Choice

VARIABLE = "_SIMLIB_COMPLETE"
SHELLS = ("bash", "zsh", "fish")

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


@click.command()
@click.argument("shell", type=Choice(SHELLS), metavar="{" + ",".join(SHELLS) + "}", help="the shell that reads it")
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """`simlib completion`: the script that a shell reads when it starts."""
    found = get_completion_class(shell)
    assert found is not None  # click knows all of SHELLS
    top = context.find_root()
    click.echo(found(top.command, {}, top.info_name or "simlib", VARIABLE).source())
    return 0


def answer(command: click.Command, program: str, instruction: str) -> int:
    """What a shell asked for, such as "bash_complete", on stdout; the exit status."""
    return shell_complete(command, {}, program, VARIABLE, instruction)


def names_of(kind: str, or_file: bool = False) -> Completer:
    """A completer of the names that `simlib list` gives for a kind; where none fits, of files if one may be named."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete what a user has typed so far, as click's `shell_complete` asks for it.

        Parameters
        ----------
        context : click.Context
            Of the command line so far; not looked at.
        parameter : click.Parameter
            The argument or option that is completed; not looked at.
        incomplete : str
            What stands there already, perhaps nothing.

        Returns
        -------
        list of CompletionItem
            All names that begin so. Where there are none and a file may be named, one item that tells the shell to
            complete files.
        """
        from simlib.cli.inventory import rows
        from simlib.core.files import InputError

        try:
            found = [row["name"] for row in rows(kind) if row["name"].startswith(incomplete)]
        except InputError:  # a file that cannot be read is for the command to complain about
            found = []
        if not found and or_file:
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(name) for name in found]

    return complete
