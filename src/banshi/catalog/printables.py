"""Printables of a publication, from the published record only.

Here the guide becomes plain sheets; `banshi.documents` turns sheets into PDF and Word and knows nothing of guides.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from banshi.catalog import flowchart
from banshi.catalog.flowchart import Outline
from banshi.catalog.guide.document import SECTIONS, Guide, Place
from banshi.catalog.guide.elements import Element, elements, sectioned
from banshi.catalog.guide.plain_language import (
    ChecklistItem,
    audience_words,
    bring,
    copies_words,
    fee_words,
    limit_words,
    promise_words,
    season,
    visits_words,
)
from banshi.catalog.guide.text import element_text
from banshi.catalog.identity import ItemIdentity, identity_of
from banshi.catalog.models import Category, Item, Publication
from banshi.catalog.provenance import COMPOSED_NOTE
from banshi.core.clock import CHINA, chinese_date
from banshi.documents import book, pdf
from banshi.documents.book import Cover
from banshi.documents.notice import OnePageNotice
from banshi.documents.qr import qr_svg
from banshi.documents.sheet import (
    Block,
    Check,
    Checklist,
    Facts,
    Lines,
    Picture,
    ProcedureStage,
    Questions,
    Section,
    Sheet,
    Stages,
    Table,
)

CLOSING = "本件据公布第{number}版印制，以网上最新公布为准："
NOTICE_CLOSING = "要补正的，窗口应当一次告清全部内容；有不清楚的，请打咨询电话。以网上最新公布为准："
SAMPLE_CLOSING = "本件是{mark}，不能据此办事："
EXAMPLE, SAMPLE = "示例", "资料样例"
ENDED_NOTE = "本版已于{day}失效，请以网上最新公布为准。"
UNTOLD = "怎么办理"
# Sections on paper in the order people ask, after 要带什么; 基本信息 last.
ORDER = ("flow", "who", "time", "fee", "channels", "result", "contact", "faq", "basis", "basic")
TITLES = {"flow": "怎么办", "who": "办理条件", "channels": "在哪里办", "contact": "咨询与监督投诉"}
ELSEWHERE = {"name", "materials", "aliases", "steps", "no_materials", "charged", "audience"}


def guide_pdf(publication: Publication, *, url: str) -> bytes:
    """Return the guide on A4 pages.

    `url` is the guide's public address, for the QR code and the note on currency.
    """
    made = publication.since.astimezone(CHINA).date()
    return pdf.render("guide", {"sheet": guide_sheet(publication, url=url).plain()}, made=made)


def guide_docx(publication: Publication, *, url: str) -> bytes:
    """Return the guide for Word."""
    from banshi.documents import docx  # 10 MB that a process serving pages seldom needs

    return docx.render(guide_sheet(publication, url=url), made=publication.since)


def notice_pdf(publication: Publication, *, url: str) -> bytes:
    """Print the one-time notice (一次性告知书) on one A4 page.

    What doesn't fit is named as left out, with the way to the whole guide.
    """
    made = publication.since.astimezone(CHINA).date()
    return pdf.render("notice", {"notice": notice(publication, url=url).plain()}, made=made)


def guide_book(
    publications: Iterable[Publication],
    *,
    title: str,
    subtitle: str,
    on: date,
    url: str,
    guide_url: Callable[[Publication], str] | None = None,
    without: int = 0,
) -> bytes:
    """Return the guides as one PDF with cover, contents and bookmarks.

    `without` is the number of items in force that have no guide yet, which the cover tells.
    `url` is the page that lists them; `guide_url` gives each guide's own address, else every QR code leads to the list.
    """
    chosen = list(publications)
    samples = sum(1 for each in chosen if each.source_note)
    cover = Cover(title=title, subtitle=subtitle, on=day_words(on), qr=qr_svg(url), total=len(chosen), without=without)
    if samples:
        told = "全部是示例或资料样例" if samples == len(chosen) else f"其中{samples}份是示例或资料样例"
        cover = replace(cover, note=f"{told}，不能据此办事")
    sheets = (guide_sheet(each, url=guide_url(each) if guide_url else url) for each in chosen)
    return book.render(cover, sheets)


def guide_sheet(publication: Publication, *, url: str) -> Sheet:
    return text_sheet(
        publication.item,
        publication.revision.guide,
        status=status_words(publication),
        url=url,
        closing=closing_words(publication) + url,
        mark=_mark(publication),
        mark_note=_mark_note(publication),
        identity=publication.identified,
        as_written=publication.from_a_page,
    )


def text_sheet(
    item: Item,
    guide: Guide,
    *,
    status: str,
    url: str,
    closing: str,
    mark: str = "",
    mark_note: str = "",
    identity: ItemIdentity | None = None,
    as_written: bool = False,
) -> Sheet:
    """Return a guide as a sheet, in force or not: `status`, `mark` and `closing` say what it is.

    `identity` is that of a version, by default the item's.
    """
    return Sheet(
        title=guide.name or item.name,
        owner=item.organ.name,
        status=status,
        answers=answers(guide),
        sections=tuple(_sections(item, guide, identity or identity_of(item), as_written)),
        url=url,
        qr=qr_svg(url),
        closing=closing,
        mark=mark,
        mark_note=mark_note,
    )


def notice(publication: Publication, *, url: str) -> OnePageNotice:
    guide = publication.revision.guide
    groups = tuple((title, tuple(rows)) for title, rows in _notice_groups(guide) if rows)
    organ = publication.item.organ
    ask = f"办理要求还没有公布，请向{organ.name}咨询" + (f"：{organ.phone}" if organ.phone else "。")
    return OnePageNotice(
        title=guide.name or publication.item.name,
        owner=organ.name,
        status=status_words(publication),
        groups=groups or ((UNTOLD, (ask,)),),
        url=url,
        qr=qr_svg(url),
        closing=SAMPLE_CLOSING.format(mark=_mark(publication)) if publication.source_note else NOTICE_CLOSING,
        is_sealed=not publication.from_a_page,
        mark=_mark(publication),
        mark_note=_mark_note(publication),
    )


def closing_words(publication: Publication) -> str:
    """Say under a guide on paper which version it is, of a sample that it is one."""
    if publication.source_note:
        return SAMPLE_CLOSING.format(mark=_mark(publication))
    return CLOSING.format(number=publication.number)


def status_words(publication: Publication) -> str:
    if publication.from_a_page:
        return "资料样例，不是在这里公布的，是否现行请问当地"
    parts = (
        f"公布版本：第{publication.number}版",
        f"{day_words(publication.since)}起生效",
        f"批准：{publication.approved_by}" if publication.approved_by else "",
    )
    return " · ".join(part for part in parts if part)


def day_words(moment: date | datetime) -> str:
    """Format a day in Chinese, of a moment the day in China."""
    day = moment.astimezone(CHINA) if isinstance(moment, datetime) else moment
    return chinese_date(day)


def answers(guide: Guide) -> tuple[tuple[str, str], ...]:
    """Return the answer card: who, where, how long, how much, how often."""
    if guide.places:
        place = guide.places[0]
        more = f"（共{len(guide.places)}处）" if len(guide.places) > 1 else ""
        where = f"{place.name}{more}\n{' '.join(_spot(place))}"
    else:
        where = guide.online_url
    card = (
        ("谁能办", audience_words(guide)),
        ("去哪办", where),
        ("多久办好", promise_words(guide)),
        ("多少钱", fee_words(guide)),
        ("跑几次", visits_words(guide)),
        (
            "能不能网上办",
            {True: "能网上办", False: "要到窗口办"}.get(guide.online, "") if guide.online is not None else "",
        ),
    )
    return tuple((question, answer) for question, answer in card if answer)


def _spot(place: Place) -> tuple[str, ...]:
    """Return address and window."""
    # The window only if the address does not name it.
    return tuple(part for part in (place.address, "" if place.window in place.address else place.window) if part)


def _mark(publication: Publication) -> str:
    if note := publication.source_note:
        return EXAMPLE if note == COMPOSED_NOTE else SAMPLE
    return "已失效" if publication.until else ""


def _mark_note(publication: Publication) -> str:
    notes = (
        publication.source_note,
        ENDED_NOTE.format(day=day_words(publication.until)) if publication.until else "",
    )
    return "".join(notes)


def _sections(item: Item, guide: Guide, identity: ItemIdentity, as_written: bool) -> Iterator[Section]:
    """Yield the guide's sections."""
    # The flow chart comes last, as the standard's appendix, for a picture can't break across pages.
    if blocks := (*_checklist(guide), *_blocks(guide, "materials", as_written)):
        yield Section("要交什么" if guide.visits == 0 else "要带什么", blocks)
    for key in ORDER:
        known = (_identity(item, identity),) if key == "basic" else ()
        if blocks := (*known, *_blocks(guide, key, as_written)):
            yield Section(TITLES.get(key, SECTIONS[key]), blocks)
    if guide.steps:
        drawing = flowchart.svg(guide, as_written=as_written)
        width, height = flowchart.size(drawing)
        flow_picture = Picture(drawing, f"“{guide.name}”的办理流程图，文字说明见“怎么办”一节", width, height)
        yield Section("办理流程图", (flow_picture,))


