from simlib.scenario.experiment_files import load_experiment


def test_a_scenario_of_two_experiments_has_the_same_replications_in_both_so_that_a_report_never_gives_it_two_numbers():
    first, second = ({c.name: c for c in load_experiment(name).cells} for name in ("own-rules", "swap"))
    shared = first.keys() & second.keys()
    assert len(shared) > 10
    assert {n: first[n].replications for n in shared} == {n: second[n].replications for n in shared}
