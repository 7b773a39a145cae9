"""Whether a sentence asks for a deed or only speaks of it, by its function words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from handlers.mood import Mood
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Phrase, Vocabulary

_STOPS = frozenset(",.;:?!\n")
_KNOWN = ("around", "digest")
"""Wishes whose words tell nothing of a mood."""
_ADDRESS = re.compile(r"[\w.+-]@[\w-]+\.\w|(?<!\d)(?:\+84|0)\d(?:[ .-]?\d){7,9}(?!\d)")
"""An address of electronic mail, or a telephone number."""
_REFUSING = (("không",), ("chưa",), ("chẳng",), ("hổng",), ("hông",), ("khỏi",))
"""What endings begin with that are said of how things are as well: "không nhận bản tin"."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase of the moods and every group that it belongs to."""

    start: int
    end: int
    groups: frozenset[str]


def places_of(spans: Iterable[Mark | Found]) -> frozenset[int]:
    """Give every place that spans of words cover."""
    return frozenset(place for span in spans for place in range(span.start, span.end))


@dataclass(frozen=True, slots=True)
class Span:
    """Places of words, the end not included."""

    start: int
    end: int

    def holds(self, mark: Mark) -> bool:
        return self.start <= mark.start and mark.end <= self.end


@dataclass(frozen=True)
class Sentence:
    """A row of words with its marks, and where in it the deed is spoken of.

    `clause` is the part that holds the deed; `before` and `after` are that part without it. Where
    no word names the deed ("lúc 9h") all three are the whole row.
    """

    row: list[Word]
    marks: tuple[Mark, ...]
    settled: frozenset[int]
    """The words that say what the deed is to be like."""
    known: frozenset[int]
    """All words but those that nothing is known of."""
    clause: Span
    before: Span
    after: Span
    deed: Phrase = ()
    asked: bool = False
    """Whether a question mark ends it."""
    elsewhere: bool = False
    """Whether an address outside of the chat is named."""

    @property
    def whole(self) -> Span:
        return Span(0, len(self.row))

    def says(self, group: str, within: Span) -> bool:
        return any(group in mark.groups and within.holds(mark) for mark in self.marks)

    def ends_with(self, group: str, within: Span) -> bool:
        """Whether a phrase of the group ends a part, but for words of courtesy."""
        return any(
            group in mark.groups and within.holds(mark) and self._trails_off(mark.end, within.end)
            for mark in self.marks
        )

    def _trails_off(self, start: int, end: int) -> bool:
        light = {"courtesy", "urges", "persons", "calls"}
        said = places_of(mark for mark in self.marks if mark.groups & light)
        return said.issuperset(range(start, end))

    @property
    def urged(self) -> bool:
        """Whether words stand in the deed's part that one asks with: "giúp tôi", "nhé"."""
        return self.says("urges", self.clause) or any(
            "gives" in mark.groups and mark.end in self._persons and self.clause.holds(mark)
            for mark in self.marks
        )

    @property
    def _persons(self) -> dict[int, int]:
        return {mark.start: mark.end for mark in self.marks if "persons" in mark.groups}

    def is_name(self, place: int) -> bool:
        """Whether a word is somebody's name: unknown, or the only one that begins large."""
        large = [word.typed[:1].isupper() for word in self.row[1:]]
        alone = self.row[place].typed[:1].isupper() and sum(large) * 2 <= len(large)
        return place not in self.known or (alone and place not in self.settled)

    def given_to(self) -> Iterator[int]:
        """Yield where a name may stand that something is for: behind "cho", or behind "cho anh"."""
        for mark in self.marks:
            name = self._persons.get(mark.end, mark.end)
            giving = "gives" in mark.groups and self.after.holds(mark)
            if giving and name < self.after.end and not self.row[name].breaks:
                yield name


def _is_asked_about(sentence: Sentence) -> bool:
    return (
        sentence.says("asks", sentence.whole)
        or (_asks_whether(sentence) and not sentence.says("may", sentence.before))
        or _offers_two(sentence)
    )


def _asks_whether(sentence: Sentence) -> bool:
    return any(sentence.ends_with("asks_last", part) for part in (sentence.clause, sentence.whole))


