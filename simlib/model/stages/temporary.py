"""Stage 7: a patient in need brings a drug in before the committee does."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_TEMPORARY, Q_TEMPORARY_TIME, exponential, uniform
from simlib.core.workdays import INF, add, add_months, up
from simlib.model.account import close, drop_empty, note_supply
from simlib.model.log import E_NEED, note_need, note_span
from simlib.model.obedience import first_complied
from simlib.model.rules import K_TEMPORARY
from simlib.model.stages.use_open import keep_supply
from simlib.model.state import D_TEMPORARY, T_TEMPORARIES


@compiled
def draw_need(S, case, w):
    """Set the date on which a patient will need the drug, for a request made or refused at w; inf without a channel."""
    case["need"] = INF
    n = S.num[0]
    if n["temporary"] == 0.0 or n["committee"] == 0.0 or S.first[K_TEMPORARY] == S.first[K_TEMPORARY + 1]:
        return
    h, d = case["h"], case["d"]
    e = first_complied(S, K_TEMPORARY, h, d, w)
    if e == INF:
        return
    rate = S.drug[d]["patients"] * S.hospital[h]["catchment"] / 100000.0 * n["in_need"]
    wait = exponential(S.key, Q_TEMPORARY, case["needs"], S.hospital[h]["id"], S.drug[d]["id"])
    case["needs"] += 1
    if rate > 0.0:
        case["need"] = up(S.table, e + 365.25 * wait / rate)


@compiled
def begin_supply(S, case):
    """The need of a case comes true: temporary supply starts after the purchase for one patient."""
    h, d, need = case["h"], case["d"], case["need"]
    dist = S.dist[D_TEMPORARY]
    x = sample(
        uniform(S.key, Q_TEMPORARY_TIME, case["needs"] - 1, S.hospital[h]["id"], S.drug[d]["id"]),
        dist,
        S.pool,
    )
    start = up(S.table, add(S.table, need, x, dist["unit"]))
    close(S, case, need)
    note_need(S, case, E_NEED)
    if case["supply_to"] < start:  # what was there before has run out
        note_supply(S, case)
        keep_supply(S, case)
        note_span(S, case)
        case["supply_from"] = start
    else:  # a later need may be supplied before an earlier one
        case["supply_from"] = min(case["supply_from"], start)
    case["supply_to"] = INF
    case["temporary"] = 1
    case["temporaries"] += 1
    case["temporary_first"] = min(case["temporary_first"], start)
    if need >= S.num[0]["policy_from"]:
        S.tally[S.hospital[h]["group"], T_TEMPORARIES] += 1.0


@compiled
def end_supply(S, case, m):
    """A refusal or a lapse at m lets temporary use run out some months later."""
    if case["temporary"] == 1:
        case["supply_to"] = up(S.table, add_months(S.table, m, S.num[0]["temporary_ends"]))
        case["temporary"] = 0
        drop_empty(case)
