"""The sections of the comparison page, each from a study and words to HTML."""

from __future__ import annotations

import html
from collections.abc import Mapping

from matplotlib.figure import Figure

from simlib.core.registry import provided
from simlib.core.version import __version__
from simlib.experiments.sensitivity import candidates
from simlib.experiments.study import GATE_REGION, HEADLINES, MAIN, Study
from simlib.report import asked as parts_asked
from simlib.report import comments
from simlib.report import obedience as obeying
from simlib.report.answer import best_by_region, envelope, hinge, moving, sentences
from simlib.report.differences import differences_html
from simlib.report.gate import checks, gate_table
from simlib.report.limits import cannot_html
from simlib.report.patients import patients_html
from simlib.report.side_effects import worse_html
from simlib.report.tables import (
    assumptions_table,
    headline_table,
    inert_table,
    obedience_table,
    rules_table,
    sensitivity_table,
)
from simlib.report.workload import hurry_table
from simlib.see.inline import picture
from simlib.see.places import place_of
from simlib.words import Words, words
from simlib.words.markup import html_table
from simlib.words.names import indicator_name, policy_name
from simlib.words.values import DASH, number, with_interval
from simlib.world.assumptions import assumption

Figures = Mapping[str, Figure]
FEW = 5  # replications below which the page warns


def _h(level: int, key: str, w: Words) -> str:
    return f'<h{level} id="{key}-{w.language}">{html.escape(w[key + "_title"])}</h{level}>'


