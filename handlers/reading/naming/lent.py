"""What a reader needs of the links to the library that are stored."""

from __future__ import annotations

from collections.abc import Iterable

from db.loans import Loan
from handlers.reading.naming.namer import Borrowed
from handlers.reading.naming.names import Shadow


def borrowed(loans: Iterable[Loan]) -> Borrowed:
    """Give what a reader needs of loans; of a link that was refused, nothing."""
    lent: dict[str, tuple[tuple[str, ...], ...]] = {}
    shadows = []
    for loan in loans:
        names = tuple(tuple(text.split()) for text in loan.names)
        if loan.indicator is not None and not loan.refused:
            lent[loan.indicator] = (*lent.get(loan.indicator, ()), *names)
        elif loan.indicator is None:
            shadow = Shadow(loan.entry, loan.name, frozenset(loan.dimensions))
            shadows.append((shadow, names))
    return Borrowed(lent, tuple(shadows))
