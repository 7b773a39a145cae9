"""Which indicators or fields of work are meant: those named, else those spoken of before."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from db.facts import Catalogue, Indicator, UnitKind
from handlers.completing.before import Before
from handlers.completing.rules import Rule, settled
from handlers.question import Question, Wants

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
    return settled(_RULES, question, before) or question.wanting(Wants.NOT_UNDERSTOOD)


def _wants(question: Question, *kinds: Wants) -> bool:
    """Return whether the words themselves ask for one of these."""
    return question.reading.wants in kinds


# ---------------------------------------------------------------- the share of a part


def _asks_share(question: Question, before: Before) -> bool:
    return _wants(question, Wants.SHARE) and bool(_spoken_of(question, before))


def _spoken_of(question: Question, before: Before) -> tuple[Indicator, ...]:
    return question.reading.indicators or before.indicators[:2]


def _share(question: Question, before: Before) -> Question:
    """Settle a part and its whole: both said, one said before, or the part alone."""
    reading, said = question.reading, _spoken_of(question, before)
    question = question.about(said, "said" if reading.indicators else "previous")
    pair = _part_and_whole(question, before)
    if pair is None:  # what is no part of anything is shown as it is
        return question.wanting(Wants.COMPARISON if len(said) > 1 else Wants.FIGURE)
    reading = replace(reading, remarks=replace(reading.remarks, portion=False))
    return replace(question, reading=reading, indicators=pair)


def _part_and_whole(question: Question, before: Before) -> tuple[Indicator, Indicator] | None:
    """Find a part and its whole among those spoken of, and what is above a part."""
    catalogue, said = question.catalogue, question.indicators
    if len(said) > 1:
        pairs = [(said[0], said[1]), (said[1], said[0])]
    else:
        parts = before.indicators if len(before.indicators) == 1 else ()
        pairs = [(part, said[0]) for part in parts]
        pairs += [(said[0], whole) for whole in _above(said[0], catalogue)[:1]]
    return next((pair for pair in pairs if _is_part(*pair, catalogue)), None)


def _is_part(part: Indicator, whole: Indicator, catalogue: Catalogue) -> bool:
    """Return whether one is under the other, all the way in its unit, and is counted or money."""
    above = takewhile(lambda each: each.unit == part.unit, _above(part, catalogue))
    return part.unit.kind in (UnitKind.COUNT, UnitKind.MONEY) and whole in above


def _above(part: Indicator, catalogue: Catalogue) -> list[Indicator]:
    """Give what an indicator is under, the nearest first."""
    found: list[Indicator] = []
    above = catalogue.indicators.get(part.parent or "")
    while above is not None and above not in found:
        found.append(above)
        above = catalogue.indicators.get(above.parent or "")
    return found


def _showed_share(question: Question, before: Before) -> bool:
    """Return whether a part and its whole were told before."""
    pair = before.indicators[:2]
    shown = _wants(question, Wants.FIGURE) and before.wants == Wants.BREAKDOWN
    return shown and len(pair) == 2 and _is_part(pair[0], pair[1], question.catalogue)


def _same_share(question: Question, before: Before) -> Question:
    return question.wanting(Wants.SHARE).about(before.indicators[:2], "previous")


# ---------------------------------------------------------------- what was said


def _sets_beside(question: Question, before: Before) -> bool:
    """Return whether one is to be compared with the one spoken of: "đặt cạnh tiền quà"."""
    reading = question.reading
    both = len(reading.indicators) == len(before.indicators) == 1
    another = both and reading.indicators != before.indicators
    within = not reading.time.periods and not reading.time.against.named
    return another and within and reading.remarks.beside and _wants(question, Wants.COMPARISON)


def _beside(question: Question, before: Before) -> Question:
    return question.about((*before.indicators, *question.reading.indicators), "said")


def _sets_two(question: Question, before: Before) -> bool:
    return before.two(question)


def _two(question: Question, before: Before) -> Question:
    """Take what the last two figures are of: "vậy chênh nhau bao nhiêu?"."""
    both = dict.fromkeys((*before.other.indicators, *before.indicators))
    return question.about(tuple(both), "previous")


def _names_one(question: Question, _: Before) -> bool:
    return bool(question.reading.indicators)


def _named(question: Question, _: Before) -> Question:
    reading = question.reading
    return replace(question, categories=reading.categories).about(reading.indicators, "said")


def _names_field(question: Question, _: Before) -> bool:
    """Return whether a field of work was named, where fields can be asked about."""
    return bool(question.reading.categories) and _wants(question, *_OF_FIELDS)


def _field(question: Question, _: Before) -> Question:
    return replace(question, categories=question.reading.categories)


# ---------------------------------------------------------------- what needs no indicator


def _asks_target(question: Question, before: Before) -> bool:
    """Return whether it is asked of one spoken of: "có đạt chỉ tiêu không?"."""
    targets = _wants(question, Wants.TARGETS) and not question.reading.targets.which
    return targets and bool(before.indicators) and before.wants != Wants.TARGETS


def _target_of_before(question: Question, before: Before) -> Question:
    return _of_before(question.wanting(Wants.FIGURE), before)


def _needs_none(question: Question, _: Before) -> bool:
    return _wants(question, *_WITHOUT)


def _as_it_is(question: Question, _: Before) -> Question:
    return question


def _asks_meaning(question: Question, _: Before) -> bool:
    """Return whether the one spoken of is to be explained: "nghĩa là gì?"."""
    return _wants(question, Wants.DEFINITION) and not question.reading.rest.content


def _meaning_of_before(question: Question, before: Before) -> Question:
    return question.about(before.indicators, "previous") if before.indicators else question


# ---------------------------------------------------------------- what is not sure


def _is_claimed(question: Question, least: float) -> bool:
    """Return whether any indicator is meant with at least some probability."""
    return any(each.claim >= least for each in question.reading.candidates)


def _is_in_none(question: Question, _: Before) -> bool:
    """Return whether a known term is in no indicator, and none is likelier than not stored."""
    return bool(question.reading.not_stored) and not _is_claimed(question, LIKELIER)


def _not_stored(question: Question, _: Before) -> Question:
    return question.wanting(Wants.NO_DATA)


def _is_unsure(question: Question, _: Before) -> bool:
    """Return whether words could name an indicator and none is sure to be meant."""
    return question.reading.rest.content


def _unsure(question: Question, _: Before) -> Question:
    near = _is_claimed(question, WORTH_ASKING)
    return question.wanting(Wants.CHOOSE if near else Wants.NOT_UNDERSTOOD)


# ---------------------------------------------------------------- what was spoken of before


def _spoke_of_one(_: Question, before: Before) -> bool:
    return bool(before.indicators)


def _of_before(question: Question, before: Before) -> Question:
    """Take the indicators spoken of before; "tổng số" after a part means its whole."""
    indicators = before.indicators
    whole = question.reading.remarks.total and not question.reading.time.periods
    if len(indicators) == 1 and whole:
        indicators = tuple(_above(indicators[0], question.catalogue)[:1]) or indicators
    return question.about(indicators, "previous")


def _surveyed_field(question: Question, before: Before) -> bool:
    return bool(before.categories) and _wants(question, Wants.FIGURE)


def _field_of_before(question: Question, before: Before) -> Question:
    """Keep to the field of work that was surveyed before."""
    wants = Wants.TARGETS if before.wants == Wants.TARGETS else Wants.OVERVIEW
    return replace(question, wants=wants, categories=before.categories)


def _surveyed_other(question: Question, before: Before) -> bool:
    """Return whether another period or place is to be surveyed as one was before."""
    reading = question.reading
    return before.wants in _SURVEYS and bool(reading.time.periods or reading.regions)


def _survey_of_before(question: Question, before: Before) -> Question:
    """Survey as before, of the same status."""
    targets = question.reading.targets
    targets = replace(targets, filter=targets.filter or before.filter)
    return replace(
        question, wants=Wants(before.wants), reading=replace(question.reading, targets=targets)
    )


def _names_period_of_targets(question: Question, _: Before) -> bool:
    """Return whether the targets of a period are asked for: "kế hoạch 2024"."""
    reading = question.reading
    return _wants(question, Wants.FIGURE) and reading.targets.spoken and bool(reading.time.periods)


def _targets(question: Question, _: Before) -> Question:
    return question.wanting(Wants.TARGETS)


def _has_candidates(question: Question, _: Before) -> bool:
    return bool(question.reading.candidates)


def _choose(question: Question, _: Before) -> Question:
    return question.wanting(Wants.CHOOSE)


_RULES: tuple[Rule, ...] = (
    (_asks_share, _share),
    (_sets_beside, _beside),
    (_sets_two, _two),
    (_names_one, _named),
    (_names_field, _field),
    (_asks_target, _target_of_before),
    (_needs_none, _as_it_is),
    (_asks_meaning, _meaning_of_before),
    (_is_in_none, _not_stored),
    (_is_unsure, _unsure),
    (_showed_share, _same_share),
    (_spoke_of_one, _of_before),
    (_surveyed_field, _field_of_before),
    (_surveyed_other, _survey_of_before),
    (_names_period_of_targets, _targets),
    (_has_candidates, _choose),
)
