"""Hears a question against a catalogue's names: which words may be which, and what each says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handlers.reading.naming.asked import Asked
from handlers.reading.naming.dimensions import Dimensions
from handlers.reading.naming.names import Names
from handlers.reading.naming.segments import Segment, Segmenter, names_a_thing
from handlers.reading.spelling import agreement, is_syllable, likeness_of_marks, sound
from handlers.reading.words import Found, Lexicon, Repairer, Word, Words, is_marked

SOUNDS = 0.7
"""How alike a word is that some region sounds the same."""
SWAPPED, ONE_SLIP, TWO_SLIPS = 0.85, 0.78, 0.6
"""How alike words are that slips of the finger part."""
DOUBTFUL = 0.5
"""What a word typed without marks says that may be talk, where names have it as it stands."""
PLAIN = 0.2
"""What a word of daily life says that no name has."""
READS = 0.9
"""The agreement from which a typed word reads as one of a name."""
NUMBER_OF = "số"
NUMBER = 0.3
"""What a number says that no name has and no period took."""
UNKNOWN = 1.0
NEGATIONS = frozenset({"không", "chưa"})
_HARD = frozenset(",:.;?!\n")
CHANGES = frozenset({"tăng", "giảm", "chênh", "hơn", "kém", "vượt", "hụt", "thiếu"})
PLANNED = frozenset({"target", "attainment", "gap"})
IMPLIED = {"share": "share", "permille": "rate", "rank": "rank", "money": "money"}
"""The measure of a thing that a kind of value asks for."""
_REMEMBERED = 20_000
ASIDE = "aside"
"""Who takes the words that are said not to be meant."""
PERIODS = "period"
"""Who takes the words of periods."""
COUNTING = frozenset({"unit", "want", "number"})
"""Classes of words that ask how much."""
NUMERALS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


_Heard = tuple[tuple[Segment, ...], list[int], list[float], dict[str, list[tuple[int, float]]]]
"""The words of the field in a row, which syllable is of which, their rarity, what they may be."""


class Hearing:
    """Hears questions over one version of a catalogue."""

    def __init__(
        self,
        names: Names,
        repairer: Repairer,
        segmenter: Segmenter,
        dimensions: Dimensions,
        rarity: Mapping[str, float],
        heads: Lexicon,
        talk: Lexicon,
        of_fields: frozenset[str] = frozenset(),
    ) -> None:
        """Take the names, the words that a language has around them, and those of fields."""
        self._of_fields = of_fields
        self._last: tuple[Sequence[Word], _Heard] | None = None
        self.names = names
        self._repairer = repairer
        self._segmenter = segmenter
        self._dimensions = dimensions
        self._rarity = rarity
        self._heads = heads
        self._talk = talk
        self._alike: dict[tuple[str, bool], tuple[tuple[str, float], ...]] = {}

    def asked(
        self, words: Words, functional: Sequence[Found], start: int = 0, end: int | None = None
    ) -> Asked:
        """Hear the words between two places; `functional` are phrases other readers want."""
        row = words.row
        end = len(row) if end is None else end
        segments, segment_of, rarity, hits = self._heard(row)
        excluded = frozenset(at for at, owner in enumerate(words.owner) if owner == ASIDE)
        dimensions = self._wanted_values(words, functional, start, end, segments)
        amounts = self._amounts(words, start, end)
        if not any(dimensions.values()):
            dimensions = {**amounts, **dimensions}
        not_wanted = frozenset[str]().union(
            *(kinds for place, kinds in dimensions.items() if place in excluded)
        )
        dimensions = {place: kinds for place, kinds in dimensions.items() if place not in excluded}
        silent = self._silent(words, functional, segments)
        silent.update(dict.fromkeys({*dimensions, *amounts} - _counted(row, dimensions), 0.0))
        said = [
            rarity[place] * silent.get(place, 1.0) if words.free(place) else 0.0
            for place in range(len(row))
        ]
        return Asked(
            row,
            start,
            end,
            said,
            rarity,
            _clauses(row),
            segments,
            segment_of,
            frozenset(place for place in range(len(row)) if not words.free(place)),
            frozenset(
                place
                for place, word in enumerate(row)
                if word.bare in self.names.own or word.bare in self._of_fields
            ),
            self._heads_of(row, start, end, dimensions),
            dimensions,
            {each.end: each.group for each in self._heads.apart(list(row))},
            _negated(row, functional, segments) - excluded,
            is_marked(row),
            _outside(hits, excluded),
            _outside(hits, frozenset(range(len(row))) - excluded),
            frozenset(amounts),
            not_wanted,
        )

    def _heard(self, row: Sequence[Word]) -> _Heard:
        """Hear a row once, whatever part of it is asked about."""
        if self._last is None or self._last[0] is not row:
            segments = self._segmenter.segment(row)
            segment_of = [0] * len(row)
            for number, segment in enumerate(segments):
                length = segment.end - segment.start
                segment_of[segment.start : segment.end] = [number] * length
            rarity = [self._weight(word) for word in row]
            self._last = row, (segments, segment_of, rarity, self._hits(row))
        return self._last[1]

    def _weight(self, word: Word) -> float:
        if word.number is not None:
            return NUMBER
        texts = self.names.texts.get(word.bare, ()) if word.text == word.bare else ()
        if texts:  # without its marks it is the commonest of the words that it may be
            return min(self._rarity.get(text, UNKNOWN) for text in texts)
        return self._rarity.get(word.text, self._rarity.get(word.bare, UNKNOWN))

    def _silent(
        self, words: Words, functional: Sequence[Found], segments: Sequence[Segment]
    ) -> dict[int, float]:
        """Give the words that say less than they weigh, each with what is left of it."""
        left: dict[int, float] = {}
        for segment in segments:
            if segment.light and not segment.silent:
                for place in range(segment.start, segment.end):
                    left[place] = self._left_of_plain(words.row[place])
            if segment.silent:
                for place in range(segment.start, segment.end):
                    left[place] = self._left(words.row[place], words.marked)
        for found in words.find(self._talk):
            for place in range(found.start, found.end):
                part = found.phrase[place - found.start]
                exact = words.row[place].text == part or len(found.phrase) > 1
                left[place] = 0.0 if exact else self._left(words.row[place], words.marked)
        for found in functional:
            left.update(dict.fromkeys(range(found.start, found.end), 0.0))
        return left

    def _left_of_plain(self, word: Word) -> float:
        """Give what is left of a word of daily life: all, where names have it."""
        return 1.0 if word.bare in self.names.own else PLAIN

    def _left(self, word: Word, marked: bool) -> float:
        """Give what is left of a word that may be talk: half, where names have it unmarked."""
        doubtful = not marked and word.bare in self.names.postings
        return DOUBTFUL if doubtful else 0.0

    def _heads_of(
        self,
        row: Sequence[Word],
        start: int,
        end: int,
        dimensions: Mapping[int, frozenset[str]],
    ) -> frozenset[str]:
        heads = self._heads.apart(list(row[start:end]))
        found = {each.group for each in heads if not row[each.start + start].written_out}
        kinds = frozenset[str]().union(*dimensions.values())
        found |= {IMPLIED[kind] for kind in kinds if kind in IMPLIED}
        return frozenset(found - {"count"} or found)

    def _wanted_values(
        self,
        words: Words,
        functional: Sequence[Found],
        start: int,
        end: int,
        segments: Sequence[Segment],
    ) -> dict[int, frozenset[str]]:
        """Give the kinds of value that are asked for; a change or a rate of a plan has none."""
        row = words.row
        dated = frozenset(place for place, owner in enumerate(words.owner) if owner == PERIODS)
        asked = self._dimensions.asked(row, start, end, _later_parts(segments), dated)
        groups = {found.group for found in functional}
        planned = bool(groups & PLANNED)
        return {
            place: kinds
            for place, kinds in asked.items()
            if not (planned and "share" in kinds) and not _after_change(row, place)
        }

    def _amounts(self, words: Words, start: int, end: int) -> dict[int, frozenset[str]]:
        """Give the amounts that were typed, with their kinds; "5 tuổi" of a name is none."""
        places = [
            place
            for place in range(start, min(end, len(words) - 1))
            if words.row[place].number is not None
            and words.free(place)
            and (words.row[place].bare, words.row[place + 1].bare) not in self.names.pairs
        ]
        found = self._dimensions.amounts(words.row, places, end)
        return {at: kinds for at, kinds in found.items() if not _after_change(words.row, at)}

    # ------------------------------------------------------------ which word may be which

    def _hits(self, row: Sequence[Word]) -> dict[str, list[tuple[int, float]]]:
        hits: dict[str, list[tuple[int, float]]] = {}
        for place, word in enumerate(row):
            for bare, like in self._matches(word):
                hits.setdefault(bare, []).append((place, like))
            for bare in self._of_compounds(row, place):
                hits.setdefault(bare, []).append((place, SOUNDS))
        return hits

    def _of_compounds(self, row: Sequence[Word], place: int) -> list[str]:
        """Give the words that a word sounds like, which make a known pair with the one beside it.

        "Tỷ *xuất*" is no pair of words, "tỷ *suất*" is one; so a word that is spelled right is
        still read as another one.
        """
        word = row[place]
        alike = [each for each in self.names.sounds.get(sound(word.bare), ()) if each != word.bare]
        if not alike or word.number is not None:
            return []
        before = row[place - 1].bare if place and not word.breaks else ""
        behind = row[place + 1].bare if place + 1 < len(row) and not row[place + 1].breaks else ""
        pairs = self.names.pairs
        found = [each for each in alike if (before, each) in pairs or (each, behind) in pairs]
        own = (before, word.bare), (word.bare, behind)
        stands = found and any(pair in pairs or self._segmenter.knows(pair) for pair in own)
        return [] if stands else found

    def _matches(self, word: Word) -> tuple[tuple[str, float], ...]:
        """Give the words of names that a typed word may be, each with its likeness."""
        key = word.text, word.number is None
        if key not in self._alike:
            if len(self._alike) > _REMEMBERED:
                self._alike.clear()
            self._alike[key] = tuple(self._read(word).items())
        return self._alike[key]

    def _read(self, word: Word) -> dict[str, float]:
        found = {word.bare: 1.0} if self._stands(word) else {}
        if word.number is not None:
            return found
        strange = not self._repairer.is_spelled(word.text) or word.bare not in self._repairer.known
        if not strange:
            return found
        for alike in self.names.sounds.get(sound(word.bare), ()):
            found.setdefault(alike, SOUNDS * self._allowed(word, alike))
        for near, like in self._slips(word.bare):
            found[near] = max(found.get(near, 0.0), like * self._allowed(word, near))
        return {bare: like for bare, like in found.items() if like >= DOUBTFUL}

    def _stands(self, word: Word) -> bool:
        """Return whether names have a word with marks that agree with the typed ones."""
        if word.bare in self._of_fields:
            return True
        texts = self.names.texts.get(word.bare, ())
        return any(agreement(word.text, text) >= READS for text in texts)

    def _allowed(self, word: Word, bare: str) -> float:
        return max(likeness_of_marks(word.text, text) for text in self.names.texts[bare])

    def _slips(self, bare: str) -> list[tuple[str, float]]:
        if len(bare) < 3:
            return []
        most = 2 if len(bare) >= 7 else 1
        hits = process.extract(
            bare, self.names.postings.keys(), scorer=OSA.distance, score_cutoff=most, limit=8
        )
        return [
            (near, _likeness(bare, near, int(distance)))
            for near, distance, _ in hits
            if distance and len(near) >= 3
        ]


def _likeness(typed: str, meant: str, distance: int) -> float:
    """Give how alike two bare words are; short ones are alike by chance."""
    by_slips = {1: ONE_SLIP}.get(distance, TWO_SLIPS)
    like = SWAPPED if sorted(typed) == sorted(meant) else by_slips
    return like - (0.1 if len(typed) <= 3 or not is_syllable(meant) else 0.0)


def _later_parts(segments: Sequence[Segment]) -> frozenset[int]:
    """Give the words that are a later part of a longer word, and so no unit: "thời *điểm*"."""
    return frozenset(
        place
        for segment in segments
        if segment.kinds.isdisjoint(COUNTING)
        for place in segment.places[1:]
    )


def _outside(
    hits: Mapping[str, Sequence[tuple[int, float]]], places: frozenset[int]
) -> dict[str, list[tuple[int, float]]]:
    """Give what words may be, without the words at these places."""
    left = {bare: [spot for spot in spots if spot[0] not in places] for bare, spots in hits.items()}
    return {bare: spots for bare, spots in left.items() if spots}


def _counted(row: Sequence[Word], dimensions: Mapping[int, frozenset[str]]) -> set[int]:
    """Give the words of units behind "số", which name a thing sooner: "số *hợp tác xã*"."""
    counted: set[int] = set()
    for place in sorted(dimensions):
        if place and (row[place - 1].text == NUMBER_OF or place - 1 in counted):
            counted.add(place)
    return counted


def _after_change(row: Sequence[Word], place: int) -> bool:
    """Return whether a unit tells how far something moved: "giảm mấy *điểm*"."""
    return any(word.text in CHANGES for word in row[max(0, place - 4) : place])


def _clauses(row: Sequence[Word]) -> list[int]:
    """Number the clause that each word stands in: colons, stops and the like part them."""
    numbers: list[int] = []
    for word in row:
        before = numbers[-1] if numbers else 0
        numbers.append(before + bool(word.breaks and not _HARD.isdisjoint(word.breaks)))
    return numbers


def _negated(
    row: Sequence[Word], functional: Sequence[Found], segments: Sequence[Segment]
) -> frozenset[int]:
    """Give the words behind "không" and "chưa", where these do not only close a question."""
    closing = [each for each in functional if row[each.start].text not in NEGATIONS]
    wanted = {place for found in closing for place in range(found.start, found.end)}
    wanted.update(place for each in segments if names_a_thing(each) for place in each.places)
    return frozenset(
        place + 1
        for place, word in enumerate(row[:-1])
        if place not in wanted
        and not row[place + 1].breaks
        and any(agreement(word.text, no) >= 0.98 for no in ("không", "chưa"))
    )
