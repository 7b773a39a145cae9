"""What is said of subscriptions where nothing is done: lists, offers, and what is asked back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from db.facts import Category, Indicator
from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Subscription, Wishes
from handlers.answers.lines import MOST_CHOICES
from handlers.answers.subscription_choices import (
    HOURS,
    Asked,
    at_once,
    changing,
    choice,
    confirming,
    days,
    halves,
    hours,
    meaning,
    previewing,
    rhythms,
    subscribing,
    to_list,
    to_show,
    usual_changes,
)
from handlers.answers.subscription_wishes import contradicts, wished
from handlers.answers.subscription_words import (
    as_facets,
    capital,
    days_said,
    details,
    label_of,
    name_of,
    reply,
)
from handlers.message import Block, Choice, Strong, heading, line, note
from handlers.mood import Mood
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

_WHY_NOT = {
    Mood.ANOTHER: "subscription.only_here",
    Mood.LATER: "subscription.no_time.how",
}
"""What is said of a mood in which nothing is done at once."""
_LONGEST = 60
"""Letters of what was said that are said back."""
MOST_SHOWN = MOST_CHOICES + 2


# ---------------------------------------------------------------- what there is, and may be


def listed(
    question: Question, subscriptions: Sequence[Subscription], say: Say, *before: Block
) -> Answer:
    """Show what is subscribed, after the blocks that are said first."""
    if not subscriptions:
        return none(question, "subscription.none", say)
    if len(subscriptions) == 1:
        return _alone(question, subscriptions[0], say, *before)
    count = heading(say.text("subscription.list", count=len(subscriptions)))
    blocks: list[Block] = [*(before or (count,))]
    for one in subscriptions:
        blocks.append(line(Strong(capital(name_of(one.wishes, say)))))
        blocks += details(question, one, say)
    shown = [to_show(question, one, say) for one in subscriptions[:MOST_SHOWN]]
    return reply(question, *blocks, choices=shown)


def _alone(question: Question, one: Subscription, say: Say, *before: Block) -> Answer:
    name = heading(capital(name_of(one.wishes, say)))
    changes = usual_changes(question, one, say)
    return reply(question, *before, name, *details(question, one, say), choices=changes)


def none(question: Question, key: str, say: Say) -> Answer:
    """Say that there is nothing of the kind, and offer what may be subscribed."""
    choices = [*rhythms(Facets(), subscribing, say), at_once(Facets(), say)]
    return reply(question, line(say.text(key)), choices=choices)


def offered(question: Question, to: Facets, say: Say, *about: Block | None) -> Answer:
    """Offer the rhythms to choose from; what was said beside them is kept."""
    if to.near or (to.unread and not to.scope):
        to = replace(to, near=(), unread=())
    preview = choice(say.text("offer.sub.preview"), previewing(to), say)
    choices = [*rhythms(to, subscribing, say), at_once(to, say), preview]
    return reply(question, *about, line(say.text("subscription.offer")), choices=choices)


# ---------------------------------------------------------------- what is only spoken of


async def only_spoken_of(question: Question, errand: Errand, say: Say) -> Answer:
    """Do nothing: say how it stands, how it is done, or what may be meant, to be confirmed."""
    mine = await question.asking.book.mine()
    if errand.mood is Mood.QUESTION:
        return _explained(question, errand, mine, say)
    if errand.mood is not Mood.NEGATED:
        return _to_confirm(question, errand, say)
    if not mine:
        return reply(question, line(say.text("subscription.kept.none")))
    return listed(question, mine, say, line(say.text("subscription.kept")))


def _explained(
    question: Question, errand: Errand, mine: Sequence[Subscription], say: Say
) -> Answer:
    how = note(say.text("subscription.how"))
    if mine:
        return listed(question, mine, say, how)
    if errand.act in ("subscribe", "change"):
        return offered(question, Facets(), say, note(say.text("subscription.digests")), how)
    return none(question, "subscription.none", say)


def _to_confirm(question: Question, errand: Errand, say: Say) -> Answer:
    """Offer the one choice that does what may be meant."""
    why = _WHY_NOT.get(errand.mood)
    return reply(
        question,
        line(say.text(why)) if why else None,
        line(say.text("subscription.confirm")),
        choices=[confirming(errand, say), to_list(say)],
    )


# ---------------------------------------------------------------- which one is meant


def which(question: Question, errand: Errand, fitting: Sequence[Subscription], say: Say) -> Answer:
    """Ask which of several is meant: one choice for each does the same to that one alone."""
    choices = [
        choice(label_of(one.wishes, question, say), _for_one(question, errand, one), say)
        for one in fitting[:MOST_SHOWN]
    ]
    asked, how = say.text("subscription.which"), say.text("choose.how")
    return reply(question, line(asked), note(how), choices=choices)


def _for_one(question: Question, errand: Errand, one: Subscription) -> Errand:
    """Give the errand that does to one subscription what was asked of several."""
    this, to = meaning(one.wishes, question.catalogue), errand.to
    if errand.act != "change":
        return replace(errand, which=this)
    if not to.says or to.unclear:
        return Errand("list", this)
    if to.scope:
        fields = tuple(question.catalogue.categories)
        to = as_facets(wished(to, one.wishes, errand.joining, fields), question.catalogue)
    return changing(this)(replace(to, unread=()))


# ---------------------------------------------------------------- what is not clear


@dataclass(frozen=True)
class Unclear:
    """What was said, and the errand that is asked for by what is chosen instead."""

    to: Facets
    base: Wishes
    asked: Asked

    @property
    def kept(self) -> Facets:
        """What was said without what cannot be, or is to be another."""
        return replace(
            self.to,
            no_rhythm=(),
            no_day=(),
            no_hour=(),
            no_zone=(),
            asks_day=False,
            asks_hour=False,
            unread=(),
        )


async def asked_back(question: Question, unclear: Unclear, store: Store, say: Say) -> Answer | None:
    """Ask where what was said leaves something open or cannot be; None where it does not."""
    to = unclear.to
    places = await _without_figures(to, store)
    if places:
        words = say.listing(list(places))
        return reply(question, line(say.text("subscription.no_place", places=words)))
    if to.near or (to.unread and not (to.indicators or to.categories)):
        return _ask_what(question, unclear, say)
    rhythm = unclear.base.rhythm
    return None if rhythm is None else _ask_when(question, unclear, rhythm, say)


def _ask_when(question: Question, unclear: Unclear, rhythm: Rhythm, say: Say) -> Answer | None:
    to = unclear.to
    if to.no_zone:
        return _ask_clock(question, unclear, rhythm, say)
    if to.refused or contradicts(to, rhythm):
        return refused_time(question, unclear, rhythm, say)
    if to.hour is None or to.at is None:
        return None
    sentence = say.text("subscription.which_hour", hour=str(to.hour))
    return reply(question, line(sentence), choices=halves(to, to.at, unclear.asked, say))


def _ask_clock(question: Question, unclear: Unclear, rhythm: Rhythm, say: Say) -> Answer:
    """Ask for an hour of the home zone, in place of another zone's."""
    kept = replace(unclear.kept, hour=None)
    shown = tuple(dict.fromkeys((unclear.to.at or rhythm.at, *HOURS)))
    sentence = say.text("subscription.no_zone", words=_said_back(unclear.to.no_zone))
    return reply(question, line(sentence), choices=hours(kept, shown, unclear.asked, say))


