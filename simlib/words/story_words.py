"""The words of a traced story, English and Chinese side by side. {names} are blanks; a blank may itself have two languages."""

from __future__ import annotations

from typing import Any, NamedTuple

from simlib.policy.levers import Both

# fmt: off
_PHRASES: dict[str, tuple[str, str]] = {
    # head
    "head": ("{drug} at {hospital} ({kind})", "{drug}：{hospital}（{kind}）"),
    "where": ("{region}; rules: {policy}; obedience of hospitals: {obedience}; replication {replication}; simulated, not observed",
              "{region}；规则：{policy}；医院执行程度：{obedience}；第{replication}次重复；模拟所得，并非实际观察"),
    "rules_from": ("{policy}, from {day} on", "{policy}（自{day}起）"),
    "kind": ("{level} {type} hospital, {owner}", "{level}{type}，{owner}"),
    "level_3": ("tertiary", "三级"), "level_2": ("secondary", "二级"), "level_1": ("primary", "一级"),
    "type_general": ("general", "综合医院"), "type_specialty": ("specialty", "专科医院"), "type_tcm": ("traditional Chinese medicine", "中医医院"),
    "owner_national": ("owned by the nation", "国家委属"), "owner_provincial": ("owned by the province", "省属"),
    "owner_city": ("owned by a city", "市属"), "owner_county": ("owned by a county", "县属"), "owner_private": ("private", "民营"),
    "obedience_full": ("full", "完全"), "obedience_default": ("default", "默认"), "obedience_none": ("none", "不执行"),
    "later": ("+{n} d", "+{n}天"),
    # the drug
    "approved": ("approved for the market", "获批上市"),
    "filed": ("the firm filed for listing on the purchasing platform", "企业向采购平台申请挂网"),
    "returned": ("sent back for corrections", "被退回补正"),
    "returned_more": ("sent back for corrections {n} times", "被退回补正{n}次"),
    "complete": ("its papers were complete", "申报材料补正齐全"),
    "listed": ("listed on the platform", "在采购平台挂网"),
    "limit_set": ("the limit set this day ({rule})", "时限决定了这一天（{rule}）"),
    "limit_review_set": ("brought forward by the limit on the review ({rule})", "因审核时限而提前（{rule}）"),
    "limit_kept": ("inside its limit, which ended on {until} ({rule})", "未超时限（{until}止，{rule}）"),
    "limit_broken": ("its limit had ended on {until}, not kept ({rule})", "时限止于{until}，未遵守（{rule}）"),
    "limit_late": ("later than the limit of {until}, though the rule was obeyed ({rule})", "虽执行规定，仍晚于时限{until}（{rule}）"),
    "catalogue_entered": ("entered the basic insurance catalogue", "进入基本医保目录"),
    "catalogue_in_vain": ("tried for the basic insurance catalogue in vain", "申请进入基本医保目录，未成功"),
    "commercial_entered": ("entered the commercial insurance catalogue", "进入商保创新药目录"),
    "commercial_in_vain": ("tried for the commercial insurance catalogue in vain", "申请进入商保创新药目录，未成功"),
    "list_entered": ("put on the local application list ({rule})", "列入地方应用清单（{rule}）"),
    "designated": ("held by dual-channel pharmacies, to which linked hospitals prescribe", "双通道药店开始供应，已开通的医院可开方"),
    "later_indication": ("gained a further indication", "新增一项适应症"),
    # the pair
    "learned": ("the hospital learned that it is listed", "医院获悉该药挂网"),
    "pushed": ("by duty the hospital asked its departments about it ({rule})", "医院依规定向科室征询需求（{rule}）"),
    "pushed_by": ("by duty the hospital asked its departments about it, and the committee had to meet by {until} ({rule})",
                  "医院依规定向科室征询需求，药事会须在{until}前召开（{rule}）"),
    "not_kept": ("its departments ought to have been asked, not obeyed here ({rule})", "本应向科室征询需求，本院未执行（{rule}）"),
    "not_kept_by": ("the committee ought to have met by {until}, not obeyed here ({rule})", "药事会本应在{until}前召开，本院未执行（{rule}）"),
    "asked": ("a department asked the drug committee for it", "科室向药事会提出申请"),
    "asked_again": ("a department asked anew", "科室再次提出申请"),
    "not_heard": ("the committee met, but had no place for it on the agenda", "药事会召开，但议程已满，未能审议"),
    "not_heard_more": ("the committee met {n} times up to {day}, each time without a place for it on the agenda",
                       "截至{day}药事会召开{n}次，议程均已满，未能审议"),
    "met_unasked": ("the committee met by its duty, but nobody had asked for the drug ({rule})", "药事会按时限召开，但尚无科室申请该药（{rule}）"),
    "heard_passed": ("the committee heard it and passed it", "药事会审议通过"),
    "heard_deferred": ("the committee heard it and put it off to a later meeting", "药事会审议，缓议"),
    "heard_refused": ("the committee heard it and refused it: {ground}", "药事会审议未通过：{ground}"),
    "lock_out": ("locked out until {until}", "锁定至{until}"),
    "lock_out_final": ("locked out beyond the end of the run", "锁定期延续至模拟结束之后"),
    "forbidden": ("a rule forbids this ground, not obeyed here ({rule})", "规定不得以此为由，本院未执行（{rule}）"),
    "met_by_duty": ("the meeting was called by duty, for this drug ({rule})", "此次会议因该药的时限而召开（{rule}）"),
    "met_by_other": ("the meeting was called by duty, for another drug ({rule})", "此次会议因另一药品的时限而召开（{rule}）"),
    "passed_by": ("without {rules} it would not have passed", "若无{rules}则不会通过"),
    "passed_each": ("without any one of {rules} it would not have passed", "{rules}缺少任何一条都不会通过"),
    "passed_together": ("without {rules}, taken together, it would not have passed", "若同时没有{rules}则不会通过"),
    "deferred_by": ("without {rules} it would have been refused", "若无{rules}则为未通过"),
    "deferred_each": ("without any one of {rules} it would have been refused", "{rules}缺少任何一条则为未通过"),
    "deferred_together": ("without {rules}, taken together, it would have been refused", "若同时没有{rules}则为未通过"),
    "no_place": ("no free place in the formulary was needed ({rule})", "无需等待目录空位（{rule}）"),
    "removed": (
        "nobody had been begun on it for a year, and it left the formulary", "一年内无患者开始使用，调出医院用药目录"
    ),
    "lapsed": ("unheard for so long that the request lapsed", "长期未获审议，申请失效"),
    "months_over": ("the lock-out was over", "锁定期满"),
    "catalogue_entry": ("the lock-out ended, since the drug entered the catalogue", "药品进入医保目录，锁定期提前结束"),
    "ground_gone": ("the lock-out ended, since its ground no longer stood", "未通过的理由不再成立，锁定期提前结束"),
    "by_rule": ("by {rule}", "依据{rule}"),
    "direct": ("taken in directly, without a hearing ({rule})", "未经审议，直接纳入（{rule}）"),
    "direct_no_committee": ("taken in, since no committee is simulated", "直接纳入（未模拟药事会）"),
    "need": ("a patient needed it: temporary purchase ({rule})", "患者急需，启动临时采购（{rule}）"),
    "lifted": ("which lifted the lock-out", "锁定期随之解除"),
    "supply_began": ("temporary supply began", "临时采购到货"),
    "supply_ended": ("temporary supply ended", "临时采购终止"),
    "recorded_began": ("bought on filing, before it was listed ({rule})", "未挂网先行备案采购（{rule}）"),
    "recorded_ended": ("purchasing on filing ended", "备案采购终止"),
    "room_waited": ("a place in the hospital's formulary came free", "医院用药目录有了空位"),
    "stocked": ("bought and in regular stock", "完成采购，正式配备"),
    "more_steps": ("({n} more steps between)", "（其间另有{n}步）"),
    # the end
    "end": ("end of the run: {state}", "模拟结束：{state}"),
    "total": ("{n} days from approval to regular stock", "自获批至正式配备共{n}天"),
    "total_open": ("{n} days from approval to the end of the run", "自获批至模拟结束共{n}天"),
    "wait": ("{who} {n}", "{who}{n}天"),
    "wait_firm": ("the firm's filing", "企业申报"), "wait_papers": ("corrections", "补正"), "wait_platform": ("the platform", "平台挂网"),
    "wait_learning": ("the hospital's learning of it", "医院获悉"), "wait_department": ("a department's request", "科室申请"),
    "wait_committee": ("a hearing", "药事会审议"), "wait_deferred": ("another hearing after it was put off", "缓议后再审"),
    "wait_lock_out": ("lock-outs", "锁定期"), "wait_room": ("a place in the formulary", "目录空位"), "wait_purchase": ("the purchase", "采购"),
    "supplied": ("temporary supply covered {n} of these days", "其中{n}天有临时采购供应"),
    "rules": ("Rules that mattered", "起作用的规则"),
    "no_rules": ("No clause is seen to have decided a step of this story.", "未见有条款决定本例中的任何一步。"),
    "rule": ("{clause}: {title}, {value} ({document}; {strength}, {obeyed})", "{clause}：{title}，{value}（{document}；{strength}，{obeyed}）"),
    "rule_flag": ("{clause}: {title} ({document}; {strength}, {obeyed})", "{clause}：{title}（{document}；{strength}，{obeyed}）"),
    "obeyed": ("obeyed", "已执行"), "not_obeyed": ("not obeyed", "未执行"), "partly_obeyed": ("obeyed at times", "有时执行"),
    "outside": ("This hospital does not treat the disease of this drug, so that nothing happens between them.", "该医院不诊治该药所治疾病，二者之间不发生任何事。"),
    # with and without the rules
    "before": ("Before the reforms, with the same random numbers: {then}.", "若按改革前做法、随机数相同：{then}。"),
    "then_both": ("stocked on {then} instead of {now}, {n} days {which}", "{then}配备，而非{now}，{which}{n}天"),
    "then_same": ("stocked on the same day, {now}", "同日配备，即{now}"),
    "then_only": ("stocked on {then}, here not by the end of the run", "{then}配备，而本例至模拟结束仍未配备"),
    "now_only": ("not stocked by the end of the run ({state}), here on {now}", "至模拟结束仍未配备（{state}），而本例于{now}配备"),
    "then_none": ("not stocked by the end of the run either ({state})", "至模拟结束同样未配备（{state}）"),
    "later_word": ("later", "晚"), "earlier_word": ("earlier", "早"),
    # hospitals of a drug
    "fates": ("{drug}: {n} hospitals that treat its disease", "{drug}：诊治该病的医院{n}家"),
    "fates_more": ("... and {n} more (--all)", "……另有{n}家（--all）"),
}
_STATES = {
    "not_listed": ("not listed yet", "尚未挂网"), "not_aware": ("the hospital has not learned of it", "医院尚未获悉"),
    "not_asked": ("no department is asking for it", "尚无科室申请"), "waiting": ("waiting to be heard", "等待审议"),
    "deferred": ("put off by the committee", "缓议中"), "refused": ("refused, locked out", "未通过，锁定期中"),
    "waiting_for_room": ("passed, waiting for a place in the formulary", "已通过，等待目录空位"),
    "being_bought": ("passed, being bought", "已通过，采购中"), "stocked": ("in regular stock", "已正式配备"),
    "temporary": ("temporary supply", "临时采购供应中"), "out_of_target": ("not a hospital for this drug", "不诊治该病"),
    "removed": ("taken out of the formulary", "已调出用药目录"),
}
_GROUNDS = {
    "leaning": ("the committee's leaning", "药事会倾向"), "value": ("clinical value", "临床价值"), "relevance": ("little use for this hospital", "与本院相关性低"),
    "price": ("price", "价格"), "view": ("the committee's own view", "药事会看法"), "drug_share": ("its weight in the drug share", "药占比"),
    "cost_per_visit": ("cost per visit", "次均费用"), "self_pay_ratio": ("self-pay ratio", "自费率"),
    "nrdl_membership": ("not in the insurance catalogue", "未进医保目录"), "two_specifications": ("one drug, two specifications", "一品两规"),
    "performance_monitoring": ("performance monitoring", "绩效监测"), "total_budget": ("the insurer's total budget", "医保总额预算"),
    "formulary_size": ("size of the formulary", "用药目录品种数量"),
}
# fmt: on

