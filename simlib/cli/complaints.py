"""What is wrong with a command line, in one line that names the word, what is allowed, and the nearest right one."""

from __future__ import annotations

from collections.abc import Iterable

import click

from simlib.core.complaints import nearest


def in_one_line(e: click.UsageError) -> str:
    """The complaint of the parser's error, in the words of the rest of simlib."""
    context = e.ctx
    program = context.command_path if context else "simlib"
    where = f"{context.info_name}: " if context and context.parent else ""
    match e:
        case click.NoSuchCommand():
            return _unknown("command", e.command_name, _commands(context), program)
        case click.NoSuchOption():
            return _unknown("option", e.option_name, _options(context), program)
        case click.MissingParameter():
            return f"{where}{_name(e.param, context)} is missing; usage: {_usage(context)}"
        case click.BadParameter():
            return f"{_name(e.param, context)}: {e.message.removesuffix('.')}"
        case click.BadOptionUsage():
            return f"{_lower(e.message).replace(repr(e.option_name), e.option_name)}; the command's --help shows how"
    return f"{where}{_lower(e.message)}; usage: {_usage(context)}"


def _lower(message: str) -> str:
    """A sentence of the parser's as the part of a line."""
    return (message[0].lower() + message[1:]).removesuffix(".")


def _unknown(what: str, given: str, allowed: Iterable[str], program: str) -> str:
    """An unknown name, the nearest known one, and where to read them all."""
    word = given.lstrip("-")
    dashes = given.removesuffix(word)
    near = nearest(word, (name.lstrip("-") for name in allowed)).replace("'", f"'{dashes}", 1)
    return f"unknown {what} {given!r}{near}; {program} --help lists them"


def _commands(context: click.Context | None) -> list[str]:
    if context is None or not isinstance(context.command, click.Group):
        return []
    return context.command.list_commands(context)


def _options(context: click.Context | None) -> list[str]:
    return (
        [name for p in context.command.get_params(context) for name in p.opts if name.startswith("--")]
        if context
        else []
    )


def _name(parameter: click.Parameter | None, context: click.Context | None) -> str:
    """An option as it is typed, an argument as the usage line calls it."""
    if parameter is None:
        return "a value"
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.make_metavar(context).rstrip(".") if context else parameter.human_readable_name


def _usage(context: click.Context | None) -> str:
    """How the command is called."""
    if context is None:
        return "simlib COMMAND"
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
