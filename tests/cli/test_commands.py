import json
import re

import pandas as pd
import pytest

from simlib.cli import main
from simlib.cli.inventory import KINDS
from simlib.core.files import home


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "no-such-scenario"],
        ["run", "chain", "--replications", "0"],
        ["run", "chain", "--replications", "many"],
        ["run", "chain", "--workers", "-1"],
        ["run", "chain", "--set", "decision.rho=1.3"],
        ["run", "chain", "--set", "decision.roh=0.3"],
        ["run", "chain", "--set", "listing.work=-3 days"],
        ["run", "chain", "--set", "nonsense"],
        ["run", "chain", "--set", "policy_from=99999"],
        ["run", "chain", "--out", "/no/such/folder/a.csv"],
        ["run", "chain", "--out", "a.xls"],
        ["run", "beijing-beijing-default", "--set", "end=2001-01-01"],
        ["compare", "chain"],
        ["batch", "no-such-experiment"],
        ["batch", "own-rules", "no-such-experiment"],
        ["check", "no-such-file.yaml"],
        ["list", "polices"],
        ["lisst"],
    ],
)
def test_whatever_is_wrong_is_one_line_and_status_2(capsys, words):
    status, out, err = run(capsys, *words)
    assert status == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("simlib: ")
    assert "Traceback" not in err


def test_wrong_input_writes_nothing(capsys, tmp_path):
    before = set((home() / "outputs").rglob("*"))
    run(capsys, "run", "no-such-scenario", "--out", str(tmp_path / "a.csv"))
    run(capsys, "batch", "no-such-experiment")
    assert list(tmp_path.iterdir()) == []
    assert set((home() / "outputs").rglob("*")) == before


def test_a_misspelt_key_gets_the_nearest_right_spelling(capsys):
    assert "did you mean 'decision.rho'?" in run(capsys, "run", "chain", "--set", "decision.roh=0.3")[2]
    assert "did you mean 'policies'?" in run(capsys, "list", "polices")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_listed_for_people_and_machines(capsys, kind):
    status, out, _ = run(capsys, "list", kind)
    assert status == 0
    assert out.strip()
    rows = json.loads(run(capsys, "list", kind, "--json")[1])
    assert {"name", "en", "zh"} <= set(rows[0])


def test_a_run_prints_values_with_interval_and_unit(capsys):
    status, out, _ = run(capsys, "run", "chain", "--replications", "2", "--workers", "1")
    assert status == 0
    assert "95%" in out
    assert "days" in out


def test_a_run_for_machines_is_json_without_nan(capsys):
    out = run(capsys, "run", "chain", "--replications", "2", "--workers", "1", "--json")[1]
    data = json.loads(out, parse_constant=lambda c: pytest.fail(c))
    assert data["runs"][0]["replications"] == 2
    assert {"indicator", "unit", "mean", "low", "high"} <= set(data["table"][0])


def test_a_comparison_with_itself_is_exactly_zero(capsys, tmp_path):
    file = tmp_path / "c.csv"
    words = ["compare", "chain", "chain", "--replications", "2", "--workers", "1", "--out", str(file)]
    assert run(capsys, *words)[0] == 0
    table = pd.read_csv(file)
    assert (table["difference"].dropna() == 0).all()
    assert len(table["difference"].dropna())


def test_different_seeds_cannot_be_compared(capsys, tmp_path):
    text = (home() / "scenarios/toys/chain.yaml").read_text(encoding="utf-8") + "\nseed: 5\n"
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    status, _, err = run(capsys, "compare", "chain", str(tmp_path / "other.yaml"))
    assert status == 2
    assert "seeds" in err


def test_check_names_the_faulty_file_and_goes_on(capsys, tmp_path):
    (tmp_path / "bad.yaml").write_text("", encoding="utf-8")
    good = home() / "scenarios/regions/beijing.yaml"
    status, out, err = run(capsys, "check", str(tmp_path / "bad.yaml"), str(good))
    assert status == 2
    assert "beijing.yaml: region, good" in out
    assert "empty" in err


def test_check_of_two_broken_files_and_a_good_one_names_each(capsys):
    names = [
        "tests/policy/broken/lever-unknown.yaml",
        "scenarios/toys/chain.yaml",
        "tests/broken_scenarios/region-unknown.yaml",
    ]
    status, out, err = run(capsys, "check", *(str(home() / n) for n in names))
    assert status == 2
    assert out.splitlines() == [f"{names[1]}: scenario, good"]
    first, second = err.splitlines()
    assert first.startswith(f"simlib: {names[0]}:7: rules.listing.reveiw_limit: ")
    assert second.startswith(f"simlib: {names[2]}:8: region: ")


def test_check_finds_all_files_of_the_project_good(capsys):
    status, out, err = run(capsys, "check", "--json")
    assert status == 0, err
    assert all(f["ok"] for f in json.loads(out))


def test_the_count_below_the_clauses_is_in_the_language_of_the_rest(capsys):
    _, chinese, _ = run(capsys, "clauses", "beijing", "--language", "zh")
    _, english, _ = run(capsys, "clauses", "beijing")
    assert re.match(r"共\d+条：", chinese.splitlines()[-1]) and "clauses" not in chinese.splitlines()[-1]
    assert re.search(r" of \d+ clauses$", english.splitlines()[-1])


def test_a_baseline_without_clauses_says_why_and_where_its_rules_are(capsys):
    for language, words in (("en", "whose text was not found"), ("zh", "未找到原文的文件")):
        _, out, _ = run(capsys, "clauses", "before-reform", "--language", language)
        assert words in out
