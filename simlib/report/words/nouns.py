"""The nouns of files, commands, notebooks and reports: one meaning each, in both languages."""

from __future__ import annotations

from simlib.report.words.glossary import Term

NOUNS = (
    Term(
        "region", "地区",
        "A place: its hospitals by level, owner and kind, its people and its platform. What no notice changes.",
        "一个地方：按级别、隶属和类型列出的医院、人口和挂网平台，即文件所不能改变的部分。",
    ),
    Term(
        "policy (rulebook)", "政策（规则集）",
        "What a document says, as rules; laid upon practice before the reforms and, where it is a place's own, upon the national notice.",
        "一份文件的规定，写成规则；叠加在改革前做法之上，地方文件还叠加在国家文件之上。",
    ),
    Term(
        "clause", "条款",
        "A numbered passage of a document, such as SC-02a; every rule says by which clause it stands.",
        "文件中带编号的一段规定，如 SC-02a；每条规则都注明所依条款。",
    ),
    Term(
        "lever", "政策杠杆",
        "What a rule can set, such as the days within which a committee must meet; every lever has a unit, an addressee and a stage.",
        "规则可以设定的内容，如药事会须在多少天内召开；每个杠杆都有单位、执行主体和所属环节。",
    ),
    Term(
        "drug", "药品",
        "One product with its date of approval, disease area, price and value; the drugs of a scenario are its cohort.",
        "一个品种及其批准日期、疾病领域、价格和价值；一个情景中的全部药品称为队列。",
    ),
    Term(
        "hospital", "医院",
        "One hospital with level, owner, kind, beds and place; named after its stratum and a number where it was not listed by name.",
        "一家医院及其级别、隶属、类型、床位和所在地；未按名单给出的，以所属类别加序号命名。",
    ),
    Term(
        "stage", "环节",
        "One step of the flow from the time before approval to payment; a stage turns dates into dates.",
        "从批准之前到支付的流程中的一步；每个环节由已有日期得出新的日期。",
    ),
    Term(
        "scenario", "情景",
        "One fully specified world: region, policy, cohort, dates, obedience and every assumed number.",
        "一个完整设定的世界：地区、政策、队列、日期、执行程度和每一个假设数字。",
    ),
    Term(
        "variant", "变体",
        "A named set of changes to a scenario, kept in a file, such as monthly-meetings.",
        "对情景的一组有名称的改动，存为文件，如 monthly-meetings（每月开会）。",
    ),
    Term(
        "replication", "重复（一次模拟）",
        "One random history of a scenario. The same number means the same luck in every scenario.",
        "情景的一次随机历史。序号相同，则各情景中的偶然因素相同。",
    ),
    Term(
        "run", "运行",
        "A scenario with all its replications.",
        "一个情景及其全部重复。",
    ),
    Term(
        "batch", "批次",
        "Many runs and their report, as an experiment file names them.",
        "由一个实验文件列出的多次运行及其报告。",
    ),
    Term(
        "indicator", "指标",
        "A number that a replication leaves behind, such as the share of target hospitals that stock a drug after 24 months.",
        "每次重复得出的一个数字，如批准24个月后目标医院的配备率。",
    ),
    Term(
        "baseline", "基线",
        "What a scenario is compared with, on the same random numbers; in reports the practice before the reforms.",
        "用来与情景比较的对象，二者使用相同的随机数；报告中为改革前做法。",
    ),
    Term(
        "interval (95%)", "区间（95%）",
        "Where the mean over very many replications would probably lie. It is about luck only, not about wrong assumptions.",
        "重复次数极多时均值可能所在的范围。它只反映偶然性，不反映假设可能有误。",
    ),
    Term(
        "assumption", "假设",
        "A number that neither a document states nor a study gives; it has a range, a reason and an id, and can be wrong.",
        "文件未规定、研究也未给出的数字；附有范围、理由和编号，可能有误。",
    ),
)  # fmt: skip
