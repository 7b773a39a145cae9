"""A digest as it would be sent on some day, printed or saved by whoever wants to see it first."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.screen import Screen
from db.facts import Category, Indicator
from db.rhythm import HOME_ZONE, Rhythm
from db.store import Store
from db.subscriptions import Wishes
from handlers.digest import Digest, compose
from handlers.say import say_in


def by_code(said: Iterable[str], known: Iterable[Category | Indicator]) -> tuple[str, ...]:
    """The codes that were said, or are meant by the names that were; what is unknown stays as it
    was said.
    """
    codes = {name.casefold(): each.code for each in known for name in (each.name, *each.aliases)}
    return tuple(codes.get(each.casefold(), each) for each in said)


def named(wishes: Wishes, store: Store) -> Wishes:
    """Wishes with the codes of categories and indicators that were said by name."""
    known = store.catalogue
    return replace(
        wishes,
        categories=by_code(wishes.categories, known.categories.values()),
        indicators=by_code(wishes.indicators, known.indicators.values()),
    )


def unknown(wishes: Wishes, store: Store) -> tuple[str, str] | None:
    """The first of what is wished for that the store does not know: what it would be, and how it
    was said.
    """
    known = store.catalogue
    asked = {
        "category": (each for each in wishes.categories if each not in known.categories),
        "indicator": (each for each in wishes.indicators if each not in known.indicators),
        "region": (each for each in wishes.regions if not known.namesakes(each)),
    }
    return next(((kind, name) for kind, names in asked.items() for name in names), None)


async def preview(
    store: Store, wishes: Wishes, day: date, home: str | None, language: str = "vi"
) -> Digest:
    """The digest as if it were sent on a day, from what was published by then, as the first of its
    subscription.
    """
    rhythm = wishes.rhythm or Rhythm()
    moment = datetime.combine(day, rhythm.at, ZoneInfo(rhythm.zone if wishes.rhythm else HOME_ZONE))
    return await compose(
        store,
        wishes,
        moment=moment,
        since=None,
        late=False,
        say=say_in(language),
        home=home,
        as_of=day,
        preview=True,
    )


def shown(made: Digest) -> None:
    """Prints a digest as a terminal can show it."""
    if sys.stdout.isatty():
        Screen(sys.stdout).show(made.message)
    else:
        sys.stdout.write(made.message.text + "\n")


def saved(made: Digest, folder: Path, name: str) -> list[Path]:
    """Writes the words, the picture and the workbook of a digest into a folder; gives their paths.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = folder / f"{name}.txt"
    words.write_text(made.message.text + "\n", encoding="utf-8")
    paths = [words]
    for image in made.message.images:
        paths.append(folder / f"{name}.png")
        paths[-1].write_bytes(image.data)
    for file in made.message.files:
        paths.append(folder / file.name)
        paths[-1].write_bytes(file.data)
    return paths
