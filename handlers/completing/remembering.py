"""What the next question may lean on, after an answer."""

from __future__ import annotations

from dataclasses import replace

from handlers.question import Answer, Context, Frame, Question

_NO_FIGURE = (
    "help",
    "greeting",
    "settings",
    "subscription",
    "account",
    "not_understood",
    "choose",
)
"""Answers that leave what was spoken of as it was."""


def remember(answer: Answer, before: Context) -> Context:
    """Give what the next question may lean on; without an indicator it is what was there."""
    question = answer.question
    before = replace(before, subscribing=answer.kind == "subscription")
    if answer.kind in ("choose", "not_understood") and question.reading.rest.content:
        return _asked_back(answer, before)
    if answer.page.again and answer.page.again == before.again:  # leafing through is no question
        return replace(before, page=answer.page.number)
    if answer.kind == "catalogue":
        return replace(before, again=answer.page.again, page=answer.page.number)
    if answer.kind in _NO_FIGURE:
        return before
    codes = tuple(each.code for each in question.indicators)
    if answer.kind == "definition":
        return replace(before, indicators=codes or before.indicators)
    return _answered(answer, codes, before)


def _asked_back(answer: Answer, before: Context) -> Context:
    """Forget the indicator before: another one was meant. Period and place that were said hold."""
    reading = answer.question.reading
    said = tuple(str(each) for each in reading.time.periods)
    places = tuple(each.key for each in reading.regions) if answer.kind == "choose" else ()
    return replace(
        before,
        indicators=(),
        categories=(),
        regions=places or before.regions,
        wants="",
        periods=said or before.periods,
        named=bool(said) or before.named,
        again="",
    )


def _answered(answer: Answer, codes: tuple[str, ...], before: Context) -> Context:
    question = answer.question
    along = len(question.periods) > 1 or answer.kind == "series"
    return Context(
        indicators=codes,
        regions=tuple(each.key for each in question.regions) or before.regions,
        periods=_last_spoken_of(answer.kind, question),
        categories=tuple(each.code for each in question.categories),
        wants=answer.kind,
        named=question.origin.periods in ("said", "previous") and not along,
        filter=question.reading.targets.filter if answer.kind == "targets" else None,
        again=answer.page.again,
        page=answer.page.number,
        frame=_frame(answer.kind, question),
    )


def _frame(kind: str, question: Question) -> Frame:
    """Give how an answer was laid out, as far as another place or indicator is put into it."""
    time = question.reading.time
    if kind == "series":
        stretch = tuple(str(each) for each in time.periods)
        return Frame(periods=stretch, spans=time.spans, grain=time.grain)
    if kind == "comparison" and len(question.periods) > 1:
        return Frame(periods=tuple(str(each) for each in question.periods))
    return Frame(order=question.reading.listing.order if kind == "ranking" else None)


def _last_spoken_of(kind: str, question: Question) -> tuple[str, ...]:
    """Give the periods that stay: of a comparison the last two, of a series the last."""
    periods = tuple(str(each) for each in question.periods)
    if kind == "comparison":
        return periods[-2:]
    return periods[-1:] if kind == "series" else periods
