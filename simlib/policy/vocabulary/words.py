"""The words of rules for reading, in English and Chinese: values, units, strengths, addressees, kinds, places."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simlib.policy.levers import LEVERS, Both, Lever

if TYPE_CHECKING:
    from simlib.policy.rules import Rule

# fmt: off
_WORDS: dict[str, tuple[str, str]] = {
    "none": ("none", "无"),
    # 1 readiness, 2 listing
    "approval": ("approval", "批准上市"),
    "marketing_application_accepted": ("acceptance of the marketing application", "上市申请获受理"),
    "marketing_application_submitted": ("submission of the marketing application", "提交上市申请"),
    "catalogue_admission": ("catalogue admission", "医保目录准入"),
    "hospital_entry": ("hospital entry", "进院"),
    "coordination": ("coordination", "协调联动"),
    "follow_up": ("following up", "跟踪服务"),
    "tutoring": ("tutoring", "业务辅导"),
    "feedback": ("collecting firms' views", "收集企业意见建议"),
    "open_days": ("open days", "服务开放日"),
    "visits": ("visits", "上门服务"),
    "windows": ("in windows only", "仅在申报窗口期"),
    "any_time": ("at any time", "随时申报"),
    "listing.pricing:negotiated": ("by negotiation", "议价"),
    "linked": ("linked to other prices", "价格联动"),
    "autonomous": ("by the firm", "企业自主定价"),
    "group_sharing": ("information shared among a few provinces", "少数省份间信息共享"),
    "information_sharing": ("information shared by all provinces", "全国信息共享"),
    "fast_coordination": ("fast coordination between provinces", "省域间快速协同"),
    "volume_based": ("volume-based purchasing", "带量采购"),
    "price_linked": ("price-linked purchasing", "价格联动采购"),
    "recorded": ("recorded purchasing", "备案采购"),
    # 3 catalogues, 4 awareness
    "regular": ("at regular times", "定期调整"),
    "simple_renewal_rate": ("the cut of a simple renewal", "简易续约降幅"),
    "coordinated": ("coordinated", "统筹衔接"),
    "transition": ("a way from one to the other", "可由商保创新药目录转入医保目录"),
    "list": ("the list price", "挂网价"),
    "agreed": ("agreed", "协商确定"),
    "strict": ("stricter secrecy", "更严格保密"),
    "admission": ("catalogue admission", "目录准入"),
    "renewal": ("renewal", "续约"),
    "payment_scope": ("payment scope", "支付范围"),
    "periodic": ("from time to time", "定期更新"),
    "continuous": ("continuously", "持续更新"),
    "official_sites": ("official sites", "官网"),
    "social_media": ("social media", "官微"),
    "forums": ("forums", "座谈会"),
    "tripartite_meetings": ("meetings of insurer, hospitals and firms", "医保、医院、企业三方交流会"),
    # 6 committee, 8 purchase
    "drug_share": ("drug share", "药占比"),
    "cost_per_visit": ("cost per visit", "次均费用"),
    "self_pay_ratio": ("self-pay ratio", "自费率"),
    "nrdl_membership": ("not in the insurance catalogue", "未进医保目录"),
    "two_specifications": ("one drug two specifications", "一品两规"),
    "performance_monitoring": ("performance monitoring", "公立医院绩效监测"),
    "total_budget": ("total budget", "医保总额预算"),
    "formulary_size": ("formulary size", "用药目录品种数量"),
    "as_needed": ("stock by need", "按需配备"),
    "as_needed_all_due": ("stock by need, and all that ought to be stocked", "按需配备、应配尽配"),
    "all_due": ("stock all that ought to be stocked", "应配尽配"),
    "dual_channel.duty_to_prescribe:all_due": ("prescribe all that ought to be prescribed", "应开尽开"),
    "committee_pass": ("the committee's pass", "药事会通过"),
    "listing_known": ("the hospital's learning of the listing", "医院获悉挂网"),
    # 9 dual channel, 10 use
    "3_only": ("level 3 only", "仅三级"),
    "2_and_above": ("level 2 and above", "二级及以上"),
    "all": ("all levels", "各级"),
    "payment_reform": ("reform of payment", "医保支付改革"),
    "academic_exchange": ("academic exchange", "学术交流"),
    "clinical_research": ("clinical research", "临床研究"),
    "expert_consensus": ("expert consensus", "专家共识"),
    "guidelines": ("clinical guidelines", "临床指南"),
    "leading_centres": ("at leading centres", "仅高水平医院"),
    "any_hospital": ("at any hospital", "任何医院"),
    # 11 payment, commercial insurance
    "drug_cost": ("the drug's cost", "药品费用"),
    "case": ("the whole case", "整个病例"),
    "by_item": ("by item", "按项目付费"),
    "adjusted_standard": ("at an adjusted standard", "调整病例支付标准"),
    "fixed": ("fixed", "固定不变"),
    "dynamic": ("adjusted all along", "动态调整"),
    "on_application": ("on application", "申请后单独成组"),
    "vbp_substitute_monitoring": ("watch over substitutes of volume-based winners", "集采中选可替代品种监测"),
    "drug_cost_per_capita": ("drug cost per capita", "人均药品费用"),
    "medical_cost_per_capita": ("medical cost per capita", "人均医疗费用"),
    "payment.outpatient_special_scope:negotiated": ("negotiated drugs", "国谈药"),
    "provincial_catalogue": ("the provincial catalogue", "省医保目录"),
    "recommended": ("drugs are recommended to it", "推荐纳入"),
    "widening": ("more drugs than now", "扩大范围"),
    "dynamic_all_qualifying": ("adjusted, so that all that qualify get in", "动态调整、应进尽进"),
    "unchanged": ("as now", "不变"),
    "raised": ("raised", "提标扩面"),
    "voluntary": ("at will", "参考使用"),
    "prompt": ("promptly", "及时衔接"),
    "in_hospital_promotion": ("promotion inside hospitals", "院内参保推广"),
    "lower_enrolment_threshold": ("a lower threshold", "降低投保门槛"),
    "more_insured": ("more people insured", "增加受益人群"),
    # oversight
    "provincial": ("hospitals of the province", "省属医院"),
    "national": ("national hospitals", "国家委属医院"),
    "city": ("hospitals of cities", "市属医院"),
    "county": ("hospitals of counties", "县属医院"),
    "private": ("private hospitals", "民营医院"),
    "dip_second_distribution": ("second distribution of DIP money", "DIP二次分配"),
    "global_budget": ("global budget", "总额预算"),
    "ledger": ("a ledger", "建立台账"),
    "circulated": ("results are circulated", "监测并通报"),
    "traceability_codes": ("traceability codes", "药品追溯码"),
    "prescription_flow": ("watch over the flow of prescriptions", "处方流转全流程监管"),
    "priority": ("a priority of supervision", "列为监管重点"),
    # head of a file
    "none_stated": ("nothing stated", "未作规定"),
    "earlier_yields": ("earlier rules yield to it", "此前规定与本文不一致的以本文为准"),
    "implements_national_and_provincial": ("it carries out the national and the provincial one", "贯彻落实国家和省级文件"),
    "most_favourable_highest_no_double": ("the more favourable, the higher, no benefit twice", "从优、就高、不重复"),
    "chem_1.1": ("chemical 1.1 (old rules)", "化学药品1.1类（原注册分类）"),
    "chem_1": ("chemical 1", "化学药品1类"),
    "biologic_therapeutic_1": ("therapeutic biologic 1", "治疗用生物制品1类"),
    "tcm_1": ("traditional Chinese or natural drug 1", "中药、天然药物1类"),
    "chem_2": ("chemical 2", "化学药品2类"),
    # 12 special routes, 13 before approval
    "office_hours": ("in office hours", "工作时间办理"),
    "24_hour_service": ("service round the clock", "24小时通关服务"),
    "within_24_hours": ("within 24 hours", "24小时内办结"),
    "existing": ("exists", "既有渠道"),
    "project": ("project review", "立项审查"),
    "ethics": ("ethics review", "伦理审查"),
    "contract": ("contract review", "合同审查"),
    "members": ("members of the alliance", "互认联盟成员单位"),
    "city_level_sites": ("hospitals of the city level", "市级医疗机构"),
    "multi_centre_sites": ("all hospitals with multi-centre research", "全部开展多中心临床研究的医疗机构"),
    "by_firm": ("firm by firm", "一企一策"),
    "by_product": ("product by product", "一品一策"),
    "share_of_cost": ("share of the cost", "占研发投入比例"),
    "preclinical": ("before trials", "临床前研究"),
    "phase_1": ("trial phase I", "Ⅰ期临床试验"),
    "phase_2": ("trial phase II", "Ⅱ期临床试验"),
    "phase_3": ("trial phase III", "Ⅲ期临床试验"),
    "class_1": ("innovative drug", "创新药"),
    "improved": ("improved drug", "改良型新药"),
    "biosimilar": ("biosimilar", "生物类似药"),
    "classic_formula": ("classic formula of traditional medicine", "中药经典名方产品"),
}
_UNITS: dict[str, tuple[str, str]] = {  # {} is the number, as the unit shows it
    "days": ("{} days", "{}天"),
    "working days": ("{} working days", "{}个工作日"),
    "weeks": ("{} weeks", "{}周"),
    "months": ("{} months", "{}个月"),
    "years": ("{} years", "{}年"),
    "meetings a year": ("{} meetings a year", "{}次/年"),
    "products": ("{} products", "{}个品种"),
    "share": ("{}%", "{}%"),
    "share of payroll": ("{}% of payroll", "工资总额的{}%"),
    "percentage points": ("{} percentage points", "{}个百分点"),
    "factor": ("times {}", "{}倍"),
    "million yuan": ("{} million yuan", "{}万元"),
}
_STRENGTH = {
    "must": ("must", "必须"), "declared": ("declared", "明确推进"), "encouraged": ("encouraged", "鼓励"), "explore": ("explore", "探索"),
}
_KIND = {"stated": ("stated", "文件载明"), "published": ("published", "公开发表"), "assumed": ("assumed", "假设")}
_BINDS = {
    "hospital": ("hospitals", "医疗机构"), "platform": ("the purchasing platform", "省级采购平台"), "insurer": ("insurers", "医保部门"),
    "firm": ("firms", "医药企业"), "city": ("cities", "各市"), "oversight": ("whoever oversees hospitals", "监督考核部门"),
    "world": ("nobody: part of the world", "无（属外部环境）"), "commercial_insurer": ("commercial insurers", "商业保险机构"),
    "customs": ("customs", "海关"), "drug_authority": ("the drug authority", "药监部门"), "employer": ("employers", "用人单位"),
    "government": ("the government", "政府"), "patient": ("the insured", "参保人"), "pharmacy": ("pharmacies", "定点药店"),
    "trial_site": ("trial sites", "临床试验机构"),
}
# fmt: on


def _both(pairs: dict[str, tuple[str, str]]) -> dict[str, Both]:
    return {key: Both(*pair) for key, pair in pairs.items()}


# Every word that a choice, a set or a schedule allows; "lever:word" where it means something else in that lever.
WORDS = _both(_WORDS)
UNITS = _both(_UNITS)
STRENGTH = _both(_STRENGTH)
KIND = _both(_KIND)
BINDS = _both(_BINDS)
FLAG = {True: Both("yes", "是"), False: Both("no", "否")}
PRACTICE = Both("practice", "既有做法")  # document and clause of what no document says
CHANGES = Both("changes", "改动")  # of the layer of a variant

_DURATION = re.compile(r"\s*([0-9.]+)\s*(working[ _]day|day|week|month|year)s?\s*")
_COMMA = Both(", ", "、")
_CHANGED = re.compile(r"(?P<name>.+?): (?P<what>before|scope before|strength before|clause before), (?P<was>.+)")
_LATER = re.compile(r"(?P<name>.+?): (?P<what>new|from|to|(?P<days>[0-9.e+]+) days later)(?: (?P<day>[0-9-]+))?")
_WHAT = {
    "before": "原为", "scope before": "原适用范围", "strength before": "原力度", "clause before": "原条款", "new": "新增", "from": "改动起始日", "to": "改动终止日",
}  # fmt: skip


def pick(pair: Both, language: str) -> str:
    """The English or the Chinese one of two texts."""
    return pair.zh if language == "zh" else pair.en


def joined(texts: Iterable[str], language: str) -> str:
    """Texts in a row."""
    return pick(_COMMA, language).join(texts)


def bracketed(text: str, more: str, language: str) -> str:
    """A text with something in brackets behind it, if there is something."""
    return text + (("（{}）" if language == "zh" else " ({})").format(more) if more else "")


def word(text: str, lever: Lever, language: str = "en") -> str:
    """One allowed word of a lever for reading; a word that has no wording stays as it is."""
    pair = WORDS.get(f"{lever.name}:{text}") or WORDS.get(text)
    return pick(pair, language) if pair else text


def value_words(value: Rule | Any, lever: Lever | str | None = None, language: str = "en") -> str:
    """A rule's value for reading, such as "15 working days" or "15个工作日".

    value: a rule (then no lever is needed), or a value of the lever as a file has it, as a rule has it, or as
    `show_value` writes it.
    """
    if lever is None:
        lever, value = value.definition, value.value if value.said is None else value.said
    if isinstance(lever, str):
        lever = LEVERS[lever]
    match lever.kind:
        case "flag":
            return pick(FLAG[value in (True, "yes", "true")], language)
        case "limit":
            return _limit(value, lever, language)
        case "set":
            return joined((word(w, lever, language) for w in _parts(value, lever)), language)
        case "schedule":
            return joined((_entry(k, n, lever, language) for k, n in _pairs(value, lever)), language)
        case "count" | "share" | "number":
            return _amount(float(value), lever.unit, language)
    return word(str(value), lever, language)


def changed_words(text: str, lever: Lever, language: str = "en") -> str:
    """What `Rule.changed` says, in a language; names of changes stay."""
    if language != "zh":
        return text
    return "；".join(_one_change(part, lever, language) for part in text.split("; "))


def _one_change(text: str, lever: Lever, language: str) -> str:
    if m := _CHANGED.fullmatch(text):
        was = m["was"]
        if m["what"] == "strength before":
            was = pick(STRENGTH[was], language) if was in STRENGTH else was
        elif m["what"] == "before":
            value, _, clause = was.rpartition(" of ")
            was = bracketed(value_words(value, lever, language), named(clause, language), language) if value else was
        return f"{m['name']}：{_WHAT[m['what']]}{was if m['what'] == 'before' else f'：{was}'}"
    if m := _LATER.fullmatch(text):
        return f"{m['name']}：" + (
            f"推迟{m['days']}天" if m["days"] else _WHAT[m["what"]] + (f"：{m['day']}" if m["day"] else "")
        )
    return text


def named(code: str, language: str = "en") -> str:
    """A document or clause for reading: its code, or a wording where there is none in any document."""
    return pick({"practice": PRACTICE, "variant": CHANGES}.get(code, Both(code, code)), language)


@functools.cache
def place_words(region: str, language: str = "en") -> str:
    """Title of a region of `scenarios/regions`; its name where it has none."""
    from simlib.core.files import read_yaml, scenarios

    path = scenarios() / "regions" / f"{region}.yaml"
    title = read_yaml(path).data.get("title", {}) if path.is_file() else {}
    return title.get(language, region)


def _limit(value: Any, lever: Lever, language: str) -> str:
    if isinstance(value, str):
        if not (m := _DURATION.fullmatch(value)):
            return value
        number, unit = float(m[1]), m[2].replace("_", " ") + "s"
    else:
        number, unit = value[0], value[1].replace("_", " ")
        if lever.unit == "weeks" and unit == "days" and number % 7 == 0:  # as the file had it
            number, unit = number / 7, "weeks"
    return _amount(number, unit, language)


def _amount(number: float, unit: str, language: str) -> str:
    """A number with its unit; a share in per cent, money in Chinese in units of ten thousand yuan."""
    factor = 100 if unit.startswith("share") or (unit == "million yuan" and language == "zh") else 1
    text = pick(UNITS[unit], language).format(f"{number * factor:.12g}")
    one = language == "en" and number == 1 and unit.split()[-1].endswith("s")
    return text.replace(unit, unit[:-1]) if one else text


def _parts(value: Any, lever: Lever) -> list[str]:
    if isinstance(value, str):
        return value.split(", ")
    return sorted(value, key=lever.allowed.index) if isinstance(value, frozenset) else list(value)


def _pairs(value: Any, lever: Lever) -> list[tuple[str, float]]:
    """(key, number) in the order in which the lever names its keys, years in theirs."""
    if isinstance(value, str):
        value = [part.rsplit(" ", 1) for part in value.split(", ")]
    pairs = [(str(k), float(n)) for k, n in (value.items() if isinstance(value, dict) else value)]
    return sorted(pairs, key=lambda p: (lever.allowed.index(p[0]) if p[0] in lever.allowed else -1, p[0]))


def _entry(key: str, number: float, lever: Lever, language: str) -> str:
    """One entry of a schedule: by year, or by word, where a share may stand beside amounts of money."""
    if not lever.allowed:
        amount = _amount(number, lever.unit, language)
        return f"{key}年{amount}" if language == "zh" else f"{amount} in {key}"
    units = lever.unit.split("; ")
    unit = units[0] if len(units) == 1 or key.startswith("share") else units[-1]
    return f"{word(key, lever, language)}{'：' if language == 'zh' else ': '}{_amount(number, unit, language)}"
