"""Links the demonstration to the library as was found ahead, so that a first answer waits for none.

After a change of the library, the lexicon or the demonstration:

    python -m handlers.demonstrating
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from db.facts import Catalogue
from db.importer import DEMONSTRATION, load
from db.loans import Loan
from db.store import Store

FILE = DEMONSTRATION / "loans.json"
_EXACT = 4
"""So many digits of a certainty are kept."""


def demonstration_loans(_catalogue: Catalogue | None = None) -> tuple[Loan, ...]:
    """Give what the library lends the demonstration."""
    return tuple(_loan(row) for row in json.loads(FILE.read_text(encoding="utf-8")))


async def found() -> tuple[Loan, ...]:
    """Hold the demonstration against the library as both are now; takes seconds."""
    from handlers.reading.naming.borrowing import borrow  # noqa: PLC0415 - it reads the library

    store = await Store.open("sqlite:///:memory:")
    try:
        await load(store, DEMONSTRATION, date.today())  # noqa: DTZ011 - indicators have no day
        return tuple(_loan(asdict(loan)) for loan in borrow(await store.refresh()))
    finally:
        await store.close()


def _loan(row: dict[str, Any]) -> Loan:
    return Loan(
        row["entry"],
        row["indicator"],
        round(row["certainty"], _EXACT),
        row["name"],
        tuple(row["names"]),
        tuple(row["dimensions"]),
    )


def _row(loan: Loan) -> str:
    row = {key: value for key, value in asdict(loan).items() if key != "refused"}
    return json.dumps(row, ensure_ascii=False)


def main() -> None:
    """Write the links as they are found now, one a line."""
    rows = ",\n".join(map(_row, asyncio.run(found())))
    FILE.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
