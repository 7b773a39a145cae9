"""Lays a name beside a question, and says which word of the one is which word of the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.reading.naming.asked import Asked
from handlers.reading.naming.names import Name
from handlers.reading.spelling import agreement

BY_SYNONYM = 0.85
"""How alike two words are that say one thing in other words."""
BY_INITIALS = 0.9
ALONE = 0.25
"""A lighter word that stands alone says nothing of a name: "của", "có", "các"."""
READS = 0.9
TOGETHER = 0.2
"""What each further word of a run adds: words said in one piece are one name sooner."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which words of a question a name explains, and how well each of its own words is said."""

    name: Name
    likeness: tuple[float, ...]
    """For each word of the name, how alike what was said for it is; 0 where nothing was."""
    places: tuple[int, ...]
    """For each word of the name, where it was said; -1 where it was not, or not word for word."""
    explained: frozenset[int]
    """The places in the question that the name explains."""
    runs: int
    """In how many pieces it was said."""
    synonyms: float
    """What its words weigh that were said in other words."""

    @property
    def covered(self) -> float:
        """What the words weigh that were said."""
        return sum(
            weight * like for weight, like in zip(self.name.weights, self.likeness, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of a name that stand side by side in the question, too."""

    first: int
    place: int
    likeness: tuple[float, ...]
    worth: float


def match(asked: Asked, name: Name) -> Match | None:
    """Lay a name beside a question; None where they share nothing that tells."""
    likeness = [0.0] * len(name)
    places = [-1] * len(name)
    explained: set[int] = set()
    runs = 0
    for run in sorted(_runs(asked, name), key=lambda run: (-run.worth, run.place)):
        runs += _lay(run, likeness, places, explained)
    runs += _by_initials(asked, name, likeness, explained)
    synonyms, pieces = _by_synonyms(asked, name, likeness, explained)
    if not explained:
        return None
    return Match(
        name, tuple(likeness), tuple(places), frozenset(explained), runs + pieces, synonyms
    )


def unsaid(name: Name, places: frozenset[int]) -> Match:
    """Give a name of which no word was said; the words at these places are put down to it."""
    return Match(name, (0.0,) * len(name), (-1,) * len(name), places, 0, 0.0)


def _runs(asked: Asked, name: Name) -> Iterable[_Run]:
    """Find the longest rows of words that stand in both, side by side."""
    diagonals: dict[int, dict[int, float]] = {}
    hits = asked.hits or {}
    for at, (bare, text) in enumerate(zip(name.bares, name.words, strict=True)):
        for place, like in hits.get(bare, ()):
            if asked.start <= place < asked.end:
                real = _reads(asked, place, bare, text, like)
                if real:
                    diagonals.setdefault(place - at, {})[at] = real
    for shift, row in diagonals.items():
        for piece in _pieces(sorted(row)):
            run = _run(name, shift, [(at, row[at]) for at in piece])
            if _tells(asked, name, run):
                yield run


def _reads(asked: Asked, place: int, bare: str, text: str, like: float) -> float:
    """Give how well a typed word reads as a word of a name."""
    word = asked.row[place]
    if word.bare != bare:
        return like
    real = agreement(word.text, text)
    return like * real if real >= READS else 0.0


def _pieces(ats: Sequence[int]) -> list[list[int]]:
    pieces: list[list[int]] = []
    for at in ats:
        if pieces and pieces[-1][-1] == at - 1:
            pieces[-1].append(at)
        else:
            pieces.append([at])
    return pieces


def _run(name: Name, shift: int, row: Sequence[tuple[int, float]]) -> _Run:
    first = row[0][0]
    worth = sum(name.weights[at] * like for at, like in row) * (1 + TOGETHER * (len(row) - 1))
    return _Run(first, first + shift, tuple(like for _, like in row), worth)


def _tells(asked: Asked, name: Name, run: _Run) -> bool:
    """Return whether a run is more than one syllable that two other words share by chance."""
    if len(run.likeness) > 1:
        return True
    ours = asked.segments[asked.segment_of[run.place]]
    theirs = name.segments[name.segment_of[run.first]]
    both = ours.end - ours.start > 1 and theirs.end - theirs.start > 1
    if both and not ours.concepts & theirs.concepts:
        return False
    return len(name) == 1 or name.weights[run.first] >= ALONE


def _lay(run: _Run, likeness: list[float], places: list[int], explained: set[int]) -> int:
    """Take a run's words where neither side is taken yet; give 1 where any was."""
    laid = 0
    for step, like in enumerate(run.likeness):
        at, place = run.first + step, run.place + step
        if likeness[at] == 0.0 and place not in explained:
            likeness[at], places[at] = like, place
            explained.add(place)
            laid = 1
    return laid


def _by_initials(asked: Asked, name: Name, likeness: list[float], explained: set[int]) -> int:
    """Take initials of the name: LLLĐ for lực lượng lao động."""
    pieces = 0
    for place in asked.initials:
        word = asked.row[place]
        if place in explained:
            continue
        begin = name.initials.find(word.text)
        if begin >= 0:
            explained.add(place)
            pieces += 1
            for at in range(begin, begin + len(word.text)):
                likeness[at] = max(likeness[at], BY_INITIALS)
    return pieces


def _by_synonyms(
    asked: Asked, name: Name, likeness: list[float], explained: set[int]
) -> tuple[float, int]:
    """Take words that say in other words what words of the name say; give their weight."""
    gained, pieces = 0.0, 0
    for theirs in name.segments:
        if not theirs.meanings & asked.concepts or _said(name, likeness, theirs.start, theirs.end):
            continue
        for ours in asked.segments:
            inside = asked.start <= ours.start and ours.end <= asked.end
            if not inside or not ours.meanings & theirs.meanings:
                continue
            if explained.issuperset(range(ours.start, ours.end)):
                continue
            explained.update(range(ours.start, ours.end))
            pieces += 1
            for at in range(theirs.start, theirs.end):
                gained += name.weights[at] * max(0.0, BY_SYNONYM - likeness[at])
                likeness[at] = max(likeness[at], BY_SYNONYM)
            break
    return gained, pieces


def _said(name: Name, likeness: Sequence[float], start: int, end: int) -> bool:
    weight = sum(name.weights[start:end])
    said = sum(name.weights[at] * likeness[at] for at in range(start, end))
    return said >= 0.8 * weight
