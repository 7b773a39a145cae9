"""Which ways of writing a period begin with which words."""

from __future__ import annotations

from collections.abc import Callable

from handlers.reading.periods import dates, parts, years
from handlers.reading.periods.named import Named
from handlers.reading.periods.numerals import BARE_DIGITS
from handlers.reading.periods.row import Row
from handlers.reading.spelling import fold

Way = Callable[[Row, int], Named | None]

BEHIND_NUMBERS: tuple[Way, ...] = (
    dates.token,
    dates.year_first,
    dates.day_of_month,
    dates.day_and_month,
    parts.months_counted,
    parts.months_to_token,
    years.alone,
    years.in_pieces,
    years.shortened,
    years.slashed,
    years.trailing,
)
"""Those that begin with a number in digits."""
_QUARTERS: tuple[Way, ...] = (parts.quarter_of_token, parts.quarter, parts.at_an_end)
_MONTHS: tuple[Way, ...] = (
    parts.month_of_token,
    parts.month,
    parts.old_month,
    parts.month_in_words,
    parts.at_an_end,
)
_HEADS: tuple[tuple[tuple[str, ...], tuple[Way, ...]], ...] = (
    (("sau",), (years.after,)),
    (("năm", "n"), (years.behind_year_word, years.spoken)),
    (("q", "quy", "quý"), _QUARTERS),
    (("tháng", "thg", "t", "th"), _MONTHS),
    (("nửa",), (parts.half,)),
    (("giữa",), (parts.middle,)),
    (tuple(parts.ROMAN_QUARTERS), (parts.quarter_in_one,)),
)


def by_head() -> dict[str, tuple[Way, ...]]:
    """The ways by the bare words that they begin with."""
    found: dict[str, tuple[Way, ...]] = dict.fromkeys(
        BARE_DIGITS, (parts.months_counted, years.in_words)
    )
    for heads, ways in _HEADS:
        for head in {fold(text) for text in heads}:
            found[head] = (*found.get(head, ()), *ways)
    return found
