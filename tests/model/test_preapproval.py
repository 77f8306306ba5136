"""Projects before approval, at the edges of their numbers."""

from __future__ import annotations

import warnings

from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario


def test_projects_whose_trial_is_permitted_after_the_end_of_time_are_never_approved_and_no_number_is_undefined():
    late = {"cohort": {"pipeline": {"per_year": 20, "years_before": 3}}, "preapproval.trial_review": 1_000_000}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = replicate(load_scenario("small-world", late), 0)
    assert len(found.world.drugs) == 0
