"""What a message says to a numbered list, however that is said: "2", "cái đầu tiên", "cả hai",
"không phải", or the words of one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from handlers.reading.naming.hearing import NUMERALS
from handlers.reading.spelling import TONE, agreement, fold
from locales.vocabulary import Phrase, Vocabulary

LAST = -1
_PARTS = re.compile(r"\d+(?:[.,]\d+)+|[^\W\d]+|\d+|[^\w\s]")
_BESIDE = frozenset("().,:;!?#…\ufe0f\u20e3")
"""What may stand beside a number, as in "(2)", "2.", "#2" or the sign of a telephone's keyboard."""
_PLACES = {word: number for number, word in enumerate(NUMERALS, 1)}
_GROUPS = (
    "first",
    "last",
    "all",
    "more",
    "no",
    "yes",
    "and",
    "heads",
    "ordinal",
    "before",
    "after",
)
"""The groups of the vocabulary; of one phrase in several, the first holds."""
_LONGEST = 5


class Act(Enum):
    """What is done with a list: in order, the first of several that are said holds."""

    PLACES = auto()
    ALL = auto()
    MORE = auto()
    NO = auto()
    YES = auto()


_ACTS = {"more": Act.MORE, "no": Act.NO, "yes": Act.YES}
_ENDS = {"first": 1, "last": LAST}


@dataclass(frozen=True, slots=True)
class Pick:
    """What a message says to a list.

    `places` count from 1, and `LAST` is the last. `count` is the number of "cả hai". `ordinal`:
    the place of a line was said ("cái thứ 2"), so that the number stands in no line's own words.
    """

    act: Act
    places: tuple[int, ...] = ()
    count: int | None = None
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A phrase of a group, or a number."""

    group: str
    number: int | None = None


class PickReader:
    """Reads messages as answers to a list, with a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._groups = _by_letters(
            (group, phrase) for group in _GROUPS for phrase in vocabulary.picks[group]
        )
        spoken = vocabulary.spoken()
        self._spoken = _by_letters(("talk", phrase) for phrase in spoken)
        self._short = dict(_of_one_meaning(vocabulary))

    def read(self, text: str, *, asked_back: bool = False) -> Pick | None:
        """What a whole message says to a list; None where it says anything else.

        `asked_back`: the list was a question, to which "thứ hai" is no Monday.
        """
        parts = self._parts(self._words(text))
        if parts is None:
            return None
        if not asked_back and _names_a_day(parts):
            return None
        return _pick(parts)

    def _parts(self, words: Sequence[str]) -> list[_Part] | None:
        """The row of phrases and numbers that a message is; None where a word is in none."""
        parts: list[_Part] = []
        at = 0
        while at < len(words):
            part, length = self._part(words, at, leading=not parts)
            if part is None:
                return None
            parts.append(part)
            at += length
        return parts

    def _part(self, words: Sequence[str], at: int, *, leading: bool) -> tuple[_Part | None, int]:
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            group = _group_of(words[at : at + length], self._groups)
            if group is not None:
                return _Part(group), length
        number = _number(words[at], alone=leading)
        return (None if number is None else _Part("number", number)), 1

    def told_apart(self, text: str, lines: Sequence[Sequence[str]]) -> tuple[int, ...]:
        """The lines that a message's words fit best, by place from 0.

        Each line is given by all its names. Every word that is no talk must stand in a line; words
        of talk count where they stand in some lines and not in others.
        """
        words = self._words(text)
        telling = self._telling(words)
        if not telling:
            return ()
        named = [list(map(words_of, names)) for names in lines]
        return _best([_fit(telling, words, names) for names in named])

    def telling(self, text: str) -> bool:
        """Whether any word of a message is no talk."""
        return bool(self._telling(self._words(text)))

    def _telling(self, words: Sequence[str]) -> list[str]:
        """The words that are no talk, longer phrases of talk before their pieces."""
        telling: list[str] = []
        at = 0
        while at < len(words):
            talk = self._talk_at(words, at)
            if not talk:
                telling.append(words[at])
            at += max(1, talk)
        return telling

    def _talk_at(self, words: Sequence[str], at: int) -> int:
        """How many words from a place on are a phrase of talk."""
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            said = words[at : at + length]
            if _group_of(said, self._groups) or _group_of(said, self._spoken):
                return length
        return 0

    def _words(self, text: str) -> list[str]:
        """The words of a message, short forms of one meaning written out."""
        return [whole for word in words_of(text) for whole in self._short.get(word, (word,))]


