"""Which indicators there are."""

from __future__ import annotations

from db.store import Store
from handlers.answers.lines import MOST_CHOICES
from handlers.answers.pages import cut
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.question import Answer, Page, Question
from handlers.say import Say

NAMED = 45
"""Up to so many indicators are named field by field; of more, only the fields of work and how many
each has.
"""
A_ROW = 2
"""How many names fit where a row of a list does: a place that shows few rows at once names fewer.
"""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    catalogue = store.catalogue
    chosen = {each.code for each in question.categories}
    total = sum(
        1 for each in catalogue.indicators.values() if not chosen or each.category in chosen
    )
    blocks: list[Block | None] = [heading(say.text("catalogue.title", count=total))]
    groups = [
        (each.name, catalogue.within(each.code))
        for each in catalogue.categories.values()
        if not chosen or each.code in chosen
    ]
    stray = tuple(
        each for each in catalogue.indicators.values() if each.category not in catalogue.categories
    )
    if stray and not chosen:
        groups.append((say.text("catalogue.other"), stray))
    groups = [(name, within) for name, within in groups if within]
    page = Page()
    most = NAMED if question.asking.rows is None else min(NAMED, question.asking.rows * A_ROW)
    if total > most and len(groups) == 1:
        named, page = cut(question, groups[0][1])
        blocks += [line("• ", each.name) for each in named]
    elif total > most:
        groups, page = cut(question, groups)
        blocks += [
            line(Strong(name), ": ", say.text("catalogue.count", count=len(within)))
            for name, within in groups
        ]
    else:
        blocks += [
            line(Strong(f"{name} ({len(within)})"), ": ", "; ".join(each.name for each in within))
            for name, within in groups
        ]
    choices = [Choice(name, say.asking.text("ask.category", category=name)) for name, _ in groups]
    blocks.append(note(say.text("catalogue.ask")))
    return Answer(
        "catalogue", question, message(*blocks, choices=choices[: MOST_CHOICES + 2]), page=page
    )
