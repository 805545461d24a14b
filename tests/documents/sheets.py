"""A sheet with one block of every kind."""

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

URL = "https://banshi.example.cn/items/1/"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20"><circle cx="10" cy="10" r="9"/></svg>'
EVERY_KIND: tuple[Block, ...] = (
    Checklist(
        (Check("居民户口簿", "必带", "原件1份", "", True), Check("不动产权证书", "免交", "", "已共享，不用您带", False))
    ),
    Stages(
        (
            ProcedureStage("1", "受理", ("材料不齐：一次性告知补正",)),
            ProcedureStage("2", "同时办理"),
            ProcedureStage("2.1", "核验"),
        )
    ),
    Table(("名称", "地址"), (("政务服务中心", "示例路1号"),), (1, 2)),
    Lines(("年满六周岁", "有户口"), numbered=True),
    Facts((("承诺时限", "5个工作日内"),)),
    Questions((("要等多久？", "五个工作日。"),)),
    Picture(DOT, "一个圆点", 20, 20),
)


def sheet(title: str = "小学入学报名", *blocks: Block, **more: str) -> Sheet:
    return Sheet(
        **{
            "title": title,
            "owner": "示例县教育局",
            "status": "公布版本：第1版",
            "answers": (("谁能办", "自然人"), ("多少钱", "不收费")),
            "sections": (Section("内容", blocks or EVERY_KIND),),
            "url": URL,
            "qr": qr_svg(URL),
            "closing": "以网上最新公布为准",
            **more,
        }
    )
