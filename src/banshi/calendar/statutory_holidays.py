"""Statutory holidays of any year: known from the law before the State Council arranges the year."""

import csv
from datetime import date, timedelta
from functools import cache

from django.conf import settings

FESTIVALS = ("春节", "清明节", "端午节", "中秋节")
"""Days of the lunar calendar and the solar terms, in `data/calendars/festivals.csv` for each year foreseen."""


def statutory_holidays(year: int) -> dict[date, str]:
    """List the thirteen days of a year with their names, in order (全国年节及纪念日放假办法 第二条, 2024-11-10).

    Those that fall on a weekend are made up on days that only the arrangement names (第六条).
    """
    spring, tomb_sweeping, dragon_boat, mid_autumn = _festivals()[year]
    return {
        date(year, 1, 1): "元旦",
        **{spring + timedelta(days=n): "春节" for n in (-1, 0, 1, 2)},
        tomb_sweeping: "清明节",
        **dict.fromkeys((date(year, 5, 1), date(year, 5, 2)), "劳动节"),
        dragon_boat: "端午节",
        mid_autumn: "中秋节",
        **dict.fromkeys((date(year, 10, 1), date(year, 10, 2), date(year, 10, 3)), "国庆节"),
    }


@cache
def _festivals() -> dict[int, list[date]]:
    with (settings.DATA / "calendars" / "festivals.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {int(row["year"]): [date.fromisoformat(row[name]) for name in FESTIVALS] for row in rows}
