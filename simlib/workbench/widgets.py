"""A control as widgets: whether the rule holds, its value as the right kind of control, its strength."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as iw

from simlib.policy.levers import STRENGTHS
from simlib.policy.pending import pending
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES
from simlib.policy.vocabulary.words import BINDS, STRENGTH, UNITS, bracketed, named, pick, value_words, word
from simlib.words import Words
from simlib.workbench.controls import Control, Moved

VALUE = "206px"
Told = Callable[..., None]  # (control, on=, value=, strength=)


class Row:
    """One control on the screen. `told` hears of what a user moves, and of nothing that `show` sets."""

    def __init__(self, control: Control, now: Moved, w: Words, told: Told) -> None:
        self.control, self.told, self.quiet = control, told, False
        tip = tooltip(control, w)
        self.on = iw.Checkbox(now.on, indent=False, tooltip=tip, layout={"width": "22px", "flex": "0 0 auto"})
        hint = (
            f'<span class="simlib-hint" title="{html.escape(tip, quote=True)}">{html.escape(name(control, w))}</span>'
        )
        label = iw.HTML(hint, layout={"flex": "1 1 130px", "min_width": "0"})
        self.value = value_widget(control, now.value, w, tip)
        self.strength = iw.Dropdown(
            options=[(pick(STRENGTH[s], w.language), s) for s in STRENGTHS], value=now.strength, tooltip=w["strength"],
            layout={"width": "106px", "flex": "0 0 auto"},
        )  # fmt: skip
        middle = iw.HBox([] if self.value is None else [self.value], layout={"width": VALUE, "flex": "0 0 auto"})
        parts = [self.on, label, middle, self.strength]
        self.box = iw.HBox(parts, layout={"align_items": "center", "margin": "0 0 2px 0"})
        self.box.add_class("simlib-rule")
        self.box.add_class(f"simlib-{control.key.replace('.', '-').replace('@', '--')}")
        self.show(now)
        self.on.observe(lambda e: self._tell(on=e["new"]), "value")
        self.strength.observe(lambda e: self._tell(strength=e["new"]), "value")
        for part in _fields(self.value):
            part.observe(lambda _: self._tell(value=read(self.control, self.value)), "value")

    def _tell(self, **what: Any) -> None:
        if not self.quiet:
            self.told(self.control, **what)

    def show(self, now: Moved) -> None:
        """Stand where the session says."""
        self.quiet = True
        try:
            self.on.value, self.strength.value = now.on, now.strength
            if self.value is not None:
                write(self.control, self.value, now.value)
            for part in (self.strength, *_fields(self.value)):
                part.disabled = not now.on or bool(self.control.locked)
            moved = now != self.control.written
            (self.box.add_class if moved else self.box.remove_class)("simlib-moved")
        finally:
            self.quiet = False


def name(control: Control, w: Words) -> str:
    """Title of the lever, with its clause or a plus for a rule that could be added, and the unit of its slider."""
    title = pick(control.lever.title, w.language)
    unit = pick(UNITS[control.unit], w.language).replace("{n}", "").strip() if control.unit in UNITS else ""
    text = (
        bracketed(title, named(control.clause, w.language), w.language) if control.clause else w.say("add", title=title)
    )
    comma = "，" if w.language == "zh" else ", "
    return text + (comma + unit if unit and control.shape == "slider" else "")


def tooltip(control: Control, w: Words) -> str:
    """What the rule says, its clause and document, whom it reaches, who obeys, and why it does not act, if it does not."""
    n, lever = w.language, control.lever
    blanks = {
        "says": pick(lever.says, n) + (" " if n == "en" else ""),
        "scope": scope(control.scope, w),
        "binds": pick(BINDS[lever.binds], n),
    }
    value = value_words(control.said(control.written.value), lever, n)
    if control.clause and control.rule:
        strength = pick(STRENGTH[control.written.strength], n)
        text = w.say(
            "tip_rule", clause=named(control.clause, n), document=named(control.rule.document, n), value=value,
            strength=strength, **blanks,
        )  # fmt: skip
    elif control.rule:
        text = w.say("tip_missing", clause=named(control.rule.clause, n), value=value, **blanks)
    else:
        text = w.say("tip_guess", value=value, **blanks)
    why = pending(control.rule) if control.rule else None
    text = " ".join(text.split()) + (w.say("tip_acts", why=pick(why, n)) if why else "")
    if control.locked:
        each = (bracketed(value_words(r, language=n), scope(r.scope, w), n) for r in control.locked)
        text += w.say("tip_locked", clause=named(control.clause, n), rules=w["semicolon"].join(each))
    return text


def scope(of: str, w: Words) -> str:
    """Drugs and hospitals that a scope reaches, for reading."""
    language = w.language
    drugs, _, hospitals = of.partition("/")
    return w["semicolon"].join(
        (
            w["either"].join(pick(DRUG_SCOPES[x].says, language) for x in drugs.split("+")),
            w["both"].join(pick(HOSPITAL_SCOPES[x].says, language) for x in (hospitals or "all").split("&")),
        )
    )


def value_widget(control: Control, value: Any, w: Words, tip: str) -> iw.Widget | None:
    """The right control for the kind of lever; None for a flag, whose checkbox says it all."""
    n, wide = w.language, {"width": "200px"}
    match control.shape:
        case "slider":
            count = control.lever.kind == "count"  # all else can have a part: 25.5%, 1.5 months, a month in days
            number, form = (int, {}) if count else (float, {"readout_format": ".8"})
            kind = iw.IntSlider if count else iw.FloatSlider
            low, high = min(control.low, value), max(control.high, value)
            return kind(
                number(value), min=number(low), max=number(high), step=number(control.step),
                continuous_update=False, tooltip=tip, layout=wide, **form,
            )  # fmt: skip
        case "word":
            options = [(word(x, control.lever, n), x) for x in control.words]
            return iw.Dropdown(options=options, value=value, tooltip=tip, layout=wide)
        case "words":
            options = [(word(x, control.lever, n), x) for x in control.words]
            rows = min(5, len(options))
            return iw.SelectMultiple(
                options=options, value=tuple(value), rows=rows, tooltip=f"{tip} {w['many']}", layout=wide
            )
        case "numbers":
            return iw.VBox([_number(control, key, value.get(key, 0.0), n, tip) for key in _keys(control, value)])
    return None


def _keys(control: Control, value: dict) -> list[str]:
    return list(control.words) if control.lever.allowed else list(value)


def _number(control: Control, key: str, value: float, language: str, tip: str) -> iw.BoundedFloatText:
    top = 1.0 if key.startswith("share") else control.high
    text = word(key, control.lever, language)
    field = iw.BoundedFloatText(
        value, min=control.low, max=top, description=text, tooltip=tip, layout={"width": "200px"}
    )
    field.key = key
    return field


def _fields(widget: iw.Widget | None) -> list[iw.Widget]:
    """The widgets that hold a value."""
    if isinstance(widget, iw.VBox):
        return list(widget.children)
    return [] if widget is None else [widget]


def close(widget: iw.Widget, but: Sequence[iw.Widget] = ()) -> None:
    """Close a widget with all inside, their layouts and styles; without this both sides keep them for good.

    but: widgets that live on.
    """
    if widget in but:
        return
    for child in getattr(widget, "children", ()):
        close(child, but)
    for name in ("layout", "style"):
        if isinstance(part := getattr(widget, name, None), iw.Widget):
            part.close()
    widget.close()


def read(control: Control, widget: iw.Widget | None) -> Any:
    """The value that a widget shows."""
    fields = _fields(widget)
    if control.shape == "numbers":
        return {f.key: f.value for f in fields}
    return fields[0].value if fields else True


def write(control: Control, widget: iw.Widget, value: Any) -> None:
    """Make a widget show a value; a slider whose range is too short for it grows."""
    fields = _fields(widget)
    if control.shape == "numbers":
        for field in fields:
            field.value = value.get(field.key, 0.0)
    elif control.shape == "slider":
        fields[0].max, fields[0].min = max(fields[0].max, value), min(fields[0].min, value)
        fields[0].value = value
    else:
        fields[0].value = value
