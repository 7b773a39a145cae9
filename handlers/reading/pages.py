"""Which page of a long answer is asked for: "trang 2", or by going on from the one before, "xem
tiếp".
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.question import ALL, LAST
from handlers.reading.words import Lexicon, Word, Words
from locales.vocabulary import Vocabulary

MOST = 999
"""No answer has more pages, and a larger number is a year."""
_NUMBERS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


@dataclass(frozen=True, slots=True)
class Turning:
    """A page by its number (`LAST` for the last, `ALL` for all at once), or by `step` pages from
    the one that was shown.

    `alone`: nothing else was said, so that it is a page of the answer before.
    """

    number: int | None = None
    step: int = 0
    alone: bool = False


class PageReader:
    """Reads pages with a vocabulary."""

    def __init__(self, words: Vocabulary, pairs: frozenset[tuple[str, str]] = frozenset()) -> None:
        """`pairs` are neighbours in names, where "trang" is no page: "tình trạng"."""
        self._pairs = pairs
        self._number = Lexicon({"page": words.pages["page"]})
        self._steps = Lexicon(
            {group: phrases for group, phrases in words.pages.items() if group != "page"}
        )
        self._talk = Lexicon({"talk": words.talk}, loose=True)

    def read(self, words: Words) -> Turning:
        """Takes "trang 2" wherever it stands, and words of going on where nothing else does: "tiếp"
        is in names, too.
        """
        row = words.row
        number = None
        for found in self._number.apart(row):
            said = (
                _number(row[found.end])
                if found.end < len(row) and not row[found.end].breaks
                else None
            )
            if said is not None and (
                found.start == 0
                or (row[found.start - 1].bare, row[found.start].bare) not in self._pairs
            ):
                of = found.end + 1  # "trang 2/3"
                whole = of < len(row) and row[of].breaks == "/" and _number(row[of]) is not None
                words.take(found.start, of + whole, "page", str(said))
                number = said
        steps = list(self._steps.apart(row))
        if number is None and not steps:
            return Turning()
        counts = {
            each.start - 1 for each in steps if each.start and row[each.start - 1].plain_number
        }  # "10 dòng tiếp theo"
        covered = counts | {
            place
            for each in (*steps, *self._talk.find(row))
            for place in range(each.start, each.end)
        }
        alone = all(place in covered or not words.free(place) for place in range(len(row)))
        if number is not None or not steps or not alone:
            return Turning(number, alone=alone and number is not None)
        group = steps[0].group
        for each in steps:
            words.take(each.start, each.end, "page", each.group)
        named = {"first": 1, "last": LAST, "all": ALL}.get(group)
        return Turning(named, {"next": 1, "previous": -1}.get(group, 0), alone=True)


def _number(word: Word) -> int | None:
    said = word.plain_number
    if said is None and word.text in _NUMBERS:
        said = _NUMBERS.index(word.text) + 1
    return said if said is not None and 1 <= said <= MOST else None
