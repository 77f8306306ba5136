"""The page 'what this cannot say': sentences of the report, and gaps whose size is counted from the data."""

from __future__ import annotations

from simlib.documentation.blocks import Items, Text, markdown
from simlib.documentation.facts import stored, titled
from simlib.documentation.words import Words
from simlib.policy.clauses import clauses
from simlib.policy.readings import readings
from simlib.words.handout import handout_words

_EN = {
    "title": "What this cannot say",
    "intro": "Read this before a number is quoted. The numbers on this page are counted from the data when it is made.",
    "numbers": "Of the {all} numbers of a scenario {assumed} are assumed: no document states them and no study gives them. Each has a range and a reason ([the register](assumptions.md)). Another sensible choice can change an answer; `simlib batch` shows how much one number alone can.",
    "fitted": "{fitted} Some assumed numbers were chosen with published figures in view, so that meeting these figures proves little.",
    "drugs": "Nothing here forecasts one real drug. {cohort}",
    "hospitals": "All {hospitals} hospitals of the stored cities and provinces are drawn so that their numbers by level, owner, type and place fit; beds and habits are drawn. Nothing here is said of one real hospital.",
    "texts": "Of {clauses} clauses of the five documents {context} are listed and not simulated. Where a text can be read in two ways one reading is taken; {readings} such questions, with the other answers where there are any, stand in `scenarios/readings.yaml`.",
    "calendar": 'China\'s holidays are published a year ahead. Past the last published year a result says "provisional calendar".',
}
_ZH = {
    "title": "不能说明什么",
    "intro": "引用任何数字之前请先读本页。本页数字在生成时由数据统计得出。",
    "numbers": "一个情景的{all}个数字中有{assumed}个是假设的：文件没有规定，研究也没有给出。每个都附范围和理由（见[假设登记表](assumptions.zh.md)）。换一种合理的取值，答案可能改变；`simlib batch` 会给出单个数字能改变多少。",
    "fitted": "{fitted}部分假设数字在选取时已参考公开数字，因此与之相符并不能证明什么。",
    "drugs": "不对任何一个真实药品作预测。{cohort}",
    "hospitals": "所存省市的{hospitals}家医院均为抽取生成，使其按级别、隶属、类型和所在地的数目与当地相符；床位和习惯为抽取。不对任何一家真实医院作判断。",
    "texts": "五份文件的{clauses}条条款中，有{context}条只列出而未模拟。条文可作两种解读之处取其一；共{readings}个这样的问题，其他答案（如有）见 `scenarios/readings.yaml`。",
    "calendar": "国家每年只公布下一年的节假日安排。超出最近公布年份时，结果注明“暂定日历”。",
}
_ORDER = (  # heads are the report's, `cannot_..._head`
    "numbers", "obey", "fitted", "health", "prices", "behaviour", "drugs", "hospitals", "texts", "calendar", "luck",
    "together", "order",
)  # fmt: skip
_OF_REPORT = {"obey": "limit_obey", "health": "limit_scope", "luck": "limit_interval", "together": "limit_one", "order": "limit_order"}  # fmt: skip
_OF_HANDOUT = ("prices", "behaviour")  # whole sentences that hold for every run


def limits_markdown(w: Words) -> str:
    """The whole page."""
    own = _ZH if w.language == "zh" else _EN
    more = handout_words(w.language)
    said = counts() | {"cohort": w["limit_cohort"], "fitted": more["cannot_fitted"]}
    texts = {key: own[key].format(**said) for key in _ORDER if key in own}
    texts |= {key: w[name] for key, name in _OF_REPORT.items()}
    texts |= {key: more[f"cannot_{key}"] for key in _OF_HANDOUT}
    items = tuple((more[f"cannot_{key}_head"], texts[key]) for key in _ORDER)
    return f"# {own['title']}\n\n{w['made_from']}\n\n{markdown([Text(own['intro']), Items(items)])}".rstrip() + "\n"


def counts() -> dict[str, int]:
    """How many numbers, hospitals, clauses and readings there are, and how many of them are assumed or not simulated."""
    kinds = [a.kind for a in stored().scenario.assumptions]
    table = clauses()
    drawn = [s["count"] for r in titled("regions") if r["name"] != "nation" for s in r["strata"] if not s.get("name")]
    return {
        "all": len(kinds) - kinds.count("switch"),
        "assumed": kinds.count("assumed"),
        "hospitals": sum(drawn),
        "clauses": len(table),
        "context": int((table["status"] == "context").sum()),
        "readings": len(readings()),
    }
