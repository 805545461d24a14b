"""Notices of feedback: an invitation to rate, a bad rating for whoever verifies it, what became of what one said."""

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

INVITATION = kinds.register(
    NotificationKind(
        "feedback.invitation",
        "请评价",
        "请评价：{label}",
        "您办的“{label}”办完了。愿意的话请评价这次服务，自愿，经办人看不到是谁评的。打开这条消息，选一个满意度就行；"
        "别处要评的，评价码{code}，{until}以前有效。",
        page="rate",
        digest="请评价几次服务",
        overview="messages",
    )
)
BAD_RATING = kinds.register(
    NotificationKind(
        "feedback.bad_rating",
        "收到差评",
        "收到{bad}：{label}",
        "“{label}”收到一条差评（{bad}），请打开登记联系核实的情况，在{last}前处理完；由没有经办这次服务的同事办。",
        page="bad-rating",
        digest="收到几条差评",
        overview="bad-ratings",
    )
)
RATING_ANSWERED = kinds.register(
    NotificationKind(
        "feedback.rating_answered",
        "我的评价有处理结果",
        "您的评价有处理结果：{label}",
        "您对“{label}”的评价（评价码{code}）已经处理：{said}。请打开看处理的情况，您可以再评价一次。",
        page="rate",
        digest="几条评价有处理结果",
        overview="messages",
    )
)
RATED_AGAIN_BADLY = kinds.register(
    NotificationKind(
        "feedback.rated_again_badly",
        "再评价还是差评",
        "再评价还是不满意：{bad}",
        "“{label}”的差评（{bad}）处理以后，再评价还是不满意。请打开看处理得够不够，回访时问清哪里没有解决。",
        page="bad-rating",
        digest="几条差评再评价还是不满意",
        overview="bad-ratings",
    )
)
COMPLAINT_RECEIVED = kinds.register(
    NotificationKind(
        "feedback.complaint_received",
        "收到诉求",
        "收到{kind}：{number}",
        "收到一件{kind}（{number}），请打开受理，在{last}前答复；不该由本单位办的，写明理由转给该办的单位。",
        page="complaint",
        digest="收到几件诉求",
        overview="complaints",
    )
)
COMPLAINT_NEWS = kinds.register(
    NotificationKind(
        "feedback.complaint_news",
        "我的诉求有进展",
        "您的诉求有进展：{number}",
        "您提的{number}：{said}。{next}。",
        page="own-complaint",
        digest="几件诉求有进展",
        overview="messages",
        by_sms=True,
    )
)
ACCUSATION_NEWS = kinds.register(
    NotificationKind(
        "feedback.accusation_news",
        "我的投诉举报有进展",
        "您的投诉举报有进展",
        "您提的投诉举报：{said}。{next}。为了保护您，这里不写编号，请登录在“我的诉求”里看是哪一件。",
        page="own-complaints",
        digest="投诉举报有进展",
        overview="messages",
        by_sms=True,
    )
)
NOBODY_TO_RECEIVE = kinds.register(
    NotificationKind(
        "feedback.nobody_to_receive",
        "举报没有单位能收",
        "有一件举报没有单位能收",
        "有一件举报，能收的单位都是被举报的。请在{last}前到“运行与设置 → 人员和岗位”里，请一个无关的单位担任诉求受理人员；"
        "有了以后它自动看到这件举报。",
        page="messages",
        digest="有举报没有单位能收",
        overview="messages",
    )
)
WISH_NEWS = kinds.register(
    NotificationKind(
        "feedback.wish_news",
        "我支持的愿望有进展",
        "愿望有进展：{title}",
        "“{title}”：{said}。",
        page="wish",
        digest="几个愿望有进展",
        overview="messages",
    )
)
WISH_OWED = kinds.register(
    NotificationKind(
        "feedback.wish_owed",
        "有愿望要答复",
        "有愿望要答复：{title}",
        "“{title}”支持的人够了，请打开写明采纳、已经有了、暂时做不到还是不属于政府职责，在{last}前答复。",
        page="wish-desk",
        digest="几个愿望要答复",
        overview="wishes",
    )
)
