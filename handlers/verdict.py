"""Whether a result met what was asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from db.facts import Better, Figure, Op, OverYear, Period, Qualifier, Target, UnitKind

WHOLE = 100
EXACT = 120
"""Digits to work with: more than any stored figure has, so that only the last rounding rounds."""


class Verdict(StrEnum):
    """What a result is called when it is held against its target."""

    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"


class Status(StrEnum):
    """How a figure stands to its target, verdicts included."""

    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"
    UNCLEAR = "unclear"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    NONE = "none"


class Pace(StrEnum):
    """How the progress of a plan stands to the time that is gone."""

    AHEAD = "ahead"
    ON_TIME = "on_time"
    BEHIND = "behind"


def judge(value: Decimal, target: Target, better: Better) -> Verdict:
    """A bound that may be touched is met there and exceeded beyond it; a range is met inside it.

    Past the end of a range that is the better one the target is exceeded; where neither end is
    better, it is missed.
    """
    bound = target.value
    match target.op:
        case Op.EQ:
            kept = value == bound
        case Op.LT:
            kept = value < bound
        case Op.GT:
            kept = value > bound
        case Op.LE | Op.GE:
            if value == bound:
                return Verdict.MET
            beyond = value < bound if target.op is Op.LE else value > bound
            return Verdict.EXCEEDED if beyond else Verdict.MISSED
        case Op.BETWEEN:
            end = bound if target.end is None else target.end
            if bound <= value <= end:
                return Verdict.MET
            past = Better.UP if value > end else Better.DOWN
            return Verdict.EXCEEDED if past is better else Verdict.MISSED
    return Verdict.MET if kept else Verdict.MISSED


def status(figure: Figure) -> Status:
    """How a figure stands to the target it is held against; a part of the target's period is never
    judged.
    """
    target = figure.target
    if target is None:
        return Status.NONE
    if figure.value is None:
        return Status.PENDING
    if target.period != figure.period:
        return Status.IN_PROGRESS
    verdicts = {
        judge(value, target, figure.indicator.better)
        for value in allowed(figure.value, figure.qualifier, target)
    }
    return Status(verdicts.pop()) if len(verdicts) == 1 else Status.UNCLEAR


def allowed(value: Decimal, qualifier: Qualifier | None, target: Target) -> Iterator[Decimal]:
    """Values that a hedged figure allows, one at least for each verdict that it leaves open.

    "trên" allows any value above, "dưới" any below, "gần" from 95% up to it, "khoảng" 5% either
    way.
    """
    if qualifier is None:
        yield value
        return
    with localcontext(prec=EXACT):
        step = abs(value) * Decimal("0.05")
        low, high = {
            Qualifier.OVER: (value, None),
            Qualifier.UNDER: (None, value),
            Qualifier.NEARLY: (value - step, value),
            Qualifier.ABOUT: (value - step, value + step),
        }[qualifier]
        open_ends = qualifier in (Qualifier.OVER, Qualifier.UNDER)
        crumb = Decimal(1).scaleb(-60)
        corners = [each for each in (low, high, target.value, target.end) if each is not None]
        for corner in corners:
            for place in (corner - crumb, corner, corner + crumb):
                above = low is None or place > low or (place == low and not open_ends)
                below = high is None or place < high or (place == high and not open_ends)
                if above and below:
                    yield place
        far = max(abs(corner) for corner in corners) + 1
        if high is None:
            yield far
        if low is None:
            yield -far


def attainment(figure: Figure) -> Decimal | None:
    """Percent of the target attained, to two decimals; None where saying it would mislead.

    It is said for counts and money where more is better or neutral, never for shares, a target of
    zero or a hedged result; against a longer plan only for what accumulates from the plan's first
    day. A target that was missed with 100% or more ("> 500" with 500, or a percent that only rounds
    to 100) is told by its numbers alone.
    """
    target, value, indicator = figure.target, figure.value, figure.indicator
    if target is None or value is None or figure.qualifier is not None:
        return None
    if (
        indicator.unit.kind not in (UnitKind.COUNT, UnitKind.MONEY)
        or indicator.better is Better.DOWN
    ):
        return None
    if target.op not in (Op.GE, Op.GT, Op.EQ) or target.value <= 0:
        return None
    if target.period != figure.period and (
        indicator.over_year is not OverYear.CUMULATIVE or figure.period.start != target.period.start
    ):
        return None
    share = percent(value, target.value)
    missed = (
        target.period == figure.period and judge(value, target, indicator.better) is Verdict.MISSED
    )
    return None if missed and share >= WHOLE else share


def pace(figure: Figure) -> Pace | None:
    """Whether a plan is kept up with, by a result that counts from its first day; None where that
    cannot be told.

    The share attained over the share of the days gone by the result's last day: from 1.05 it is
    ahead, under 0.95 behind. Only for what accumulates and is to reach at least so much, never for
    a hedged result or a whole period.
    """
    target, value, indicator = figure.target, figure.value, figure.indicator
    if (
        target is None
        or value is None
        or status(figure) is not Status.IN_PROGRESS
        or figure.qualifier is not None
    ):
        return None
    if (
        indicator.over_year is not OverYear.CUMULATIVE
        or indicator.better is Better.DOWN
        or indicator.unit.kind is UnitKind.RANK
    ):
        return None
    if (
        target.op not in (Op.GE, Op.GT)
        or target.value <= 0
        or figure.period.start != target.period.start
    ):
        return None
    with localcontext(prec=EXACT):
        # Multiplied out, so that nothing is rounded before it is compared.
        attained = value * target.period.days * 100
        gone = target.value * ((figure.period.end - target.period.start).days + 1)
        if attained >= gone * 105:
            return Pace.AHEAD
        return Pace.BEHIND if attained < gone * 95 else Pace.ON_TIME


def elapsed(part: Period, whole: Period) -> Decimal:
    """Percent of a period's days that had gone by at the end of another."""
    return percent(Decimal((part.end - whole.start).days + 1), Decimal(whole.days))


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """`part` in percent of `whole`, two decimals, half up, trailing zeros dropped: 1.087/1.000 is
    108,7.
    """
    with localcontext(prec=EXACT):
        return shorten((part / whole * 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


def difference(after: Decimal, before: Decimal) -> Decimal:
    """The exact difference, with the digits of the finer of the two."""
    with localcontext(prec=EXACT):
        return after - before


def shorten(value: Decimal) -> Decimal:
    """The same number without trailing zeros, never in powers of ten."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def is_good(change: Decimal, better: Better) -> bool | None:
    """Whether a change goes the better way; None where there is none, or neither way is better."""
    if change == 0 or better is Better.NONE:
        return None
    return (change > 0) == (better is Better.UP)
