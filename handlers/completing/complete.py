"""The steps from a reading to a question: what, where, when, and the figures of it."""

from __future__ import annotations

from dataclasses import replace

from db.facts import Catalogue
from db.store import Store
from handlers.completing import fetching, following, indicators, periods, places
from handlers.completing.before import Before
from handlers.completing.needs import NEEDS
from handlers.question import Asking, Context, Origin, Question, Reading, Wants


async def complete(
    reading: Reading, context: Context, catalogue: Catalogue, asking: Asking, store: Store
) -> Question:
    """Give the question that a reading asks, over the talk before it."""
    before = Before.of(context, catalogue)
    question = Question(_wanted(reading), reading, asking, catalogue)
    if question.wants in (Wants.PAGE, Wants.ACCOUNT):
        return question
    if question.wants is Wants.SUBSCRIPTION:
        return _as_said(question)
    question = indicators.settle(following.settle(question, before), before)
    if question.wants is Wants.CHOOSE:
        return replace(question, periods=reading.time.periods)
    if not NEEDS[question.wants].somewhere:
        return question
    question = places.settle(question, before, await store.places())
    if question.wants is Wants.CHOOSE_PLACE:
        return question
    question = periods.settle(following.together(question, before), before)
    return await fetching.fetch(question, store)


def _wanted(reading: Reading) -> Wants:
    """Give what is wanted; where nothing stands there that a figure is asked by, no figure is."""
    if reading.wants is None:
        return Wants.FIGURE if reading.rest.content else Wants.NOT_UNDERSTOOD
    return reading.wants


def _as_said(question: Question) -> Question:
    """Take the parts of a subscription as they were said: nothing of it is guessed."""
    reading = question.reading
    return replace(
        question,
        indicators=reading.indicators,
        categories=reading.categories,
        regions=reading.regions,
        origin=Origin("said" if reading.indicators else None, "said" if reading.regions else None),
    )
