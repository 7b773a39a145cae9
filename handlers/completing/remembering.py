"""What the next question may lean on, after an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from db.facts import Period, Region
from handlers.question import Answer, Context, Frame, Question, Spoken


def remember(answer: Answer, before: Context) -> Context:
    """Give what the next question may lean on; without an indicator it is what was there."""
    before = replace(before, subscribing=answer.kind == "subscription")
    if _asks_back(answer):
        return _asked_back(answer, before)
    if _leafs(answer, before):
        return replace(before, page=answer.page.number)
    keep = _KEEPING.get(answer.kind, _answered)
    return keep(answer, before)


def _asks_back(answer: Answer) -> bool:
    """Return whether an indicator was named that was not clear."""
    unclear = answer.kind in ("choose", "not_understood")
    return unclear and answer.question.reading.rest.content


def _leafs(answer: Answer, before: Context) -> bool:
    """Return whether another page of the same answer was shown, which is no question."""
    return bool(before.again) and answer.page.again == before.again


def _unchanged(_: Answer, before: Context) -> Context:
    return before


def _listed(answer: Answer, before: Context) -> Context:
    return replace(before, again=answer.page.again, page=answer.page.number)


def _explained(answer: Answer, before: Context) -> Context:
    return replace(before, indicators=_codes(answer.question) or before.indicators)


def _codes(question: Question) -> tuple[str, ...]:
    return tuple(indicator.code for indicator in question.indicators)


def _written(periods: Iterable[Period]) -> tuple[str, ...]:
    return tuple(map(str, periods))


def _keys(regions: Iterable[Region]) -> tuple[str, ...]:
    return tuple(region.key for region in regions)


def _asked_back(answer: Answer, before: Context) -> Context:
    """Forget the indicator before: another one was meant. Period and place that were said hold."""
    reading = answer.question.reading
    said = _written(reading.time.periods)
    places = _keys(reading.regions) if answer.kind == "choose" else ()
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


def _answered(answer: Answer, before: Context) -> Context:
    question = answer.question
    return Context(
        indicators=_codes(question),
        regions=_keys(question.regions) or before.regions,
        periods=_last_spoken_of(answer.kind, question),
        categories=tuple(each.code for each in question.categories),
        wants=answer.kind,
        named=_named_one(answer.kind, question),
        filter=question.reading.targets.filter if answer.kind == "targets" else None,
        again=answer.page.again,
        page=answer.page.number,
        frame=_frame(answer.kind, question),
        other=_other(answer, before),
    )


def _other(answer: Answer, before: Context) -> Spoken:
    """Give what the figure before was of, where two were asked for one after the other."""
    if answer.kind != "figure" or before.wants != "figure":
        return Spoken()
    return Spoken(before.indicators, before.regions, before.periods)


def _named_one(kind: str, question: Question) -> bool:
    """Return whether one period was named, now or before."""
    one = len(question.periods) <= 1 and kind != "series"
    return one and question.origin.periods in ("said", "previous")


def _frame(kind: str, question: Question) -> Frame:
    """Give how an answer was laid out, as far as another place or indicator is put into it."""
    time = question.reading.time
    if kind == "series":
        return Frame(periods=_written(time.periods), spans=time.spans, grain=time.grain)
    if kind == "comparison" and len(question.periods) > 1:
        return Frame(periods=_written(question.periods))
    return Frame(order=question.reading.listing.order if kind == "ranking" else None)


def _last_spoken_of(kind: str, question: Question) -> tuple[str, ...]:
    """Give the periods that stay: of a comparison the last two, of a series the last."""
    periods = _written(question.periods)
    return periods[-_LAST.get(kind, len(periods)) :]


_LAST = {"comparison": 2, "series": 1}
_NO_FIGURE = (
    "help",
    "greeting",
    "settings",
    "subscription",
    "account",
    "not_understood",
    "choose",
)
_KEEPING: dict[str, Callable[[Answer, Context], Context]] = {
    **dict.fromkeys(_NO_FIGURE, _unchanged),
    "catalogue": _listed,
    "definition": _explained,
}
"""What stays after answers that are about no figure."""
