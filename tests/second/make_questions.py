"""Makes questions over the second catalogue, each with the label that its CSV files give: ways of asking, misspelled.

    python tests/second/make_questions.py --seed 1 --count 2000 > questions.jsonl

A line is as in the sets that the product is measured on (id, stratum, chat, turn, text, today, expect, why) and has `noise`
beside: the kind of slip, or "none". Strata: a plain, b no marks, c some marks and looks, d slips and raw keys, e short forms,
f periods, g targets, h comparisons, series, rankings, parts, i overviews, definitions and the like, j unclear, k neighbours,
l other places, m conversations. Expected answers suppose that the home region is Thái Nguyên.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from spelling_noise import SHORT_NAMES, bare, shortened, slipped
from stored import COUNTRY, HOME, PLACES, PROVINCES, Stored, days, is_year, rows, spoken

HERE = Path(__file__).parent
TODAY = "2025-03-24"
OTHER_DAYS = ("2025-01-15", "2025-02-28", "2024-07-05", "2024-10-20", "2024-12-31")
ELSEWHERE = (
    "Hải Phòng", "Nghệ An", "Đà Nẵng", "Hà Giang", "Vĩnh Phúc", "Quảng Ninh", "Bắc Ninh", "Lào Cai", "thành phố Hồ Chí Minh",
    "vùng Đồng bằng sông Hồng", "huyện Đại Từ", "thành phố Sông Công", "huyện Phú Bình", "vùng Trung du và miền núi phía Bắc",
)  # fmt: skip
"""Places of which nothing is stored."""
CHOSEN_FROM = (
    "lúa",
    "ngô",
    "chè",
    "suy dinh dưỡng",
    "khách du lịch",
    "thuê bao",
    "tai nạn giao thông",
    "thiên tai",
)
"""Unclear words that a conversation makes clear."""
LETTERS = frozenset(
    {"dropped letter", "doubled letter", "swapped letters", "neighbour key", "missing spaces"}
)
"""Slips that a word or two do not survive."""
ASKED_PLAIN = (
    "{name} {period} là bao nhiêu?", "{name} {period}", "{name} {period}?", "Cho biết {name} {of_place} {period}",
    "{Period} {name} {of_place} là bao nhiêu?", "Đề nghị cung cấp {name} {period}",
    "Cho tôi xin số liệu {name} {period} của tỉnh", "Em chào anh chị, cho em hỏi {name} {period} ạ",
    "Lãnh đạo đang cần gấp: {name} {period} là bao nhiêu?", "{period}, {name}, bao nhiêu?",
    "anh ơi {name} {of_place} {period} bao nhiêu vậy", "xin {name} {period} để làm báo cáo", "Kết quả {name} {period}",
    "{name} {in_place} {period} đạt bao nhiêu?", "Toàn tỉnh {period} {name} bao nhiêu", "tra giúp {name} {period} với",
    "Anh/chị cho biết {name} {of_place} {period} là bao nhiêu?", "báo cáo sếp {name} {period} cái",
    "{name} {of_place} {period} thế nào",
)  # fmt: skip
ASKED_LATEST = (
    "{name} là bao nhiêu?", "{name}", "{name} mới nhất", "{name} hiện nay", "Con số {name} gần đây nhất của tỉnh ta",
    "Cho hỏi {name} {of_place}", "số liệu mới nhất về {name}", "{name} hiện tại bao nhiêu", "Đề nghị cung cấp số liệu {name}",
)  # fmt: skip


@dataclass
class Turn:
    """One message and its label."""

    text: str
    expect: dict[str, Any]
    why: str = ""


@dataclass
class Asked:
    """A question, or a conversation: turns of one chat."""

    stratum: str
    turns: list[Turn]
    today: str = TODAY
    spell: float = 0.45
    """How often a turn is misspelled."""
    barred: frozenset[str] = field(default_factory=frozenset)


def expects(
    *kinds: str,
    of: Iterable[Iterable[str]] | None = None,
    periods: Iterable[Iterable[str]] | None = None,
    regions: Iterable[str] | None = (HOME,),
    values: list[Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "kind": list(kinds),
        "indicators": None if of is None else [list(each) for each in of],
        "periods": None if periods is None else [list(each) for each in periods],
        "regions": None if regions is None else list(regions),
        "values": values or [],
        **more,
    }


class Questions:
    """Draws questions from the catalogue."""

    def __init__(self, stored: Stored, seed: int) -> None:
        self.stored = stored
        self.chance = random.Random(seed)
        self.codes = list(stored.indicators)
        self.short = {
            row["indicator"]: row["said"].split("|") for row in rows("short_names.csv", HERE)
        }
        self.neighbours = rows("neighbours.csv", HERE)
        self.not_stored = rows("not_stored.csv", HERE)
        self.unclear = rows("unclear.csv", HERE)
        self.words = {code: names_words(each.name) for code, each in stored.indicators.items()}

    def draw(self) -> Asked:
        ways: list[tuple[Callable[[], Asked], float]] = [
            (self.plain, 26), (self.by_short_name, 15), (self.by_short_form, 7), (self.year_said_somehow, 4), (self.within_year, 6),
            (self.span, 4), (self.nothing_then, 4), (self.held_against_target, 5), (self.plan_asked, 3), (self.list_of_targets, 3),
            (self.no_target, 1.5), (self.so_far, 1), (self.two_years, 4), (self.places_side_by_side, 3), (self.two_indicators, 2),
            (self.missing_side, 1), (self.ranked, 3), (self.parts_of_whole, 2), (self.overview, 2.5), (self.explained, 2.5),
            (self.about_the_bot, 1), (self.unclear_words, 4), (self.near_neighbour, 6), (self.neighbour_not_stored, 4),
            (self.other_place, 6), (self.conversation, 7),
        ]  # fmt: skip
        return self.chance.choices([way for way, _ in ways], [weight for _, weight in ways])[0]()

    # ------------------------------------------------------------ what may be asked

    def indicator(self, place: str = HOME, *, suits: Callable[[str], bool] = lambda _: True) -> str:
        return self.chance.choice(
            [code for code in self.codes if self.stored.years(code, place) and suits(code)]
        )

    def year(self, code: str, place: str = HOME) -> str:
        years = self.stored.years(code, place)
        return self.chance.choice(years[-4:] if self.chance.random() < 0.8 else years)

    def name(self, code: str) -> str:
        """The official name inside a sentence."""
        return inside(self.stored.indicators[code].name)

    def said(self, code: str) -> tuple[str, bool]:
        """How people call it, and whether other names hold the same words, so that asking back is fair."""
        said = self.chance.choice(self.short[code])
        return said, self.fits_several(said, code)

    def fits_several(self, said: str, code: str) -> bool:
        if bare(said).casefold() == bare(self.stored.indicators[code].name).casefold():
            return False
        asked = names_words(said)
        fits = [each for each, words in self.words.items() if in_order(asked, words)]
        return not (set(asked) <= set(self.words[code])) or len(set(fits) - {code}) > 0

    def barred(self, code: str) -> frozenset[str]:
        """Nam is "năm" without its mark: where both can be meant, slips that take marks away would ask another question."""
        own = self.words[code]
        if not any(
            "nam" in words and own in (words, [each for each in words if each != "nam"])
            for words in self.words.values()
        ):
            return frozenset()
        return LETTERS | {"no marks", "some marks", "regional"}

    def years_with_parts(self, code: str) -> list[str]:
        parts = self.stored.parts(code)
        return [
            each
            for each in self.stored.years(code)
            if all((part, HOME, each) in self.stored.values for part in parts)
        ]

    def place(self, *, home: float = 0.6) -> str:
        return HOME if self.chance.random() < home else self.chance.choice(PLACES[1:])

    def value(self, code: str, period: str, place: str = HOME) -> str:
        return self.stored.values[code, place, period]

    def figure(
        self, code: str, period: str, place: str = HOME, *more_kinds: str, **more: Any
    ) -> dict[str, Any]:
        value = self.value(code, period, place)
        return expects(
            "figure",
            *more_kinds,
            of=[[code]],
            periods=[[period]],
            regions=[place],
            values=[value],
            **more,
        )

    def nothing(
        self, code: str, period: str | None, place: str = HOME, *more_kinds: str
    ) -> dict[str, Any]:
        kept = sorted(
            {
                value
                for (other, where, _), value in self.stored.values.items()
                if other == code and where in (HOME, place)
            }
        )
        periods = None if period is None else [[period]]
        return expects(
            "no_data", *more_kinds, of=[[code]], periods=periods, regions=None, must_not_values=kept
        )

    # ------------------------------------------------------------ how places and periods are said

    def of_place(self, place: str) -> str:
        if place == HOME:
            return self.chance.choice(
                [
                    "",
                    "",
                    "của tỉnh",
                    "tỉnh Thái Nguyên",
                    "của Thái Nguyên",
                    "của tỉnh ta",
                    "toàn tỉnh",
                ]
            )
        if place == COUNTRY:
            return self.chance.choice(["cả nước", "của cả nước", "toàn quốc"])
        kind = "thành phố" if place == "Hà Nội" else "tỉnh"
        return self.chance.choice([place, f"của {place}", f"{kind} {place}", f"của {kind} {place}"])

    def in_place(self, place: str) -> str:
        said = self.of_place(place).removeprefix("của ")
        return (
            f"{self.chance.choice(['ở', 'tại'])} {said}"
            if said and not said.startswith("toàn")
            else said
        )

    def of_year(self, year: str, today: str = TODAY, *, chat: bool = False) -> str:
        ways = [f"năm {year}"] * 5 + [year] * 3 + [f"trong năm {year}"]
        ago = int(today[:4]) - int(year)
        if ago == 1:
            ways += ["năm ngoái", "năm ngoái", "năm rồi"]
        elif ago == 2:
            ways += ["năm kia"]
        if chat:
            ways += [f"2k{year[2:]}", f"năm {year[2:]}", f"n.{year}", f"năm{year}"]
        return self.chance.choice(ways)

    def of_period(self, period: str) -> str:
        year = period[:4]
        if is_year(period):
            return f"năm {year}"
        if "Q" in period:
            n = int(period[-1])
            roman = ("I", "II", "III", "IV")[n - 1]
            ways = [
                f"quý {n} năm {year}",
                f"quý {roman}/{year}",
                f"quý {roman} năm {year}",
                f"Q{n}/{year}",
                f"năm {year} quý {n}",
            ]
            return self.chance.choice(ways)
        if "S" in period:
            first = [
                f"6 tháng đầu năm {year}",
                f"6 tháng năm {year}",
                f"nửa đầu năm {year}",
                f"sáu tháng đầu năm {year}",
            ]
            return self.chance.choice(
                first
                if period.endswith("1")
                else [f"6 tháng cuối năm {year}", f"nửa cuối năm {year}"]
            )
        if "/" in period:
            return self.chance.choice(
                [
                    f"9 tháng năm {year}",
                    f"9 tháng đầu năm {year}",
                    f"lũy kế 9 tháng năm {year}",
                    f"chín tháng {year}",
                ]
            )
        month = int(period[5:])
        ways = [
            f"tháng {month}/{year}",
            f"tháng {month} năm {year}",
            f"T{month}/{year}",
            f"tháng {month:02}/{year}",
            f"T{month}.{year}",
        ]
        return self.chance.choice(ways)

    def filled(self, template: str, name: str, period: str = "", place: str = HOME) -> str:
        text = template.format(
            name=name,
            period=period,
            Period=period[:1].upper() + period[1:],
            of_place=self.of_place(place),
            in_place=self.in_place(place),
        )
        return tidy(text)

    # ------------------------------------------------------------ a to d: one figure

    def plain(self) -> Asked:
        code = self.indicator()
        return self.one_figure(
            code,
            self.name(code),
            self.chance.choices([TODAY, self.chance.choice(OTHER_DAYS)], [4, 1])[0],
        )

    def by_short_name(self) -> Asked:
        code = self.indicator()
        said, several = self.said(code)
        return self.one_figure(code, said, TODAY, *(["choose"] if several else []))

    def one_figure(self, code: str, name: str, today: str, *more_kinds: str) -> Asked:
        place = self.place(home=0.75)
        if not self.stored.years(code, place):
            place = HOME
        if self.chance.random() < 0.2:
            period = self.stored.latest(code, place)
            template = self.chance.choice(ASKED_LATEST)
            if place != HOME:
                template = "{name} {of_place}"
            text = self.filled(template, name, place=place)
        else:
            period = self.year(code, place)
            templates = [
                each
                for each in ASKED_PLAIN
                if place == HOME or ("place" in each and "tỉnh" not in each)
            ]
            text = self.filled(
                self.chance.choice(templates), name, self.of_year(period, today), place
            )
        return Asked(
            "a",
            [Turn(text, self.figure(code, period, place, *more_kinds))],
            today,
            0.7,
            self.barred(code),
        )

    # ------------------------------------------------------------ e: short forms

    def by_short_form(self) -> Asked:
        able = [
            code
            for code in self.codes
            if shortened(self.name(code), self.chance) != self.name(code)
        ]
        code = self.chance.choice([each for each in able if self.stored.years(each)])
        several = False
        name = self.name(code)
        if self.chance.random() < 0.4:
            name, several = self.said(code)
        made = shortened(name, self.chance)
        if made == name:
            made, several = shortened(self.name(code), self.chance), False
        if any(made.casefold() == short.casefold() for _, short in SHORT_NAMES):
            several = True
        period = self.year(code)
        asked = self.chance.choice(
            [
                "{name} {period}",
                "{name} {period} bn",
                "{name} {period} đc bn",
                "cho e hỏi {name} {period} ạ",
            ]
        )
        text = self.filled(asked, made, self.of_year(period, chat=True))
        if self.chance.random() < 0.4:
            text = text.lower()
        expect = self.figure(code, period, HOME, *(["choose"] if several else []))
        return Asked(
            "e",
            [Turn(text, expect, made)],
            TODAY,
            0.2,
            self.barred(code) | {"chat", "missing spaces"},
        )

    # ------------------------------------------------------------ f: periods

    def year_said_somehow(self) -> Asked:
        code = self.indicator()
        year = self.year(code)
        today = self.chance.choice([TODAY, *OTHER_DAYS])
        ways = [
            f"năm {year[2:]}",
            f"2k{year[2:]}",
            f"n.{year}",
            f"cả năm {year}",
            f"năm {in_words(year)}",
            f"năm báo cáo {year}",
            f"'{year[2:]}",
        ]
        if self.stored.indicators[code].over_year == "point":
            ways += [f"cuối năm {year}", f"tính đến cuối năm {year}", f"đến hết năm {year}"]
        match int(today[:4]) - int(year):
            case 0:
                ways += ["năm nay"] * 4
            case 1:
                ways += ["năm ngoái", "năm trước", "năm qua", "năm rồi"] * 2
            case 2:
                ways += ["năm kia"] * 4
        text = self.filled(
            self.chance.choice(["{name} {period}", "{Period} {name} là bao nhiêu?"]),
            self.name(code),
            self.chance.choice(ways),
        )
        return Asked("f", [Turn(text, self.figure(code, year))], today, 0.25, self.barred(code))

    def within_year(self) -> Asked:
        place = self.chance.choice([HOME, HOME, HOME, "Hà Nội", "Bắc Kạn"])
        codes = [
            code
            for code in self.codes
            if not self.stored.only_years(code, place) and self.stored.years(code, place)
        ]
        code = self.chance.choice(codes)
        period = self.chance.choice(
            [each for each in self.stored.periods[code, place] if not is_year(each)]
        )
        name, several = (self.name(code), False) if self.chance.random() < 0.6 else self.said(code)
        today = TODAY
        said = self.of_period(period)
        if (
            len(period) == 7
            and period[5:6].isdigit()
            and self.chance.random() < 0.25
            and period < "2024-12"
        ):
            month = int(period[5:])
            today = (
                f"{period[:4]}-{month + 1:02}-10" if month < 12 else f"{int(period[:4]) + 1}-01-10"
            )
            said = "tháng trước"
        text = self.filled(
            self.chance.choice(
                ["{name} {of_place} {period}", "{Period} {name} {of_place} bao nhiêu?"]
            ),
            name,
            said,
            place,
        )
        expect = self.figure(code, period, place, *(["choose"] if several else []))
        return Asked("f", [Turn(text, expect)], today, 0.3, self.barred(code))

    def span(self) -> Asked:
        code = self.indicator(suits=lambda each: len(self.stored.years(each)) >= 3)
        years = self.stored.years(code)
        name = self.name(code)
        way = self.chance.random()
        if way < 0.45:
            first, last = sorted(self.chance.sample(range(2019, 2025), 2))
            if last - first < 2:
                first = last - 2
            asked = [str(each) for each in range(first, last + 1)]
            said = self.chance.choice(
                [
                    f"giai đoạn {first}-{last}",
                    f"từ năm {first} đến năm {last}",
                    f"từ {first} đến {last}",
                    f"{first}–{last}",
                ]
            )
        elif way < 0.7:
            count = self.chance.choice([3, 5]) if len(years) >= 5 else 3
            asked, said = (
                years[-count:],
                self.chance.choice([f"{count} năm gần đây", f"{count} năm gần nhất"]),
            )
        else:
            asked, said = (
                years,
                self.chance.choice(
                    ["qua các năm", "các năm", "diễn biến qua các năm", "theo từng năm"]
                ),
            )
        have = [each for each in asked if each in years]
        if len(have) < 2:
            return self.span()
        planned = (
            sorted({*asked, "2025"})
            if way >= 0.7 and (code, HOME, "2025") in self.stored.targets
            else asked
        )
        text = self.chance.choice(
            [
                f"{name} {said}",
                f"Cho xem {name} {said}",
                f"Xu hướng {name} {said}",
                f"Biểu đồ {name} {said}",
            ]
        )
        expect = expects(
            "series",
            "comparison",
            of=[[code]],
            periods=unique([asked, have, planned]),
            values=[self.value(code, each) for each in have],
        )
        return Asked("f", [Turn(text, expect)], TODAY, 0.3, self.barred(code))

    def nothing_then(self) -> Asked:
        code = self.indicator()
        years = self.stored.years(code)
        name = self.name(code)
        way = self.chance.random()
        if way < 0.5:
            gone = [
                str(each)
                for each in (2012, 2015, 2016, *range(2018, 2025), 2028, 2030)
                if str(each) not in years
            ]
            period = self.chance.choice(gone)
            said = self.chance.choice([f"năm {period}", period])
            spans = [
                days(target.period)
                for (other, where, _), target in self.stored.targets.items()
                if (other, where) == (code, HOME)
            ]
            if any(first <= days(period)[0] and days(period)[1] <= last for first, last in spans):
                return self.nothing_then()
        else:
            unheard = [
                "2023-Q1",
                "2024-Q3",
                "2023-05",
                "2024-11",
                "2024-S1",
                "2023-S2",
                "2024-01/2024-09",
            ]
            period = self.chance.choice(
                [each for each in unheard if each not in self.stored.periods[code, HOME]] or [""]
            )
            if not period or self.stored.target(code, HOME, period):
                return self.nothing_then()
            said = self.of_period(period)
        text = self.filled(
            self.chance.choice(["{name} {period}", "{Period} {name} là bao nhiêu?"]), name, said
        )
        return Asked("f", [Turn(text, self.nothing(code, period))], TODAY, 0.25, self.barred(code))

    # ------------------------------------------------------------ g: targets

    def with_target(self, *, suits: Callable[[str, str, str], bool]) -> tuple[str, str, str]:
        able = [
            key
            for key in self.stored.targets
            if is_year(key[2]) and key[1] in PLACES and suits(*key)
        ]
        home = [key for key in able if key[1] == HOME]
        return self.chance.choice(home if home and self.chance.random() < 0.8 else able)

    def held(self, code: str, place: str, period: str, **more: Any) -> dict[str, Any]:
        """The label of a figure held against its target."""
        target = self.stored.target(code, place, period)
        if target and target.op != "between":
            more["target_values"] = [target.value]
        return self.figure(
            code, period, place, "targets", status=self.stored.status(code, place, period), **more
        )

    def held_against_target(self) -> Asked:
        code, place, period = self.with_target(suits=lambda *key: key in self.stored.values)
        name, several = (self.name(code), False) if self.chance.random() < 0.6 else self.said(code)
        target = self.stored.targets[code, place, period]
        where = "" if place == HOME else self.of_place(place)
        when = self.of_year(period)
        more: dict[str, Any] = {}
        attained = (
            self.stored.indicators[code].attained
            and target.op in (">=", ">")
            and (code, place, period) not in self.stored.qualifiers
        )
        if attained and self.chance.random() < 0.5:
            more["text_has"] = [self.stored.attainment(code, place, period)]
            asked = self.chance.choice(
                [
                    "{name} {where} {when} đạt bao nhiêu phần trăm kế hoạch?",
                    "{when} {name} {where} bằng bao nhiêu % kế hoạch",
                    "{name} {where} {when} hoàn thành mấy phần trăm chỉ tiêu giao",
                ]
            )
        elif (
            attained
            and self.stored.status(code, place, period) == "missed"
            and self.chance.random() < 0.5
        ):
            lacking = target.ends[0] - Decimal(self.value(code, period, place))
            more["text_has"] = [spoken(lacking)]
            asked = "{name} {where} {when} còn thiếu bao nhiêu so với kế hoạch?"
        else:
            asked = self.chance.choice(
                [
                    "{name} {where} {when} đạt chỉ tiêu chưa",
                    "{name} {where} {when} có đạt kế hoạch không?",
                    "kết quả {name} {where} {when} so với kế hoạch",
                    "{when} {name} {where} có hoàn thành chỉ tiêu được giao không",
                    "{name} {where} {when} so với mục tiêu thế nào",
                    "{name} {where} {when} có vượt kế hoạch không",
                ]
            )
        expect = self.held(code, place, period, **more)
        expect["kind"] += ["choose"] if several else []
        return Asked(
            "g",
            [Turn(tidy(asked.format(name=name, where=where, when=when)), expect)],
            TODAY,
            0.35,
            self.barred(code),
        )

    def plan_asked(self) -> Asked:
        code, place, period = self.with_target(
            suits=lambda *key: self.stored.targets[key].op != "between"
        )
        has_result = (code, place, period) in self.stored.values
        name = self.name(code)
        where = "" if place == HOME else self.of_place(place)
        when = f"năm {period}" if period != TODAY[:4] or self.chance.random() < 0.6 else "năm nay"
        asked = self.chance.choice(
            [
                "kế hoạch {name} {where} {when} là bao nhiêu?",
                "chỉ tiêu {name} {where} được giao {when}",
                "Mục tiêu {when} về {name} {where} là bao nhiêu?",
            ]
        )
        target = self.stored.targets[code, place, period]
        values: list[Any] = [[self.value(code, period, place)], []] if has_result else []
        expect = expects(
            "figure", "targets", of=[[code]], periods=[[period]], regions=[place], values=values,
            status=self.stored.status(code, place, period), target_values=[target.value],
        )  # fmt: skip
        return Asked(
            "g",
            [Turn(tidy(asked.format(name=name, where=where, when=when)), expect)],
            TODAY,
            0.35,
            self.barred(code),
        )

    def no_target(self) -> Asked:
        def without(code: str) -> bool:
            return not any(key[:2] == (code, HOME) for key in self.stored.targets)

        code = self.indicator(suits=without)
        period = self.year(code)
        asked = self.chance.choice(
            [
                "{name} {when} có đạt chỉ tiêu không",
                "{name} {when} so với kế hoạch được giao thế nào",
            ]
        )
        text = asked.format(name=self.name(code), when=self.of_year(period))
        values = [[self.value(code, period)], []]
        expect = expects(
            "figure",
            "targets",
            "no_data",
            of=[[code]],
            periods=[[period]],
            values=values,
            status="none",
        )
        return Asked(
            "g", [Turn(text, expect, "no target is stored")], TODAY, 0.3, self.barred(code)
        )

    def so_far(self) -> Asked:
        able = [
            key
            for key in self.stored.values
            if key[1] == HOME and key[2][4:] in ("-S1", f"-01/{key[2][:4]}-09") and self.stored.status(*key) == "in_progress"
            and self.stored.indicators[key[0]].accumulates and self.stored.indicators[key[0]].attained
        ]  # fmt: skip
        code, place, period = self.chance.choice(able)
        asked = self.chance.choice(
            [
                "{name} {when} đạt bao nhiêu phần trăm kế hoạch năm?",
                "{name} {when} so với kế hoạch năm",
            ]
        )
        more = (
            {"text_has": [self.stored.attainment(code, place, period)]}
            if "phần trăm" in asked
            else {}
        )
        text = asked.format(name=self.name(code), when=self.of_period(period))
        return Asked(
            "g", [Turn(text, self.held(code, place, period, **more))], TODAY, 0.2, self.barred(code)
        )

    def list_of_targets(self) -> Asked:
        status, asked = self.chance.choice(
            [
                ("missed", "Chỉ tiêu nào chưa đạt {when} {where}?"),
                ("missed", "Những chỉ tiêu nào không đạt kế hoạch {when} {where}"),
                ("exceeded", "Chỉ tiêu nào vượt kế hoạch {when} {where}?"),
                ("exceeded", "các chỉ tiêu vượt {when} {where}"),
                ("met", "Chỉ tiêu nào đạt {when} {where}"),
                ("pending", "các chỉ tiêu {when} {where} chưa có kết quả"),
            ]
        )
        place = (
            HOME
            if self.chance.random() < 0.75
            else self.chance.choice(["Bắc Kạn", "Hà Nội", "Lạng Sơn"])
        )
        year = "2025" if status == "pending" else self.chance.choice(["2023", "2024"])
        place = HOME if status == "pending" else place
        found = [
            key
            for key in self.stored.targets
            if key[1] == place and key[2] == year and self.stored.status(*key) == status
        ]
        text = tidy(
            asked.format(when=f"năm {year}", where="" if place == HOME else self.of_place(place))
        )
        kinds = ("targets",) if found else ("targets", "no_data")
        values = [self.stored.values[key] for key in found if key in self.stored.values]
        expect = expects(
            *kinds,
            periods=[[year]],
            regions=[place],
            values=values,
            filter=status,
            show=[code for code, _, _ in found],
        )
        return Asked("g", [Turn(text, expect)], TODAY, 0.4)

    # ------------------------------------------------------------ h: comparisons, series, rankings, parts

    def two_years(self) -> Asked:
        code = self.indicator(suits=lambda each: len(self.stored.years(each)) >= 2)
        years = self.stored.years(code)
        name, several = (self.name(code), False) if self.chance.random() < 0.6 else self.said(code)
        later = self.chance.choice(years[1:])
        earlier = years[years.index(later) - 1]
        more: dict[str, Any] = {}
        periods = [later, earlier]
        halves = [
            each
            for each in ("2024-S1", "2024-Q2", "2024-01/2024-09")
            if each in self.stored.periods[code, HOME]
        ]
        year_before = str(int(later) - 1) == earlier
        if halves and self.chance.random() < 0.6:
            later = self.chance.choice(halves)
            periods = [later, later.replace("2024", "2023")]
            asked = self.chance.choice(
                [
                    "{name} {later} so với cùng kỳ",
                    "{name} {later} so với cùng kỳ năm trước tăng hay giảm",
                ]
            )
            text = asked.format(name=name, later=self.of_period(later))
        else:
            ways = [
                "{name} thay đổi thế nào giữa {earlier} và {later}",
                "So sánh {name} năm {earlier} và {later}",
                "{name} năm {later} tăng hay giảm so với năm {earlier}",
                "đặt cạnh nhau {name} hai năm {earlier} và {later} cho tôi",
                "{name} {earlier}, {later}",
                "chênh lệch {name} năm {later} so với năm {earlier} là bao nhiêu",
            ]
            if year_before:
                ways += [
                    "{name} năm {later} so với năm trước đó",
                    "{name} năm {later} tăng bao nhiêu so với năm trước",
                ]
            asked = self.chance.choice(ways)
            if "bao nhiêu" in asked and not any(
                (code, HOME, each) in self.stored.qualifiers for each in periods
            ):
                apart = Decimal(self.value(code, later)) - Decimal(self.value(code, earlier))
                if apart:
                    more["text_has"] = [spoken(apart)]
            text = asked.format(name=name, later=later, earlier=earlier)
        kinds = ["comparison", "series", *(["choose"] if several else [])]
        values = [self.value(code, each) for each in periods]
        return Asked(
            "h",
            [Turn(text, expects(*kinds, of=[[code]], periods=[periods], values=values, **more))],
            TODAY,
            0.35,
            self.barred(code),
        )

    def places_side_by_side(self) -> Asked:
        count = self.chance.choice([2, 2, 2, 3])
        places = self.chance.sample(PLACES, count)
        code = self.indicator(
            places[0], suits=lambda each: all(self.stored.years(each, other) for other in places)
        )
        shared = set.intersection(*(set(self.stored.years(code, other)) for other in places))
        if not shared:
            return self.places_side_by_side()
        year = self.chance.choice(sorted(shared)[-3:])
        listed = f"{', '.join(places[:-1])} và {places[-1]}"
        ways = [
            "so sánh {name} của {listed} {when}",
            "{name} {listed} {when}",
            "{name} {when}: {listed}",
        ]
        if count == 2:
            ways += [
                "{name} {when} của {a} so với {b}",
                "{name} {a} cao hơn hay thấp hơn {b} {when}",
            ]
        text = self.chance.choice(ways).format(
            name=self.name(code), listed=listed, when=f"năm {year}", a=places[0], b=places[1]
        )
        values = [self.value(code, year, each) for each in places]
        expect = expects(
            "comparison", "ranking", of=[[code]], periods=[[year]], regions=places, values=values
        )
        return Asked(
            "h", [Turn(text[0].upper() + text[1:], expect)], TODAY, 0.35, self.barred(code)
        )

    def two_indicators(self) -> Asked:
        code = self.indicator()
        category = self.stored.indicators[code].category
        year = self.year(code)
        others = [
            each for each in self.codes
            if each != code and self.stored.indicators[each].category == category and (each, HOME, year) in self.stored.values
        ]  # fmt: skip
        if not others:
            return self.two_indicators()
        other = self.chance.choice(others)
        text = self.chance.choice(
            ["{a} và {b} {when}", "Cho tôi {a} và {b} {when}", "{when}: {a}, {b}"]
        ).format(a=self.name(code), b=self.name(other), when=self.of_year(year))
        values = [self.value(code, year), self.value(other, year)]
        expect = expects(
            "comparison",
            "overview",
            "breakdown",
            of=[[code, other]],
            periods=[[year]],
            values=values,
        )
        return Asked("h", [Turn(text, expect)], TODAY, 0.3, self.barred(code) | self.barred(other))

    def missing_side(self) -> Asked:
        code = self.indicator(suits=lambda each: self.stored.years(each)[0] > "2018")
        year = self.stored.years(code)[0]
        before = str(int(year) - 1)
        text = f"{self.name(code)} năm {year} tăng hay giảm so với năm {before}"
        expect = expects(
            "no_data",
            "comparison",
            "figure",
            "series",
            of=[[code]],
            values=[[self.value(code, year)], []],
        )
        return Asked(
            "h", [Turn(text, expect, f"{before} is not stored")], TODAY, 0.3, self.barred(code)
        )

    def ranked(self) -> Asked:
        def has_rank(code: str) -> bool:
            """Ranks, and what has a rank of its own: a table of those may be meant."""
            return "hạng" in {
                self.stored.indicators[each].unit for each in (code, *self.stored.children(code))
            }

        def wide(code: str) -> bool:
            return sum(
                bool(self.stored.years(code, each)) for each in PROVINCES
            ) >= 4 and not has_rank(code)

        code = self.indicator(suits=wide)
        year = self.chance.choice(["2022", "2023"])
        where = {
            each: Decimal(self.value(code, year, each))
            for each in PROVINCES
            if (code, each, year) in self.stored.values
        }
        if len(where) < 4 or len(set(where.values())) < len(where):
            return self.ranked()
        order = sorted(where, key=lambda each: where[each])
        name, when = self.name(code), f"năm {year}"
        text, top = self.chance.choice(
            [
                (f"tỉnh nào có {name} cao nhất {when}", [order[-1]]),
                (f"địa phương nào {name} thấp nhất {when}?", [order[0]]),
                (f"xếp hạng các tỉnh theo {name} {when}", order[::-1]),
                (f"3 tỉnh có {name} cao nhất {when}", order[:-4:-1]),
                (f"{when} {name} tỉnh nào lớn nhất", [order[-1]]),
                (f"bảng xếp hạng {name} các tỉnh {when}", order[::-1]),
            ]
        )
        values = [self.value(code, year, each) for each in top]
        expect = expects(
            "ranking", of=[[code]], periods=[[year]], regions=None, values=values, text_has=top
        )
        return Asked("h", [Turn(text, expect)], TODAY, 0.35, self.barred(code))

    def parts_of_whole(self) -> Asked:
        code = self.chance.choice([each for each in self.codes if self.stored.parts(each)])
        parts = self.stored.parts(code)
        year = self.chance.choice(self.years_with_parts(code)[-4:])
        name, when = self.name(code), f"năm {year}"
        text = self.chance.choice(
            [
                f"{name} {when} gồm những gì",
                f"cơ cấu {name} {when}",
                f"chi tiết {name} {when}",
                f"{name} {when} bao gồm những phần nào",
                f"{name} {when}, trong đó",
            ]
        )
        values = [self.value(each, year) for each in (code, *parts)]
        expect = expects(
            "breakdown", of=[[code], [code, *parts], parts], periods=[[year]], values=values
        )
        return Asked("h", [Turn(text, expect)], TODAY, 0.35, self.barred(code))

    # ------------------------------------------------------------ i: overviews, explanations, the bot

    def overview(self) -> Asked:
        category = self.chance.choice(list(self.stored.categories))
        year = self.chance.choice(["2022", "2023", "2024"])
        place = self.place(home=0.85)
        name = inside(self.stored.categories[category])
        codes = [each for each in self.codes if self.stored.indicators[each].category == category]
        values = [
            self.stored.values[each, place, year]
            for each in codes
            if (each, place, year) in self.stored.values
        ]
        if len(values) < 2:
            return self.overview()
        where = "" if place == HOME else self.of_place(place)
        text = self.chance.choice(
            [
                f"Tình hình {name} {where} năm {year}",
                f"Tổng hợp lĩnh vực {name} {where} năm {year}",
                f"Báo cáo nhanh lĩnh vực {name} {where} năm {year}",
                f"lĩnh vực {name} {where} năm {year} ra sao?",
            ]
        )
        kinds = ("overview", "choose") if "lĩnh vực" not in text else ("overview",)
        return Asked(
            "i",
            [Turn(tidy(text), expects(*kinds, periods=[[year]], regions=[place], values=values))],
            TODAY,
            0.35,
        )

    def explained(self) -> Asked:
        code = self.indicator()
        name = self.name(code)
        text, kinds = self.chance.choice(
            [
                (f"{name} là gì?", ("definition",)),
                (f"định nghĩa {name}", ("definition",)),
                (f"{name} nghĩa là gì", ("definition",)),
                (f"ý nghĩa của {name}", ("definition",)),
                (f"đơn vị tính của {name} là gì", ("definition",)),
                (f"nguồn số liệu {name} lấy ở đâu", ("definition", "figure")),
                (f"thế nào là {name}", ("definition",)),
            ]
        )
        return Asked(
            "i",
            [Turn(text, expects(*kinds, of=[[code]], regions=None))],
            TODAY,
            0.35,
            self.barred(code),
        )

    def about_the_bot(self) -> Asked:
        category = inside(self.stored.categories[self.chance.choice(list(self.stored.categories))])
        text, *kinds = self.chance.choice(
            [
                ("Có những chỉ tiêu nào?", "catalogue"),
                ("danh mục chỉ tiêu", "catalogue"),
                (f"có những chỉ tiêu nào về {category}", "catalogue", "overview"),
                ("Bot có những số liệu gì vậy?", "catalogue", "help"),
                ("bạn làm được những gì?", "help", "catalogue"),
                ("trợ giúp", "help"),
                ("cách tra cứu số liệu", "help"),
                ("Em chào anh ạ", "greeting", "help"),
                ("xin chào", "greeting", "help"),
                ("cảm ơn bạn nhé", "greeting", "help", "not_understood"),
            ]
        )
        return Asked("i", [Turn(text, expects(*kinds, regions=None))], TODAY, 0.3)

    # ------------------------------------------------------------ j, k: unclear words and neighbours

    def unclear_words(self) -> Asked:
        row = self.chance.choice(self.unclear)
        year = self.chance.choice(["2022", "2023", ""])
        return Asked("j", [self.unclear_turn(row, year)], TODAY, 0.25, LETTERS)

    def unclear_turn(self, row: dict[str, str], year: str) -> Turn:
        """Words that several indicators have: to ask back is right; of some of them a first reading is natural."""
        text = f"{row['said']} năm {year}" if year else row["said"]
        if not row["fits"]:
            return Turn(
                text, expects("choose", "not_understood", "help", regions=None), "fits nothing"
            )
        kinds = ["choose", "comparison", "overview", "breakdown"]
        also = row["also"]
        if not also:
            return Turn(text, expects(*kinds, regions=None), f"fits {row['fits']}")
        period = (
            year if year in self.stored.years(also) else "" if year else self.stored.latest(also)
        )
        values: list[Any] = [[self.value(also, period)], []] if period else []
        return Turn(
            text,
            expects(
                *kinds, "figure", of=[[also], row["fits"].split("|")], regions=None, values=values
            ),
            f"fits {row['fits']}",
        )

    def near_neighbour(self) -> Asked:
        row = self.chance.choice(self.neighbours)
        code = row["indicator"]
        period = self.year(code)
        when = self.of_year(period)
        text = self.chance.choice(["{said} {when}", "{When} {said}?"]).format(
            said=row["said"], when=when, When=when[0].upper() + when[1:]
        )
        lenient = row["also"].split("|") if row["also"] else []
        expect = self.figure(code, period, HOME, *lenient)
        if "no_data" in lenient:
            expect["values"] = [[self.value(code, period)], []]
        return Asked("k", [Turn(text, expect)], TODAY, 0.3, self.barred(code))

    def neighbour_not_stored(self) -> Asked:
        row = self.chance.choice(self.not_stored)
        text = row["said"]
        if self.chance.random() < 0.7:
            text += f" năm {self.chance.choice(['2022', '2023', '2024'])}"
        near = row["near"].split("|")
        kept = sorted(
            {
                value
                for (code, place, _), value in self.stored.values.items()
                if code in near and place == HOME
            }
        )
        expect = expects("no_data", "not_understood", "choose", regions=None, must_not_values=kept)
        return Asked("k", [Turn(text, expect, f"near {row['near']}, not stored")], TODAY, 0.3)

    # ------------------------------------------------------------ l: other places

    def other_place(self) -> Asked:
        way = self.chance.random()
        if way < 0.45:
            place = self.chance.choice(PLACES[1:])
            code = self.indicator(place)
            period = self.year(code, place)
            expect = self.figure(code, period, place)
        elif way < 0.7:
            place = self.chance.choice(PLACES[1:])
            code = self.indicator(suits=lambda each: not self.stored.years(each, place))
            period = self.year(code)
            expect = self.nothing(code, period, place)
        else:
            place = self.chance.choice(ELSEWHERE)
            code = self.indicator()
            period = self.year(code)
            expect = self.nothing(code, period, place)
            if place.startswith(("huyện", "thành phố S")):
                expect["kind"] += ["not_understood", "choose"]
        said = (
            self.of_place(place)
            if place in PLACES
            else self.chance.choice([place, f"của {place}", f"ở {place}"])
        )
        text = self.chance.choice(
            ["{name} {said} {when}", "{When} {name} {said} là bao nhiêu?", "{said} {when} {name}"]
        )
        text = text.format(
            name=self.name(code), said=said, when=f"năm {period}", When=f"Năm {period}"
        )
        return Asked("l", [Turn(tidy(text), expect)], TODAY, 0.4, self.barred(code))

    # ------------------------------------------------------------ m: conversations

    def conversation(self) -> Asked:
        talks = [
            self.talk_of_years, self.talk_of_places, self.talk_of_target, self.talk_of_parts, self.talk_of_indicators,
            self.talk_of_lists, self.talk_of_meaning, self.talk_of_months, self.talk_of_choice,
        ]  # fmt: skip
        return self.chance.choice(talks)()

    def opening(self, code: str, period: str, place: str = HOME) -> Turn:
        where = "" if place == HOME else self.of_place(place)
        text = tidy(self.chance.choice(["{name} {where} năm {year}", "Cho hỏi {name} {where} năm {year} là bao nhiêu?"]).format(
            name=self.name(code), where=where, year=period
        ))  # fmt: skip
        return Turn(text, self.figure(code, period, place))

    def then(self, code: str, period: str, place: str = HOME) -> dict[str, Any]:
        """What the answer is now: the figure, or that nothing is stored."""
        if (code, place, period) in self.stored.values:
            return self.figure(code, period, place)
        return self.nothing(code, period, place)

    def talk_of_years(self) -> Asked:
        code = self.indicator(
            suits=lambda each: len(self.stored.years(each)) >= 4 and self.stored.only_years(each)
        )
        years = self.stored.years(code)
        last, other = years[-1], self.chance.choice(years[1:-1])
        turns = [self.opening(code, last)]
        turns.append(
            Turn(
                self.chance.choice([f"còn {other}?", f"năm {other} thì sao", f"thế năm {other}"]),
                self.figure(code, other),
            )
        )
        before = str(int(other) - 1)
        turns.append(
            Turn(
                self.chance.choice(["năm trước đó thì sao?", "còn năm trước đó?"]),
                self.then(code, before),
            )
        )
        if before in years:
            both = [before, last]
            values = [self.value(code, each) for each in both]
            expect = expects("comparison", "series", of=[[code]], periods=[both], values=values)
            turns.append(Turn(f"so với năm {last}", expect))
        return Asked("m", turns, TODAY, 0.25, self.barred(code))

    def talk_of_places(self) -> Asked:
        other = self.chance.choice(PLACES[1:])
        code = self.indicator(
            other,
            suits=lambda each: bool(
                set(self.stored.years(each, other)) & set(self.stored.years(each))
            ),
        )
        period = self.chance.choice(
            sorted(set(self.stored.years(code, other)) & set(self.stored.years(code)))
        )
        turns = [self.opening(code, period)]
        turns.append(
            Turn(
                self.chance.choice(
                    [f"thế {other} thì sao?", f"còn {other}?", f"ở {other} bao nhiêu"]
                ),
                self.figure(code, period, other),
            )
        )
        if self.chance.random() < 0.5:
            year = self.chance.choice(["2020", "2021", "2022", "2023"])
            turns.append(Turn(f"năm {year}?", self.then(code, year, other)))
        else:
            values = [self.value(code, period, each) for each in (HOME, other)]
            expect = expects(
                "comparison", of=[[code]], periods=[[period]], regions=[HOME, other], values=values
            )
            turns.append(Turn(f"so với {HOME}", expect))
        if self.chance.random() < 0.5:
            year = self.year(code)
            turns.append(Turn(f"quay lại {HOME}, năm {year}", self.figure(code, year)))
        return Asked("m", turns, TODAY, 0.25, self.barred(code))

    def talk_of_target(self) -> Asked:
        code, place, period = self.with_target(
            suits=lambda *key: key in self.stored.values and key[1] == HOME
        )
        turns = [self.opening(code, period)]
        turns.append(
            Turn(
                self.chance.choice(
                    ["có đạt kế hoạch không?", "đạt chỉ tiêu chưa", "so với kế hoạch thì sao"]
                ),
                self.held(code, place, period),
            )
        )
        turns.append(
            Turn("nguồn ở đâu?", expects("definition", "figure", of=[[code]], regions=None))
        )
        if self.stored.only_years(code):
            years = self.stored.years(code)
            planned = [*years, "2025"] if (code, HOME, "2025") in self.stored.targets else years
            expect = expects(
                "series",
                "comparison",
                of=[[code]],
                periods=unique([years, planned]),
                values=[self.value(code, each) for each in years],
            )
            turns.append(
                Turn(
                    self.chance.choice(
                        ["vẽ biểu đồ", "cho xem biểu đồ qua các năm", "diễn biến qua các năm"]
                    ),
                    expect,
                )
            )
        return Asked("m", turns, TODAY, 0.25, self.barred(code))

    def talk_of_parts(self) -> Asked:
        code = self.chance.choice([each for each in self.codes if self.stored.parts(each)])
        parts = self.stored.parts(code)
        period = self.chance.choice(self.years_with_parts(code)[-3:])
        part = self.chance.choice(parts)
        turns = [self.opening(code, period)]
        whole = [[code], [code, *parts], parts]
        values = [self.value(each, period) for each in parts]
        turns.append(
            Turn(
                self.chance.choice(["gồm những gì?", "bao gồm những phần nào?", "cơ cấu thế nào"]),
                expects("breakdown", of=whole, periods=[[period]], values=values),
            )
        )
        expect = self.figure(part, period, HOME, "breakdown")
        expect["indicators"] += whole
        turns.append(Turn(f"trong đó {self.name(part)} bao nhiêu", expect))
        return Asked("m", turns, TODAY, 0.25, self.barred(code) | self.barred(part))

    def talk_of_indicators(self) -> Asked:
        place = self.place(home=0.7)
        code = self.indicator(place)
        period = self.year(code, place)
        other = self.indicator(place)
        if other == code:
            return self.talk_of_indicators()
        said, several = self.said(other)
        if several:
            said = self.name(other)
        turns = [self.opening(code, period, place)]
        turns.append(
            Turn(
                self.chance.choice([f"còn {said}?", f"thế {said} thì sao", f"{said}?"]),
                self.then(other, period, place),
            )
        )
        year = self.chance.choice(self.stored.years(other, place))
        turns.append(
            Turn(
                self.chance.choice([f"năm {year}", f"vậy {year}"]), self.figure(other, year, place)
            )
        )
        return Asked("m", turns, TODAY, 0.25, self.barred(code) | self.barred(other))

    def talk_of_lists(self) -> Asked:
        def listed(text: str, status: str, year: str) -> Turn:
            found = [
                key
                for key in self.stored.targets
                if key[1] == HOME and key[2] == year and self.stored.status(*key) == status
            ]
            values = [self.stored.values[key] for key in found if key in self.stored.values]
            return Turn(
                text,
                expects(
                    "targets",
                    periods=[[year]],
                    values=values,
                    filter=status,
                    show=[code for code, _, _ in found],
                ),
            )

        turns = [listed("Những chỉ tiêu nào vượt kế hoạch trong năm 2024?", "exceeded", "2024")]
        turns.append(
            listed(
                self.chance.choice(["thế chỉ tiêu nào chưa đạt?", "còn chỉ tiêu nào không đạt"]),
                "missed",
                "2024",
            )
        )
        turns.append(listed("năm 2023 thì chỉ tiêu nào chưa đạt?", "missed", "2023"))
        return Asked("m", turns, TODAY, 0.25)

    def talk_of_meaning(self) -> Asked:
        code = self.indicator(suits=self.stored.only_years)
        year = self.year(code)
        turns = [
            Turn(
                f"{self.name(code)} nghĩa là gì?", expects("definition", of=[[code]], regions=None)
            )
        ]
        turns.append(Turn(f"năm {year} là bao nhiêu?", self.figure(code, year)))
        turns.append(Turn("năm 2015 là bao nhiêu?", self.nothing(code, "2015")))
        turns.append(
            Turn(
                f"thế năm {self.stored.years(code)[-1]}",
                self.figure(code, self.stored.years(code)[-1]),
            )
        )
        return Asked("m", turns, TODAY, 0.25, self.barred(code))

    def talk_of_months(self) -> Asked:
        code = self.chance.choice(
            [each for each in self.codes if "2024-03" in self.stored.periods[each, HOME]]
        )
        first, second = sorted(self.chance.sample(range(1, 10), 2))
        turns = [
            Turn(f"{self.name(code)} tháng {first}/2024", self.figure(code, f"2024-{first:02}"))
        ]
        turns.append(
            Turn(
                self.chance.choice([f"tháng {second} thì sao?", f"còn tháng {second}?"]),
                self.figure(code, f"2024-{second:02}"),
            )
        )
        turns.append(Turn("cả năm 2023?", self.figure(code, "2023")))
        return Asked("m", turns, TODAY, 0.2, self.barred(code))

    def talk_of_choice(self) -> Asked:
        row = self.chance.choice([each for each in self.unclear if each["said"] in CHOSEN_FROM])
        code = self.chance.choice(row["fits"].split("|"))
        period = self.chance.choice(self.stored.years(code)[-3:])
        turns = [self.unclear_turn(row, period)]
        turns.append(
            Turn(
                self.chance.choice([f"ý tôi là {self.name(code)}", self.name(code)]),
                self.figure(code, period),
            )
        )
        return Asked("m", turns, TODAY, 0.2, self.barred(code) | LETTERS)


# ---------------------------------------------------------------- words


def inside(name: str) -> str:
    """A name as it stands inside a sentence: its first letter small, unless it is a short form."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def names_words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())


