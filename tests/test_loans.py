"""The library lends names: links are made after a load and kept with the operator's word on them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.loading import link
from db.engine import StoreError, figures_line, open_figures
from db.facts import Catalogue, Indicator, Unit, UnitKind
from db.importer import DEMONSTRATION, load
from db.loans import Loan
from db.migrations.run import configuration
from db.store import Store
from handlers.demonstrating import demonstration_loans, found
from handlers.desk import Desk
from handlers.lending import lend
from handlers.reading.naming.borrowing import Library
from locales.library import entries
from locales.vocabulary import vocabulary

LINK = Loan(
    "ho-ngheo-da-chieu",
    "ty-le-ho-ngheo",
    0.9987,
    "Tỷ lệ hộ nghèo đa chiều",
    ("Tỷ lệ hộ nghèo đa chiều", "bao nhiêu phần trăm hộ nghèo"),
    ("share",),
)
SHADOW = Loan("ty-le-ho-can-ngheo", None, 1.0, "Tỷ lệ hộ cận nghèo", ("Tỷ lệ hộ cận nghèo",))
MORE = "code,name_vi,unit,decimals,better,parent,category,aliases\nlua,Sản lượng lúa,tấn,0,up,,,\n"


def by_code(catalogue: Catalogue) -> list[Loan]:
    """What a library lends whose codes are the catalogue's."""
    return [
        Loan(code, code, 0.99, indicator.name, (indicator.name,))
        for code, indicator in catalogue.indicators.items()
    ]


def more(folder: Path) -> Path:
    """A folder with one more indicator."""
    folder.mkdir()
    (folder / "indicators.csv").write_text(MORE, encoding="utf-8")
    return folder


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


# ---------------------------------------------------------------- after a load


@pytest.fixture
async def unlinked(store: Store) -> Store:
    """The demonstration without links."""
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    return store


async def test_what_is_lent_is_kept(unlinked: Store) -> None:
    lent = await lend(unlinked, by_code)
    assert lent == tuple(by_code(unlinked.catalogue)) == await unlinked.loans()


async def test_a_catalogue_that_changes_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/x.db")
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    versions = []

    def slowly(catalogue: Catalogue) -> list[Loan]:
        versions.append(catalogue.version)
        if len(versions) == 1:  # another process loads
            with sqlite3.connect(tmp_path / "x.db") as connection:
                connection.execute("UPDATE catalogue SET version = version + 1")
                connection.execute(
                    "UPDATE indicator SET name = 'Khác' WHERE code = 'giai-quyet-viec-lam'"
                )
        return by_code(catalogue)

    assert await lend(store, slowly) == tuple(by_code(store.catalogue))
    assert versions == [versions[0], versions[0] + 1]
    await store.close()


async def test_links_are_made_anew_where_indicators_are(unlinked: Store, tmp_path: Path) -> None:
    assert await link(unlinked, {}, by_code) == 33
    before = unlinked.catalogue.indicators
    assert await link(unlinked, before, by_code) == 0  # only figures came
    await unlinked.refuse_loan("ty-le-ho-ngheo")
    await load(unlinked, more(tmp_path / "more"), date(2024, 3, 25))
    assert await link(unlinked, before, by_code) == 34
    assert [each.indicator for each in await unlinked.loans() if each.refused] == ["ty-le-ho-ngheo"]


async def test_a_store_without_links_gets_them_at_its_next_load(unlinked: Store) -> None:
    assert await link(unlinked, unlinked.catalogue.indicators, by_code) == 33


