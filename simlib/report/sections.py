"""The sections of the comparison page, each from a study and words to nodes, which every format renders."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from simlib.core.files import InputError
from simlib.core.registry import provided
from simlib.core.version import __version__
from simlib.experiments.overload import overloads
from simlib.experiments.samples import sample
from simlib.experiments.scorecard import scorecard
from simlib.experiments.sensitivity import moved_alone
from simlib.experiments.study import GATE_REGION, HEADLINES, MAIN, Study
from simlib.report import asked as parts_asked
from simlib.report import comments
from simlib.report import obedience as obeying
from simlib.report.answer import Best, ahead_in, best_by_region, envelope, hinge, moving, sentences, worlds_of
from simlib.report.clauses import clauses_nodes
from simlib.report.differences import differences_nodes
from simlib.report.gate import checks, gate_tables
from simlib.report.limits import cannot_items
from simlib.report.obedience_curve import curve_nodes, unmeasured
from simlib.report.orders import orders_sentence, read_as, readings_sentence, readings_table
from simlib.report.patients import patients_nodes
from simlib.report.scorecard import scorecard_table
from simlib.report.seals import seal_nodes
from simlib.report.side_effects import worse_nodes
from simlib.report.tables import (
    assumptions_table,
    headline_table,
    inert_table,
    obedience_table,
    rules_table,
    sensitivity_table,
)
from simlib.report.workload import hurry_table
from simlib.see.places import place_of
from simlib.words import Words, words
from simlib.words.names import baseline_name, indicator_name, policy_name
from simlib.words.nodes import Folded, Heading, Link, Node, Picture, Strong, Text, table
from simlib.words.values import DASH, number, with_interval
from simlib.world.assumptions import assumption

Figures = Mapping[str, Figure]
FEW = 5  # replications below which the page warns


def _title(key: str, w: Words) -> Heading:
    return Heading(w[f"{key}_title"], 2, f"{key}-{w.language}")


def _any(study: Study):
    return study.results[study.cells[0].name]


def heading(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Title, question, version, calendar, and a warning where there are few replications or failures."""
    file, s = study.experiment.file, _any(study).scenario
    n = study.replications
    made = w.say("made_by", version=__version__, seed=str(s.seed), replications=n, scenarios=len(study.cells))
    title, question = (getattr(t, w.language) for t in (file.title, file.question))
    nodes: list[Node] = [Heading(title, 1), Text(question, "question"), Text(made, "meta")]
    provisional = study.provisional
    nodes.append(Text(w["provisional"], "warn") if provisional else Text(w["published_calendar"], "meta"))
    if crowded := [name for name, r in study.results.items() if overloads(r)]:
        nodes.append(Text(w.say("overload_warning", where=", ".join(crowded)), "warn"))
    if min(len(r.values.columns) for r in study.results.values()) < FEW:
        nodes.append(Text(w.say("small_warning", n=n), "warn"))
    if study.failed:
        failed = table([w["col_scenario"], w["col_error"]], study.failed.items())
        nodes += [Heading(w["failed_title"], 2), failed]
    return nodes


def asked(study: Study, w: Words, figures: Figures) -> list[Node]:
    """How the question was put to the model, and the words of the page."""
    return [
        _title("asked", w), parts_asked.design(study, w),
        *parts_asked.dates(study, w), *parts_asked.samples(study, w), Text(w["kind_note"], "quiet"),
        _title("words", w), Folded(w["words_all"], (parts_asked.glossary(w),)),
    ]  # fmt: skip


def answer(study: Study, w: Words, figures: Figures) -> list[Node]:
    """What is counted, two sentences and one on obeying, the key picture with its numbers, and luck beside assumptions a place."""
    lines = [
        _counted(study, w),
        *sentences(study, w),
        readings_sentence(study, w),
        obeying.sentence(study, w),
        unmeasured(study, w, see=True),
        orders_sentence(study, w),
    ]
    nodes: list[Node] = [_title("answer", w), *(Text(line, "answer") for line in lines if line)]
    nodes += [_picture("headline", study, w, figures), headline_table(study, w)]  # who reads no further has the numbers
    nodes += [t for t in (readings_table(study, w),) if t]
    for indicator in HEADLINES:
        nodes += _best_table(study, w, indicator)
    return nodes


def _counted(study: Study, w: Words) -> str:
    """What the headline counts, before any number of it; "" where rules keep their own days, which the dates tell."""
    s = study.scenario
    measured = parts_asked.counted(sample(study).reach[24])
    return "" if s.as_dated else w.say("answer_counted", policy_from=s.calendar.date(s.policy_from), measured=measured)


