"""Parameters that several commands share, each declared once.

A decorator such as `language` adds one option to a command. `changing`, `machines` and `simulating` add several, which
reach the function together as one value, a `Changes`, a `Machines` or a `Simulating`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simlib.cli.completion import names_of
from simlib.cli.values import COUNT, HISTORY, Choice
from simlib.core.files import InputError, parse_yaml

if TYPE_CHECKING:
    from simlib.experiments.run import Result
    from simlib.policy.rules import Policy
    from simlib.scenario.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

TABLES = (".csv", ".parquet", ".json")  # what --out can write


force = click.option("--force", is_flag=True, help="replace a file that is there already")
as_json = click.option("--json", "as_json", is_flag=True, help="for machines: JSON on stdout")
everything = click.option(
    "--all", "everything", is_flag=True, help="show every indicator and group, not only the headline"
)
language = click.option("--language", type=Choice(["en", "zh"]), default="en", help="of what is shown (en)")
languages = click.option("--language", type=Choice(["en", "zh", "both"]), default="both", help="(both)")
_WORKERS = click.option(
    "--workers", type=COUNT, metavar="N", help="processes (default: all cores); the result does not depend on it"
)
cluster = click.option(
    "--cluster", metavar="ADDRESS",
    help="run on a Dask cluster: tcp://HOST:PORT (or tls://) of its scheduler, with --workers as the most tasks that are under way at "
    "once (default: all that it has room for); or local: on so many processes of this machine",
)  # fmt: skip
out = click.option("--out", metavar="FILE", help="also write the whole table: .csv, .parquet or .json")
world = click.option(
    "--world", type=Choice(["middle", "assumed", "fitted"]),
    help="assumed numbers in the middle of their ranges (default), drawn from all of them, or as the calibration fitted them: "
    "then each history is a world of its own",
)  # fmt: skip
replication = click.option(
    "--replication", type=HISTORY, default=0, metavar="K", help="which random history (0)"
)  # fmt: skip


def scenario(name: str = "scenario", help: str = "a name (simlib list scenarios) or a .yaml file") -> Decorator:  # noqa: A002
    """An argument that names a scenario."""
    return click.argument(name, help=help, shell_complete=names_of("scenarios", or_file=True))


def policy(name: str = "policy") -> Decorator:
    """An argument that names a policy."""
    return click.argument(
        name, metavar="POLICY[@REGION]", help="a name (simlib list policies) or a .yaml file",
        shell_complete=names_of("policies", or_file=True),
    )  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What --set and --variant change. sets: KEY=VALUE pairs as typed."""

    sets: tuple[str, ...]
    variants: tuple[str, ...]

    def scenario(self, name: str, below: Mapping[str, Any] | None = None) -> Scenario:
        """The scenario of that name, changed; `below` changes it first. InputError for whatever cannot be used."""
        return load(name, {**(below or {}), **read_sets(self.sets)}, self.variants)

    def policy(self, name: str) -> Policy:
        """The policy of that name, changed."""
        from simlib.scenario.rulebook import load_rulebook

        return load_rulebook(name, read_sets(self.sets), self.variants)


@dataclass(frozen=True)
class Machines:
    """Where simulations run. cluster: the address of a Dask cluster, "local", or None for processes of this command."""

    workers: int | None
    cluster: str | None

    def start(self) -> None:
        """From here to the end of the command, every simulation runs on the cluster, if one is named; InputError for one that cannot."""
        if self.cluster is not None:
            from simlib.experiments.cluster import cluster

            click.get_current_context().with_resource(cluster(self.cluster, self.workers))


@dataclass(frozen=True)
class Simulating(Changes, Machines):
    """What every command that simulates understands. out: the file of the whole table, if one is wanted."""

    replications: int | None
    out: str | None
    force: bool

    def simulate(self, scenario: Scenario, as_json: bool, replications: int | None = None) -> Result:
        """Run it, with a bar on a terminal."""
        from simlib.experiments.run import simulate

        n = replications or self.replications
        return simulate(scenario, n, workers=self.workers, progress=shows_progress(as_json))

    def table_file(self) -> Path | None:
        """The file of --out; InputError for one that cannot be written."""
        if self.out is None:
            return None
        return to_write(self.out, TABLES, self.force, f"--out {self.out}")


