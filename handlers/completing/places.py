"""Which places are meant: those named, else those spoken of before, else the home region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from db.facts import Region, UnitKind
from handlers.completing.before import Before
from handlers.completing.rules import Rule, settled
from handlers.question import Question, Wants
from handlers.territory import home_region

COUNTRY = "Cả nước"


def settle(question: Question, before: Before, counts: Mapping[str, int]) -> Question:
    """Give the question with its places, or asking back which one is meant.

    `counts` is how many results each place has, by its key.
    """
    stored = {key.partition("@")[0] for key, count in counts.items() if count}
    question = replace(question, several_places=len(stored) > 1)
    home = home_region(question.asking.home, counts, question.catalogue)
    at = settled(_RULES, question, replace(before, home=home))
    return at or _asked_back(question, sorted(stored))


def _asked_back(question: Question, names: list[str]) -> Question:
    """Ask back which of the places with figures is meant, where there are any."""
    if not names:
        return question
    newest = tuple(question.catalogue.namesakes(name)[-1] for name in names)
    return replace(question, wants=Wants.CHOOSE_PLACE, regions=newest)


def _names_stranger(question: Question, _: Before) -> bool:
    return bool(question.reading.strangers)


def _strange(question: Question, _: Before) -> Question:
    """Take places that the store does not know as missing."""
    reading = question.reading
    return replace(question, missing=reading.strangers).at(reading.regions, "said")


def _joins(question: Question, before: Before) -> bool:
    """Return whether one place is set beside those before: asked so, or places were compared."""
    reading = question.reading
    alone = len(reading.regions) == 1 and not reading.time.periods
    compared = reading.wants is Wants.COMPARISON or len(before.regions) > 1
    again = question.wants is Wants.COMPARISON and question.origin.indicators == "previous"
    return alone and again and compared


def _joined(question: Question, before: Before) -> Question:
    said = question.reading.regions
    others = tuple(region for region in before.regions if region.name != said[0].name)
    return question.at((*others, *said), "said")


def _sets_two(question: Question, before: Before) -> bool:
    """Return whether the last two figures are of two places, and are set side by side."""
    return before.two(question) and before.other.regions != before.regions


def _two(question: Question, before: Before) -> Question:
    return question.at((*before.other.regions, *before.regions), "previous")


def _compares_home(question: Question, before: Before) -> bool:
    """Return whether the home region is held against others: "tỉnh mình so với cả nước"."""
    reading = question.reading
    both = bool(reading.regions) and reading.home and before.home is not None
    return both and reading.wants is Wants.COMPARISON and len(reading.time.periods) < 2


def _with_home(question: Question, before: Before) -> Question:
    said = question.reading.regions
    home = (before.home,) if before.home is not None and before.home not in said else ()
    return question.at((*home, *said), "said")


def _ranks_in_country(question: Question, before: Before) -> bool:
    """Return whether the country is what a rank is of: "PCI xếp thứ mấy *cả nước*"."""
    kinds = {indicator.unit.kind for indicator in question.indicators}
    names = [region.name for region in question.reading.regions]
    return kinds == {UnitKind.RANK} and names == [COUNTRY] and before.home is not None


def _names_place(question: Question, _: Before) -> bool:
    return bool(question.reading.regions)


def _named(question: Question, _: Before) -> Question:
    return question.at(question.reading.regions, "said")


def _keeps(question: Question, before: Before) -> bool:
    """Return whether it is asked of the places spoken of; a ranking is of all."""
    anywhere = question.reading.home or question.wants is Wants.RANKING
    return bool(before.regions) and not anywhere


def _same(question: Question, before: Before) -> Question:
    names = [region.name for region in before.regions]
    return question.at(before.regions, "default" if names == _names(before.home) else "previous")


def _names(home: Region | None) -> list[str]:
    return [home.name] if home is not None else []


def _has_home(_: Question, before: Before) -> bool:
    return before.home is not None


def _home(question: Question, before: Before) -> Question:
    home = (before.home,) if before.home is not None else ()
    return question.at(home, "said" if question.reading.home else "default")


_RULES: tuple[Rule, ...] = (
    (_names_stranger, _strange),
    (_sets_two, _two),
    (_joins, _joined),
    (_compares_home, _with_home),
    (_ranks_in_country, _home),
    (_names_place, _named),
    (_keeps, _same),
    (_has_home, _home),
)
