"""How a subscription is said, and the words of its choices, which are read back as exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from db.facts import Catalogue
from db.rhythm import Every, Rhythm
from db.subscriptions import Alert, State, Subscription, Wishes
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

_LOOKS = (
    ("full", "full", "short"),
    ("chart", "chart", "no_chart"),
    ("workbook", "workbook", "no_workbook"),
)
"""Each part of how a digest looks, and the names of its having and lacking it."""


def reply(question: Question, *blocks: Block | None, choices: Sequence[Choice] = ()) -> Answer:
    """An answer about subscriptions, of these blocks."""
    return Answer("subscription", question, message(*blocks, choices=choices))


def showing(
    question: Question,
    one: Subscription,
    key: str,
    say: Say,
    *,
    named: bool = True,
    gone: Sequence[str] = (),
) -> Answer:
    """What was done, what it is like now, when the next one comes, and the usual changes; `gone`
    went from it.
    """
    unread = [word for word in question.reading.rest.unread if any(map(str.isalnum, word))]
    what = {"what": name_of(one.wishes, say)} if named else {}
    if key == "subscription.dropped":
        what["gone"] = "; ".join(gone)
    return reply(
        question,
        heading(say.text(key, **what)),
        *details(question, one, say),
        note(
            say.text(
                "subscription.unread", words=", ".join(f"“{word[:30]}”" for word in unread[:6])
            )
        )
        if unread
        else None,
        choices=usual_changes(question, one, say),
    )


def details(question: Question, one: Subscription, say: Say) -> list[Block]:
    """When it comes, what it is about, where it goes and how it looks."""
    wishes, rhythm = one.wishes, one.wishes.rhythm
    blocks: list[Block] = []
    if rhythm is not None:
        last = rhythm.every is not Every.WEEK and rhythm.day == 31
        day = (
            say.text(f"weekday.{rhythm.day}")
            if rhythm.every is Every.WEEK
            else day_words(rhythm.day, say)
        )
        day = say.text("subscription.day.end") if last else day
        blocks.append(
            line(
                say.text(
                    f"subscription.when.{rhythm.every.value}",
                    day=day,
                    hour=hour_words(rhythm.at, say),
                )
            )
        )
        if rhythm.every is not Every.WEEK and rhythm.day in (29, 30):
            blocks.append(line(say.text("subscription.short_month", day=str(rhythm.day))))
    if wishes.alerts:
        when = [
            say.text(f"subscription.alert.{each.value}") for each in Alert if each in wishes.alerts
        ]
        blocks.append(line(say.text("subscription.at_once", when=say.listing(when))))
    blocks += subject(wishes, question.catalogue, say)
    if one.target:
        blocks.append(line(say.text("subscription.channel", name=one.target)))
    if one.elsewhere:
        same = question.asking.ties is not None and question.asking.ties.channel == one.elsewhere
        channel = say.text(f"channel.name.{one.elsewhere}")
        blocks.append(
            line(
                say.text(
                    "subscription.elsewhere.same" if same else "subscription.elsewhere",
                    channel=channel,
                )
            )
        )
    if rhythm is not None:
        looks = [
            say.text(f"subscription.{has if getattr(wishes, part) else lacks}")
            for part, has, lacks in _LOOKS
        ]
        blocks.append(line(", ".join(looks)))
    if one.state is State.ACTIVE and rhythm is not None:
        blocks.append(line(*_next(one, rhythm, question, say)))
    elif one.state is not State.ACTIVE:
        blocks.append(line(say.text(f"subscription.is_{one.state.value}")))
    return blocks


def subject(wishes: Wishes, catalogue: Catalogue, say: Say) -> list[Block]:
    """What it is about, and the places where some were named."""
    about: list[Block] = [line(say.text("subscription.about", what=_about(wishes, catalogue, say)))]
    if wishes.regions:
        about.append(
            line(say.text("subscription.places", places=say.listing(list(wishes.regions))))
        )
    return about


def _next(one: Subscription, rhythm: Rhythm, question: Question, say: Say) -> tuple[str, ...]:
    """When the next one comes, on the clock that it comes by."""
    moment = rhythm.on_clock(
        one.next(question.asking.moment) or rhythm.next(question.asking.moment)
    )
    day, weekday = Strong(say.day(moment.date())), say.text(f"weekday.{moment.isoweekday()}")
    return say.words(
        "subscription.next", hour=hour_words(moment.time(), say), day=(day,), weekday=weekday
    )


def usual_changes(question: Question, one: Subscription, say: Say) -> list[Choice]:
    """The usual changes; each text names the subscription, so that it means this one whatever is
    made later.
    """
    wishes, asking = one.wishes, say.asking
    which = which_words(wishes, question.catalogue, asking)

    def act(name: str) -> Choice:
        return Choice(say.text(f"offer.sub.{name}"), asking.text(f"ask.sub.{name}", which=which))

    bring = (
        [Choice(say.text("offer.account.here"), asking.text("ask.account.here"))]
        if one.elsewhere
        else []
    )
    if one.state is not State.ACTIVE:
        return [act("resume"), act("end"), *bring]
    if wishes.rhythm is None:
        return [act("pause"), act("end"), *bring]
    looks = []
    for part, has, lacks in _LOOKS:
        other = lacks if getattr(wishes, part) else has
        text = asking.text("ask.sub.change", which=which, what=asking.text(f"ask.sub.{other}"))
        looks.append(Choice(say.text(f"offer.sub.{other}"), text))
    return [act("day"), act("hour"), *looks, act("preview"), act("pause"), act("end"), *bring]


def name_of(wishes: Wishes, say: Say) -> str:
    """What it is called: a digest by its rhythm, and what is told at once."""
    return say.text(f"subscription.name.{wishes.rhythm.every.value if wishes.rhythm else 'alert'}")


def label_of(wishes: Wishes, question: Question, say: Say) -> str:
    """Its name and what it is about, on a choice."""
    return f"{capital(name_of(wishes, say))}: {_about(wishes, question.catalogue, say)}"


def _about(wishes: Wishes, catalogue: Catalogue, say: Say) -> str:
    names = names_of(wishes, catalogue)
    return (
        "; ".join(names) if names else say.text("subscription.everything")
    )  # names have commas of their own


def names_of(wishes: Wishes, catalogue: Catalogue) -> list[str]:
    """The names of what it is about; a code that the catalogue has no more stands for itself."""
    categories = [
        catalogue.categories[code].name if code in catalogue.categories else code
        for code in wishes.categories
    ]
    indicators = [
        catalogue.indicators[code].name if code in catalogue.indicators else code
        for code in wishes.indicators
    ]
    return [*categories, *indicators]


def day_words(day: int, say: Say) -> str:
    """A day of the month."""
    return (
        say.text("subscription.day.last")
        if day == 31
        else say.text("subscription.day", day=str(day))
    )


def hour_words(at: time, say: Say) -> str:
    """A time of day, its minutes only where there are any."""
    if at.minute:
        return say.text("subscription.hour.minutes", hour=str(at.hour), minutes=f"{at.minute:02d}")
    return say.text("subscription.hour", hour=str(at.hour))


def days_said(to: Facets, say: Say) -> list[str]:
    """The days that contradict each other, in words."""
    weekday = [say.text(f"weekday.{to.weekday}")] if to.weekday is not None else []
    every = [say.text(f"ask.sub.every.{to.every.value}")] if to.every is not None else []
    return [*weekday, *([day_words(to.day, say)] if to.day is not None else []), *every]


def capital(text: str) -> str:
    """Words that begin with a large letter."""
    return text[:1].upper() + text[1:]


def as_facets(wishes: Wishes, catalogue: Catalogue) -> Facets:
    """Wishes as they would have been said."""
    rhythm = wishes.rhythm
    weekly = rhythm is not None and rhythm.every is Every.WEEK
    known = bool(wishes.categories or wishes.indicators)
    return Facets(
        digest=rhythm is not None,
        alerting=rhythm is None,
        every=rhythm.every if rhythm else None,
        weekday=rhythm.day if rhythm and weekly else None,
        day=rhythm.day if rhythm and not weekly else None,
        at=rhythm.at if rhythm else None,
        full=wishes.full if rhythm else None,
        chart=wishes.chart if rhythm else None,
        workbook=wishes.workbook if rhythm else None,
        alerts=wishes.alerts,
        everything=not known,
        indicators=tuple(
            catalogue.indicators[code] for code in wishes.indicators if code in catalogue.indicators
        ),
        categories=tuple(
            catalogue.categories[code] for code in wishes.categories if code in catalogue.categories
        ),
        regions=tuple(
            catalogue.namesakes(name)[-1] for name in wishes.regions if catalogue.namesakes(name)
        ),
    )


def told(said: Facets, asking: Say, *, named: bool = False) -> str:
    """Facets in words that are read back as exactly these; `named`: what is spoken of is named
    first.
    """
    parts: list[str] = []
    if said.every is not None:
        parts.append(asking.text(f"ask.sub.every.{said.every.value}"))
    if said.weekday is not None:
        parts.append(asking.text(f"weekday.{said.weekday}"))
    if said.day is not None:
        parts.append(asking.text("subscription.day", day=str(said.day)))
    if said.at is not None:
        parts.append(asking.text("ask.sub.at", hour=_exact_hour(said.at)))
    parts += [
        asking.text(f"ask.sub.alert.{each.value}")
        for each in Alert
        if said.alerting and each in said.alerts
    ]
    for part, has, lacks in _LOOKS:
        wanted = getattr(said, part)
        if wanted is not None:
            parts.append(asking.text(f"ask.sub.{has if wanted else lacks}"))
    places = list(dict.fromkeys(each.name for each in said.regions))
    if places:
        parts.append(asking.text("ask.sub.places", places="; ".join(places)))
    about = [asking.text("ask.sub.field", name=each.name) for each in said.categories] + [
        each.name for each in said.indicators
    ]
    if said.everything and not about:
        about = [asking.text("ask.sub.everything")]
    if about:
        parts.append(asking.text("ask.sub.about", what="; ".join(about)))
    if named and said.digest:
        first = (
            f"{asking.text('ask.sub.digest')} {parts[0]}"
            if parts
            else asking.text("ask.sub.digest")
        )
        return ", ".join([first, *parts[1:]])
    return ", ".join(parts)


def _exact_hour(at: time) -> str:
    return f"{at.hour:02d}:{at.minute:02d}"


def changing(which: str, said: Facets, say: Say) -> str:
    """The words that ask for one subscription to become what is said."""
    return say.asking.text("ask.sub.change", which=which, what=told(said, say.asking))


def subscribing(said: Facets, say: Say) -> str:
    """The words that ask for what is said to be sent."""
    if said.alerting:
        return say.asking.text("ask.sub.alert", what=told(said, say.asking))
    return say.asking.text(
        "ask.sub.subscribe", what=told(replace(said, digest=True), say.asking, named=True)
    )


def to_list(say: Say) -> Choice:
    """Give the choice that shows all subscriptions."""
    return Choice(say.text("offer.account.list"), say.asking.text("ask.sub.list"))


def errand_choice(errand: Errand, say: Say) -> Choice:
    """Give the choice that does what was only spoken of."""
    return Choice(capital(errand_words(errand, say)), capital(errand_words(errand, say.asking)))


def errand_words(errand: Errand, say: Say) -> str:
    """Say an errand in the words that ask for it."""
    if errand.act == "subscribe":
        return subscribing(errand.to, say)
    which = told(replace(errand.which, digest=True), say, named=True)
    if errand.act != "change":
        return say.text(f"ask.sub.{errand.act}", which=which)
    if errand.to.asks_day or errand.to.asks_hour:
        return say.text(f"ask.sub.{'day' if errand.to.asks_day else 'hour'}", which=which)
    return say.text("ask.sub.change", which=which, what=told(errand.to, say))


def which_words(wishes: Wishes, catalogue: Catalogue, asking: Say) -> str:
    """The words for one subscription among all of a chat: its rhythm and what it is about."""
    facets = as_facets(wishes, catalogue)
    known = Facets(
        digest=facets.digest,
        everything=facets.everything,
        indicators=facets.indicators,
        categories=facets.categories,
        regions=facets.regions,
        every=facets.every,
    )
    if wishes.rhythm is None:
        return f"{asking.text('subscription.name.alert')} {told(known, asking)}"
    return told(known, asking, named=True)
