"""Links a catalogue to the library of official indicators, which lends it everyday names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from db.facts import Catalogue
from db.loans import Loan
from db.store import Store

Borrow = Callable[[Catalogue], Iterable[Loan]]
"""What finds the official indicators of a catalogue."""


async def lend(store: Store, borrow: Borrow | None = None) -> tuple[Loan, ...]:
    """Find and keep what the library lends the catalogue as it is now, and give it.

    Raises:
        StoreError: the database fails; the links are those of before.
    """
    find = borrow or _library()
    while True:  # as often as others load meanwhile
        catalogue = await store.refresh()
        if await store.keep_loans(find(catalogue), made_for=catalogue):
            return await store.loans()


def _library() -> Borrow:
    """Give what holds a catalogue against the shipped library, for seconds."""
    from handlers.reading.naming.borrowing import borrow  # noqa: PLC0415 - it reads the library

    return borrow