async def test_what_cannot_be_linked_is_one_line_in_the_log(
    unlinked: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def no_library(catalogue: Catalogue) -> list[Loan]:
        raise OSError(f"nothing to hold against {len(catalogue.indicators)} indicators")

    with caplog.at_level(logging.WARNING):
        assert await link(unlinked, {}, no_library) == 0
    (line,) = caplog.records
    assert "nothing to hold against" in line.getMessage()
    assert await unlinked.loans() == ()


async def test_the_demonstration_is_linked_as_the_library_is_now() -> None:
    """Else: python -m handlers.demonstrating."""
    assert await found() == demonstration_loans()


async def test_a_running_desk_reads_with_the_links_as_they_are_now(linked: Store) -> None:
    desk = Desk(linked)
    reader = await desk.reader()
    assert await desk.reader() is reader
    await linked.refuse_loan("ty-le-ho-ngheo")
    assert await desk.reader() is not reader


# ---------------------------------------------------------------- the operator's command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store file that holds the demonstration with a link and a shadow."""

    async def make() -> None:
        store = await Store.open(f"sqlite:///{tmp_path}/x.db")
        await load(store, DEMONSTRATION, date(2024, 3, 24))
        await store.keep_loans([LINK, SHADOW])
        await store.close()

    asyncio.run(make())
    return tmp_path / "x.db"


def solieu(*arguments: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command over a store file."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "SOLIEU_DATABASE_URL": f"sqlite:///{file}"},
        timeout=60,
        check=False,
    )


def catalogue(*arguments: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Runs `solieu catalogue` over a store file."""
    return solieu("catalogue", *arguments, file=file)


def test_lists_each_indicator_with_its_link_in_a_line(file: Path) -> None:
    lines = catalogue(file=file).stdout.splitlines()
    assert len(lines) == 33
    assert (
        "ty-le-ho-ngheo · Tỷ lệ hộ nghèo · trong thư viện là “Tỷ lệ hộ nghèo đa chiều” (99,8%), "
        "mượn tên: Tỷ lệ hộ nghèo đa chiều, bao nhiêu phần trăm hộ nghèo"
    ) in lines
    others = [line for line in lines if not line.startswith("ty-le-ho-ngheo ")]
    assert all(line.endswith(" · chưa nhận ra trong thư viện") for line in others)


def test_lists_each_indicator_for_scripts(file: Path) -> None:
    indicators = json.loads(catalogue("--json", file=file).stdout)["indicators"]
    links = {each["code"]: each["links"] for each in indicators}
    assert len(links) == 33
    assert links.pop("ty-le-ho-ngheo") == [
        {
            "entry": LINK.entry,
            "name": LINK.name,
            "certainty": LINK.certainty,
            "names": list(LINK.names),
            "refused": False,
        }
    ]
    assert not any(links.values())


def test_a_link_is_ended_and_taken_back(file: Path) -> None:
    ended = catalogue("refuse", "ty-le-ho-ngheo", file=file)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "ty-le-ho-ngheo" in ended.stdout
    assert "đã bỏ liên kết với “Tỷ lệ hộ nghèo đa chiều”" in catalogue(file=file).stdout
    assert catalogue("allow", "ty-le-ho-ngheo", file=file).returncode == 0
    assert "đã bỏ liên kết" not in catalogue(file=file).stdout


@pytest.mark.parametrize(
    "arguments",
    [("refuse", "muc-giam-ty-le-ho-ngheo"), ("refuse", "x"), ("allow", "ty-le-ho-ngheo")],
)
def test_what_is_not_there_is_one_sentence(file: Path, arguments: tuple[str, str]) -> None:
    done = catalogue(*arguments, file=file)
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert f"“{arguments[1]}”" in sentence


def test_the_demonstration_comes_with_its_links(tmp_path: Path) -> None:
    listed = catalogue(file=tmp_path / "new.db")
    assert (listed.returncode, listed.stderr) == (0, "")
    (line,) = (line for line in listed.stdout.splitlines() if line.startswith("ty-le-ho-ngheo "))
    assert "trong thư viện là “Tỷ lệ hộ nghèo” (100%)" in line


def test_what_is_loaded_is_linked_and_what_was_refused_stays_so(tmp_path: Path) -> None:
    """The whole way: the shipped library, the command that loads, and the operator's word."""
    file = tmp_path / "new.db"
    catalogue(file=file)
    assert catalogue("refuse", "ty-le-ho-ngheo", file=file).returncode == 0
    loaded = solieu("load", str(more(tmp_path / "more")), file=file)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert "trong thư viện" in loaded.stdout
    indicators = json.loads(catalogue("--json", file=file).stdout)["indicators"]
    links = {each["code"]: each["links"] for each in indicators}
    assert [link["refused"] for link in links["ty-le-ho-ngheo"]] == [True]
    assert [link["refused"] for link in links["ty-le-lao-dong-qua-dao-tao"]] == [False]
    assert "lua" in links


@pytest.mark.parametrize(
    ("name", "unit", "entry"),
    [
        ("Lượt khách du lịch quốc tế", "lượt khách", "Số lượt khách du lịch quốc tế"),
        ("Số lượng đàn lợn", "con", "Tổng đàn lợn"),
        ("Số bác sĩ trên một vạn dân", "bác sĩ", "Số bác sĩ trên 10.000 dân"),
        ("Tỷ lệ hộ nghèo theo chuẩn nghèo đa chiều", "%", "Tỷ lệ hộ nghèo"),
    ],
)
def test_the_same_indicator_is_known_at_more_length(name: str, unit: str, entry: str) -> None:
    assert entry in [loan.name for loan in lent_to(name, unit) if loan.indicator]


@pytest.mark.parametrize(
    ("name", "unit", "entry"),
    [
        ("Tỷ lệ thất nghiệp khu vực thành thị", "%", "Tỷ lệ thất nghiệp"),
        ("Tỷ lệ lấp đầy các cụm công nghiệp", "%", "Tỷ lệ lấp đầy các khu công nghiệp"),
        ("Diện tích rừng", "ha", "Diện tích rừng trồng hiện có"),
        ("Chỉ số cải cách hành chính của Sở", "điểm", "Chỉ số cải cách hành chính (PAR INDEX)"),
        ("GRDP bình quân đầu người (theo USD)", "USD", "GRDP bình quân đầu người (theo VND)"),
        ("Vốn FDI đăng ký cấp mới và tăng thêm", "triệu USD", "Vốn FDI đăng ký tăng thêm"),
    ],
)
def test_a_part_or_a_neighbour_lends_no_names(name: str, unit: str, entry: str) -> None:
    assert entry not in [loan.name for loan in lent_to(name, unit) if loan.indicator]


@cache
def library() -> Library:
    """Take the shipped library apart; once, for it takes seconds."""
    return Library(vocabulary(), entries())


def lent_to(name: str, unit: str) -> tuple[Loan, ...]:
    """Give what the library lends a catalogue of one indicator."""
    return library().loans(Catalogue({"i": Indicator("i", name, Unit(unit, UnitKind.COUNT))}))
