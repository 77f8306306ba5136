"""Which hospitals treat a drug's disease, by level and area, and what follows for duties and patients."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from simlib.model.model import replicate
from simlib.model.pair_records import PairState
from simlib.model.record import Record
from simlib.model.sums import TALLY
from simlib.outcomes.patients import FATE
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import OWNERS, TYPES
from twin.model import run

PUBLIC = ("national", "provincial", "city")
HOSPITAL = {"type": "general", "owner": "city", "place": "city", "kind": "assumed", "source": "made up"}
WORLD: dict[str, Any] = {
    "format": 1, "name": "targets", "calendar": "every_day", "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 1200,
    "policy": "sichuan", "obedience": "full",
    "cohort": {"days": [0, 40, 80, 120, 160, 200], "mix": {"classes": {"chem_1": 1}, "areas": {"oncology": 1}, "foreign": 0}},
    "region": {
        "name": "targets", "title": {"en": "Targets", "zh": "目标"}, "population_million": 2, "payment": "DRG",
        "strata": [
            HOSPITAL | {"id": "tertiary", "level": 3, "count": 4, "beds": 900},
            HOSPITAL | {"id": "secondary", "level": 2, "count": 4, "beds": 200},
            HOSPITAL | {"id": "primary", "level": 1, "count": 4, "beds": 50},
        ],
    },
}  # fmt: skip
LOWER = ("level_2", "level_1")
ORPHANS = WORLD["cohort"] | {"mix": {"classes": {"chem_1": 1}, "areas": {"rare": 1}, "foreign": 0}}


def lived(**treats: float) -> Record:
    """The small world with cancer treated at lower levels as often as given."""
    changes = {f"asking.treats.oncology.{k}": v for k, v in treats.items()}
    return replicate(load_scenario(WORLD, changes), 0, pairs=True)


def targets(record: Record) -> np.ndarray:
    """Whether each hospital treats each drug's disease (bool, (H, D))."""
    return record.pairs.state != PairState.OUT_OF_TARGET


def test_an_area_that_a_level_does_not_treat_has_no_target_hospitals_there():
    everywhere, above = lived(level_2=1, level_1=1), lived(level_2=0, level_1=0)
    level = above.world.hospitals.level
    assert targets(everywhere)[level < 3].any() and not targets(above)[level < 3].any()
    assert np.array_equal(targets(everywhere)[level == 3], targets(above)[level == 3])
    twin = run(build_world(load_scenario(WORLD, {f"asking.treats.oncology.{k}": 0 for k in LOWER}), 0))
    assert np.array_equal(twin.state, above.pairs.state)


def test_where_a_level_treats_an_area_seldom_its_targets_are_some_of_those_that_would_treat_it_always():
    always, seldom = (targets(lived(level_2=share, level_1=share)) for share in (1, 0.5))
    assert (seldom <= always).all() and (seldom != always).any()


def test_a_primary_hospital_holds_no_duty_meetings_over_drugs_that_it_does_not_treat():
    treating, other = lived(level_2=1, level_1=1), lived(level_2=1, level_1=0)
    held = [r.pairs.duty_meetings for r in (treating, other)]
    primary = other.world.hospitals.level == 1
    assert (held[0][primary] > 0).any() and not held[1][primary].any()
    assert (held[1] == held[0])[~primary].all() and held[1][~primary].all()
    assert [r.tally[:, TALLY.index("duty_meetings")].sum() for r in (treating, other)] == [h.sum() for h in held]
    for level_1, found in zip((1, 0), held, strict=True):
        changes = {"asking.treats.oncology.level_2": 1, "asking.treats.oncology.level_1": level_1}
        assert np.array_equal(run(build_world(load_scenario(WORLD, changes), 0)).duty_meetings, found)


def test_patients_of_an_area_that_a_level_does_not_treat_are_at_home_above_it():
    everywhere, above = lived(level_2=1, level_1=1), lived(level_2=0, level_1=0)
    lower = above.groups[:, 0] < 3
    arrivals = [r.fates[:, :, FATE["arrivals"]] for r in (everywhere, above)]
    assert arrivals[0][:, lower].sum() > 0 == arrivals[1][:, lower].sum()
    np.testing.assert_allclose(arrivals[0].sum(), arrivals[1].sum())


def test_referral_sends_on_who_would_have_been_lost_and_changes_nothing_else():
    level_2 = {"asking.treats.oncology.level_2": 1, "use.city_travel": 0.1}
    kept, sent = (
        replicate(load_scenario(WORLD, level_2 | {"use.referral.level_2": share}), 0).fates for share in (0, 0.5)
    )
    gone, lost = FATE["travelled"], FATE["lost"]
    assert sent[:, :, gone].sum() > 1.2 * kept[:, :, gone].sum() > 0
    np.testing.assert_allclose((sent[:, :, gone] + sent[:, :, lost]).sum(), (kept[:, :, gone] + kept[:, :, lost]).sum())
    rest = [k for name, k in FATE.items() if name not in ("travelled", "lost")]
    assert np.array_equal(sent[:, :, rest], kept[:, :, rest])


def of_orphans(**changes: Any) -> Scenario:
    """The small world with drugs for rare diseases alone, two of whose tertiary hospitals are in the network."""
    given = {"cohort": ORPHANS, "region": WORLD["region"] | {"rare_network": 2}, "asking.orphan_match": 1}
    return load_scenario(WORLD, given | {f"asking.orphan_{k}": v for k, v in changes.items()})


def orphans(**changes: Any) -> Record:
    return replicate(of_orphans(**changes), 0, pairs=True)


def test_the_targets_of_an_orphan_drug_are_its_network_and_its_patients_are_at_home_there():
    record = orphans(breadth=0)
    network = record.world.hospitals.network
    assert network.sum() == 2 and (record.world.hospitals.level[network] == 3).all()
    assert (targets(record) == network[:, None]).all()
    everybody = orphans(breadth=1).fates[:, :, FATE["arrivals"]].sum()
    np.testing.assert_allclose(record.fates[:, :, FATE["arrivals"]].sum(), everybody)
    outside = orphans(breadth=1)
    assert targets(outside)[~network].any()
    assert np.array_equal(run(build_world(of_orphans(breadth=1), 0)).state, outside.pairs.state)


def test_an_orphan_drug_has_few_patients():
    few, as_others = (
        replicate(load_scenario(WORLD, {"cohort": ORPHANS, "drugs.orphan_patients_factor": x}), 0) for x in (0.05, 1)
    )
    np.testing.assert_allclose(few.world.drugs.patients, 0.05 * as_others.world.drugs.patients)
    assert (as_others.world.drugs.patients == lived().world.drugs.patients).all()


def test_the_network_of_the_nation_is_drawn_by_size_from_large_public_general_hospitals():
    world = {k: v for k, v in WORLD.items() if k != "region"} | {"region": "nation", "cohort": {"days": []}}
    h = build_world(load_scenario(world), 0).hospitals
    assert h.network.sum() == 324
    eligible = (h.level == 3) & (h.type == TYPES.index("general")) & np.isin(h.owner, [OWNERS.index(o) for o in PUBLIC])
    assert (eligible | ~h.network).all()
    assert h.size[h.network].mean() > 1.08 * h.size[eligible].mean()
