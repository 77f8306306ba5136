"""The vocabulary of rules: every lever, and every scope of drugs and hospitals. A policy file may use no other name.

`scenarios/levers.csv` is the source of the names; `simlib.policy.vocabulary` holds the levers themselves.
"""

from __future__ import annotations

from simlib.policy.vocabulary.access import ACCESS
from simlib.policy.vocabulary.before import BEFORE
from simlib.policy.vocabulary.commercial import COMMERCIAL, SETTLEMENT
from simlib.policy.vocabulary.committee import COMMITTEE, OVERSIGHT
from simlib.policy.vocabulary.lever import (
    BARRIERS,
    STRENGTHS,
    TRIGGERS,
    YEARS,
    Addressee,
    Both,
    Direction,
    Kind,
    Lever,
    Strength,
)
from simlib.policy.vocabulary.payment import DUAL_CHANNEL, PAYMENT, USE

__all__ = [
    "BARRIERS",
    "DRUG_NAMES",
    "DRUG_SCOPES",
    "DRUG_SCOPES_ZH",
    "HOSPITAL_NAMES",
    "HOSPITAL_SCOPES",
    "HOSPITAL_SCOPES_ZH",
    "LEVERS",
    "STRENGTHS",
    "TRIGGERS",
    "YEARS",
    "Addressee",
    "Both",
    "Direction",
    "Kind",
    "Lever",
    "Strength",
]

# Which drugs a scope means. `World.static_since` and stage 3 turn each into a date from which a drug is inside.
DRUG_SCOPES: dict[str, str] = {
    "all": "every drug of the cohort",
    "class1": "registration classes chemical 1 (and old 1.1), therapeutic biologic 1, TCM 1",
    "innovative": "innovative drugs where the document defines none (reading A5: class1)",
    "class1_qualifying": "class1 (reading B5: every eligible drug)",
    "negotiated": "in the national basic catalogue after negotiation, from publication",
    "nrdl_innovative": "innovative drugs of the basic catalogue; the same as negotiated in this cohort",
    "negotiated_in_term": "negotiated, within the agreement's term",
    "commercial_list": "in the commercial innovative drug catalogue, from publication",
    "application_list": "on the local application list, from its entry",
    "innovation_list": "on a provincial innovation list; assumed membership",
    "hk_macau": "products of the Hong Kong and Macau route (stage 12); none among the drugs of a cohort",
    "local": "drugs of firms in the region",
    "local_key": "drugs of key firms in the region; as local",
    "negotiated_costly": "negotiated drugs whose treatment is costly",
    "new_drugs_reviewed": "new drugs that passed the checks and the expert review for a carve-out",
    "commercial_cover": "cases within the cover of a cooperating commercial insurance",
    "new_technology": "drugs that are part of a new medical technology",
    "urgent_import": "urgently needed imports by the green channel (stage 12); none among the drugs of a cohort",
    "rare_whitelist": "on the white list of the rare-disease zone (stage 12); none among the drugs of a cohort",
}
DRUG_SCOPES_ZH: dict[str, str] = {
    "all": "药品队列中的全部药品",
    "class1": "注册分类为化学药1类（含原1.1类）、治疗用生物制品1类、中药1类的药品",
    "innovative": "文件未作定义的创新药（解读A5：按1类药品）",
    "class1_qualifying": "符合条件的1类药品（解读B5：全部符合）",
    "negotiated": "国谈药：经谈判纳入基本医保目录，自目录公布起",
    "nrdl_innovative": "基本医保目录内的创新药；在本队列中与国谈药相同",
    "negotiated_in_term": "协议期内的国谈药",
    "commercial_list": "商保创新药目录内药品，自目录公布起",
    "application_list": "本地应用清单内药品，自列入之日起",
    "innovation_list": "省级创新药械目录内药品；是否列入为假定",
    "hk_macau": "港澳药械通药品（第12环节）；药品队列中没有",
    "local": "本地企业的药品",
    "local_key": "本地重点企业的药品；按本地企业处理",
    "negotiated_costly": "治疗费用高的国谈药",
    "new_drugs_reviewed": "通过形式审查、数据核验和专家评审、可除外支付的新药",
    "commercial_cover": "属于合作商业健康保险保障范围的病例",
    "new_technology": "作为医疗新技术组成部分的药品",
    "urgent_import": "经绿色通道进口的临床急需药品（第12环节）；药品队列中没有",
    "rare_whitelist": "罕见病药品白名单内药品（第12环节）；药品队列中没有",
}
# The same as short names, for tables that many read.
DRUG_NAMES: dict[str, Both] = {
    "all": Both("all drugs", "全部药品"),
    "class1": Both("class 1 drugs", "1类药品"),
    "innovative": Both("innovative drugs", "创新药"),
    "class1_qualifying": Both("qualifying class 1 drugs", "符合条件的1类药品"),
    "negotiated": Both("negotiated drugs", "国谈药"),
    "nrdl_innovative": Both("innovative drugs of the basic catalogue", "基本医保目录内的创新药"),
    "negotiated_in_term": Both("negotiated drugs in their term", "协议期内的国谈药"),
    "commercial_list": Both("drugs of the commercial catalogue", "商保创新药目录内药品"),
    "application_list": Both("drugs on the application list", "本地应用清单内药品"),
    "innovation_list": Both("drugs on the innovation list", "省级创新药械目录内药品"),
    "hk_macau": Both("Hong Kong and Macau route", "港澳药械通药品"),
    "local": Both("drugs of local firms", "本地企业的药品"),
    "local_key": Both("drugs of local key firms", "本地重点企业的药品"),
    "negotiated_costly": Both("costly negotiated drugs", "治疗费用高的国谈药"),
    "new_drugs_reviewed": Both("new drugs passed for a carve-out", "通过评审、可除外支付的新药"),
    "commercial_cover": Both("cases covered commercially", "商业健康保险保障的病例"),
    "new_technology": Both("drugs of a new technology", "医疗新技术所含药品"),
    "urgent_import": Both("urgent imports", "临床急需进口药品"),
    "rare_whitelist": Both("rare-disease white list", "罕见病药品白名单"),
}
HOSPITAL_NAMES: dict[str, Both] = {
    "all": Both("all hospitals", "全部医院"),
    "public": Both("public hospitals", "公立医院"),
    "designated": Both("designated hospitals", "医保定点医院"),
    "tertiary_general": Both("tertiary general hospitals", "三级综合医院"),
    "tertiary": Both("tertiary hospitals", "三级医院"),
}
HOSPITAL_SCOPES: dict[str, str] = {
    "all": "every hospital",
    "public": "owner not private",
    "designated": "designated for basic insurance",
    "tertiary_general": "level 3, general",
    "tertiary": "level 3",
}
HOSPITAL_SCOPES_ZH: dict[str, str] = {
    "all": "全部医院",
    "public": "公立医院",
    "designated": "医保定点医院",
    "tertiary_general": "三级综合医院",
    "tertiary": "三级医院",
}

_ALL = (*ACCESS, *COMMITTEE, *DUAL_CHANNEL, *USE, *PAYMENT, *COMMERCIAL, *SETTLEMENT, *OVERSIGHT, *BEFORE)
LEVERS: dict[str, Lever] = {lever.name: lever for lever in _ALL}
