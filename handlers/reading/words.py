"""A question as a row of words for readers: cleaned, repaired, short forms written out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise

from db.facts import Period
from handlers.question import Taken
from handlers.reading.legacy import modern
from handlers.reading.spelling import (
    Spelling,
    agreement,
    alike,
    fold,
    is_key_beside,
    is_syllable,
    slips,
    spell,
    split_glued,
    telex,
    vni,
)
from locales.vocabulary import Meaning, Phrase

LONGEST = 4096
"""How much of a text is read; a question fits many times over."""

NAMED = 1.0
"""The cost of a word that names of indicators have."""
SHORT = 7
"""No syllable is longer: so many letters are one word with a slip sooner than two that lack a
space.
"""
MOST_WORDS = 200
"""How many words of it are read: a question has ten, a pasted report is none."""

APART = "apart"
"""The group of phrases that are found so that no other is, and that speak for nothing."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"\]\([^()\s]{0,300}\)|https?://\S{1,500}")
_MENTION = re.compile(r"(?:^|(?<=\s))@\w{2,64}")
_GLUED_MONTH = re.compile(
    r"([^\W\d_]{3,40}?[^\W\d_])((?:t|th|thg)?\d{1,2}[/.\-](?:19|20)\d{2})\b", re.IGNORECASE
)
"""A month without the space before it: "Nguyênt12/2024"."""
_DRESSING = re.compile(r"[*_`~\[\]{}|\\^#]+")


def _plain_letters(text: str) -> str:
    """Full-width, superscript and other shapes of letters and digits as the plain ones; m² and km³
    stay units.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    out: list[str] = []
    for before, letter in pairwise(" " + text):
        plain = unicodedata.normalize("NFKC", letter)
        out.append(plain if plain.isalnum() and not (letter in "²³" and before in "mM") else letter)
    return "".join(out)


def clean(text: str) -> str:
    """The text without what no one reads: markup, links, mentions, control and direction
    characters.
    """
    text = unicodedata.normalize("NFC", _plain_letters(modern(text[:LONGEST])))
    if not text.isprintable():
        text = "".join(
            " " if letter in "\t\n\r\u00a0\u2007\u202f" else letter
            for letter in text
            if letter in "\t\n\r"
            or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        )
    # Each pattern is looked for only where a sign stands that all it finds have: most texts have
    # none of them.
    if "/" in text or "." in text or "-" in text:
        text = _GLUED_MONTH.sub(lambda found: f"{found[1]} {found[2]}", text)
    if "](" in text or "://" in text:
        text = _LINK.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "@" in text:
        text = _MENTION.sub(" ", text)
    return _DRESSING.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is read, and as it was typed.

    `breaks` are the commas, colons, dashes or stops that stand before it; `number` holds what
    digits were typed; `day`, `month`, `span` and `period` what a date, a month of a year, two
    joined years or a written period say.
    """

    text: str
    typed: str
    breaks: str = ""
    number: str | None = None
    day: date | None = None
    month: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    period: Period | None = None
    repaired: bool = False
    written_out: bool = False
    """Whether it was typed as a short form, of which it is a piece."""
    bare: str = field(default="")

    def __post_init__(self) -> None:
        if not self.bare:
            object.__setattr__(self, "bare", fold(self.text))

    @property
    def plain_number(self) -> int | None:
        return (
            int(self.number)
            if self.number is not None and self.number.isdecimal() and len(self.number) <= 9
            else None
        )


