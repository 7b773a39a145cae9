"""How we say things: phrases from the catalogues, numbers, periods, places and sources, the same
everywhere.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Any

from babel.numbers import format_decimal

from db.facts import Figure, Op, Period, Region, Release, Source, Target, Unit, UnitKind
from handlers.message import Words
from locales.phrases import Phrases, phrases

LANGUAGES = ("vi", "en")
_UNSAID = ("", "hệ số")
"""Units that add nothing to a number: "hệ số GINI: 0,366"."""
_FORMATTER = Formatter()


class Say:
    """One language's way of saying what the product says."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._phrases: Phrases = phrases(language)

    # ------------------------------------------------------------ phrases

    def text(self, key: str, **parts: Any) -> str:
        """A phrase with its parts; `count` chooses between the forms for one and for many."""
        return "".join(self.words(key, **parts))

    def words(self, key: str, **parts: Any) -> Words:
        """A phrase with its parts, those to stand out kept apart."""
        phrase = self._phrases.get(key, parts.get("count"))
        out: list[str] = []
        for literal, name, form, _ in _FORMATTER.parse(phrase):
            if literal:
                out.append(literal)
            if name is not None:
                part = parts[name]
                if isinstance(part, tuple):
                    out.extend(part)
                elif isinstance(part, str):
                    out.append(part)
                else:
                    out.append(
                        self.number(Decimal(part))
                        if isinstance(part, int | Decimal) and form != "d"
                        else str(part)
                    )
        return tuple(out)

    def knows(self, key: str) -> bool:
        return self._phrases.has(key)

    def listing(self, items: list[str]) -> str:
        """Things one after the other: "a, b và c"."""
        if len(items) < 2:
            return "".join(items)
        return self.text("list.last", before=", ".join(items[:-1]), last=items[-1])

    # ------------------------------------------------------------ numbers

    def number(self, value: Decimal) -> str:
        """A number with exactly its own digits: 3,02 and 34.451,21."""
        return _written(value, self.language)

    def value(self, value: Decimal, unit: Unit) -> str:
        """A number in its unit: 3,02%, 40.512 người."""
        if unit.name in ("%", "‰"):
            return self.number(value) + unit.name
        if unit.kind is UnitKind.RANK:
            return self.text("value.rank", rank=self.number(value))
        return (
            self.number(value)
            if unit.name in _UNSAID
            else f"{self.number(value)} {self.unit(unit)}"
        )

    def unit(self, unit: Unit) -> str:
        key = f"unit.{unit.name}"
        return self._phrases.get(key) if self._phrases.has(key) else unit.name

    def figure(self, figure: Figure) -> str:
        """A result as it can be quoted: "gần 20.000 người", "thứ 12/19"; a rank is what its unit
        makes one.
        """
        if figure.value is None:
            return self.text("value.none")
        unit = figure.indicator.unit
        if figure.of is None:
            said = self.value(figure.value, unit)
        elif unit.kind is UnitKind.RANK:
            said = self.text(
                "value.rank_of", rank=self.number(figure.value), of=self.number(Decimal(figure.of))
            )
        else:
            said = f"{self.number(figure.value)}/{self.value(Decimal(figure.of), unit)}"
        if figure.qualifier is not None:
            said = self.text(f"qualifier.{figure.qualifier.value}", value=said)
        return said

    def release(self, figure: Figure) -> str:
        """ "sơ bộ", "ước tính", or nothing for what is settled."""
        return (
            ""
            if figure.release is Release.OFFICIAL
            else self.text(f"release.{figure.release.value}")
        )

    def signed(self, change: Decimal) -> str:
        """▲ or ▼ and the size of a change."""
        size = self.number(abs(change))
        if change == 0:
            return size
        return f"▲ {size}" if change > 0 else f"▼ {size}"

    def target(self, target: Target, unit: Unit) -> str:
        """What is asked: "< 3%", "≥ 73%", "từ 2 đến 3%", "từ thứ 40 trở lên"."""
        rank = unit.kind is UnitKind.RANK
        if target.op is Op.BETWEEN and target.end is not None:
            low = self.number(target.value)
            if rank:
                return self.text("target.ranks", low=low, high=self.number(target.end))
            return self.text("target.between", low=low, high=self.value(target.end, unit))
        if rank:
            return self.text(f"target.rank.{target.op.value}", rank=self.number(target.value))
        sign = {Op.LT: "<", Op.LE: "≤", Op.GE: "≥", Op.GT: ">", Op.EQ: "=", Op.BETWEEN: "="}[
            target.op
        ]
        return f"{sign} {self.value(target.value, unit)}"

    def plan(self, target: Target, unit: Unit) -> str:
        """What is asked, as a plan is spoken of: "800 người" where at least so many are asked, else
        as `target`.
        """
        if target.op in (Op.GE, Op.EQ) and unit.kind in (UnitKind.COUNT, UnitKind.MONEY):
            return self.value(target.value, unit)
        return self.target(target, unit)

    def change_unit(self, unit: Unit) -> str:
        """The unit that a difference is said in: shares differ in points, ranks in places."""
        if unit.name == "‰":
            return self.text("change.permille_points")
        return {
            UnitKind.SHARE: self.text("change.points"),
            UnitKind.RANK: self.text("change.places"),
        }.get(unit.kind, self.unit(unit))

    # ------------------------------------------------------------ time, place, source

    def day(self, day: date) -> str:
        return f"{day.day}/{day.month}/{day.year}"

    def period(self, period: Period) -> str:
        """A period as people say it: năm 2023, quý I/2024, tháng 3/2024, 9 tháng đầu năm 2023."""
        start, end, months = period.start, period.end, period.whole_months
        if months is None:
            if start == end:
                return self.text("period.day", day=self.day(start))
            return self.text("period.days", start=self.day(start), end=self.day(end))
        if months % 12 == 0 and start.month == 1:
            if months == 12:
                return self.text("period.year", year=str(start.year))
            return self.text("period.years", first=str(start.year), last=str(end.year))
        if start.year == end.year:
            if months == 1:
                return self.text("period.month", month=str(start.month), year=str(start.year))
            if months == 3 and start.month % 3 == 1:
                return self.text(
                    "period.quarter",
                    quarter=("I", "II", "III", "IV")[start.month // 3],
                    year=str(start.year),
                )
            if start.month == 1:
                return self.text("period.first_months", months=str(months), year=str(start.year))
            if end.month == 12:
                return self.text("period.last_months", months=str(months), year=str(start.year))
        return self.text(
            "period.months", first=f"{start.month}/{start.year}", last=f"{end.month}/{end.year}"
        )

    def region(self, region: Region) -> str:
        return region.name

    def source(self, source: Source) -> str:
        """A source in one string: publisher and day, else title."""
        said = source.publisher or source.title
        return f"{said}, {self.day(source.published)}" if source.published else said

    def sources(self, figures: tuple[Figure, ...]) -> str:
        return "; ".join(dict.fromkeys(self.source(each.source) for each in figures))

    def title(self, figure: Figure) -> str:
        return (
            f"{figure.indicator.name} · {self.region(figure.region)} · {self.period(figure.period)}"
        )

    @property
    def asking(self) -> Say:
        """The way of saying things in the language that questions are read in: what an offered
        choice stands for.
        """
        return say_in("vi")


@cache
def say_in(language: str) -> Say:
    """The way of saying things in a language; Vietnamese where the language is unknown."""
    return Say(language if language in LANGUAGES else "vi")


@cache
def _pattern(digits: int) -> str:
    return "#,##0." + "0" * digits if digits else "#,##0"


def _written(value: Decimal, language: str) -> str:
    exponent = value.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_decimal(value, _pattern(digits), locale=language, decimal_quantization=False)
