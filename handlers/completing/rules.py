"""Rules that settle a part of a question: the first that holds does."""

from __future__ import annotations

from collections.abc import Callable

from handlers.completing.before import Before
from handlers.question import Question

Rule = tuple[Callable[[Question, Before], bool], Callable[[Question, Before], Question]]
"""When it holds, and what it makes of the question."""


def settled(rules: tuple[Rule, ...], question: Question, before: Before) -> Question | None:
    """Give what the first rule that holds makes of a question; None where none does."""
    for holds, take in rules:
        if holds(question, before):
            return take(question, before)
    return None
