"""规则库: every rule on which guides are examined, for anyone to read."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.clock import today
from banshi.rulebook.enums import Severity
from banshi.rulebook.precision import Precision, first_contact, measured_precision
from banshi.rulebook.queries import broken_in_force, current_rulebook
from banshi.rulebook.rule import Rule
from banshi.sites.kit.address import text_in

CHAPTERS = {
    "BM": "编码",
    "MC": "名称",
    "ZL": "种类",
    "WZ": "内容完整",
    "YJ": "办理依据",
    "TJ": "受理条件",
    "CL": "申请材料",
    "DX": "服务对象",
    "SF": "收费",
    "SX": "时限",
    "LC": "办理流程",
    "DC": "到场次数和网上办理",
    "LX": "联系方式",
    "JG": "办理结果",
    "WD": "常见问题",
}
TONES = {Severity.MUST: "bad", Severity.SHOULD: "warn", Severity.HINT: "info"}


@dataclass(frozen=True, slots=True)
class ShownRule:
    rule: Rule
    broken: int
    tone: str
    precision: Precision


@require_safe
def show_rulebook(request: HttpRequest) -> HttpResponse:
    broken, measured = broken_in_force(), measured_precision()
    asked = text_in(request.GET, "severity")
    rules = [each for each in current_rulebook(today()) if asked in ("", each.severity)]
    lines = [
        ShownRule(each, broken.get(each.code, 0), TONES[each.severity], measured.get(each.code, Precision()))
        for each in rules
    ]
    context = {
        "chapters": [(code, CHAPTERS.get(code, code), list(some)) for code, some in groupby(lines, _chapter)],
        "count": len(lines),
        "asked": asked,
        "severities": Severity.choices,
        "broken": sum(line.broken for line in lines),
        "first_contact": list(first_contact().items()),
    }
    return render(request, "portal/rulebook.html", context)


def _chapter(line: ShownRule) -> str:
    return line.rule.code.rstrip("0123456789")