def in_order(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(word in rest for word in few)


def tidy(text: str) -> str:
    return re.sub(r"\s+([?,:])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,")


def unique(lists: Iterable[list[str]]) -> list[list[str]]:
    made: list[list[str]] = []
    for each in lists:
        if each not in made:
            made.append(each)
    return made


def in_words(year: str) -> str:
    """A year as it is dictated."""
    digits = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    tens, ones = int(year[2]), int(year[3])
    if tens == 1:
        return f"hai nghìn không trăm mười {digits[ones]}"
    ten = f"{digits[tens]} mươi" + (
        "" if not ones else " bốn" if ones == 4 else " mốt" if ones == 1 else f" {digits[ones]}"
    )
    return f"hai nghìn không trăm {ten}"


# ---------------------------------------------------------------- lines


def stratum_of(asked: Asked, noise: str) -> str:
    if asked.stratum != "a" or noise == "none":
        return asked.stratum
    if noise == "no marks":
        return "b"
    if noise == "chat":
        return "e"
    return (
        "c"
        if noise
        in ("some marks", "tone placement", "i or y", "decomposed", "capitals", "punctuation")
        else "d"
    )


def make(seed: int, count: int) -> list[dict[str, Any]]:
    """As many lines as asked for, or a few more: a conversation is not cut."""
    questions = Questions(Stored.read(), seed)
    chance = random.Random(seed + 1)
    lines: list[dict[str, Any]] = []
    while len(lines) < count:
        asked = questions.draw()
        number = f"{seed}-{len(lines):04}"
        for turn, each in enumerate(asked.turns, 1):
            text, noise = (
                slipped(each.text, chance, asked.barred)
                if chance.random() < asked.spell
                else (each.text, "none")
            )
            stratum = stratum_of(asked, noise)
            lines.append(
                {
                    "id": f"{stratum}-{number}" + (f"-{turn}" if len(asked.turns) > 1 else ""),
                    "stratum": stratum,
                    "noise": noise,
                    "chat": f"{stratum if len(asked.turns) == 1 else asked.stratum}-{number}",
                    "turn": turn,
                    "text": text,
                    "today": asked.today,
                    "expect": each.expect,
                    "why": each.why or (each.text if noise != "none" else ""),
                }
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    given = parser.parse_args()
    for line in make(given.seed, given.count):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
