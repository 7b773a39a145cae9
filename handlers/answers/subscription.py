"""What is subscribed in a chat: made, changed, paused and ended, and always said back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from db.store import Store
from db.subscriptions import Only, State, Subscription, Wishes
from handlers.answers.subscription_asking import (
    Unclear,
    another_time,
    asked_back,
    listed,
    none,
    offered,
    only_spoken_of,
    refused_time,
    which,
)
from handlers.answers.subscription_choices import (
    again,
    changing,
    meaning,
    previewing,
    subscribing,
    to_end,
    usual_changes,
)
from handlers.answers.subscription_wishes import (
    every_of,
    is_another,
    likelier,
    rest_of,
    scope_of,
    those_fitting,
    wished,
)
from handlers.answers.subscription_words import (
    details,
    name_of,
    names_of,
    reply,
    subject,
    unread_words,
)
from handlers.message import Choice, heading, line, note
from handlers.mood import Mood
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

LOOKING = ("list", "preview", "offer")
"""Acts that change nothing."""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    """Do what was asked of the chat's subscriptions, or ask back where it is not clear."""
    errand = question.reading.errand or Errand("list")
    if errand.act in LOOKING:
        return await _looked(question, errand, store, say)
    if errand.mood is not Mood.REQUEST:
        return await only_spoken_of(question, errand, say)
    if (refused := await _refused(question, None, say)) is not None:
        return refused
    if errand.act == "subscribe":
        return await _subscribed(question, errand, store, say)
    return await _done(question, errand, store, say)


