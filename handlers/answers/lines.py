"""Lines that several answers share: the verdict, the change, the sources, and the sheet that numbers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from db.facts import Figure, Indicator, Period, UnitKind
from handlers.message import Bad, Block, Choice, Good, Strong, Words, line, note
from handlers.question import Computed, Question
from handlers.say import Say
from handlers.verdict import Status, attainment, difference, elapsed, is_good, percent, status

MOST_CHOICES = 6


class Sheet:
    """The figures and the computed numbers of one answer, each figure once."""

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self._places: dict[Figure, int] = {}
        self.computed: list[Computed] = []
        for figure in figures:
            self.add(figure)

    def add(self, figure: Figure) -> int:
        """The place of a figure, which it is given if it has none."""
        return self._places.setdefault(figure, len(self._places))

    @property
    def figures(self) -> list[Figure]:
        """The figures in the order of their places."""
        return list(self._places)

    def compute(self, what: str, value: Decimal, unit: str, *of: Figure) -> Decimal:
        """Notes a number worked out from figures, and gives it back to be said."""
        self.computed.append(Computed(what, value, unit, tuple(self.add(figure) for figure in of)))
        return value


def verdict(figure: Figure, say: Say, sheet: Sheet) -> Words:
    """How a figure stands to its target, in one line."""
    target, indicator = figure.target, figure.indicator
    now = status(figure)
    if target is None:
        return say.words("verdict.none", period=say.period(figure.period))
    asked = say.target(target, indicator.unit)
    if now is Status.PENDING:
        return say.words("verdict.pending", period=say.period(target.period), plan=say.plan(target, indicator.unit))
    attained = attainment(figure)
    if now is Status.UNCLEAR:
        return say.words("verdict.unclear", target=asked, result=say.figure(figure))
    if now is Status.IN_PROGRESS:
        gone = sheet.compute("elapsed", elapsed(figure.period, target.period), "%", figure)
        if attained is None:
            return say.words("verdict.in_progress", period=say.period(target.period), target=asked)
        sheet.compute("attainment", attained, "%", figure)
        return say.words(
            "verdict.in_progress_share",
            period=say.period(target.period),
            share=say.number(attained),
            parts=parts(figure, say),
            elapsed=say.number(gone),
        )
    mood = Bad if now is Status.MISSED else Good
    if attained is None:
        return say.words(f"verdict.{now.value}", verdict=mood(say.text(f"status.{now.value}.target")), target=asked)
    sheet.compute("attainment", attained, "%", figure)
    return say.words(
        "verdict.share",
        verdict=mood(say.text(f"status.{now.value}.plan")),
        share=Strong(say.number(attained) + "%"),
        parts=parts(figure, say),
    )


def parts(figure: Figure, say: Say) -> str:
    """ "40.512/40.000 người"."""
    if figure.value is None or figure.target is None:
        return ""
    return f"{say.number(figure.value)}/{say.number(figure.target.value)} {say.unit(figure.indicator.unit)}"


def short_status(figure: Figure, say: Say) -> str:
    """The status in a word: vượt, đạt, chưa đạt."""
    now = status(figure)
    return "" if now is Status.NONE else say.text(f"status.{now.value}")


def change(after: Figure, before: Figure, say: Say, sheet: Sheet) -> Words:
    """What changed between two results: size, direction, and whether that is good; hedged results are only set side by side."""
    if after.value is None or before.value is None:
        return ()
    was = say.words("change.was", period=say.period(before.period), value=say.figure(before))
    if after.qualifier is not None or before.qualifier is not None:
        return was
    indicator = after.indicator
    moved = sheet.compute("difference", difference(after.value, before.value), _unit_of_change(indicator), after, before)
    if moved == 0:
        return say.words("change.same", period=say.period(before.period), value=say.figure(before))
    size: list[str] = []
    if indicator.unit.kind is UnitKind.RANK:
        way = "change.rank_up" if moved < 0 else "change.rank_down"
        size.append(say.text(way, places=say.number(abs(moved))))
    else:
        size.append(f"{say.signed(moved)} {say.change_unit(indicator.unit)}")
        if indicator.unit.kind in (UnitKind.COUNT, UnitKind.MONEY) and before.value > 0:
            share = sheet.compute("percent_change", percent(moved, before.value), "%", after, before)
            size.append(
                say.text(
                    "change.percent",
                    sign="+" if share > 0 else "−" if share < 0 else "",
                    percent=say.number(abs(share)),
                )
            )
    good = is_good(moved, indicator.better)
    mood: Words = () if good is None else (" – ", (Good if good else Bad)(say.text("change.good" if good else "change.bad")))
    return say.words("change.against", size=(" ".join(size),), period=say.period(before.period), value=say.figure(before)) + mood


def _unit_of_change(indicator: Indicator) -> str:
    if indicator.unit.name == "‰":
        return "điểm phần nghìn"
    return {UnitKind.SHARE: "điểm phần trăm", UnitKind.RANK: "bậc"}.get(indicator.unit.kind, indicator.unit.name)


def territory(figures: Sequence[Figure], say: Say) -> Block | None:
    """Says where figures of one name are of a territory that changed between them."""
    units = list(dict.fromkeys(each.region for each in figures))
    later = [unit for unit in units if unit.valid_from is not None]
    if len(units) < 2 or not later or len({unit.name for unit in units}) > 1:
        return None
    newest = max(later, key=lambda unit: unit.valid_from or date.min)
    return note(say.text("territory.changed", region=newest.name, day=say.day(newest.valid_from or date.min)))


def offer_chart(question: Question, indicator: Indicator, say: Say, key: str = "ask.chart") -> Choice:
    """A choice that asks for the picture."""
    asking = say.asking
    when = asking.text("ask.period", period=asking.period(question.period)) if len(question.periods) == 1 else ""
    return Choice(
        say.text("offer.chart"), asking.text(key, indicator=indicator.name, region=place_part(question, say), period=when)
    )


def source_note(figures: Iterable[Figure], say: Say) -> Block | None:
    said = say.sources(tuple(figures))
    return note(*say.words("source", source=said)) if said else None


def leaning(question: Question, say: Say) -> Block | None:
    """Names what the question did not say and the answer took from elsewhere."""
    took: list[str] = []
    if question.origin.indicators == "previous" and question.indicators:
        took.append(say.listing([each.name for each in question.indicators]))
    if question.origin.periods == "previous" and question.periods:
        took.append(say.listing([say.period(each) for each in question.periods]))
    if question.origin.regions == "previous" and question.regions:
        took.append(say.listing([say.region(each) for each in question.regions]))
    lines: list[str] = []
    if took:
        lines.append(say.text("took.previous", parts="; ".join(took)))
    if question.origin.periods == "latest" and question.periods:
        lines.append(say.text("took.latest", period=say.listing([say.period(each) for each in question.periods])))
    if question.origin.regions == "default" and question.regions and _several_places(question):
        lines.append(say.text("took.default", region=say.region(question.region)))
    return note(" · ".join(lines)) if lines else None


def _several_places(question: Question) -> bool:
    return "several places" in question.reading.marks


def reason(question: Question, say: Say) -> Block | None:
    """Reasons are not stored, and that is said where one was asked for."""
    return line(say.text("reason.unknown")) if "reason" in question.reading.marks else None


def place_part(question: Question, say: Say) -> str:
    """How a place is named in an offered question: only when it was named, or another could be meant."""
    if not question.regions or (question.origin.regions == "default" and not _several_places(question)):
        return ""
    return f" {say.region(question.region)}"


def offer_figure(label: str, question: Question, indicator: Indicator, period: Period | None, say: Say) -> Choice:
    """A choice that asks for one figure."""
    asking = say.asking
    when = asking.text("ask.period", period=asking.period(period)) if period is not None else ""
    return Choice(label, asking.text("ask.figure", indicator=indicator.name, region=place_part(question, say), period=when))


def offer_periods(question: Question, indicator: Indicator, periods: Iterable[Period], say: Say) -> list[Choice]:
    return [offer_figure(capital(say.period(period)), question, indicator, period, say) for period in periods]


def capital(words: str) -> str:
    """With a large first letter, the rest as it is."""
    return words[:1].upper() + words[1:]
