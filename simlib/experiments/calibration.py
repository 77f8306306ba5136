"""Fitting the world before the reforms to published figures, from nothing: `simlib calibrate`.

Three waves (Vernon, Goldstein and Bower 2010, doi:10.1214/10-BA524, with posterior draws in place of an implausibility cut): worlds
over all ranges, then worlds from what has been learned so far, each with one fresh replication; after each wave the emulators
are fitted anew to all of them. The posterior's draws are then simulated, and what they give is the scorecard's interval.

How a text is meant is no property of the world: where a reading is expressed as a number (`drawn.of_readings`), the emulators have it as
an input, and each answer has a posterior of its own, with that number held.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import delayed
from tqdm.auto import tqdm

from simlib.core.files import InputError, scenarios, write_whole
from simlib.core.processes import cores, parallel
from simlib.core.version import __version__
from simlib.experiments.figure_table import figure_table
from simlib.experiments.posterior import Learned, learn, odds, published, sample, told
from simlib.experiments.records import model_sha, packages
from simlib.experiments.recovery import coverage, recovered
from simlib.experiments.sensitivity import may_move
from simlib.experiments.slices import spread_of_chains
from simlib.experiments.targets import Figure, Targets, scaled
from simlib.policy.changes import parameters_of_readings
from simlib.scenario.drawn import answers_of, candidates, numbers_at, of_readings, points, with_drawn
from simlib.scenario.fitted import FOLDER, WEIGHT

DIGITS = 6  # of the stored numbers
TOGETHER, FEW = 10, 4  # truths, and histories, of one task
USED = ("numpy", "scipy", "scikit-learn")  # packages whose version can move the posterior's last digits


@dataclass(frozen=True)
class Plan:
    """Sizes of a calibration.

    first: worlds over all ranges. waves: of each later wave, worlds and temper of the posterior that they are drawn from, an equal
    part under each answer to the readings. check: draws that are simulated; check_others: under the answers that are not the
    default. middle: histories with no number drawn. truths: worlds of the first wave that `recovery` fits. keep, together,
    warm_up, every: see `posterior.sample`; waves, which need not be drawn as well, have an `every` of their own.
    """

    first: int = 704
    waves: tuple[tuple[int, float], ...] = ((192, 0.5), (192, 1.0))
    check: int = 128
    check_others: int = 32
    middle: int = 20
    truths: int = 200
    keep: int = 32
    together: int = 64
    warm_up: int = 200
    every: int = 24
    every_in_waves: int = 8
    seed: int = 20261130


@dataclass(frozen=True)
class Answer:
    """What the texts are taken to mean. name: "" for the defaults, else "A11=canvass". numbers: those that express readings."""

    name: str
    numbers: dict[str, float]

    @property
    def world(self) -> str:
        """What its simulated histories are called."""
        return f"fitted, {self.name}" if self.name else "fitted"


@dataclass(frozen=True)
class Posterior:
    """Draws under one answer. draws: float64 (vectors, columns of learned), on the unit cube. agreement: split R-hat of each column;
    1 where it is held. odds: how much better the answer foretells the figures than the default does (Bayes factor)."""

    answer: Answer
    draws: np.ndarray
    agreement: np.ndarray
    odds: float = 1.0


@dataclass(frozen=True)
class Calibration:
    """A finished fit.

    posteriors: one an answer to the readings, the default first. figures: a row a simulated world, with the column `world`
    ("middle": with no number drawn; "assumed": of the first wave; "fitted": of the check; see also `Answer.world`).
    """

    files: tuple[Targets, ...]
    plan: Plan
    learned: Learned
    posteriors: tuple[Posterior, ...]
    figures: pd.DataFrame

    @property
    def numbers(self) -> pd.DataFrame:
        """All vectors: a column `weight`, those that express readings, and one a number that the figures tell something about."""
        return pd.concat([self.vectors(p) for p in self.posteriors], ignore_index=True)

    def vectors(self, posterior: Posterior) -> pd.DataFrame:
        """Those under one answer, rounded as they are stored."""
        scenario = self.files[0].scenario
        at = np.full((len(posterior.draws), len(candidates(scenario))), 0.5)
        at[:, self.learned.columns] = posterior.draws
        found, n = numbers_at(scenario, at), len(at)
        held = {path: np.full(n, x) for path, x in posterior.answer.numbers.items()}
        return pd.DataFrame(
            {WEIGHT: np.ones(n), **held, **{p: np.array([_short(x) for x in found[p]]) for p in self.paths}}
        )

    @property
    def paths(self) -> list[str]:
        """Paths of the numbers that the figures tell something about, in the register's order."""
        all_, held = candidates(self.files[0].scenario), of_readings()
        return [all_[j].path for j in self.learned.columns if all_[j].path not in held]

    @property
    def free(self) -> np.ndarray:
        """Which of the columns that were learned they are (bool)."""
        all_, held = candidates(self.files[0].scenario), of_readings()
        return np.array([all_[j].path not in held for j in self.learned.columns])


