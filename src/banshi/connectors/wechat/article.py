"""The guide as an article of an official account: plain, short, with the way to the whole guide."""

from django.utils.html import escape

from banshi.catalog.models import Publication
from banshi.catalog.printables import answers, status_words
from banshi.connectors.base import Delivery
from banshi.core.json_types import JsonObject
from banshi.notifications.links import address_of

TITLE_LETTERS, DIGEST_LETTERS, CONTENT_LETTERS = 64, 120, 20_000


def article(delivery: Delivery, publication: Publication, *, cover: str, author: str) -> JsonObject:
    guide = publication.revision.guide
    lines, length = [], 0
    materials = [each.name + (f"（{each.note}）" if each.note else "") for each in guide.materials]
    steps = [each.name + (f"（{each.actor}）" if each.actor else "") for each in guide.steps]
    note = publication.source_note
    mark = "示例：" if publication.item.is_example else "样例：" if publication.from_a_page else ""
    foot = "不能据此办事" if mark else "以网上最新公布为准"
    paragraphs = [
        *([f"<p><strong>{escape(note)}</strong></p>"] if note else []),
        f"<p>{escape(publication.item.organ.name)}</p>",
        *(f"<p><strong>{escape(label)}</strong> {escape(text)}</p>" for label, text in answers(guide)),
        *_list("要带什么", materials),
        *_list("怎么办", steps),
        f"<p>{escape(status_words(publication))}。{foot}，点“阅读原文”查看完整指南。</p>",
    ]
    for line in paragraphs:
        length += len(line)
        if length > CONTENT_LETTERS - 100:
            lines.append("<p>内容较多，其余请点“阅读原文”查看。</p>")
            break
        lines.append(line)
    content = "".join(lines)
    return {
        "title": (mark + (guide.name or delivery.change.item.name))[:TITLE_LETTERS],
        "author": author,
        "digest": guide.summary[:DIGEST_LETTERS],
        "content": content,
        "content_source_url": source_url(delivery),
        "thumb_media_id": cover,
        "need_open_comment": 0,
    }


def source_url(delivery: Delivery) -> str:
    """Return the link of 阅读原文, at once the key by which we find our own article again."""
    return f"{address_of('item', str(delivery.change.item.guid))}?change={delivery.key}"


def _list(title: str, texts: list[str]) -> list[str]:
    if not texts:
        return []
    return [f"<h3>{title}</h3>", *(f"<p>{number}. {escape(text)}</p>" for number, text in enumerate(texts, 1))]
