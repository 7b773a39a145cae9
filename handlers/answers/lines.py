"""Lines that several answers share: the verdict, the change, the sources, and the sheet that
numbers them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from db.facts import Better, Coverage, Figure, Indicator, Op, OverYear, Period, Target, UnitKind
from handlers.amounts import agrees, fulfils, in_unit
from handlers.message import Bad, Block, Choice, Good, Strong, Words, line, note
from handlers.question import Amount, Computed, Question, Threshold, Wants
from handlers.say import Say
from handlers.territory import is_later
from handlers.verdict import Status, attainment, difference, elapsed, is_good, percent, status

MOST_CHOICES = 6
LONGEST_QUOTED = 60
_TYPED = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*%?")


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
        return say.words(
            "verdict.pending",
            period=say.period(target.period),
            plan=say.plan(target, indicator.unit),
        )
    attained = attainment(figure)
    if now is Status.UNCLEAR:
        return say.words("verdict.unclear", target=asked, result=say.figure(figure))
    if now is Status.IN_PROGRESS:
        gone = sheet.compute("elapsed", elapsed(figure.period, target.period), "%", figure)
        if attained is None:
            return say.words(
                "verdict.in_progress",
                period=say.period(target.period),
                target=asked,
                elapsed=say.number(gone),
            )
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
        return say.words(
            f"verdict.{now.value}",
            verdict=mood(say.text(f"status.{now.value}.target")),
            target=_lower(figure, target, say) if now is Status.EXCEEDED else asked,
        )
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
    asked, unit = say.number(figure.target.value), say.unit(figure.indicator.unit)
    return f"{say.number(figure.value)}/{asked} {unit}"


def gap(figure: Figure, say: Say, sheet: Sheet) -> str:
    """How far a result is from its target, in the unit that they differ in; empty without a result
    or a target.
    """
    target, value, indicator = figure.target, figure.value, figure.indicator
    if target is None or value is None:
        return ""
    if figure.qualifier is not None:
        return say.text("gap.hedged")
    whole = target.period == figure.period
    sums = (
        indicator.unit.kind in (UnitKind.COUNT, UnitKind.MONEY)
        and indicator.over_year is not OverYear.POINT
    )
    grows = (
        indicator.over_year is OverYear.CUMULATIVE and figure.period.start == target.period.start
    )
    if not whole and sums and not grows:
        return say.text("gap.part")
    bound = target.value
    if target.op is Op.BETWEEN and target.end is not None:
        if bound <= value <= target.end:
            return say.text("gap.inside")
        bound = target.end if value > target.end else bound
    left = difference(bound, value)
    if left == 0:
        return say.text("gap.equal")
    sheet.compute("remaining", left, _unit_of_change(indicator), figure)
    size = f"{say.number(abs(left))} {say.change_unit(indicator.unit)}".rstrip()
    if not whole and sums:
        return say.text(
            "gap.to_go" if left > 0 else "gap.past", gap=size, period=say.period(target.period)
        )
    if indicator.unit.kind is UnitKind.RANK:
        return say.text("gap.above" if left > 0 else "gap.below", gap=size)
    if sums and target.op in (Op.GE, Op.GT):
        return say.text("gap.short" if left > 0 else "gap.over", gap=size)
    return say.text("gap.below" if left > 0 else "gap.above", gap=size)


def _lower(figure: Figure, target: Target, say: Say) -> str:
    """What a target asks, said so that nobody takes a result below a ceiling for one above it."""
    unit = figure.indicator.unit
    way = _beaten_from_below(figure)
    if way is None:
        return say.target(target, unit)
    if way == "most":
        return say.text("verdict.beyond.most", bound=say.value(target.value, unit))
    return say.text("verdict.beyond.below", range=say.target(target, unit))


def _beaten_from_below(figure: Figure) -> str | None:
    """Whether a target was exceeded by staying under it: "most" where it is a ceiling, "below"
    where it is a range.

    Ranks are said in words that have a direction ("từ thứ 40 trở lên"), and need no more.
    """
    target = figure.target
    if (
        target is None
        or figure.indicator.unit.kind is UnitKind.RANK
        or status(figure) is not Status.EXCEEDED
    ):
        return None
    if target.op is Op.LE:
        return "most"
    return "below" if target.op is Op.BETWEEN and figure.indicator.better is Better.DOWN else None


def mood(now: Status) -> type[str]:
    """Give what a status is dressed in: good where a target was met, bad where it was missed."""
    if now is Status.MISSED:
        return Bad
    return Good if now in (Status.EXCEEDED, Status.MET) else str


def short_status(figure: Figure, say: Say) -> str:
    """Give the status in a word; beneath a ceiling also which way it was exceeded."""
    now = status(figure)
    if now is Status.EXCEEDED and (way := _beaten_from_below(figure)) is not None:
        return say.text("status.exceeded.below" if way == "most" else "status.exceeded.under_range")
    return "" if now is Status.NONE else say.text(f"status.{now.value}")


def change(after: Figure, before: Figure, say: Say, sheet: Sheet) -> Words:
    """What changed between two results: size, direction, and whether that is good; hedged results
    are only set side by side.
    """
    if after.value is None or before.value is None:
        return ()
    was = say.words("change.was", period=say.period(before.period), value=say.figure(before))
    if after.qualifier is not None or before.qualifier is not None:
        return was
    indicator = after.indicator
    moved = difference(after.value, before.value)
    if moved == 0:
        return say.words("change.same", period=say.period(before.period), value=say.figure(before))
    sheet.compute("difference", moved, _unit_of_change(indicator), after, before)
    size = _size(moved, before.value, after, before, say, sheet)
    said = say.words(
        "change.against", size=size, period=say.period(before.period), value=say.figure(before)
    )
    good = is_good(moved, indicator.better)
    if good is None:
        return said
    return (*said, " – ", Good(say.text("change.good")) if good else Bad(say.text("change.bad")))


def change_of_target(after: Figure, before: Figure, say: Say, sheet: Sheet) -> Words:
    """How much more or less is asked than before, where both ask in the same way; nothing of good
    or bad.
    """
    new, old, unit = after.target, before.target, after.indicator.unit
    if new is None or old is None or new.op is not old.op or new.op is Op.BETWEEN:
        return ()
    was = say.plan(old, unit)
    moved = difference(new.value, old.value)
    if moved == 0:
        return say.words("change.same", period=say.period(before.period), value=was)
    sheet.compute("difference", moved, _unit_of_change(after.indicator), after, before)
    size = _size(moved, old.value, after, before, say, sheet)
    return say.words("change.against", size=size, period=say.period(before.period), value=was)


def _size(
    moved: Decimal, was: Decimal, after: Figure, before: Figure, say: Say, sheet: Sheet
) -> str:
    """ "▲ 705,7 tỷ đồng (+5,23%)", "▲ tăng 5 bậc"."""
    unit = after.indicator.unit
    if unit.kind is UnitKind.RANK:
        return say.text(
            "change.rank_up" if moved < 0 else "change.rank_down", places=say.number(abs(moved))
        )
    said = f"{say.signed(moved)} {say.change_unit(unit)}".rstrip()
    if unit.kind not in (UnitKind.COUNT, UnitKind.MONEY) or was <= 0:
        return said
    share = sheet.compute("percent_change", percent(moved, was), "%", after, before)
    return " ".join(
        (said, say.text("change.percent", sign=_sign(share), percent=say.number(abs(share))))
    )


def _sign(share: Decimal) -> str:
    """Give "+" or "-", nothing for zero."""
    if share == 0:
        return ""
    return "+" if share > 0 else "-"


def _unit_of_change(indicator: Indicator) -> str:
    if indicator.unit.name == "‰":
        return "điểm phần nghìn"
    return {UnitKind.SHARE: "điểm phần trăm", UnitKind.RANK: "bậc"}.get(
        indicator.unit.kind, indicator.unit.name
    )


def territory(figures: Sequence[Figure], stored: Iterable[Coverage], say: Say) -> Block | None:
    """Say which territory figures are of, where one of the same name or map has others."""
    late = [each for each in figures if is_later(each.region, each.period)]
    names = {each.region.name for each in figures}
    if len(names) != 1:
        return _later_map(late, say)
    (name,) = names
    units = {each.region for each in figures}
    indicators = {each.indicator for each in figures}
    known = units | {
        each.region
        for each in stored
        if each.indicator in indicators and each.results and each.region.name == name
    }
    since = max((unit.valid_from for unit in known if unit.valid_from), default=None)
    if since is None or not (late or len(known) > 1):
        return None
    key = "territory.until"
    if len(units) > 1:
        key = "territory.changed"
    elif any(unit.valid_from == since for unit in units):
        key = "territory.since"
    return note(say.text(key, region=name, day=say.day(since)))


def _later_map(late: Sequence[Figure], say: Say) -> Block | None:
    """Say that figures of several places are of a later map than their time's."""
    since = max((each.region.valid_from for each in late if each.region.valid_from), default=None)
    return note(say.text("territory.map", day=say.day(since))) if since else None


