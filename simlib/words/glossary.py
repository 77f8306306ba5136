"""The words that a page uses, for a reader who meets them for the first time."""

from __future__ import annotations

from typing import NamedTuple

from simlib.words import Words


class Term(NamedTuple):
    """A word and what it means, in both languages."""

    en: str
    zh: str
    meaning_en: str
    meaning_zh: str

    def term(self, w: Words) -> str:
        """The word."""
        return self.zh if w.language == "zh" else self.en

    def meaning(self, w: Words) -> str:
        """What it means."""
        return self.meaning_zh if w.language == "zh" else self.meaning_en


GLOSSARY = (
    Term(
        "tertiary, secondary, primary hospital", "三级、二级、一级医院",
        "The three grades of hospitals in China: level 3 has the large ones, level 1 the small ones.",
        "中国医院的三个级别：三级为大型医院，一级为小型医院。",
    ),
    Term(
        "target hospital", "目标医院",
        "A hospital whose specialties treat the drug's disease; only these are counted for the drug.",
        "设有相应专科、诊治该药所治疾病的医院；统计某药时只计这些医院。",
    ),
    Term(
        "stocked", "已配备（正式配备）",
        "The hospital holds the drug as regular stock: the committee passed it, it has a place in the formulary, and it was bought.",
        "医院正式备有该药：药事会已通过，用药目录中有位置，并已采购到货。",
    ),
    Term(
        "temporary supply", "临时采购",
        "The drug is bought for single patients before, or without, the committee's passing it.",
        "在药事会通过之前或未通过时，为个别患者采购。",
    ),
    Term(
        "asking", "申请",
        "A department asks the hospital's drug committee to take the drug in; nothing is heard that nobody asked for.",
        "科室向本院药事会申请引进该药；无人申请的药品不会被审议。",
    ),
    Term(
        "canvass (push)", "征询科室",
        "The hospital asks its departments about a drug on its own account, because a rule tells it to; a request becomes more likely.",
        "医院按规则主动就某药征询各科室意见，使科室更可能提出申请。",
    ),
    Term(
        "agenda place", "议程名额",
        "Room for one product at one meeting of the committee; requests beyond the places wait for the next meeting.",
        "一次药事会上一个品种的审议位置；超出名额的申请等待下次会议。",
    ),
    Term(
        "drug committee", "药事会",
        "The hospital's committee on pharmacy and therapeutics: it hears requests for drugs that are new to the hospital.",
        "医院药事管理与药物治疗学委员会（组）的简称，审议新药进院。",
    ),
    Term(
        "listing", "挂网",
        "The drug stands on the province's purchasing platform, from which hospitals buy.",
        "药品在省级医药采购平台上公布，医院方可按此采购。",
    ),
    Term(
        "negotiated drug", "国谈药",
        "A drug that entered the national catalogue by negotiating its price with the national insurer.",
        "经国家医保谈判纳入医保目录的药品。",
    ),
    Term(
        "dual channel", "双通道",
        "Negotiated drugs are sold and reimbursed at appointed pharmacies as well as at appointed hospitals.",
        "定点医疗机构和定点零售药店两个渠道都可供应，并按规定报销。",
    ),
    Term(
        "lock-out", "锁定期",
        "The months after a refusal in which the hospital does not hear the drug again.",
        "未通过之后，医院不再审议该药的月数。",
    ),
    Term(
        "room (free place in the formulary)", "空位（用药目录空位）",
        "A hospital's formulary holds a limited number of products; a drug that passed waits until a place is free.",
        "医院用药目录的品种数有限；已通过的药品须等待空位。",
    ),
    Term(
        "catalogue", "目录",
        "The list of drugs that the national basic health insurance pays for, published once a year; the commercial catalogue names innovative drugs for private insurers.",
        "国家医保药品目录（简称医保目录），所列药品由基本医保基金支付，每年公布一次；《商业健康保险创新药品目录》（商保创新药目录）所列创新药供商业健康保险参考使用。",
    ),
    Term(
        "application list", "应用清单",
        "A list of innovative drugs that a province or city asks its hospitals to use.",
        "省市要求医院使用的创新药清单。",
    ),
    Term(
        "obedience", "执行",
        "Whether a hospital does what a rule asks. Full: always; none: never; both are bounds.",
        "医院是否按规则去做。完全：总是；不执行：从不；两者都是上下界。",
    ),
    Term(
        "default obedience", "默认执行",
        "Each hospital obeys with an assumed chance, by the strength of the clause (must, declared, encouraged, explore) and by oversight.",
        "每家医院按假设的概率执行，取决于条款力度（必须、明确推进、鼓励、探索）和监督措施。",
    ),
    Term(
        "log-odds", "对数优势",
        "The scale on which chances are moved: +0.7 doubles the odds, −0.7 halves them; a chance of 50% becomes 67% or 33%.",
        "改变概率所用的尺度：+0.7使优势加倍，−0.7使其减半；50%的概率变为67%或33%。",
    ),
)  # fmt: skip
