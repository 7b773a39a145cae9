"""How sure it is that the likeliest indicator is the one meant: fitted trees over its evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from handlers.reading.naming.evidence import NAMES
from handlers.reading.naming.scoring import WEIGHTS, Nothing

LEAST = 1e-6
_NO_EVIDENCE = (0.0,) * len(NAMES)


@dataclass(frozen=True, slots=True)
class Tree:
    """One decision tree, as rows of nodes; a leaf has no feature (-1) and a value."""

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    """Where a feature is at most this, the left way is taken; at a leaf, its value."""
    left: tuple[int, ...]
    right: tuple[int, ...]

    def value(self, row: Sequence[float]) -> float:
        """Follow a row to its leaf."""
        node = 0
        while self.features[node] >= 0:
            low = row[self.features[node]] <= self.bounds[node]
            node = self.left[node] if low else self.right[node]
        return self.bounds[node]


@dataclass(frozen=True)
class Confidence:
    """Fitted trees; immutable."""

    start: float
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Confidence:
        """Take what the fit wrote."""
        return cls(data["start"], tuple(Tree(*map(tuple, tree)) for tree in data["trees"]))

    def probability(self, row: Sequence[float]) -> float:
        """Give the probability that the likeliest is right."""
        total = self.start + sum(tree.value(row) for tree in self.trees)
        return 1.0 / (1.0 + math.exp(-total))


def row_of(
    first: tuple[float, Sequence[float]],
    second: tuple[float, Sequence[float]] | None,
    none: float,
    nothing: Nothing,
) -> tuple[float, ...]:
    """Give the numbers that trees read: of the likeliest, the next, and none of them.

    `first` and `second` are probabilities with rows of evidence.
    """
    sure, evidence = first
    other, beside = second or (0.0, _NO_EVIDENCE)
    return (
        _logit(sure),
        _logit(other),
        _logit(none),
        math.log(max(sure, LEAST) / max(other, LEAST)),
        math.log(max(sure, LEAST) / max(none, LEAST)),
        *evidence,
        *nothing.row(),
        *(one - two for one, two in zip(evidence, beside, strict=True)),
    )


def _logit(probability: float) -> float:
    held = min(max(probability, LEAST), 1.0 - LEAST)
    return math.log(held / (1.0 - held))


@cache
def confidence() -> Confidence:
    """Read the fitted trees; once."""
    return Confidence.of(json.loads(WEIGHTS.read_text(encoding="utf-8"))["confidence"])
