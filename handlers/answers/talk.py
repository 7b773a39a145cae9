"""Everything that is not about a figure: help, greeting, settings, what was not understood."""

from __future__ import annotations

from dataclasses import replace

from db.chats import OFFERED, TALKED
from db.store import Store
from handlers.answers import choose
from handlers.answers.lines import unheard
from handlers.message import Choice, heading, line, message, note
from handlers.question import Answer, Question, Talk
from handlers.say import LANGUAGES, Say, say_in

_BRIEF = frozenset({Talk.GOODBYE, Talk.SMALL})
"""Talk that is answered in one line and asks for nothing."""


def _starters(store: Store, say: Say) -> list[Choice]:
    """Questions to begin with, over whatever catalogue is there."""
    first = next(iter(store.catalogue.indicators.values()), None)
    if first is None:
        return _around(say)
    words = say.asking.text("ask.figure", indicator=first.name, region="", period="")
    return [Choice(first.name, words), *_around(say)]


def _around(say: Say) -> list[Choice]:
    """What there is to ask about, where no figure may be offered as a consolation."""
    asking = say.asking
    return [
        Choice(say.text("offer.catalogue"), asking.text("ask.catalogue")),
        Choice(say.text("offer.all_targets"), asking.text("ask.all_targets")),
    ]


async def greet(question: Question, store: Store, say: Say) -> Answer:
    """A greeting; or a word back to thanks or to an "ok", after which people go on asking."""
    remarks = question.reading.remarks
    if remarks.talk in _BRIEF:
        return Answer("greeting", question, message(line(say.text(f"greeting.{remarks.talk}"))))
    if remarks.thanks:
        return Answer("greeting", question, message(line(say.text("greeting.thanks"))))
    if remarks.assent:
        return Answer("greeting", question, message(line(say.text("greeting.assent"))))
    return Answer(
        "greeting",
        question,
        message(
            line(say.text("greeting.hello")),
            line(say.text("greeting.how")),
            choices=_starters(store, say),
        ),
    )


async def help_(question: Question, store: Store, say: Say) -> Answer:
    """What may be asked and how; or one line to what was said of the bot or of other things."""
    talk = question.reading.remarks.talk
    if talk is not None and say.knows(f"talk.{talk}"):
        said = _kept(question, say) if talk is Talk.KEPT else say.text(f"talk.{talk}")
        return Answer("help", question, message(line(said), choices=_around(say)))
    last = 9 if question.asking.ties is not None and question.asking.ties.private else 8
    lines = [line(say.text(f"help.{number}")) for number in range(1, last + 1)]
    return Answer(
        "help",
        question,
        message(heading(say.text("help.title")), *lines, choices=_starters(store, say)),
    )


def _kept(question: Question, say: Say) -> str:
    """What is kept of whoever asks; nothing where no platform brings the question."""
    if question.asking.ties is None:
        return say.text("talk.kept.nothing")
    return say.text("talk.kept", talked=TALKED.days, offered=OFFERED.days)


async def settings(question: Question, _store: Store, say: Say) -> Answer:
    """The language of the chat: asked for, or to be chosen."""
    chosen = question.reading.language
    if chosen in LANGUAGES:
        now = say_in(chosen)
        return Answer(
            "settings", question, message(line(now.text("settings.changed"))), language=chosen
        )
    offered = [
        Choice(say.text(f"language.{each}"), say.asking.text(f"ask.language.{each}"))
        for each in LANGUAGES
    ]
    return Answer(
        "settings", question, message(line(say.text("settings.language")), choices=offered)
    )


async def no_page(question: Question, store: Store, say: Say) -> Answer:
    """Going on where no long answer was begun."""
    return Answer(
        "not_understood",
        question,
        message(line(say.text("page.nothing")), choices=_starters(store, say)),
    )


async def not_understood(question: Question, _store: Store, say: Say) -> Answer:
    """Name the words that could not be placed, and the nearest indicators when any is near."""
    if question.reading.time.unreadable:
        return _no_such_period(question, say)
    doubt = replace(choose.doubted(question), lone=False)
    near = [question.catalogue.indicators[code] for code in doubt.shown]
    offered = [choose.offer(question, indicator, say) for indicator in near]
    unread = unheard(question, question.reading.rest.strange or question.reading.rest.unread)
    return Answer(
        "not_understood",
        question,
        message(
            line(say.text("not_understood.sorry")),
            line(say.text("not_understood.words", words=unread)) if unread else None,
            note(say.text("not_understood.near" if near else "not_understood.how")),
            choices=offered or _around(say),
        ),
        doubt=doubt if near else None,
    )


def _no_such_period(question: Question, say: Say) -> Answer:
    """Say that what is written as a period is none: "quý 5"; nobody guesses another."""
    words = ", ".join(f"“{words}”" for words in question.reading.time.unreadable)
    said = line(say.text("not_understood.period", words=words))
    how = note(say.text("not_understood.period_how"))
    return Answer("not_understood", question, message(said, how))
