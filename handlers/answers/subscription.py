"""What is subscribed in a chat: made, changed, paused and ended in words, always said back with
when the next one comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Only, State, Subscription, Wishes
from handlers.answers.lines import MOST_CHOICES
from handlers.answers.subscription_wishes import (
    contradicts,
    every_of,
    is_another,
    likelier,
    rest_of,
    scope_of,
    those_fitting,
    wished,
)
from handlers.answers.subscription_words import (
    as_facets,
    capital,
    changing,
    day_words,
    days_said,
    details,
    errand_choice,
    hour_words,
    label_of,
    name_of,
    names_of,
    reply,
    showing,
    subject,
    subscribing,
    to_list,
    told,
    usual_changes,
    which_words,
)
from handlers.message import Block, Choice, Strong, heading, line, note
from handlers.mood import Mood
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

LOOKING = ("list", "preview", "offer")
"""Acts that change nothing."""
_WHY_NOT = {
    Mood.ANOTHER: "subscription.only_here",
    Mood.LATER: "subscription.no_time.how",
}
"""What is said of a mood in which nothing is done at once."""
DAYS = (1, 5, 10, 15, 20, 31)
WEEKDAYS = (1, 3, 5)
HOURS = (time(7), time(8), time(9), time(14), time(16))


async def answer(question: Question, store: Store, say: Say) -> Answer:
    """Does what was asked of the chat's subscriptions, or asks back where it is not clear what was
    asked.
    """
    errand = question.reading.errand or Errand("list")
    book = question.asking.book
    if errand.mood is not Mood.REQUEST and errand.act not in LOOKING:
        return await _only_spoken_of(question, errand, say)
    if errand.act == "preview":
        return await _preview(question, errand, store, say)
    if errand.act == "list":
        return _listed(
            question, those_fitting(errand.which, await book.mine()) or await book.mine(), say
        )
    if errand.act == "offer":
        about = note(say.text("subscription.digests")) if errand.mood is Mood.QUESTION else None
        return _offered(question, errand.to, say, about)
    if (refused := await _refused(question, None, say)) is not None:
        return refused
    if errand.act == "subscribe":
        return await _subscribed(question, errand, store, say)
    return await _done(question, errand, store, say)


async def _refused(question: Question, one: Subscription | None, say: Say) -> Answer | None:
    """Who alone may do this to a subscription (None: make one), where whoever asks may not."""
    only = await question.asking.book.reserved(one.id if one else None)
    if only is None:
        return None
    return reply(
        question,
        line(
            say.text("subscription.not_yours" if only is Only.MAKER else "subscription.not_allowed")
        ),
    )


# ---------------------------------------------------------------- what is only spoken of


async def _only_spoken_of(question: Question, errand: Errand, say: Say) -> Answer:
    """Do nothing, and say how it stands, how it is done, or what may be meant, to be confirmed."""
    mine = await question.asking.book.mine()
    if errand.mood is Mood.QUESTION:
        return _explained(question, errand, mine, say)
    if errand.mood is Mood.NEGATED:
        if not mine:
            return reply(question, line(say.text("subscription.kept.none")))
        return _listed(question, mine, say, line(say.text("subscription.kept")))
    return _to_confirm(question, errand, say)


def _explained(
    question: Question, errand: Errand, mine: Sequence[Subscription], say: Say
) -> Answer:
    how = note(say.text("subscription.how"))
    if mine:
        return _listed(question, mine, say, how)
    if errand.act in ("subscribe", "change"):
        return _offered(question, Facets(), say, note(say.text("subscription.digests")), how)
    return _none(question, "subscription.none", say)


def _to_confirm(question: Question, errand: Errand, say: Say) -> Answer:
    """The one choice that does what may be meant; nothing is done before."""
    why = _WHY_NOT.get(errand.mood)
    return reply(
        question,
        line(say.text(why)) if why else None,
        line(say.text("subscription.confirm")),
        choices=[errand_choice(errand, say), to_list(say)],
    )


# ---------------------------------------------------------------- making one


async def _subscribed(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    to, book = errand.to, question.asking.book
    if not (to.digest or to.alerting or to.says or errand.target):
        return _offered(question, to, say)
    base = Wishes(rhythm=None) if to.alerting else Wishes()
    unclear = await _asked_back(question, to, base, store, say, lambda said: subscribing(said, say))
    if unclear is not None:
        return unclear
    wishes = wished(to, base)
    mine = [
        each for each in await book.mine() if each.target.casefold() == errand.target.casefold()
    ]
    same = [each for each in mine if scope_of(each.wishes) == scope_of(wishes)]
    if to.every is None and not to.times:
        same = [each for each in same if (each.wishes.rhythm is None) == (wishes.rhythm is None)]
    else:
        same = [each for each in same if every_of(each.wishes) == every_of(wishes)]
    if not same:
        made = await book.add(wishes, errand.target)
        if made is None:
            return reply(question, line(say.text("subscription.no_channel", name=errand.target)))
        return showing(question, made, "subscription.made", say)
    one = same[0]
    refused = await _refused(question, one, say)
    wishes = replace(
        wished(to, one.wishes),
        alerts=one.wishes.alerts | wishes.alerts if to.alerting else one.wishes.alerts,
    )
    if one.state is not State.ACTIVE:
        if refused is not None:
            return refused
        one = await book.resume(one.id)
    if wishes == one.wishes:
        return showing(question, one, "subscription.same", say)
    if refused is not None:
        return refused
    return showing(question, await book.change(one.id, wishes), "subscription.changed", say)


def _offered(question: Question, to: Facets, say: Say, *about: Block | None) -> Answer:
    """The rhythms to choose from; what was said beside them is kept."""
    if to.near or (to.unread and not to.scope):
        to = replace(to, near=(), unread=())
    choices = [
        Choice(
            say.text(f"offer.sub.{each.value}"),
            subscribing(replace(to, digest=True, every=each), say),
        )
        for each in Every
    ]
    at_once = replace(to, digest=False, alerting=True, alerts=frozenset(Alert))
    choices.append(Choice(say.text("offer.sub.alert"), subscribing(at_once, say)))
    shown = replace(to, digest=True)
    choices.append(
        Choice(
            say.text("offer.sub.preview"),
            say.asking.text("ask.sub.preview", which=told(shown, say.asking, named=True)),
        )
    )
    return reply(question, *about, line(say.text("subscription.offer")), choices=choices)


# ---------------------------------------------------------------- what is there already


async def _done(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """Changes, pauses, resumes or ends the one subscription that is meant."""
    book = question.asking.book
    mine = await book.mine()
    if errand.act == "pause":
        mine = tuple(each for each in mine if each.state is State.ACTIVE) or mine
    elif errand.act == "resume":
        mine = tuple(each for each in mine if each.state is not State.ACTIVE)
    elif (
        errand.to.times or errand.to.looks or errand.to.asks_day or errand.to.asks_hour
    ):  # what is told at once has no times
        mine = tuple(each for each in mine if each.wishes.rhythm is not None)
    named = errand.which.unread or errand.which.near
    fitting = (
        [] if named and not errand.which.scope else those_fitting(errand.which, mine)
    )  # "huỷ bản tin du lịch" is of none
    if is_another(errand, fitting):
        return await _subscribed(
            question, replace(errand, act="subscribe", joining="only"), store, say
        )
    if not mine:
        return _none(
            question,
            "subscription.none_paused" if errand.act == "resume" else "subscription.none",
            say,
        )
    if errand.act == "change" and not errand.turned:
        fitting = likelier(errand, fitting)
    if not fitting:
        return _listed(question, mine, say, line(say.text("subscription.none_such")))
    if len(fitting) > 1:
        if (
            errand.to.refused and (rhythm := fitting[0].wishes.rhythm) is not None
        ):  # whichever it is, that cannot be
            return _ask_time(
                question,
                errand.to,
                rhythm,
                say,
                lambda said: changing(say.asking.text("ask.sub.digest"), said, say),
            )
        return _which(question, errand, fitting, say)
    one = fitting[0]
    if errand.act != "change" or errand.to.says or errand.to.unread:  # else it is only shown
        refused = await _refused(question, one, say)
        if refused is not None:
            return refused
    match errand.act:
        case "pause":
            return showing(question, await book.pause(one.id), "subscription.paused", say)
        case "resume":
            return showing(question, await book.resume(one.id), "subscription.resumed", say)
        case "end" if rest_of(errand.which, one.wishes) is not None:
            part = Facets(indicators=errand.which.indicators, categories=errand.which.categories)
            return await _changed(
                question, replace(errand, to=part, joining="not"), one, store, say
            )
        case "end":
            await book.end(one.id)
            again = Choice(
                say.text("offer.sub.again"),
                subscribing(as_facets(one.wishes, question.catalogue), say),
            )
            ended = heading(say.text("subscription.ended", what=name_of(one.wishes, say)))
            return reply(
                question, ended, *subject(one.wishes, question.catalogue, say), choices=[again]
            )
        case _:
            return await _changed(question, errand, one, store, say)


async def _changed(
    question: Question, errand: Errand, one: Subscription, store: Store, say: Say
) -> Answer:
    to, which = errand.to, which_words(one.wishes, question.catalogue, say.asking)

    def wording(said: Facets) -> str:
        return changing(which, said, say)

    if not to.says and not to.unread:
        return _listed(question, (one,), say)
    if one.wishes.rhythm is not None and (to.asks_day or to.asks_hour):
        return _ask_time(
            question,
            to,
            one.wishes.rhythm,
            say,
            wording,
            key="which_day" if to.asks_day else "which_time",
        )
    unclear = await _asked_back(question, to, one.wishes, store, say, wording)
    if unclear is not None:
        return unclear
    wishes = wished(to, one.wishes, errand.joining, tuple(question.catalogue.categories))
    if errand.joining == "not" and (to.indicators or to.categories):
        if wishes == one.wishes:
            return showing(question, one, "subscription.not_on_list", say, named=False)
        if not (wishes.indicators or wishes.categories):
            end = Choice(say.text("offer.sub.end"), say.asking.text("ask.sub.end", which=which))
            return reply(question, line(say.text("subscription.left_nothing")), choices=[end])
    if wishes == one.wishes:
        return showing(question, one, "subscription.same", say)
    key = (
        "subscription.dropped"
        if errand.joining == "not" and (to.indicators or to.categories)
        else "subscription.changed"
    )
    return showing(
        question,
        await question.asking.book.change(one.id, wishes),
        key,
        say,
        gone=names_of(wished(to, Wishes()), question.catalogue),
    )


def _which(question: Question, errand: Errand, fitting: Sequence[Subscription], say: Say) -> Answer:
    """Which of several is meant: one choice for each, that does the same to that one alone."""
    choices = []
    for each in fitting[: MOST_CHOICES + 2]:
        which = which_words(each.wishes, question.catalogue, say.asking)
        if errand.act != "change":
            text = say.asking.text(f"ask.sub.{errand.act}", which=which)
        elif errand.to.says and not errand.to.unclear:
            said = replace(errand.to, unread=())
            if errand.to.scope:
                said = as_facets(
                    wished(
                        errand.to, each.wishes, errand.joining, tuple(question.catalogue.categories)
                    ),
                    question.catalogue,
                )
            text = changing(which, said, say)
        else:
            text = say.asking.text("ask.sub.show", which=which)
        choices.append(Choice(label_of(each.wishes, question, say), text))
    return reply(
        question,
        line(say.text("subscription.which")),
        note(say.text("choose.how")),
        choices=choices,
    )


def _listed(
    question: Question, subscriptions: Sequence[Subscription], say: Say, *before: Block
) -> Answer:
    """What is subscribed, after the blocks that are said first."""
    if not subscriptions:
        return _none(question, "subscription.none", say)
    if len(subscriptions) == 1:
        one = subscriptions[0]
        name = heading(capital(name_of(one.wishes, say)))
        changes = usual_changes(question, one, say)
        return reply(question, *before, name, *details(question, one, say), choices=changes)
    count = heading(say.text("subscription.list", count=len(subscriptions)))
    blocks: list[Block] = [*(before or (count,))]
    for one in subscriptions:
        blocks.append(line(Strong(capital(name_of(one.wishes, say)))))
        blocks += details(question, one, say)
    show = [_to_show(question, one, say) for one in subscriptions[: MOST_CHOICES + 2]]
    return reply(question, *blocks, choices=show)


def _to_show(question: Question, one: Subscription, say: Say) -> Choice:
    which = which_words(one.wishes, question.catalogue, say.asking)
    return Choice(label_of(one.wishes, question, say), say.asking.text("ask.sub.show", which=which))


def _none(question: Question, key: str, say: Say) -> Answer:
    rhythms = [
        Choice(
            say.text(f"offer.sub.{each.value}"), subscribing(Facets(digest=True, every=each), say)
        )
        for each in Every
    ]
    alert = Facets(alerting=True, alerts=frozenset(Alert))
    return reply(
        question,
        line(say.text(key)),
        choices=[*rhythms, Choice(say.text("offer.sub.alert"), subscribing(alert, say))],
    )


async def _preview(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """The digest that would come: of the subscription that is meant, else of what was said."""
    from handlers.digest import compose  # noqa: PLC0415 - it is made of answers, and costs time that others need not spend

    which = errand.which

    def wording(said: Facets) -> str:
        return say.asking.text(
            "ask.sub.preview", which=told(replace(said, digest=True), say.asking, named=True)
        )

    unclear = await _asked_back(question, which, Wishes(), store, say, wording)
    if unclear is not None:
        return unclear
    fitting = those_fitting(which, await question.asking.book.mine())
    if len(fitting) > 1:
        return _which(question, errand, fitting, say)
    wishes = wished(replace(which, alerting=False), fitting[0].wishes if fitting else Wishes())
    digest = await compose(
        store,
        wishes,
        moment=question.asking.moment,
        since=None,
        late=False,
        say=say,
        home=question.asking.home,
        as_of=question.asking.as_of,
        preview=True,
    )
    if fitting:
        choices = [
            each
            for each in usual_changes(question, fitting[0], say)
            if each.label != say.text("offer.sub.preview")
        ]
    else:
        choices = [
            Choice(
                say.text("offer.sub.subscribe"),
                subscribing(as_facets(wishes, question.catalogue), say),
            )
        ]
    told = "subscription.preview.now" if which.dated else "subscription.preview"
    shown = replace(
        digest.message,
        blocks=(note(say.text(told)), *digest.message.blocks),
        choices=tuple(choices),
    )
    return Answer("subscription", question, shown, digest.figures, digest.computed)


# ---------------------------------------------------------------- what is not clear


async def _asked_back(
    question: Question,
    to: Facets,
    base: Wishes,
    store: Store,
    say: Say,
    wording: Callable[[Facets], str],
) -> Answer | None:
    """A question where what was said leaves something open or cannot be; `wording` makes words to
    choose of facets.
    """
    places = await _without_figures(to, store)
    if places:
        return reply(
            question, line(say.text("subscription.no_place", places=say.listing(list(places))))
        )
    if to.near or (to.unread and not (to.indicators or to.categories)):
        return _ask_what(question, to, say, wording)
    rhythm = base.rhythm
    if rhythm is None:
        return None
    if to.no_zone:
        return _ask_home_clock(question, to, rhythm, say, wording)
    if to.no_rhythm or to.no_day or to.no_hour or contradicts(to, rhythm):
        return _ask_time(question, to, rhythm, say, wording)
    if to.hour is not None and to.at is not None:
        morning, afternoon = to.at, to.at.replace(hour=to.at.hour + 12)
        return reply(
            question,
            line(say.text("subscription.which_hour", hour=str(to.hour))),
            choices=[
                Choice(
                    say.text("offer.sub.morning", hour=str(to.hour)),
                    wording(replace(to, hour=None, at=morning)),
                ),
                Choice(
                    say.text("offer.sub.afternoon", hour=str(to.hour)),
                    wording(replace(to, hour=None, at=afternoon)),
                ),
            ],
        )
    return None


def _ask_home_clock(
    question: Question, to: Facets, rhythm: Rhythm, say: Say, wording: Callable[[Facets], str]
) -> Answer:
    """The hours of the home zone to choose from, in place of another zone's."""
    kept = replace(to, no_zone=(), hour=None, unread=())
    hours = dict.fromkeys((to.at or rhythm.at, *HOURS))
    choices = [Choice(hour_words(at, say), wording(replace(kept, at=at))) for at in hours]
    words = ", ".join(each[:60] for each in to.no_zone)
    return reply(question, line(say.text("subscription.no_zone", words=words)), choices=choices)


