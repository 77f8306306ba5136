"""Lesson 6: design your own policy. The answers hang on the student's own file `my-policy.yaml`, read anew at each check."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simlib.core.distributions import parse_limit
from simlib.core.files import InputError, parse_yaml
from simlib.experiments.check import check_file
from simlib.experiments.run import Effect
from simlib.teach.question import Blocked, Judged, Mistake, Numeric
from simlib.teach.words import Both
from simlib.teach.worlds import effect

FILE, WORLD, REPLICATIONS, LOW_MUST = "my-policy.yaml", "lesson-5", 20, 0.3
POINTS = Both("percentage points", "百分点")
WORSE = {
    "wait_days": 1,
    "pass_rate": -1,
    "refusal_rate": 1,
    "gap_levels": 1,
    "meetings_per_year": 1,
    "treated_share": -1,
}

NO_FILE = Both(
    "there is no file my-policy.yaml in this folder yet: run the cell that writes it",
    "本文件夹还没有 my-policy.yaml：请运行写出它的单元格",
)
NO_TEXT = Both("answer with the mended text: answer = text", "请以改好的文本作答：answer = text")
COMPLAINS = Both("simlib cannot use it yet. It says: {what}", "simlib还不能使用它。它说：{what}")
GONE = Both(
    "it loads, but a rule of the broken file is gone: mend the rules, do not delete them",
    "可以读入了，但原文件中的一条规则不见了：请改正规则，而不是删除",
)
CHANGED = Both(
    "it loads, but {key} does not say what its author meant: {meant}",
    "可以读入了，但 {key} 不是作者的原意：{meant}",
)
MEANT = {
    "within": Both("a limit of 30 days", "时限30天"),
    "strength": Both("binding: the strongest strength", "有约束力，即最强的力度"),
    "committee.enter_on_approval": Both("yes", "是"),
}
NAME = Both(
    'answer with the name of your file, in quotes: "my-policy.yaml"', '请以文件名作答，加引号："my-policy.yaml"'
)
FEW = Both(
    "your policy has no rule of its own yet: put at least one lever under rules",
    "你的政策还没有自己的规则：请在rules下至少写一个规则项",
)
WEAK = Both(
    "it loads and runs, but its interval for tertiary hospitals is not above zero: a stronger strength, a shorter limit, or another lever? (lesson 3: what binds, and what does not)",
    "可以读入并运行，但三级医院的区间没有全部高于零：试试更强的力度、更短的时限或别的规则项？（第3课：什么有约束力，什么没有）",
)
HURTS = Both(
    "your policy makes the share of tertiary hospitals smaller: look at what its rules ask for",
    "你的政策使三级医院的配备率下降了：请看看规则要求的是什么",
)
LIST = Both(
    'answer with a list of names, such as ["wait_days"]; from: {allowed}',
    '请以名称列表作答，例如 ["wait_days"]；可选：{allowed}',
)
NOT_WORSE = Both(
    "{name} is not worse for sure: is zero inside its interval, or did it move the good way?",
    "{name} 并没有确实变差：零是否在其区间内，或者它向好的方向变化？",
)
MISSING = Both(
    "something that is worse is not on your list: look at each row's interval and at the way that is worse",
    "还有变差的指标没有列出：请逐行看区间，并看清变差的方向",
)

NO_MUST = Both(
    "none of your rules is a must, so that this number does nothing: make one a must and run from the cell that writes the file",
    "你的规则没有一条是must，这个数不起作用：请把其中一条改为must，并从写文件的单元格重新运行",
)


def own() -> dict[str, Any]:
    """The student's policy, as data; Blocked where there is none, InputError where it cannot be used."""
    path = Path(FILE)
    if not path.is_file():
        raise Blocked(NO_FILE)
    check_file(path)
    return parse_yaml(path.read_text(encoding="utf-8"), FILE).data


def own_effect(**changes: Any) -> Effect:
    """The student's policy minus practice before the reforms, both with the same changes."""
    return effect(WORLD, REPLICATIONS, {"policy": "before-reform", **changes}, policy=own(), **changes)


def points(what: str = "difference", group: tuple[str, str] = ("level", "3"), **changes: Any) -> float:
    """Its effect on stocked_24m, percentage points."""
    return 100 * float(own_effect(**changes).value("stocked_24m", *group)[what])


def at_low_must() -> float:
    """Its effect where few obey a must; Blocked where none of its rules is one, since nothing can be learned from it then."""
    found = points(obedience__must=LOW_MUST)
    if found == points() != 0:
        raise Blocked(NO_MUST)
    return found


def worse() -> set[str]:
    """Which of WORSE are made worse, with zero outside the interval."""
    found = {name: own_effect().value(name) for name in WORSE}
    return {n for n, r in found.items() if (r["low"] > 0 if WORSE[n] > 0 else r["high"] < 0)}


def mended(answer: Any, language: str) -> str | None:
    """What is wrong with the mended text of 6.1."""
    if not isinstance(answer, str):
        return NO_TEXT.of(language)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mended.yaml"
        path.write_text(answer, encoding="utf-8")
        try:
            kind = check_file(path)
        except InputError as e:
            return COMPLAINS.of(language, what=str(e)[str(e).find("mended.yaml") :])
    rules = parse_yaml(answer, "mended.yaml").data.get("rules") or {}
    duty, entry = (rules.get("committee.duty") or {}).get("listing"), rules.get("committee.enter_on_approval")
    if kind != "policy" or not isinstance(duty, dict) or not isinstance(entry, dict):
        return GONE.of(language)
    as_meant = {
        "within": isinstance(duty.get("within"), str) and parse_limit(duty["within"]) == (30, "days"),
        "strength": duty.get("strength") == "must",
        "committee.enter_on_approval": entry.get("value") is True,
    }
    wrong = next((k for k, well in as_meant.items() if not well), None)
    return CHANGED.of(language, key=wrong, meant=MEANT[wrong].of(language)) if wrong else None


