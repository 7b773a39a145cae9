"""The question fits several indicators or places, or one that is not sure: it asks back."""

from __future__ import annotations

from collections.abc import Sequence

from db.facts import Indicator
from db.store import Store
from handlers.answers.lines import leaning, unheard
from handlers.message import Block, Choice, heading, line, message, note
from handlers.question import MOST_OFFERED, Answer, Candidate, Doubt, Question, Wants
from handlers.reading.spelling import fold
from handlers.say import Say

FAINT = 0.03
"""A claim that nobody would think of, where another is at least `CLEAR`."""
CLEAR = 0.15
LIKELY = 0.7
"""A claim from which one alone is offered, where it is `AHEAD` times the next."""
AHEAD = 4


async def answer(question: Question, _store: Store, say: Say) -> Answer:
    if question.wants is Wants.CHOOSE_PLACE:
        return _place(question, say)
    doubt = doubted(question)
    for _ in range((question.reading.listing.page or 1) - 1):
        doubt = doubt.onward()
    return ask(question, doubt, say)


def doubted(question: Question) -> Doubt:
    """The doubt that a reading leaves: what its words may mean, likeliest first."""
    candidates = _possible(question.reading.candidates)
    codes = tuple(candidate.indicator.code for candidate in candidates)
    return Doubt(question.reading.text, codes, lone=bool(codes) and _is_alone(candidates))


def ask(question: Question, doubt: Doubt, say: Say) -> Answer:
    """Ask back which of the indicators in sight is meant, or whether the one is."""
    shown = [question.catalogue.indicators[code] for code in doubt.shown]
    unread = "" if doubt.first else unheard(question, _unsaid(question, shown))
    kept = _kept(question, doubt, say)
    lone = len(shown) == 1
    title = say.text("choose.one", indicator=shown[0].name) if lone else say.text("choose.title")
    blocks: list[Block | None] = [
        heading(title),
        line(say.text("choose.spent")) if doubt.spent else None,
        line(say.text("choose.kept", parts=kept)) if kept else None,
        line(say.text("choose.unread", words=unread)) if unread else None,
        *(line(f"• {indicator.name}") for indicator in shown if not lone),
        leaning(question, say),
        note(say.text("choose.how_one" if lone else "choose.how")),
    ]
    choices = _yes_or_no(question, doubt, say) if lone else _lines(question, doubt, shown, say)
    return Answer("choose", question, message(*blocks, choices=choices), doubt=doubt)


def offer(question: Question, indicator: Indicator, say: Say, label: str = "") -> Choice:
    """A choice that settles the indicator and asks what was asked."""
    reading, asking = question.reading, say.asking
    place = "".join(f" {region.name}" for region in reading.regions[:1])
    spans = map(asking.period, reading.time.periods[:1])
    when = "".join(asking.text("ask.period", period=span) for span in spans)
    key = _ASKED.get(reading.wants or Wants.FIGURE, "ask.figure")
    words = asking.text(key, indicator=indicator.name, region=place, period=when, order="")
    return Choice(label or indicator.name, words, indicator.code)


def among(question: Question, offered: Sequence[Choice], say: Say) -> Answer:
    """Ask which of several things that were offered is meant."""
    listed = (line(f"• {choice.label}") for choice in offered)
    return Answer(
        "choose", question, message(line(say.text("choose.among")), *listed, choices=offered)
    )


_ASKED = {
    Wants.SERIES: "ask.series",
    Wants.BREAKDOWN: "ask.breakdown",
    Wants.RANKING: "ask.ranking",
    Wants.DEFINITION: "ask.meaning",
    Wants.COMPARISON: "ask.change",
}
"""The words that ask for each kind of answer; others ask for the figure."""


def _place(question: Question, say: Say) -> Answer:
    names = list(dict.fromkeys(region.name for region in question.regions))[:MOST_OFFERED]
    offered = [Choice(name, f"{question.reading.text} {name}") for name in names]
    return Answer(
        "choose",
        question,
        message(heading(say.text("choose.place")), note(say.text("choose.how")), choices=offered),
    )


def _lines(question: Question, doubt: Doubt, shown: Sequence[Indicator], say: Say) -> list[Choice]:
    offered = [offer(question, indicator, say) for indicator in shown]
    return [*offered, _onward("choose.more", doubt, say)] if doubt.more else offered


def _yes_or_no(question: Question, doubt: Doubt, say: Say) -> list[Choice]:
    (code,) = doubt.shown
    yes = offer(question, question.catalogue.indicators[code], say, say.text("choose.yes"))
    if doubt.more:
        return [yes, _onward("choose.no", doubt, say)]
    return [yes, Choice(say.text("choose.no"), say.asking.text("ask.catalogue"))]


def _onward(key: str, doubt: Doubt, say: Say) -> Choice:
    """A choice that turns to the indicators after those in sight."""
    pages = 2 + (doubt.first + MOST_OFFERED - 1) // MOST_OFFERED
    again = say.asking.text("ask.page", question=doubt.whole, number=pages)
    return Choice(say.text(key), again)


def _possible(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates that a person would find possible."""
    if not candidates or candidates[0].claim < CLEAR:
        return candidates
    return [candidate for candidate in candidates if candidate.claim >= FAINT]


def _is_alone(candidates: Sequence[Candidate]) -> bool:
    """Whether one is so likely that it is asked about by itself."""
    first, *others = (candidate.claim for candidate in candidates)
    return not others or (first >= LIKELY and first >= AHEAD * others[0])


def _kept(question: Question, doubt: Doubt, say: Say) -> str:
    """The period and the place that were added since it was asked back, to be named."""
    if not doubt.added:
        return ""
    reading = question.reading
    named = [*map(say.period, reading.time.periods), *map(say.region, reading.regions)]
    return " · ".join(named)


def _unsaid(question: Question, shown: Sequence[Indicator]) -> list[str]:
    """The words that the likeliest says nothing of: why it is asked back."""
    names = " ".join(name for indicator in shown[:1] for name in indicator.names)
    said = set(map(fold, names.split()))
    return [word for word in question.reading.rest.unread if fold(word) not in said]
