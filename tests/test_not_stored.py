"""What is known to the field and stored in no indicator is named as such."""

from __future__ import annotations

from datetime import date

import pytest

from db.store import Store
from handlers.answers import ANSWERS
from handlers.completing import complete
from handlers.question import Answer, Asking, Candidate, Context, Reading, Rest, Wants
from handlers.say import say_in

ASKING = Asking(date(2024, 3, 24))
BEFORE = Context(indicators=("ty-le-ho-ngheo",), regions=("Thái Nguyên",), wants="figure")


async def told(store: Store, reading: Reading, context: Context) -> Answer:
    question = await complete(reading, context, store.catalogue, ASKING, store)
    return await ANSWERS[question.wants](question, store, say_in("vi"))


def asks(store: Store, wants: Wants | None, *claims: float) -> Reading:
    """A question about GRDP, to which the first indicators are so near."""
    indicators = store.catalogue.indicators.values()
    return Reading(
        text="GRDP 2023",
        wants=wants,
        candidates=tuple(map(Candidate, indicators, claims)),
        not_stored=("GRDP",),
        rest=Rest(content=True),
    )


@pytest.mark.parametrize("wants", [None, Wants.FIGURE, Wants.SERIES, Wants.RANKING])
@pytest.mark.parametrize("context", [Context(), BEFORE])
async def test_says_so_and_gives_no_figure(
    demo_store: Store, wants: Wants | None, context: Context
) -> None:
    answer = await told(demo_store, asks(demo_store, wants), context)
    assert answer.kind == "no_data"
    assert "Kho chưa có số liệu về GRDP." in answer.message.text
    assert not answer.figures
    assert not answer.message.choices


async def test_offers_only_what_is_near(demo_store: Store) -> None:
    answer = await told(demo_store, asks(demo_store, None, 0.3, 0.1), Context())
    first = next(iter(demo_store.catalogue.indicators.values()))
    assert [(each.label, each.indicator) for each in answer.message.choices] == [
        (first.name, first.code)
    ]
    assert answer.doubt is not None


async def test_talk_stays_talk(demo_store: Store) -> None:
    assert (await told(demo_store, asks(demo_store, Wants.HELP), Context())).kind == "help"
