"""How a subscription is said: when it comes, what it is about, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time

from db.facts import Catalogue
from db.rhythm import Every, Rhythm
from db.subscriptions import Alert, State, Subscription, Wishes
from handlers.message import Block, Choice, Strong, line, message
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Facets

LOOKS = (
    ("full", "full", "short"),
    ("chart", "chart", "no_chart"),
    ("workbook", "workbook", "no_workbook"),
)
"""Each part of how a digest looks, and the names of its having and lacking it."""
_LAST = 31
"""The day that stands for the last of a month."""
_RARE = (29, 30)
"""Days that not every month has."""


def reply(question: Question, *blocks: Block | None, choices: Sequence[Choice] = ()) -> Answer:
    """Give an answer about subscriptions, of these blocks."""
    return Answer("subscription", question, message(*blocks, choices=choices))


def unread_words(question: Question) -> str:
    """Give the words that nothing was made of, between quotation marks."""
    words = [word for word in question.reading.rest.unread if any(map(str.isalnum, word))]
    return ", ".join(f"“{word[:30]}”" for word in words[:6])


# ---------------------------------------------------------------- one subscription, line by line


def details(question: Question, one: Subscription, say: Say) -> list[Block]:
    """Say when it comes, what it is about, where it goes and how it looks."""
    wishes = one.wishes
    return [
        *_when(wishes, say),
        *subject(wishes, question.catalogue, say),
        *_where(question, one, say),
        *_looks(wishes, say),
        *_state(question, one, say),
    ]


def _when(wishes: Wishes, say: Say) -> Iterator[Block]:
    if wishes.rhythm is not None:
        yield from _rhythm(wishes.rhythm, say)
    if wishes.alerts:
        alerts = [each for each in Alert if each in wishes.alerts]
        when = [say.text(f"subscription.alert.{each.value}") for each in alerts]
        yield line(say.text("subscription.at_once", when=say.listing(when)))


def _rhythm(rhythm: Rhythm, say: Say) -> Iterator[Block]:
    hour = hour_words(rhythm.at, say)
    key = f"subscription.when.{rhythm.every.value}"
    yield line(say.text(key, day=_day_of(rhythm, say), hour=hour))
    if rhythm.every is not Every.WEEK and rhythm.day in _RARE:
        yield line(say.text("subscription.short_month", day=str(rhythm.day)))


def _day_of(rhythm: Rhythm, say: Say) -> str:
    if rhythm.every is Every.WEEK:
        return say.text(f"weekday.{rhythm.day}")
    if rhythm.day == _LAST:
        return say.text("subscription.day.end")
    return day_words(rhythm.day, say)


def subject(wishes: Wishes, catalogue: Catalogue, say: Say) -> list[Block]:
    """Say what it is about, and the places where some were named."""
    about: list[Block] = [line(say.text("subscription.about", what=_about(wishes, catalogue, say)))]
    if wishes.regions:
        places = say.listing(list(wishes.regions))
        about.append(line(say.text("subscription.places", places=places)))
    return about


def _where(question: Question, one: Subscription, say: Say) -> Iterator[Block]:
    if one.target:
        yield line(say.text("subscription.channel", name=one.target))
    if one.elsewhere:
        ties = question.asking.ties
        same = ties is not None and ties.channel == one.elsewhere
        key = "subscription.elsewhere.same" if same else "subscription.elsewhere"
        yield line(say.text(key, channel=say.text(f"channel.name.{one.elsewhere}")))


def _looks(wishes: Wishes, say: Say) -> Iterator[Block]:
    if wishes.rhythm is not None:
        names = [has if getattr(wishes, part) else lacks for part, has, lacks in LOOKS]
        yield line(", ".join(say.text(f"subscription.{name}") for name in names))


def _state(question: Question, one: Subscription, say: Say) -> Iterator[Block]:
    rhythm = one.wishes.rhythm
    if one.state is not State.ACTIVE:
        yield line(say.text(f"subscription.is_{one.state.value}"))
    elif rhythm is not None:
        yield line(*_next(one, rhythm, question, say))


def _next(one: Subscription, rhythm: Rhythm, question: Question, say: Say) -> tuple[str, ...]:
    """Say when the next one comes, on the clock that it comes by."""
    now = question.asking.moment
    moment = rhythm.on_clock(one.next(now) or rhythm.next(now))
    day, weekday = Strong(say.day(moment.date())), say.text(f"weekday.{moment.isoweekday()}")
    return say.words(
        "subscription.next", hour=hour_words(moment.time(), say), day=(day,), weekday=weekday
    )


# ---------------------------------------------------------------- names


def name_of(wishes: Wishes, say: Say) -> str:
    """Give what it is called: a digest by its rhythm, and what is told at once."""
    return say.text(f"subscription.name.{wishes.rhythm.every.value if wishes.rhythm else 'alert'}")


def label_of(wishes: Wishes, question: Question, say: Say) -> str:
    """Give its name and what it is about, for a choice."""
    return f"{capital(name_of(wishes, say))}: {_about(wishes, question.catalogue, say)}"


def _about(wishes: Wishes, catalogue: Catalogue, say: Say) -> str:
    names = names_of(wishes, catalogue)  # names have commas of their own
    return "; ".join(names) if names else say.text("subscription.everything")


def names_of(wishes: Wishes, catalogue: Catalogue) -> list[str]:
    """Give the names of what it is about; a code that the catalogue lacks stands for itself."""
    fields, indicators = catalogue.categories, catalogue.indicators
    return [
        *(fields[code].name if code in fields else code for code in wishes.categories),
        *(indicators[code].name if code in indicators else code for code in wishes.indicators),
    ]


def day_words(day: int, say: Say) -> str:
    """Say a day of the month."""
    if day == _LAST:
        return say.text("subscription.day.last")
    return say.text("subscription.day", day=str(day))


def hour_words(at: time, say: Say) -> str:
    """Say a time of day, its minutes only where there are any."""
    if at.minute:
        return say.text("subscription.hour.minutes", hour=str(at.hour), minutes=f"{at.minute:02d}")
    return say.text("subscription.hour", hour=str(at.hour))


def days_said(to: Facets, say: Say) -> list[str]:
    """Say the days that contradict each other."""
    said: list[str] = []
    if to.weekday is not None:
        said.append(say.text(f"weekday.{to.weekday}"))
    if to.day is not None:
        said.append(day_words(to.day, say))
    if to.every is not None:
        said.append(say.text(f"ask.sub.every.{to.every.value}"))
    return said


def capital(text: str) -> str:
    """Begin words with a large letter."""
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- wishes as they would be said


def as_facets(wishes: Wishes, catalogue: Catalogue) -> Facets:
    """Give wishes as they would have been said."""
    about = Facets(
        everything=not (wishes.categories or wishes.indicators),
        indicators=tuple(
            catalogue.indicators[code] for code in wishes.indicators if code in catalogue.indicators
        ),
        categories=tuple(
            catalogue.categories[code] for code in wishes.categories if code in catalogue.categories
        ),
        regions=tuple(
            catalogue.namesakes(name)[-1] for name in wishes.regions if catalogue.namesakes(name)
        ),
        alerts=wishes.alerts,
    )
    rhythm = wishes.rhythm
    if rhythm is None:
        return replace(about, alerting=True)
    weekly = rhythm.every is Every.WEEK
    return replace(
        about,
        digest=True,
        every=rhythm.every,
        weekday=rhythm.day if weekly else None,
        day=None if weekly else rhythm.day,
        at=rhythm.at,
        full=wishes.full,
        chart=wishes.chart,
        workbook=wishes.workbook,
    )


def told(said: Facets, asking: Say, *, named: bool = False) -> str:
    """Say facets in words that are read as these; `named`: a digest is named first."""
    parts = [
        *_times_told(said, asking),
        *_alerts_told(said, asking),
        *_looks_told(said, asking),
        *_subject_told(said, asking),
    ]
    if named and said.digest:
        digest = asking.text("ask.sub.digest")
        parts = [f"{digest} {parts[0]}", *parts[1:]] if parts else [digest]
    return ", ".join(parts)


def _times_told(said: Facets, asking: Say) -> Iterator[str]:
    if said.every is not None:
        yield asking.text(f"ask.sub.every.{said.every.value}")
    if said.weekday is not None:
        yield asking.text(f"weekday.{said.weekday}")
    if said.day is not None:
        yield asking.text("subscription.day", day=str(said.day))
    if said.at is not None:
        yield asking.text("ask.sub.at", hour=f"{said.at.hour:02d}:{said.at.minute:02d}")


def _alerts_told(said: Facets, asking: Say) -> Iterator[str]:
    if said.alerting:
        for alert in Alert:
            if alert in said.alerts:
                yield asking.text(f"ask.sub.alert.{alert.value}")


def _looks_told(said: Facets, asking: Say) -> Iterator[str]:
    for part, has, lacks in LOOKS:
        wanted = getattr(said, part)
        if wanted is not None:
            yield asking.text(f"ask.sub.{has if wanted else lacks}")


def _subject_told(said: Facets, asking: Say) -> Iterator[str]:
    places = list(dict.fromkeys(region.name for region in said.regions))
    if places:
        yield asking.text("ask.sub.places", places="; ".join(places))
    about = [asking.text("ask.sub.field", name=field.name) for field in said.categories]
    about += [indicator.name for indicator in said.indicators]
    if said.everything and not about:
        about = [asking.text("ask.sub.everything")]
    if about:
        yield asking.text("ask.sub.about", what="; ".join(about))
