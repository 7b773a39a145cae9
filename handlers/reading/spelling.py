"""How Vietnamese is spelt and misspelt: folding, tones, Telex and VNI keys, glued words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

_TONES = {"\u0300": 2, "\u0301": 1, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_QUALITIES = {"\u0302": "^", "\u0306": "(", "\u031b": "+"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word taken apart: its bare letters, the quality mark of each letter, and one tone for the
    whole word.

    The tone stands beside the letters, so that hoà and hòa are one; a closing y after a consonant
    is an i, so that tỷ and tỉ are one.
    """

    bare: str
    marks: str
    tone: int

    @property
    def marked(self) -> bool:
        return self.tone > 0 or self.marks.strip() != ""


@lru_cache(maxsize=65536)
def spell(word: str) -> Spelling:
    """Takes a word apart; letters of other scripts stay as they are."""
    bare: list[str] = []
    marks: list[str] = []
    tone = 0
    for letter in unicodedata.normalize("NFD", word.casefold()):
        if letter in _TONES:
            tone = _TONES[letter]
        elif letter in _QUALITIES:
            if marks:
                marks[-1] = _QUALITIES[letter]
        elif letter == "đ":
            bare.append("d")
            marks.append("-")
        elif not unicodedata.combining(letter):
            bare.append(letter)
            marks.append(" ")
    if (
        len(bare) >= 2
        and bare[-1] == "y"
        and (bare[-2] not in "aeiouy" or (bare[-2:-1] == ["u"] and bare[0] == "q"))
    ):
        bare[-1] = "i"
    return Spelling("".join(bare), "".join(marks), tone)


def fold(word: str) -> str:
    """The bare letters of a word: "Tỷ" → "ti", "Đạt" → "dat"."""
    return spell(word).bare


# Hỏi and ngã sound alike in the south and are often exchanged.
_ALIKE = frozenset({(3, 4), (4, 3)})
TONE = 0.93
"""The agreement of a word typed with hỏi for ngã."""


@lru_cache(maxsize=65536)
def agreement(typed: str, meant: str) -> float:
    """How well what was typed agrees with a word of the same bare letters (0 to 1).

    Marks that are missing cost next to nothing; marks that are there and differ speak against: "hồ"
    is not "hộ".
    """
    a, b = spell(typed), spell(meant)
    if a.bare != b.bare:
        return 0.0
    if a == b:
        return 1.0
    differing = sum(1 for x, y in zip(a.marks, b.marks, strict=True) if x not in (y, " "))
    if differing:
        return 0.4
    if a.tone not in (0, b.tone):
        return 0.93 if (a.tone, b.tone) in _ALIKE else 0.55
    return 0.98


@lru_cache(maxsize=65536)
def likeness_of_marks(typed: str, meant: str) -> float:
    """How far the marks that were typed allow a word of other letters to be meant (0 to 1).

    A slip of a letter leaves the marks of the others as they are: "ngiệp" may be nghiệp, "vốn" is
    no "vòng".
    """
    a, b = spell(typed), spell(meant)
    there = Counter(
        (letter, mark) for letter, mark in zip(b.bare, b.marks, strict=True) if mark != " "
    )
    lacking = (
        Counter((letter, mark) for letter, mark in zip(a.bare, a.marks, strict=True) if mark != " ")
        - there
    )
    if lacking:
        return 0.5
    return 1.0 if a.tone in (0, b.tone) or (a.tone, b.tone) in _ALIKE else 0.6


# Onsets and rimes of written Vietnamese without marks; enough to tell a syllable from typed keys
# and glued words; names of places write k before a and o, too: Bắc Kạn, Kon Tum.
_ONSETS = (
    "ngh(?=[ei])|ng(?![eiy])|nh|ch|gh(?=[ei])|gi|kh|ph|qu|th|tr|"
    "b|c(?![eiy])|d|g(?![ey])|h|k(?=[eiy]|[ao]n\\Z)|l|m|n|p|q|r|s|t|v|x|"
)
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|"
    "iem|ien|ieng|iep|iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|"
    "oay|oc|oe|oen|oeo|oet|oi|om|on|ong|oong|op|ot|u|ua|uan|uang|uat|uau|uay|uc|ue|uech|uen|uenh|"
    "ui|uia|uich|uinh|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|uy|uya|uyen|uyet|"
    "uynh|uych|uyt|uyu|y|yem|yen|yet|yeu|ym|yn"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})(?:{_RIMES})\Z")


