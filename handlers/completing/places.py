"""Which places are meant: those named, else those spoken of before, else the home region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from db.facts import Region
from handlers.completing.before import Before
from handlers.question import Question, Wants
from handlers.territory import home_region


def settle(question: Question, before: Before, counts: Mapping[str, int]) -> Question:
    """Give the question with its places, or asking back which one is meant.

    `counts` is how many results each place has, by its key.
    """
    stored = {key.partition("@")[0] for key, count in counts.items() if count}
    question = replace(question, several_places=len(stored) > 1)
    home = home_region(question.asking.home, counts, question.catalogue)
    for step in _STEPS:
        settled = step(question, before, home)
        if settled is not None:
            return settled
    names = [question.catalogue.namesakes(name)[-1] for name in sorted(stored)]
    return replace(question, wants=Wants.CHOOSE_PLACE, regions=tuple(names)) if names else question


def _strange(question: Question, _: Before, __: Region | None) -> Question | None:
    """Take places that the store does not know as missing."""
    reading = question.reading
    if not reading.strangers:
        return None
    return replace(question, missing=reading.strangers).at(reading.regions, "said")


def _named(question: Question, before: Before, _: Region | None) -> Question | None:
    """Take the places that were named; "so với Bắc Kạn" sets it beside the one before."""
    reading, said = question.reading, question.reading.regions
    if not said:
        return None
    if len(said) == 1 and not reading.time.periods and _joins(question, before):
        said = (*(each for each in before.regions if each.name != said[0].name), *said)
    return question.at(said, "said")


def _joins(question: Question, before: Before) -> bool:
    """Return whether a place is set beside those before: asked so, or places were compared."""
    compared = question.reading.wants is Wants.COMPARISON or len(before.regions) > 1
    again = question.wants is Wants.COMPARISON and question.origin.indicators == "previous"
    return again and compared


def _before(question: Question, before: Before, home: Region | None) -> Question | None:
    """Keep to the places spoken of before, where places are not ranked."""
    if not before.regions or question.reading.home or question.wants is Wants.RANKING:
        return None
    known = home is not None and [each.name for each in before.regions] == [home.name]
    return question.at(before.regions, "default" if known else "previous")


def _home(question: Question, _: Before, home: Region | None) -> Question | None:
    if home is None:
        return None
    return question.at((home,), "said" if question.reading.home else "default")


_STEPS: tuple[Callable[[Question, Before, Region | None], Question | None], ...] = (
    _strange,
    _named,
    _before,
    _home,
)
"""What may settle it, in this order: the first that can."""
