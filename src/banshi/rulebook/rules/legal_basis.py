"""依据、条件: whether what is demanded rests on something in force."""

import re
from collections.abc import Iterator

from banshi.catalog.guide.document import Basis, Condition, Guide, Material
from banshi.law.register import WITH_PLACE, Force, LawFacts, Resolution, name_key, number_key
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.legal_weight import citations_in
from banshi.rulebook.rule import About, Flaw, Rewrite, RowRule, Rule
from banshi.rulebook.rules.legal_sources import (
    ADVICE,
    DISCLOSED_EXACTLY,
    DISCLOSED_HANDLING,
    ELEMENTS,
    LICENCE_CONDITIONS,
    LICENCE_PUBLIC,
    ONLINE_GUIDE,
    STANDARD_GUIDES,
)

DOC_NO = re.compile(
    r"[一-鿿]{1,12}[〔\[(（【〖﹝][12]\d{3}[〕\])）】〗﹞]\s*第?\d+号|(?:国务院|部|省政府|市政府)?令第?\d+号|第\d+号"
)
LAW_NAME = re.compile(r"(?:法|法典|条例|规定|办法|规则|细则|决定|章程)》?(?:[（(][^（）()]{1,12}[）)])?》?$")
CLAUSES = re.compile(r"[。；;，,\n]|(?<=\S)\s+(?=[（(]?[\d一二三四五六七八九十]+[）).、])")
NUMBERING = re.compile(r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）).、．]|[①-⑳])\s*")
WHOLE_TEXT = re.compile(
    r"^(?:全文|全部|全部?条[款文]|整个文件|(?:有关|相关)(?:规定|条款|条文|内容)|相应条款|见(?:文件|原文)|各条|(?:若干|多)条|详?见附件.{0,4}|本(?:法|条例|办法|规定)|第[一二三四五六七八九十百\d]+[章编](?:第[一二三四五六七八九十\d]+节)?|[-—–/\s]+|无|暂无|略)$"
)


def _named(row: Basis) -> str:
    return row.title if "《" in row.title else f"《{row.title}》"


