"""Which subscriptions fit what was said, and what their wishes become by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from db.rhythm import Every, Rhythm
from db.subscriptions import Alert, Subscription, Wishes
from handlers.subscribing import Errand, Facets


def contradicts(to: Facets, rhythm: Rhythm) -> bool:
    """Whether a day of the week was said for a month, or a day of the month for a week."""
    every = _every_said(to, rhythm)
    return (to.weekday is not None and (to.day is not None or every is not Every.WEEK)) or (
        to.day is not None and every is Every.WEEK
    )


def _every_said(to: Facets, rhythm: Rhythm) -> Every:
    """The rhythm that was said, in so many words or by its day; else the one that is there."""
    if to.every is not None:
        return to.every
    if to.weekday is not None:
        return Every.WEEK
    return Every.MONTH if to.day is not None and rhythm.every is Every.WEEK else rhythm.every


def wished(to: Facets, base: Wishes, joining: str = "only", fields: tuple[str, ...] = ()) -> Wishes:
    """The wishes that were there with what was said in the place of theirs.

    `fields` are all fields of work there are.
    """
    rhythm = base.rhythm and _rhythm(to, base.rhythm)
    at_once = to.alerting and rhythm is None
    scope = _everything(base) if to.everything else _scope(to, base, joining, fields)
    return replace(
        scope,
        rhythm=rhythm,
        alerts=(to.alerts or base.alerts or frozenset(Alert)) if at_once else base.alerts,
        regions=_places(to, base, joining),
        full=_said_or(to.full, base.full),
        chart=_said_or(to.chart, base.chart),
        workbook=_said_or(to.workbook, base.workbook),
    )


def _said_or(said: bool | None, there: bool) -> bool:
    return there if said is None else said


def _rhythm(to: Facets, rhythm: Rhythm) -> Rhythm:
    """The rhythm with what was said; a day of a week is none of a month."""
    every = _every_said(to, rhythm)
    weekly = every is Every.WEEK
    day = to.weekday if weekly else to.day
    if day is None:
        alike = weekly == (rhythm.every is Every.WEEK)
        day = rhythm.day if alike else _USUAL_DAY[weekly]
    return replace(rhythm, every=every, day=day, at=to.at or rhythm.at)


_USUAL_DAY = {True: 1, False: Rhythm().day}
"""The day of a week, or of a month, where none is said."""


def _everything(base: Wishes) -> Wishes:
    return replace(base, indicators=(), categories=())


def _scope(to: Facets, base: Wishes, joining: str, fields: tuple[str, ...]) -> Wishes:
    """The wishes about what was named, besides what they are about, or without it."""
    indicators = tuple(each.code for each in to.indicators)
    categories = tuple(each.code for each in to.categories)
    all_of_it = not (base.indicators or base.categories)
    if not (indicators or categories) or (joining == "also" and all_of_it):
        return base  # to everything nothing can come
    if joining == "only":
        return replace(base, indicators=indicators, categories=categories)
    join = _JOINS[joining]
    there = fields if joining == "not" and all_of_it and categories else base.categories
    return replace(
        base,
        indicators=join(base.indicators, indicators),
        categories=join(there, categories),
    )


def _places(to: Facets, base: Wishes, joining: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(each.name for each in to.regions))
    if not names or joining == "only":
        return names or base.regions
    return _JOINS[joining](base.regions, names)


def _union(there: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*there, *new)))


def _less(there: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in there if each not in gone)


_JOINS: dict[str, Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]] = {
    "also": _union,
    "not": _less,
}
"""What becomes of what is there when something comes to it or goes from it."""


def scope_of(wishes: Wishes) -> tuple[frozenset[str], ...]:
    """What it is about, whatever the order it was said in."""
    return frozenset(wishes.categories), frozenset(wishes.indicators), frozenset(wishes.regions)


def every_of(wishes: Wishes) -> Every | None:
    """The rhythm it comes in; None for what is told at once."""
    return wishes.rhythm.every if wishes.rhythm else None


def those_fitting(which: Facets, subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """The subscriptions that the words may mean; one that they describe exactly before those they
    only touch.
    """
    fitting = [each for each in subscriptions if _fits(which, each.wishes)]
    exact = [each for each in fitting if _is_exactly(which, each.wishes)] if which.scope else []
    return exact if len(exact) == 1 else fitting


def _fits(which: Facets, wishes: Wishes) -> bool:
    return _is_of_kind(which, wishes) and _comes_so(which, wishes) and _is_about(which, wishes)


def _is_of_kind(which: Facets, wishes: Wishes) -> bool:
    """Whether it is a digest or told at once, as was said."""
    if which.digest:
        return wishes.rhythm is not None
    return bool(wishes.alerts) or not which.alerting


def _comes_so(which: Facets, wishes: Wishes) -> bool:
    """Whether it comes when it was said to come."""
    rhythm = wishes.rhythm
    if which.every is not None and every_of(wishes) is not which.every:
        return False
    if rhythm is None:
        return True
    day = which.weekday if rhythm.every is Every.WEEK else which.day
    return day in (None, rhythm.day) and which.at in (None, rhythm.at)


def _is_about(which: Facets, wishes: Wishes) -> bool:
    """Whether it is about something that was named, in a place that was."""
    named = {each.code for each in which.indicators} | {each.code for each in which.categories}
    if named and named.isdisjoint((*wishes.indicators, *wishes.categories)):
        return False
    places = {each.name for each in which.regions}
    return not (places and wishes.regions and places.isdisjoint(wishes.regions))


def rest_of(gone: Facets, wishes: Wishes) -> Wishes | None:
    """What is left where only a part of what wishes are about is named; None where all of it is, or
    nothing.
    """
    if not (gone.indicators or gone.categories):
        return None
    left = wished(Facets(indicators=gone.indicators, categories=gone.categories), wishes, "not")
    return left if left != wishes and (left.indicators or left.categories) else None


def is_another(errand: Errand, fitting: Sequence[Subscription]) -> bool:
    """Whether "thêm" asks for one more subscription: none that is there comes when what is added is
    to come.
    """
    to = errand.to
    if errand.act != "change" or errand.joining != "also" or errand.turned:
        return False
    if not (to.indicators or to.categories or to.everything) or not (
        to.digest or to.alerting or to.times
    ):
        return False
    when = Facets(every=to.every, weekday=to.weekday, day=to.day, at=to.at)
    return not any(_fits(when, each.wishes) for each in fitting)


def likelier(errand: Errand, fitting: list[Subscription]) -> list[Subscription]:
    """Those of several that are about what was said, or come in the rhythm that was; all where none
    is.
    """
    to = errand.to
    said: list[Callable[[Wishes], bool]] = []
    if to.scope and errand.joining == "only":
        said.append(lambda wishes: _is_exactly(to, wishes))
    if to.scope and errand.joining == "not":
        said.append(
            lambda wishes: _fits(Facets(indicators=to.indicators, categories=to.categories), wishes)
        )
    if to.every is not None or to.weekday is not None:
        said.append(lambda wishes: every_of(wishes) is (to.every or Every.WEEK))
    for fits in said:
        fitting = [each for each in fitting if fits(each.wishes)] or fitting
    return fitting


def _is_exactly(which: Facets, wishes: Wishes) -> bool:
    return scope_of(wished(replace(which, alerting=False), Wishes(rhythm=None))) == scope_of(wishes)