def another_time(
    question: Question,
    unclear: Unclear,
    rhythm: Rhythm,
    say: Say,
    *,
    of: Literal["day", "time"],
) -> Answer:
    """Ask for the day or the hour that is to be another, and was not said."""
    sentence = line(say.text(f"subscription.which_{of}"))
    if of == "day":
        return reply(question, sentence, choices=_days(unclear, rhythm, say))
    others = tuple(at for at in HOURS if at != rhythm.at)
    return reply(question, sentence, choices=hours(unclear.kept, others, unclear.asked, say))


def refused_time(question: Question, unclear: Unclear, rhythm: Rhythm, say: Say) -> Answer:
    """Say what cannot be, and offer what can."""
    wrong = unclear.to.refused or (" ".join(days_said(unclear.to, say)),)
    return reply(
        question,
        line(say.text("subscription.no_time", words=_said_back(wrong))),
        note(say.text("subscription.no_time.how")),
        choices=_times(unclear, rhythm, say),
    )


def _times(unclear: Unclear, rhythm: Rhythm, say: Say) -> list[Choice]:
    """Give the times to choose from in place of one that cannot be."""
    if unclear.to.no_hour:
        return hours(unclear.kept, HOURS, unclear.asked, say)
    if unclear.to.no_rhythm:
        return rhythms(replace(unclear.kept, weekday=None, day=None), unclear.asked, say)
    return _days(unclear, rhythm, say)


def _days(unclear: Unclear, rhythm: Rhythm, say: Say) -> list[Choice]:
    every: Every = unclear.to.every or rhythm.every
    return days(unclear.kept, every, unclear.asked, say)


def _said_back(words: Sequence[str]) -> str:
    return ", ".join(each[:_LONGEST] for each in words)


def _ask_what(question: Question, unclear: Unclear, say: Say) -> Answer:
    """Ask what it is to be about: what is near, the fields of work, or all of them."""
    kept = replace(unclear.kept, near=(), indicators=(), categories=())
    fields = list(question.catalogue.categories.values())[:MOST_CHOICES]
    things: list[Indicator | Category] = [*unclear.to.near[:2], *fields]
    about = [(thing.name, _about(kept, thing)) for thing in things]
    about.append((capital(say.text("subscription.everything")), replace(kept, everything=True)))
    unread = ", ".join(f"“{word[:30]}”" for word in unclear.to.unread[:6])
    return reply(
        question,
        line(say.text("subscription.what")),
        note(say.text("choose.unread", words=unread)) if unread else None,
        choices=[choice(label, unclear.asked(facets), say) for label, facets in about],
    )


def _about(kept: Facets, thing: Indicator | Category) -> Facets:
    if isinstance(thing, Indicator):
        return replace(kept, indicators=(thing,))
    return replace(kept, categories=(thing,))


async def _without_figures(to: Facets, store: Store) -> tuple[str, ...]:
    """Give the places that were named and have no figures."""
    if not to.regions and not to.strangers:
        return ()
    kept = {key.partition("@")[0] for key, count in (await store.places()).items() if count}
    return (*to.strangers, *(each.name for each in to.regions if each.name not in kept))
