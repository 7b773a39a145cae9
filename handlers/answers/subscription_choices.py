"""Choices of what may be done with subscriptions: each carries its errand and says it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from typing import Any

from db.facts import Catalogue
from db.rhythm import Every
from db.subscriptions import Alert, State, Subscription, Wishes
from handlers.answers.subscription_words import (
    LOOKS,
    as_facets,
    capital,
    day_words,
    hour_words,
    label_of,
    told,
)
from handlers.command import Command
from handlers.message import Choice
from handlers.mood import Mood
from handlers.question import Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

Asked = Callable[[Facets], Errand]
"""The errand that is asked for by what something is to be like."""
DAYS = (1, 5, 10, 15, 20, 31)
WEEKDAYS = (1, 3, 5)
HOURS = (time(7), time(8), time(9), time(14), time(16))


def choice(label: str, errand: Errand, say: Say) -> Choice:
    """Give the choice that does an errand; its text asks for the same."""
    return Choice(label, capital(in_words(errand, say.asking)), command=Command.of(errand))


def confirming(errand: Errand, say: Say) -> Choice:
    """Give the choice that does what was only spoken of."""
    asked = replace(errand, mood=Mood.REQUEST)
    return choice(capital(in_words(asked, say)), asked, say)


# ---------------------------------------------------------------- errands


def subscribing(to: Facets) -> Errand:
    """Give the errand that what is said be sent."""
    return Errand("subscribe", to=replace(to, digest=not to.alerting))


def changing(which: Facets) -> Asked:
    """Give the errands by which a subscription becomes what is said."""
    return lambda to: Errand("change", which, replace(to, digest=False), turned=True)


def previewing(to: Facets) -> Errand:
    """Give the errand that a digest be shown as it would come."""
    return Errand("preview", which=replace(to, digest=True, alerting=False))


def meaning(wishes: Wishes, catalogue: Catalogue) -> Facets:
    """Give the words that mean one subscription among all: its rhythm and what it is about."""
    facets = as_facets(wishes, catalogue)
    return Facets(
        digest=facets.digest,
        alerting=facets.alerting,
        every=facets.every,
        everything=facets.everything,
        indicators=facets.indicators,
        categories=facets.categories,
        regions=facets.regions,
    )


# ---------------------------------------------------------------- errands in words


def in_words(errand: Errand, say: Say) -> str:
    """Say an errand in the words that ask for it."""
    if errand.act == "subscribe":
        return _subscribing_in_words(errand, say)
    if errand.act == "list" and errand.which == Facets():
        return say.text("ask.sub.list")
    which = _meaning_in_words(errand.which, say)
    if errand.act == "change":
        return _changing_in_words(which, errand.to, say)
    return say.text(f"ask.sub.{'show' if errand.act == 'list' else errand.act}", which=which)


def _subscribing_in_words(errand: Errand, say: Say) -> str:
    what = told(errand.to, say, named=True)
    words = say.text("ask.sub.alert" if errand.to.alerting else "ask.sub.subscribe", what=what)
    if not errand.target:
        return words
    return f"{words}, {say.text('ask.sub.channel', name=errand.target)}"


def _changing_in_words(which: str, to: Facets, say: Say) -> str:
    for asks, key in ((to.asks_day, "ask.sub.day"), (to.asks_hour, "ask.sub.hour")):
        if asks:
            return say.text(key, which=which)
    return say.text("ask.sub.change", which=which, what=told(to, say))


def _meaning_in_words(which: Facets, say: Say) -> str:
    if which.alerting and not which.digest:
        return f"{say.text('subscription.name.alert')} {told(which, say)}".strip()
    return told(replace(which, digest=True), say, named=True)


# ---------------------------------------------------------------- choices of many kinds


def rhythms(to: Facets, asked: Asked, say: Say) -> list[Choice]:
    """Give a choice for each rhythm; what was said beside it is kept."""
    return [
        choice(say.text(f"offer.sub.{every.value}"), asked(replace(to, every=every)), say)
        for every in Every
    ]


def at_once(to: Facets, say: Say) -> Choice:
    """Give the choice of being told when something comes."""
    alerting = replace(to, digest=False, alerting=True, alerts=frozenset(Alert))
    return choice(say.text("offer.sub.alert"), subscribing(alerting), say)


def hours(to: Facets, offered: tuple[time, ...], asked: Asked, say: Say) -> list[Choice]:
    """Give a choice for each hour."""
    return [choice(hour_words(at, say), asked(replace(to, at=at)), say) for at in offered]


def days(to: Facets, every: Every, asked: Asked, say: Say) -> list[Choice]:
    """Give choices of days of a rhythm; "thứ hai hằng tháng" may be of each week."""
    said = _weekdays(to, say) if every is Every.WEEK else _days_of_month(to, every, say)
    return [choice(capital(label), asked(facets), say) for label, facets in said]


def _weekdays(to: Facets, say: Say) -> Iterator[tuple[str, Facets]]:
    for day in WEEKDAYS:
        yield say.text(f"weekday.{day}"), replace(to, every=Every.WEEK, weekday=day, day=None)


def _days_of_month(to: Facets, every: Every, say: Say) -> Iterator[tuple[str, Facets]]:
    if to.weekday is not None:
        weekly = f"{say.text(f'weekday.{to.weekday}')} {say.text('offer.sub.week').lower()}"
        yield weekly, replace(to, every=Every.WEEK, day=None)
    for day in DAYS:
        yield day_words(day, say), replace(to, every=every, weekday=None, day=day)


def halves(to: Facets, at: time, asked: Asked, say: Say) -> list[Choice]:
    """Give an hour in the morning and in the afternoon."""
    parts = {"morning": at, "afternoon": at.replace(hour=at.hour + 12)}
    return [
        choice(
            say.text(f"offer.sub.{part}", hour=str(to.hour)),
            asked(replace(to, hour=None, at=hour)),
            say,
        )
        for part, hour in parts.items()
    ]


def to_list(say: Say) -> Choice:
    """Give the choice that shows all subscriptions."""
    return choice(say.text("offer.account.list"), Errand("list"), say)


def to_show(question: Question, one: Subscription, say: Say) -> Choice:
    """Give the choice that shows one subscription."""
    which = meaning(one.wishes, question.catalogue)
    return choice(label_of(one.wishes, question, say), Errand("list", which), say)


def to_end(which: Facets, say: Say) -> Choice:
    """Give the choice that ends a subscription."""
    return choice(say.text("offer.sub.end"), Errand("end", which), say)


def again(wishes: Wishes, catalogue: Catalogue, say: Say, label: str = "again") -> Choice:
    """Give the choice that makes a subscription of these wishes."""
    return choice(say.text(f"offer.sub.{label}"), subscribing(as_facets(wishes, catalogue)), say)


def usual_changes(question: Question, one: Subscription, say: Say) -> list[Choice]:
    """Give the usual changes; each means this subscription, whatever is made later."""
    which = meaning(one.wishes, question.catalogue)
    bring = [Choice(say.text("offer.account.here"), say.asking.text("ask.account.here"))]
    pause, resume, preview = (
        choice(say.text(f"offer.sub.{act}"), Errand(act, which), say)
        for act in ("pause", "resume", "preview")
    )
    tail = [to_end(which, say), *(bring if one.elsewhere else [])]
    if one.state is not State.ACTIVE:
        return [resume, *tail]
    if one.wishes.rhythm is None:
        return [pause, *tail]
    return [*_times(which, say), *_looks(one.wishes, which, say), preview, pause, *tail]


def _times(which: Facets, say: Say) -> Iterator[Choice]:
    change = changing(which)
    yield choice(say.text("offer.sub.day"), change(Facets(asks_day=True)), say)
    yield choice(say.text("offer.sub.hour"), change(Facets(asks_hour=True)), say)


def _looks(wishes: Wishes, which: Facets, say: Say) -> Iterator[Choice]:
    for part, has, lacks in LOOKS:
        there: bool = getattr(wishes, part)
        other: dict[str, Any] = {part: not there}
        to = changing(which)(Facets(**other))
        yield choice(say.text(f"offer.sub.{lacks if there else has}"), to, say)
