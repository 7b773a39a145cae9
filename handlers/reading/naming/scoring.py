"""Gives every candidate, and none of them, a probability: fitted weights over the evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from handlers.reading.naming.evidence import NAMES, Evidence

WEIGHTS = Path(__file__).parent / "weights.json"
"""Fitted by tests/questions/fit.py over the open rows of the question sets."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What speaks for none of the candidates being meant."""

    always: float = 1.0
    weight: float = 0.0
    """The weight of the words in the clauses of the likeliest that could tell of an indicator."""
    least_left: float = 0.0
    """The least weight that any candidate leaves unexplained in its clauses."""
    least_beside: float = 0.0
    """The least weight that any candidate leaves unexplained right beside it."""
    unknown: float = 0.0
    """The weight of words that no name has."""
    foreign: float = 0.0
    """The weight of known terms of the field that no name has."""
    talking: float = 0.0
    """1 where a question was asked before."""

    def row(self) -> tuple[float, ...]:
        """Give the numbers in the order of their names."""
        return tuple(getattr(self, name) for name in NOTHING)


NOTHING = tuple(each.name for each in fields(Nothing))


@dataclass(frozen=True)
class Scorer:
    """Fitted weights; immutable."""

    weights: tuple[float, ...]
    none: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[str, float], none: Mapping[str, float]) -> Scorer:
        """Take weights by the names of evidence; what is not named weighs nothing."""
        return cls(
            tuple(weights.get(name, 0.0) for name in NAMES),
            tuple(none.get(name, 0.0) for name in NOTHING),
        )

    def utility(self, evidence: Evidence) -> float:
        """Give how strongly a candidate's evidence speaks for it."""
        return _dot(self.weights, evidence.row())

    def weightiest(self, evidence: Evidence) -> list[tuple[str, float, float]]:
        """Give the numbers that weigh most: name, value, and what each adds."""
        rows = zip(NAMES, evidence.row(), self.weights, strict=True)
        parts = [(name, value, value * weight) for name, value, weight in rows if value]
        return sorted(parts, key=lambda part: -abs(part[2]))

    def probabilities(
        self, utilities: Sequence[float], nothing: Nothing
    ) -> tuple[tuple[float, ...], float]:
        """Give each candidate's probability, and that of none of them; they add up to one."""
        none = _dot(self.none, nothing.row())
        most = max([none, *utilities])
        parts = [math.exp(each - most) for each in utilities]
        rest = math.exp(none - most)
        total = sum(parts) + rest
        return tuple(part / total for part in parts), rest / total


def _dot(weights: Sequence[float], row: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, row, strict=True))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which something is done, chosen with whole catalogues left out."""

    answer: float
    """From here an indicator is answered: at most 0.3% of questions then get a wrong figure."""
    joined: float
    """From here one of several joined names is."""
    offer: float
    """From here an indicator is worth offering."""
    lacking: float
    """From here an official indicator that is not stored is named."""


@cache
def thresholds() -> Thresholds:
    """Read the chosen thresholds; once."""
    return Thresholds(**json.loads(WEIGHTS.read_text(encoding="utf-8"))["thresholds"])


@cache
def scorer() -> Scorer:
    """Read the fitted weights; once."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Scorer.of(data["weights"], data["none"])