@lru_cache(maxsize=65536)
def is_syllable(bare: str) -> bool:
    """Whether bare letters can be one Vietnamese syllable: "nghiep" can, "ngheof" and "bhtn"
    cannot.
    """
    return len(bare) <= 7 and _SYLLABLE.match(bare) is not None


_TELEX_PAIRS = {"aa": "â", "ee": "ê", "oo": "ô", "dd": "đ", "aw": "ă", "ow": "ơ", "uw": "ư"}
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = "aeiouyâêôăơư"


def _tone(word: str, mark: str) -> str:
    """The word with a tone on one of its vowels; which one does not matter to `spell`."""
    for place in range(len(word) - 1, -1, -1):
        if word[place] in _VOWELS:
            return unicodedata.normalize("NFC", word[: place + 1] + mark + word[place + 1 :])
    return word


@lru_cache(maxsize=8192)
def telex(word: str) -> str | None:
    """What raw Telex keys were meant to give ("hooj" → "hộ", "nguwowif" → "người"); None when they
    give no syllable.

    The keys of a mark and a tone may stand anywhere after their vowel, as the typing programs
    allow.
    """
    keys = word.casefold()
    if not keys.isascii() or not keys.isalpha() or len(keys) > 12:
        return None
    tone = ""
    letters = ""
    for place, key in enumerate(keys):
        if (
            key in _TELEX_TONES
            and any(vowel in "aeiouy" for vowel in keys[:place])
            and not _starts_cluster(keys, place)
        ):
            tone = _TELEX_TONES[key]
        elif key == "z" and letters:
            tone = ""
        else:
            letters += key
    marked = _marks_anywhere(letters)
    if marked is None or (not tone and marked == keys) or not is_syllable(fold(marked)):
        return None
    return _tone(marked, tone) if tone else marked


def _starts_cluster(keys: str, place: int) -> bool:
    """Whether a key that could be a tone begins a word's letters instead: the r of "tr", the s
    before a vowel.
    """
    following = keys[place + 1 : place + 2]
    return following in tuple("aeiouyh") and following != "" and following not in keys[:place]


def _marks_anywhere(letters: str) -> str | None:
    """Applies the doubled letters and the w of Telex; None when a letter is left that no syllable
    has.
    """
    out = letters
    while "w" in out:
        place = out.index("w")
        before = out[:place]
        if before.endswith("uo"):
            out = before[:-2] + "ươ" + out[place + 1 :]
            continue
        spot = max(before.rfind("a"), before.rfind("o"), before.rfind("u"))
        if spot < 0:
            return None
        if before[spot] == "o" and spot > 0 and before[spot - 1] == "u":
            out = before[: spot - 1] + "ươ" + before[spot + 1 :] + out[place + 1 :]
        else:
            out = (
                before[:spot]
                + {"a": "ă", "o": "ơ", "u": "ư"}[before[spot]]
                + before[spot + 1 :]
                + out[place + 1 :]
            )
    for pair, letter in _TELEX_PAIRS.items():
        if pair in out:
            out = out.replace(pair, letter, 1)
    for vowel, letter in (
        ("a", "â"),
        ("e", "ê"),
        ("o", "ô"),
    ):  # the second key at the end: "nghiepe"
        if out.count(vowel) == 2 and out.endswith(vowel) and letter not in out:
            place = out.index(vowel)
            out = out[:place] + letter + out[place + 1 : -1]
    if out.count("d") == 2 and out.startswith("d"):
        out = "đ" + out[1:].replace("d", "", 1)
    return out


_VNI = re.compile(r"[a-z]+(?:[1-9]+[a-z]*)+\Z")


@lru_cache(maxsize=8192)
def vni(word: str) -> str | None:
    """What raw VNI keys were meant to give ("le65" → "lệ", "na8m" → "năm"); None when they give no
    syllable.
    """
    keys = word.casefold()
    if len(keys) > 12 or not _VNI.match(keys):
        return None
    letters, tone = "", ""
    for key in keys:
        if key in _VNI_TONES:
            tone = _VNI_TONES[key]
        elif key == "9":
            spot = letters.rfind("d")
            letters = letters if spot < 0 else letters[:spot] + "đ" + letters[spot + 1 :]
        elif key in "678":
            table = {
                "6": {"a": "â", "e": "ê", "o": "ô"},
                "7": {"o": "ơ", "u": "ư"},
                "8": {"a": "ă"},
            }[key]
            if key == "7" and "uo" in letters:
                letters = letters.replace("uo", "ươ", 1)
                continue
            spot = max((letters.rfind(vowel) for vowel in table), default=-1)
            if spot < 0:
                return None
            letters = letters[:spot] + table[letters[spot]] + letters[spot + 1 :]
        elif key.isdecimal():
            return None
        else:
            letters += key
    if not is_syllable(fold(letters)):
        return None
    return _tone(letters, tone) if tone else letters


