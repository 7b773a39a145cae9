"""The words that people write around indicators, places and periods, as data beside this file."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Phrase = tuple[str, ...]
"""The words of a phrase, in small letters with all their marks."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a short form may stand for, and the neighbours that decide for it."""

    words: Phrase
    after: tuple[Phrase, ...] = ()
    before: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """What a language's people say; each group maps its name to phrases."""

    talk: frozenset[Phrase]
    wants: dict[str, tuple[Phrase, ...]]
    replies: dict[str, tuple[Phrase, ...]]
    chatter: dict[str, tuple[Phrase, ...]]
    """What is said that asks for no figure."""
    acts: dict[str, tuple[Phrase, ...]]
    """What may be done with a subscription."""
    wishes: dict[str, tuple[Phrase, ...]]
    """What a subscription may be like."""
    hours: dict[str, tuple[Phrase, ...]]
    zones: dict[str, tuple[Phrase, ...]]
    """Whose clock an hour is of."""
    moods: dict[str, tuple[Phrase, ...]]
    """What tells a deed that is asked for from one that is only spoken of."""
    accounts: dict[str, tuple[Phrase, ...]]
    """What is said of a person's accounts on several platforms."""
    languages: dict[str, tuple[Phrase, ...]]
    switching: tuple[Phrase, ...]
    """What is said around a language that is switched to."""
    commands: dict[str, str]
    pages: dict[str, tuple[Phrase, ...]]
    numbers: dict[str, tuple[Phrase, ...]]
    """What is said around a number that is quoted or a threshold."""
    picks: dict[str, tuple[Phrase, ...]]
    """What is said around the number of a choice."""
    target: dict[str, tuple[Phrase, ...]]
    filter: dict[str, tuple[Phrase, ...]]
    periods: dict[str, tuple[Phrase, ...]]
    calendar: dict[str, tuple[Phrase, ...]]
    """What stands around periods, and what only looks like one."""
    places: dict[str, tuple[Phrase, ...]]
    measures: dict[str, tuple[Phrase, ...]]
    change: dict[str, tuple[Phrase, ...]]
    """What the names of indicators have that are a change themselves."""
    heads: dict[str, tuple[Phrase, ...]]
    dimensions: dict[str, tuple[Phrase, ...]]
    """The words of units, by what they measure."""
    general: tuple[Phrase, ...]
    filling: tuple[Phrase, ...]
    tails: tuple[Phrase, ...]
    """Words that any name of an indicator may have or lack."""
    qualifiers: tuple[Phrase, ...]
    content: tuple[Phrase, ...]
    """Words of indicators that are known whatever the catalogue."""
    short: dict[str, tuple[Meaning, ...]]
    districts: tuple[Phrase, ...]
    """Places below the province as they were in 2024: known as such, though no figures are kept for
    them.
    """

    def spoken(self) -> frozenset[Phrase]:
        """Words of talk, of periods and of wanting: all that names no indicator."""
        groups = (self.wants, self.target, self.filter, self.periods)
        return self.talk | {
            phrase for group in groups for phrases in group.values() for phrase in phrases
        }

    def phrases(self) -> frozenset[Phrase]:
        """Every phrase of every group."""
        asked = (
            self.wants,
            self.acts,
            self.wishes,
            self.hours,
            self.pages,
            self.heads,
            self.target,
            self.filter,
        )
        groups = (*asked, self.periods, self.places, self.measures, self.languages)
        every = {phrase for group in groups for phrases in group.values() for phrase in phrases}
        every.update((*self.qualifiers, *self.content))
        every.update(meaning.words for meanings in self.short.values() for meaning in meanings)
        return frozenset(every | self.talk)


def _phrase(text: str) -> Phrase:
    return tuple(text.casefold().split())


def _group(table: dict[str, list[str]]) -> dict[str, tuple[Phrase, ...]]:
    return {name: tuple(_phrase(text) for text in texts) for name, texts in table.items()}


def _districts(path: Path) -> tuple[Phrase, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    return tuple(
        tuple("".join(c if c.isalnum() else " " for c in name.casefold()).split())
        for name in sorted(names)
    )


@cache
def vocabulary(language: str = "vi") -> Vocabulary:
    """The vocabulary of a language; read once."""
    data = tomllib.loads(
        (Path(__file__).parent / language / "vocabulary.toml").read_text(encoding="utf-8")
    )
    talk = {_phrase(word.replace("_", " ")) for word in data["talk"]["words"].split()}
    talk.update(_phrase(text) for text in data["talk"]["phrases"])
    short = {
        form: tuple(
            Meaning(
                _phrase(meaning["words"]),
                tuple(_phrase(text) for text in meaning.get("after", ())),
                tuple(_phrase(text) for text in meaning.get("before", ())),
            )
            for meaning in entry["means"]
        )
        for entry in data["short"]
        for form in entry["forms"]
    }
    for forms, words in data["abbreviations"].items():
        for form in forms.split("|"):
            short.setdefault(form, (Meaning(_phrase(words)),))
    return Vocabulary(
        talk=frozenset(talk),
        wants=_group(data["wants"]),
        replies=_group(data["replies"]),
        chatter=_group(data["chatter"]),
        acts=_group(data["acts"]),
        wishes=_group(data["wishes"]),
        hours=_group(data["hours"]),
        zones=_group(data["zones"]),
        moods=_group(data["moods"]),
        accounts=_group(data["accounts"]),
        languages=_group(data["languages"]),
        switching=tuple(_phrase(text) for text in data["switching"]["words"]),
        commands=data["commands"],
        pages=_group(data["pages"]),
        numbers=_group(data["numbers"]),
        picks=_group(data["picks"]),
        target=_group(data["target"]),
        filter=_group(data["filter"]),
        periods=_group(data["periods"]),
        calendar=_group(data["calendar"]),
        places=_group(data["places"]),
        measures=_group(data["measures"]),
        change=_group(data["change"]),
        heads=_group(data["heads"]),
        dimensions=_group(data["dimensions"]),
        general=tuple(_phrase(text) for text in data["general"]["words"]),
        tails=tuple(_phrase(text) for text in data["tails"]["words"]),
        filling=tuple(_phrase(text) for text in data["filling"]["words"]),
        qualifiers=tuple(_phrase(text) for text in data["qualifiers"]["words"]),
        content=tuple(_phrase(text) for text in data["content"]["words"]),
        short=short,
        districts=_districts(Path(__file__).parent / language / "districts.csv"),
    )