def later_territory(figures: Sequence[Figure], say: Say) -> Block | None:
    """Name those of many figures that were worked out for a later territory."""
    late = [each for each in figures if is_later(each.region, each.period)]
    if not late:
        return None
    since = max(each.region.valid_from or date.min for each in late)
    names = say.listing(list(dict.fromkeys(small(each.indicator.name) for each in late)))
    return note(say.text("territory.some", indicators=names, day=say.day(since)))


def source_note(figures: Iterable[Figure], say: Say) -> Block | None:
    said = say.sources(tuple(figures))
    return note(*say.words("source", source=said)) if said else None


def leaning(question: Question, say: Say) -> Block | None:
    """Names what the question did not say and the answer took from elsewhere."""
    took: list[str] = []
    if question.origin.indicators == "previous" and question.indicators:
        took.append(say.listing([each.name for each in question.indicators]))
    if question.origin.periods == "previous" and question.periods:
        spoken = question.periods
        if question.wants is Wants.SERIES:  # the stretch, and not each of its periods
            spoken = question.reading.time.periods or question.periods
        took.append(say.listing([say.period(each) for each in spoken]))
    if question.origin.regions == "previous" and question.regions:
        took.append(say.listing([say.region(each) for each in question.regions]))
    lines: list[str] = []
    if took:
        lines.append(say.text("took.previous", parts="; ".join(took)))
    if (
        question.origin.periods == "latest"
        and question.periods
        and question.wants not in (Wants.SERIES, Wants.RANKING)
    ):
        newest = max(question.periods, key=lambda each: (each.end, each.days))
        wanted = question.indicators or tuple(each.indicator for each in question.held.figures)
        results = any(
            each.period == newest and each.value is not None and each.indicator in wanted
            for each in question.held.figures
        )
        if results or question.wants == Wants.FIGURE:
            lines.append(
                say.text(
                    "took.latest" if results else "took.latest_plan", period=say.period(newest)
                )
            )
    if (
        question.origin.regions == "default"
        and question.regions
        and _several_places(question)
        and question.wants != Wants.RANKING
    ):
        lines.append(say.text("took.default", region=say.region(question.region)))
    return note(" · ".join(lines)) if lines else None