def _best_table(study: Study, w: Words, indicator: str) -> list[Node]:
    """The leader of each place, and what its marks mean."""
    drawn = study.world != "middle"
    keys = ["region", "policy", "mean", "gain", "worlds" if drawn else "assumptions", "hinges", "next", "over_second"]
    if indicator != MAIN:
        keys = [k for k in keys if k not in ("assumptions", "worlds", "hinges")]
    head = [w.say(f"col_{k}", baseline=baseline_name(study, w)) if k == "gain" else w[f"col_{k}"] for k in keys]
    head[3] = f"{head[3]}: {w['col_interval' if drawn else 'col_luck']}"
    rows = []
    for b in best_by_region(study, indicator):
        ahead = with_interval(indicator, b.ahead, w, True) if b.second else DASH
        if b.second and (found := ahead_in(study, b, indicator)):
            ahead += w.say("ahead_in", count=found[0], n=found[1])
        rows.append((
            place_of(study, b.region, w), policy_name(b.policy, w, study.rulebooks.get(b.policy)),
            with_interval(indicator, b.value, w), with_interval(indicator, b.gain, w, True),
            *(_range(study, b, w) if indicator == MAIN else ()),
            policy_name(b.second, w) if b.second else DASH,
            ahead + (f" {w['no_order']}" if b.second in b.ties else ""),
        ))  # fmt: skip
    caption = w.say("best_caption", indicator=indicator_name(indicator, w.language))
    nodes: list[Node] = [table(head, rows, caption, "wrap")]
    if indicator == MAIN:
        note = w["worlds_note"] if drawn else w.say("range_note", baseline=baseline_name(study, w))
        nodes.append(Text(note, "quiet"))
    if any(w["no_order"] in row[-1] for row in rows):
        nodes.append(Text(w["no_order_note"], "quiet"))
    return nodes


def _range(study: Study, best: Best, w: Words) -> tuple[str, str]:
    """How far assumptions carry a leader's gain, and the two that move it most when moved alone."""
    if best.name not in study.sensitivity:
        left_out = study.experiment.cell(best.name).region == GATE_REGION
        moved, widest = w["none_run_time" if left_out else "none_run"], DASH
    else:
        table = study.sensitivity[best.name]
        low, high = (number(100 * x, sign=True) for x in envelope(table))
        base, n = number(100 * table["effect_base"].iloc[0], sign=True), table["replications"].iloc[0]
        names = [f"{a.title(w.language)} [{a.id}]" for a in map(assumption, moving(table).head(2)["path"])]
        moved, widest = w.say("around", low=low, high=high, base=base, n=n), w["semicolon"].join(names) or DASH
    return (_worlds(study, best, w) if study.world != "middle" else moved), widest


def _worlds(study: Study, best: Best, w: Words) -> str:
    """Between which gains 90% of the worlds lie, and in how many it is one."""
    found = worlds_of(study, best)
    if found is None:
        return w["none_run"]
    if not found["worlds_sd"] > 0:
        return w["worlds_luck"]
    low, high = (number(100 * found[k], sign=True) for k in ("worlds_low", "worlds_high"))
    n = int(found["replications"])
    return w.say("worlds_range", low=low, high=high, count=round(n * found["positive"]), n=n)


