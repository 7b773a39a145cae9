"""The shared questions stand as they came, and what is fitted on holds no kept row."""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
QUESTIONS = TESTS / "questions"
NATURAL = ("seed-natural", "phu-tho", "thai-nguyen-201", "gia-lai")
SETS = {"dev": "dev.jsonl"} | {name: f"{name}/natural.jsonl" for name in NATURAL}


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the sets without their kept rows, as the script writes them."""
    folder = tmp_path_factory.mktemp("open")
    script = QUESTIONS / "measure.py"
    subprocess.run([sys.executable, str(script), "--open", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", SETS)
def test_a_fifth_is_kept_and_talks_are_kept_whole(opened: Path, name: str) -> None:
    every, to_read = rows(QUESTIONS / SETS[name]), rows(opened / f"{name}.jsonl")
    ids = {row["id"] for row in to_read}
    kept = [row for row in every if row["id"] not in ids]
    assert len(to_read) + len(kept) == len({row["id"] for row in every}) == len(every)
    assert not {row["chat"] for row in kept} & {row["chat"] for row in to_read}
    assert 0.12 < len(kept) / len(every) < 0.28


def test_both_sets_over_the_second_catalogue_ask_for_the_same_figures() -> None:
    ours, theirs = TESTS / "second" / "catalogue", QUESTIONS / "thai-nguyen-201" / "data"
    names = sorted(file.name for file in theirs.iterdir())
    assert names == sorted(file.name for file in ours.iterdir())
    for name in names:
        assert filecmp.cmp(ours / name, theirs / name, shallow=False), name
