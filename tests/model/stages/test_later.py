"""After approval: indications come faster where studies are supported, lift a lock-out, and supplements keep their limit."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.sums import TALLY
from tests.model.stages.test_preapproval import rule, run

STUDIES = "preapproval.indication_expansion"


def test_support_raises_the_rate_from_its_first_day_on_and_only_for_its_drugs():
    late = {"policy_from": 1000, "preapproval.indication_factor": 40}
    free, helped = run({}, late, "after-approval"), run({STUDIES: rule(True)}, late, "after-approval")
    a, b = free.indications, helped.indications
    before = a < 1000
    assert np.array_equal(a[before], b[before]) and ((a < 1000) == (b < 1000)).all()
    assert (b <= a).all() and (b < np.inf).sum() > 1.4 * (a < np.inf).sum()
    other = run({STUDIES: rule(True, scope="local")}, late, "after-approval")
    local = other.world.drugs.local
    assert np.array_equal(other.indications[~local], a[~local]) and np.array_equal(other.indications[local], b[local])


def test_indications_come_in_order_after_approval_three_at_most():
    r = run({}, {"preapproval.indications_per_year": 20}, "after-approval")
    assert np.isfinite(r.indications).all() and r.indications.shape[1] == 3
    assert (np.diff(np.column_stack([r.world.drugs.approval, r.indications]), axis=1) >= 0).all()


def test_a_new_indication_ends_a_lock_out():
    """All are refused, and asked anew only when the lock-out of 30 years ends: by the drug's next indication."""
    changes = {"stages.preapproval": True, "decision.lock_out_months": 360, "decision.fixed": {"pass": 0, "defer": 0, "return": 1},
               "preapproval.indications_per_year": 0}  # fmt: skip
    toy = {"policy": "before-2021"}
    none = run({}, toy | changes, "lock-out")
    some = run({}, toy | changes | {"preapproval.indications_per_year": 1.0}, "lock-out")
    asks = lambda r: _sum(r, "hearings") / _sum(r, "passes", "deferrals", "refusals")  # noqa: E731
    assert asks(none) == asks(some) == 1
    assert _sum(some, "hearings") > 1.2 * _sum(none, "hearings")


def _sum(record, *names):
    return sum(record.tally[:, TALLY.index(n)].sum() for n in names)


@pytest.mark.parametrize(("share", "days"), [(1, 60), (0, 200)])
def test_a_supplement_is_reviewed_within_the_limit_that_the_authority_obeys(share, days):
    limit = {"preapproval.supplement_review_limit": rule("60 working days")}
    filed, done = run(limit, {"obedience.other_must": share}, "after-approval").supplements
    some = np.isfinite(filed)
    assert some.sum() > 100 and done[some] - filed[some] == pytest.approx(days, abs=1e-5)


def test_eight_supplements_of_a_drug_are_followed_at_most():
    filed, done = run({}, {"preapproval.supplements_per_year": 40}, "after-approval").supplements
    assert filed.shape == done.shape == (len(filed), 8) and np.isfinite(filed).all()