def _several_places(question: Question) -> bool:
    return question.several_places


def unheard(question: Question, words: Iterable[str], most: int = 5) -> str:
    """Words that were not placed, as they were typed: those that stand together, or with one word
    between, as one.
    """
    text = question.reading.text
    typed = [(each.start(), each.end()) for each in _TYPED.finditer(text)]
    wanted = {word.casefold() for word in words}
    places = [
        place
        for place, (start, end) in enumerate(typed)
        if text[start:end].strip("%").casefold() in wanted
    ]
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and place - spans[-1][1] <= 2:
            spans[-1] = (spans[-1][0], place)
        else:
            spans.append((place, place))
    quoted = dict.fromkeys(
        text[typed[first][0] : typed[last][1]][:LONGEST_QUOTED] for first, last in spans
    )
    return ", ".join(f"“{each}”" for each in list(quoted)[:most])


def unfiltered(question: Question, say: Say) -> Block | None:
    """Says that all are shown, where only those past a threshold were asked for."""
    threshold = question.reading.threshold
    if threshold is None:
        return None
    return line(say.text("threshold.unfiltered", bound=_bound(threshold, say)))


def unreckoned(question: Question, say: Say) -> Block | None:
    """Says that figures stand one by one, where their sum or mean was asked for."""
    return line(say.text("reckon.unable")) if question.reading.remarks.reckon else None


