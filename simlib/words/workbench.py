"""The words of `explore`, English and Chinese side by side. {names} are blanks."""

from __future__ import annotations

from simlib.words import Words, words

# fmt: off
_PHRASES: dict[str, tuple[str, str]] = {
    "language": ("language", "语言"),
    # what is picked
    "region": ("Place", "地区"), "cohort": ("Drugs", "药品"), "obedience": ("Obedience", "执行程度"),
    "baseline": ("Compared with", "比较对象"), "most": ("Replications", "重复次数"), "policy": ("Rulebook", "规则"),
    "place_small-world": ("small world (100 made-up hospitals)", "小世界（100家虚构医院）"),
    "baseline_as-written": ("this rulebook as written", "本套规则原文"),
    "hint_region": ("The small world answers in a moment; a province takes seconds a replication, the nation longer.",
                    "小世界即刻给出结果；省级每次重复需数秒，全国更久。"),
    "hint_cohort": ("Which new drugs are approved, and when.", "哪些新药、何时获批。"),
    "hint_obedience": ("How far hospitals do what rules ask of them.", "医院在多大程度上执行规则。"),
    "hint_baseline": ("It stays in the picture; differences are paired on common random numbers.",
                      "始终显示在图中；差异采用相同随机数配对计算。"),
    "hint_most": ("Up to how many random histories the picture sharpens.", "图中结果最多由多少次随机重复得出。"),
    "hint_policy": ("Sets every rule below as the documents have it, and takes your changes back.",
                    "将下方每条规则恢复为文件原文，并撤销您的改动。"),
    # the rules
    "rules": ("The rules, by stage of the flow", "各环节的规则"),
    "stage": ("{number} {name}", "{number} {name}"),
    "stage_counts": (" · {on} of {all} in force", "：{on}/{all}条生效"),
    "stage_changed": (" · {n} changed", "，已改{n}条"),
    "add": ("+ {title}", "+ {title}"),
    "tip_rule": ("{says} Clause: {clause}, {document}. Drugs and hospitals: {scope}. Obeyed by: {binds}. As written: {value}, {strength}.",
                 "{says}条款：{clause}，{document}。适用：{scope}。执行方：{binds}。原文：{value}，{strength}。"),
    "tip_missing": ("{says} No document of this rulebook has it. Proposed as in {clause}: {value}; drugs and hospitals: {scope}. Obeyed by: {binds}.",
                    "{says}本套规则中没有此条。建议值取自{clause}：{value}；适用：{scope}。执行方：{binds}。"),
    "tip_guess": ("{says} No document has it; proposed: {value}; drugs and hospitals: {scope}. Obeyed by: {binds}.",
                  "{says}现有文件均无此条；建议值：{value}；适用：{scope}。执行方：{binds}。"),
    "tip_acts": (" Does not act: {why}.", "不起作用：{why}。"),
    "tip_locked": (" {clause} sets this more than once: {rules}. It can be switched off and on here; to change one of them, edit the policy's file.",
                   "{clause}对此有多项规定：{rules}。此处只能整体关闭或开启；如需修改其中一项，请编辑政策文件。"),
    "either": (" or ", "或"), "both": (" and ", "且"), "is_": (": ", "："), "and_then": (", ", "，"), "comma": (", ", "、"),
    "strength": ("strength: explore < encouraged < declared < must", "力度：探索 < 鼓励 < 明确推进 < 必须"),
    "many": ("several can be picked (Ctrl or Shift)", "可多选（按Ctrl或Shift）"),
    # the picture
    "changed": ("{name}, changed", "{name}（已改）"), "as_written": ("{name}, as written", "{name}（原文）"),
    "picture_title": ("Availability after approval", "批准后的配备情况"),
    "picture_note": ("{n} of {most} replications; bands: 95% interval of the mean", "{most}次重复中的{n}次；色带：均值的95%区间"),
    "picture_one": ("1 of {most} replications: no interval yet", "{most}次重复中的1次：尚无区间"),
    "axis_stocked": ("target hospitals that stock it (%)", "目标医院配备率（%）"),
    "differences": ("Difference to {name} (percentage points), 95% interval", "与{name}的差异（百分点），95%区间"),
    "no_difference": ("nothing to compare: it is the baseline itself", "无可比较：即比较对象本身"),
    "tertiary": ("tertiary", "三级"), "secondary": ("secondary", "二级"),
    "row_stocked_24m": ("stocked 24 months after approval", "批准后24个月配备率"),
    "row_stocked_12m_catalogue": ("stocked 12 months after catalogue", "目录公布后12个月配备率"),
    "row_provided_24m": ("stocked or temporary, 24 months", "批准后24个月配备或临采率"),
    "row_treated_share": ("eligible patients treated", "适用患者获治比例"),
    "all_hospitals": ("all hospitals", "全部医院"),
    # the table
    "col_measure": ("measure", "指标"), "col_now": ("now", "当前"), "col_difference": ("difference (95% interval)", "差异（95%区间）"),
    "simulated": ("Simulated, not observed.", "模拟所得，并非实际观察。"),
    # how far it is
    "preparing": ("Preparing the simulation (the first time on a machine it compiles for about half a minute) …",
                  "正在准备模拟（在一台机器上首次运行需编译约半分钟）……"),
    "running": ("Running: {n} of {most} replications", "运行中：{most}次重复中的{n}次"),
    "finished": ("Done: {n} replications", "完成：{n}次重复"),
    "interval_now": ("; stocked 24 months after approval, tertiary: {value}",
                     "；批准后24个月三级医院配备率：{value}"),
    "trouble": ("The simulation stopped ({why}). Move anything to start it again.", "模拟已停止（{why}）。移动任一控件即可重新启动。"),
    "refused": ("Not possible: {why}", "无法执行：{why}"),
    "refused_english": ("Not possible: {why}", "无法执行（说明为英文）：{why}"),
    "no_effect": ("; your changes make no difference in {n} replications, not in any measure", "；您的改动在{n}次重复中未使任何指标发生变化"),
    "no_effect_by": ("; your changes make no difference in {n} replications: the better value of {clauses} prevails",
                     "；您的改动在{n}次重复中未使任何指标发生变化：{clauses}的值更优，以其为准"),
    # what is refused here
    "refuse_name": ("{name} is no name for a variant: small letters, digits and hyphens only, such as two-months",
                    "{name}不能用作变体名称：只能用小写字母、数字和连字符，如 two-months"),
    "refuse_second": ("there is a variant {name} already; choose another name", "变体{name}已存在；请换一个名称"),
    "refuse_changes": ("nothing is changed, so that there is nothing to save", "没有任何改动，无可保存"),
    "refuse_writing": ("{path} cannot be written ({why}); make its folder writable, or set SIMLIB_HOME to a copy of the project that is",
                       "无法写入{path}（{why}）；请将其所在文件夹设为可写，或将SIMLIB_HOME设为可写的项目副本"),
    "refuse_locked": ("{clause} sets this more than once and differently; edit the policy's file to change one of them",
                      "{clause}对此有多项不同规定；如需修改其中一项，请编辑政策文件"),
    "refuse_no_picture": ("there is no picture yet of what is picked; wait for the first replication", "所选内容尚无图；请等待第一次重复完成"),
    # beside the picture
    "save_picture": ("Save picture", "保存图片"), "picture_saved": ("Saved as SVG and PNG: {path}", "已保存为SVG和PNG：{path}"),
    "read_more": ("What the words mean: docs/glossary.md. What this cannot say: docs/limits.md.",
                  "术语说明：docs/glossary.zh.md。本模型不能说明什么：docs/limits.zh.md。"),
    # keys of a scenario that a variant may change
    "key_start": ("first day of the run", "模拟起始日"), "key_end": ("last day of the run", "模拟结束日"),
    "key_policy_from": ("start of the policy", "政策起始日"), "key_count_until": ("drugs are counted until", "药品计数截止日"),
    "key_horizon_days": ("length of the run in days", "模拟天数"), "key_seed": ("seed of the random numbers", "随机数种子"),
    "key_calendar": ("calendar", "日历"), "key_as_dated": ("documents on their own days", "文件按自身有效期适用"),
    "key_replications": ("replications", "重复次数"), "key_snapshots": ("days of count", "统计时点"),
    "key_rounds": ("rounds of the insurance catalogue", "医保目录调整轮次"),
    # what changed, Python, variants
    "tab_changed": ("What changed", "改动"), "tab_python": ("Python", "Python"), "tab_variant": ("Variants", "变体"),
    "nothing_changed": ("Nothing: the rulebook stands as written.", "没有改动：规则为原文。"),
    "col_rule": ("rule", "规则"), "col_was": ("as written", "原文"), "col_is": ("now", "当前"), "no_rule": ("—", "—"),
    "python_note": ("The same in Python:", "用Python完成同样的操作："),
    "undo": ("Undo", "撤销"), "reset": ("As written", "恢复原文"),
    "save": ("Save as a variant", "另存为变体"), "save_name": ("Name", "名称"), "save_title": ("Title", "标题"),
    "save_hint": ("small letters, digits and hyphens, such as two-months", "小写字母、数字和连字符，如 two-months"),
    "saved": ("Saved: {path}. Run it: simlib run {scenario} {options}", "已保存：{path}。运行：simlib run {scenario} {options}"),
    "open": ("Open and run", "打开并运行"), "open_which": ("Stored variants", "已存变体"),
    "opened": ("Opened: {name}", "已打开：{name}"),
    "no_loop": ("explore needs a notebook; start one with: simlib lab", "explore 需在笔记本中使用；启动方式：simlib lab"),
}
# fmt: on


def explore_words(language: str) -> Words:
    """The words of the report and of `explore` in a language."""
    side = language == "zh"
    return Words(language, {**words(language), **{k: v[side] for k, v in _PHRASES.items()}})
