"""What is subscribed in a chat: made, changed, paused and ended in words, always said back with when the next one comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

from db.facts import Catalogue
from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Only, State, Subscription, Wishes
from handlers.answers.lines import MOST_CHOICES
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.subscribing import Errand, Facets

DAYS = (1, 5, 10, 15, 20, 31)
WEEKDAYS = (1, 3, 5)
HOURS = (time(7), time(8), time(9), time(14), time(16))
_LOOKS = (("full", "full", "short"), ("chart", "chart", "no_chart"), ("workbook", "workbook", "no_workbook"))
"""Each part of how a digest looks, and the names of its having and lacking it."""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    """Does what was asked of the chat's subscriptions, or asks back where it is not clear what was asked."""
    errand = question.reading.errand or Errand("list")
    book = question.book
    if errand.act == "preview":
        return await _preview(question, errand, store, say)
    if errand.act == "list":
        return _listed(question, _fitting(errand.which, await book.mine()) or await book.mine(), say)
    if errand.act == "offer":
        return _offered(question, errand.to, say)
    if (refused := await _refused(question, None, say)) is not None:
        return refused
    if errand.act == "subscribe":
        return await _subscribed(question, errand, store, say)
    return await _done(question, errand, store, say)


async def _refused(question: Question, one: Subscription | None, say: Say) -> Answer | None:
    """Who alone may do this to a subscription (None: make one), where whoever asks may not."""
    only = await question.book.reserved(one.id if one else None)
    if only is None:
        return None
    return _said(question, line(say.text("subscription.not_yours" if only is Only.MAKER else "subscription.not_allowed")))


# ---------------------------------------------------------------- making one