_YEAR = r"(?:19|20)\d{2}"
_TOKEN = re.compile(
    rf"""
    [ ]?(?:
      (?P<letters>[^\W\d_]+)(?=\s)
    | (?P<date>\b\d{{1,2}}(?P<sign>[/.\-])\d{{1,2}}(?P=sign){_YEAR}\b)
    | (?P<written>\b{_YEAR}-(?:Q[1-4]|S[12]|0[1-9]|1[0-2])(?:/{_YEAR}-(?:0[1-9]|1[0-2]))?\b(?!-\d))
    | (?P<iso>\b{_YEAR}-\d{{2}}-\d{{2}}\b)
    | (?P<span>\b{_YEAR}\s?[-–—÷]\s?(?:{_YEAR}|\d{{2}})\b(?![/.]\d))
    | (?P<late>\b2k\d{{2}}\b|['’‘]\d{{2}}\b)
    | (?P<month>\b\d{{1,2}}[/\-.]{_YEAR}\b)
    | (?P<short>\b(?:b/c|s/l|lđ-tb&xh|lđtb&xh|gd&đt|kt-xh|t\.nguyên|t\.nguyen)\b)
    | (?P<number>\b\d+(?:[.,]\d+)*(?![^\W_]))
    | (?P<mixed>[^\W_]+)
    | (?P<percent>%)
    | (?P<stop>[,;:?!/\n()–—+=.-])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GLUED_NUMBER = re.compile(r"\d+|[^\W\d]+")


def _date(text: str) -> date | None:
    numbers = [int(part) for part in re.split(r"[/.\-]", text)]
    try:
        return date(*numbers) if numbers[0] > 31 else date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        return None


@lru_cache(maxsize=16384)
def _as_typed(typed: str, breaks: str) -> Word:
    """A short word with nothing repaired: they come again in most questions."""
    return Word(typed.casefold(), typed, breaks)


def _joins(text: str, place: int) -> bool:
    """Whether a dash only joins two syllables: "héc-ta"."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] == "-" and len(around) == 2 and around.isalpha()


def tokens(text: str) -> list[Word]:
    """The words of a cleaned text, unrepaired."""
    out: list[Word] = []
    breaks = ""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        typed = found[kind]
        if kind == "stop":
            breaks += "" if _joins(text, found.start(kind)) else typed
            continue
        word = (
            _as_typed(typed, breaks)
            if len(typed) + len(breaks) <= SHORT
            else Word(typed.casefold(), typed, breaks)
        )
        match kind:
            case "written":
                word = replace(word, period=Period.parse(typed.upper()), number=typed)
            case "date" | "iso":
                word = replace(word, day=_date(typed), number=typed)
            case "span":
                first, last = re.split(r"\s?[-–—÷]\s?", typed)
                word = replace(
                    word,
                    span=(int(first), int(last) if len(last) == 4 else int(first[:2] + last)),
                    number=typed,
                )
            case "month":
                first, last = re.split(r"[/\-.]", typed)
                word = replace(word, month=(int(first), int(last)), number=typed)
            case "late":  # 2k23, '23
                word = replace(word, text="20" + typed[-2:], number="20" + typed[-2:])
            case "number":
                word = replace(word, number=typed)
            case "percent":
                word = replace(word, text="%")
        out.append(word)
        breaks = ""
    return out


def _split_mixed(word: Word) -> list[Word]:
    """Letters and digits typed together, apart: "năm2023", "T3", "2k23", "6t"."""
    parts = _GLUED_NUMBER.findall(word.text)
    return [
        Word(
            part,
            word.typed,
            word.breaks if place == 0 else "",
            number=part if part.isdecimal() else None,
            repaired=True,
        )
        for place, part in enumerate(parts)
    ]


class Repairer:
    """Mends words by what is known: the words of the catalogue and of the vocabulary, and what they
    cost.
    """

    def __init__(
        self,
        known: Mapping[str, float],
        short: Mapping[str, tuple[Meaning, ...]],
        spelled: frozenset[Spelling] = frozenset(),
        spoken: frozenset[Spelling] = frozenset(),
    ) -> None:
        """`known`: bare words and their costs; `spelled`: the same with their marks; `spoken`:
        those of them that talk is of.
        """
        self.known = dict(known)
        self._spoken = spoken
        self._spelled = spelled
        self._short = dict(short)
        self._bare_short: dict[str, tuple[Meaning, ...]] = {}
        for form, meanings in short.items():
            self._bare_short.setdefault(fold(form), meanings)
        self._by_length: dict[int, list[str]] = {}
        for word in self.known:
            self._by_length.setdefault(len(word), []).append(word)
        self._nearest: dict[str, str | None] = {}
        self._settled: set[str] = set()
        """Words that stand as they are whatever is beside them."""

    def words(self, text: str) -> Words:
        """Reads a text as words: cleaned, split, keys decoded, short forms written out."""
        raw = tokens(clean(text))[:MOST_WORDS]
        mixed = [
            word
            for word in raw
            if word.number is None
            and not word.text.isalpha()
            and any(letter.isdecimal() for letter in word.text)
        ]
        decoded = {word.text: vni(fold_keep_digits(word.text)) for word in mixed}
        keys = sum(1 for word in mixed if decoded[word.text] and not _ORDINARY.match(word.text))
        keys += any(decoded[word.text] and _DIGIT_WITHIN.search(word.text) for word in mixed)
        out: list[Word] = []
        for place, word in enumerate(raw):
            if word.number is not None or word.text == "%":
                out.append(word)
            elif word.text in decoded:
                needed = 3 if _ORDINARY.match(word.text) else 2
                meant = decoded[word.text]
                if meant and keys >= needed:
                    out.append(replace(word, text=meant, bare=fold(meant), repaired=True))
                else:
                    for part in _split_mixed(word):
                        out.extend(
                            [part]
                            if part.number is not None
                            else self._letters(part, out, raw[place + 1 :])
                        )
            else:
                out.extend(self._letters(word, out, raw[place + 1 :]))
        return Words(out)

    def _letters(self, word: Word, before: list[Word], after: list[Word]) -> list[Word]:
        if word.text in self._settled:
            return [word]
        written = self._write_out(word, before, after)
        if written is not None:
            return written
        if word.bare in self.known or (is_syllable(word.bare) and not self._is_keyed(word)):
            sounding = self._sounding(word)
            if sounding is not None:
                return [replace(word, text=sounding, bare=fold(sounding), repaired=True)]
            if word.text not in self._short and word.bare not in self._bare_short:
                if len(self._settled) > 20_000:
                    self._settled.clear()
                self._settled.add(word.text)
            return [word]
        meant = telex(word.text)
        if meant is not None and (fold(meant) in self.known or self._mend(word.bare) is None):
            if fold(meant) in self.known and spell(meant) not in self._spelled:
                meant = fold(meant)  # a letter typed twice, not a Telex key: "ngheoo"
            return [replace(word, text=meant, bare=fold(meant), repaired=True)]
        short = (
            len(word.bare) == 3 and spell(word.text).marked
        )  # too little to mend, and its marks would be lost
        mended = self._mend(word.bare) if len(word.bare) <= SHORT and not short else None
        if mended is None and len(word.bare) >= 5:
            pieces = split_glued(word.bare, self.known)
            if pieces is not None:
                return self._glued(word, pieces)
        mended = mended or (None if short else self._mend(word.bare))
        if mended is not None:
            return [replace(word, text=mended, bare=mended, repaired=True)]
        return [word]

    def _is_keyed(self, word: Word) -> bool:
        """Whether a word is one only as Telex keys, though it might be a syllable: "khoong"."""
        meant = telex(word.text)
        return meant is not None and spell(meant) in self._spelled

    def is_spelled(self, text: str) -> bool:
        """Whether a word may be meant as it stands: known with its marks, or typed without any."""
        spelling = spell(text)
        return not spelling.marked or spelling in self._spelled

    def _sounding(self, word: Word) -> str | None:
        """The one word of talk that a word unknown as it is spelled sounds like somewhere: "nãnh
        đạo", "tháng chước".
        """
        if spell(word.text) in self._spelled or (
            word.bare in self.known and not spell(word.text).marked
        ):
            return None
        likely = [each for each in alike(word.text) if spell(each) in self._spoken]
        return likely[0] if len(likely) == 1 else None

    def _glued(self, word: Word, pieces: tuple[str, ...]) -> list[Word]:
        """The words of a glued run, each with the marks that were typed on its letters; short forms
        written out.
        """
        out: list[Word] = []
        place = 0
        plain = unicodedata.normalize("NFC", word.text)
        even = len(plain) == sum(map(len, pieces))
        for number, piece in enumerate(pieces):
            text = plain[place : place + len(piece)] if even else piece
            place += len(piece)
            breaks = word.breaks if number == 0 else ""
            one = Word(
                text, word.typed if number == 0 else text, breaks, repaired=True, bare=fold(piece)
            )
            out.extend(self._write_out(one, out, []) or [one])
        return out

    def _mend(self, bare: str) -> str | None:
        """The known word one slip away from a word that is none; None when there is none, or
        several.
        """
        if len(bare) < 3 or len(bare) > 12 or not any(letter in "aeiouy" for letter in bare):
            return None  # letters without a vowel are initials
        if bare not in self._nearest:
            near = [
                known
                for length in (len(bare), len(bare) - 1, len(bare) + 1)
                for known in self._by_length.get(length, ())
                if known[0] == bare[0]
                and slips(bare, known) == 1
                and (len(bare) > 3 or sorted(known) == sorted(bare))
            ]

            def order(known: str) -> tuple[int, float]:
                """Swapped letters first, then the key beside: the commonest slips."""
                if sorted(known) == sorted(bare):
                    return 0, self.known[known]
                return 1 if is_key_beside(bare, known) else 2, self.known[known]

            near.sort(key=lambda known: (order(known), known))
            if len(self._nearest) > 20000:
                self._nearest.clear()
            clear = len(near) == 1 or (len(near) > 1 and order(near[0]) < order(near[1]))
            self._nearest[bare] = near[0] if clear else None
        return self._nearest[bare]

    def _write_out(self, word: Word, before: list[Word], after: list[Word]) -> list[Word] | None:
        """The words that a short form stands for among these neighbours; None when it is no short
        form here.
        """
        meanings = self._short.get(word.text)
        if (
            meanings is not None
            and is_syllable(word.bare)
            and word.text == word.bare
            and not word.typed.isupper()
        ):
            # "te" is té or tế; a short form that reads as a syllable is written large: "TE"
            return None
        if meanings is None:
            if spell(word.text).marked or is_syllable(word.bare):
                return None
            meanings = self._bare_short.get(word.bare)
            if meanings is None:
                return None
        fitting = [
            meaning
            for meaning in meanings
            if not (meaning.after or meaning.before)
            or any(_ends_with(before, phrase) for phrase in meaning.after)
            or any(_begins_with(after, phrase) for phrase in meaning.before)
        ]
        if not fitting:
            return None
        named = (
            each
            for each in fitting
            if all(self.known.get(fold(text)) == NAMED for text in each.words)
        )
        chosen = fitting[0] if fitting[0].after or fitting[0].before else next(named, fitting[0])
        return [
            Word(
                text,
                word.typed if place == 0 else text,
                word.breaks if place == 0 else "",
                repaired=True,
                written_out=len(chosen.words) > 2,
            )
            for place, text in enumerate(chosen.words)
        ]


_DIGIT_WITHIN = re.compile(r"[^\W\d]\d[^\W\d]")
_ORDINARY = re.compile(r"(?:t|th|thang|thg|q|quy|qui|nam|n|k|s)\d+\Z|.*\d{4}", re.IGNORECASE)


def fold_keep_digits(text: str) -> str:
    return text if text.isascii() else fold(text)


def _ends_with(words: list[Word], phrase: Phrase) -> bool:
    return len(words) >= len(phrase) and all(
        agreement(word.text, part) >= 0.9
        for word, part in zip(words[-len(phrase) :], phrase, strict=True)
    )


def _begins_with(words: list[Word], phrase: Phrase) -> bool:
    return len(words) >= len(phrase) and all(
        agreement(word.text, part) >= 0.9
        for word, part in zip(words[: len(phrase)], phrase, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found among the words: its place, and the group it belongs to."""

    start: int
    end: int
    group: str
    phrase: Phrase


def clause_of(row: Sequence[Word], found: Found) -> range:
    """Give the places of the clause that a phrase stands in: signs part clauses."""
    start = max(at for at in range(found.start + 1) if at == 0 or row[at].breaks)
    end = next((at for at in range(found.end, len(row)) if row[at].breaks), len(row))
    return range(start, end)


class Lexicon:
    """Phrases by their first words, longest first, each with the group that it speaks for."""

    def __init__(
        self, groups: Mapping[str, Iterable[Phrase]], *, strict: bool = False, loose: bool = False
    ) -> None:
        """`strict`: a phrase of one word is found only where it is typed with its marks; `loose`: a
        short one, too.
        """
        self._alone: dict[str, list[tuple[Phrase, float, str]]] = {}
        self._longer: dict[str, dict[str, list[tuple[Phrase, Phrase, str]]]] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                bare = tuple(fold(word) for word in phrase)
                if len(phrase) == 1:  # "ve" is về far more often than vẽ
                    least = 1.0 if strict or (len(bare[0]) <= 2 and not loose) else 0.9
                    self._alone.setdefault(bare[0], []).append((phrase, least, group))
                else:
                    self._longer.setdefault(bare[0], {}).setdefault(bare[1], []).append(
                        (phrase, bare, group)
                    )
        for by_second in self._longer.values():
            for entries in by_second.values():
                entries.sort(key=lambda entry: -len(entry[0]))
        self.first = frozenset(self._alone.keys() | self._longer.keys())
        """The bare words that its phrases begin with."""

    def at(self, words: list[Word], place: int) -> Iterator[Found]:
        """The phrases that stand at a place, longest first."""
        word = words[place]
        longer = self._longer.get(word.bare)
        if longer is not None and place + 1 < len(words):
            for phrase, bare, group in longer.get(words[place + 1].bare, ()):
                row = words[place : place + len(phrase)]
                if len(row) == len(phrase) and _reads(row, phrase, bare):
                    yield Found(place, place + len(phrase), group, phrase)
        for phrase, least, group in self._alone.get(word.bare, ()):
            if agreement(word.text, phrase[0]) >= least:
                yield Found(place, place + 1, group, phrase)

    def apart(self, words: list[Word]) -> Iterator[Found]:
        """The phrases left to right, none inside another: "ngoài nhà nước" does not hold "nhà
        nước".
        """
        end = 0
        for found in self.find(words):
            if found.start >= end:
                yield found
                end = found.end

    def find(self, words: list[Word]) -> list[Found]:
        """The longest phrase at each place, of equals the one as typed; places in order, overlaps
        included.
        """
        return self.among(words, [word.bare for word in words])

    def among(self, words: list[Word], bares: list[str]) -> list[Found]:
        """The same, of words whose bare letters are at hand."""
        found: list[Found] = []
        first = self.first
        if first.isdisjoint(bares):
            return found
        for place, bare in enumerate(bares):
            if bare not in first:
                continue
            if bare not in self._alone and (
                place + 1 == len(bares) or bares[place + 1] not in self._longer[bare]
            ):
                continue
            here = list(self.at(words, place))
            if len(here) > 1:
                length = here[0].end
                same = [each for each in here if each.end == length]
                typed = tuple(word.text for word in words[place:length])
                found.append(max(same, key=lambda each: _shared(each.phrase, typed)))
            elif here:
                found.append(here[0])
        return _without_apart(found)


def _shared(phrase: Phrase, typed: Phrase) -> int:
    """How many words of a phrase stand as they were typed, the first counting most."""
    alike = sum(one == other for one, other in zip(phrase, typed, strict=True))
    return alike + len(phrase) * (phrase[0] == typed[0])


def _without_apart(found: list[Found]) -> list[Found]:
    """Drop look-alikes, and what stands inside them: "đô thị" is no "đồ thị"."""
    spans = [(each.start, each.end) for each in found if each.group == APART]
    if not spans:
        return found
    return [
        each
        for each in found
        if not any(start <= each.start and each.end <= end for start, end in spans)
    ]


def _reads(row: list[Word], phrase: Phrase, bare: Phrase) -> bool:
    for word, part, letters in zip(row, phrase, bare, strict=True):
        if word.bare != letters or agreement(word.text, part) < 0.9:
            return False
    return True


def is_marked(row: list[Word]) -> bool:
    """Whether enough of the words have marks for the others to be taken at their letter."""
    letters = [word for word in row if word.number is None and not word.written_out]
    return sum(1 for word in letters if spell(word.text).marked) * 5 >= len(letters) * 2


class Words:
    """A row of words and who took each; what nobody took is kept."""

    def __init__(self, row: list[Word]) -> None:
        self.row = row
        self.bares = [word.bare for word in row]
        self.owner: list[str | None] = [None] * len(row)
        self.taken: list[Taken] = []
        self._found: dict[Lexicon, list[Found]] = {}

    def __len__(self) -> int:
        return len(self.row)

    def apart(self) -> Words:
        """The same words with the same owners, to be read without taking these."""
        twin = Words(self.row)
        twin.owner = list(self.owner)
        return twin

    @cached_property
    def titled(self) -> bool:
        """Whether most words begin large, so that a large letter says nothing."""
        letters = [word for word in self.row if word.number is None]
        return sum(1 for word in letters if word.typed[:1].isupper()) * 2 > len(letters)

    @cached_property
    def marked(self) -> bool:
        """Whether this is typed with marks, so that a word without them is meant to have none."""
        return is_marked(self.row)

    def find(self, lexicon: Lexicon) -> list[Found]:
        """Find the longest phrase of a lexicon at each place, whoever took the words."""
        found = self._found.get(lexicon)
        if found is None:
            found = self._found[lexicon] = lexicon.among(self.row, self.bares)
        return found

    def free(self, start: int, end: int | None = None) -> bool:
        if end is None or end == start + 1:
            return not 0 <= start < len(self.owner) or self.owner[start] is None
        return all(owner is None for owner in self.owner[start:end])

    def take(self, start: int, end: int, reader: str, meaning: str) -> None:
        """Gives the words from `start` to before `end` to a reader."""
        for place in range(start, end):
            self.owner[place] = reader
        self.taken.append(
            Taken(reader, " ".join(word.typed for word in self.row[start:end]), meaning)
        )

    def take_all(self, lexicon: Lexicon, reader: str) -> list[Found]:
        """Takes each longest free phrase of a lexicon, left to right."""
        got: list[Found] = []
        place = 0
        while place < len(self.row):
            for found in lexicon.at(self.row, place):
                if self.free(found.start, found.end):
                    self.take(found.start, found.end, reader, found.group)
                    got.append(found)
                    place = found.end
                    break
            else:
                place += 1
        return got
