"""The drawn flow: boxes and arrows of `simlib.documentation.flow_layout` as a figure, in a language."""

from __future__ import annotations

from collections import defaultdict

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from simlib.documentation.flow_layout import Arrow, Place, Side, arrows, beside, in_flow, places, sides
from simlib.documentation.rows_logic import TITLE, state
from simlib.documentation.words import Words
from simlib.policy.flow import APPROVAL, SHARED, Stage
from simlib.see.colours import FAINT, INK
from simlib.see.draw import SIZE, canvas, title
from simlib.see.fonts import styled

BOX, HIGH = 3.1, 0.70  # inches
ACROSS, DOWN = BOX + 0.75, HIGH + 0.34  # from box to box
HEAD, FOOT, EDGE = 0.5, 0.55, 0.2  # inches above, below and beside the flow
FILL, PALE = "#eaf2f9", "#f7f7f7"
LINE, QUEUE, PLANNED = "#0072B2", "#D55E00", "#9a9a9a"


@styled
def flow_figure(w: Words) -> Figure:
    """The flow in a language; its size follows from the stages."""
    at, known = places(), in_flow()
    lanes = [p.lane for p in at.values()]
    rows = 1 + max(p.row for p in at.values())
    aside = beside()
    width = (max(lanes) - min(lanes)) * ACROSS + BOX + 2 * EDGE
    height = HEAD + rows * DOWN + (DOWN if aside else 0) + FOOT
    fig = canvas(width, height)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    middle = {n: _centre(p, min(lanes)) for n, p in at.items()}
    for arrow, path in _routes(at, middle).items():
        planned = any(n in known and not known[n].built for n in (arrow.source, arrow.target))
        _draw_arrow(ax, path, arrow.back, planned)
    for name, stage in known.items():
        _draw_stage(ax, *middle[name], stage, w)
    _draw_approval(ax, *middle[APPROVAL], w)
    _draw_beside(ax, aside, width, HEAD + rows * DOWN, w)
    title(fig, w["flow_title"])
    _legend(ax, height, w, any(not s.built for s in known.values()))
    return fig


def _centre(place: Place, left: int) -> tuple[float, float]:
    return EDGE + BOX / 2 + (place.lane - left) * ACROSS, HEAD + HIGH / 2 + place.row * DOWN


def _routes(at: dict[str, Place], middle: dict[str, tuple[float, float]]) -> dict[Arrow, list[tuple[float, float]]]:
    """The corners of every arrow. Arrows that share a side of a box or a channel between lanes are set apart."""
    ways = {a: sides(a, at) for a in arrows()}
    ports: dict[tuple[str, str], list[tuple[float, Arrow, bool]]] = defaultdict(list)
    for a, (out, into) in ways.items():
        # sorted by where the other end lies, so that arrows do not cross at a box
        ports[a.source, out].append((_other(a, middle, out, a.target), a, True))
        ports[a.target, into].append((_other(a, middle, into, a.source), a, False))
    ends: dict[tuple[Arrow, bool], tuple[float, float]] = {}
    for (name, side), users in ports.items():
        users.sort(key=lambda u: (u[0], u[2]))
        shared = list(dict.fromkeys(_user(a, leaves, at, ways[a]) for _, a, leaves in users))
        for _, a, leaves in users:
            k = shared.index(_user(a, leaves, at, ways[a]))
            ends[a, leaves] = _port(*middle[name], side, (k + 1) / (len(shared) + 1))
    trunks = _trunks(ways, at, middle)
    return {
        a: _corners(a, way, ends[a, True], ends[a, False], trunks.get(_channel(a, at, way))) for a, way in ways.items()
    }


def _user(a: Arrow, leaves: bool, at: dict[str, Place], way: tuple[Side, Side]) -> object:
    """Who takes a place at the side of a box: arrows that leave by one trunk leave as one."""
    return (_channel(a, at, way) or a) if leaves else (a, leaves)


def _other(a: Arrow, middle: dict[str, tuple[float, float]], side: str, other: str) -> float:
    x, y = middle[other]
    return y if side in ("left", "right") else x


def _port(x: float, y: float, side: str, part: float) -> tuple[float, float]:
    """A point of a box's side, `part` of the way along it (the middle six tenths of a narrow side)."""
    if side in ("left", "right"):
        return x + (BOX / 2 if side == "right" else -BOX / 2), y + (part - 0.5) * HIGH
    return x + (part - 0.5) * BOX * 0.4, y + (HIGH / 2 if side == "bottom" else -HIGH / 2)


def _channel(a: Arrow, at: dict[str, Place], way: tuple[Side, Side]) -> tuple | None:
    """The channel between two lanes that an arrow uses and the box whose trunk it takes; None where it needs none."""
    if way[0] in ("top", "bottom") or way[1] == "top" or at[a.source].row == at[a.target].row:
        return None
    lane = at[a.source].lane
    gap = lane + 0.5 if way[0] == "right" else lane - 0.5
    return gap, a.source, a.back


