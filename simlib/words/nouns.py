"""The nouns of model, files and commands: one meaning each, in both languages."""

from __future__ import annotations

from simlib.words.glossary import Term

NOUNS = (
    Term(
        "region", "地区",
        "A place with its hospitals, population and procurement platform: what no notice changes.",
        "一个地方及其医院、人口和采购平台，即不因文件而变的部分。",
    ),
    Term(
        "policy, rulebook", "政策、规则（一套规则）",
        "A stack of policy documents, the local one on the national one, read as rules with values, scopes and strengths.",
        "一组政策文件，地方文件叠加于国家文件之上，表示为带有取值、范围和力度的规则。",
    ),
    Term(
        "clause", "条款",
        "A sentence of a document from which a rule comes, with an id such as SC-02a.",
        "规则所出自的文件条文，有编号，如SC-02a。",
    ),
    Term(
        "lever", "规则项",
        "One thing that documents can set, such as the time within which a committee must meet.",
        "文件可以规定的一项内容，如药事会须在多长时间内召开。",
    ),
    Term("drug", "药品", "A newly approved product, real or synthetic.", "新批准的品种，真实的或模拟生成的。"),
    Term(
        "hospital", "医院",
        "A hospital with level, type, owner, beds and the habits of its drug committee.",
        "有级别、类型、隶属、床位和药事会习惯的一家医院。",
    ),
    Term(
        "stage", "环节",
        "A step between approval and the patient, such as listing, asking or the committee.",
        "从批准到患者之间的一步，如挂网、申请或药事会。",
    ),
    Term(
        "scenario", "情景",
        "One fully specified world: region, policy, drugs, dates, obedience and all numbers.",
        "完整设定的一个世界：地区、政策、药品、日期、执行程度和全部数字。",
    ),
    Term(
        "variant", "变体",
        "A scenario that differs from another by named changes.",
        "与另一情景只在指明的改动上不同的情景。",
    ),
    Term(
        "baseline", "基线（对照）",
        "The scenario with which another is compared, mostly practice before the reforms.",
        "用来对照的情景，多为改革前的做法。",
    ),
    Term(
        "replication", "重复",
        "One random history of a scenario; the same number has the same luck under every rulebook.",
        "情景的一次随机过程；同一编号在各套规则下随机性相同。",
    ),
    Term(
        "cohort", "队列（药品）",
        "The drugs of a scenario and when they are approved: synthetic, by a pipeline, or a user's own list.",
        "一个情景中的药品及其批准时间：模拟生成的、由研发管线产生的，或用户自己的清单。",
    ),
    Term(
        "reading", "解读",
        "The answer taken to a question that a clause leaves open; the other answers can be simulated too.",
        "条文留有疑义之处所取的一种理解；其他理解也可模拟。",
    ),
    Term(
        "assumption", "假设",
        "A number that no document gives, with its range and the reason for it.",
        "文件未给出的数字，附其范围和理由。",
    ),
    Term("run", "运行", "A scenario with all its replications.", "一个情景及其全部重复。"),
    Term("batch", "批次", "Many runs and their reports.", "多次运行及其报告。"),
    Term(
        "experiment", "实验",
        "A question put as many scenarios: regions by policies by degrees of obedience.",
        "以许多情景提出的一个问题：地区、政策与执行程度的组合。",
    ),
    Term("indicator", "指标", "A measure with a unit, taken from every replication.", "带单位的度量，取自每一次重复。"),
    Term(
        "interval", "区间",
        "A range made so that, if all replications were done anew 100 times, about 95 of the ranges would hold the model's true mean; luck only.",
        "若把全部重复重新做100遍，约有95遍所得的区间包含模型的真实均值；只含随机性。",
    ),
)  # fmt: skip
