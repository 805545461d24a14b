"""Verification of a document somebody has: whether its bytes are those that were issued."""

from dataclasses import dataclass

from banshi.core.crypto import digest
from banshi.papers.models import Paper
from banshi.papers.signing import signature_of


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """The outcome for a reader: words, tone and sign."""

    paper: Paper | None
    words: str
    more: str
    tone: str
    icon: str


def examine_document(content: bytes, named: Paper | None) -> DocumentFinding:
    """Compare a document with what was issued, by its digest and its signature.

    `named` is the paper of the code given with it.
    """
    issued = Paper.objects.select_related("organ", "file").filter(file__digest=digest(content)).first()
    if issued and named and issued != named:
        words, more = "文件和验证码不是同一份文书", "下面是这个文件本身的情况。"
        return DocumentFinding(issued, words, more, "warning", "exclamation-triangle-fill")
    if issued:
        signature = signature_of(content)
        more = (
            f"数字签名有效，签名人：{signature.signer}。"
            if signature and signature.intact and signature.trusted
            else ""
        )
        return DocumentFinding(issued, "文件和出具时完全一样，没有改动过", more, "success", "check-circle-fill")
    signature = signature_of(content)
    if signature and not signature.intact:
        words, more = "文件签名以后被改动过，不能采信", "请向文书上写的单位索取原件，或者凭验证码核对。"
    elif named:
        words, more = (
            "文件和出具的不一样，不能采信",
            "打印、拍照、另存以后就不是原来的文件了：请凭验证码核对下面几项，或者索取原件。",
        )
    else:
        words, more = "这个文件不是在这里出具的原件", "如果文书上有验证码，请填写验证码核对。"
    return DocumentFinding(named, words, more, "error", "x-circle-fill")
