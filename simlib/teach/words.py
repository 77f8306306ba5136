"""What the checks say, in English and Chinese."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("en", "zh")


class Both(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str

    def of(self, language: str, **blanks: object) -> str:
        """The sentence in one language, its blanks filled."""
        return (self.zh if language == "zh" else self.en).format(**blanks)


OPEN = Both("not answered yet: write your answer in place of the three dots", "尚未作答：请把三个点换成你的答案")
RIGHT = Both("right", "正确")
NOT_YET = Both("not right yet", "还不对")
TEXT = Both("this is text; give a bare number, without quotes and unit", "这是文字；请直接写数字，不加引号，也不带单位")
MANY = Both(
    "these are {n} numbers; the question asks for one (such as a mean of them)",
    "这里有{n}个数；题目只要一个（例如它们的平均数）",
)
NAMED = Both(
    "this holds several values by name ({kind}); pick one with [...], as shown above",
    "这里按名称存有若干个值（{kind}）；请像上文那样用 [...] 取出其中一个",
)
DIGITS = Both(
    "close: this is rounded too far; give one digit more",
    "接近了：舍入得太多，请多写一位数字",
)
TYPE = Both("this is no number but a thing of type {kind}", "这不是数字，而是{kind}类型的对象")
NAN = Both(
    "this is not a finite number: something was divided by 0, or missing", "这不是有限的数：可能除以了0，或有缺失值"
)
TRUTH = Both("this is True or False; the question asks for a number", "这是真或假；题目要的是一个数")
SIGN = Both(
    "the size is right, the sign is not: which way does the question count as positive?",
    "大小对了，正负号反了：题目把哪个方向算作正？",
)
HUNDRED = Both(
    "off by a factor of 100: share and per cent are mixed up; the question asks for {unit}",
    "相差100倍：比例与百分数混淆了；题目要求的单位是{unit}",
)
MONTHS = Both(
    "this looks like months or days taken for each other; the question asks for {unit}",
    "像是月与日弄混了；题目要求的单位是{unit}",
)
YEARS = Both(
    "this looks like years or days taken for each other; the question asks for {unit}",
    "像是年与日弄混了；题目要求的单位是{unit}",
)
WORD = Both("give one of these words, in quotes: {allowed}", "请写下列词语之一，加引号：{allowed}")
UNKNOWN = Both("there is no exercise {key} in this lesson; there are {known}", "本课没有练习{key}；有{known}")
LESSON = Both("lesson {n}", "第{n}课")
DONE = Both("{right} of {all} exercises right", "{all}题中{right}题正确")
LEFT = Both("; still to do: {keys}", "；还要做：{keys}")
COLON = Both(": ", "：")
COMMA = Both(", ", "、")
YOURS = Both(" (your answer: {x})", "（你的答案：{x}）")
SHARE = Both("share (0 to 1)", "比例（0到1）")
DAYS = Both("days", "天")
