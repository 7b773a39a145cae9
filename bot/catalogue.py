"""What an operator sees of the links to the library, and how she ends one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import IO, Any

from db.facts import Catalogue, Indicator
from db.loans import Loan
from db.store import Store
from handlers.say import Say, say_in

_TENTH = Decimal("0.1")


async def listed(store: Store, *, as_json: bool, out: IO[str]) -> None:
    """Write every indicator with its link and the names that it borrows."""
    catalogue = await store.refresh()
    links = _links(await store.loans())
    if as_json:
        out.write(json.dumps(_printed(catalogue, links), ensure_ascii=False) + "\n")
        return
    say = say_in("vi")
    for code, indicator in catalogue.indicators.items():
        out.write(_line(indicator, links.get(code, ()), say) + "\n")


def _links(loans: Iterable[Loan]) -> dict[str, list[Loan]]:
    """Give the links of each indicator by its code."""
    links: dict[str, list[Loan]] = {}
    for loan in loans:
        if loan.indicator is not None:
            links.setdefault(loan.indicator, []).append(loan)
    return links


def _printed(catalogue: Catalogue, links: Mapping[str, Sequence[Loan]]) -> dict[str, Any]:
    return {
        "indicators": [
            {
                "code": code,
                "name": indicator.name,
                "links": [_printed_link(link) for link in links.get(code, ())],
            }
            for code, indicator in catalogue.indicators.items()
        ]
    }


def _printed_link(link: Loan) -> dict[str, Any]:
    return {
        "entry": link.entry,
        "name": link.name,
        "certainty": link.certainty,
        "names": list(link.names),
        "refused": link.refused,
    }


def _line(indicator: Indicator, links: Sequence[Loan], say: Say) -> str:
    linked = "; ".join(_said(link, say) for link in links) or say.text("lending.none")
    return say.text("lending.line", code=indicator.code, name=indicator.name, linked=linked)


def _said(link: Loan, say: Say) -> str:
    key = "lending.refused" if link.refused else "lending.link"
    names = ", ".join(link.names)
    return say.text(key, name=link.name, certainty=_percent(link.certainty, say), names=names)


def _percent(certainty: float, say: Say) -> str:
    """Write a certainty; only what is certain is 100%."""
    percent = (Decimal(str(certainty)) * 100).quantize(_TENTH, ROUND_FLOOR)
    return say.number(percent if percent % 1 else percent.to_integral_value()) + "%"
