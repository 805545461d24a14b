"""Mail channel to who wrote a letter: composed when it leaves, so that the outbox keeps neither address nor answer."""

from banshi.cases.sealing import opened
from banshi.feedback.models import Complaint
from banshi.feedback.queries import code_of_complaint
from banshi.feedback.sealing import REPORTER
from banshi.outbox.mail import MailChannel, SmtpConnection
from banshi.outbox.models import Message


class ReplyConnection(SmtpConnection):
    def address_of(self, message: Message) -> str:
        found = Complaint.objects.filter(pk=message.payload["complaint"]).first()
        return str(opened(found.reporter_sealed, purpose=REPORTER).get("contact", "")) if found else ""

    def text_of(self, message: Message) -> str:
        found = Complaint.objects.select_related("organ").get(pk=message.payload["complaint"])
        lines = [f"您的来信编号{found.number}：{message.payload['said']}"]
        if found.answer:
            lines.append(f"{found.organ}的答复：\n{found.answer}")
        else:
            lines.append(f"{found.promised['last']}以前答复，转办不延长。")
        lines.append(
            f"查询码 {code_of_complaint(found)}，请不要告诉别人。用编号和查询码在网站“查诉求”里看进展、补附件、评价答复。"
        )
        return "\n\n".join(lines)


class ReplyChannel(MailChannel):
    code, label = "reply", "给来信的人回信"
    connection = ReplyConnection
