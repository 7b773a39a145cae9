"""Pages of a long answer: the rows that are on one, and the words that ask for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from handlers.answers.lines import place_part
from handlers.message import Choice, line, message, note
from handlers.question import ALL, LAST, Answer, Order, Page, Question
from handlers.say import Say

Row = TypeVar("Row")


def cut(question: Question, rows: Sequence[Row]) -> tuple[list[Row], Page]:
    """The rows on the page that is asked for: all where they need no pages, the last ones for a
    page past the last.
    """
    named, most = question.reading.listing.page, question.asking.rows
    asked = 1 if named is None else named
    if most is None or not rows or asked == ALL:
        return list(rows), Page()
    of = -(-len(rows) // most)
    number = of if asked == LAST else min(asked, of)
    return list(rows[(number - 1) * most : number * most]), Page(number, of, past=asked > of)


def on_page(question: Question, number: int) -> Question:
    """Ask for a page of the same question."""
    listing = replace(question.reading.listing, page=number)
    return replace(question, reading=replace(question.reading, listing=listing))


def on_one_page(question: Question) -> Question:
    """Ask for all rows of the same question at once."""
    return replace(question, asking=replace(question.asking, rows=None))


def turned(answer: Answer, again: str, say: Say) -> Answer:
    """An answer that says which of its pages it is and offers those beside it; `again` are the
    words of its question.
    """
    page = replace(answer.page, again=again)
    if page.past:
        last = Choice(
            say.text("page.last", number=page.number, pages=page.of), turn(again, page.number, say)
        )
        over = message(line(say.text("page.past", pages=page.of)), choices=[last])
        return replace(answer, message=over, figures=(), computed=(), page=page)
    beside = [("page.next", page.number + 1)] if page.number < page.of else []
    beside += [("page.previous", page.number - 1)] if page.number > 1 else []
    choices = [
        Choice(say.text(key, number=number, pages=page.of), turn(again, number, say))
        for key, number in beside
    ]
    here = note(say.text("page.here", number=page.number, pages=page.of))
    shown = answer.message
    return replace(
        answer,
        message=replace(shown, blocks=(*shown.blocks, here), choices=(*choices, *shown.choices)),
        page=page,
    )


def turn(again: str, number: int, say: Say) -> str:
    """What asks for a page of a question."""
    return say.asking.text("ask.page", question=again, number=number)


def standing(question: Question, say: Say) -> list[str]:
    """Words that should ask a question again without the talk before it, the fullest first.

    They may be read otherwise, over a catalogue of odd names: whoever uses them reads them and
    looks.
    """
    words = WORDS[question.wants](question, say.asking) if question.wants in WORDS else []
    if "previous" not in (
        question.origin.indicators,
        question.origin.regions,
        question.origin.periods,
    ):
        own = question.reading.text
        for taken in question.reading.taken:
            if taken.reader == "page":
                own = own.replace(taken.words, "")
        words.append(" ".join(own.split()))
    return words


def offer_chart(question: Question, say: Say) -> Choice:
    """A choice that asks for the picture of just what is answered."""
    return Choice(
        say.text("offer.chart"),
        say.asking.text("ask.chart_of", question=standing(question, say)[0]),
    )


# ------------------------------------------------------------ the words of each kind


def _ranking(question: Question, asking: Say) -> list[str]:
    order = "ask.lowest" if question.reading.listing.order == Order.ASC else "ask.highest"
    return [
        asking.text(
            "ask.ranking",
            indicator=question.indicator.name,
            order=asking.text(order),
            period=_when(question, asking),
        )
    ]


def _series(question: Question, asking: Say) -> list[str]:
    lengths = {each.whole_months for each in question.periods}
    grain = (
        {1: "ask.months", 3: "ask.quarters", 12: "ask.years"}.get(next(iter(lengths)) or 0)
        if len(lengths) == 1
        else None
    )
    how = asking.text(grain) if grain is not None else ""
    first, last = question.periods[0], question.periods[-1]
    stretch = asking.text("ask.stretch", first=asking.period(first), last=asking.period(last))
    return [
        asking.text(
            "ask.through",
            indicator=question.indicator.name,
            region=place_part(question, asking),
            how=how,
            stretch=each,
        )
        for each in ((stretch, "") if first != last else ("",))
    ]


def _targets(question: Question, asking: Say) -> list[str]:
    where = field_part(question, asking) + place_part(question, asking)
    when = _when(question, asking).strip()
    return [asking.text(_key_of_targets(question), region=where, period=when)]


def _key_of_targets(question: Question) -> str:
    if wanted := question.reading.targets.filter:
        return f"ask.filter.{wanted}"
    return "ask.plans" if question.categories else "ask.targets"


def _overview(question: Question, asking: Say) -> list[str]:
    place, when = place_part(question, asking), _when(question, asking)
    if not question.categories:
        return [asking.text("ask.whole", region=place, period=when)]
    names = asking.listing([each.name for each in question.categories])
    # Without a period, what is newest of each indicator is shown, though it may all be of one year.
    return [
        asking.text("ask.overview", category=names, region=place, period=each).strip()
        for each in (when.strip(), "")
    ]


def _catalogue(question: Question, asking: Say) -> list[str]:
    return [asking.text("ask.catalogue") + field_part(question, asking)]


def _breakdown(question: Question, asking: Say) -> list[str]:
    place, when = place_part(question, asking), _when(question, asking)
    return [
        asking.text("ask.breakdown", indicator=question.indicator.name, region=place, period=when)
    ]


def _comparison(question: Question, asking: Say) -> list[str]:
    sides = [
        [each.name for each in question.indicators],
        [asking.region(each) for each in question.regions],
    ]
    sides.append([asking.period(each) for each in question.periods])
    return [asking.text("ask.comparison", sides=" ".join(", ".join(each) for each in sides))]


WORDS: dict[str, Callable[[Question, Say], list[str]]] = {
    "ranking": _ranking,
    "series": _series,
    "targets": _targets,
    "overview": _overview,
    "catalogue": _catalogue,
    "breakdown": _breakdown,
    "comparison": _comparison,
}


def _when(question: Question, asking: Say) -> str:
    return "".join(
        asking.text("ask.period", period=asking.period(each)) for each in question.periods
    )


def field_part(question: Question, asking: Say) -> str:
    """How a field of work is named in an offered question."""
    names = asking.listing([each.name for each in question.categories])
    return asking.text("ask.field", category=names) if names else ""
