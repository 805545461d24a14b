"""Pictures of seals: an organ's own, or in a demonstration one drawn for it."""

import math

from django.conf import settings

from banshi.documents import pdf
from banshi.people.models import Organ

RED = "#c8102e"


def seal_picture(organ: Organ) -> bytes:
    """Draw a seal for a demonstration, and none elsewhere."""
    return pdf.png(demo_seal(organ.name), width=240) if settings.DEMO else b""


def demo_seal(name: str) -> str:
    """Draw as SVG a round seal with the organ's name along its upper edge and a star."""
    step = min(24.0, 250 / max(1, len(name) - 1))
    letters = []
    for place, letter in enumerate(name):
        angle = (place - (len(name) - 1) / 2) * step
        x, y = 120 + 86 * math.sin(math.radians(angle)), 120 - 86 * math.cos(math.radians(angle))
        letters.append(
            f'<text transform="translate({x:.1f} {y:.1f}) rotate({angle:.1f})" text-anchor="middle" y="9"'
            f' font-size="{min(26, step * 1.25):.0f}" font-family="Noto Serif SC" font-weight="700" fill="{RED}">{letter}</text>'
        )
    points = [
        (120 + r * math.sin(math.pi * n / 5), 120 - r * math.cos(math.pi * n / 5))
        for n in range(10)
        for r in [34 if n % 2 == 0 else 13]
    ]
    star = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 240 240">'
        f'<circle cx="120" cy="120" r="114" fill="none" stroke="{RED}" stroke-width="6"/>{"".join(letters)}'
        f'<polygon points="{star}" fill="{RED}"/>'
        f'<text x="120" y="190" text-anchor="middle" font-size="24" font-family="Noto Serif SC" fill="{RED}">示例</text></svg>'
    )
