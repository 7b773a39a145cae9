"""The library lends names: links are kept with the operator's word on them, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from db.engine import StoreError, figures_line, open_figures
from db.importer import DEMONSTRATION, load
from db.loans import Loan
from db.migrations.run import configuration
from db.store import Store

LINK = Loan(
    "ho-ngheo-da-chieu",
    "ty-le-ho-ngheo",
    0.9987,
    "Tỷ lệ hộ nghèo đa chiều",
    ("Tỷ lệ hộ nghèo đa chiều", "bao nhiêu phần trăm hộ nghèo"),
    ("share",),
)
SHADOW = Loan("ty-le-ho-can-ngheo", None, 1.0, "Tỷ lệ hộ cận nghèo", ("Tỷ lệ hộ cận nghèo",))


@pytest.fixture
async def linked(empty: str) -> AsyncIterator[Store]:
    """The demonstration with a link and a shadow."""
    store = await Store.open(empty)
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    await store.keep_loans([LINK, SHADOW])
    yield store
    await store.close()


async def test_links_come_back_as_they_were_kept(linked: Store) -> None:
    assert await linked.loans() == (LINK, SHADOW)
    await linked.keep_loans([SHADOW])
    assert await linked.loans() == (SHADOW,)
    await linked.keep_loans([])
    assert await linked.loans() == ()


async def test_a_link_that_was_refused_stays_refused(linked: Store) -> None:
    refused = replace(LINK, refused=True)
    assert await linked.refuse_loan("ty-le-ho-ngheo")
    assert await linked.loans() == (refused, SHADOW)
    other = replace(LINK, entry="so-ho-ngheo")
    await linked.keep_loans([SHADOW])  # meanwhile it is not recognised at all
    await linked.keep_loans([replace(LINK, certainty=0.995), other])
    assert await linked.loans() == (replace(refused, certainty=0.995), other)


async def test_a_refusal_is_taken_back(linked: Store) -> None:
    assert await linked.refuse_loan("ty-le-ho-ngheo")
    assert await linked.refuse_loan("ty-le-ho-ngheo")  # as it is already
    assert await linked.allow_loan("ty-le-ho-ngheo")
    assert not await linked.allow_loan("ty-le-ho-ngheo")
    assert await linked.loans() == (LINK, SHADOW)


async def test_only_a_linked_indicator_is_refused(linked: Store) -> None:
    assert not await linked.refuse_loan("muc-giam-ty-le-ho-ngheo")
    assert not await linked.refuse_loan("x")
    assert not await linked.refuse_loan(SHADOW.entry)


async def test_another_process_sees_what_changed_and_only_then(linked: Store, empty: str) -> None:
    running = await Store.open(empty)
    seen = await running.refresh()
    await linked.keep_loans([LINK, SHADOW])
    assert not await linked.allow_loan("ty-le-ho-ngheo")
    assert await running.refresh() is seen
    for change in (
        linked.refuse_loan("ty-le-ho-ngheo"),
        linked.allow_loan("ty-le-ho-ngheo"),
        linked.keep_loans([LINK]),
    ):
        assert await change
        before, seen = seen, await running.refresh()
        assert seen.version > before.version
        assert (seen.indicators, seen.regions) == (before.indicators, before.regions)
    await running.close()


async def test_links_of_an_earlier_catalogue_are_not_kept(linked: Store) -> None:
    earlier = await linked.refresh()
    assert await linked.keep_loans([LINK], made_for=earlier)
    assert not await linked.keep_loans([SHADOW], made_for=earlier)
    assert await linked.loans() == (LINK,)


async def test_a_link_of_an_unknown_indicator_keeps_all_as_it_was(linked: Store) -> None:
    with pytest.raises(StoreError):
        await linked.keep_loans([SHADOW, replace(LINK, indicator="x")])
    assert await linked.loans() == (LINK, SHADOW)


async def test_figures_survive_the_step_that_brings_links(linked: Store, empty: str) -> None:
    from alembic import command
    from sqlalchemy import Connection, inspect

    line = figures_line()

    def back(connection: Connection) -> set[str]:
        command.downgrade(configuration(line.name, line.version_table, connection), "0001")
        return set(inspect(connection).get_table_names())

    async with linked.engine.begin() as connection:
        assert not {"loan", "loan_refusal"} & await connection.run_sync(back)
    await (await open_figures(empty)).dispose()
    forth = await Store.open(empty)
    assert await forth.loans() == ()
    assert forth.catalogue.indicators == linked.catalogue.indicators
    assert await forth.keep_loans([LINK])
    assert (await load(forth, DEMONSTRATION, date(2024, 3, 25))).new == 0
    assert await forth.loans() == (LINK,)
    await forth.close()
