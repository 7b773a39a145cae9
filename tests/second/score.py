"""Whether an answer of `solieu ask --jsonl` is all that its question's label asks: all-correct, a wrong figure, a refusal."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

DATA = {"figure", "series", "comparison", "ranking", "breakdown", "targets", "overview"}
LISTS = {"overview", "targets"}
REFUSALS = {"no_data", "choose", "not_understood"}
BARE = {"choose", "not_understood", "help", "greeting", "catalogue", "subscription"}
"""Kinds that look nothing up: accepted, they are held to nothing more."""


@dataclass(frozen=True)
class Verdict:
    """`failed` names what is not as the label has it. A wrong figure is one given as if it were the answer."""

    failed: tuple[str, ...]
    wrong: bool
    refused: bool

    @property
    def right(self) -> bool:
        return not self.failed


def judge(expect: dict[str, Any], answer: dict[str, Any] | None) -> Verdict:
    """Holds an answer against a label."""
    kinds = expect["kind"]
    asks_figure = bool(DATA & set(kinds)) and not REFUSALS & set(kinds)
    if not isinstance(answer, dict) or not isinstance(answer.get("kind"), str):
        return Verdict(("kind",), wrong=False, refused=asks_figure)
    kind = answer["kind"]
    query = answer.get("query") or {}
    figures = [each for each in answer.get("figures") or [] if isinstance(each, dict)]
    numbers = [each for each in figures if number(each.get("value")) is not None]
    accepted = kind in kinds
    free = accepted and (kind in BARE or (kind == "overview" and kinds[0] != "overview"))

    indicators, periods, regions = (
        expect.get(each) for each in ("indicators", "periods", "regions")
    )
    these = {each for some in indicators or [] for each in some}
    then = {each for some in periods or [] for each in some}

    def asked(figure: dict[str, Any]) -> bool:
        """The figure is of an accepted indicator, period and place."""
        return (
            (not these or figure.get("indicator") in these)
            and (not then or figure.get("period") in then)
            and (not regions or figure.get("region") in regions)
        )

    right = [each for each in figures if asked(each)]
    shown = {number(each.get("value")) for each in right} - {None}
    options = alternatives(expect.get("values") or [])
    satisfied = any(each <= shown for each in options)
    wrong = False
    if kind in DATA and numbers:
        needed = [each for each in options if each]
        if not DATA & set(kinds):
            wrong = not accepted
            if "definition" in kinds and these:
                wrong = any(each.get("indicator") not in these for each in numbers)
        elif needed and not any(each <= shown for each in needed):
            wrong = (
                not (shown & set().union(*needed))
                if accepted and kind in LISTS
                else any(not asked(each) for each in numbers)
            )
        elif not needed and these:
            wrong = not right
        elif not needed and not accepted and kind not in LISTS:
            wrong = True

    if (
        kind == "targets"
        and expect.get("filter")
        and query.get("filter") not in (None, expect["filter"])
    ):
        wrong = True  # those that were met, given for those that were missed

    failed = []
    if not accepted:
        failed.append("kind")
    said = {
        "indicators": set(query.get("indicators") or [])
        or {each.get("indicator") for each in figures},
        "periods": whole_years(
            set(query.get("periods") or []) or {str(each.get("period")) for each in figures}
        ),
    }
    if not free:
        for aspect, sets in (("indicators", indicators), ("periods", periods)):
            skipped = aspect == "periods" and kind == "definition" and accepted
            if (
                sets is not None
                and not skipped
                and all(whole_years(set(each)) != said[aspect] for each in sets)
            ):
                failed.append(aspect)
    looked_up = kind in DATA or not accepted
    if wrong or (looked_up and not satisfied):
        failed.append("values")
    if looked_up:
        targets = {number(each.get("target_value")) for each in right}
        if any(number(each) not in targets for each in expect.get("target_values") or []):
            failed.append("target")
        if any(
            plain(each) not in plain(str(answer.get("text")))
            for each in expect.get("text_has") or []
        ):
            failed.append("text")
        if expect.get("status") and expect["status"] not in {each.get("status") for each in right}:
            failed.append("status")
        if not set(expect.get("show") or []) <= {each.get("indicator") for each in figures}:
            failed.append("show")
    if (
        expect.get("filter")
        and (kind == "targets" or not accepted)
        and query.get("filter") != expect["filter"]
    ):
        failed.append("filter")
    where = set(query.get("regions") or []) or {each.get("region") for each in figures}
    if regions and not free and where != set(regions):
        failed.append("regions")
    return Verdict(tuple(failed), wrong, refused=asks_figure and kind in REFUSALS)


def alternatives(values: list[Any]) -> list[set[Decimal | None]]:
    """["1", "2"] is one set of values that are all needed; [["1"], []] are two, of which one will do."""
    lists = values if values and all(isinstance(each, list) for each in values) else [values]
    return [{number(each) for each in some} for some in lists]


def whole_years(periods: set[str]) -> set[str]:
    """ "2021/2023" as the three years that it spans."""
    made = set()
    for period in periods:
        first, _, last = period.partition("/")
        if len(first) == len(last) == 4 and (first + last).isdigit():
            made |= {str(year) for year in range(int(first), int(last) + 1)}
        else:
            made.add(period)
    return made


def number(written: object) -> Decimal | None:
    try:
        return Decimal(str(written))
    except InvalidOperation:
        return None


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
