"""Every clause of the five documents: which lever carries it, which test proves it, or why it is not simulated."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from simlib.core.files import InputError, one_of, read_yaml, scenarios
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.pending import pending
from simlib.policy.phrases import PHRASES
from simlib.policy.rules import Layer, Policy, Rule, Title

TEST = "tests/policy/test_clauses.py"
HEAD = ("validity",)  # clauses that stand in a file's head
COLUMNS = [
    "id", "document", "article", "scope", "stage", "force", "binds", "says", "policy", "levers", "status", "proof", "why", "why_zh",
]  # fmt: skip


@lru_cache(maxsize=4)
def _table(path: Path, _modified: int) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return tuple(csv.DictReader(f))


def clause_rows() -> tuple[dict[str, str], ...]:
    """The rows of `scenarios/clauses.csv`."""
    path = scenarios() / "clauses.csv"
    return _table(path, path.stat().st_mtime_ns)


def also_there(policies_: Iterable[Policy]) -> list[Title]:
    """What else there is beside the documents of some policies and is not simulated: later editions, higher documents."""
    path = scenarios() / "documents.csv"
    wanted = {r.document for policy in policies_ for r in policy.rules}
    rows = [row for row in _table(path, path.stat().st_mtime_ns) if row["id"] in wanted and row["also_en"]]
    return [Title(en=row["also_en"], zh=row["also_zh"]) for row in rows]


def policy_of_documents() -> dict[str, str]:
    """Name of the stored policy that holds each document."""
    out = {}
    for name in policies():
        out[read_yaml(scenarios() / "policies" / f"{name}.yaml").data["document"]] = name
    return out


def proofs() -> dict[str, list[dict]]:
    """What `scenarios/proofs/proofs.yaml` says on how a clause is seen to act: by clause, one entry a lever."""
    return read_yaml(scenarios() / "proofs" / "proofs.yaml").data["proofs"]


def clauses(document: str | None = None) -> pd.DataFrame:
    """The clauses of the documents, and what the model does with each.

    Parameters
    ----------
    document : str, optional
        A document or policy; all of them if left out.

    Returns
    -------
    DataFrame
        One row for each clause (columns COLUMNS). status: "acts" (a test sees its indicator move), "loads" (validity and
        the like: a test checks the loaded value), "pending" (its stage is not built), or "context" (listed, not simulated;
        `why` says why not).

    Raises
    ------
    InputError
        If there is no such document or policy.
    """
    names = policy_of_documents()
    if document is not None and document not in names and document not in names.values():
        raise InputError(one_of(document, [*names, *names.values()], "document or policy"))
    chosen = [c for c in clause_rows() if document in (None, c["document"], names.get(c["document"]))]
    layers = {d: load_policy(names[d]).layers[-1] for d in {c["document"]: None for c in chosen}}  # each read once
    known, reasons = proofs(), read_yaml(scenarios() / "context_reasons.yaml").data
    rows = [_row(c, layers[c["document"]], known, reasons) for c in chosen]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(c: dict[str, str], layer: Layer, known: dict[str, list[dict]], reasons: dict) -> tuple:
    rules = [r for r in layer.rules if r.clause == c["id"]]
    levers = list(dict.fromkeys(r.lever for r in rules))
    status, proof, why, why_zh = _status(c, rules, known, reasons)
    if c["stage"] in HEAD:
        levers = [c["lever"]]
    return (
        c["id"], c["document"], c["clause"], c["scope"], c["stage"], c["force"], c["binds"], c["statement"], layer.name, levers,
        status, proof, why, why_zh,
    )  # fmt: skip


def _status(
    c: dict[str, str], rules: list[Rule], known: dict[str, list[dict]], reasons: dict
) -> tuple[str, str, str, str]:
    """(status, proof, why, why in Chinese)."""
    if c["scope"] == "context":
        reason = reasons["by_clause"].get(c["id"]) or reasons["by_stage"][c["stage"]]
        return "context", "", reason["en"], reason["zh"]
    if c["stage"] in HEAD or c["stage"] == "eligibility":
        return "loads", f"{TEST}::test_the_head_of_a_file_holds_what_the_clause_says[{c['id']}]", "", ""
    why = [w for r in rules if (w := pending(r))]
    if rules and len(why) == len(rules):
        return "pending", "", why[0].en, why[0].zh
    if c["id"] in known:
        why += (
            [PHRASES["clause_restated"]]
            if any({"apart", "against"} & set(s) or "off" in str(s.get("set")) for s in known[c["id"]])
            else []
        )
        return (
            "acts",
            f"{TEST}::test_a_clause_moves_its_indicator[{c['id']}]",
            "; ".join(w.en for w in why),
            "；".join(w.zh for w in why),
        )
    return "unproven", "", *PHRASES["clause_untested"]


def carried_by(policy: Policy, clause: str) -> list[str]:
    """Levers that a clause sets in a policy's stack."""
    return list(dict.fromkeys(r.lever for r in policy.rules if r.clause == clause))
