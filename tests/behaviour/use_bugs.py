"""Planted bugs: for each law on patients, pharmacies and payment, a mistake that it must find out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import simlib.model.begin as begin
import simlib.model.model as model
import simlib.model.stages.payers as payers
import simlib.model.stages.payers_cover as payers_cover
import simlib.outcomes.sampled as sampled
from simlib.model.stages.payers import Payers
from simlib.scenario.world import World

Plant = Callable[[pytest.MonkeyPatch], None]


def around(module: Any, name: str, change: Callable[..., Any]) -> Plant:
    """A function of a module gives `change(what it gave, *its arguments)`."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        right = getattr(module, name)
        patch.setattr(module, name, lambda *args: change(right(*args), *args))

    return plant


def number(change: Callable[[np.void], None]) -> Plant:
    """The numbers that the compiled stages read are changed in place."""

    def wrong(out: np.ndarray, world: World) -> np.ndarray:
        change(out)
        return out

    return around(begin, "numbers", wrong)


def mirrored(name: str, top: float) -> Plant:
    """A number is read as what is left of `top`."""

    def change(n: np.void) -> None:
        n[name] = top - n[name]

    return number(change)


def tables(change: Callable[[np.ndarray, World], None]) -> Plant:
    """The payers' tables are changed in place."""

    def wrong(out: Payers, world: World, *rest: Any) -> Payers:
        change(out.pay, world)
        return out

    return around(model.payers, "pay_tables", wrong)


def column(name: str, change: Callable[[np.ndarray, World], np.ndarray]) -> Plant:
    """One column of the payers' tables is another."""

    def wrong(pay: np.ndarray, world: World) -> None:
        pay[name] = change(pay[name], world)

    return tables(wrong)


def held_back(lever: str) -> Plant:
    """A rule of the lever makes doctors prescribe half as much."""
    return column("damp", lambda damp, world: damp * (0.5 if world.of(lever) else 1.0))


def delayed(lever: str) -> Plant:
    """A rule of the lever lengthens the firm's wait by a month."""
    return column("days", lambda days, world: days + (200.0 if world.of(lever) else 0.0))