class YJ01(Rule):
    """每个事项要有办理依据：法律法规规章、规范性文件，或公开承诺。"""

    basis, severity, disposition = (DISCLOSED_HANDLING,), Severity.MUST, ProposedDisposition.COMPLETE
    reads = ("bases",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if not guide.bases:
            yield Flaw("bases", "", "没有写办理依据；确属公开承诺或经常性服务的，请写明会议纪要、承诺的出处")


class YJ02(RowRule):
    """引用法律法规要具体到条款项。"""

    rows, basis, severity, disposition = "bases", (ELEMENTS,), Severity.SHOULD, ProposedDisposition.COMPLETE

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        if row.title and LAW_NAME.search(row.title) and (not row.articles or WHOLE_TEXT.match(row.articles)):
            yield Flaw("articles", row.title, f"{_named(row)}没有写到条、款、项，看不出依据哪一条")


class YJ03(RowRule):
    """引用文件要写文号。"""

    rows, basis, severity, disposition = "bases", (ELEMENTS,), Severity.HINT, ProposedDisposition.COMPLETE

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        name = WITH_PLACE.sub(r"\1", row.title)
        law = LAW_NAME.search(name) or LAW_NAME.search(name_key(name))
        if row.title and not law and not row.doc_no and not DOC_NO.search(row.title):
            yield Flaw("doc_no", row.title, "文件没有写文号，别人查不到")


class YJ04(RowRule):
    """依据要在有效期内：已废止、失效的不能作依据。"""

    rows, basis, severity, disposition = (
        "bases",
        (DISCLOSED_EXACTLY, DISCLOSED_HANDLING),
        Severity.MUST,
        ProposedDisposition.CORRECT,
    )

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        cited = self.book.laws.resolve(row.title, row.doc_no, row.articles, day=self.book.day)
        if cited.law and cited.force is Force.ENDED:
            whole = cited.law.replaced_by and not (cited.by_number or row.doc_no or row.articles)
            rewrite = Rewrite("title", cited.law.replaced_by) if whole else None
            yield Flaw("title", row.title, said_of_ended(cited.law), rewrite)


class YJ05(RowRule):
    """依据要已经施行：还没施行的不能作依据。"""

    rows, basis, severity, disposition = (
        "bases",
        (DISCLOSED_EXACTLY, DISCLOSED_HANDLING),
        Severity.MUST,
        ProposedDisposition.CORRECT,
    )

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        cited = self.book.laws.resolve(row.title, row.doc_no, row.articles, day=self.book.day)
        if cited.law and cited.law.since and cited.force is Force.COMING:
            yield Flaw("title", row.title, f"《{cited.law.title}》{cited.law.since:%Y年%m月%d日}才施行")


class YJ08(RowRule):
    """引用的条文要真有：写的条数不能超过现行文本的最后一条。"""

    rows, basis, severity, disposition = (
        "bases",
        (DISCLOSED_EXACTLY, ELEMENTS),
        Severity.SHOULD,
        ProposedDisposition.CORRECT,
    )

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        cited = self.book.laws.resolve(row.title, row.doc_no, row.articles, day=self.book.day)
        if cited.missing:
            yield Flaw("articles", row.articles or row.title, said_of_missing(cited))


class YJ09(RowRule):
    """依据将要变动的，提前核对：将废止、将施行新文本、已有新法的。"""

    rows, basis, severity, disposition = "bases", (DISCLOSED_EXACTLY,), Severity.HINT, ProposedDisposition.CORRECT

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        cited = self.book.laws.resolve(row.title, row.doc_no, row.articles, day=self.book.day)
        law = cited.law
        if not law or cited.force is not Force.IN_FORCE:
            return
        if law.until:
            said = f"，由《{law.replaced_by}》代替" if law.replaced_by else ""
            yield Flaw("title", row.title, f"《{law.title}》{law.until:%Y年%m月%d日}后失效{said}，请提前修改")
        elif law.replaced_by:
            yield Flaw("title", row.title, f"已有《{law.replaced_by}》，请核对《{law.title}》是否还能作依据")
        if (coming := law.next_version(self.book.day)) and coming.since:
            yield Flaw("title", row.title, f"《{law.title}》{coming.since:%Y年%m月%d日}起施行新文本，届时请核对条款")


def said_of_ended(law: LawFacts) -> str:
    when = f"已于{law.until:%Y年%m月%d日}失效" if law.until else "已经失效"
    number = f"（{law.replaced_by_no}）" if law.replaced_by_no else ""
    return f"《{law.title}》{when}" + (f"，现行的是《{law.replaced_by}》{number}" if law.replaced_by else "")


def said_of_missing(cited: Resolution) -> str:
    assert cited.law
    named = "、".join(f"第{number}条" for number in cited.missing)
    return f"《{cited.law.title}》现行文本到第{cited.articles}条为止，没有{named}"


class YJ10(RowRule):
    """要材料的依据要现行有效，条文真有。"""

    rows, basis, severity, disposition = (
        "materials",
        (DISCLOSED_EXACTLY, ELEMENTS),
        Severity.SHOULD,
        ProposedDisposition.CORRECT,
    )

    def row_flaws(self, row: Material) -> Iterator[Flaw]:
        for each in citations_in(row.basis):
            cited = self.book.laws.resolve(each.title, each.doc_no, each.articles, day=self.book.day)
            if cited.law and cited.force is Force.ENDED:
                yield Flaw("basis", row.basis, said_of_ended(cited.law))
            elif cited.law and cited.law.since and cited.force is Force.COMING:
                yield Flaw("basis", row.basis, f"《{cited.law.title}》{cited.law.since:%Y年%m月%d日}才施行")
            elif cited.missing:
                yield Flaw("basis", row.basis, said_of_missing(cited))


class YJ11(YJ10):
    """收费的依据要现行有效，条文真有。"""

    rows, basis, severity, disposition = (
        "fees",
        (DISCLOSED_EXACTLY, ELEMENTS),
        Severity.SHOULD,
        ProposedDisposition.CORRECT,
    )


class YJ12(YJ10):
    """受理条件的依据要现行有效，条文真有。"""

    rows, basis, severity, disposition = (
        "conditions",
        (DISCLOSED_EXACTLY, ELEMENTS),
        Severity.SHOULD,
        ProposedDisposition.CORRECT,
    )


class YJ14(Rule):
    """文号要是现行文本的：重新公布过的法，以前文本的文号要换。"""

    basis, severity, disposition = (DISCLOSED_EXACTLY,), Severity.HINT, ProposedDisposition.CORRECT
    reads = ("bases", "materials", "fees", "conditions")

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        for place, basis in enumerate(guide.bases):
            if told := self._said_of_earlier(basis.title, basis.doc_no):
                said, today = told
                path = f"bases.{place}.{'doc_no' if basis.doc_no else 'title'}"
                rewrite = Rewrite(path, today) if basis.doc_no and today else None
                yield Flaw(path, basis.doc_no or basis.title, said, rewrite)
        for rows in ("materials", "fees", "conditions"):
            for place, row in enumerate(getattr(guide, rows)):
                for each in citations_in(row.basis):
                    if told := self._said_of_earlier(each.title, each.doc_no):
                        yield Flaw(f"{rows}.{place}.basis", row.basis, told[0])

    def _said_of_earlier(self, title: str, doc_no: str) -> tuple[str, str] | None:
        """Say that the number is an earlier text's, and give today's, "" where it is not known."""
        cited = self.book.laws.resolve(title, doc_no, day=self.book.day)
        if not (cited.law and cited.version and cited.earlier and cited.force is Force.IN_FORCE):
            return None
        earlier, current = cited.earlier, cited.version
        today = current.doc_no if number_key(current.doc_no) else ""
        when = current.promulgated or current.since
        said = f"“{earlier.doc_no}”是《{cited.law.title}》以前文本的文号"
        said += f"（{earlier.promulgated:%Y年%m月%d日}公布）" if earlier.promulgated else ""
        said += f"；{when:%Y年%m月%d日}重新公布" if when and today else "；后来重新公布"
        return said + (f"，文号是{today}" if today else "，现在的文号请查对后填写"), today


class YJ06(Rule):
    """同一依据不重复列。"""

    basis, severity, disposition = (ELEMENTS,), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("bases",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        seen: set[tuple[str, str, str]] = set()
        for place, row in enumerate(guide.bases):
            key = (row.title, row.doc_no, row.articles)
            if key in seen:
                yield Flaw(f"bases.{place}", row.title, f"{_named(row)}{row.articles}列了不止一次")
            seen.add(key)


class YJ07(RowRule):
    """依据名称写规范全称，不写“有关规定”“上级文件”。"""

    rows, basis, severity, disposition = (
        "bases",
        (DISCLOSED_EXACTLY, DISCLOSED_HANDLING),
        Severity.MUST,
        ProposedDisposition.CORRECT,
    )
    vague = re.compile(
        r"^(?:按照?|根据|依据|依照|依|遵照)?(?:(?:有关|相关|上级|国家|中央|省|市|县|区|乡|镇|街道|各[级地]|各部门|当地|本地|配套|地方性?|现行|本级|部门|行业|法律|法规|规章|政策|文件|通知|精神|规定|要求|规范性|主管|和|及|、|的)+"
        r"(?:执行|办理|为准)?|(?:(?:市|县|区|局|上级)?领导(?:批示|指示|要求|意见)|(?:[省市县区](?:委|政府|人大)|党委|政府|、|和)*(?:的|上级|有关|相关|重要)*会议(?:精神|要求|决定)|(?:工作|办事)?惯例|[省市县区](?:级)?[厅局委](?:的)?(?:文件|通知|规定|要求)|(?:本?单位|本?局)?内部(?:规定|文件|制度|要求)|(?:本?部门|本?单位|[本我][局委办院厅处站所中心]{1,2})?(?:工作|主要)?(?:职责|职能)|(?:工作|业务|实际)需要)|(?:[本我](?:部门|单位|[局委办院厅])的?)?[“”\"']?三定[“”\"']?(?:方案|规定|职责)?)$"
    )

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        if self.vague.match(row.title.strip("《》 ")):
            yield Flaw("title", row.title, f"“{row.title}”说不清是哪个文件")


class YJ13(RowRule):
    """依据名称栏不用写书名号。"""

    rows, basis, severity, disposition = "bases", (ADVICE,), Severity.HINT, ProposedDisposition.CORRECT

    def row_flaws(self, row: Basis) -> Iterator[Flaw]:
        if row.title.startswith("《") and row.title.endswith("》") and row.title.count("《") == 1:
            yield Flaw("title", row.title, "名称栏不用写书名号", Rewrite("title", row.title.strip("《》")))


class TJ01(RowRule):
    """受理条件要有依据，不得自行增设。"""

    rows, basis, severity, disposition = (
        "conditions",
        (STANDARD_GUIDES, LICENCE_CONDITIONS),
        Severity.HINT,
        ProposedDisposition.JUSTIFY,
    )
    strict = re.compile(r"必须|不得|须经|方可|一律")

    def row_flaws(self, row: Condition) -> Iterator[Flaw]:
        if not row.basis and (found := self.strict.search(row.text)):
            yield Flaw("basis", found.group(), "这一条是硬性限制，却没有写依据；没有依据的限制应当取消")


class TJ02(RowRule):
    """条件不得写“法律法规规定的其他条件”一类兜底话。"""

    rows, basis, severity, disposition = (
        "conditions",
        (ONLINE_GUIDE, LICENCE_PUBLIC),
        Severity.MUST,
        ProposedDisposition.CORRECT,
    )

    catch_all = re.compile(
        r"^(?:申请人|申请对象|申报对象|申报人|申报单位|服务对象|本人|当事人|企业|单位)?(?:应当|应|须|需|必须|并)?(?:同时)?(?:其他|其它)?(?:符合|具备|具有|满足|属于|按照?|依照|依据|根据)?"
        r"(?:国家|中央|[本我]?[省市县区]|地方|当地|本地|所在地|现行|我国|、|和|及)*(?:法律|行政法规|法规|规章|政策|上级|文件|精神|部门|主管部门|有关|相关|以及|其他|其它|规定|要求|和|及|或者?|等|、|的)*"
        r"(?:规定|要求|精神|其他|其它|其余|相关|有关|(?:应当?|须|需)?(?:具备|符合|满足))的?(?:其他|其它)?(?:条件|情形|规定|要求|情况|事项|人员|对象|政策|标准)?(?:的|执行|办理)?$"
        r"|^(?:符合|满足|具备|达到)?(?:其他|其它)?(?:经)?(?:主管|有关|相关|审批|登记|受理|办理|发证|本|我)*(?:机关|部门|单位|局|窗口)(?:认为|认定|要求|确认|规定)(?:应当?|需要?|必须|可以)*(?:具备|符合|满足|提供)?的?(?:其他|其它)?(?:条件|情形|情况|要求)?的?$"
        r"|^(?:其他|其它|其余)(?:按照?|依照?|根据)(?:有关|相关|政策|法律|法规|国家|、)*规定(?:可以?|应当?|能够?|需要?|准予|允许)?(?:办理|受理|享受|申请|申领|提取|登记)?的?(?:条件|情形|情况|人员|对象|事项|的)*$"
        r"|^(?:其他|其它|其余)(?:需要?|应当?|必须)?(?:满足|符合|具备|达到)?的?(?:条件|要求|情形)$"
        r"|^(?:其他|其它|其余|具体|详细)?(?:条件|要求|情况|情形|内容|事项)?(?:请?以)?(?:窗口|主管部门|办理机关|受理机关|审批机关|部门|单位|工作人员|[本我](?:局|单位|部门|中心))(?:的|现场)?(?:解释|答复|要求|通知|告知|审核|认定)(?:结果|意见)?为准$"
    )

    further = re.compile(
        r"(?:符合|满足|具备|达到|遵守|执行|按照?|依照|依据|根据)[^，。；;]{0,30}?(?:和|及|与|、|等|或者?)(?:其他|其它)?(?:的|国家|中央|[省市县区]|地方|当地|本地|我国|[本我][省市县区])*"
        r"(?:其他|其它|有关|相关)的?(?:法律|行政法规|法规|规章|政策|制度|规定|要求|标准|条件|文件|精神|和|及|、|的|管理)+(?:执行|办理)?$"
        r"|(?:符合|满足|执行|按照?)(?:国家|[省市县区]|地方|当地|本地|我国|[本我][省市县区]|行业|产业|和|及|、|的|主管部门)*(?:有关|相关)(?:行业|产业|管理|的)*(?:政策|规定|要求|标准|文件|精神|制度|和|及|、)+(?:执行|办理)?$"
        r"|(?:符合|满足|执行|按照?)(?:国家|[省市县区]|地方|当地|本地|[本我][省市县区]|行业|和|及|、|的)*(?:产业|行业)政策(?:的)?(?:等|有关|相关|和|及|、|的)+(?:规定|要求|精神|条件|标准)+$"
        r"|^(?:其他|其它|其余)?依(?:法依规|法|规)(?:应当?|需要?|必?须)?(?:具备|符合|满足|取得)的(?:其他|其它)?(?:条件|要求|情形)$"
        r"|^(?:其他|其它|其余|具体)(?:条件|要求|情形|情况|事项)?(?:按照?|依照?|根据|参照|以)(?:国家|省|市|县|区|当地|本地|有关|相关|上级|主管|部门|现行|年度|最新|政府|的|和|及|、)*(?:政策|规定|要求|文件|通知)(?:执行|办理|为准|确定)?$"
    )
    """Something named, and “有关规定” beside it (符合国家产业政策和相关规定要求)."""

    def row_flaws(self, row: Condition) -> Iterator[Flaw]:
        for clause in CLAUSES.split(row.text):
            bare = NUMBERING.sub("", clause).strip()
            if len(bare) >= 4 and (self.catch_all.match(bare) or self.further.search(bare)):
                yield Flaw("text", bare, f"“{bare}”说不清要什么条件，请逐条写明，写不出的删去")
                return


class TJ03(Rule):
    """同一条件不重复列。"""

    basis, severity, disposition = (ADVICE,), Severity.HINT, ProposedDisposition.REDUCE
    reads = ("conditions",)

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        seen: set[str] = set()
        for place, row in enumerate(guide.conditions):
            if row.text and row.text in seen:
                yield Flaw(f"conditions.{place}.text", row.text[:60], "这一条和前面的重复")
            seen.add(row.text)


RULES = (YJ01, YJ02, YJ03, YJ04, YJ05, YJ06, YJ07, YJ08, YJ09, YJ10, YJ11, YJ12, YJ13, YJ14, TJ01, TJ02, TJ03)
