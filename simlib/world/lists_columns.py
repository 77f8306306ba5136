"""The columns of a list of hospitals and of a list of drugs: names, allowed words and explanations in two languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from simlib.core.misread import UNSEEN
from simlib.core.phrases import Texts, side_by_side

Kind = Literal["hospitals", "drugs"]
Language = Literal["en", "zh"]
MAX_BEDS = 30_000
FIRST_DATE, LAST_DATE = date(1980, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Column:
    """One column. names: English, Chinese, then other names that are understood. words: of each value, likewise.

    form: how a cell is read. en, zh: what the column says. examples: two a language, for the template.
    """

    key: str
    names: tuple[str, ...]
    form: Literal["text", "choice", "choices", "beds", "date"]
    required: bool
    en: str
    zh: str
    examples: dict[Language, tuple[Any, Any]]
    words: dict[Any, tuple[str, ...]] | None = None
    unique: bool = False

    @cached_property
    def headings(self) -> frozenset[str]:
        """Its names, folded."""
        return frozenset(folded(n) for n in self.names)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of each folded word."""
        return {folded(w): value for value, group in (self.words or {}).items() for w in group}

    def name(self, language: Language) -> str:
        """The column's name in a language."""
        return self.names[0 if language == "en" else 1]

    def allowed(self, language: Language) -> list[str]:
        """The word of each allowed value in a language."""
        return [w[0 if language == "en" else 1] for w in (self.words or {}).values()]


def plain(text: str) -> str:
    """A text as the eye sees it: full-width letters and digits made narrow, blanks made one, nothing invisible."""
    return " ".join(re.sub(f"[{UNSEEN}]", "", unicodedata.normalize("NFKC", text)).split())


def folded(text: str) -> str:
    """A word for comparison: without case, blanks, hyphens and underscores."""
    return re.sub(r"[\s_\-]+", "", plain(text).casefold())


_TOTALS = {"total", "totals", "subtotal", "grandtotal", "sum", "合计", "总计", "小计", "共计", "总数", "总和"}
COUNTS = {"count", "numberofhospitals", "数量", "家数", "医院数", "医院数量", "机构数", "个数"}  # of a group, folded
OTHER_UNITS = {"%", "percent", "share", "days", "day", "weeks", "years", "year", "hundred", "thousand",
               "天", "日", "周", "年", "百", "千", "万", "百张", "千张", "比例", "率"}  # than those of our columns of numbers  # fmt: skip


def is_total(text: str) -> bool:
    """Whether a text heads a row of totals."""
    return folded(text).rstrip(":") in _TOTALS


_SAID = Texts("lists", side_by_side)  # what each column says

# the words by which areas and, below, columns and values are known in a list: data to be read, not texts to be shown
AREA_WORDS: dict[str, tuple[str, ...]] = {
    "oncology": ("oncology", "肿瘤", "肿瘤科", "cancer"),
    "haematology": ("haematology", "血液", "血液科", "血液病", "hematology"),
    "metabolic": ("metabolic", "代谢", "内分泌", "内分泌代谢", "糖尿病"),
    "cardiovascular": ("cardiovascular", "心血管", "心内科", "心脏"),
    "infection": ("infection", "感染", "传染病", "感染科"),
    "autoimmune": ("autoimmune", "自身免疫", "风湿免疫", "风湿"),
    "neurology_psychiatry": ("neurology_psychiatry", "神经精神", "神经", "精神", "精神卫生", "neurology", "psychiatry"),
    "dermatology": ("dermatology", "皮肤", "皮肤科", "皮肤病"),
    "gastro": ("gastro", "消化", "消化科", "gastroenterology"),
    "ophthalmology": ("ophthalmology", "眼科", "眼"),
    "rare": ("rare", "罕见病", "rare disease"),
    "urology_nephrology": ("urology_nephrology", "泌尿肾病", "泌尿", "肾病", "肾内科", "泌尿外科"),
    "anaesthesia": ("anaesthesia", "麻醉", "麻醉科", "anesthesia"),
    "other": ("other", "其他", "其它"),
}

