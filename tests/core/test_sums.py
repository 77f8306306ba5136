from simlib.core.sums import in_turn


def test_floats_are_added_one_after_the_other_whatever_the_version_of_python_does():
    assert in_turn([0.1] * 10) == 0.9999999999999999  # `sum` says 1.0 from Python 3.12 on
    assert in_turn([]) == 0.0