def _of_one_meaning(vocabulary: Vocabulary) -> Iterator[tuple[str, Phrase]]:
    """The short forms that stand for one thing, whatever is beside them."""
    for form, meanings in vocabulary.short.items():
        if len(meanings) == 1 and not (meanings[0].after or meanings[0].before):
            yield form, meanings[0].words


def words_of(text: str) -> list[str]:
    """The words and numbers of a message in small letters, without what stands beside them."""
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).casefold())
    return [part for part in parts if part not in _BESIDE]


def _by_letters(phrases: Iterable[tuple[str, Phrase]]) -> dict[Phrase, list[tuple[str, Phrase]]]:
    """Groups of phrases by their bare letters, in the order that they come in."""
    found: dict[Phrase, list[tuple[str, Phrase]]] = {}
    for group, phrase in phrases:
        found.setdefault(_bare(phrase), []).append((group, phrase))
    return found


def _group_of(words: Sequence[str], groups: dict[Phrase, list[tuple[str, Phrase]]]) -> str | None:
    """The first group that has words as a phrase."""
    alike = groups.get(_bare(words), ())
    return next((group for group, phrase in alike if _agree(words, phrase)), None)


def _pick(parts: Sequence[_Part]) -> Pick | None:
    """What the phrases of a message say; the first of these that is there."""
    groups = {part.group for part in parts}
    numbers = tuple(part.number for part in parts if part.number is not None)
    if "all" in groups or _counts(parts, numbers):
        return Pick(Act.ALL, count=next(iter(numbers), None))
    if numbers or not groups.isdisjoint(_ENDS):
        return _places(numbers, groups)
    return next((Pick(act) for group, act in _ACTS.items() if group in groups), None)


def _places(numbers: tuple[int, ...], groups: set[str]) -> Pick | None:
    """The places that are named; several numbers only where they are joined."""
    if len(numbers) > 1 and "and" not in groups:
        return None
    ends = tuple(place for end, place in _ENDS.items() if end in groups)
    ordinal = not groups.isdisjoint(("ordinal", "heads"))
    return Pick(Act.PLACES, (*numbers, *ends), ordinal=ordinal)


def _counts(parts: Sequence[_Part], numbers: Sequence[int]) -> bool:
    """Whether a number says how many: "hai cái" are as many, and not the second."""
    return len(numbers) == 1 and parts[-1].group == "heads"


def _names_a_day(parts: Sequence[_Part]) -> bool:
    """Whether "thứ" stands behind no head: "thứ hai" is a Monday."""
    places = [at for at, part in enumerate(parts) if part.group == "ordinal"]
    return any(at == 0 or parts[at - 1].group != "heads" for at in places)


def _number(word: str, *, alone: bool) -> int | None:
    """The place that a word says, 1 to 99; "năm" by itself is a year."""
    if re.fullmatch(r"[1-9]\d?", word):
        return int(word)
    return None if alone and word == "năm" else _PLACES.get(word)


def _best(fits: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The places of what fits best; none where nothing fits."""
    best = max(fits)
    return tuple(at for at, fit in enumerate(fits) if fit == best) if best[0] else ()


def _fit(
    telling: Sequence[str], words: Sequence[str], names: Sequence[Sequence[str]]
) -> tuple[int, int]:
    """How well words fit a line: not at all, in all words, as they stand; then what talk adds."""
    known = [word for name in names for word in name]
    if not _within(telling, known):
        return (0, 0)
    near = max(_nearness(telling, name) for name in names)
    return (1 + near, sum(_among(word, known) for word in words))


def _nearness(words: Sequence[str], name: Sequence[str]) -> int:
    """2 where words are a name, 1 where they stand in it one after the other, else 0."""
    return _stands(words, name) * (1 + (len(name) == len(words)))


def _within(words: Sequence[str], known: Sequence[str]) -> bool:
    return all(_among(word, known) for word in words)


def _stands(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words stand in a name one after the other."""
    size = len(words)
    return any(_agree(words, name[at : at + size]) for at in range(len(name) - size + 1))


def _among(word: str, known: Iterable[str]) -> bool:
    return any(agreement(word, other) >= TONE for other in known)


def _agree(typed: Sequence[str], meant: Sequence[str]) -> bool:
    return all(agreement(*pair) >= TONE for pair in zip(typed, meant, strict=True))


def _bare(words: Sequence[str]) -> Phrase:
    return tuple(fold(word) for word in words)
