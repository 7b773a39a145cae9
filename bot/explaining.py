"""How a question was read, shown to whoever wants to know why."""

from __future__ import annotations

import sys
from datetime import date

from rich.table import Table

from bot.channels.screen import Screen
from handlers.desk import Desk
from handlers.question import Asking, Conversation
from handlers.reading.indicators import ANSWER, MARGIN
from handlers.say import say_in


async def explained(desk: Desk, text: str, today: date) -> None:
    """Prints which reader took which words, which indicators claim the question, and the answer
    they led to.
    """
    say = say_in("vi")
    screen = Screen(sys.stdout)
    console = screen.console
    reading = (await desk.reader()).read(text, today)
    took = Table(
        say.text("explain.reader"),
        say.text("explain.words"),
        say.text("explain.meaning"),
        box=None,
        pad_edge=False,
    )
    for each in reading.taken:
        took.add_row(each.reader, each.words, each.meaning)
    console.print(took)
    console.print(say.text("explain.unread", words=", ".join(reading.rest.unread) or "–"))
    if reading.candidates:
        claims = Table(
            say.text("explain.claim"),
            say.text("column.indicator"),
            say.text("explain.name"),
            box=None,
            pad_edge=False,
        )
        for candidate in reading.candidates:
            claims.add_row(f"{candidate.claim:.2f}", candidate.indicator.code, candidate.why)
        console.print(claims)
        console.print(
            say.text("explain.rule", answer=f"{ANSWER:.2f}", margin=f"{MARGIN:.2f}"), style="dim"
        )
    turn = await desk.turn(text, Conversation(), Asking(today))
    question = turn.answer.question
    origin = question.origin
    console.print(
        say.text(
            "explain.became",
            kind=turn.answer.kind,
            indicators=", ".join(each.code for each in question.indicators) or "–",
            regions=", ".join(each.key for each in question.regions) or "–",
            periods=", ".join(map(str, question.periods)) or "–",
            indicators_from=say.text(f"explain.from.{origin.indicators or 'none'}"),
            regions_from=say.text(f"explain.from.{origin.regions or 'none'}"),
            periods_from=say.text(f"explain.from.{origin.periods or 'none'}"),
        )
    )
    console.print()
    screen.show(turn.answer.message, numbered=True)
