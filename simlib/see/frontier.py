"""What sets of rules bring and cost: those that nothing beats, with how many rules each has."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.experiments.discovery.search import Search
from simlib.outcomes.dictionary import INDICATORS
from simlib.see.base import about, head, head_room, words_of
from simlib.see.colours import FAINT, HIGH, INK
from simlib.see.draw import SIZE, canvas, tidy
from simlib.see.fonts import styled
from simlib.words import Words
from simlib.words.names import group_name, indicator_name, policy_name
from simlib.words.values import scaled, unit_name

MARK = "#0072B2"
WIDTH, HEIGHT = 8.6, 4.6  # inches: all of it, the axes


@styled
def frontier(found: Search, language: str = "en") -> Figure:
    """Draw what the best sets of rules bring and cost.

    Parameters
    ----------
    found : Search
        The answer of `simlib.search`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        A mark for each set that no other one beats in gain, cost and size at once, with 95% intervals of both; the chosen one in red;
        all rules together as a square.
    """
    w = words_of(language)
    g, (name, by, group) = found.game, found.key
    sides = {
        k: policy_name(s.policy.name, w, s.policy) for k, s in (("scenario", g.scenario), ("baseline", g.baseline))
    }
    told = w.say("frontier_about", access=indicator_name(name, language), group=group_name(by, group, w))
    notes = [about(g.scenario, w, told), w.say("frontier_note", n=found.worlds[2])]
    top = head_room(notes, language, WIDTH) + 0.15
    height = top + HEIGHT
    fig = canvas(WIDTH, height)
    head(fig, w.say("frontier", **sides), notes, language)
    ax = fig.add_axes((0.8 / WIDTH, 0.6 / height, 1 - 1.1 / WIDTH, (HEIGHT - 0.65) / height))
    tidy(ax, "both")
    _draw(ax, found, w)
    unit = w["gain_unit_stocked_24m"] if INDICATORS[name].is_share else unit_name(name, w)
    ax.set_ylabel(w.say("frontier_gain", unit=unit), fontsize=SIZE - 0.5, color=INK)
    money = found.money[0]
    cost = w.say("frontier_cost", name=indicator_name(money, language), unit=unit_name(money, w))
    ax.set_xlabel(cost, fontsize=SIZE - 0.5, color=INK)
    return fig


def _draw(ax: Axes, found: Search, w: Words) -> None:
    table = found.table
    for r in table.to_dict("records"):
        last = r["parts"] == len(found.game.parts)
        if not (r["best"] or r["front"] or last):
            continue
        x, y = scaled(found.money[0], r["money"], w), scaled(found.key[0], r["access"], w)
        across = [scaled(found.money[0], r[k], w) for k in ("money_low", "money_high")]
        up = [scaled(found.key[0], r[k], w) for k in ("low", "high")]
        ax.plot(across, [y, y], color=FAINT, linewidth=0.8)
        ax.plot([x, x], up, color=FAINT, linewidth=0.8)
        colour = HIGH if r["best"] else INK if last else MARK
        ax.plot(
            [x], [y], marker="s" if last else "o", markersize=13, color=colour, linestyle="none", zorder=3 + r["best"]
        )
        inside = {"ha": "center", "va": "center", "zorder": 5 + r["best"], "color": "white", "fontsize": SIZE - 0.5}
        ax.text(x, y, str(r["parts"]), **inside)
        if key := "frontier_best" if r["best"] else "frontier_all" if last else "":
            ax.annotate(w[key], (x, y), (9, 6), textcoords="offset points", fontsize=SIZE, color=INK)
