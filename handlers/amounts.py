"""Amounts that people said, held against figures in the unit of their indicator."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from db.facts import Figure, Op, Unit
from handlers.question import Amount, Threshold

_SCALES = {"nghìn": 3, "triệu": 6, "tỷ": 9}
_PERCENT = {"%": "%", "phần trăm": "%", "‰": "‰", "phần nghìn": "‰"}
_MONEY = frozenset({"đồng", "vnđ", "vnd"})


def in_unit(amount: Amount, unit: Unit) -> Decimal | None:
    """Give an amount in a unit; None where it was said of something else."""
    if not _alike(amount, unit):
        return None
    return amount.value.scaleb(_shift(amount, unit))


def agrees(amount: Amount, figure: Figure) -> bool | None:
    """Return whether a figure is the amount, to its last digit; None if unsure."""
    quoted = in_unit(amount, figure.indicator.unit)
    if quoted is None or figure.value is None or figure.qualifier is not None:
        return None
    last = Decimal(1).scaleb(_shift(amount, figure.indicator.unit) - amount.places)
    rounded = (figure.value / last).quantize(Decimal(1), ROUND_HALF_UP) * last
    return rounded == quoted


def fulfils(threshold: Threshold, figure: Figure) -> bool | None:
    """Return whether a figure keeps a threshold; None where nobody can say."""
    unit, value = figure.indicator.unit, figure.value
    low = in_unit(threshold.low, unit)
    if low is None or value is None or figure.qualifier is not None:
        return None
    match threshold.op:
        case Op.GT:
            return value > low
        case Op.GE:
            return value >= low
        case Op.LT:
            return value < low
        case Op.LE:
            return value <= low
    high = in_unit(threshold.high, unit) if threshold.high is not None else None
    return None if high is None else low <= value <= high


def _alike(amount: Amount, unit: Unit) -> bool:
    """Return whether an amount may be said of a unit."""
    percent = _PERCENT.get(amount.unit)
    if percent is not None or unit.name in ("%", "‰"):
        bare = not amount.unit and not amount.scale
        return percent == unit.name or bare
    if amount.unit in _MONEY:
        return unit.name.endswith("đồng")
    return not amount.unit or unit.name.endswith(amount.unit)


def _shift(amount: Amount, unit: Unit) -> int:
    """Give how many places the point moves from an amount into a unit."""
    if not amount.scale and not amount.unit:  # a bare number is in the indicator's own unit
        return 0
    own = sum(_SCALES.get(word, 0) for word in unit.name.split())
    return amount.scale - own