def checked(figure: Figure, question: Question, say: Say) -> Block | None:
    """Says whether a figure is the number that was quoted, or past the bound that was said."""
    quoted, threshold = question.reading.quoted, question.reading.threshold
    if quoted is not None:
        return _confirmed(figure, quoted, say)
    if threshold is None:
        return None
    key = {True: "threshold.yes", False: "threshold.no", None: "threshold.unsure"}
    said = say.text(key[fulfils(threshold, figure)], bound=_bound(threshold, say))
    return line(Strong(said))


def _confirmed(figure: Figure, quoted: Amount, say: Say) -> Block | None:
    right = agrees(quoted, figure)
    if right is None:
        return None
    key = "quoted.yes" if right else "quoted.no"
    if right and in_unit(quoted, figure.indicator.unit) != figure.value:
        key = "quoted.rounded"
    return line(Strong(say.text(key, quoted=quoted.typed, value=say.figure(figure))))


def _bound(threshold: Threshold, say: Say) -> str:
    high = threshold.high.typed if threshold.high is not None else ""
    return say.text(f"threshold.{threshold.op.name.lower()}", low=threshold.low.typed, high=high)


def reason(question: Question, say: Say) -> Block | None:
    """Reasons are not stored, and that is said where one was asked for."""
    if not question.reading.remarks.reason:
        return None
    return line(say.text("reason.unknown"))


def place_part(question: Question, say: Say) -> str:
    """How a place is named in an offered question: only when it was named, or another could be
    meant.
    """
    if not question.regions or (
        question.origin.regions == "default" and not _several_places(question)
    ):
        return ""
    return f" {say.region(question.region)}"


def offer_figure(
    label: str, question: Question, indicator: Indicator, period: Period | None, say: Say
) -> Choice:
    """A choice that asks for one figure."""
    asking = say.asking
    when = asking.text("ask.period", period=asking.period(period)) if period is not None else ""
    return Choice(
        label,
        asking.text(
            "ask.figure", indicator=indicator.name, region=place_part(question, say), period=when
        ),
    )


def offer_periods(
    question: Question, indicator: Indicator, periods: Iterable[Period], say: Say
) -> list[Choice]:
    return [
        offer_figure(capital(say.period(period)), question, indicator, period, say)
        for period in periods
    ]


def small(name: str) -> str:
    """A name within a sentence: its first letter small, but for a short form."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def no_share(question: Question, say: Say) -> Block | None:
    """Says why no share was worked out, where one was asked for."""
    if not question.reading.remarks.portion:
        return None
    if len(question.indicators) < 2:
        return line(say.text("share.no_part"))
    part, whole = question.indicators[:2]
    return line(say.text("share.not_of", part=part.name, whole=small(whole.name)))


def capital(words: str) -> str:
    """With a large first letter, the rest as it is."""
    return words[:1].upper() + words[1:]