HOSPITALS = (
    Column(
        "name", ("name", "名称", "医院名称", "医院", "机构名称", "hospital", "hospital name"), "text", True,
        *_SAID["hospitals.name"],
        {"en": ("Example hospital A", "Example hospital B"), "zh": ("示例医院甲", "示例医院乙")}, unique=True,
    ),
    Column(
        "level", ("level", "级别", "医院级别", "等级", "医院等级"), "choice", True,
        *_SAID["hospitals.level"], {"en": (3, 2), "zh": ("三级", "二级")},
        {
            3: ("3", "三级", "3级", "三级甲等", "三级乙等", "三甲", "三乙", "level 3", "tertiary"),
            2: ("2", "二级", "2级", "二级甲等", "二级乙等", "二甲", "二乙", "level 2", "secondary"),
            1: ("1", "一级", "1级", "一级甲等", "一级乙等", "一甲", "level 1", "primary"),
        },
    ),
    Column(
        "type", ("type", "类型", "医院类型", "类别"), "choice", True,
        *_SAID["hospitals.type"],
        {"en": ("general", "specialty"), "zh": ("综合", "专科")},
        {
            "general": ("general", "综合", "综合医院"), "specialty": ("specialty", "专科", "专科医院", "specialist"),
            "tcm": ("tcm", "中医", "中医院", "中医医院"),
        },
    ),
    Column(
        "owner", ("owner", "隶属", "隶属关系", "举办主体"), "choice", True,
        *_SAID["hospitals.owner"], {"en": ("city", "private"), "zh": ("市属", "民营")},
        {
            "national": ("national", "国家", "国家级", "委属"), "provincial": ("provincial", "省属", "省级"),
            "city": ("city", "市属", "市级"), "county": ("county", "县属", "县级", "区县属"),
            "private": ("private", "民营", "私立", "社会办"),
        },
    ),
    Column(
        "place", ("place", "所在地", "所在地区"), "choice", True,
        *_SAID["hospitals.place"], {"en": ("city", "county"), "zh": ("城区", "县域")},
        {"city": ("city", "城区", "城市", "市区"), "county": ("county", "县域", "县城", "县")},
    ),
    Column(
        "beds", ("beds", "床位", "床位数", "bed", "number of beds"), "beds", True,
        *(says.format(most=MAX_BEDS) for says in _SAID["hospitals.beds"]), {"en": (1200, 300), "zh": (1200, 300)},
    ),
    Column(
        "designated", ("designated", "医保定点", "定点"), "choice", False,
        *_SAID["hospitals.designated"],
        {"en": ("yes", "no"), "zh": ("是", "否")},
        {True: ("yes", "是", "true", "y", "1"), False: ("no", "否", "false", "n", "0")},
    ),
    Column(
        "areas", ("areas", "专科领域", "area", "专科"), "choices", False,
        *_SAID["hospitals.areas"],
        {"en": (None, "oncology"), "zh": (None, "肿瘤")}, AREA_WORDS,
    ),
)  # fmt: skip

DRUGS = (
    Column(
        "name", ("name", "名称", "name_en", "药品名称", "药品", "通用名", "drug"), "text", True,
        *_SAID["drugs.name"],
        {"en": ("Example drug A", "Example drug B"), "zh": ("示例药品甲", "示例药品乙")}, unique=True,
    ),
    Column(
        "chinese_name", ("name_zh", "中文名称", "中文名", "药品中文名称"), "text", False,
        *_SAID["drugs.chinese_name"],
        {"en": (None, None), "zh": (None, None)},
    ),
    Column(
        "registration_class", ("registration_class", "注册分类", "class"), "choice", False,
        *_SAID["drugs.registration_class"],
        {"en": ("chem_1", "biologic_1"), "zh": ("化药1类", "生物制品1类")},
        {
            "chem_1": ("chem_1", "化药1类", "化学药1类", "化学药品1类", "化学药品1类新药"),
            "biologic_1": ("biologic_1", "生物制品1类", "生物药1类", "治疗用生物制品1类"),
            "tcm_1": ("tcm_1", "中药1类", "中药1类创新药"), "other": ("other", "其他", "其它"),
        },
    ),
    Column(
        "approval_date", ("approval_date", "批准日期", "获批日期", "批准时间", "approved"), "date", True,
        *_SAID["drugs.approval_date"],
        {"en": (date(2024, 3, 5), date(2024, 6, 20)), "zh": (date(2024, 3, 5), date(2024, 6, 20))},
    ),
    Column(
        "area", ("area", "治疗领域", "areas", "领域"), "choice", False,
        *_SAID["drugs.area"],
        {"en": ("oncology", "metabolic"), "zh": ("肿瘤", "代谢")}, AREA_WORDS,
    ),
    Column(
        "origin", ("origin", "来源", "产地"), "choice", False,
        *_SAID["drugs.origin"],
        {"en": ("domestic", "foreign"), "zh": ("国产", "进口")},
        {"domestic": ("domestic", "国产", "境内", "国内"), "foreign": ("foreign", "进口", "境外", "国外", "imported")},
    ),
    Column(
        "firm", ("firm", "企业", "公司", "生产企业", "company", "上市许可持有人"), "text", False,
        *_SAID["drugs.firm"],
        {"en": ("Example firm A", "Example firm B"), "zh": ("示例企业甲", "示例企业乙")},
    ),
)  # fmt: skip

COLUMNS: dict[Kind, tuple[Column, ...]] = {"hospitals": HOSPITALS, "drugs": DRUGS}
