"""The page 'what this cannot say': sentences of the report, and gaps whose size is counted from the data."""

from __future__ import annotations

from simlib.documentation.blocks import Items, Text, markdown
from simlib.documentation.facts import stored, titled
from simlib.documentation.words import Words
from simlib.policy.clauses import clauses
from simlib.policy.readings import readings

_EN = {
    "title": "What this cannot say",
    "intro": "Read this before a number is quoted. The numbers on this page are counted from the data when it is made.",
    "numbers": "Of the {all} numbers of a scenario {assumed} are assumed: no document states them and no study gives them. Each has a range and a reason ([the register](assumptions.md)). Another sensible choice can change an answer; `simlib batch` shows how much one number alone can.",
    "fitted": "No number was fitted to observed stocking of drugs, since no such data were at hand. Some assumed numbers were chosen with published figures in view, so that meeting these figures proves little.",
    "prices": "Nobody bargains. Whether a drug enters a catalogue is drawn with an assumed chance, and prices fall by assumed cuts.",
    "adaptation": "Firms, hospitals and doctors follow fixed habits. Nobody withholds a launch, games a deadline, or learns with the years how to meet a rule on paper.",
    "drugs": "Nothing here forecasts one real drug. {cohort}",
    "hospitals": "All {hospitals} hospitals of the stored cities and provinces are drawn so that their numbers by level, owner, type and place fit; beds and habits are drawn. Nothing here is said of one real hospital.",
    "texts": "Of {clauses} clauses of the five documents {context} are listed and not simulated. Where a text can be read in two ways one reading is taken; {readings} such questions, each with its other answers, stand in `scenarios/readings.yaml`.",
    "calendar": "China's holidays are published a year ahead. Past the last published year a result says “provisional calendar”.",
}
_ZH = {
    "title": "不能说明什么",
    "intro": "引用任何数字之前请先读本页。本页数字在生成时由数据统计得出。",
    "numbers": "一个情景的{all}个数字中有{assumed}个是假设的：文件没有规定，研究也没有给出。每个都附范围和理由（见[假设登记表](assumptions.zh.md)）。换一种合理的取值，答案可能改变；`simlib batch` 会给出单个数字能改变多少。",
    "fitted": "没有任何数字是按医院实际配备数据拟合的，因为手头没有这样的数据。部分假设数字在选取时已参考公开数字，因此与之相符并不能证明什么。",
    "prices": "模型中没有谈判。药品能否进入目录按假设的概率抽取，价格按假设的降幅下降。",
    "adaptation": "企业、医院和医生按固定习惯行事。没有人推迟上市、应付时限，也没有人逐年学会在纸面上达标。",
    "drugs": "不对任何一个真实药品作预测。{cohort}",
    "hospitals": "所存省市的{hospitals}家医院均为抽取生成，使其按级别、隶属、类型和所在地的数目与当地相符；床位和习惯为抽取。不对任何一家真实医院作判断。",
    "texts": "五份文件的{clauses}条条款中，有{context}条只列出而未模拟。条文可作两种理解之处取其一；共{readings}个这样的问题，各有其他答案，见 `scenarios/readings.yaml`。",
    "calendar": "国家节假日安排每年公布下一年的。超出最近公布年份时，结果注明“暂定日历”。",
}
_HEADS = {  # of each point: its head in both languages, in the order of the page
    "numbers": ("Assumed numbers.", "假设数字。"),
    "obey": ("Whether hospitals obey.", "医院是否执行。"),
    "fitted": ("No calibration.", "未经校准。"),
    "health": ("Health.", "健康收益。"),
    "prices": ("Price negotiation.", "价格谈判。"),
    "adaptation": ("Adaptation.", "各方的适应。"),
    "drugs": ("Single drugs.", "单个药品。"),
    "hospitals": ("Single hospitals.", "单家医院。"),
    "texts": ("The whole of the documents.", "文件的全部内容。"),
    "calendar": ("The calendar.", "日历。"),
    "luck": ("What the intervals hold.", "区间包含什么。"),
    "together": ("Several errors at once.", "几个错误同时存在。"),
    "order": ("An order of places.", "地区排名。"),
}
_OF_REPORT = {"obey": "limit_obey", "health": "limit_scope", "luck": "limit_interval", "together": "limit_one", "order": "limit_order"}  # fmt: skip


def limits_markdown(w: Words) -> str:
    """The whole page."""
    own = _ZH if w.language == "zh" else _EN
    counted = counts() | {"cohort": w["limit_cohort"]}
    said = {key: w[_OF_REPORT[key]] if key in _OF_REPORT else own[key].format(**counted) for key in _HEADS}
    items = tuple((_HEADS[key][w.language == "zh"], text) for key, text in said.items())
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