def _offers_two(sentence: Sentence) -> bool:
    """Whether one thing or another is spoken of: "hằng tuần hay hằng tháng"."""
    return any(
        "either" in mark.groups and sentence.after.holds(mark) and mark.end < sentence.after.end
        for mark in sentence.marks
    )


def _is_supposed(sentence: Sentence) -> bool:
    return sentence.says("supposes", sentence.whole)


def _is_refused(sentence: Sentence) -> bool:
    return sentence.says("refuses", sentence.before) or sentence.ends_with(
        "refuses_last", sentence.clause
    )


def _is_reported(sentence: Sentence) -> bool:
    earlier = Span(0, sentence.before.end)
    return (
        sentence.says("says", earlier)
        or sentence.says("done_before", sentence.before)
        or _is_passive(sentence)
        or _has_come_about(sentence)
        or sentence.ends_with("done_last", sentence.after)
        or sentence.says("past", sentence.clause)
    )


def _has_come_about(sentence: Sentence) -> bool:
    """Whether it comes about by itself: "tôi nhận *được* bản tin", and nobody wants it."""
    if sentence.says("urges", sentence.before):
        return False
    comes = [mark for mark in sentence.marks if "passive" in mark.groups]
    return any(not sentence.deed or mark.start == sentence.after.start for mark in comes)


def _is_passive(sentence: Sentence) -> bool:
    """Whether the digest is said to be dealt with: "bản tin *được* gửi lúc 8h"."""
    return any(
        "passive" in mark.groups
        and sentence.before.holds(mark)
        and mark.start - 1 in sentence.settled
        for mark in sentence.marks
    )


def _is_anothers(sentence: Sentence) -> bool:
    return (
        sentence.elsewhere
        or sentence.says("out", sentence.whole)
        or sentence.says("others", sentence.clause)
        or any(sentence.is_name(place) for place in sentence.given_to())
    )


def _is_for_later(sentence: Sentence) -> bool:
    return sentence.says("later", sentence.clause)


def _is_unsure(sentence: Sentence) -> bool:
    return (
        _has_strange_words(sentence)
        or (_is_shaped_as_question(sentence) and not sentence.urged)
        or (sentence.deed[:1] in _REFUSING and not _is_for_good(sentence))
    )


def _is_shaped_as_question(sentence: Sentence) -> bool:
    may = sentence.says("may", sentence.before)
    return sentence.asked or may or sentence.says("begs", sentence.whole)


def _has_strange_words(sentence: Sentence) -> bool:
    """Whether anything stands before the deed that is neither courtesy nor part of a wish."""
    return any(
        place not in sentence.known for place in range(sentence.before.start, sentence.before.end)
    )


def _is_for_good(sentence: Sentence) -> bool:
    """Whether a refusal is of what goes on now: "không nhận nữa"."""
    return sentence.deed[-1] == "nữa" or any(word.bare == "nua" for word in sentence.row)


RULES: tuple[tuple[Mood, Callable[[Sentence], bool]], ...] = (
    (Mood.QUESTION, _is_asked_about),
    (Mood.CONDITIONAL, _is_supposed),
    (Mood.NEGATED, _is_refused),
    (Mood.REPORTED, _is_reported),
    (Mood.ANOTHER, _is_anothers),
    (Mood.LATER, _is_for_later),
    (Mood.UNSURE, _is_unsure),
)
"""The first that holds decides; where none does, the deed is asked for."""