async def _looked(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    if errand.act == "preview":
        return await _preview(question, errand, store, say)
    if errand.act == "offer":
        asked = errand.mood is Mood.QUESTION
        about = note(say.text("subscription.digests")) if asked else None
        return offered(question, errand.to, say, about)
    mine = await question.asking.book.mine()
    return listed(question, those_fitting(errand.which, mine) or mine, say)


async def _refused(question: Question, one: Subscription | None, say: Say) -> Answer | None:
    """Say who alone may do this to a subscription (None: make one), where another asks."""
    only = await question.asking.book.reserved(one.id if one else None)
    if only is None:
        return None
    key = "subscription.not_yours" if only is Only.MAKER else "subscription.not_allowed"
    return reply(question, line(say.text(key)))


def _showing(
    question: Question, one: Subscription, key: str, say: Say, *, gone: Sequence[str] = ()
) -> Answer:
    """Say what was done, what it is like now, when the next one comes; `gone` went from it."""
    unread = unread_words(question)
    return reply(
        question,
        heading(say.text(key, what=name_of(one.wishes, say), gone="; ".join(gone))),
        *details(question, one, say),
        note(say.text("subscription.unread", words=unread)) if unread else None,
        choices=usual_changes(question, one, say),
    )


# ---------------------------------------------------------------- making one


async def _subscribed(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    to = errand.to
    if not (to.digest or to.alerting or to.says or errand.target):
        return offered(question, to, say)
    base = Wishes(rhythm=None) if to.alerting else Wishes()
    unclear = Unclear(to, base, lambda said: replace(subscribing(said), target=errand.target))
    if (asked := await asked_back(question, unclear, store, say)) is not None:
        return asked
    wishes = wished(to, base)
    same = _same(await question.asking.book.mine(), errand, wishes)
    if same:
        return await _made_again(question, errand, same[0], wishes, say)
    made = await question.asking.book.add(wishes, errand.target)
    if made is None:
        return reply(question, line(say.text("subscription.no_channel", name=errand.target)))
    return _showing(question, made, "subscription.made", say)


def _same(mine: Sequence[Subscription], errand: Errand, wishes: Wishes) -> list[Subscription]:
    """Give those that are for the same place, about the same and in the same rhythm."""
    target = errand.target.casefold()
    there = [one for one in mine if one.target.casefold() == target]
    same = [one for one in there if scope_of(one.wishes) == scope_of(wishes)]
    if errand.to.every is None and not errand.to.times:
        return [one for one in same if (one.wishes.rhythm is None) == (wishes.rhythm is None)]
    return [one for one in same if every_of(one.wishes) == every_of(wishes)]


async def _made_again(
    question: Question, errand: Errand, one: Subscription, wishes: Wishes, say: Say
) -> Answer:
    """Serve one that is there already, with what was said in the place of what it was."""
    alerts = one.wishes.alerts | (wishes.alerts if errand.to.alerting else frozenset())
    wishes = replace(wished(errand.to, one.wishes), alerts=alerts)
    stopped = one.state is not State.ACTIVE
    if not stopped and wishes == one.wishes:
        return _showing(question, one, "subscription.same", say)
    if (refused := await _refused(question, one, say)) is not None:
        return refused
    if stopped:
        one = await question.asking.book.resume(one.id)
    if wishes == one.wishes:
        return _showing(question, one, "subscription.same", say)
    changed = await question.asking.book.change(one.id, wishes)
    return _showing(question, changed, "subscription.changed", say)


# ---------------------------------------------------------------- what is there already


async def _done(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """Change, pause, resume or end the one subscription that is meant."""
    mine = _open_to(errand, await question.asking.book.mine())
    fitting = _meant(errand, mine)
    if is_another(errand, fitting):
        made = replace(errand, act="subscribe", joining="only")
        return await _subscribed(question, made, store, say)
    if not mine:
        kind = "none_paused" if errand.act == "resume" else "none"
        return none(question, f"subscription.{kind}", say)
    if errand.act == "change" and not errand.turned:
        fitting = likelier(errand, fitting)
    if not fitting:
        return listed(question, mine, say, line(say.text("subscription.none_such")))
    if len(fitting) > 1:
        return _one_of(question, errand, fitting, say)
    return await _done_to(question, errand, fitting[0], store, say)


def _open_to(errand: Errand, mine: Sequence[Subscription]) -> Sequence[Subscription]:
    """Give those to which it can be done: what is told at once has no times."""
    if errand.act == "pause":
        return [one for one in mine if one.state is State.ACTIVE] or mine
    if errand.act == "resume":
        return [one for one in mine if one.state is not State.ACTIVE]
    to = errand.to
    if to.times or to.looks or to.asks_day or to.asks_hour:
        return [one for one in mine if one.wishes.rhythm is not None]
    return mine


def _meant(errand: Errand, mine: Sequence[Subscription]) -> list[Subscription]:
    """Give those that the words may mean; "huỷ bản tin du lịch" means none."""
    strange = errand.which.unread or errand.which.near
    return [] if strange and not errand.which.scope else those_fitting(errand.which, mine)


def _one_of(
    question: Question, errand: Errand, fitting: Sequence[Subscription], say: Say
) -> Answer:
    """Ask which one is meant; what cannot be is said first, whichever it is."""
    wishes = fitting[0].wishes
    if errand.to.refused and wishes.rhythm is not None:
        unclear = Unclear(errand.to, wishes, changing(Facets(digest=True)))
        return refused_time(question, unclear, wishes.rhythm, say)
    return which(question, errand, fitting, say)


async def _done_to(
    question: Question, errand: Errand, one: Subscription, store: Store, say: Say
) -> Answer:
    if errand.act == "change" and not (errand.to.says or errand.to.unread):
        return listed(question, (one,), say)
    if (refused := await _refused(question, one, say)) is not None:
        return refused
    if errand.act == "change":
        return await _changed(question, errand, one, store, say)
    if errand.act == "end" and rest_of(errand.which, one.wishes) is not None:
        gone = Facets(indicators=errand.which.indicators, categories=errand.which.categories)
        return await _changed(question, replace(errand, to=gone, joining="not"), one, store, say)
    return await _ACTS[errand.act](question, one, say)


async def _paused(question: Question, one: Subscription, say: Say) -> Answer:
    paused = await question.asking.book.pause(one.id)
    return _showing(question, paused, "subscription.paused", say)


async def _resumed(question: Question, one: Subscription, say: Say) -> Answer:
    resumed = await question.asking.book.resume(one.id)
    return _showing(question, resumed, "subscription.resumed", say)


async def _ended(question: Question, one: Subscription, say: Say) -> Answer:
    await question.asking.book.end(one.id)
    title = heading(say.text("subscription.ended", what=name_of(one.wishes, say)))
    about = subject(one.wishes, question.catalogue, say)
    return reply(question, title, *about, choices=[again(one.wishes, question.catalogue, say)])


_ACTS: dict[str, Callable[[Question, Subscription, Say], Awaitable[Answer]]] = {
    "pause": _paused,
    "resume": _resumed,
    "end": _ended,
}


# ---------------------------------------------------------------- changing one


async def _changed(
    question: Question, errand: Errand, one: Subscription, store: Store, say: Say
) -> Answer:
    """Give it what was said in the place of what it has, where that is clear."""
    unclear = Unclear(errand.to, one.wishes, changing(meaning(one.wishes, question.catalogue)))
    asked = _asked_when(question, unclear, say) or await asked_back(question, unclear, store, say)
    if asked is not None:
        return asked
    if errand.joining == "not" and (errand.to.indicators or errand.to.categories):
        return await _dropped(question, errand.to, one, say)
    wishes = wished(errand.to, one.wishes, errand.joining, _fields(question))
    if wishes == one.wishes:
        return _showing(question, one, "subscription.same", say)
    changed = await question.asking.book.change(one.id, wishes)
    return _showing(question, changed, "subscription.changed", say)


def _asked_when(question: Question, unclear: Unclear, say: Say) -> Answer | None:
    """Ask for another day or hour that was not said."""
    rhythm = unclear.base.rhythm
    if rhythm is None or not (unclear.to.asks_day or unclear.to.asks_hour):
        return None
    of = "day" if unclear.to.asks_day else "time"
    return another_time(question, unclear, rhythm, say, of=of)  # type: ignore[arg-type]


async def _dropped(question: Question, to: Facets, one: Subscription, say: Say) -> Answer:
    """Take what is named from what it is about."""
    wishes = wished(to, one.wishes, "not", _fields(question))
    if wishes == one.wishes:
        return _showing(question, one, "subscription.not_on_list", say)
    if not (wishes.indicators or wishes.categories):
        end = to_end(meaning(one.wishes, question.catalogue), say)
        return reply(question, line(say.text("subscription.left_nothing")), choices=[end])
    changed = await question.asking.book.change(one.id, wishes)
    gone = names_of(wished(to, Wishes()), question.catalogue)
    return _showing(question, changed, "subscription.dropped", say, gone=gone)


def _fields(question: Question) -> tuple[str, ...]:
    return tuple(question.catalogue.categories)


# ---------------------------------------------------------------- seeing one


async def _preview(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """Show the digest that would come: of the subscription that is meant, else of what was said."""
    said = errand.which
    unclear = Unclear(said, Wishes(), previewing)
    if (asked := await asked_back(question, unclear, store, say)) is not None:
        return asked
    fitting = those_fitting(said, await question.asking.book.mine())
    if len(fitting) > 1:
        return which(question, errand, fitting, say)
    wishes = wished(replace(said, alerting=False), fitting[0].wishes if fitting else Wishes())
    if fitting:
        choices = _other_changes(question, fitting[0], say)
    else:
        choices = [again(wishes, question.catalogue, say, "subscribe")]
    key = "subscription.preview.now" if said.dated else "subscription.preview"
    digest = await _composed(question, wishes, store, say)
    message = replace(
        digest.message,
        blocks=(note(say.text(key)), *digest.message.blocks),
        choices=tuple(choices),
    )
    return replace(digest, message=message)


def _other_changes(question: Question, one: Subscription, say: Say) -> list[Choice]:
    shown = say.text("offer.sub.preview")
    return [each for each in usual_changes(question, one, say) if each.label != shown]


async def _composed(question: Question, wishes: Wishes, store: Store, say: Say) -> Answer:
    # A digest is made of answers, and costs time that others need not spend.
    from handlers.digest import compose  # noqa: PLC0415

    asking = question.asking
    digest = await compose(
        store,
        wishes,
        moment=asking.moment,
        since=None,
        late=False,
        say=say,
        home=asking.home,
        as_of=asking.as_of,
        preview=True,
    )
    return Answer("subscription", question, digest.message, digest.figures, digest.computed)
