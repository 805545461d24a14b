"""Entries of the console in the staff menu."""

from banshi.sites.kit.menu import MenuEntry, register
from banshi.sites.kit.permissions import Permission

P = Permission
GROUP = "运行与设置"

register(
    MenuEntry(GROUP, "机构", icon="building", url_name="console:organs", permission=P.PEOPLE_MANAGE, order=10),
    MenuEntry(GROUP, "审核单位", icon="diagram-3", url_name="console:offices", permission=P.PEOPLE_MANAGE, order=15),
    MenuEntry(GROUP, "人员与岗位", icon="people", url_name="console:people", permission=P.PEOPLE_MANAGE, order=20),
    MenuEntry(GROUP, "角色与权限", icon="person-badge", url_name="console:roles", permission=P.PEOPLE_MANAGE, order=30),
    MenuEntry(GROUP, "工作日历", icon="calendar3", url_name="console:calendar", permission=P.CALENDAR_EDIT, order=40),
    MenuEntry(GROUP, "大厅", icon="shop-window", url_name="console:halls", permission=P.HALL_MANAGE, order=42),
    MenuEntry(GROUP, "文书", icon="file-earmark-text", url_name="console:papers", permission=P.PAPER_EDIT, order=45),
    MenuEntry(
        GROUP, "保存期限", icon="clock-history", url_name="console:retention", permission=P.CASE_RETAIN, order=47
    ),
    MenuEntry(GROUP, "操作记录", icon="journal-check", url_name="console:ledger", permission=P.LEDGER_VIEW, order=50),
    MenuEntry(
        GROUP,
        "数据共享运行",
        icon="activity",
        url_name="console:exchange",
        permission=P.EXCHANGE_AUDIT,
        order=55,
    ),
    MenuEntry(GROUP, "搜索情况", icon="search", url_name="console:searches", permission=P.SEARCH_VIEW, order=60),
    MenuEntry(GROUP, "发布渠道", icon="broadcast", url_name="console:outlets", permission=P.OUTLET_MANAGE, order=65),
    MenuEntry(GROUP, "接入应用", icon="plug", url_name="console:clients", permission=P.CLIENT_MANAGE, order=63),
    MenuEntry(GROUP, "待发消息", icon="send", url_name="console:outbox", permission=P.OUTLET_MANAGE, order=67),
    MenuEntry(GROUP, "后台任务", icon="cpu", url_name="console:running", permission=P.SYSTEM_VIEW, order=70),
    MenuEntry(GROUP, "系统", icon="hdd-stack", url_name="console:system", permission=P.SYSTEM_VIEW, order=80),
)
