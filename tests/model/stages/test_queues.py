"""Queues of what happens next: in order, never full, and no work where nothing happens."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.workdays import INF
from simlib.model.model import Run
from simlib.model.pair_records import OUTSIDE, SILENT
from simlib.model.stages import queues
from simlib.model.stages.asking import threshold
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import AREAS


def run_of(changes: dict | None = None) -> Run:
    return Run(build_world(load_scenario("small-world", changes), 0))


def test_a_queue_gives_its_items_back_in_the_order_of_their_keys():
    here = run_of()
    keys = np.random.default_rng(1).permutation(int(here.arrays.hospital["targets"][0])) / 8.0
    for item, key in enumerate(keys):
        queues.put(here.state, 0, key, item)
    found = [int(queues.take(here.state, 0)) for _ in keys]
    assert keys[found].tolist() == sorted(keys)
    assert here.arrays.queue_size[0] == 0


@pytest.mark.parametrize("h", [0, -1])
def test_a_full_queue_of_a_hospital_keeps_each_drugs_earliest_date(h):
    here = run_of()
    h %= len(here.arrays.hospital)
    room = int(here.arrays.queue_start[h + 1] - here.arrays.queue_start[h])
    for k in range(3 * room):
        queues.put(here.state, h, 1000.0 - k, k % 5)
    assert here.arrays.queue_size[h] <= room
    earliest = {k % 5: 1000.0 - k for k in range(3 * room)}
    first = {}
    while here.arrays.queue_size[h]:
        date = here.arrays.queue_key[here.arrays.queue_start[h]]
        first.setdefault(int(queues.take(here.state, h)), date)
    assert first == earliest


def test_a_full_queue_of_a_drug_forgets_thresholds_that_a_push_has_lowered():
    here = run_of()
    d = int(np.argmax(here.arrays.targets[:, 2]))
    q = int(queues.silent_queue(here.state, d, 2))
    room = int(here.arrays.queue_start[q + 1] - here.arrays.queue_start[q])
    h = int(np.flatnonzero((here.arrays.hospital["level"] == 3) & (here.arrays.slot[:, d] != OUTSIDE))[0])
    for k in range(3 * room):
        here.arrays.x[h, d] = 500.0 - k
        queues.put(here.state, q, 500.0 - k, h)
    assert here.arrays.queue_size[q] <= room
    assert here.arrays.queue_key[here.arrays.queue_start[q]] == here.arrays.x[h, d]


def test_pairs_are_looked_at_when_something_happens_to_them_however_often_committees_meet():
    looks = {}
    for days in (1, 120):
        every = {f"level_{k}": days for k in (1, 2, 3)}
        here = run_of({"committee.meetings.every": every})
        here.through()
        a, cases = here.arrays, here.arrays.cases[: int(here.arrays.count["cases"])]
        happened = sum(int(cases[name].sum()) for name in ("asks", "hearings", "temporaries"))
        looks[days] = int(a.count["visits"])
        pairs = int((a.slot != OUTSIDE).sum())
        print(f"every {days} days: {len(here.who)} meetings, {pairs} pairs, {happened} events, {looks[days]} looks")
        assert 0 < looks[days] <= 2 * happened + pairs
        assert looks[days] < len(here.who) * pairs / len(a.hospital) / 10 or days > 1
    assert looks[1] < 3 * looks[120]


def test_a_department_that_will_not_ask_is_never_looked_at():
    here = run_of({"policy": "before-2021", "asking.lambda0": 1e-9, "asking.site_share": 0})
    assert not here.arrays.hospital[
        "pushed"
    ].any()  # practice knows no duty, which would look at a department all the same
    here.through()
    assert here.arrays.count["visits"] == 0 and (here.arrays.x < INF).any()


def test_who_is_pushed_on_learning_asks_the_sooner_by_the_rate_of_its_own_level():
    strata = [{"id": f"h{level}", "level": level, "type": "general", "owner": "city", "place": "city", "count": 5, "beds": 100,
               "kind": "assumed", "source": "toy"} for level in (1, 2, 3)]  # fmt: skip
    region = {
        "name": "toy",
        "title": {"en": "Toy", "zh": "玩具"},
        "population_million": 1,
        "payment": "DRG",
        "strata": strata,
    }
    changes = {"region": region, "cohort": {"days": [0]}, "asking.lambda0": 1e-6,
               "asking.treats": {area: {"level_2": 1, "level_1": 1} for area in AREAS}}  # fmt: skip
    here = Run(build_world(load_scenario("push", changes), 0))
    rates = here.arrays.rate[0, 0]
    rates[:] = 1e-5, 2e-5, 4e-5  # by level; nobody asks within the first month
    queues.lay_learning(here.state)
    queues.look_ahead(here.state, 0)
    level, silent = here.arrays.hospital["level"], here.arrays.slot[:, 0] == SILENT
    drawn = np.array([float(threshold(here.state, h, 0, 0.0, 0)) for h in range(len(level))])
    lowered = (drawn - here.arrays.x[:, 0])[silent]
    assert set(level[silent]) == {1, 2, 3}
    assert lowered == pytest.approx(365.25 * rates[level[silent] - 1], rel=1e-6)
