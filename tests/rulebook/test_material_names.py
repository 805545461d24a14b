"""Material names read as departments write them."""

import pytest

from banshi.rulebook.material_names import NamedPaper, may_give, named_issuers, read_material


def needs(text: str, issuer: str = "") -> list[list[str]]:
    return [[paper.name for paper in need] for need in read_material(text, issuer)]


def only(text: str, issuer: str = "") -> NamedPaper:
    [[paper]] = read_material(text, issuer)
    return paper


@pytest.mark.parametrize(
    ("written", "papers"),
    [
        ("户口簿或居住证", ["户口簿", "居住证"]),
        ("购房合同或者不动产权证书", ["购房合同", "不动产权证书"]),
        ("低保证/残疾人补贴回执", ["低保证", "残疾人补贴回执"]),
        ("病历、诊断证明任一", ["病历", "诊断证明"]),
        ("病历、费用清单、诊断证明任选其一", ["病历", "费用清单", "诊断证明"]),
        ("下列材料之一：1.经济困难证明；2.特困供养证", ["经济困难证明", "特困供养证"]),
        ("居住证明（有租赁合同的不需提供）", ["居住证明", "租赁合同"]),
        ("房屋归属证明（可用不动产权证代替）", ["房屋归属证明", "不动产权证"]),
        ("户口本（没有户口本的提供派出所户籍证明）", ["户口本", "户籍证明"]),
        ("死亡证明；无法提供死亡证明的提供法院判决书", ["死亡证明", "法院判决书"]),
        *[
            (f"户口簿、居住证{ending}", ["户口簿", "居住证"])
            for ending in (
                *("（提供一项即可）", "（符合一项即可）", "（二者取其一）", "（择一提供）", "均可", "其一", "有一即可"),
                *("至少提供一项", "，二者选其一", "任意一种", "（提交其中一种即可）"),
            )
        ],
        ("户口簿（居住证亦可）", ["户口簿", "居住证"]),
        ("医院出具的诊断证明或者出院小结", ["诊断证明", "出院小结"]),
        ("营业执照副本或登记档案截图", ["营业执照", "登记档案截图"]),
        ("交易明细或者银行流水", ["交易明细", "银行流水"]),
        ("户口簿，居住证也可以", ["户口簿", "居住证"]),
        ("户口簿\n或\n居住证", ["户口簿", "居住证"]),
        ("租房的提供租赁合同，有房的提供不动产权证", ["租赁合同", "不动产权证"]),
        ("本地户籍提供户口簿；外地户籍提供居住证", ["户口簿", "居住证"]),
        ("收入证明或书面承诺", ["收入证明", "书面承诺"]),
        ("结婚证（或离婚证、离婚判决书）", ["结婚证", "离婚证", "离婚判决书"]),
        ("以下材料任选其一：（1）户口簿（2）居住证（3）租赁合同", ["户口簿", "居住证", "租赁合同"]),
        ("户口簿 居住证 租赁合同 其中之一", ["户口簿", "居住证", "租赁合同"]),
        ("居住证明(房产证/租赁合同/居委会证明)", ["居住证明", "房产证", "租赁合同", "居委会证明"]),
    ],
)
def test_alternatives_are_one_need(written: str, papers: list[str]) -> None:
    assert needs(written) == [papers]


@pytest.mark.parametrize(
    ("written", "papers"),
    [
        ("公积金缴存证明、参保证明", ["公积金缴存证明", "参保证明"]),
        ("①低保证 ②身份证", ["低保证", "身份证"]),
        ("1.户口簿；2.结婚证", ["户口簿", "结婚证"]),
        ("项目备案表和环评批复", ["项目备案表", "环评批复"]),
        ("身份证及户口簿", ["身份证", "户口簿"]),
        ("残疾评定表及鉴定意见书", ["残疾评定表", "鉴定意见书"]),
    ],
)
def test_a_cell_of_several_papers_is_several_needs(written: str, papers: list[str]) -> None:
    assert needs(written) == [[paper] for paper in papers]


