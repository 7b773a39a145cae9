"""The library is sound: what an entry lends may be said for that entry alone."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from locales.library import Entry, entries

TESTS = Path(__file__).parent
FOLDER = TESTS.parent / "locales" / "vi" / "library"
COLUMNS = "code\tname\tunit\tbetter\tover_year\tcategory\tparent\talso\tapart\texplained\n"
TONES = "\u0300\u0301\u0303\u0309\u0323"
ENTRIES = entries()
BY_CODE = {entry.code: entry for entry in ENTRIES}
MEASURES = tomllib.loads((TESTS / "cases" / "library.toml").read_text(encoding="utf-8"))["measure"]


def syllable(text: str) -> str:
    """Return a syllable with its tone at the end, so that its place makes no difference."""
    marks = unicodedata.normalize("NFD", text)
    return "".join(sorted(marks, key=lambda mark: mark in TONES))


SAME = {syllable("tỉ"): syllable("tỷ")}


def spoken(text: str) -> str:
    words = [syllable(part) for part in re.findall(r"[^\W_]+|[%‰]", text.casefold())]
    return " ".join(SAME.get(word, word) for word in words)


def said() -> Iterator[tuple[str, Entry]]:
    for entry in ENTRIES:
        for text in (entry.name, *entry.also):
            yield spoken(text), entry


def test_is_large_and_each_code_stands_once() -> None:
    assert len(ENTRIES) > 2600
    assert len(BY_CODE) == len(ENTRIES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in BY_CODE)


def test_files_have_ten_plain_columns() -> None:
    for path in sorted(FOLDER.iterdir()):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text)
        assert text.startswith(COLUMNS)
        for line in text.splitlines():
            cells = re.split(r"[\t|]", line)
            assert line.count("\t") == 9, line
            assert [" ".join(cell.split()) for cell in cells] == cells, line


def test_every_file_is_read() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in FOLDER.iterdir())
    assert lines == len(ENTRIES) + len(list(FOLDER.iterdir()))


def test_what_is_said_means_one_entry() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for text, entry in said():
        homes[text].append(entry.code)
    assert {text: codes for text, codes in homes.items() if len(codes) > 1} == {}


def test_neighbours_and_parents_exist() -> None:
    for entry in ENTRIES:
        named = {*entry.apart, *([entry.parent] if entry.parent else ())}
        assert named <= BY_CODE.keys(), entry.code
        assert entry.code not in named, entry.code
        assert len(entry.apart) == len(set(entry.apart)), entry.code


def test_no_entry_is_a_part_of_itself() -> None:
    for entry in ENTRIES:
        above: list[str] = []
        parent = entry.parent
        while parent is not None and parent not in above:
            above.append(parent)
            parent = BY_CODE[parent].parent
        assert parent is None, above


def test_facts_are_from_their_sets() -> None:
    assert {entry.better for entry in ENTRIES} == {"up", "down", "none"}
    assert {entry.over_year for entry in ENTRIES} == {"point", "cumulative", "annual"}


def test_each_entry_is_complete() -> None:
    for entry in ENTRIES:
        assert entry.units, entry.code
        assert entry.category, entry.code
        assert entry.name[0].isupper(), entry.code
        assert all(1 < len(text) <= 90 for text in entry.also), entry.code


def test_is_explained_in_one_sentence() -> None:
    for entry in ENTRIES:
        assert entry.explained[0].isupper(), entry.code
        assert re.fullmatch(r"[^?!]*[^.]\.", entry.explained), entry.code
        assert not re.search(r"[^\d]\. ", entry.explained), entry.code


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure["begins"][0])
def test_unit_is_of_the_measure(measure: dict[str, list[str] | str]) -> None:
    begins = tuple(f"{words} " for words in measure["begins"])
    named = [entry for entry in ENTRIES if entry.name.startswith(begins)]
    amiss = {
        entry.code
        for entry in named
        if not all(re.fullmatch(str(measure["unit"]), unit) for unit in entry.units)
    }
    assert amiss == set(measure["other"])
    assert named
