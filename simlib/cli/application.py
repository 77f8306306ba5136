"""The program `simlib`: it finds the command, runs it, and says in one line what a user got wrong."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from simlib.cli.commands import COMMANDS
from simlib.cli.complaints import in_one_line
from simlib.cli.completion import VARIABLE, answer
from simlib.core.files import FULL, ROOM, InputError, shown
from simlib.core.version import __version__

PROGRAM = "simlib"
ABOUT = "How a new drug reaches Chinese hospitals, and which rule decides it."
FIRST_STEPS = f"""\
simlib {__version__}: {ABOUT}

  simlib list                                             what there is
  simlib run sichuan-sichuan-default                      one place, one rulebook
  simlib compare sichuan-sichuan-default sichuan-before-reform-default
  simlib lab                                              the workbench in the browser

simlib --help lists all commands; simlib COMMAND --help explains one."""


def _as_typed(e: UnicodeError) -> tuple[bytes, int]:
    """Bytes of a name that Python could not read in the terminal's locale, as they are; "?" for what is no text at all."""
    if not isinstance(e, UnicodeEncodeError):
        raise e
    codes = [ord(c) - 0xDC00 for c in e.object[e.start : e.end]]
    return bytes(c if 0x80 <= c <= 0xFF else ord("?") for c in codes), e.end


codecs.register_error("simlib", _as_typed)  # of stdout and stderr


class Commands(click.Group):
    """A group that loads the module of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none; its help is the line of the table."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(import_module(f"{__package__}.{entry.module}"), entry.function)
        command.name, command.help = cmd_name, entry.help
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `simlib --help`, without loading any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=Commands, help=ABOUT, invoke_without_command=True, context_settings={"max_content_width": 110})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def application(context: click.Context) -> None:
    """All commands; without one, the first steps."""
    if context.invoked_subcommand is None:
        click.echo(FIRST_STEPS)


def parse(words: Sequence[str]) -> click.Context:
    """A command line looked at but not run: the command's context, whose `params` are the values of its parameters.

    Raises InputError for whatever `main` would refuse before it runs the command.
    """
    try:
        top = click.Context(application, info_name=PROGRAM)
        name, command, rest = application.resolve_command(top, list(words))
        assert command is not None  # resolve_command raises for an unknown one
        return command.make_context(name, rest, parent=top)
    except click.UsageError as e:
        raise InputError(in_one_line(e)) from None


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 well, 1 something failed, 2 wrong input or a full disk, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="simlib")
    if VARIABLE in os.environ:  # the shell asks what could come next
        return answer(application, PROGRAM, os.environ[VARIABLE])
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _say_no_more()
        return 0
    except OSError as e:
        if e.errno not in FULL:
            raise
        where = shown(Path(e.filename)) if isinstance(e.filename, str) else "the output"
        print(f"{PROGRAM}: {where}: cannot be written: {os.strerror(e.errno)}; {ROOM}", file=sys.stderr)
        _say_no_more()
        return 2


def _say_no_more() -> None:
    """What is still to be printed goes nowhere, for there it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: Sequence[str] | None) -> int:
    """Run one command; its exit status."""
    try:
        with application.make_context(PROGRAM, list(sys.argv[1:] if words is None else words)) as context:
            return application.invoke(context) or 0
    except click.exceptions.Exit as e:
        return e.exit_code
    except (InputError, click.UsageError) as e:
        said = str(e) if isinstance(e, InputError) else in_one_line(e)
        print(f"{PROGRAM}: {' '.join(said.split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted; what is done is kept", file=sys.stderr)
        return 130