def test_alternatives_beside_each_other_are_needs_of_their_own() -> None:
    assert needs("身份证或户口簿、结婚证或离婚证") == [["身份证", "户口簿"], ["结婚证", "离婚证"]]
    assert needs("身份证；租房的提供租赁合同；有房的提供房产证") == [["身份证"], ["租赁合同", "房产证"]]


@pytest.mark.parametrize(
    "written",
    [
        "残疾人证（如有）",
        "如有残疾人证，请提供",
        "残疾人证（视情况提供）",
        "残疾的提供残疾人证",
        "民族成份证明（变更民族的）",
        "离婚证（离异的）",
        "授权委托书（委托办理的）",
        "租赁备案证明（租房者）",
    ],
)
def test_what_is_not_asked_of_everybody_is_no_need(written: str) -> None:
    assert needs(written) == []


@pytest.mark.parametrize(
    "written",
    [
        "工资收入和支出情况说明",
        "材料真实性承诺函",
        "法律法规规定的其他材料",
        "及格证明",
    ],
)
def test_a_name_that_only_looks_like_two_stays_one(written: str) -> None:
    assert len(needs(written)) == 1


@pytest.mark.parametrize(
    ("written", "paper", "kind"),
    [
        ("居民委员会出具的家庭关系情况说明", "家庭关系情况说明", "村居"),
        ("公安机关开具的亲属关系证明", "亲属关系证明", "公安"),
        ("社区（村）盖章的家庭成员情况说明", "家庭成员情况说明", "村居"),
        ("由居住地社区居民委员会出具的现实表现情况说明（加盖公章）", "现实表现情况说明", "村居"),
        ("火化证（殡仪馆出具）", "火化证", "殡葬"),
        ("居住证明（社区盖章）", "居住证明", "村居"),
        ("派出所户籍证明", "户籍证明", "公安"),
        ("居委会介绍信", "介绍信", "村居"),
        ("村委会证明信", "证明信", "村居"),
        ("医院出具的死亡医学证明（复印件）", "死亡医学证明", "医疗"),
        ("县人社局核发的失业登记单", "失业登记单", "人社"),
        ("村两委盖章的分户证明", "分户证明", "村居"),
    ],
)
def test_who_gives_it_is_read_out_of_the_name(written: str, paper: str, kind: str) -> None:
    found = only(written)
    assert found.name == paper
    assert found.issuers == (frozenset({kind}) if kind else frozenset())


@pytest.mark.parametrize(
    ("written", "issuer"),
    [
        ("工作单位出具的收入证明", "工作单位"),
        ("收入证明（用人单位开具）", "用人单位"),
        ("收入证明（单位）", "单位"),
        ("收入证明（所在单位盖章）", "所在单位"),
        ("物业公司开具的收入证明", "物业公司"),
        ("收入证明（由房东签字确认）", "房东签字"),
        ("本人自拟的收入证明", "自备"),
        ("收入证明（自备）", "自备"),
        ("工作单位收入证明", "工作单位"),
    ],
)
def test_who_is_named_but_of_no_known_kind_is_kept(written: str, issuer: str) -> None:
    found = only(written)
    assert (found.name, found.issuers, found.issuer) == ("收入证明", frozenset(), issuer)


@pytest.mark.parametrize(
    "written",
    ["结婚证（原件）", "收入证明（盖章的）", "银行卡（本人的）", "体检表（三个月内的）", "户籍证明（载明民族）"],
)
def test_brackets_that_only_describe_a_paper_leave_it_needed(written: str) -> None:
    assert len(read_material(written)) == 1