def _trunks(ways: dict[Arrow, tuple[Side, Side]], at: dict[str, Place], middle: dict) -> dict[tuple | None, float]:
    """The x of every trunk; trunks of one channel side by side."""
    used: dict[float, list[tuple]] = defaultdict(list)
    for a, way in ways.items():
        channel = _channel(a, at, way)
        if channel and channel not in used[channel[0]]:
            used[channel[0]].append(channel)
    origin = next(x - at[n].lane * ACROSS for n, (x, _) in middle.items())
    room = ACROSS - BOX
    out: dict[tuple | None, float] = {}
    for gap, channels in used.items():
        for k, channel in enumerate(channels):
            out[channel] = origin + gap * ACROSS + ((k + 1) / (len(channels) + 1) - 0.5) * room
    return out


def _corners(
    a: Arrow, way: tuple[Side, Side], start: tuple[float, float], end: tuple[float, float], trunk: float | None
) -> list[tuple[float, float]]:
    if way[0] == "bottom":
        x = (start[0] + end[0]) / 2
        return [(x, start[1]), (x, end[1])]
    if way[1] == "top":
        return [start, (end[0], start[1]), end]
    if trunk is None:
        y = (start[1] + end[1]) / 2
        return [(start[0], y), (end[0], y)]
    return [start, (trunk, start[1]), (trunk, end[1]), end]


def _draw_arrow(ax, path: list[tuple[float, float]], back: bool, planned: bool) -> None:
    colour = PLANNED if planned else QUEUE if back else INK
    xs, ys = zip(*path, strict=True)
    ax.plot(xs, ys, color=colour, linewidth=1.1, linestyle=(0, (4, 2)) if back else "-", zorder=1)
    ax.annotate(
        "", path[-1], path[-2], zorder=1,
        arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 0, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11},
    )  # fmt: skip


def _draw_stage(ax, x: float, y: float, stage: Stage, w: Words) -> None:
    ink, edge = (INK, LINE) if stage.built else (PLANNED, PLANNED)
    _box(ax, x, y, BOX, edge, FILL if stage.built else PALE, "-" if stage.built else (0, (3, 2)))
    left = x - BOX / 2
    if stage.shared:
        colour = QUEUE if stage.built else PLANNED
        ax.plot([left + 0.04] * 2, [y - HIGH / 2 + 0.08, y + HIGH / 2 - 0.08], color=colour, linewidth=4, zorder=3)
    ax.add_patch(Circle((left + 0.27, y - 0.18), 0.135, facecolor=edge, edgecolor="none", zorder=3))
    ax.text(
        left + 0.27, y - 0.175, str(stage.number), color="white", fontsize=SIZE - 1, ha="center", va="center", zorder=4
    )
    lines = [(getattr(stage, w.language), SIZE + 1, ink)]
    lines += [(t, SIZE - 1.5, c if stage.built else PLANNED) for t, c in _notes(stage, w)]
    for k, (text, size, colour) in enumerate(lines):
        at = (left + 0.47, y - 0.175) if k == 0 else (left + 0.16, y - 0.165 + 0.175 * k + 0.06)
        ax.text(*at, text, fontsize=size, color=colour, va="center", zorder=4)


def _notes(stage: Stage, w: Words) -> list[tuple[str, str]]:
    """What stands below a stage's title, with its colour."""
    notes = []
    if stage.shared:
        what = w["comma"].join(SHARED[x][TITLE[w.language]] for x in stage.shared)
        notes.append((w.say("flow_shared", what=what), QUEUE))
    if stage.states:
        notes.append((w.say("flow_states", states=w["comma"].join(state(s, w) for s in stage.states)), "#555555"))
    return notes if stage.built else [(w["flow_planned"], PLANNED), *notes[:1]]


def _box(ax, x: float, y: float, width: float, edge: str, fill: str, line) -> None:
    style = "round,pad=0,rounding_size=0.08"
    corner = (x - width / 2, y - HIGH / 2)
    ax.add_patch(
        FancyBboxPatch(
            corner, width, HIGH, boxstyle=style, facecolor=fill, edgecolor=edge, linewidth=1.1, linestyle=line, zorder=2
        )
    )


def _draw_approval(ax, x: float, y: float, w: Words) -> None:
    style = "round,pad=0,rounding_size=0.2"
    ax.add_patch(
        FancyBboxPatch((x - BOX / 2, y - HIGH / 2), BOX, HIGH, boxstyle=style, facecolor=INK, edgecolor=INK, zorder=2)
    )
    ax.text(x, y, w["flow_approval"], color="white", fontsize=SIZE + 1, ha="center", va="center", zorder=4)


def _draw_beside(ax, stages: list[Stage], width: float, y: float, w: Words) -> None:
    """What has no place in the flow, side by side at the foot."""
    if not stages:
        return
    each = (width - 2 * EDGE - 1.1) / len(stages)
    ax.text(EDGE, y + HIGH / 2, w["flow_beside"], fontsize=SIZE - 0.5, color="#555555", va="center")
    for k, stage in enumerate(stages):
        x = EDGE + 1.1 + each * (k + 0.5)
        _box(ax, x, y + HIGH / 2, each - 0.2, FAINT, "white", "-")
        ax.text(
            x, y + HIGH / 2, getattr(stage, w.language), fontsize=SIZE, color=INK, ha="center", va="center", zorder=4
        )


def _legend(ax, height: float, w: Words, planned: bool) -> None:
    text = w["flow_note"] + (w["flow_note_planned"] if planned else "")
    ax.text(EDGE, height - FOOT + 0.12, text, fontsize=SIZE - 1, color="#555555", va="top", wrap=True)