def _ask_time(
    question: Question,
    to: Facets,
    rhythm: Rhythm,
    say: Say,
    wording: Callable[[Facets], str],
    key: str | None = None,
) -> Answer:
    """The times to choose from in place of one that cannot be, or of one that is to be another."""
    kept = replace(
        to, no_rhythm=(), no_day=(), no_hour=(), asks_day=False, asks_hour=False, unread=()
    )
    choices: list[Choice] = []
    if to.no_hour or key == "which_time":
        choices = [
            Choice(hour_words(each, say), wording(replace(kept, at=each)))
            for each in HOURS
            if each != rhythm.at or not key
        ]
    elif to.no_rhythm:
        rhythms = [replace(kept, every=each, weekday=None, day=None) for each in Every]
        choices = [
            Choice(say.text(f"offer.sub.{each.every.value}"), wording(each))
            for each in rhythms
            if each.every
        ]
    else:
        every = to.every or rhythm.every
        if every is Every.WEEK:
            days = [
                (say.text(f"weekday.{day}"), replace(kept, every=every, weekday=day, day=None))
                for day in WEEKDAYS
            ]
        else:
            days = [
                (day_words(day, say), replace(kept, every=every, weekday=None, day=day))
                for day in DAYS
            ]
        if (
            to.weekday is not None and every is not Every.WEEK
        ):  # "thứ hai hằng tháng": each month has several
            weekly = say.text(f"weekday.{to.weekday}") + " " + say.text("offer.sub.week").lower()
            days.insert(0, (weekly, replace(kept, every=Every.WEEK, day=None)))
        choices = [Choice(capital(label), wording(said)) for label, said in days]
    if key:
        return reply(question, line(say.text(f"subscription.{key}")), choices=choices)
    wrong = to.refused or (" ".join(days_said(to, say)),)
    return reply(
        question,
        line(say.text("subscription.no_time", words=", ".join(each[:60] for each in wrong))),
        note(say.text("subscription.no_time.how")),
        choices=choices,
    )


def _ask_what(question: Question, to: Facets, say: Say, wording: Callable[[Facets], str]) -> Answer:
    """What it is to be about, where that was not understood: what is near, the fields of work, or
    all of them.
    """
    kept = replace(to, near=(), unread=(), indicators=(), categories=())
    near = [Choice(each.name, wording(replace(kept, indicators=(each,)))) for each in to.near[:2]]
    categories = question.catalogue.categories.values()
    fields = [Choice(each.name, wording(replace(kept, categories=(each,)))) for each in categories][
        :MOST_CHOICES
    ]
    every = Choice(
        capital(say.text("subscription.everything")), wording(replace(kept, everything=True))
    )
    unread = ", ".join(f"“{word[:30]}”" for word in to.unread[:6])
    return reply(
        question,
        line(say.text("subscription.what")),
        note(say.text("choose.unread", words=unread)) if unread else None,
        choices=[*near, *fields, every],
    )


async def _without_figures(to: Facets, store: Store) -> tuple[str, ...]:
    if not to.regions and not to.strangers:
        return ()
    kept = {key.partition("@")[0] for key, count in (await store.places()).items() if count}
    return (*to.strangers, *(each.name for each in to.regions if each.name not in kept))
