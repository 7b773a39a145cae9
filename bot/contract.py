"""An answer as `solieu ask --json` prints it: names and meanings do not change without a note in
the README.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from db.facts import Figure
from handlers.amounts import in_unit
from handlers.message import Choice
from handlers.question import Answer, Computed, Question, Wants
from handlers.say import say_in
from handlers.verdict import status


def printed(answer: Answer) -> dict[str, Any]:
    """The object of the contract."""
    return {
        "kind": answer.kind,
        "query": _query(answer.question),
        "figures": [_figure(each) for each in answer.figures],
        "computed": [_computed(each) for each in answer.computed],
        "text": answer.message.text,
        "choices": [_choice(each) for each in answer.message.choices],
        "images": [
            {"media_type": each.media_type, "alt": each.alt} for each in answer.message.images
        ],
    }


def _query(question: Question) -> dict[str, Any]:
    query: dict[str, Any] = {
        "indicators": [each.code for each in question.indicators],
        "regions": [each.name for each in question.regions],
        "periods": [str(each) for each in question.periods],
        "origin": {
            "indicators": question.origin.indicators,
            "regions": question.origin.regions,
            "periods": question.origin.periods,
        },
    }
    if question.reading.targets.filter and question.wants == Wants.TARGETS:
        query["filter"] = question.reading.targets.filter
    if question.categories:
        query["category"] = question.categories[0].code
    if question.wants == Wants.RANKING and question.reading.listing.order:
        query["order"] = question.reading.listing.order
    quoted = question.reading.quoted
    if quoted is not None and question.wants is Wants.FIGURE and question.indicators:
        value = in_unit(quoted, question.indicator.unit)
        query.update({} if value is None else {"quoted": exact(value)})
    if question.reading.listing.limit:
        query["limit"] = question.reading.listing.limit
    return query


def _choice(choice: Choice) -> dict[str, Any]:
    settles = {"indicator": choice.indicator} if choice.indicator is not None else {}
    return {"label": choice.label, "text": choice.text, **settles}


def _figure(figure: Figure) -> dict[str, Any]:
    target = figure.target
    asked = None
    if target is not None:
        asked = (
            exact(target.value)
            if target.end is None
            else f"{exact(target.value)}..{exact(target.end)}"
        )
    return {
        "indicator": figure.indicator.code,
        "region": figure.region.name,
        "period": str(figure.period),
        "value": None if figure.value is None else exact(figure.value),
        "of": figure.of,
        "qualifier": figure.qualifier.value if figure.qualifier else None,
        "unit": figure.indicator.unit.name,
        "target_op": target.op.value if target else None,
        "target_value": asked,
        "target_period": str(target.period) if target else None,
        "status": status(figure).value,
        "release": figure.release.value,
        "basis": figure.basis.value,
        "source": say_in("vi").source(figure.source),
        "published": figure.published.isoformat(),
    }


def _computed(computed: Computed) -> dict[str, Any]:
    return {
        "what": computed.what,
        "value": exact(computed.value),
        "unit": computed.unit,
        "of": list(computed.of),
    }


def exact(value: Decimal) -> str:
    """A decimal with its own digits, never in powers of ten."""
    return format(value, "f")