@pytest.mark.parametrize(
    ("issuer", "organ"),
    [
        ("民宗部门", "县民族宗教事务局"),
        ("工信部门", "县经济和信息化局"),
        ("侨联", "县归国华侨联合会"),
        ("团委", "共青团某县委员会"),
    ],
)
def test_an_office_is_known_by_its_short_name(issuer: str, organ: str) -> None:
    ((kinds, name),) = named_issuers(issuer)
    assert may_give(kinds, name, organ)
    assert not may_give(kinds, name, "县农业农村局")


@pytest.mark.parametrize("nobody", ["", "有关部门", "有关单位", "主管部门", "政府部门", "发证机关", "/"])
def test_any_office_names_nobody(nobody: str) -> None:
    found = only("收入证明", nobody)
    assert (found.issuers, found.issuer) == (frozenset(), "")


def test_issuers_joined_by_or_are_alternatives() -> None:
    [papers] = read_material("收入证明", "单位或居委会")
    assert [(sorted(each.issuers), each.issuer) for each in papers] == [([], "单位"), (["村居"], "")]


@pytest.mark.parametrize(
    ("issuer", "organ", "may"),
    [
        ("殡葬服务站", "县殡葬服务站", True),
        ("二手车交易市场", "市二手车交易市场", True),
        ("工作单位", "东门社区居委会", False),
        ("物业公司", "县自来水公司", False),
        ("县档案馆", "县文化馆", False),
        ("县档案馆", "县档案局", True),
        ("工作单位", "县政务服务中心", True),
        ("", "东门社区居委会", True),
    ],
)
def test_who_is_named_shares_a_word_with_who_gives(issuer: str, organ: str, may: bool) -> None:
    assert may_give(frozenset(), issuer, organ) is may


def test_what_the_name_says_goes_before_what_stands_beside_it() -> None:
    assert only("居住证明", "城关派出所").issuers == {"公安"}
    assert only("社区出具的居住证明", "城关派出所").issuers == {"村居"}


def test_village_banks_and_community_clinics_are_no_committees() -> None:
    assert only("社区卫生服务中心出具的体检报告").issuers == {"医疗"}
    assert "村居" not in only("村镇银行出具的存款凭证").issuers


@pytest.mark.parametrize("paper", ["情况说明", "材料", "记录", "函", "回执", "报告", "清单", "单"])
def test_each_kind_of_paper_ends_a_name(paper: str) -> None:
    assert needs(f"甲地转诊{paper}或身份证") == [[f"甲地转诊{paper}", "身份证"]]


def test_originals_copies_and_recency_do_not_tell_papers_apart() -> None:
    copy = only("结婚证复印件1份")
    assert (copy.name, copy.copy) == ("结婚证", True)
    assert only("结婚证（原件及复印件）").name == "结婚证"
    assert only("近三个月内的银行流水清单").name == "银行流水清单"


def test_whose_it_is_is_kept_apart() -> None:
    found = only("父母双方的结婚证")
    assert (found.name, found.holder) == ("结婚证", "父母双方")


def test_another_name_in_brackets_is_an_alias() -> None:
    assert only("就业创业证（就业失业登记证）").aliases == ("就业失业登记证",)


@pytest.mark.parametrize(
    ("name", "issuer", "paper", "kinds"),
    [
        ("婚姻状况证明", "民政部门（不由社区出具）", "婚姻状况证明", {"民政"}),
        ("亲属关系证明（不再由村委会出具）", "", "亲属关系证明", set()),
        ("无需村委会盖章的家庭情况申报表", "", "家庭情况申报表", set()),
        ("居住证明（禁止社区出具）", "", "居住证明", set()),
        ("非本村村民证明", "村委会", "非本村村民证明", {"村居"}),
        ("村委会出具的居住证明", "", "居住证明", {"村居"}),
    ],
)
def test_who_is_named_as_not_giving_it_does_not_give_it(name: str, issuer: str, paper: str, kinds: set[str]) -> None:
    [[read]] = read_material(name, issuer)
    assert (read.name, set(read.issuers)) == (paper, kinds)
