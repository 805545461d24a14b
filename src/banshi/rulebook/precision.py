"""Measured precision of rules: of their findings on real texts read by hand, how many were right."""

import csv
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from banshi.rulebook.enums import Severity

ENOUGH = 20
"""Findings read below which a share says little."""


@dataclass(frozen=True, slots=True)
class Precision:
    findings: int = 0
    right: int = 0

    @property
    def is_enough(self) -> bool:
        return self.findings >= ENOUGH

    @property
    def percent(self) -> str:
        return f"{100 * self.right / self.findings:.1f}%" if self.findings else ""


@cache
def measured_precision() -> dict[str, Precision]:
    """Return it by code of the rule, as data/rulebook/precision.csv has it.

    A test holds it against the labelled findings.
    """
    with (settings.DATA / "rulebook" / "precision.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: Precision(int(row["findings"]), int(row["right"])) for row in csv.DictReader(file)}


@cache
def first_contact() -> dict[Severity, Precision]:
    """Sum up what rules found on texts they had not met, before anything was changed for these."""
    found: dict[Severity, Precision] = {}
    with (settings.DATA / "rulebook" / "first-contact.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            before = found.get(severity := Severity(row["severity"]), Precision())
            found[severity] = Precision(before.findings + int(row["findings"]), before.right + int(row["right"]))
    return found
