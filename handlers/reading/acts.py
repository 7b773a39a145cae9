"""What is to be done with a subscription, and the word that something is turned by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from handlers.reading.heard import Neighbours
from handlers.reading.numerals import is_word
from handlers.reading.spelling import agreement
from handlers.reading.words import Found, Lexicon, Word, Words
from handlers.subscribing import Act, Joining
from locales.vocabulary import Vocabulary

ACTS: tuple[Act, ...] = ("end", "pause", "resume", "list", "preview", "change", "subscribe")
"""Of several that are said the first holds: "huỷ đăng ký" ends."""
_DROPPING = (("bỏ",), ("bớt",), ("tắt",))
_REACH = 3
"""How many words on a picture may stand: "không cần gửi kèm biểu đồ"."""


class ActReader:
    """Finds acts with a vocabulary; `is_morning` tells a "sang" that is of an hour."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        neighbours: Neighbours,
        is_morning: Callable[[Words, int], bool],
    ) -> None:
        wishes = vocabulary.wishes
        self._neighbours = neighbours
        self._is_morning = is_morning
        self._acts = Lexicon(vocabulary.acts, loose=True)
        self._tell = Lexicon({"tell": vocabulary.wants["tell"]})
        self._digests = Lexicon({"digest": wishes["digest"]})
        self._more = Lexicon({"more": wishes["more"]}, loose=True)
        self._without = Lexicon({"without": wishes["without"]}, loose=True)
        self._extras = Lexicon({group: wishes[group] for group in ("chart", "workbook")})
        self._at_once = Lexicon({"at_once": wishes["at_once"]}, loose=True)
        self._alerts = Lexicon(
            {group: wishes[group] for group in ("new", "corrected", "missed")}, loose=True
        )

    def find(self, words: Words) -> tuple[Found, ...]:
        """Find the phrases of doing that stand in no name and are no news: "khi bị sửa"."""
        row = words.row
        apart = [each for each in self._apart(row) if each.group != "none"]
        begins = {each.start for each in apart}
        found = [
            each
            for each in apart
            if not (self._neighbours.in_name(row, each) or _is_another_word(row, each, begins))
        ]
        return tuple(each for each in found if not self._is_news(row, each, found))

    def _apart(self, row: list[Word]) -> Iterator[Found]:
        """Yield the acts left to right, none across a stop: "tạm dừng, gửi tiếp" are two."""
        stops = [place for place, word in enumerate(row) if place and "," in word.breaks]
        for start, end in pairwise([0, *stops, len(row)]):
            for each in self._acts.apart(row[start:end]):
                yield Found(each.start + start, each.end + start, each.group, each.phrase)

    def _is_news(self, row: list[Word], act: Found, found: list[Found]) -> bool:
        """Tell whether a change is what is to be told: "nhắc tôi khi … *thay đổi*"."""
        since = min((each.start for each in self._at_once.find(row)), default=len(row))
        if act.group != "change" or act.start <= since:
            return False
        news = any(each.start == act.start for each in self._alerts.find(row))
        return news or any(each.group == "subscribe" and each.start < since for each in found)

    def act(self, words: Words, found: Sequence[Found]) -> Act | None:
        """Give what is to be done; an ending that only leaves the picture out ends nothing."""
        left_out = [each for each in found if each.group == "end" and self._leaves_out(words, each)]
        groups = {each.group for each in found if each not in left_out}
        if left_out and not groups:
            return "change"  # "hủy biểu đồ"
        return next((act for act in ACTS if act in groups), None)

    def telling(self, words: Words) -> Found | None:
        """Find the words that ask to be told, where no act does: "cho tôi biết khi …"."""
        return next(iter(self._tell.find(words.row)), None)

    def turn(self, words: Words, found: Sequence[Found]) -> int | None:
        """Find the "sang" between what is to be changed and what it is to become."""
        first = _end_of_change(found)
        if first is None:
            return None
        places = range(first, len(words) - 1)
        return next((place for place in places if self._is_turn(words, place)), None)

    def _is_turn(self, words: Words, place: int) -> bool:
        if not is_word(words.row[place], "sang", "thành"):
            return False
        word = Found(place, place + 1, "turn", ())
        named = self._neighbours.in_name(words.row, word)  # "khu vực thành thị"
        return not named and not self._is_morning(words, place)

    def into(self, words: Words, found: Sequence[Found]) -> int | None:
        """Find the "vào" or "khỏi" before the subscription that something comes to or leaves."""
        row, first = words.row, _end_of_change(found)
        if first is None:
            return None
        digests = {each.start for each in self._digests.find(row)}
        places = (place for place in range(first + 1, len(row) - 1) if place + 1 in digests)
        return next((place for place in places if is_word(row[place], "vào", "khỏi")), None)

    def joining(self, words: Words, found: Sequence[Found]) -> Joining:
        """Tell whether what is named comes to what is there, goes from it, or takes its place."""
        if self._more.find(words.row):
            return "also"
        dropping = [each for each in found if each.group == "change" and each.phrase in _DROPPING]
        return "not" if any(not self._leaves_out(words, each) for each in dropping) else "only"

    def _leaves_out(self, words: Words, act: Found) -> bool:
        """Tell whether a refusal goes on to a picture or a file: "không gửi biểu đồ"."""
        if not any(each.start == act.start for each in words.find(self._without)):
            return False
        return any(act.end <= each.start < act.end + _REACH for each in words.find(self._extras))

    def take(self, words: Words) -> None:
        """Take all words of doing; a piece of one may say more: "huỷ *nhận tin*"."""
        for found in self._acts.find(words.row):
            if self._neighbours.in_name(words.row, found):
                continue
            for place in range(found.start, found.end):
                if words.free(place):
                    words.take(place, place + 1, "act", found.group)


def _end_of_change(found: Sequence[Found]) -> int | None:
    return min((each.end for each in found if each.group == "change"), default=None)


def _is_another_word(row: list[Word], found: Found, begins: set[int]) -> bool:
    """Tell whether a word is none of doing: "nhân" is no nhận, "dung (co) dang ky" is đừng."""
    word = row[found.start]
    if found.end - found.start > 1 or agreement(word.text, found.phrase[0]) == 1:
        return False
    before_another = not begins.isdisjoint((found.end, found.end + 1))
    return word.text != word.bare or (found.group == "pause" and before_another)
