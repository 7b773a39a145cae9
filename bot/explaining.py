"""How a question was read, shown to whoever wants to know why."""

from __future__ import annotations

import sys
from datetime import date

from rich.console import Group
from rich.table import Table

from bot.channels.screen import Screen
from handlers.desk import Desk
from handlers.question import Asking, Conversation
from handlers.reading.naming.ranking import Ranked
from handlers.reading.naming.scoring import scorer, thresholds
from handlers.say import Say, say_in

MOST_CLAIMS, MOST_EVIDENCE = 6, 6
"""So many candidates are shown, each with so many of the weightiest numbers."""


async def explained(desk: Desk, text: str, today: date) -> None:
    """Print who took which words, what may be meant and why, and the answer that came of it."""
    say = say_in("vi")
    screen = Screen(sys.stdout)
    console = screen.console
    reader = await desk.reader()
    reading = reader.read(text, today)
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
    console.print(_claims(reader.ranked(text, today), say))
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


def _claims(ranked: Ranked, say: Say) -> Group:
    """Lay out what may be meant: probability, code, name, and what weighs most."""
    table = Table(
        say.text("explain.claim"),
        say.text("column.indicator"),
        say.text("explain.name"),
        say.text("explain.evidence"),
        box=None,
        pad_edge=False,
    )
    for claim in ranked.claims[:MOST_CLAIMS]:
        parts = scorer().weightiest(claim.evidence)[:MOST_EVIDENCE]
        why = ", ".join(f"{name} {value:.2f} ({worth:+.1f})" for name, value, worth in parts)
        code = claim.owner.code if claim.is_real else f"({claim.owner.code})"
        table.add_row(f"{claim.probability:.2f}", code, claim.name, why)
    rule = say.text(
        "explain.rule",
        answer=f"{thresholds().answer:.2f}",
        sure=f"{ranked.sure:.2f}",
        none=f"{ranked.none:.2f}",
    )
    return Group(table, rule)
