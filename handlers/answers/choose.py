"""The question fits several indicators or places: it asks back."""

from __future__ import annotations

from collections.abc import Sequence

from db.store import Store
from handlers.answers.lines import MOST_CHOICES, leaning, place_part, unheard
from handlers.message import Choice, heading, line, message, note
from handlers.question import Answer, Candidate, Question, Wants
from handlers.reading.spelling import fold
from handlers.say import Say


async def answer(question: Question, _store: Store, say: Say) -> Answer:
    asking = say.asking
    if question.wants == Wants.CHOOSE_PLACE:
        names = list(dict.fromkeys(each.name for each in question.regions))[:MOST_CHOICES]
        offered = [Choice(name, f"{question.reading.text} {name}") for name in names]
        return Answer(
            "choose",
            question,
            message(
                heading(say.text("choose.place")), note(say.text("choose.how")), choices=offered
            ),
        )
    when = (
        asking.text("ask.period", period=asking.period(question.periods[0]))
        if question.periods and question.origin.periods == "said"
        else ""
    )
    candidates = _serious(question)
    offered = [
        Choice(
            each.indicator.name,
            asking.text(
                "ask.figure",
                indicator=each.indicator.name,
                region=place_part(question, say),
                period=when,
            ),
        )
        for each in candidates
    ]
    unread = unheard(question, _unsaid(question, candidates))
    return Answer(
        "choose",
        question,
        message(
            heading(say.text("choose.title" if len(candidates) > 1 else "choose.one")),
            line(say.text("choose.unread", words=unread)) if unread else None,
            *(line(f"• {each.indicator.name}") for each in candidates),
            leaning(question, say),
            note(say.text("choose.how" if len(candidates) > 1 else "choose.how_one")),
            choices=offered,
        ),
    )


def among(question: Question, offered: Sequence[Choice], say: Say) -> Answer:
    """Asks which of several things that were offered is meant."""
    listed = (line(f"• {each.label}") for each in offered)
    return Answer(
        "choose", question, message(line(say.text("choose.among")), *listed, choices=offered)
    )


def _serious(question: Question) -> tuple[Candidate, ...]:
    """The candidates that come near the strongest one."""
    every = question.reading.candidates
    return tuple(each for each in every if each.claim >= 0.75 * every[0].claim)[:MOST_CHOICES]


def _unsaid(question: Question, candidates: tuple[Candidate, ...]) -> list[str]:
    """The words that the strongest candidate says nothing of: why it is asked back."""
    said = {
        fold(word)
        for each in candidates[:1]
        for name in each.indicator.names
        for word in name.split()
    }
    return [word for word in question.reading.rest.unread if fold(word) not in said]