def designed(answer: Any, language: str) -> str | None:
    """What is wrong with the student's own policy (6.2)."""
    if str(answer) != FILE:
        return NAME.of(language)
    try:
        rules = own().get("rules")
    except Blocked:
        return NO_FILE.of(language)
    except InputError as e:
        return COMPLAINS.of(language, what=e)
    if not rules:
        return FEW.of(language)
    low, high = points("low"), points("high")
    if low > 0:
        return None
    return (HURTS if high < 0 else WEAK).of(language)


def losers(answer: Any, language: str) -> str | None:
    """What is wrong with the names of 6.4."""
    if isinstance(answer, str) or not isinstance(answer, (list, tuple, set)) or not set(map(str, answer)) <= set(WORSE):
        return LIST.of(language, allowed=", ".join(WORSE))
    wrong = [n for n in map(str, answer) if n not in worse()]
    if wrong:
        return NOT_WORSE.of(language, name=wrong[0])
    return None if set(map(str, answer)) == worse() else MISSING.of(language)


QUESTIONS = (
    Judged("6.1", mended, Both("whatever simlib cannot use is one line that names file, line, key and what is allowed", "凡是simlib不能使用的，它都用一行指出文件、行号、键和允许的写法")),
    Judged("6.2", designed, Both("your policy loads, acts, and helps tertiary hospitals in this city", "你的政策可以读入、起作用，并使这座城市的三级医院得益")),
    Numeric(
        "6.3", points, POINTS,
        Both("take the difference of stocked_24m for by level, group 3, from the effect of your own policy; run its cell again after each change of the file", "请从你的政策的effect中取 stocked_24m 在 by 为 level、group 为 3 时的差值；每次改动文件后要重新运行该单元格"),
        Both("write it down with its interval, and with the day and the file: others should be able to redo it", "请连同区间、日期和文件一起记下：别人应当能够重做"),
        (
            Mistake(lambda: points("mean"), Both("this is the share under your policy; the question asks for the difference", "这是你的政策下的比例；题目问的是差值")),
            Mistake(lambda: points("baseline"), Both("this is the share without it; the question asks for the difference", "这是没有该政策时的比例；题目问的是差值")),
            Mistake(lambda: points(group=("all", "all")), Both("this is over all hospitals; the question asks for tertiary ones", "这是全部医院；题目问的是三级医院")),
            Mistake(lambda: points("low"), Both("this is the lower end of the interval", "这是区间的下限")),
            Mistake(lambda: points("high"), Both("this is the upper end of the interval", "这是区间的上限")),
        ), 0.01, 0.005,
    ),
    Judged("6.4", losers, Both("whoever proposes a policy should say what it makes worse before others do, and say so too where there is nothing", "提出政策的人，应当先于别人说出它使什么变差；没有变差的，也要说明")),
    Numeric(
        "6.5", lambda: points(obedience="none"), POINTS,
        Both("both runs need obedience none: your policy's and the baseline's; run the cell above again after each change of the file", "两次运行都要把obedience设为none：你的政策和基线；改过文件后，要重新运行上面的单元格"),
        Both("what is left if no hospital obeys is what others do (platform, insurer, firms); a rule for hospitals alone leaves nothing", "没有医院执行时，剩下的是其他方（平台、医保、企业）的作用；只约束医院的规则什么也不剩"),
        (
            Mistake(points, Both("this is the effect with default obedience", "这是默认执行程度下的效果")),
            Mistake(lambda: points("baseline"), Both("this is the share itself, not the change", "这是比例本身，不是变化")),
            Mistake(lambda: points(obedience="full"), Both("this is the effect if all obey", "这是全部执行时的效果")),
        ), 0.01, 0.005,
    ),
    Numeric(
        "6.6", at_low_must, POINTS,
        Both("set obedience.must to 0.3 in both runs, and take the difference for tertiary hospitals times 100; run the cell of the worlds again after each change of the file", "两次运行都把 obedience.must 设为0.3，取三级医院的差值再乘以100；改过文件后，要重新运行几种假设的单元格"),
        Both("an effect that changes so much with an assumed number must be reported with it", "随一个假设的数变化这么大的效果，报告时必须连同假设一起写出"),
        (
            Mistake(points, Both("this is the effect with the default assumption (0.6)", "这是默认假设（0.6）下的效果")),
            Mistake(lambda: points(obedience__must=0.85), Both("this is the effect at 0.85", "这是取0.85时的效果")),
            Mistake(lambda: points() * LOW_MUST / 0.6, Both("half the chance does not mean half the effect: take the row of 0.3", "概率减半，效果不一定减半：请取0.3那一行")),
            Mistake(lambda: points(obedience__must=LOW_MUST) - points(), Both("this is how much the effect shrinks; the question asks for the effect itself", "这是效果减少了多少；题目问的是效果本身")),
            Mistake(lambda: 100 * points(obedience__must=LOW_MUST) / points(), Both("this is the part of the effect that is left, in per cent; the question asks for the effect", "这是剩下的效果所占百分比；题目问的是效果本身")),
            Mistake(lambda: points(obedience="none"), Both("this is the effect if nobody obeys", "这是无人执行时的效果")),
        ), 0.01, 0.005,
    ),
)  # fmt: skip
