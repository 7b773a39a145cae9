"""Which indicators or fields of work are meant: those named, else those spoken of before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db.facts import Catalogue, Indicator, UnitKind
from handlers.completing.before import Before
from handlers.question import Origin, Question, Wants

WORTH_ASKING = 0.12
"""The probability from which it is worth asking back whether an indicator is meant."""
LIKELIER = 0.40
"""The probability from which an indicator is asked about before a term is said to be in none."""
_SURVEYS = (Wants.OVERVIEW, Wants.TARGETS)
_OF_FIELDS = (*_SURVEYS, Wants.CATALOGUE)
_WITHOUT = (*_OF_FIELDS, Wants.HELP, Wants.GREETING, Wants.SETTINGS, Wants.NOT_UNDERSTOOD)
"""What may be wanted without any indicator."""


def settle(question: Question, before: Before) -> Question:
    """Give the question with its indicators or fields, or with what must be asked back."""
    for step in _STEPS:
        settled = step(question, before)
        if settled is not None:
            return settled
    return replace(question, wants=Wants.NOT_UNDERSTOOD)


# ---------------------------------------------------------------- what was said


def _share(question: Question, before: Before) -> Question | None:
    """Settle a part and its whole: both said, one said before, or the part alone."""
    reading = question.reading
    said = reading.indicators or before.indicators[:2]
    if reading.wants is not Wants.SHARE or not said:
        return None
    origin = Origin(indicators="said" if reading.indicators else "previous")
    pair = _part_and_whole(said, before.indicators, question.catalogue)
    if pair is None:  # what is no part of anything is shown as it is
        wants = Wants.COMPARISON if len(said) > 1 else Wants.FIGURE
        return replace(question, wants=wants, indicators=said, origin=origin)
    reading = replace(reading, remarks=replace(reading.remarks, portion=False))
    return replace(question, reading=reading, indicators=pair, origin=origin)


def _part_and_whole(
    said: tuple[Indicator, ...], before: tuple[Indicator, ...], catalogue: Catalogue
) -> tuple[Indicator, Indicator] | None:
    if len(said) > 1:
        pairs = [(said[0], said[1]), (said[1], said[0])]
    else:
        parent = catalogue.indicators.get(said[0].parent or "")
        pairs = [(before[0], said[0])] if len(before) == 1 else []
        pairs += [(said[0], parent)] if parent is not None else []
    return next((pair for pair in pairs if _is_part(*pair, catalogue)), None)


def _is_part(part: Indicator, whole: Indicator, catalogue: Catalogue) -> bool:
    """Return whether one is under the other, all the way in its unit, and is counted or money."""
    if part.unit.kind not in (UnitKind.COUNT, UnitKind.MONEY):
        return False
    above = catalogue.indicators.get(part.parent or "")
    while above is not None and above.unit == part.unit:
        if above == whole:
            return True
        above = catalogue.indicators.get(above.parent or "")
    return False


def _named(question: Question, _: Before) -> Question | None:
    """Take the indicators that were named."""
    reading = question.reading
    if not reading.indicators:
        return None
    return replace(
        question,
        indicators=reading.indicators,
        categories=reading.categories,
        origin=Origin(indicators="said"),
    )


def _field(question: Question, _: Before) -> Question | None:
    """Take the fields of work that were named, where fields can be asked about."""
    reading = question.reading
    if not reading.categories or reading.wants not in _OF_FIELDS:
        return None
    return replace(question, categories=reading.categories)


# ---------------------------------------------------------------- what needs no indicator


def _target_of_before(question: Question, before: Before) -> Question | None:
    """Ask for the target of the one spoken of before: "có đạt chỉ tiêu không?"."""
    reading = question.reading
    targets = reading.wants is Wants.TARGETS and not reading.targets.which
    if not targets or not before.indicators or before.wants == Wants.TARGETS:
        return None
    return _of_before(replace(question, wants=Wants.FIGURE), before)


def _without(question: Question, _: Before) -> Question | None:
    """Leave what needs no indicator as it is."""
    return question if question.reading.wants in _WITHOUT else None


def _definition_of_before(question: Question, before: Before) -> Question | None:
    """Explain the one spoken of before: "nghĩa là gì?"."""
    if question.reading.wants is not Wants.DEFINITION or question.reading.rest.content:
        return None
    origin = Origin(indicators="previous" if before.indicators else None)
    return replace(question, indicators=before.indicators, origin=origin)


# ---------------------------------------------------------------- what is not sure


def _not_stored(question: Question, _: Before) -> Question | None:
    """Say that a known term is in no indicator, unless one is likelier than not stored."""
    reading = question.reading
    likely = any(each.claim >= LIKELIER for each in reading.candidates)
    if not reading.not_stored or likely:
        return None
    return replace(question, wants=Wants.NO_DATA)


def _unsure(question: Question, _: Before) -> Question | None:
    """Ask back where words could name an indicator and none is sure to be meant."""
    reading = question.reading
    if not reading.rest.content:
        return None
    near = any(each.claim >= WORTH_ASKING for each in reading.candidates)
    return replace(question, wants=Wants.CHOOSE if near else Wants.NOT_UNDERSTOOD)


# ---------------------------------------------------------------- what was spoken of before


def _share_of_before(question: Question, before: Before) -> Question | None:
    """Keep to the share of a part, of which the whole was told before."""
    pair = before.indicators[:2]
    shown = question.reading.wants is Wants.FIGURE and before.wants == Wants.BREAKDOWN
    if not shown or len(pair) < 2 or not _is_part(pair[0], pair[1], question.catalogue):
        return None
    return replace(
        question, wants=Wants.SHARE, indicators=pair, origin=Origin(indicators="previous")
    )


def _before(question: Question, before: Before) -> Question | None:
    return _of_before(question, before) if before.indicators else None


def _of_before(question: Question, before: Before) -> Question:
    """Take the indicators spoken of before; "tổng số" after a part means its whole."""
    indicators = before.indicators
    if len(indicators) == 1 and question.reading.remarks.total:
        parent = question.catalogue.indicators.get(indicators[0].parent or "")
        indicators = (parent,) if parent is not None else indicators
    return replace(question, indicators=indicators, origin=Origin(indicators="previous"))


def _field_of_before(question: Question, before: Before) -> Question | None:
    """Keep to the field of work that was surveyed before."""
    if not before.categories or question.reading.wants is not Wants.FIGURE:
        return None
    wants = Wants.TARGETS if before.wants == Wants.TARGETS else Wants.OVERVIEW
    return replace(question, wants=wants, categories=before.categories)


def _survey_of_before(question: Question, before: Before) -> Question | None:
    """Survey another period or place, of the same status, where one was surveyed before."""
    reading = question.reading
    if before.wants not in _SURVEYS or not (reading.time.periods or reading.regions):
        return None
    targets = replace(reading.targets, filter=reading.targets.filter or before.filter)
    return replace(question, wants=Wants(before.wants), reading=replace(reading, targets=targets))


def _targets_of_period(question: Question, _: Before) -> Question | None:
    """List the targets of a period: "kế hoạch 2024"."""
    reading = question.reading
    if reading.wants is Wants.FIGURE and reading.targets.spoken and reading.time.periods:
        return replace(question, wants=Wants.TARGETS)
    return None


def _candidates(question: Question, _: Before) -> Question | None:
    """Ask back where nothing but candidates is there."""
    return replace(question, wants=Wants.CHOOSE) if question.reading.candidates else None


_STEPS: tuple[Callable[[Question, Before], Question | None], ...] = (
    _share,
    _named,
    _field,
    _target_of_before,
    _without,
    _definition_of_before,
    _not_stored,
    _unsure,
    _share_of_before,
    _before,
    _field_of_before,
    _survey_of_before,
    _targets_of_period,
    _candidates,
)
"""What may settle it, in this order: the first that can."""
