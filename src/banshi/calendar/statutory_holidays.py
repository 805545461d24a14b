"""Statutory holidays of any year: known from the law before the State Council arranges the year."""

from datetime import date, timedelta
from functools import cache

from lunar_python import Lunar, Solar


@cache
def statutory_holidays(year: int) -> dict[date, str]:
    """List the thirteen days of a year with their names, in order (全国年节及纪念日放假办法 第二条, 2024-11-10).

    Those that fall on a weekend are made up on days that only the arrangement names (第六条).
    """
    terms = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()
    first_of_year = _of_lunar(year, 1, 1)
    spring = {first_of_year + timedelta(days=n): "春节" for n in (-1, 0, 1, 2)}
    return {
        date(year, 1, 1): "元旦",
        **spring,
        date.fromisoformat(terms["清明"].toYmd()): "清明节",
        **dict.fromkeys((date(year, 5, 1), date(year, 5, 2)), "劳动节"),
        _of_lunar(year, 5, 5): "端午节",
        _of_lunar(year, 8, 15): "中秋节",
        **dict.fromkeys((date(year, 10, 1), date(year, 10, 2), date(year, 10, 3)), "国庆节"),
    }


def _of_lunar(year: int, month: int, day: int) -> date:
    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())