PHRASES = {key: Both(*pair) for key, pair in _PHRASES.items()}
STATE_WORDS = {key: Both(*pair) for key, pair in _STATES.items()}
GROUND_WORDS = {key: Both(*pair) for key, pair in _GROUNDS.items()}
COMMA, SEMICOLON = Both(", ", "、"), Both("; ", "；")


class Said(NamedTuple):
    """One phrase with its blanks; `say` tells it in a language."""

    key: str
    blanks: dict[str, Any]

    def say(self, language: str) -> str:
        """The phrase in a language; KeyError for an unknown phrase or a blank left open."""
        return pick(PHRASES[self.key], language).format(**{k: filled(v, language) for k, v in self.blanks.items()})


def said(key: str, **blanks: Any) -> Said:
    """A phrase with its blanks."""
    return Said(key, blanks)


def pick(pair: Both, language: str) -> str:
    """The text of a language."""
    return pair.zh if language == "zh" else pair.en


def filled(value: Any, language: str) -> str:
    """What stands in a blank: a text of two languages, a phrase, several of them in a row, or anything else as it is."""
    if isinstance(value, Both):
        return pick(value, language)
    if isinstance(value, Said):
        return value.say(language)
    if isinstance(value, (list, tuple)):
        return pick(COMMA, language).join(filled(v, language) for v in value)
    return str(value)
