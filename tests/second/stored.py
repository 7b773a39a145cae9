"""What the CSV files of the second catalogue hold, and what the contract makes of it; shares nothing with the product."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
HOME = "Thái Nguyên"
COUNTRY = "Cả nước"
PLACES = (
    HOME,
    "Bắc Kạn",
    "Hà Nội",
    "Lạng Sơn",
    "Cao Bằng",
    "Tuyên Quang",
    "Phú Thọ",
    "Bắc Giang",
    COUNTRY,
)
PROVINCES = PLACES[:-1]
SHARES = ("%", "‰", "điểm phần trăm")
NOT_ATTAINED = (*SHARES, "điểm", "hạng", "hệ số")
"""Units of which percent of a plan means nothing."""


def rows(name: str, folder: Path = CATALOGUE) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def days(period: str) -> tuple[date, date]:
    """The first and last day of a period as files have it."""

    def last_of(year: int, month: int) -> date:
        return date(year, month, monthrange(year, month)[1])

    if "/" in period:
        first, last = period.split("/")
        return days(first)[0], days(last)[1]
    year = int(period[:4])
    match period[5:6]:
        case "":
            return date(year, 1, 1), date(year, 12, 31)
        case "S":
            half = int(period[6])
            return date(year, half * 6 - 5, 1), last_of(year, half * 6)
        case "Q":
            quarter = int(period[6])
            return date(year, quarter * 3 - 2, 1), last_of(year, quarter * 3)
        case _:
            month = int(period[5:7])
            return date(year, month, 1), last_of(year, month)


def is_year(period: str) -> bool:
    return len(period) == 4


@dataclass(frozen=True)
class Indicator:
    code: str
    name: str
    unit: str
    decimals: int
    better: str
    parent: str
    category: str
    over_year: str

    @property
    def accumulates(self) -> bool:
        return self.over_year == "cumulative"

    @property
    def attained(self) -> bool:
        """Whether percent of a plan is said of it."""
        return self.unit not in NOT_ATTAINED and self.better != "down"


@dataclass(frozen=True)
class Target:
    op: str
    value: str
    period: str

    @property
    def ends(self) -> list[Decimal]:
        return [Decimal(each) for each in self.value.split("..")]


@dataclass
class Stored:
    """Values by indicator, place and period, as text: the digits count."""

    indicators: dict[str, Indicator]
    categories: dict[str, str]
    values: dict[tuple[str, str, str], str] = field(default_factory=dict)
    qualifiers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    targets: dict[tuple[str, str, str], Target] = field(default_factory=dict)
    periods: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """Those that have a result, in no order."""

    @classmethod
    def read(cls, folder: Path = CATALOGUE) -> Stored:
        indicators = {
            row["code"]: Indicator(
                row["code"],
                row["name_vi"],
                row["unit"],
                int(row["decimals"]),
                row["better"],
                row["parent"],
                row["category"],
                row["over_year"] or "annual",
            )
            for row in rows("indicators.csv", folder)
        }
        stored = cls(
            indicators, {row["code"]: row["name_vi"] for row in rows("categories.csv", folder)}
        )
        for row in rows("observations.csv", folder):
            key = row["indicator"], row["region"], row["period"]
            if row["value"]:
                stored.values[key] = row["value"]
                stored.periods[key[:2]].append(key[2])
            if row["qualifier"]:
                stored.qualifiers[key] = row["qualifier"]
            if row["target_op"]:
                stored.targets[key] = Target(row["target_op"], row["target_value"], row["period"])
        stored.worked_out_anew()
        return stored

    def worked_out_anew(self) -> None:
        """Where a place has nothing of its time, it has what was worked out for its later unit."""
        for code, region, period in list(self.values):
            name, at, _ = region.partition("@")
            if at and (code, name, period) not in self.values:
                self.values[code, name, period] = self.values[code, region, period]
                self.periods[code, name].append(period)

    def years(self, code: str, place: str = HOME) -> list[str]:
        return sorted(each for each in self.periods.get((code, place), ()) if is_year(each))

    def only_years(self, code: str, place: str = HOME) -> bool:
        return all(map(is_year, self.periods.get((code, place), ())))

    def latest(self, code: str, place: str = HOME) -> str:
        """The last to end of those with a result; of those that end together, the longest."""
        return max(
            self.periods[code, place], key=lambda each: (days(each)[1], -days(each)[0].toordinal())
        )

    def children(self, code: str) -> list[str]:
        return [each.code for each in self.indicators.values() if each.parent == code]

    def parts(self, code: str) -> list[str]:
        """Children that are parts: counts and money in the unit of their whole."""
        unit = self.indicators[code].unit
        return [
            each
            for each in self.children(code)
            if self.indicators[each].unit == unit and unit not in NOT_ATTAINED
        ]

    def target(self, code: str, place: str, period: str) -> Target | None:
        """The target that a result of this period is held against: its own, else that of the shortest that contains it."""
        if own := self.targets.get((code, place, period)):
            return own
        first, last = days(period)
        around = []
        for (other, where, span), target in self.targets.items():
            if (other, where) == (code, place) and days(span)[0] <= first and last <= days(span)[1]:
                around.append(target)
        return min(
            around, key=lambda each: days(each.period)[1] - days(each.period)[0], default=None
        )

    def status(self, code: str, place: str, period: str) -> str:
        """The word of the contract's table."""
        target = self.target(code, place, period)
        value = self.values.get((code, place, period))
        if target is None:
            return "none"
        if value is None:
            return "pending"
        if days(target.period) != days(period):
            return "in_progress"
        number = Decimal(value)
        allowed = [number]
        match self.qualifiers.get((code, place, period)):
            case "over":
                allowed = [
                    number * Decimal(each)
                    for each in ("1.000001", "1.001", "1.01", "1.1", "2", "10")
                ]
            case "under":
                allowed = [
                    number * Decimal(each)
                    for each in ("0.999999", "0.999", "0.99", "0.9", "0.5", "0.1")
                ]
            case "nearly":
                allowed = [
                    number * Decimal(each)
                    for each in ("0.95", "0.96", "0.97", "0.98", "0.99", "0.999999")
                ]
            case "about":
                allowed = [
                    number * Decimal(each)
                    for each in ("0.95", "0.97", "0.99", "1", "1.01", "1.03", "1.05")
                ]
        verdicts = {self._held(each, target, self.indicators[code].better) for each in allowed}
        return verdicts.pop() if len(verdicts) == 1 else "unclear"

    @staticmethod
    def _held(value: Decimal, target: Target, better: str) -> str:
        low, high = target.ends[0], target.ends[-1]
        if target.op == "between":
            past = "up" if value > high else "down" if value < low else ""
            return "met" if not past else "exceeded" if past == better else "missed"
        if target.op in (">=", "<="):
            if value == low:
                return "met"
            return "exceeded" if (value > low) == (target.op == ">=") else "missed"
        kept = {"<": value < low, ">": value > low, "=": value == low}[target.op]
        return "met" if kept else "missed"

    def attainment(self, code: str, place: str, period: str) -> str:
        """Percent of the plan as a Vietnamese reader reads it: two decimals, zeros at the end dropped."""
        target = self.target(code, place, period)
        assert target is not None
        percent = Decimal(self.values[code, place, period]) / target.ends[0] * 100
        return spoken(percent.quantize(Decimal("0.01"), ROUND_HALF_UP))


def spoken(number: Decimal) -> str:
    """With a decimal comma and points between thousands, no sign, zeros at the end dropped."""
    whole, _, rest = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    rest = rest.rstrip("0")
    return f"{grouped},{rest}" if rest else grouped
