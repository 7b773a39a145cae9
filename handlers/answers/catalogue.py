"""Which indicators there are."""

from __future__ import annotations

from db.store import Store
from handlers.answers.lines import MOST_CHOICES
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.question import Answer, Question
from handlers.say import Say

NAMED = 45
"""Up to so many indicators are named one by one; of more, only the fields of work and how many each has."""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    catalogue = store.catalogue
    chosen = {each.code for each in question.categories}
    total = sum(1 for each in catalogue.indicators.values() if not chosen or each.category in chosen)
    blocks: list[Block | None] = [heading(say.text("catalogue.title", count=total))]
    choices: list[Choice] = []
    groups = [
        (each.name, catalogue.within(each.code)) for each in catalogue.categories.values() if not chosen or each.code in chosen
    ]
    stray = tuple(each for each in catalogue.indicators.values() if each.category not in catalogue.categories)
    if stray and not chosen:
        groups.append((say.text("catalogue.other"), stray))
    for name, within in groups:
        if not within:
            continue
        if total <= NAMED:
            blocks.append(line(Strong(f"{name} ({len(within)})"), ": ", "; ".join(each.name for each in within)))
        else:
            blocks.append(line(Strong(name), ": ", say.text("catalogue.count", count=len(within))))
        choices.append(Choice(name, say.asking.text("ask.category", category=name)))
    blocks.append(note(say.text("catalogue.ask")))
    return Answer("catalogue", question, message(*blocks, choices=choices[: MOST_CHOICES + 2]))