@dataclass
class Rows:
    """Worlds so far: points of the unit cube, and their figures in their units, of the two kept alike."""

    at: list[np.ndarray] = field(default_factory=list)
    figures: list[pd.DataFrame] = field(default_factory=list)

    @property
    def next(self) -> int:
        """Number of the next row, which is that of its replication."""
        return sum(map(len, self.at))

    def values(self, figures: Sequence[Figure]) -> np.ndarray:
        """Figures on the scale of the fit (float64, worlds x figures)."""
        table = pd.concat(self.figures)
        return np.stack([scaled(f, table[f.id].to_numpy(float)) for f in figures], axis=1)


def calibrate(
    files: Sequence[Targets],
    plan: Plan | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Calibration:
    """Fit the assumed numbers to published figures.

    Parameters
    ----------
    files : sequence of Targets
        The figures. Files with none that is fitted take part in the check alone.
    plan : Plan, optional
        Sizes.
    folder : Path, optional
        Where simulated worlds are kept; a fit that was broken off goes on from there.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Calibration
        Posterior draws, and what was simulated.
    """
    plan = plan or Plan()
    fitted = [part for part in files if any(f.fit for f in part.figures)]
    if not fitted:
        raise InputError("targets: no figure has a fit; give at least one figure a tolerance")
    figures = [f for part in fitted for f in part.figures if f.fit]
    rng = np.random.default_rng(plan.seed)
    rows = Rows()

    def simulate(at: np.ndarray, title: str) -> pd.DataFrame:
        return figure_table(fitted, at, rows.next, folder, workers, progress, title)

    first = points(fitted[0].scenario, 0, plan.first)
    _add(rows, first, simulate(first, "first wave"))
    learned = _learn(rows, fitted[0], figures)
    for i, (size, temper) in enumerate(plan.waves, 2):
        at = wave(learned, figures, fitted[0], rows.next, size, temper, plan, rng)
        _add(rows, at, simulate(at, f"wave {i}"))
        learned = _learn(rows, fitted[0], figures)
    assumed = rows.figures[0].iloc[: plan.check].assign(world="assumed")
    posteriors = _posteriors(learned, figures, fitted[0], plan, rng)
    fit = Calibration(tuple(files), plan, learned, posteriors, assumed)
    checks = [
        in_fitted_worlds(fit, p, plan.check_others if p.answer.name else plan.check, workers, progress)
        for p in posteriors
    ]
    middle = in_the_middle(files, plan.middle, workers, progress).assign(world="middle")
    return replace(fit, figures=pd.concat([middle, assumed, *checks], ignore_index=True))


def answers(part: Targets) -> list[Answer]:
    """The default answers to the readings that are expressed as numbers which can act here, and each other that there is, one at a time."""
    act = {a.path for a, can in zip(candidates(part.scenario), acting(part), strict=True) if can}
    default = {path: x for path, x in answers_of(part.scenario).items() if path in act}
    others = {
        name: {path: float(x) for path, x in values.items() if path in default}
        for name, values in parameters_of_readings().items()
    }
    return [Answer("", default), *(Answer(name, default | numbers) for name, numbers in others.items() if numbers)]


def held_at(part: Targets, answer: Answer) -> dict[int, float]:
    """Where an answer's numbers stand on the unit cube, by column."""
    all_ = candidates(part.scenario)
    ends = {j: (a.path, *map(float, a.range)) for j, a in enumerate(all_) if a.path in answer.numbers}
    return {j: (answer.numbers[path] - low) / (high - low) for j, (path, low, high) in ends.items()}


def _posteriors(
    learned: Learned, figures: Sequence[Figure], part: Targets, plan: Plan, rng: np.random.Generator
) -> tuple[Posterior, ...]:
    """Draws under each answer."""
    y, variance = published(figures)
    found: list[Posterior] = []
    for answer in answers(part):
        held = held_at(part, answer)
        kept = sample(learned, y, variance, rng, plan.keep, plan.together, plan.warm_up, plan.every, held=held)
        draws = rng.permutation(kept.reshape(-1, kept.shape[-1]))
        factor = 1.0
        if found:
            pair = (held, held_at(part, found[0].answer))
            factor = odds(learned, y, variance, draws, found[0].draws, pair)
        agreement = np.where(np.isin(learned.columns, list(held)), 1.0, spread_of_chains(kept))
        found.append(Posterior(answer, draws, agreement, factor))
    return tuple(found)


def in_the_middle(files: Sequence[Targets], histories: int, workers: int | None, progress: bool) -> pd.DataFrame:
    """Each file's figures with all assumed numbers as the register has them: a row a history, in the figures' units."""
    return _histories(files, lambda _part, _k: {}, histories, workers, progress, "in the middle")


def in_fitted_worlds(
    fit: Calibration, posterior: Posterior, histories: int, workers: int | None, progress: bool
) -> pd.DataFrame:
    """The same in fitted worlds: row k is replication k of a scenario with `world: fitted`, once the vectors are stored."""
    vectors, n, world = fit.vectors(posterior).drop(columns=WEIGHT), len(posterior.draws), posterior.answer.world

    def numbers(part: Targets, k: int) -> dict[str, float]:
        """All assumed numbers of world k."""
        prior = numbers_at(part.scenario, points(part.scenario, k, 1))
        return {p: float(x[0]) for p, x in prior.items()} | vectors.iloc[k % n].to_dict()

    return _histories(fit.files, numbers, histories, workers, progress, f"{world} worlds").assign(world=world)


def _histories(
    files: Sequence[Targets], numbers: Callable[[Targets, int], dict[str, float]], histories: int, workers: int | None,
    progress: bool, title: str,
) -> pd.DataFrame:  # fmt: skip
    """Replications 0 on of each file, world k with these numbers in place of the scenario's own."""
    columns: dict[str, np.ndarray] = {}
    for part in (p.counted() for p in files):
        worlds = [numbers(part, k) for k in range(histories)]
        tasks = (delayed(_observed)(part, worlds[k : k + FEW], k) for k in range(0, histories, FEW))
        done = parallel(workers or cores())(tasks)
        total = -(-histories // FEW)
        bar = tqdm(done, total=total, desc=f"{part.name}, {title}", disable=not progress, leave=False)
        values = np.array([row for rows in bar for row in rows])
        columns |= {f.id: values[:, i] * f.factor for i, f in enumerate(part.figures)}
    return pd.DataFrame(columns)


def _observed(part: Targets, worlds: Sequence[dict[str, float]], first: int) -> list[list[float]]:
    """The figures of replications `first` on, each in its world."""
    return [part.observed(with_drawn(part.scenario, w), k) for k, w in enumerate(worlds, first)]


def wave(
    learned: Learned,
    figures: Sequence[Figure],
    part: Targets,
    first: int,
    size: int,
    temper: float,
    plan: Plan,
    rng: np.random.Generator,
) -> np.ndarray:
    """Points for rows `first` on from what has been learned (float64, worlds x inputs); other inputs over all their ranges."""
    at, all_ = points(part.scenario, first, size).copy(), answers(part)
    keep = max(4, -(-size // (len(all_) * plan.together)))
    for rows, answer in zip(np.array_split(np.arange(size), len(all_)), all_, strict=True):
        held = held_at(part, answer)
        kept = sample(
            learned, *published(figures), rng, keep, plan.together, plan.warm_up, plan.every_in_waves, temper, held
        )
        draws = rng.permutation(kept.reshape(-1, kept.shape[-1]))[: len(rows)]
        at[np.ix_(rows, learned.columns)] = draws
        for column, x in held.items():
            at[rows, column] = x
    return at


def _add(rows: Rows, at: np.ndarray, figures: pd.DataFrame) -> None:
    rows.at.append(at)
    rows.figures.append(figures)


def _learn(rows: Rows, part: Targets, figures: Sequence[Figure]) -> Learned:
    found = learn(np.concatenate(rows.at), rows.values(figures), acting(part))
    if not len(found.columns):
        raise InputError(
            "targets: no assumed number moves any of the figures that can be seen; give the plan more worlds"
        )
    return found


def acting(part: Targets) -> np.ndarray:
    """Which of the inputs can act in a file's world at all (bool, inputs)."""
    return np.array([may_move(a, part.scenario, "stocked_24m") for a in candidates(part.scenario)])


def recovery(fit: Calibration, workers: int | None = None, progress: bool = True) -> pd.DataFrame:
    """The last worlds of the first wave fitted as if their figures had been published, by emulators of the others of that wave.

    The emulators have the inputs of the fit's, so that every number that was fitted is tested.

    Returns the table of `recovery.coverage`; it does not depend on the number of workers.
    """
    plan, all_ = fit.plan, fit.learned
    known, end = plan.first - plan.truths, plan.first
    learned = learn(all_.at[:known], all_.values[:known], acting(fit.files[0]), [e.active for e in all_.emulators])
    at, values = all_.at[known:end], all_.values[known:end]
    tasks = (
        delayed(recovered)(learned, at[i : i + TOGETHER], values[i : i + TOGETHER], plan.seed + i)
        for i in range(0, len(at), TOGETHER)
    )
    done = parallel(workers or cores())(tasks)
    total = -(-len(at) // TOGETHER)
    bar = tqdm(done, total=total, desc="recovery", unit="part", disable=not progress, leave=False)
    all_paths = [a.path for a in candidates(fit.files[0].scenario)]
    return coverage(np.concatenate(list(bar)), [all_paths[j] for j in learned.columns])


def manifest(fit: Calibration) -> dict[str, Any]:
    """What a reader of the vectors has to know: figures, sizes, code, what was told of each number and what was not."""
    figures = [f for part in fit.files for f in part.figures if f.fit]
    y, variance = published(figures)
    luck = np.sqrt(np.diag(fit.learned.spread(y)))
    default = fit.posteriors[0]
    told_of, agreement = told(default.draws[:, fit.free]), default.agreement[fit.free]
    all_ = [a.path for a in candidates(fit.files[0].scenario) if a.path not in of_readings()]
    return {
        "format": 1,
        "vectors": len(default.draws),
        "answers": [
            {
                "answer": p.answer.name or "default", "numbers": p.answer.numbers, "vectors": len(p.draws),
                "odds": _short(p.odds), "largest_split_r_hat": _short(p.agreement[fit.free].max()),
            }
            for p in fit.posteriors
        ],
        "plan": {k: getattr(fit.plan, k) for k in Plan.__dataclass_fields__},
        "code": {"simlib": __version__, "model": model_sha()},
        "packages": {k: v for k, v in packages().items() if k in USED},
        "worlds": {part.name: part.scenario.digest() for part in fit.files},
        "split_r_hat": {"largest": _short(agreement.max()), "median": _short(float(np.median(agreement)))},
        "figures": [
            {
                "id": f.id, "scale": f.fit.scale, "value": _short(v), "sd_of_counting": _short(s), "sd_of_luck": _short(e),
                "predicted_part": _short(r),
            }
            for f, v, s, e, r in zip(figures, y, np.sqrt(variance), luck, fit.learned.explained(), strict=True)
        ],
        "numbers": {p: {"told": _short(max(t, 0.0))} for p, t in zip(fit.paths, told_of, strict=True)},
        "prior_kept": [p for p in all_ if p not in set(fit.paths)],
    }  # fmt: skip


def store(fit: Calibration, folder: Path | None = None) -> Path:
    """Write vectors, simulated figures and manifest; the folder (default: scenarios/fitted)."""
    folder = folder or scenarios() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "numbers.csv", fit.numbers.to_csv(index=False, lineterminator="\n"))
    figures = fit.figures[["world", *(c for c in fit.figures if c != "world")]]
    write_whole(folder / "figures.csv", figures.to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g"))
    write_whole(folder / "manifest.json", json.dumps(manifest(fit), indent=1, ensure_ascii=False) + "\n")
    return folder


def _short(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")