def to_write(name: str, endings: tuple[str, ...], replace: bool, label: str = "") -> Path:
    """The file that a command is to write; InputError, before anything is computed, for one that it cannot or must not.

    replace: whether a file that is there already may go. label: how a complaint names it.
    """
    path, label = Path(name), label or name
    if path.suffix not in endings:
        raise InputError(f"{label}: the name must end in {', '.join(endings)}")
    if not path.resolve().parent.is_dir():
        raise InputError(f"{label}: no such folder")
    if path.is_dir():
        raise InputError(f"{label}: is a folder; name a file")
    if path.exists() and not replace:
        raise InputError(f"{label}: exists already; name another file, or add --force to replace it")
    return path


_VARIANT = click.option(
    "--variant", "variants", multiple=True, metavar="NAME", shell_complete=names_of("variants", or_file=True),
    help="a stored set of changes, or its .yaml file",
)  # fmt: skip
_CHANGING = (
    click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="change a rule, number or key first"),
    _VARIANT,
)
_SIMULATING = (
    click.option("--replications", type=COUNT, metavar="N", help="random histories (default: the scenario's)"),
    _WORKERS,
    cluster,
    click.option(
        "--set", "sets", multiple=True, metavar="KEY=VALUE",
        help='change a rule, number or key, such as "committee.duty.listing.within=2 months", readings.B2=learned, '
        "decision.rho=0.5 or obedience=full",
    ),
    _VARIANT,
    out,
    force,
)  # fmt: skip


def changing(function: F) -> F:
    """--set and --variant, as the parameter `changes`."""
    return _together("changes", Changes, _CHANGING)(function)


def machines(function: F) -> F:
    """--workers and --cluster, as the parameter `machines`."""
    return _together("machines", Machines, (_WORKERS, cluster))(function)


def simulating(function: F) -> F:
    """What `Simulating` holds, as the parameter `asked`."""
    return _together("asked", Simulating, _SIMULATING)(function)


def _together(name: str, kind: type, options: tuple[Decorator, ...]) -> Decorator:
    """A decorator that adds options and hands their values to the function as one `kind`."""

    def decorate(function: F) -> F:
        """Add the options to a command's function.

        Parameters
        ----------
        function : callable
            It takes the parameter `name`, an object of `kind`, beside those of its other options.

        Returns
        -------
        callable
            What click calls: it takes each option as a keyword, makes one `kind` of those that are its fields, and calls
            `function` with the rest. The options are added from the last to the first, so that help shows them in the
            order of `options`.
        """

        @functools.wraps(function)
        def called(**given: Any) -> Any:
            value = kind(**{f.name: given.pop(f.name) for f in fields(kind)})
            return function(**{name: value}, **given)

        for option in reversed(options):
            called = option(called)
        return called  # type: ignore[return-value]

    return decorate


def shows_progress(as_json: bool) -> bool:
    """Whether to show how far a computation has come: to a person at a terminal."""
    return not as_json and sys.stderr.isatty()


def read_sets(pairs: tuple[str, ...]) -> dict[str, Any]:
    """`--set` options as key and value; the value is read as YAML."""
    out = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise InputError(f"--set {pair}: expected KEY=VALUE")
        out[key.strip()] = parse_yaml(f"value: {value}", f"--set {pair}").data["value"]
    return out


def load(name: str, changes: Mapping[str, Any] | None = None, variants: tuple[str, ...] = ()) -> Scenario:
    """A scenario as a command names it; InputError for whatever cannot be used."""
    from simlib.scenario.scenario import load_scenario

    try:
        return load_scenario(name, dict(changes or {}), variants)
    except ValueError as e:
        raise InputError(f"{name}: {' '.join(str(e).split())}") from None
