"""Which of several claims is the one that is meant, and what words say of indicators once that is
decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.facts import Category, Indicator, UnitKind
from handlers.reading.indicators import ANSWER, MARGIN, MARGIN_OF_WHOLE, WHOLE, Claim

HARDLY = 0.5
"""Less of a name than this says little of what is meant, where another has the same words."""
SIBLINGS = 0.15
"""How near sums of money of one field claim that share all words which were said."""
SAME = 0.02
"""Claims that differ by no more than this are of one strength."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What the words say of indicators: those meant, those that may be, a category, and the places
    that tell so.
    """

    indicators: tuple[Indicator, ...] = ()
    claims: tuple[Claim, ...] = ()
    categories: tuple[Category, ...] = ()
    explained: frozenset[int] = frozenset()
    content: bool = False
    """Whether any word was there that could have named an indicator."""
    leaned: bool = False
    portion: bool = False
    """Whether it is asked how much of a whole the first of them is, or of the one of them something
    said before.
    """


def decide(claims: Sequence[Claim], *, leaning: bool = False) -> Claim | None:
    """The one that is meant, or None when several may be, or none is heard well enough."""
    if not claims or claims[0].score < ANSWER:
        return None
    best = claims[0]
    if isinstance(
        best.owner, Category
    ):  # an indicator of the very same name is what is asked; the category is offered
        alike = (
            claim
            for claim in claims[1:]
            if isinstance(claim.owner, Indicator) and claim.score >= best.score - SAME
        )
        best = next(alike, best)
    margin = MARGIN_OF_WHOLE if best.cover >= WHOLE else MARGIN
    if (
        not leaning
        and not best.exact
        and any(_told_apart_by_nothing(best, other) for other in claims[1:4])
    ):
        return None
    for other in claims:
        if other.score <= best.score - margin:
            break
        if (
            other is best
            or (best.exact and not other.exact)
            or isinstance(other.owner, Category) != isinstance(best.owner, Category)
        ):
            continue
        return None
    return best


def _told_apart_by_nothing(best: Claim, other: Claim) -> bool:
    """Whether what speaks for one indicator speaks for another, too, nearly as well: "tỷ lệ người
    có công" is for either.

    Of sums of money that holds however much of a name was said: they are the commonest to share all
    words.
    """
    one, two = best.owner, other.owner
    if not isinstance(one, Indicator) or not isinstance(two, Indicator) or one == two:
        return False
    money = (
        one.unit.kind is UnitKind.MONEY
        and two.unit.kind is UnitKind.MONEY
        and one.category == two.category
    )
    alike = money or (one.unit.kind is two.unit.kind and best.cover < HARDLY)
    return alike and best.matched <= other.matched and other.score >= best.score - SIBLINGS
