"""`solieu ask` as scripts use it: the contract's object, every row of the demonstration, and whatever people may type."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db.importer import DEMONSTRATION

HOSTILE = [
    "",
    " \t ",
    "👍",
    ".",
    "?!?!",
    "a" * 4000,
    "tỷ lệ " * 700,
    "2023 " * 800,
    "\u202etỷ lệ gì đó",
    "tỷ\u0000 lệ\u0007 hộ nghèo",
    "<b>tỷ lệ hộ nghèo</b> <script>alert(1)</script>",
    "<3% & co",
    "'; DROP TABLE indicator; --",
    "SELECT * FROM users;",
    "{{7*7}} ${HOME} %s %d {0} {name}",
    "what is the poverty rate in 2023?",
    "貧困率は？",
    "معدل الفقر",
    "0123456789",
    "3,02",
    "99999999999999999999999999999999999999999 năm 2023",
    "tháng 13 quý 9 năm 99999",
    "31/02/2023",
    "từ 2023 đến 2020",
    "/drop_all",
    "/",
    "/hoi",
    "@@@@",
    "(((((((((((",
    "\ud83d",
]
KEYS = {"kind", "query", "figures", "computed", "text", "choices", "images"}
FIGURE_KEYS = {
    "indicator", "region", "period", "value", "of", "qualifier", "unit", "target_op", "target_value", "target_period", "status",
    "release", "basis", "source", "published",
}  # fmt: skip


def solieu(
    *arguments: str, given: str = "", store: Path, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the real command over a store of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogatepass",
        env={
            "SOLIEU_DATABASE_URL": f"sqlite+aiosqlite:///{store}",
            "PATH": "/usr/bin:/bin",
            "HOME": str(store.parent),
            **(more or {}),
        },
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ask") / "solieu.db"


def ask_all(questions: list[dict[str, Any]], store: Path, *more: str) -> list[dict[str, Any]]:
    done = solieu(
        "ask",
        "--jsonl",
        *more,
        given="".join(json.dumps(each) + "\n" for each in questions),
        store=store,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def demonstration_rows() -> list[dict[str, str]]:
    names = {row["code"]: row["name_vi"] for row in _csv("indicators.csv")}
    return [row | {"name": names[row["indicator"]]} for row in _csv("observations.csv")]


def _csv(name: str) -> list[dict[str, str]]:
    with (DEMONSTRATION / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_demonstration_is_answered(place: Path) -> None:
    units = {row["code"]: row["unit"] for row in _csv("indicators.csv")}
    rows = demonstration_rows()
    answers = ask_all(
        [{"chat": str(n), "text": f"{row['name']} {row['period']}"} for n, row in enumerate(rows)],
        place,
        "--today",
        "2024-03-24",
    )
    assert len(answers) == len(rows)
    for row, answer in zip(rows, answers, strict=True):
        figure = next(
            each
            for each in answer["figures"]
            if (each["indicator"], each["period"]) == (row["indicator"], row["period"])
        )
        assert answer["kind"] == "figure"
        assert figure["value"] == (row["value"] or None)
        assert figure["unit"] == units[row["indicator"]]
        assert figure["qualifier"] == (row["qualifier"] or None)
        assert figure["of"] == (int(row["of"]) if row["of"] else None)
        assert (figure["target_op"], figure["target_value"]) == (
            row["target_op"] or None,
            row["target_value"] or None,
        )
        assert figure["basis"] == row["basis"]
        assert figure["published"] == row["published"]
        wanted = "pending" if not row["value"] else "none" if not row["target_op"] else None
        assert figure["status"] == wanted or (
            wanted is None and figure["status"] in ("met", "exceeded")
        )


def test_the_object_has_the_keys_of_the_contract(place: Path) -> None:
    done = solieu("ask", "--json", "tỷ lệ hộ nghèo 2023?", store=place)
    answer = json.loads(done.stdout)
    assert answer.keys() == KEYS
    assert all(figure.keys() == FIGURE_KEYS for figure in answer["figures"])
    assert answer["query"]["origin"] == {
        "indicators": "said",
        "regions": "default",
        "periods": "said",
    }
    assert [(each["what"], each["value"], each["of"]) for each in answer["computed"]] == [
        ("difference", "-1.33", [0, 1])
    ]


def test_whatever_is_typed_gets_one_reply(place: Path) -> None:
    answers = ask_all([{"chat": str(n), "text": text} for n, text in enumerate(HOSTILE)], place)
    assert len(answers) == len(HOSTILE)
    for text, answer in zip(HOSTILE, answers, strict=True):
        assert answer["text"].strip(), text
        assert len(answer["text"]) < 4000
        assert "<script>" not in answer["text"]


def test_a_line_that_is_no_question_is_answered_and_named(place: Path) -> None:
    bad = 'nonsense\n{"chat": "a"}\n[1]\n{"text": "ho ngheo", "today": "xx"}\n'
    good = '{"chat": "a", "text": "ho ngheo 2022"}\n'
    done = solieu("ask", "--jsonl", given=bad + good, store=place)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["kind"] for answer in answers][4] == "figure"
    assert len(answers) == 5
    lines = done.stderr.splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        ["Dòng", str(number)] for number in (1, 2, 3, 4)
    ]
    assert "cột 1" in lines[0]
    assert '"today"' in lines[3]
    assert done.returncode == 1
    assert solieu("ask", "--jsonl", given=good, store=place).returncode == 0


def test_a_day_that_there_is_not_is_told_in_one_sentence(place: Path) -> None:
    for option in ("--today", "--as-of"):
        done = solieu("ask", option, "2024-13-01", "hộ nghèo", store=place)
        assert done.returncode == 2
        assert (
            done.stderr.strip()
            == f"Ngày “2024-13-01” trong {option} chưa đúng; hãy viết như 2024-03-24."
        )


def test_answers_as_of_a_day_before_anything_was_published(place: Path) -> None:
    (answer,) = ask_all(
        [{"chat": "a", "text": "tỷ lệ hộ nghèo 2023"}], place, "--as-of", "2024-03-23"
    )
    assert answer["kind"] == "no_data"
    assert answer["figures"] == []


def test_lines_of_one_chat_are_one_talk_and_people_in_a_group_have_their_own(place: Path) -> None:
    lines = [
        {"chat": "g", "person": "lan", "text": "tỷ lệ hộ nghèo 2023"},
        {"chat": "g", "person": "minh", "text": "thất nghiệp 2023"},
        {"chat": "g", "person": "lan", "text": "còn 2022?"},
    ]
    assert [answer["query"]["indicators"] for answer in ask_all(lines, place)] == [
        ["ty-le-ho-ngheo"],
        ["ty-le-that-nghiep-thanh-thi"],
        ["ty-le-ho-ngheo"],
    ]


def test_what_whoever_runs_it_can_mend_is_one_sentence_and_code_2(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, and long enough to be looked at as one" * 40)
    for arguments in (("ask", "hộ nghèo"), ("chat",), ("load", str(DEMONSTRATION))):
        done = solieu(*arguments, store=broken)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    done = solieu("run", store=tmp_path / "new.db")
    assert done.returncode == 2
    assert "SOLIEU_TELEGRAM_TOKEN" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOLIEU_TELEGRAM_TOKEN", "my-bot"),
        ("SOLIEU_TELEGRAM_SECRET", "with/slash"),
        ("SOLIEU_TELEGRAM_API", "api.telegram.org"),
        ("SOLIEU_TELEGRAM_MODE", "pigeon"),
        ("SOLIEU_TELEGRAM_RICH", "perhaps"),
        ("SOLIEU_PUBLIC_URL", "bot.example"),
        ("SOLIEU_LISTEN", "nowhere"),
        ("SOLIEU_BROADCAST_RATE", "fast"),
        ("SOLIEU_BROADCAST_RATE", "31"),
        ("SOLIEU_DIGEST_IN_DOUBT", "perhaps"),
        ("SOLIEU_ADMINS", "telegram=77"),
        ("SOLIEU_LOG_LEVEL", "loud"),
        ("SOLIEU_LOG_JSON", "perhaps"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_not_its_value(
    tmp_path: Path, name: str, value: str
) -> None:
    done = solieu(
        "run", store=tmp_path / "new.db", more={"SOLIEU_TELEGRAM_TOKEN": "1:secret", name: value}
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert name in done.stderr
    assert value not in done.stderr.replace(name, "")


def test_a_folder_is_loaded_whole_or_not_at_all(tmp_path: Path) -> None:
    folder, store = tmp_path / "figures", tmp_path / "new.db"
    folder.mkdir()
    (folder / "indicators.csv").write_text(
        "code,name_vi,unit,decimals,better,parent,category,aliases\nlua,Sản lượng lúa,tấn,0,up,,,\n",
        encoding="utf-8",
    )
    head = "indicator,region,period,value,qualifier,target_op,target_value,basis,note\n"
    (folder / "observations.csv").write_text(
        head + 'lua,Thái Nguyên,2023,"1.234,5",,,,stated,\nlua,Nơi Nào,2023,7,,,,stated,\n',
        encoding="utf-8",
    )
    refused = solieu("load", str(folder), store=store)
    assert refused.returncode == 2
    assert "observations.csv, dòng 2, cột value" in refused.stderr
    assert "observations.csv, dòng 3, cột region" in refused.stderr
    (folder / "observations.csv").write_text(
        head + "lua,Thái Nguyên,2023,1234.5,,>=,1200,stated,\n", encoding="utf-8"
    )
    assert solieu("load", str(folder), store=store).returncode == 0
    assert solieu("load", str(folder), store=store).returncode == 0
    (answer,) = ask_all([{"chat": "a", "text": "san luong lua 2023"}], store)
    assert (answer["figures"][0]["value"], answer["figures"][0]["status"]) == ("1234.5", "exceeded")
    (none,) = ask_all([{"chat": "a", "text": "tỷ lệ hộ nghèo 2023"}], store)
    assert none["kind"] in ("no_data", "not_understood", "choose")
    assert none["figures"] == []
