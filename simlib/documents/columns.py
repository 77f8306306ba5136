"""What the columns of the workbook mean that the data dictionary of indicators does not name: (unit, English, Chinese)."""

from __future__ import annotations

import pandas as pd

COLUMNS: dict[str, tuple[str, str, str]] = {
    "month": ("months", "months after the drug's approval (curves)", "药品批准后的月数（曲线）"),
    "path": ("", "where an assumed number stands in assumptions.yaml", "假设数字在 assumptions.yaml 中的位置"),
    "id": ("", "id of an assumed number in the register, docs/assumptions.md", "假设数字在登记表 docs/assumptions.zh.md 中的编号"),
    "reason_zh": ("", "what the number is, and why it has this value and range, in Chinese", "该数字是什么、为何取此值和范围（中文）"),
    "kind": ("", "stated, published, assumed or switch", "文件载明、公开发表、假设或开关"),
    "value": ("", "the value as the file has it; of an assumed number in the unit named in its reason", "文件中的取值；假设数字的单位见其理由"),
    "value_en": ("", "the value in English words", "取值（英文）"),
    "value_zh": ("", "the value in Chinese words", "取值（中文）"),
    "range_low": ("as value", "low end of the range in which it could as well lie", "可能范围的低端"),
    "range_high": ("as value", "high end of the range in which it could as well lie", "可能范围的高端"),
    "low_value": ("as value", "the value at the low end, as it was moved", "移到低端时的取值"),
    "high_value": ("as value", "the value at the high end, as it was moved", "移到高端时的取值"),
    "effect_base": ("part of 1", "gain over before reform with every number as assumed", "各数字均取假设值时比改革前的提高"),
    "base_low": ("part of 1", "lower end of the 95% interval of effect_base", "effect_base 的95%区间下限"),
    "base_high": ("part of 1", "upper end of the 95% interval of effect_base", "effect_base 的95%区间上限"),
    "effect_low": ("part of 1", "gain with this number at the low end of its range", "该数字取低端时的提高"),
    "low_low": ("part of 1", "lower end of the 95% interval of effect_low", "effect_low 的95%区间下限"),
    "low_high": ("part of 1", "upper end of the 95% interval of effect_low", "effect_low 的95%区间上限"),
    "effect_high": ("part of 1", "gain with this number at the high end of its range", "该数字取高端时的提高"),
    "high_low": ("part of 1", "lower end of the 95% interval of effect_high", "effect_high 的95%区间下限"),
    "high_high": ("part of 1", "upper end of the 95% interval of effect_high", "effect_high 的95%区间上限"),
    "swing": ("part of 1", "distance between the gains at both ends", "两端提高幅度之差"),
    "drugs": ("", "codes of the drugs that a rule means", "规则所指药品的代码"),
    "hospitals": ("", "codes of the hospitals that a rule means", "规则所指医院的代码"),
}  # fmt: skip


def with_columns(dictionary: pd.DataFrame) -> pd.DataFrame:
    """The data dictionary, and below it the columns of the other sheets."""
    rows = [("column", name, unit, en, zh, en, "") for name, (unit, en, zh) in COLUMNS.items()]
    known = set(dictionary["name"])
    more = pd.DataFrame([r for r in rows if r[1] not in known], columns=list(dictionary.columns))
    return pd.concat([dictionary, more], ignore_index=True)
