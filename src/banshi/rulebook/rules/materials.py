"""材料: what is demanded of people, on what ground, and whether an office has it already (国办发〔2015〕86号, 〔2018〕47号)."""

import re
from collections.abc import Iterator

from banshi.catalog.enums import CopyKind, MaterialSource, MaterialType, Necessity
from banshi.catalog.guide.document import Guide, Material
from banshi.rulebook.demands import FILLED_IN, catch_all, from_village, holder_of, paper_of, vague_demand, village_proof
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.legal_weight import rests_on_law
from banshi.rulebook.proof_names import APART, plain
from banshi.rulebook.rule import About, Flaw, Rewrite, RowRule, Rule
from banshi.rulebook.rules.legal_sources import (
    ADVICE,
    COMMITMENT,
    DATA_SHARING,
    DISCLOSED_EXACTLY,
    ELEMENTS,
    GUIDES,
    LICENCE_MATERIALS,
    LICENCE_PUBLIC,
    NO_PROOF_WITHOUT_LAW,
    ONLINE_GUIDE,
    ONLINE_LICENCES,
    ONLINE_SHARED,
    PROOFS,
    SIMPLIFY,
    TOPICS,
    VILLAGE,
    VILLAGE_MATTERS,
)
from banshi.rulebook.word_lists import NamedProof

PROOF = re.compile("证明|公证书")
PHOTO = re.compile(r"照片|彩照|合影|相片")
AGREEMENT = re.compile(r"协议|合同|契约")
"""Each party keeps one, and the office."""


class CL01(RowRule):
    """每件材料要写来源：自备还是政府部门核发。"""

    rows, basis, severity, disposition = "materials", (ELEMENTS,), Severity.SHOULD, ProposedDisposition.COMPLETE

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.name and not row.source:
            yield Flaw("source", row.name, f"“{row.name}”没写来源")


