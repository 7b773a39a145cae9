"""Measures the product over the second catalogue: the real command loads it and is asked, answers are held against labels.

python tests/second/measure.py --seed 1 --count 2000 --failures failures.jsonl
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from make_questions import make
from score import Verdict, judge
from stored import CATALOGUE, HOME

COLUMNS = ("all", "wrong", "refused", "kind", "indicators", "periods", "values")


class Tally:
    """How many questions of a group went well, and how the others went."""

    def __init__(self) -> None:
        self.count = 0
        self.counts: Counter[str] = Counter()

    def add(self, verdict: Verdict) -> None:
        self.count += 1
        kept = {each: each not in verdict.failed for each in COLUMNS[3:]}
        self.counts.update(
            {"all": verdict.right, "wrong": verdict.wrong, "refused": verdict.refused, **kept}
        )

    def percent(self, column: str) -> float:
        return 100 * self.counts[column] / max(1, self.count)


def ask(questions: list[dict[str, Any]], database: Path) -> list[dict[str, Any] | None]:
    """The answers of the real command to all questions, asked in one process over a store made for them."""
    environment = {
        each: value for each, value in os.environ.items() if not each.startswith("SOLIEU_")
    }
    environment |= {
        "SOLIEU_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "SOLIEU_HOME_REGION": HOME,
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "bot"]
    subprocess.run(
        [*command, "load", str(CATALOGUE)], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    given = "".join(
        json.dumps({each: question[each] for each in ("chat", "text", "today")}, ensure_ascii=False)
        + "\n"
        for question in questions
    )
    run = subprocess.run(
        [*command, "ask", "--jsonl"],
        env=environment,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        sys.stderr.write(run.stderr[-2000:])
    answers: list[dict[str, Any] | None] = []
    for line in run.stdout.splitlines():
        try:
            answers.append(json.loads(line))
        except ValueError:
            answers.append(None)
    return answers + [None] * (len(questions) - len(answers))


def table(title: str, groups: Iterable[tuple[str, Tally]]) -> str:
    lines = [f"{title:<18} {'n':>5} " + " ".join(f"{each:>10}" for each in COLUMNS)]
    for name, tally in groups:
        lines.append(
            f"{name:<18} {tally.count:>5} "
            + " ".join(f"{tally.percent(each):>10.1f}" for each in COLUMNS)
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument(
        "--failures",
        type=Path,
        help="where questions go that are not all-correct, wrong figures first",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the counts as one JSON object instead of tables"
    )
    given = parser.parse_args()
    questions = make(given.seed, given.count)
    with tempfile.TemporaryDirectory(prefix="solieu-second-") as folder:
        answers = ask(questions, Path(folder) / "second.db")

    by_noise: dict[str, Tally] = {}
    by_stratum: dict[str, Tally] = {}
    whole = Tally()
    failures = []
    for question, answer in zip(questions, answers, strict=True):
        verdict = judge(question["expect"], answer)
        for tally in (
            by_noise.setdefault(question["noise"], Tally()),
            by_stratum.setdefault(question["stratum"], Tally()),
            whole,
        ):
            tally.add(verdict)
        if not verdict.right:
            got = {each: (answer or {}).get(each) for each in ("kind", "query", "figures", "text")}
            failures.append(
                {
                    "failed": verdict.failed,
                    "wrong": verdict.wrong,
                    "refused": verdict.refused,
                    **question,
                    "got": got,
                }
            )
    if given.failures:
        failures.sort(key=lambda each: (not each["wrong"], each["stratum"], each["id"]))
        given.failures.write_text(
            "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in failures),
            encoding="utf-8",
        )
    if given.json:
        unanswered = sum(answer is None for answer in answers)
        sys.stdout.write(
            json.dumps(
                {
                    "asked": whole.count,
                    "unanswered": unanswered,
                    **{each: whole.counts[each] for each in COLUMNS[:3]},
                }
            )
        )
        return 0
    tables = [
        table("noise", sorted(by_noise.items())),
        table("stratum", sorted(by_stratum.items())),
        table("all", [("", whole)]),
    ]
    sys.stdout.write("\n\n".join(tables) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
