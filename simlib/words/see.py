"""The words of the pictures of `simlib.see`, English and Chinese side by side; {names} are blanks."""

from __future__ import annotations

from simlib.words import Words
from simlib.words import words as report_words

# fmt: off
_PHRASES: dict[str, tuple[str, str]] = {
    # what every picture says of what it shows
    "about": ("{region}; rules: {policy}; obedience of hospitals: {obedience}; simulated, not observed",
              "{region}；规则：{policy}；医院执行程度：{obedience}；模拟所得，并非实际观察"),
    "about_obedience": ("obedience of hospitals: {obedience}", "医院执行程度：{obedience}"),
    "about_simulated": ("simulated, not observed", "模拟所得，并非实际观察"),
    "about_history": ("one random history (replication {replication})", "一次随机历史（第{replication}次重复）"),
    "provisional_short": ("provisional calendar", "暂定日历"),
    "one_replication": ("one replication, hence no interval", "仅1次重复，故无区间"),
    "interval_of": ("95% interval of the mean, {n} replications", "均值的95%区间，{n}次重复"),
    "band": ("band: 95% interval of the mean, {n} replications", "色带：均值的95%区间，{n}次重复"),
    "gain_bars": ("line at a bar's end: 95% interval of the mean paired difference, {n} replications",
             "条端横线：配对差值均值的95%区间，{n}次重复"),
    "days_unit": ("{x} days", "{x}天"), "days_between": ("{x} days ({low}–{high})", "{x}天（{low}–{high}）"), "share_between": ("{share} ({low}–{high})", "{share}（{low}–{high}）"),
    "named": ("{name}: {text}", "{name}：{text}"),
    # levels as a heading
    "level_all": ("all hospitals", "全部医院"),
    # process map
    "map_title": ("From approval to the hospital's shelf: where drugs go on, and where they stay", "从获批到进院：药品在哪里前行，在哪里停留"),
    "map_note": ("Unit: pairs of a counted drug and a hospital that treats its disease; drugs approved from {since} on, followed to {end} ({level}). In brackets: 95% interval of the mean, {n} replications.",
                 "单位：“统计药品×诊治该病的医院”；自{since}起获批的药品，跟踪至{end}（{level}）。括号内：均值的95%区间，{n}次重复。"),
    "map_note_one": ("Unit: pairs of a counted drug and a hospital that treats its disease; drugs approved from {since} on, followed to {end} ({level}). One replication, hence no intervals.",
                     "单位：“统计药品×诊治该病的医院”；自{since}起获批的药品，跟踪至{end}（{level}）。仅1次重复，故无区间。"),
    "map_days": ("Days on an arrow: mean of the pairs that went on by the end. All waits counted: restricted mean over the first {days} days of the step, those still waiting included (Kaplan–Meier).",
                 "箭头上的天数：期末前已进入下一步者的均值。“计入全部等待”：该步前{days}天的限制均值，含期末仍在等待者（Kaplan–Meier）。"),
    "map_width": ("Arrow widths: share of all pairs. To the right: where pairs still were at the end of the run.",
                  "箭头宽度：占全部“药品×医院”的比例。右侧：模拟结束时仍停留之处。"),
    "map_reached": ("{share} of pairs", "占{share}"), "map_all": ("all pairs", "全部"),
    "map_restricted": ("all waits counted: {days}", "计入全部等待：{days}"),
    "map_went_on": ("{share} of them went on", "其中{share}进入下一步"), "map_skipped": ("switched off in this scenario", "该情景已关闭此环节"),
    "map_none": ("none went on", "无一进入下一步"),
    "map_before": ("{name}: {share}, {days}", "{name}：{share}，{days}"),
    "map_after": ("after approval: {days}", "批准后{days}"), "map_side_none": ("no pair", "无"),
    "map_side_where": ("beside the main line (days: where it happened)", "主线之外（天数：已发生者）"),
    "map_loops": ("of those that asked, at least once", "申请者中，至少一次"),
    "loop_not_heard": ("no place on the agenda {share}", "议程无名额 {share}"), "loop_deferred": ("deferred {share}", "缓议 {share}"),
    "loop_refused": ("refused, locked out {share}", "未通过并锁定 {share}"), "loop_lapsed": ("request lapsed {share}", "申请失效 {share}"),
    "step_approved": ("approved for the market", "获批上市"), "step_filed": ("filed for listing", "已申请挂网"),
    "step_listed": ("listed on the platform", "已在平台挂网"), "step_learned": ("the hospital has learned of it", "医院已获悉"),
    "step_asked": ("a department has asked", "科室已申请"), "step_heard": ("heard by the committee", "药事会已审议"),
    "step_passed": ("passed", "已通过"), "step_placed": ("has a place in the formulary", "已进入用药目录"),
    "step_stocked": ("in regular stock", "已正式配备"),
    "side_catalogue": ("in the basic catalogue", "进入基本医保目录"), "side_dual_channel": ("at dual-channel pharmacies", "双通道药店供应"),
    "side_temporary": ("temporary supply", "临时采购供应"),
    # where pairs still are at the end
    "end_not_listed": ("still not listed at the end", "期末仍未挂网"), "end_not_aware": ("hospital still unaware at the end", "期末医院仍未获悉"),
    "end_not_asked": ("still nobody asking at the end", "期末仍无人申请"), "end_asked_before": ("asked once, nobody asking at the end", "曾申请，期末无人再申请"),
    "end_waiting": ("still waiting to be heard", "期末仍待审议"), "end_deferred": ("deferred, still waiting", "缓议，期末仍在等待"),
    "end_refused": ("refused, locked out at the end", "未通过，期末仍锁定"), "end_waiting_for_room": ("still waiting for a place", "期末仍待空位"),
    "end_being_bought": ("still being bought", "期末仍在采购"), "end_stocked": ("in stock at the end", "期末已配备"),
    "end_temporary": ("only temporary supply at the end", "期末仅有临时采购"), "end_removed": ("taken out again, nobody used it", "因无人使用已调出"),
    "end_other": ("elsewhere", "其他"),
    # availability
    "curve_title": ("Availability after approval: share of target hospitals with the drug in regular stock", "批准后的可及性：目标医院中已正式配备的比例"),
    "curve_axis": ("months after approval", "批准后月数"), "curve_share": ("share of target pairs stocked, Kaplan–Meier (%)", "目标“药品×医院”配备比例，Kaplan–Meier估计（%）"),
    "curve_end": ("{name} {x}%", "{name} {x}%"), "with_obedience": ("{name}, {obedience} obedience", "{name}，执行：{obedience}"),
    "with_place": ("{name}, {place}", "{name}，{place}"),
    "with_changes": ("{name}, {changes}", "{name}，{changes}"), "with_number": ("{name} ({number})", "{name}（{number}）"), "no_region": ("no region", "无地区"), "nothing": ("no hospital treats the disease of a counted drug", "没有医院诊治统计药品所治疾病"),
    # bottleneck
    "bottleneck_bars": ("What would be gained if one stage alone were instant", "若单独某一环节不再耗时，可改善多少"),
    "gain_axis": ("gain, {unit}", "改善，{unit}"),
    "gain_stocked_24m": ("stocked 24 months after approval", "批准后24个月配备率"), "gain_months_without_24m": ("months without access, first 24", "前24个月无药月数"),
    "gain_treated_share": ("patients treated", "获治患者"), "gain_patient_years_waiting": ("patient-years of waiting", "等待患者年数"),
    "gain_unit_stocked_24m": ("percentage points", "百分点"), "gain_unit_months_without_24m": ("months fewer", "减少月数"),
    "gain_unit_treated_share": ("percentage points", "百分点"), "gain_unit_patient_years_waiting": ("patient-years fewer", "减少人年"),
    "gain_now": ("as it is: {x}", "现状：{x}"), "gain_pale": ("Pale and hatched: the interval holds zero, no gain to tell from luck. To the right of zero is better for patients.",
                                                           "浅色斜纹：区间含零，与随机性不可区分。零线右侧对患者更好。"),
    # one story
    "strip_title": ("{drug} at {hospital}: who was waited for", "{drug}，{hospital}：在等什么"),
    "strip_kind": ("{kind}; {about}; replication {replication}", "{kind}；{about}；第{replication}次重复"),
    "strip_supply": ("temporary supply", "临时采购供应"), "strip_now": ("under these rules", "按此规则"), "strip_before": ("before the reforms", "改革前"),
    "strip_stocked": ("in regular stock", "正式配备"), "strip_waiting": ("waiting, not in stock", "未配备"), "strip_days": ("{who}\n{n} d", "{who}\n{n}天"),
    "strip_outside": ("This hospital does not treat the disease of this drug: nothing happens between them.", "该医院不诊治该药所治疾病，二者之间不发生任何事。"),
    "strip_more": ("({n} more steps between)", "（其间另有{n}步）"),
    "who_firm": ("the firm", "企业"), "who_papers": ("corrections", "补正"), "who_platform": ("the platform", "平台"), "who_learning": ("hospital's learning", "医院获悉"),
    "who_department": ("a department", "科室申请"), "who_committee": ("a hearing", "审议"), "who_deferred": ("another hearing", "缓议后再审"),
    "who_lock_out": ("lock-out", "锁定期"), "who_room": ("a place", "目录空位"), "who_purchase": ("the purchase", "采购"),
    "who_stocked": ("in stock", "已配备"), "who_removed": ("taken out", "已调出"), "who_supply": ("temporary supply", "临时采购供应"),
    # one drug at all hospitals
    "strips_title": ("{drug} at its {n} hospitals: who is waited for, day by day", "{drug}：诊治该病的{n}家医院，每日在等什么"),
    "strips_axis": ("A line a hospital, those stocked first on top. The colour says who is waited for; a white dot, stroke or cross tells colours apart in grey.", "每行一家医院，先配备者在上。颜色表示在等什么；白点、斜纹、叉纹便于黑白打印时区分。"),
    "strips_head": ("{level}: {n}, in stock at the end {stocked}", "{level}：{n}家，期末已配备{stocked}家"),
    "strips_share": ("at the end of the run, hospitals", "模拟结束时，医院数"),
    # tiles
    "tiles_title": ("Hospitals filling up: new drugs in regular stock, one tile a hospital", "医院逐步配备新药：每格一家医院"),
    "tiles_number": ("new drugs in regular stock (number)", "正式配备的新药（种）"),
    "tiles_share": ("new drugs in regular stock (% of those approved by then that the hospital treats)", "正式配备的新药（占当时已获批且该院诊治相应疾病者的%）"),
    "tiles_note": ("New drugs: approved from {since} on. Blocks by level and type, large hospitals first. An empty frame: no new drug to stock yet.", "新药：自{since}起获批者。按级别和类型分块，大医院在前。空框：尚无可配备的新药。"),
    "tiles_count": ("{name} ({n})", "{name}（{n}家）"), "tiles_mean": ("mean {x}", "均值{x}"), "tiles_top": ("{x} or more", "{x}及以上"),
    "tiles_play": ("play", "播放"), "tiles_stop": ("stop", "停止"), "tiles_slider": ("month", "月份"), "tiles_hint": ("Move over a tile, or tap it, to see which hospital it is.", "把指针移到格子上（或轻点）即可看到是哪家医院。"),
    "tiles_script": ("This page needs its own script to move; the picture below shows six dates.", "本页需脚本才能播放；下图为六个日期。"),
    "tiles_none": ("no new drug yet", "尚无新药"), "tiles_value_number": ("{x}", "{x}种"), "tiles_value_share": ("{x}%", "{x}%"),
    # observed shares beside the curves
    "overlay_row": ("{level}, {months} months: observed {seen} ({of}), model {model}: {verdict}",
                    "{level}，{months}个月：实际观察{seen}（{of}），模型{model}：{verdict}"),
    "overlay_range": ("{mean} ({ends})", "{mean}（{ends}）"),
    "type_general": ("general", "综合"), "type_specialty": ("specialty", "专科"), "type_tcm": ("TCM", "中医"),

}
# fmt: on


def see_words(language: str) -> Words:
    """The words of the pictures laid over those of the report; InputError for a language that has no file."""
    place = 1 if language == "zh" else 0
    return Words(language, report_words(language) | {key: pair[place] for key, pair in _PHRASES.items()})
