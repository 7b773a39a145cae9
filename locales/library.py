"""Official indicators, once each, with the ways that people ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One official indicator, whatever catalogue it comes in."""

    code: str
    name: str
    units: tuple[str, ...]
    """The units that it is usually given in."""
    better: str
    """`up`, `down` or `none`."""
    over_year: str
    """`point`, `cumulative` or `annual`."""
    category: str
    parent: str | None
    """The indicator that it is a part of."""
    also: tuple[str, ...]
    """What may be said for the name, and for no other entry's."""
    apart: tuple[str, ...]
    """Neighbours that it must not be taken for."""
    explained: str


_FIELDS = ("dan-sinh", "kinh-te", "nong-nghiep", "san-xuat", "y-te-giao-duc-noi-chinh")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _entry(row: str) -> Entry:
    code, name, unit, better, over_year, category, parent, also, apart, explained = row.split("\t")
    return Entry(
        code,
        name,
        _parts(unit),
        better,
        over_year,
        category,
        parent or None,
        _parts(also),
        _parts(apart),
        explained,
    )


def entries(language: str = "vi") -> tuple[Entry, ...]:
    """Read every entry of a language, in the order of its files."""
    folder = Path(__file__).parent / language / "library"
    texts = ((folder / f"{field}.tsv").read_text(encoding="utf-8") for field in _FIELDS)
    return tuple(_entry(row) for text in texts for row in text.splitlines()[1:])
