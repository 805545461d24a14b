"""Entries of shared data as the rule book knows them where no database is open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldData:
    """An entry in force that spares papers, as other apps may know it."""

    organ: str
    code: str
    name: str
    sharing: str
    papers: tuple[str, ...]

    def spares(self, paper: str) -> bool:
        return any(each in paper for each in self.papers)
