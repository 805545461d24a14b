"""Masking of sensitive items, by kind."""

from banshi.core.id_numbers import mask_name
from banshi.exchange.enums import InformationKind

SHOWN_OF_ADDRESS = 6


def masked(text: str, kind: InformationKind) -> str:
    """Hide what tells a person apart, and leave what a clerk recognises it by."""
    match kind:
        case InformationKind.NAME:
            return mask_name(text)
        case InformationKind.ID_NUMBER if len(text) > 10:
            return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
        case InformationKind.ADDRESS if len(text) > SHOWN_OF_ADDRESS:
            return f"{text[:SHOWN_OF_ADDRESS]}***"
        case InformationKind.DATE if len(text) > 4:
            return f"{text[:4]}-**-**"
    return "***"
