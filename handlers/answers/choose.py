"""The question fits several indicators or places: it asks back."""

from __future__ import annotations

from db.store import Store
from handlers.answers.lines import MOST_CHOICES, leaning, place_part
from handlers.message import Choice, heading, line, message, note
from handlers.question import Answer, Question
from handlers.say import Say


async def answer(question: Question, store: Store, say: Say) -> Answer:
    asking = say.asking
    if question.wants == "choose place":
        names = list(dict.fromkeys(each.name for each in question.regions))[:MOST_CHOICES]
        offered = [Choice(name, f"{question.reading.text} {name}") for name in names]
        return Answer("choose", question, message(heading(say.text("choose.place")), note(say.text("choose.how")), choices=offered))
    when = asking.text("ask.period", period=asking.period(question.periods[0])) if question.periods and question.origin.periods == "said" else ""
    candidates = question.reading.candidates[:MOST_CHOICES]
    offered = [
        Choice(each.indicator.name, asking.text("ask.figure", indicator=each.indicator.name, region=place_part(question, say), period=when))
        for each in candidates
    ]
    unread = question.reading.unread
    return Answer(
        "choose",
        question,
        message(
            heading(say.text("choose.title")),
            line(say.text("choose.unread", words=", ".join(f"“{word[:30]}”" for word in unread[:5]))) if unread and question.reading.marks & {"unsure"} else None,
            *(line(f"• {each.indicator.name}") for each in candidates),
            leaning(question, say),
            note(say.text("choose.how")),
            choices=offered,
        ),
    )