async def _subscribed(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    to, book = errand.to, question.book
    if not (to.digest or to.alerting or to.says or errand.target):
        return _offered(question, to, say)
    base = Wishes(rhythm=None) if to.alerting else Wishes()
    unclear = await _asked_back(question, to, base, store, say, lambda said: _subscribing(said, say))
    if unclear is not None:
        return unclear
    wishes = _wished(to, base)
    mine = [each for each in await book.mine() if each.target.casefold() == errand.target.casefold()]
    same = [each for each in mine if _scope(each.wishes) == _scope(wishes)]
    if to.every is None and not to.times:
        same = [each for each in same if (each.wishes.rhythm is None) == (wishes.rhythm is None)]
    else:
        same = [each for each in same if _every(each.wishes) == _every(wishes)]
    if not same:
        made = await book.add(wishes, errand.target)
        if made is None:
            return _said(question, line(say.text("subscription.no_channel", name=errand.target)))
        return _shown(question, made, "subscription.made", say)
    one = same[0]
    refused = await _refused(question, one, say)
    wishes = replace(_wished(to, one.wishes), alerts=one.wishes.alerts | wishes.alerts if to.alerting else one.wishes.alerts)
    if one.state is not State.ACTIVE:
        if refused is not None:
            return refused
        one = await book.resume(one.id)
    if wishes == one.wishes:
        return _shown(question, one, "subscription.same", say)
    if refused is not None:
        return refused
    return _shown(question, await book.change(one.id, wishes), "subscription.changed", say)


def _offered(question: Question, to: Facets, say: Say) -> Answer:
    """The rhythms to choose from; what was said beside them is kept."""
    if to.near or (to.unread and not to.scope):
        to = replace(to, near=(), unread=())
    choices = [
        Choice(say.text(f"offer.sub.{each.value}"), _subscribing(replace(to, digest=True, every=each), say)) for each in Every
    ]
    at_once = replace(to, digest=False, alerting=True, alerts=frozenset(Alert))
    choices.append(Choice(say.text("offer.sub.alert"), _subscribing(at_once, say)))
    shown = replace(to, digest=True)
    choices.append(
        Choice(say.text("offer.sub.preview"), say.asking.text("ask.sub.preview", which=_told(shown, say.asking, named=True)))
    )
    return _said(question, line(say.text("subscription.offer")), choices=choices)


# ---------------------------------------------------------------- what is there already


async def _done(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """Changes, pauses, resumes or ends the one subscription that is meant."""
    book = question.book
    mine = await book.mine()
    if errand.act == "pause":
        mine = tuple(each for each in mine if each.state is State.ACTIVE) or mine
    elif errand.act == "resume":
        mine = tuple(each for each in mine if each.state is not State.ACTIVE)
    elif errand.to.times or errand.to.looks or errand.to.asks_day or errand.to.asks_hour:  # what is told at once has no times
        mine = tuple(each for each in mine if each.wishes.rhythm is not None)
    named = errand.which.unread or errand.which.near
    fitting = [] if named and not errand.which.scope else _fitting(errand.which, mine)  # "huỷ bản tin du lịch" is of none
    if _is_another(errand, fitting):
        return await _subscribed(question, replace(errand, act="subscribe", joining="only"), store, say)
    if not mine:
        return _none(question, "subscription.none_paused" if errand.act == "resume" else "subscription.none", say)
    if errand.act == "change" and not errand.turned:
        fitting = _likelier(errand, fitting)
    if not fitting:
        return _listed(question, mine, say, "subscription.none_such")
    if len(fitting) > 1:
        if errand.to.refused and (rhythm := fitting[0].wishes.rhythm) is not None:  # whichever it is, that cannot be
            return _ask_time(question, errand.to, rhythm, say, lambda said: _changing(say.asking.text("ask.sub.digest"), said, say))
        return _which(question, errand, fitting, say)
    one = fitting[0]
    if errand.act != "change" or errand.to.says or errand.to.unread:  # else it is only shown
        refused = await _refused(question, one, say)
        if refused is not None:
            return refused
    match errand.act:
        case "pause":
            return _shown(question, await book.pause(one.id), "subscription.paused", say)
        case "resume":
            return _shown(question, await book.resume(one.id), "subscription.resumed", say)
        case "end" if _rest(errand.which, one.wishes) is not None:
            part = Facets(indicators=errand.which.indicators, categories=errand.which.categories)
            return await _changed(question, replace(errand, to=part, joining="not"), one, store, say)
        case "end":
            await book.end(one.id)
            again = Choice(say.text("offer.sub.again"), _subscribing(_facets(one.wishes, question.catalogue), say))
            ended = heading(say.text("subscription.ended", what=_name(one.wishes, say)))
            return _said(question, ended, *_subject(one.wishes, question.catalogue, say), choices=[again])
        case _:
            return await _changed(question, errand, one, store, say)


async def _changed(question: Question, errand: Errand, one: Subscription, store: Store, say: Say) -> Answer:
    to, which = errand.to, _which_words(one.wishes, question.catalogue, say.asking)

    def wording(said: Facets) -> str:
        return _changing(which, said, say)

    if not to.says and not to.unread:
        return _listed(question, (one,), say)
    if one.wishes.rhythm is not None and (to.asks_day or to.asks_hour):
        return _ask_time(question, to, one.wishes.rhythm, say, wording, key="which_day" if to.asks_day else "which_time")
    unclear = await _asked_back(question, to, one.wishes, store, say, wording)
    if unclear is not None:
        return unclear
    wishes = _wished(to, one.wishes, errand.joining, tuple(question.catalogue.categories))
    if errand.joining == "not" and (to.indicators or to.categories):
        if wishes == one.wishes:
            return _shown(question, one, "subscription.not_on_list", say, named=False)
        if not (wishes.indicators or wishes.categories):
            end = Choice(say.text("offer.sub.end"), say.asking.text("ask.sub.end", which=which))
            return _said(question, line(say.text("subscription.left_nothing")), choices=[end])
    if wishes == one.wishes:
        return _shown(question, one, "subscription.same", say)
    key = "subscription.dropped" if errand.joining == "not" and (to.indicators or to.categories) else "subscription.changed"
    return _shown(
        question, await question.book.change(one.id, wishes), key, say, gone=_names(_wished(to, Wishes()), question.catalogue)
    )


def _which(question: Question, errand: Errand, fitting: Sequence[Subscription], say: Say) -> Answer:
    """Which of several is meant: one choice for each, that does the same to that one alone."""
    choices = []
    for each in fitting[: MOST_CHOICES + 2]:
        which = _which_words(each.wishes, question.catalogue, say.asking)
        if errand.act != "change":
            text = say.asking.text(f"ask.sub.{errand.act}", which=which)
        elif errand.to.says and not errand.to.unclear:
            said = replace(errand.to, unread=())
            if errand.to.scope:
                said = _facets(
                    _wished(errand.to, each.wishes, errand.joining, tuple(question.catalogue.categories)), question.catalogue
                )
            text = _changing(which, said, say)
        else:
            text = say.asking.text("ask.sub.show", which=which)
        choices.append(Choice(_label(each.wishes, question, say), text))
    return _said(question, line(say.text("subscription.which")), note(say.text("choose.how")), choices=choices)


def _listed(question: Question, subscriptions: Sequence[Subscription], say: Say, key: str = "subscription.list") -> Answer:
    if not subscriptions:
        return _none(question, "subscription.none", say)
    if len(subscriptions) == 1:
        one = subscriptions[0]
        title = None if key == "subscription.list" else line(say.text(key))
        name = heading(_capital(_name(one.wishes, say)))
        return _said(question, title, name, *_details(question, one, say), choices=_usual(question, one, say))
    blocks: list[Block] = [heading(say.text(key, count=len(subscriptions)))]
    for each in subscriptions:
        blocks.append(line(Strong(_capital(_name(each.wishes, say)))))
        blocks += _details(question, each, say)
    show = [
        Choice(
            _label(each.wishes, question, say),
            say.asking.text("ask.sub.show", which=_which_words(each.wishes, question.catalogue, say.asking)),
        )
        for each in subscriptions[: MOST_CHOICES + 2]
    ]
    return _said(question, *blocks, choices=show)


def _none(question: Question, key: str, say: Say) -> Answer:
    rhythms = [Choice(say.text(f"offer.sub.{each.value}"), _subscribing(Facets(digest=True, every=each), say)) for each in Every]
    alert = Facets(alerting=True, alerts=frozenset(Alert))
    return _said(question, line(say.text(key)), choices=[*rhythms, Choice(say.text("offer.sub.alert"), _subscribing(alert, say))])


async def _preview(question: Question, errand: Errand, store: Store, say: Say) -> Answer:
    """The digest that would come: of the subscription that is meant, else of what was said."""
    from handlers.digest import compose  # noqa: PLC0415 - it is made of answers, and costs time that others need not spend

    which = errand.which

    def wording(said: Facets) -> str:
        return say.asking.text("ask.sub.preview", which=_told(replace(said, digest=True), say.asking, named=True))

    unclear = await _asked_back(question, which, Wishes(), store, say, wording)
    if unclear is not None:
        return unclear
    fitting = _fitting(which, await question.book.mine())
    if len(fitting) > 1:
        return _which(question, errand, fitting, say)
    wishes = _wished(replace(which, alerting=False), fitting[0].wishes if fitting else Wishes())
    digest = await compose(
        store,
        wishes,
        moment=question.moment,
        since=None,
        late=False,
        say=say,
        home=question.home,
        as_of=question.as_of,
        preview=True,
    )
    if fitting:
        choices = [each for each in _usual(question, fitting[0], say) if each.label != say.text("offer.sub.preview")]
    else:
        choices = [Choice(say.text("offer.sub.subscribe"), _subscribing(_facets(wishes, question.catalogue), say))]
    told = "subscription.preview.now" if which.dated else "subscription.preview"
    shown = replace(digest.message, blocks=(note(say.text(told)), *digest.message.blocks), choices=tuple(choices))
    return Answer("subscription", question, shown, digest.figures, digest.computed)


# ---------------------------------------------------------------- what is not clear


async def _asked_back(
    question: Question, to: Facets, base: Wishes, store: Store, say: Say, wording: Callable[[Facets], str]
) -> Answer | None:
    """A question where what was said leaves something open or cannot be; `wording` makes words to choose of facets."""
    places = await _without_figures(to, store)
    if places:
        return _said(question, line(say.text("subscription.no_place", places=say.listing(list(places)))))
    if to.near or (to.unread and not (to.indicators or to.categories)):
        return _ask_what(question, to, say, wording)
    rhythm = base.rhythm
    if rhythm is None:
        return None
    if to.no_rhythm or to.no_day or to.no_hour or _contradicts(to, rhythm):
        return _ask_time(question, to, rhythm, say, wording)
    if to.hour is not None and to.at is not None:
        morning, afternoon = to.at, to.at.replace(hour=to.at.hour + 12)
        return _said(
            question,
            line(say.text("subscription.which_hour", hour=str(to.hour))),
            choices=[
                Choice(say.text("offer.sub.morning", hour=str(to.hour)), wording(replace(to, hour=None, at=morning))),
                Choice(say.text("offer.sub.afternoon", hour=str(to.hour)), wording(replace(to, hour=None, at=afternoon))),
            ],
        )
    return None


def _ask_time(
    question: Question, to: Facets, rhythm: Rhythm, say: Say, wording: Callable[[Facets], str], key: str | None = None
) -> Answer:
    """The times to choose from in place of one that cannot be, or of one that is to be another."""
    kept = replace(to, no_rhythm=(), no_day=(), no_hour=(), asks_day=False, asks_hour=False, unread=())
    choices: list[Choice] = []
    if to.no_hour or key == "which_time":
        choices = [Choice(_hour(each, say), wording(replace(kept, at=each))) for each in HOURS if each != rhythm.at or not key]
    elif to.no_rhythm:
        rhythms = [replace(kept, every=each, weekday=None, day=None) for each in Every]
        choices = [Choice(say.text(f"offer.sub.{each.every.value}"), wording(each)) for each in rhythms if each.every]
    else:
        every = to.every or rhythm.every
        if every is Every.WEEK:
            days = [(say.text(f"weekday.{day}"), replace(kept, every=every, weekday=day, day=None)) for day in WEEKDAYS]
        else:
            days = [(_day(day, say), replace(kept, every=every, weekday=None, day=day)) for day in DAYS]
        if to.weekday is not None and every is not Every.WEEK:  # "thứ hai hằng tháng": each month has several
            weekly = say.text(f"weekday.{to.weekday}") + " " + say.text("offer.sub.week").lower()
            days.insert(0, (weekly, replace(kept, every=Every.WEEK, day=None)))
        choices = [Choice(_capital(label), wording(said)) for label, said in days]
    if key:
        return _said(question, line(say.text(f"subscription.{key}")), choices=choices)
    wrong = to.refused or (" ".join(_day_words(to, say)),)
    return _said(
        question,
        line(say.text("subscription.no_time", words=", ".join(each[:30] for each in wrong))),
        note(say.text("subscription.no_time.how")),
        choices=choices,
    )


def _ask_what(question: Question, to: Facets, say: Say, wording: Callable[[Facets], str]) -> Answer:
    """What it is to be about, where that was not understood: what is near, the fields of work, or all of them."""
    kept = replace(to, near=(), unread=(), indicators=(), categories=())
    near = [Choice(each.name, wording(replace(kept, indicators=(each,)))) for each in to.near[:2]]
    categories = question.catalogue.categories.values()
    fields = [Choice(each.name, wording(replace(kept, categories=(each,)))) for each in categories][:MOST_CHOICES]
    every = Choice(_capital(say.text("subscription.everything")), wording(replace(kept, everything=True)))
    unread = ", ".join(f"“{word[:30]}”" for word in to.unread[:6])
    return _said(
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


def _contradicts(to: Facets, rhythm: Rhythm) -> bool:
    """Whether a day of the week was said for a month, or a day of the month for a week."""
    every = _every_said(to, rhythm)
    return (to.weekday is not None and (to.day is not None or every is not Every.WEEK)) or (
        to.day is not None and every is Every.WEEK
    )


# ---------------------------------------------------------------- wishes from what was said


def _every_said(to: Facets, rhythm: Rhythm) -> Every:
    """The rhythm that was said, in so many words or by its day; else the one that is there."""
    if to.every is not None:
        return to.every
    if to.weekday is not None:
        return Every.WEEK
    return Every.MONTH if to.day is not None and rhythm.every is Every.WEEK else rhythm.every


def _wished(to: Facets, base: Wishes, joining: str = "only", fields: tuple[str, ...] = ()) -> Wishes:
    """The wishes that were there with what was said in the place of theirs; `fields` are all fields of work there are."""
    rhythm = base.rhythm
    if rhythm is not None:
        every = _every_said(to, rhythm)
        said = to.weekday if every is Every.WEEK else to.day
        alike = (every is Every.WEEK) == (rhythm.every is Every.WEEK)
        usual = 1 if every is Every.WEEK else Rhythm().day
        day = said if said is not None else rhythm.day if alike else usual
        rhythm = replace(rhythm, every=every, day=day, at=to.at or rhythm.at)
    indicators, categories, regions = base.indicators, base.categories, base.regions
    new_indicators, new_categories = tuple(each.code for each in to.indicators), tuple(each.code for each in to.categories)
    if to.everything:
        indicators, categories = (), ()
    elif joining == "also":
        if indicators or categories:  # to everything nothing can come
            indicators, categories = _union(indicators, new_indicators), _union(categories, new_categories)
    elif joining == "not":
        if not (indicators or categories) and new_categories:
            categories = fields
        indicators, categories = _less(indicators, new_indicators), _less(categories, new_categories)
    elif new_indicators or new_categories:
        indicators, categories = new_indicators, new_categories
    if to.regions:
        names = tuple(dict.fromkeys(each.name for each in to.regions))
        regions = _union(regions, names) if joining == "also" else _less(regions, names) if joining == "not" else names
    return Wishes(
        rhythm=rhythm,
        alerts=(to.alerts or base.alerts or frozenset(Alert)) if to.alerting and rhythm is None else base.alerts,
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


def _scope(wishes: Wishes) -> tuple[frozenset[str], ...]:
    """What it is about, whatever the order it was said in."""
    return frozenset(wishes.categories), frozenset(wishes.indicators), frozenset(wishes.regions)


def _every(wishes: Wishes) -> Every | None:
    return wishes.rhythm.every if wishes.rhythm else None


def _fitting(which: Facets, subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """The subscriptions that the words may mean; one that they describe exactly before those they only touch."""
    fitting = [each for each in subscriptions if _fits(which, each.wishes)]
    exact = [each for each in fitting if _is_exactly(which, each.wishes)] if which.scope else []
    return exact if len(exact) == 1 else fitting


def _fits(which: Facets, wishes: Wishes) -> bool:
    rhythm = wishes.rhythm
    if (which.digest and rhythm is None) or (which.alerting and not which.digest and not wishes.alerts):
        return False
    if which.every is not None and _every(wishes) is not which.every:
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


def _rest(gone: Facets, wishes: Wishes) -> Wishes | None:
    """What is left where only a part of what wishes are about is named; None where all of it is, or nothing."""
    if not (gone.indicators or gone.categories):
        return None
    left = _wished(Facets(indicators=gone.indicators, categories=gone.categories), wishes, "not")
    return left if left != wishes and (left.indicators or left.categories) else None


def _is_another(errand: Errand, fitting: Sequence[Subscription]) -> bool:
    """Whether "thêm" asks for one more subscription: none that is there comes when what is added is to come."""
    to = errand.to
    if errand.act != "change" or errand.joining != "also" or errand.turned:
        return False
    if not (to.indicators or to.categories or to.everything) or not (to.digest or to.alerting or to.times):
        return False
    when = Facets(every=to.every, weekday=to.weekday, day=to.day, at=to.at)
    return not any(_fits(when, each.wishes) for each in fitting)


def _likelier(errand: Errand, fitting: list[Subscription]) -> list[Subscription]:
    """Those of several that are about what was said, or come in the rhythm that was; all where none is."""
    to = errand.to
    said: list[Callable[[Wishes], bool]] = []
    if to.scope and errand.joining == "only":
        said.append(lambda wishes: _is_exactly(to, wishes))
    if to.scope and errand.joining == "not":
        said.append(lambda wishes: _fits(Facets(indicators=to.indicators, categories=to.categories), wishes))
    if to.every is not None or to.weekday is not None:
        said.append(lambda wishes: _every(wishes) is (to.every or Every.WEEK))
    for fits in said:
        fitting = [each for each in fitting if fits(each.wishes)] or fitting
    return fitting


def _is_exactly(which: Facets, wishes: Wishes) -> bool:
    return _scope(_wished(replace(which, alerting=False), Wishes(rhythm=None))) == _scope(wishes)


# ---------------------------------------------------------------- in words


def _said(question: Question, *blocks: Block | None, choices: Sequence[Choice] = ()) -> Answer:
    return Answer("subscription", question, message(*blocks, choices=choices))


def _shown(question: Question, one: Subscription, key: str, say: Say, *, named: bool = True, gone: Sequence[str] = ()) -> Answer:
    """What was done, what it is like now, when the next one comes, and the usual changes; `gone` went from it."""
    unread = [word for word in question.reading.unread if any(map(str.isalnum, word))]
    what = {"what": _name(one.wishes, say)} if named else {}
    if key == "subscription.dropped":
        what["gone"] = "; ".join(gone)
    return _said(
        question,
        heading(say.text(key, **what)),
        *_details(question, one, say),
        note(say.text("subscription.unread", words=", ".join(f"“{word[:30]}”" for word in unread[:6]))) if unread else None,
        choices=_usual(question, one, say),
    )


def _details(question: Question, one: Subscription, say: Say) -> list[Block]:
    wishes, rhythm = one.wishes, one.wishes.rhythm
    blocks: list[Block] = []
    if rhythm is not None:
        last = rhythm.every is not Every.WEEK and rhythm.day == 31
        day = say.text(f"weekday.{rhythm.day}") if rhythm.every is Every.WEEK else _day(rhythm.day, say)
        day = say.text("subscription.day.end") if last else day
        blocks.append(line(say.text(f"subscription.when.{rhythm.every.value}", day=day, hour=_hour(rhythm.at, say))))
        if rhythm.every is not Every.WEEK and rhythm.day in (29, 30):
            blocks.append(line(say.text("subscription.short_month", day=str(rhythm.day))))
    if wishes.alerts:
        when = [say.text(f"subscription.alert.{each.value}") for each in Alert if each in wishes.alerts]
        blocks.append(line(say.text("subscription.at_once", when=say.listing(when))))
    blocks += _subject(wishes, question.catalogue, say)
    if one.target:
        blocks.append(line(say.text("subscription.channel", name=one.target)))
    if one.elsewhere:
        same = question.ties is not None and question.ties.channel == one.elsewhere
        channel = say.text(f"channel.name.{one.elsewhere}")
        blocks.append(line(say.text("subscription.elsewhere.same" if same else "subscription.elsewhere", channel=channel)))
    if rhythm is not None:
        looks = [say.text(f"subscription.{has if getattr(wishes, part) else lacks}") for part, has, lacks in _LOOKS]
        blocks.append(line(", ".join(looks)))
    if one.state is State.ACTIVE and rhythm is not None:
        blocks.append(line(*_next(one, rhythm, question, say)))
    elif one.state is not State.ACTIVE:
        blocks.append(line(say.text(f"subscription.is_{one.state.value}")))
    return blocks


def _subject(wishes: Wishes, catalogue: Catalogue, say: Say) -> list[Block]:
    """What it is about, and the places where some were named."""
    about: list[Block] = [line(say.text("subscription.about", what=_about(wishes, catalogue, say)))]
    if wishes.regions:
        about.append(line(say.text("subscription.places", places=say.listing(list(wishes.regions)))))
    return about


def _next(one: Subscription, rhythm: Rhythm, question: Question, say: Say) -> tuple[str, ...]:
    """When the next one comes, on the clock that it comes by."""
    moment = rhythm.on_clock(one.next(question.moment) or rhythm.next(question.moment))
    day, weekday = Strong(say.day(moment.date())), say.text(f"weekday.{moment.isoweekday()}")
    return say.words("subscription.next", hour=_hour(moment.time(), say), day=(day,), weekday=weekday)


def _usual(question: Question, one: Subscription, say: Say) -> list[Choice]:
    """The usual changes; each text names the subscription, so that it means this one whatever is made later."""
    wishes, asking = one.wishes, say.asking
    which = _which_words(wishes, question.catalogue, asking)

    def act(name: str) -> Choice:
        return Choice(say.text(f"offer.sub.{name}"), asking.text(f"ask.sub.{name}", which=which))

    bring = [Choice(say.text("offer.account.here"), asking.text("ask.account.here"))] if one.elsewhere else []
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


def _name(wishes: Wishes, say: Say) -> str:
    """What it is called: a digest by its rhythm, and what is told at once."""
    return say.text(f"subscription.name.{wishes.rhythm.every.value if wishes.rhythm else 'alert'}")


def _label(wishes: Wishes, question: Question, say: Say) -> str:
    return f"{_capital(_name(wishes, say))}: {_about(wishes, question.catalogue, say)}"


def _about(wishes: Wishes, catalogue: Catalogue, say: Say) -> str:
    names = _names(wishes, catalogue)
    return "; ".join(names) if names else say.text("subscription.everything")  # names have commas of their own


def _names(wishes: Wishes, catalogue: Catalogue) -> list[str]:
    """The names of what it is about; a code that the catalogue has no more stands for itself."""
    categories = [catalogue.categories[code].name if code in catalogue.categories else code for code in wishes.categories]
    indicators = [catalogue.indicators[code].name if code in catalogue.indicators else code for code in wishes.indicators]
    return [*categories, *indicators]


def _day(day: int, say: Say) -> str:
    return say.text("subscription.day.last") if day == 31 else say.text("subscription.day", day=str(day))


def _hour(at: time, say: Say) -> str:
    if at.minute:
        return say.text("subscription.hour.minutes", hour=str(at.hour), minutes=f"{at.minute:02d}")
    return say.text("subscription.hour", hour=str(at.hour))


def _day_words(to: Facets, say: Say) -> list[str]:
    """The days that contradict each other, in words."""
    weekday = [say.text(f"weekday.{to.weekday}")] if to.weekday is not None else []
    every = [say.text(f"ask.sub.every.{to.every.value}")] if to.every is not None else []
    return [*weekday, *([_day(to.day, say)] if to.day is not None else []), *every]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- words that are read back


def _facets(wishes: Wishes, catalogue: Catalogue) -> Facets:
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
        indicators=tuple(catalogue.indicators[code] for code in wishes.indicators if code in catalogue.indicators),
        categories=tuple(catalogue.categories[code] for code in wishes.categories if code in catalogue.categories),
        regions=tuple(catalogue.namesakes(name)[-1] for name in wishes.regions if catalogue.namesakes(name)),
    )


def _told(said: Facets, asking: Say, *, named: bool = False) -> str:
    """Facets in words that are read back as exactly these; `named`: what is spoken of is named first."""
    parts: list[str] = []
    if said.every is not None:
        parts.append(asking.text(f"ask.sub.every.{said.every.value}"))
    if said.weekday is not None:
        parts.append(asking.text(f"weekday.{said.weekday}"))
    if said.day is not None:
        parts.append(asking.text("subscription.day", day=str(said.day)))
    if said.at is not None:
        parts.append(asking.text("ask.sub.at", hour=_exact_hour(said.at)))
    parts += [asking.text(f"ask.sub.alert.{each.value}") for each in Alert if said.alerting and each in said.alerts]
    for part, has, lacks in _LOOKS:
        wanted = getattr(said, part)
        if wanted is not None:
            parts.append(asking.text(f"ask.sub.{has if wanted else lacks}"))
    places = list(dict.fromkeys(each.name for each in said.regions))
    if places:
        parts.append(asking.text("ask.sub.places", places="; ".join(places)))
    about = [asking.text("ask.sub.field", name=each.name) for each in said.categories] + [each.name for each in said.indicators]
    if said.everything and not about:
        about = [asking.text("ask.sub.everything")]
    if about:
        parts.append(asking.text("ask.sub.about", what="; ".join(about)))
    if named and said.digest:
        first = f"{asking.text('ask.sub.digest')} {parts[0]}" if parts else asking.text("ask.sub.digest")
        return ", ".join([first, *parts[1:]])
    return ", ".join(parts)


def _exact_hour(at: time) -> str:
    return f"{at.hour:02d}:{at.minute:02d}"


def _changing(which: str, said: Facets, say: Say) -> str:
    return say.asking.text("ask.sub.change", which=which, what=_told(said, say.asking))


def _subscribing(said: Facets, say: Say) -> str:
    if said.alerting:
        return say.asking.text("ask.sub.alert", what=_told(said, say.asking))
    return say.asking.text("ask.sub.subscribe", what=_told(replace(said, digest=True), say.asking, named=True))


def _which_words(wishes: Wishes, catalogue: Catalogue, asking: Say) -> str:
    """The words for one subscription among all of a chat: its rhythm and what it is about."""
    facets = _facets(wishes, catalogue)
    known = Facets(
        digest=facets.digest,
        everything=facets.everything,
        indicators=facets.indicators,
        categories=facets.categories,
        regions=facets.regions,
        every=facets.every,
    )
    if wishes.rhythm is None:
        return f"{asking.text('subscription.name.alert')} {_told(known, asking)}"
    return _told(known, asking, named=True)
