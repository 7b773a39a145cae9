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
    """The wishes that were there with what was said in the place of theirs; `fields` are all fields
    of work there are.
    """
    rhythm = base.rhythm
    if rhythm is not None:
        every = _every_said(to, rhythm)
        said = to.weekday if every is Every.WEEK else to.day
        alike = (every is Every.WEEK) == (rhythm.every is Every.WEEK)
        usual = 1 if every is Every.WEEK else Rhythm().day
        day = said if said is not None else rhythm.day if alike else usual
        rhythm = replace(rhythm, every=every, day=day, at=to.at or rhythm.at)
    indicators, categories, regions = base.indicators, base.categories, base.regions
    new_indicators, new_categories = (
        tuple(each.code for each in to.indicators),
        tuple(each.code for each in to.categories),
    )
    if to.everything:
        indicators, categories = (), ()
    elif joining == "also":
        if indicators or categories:  # to everything nothing can come
            indicators, categories = (
                _union(indicators, new_indicators),
                _union(categories, new_categories),
            )
    elif joining == "not":
        if not (indicators or categories) and new_categories:
            categories = fields
        indicators, categories = (
            _less(indicators, new_indicators),
            _less(categories, new_categories),
        )
    elif new_indicators or new_categories:
        indicators, categories = new_indicators, new_categories
    if to.regions:
        names = tuple(dict.fromkeys(each.name for each in to.regions))
        regions = (
            _union(regions, names)
            if joining == "also"
            else _less(regions, names)
            if joining == "not"
            else names
        )
    return Wishes(
        rhythm=rhythm,
        alerts=(to.alerts or base.alerts or frozenset(Alert))
        if to.alerting and rhythm is None
        else base.alerts,
        categories=categories,
        indicators=indicators,
        regions=regions,
        full=base.full if to.full is None else to.full,
        chart=base.chart if to.chart is None else to.chart,
        workbook=base.workbook if to.workbook is None else to.workbook,
    )


def _union(there: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*there, *new)))


def _less(there: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in there if each not in gone)


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
    rhythm = wishes.rhythm
    if (which.digest and rhythm is None) or (
        which.alerting and not which.digest and not wishes.alerts
    ):
        return False
    if which.every is not None and every_of(wishes) is not which.every:
        return False
    days = [which.weekday] if rhythm and rhythm.every is Every.WEEK else [which.day]
    if rhythm and any(day is not None and day != rhythm.day for day in days):
        return False
    if rhythm and which.at is not None and which.at != rhythm.at:
        return False
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