def pictures(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Gains, curves, time, refusals."""
    names = ("gains", "curves", "states", "reasons")
    return [_title("pictures", w), *(_picture(name, study, w, figures) for name in names)]


def _picture(name: str, study: Study, w: Words, figures: Figures) -> Picture:
    key = f"fig_{'gain' if name == 'gains' else name}"
    said = w.say(key, baseline=baseline_name(study, w)) if name == "gains" else w[key]
    return Picture(figures[name], said, comments.below(name, study, w))


def patients(study: Study, w: Words, figures: Figures) -> list[Node]:
    """What the rulebooks mean for patients and for those who pay."""
    return [_title("patients", w), *patients_nodes(study, w)]


def obedience(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Full, default and no obedience side by side."""
    said = ("" if w.language == "zh" else " ").join(
        t for t in (w["obedience_text"], obeying.held_anyway(study, w)) if t
    )
    if not study.all_sides:
        ran = w.both([w[f"obedience_{o}"] for o in study.obediences])
        return [
            _title("obedience", w), Text(unmeasured(study, w)), Text(said), Text(w.say("obedience_missing", ran=ran)),
        ]  # fmt: skip
    return [
        _title("obedience", w), Text(Strong(obeying.conclusion(study, w))), *curve_nodes(study, w, figures), Text(said),
        Picture(figures["obedience"], w["fig_obedience"]), *(obedience_table(study, w, i) for i in HEADLINES),
    ]  # fmt: skip


def worse(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Where an earlier deadline made something worse, and what hurry costs anyway."""
    return [_title("worse", w), *worse_nodes(study, w), Text(w["hurry_text"]), hurry_table(study, w)]


def clauses(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Which clause made each place's gain, as far as ledgers were made."""
    return [_title("clauses", w), *clauses_nodes(study, w)]


def sensitivity(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Luck beside assumptions, one picture and table a scenario that was examined."""
    nodes: list[Node] = [_title("sensitivity", w)]
    if not study.sensitivity:
        nodes.append(Text(w["sensitivity_none"]))
    else:
        total, taken = len(moved_alone(study.scenario)), max(len(t) for t in study.sensitivity.values())
        nodes.append(Text(w.say("sensitivity_chosen", total=total, taken=taken)))
    nodes += [Text(line, "warn") for line in unfit_tables(study, w)]
    first = hinge(study)
    for name in sorted(study.sensitivity, key=lambda n: (n != first, n)):
        text, moved = moved_text(study, name, w), moving(study.sensitivity[name])
        nodes.append(Text(text))
        if len(moved):
            more = Folded(w.say("sensitivity_all", count=len(moved)), (sensitivity_table(moved, w),))
            nodes += [Picture(figures[f"tornado-{name}"], text), more]
    return nodes


def unfit_tables(study: Study, w: Words) -> list[str]:
    """A line for each table of moved assumptions that is not of these runs."""
    return [w.say("sensitivity_unfit", name=name, experiment=study.experiment.file.name) for name in study.unfit]


def moved_text(study: Study, name: str, w: Words) -> str:
    """What one scenario's gain comes to where assumptions are moved."""
    table, cell = study.sensitivity[name], study.experiment.cell(name)
    base = table.iloc[0]
    low, high = envelope(table)
    main = study.pick(MAIN, obedience=cell.obedience).loc[(cell.region, cell.policy)]["difference"]
    return w.say(
        "sensitivity_intro", policy=policy_name(cell.policy, w, study.rulebooks.get(cell.policy)),
        region=place_of(study, cell.region, w), indicator=indicator_name(MAIN, w.language),
        base=number(100 * base["effect_base"], sign=True), low=number(100 * base["base_low"], sign=True),
        high=number(100 * base["base_high"], sign=True), n=base["replications"], count=len(table),
        moving=len(moving(table)), main=number(100 * main, sign=True), min=number(100 * low, sign=True),
        max=number(100 * high, sign=True),
    )  # fmt: skip


def gate(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Published figures against the fitted model's, then against these runs."""
    nodes: list[Node] = [_title("gate", w), Text(w["gate_text"])]
    try:
        nodes.append(scorecard_table(scorecard(), w))
    except InputError:
        nodes.append(Text(w["gate_scorecard_none"], "warn"))
    if not any(c.source for c in checks(study)):
        nodes.append(Text(w["gate_missing"]))
    return [*nodes, *gate_tables(study, w)]


def assumed(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Every assumed number, and every rule with its kind."""
    numbers = _any(study).scenario.assumptions
    count = sum(a.kind == "assumed" for a in numbers)
    rulebooks = [study.rulebooks[p] for p in study.policies]
    return [
        _title("assumed", w), Text(w.say("assumed_text", count=count)),
        Folded(w["assumed_all"], (assumptions_table(numbers, w),)),
        _title("rules", w), Folded(w["rules_all"], (rules_table(rulebooks, w),)),
        Folded(w["inert_title"], (Text(w["inert_text"]), inert_table(_obeyed(study), w))),
    ]  # fmt: skip


def _obeyed(study: Study) -> list:
    """The scenarios, without those in which nobody obeys if there are others."""
    found = [study.results[c.name].scenario for c in study.cells]
    return [s for s in found if s.degree != "none"] or found


def differences(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Each rulebook against the one it stands on, rule by rule."""
    return [_title("differences", words(w.language, "documents")), *differences_nodes(study, w)]


def limits(study: Study, w: Words, figures: Figures) -> list[Node]:
    """What the model cannot say."""
    return [_title("limits", w), cannot_items(study, w)]


def scenarios(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The keys of the headlines, and links to the page, notebook and numbers of each scenario."""
    files = {".html": w["col_page"], ".ipynb": w["col_notebook"], ".parquet": w["col_result"]}
    rows = []
    for c in (*study.cells, *study.read_otherwise):
        way = w[f"obedience_{c.obedience}"] + (f"{w['semicolon']}{read_as(c.reading, w)}" if c.reading else "")
        rows.append((
            place_of(study, c.region, w), policy_name(c.policy, w, study.rulebooks.get(c.policy)), way,
            *(Link(text, f"scenarios/{c.name}{suffix}") for suffix, text in files.items()),
        ))  # fmt: skip
    head = [w[f"col_{k}"] for k in ("region", "policy", "obedience", "page", "notebook", "result")]
    return [
        _title("scenarios", w),
        Text(w["files_text"]),
        *seal_nodes(study, w),
        Folded(w["scenarios_title"], (table(head, rows),)),
    ]


def stress(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The reporting checklist, which the model's own documentation fills."""
    return provided("report.stress")(study, w, figures)


SECTIONS = {
    f.__name__: f
    for f in (
        heading,
        answer,
        asked,
        pictures,
        patients,
        obedience,
        worse,
        clauses,
        sensitivity,
        gate,
        assumed,
        differences,
        limits,
        scenarios,
        stress,
    )
}