def _identity(item: Item, identity: ItemIdentity) -> Facts:
    same = identity.category == (item.category_id or "")
    category = item.category if same else Category.objects.filter(pk=identity.category).first()
    known = (
        ("事项编码", identity.code),
        ("事项类型", identity.kind_label),
        ("事项类别", category.name if category else ""),
        ("实施主体", item.organ.name),
    )
    return Facts(tuple((label, text) for label, text in known if text))


def _checklist(guide: Guide) -> tuple[Block, ...]:
    return (Checklist(tuple(map(_check, brought))),) if (brought := bring(guide)) else ()


def _check(brought: ChecklistItem) -> Check:
    """Say all of a material in one place: how many in what form, why, from whom, with which demands, by what law."""
    material = brought.material
    detail = "，".join(part for part in (copies_words(material), material.form.label if material.form else "") if part)
    issuer = "" if material.shared else material.issuer or (material.source.label if material.source else "")
    basis = f"依据：{material.basis}" if material.basis else ""
    told = (issuer and f"出具：{issuer}", material.requirement, material.seal, material.note, basis)
    why = dict.fromkeys(part for part in (brought.why if brought.why != basis else "", *told) if part)
    return Check(material.name, brought.label, detail, "\n".join(why), box=brought.state != "shared")


def _blocks(guide: Guide, section: str, as_written: bool) -> Iterator[Block]:
    """Yield a section's picture, tables and lists, then its plain elements as facts."""
    if section == "flow" and guide.steps:
        yield Stages(tuple(_stages(flowchart.outline(guide, as_written=as_written))))
    if section == "materials" and guide.no_materials:
        yield Lines(("办理本事项不需要提交材料。",))
    if section == "fee" and guide.charged is False:
        yield Lines(("不收费。",))
    for element in sectioned(Guide, section):
        if element.kind == "rows" and element.name not in ELSEWHERE and getattr(guide, element.name):
            yield _rows_block(guide, element)
    facts = tuple(
        (element.label, text)
        for element in sectioned(Guide, section)
        if element.kind != "rows" and element.name not in ELSEWHERE and (text := element_text(guide, element))
    )
    if facts:
        yield Facts(facts)