def array(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Plant:
    """One of the arrays of stages 9 to 11 is another."""

    def wrong(out: dict[str, np.ndarray], *args: Any) -> dict[str, np.ndarray]:
        return {**out, name: change(out[name])}

    return around(begin, "use_arrays", wrong)


def ramp_by_therapy(n: np.void) -> None:
    n["ramp_months"] = n["therapy"] / 30.0


def travellers_refused(n: np.void) -> None:
    n["prescribe"] = n["prescribe"] - n["city_travel"][2] / 2.0


def channel_open(n: np.void) -> None:
    n["linked"] = 0.5


def drawn_anew(patch: pytest.MonkeyPatch) -> None:
    draws = np.random.default_rng(1)
    patch.setattr(sampled, "uniforms", lambda key, q, drugs, attempt: draws.random(len(drugs)))


def window_upside_down(out: dict[str, np.ndarray], *args: Any) -> dict[str, np.ndarray]:
    window = 40000.0 / out["window"]
    return {**out, "window": window, "decay": np.exp(-np.diff(out["edges"])[:, None] / window)}


def window_with_a_margin(out: dict[str, np.ndarray], *args: Any) -> dict[str, np.ndarray]:
    window = out["window"] + 10.0
    return {**out, "window": window, "decay": np.exp(-np.diff(out["edges"])[:, None] / window)}


def failing_supply_pushed(out: np.ndarray, world: World, others, t, inside, supply) -> np.ndarray:
    return np.where(supply.fails <= t, out / world.p.use.failure_factor**2, out)


def charity_taken(out: Any, world: World, *rest: Any) -> Any:
    return replace(out, afford=np.maximum(0.0, out.afford - 2.0 * out.charity))


def charity_of_the_whole_bill(out: Any, world: World, *rest: Any) -> Any:
    return replace(out, charity=np.zeros(out.charity.shape) + world.p.payment.charity)


def cut_added(out: np.ndarray, world: World, *rest: Any) -> np.ndarray:
    return 2.0 * world.drugs.yearly - out


def plans_shed(out: tuple, *rest: Any) -> tuple:
    insured, covered, benefit = out
    return 1.0 - insured, covered, benefit


def advance_paid_twice(out: np.ndarray, world: World, others, *rest: Any) -> np.ndarray:
    return out * (0.8 if world.of("commercial.one_step_settlement") else 1.0)


def designated_late_for_early(out: np.ndarray, world: World, others, catalogues, edges) -> np.ndarray:
    out, held = out.copy(), np.isfinite(out)
    out[held] = 2.0 * catalogues.effective[held] + 31.0 - out[held]
    return out


def adoption_mirrored(out: np.ndarray, world: World, others, catalogues, edges, supply) -> np.ndarray:
    return catalogues.effective + 100.0 - world.p.payment.adoption_lag <= edges[:-1, None]


def prescriptions_lost(out: tuple, world: World, others, t) -> tuple:
    share, fill = out
    return 2.0 * world.p.dual_channel.share - share, fill


def unfilled(out: tuple, *rest: Any) -> tuple:
    share, fill = out
    return share, 1.0 - fill


def mirrored_case(name: str) -> Plant:
    """A column of a case's tables has the wrong sign."""
    return around(payers, "case_tables", lambda case, *rest: replace(case, **{name: -getattr(case, name)}))


def waiting_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(model.use_months, "finish_use", lambda *args: None)


BUGS: dict[str, tuple[str, Plant]] = {
    "twice the patients are twice the treated, and twice every payer's bill": (
        "a patient whom nobody has", array("arrive", lambda x: x + 0.01)),
    "a larger pool never lowers the treated": ("a pool that is what is left of three years", mirrored("pool_years", 3.0)),
    "whole patients, sampled, are never fewer where more are expected": (
        "draws that belong to nobody", drawn_anew),
    "a longer window never lowers who is treated at any place at home": (
        "a window upside down", around(begin, "use_arrays", window_upside_down)),
    "doctors who learn faster never lower the treated": ("months of learning from the end", mirrored("ramp_months", 16.0)),
    "a higher start of doctors never lowers the treated": ("a start read as what is missing", mirrored("ramp_start", 1.0)),
    "a higher prescribing share never lowers the treated": ("those who refuse for those who prescribe", mirrored("prescribe", 1.0)),
    "public information never raises those who never come, nor lowers the treated": (
        "those who come for those who do not", column("come", lambda come, world: 1.0 - come)),
    "more travel changes nobody who is treated at home, and never lowers the treated": (
        "travellers refused at home", number(travellers_refused)),
    "training never lowers the treated": ("training that lengthens learning", mirrored("training", 2.0)),
    "evidence work never lowers the treated": ("evidence against the drug", mirrored("evidence", 0.0)),
    "clinical evaluation never lowers the treated": ("an evaluation against the drug", mirrored("evaluation", 0.0)),
    "studies never lower the treated": ("studies that hold doctors back", held_back("use.post_market_studies")),
    "temporary supply that reaches more never lowers the treated": (
        "those whom it misses for those whom it reaches", mirrored("temporary_share", 1.0)),
    "a failing supply never raises the treated": (
        "a failing supply that is pushed", around(payers, "_damp", failing_supply_pushed)),
    "unused drugs that leave never raise who is treated at the hospital, where places are not short": (
        "what stays for what leaves", mirrored("remove_share", 0.9)),
    "a longer therapy changes nobody's fate and never lowers days on the drug": (
        "learning as long as a therapy", number(ramp_by_therapy)),
    "a pharmacy never lowers the treated where it does not replace stocking": (
        "doctors who leave it to pharmacies",
        column("damp", lambda damp, world: damp * (0.7 if world.p.stages.dual_channel else 1.0))),
    "a pharmacy that no hospital opened the channel to changes nobody's fate": (
        "a channel open to everybody", number(channel_open)),
    "a better filled pharmacy never lowers the treated": (
        "what pharmacies lack for what they hold", around(payers, "_pharmacy", unfilled)),
    "a designation a month earlier, both on firsts of months, never lowers the treated": (
        "late for early", around(payers, "_designated", designated_late_for_early)),
    "electronic prescriptions never lower the treated": (
        "electronic prescriptions that are lost", around(payers, "_pharmacy", prescriptions_lost)),
    "a duty to prescribe never lowers the treated": ("a duty that keeps patients away", mirrored("duty_share", 0.0)),
    "more levels of hospitals in the channel never lower the treated": (
        "channels that hold doctors back", column("damp", lambda damp, world: damp / (1.0 + len(world.of("dual_channel.hospital_levels"))))),
    "more hospitals that open the channel never lower the treated": (
        "coverage that holds doctors back", held_back("dual_channel.hospital_coverage")),
    "a dearer drug never raises who can afford it, nor, by the purse alone, the treated": (
        "those who cannot pay for those who can", around(payers_cover, "_bearable", lambda share, *rest: 1.0 - share)),
    "a deeper price cut never lowers who can afford, nor, by the purse alone, the treated": (
        "a cut on top of the price", around(payers_cover, "_price", cut_added)),
    "a higher share of the fund never lowers the treated": (
        "the patient's share for the fund's", around(payers_cover, "_fund", lambda f, *rest: np.where(f > 0, 1.0 - f, f))),
    "more people with a plan never lower the treated": (
        "people without a plan for those with one", around(payers_cover, "_plans", plans_shed)),
    "more charity never lowers the treated": ("charity that takes", around(payers, "cover_tables", charity_taken)),
    "a higher income never lowers the treated": (
        "those who can pay turned away", around(payers_cover, "_bearable", lambda share, *rest: 1.0 - share)),
    "no promise of commercial cover or charity lowers who can afford, nor the treated": (
        "those who cannot pay for those who can", around(payers_cover, "_bearable", lambda share, *rest: 1.0 - share)),
    "no promise of the fund lowers who can afford, nor the treated": (
        "the patient's share for the fund's", around(payers_cover, "_fund", lambda f, *rest: np.where(f > 0, 1.0 - f, f))),
    "a capped cut at renewal never lowers the price, nor raises who can afford": (
        "renewals that raise the price", around(payers_cover, "_price", cut_added)),
    "settlement in one step never lowers who can afford, nor the treated": (
        "the advance paid twice", around(payers_cover, "_bearable", advance_paid_twice)),
    "a catalogue that pays sooner never lowers the treated": (
        "what is left of the lag for the lag", around(payers, "_inside", adoption_mirrored)),
    "a carve-out of the drug never raises a hospital's loss on a case, nor lowers the treated": (
        "a gain booked as a loss", mirrored_case("effect")),
    "a carve-out of the case never raises a hospital's loss on a case, nor lowers the treated": (
        "a gain booked as a loss", mirrored_case("effect")),
    "special review never raises a hospital's loss on a case, nor lowers the treated": (
        "a review that is charged for", mirrored_case("gain")),
    "more cases put up never raise a hospital's loss on a case, nor lower the treated": (
        "a review that is charged for", mirrored_case("gain")),
    "experts who sit more often never raise a hospital's loss on a case, nor lower the treated": (
        "a review that is charged for", mirrored_case("gain")),
    "review that pays by item never raises a hospital's loss on a case, nor lowers the treated": (
        "a review that is charged for", mirrored_case("gain")),
    "a standard that follows never raises a hospital's loss on a case, nor lowers the treated": (
        "a gain booked as a loss", mirrored_case("effect")),
    "a group of its own never raises a hospital's loss on a case, nor lowers the treated": (
        "a gain booked as a loss", mirrored_case("effect")),
    "a bonus never raises a hospital's loss on a case, nor lowers the treated": (
        "a gain booked as a loss", mirrored_case("effect")),
    "payment reform that may not restrain use never lowers the treated": (
        "a ground that holds all the more", held_back("use.barriers_removed")),
    "hospitals that mind losses more never raise the treated": ("those who mind less", mirrored("loss_weight", 1.6)),
    "direct settlement never lengthens the firm's wait": ("a share that has to wait", column("direct", lambda x, world: -x)),
    "prepayment never lengthens the firm's wait": (
        "savings added", column("days", lambda days, world: 2.0 * world.p.payment.days - days)),
    "instant settlement never lengthens the firm's wait": (
        "savings added", column("days", lambda days, world: 2.0 * world.p.payment.days - days)),
    "payment on contract never lengthens the firm's wait": (
        "a contract signed before it counts", delayed("settlement.hospital_pays_on_contract")),
    "a promise to pay faster never lengthens the firm's wait": ("a promise that slows", mirrored("faster", 2.0)),
    "an exemption from the total budget never lowers the treated": (
        "the exempt for those who count", column("exempt", lambda x, world: 1.0 - x)),
    "a total budget that may not restrain use never lowers the treated": (
        "a ground that holds all the more", held_back("use.barriers_removed")),
    "a budget that new drugs cannot dent never lowers the treated": (
        "a plan upside down", array("plan", lambda x: 1e18 / x)),
    "less of the plan taken by others never lowers the treated": (
        "what is left for what is used", array("used", lambda x: np.maximum(0.0, 1.6 - x))),
    "nobody appears or vanishes, and no number of patients is negative": ("who waits forgotten", waiting_forgotten),
    "the payers' parts add up to the bill, and no part is negative": (
        "charity of the whole bill", around(payers, "cover_tables", charity_of_the_whole_bill)),
    "twice as long in everything takes twice as long, and treats the same patients": (
        "a window with a fixed margin", around(begin, "use_arrays", window_with_a_margin)),
}  # fmt: skip