def _p(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>' if kind else f"<p>{html.escape(text)}</p>"


def _details(title: str, body: str) -> str:
    return f"<details><summary>{html.escape(title)}</summary>{body}</details>"


def _any(study: Study):
    return study.results[study.cells[0].name]


def heading(study: Study, w: Words, figures: Figures) -> str:
    """Title, question, version, calendar, and a warning where there are few replications or failures."""
    file, s = study.experiment.file, _any(study).scenario
    n = study.replications
    made = w.say("made_by", version=__version__, seed=s.seed, replications=n, scenarios=len(study.cells))
    title, question = (getattr(t, w.language) for t in (file.title, file.question))
    parts = [f"<h1>{html.escape(title)}</h1>", _p(question, "question"), _p(made, "meta")]
    status = w["provisional"] if study.provisional else w["published_calendar"]
    parts.append(_p(status, "warn" if study.provisional else "meta"))
    if min(len(r.values.columns) for r in study.results.values()) < FEW:
        parts.append(_p(w.say("small_warning", n=n), "warn"))
    if study.failed:
        rows = [(name, reason) for name, reason in study.failed.items()]
        parts += [f"<h2>{w['failed_title']}</h2>", html_table([w["col_scenario"], w["col_error"]], rows)]
    return "".join(parts)


def asked(study: Study, w: Words, figures: Figures) -> str:
    """How the question was put to the model, and the words of the page."""
    return "".join([
        _h(2, "asked", w), parts_asked.design(study, w),
        parts_asked.dates(study, w), parts_asked.samples(study, w), _p(w["kind_note"], "quiet"),
        _h(2, "words", w), _details(w["words_all"], parts_asked.glossary(w)),
    ])  # fmt: skip


def answer(study: Study, w: Words, figures: Figures) -> str:
    """Two sentences and one on obeying, the key picture with its numbers, and luck beside assumptions a place."""
    lines = [*sentences(study, w), obeying.sentence(study, w)]
    box = "".join(_p(line) for line in lines if line)
    parts = [_h(2, "answer", w), f'<div class="answer">{box}</div>', _picture("headline", study, w, figures)]
    parts.append(headline_table(study, w))  # who reads no further has the numbers too
    for indicator in HEADLINES:
        parts.append(_best_table(study, w, indicator))
    return "".join(parts)


def _best_table(study: Study, w: Words, indicator: str) -> str:
    keys = ["region", "policy", "mean", "gain", "assumptions", "hinges", "next", "over_second"]
    if indicator != MAIN:
        keys = [k for k in keys if k not in ("assumptions", "hinges")]
    head = [w[f"col_{k}"] for k in keys]
    head[3] = f"{head[3]}: {w['col_luck']}"
    rows = []
    for b in best_by_region(study, indicator):
        ahead = with_interval(indicator, b.ahead, w, True) if b.second else DASH
        rows.append((
            place_of(study, b.region, w), policy_name(b.policy, w, study.rulebooks.get(b.policy)),
            with_interval(indicator, b.value, w), with_interval(indicator, b.gain, w, True),
            *(_range(study, b.name, w) if indicator == MAIN else ()),
            policy_name(b.second, w) if b.second else DASH,
            ahead + (f" {w['no_order']}" if b.second in b.ties else ""),
        ))  # fmt: skip
    caption = w.say("best_caption", indicator=indicator_name(indicator, w.language))
    table = html_table(head, rows, caption, "wrap")
    notes = _p(w["no_order_note"], "quiet") if w["no_order"] in table else ""
    return table + (_p(w["range_note"], "quiet") if indicator == MAIN else "") + notes


def _range(study: Study, name: str, w: Words) -> tuple[str, str]:
    """Lowest and highest gain with assumptions moved, and the two that move it most."""
    if name not in study.sensitivity:
        left_out = study.experiment.cell(name).region == GATE_REGION
        return w["none_run_time" if left_out else "none_run"], DASH
    table = study.sensitivity[name]
    low, high = (number(100 * x, sign=True) for x in envelope(table))
    base, n = number(100 * table["effect_base"].iloc[0], sign=True), table["replications"].iloc[0]
    widest = moving(table).head(2)
    names = [f"{a.title(w.language)} [{a.id}]" for a in map(assumption, widest["path"])]
    return w.say("around", low=low, high=high, base=base, n=n), w["semicolon"].join(names) or DASH


def pictures(study: Study, w: Words, figures: Figures) -> str:
    """Gains, curves, time, refusals."""
    names = ("gains", "curves", "states", "reasons")
    return "".join([_h(2, "pictures", w), *(_picture(name, study, w, figures) for name in names)])


def _picture(name: str, study: Study, w: Words, figures: Figures) -> str:
    key = f"fig_{'gain' if name == 'gains' else name}"
    return picture(figures[name], w[key], comments.below(name, study, w))


def patients(study: Study, w: Words, figures: Figures) -> str:
    """What the rulebooks mean for patients and for those who pay."""
    return _h(2, "patients", w) + patients_html(study, w)


def obedience(study: Study, w: Words, figures: Figures) -> str:
    """Full, default and no obedience side by side."""
    said = ("" if w.language == "zh" else " ").join(
        t for t in (w["obedience_text"], obeying.held_anyway(study, w)) if t
    )
    parts = [_h(2, "obedience", w), _p(said)]
    if len(study.obediences) < 3:
        ran = w.both([w[f"obedience_{o}"] for o in study.obediences])
        return "".join([*parts, _p(w.say("obedience_missing", ran=ran))])
    parts.insert(1, f"<p><b>{html.escape(obeying.conclusion(study, w))}</b></p>")
    parts.append(picture(figures["obedience"], w["fig_obedience"]))
    parts += [obedience_table(study, w, i) for i in HEADLINES]
    return "".join(parts)


def worse(study: Study, w: Words, figures: Figures) -> str:
    """Where an earlier deadline made something worse, and what hurry costs anyway."""
    return _h(2, "worse", w) + worse_html(study, w) + _p(w["hurry_text"]) + hurry_table(study, w)


def sensitivity(study: Study, w: Words, figures: Figures) -> str:
    """Luck beside assumptions, one picture and table a scenario that was examined."""
    parts = [_h(2, "sensitivity", w)]
    if not study.sensitivity:
        parts.append(_p(w["sensitivity_none"]))
    else:
        total, taken = len(candidates(study.scenario)), max(len(t) for t in study.sensitivity.values())
        parts.append(_p(w.say("sensitivity_chosen", total=total, taken=taken)))
    parts += [_p(line, "warn") for line in unfit_tables(study, w)]
    first = hinge(study)
    for name in sorted(study.sensitivity, key=lambda n: (n != first, n)):
        text, table = moved_text(study, name, w), moving(study.sensitivity[name])
        parts.append(_p(text))
        if len(table):
            more = _details(w.say("sensitivity_all", count=len(table)), sensitivity_table(table, w))
            parts += [picture(figures[f"tornado-{name}"], text), more]
    return "".join(parts)


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


def gate(study: Study, w: Words, figures: Figures) -> str:
    """Published figures against the model's."""
    found = checks(study)
    body = gate_table(study, w) if found else ""
    missing = "" if any(c.key.startswith("snapshot") for c in found) else _p(w["gate_missing"])
    return _h(2, "gate", w) + _p(w["gate_text"]) + missing + body


def assumed(study: Study, w: Words, figures: Figures) -> str:
    """Every assumed number, and every rule with its kind."""
    numbers = [a for a in _any(study).scenario.assumptions if a.kind == "assumed"]
    rulebooks = [study.rulebooks[p] for p in study.policies]
    return (
        _h(2, "assumed", w)
        + _p(w.say("assumed_text", count=len(numbers)))
        + _details(w["assumed_all"], assumptions_table(_any(study).scenario.assumptions, w))
        + _h(2, "rules", w)
        + _details(w["rules_all"], rules_table(rulebooks, w))
        + _details(w["inert_title"], _p(w["inert_text"]) + inert_table(_obeyed(study), w))
    )


def _obeyed(study: Study) -> list:
    """The scenarios, without those in which nobody obeys if there are others."""
    found = [study.results[c.name].scenario for c in study.cells]
    return [s for s in found if s.obedience != "none"] or found


def differences(study: Study, w: Words, figures: Figures) -> str:
    """Each rulebook against the one it stands on, rule by rule."""
    return _h(2, "differences", words(w.language, "documents")) + differences_html(study, w)


def limits(study: Study, w: Words, figures: Figures) -> str:
    """What the model cannot say."""
    return _h(2, "limits", w) + cannot_html(study, w)


def scenarios(study: Study, w: Words, figures: Figures) -> str:
    """Links to the page, notebook and numbers of each scenario."""
    from simlib.words.markup import Raw

    rows = []
    for c in study.cells:
        link = lambda suffix, text, c=c: Raw(f'<a href="scenarios/{c.name}{suffix}">{text}</a>')  # noqa: E731
        rows.append((
            place_of(study, c.region, w), policy_name(c.policy, w, study.rulebooks.get(c.policy)), w[f"obedience_{c.obedience}"],
            link(".html", w["col_page"]), link(".ipynb", w["col_notebook"]), link(".parquet", w["col_result"]),
        ))  # fmt: skip
    head = [w[f"col_{k}"] for k in ("region", "policy", "obedience", "page", "notebook", "result")]
    return _h(2, "scenarios", w) + _p(w["files_text"]) + _details(w["scenarios_title"], html_table(head, rows))


def stress(study: Study, w: Words, figures: Figures) -> str:
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
        sensitivity,
        gate,
        assumed,
        differences,
        limits,
        scenarios,
        stress,
    )
}