_SOUNDS = (
    (re.compile(r"^(?:tr|ch)"), "ch"),
    (re.compile(r"^(?:s|x)"), "s"),
    (re.compile(r"^(?:gi|d|r|v)"), "d"),
    (re.compile(r"^(?:l|n(?!g|h))"), "l"),
    (re.compile(r"^(?:ngh|ng)"), "ng"),
    (re.compile(r"^(?:gh|g)"), "g"),
    (re.compile(r"^(?:k|c|q)"), "k"),
    (re.compile(r"ng$"), "n"),
    (re.compile(r"nh$"), "n"),
    (re.compile(r"(?:c|ch)$"), "t"),
    (re.compile(r"y"), "i"),
)


@lru_cache(maxsize=65536)
def sound(bare: str) -> str:
    """A word as regions sound it alike: s/x, ch/tr, l/n, d/gi/r/v, n/ng, t/c."""
    for pattern, alike in _SOUNDS:
        bare = pattern.sub(alike, bare, count=1)
    return bare


_ONSETS_ALIKE = (("tr", "ch"), ("s", "x"), ("l", "n"), ("gi", "d"), ("gi", "r"), ("d", "r"))


def alike(word: str) -> list[str]:
    """The spellings with another first consonant that some region sounds the same: "nại" → "lại",
    "dao" → "giao", "rao".
    """
    plain = unicodedata.normalize("NFC", word)
    out = []
    for pair in _ONSETS_ALIKE:
        for one, other in (pair, pair[::-1]):
            rest = plain[len(one) :]
            if plain.startswith(one) and rest and fold(rest[0]) in _BARE_VOWELS:
                out.append(other + rest)
    return [each for each in out if is_syllable(fold(each))]


_BARE_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {
    key: (place + 0.5 * row, row)
    for row, keys in enumerate(_ROWS)
    for place, key in enumerate(keys)
}
"""Where a letter's key lies on the board, in key widths."""


def is_key_beside(typed: str, meant: str) -> bool:
    """Whether one letter was typed by the key beside the one that was meant."""
    differing = [(a, b) for a, b in zip(typed, meant, strict=False) if a != b]
    if (
        len(typed) != len(meant)
        or len(differing) != 1
        or not all(each in _KEYS for each in differing[0])
    ):
        return False
    (x, y), (u, v) = (_KEYS[each] for each in differing[0])
    return abs(x - u) <= 1 and abs(y - v) <= 1


def slips(typed: str, meant: str) -> int:
    """How many slips of the finger (missing, extra, other, swapped letters) part two bare words; 3
    means many.
    """
    return OSA.distance(typed, meant, score_cutoff=2)


def split_glued(bare: str, known: dict[str, float], longest: int = 160) -> tuple[str, ...] | None:
    """The known words that a run of letters without spaces is made of, or None.

    `known` gives the cost of each word (smaller is likelier); other syllables are allowed and dear.
    "tylehongheo" → ty, le, ho, ngheo.
    """
    if not 4 <= len(bare) <= longest:
        return None
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(bare)
    for end in range(1, len(bare) + 1):
        for start in range(max(0, end - 7), end):
            if best[start][0] == float("inf"):
                continue
            piece = bare[start:end]
            price = known.get(fold(piece))
            if price is None:
                price = 5.0 if len(piece) >= 2 and is_syllable(piece) else None
            if price is not None and best[start][0] + price < best[end][0]:
                best[end] = (best[start][0] + price, start)
    if best[-1][0] == float("inf"):
        return None
    pieces: list[str] = []
    end = len(bare)
    while end:
        start = best[end][1]
        pieces.append(bare[start:end])
        end = start
    pieces.reverse()
    unknown = sum(1 for piece in pieces if fold(piece) not in known)
    return tuple(pieces) if len(pieces) > 1 and unknown * 3 <= len(pieces) else None