class RequestReader:
    """Judges sentences with a vocabulary; it keeps nothing between them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        told = ("new", "corrected", "missed")
        self._waited = Lexicon({group: vocabulary.wishes[group] for group in told}, loose=True)
        moods = dict(vocabulary.moods)
        self._as_typed = frozenset(moods.pop("as_typed"))
        self._moods = Lexicon(moods, loose=True)
        self._known = Lexicon(
            {
                "known": (
                    *vocabulary.talk,
                    *vocabulary.wishes["around"],
                    *vocabulary.wishes["digest"],
                )
            },
            loose=True,
        )

    def mood(
        self,
        text: str,
        words: Words,
        deed: Found | None,
        *,
        deeds: tuple[Found, ...] = (),
        settled: frozenset[int] = frozenset(),
    ) -> Mood:
        """Tell how a text speaks of a deed.

        `deeds` are all that it names; `settled` the words that say what a deed is to be like, which
        tell nothing of its mood ("không kèm biểu đồ").
        """
        named = places_of(deeds)
        marks = self.marks(words.row, self._but_conditions(words.row, settled, deed) | named)
        known = self._spoken(words, marks) | settled | named
        clause = Span(0, len(words)) if deed is None else _clause(words.row, marks, deed)
        sentence = Sentence(
            words.row,
            marks,
            settled,
            known,
            clause,
            before=clause if deed is None else Span(clause.start, deed.start),
            after=clause if deed is None else Span(deed.end, clause.end),
            deed=() if deed is None else deed.phrase,
            asked=text.rstrip(" \n\t.!)”\"'").endswith("?"),
            elsewhere=_ADDRESS.search(text) is not None,
        )
        return next((mood for mood, holds in RULES if holds(sentence)), Mood.REQUEST)

    def _but_conditions(
        self, row: list[Word], settled: frozenset[int], deed: Found | None
    ) -> frozenset[int]:
        """Give the settled words without a condition for asking: "*nếu* sếp đồng ý thì …".

        One that says what is waited for stays: "nếu có số mới thì báo".
        """
        first = 0 if deed is None else deed.start
        waited = [each.start for each in self._waited.find(row) if each.end <= first]
        return settled.difference(
            found.start
            for place in range(max(waited, default=0), first)
            for found in self._moods.at(row, place)
            if found.group == "supposes"
        )

    def marks(
        self, row: list[Word], settled: frozenset[int] | set[int] = frozenset()
    ) -> tuple[Mark, ...]:
        """The phrases of the moods left to right, none inside another, nor among settled words."""
        marks: list[Mark] = []
        place = 0
        while place < len(row):
            mark = self._mark(row, place, settled)
            if mark is not None:
                marks.append(mark)
            place = place + 1 if mark is None else mark.end
        return tuple(marks)

    def without_receivers(self, words: Words) -> Words:
        """Take "cho tôi", "hộ em": they say for whom a deed is, and nothing of what it is about."""
        marks = self.marks(words.row)
        persons = {mark.start: mark.end for mark in marks if "persons" in mark.groups}
        for mark in marks:
            if "gives" in mark.groups and mark.end in persons:
                words.take(mark.start, persons[mark.end], "around", "for whom")
        return words

    def _mark(self, row: list[Word], place: int, settled: frozenset[int] | set[int]) -> Mark | None:
        """The longest phrase at a place that no other reader has words of, with all its groups."""
        found = [
            each
            for each in self._moods.at(row, place)
            if settled.isdisjoint(range(each.start, each.end)) and self._stands(row, each)
        ]
        if not found:
            return None
        end = found[0].end
        groups = {each.group for each in found if each.end == end or each.group == "turns"}
        if "courtesy" in groups and (place == 0 or row[place].breaks):
            groups.discard("done_before")  # "da" that begins a sentence is dạ, no đã
        return Mark(place, end, frozenset(groups))

    def _stands(self, row: list[Word], found: Found) -> bool:
        if found.phrase not in self._as_typed:
            return True
        return all(
            word.text == part
            for word, part in zip(row[found.start : found.end], found.phrase, strict=True)
        )

    def _spoken(self, words: Words, marks: tuple[Mark, ...]) -> frozenset[int]:
        """The places of words that belong to talk or to a mood."""
        return places_of((*marks, *words.find(self._known)))


def _clause(row: list[Word], marks: tuple[Mark, ...], deed: Found) -> Span:
    """The part that holds a deed, between stops and words that turn to another part."""
    cuts = [place for place, word in enumerate(row) if _stops(word)]
    cuts += [mark.start for mark in marks if "turns" in mark.groups]
    calls = [mark.end for mark in marks if "calls" in mark.groups]
    start = max((place for place in (*cuts, *calls) if place <= deed.start), default=0)
    end = min((place for place in cuts if place >= deed.end), default=len(row))
    return Span(start, end)


def _stops(word: Word) -> bool:
    return word.number is None and not _STOPS.isdisjoint(word.breaks)