class CL02(RowRule):
    """政府部门核发的材料要写由哪个部门出具。"""

    rows, basis, severity, disposition = (
        "materials",
        (NO_PROOF_WITHOUT_LAW, ELEMENTS),
        Severity.SHOULD,
        ProposedDisposition.COMPLETE,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.source == MaterialSource.GOVERNMENT and not row.issuer:
            yield Flaw("issuer", row.name, f"“{row.name}”由政府部门核发，没写是哪个部门")


class CL03(RowRule):
    """材料名称不得含糊兜底，如“相关证明材料”“法律法规规定的其他材料”。"""

    # The order is plain, but on texts it had not met the rule was right 47 of 51 times (docs/rulebook-precision.md).
    rows, basis, severity, disposition = (
        "materials",
        (ONLINE_GUIDE, LICENCE_MATERIALS),
        Severity.SHOULD,
        ProposedDisposition.REMOVE,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if word := catch_all(row):
            yield Flaw("name", word, f"“{word}”说不清是什么，窗口可以随意要；请逐件写明，写不明的取消")


class CL04(Rule):
    """不得要求提交应由居（村）委会不出具的证明（第一批20项及地方增补）。"""

    # The order is plain, but on texts it had not met the rule was right 33 of 35 times (docs/rulebook-precision.md).
    basis, severity, disposition = (VILLAGE,), Severity.SHOULD, ProposedDisposition.REMOVE

    reads = ("materials", "name")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words = self.book.words
        if words.find("village_by_law", guide.name):
            return
        for place, row in enumerate(guide.materials):
            if proof := village_proof(row, words):
                source = f"（{proof.source}）" if proof.source else ""
                said = f"“{row.name}”属于不应由居（村）委会出具的“{proof.name}”{source}，应取消或改为部门核查"
                yield Flaw(f"materials.{place}.name", row.name, said)


class CL05(RowRule):
    """其他要居（村）委会出具的证明，要有法律法规依据。"""

    rows, basis, severity, disposition = (
        "materials",
        (VILLAGE_MATTERS, PROOFS),
        Severity.SHOULD,
        ProposedDisposition.JUSTIFY,
    )
    always_judged = True

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if not from_village(row) or village_proof(row, self.book.words):
            return
        if not rests_on_law(row.basis, self.book.laws, self.book.day):
            said = f"写的“{row.basis[:40]}”不是法律法规" if row.basis else "没有写法律法规依据"
            yield Flaw("basis", row.name, f"“{row.name}”要居（村）委会出具，{said}")


class ProofWithoutLaw(RowRule):
    """Proofs demanded without law, regulation or State Council decision (国令722 第四十四条)."""

    rows = "materials"
    proof = re.compile(r"(?:证明(?:书|材料|文件|资料)?|公证书)$")
    certificate = re.compile(
        r"(?:证|证书|执照|户口簿|户口本|合同|合同书|裁定书|判决书|调解书|鉴定书)(?:原件|复印件|副本|[，、（(或/及和]|$)"
    )
    """Beside one of these the proof is not the only way; 第四十四条 wants certificates used instead of proofs."""
    several = re.compile(r"或|、|/")
    held = re.compile(
        r"[（(](?:即|如|包括)?[^（）()]{0,24}(?:证|执照|证书|户口簿|户口本|合同|判决书|调解书)》?等?[）)]|[（(](?:即|如|包括)[^（）()]{0,12}(?:判决书|调解书|协议)"
        r"|[（(](?!附|另附|并附|持|凭|带|携带|需|须)[^（）()]{0,12}(?:证|执照|证书|户口簿|户口本|合同|判决书|调解书)》?(?:[、，,/]|或者?)[^（）()]*[）)]"
        r"|证书?等(?:可以|能够?)?证明"
    )
    """Papers in brackets that say which certificate is meant."""
    listed = re.compile(
        r"(?:包括|例如|比如|如|可以?是|提供|提交)[^。；;]*(?:证|证书|户口簿|户口本|执照|判决书)(?:[、，,（(或等。；;]|$)"
    )
    """Certificates that the requirement takes for it."""
    given = re.compile(r"^.*?(?:出具|开具|开出|提供)(?:并盖章)?的?")
    joined = re.compile("以及|[、，,；;及和]|或者?")
    paper = re.compile(
        r"(?:证|书|本|簿|票|据|单|表|卡|照|合同|协议|病历|病例|档案|记录|报告|回执|流水|存折|清单|明细|凭证|文件|决定|裁定|声明|承诺)(?:原件|复印件)*$"
    )
    instead = re.compile(
        r"[（(，,：:][^（）()]*(?:证(?!明)|证书|执照|户口簿|户口本|合同|判决|病历|回执|流水|凭证|承诺|如|可)"
    )
    """Something is said of another paper, or of some proofs as examples."""

    def is_proof(self, row: Material) -> bool:
        """Tell whether what is asked for is a proof and nothing else will do."""
        if row.shared or row.type == MaterialType.FORM or vague_demand(row.name) or self.held.search(row.name):
            return False
        if self.listed.search(row.requirement) or self.listed.search(row.note):
            return False
        bare = self.book.words.without("statutory_papers", plain(APART.sub("", row.name)))
        return bool(self.proof.search(bare)) and not (self.several.search(bare) and self.certificate.search(bare))

    def is_attested(self, row: Material) -> bool:
        """Tell whether facts are to be attested and nothing else is asked for, so that no certificate can be meant."""
        bare, words = plain(APART.sub("", row.name)), self.book.words
        if words.find("never_attested", bare) or self.instead.search(row.name):
            return False
        parts = self.joined.split(self.given.sub("", bare))
        facts = [self.proof.sub("证明", part)[-14:] for part in parts if self.proof.search(part) or "证明" in part]
        others = [part for part in parts if not self.proof.search(part) and self.paper.search(part)]
        return bool(facts) and not others and all(words.find("facts_attested", fact) for fact in facts)

    def without_law(self, row: Material) -> str:
        """Say why the basis is none, or ""."""
        if not row.basis:
            return "没有写依据哪部法律法规"
        if rests_on_law(row.basis, self.book.laws, self.book.day):
            return ""
        return f"写的依据“{row.basis[:40]}”不是法律、法规或者国务院决定"


class CL06(ProofWithoutLaw):
    """没有法律法规依据的证明，一律取消。"""

    # The order is absolute, but on texts it had not met the rule was right 85 times in 100 (docs/rulebook-precision.md).
    basis, severity, disposition = (PROOFS, NO_PROOF_WITHOUT_LAW), Severity.HINT, ProposedDisposition.REMOVE

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if self.is_proof(row) and self.is_attested(row) and (why := self.without_law(row)):
            yield Flaw("basis", row.name, f"要“{row.name}”，{why}：法无授权不可为")


class CL07(RowRule):
    """要盖章的，要有依据。"""

    # Right 11 of 13 times (docs/rulebook-precision.md).
    rows, basis, severity, disposition = "materials", (SIMPLIFY,), Severity.HINT, ProposedDisposition.REMOVE
    stamped = re.compile(r"(?:盖章|加盖|公章|签章)")
    unstamped = re.compile(
        r"(?:不用|无需|无须|不需要?|不必|不再|免于?|可不|取消|废止|(?:不再?|没有|并?未)要求)(?:了)?(?:再)?(?:单位|企业|本人|任何)?(?:加盖|盖|签)(?:单位|企业)?(?:公|电子|实体)?(?:章|印章|签章|公章)?"
        r"|(?:公章|印章|签章)(?:可以?不|可免|免于?|不用|不需要?|无需|不必)(?:加盖|盖|签)?"
        r"|(?:支持|可用|可使用|可以用|可以使用|使用|采用)?电子(?:签章|印章|公章|签名)"
    )

    issuer = re.compile(
        r"(?:医院|医疗机构|银行|翻译机构|公证处|发证机关|出具单位|开具单位)的?(?:出具|开具)?并?(?:盖章|加盖|公章|签章)|加盖(?:[^，。]{0,6})(?:医院|银行|翻译机构)(?:的)?公?章"
    )
    """Who gives a paper stamps it; that is asked of nobody else."""
    either = re.compile(r"(?:章|印章)或(?:者)?(?:个人|本人|申请人)?签[字名]|签[字名]或(?:者)?(?:加盖|盖)")

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        found = self.stamped.search(
            self.issuer.sub("", self.unstamped.sub("", f"{row.name} {row.seal} {row.requirement}"))
        )
        if found and not row.basis and not self.either.search(f"{row.name} {row.requirement}"):
            yield Flaw("seal", row.seal or found.group(), f"“{row.name}”要求盖章，没有写依据；无依据的盖章环节取消")


class CL08(Rule):
    """部门之间能共享的，不得要群众提交。"""

    basis, severity, disposition = (
        (DATA_SHARING, ONLINE_SHARED, SIMPLIFY),
        Severity.SHOULD,
        ProposedDisposition.SHARE,
    )

    reads = ("materials", "name")
    original = re.compile(r"原件(?![及和、并或]?(?:其)?复印)")
    shown = re.compile(
        r"出示|查验|核验|验原件|原件(?:备查|核对|待查|验看)|(?:当场|现场|核对?后|验证?后|看后)[^，。；;]{0,4}(?:退|归|交)[还回]|不收取|不留[存底]|人证(?:合一|比对)"
        r"|只看|看一下|刷(?:一下|证)|读卡|核身|[供待](?:现场)?核对"
    )
    spared = re.compile(
        r"(?:共享|系统|部门|电子证照|核验|查到|查询)[^。；;]{0,12}(?:免予?提交|免于提交|免交|可以?不(?:用|再)?(?:提交|提供)|(?:无需|无须|不需要?|不用|不再)(?:另外|重复)?(?:提交|提供))"
    )
    """The list itself says that what offices share need not be brought."""
    given_back = re.compile(r"(?:转移|变更|更正|注销|过户|换证)登记|过户|被(?:拆除|拆迁|征收)房屋")
    """不动产登记暂行条例 第十六条: the deed is handed in, since the register takes it back."""
    foreign = re.compile(r"外国人|永久居留|台湾居民|港澳居民")
    """What such people must show of themselves was issued abroad; what firms and offices here hold is still shared."""
    papers_of_people = frozenset({"公安机关", "民政部门", "卫生健康部门", "教育部门"})
    grades = re.compile(r"免考|学分|课程")
    """A school's card is asked for the marks on it, which the register of pupils does not hold."""
    copied = re.compile(r"(?<!不收)(?<!不收取)(?<!不需)(?<!无需)(?<!不用)(?<!不留)(?<!不交)复印|扫描(?:上传|件)")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words = self.book.words
        by_law = bool(words.find("cards_by_law", guide.name))
        for place, row in enumerate(guide.materials):
            document = self._document(row)
            if document is None or document.name.removeprefix("居民") in guide.name:
                continue
            if document.name.startswith("不动产权") and self.given_back.search(guide.name + row.name):
                continue
            if document.holder in self.papers_of_people and self.foreign.search(guide.name):
                continue
            if document.name == "学籍证明" and self.grades.search(f"{guide.name} {row.requirement}"):
                continue
            card = bool(words.find("cards", document.name))
            if card and (by_law or row.copy_kind == CopyKind.ORIGINAL or self.original.search(row.name)):
                continue
            live = next((each for each in self.book.held if each.spares(document.name) or each.spares(row.name)), None)
            if live:
                where = f"{live.organ}的“{live.name}”（{live.code}，{live.sharing}）已在数据资源目录里"
            else:
                where = f"{document.holder}有“{document.resource}”"
            said = f"{where}，可以共享查到，不应要群众提交“{row.name}”"
            path = f"materials.{place}.shared"
            yield Flaw(path, row.name, said, Rewrite(path, True))

    def _document(self, row: Material) -> NamedProof | None:
        """Return what an office holds of what is asked for here."""
        # None where it is only shown, or a law asks for it.
        words = self.book.words
        told = f"{row.name} {row.requirement} {row.note}"
        shown = row.copy_kind == CopyKind.SHOWN or (
            row.copy_kind not in (CopyKind.COPY, CopyKind.BOTH)
            and self.shown.search(told)
            and not self.copied.search(told)
        )
        asked = not (row.shared or row.commitment_ok or shown or self.spared.search(told))
        if not asked or row.type == MaterialType.FORM or FILLED_IN.search(row.name) or words.find("not_held", row.name):
            return None
        document = words.shared_document(row.name) or self._in_catalogue(row.name)
        by_law = words.find("laws_of_showing", row.basis) and rests_on_law(row.basis, self.book.laws, self.book.day)
        return document if document and not by_law else None

    def _in_catalogue(self, paper: str) -> NamedProof | None:
        """Name a paper by the entry of the data catalogue that spares it, where no word list knows it."""
        for each in self.book.held:
            for name in each.papers:
                if name in paper:
                    return NamedProof(name, re.compile(re.escape(name)), each.organ, each.name)
        return None


class CL09(RowRule):
    """标了免交的，要写明从哪个部门共享。"""

    rows, basis, severity, disposition = (
        "materials",
        (DATA_SHARING, SIMPLIFY),
        Severity.SHOULD,
        ProposedDisposition.COMPLETE,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.shared and not row.shared_from and not row.issuer:
            yield Flaw("shared_from", row.name, f"“{row.name}”写了免交，没写从哪里共享")


class CL10(RowRule):
    """同一材料份数不宜过多。"""

    rows, basis, severity, disposition = "materials", (ADVICE,), Severity.SHOULD, ProposedDisposition.REDUCE

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        counted = (
            "copies_of_agreements" if AGREEMENT.search(row.name) else "photos" if PHOTO.search(row.name) else "copies"
        )
        most = self.book.words.number(counted)
        if row.copies is not None and row.copies > most:
            yield Flaw(
                "copies", f"{row.copies}份", f"“{row.name}”要{row.copies}份，请减到{most}份以内", Rewrite("copies", 1)
            )


class CL11(RowRule):
    """不同时要原件和复印件：能看原件的不收复印件。"""

    rows, basis, severity, disposition = "materials", (ADVICE,), Severity.HINT, ProposedDisposition.REDUCE

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.copy_kind == CopyKind.BOTH:
            yield Flaw(
                "copy_kind",
                row.name,
                f"“{row.name}”原件、复印件都要；可改为窗口核验原件后扫描",
                Rewrite("copy_kind", str(CopyKind.SHOWN.value)),
            )


class CL12(Rule):
    """同一材料不重复要。"""

    basis, severity, disposition = (ADVICE,), Severity.SHOULD, ProposedDisposition.REMOVE
    reads = ("materials",)

    copy_of_licence = re.compile("正本|副本")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        seen: dict[tuple[str, str], int] = {}
        for place, row in enumerate(guide.materials):
            if not row.name:
                continue
            key = (holder_of(row), paper_of(row))
            other = guide.materials[seen[key]].name if key in seen else ""
            # The original goes on the wall and its duplicate is shown, so a register asks for both back.
            both = self.copy_of_licence.findall(other + row.name)
            if key in seen and len(set(both)) < 2:
                yield Flaw(f"materials.{place}", row.name, f"“{row.name}”和第{seen[key] + 1}项重复")
            seen.setdefault(key, place)


class CL13(Rule):
    """能用书面承诺代替的证明，改为告知承诺。"""

    # Right 84 times in 100 on texts it had not met (docs/rulebook-precision.md).
    basis, severity, disposition = (COMMITMENT,), Severity.HINT, ProposedDisposition.COMMIT

    reads = ("materials", "name")
    offered = re.compile(r"(?<!不可)(?<!不得)(?<!不能)(?<!不适用)(?<!不适用告知)承诺")
    certificate = re.compile(r"(?:证|证书|执照|户口簿|户口本|合同|合同书)》?(?:原件|复印件)*(?:或者?|/)")
    """One of these will do, and nobody need write anything."""

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        words = self.book.words
        for place, row in enumerate(guide.materials):
            offered = row.commitment_ok or self.offered.search(f"{row.name} {row.requirement} {row.note}")
            word = "" if offered or row.shared else words.find("commitment_proofs", row.name)
            if (
                not word
                or ProofWithoutLaw.held.search(row.name)
                or ProofWithoutLaw.instead.search(row.name)
                or self.certificate.search(row.name)
                or words.find("no_commitment_proofs", row.name)
                or words.find("no_commitment_matters", guide.name)
            ):
                continue
            if not rests_on_law(row.basis, self.book.laws, self.book.day):
                said = f"“{word}”一般可以由申请人书面承诺，事后核查"
                path = f"materials.{place}.commitment_ok"
                yield Flaw(path, row.name, said, Rewrite(path, True))


class CL14(Rule):
    """材料不宜过多。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("materials",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        brought = sum(not row.shared for row in guide.materials)
        if brought > self.book.words.number("materials"):
            yield Flaw("materials", f"{brought}件", f"要群众交{brought}件材料，请逐件看有没有依据、能不能共享")


class CL15(RowRule):
    """要提交的材料要写依据。"""

    rows, basis, severity, disposition = (
        "materials",
        (LICENCE_MATERIALS, NO_PROOF_WITHOUT_LAW),
        Severity.HINT,
        ProposedDisposition.JUSTIFY,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        needs = row.necessity == Necessity.REQUIRED and not row.shared and row.type != MaterialType.FORM
        if row.name and needs and not row.basis and not PROOF.search(row.name):
            yield Flaw("basis", row.name, f"没有写为什么要“{row.name}”")


class CL16(RowRule):
    """“容缺后补”的材料不能又写成必须当场提交。"""

    rows, basis, severity, disposition = "materials", (ADVICE,), Severity.HINT, ProposedDisposition.CORRECT

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.necessity == Necessity.LATER and re.search(r"必须|须当场|缺一不可", f"{row.requirement}{row.note}"):
            yield Flaw("necessity", row.name, f"“{row.name}”写了可后补，填报须知里又说必须提交")


class CL17(Rule):
    """勾了“无需提交材料”的，不再列材料。"""

    basis, severity, disposition = (ONLINE_GUIDE, DISCLOSED_EXACTLY), Severity.MUST, ProposedDisposition.CORRECT
    reads = ("materials", "no_materials")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if guide.no_materials and guide.materials:
            yield Flaw(
                "no_materials", guide.materials[0].name, "写了无需提交材料，又列了材料", Rewrite("no_materials", False)
            )


class CL18(RowRule):
    """申请表要提供空白表格，最好有填写示例。"""

    rows, basis, severity, disposition = (
        "materials",
        (LICENCE_PUBLIC, GUIDES),
        Severity.HINT,
        ProposedDisposition.COMPLETE,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if row.type == MaterialType.FORM and not row.template_file:
            yield Flaw("template_file", row.name, f"“{row.name}”没有附空白表格，群众要先跑一趟去领")


class CL19(RowRule):
    """能核验电子证照的，不收纸质原件。"""

    rows, basis, severity, disposition = "materials", (ONLINE_LICENCES,), Severity.HINT, ProposedDisposition.REDUCE

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if "5" in row.collect_ways and row.form == "1":
            yield Flaw("form", row.name, f"“{row.name}”可以调用电子证照，不必再要纸质", Rewrite("form", "3"))


class CL20(ProofWithoutLaw):
    """叫作证明的材料没有依据的，要写清是哪种证照，或者写明依据。"""

    titled = re.compile(r"《[^》]+证明(?:书)?》")
    """A paper called by its whole title is named well enough."""
    basis, severity, disposition = (PROOFS, NO_PROOF_WITHOUT_LAW), Severity.HINT, ProposedDisposition.JUSTIFY

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        titled = self.titled.search(row.name)
        if not titled and self.is_proof(row) and not self.is_attested(row) and (why := self.without_law(row)):
            yield Flaw("basis", row.name, f"“{row.name}”{why}：是证照的请写证照的名称，不是的写明依据或者取消")


class CL21(RowRule):
    """材料只说了证明什么、由谁出具的，写清楚是哪一种。"""

    # Split from CL03: on texts it had not met, every fault of CL03 was here (docs/rulebook-precision.md).
    rows, basis, severity, disposition = (
        "materials",
        (ONLINE_GUIDE, LICENCE_MATERIALS),
        Severity.HINT,
        ProposedDisposition.COMPLETE,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        if (word := vague_demand(row.name)) and not catch_all(row):
            yield Flaw("name", word, f"“{word}”没有说是哪一种；请写清楚材料的名称")


class DX01(Rule):
    """服务对象和主题分类要一致。"""

    basis, severity, disposition = (TOPICS,), Severity.SHOULD, ProposedDisposition.CORRECT
    reads = ("audience", "topics")
    personal = frozenset({"生育收养", "户籍办理", "婚姻登记", "死亡殡葬", "离职退休", "优待抚恤", "出境入境"})
    corporate = frozenset({"年检年审", "投资审批", "融资信贷", "招标拍卖", "海关口岸", "法人注销", "商务贸易"})

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        audience, topics = set(guide.audience), set(guide.topics)
        if audience and "1" not in audience and (wrong := topics & self.personal):
            yield Flaw("topics", "、".join(sorted(wrong)), "服务对象没有自然人，主题却是面向个人的")
        if audience == {"1"} and (wrong := topics & self.corporate):
            yield Flaw("topics", "、".join(sorted(wrong)), "服务对象只有自然人，主题却是面向法人的")


RULES = (
    CL01,
    CL02,
    CL03,
    CL04,
    CL05,
    CL06,
    CL07,
    CL08,
    CL09,
    CL10,
    CL11,
    CL12,
    CL13,
    CL14,
    CL15,
    CL16,
    CL17,
    CL18,
    CL19,
    CL20,
    CL21,
    DX01,
)