def _rows_block(guide: Guide, element: Element) -> Block:
    match element.name:
        case "conditions":
            return Lines(tuple(c.text + (f"（{c.basis}）" if c.basis else "") for c in guide.conditions), numbered=True)
        case "faqs":
            return Questions(tuple((each.question, each.answer) for each in guide.faqs))
    # The rows with the columns that any of them fills; long texts get more room.
    rows = getattr(guide, element.name)
    columns = [each for each in elements(rows[0].__class__) if any(element_text(row, each) for row in rows)]
    cells = tuple(tuple(element_text(row, each) for each in columns) for row in rows)
    return Table(
        head=tuple(each.label for each in columns),
        rows=cells,
        widths=tuple(
            float(min(4.0, max(1.0, max(map(len, [row[place] for row in cells])) ** 0.5 / 2)))
            for place in range(len(columns))
        ),
    )


def _stages(lines: Iterable[Outline], prefix: str = "") -> Iterator[ProcedureStage]:
    for number, line in enumerate(lines, 1):
        yield ProcedureStage(f"{prefix}{number}", line.text, line.branches)
        yield from _stages(line.inner, f"{prefix}{number}.")


def _notice_groups(guide: Guide) -> Iterator[tuple[str, list[str]]]:
    """Yield the elements of 一次性告知: conditions, materials, steps, limit, fee, where and online, ask and complain."""
    yield "办理条件", [each.text for each in guide.conditions]
    yield "要带的材料", ["不需要提交材料"] if guide.no_materials else [_brought_words(each) for each in bring(guide)]
    yield "办理流程", list(map(_flow_words, flowchart.outline(guide)))
    promised, statutory = promise_words(guide), limit_words(guide.statutory_limit)
    counted = [limit.immediate or limit.value is not None for limit in (guide.promised_limit, guide.statutory_limit)]
    limits = [promised and ("承诺" if counted[0] else "") + promised, f"法定{statutory}" if counted[1] else ""]
    when = f"不是天天能办：{told}" if (told := season(guide)) else ""
    yield "办理时限", [each for each in ("、".join(each for each in limits if each), when) if each]
    yield "收费", [words] if (words := fee_words(guide)) else []
    places = ["，".join(part for part in (p.name, *_spot(p), p.hours, p.phone) if part) for p in guide.places]
    online = [f"网上办理：{guide.online_url}"] if guide.online_url else ["可以网上办理"] if guide.online else []
    yield "到哪里办", [*places, *online]
    yield "咨询", _contact_lines(guide, "consult")
    yield "监督投诉", _contact_lines(guide, "complaint")


def _flow_words(line: Outline) -> str:
    return line.text + (f"：{'、'.join(inner.text for inner in line.inner)}" if line.inner else "")


def _brought_words(brought: ChecklistItem) -> str:
    copies = copies_words(brought.material)
    told = brought.why if brought.state != "must" else brought.material.requirement
    why = told.replace("\n", "；")
    return (
        f"【{brought.label}】{brought.material.name}"
        + (f"，{copies}" if copies else "")
        + (f"（{why}）" if why else "")
    )


def _contact_lines(guide: Guide, name: str) -> list[str]:
    contact = getattr(guide, name)
    words = "，".join(part for part in (contact.phone, contact.address, contact.url) if part)
    return [words] if words else []
