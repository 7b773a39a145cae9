"""Whether a text is about a person's accounts: "liên kết", "liên kết K7M9R2", "huỷ liên kết", "gửi
bản tin về Zalo".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from db.ties import LENGTH, as_code
from handlers.linking import Linking
from handlers.mood import Mood
from handlers.reading.requests import RequestReader, places_of
from handlers.reading.words import Found, Lexicon, Word, Words, clean, tokens
from locales.vocabulary import Vocabulary

MOST_WORDS = 16
"""Whoever says more says something else, too."""
_LOOSE = re.compile(r"(?=[^\W\d_]*\d)(?=\d*[^\W\d_])[^\W_]{4,8}\Z")
"""What may be meant as a code, with a letter too many or one that no code has: letters and digits
in one word.
"""


class AccountReader:
    """Reads with a vocabulary; `pairs` are neighbours in names of indicators, where "liên kết" may
    be one.
    """

    def __init__(
        self,
        words: Vocabulary,
        requests: RequestReader,
        pairs: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        known = words.accounts
        self._requests = requests
        self._pairs = pairs
        self._sending = Lexicon({name: known[name] for name in ("bring", "send")})
        self._linking = Lexicon({name: known[name] for name in ("unlink", "link", "joined")})
        self._channels = Lexicon({name: known[name] for name in ("telegram", "zalo", "here")})
        self._beside = Lexicon({"beside": (*known["beside"], *known["telegram"], *known["zalo"])})
        self._talk = Lexicon({"talk": words.talk}, loose=True)
        self._first = self._sending.first | self._linking.first

    def read(self, text: str, words: Words, split: Callable[[str], Words]) -> Linking | None:
        """What is to be done, if the text is about nothing else; `words` is what `split` made of
        it.

        Codes and names of platforms are read as they were typed: mending would take them for slips.
        """
        if len(text) <= 2 * LENGTH and (code := as_code(text)):
            return Linking("link", code, explicit=False)
        told = not self._first.isdisjoint(words.bares) or not self._first.isdisjoint(
            text.casefold().split()
        )
        if not told or len(words) > 2 * MOST_WORDS:
            return None
        typed = tokens(clean(text))
        code, rest = _code_of(typed)
        if not code:
            return self._read(text, typed) or self._read(text, words.row)
        mended = split(" ".join(word.typed for word in rest)).row
        return self._read(text, rest, code) or self._read(text, mended, code)

    def _read(self, text: str, row: list[Word], code: str = "") -> Linking | None:
        sending = self._sending.find(row)
        if sending and not code:
            return self._bringing(text, row, sending)
        found = self._linking.find(row)
        if not (found or as_code(code)) or not self._alone(row, found):
            return None
        ending = next((each for each in found if each.group == "unlink"), None)
        mood = self._mood(text, row, ending or next(iter(found), None))
        if ending is not None:
            return Linking("unlink", mood=mood)
        explicit = bool(code) or any(each.group == "link" for each in found)
        return Linking("link", code, explicit=explicit or not self._is_named(row, found), mood=mood)

    def _is_named(self, row: list[Word], found: list[Found]) -> bool:
        """Tell whether an indicator has the words, too."""
        spans = (row[each.start : each.end] for each in found)
        return any(
            pair in self._pairs for span in spans for pair in pairwise(word.bare for word in span)
        )

    def _bringing(self, text: str, row: list[Word], sending: list[Found]) -> Linking | None:
        """The verb and right behind it where to: what is said beside them is of a subscription."""
        for verb in sending:
            for to in self._channels.find(row):
                # "gửi bản tin về đây" is how one subscribes
                there = verb.group == "bring" or to.group != "here"
                if to.start == verb.end and there and self._alone(row, [verb, to]):
                    channel = "" if to.group == "here" else to.group
                    return Linking("bring", channel=channel, mood=self._mood(text, row, verb))
        return None

    def _mood(self, text: str, row: list[Word], deed: Found | None) -> Mood:
        settled = places_of((*self._beside.find(row), *self._channels.find(row)))
        deeds = () if deed is None else (deed,)
        return self._requests.mood(text, Words(row), deed, deeds=deeds, settled=settled)

    def _alone(self, row: list[Word], found: list[Found]) -> bool:
        """Whether nothing else is said, but for words that say little."""
        beside = (*self._beside.find(row), *self._talk.find(row))
        silent = places_of((*found, *beside, *self._requests.marks(row)))
        return len(row) <= MOST_WORDS and len(silent) == len(row)


def _code_of(row: list[Word]) -> tuple[str, list[Word]]:
    """The code among words, which may be written in pieces, and the words without it."""
    for start in range(len(row)):
        for end in range(start + 1, min(start + LENGTH, len(row)) + 1):
            code = as_code(" ".join(word.typed for word in row[start:end]))
            if code:
                return code, row[:start] + row[end:]
    for place, word in enumerate(row):
        if _LOOSE.match(word.typed):
            return word.typed, row[:place] + row[place + 1 :]
    return "", row
