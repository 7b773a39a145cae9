"""The words of the field: what people say for what official statistics count and measure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class Kind(StrEnum):
    """What a concept does in a question."""

    THING = "thing"
    """What is counted or valued."""
    EVENT = "event"
    """What happens."""
    MEASURE = "measure"
    """What is measured of a thing or an event."""
    QUALITY = "quality"
    """What narrows a thing, an event or a measure."""
    DEGREE = "degree"
    """How much, how far or how sure: narrows nothing that is counted."""
    UNIT = "unit"
    TALK = "talk"
    ASKER = "asker"
    """Who asks, and for whom."""
    USE = "use"
    """What the figure is needed for."""
    WANT = "want"
    PERIOD = "period"
    PLACE = "place"
    NUMBER = "number"
    DIALECT = "dialect"
    TEENCODE = "teencode"
    """Chat spelling."""
    ENGLISH = "english"
    NEGATION = "negation"
    PLAIN = "plain"
    """Words of daily life, which narrow nothing that is counted."""
    OTHER = "other"
    """Look-alikes to be kept apart, never to be read."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning, with every way to say it."""

    slug: str
    kind: Kind
    official: str
    forms: tuple[str, ...]
    """The official term first, then what may stand in its place when a figure is asked for."""
    broader: str | None
    apart: tuple[str, ...]
    """Concepts that must not be taken for this one, though they look or sound alike."""


_FIELDS = ("kinh-te", "xa-hoi", "chung", "doi-thuong")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _concept(row: str) -> Concept:
    slug, kind, official, also, broader, apart = row.split("\t")
    forms = (official, *_parts(also))
    return Concept(slug, Kind(kind), official, forms, broader or None, _parts(apart))


@cache
def concepts(language: str = "vi") -> tuple[Concept, ...]:
    """Return every concept of a language, in the order of its files; read once."""
    folder = Path(__file__).parent / language / "lexicon"
    texts = ((folder / f"{field}.tsv").read_text(encoding="utf-8") for field in _FIELDS)
    return tuple(_concept(row) for text in texts for row in text.splitlines()[1:])
