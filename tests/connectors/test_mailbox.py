"""A letter in the mailbox becomes a complaint or question once, with its attachments, and is answered by mail."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.core import mail
from tests.cases.hall import hall, moment

from banshi.command.check_deploy import _mailbox
from banshi.connectors.mailbox.connector import Mailbox, in_utf7
from banshi.connectors.mailbox.fake import FakeMailbox
from banshi.connectors.mailbox.schema import read_letter
from banshi.core.gateways import mailbox_address
from banshi.feedback.actions import accept_complaint, answer_complaint
from banshi.feedback.models import Complaint, MailedLetter
from banshi.feedback.policy import policy
from banshi.feedback.tasks import fetch_letters
from banshi.outbox.actions import queue_named
from banshi.outbox.channels import Unavailable
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message

pytestmark = pytest.mark.django_db
MONDAY, LATER = moment("03-02"), moment("03-02", 10)


def letter(
    number: int = 1, subject: str = "投诉取水许可", file: bytes = "当时的情况".encode(), **headers: str
) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "林小例 <lin@example.com>", subject, f"<{number}@example.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"示例县水利局第{number}次没有答复我\n> 以前的信")
    made.add_attachment(file, maintype="application", subtype="octet-stream", filename="说明.txt")
    return made.as_bytes()


@pytest.fixture
def box(settings) -> Iterator[FakeMailbox]:  # type: ignore[no-untyped-def]
    with FakeMailbox() as fake:
        settings.MAILBOX, settings.MAIL_ON = mailbox_address(fake.url), True
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        yield fake


def fetch() -> int:
    return int(fetch_letters.func(at=MONDAY.isoformat())["taken"])


def test_a_letter_is_taken_in_once_and_answered_with_its_number(box: FakeMailbox) -> None:
    of = hall()
    box.letters = [letter()]
    assert fetch() == 1 and box.seen == {1}
    box.seen.clear()
    assert fetch() == 1, "killed before it was marked, it is met again"
    complaint = Complaint.objects.get()
    assert (complaint.kind, complaint.channel, complaint.organ) == ("complaint", "mail", of.bureau)
    assert "以前的信" not in complaint.text and complaint.files.get().file.sealed_as
    assert "lin@example.com" not in str(Message.objects.values())
    accept_complaint(complaint, by=of.head, at=MONDAY)
    answer_complaint(complaint, answer="今天已经办好了", by=of.head, at=MONDAY)
    deliver(queue_named("reply"), at=LATER)
    assert {each.to[0] for each in mail.outbox} == {"lin@example.com"}
    assert complaint.number in mail.outbox[0].body and "今天已经办好了" in mail.outbox[-1].body


def test_machines_are_not_answered_and_what_cannot_be_taken_is_left_out(box: FakeMailbox) -> None:
    hall()
    box.letters = [letter(1, Auto_Submitted="auto-replied"), letter(2, file=b"MZ\x90\x00")]
    assert fetch() == 2
    assert Complaint.objects.get().files.count() == 0
    assert [bool(each.problem) for each in MailedLetter.objects.all()] == [True, True]
    deliver(queue_named("reply"), at=LATER)
    assert len(mail.outbox) == 1 and "附件没有收下" in mail.outbox[0].body


def test_more_of_one_sender_than_a_day_s_stay_in_the_box(box: FakeMailbox) -> None:
    hall()
    most = policy().complaint.letters_a_day
    box.letters = [letter(number) for number in range(most + 2)]
    assert fetch() == most and len(box.seen) == most and Complaint.objects.count() == most


def test_a_box_that_is_away_or_does_not_know_us_says_so(box: FakeMailbox) -> None:
    Mailbox(mailbox_address(box.url)).check(at=MONDAY)
    with pytest.raises(Unavailable, match="账号或密码"):
        Mailbox(mailbox_address(box.url.replace("letters:", "nobody:"))).check(at=MONDAY)
    with pytest.raises(Unavailable, match="文件夹"):
        Mailbox(mailbox_address(box.url.replace("INBOX", "Other"))).check(at=MONDAY)
    with pytest.raises(ValueError, match="imaps"):
        mailbox_address("imap://a:b@mail.example.com/INBOX")


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe", b"From: \xe4\nSubject: =?x?q?=e4?=\n\n\xe4", b"Content-Type: text/plain; charset=none\n\n\xe4"],
)
def test_whatever_comes_is_read(raw: bytes) -> None:
    assert read_letter(raw).key


def test_the_check_before_going_public_signs_in_and_reads_nothing(box: FakeMailbox) -> None:
    box.letters = [letter()]
    assert [each.ok for each in _mailbox()] == [True, True] and not box.seen


def test_a_letter_that_is_too_long_is_cut_and_says_so(box: FakeMailbox) -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "lin@example.com", "投诉", "<9@example.com>"
    made.set_content("没有办好" * 2000)
    box.letters = [made.as_bytes()]
    hall()
    assert fetch() == 1 and len(Complaint.objects.get().text) == 5000
    deliver(queue_named("reply"), at=LATER)
    assert "收下了前5000字" in mail.outbox[0].body and MailedLetter.objects.get().problem


def test_answers_in_any_order_and_a_letter_that_is_gone_meanwhile(box: FakeMailbox) -> None:
    """RFC 3501, 7.4: news of flags come at any time; a large letter is cut, and its attachment is told to be missing."""
    hall()
    box.letters, box.gone = [letter(1), letter(2), letter(3, file=b"x" * (31 * 1024 * 1024))], {2}
    assert fetch() == 2 and box.seen == {1, 3}
    assert [each.files.count() for each in Complaint.objects.order_by("pk")] == [1, 0]
    assert "附件没有收下" in Complaint.objects.latest("pk").text


def test_a_folder_of_any_name_is_opened_and_one_that_may_not_be_marked_is_told(box: FakeMailbox) -> None:
    hall()
    assert (in_utf7("投诉&信"), in_utf7('a"b')) == ('"&YpWLyQ-&-&T+E-"', '"a\\"b"')
    box.folder = "&YpWLyQ-"
    Mailbox(mailbox_address(box.url.replace("INBOX", "%E6%8A%95%E8%AF%89"))).check(at=MONDAY)
    box.folder, box.letters, box.read_only = "INBOX", [letter()], True
    with pytest.raises(Unavailable, match="标成已读"):
        fetch()
    assert Complaint.objects.count() == 1, "and it is met again, and known"
    with pytest.raises(Unavailable, match="只能有英文"):
        Mailbox(mailbox_address(box.url.replace("a%20secret", "%E5%AF%86"))).check(at=MONDAY)
