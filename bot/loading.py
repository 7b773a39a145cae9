"""What whoever loads a folder is told: what came of it, or every place that must be mended."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import IO

from db.facts import Indicator
from db.importer import Loaded, LoadRefused, Problem
from db.store import Store
from handlers.lending import Borrow, lend
from handlers.say import Say, say_in

log = logging.getLogger(__name__)
REFUSED = 2


def report(outcome: Loaded | LoadRefused, out: IO[str]) -> int:
    """Writes the outcome and gives the exit code."""
    say = say_in("vi")
    if isinstance(outcome, LoadRefused):
        for problem in outcome.problems:
            out.write(worded(problem, say) + "\n")
        if outcome.count > len(outcome.problems):
            out.write("…\n")
        out.write(say.text("load.refused", count=outcome.count) + "\n")
        return REFUSED
    out.write(
        say.text(
            "load.done",
            indicators=outcome.indicators,
            observations=outcome.observations,
            targets=outcome.targets,
            changed=outcome.new + outcome.changed,
        )
        + "\n"
    )
    if not outcome.new and not outcome.changed:
        out.write(say.text("load.unchanged") + "\n")
    return 0


async def link(store: Store, before: Mapping[str, Indicator], borrow: Borrow | None = None) -> int:
    """Link the catalogue to the library where its indicators are not those of before.

    Gives how many were linked now. What was loaded is right without links, so that a failure is
    logged, and no more.
    """
    try:
        if (await store.refresh()).indicators == before and await store.loans():
            return 0
        return sum(loan.indicator is not None for loan in await lend(store, borrow))
    except Exception as error:
        log.warning("The catalogue is not linked to the library: %r", error)
        return 0


def worded(problem: Problem, say: Say) -> str:
    """One problem in a line: file, line, column, what was found, what is wanted."""
    place = [problem.file]
    if problem.line:
        place.append(say.text("load.line", line=str(problem.line)))
    if problem.column:
        place.append(say.text("load.column", column=problem.column))
    wanted = say.text(f"load.wanted.{problem.wanted.value}")
    found = (
        say.text("load.found", found=problem.found[:80])
        if problem.found
        else say.text("load.empty")
    )
    return say.text("load.problem", place=", ".join(place), found=found, wanted=wanted)
