"""Which place of a numbered list a message stands for, however that is said: "2", "số 2", "cái thứ
hai", "2 nhé".
"""

from __future__ import annotations

import re
import unicodedata

from handlers.reading.indicators import NUMERALS
from handlers.reading.spelling import fold
from locales.vocabulary import Vocabulary

_PARTS = re.compile(r"[^\W\d]+|\d+|[^\w\s]")
_BESIDE = frozenset("().,:;!?#…\ufe0f\u20e3")
"""What may stand beside a number, as in "(2)", "2.", "#2" or the sign of a telephone's keyboard."""
_PLACES = {word: number for number, word in enumerate(NUMERALS.values(), 1)}


def picked(text: str, vocabulary: Vocabulary) -> int | None:
    """The place that a message names and nothing else, 1 to 99; None where it says more, or is a
    year or a weekday.
    """
    words = [
        part
        for part in _PARTS.findall(unicodedata.normalize("NFKC", text).casefold())
        if part not in _BESIDE
    ]
    heads, before, after, ordinal = (
        _bare(vocabulary, group) for group in ("heads", "before", "after", "ordinal")
    )
    place: int | None = None
    last = ""
    for word in words:
        number = int(word) if re.fullmatch(r"[1-9]\d?", word) else _PLACES.get(word)
        bare = fold(word)
        if place is not None:
            if bare not in after:
                return None
        elif number is not None and (
            word.isdecimal() or last or word != "năm"
        ):  # by itself that is a year
            place = number
        elif not (
            bare in heads or bare in before or (bare in ordinal and last in heads)
        ):  # "thứ hai" is a Monday
            return None
        last = bare
    return place


def _bare(vocabulary: Vocabulary, group: str) -> frozenset[str]:
    return frozenset(fold(word) for phrase in vocabulary.picks[group] for word in phrase)
