"""The phrases that we say, from gettext catalogues: Vietnamese is the source of truth, English
complete beside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po


class Phrases:
    """One language's phrases by key."""

    def __init__(self, language: str, entries: dict[str, tuple[str, ...]]) -> None:
        self.language = language
        self._entries = entries

    def has(self, key: str) -> bool:
        return key in self._entries

    def get(self, key: str, count: int | None = None) -> str:
        """The phrase of a key.

        Raises:
            KeyError: no such phrase.
        """
        forms = self._entries[key]
        return forms[0] if count is None or count == 1 or len(forms) == 1 else forms[1]

    def keys(self) -> frozenset[str]:
        return frozenset(self._entries)


@cache
def phrases(language: str) -> Phrases:
    """The phrases of a language; read once."""
    with (Path(__file__).parent / language / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    entries: dict[str, tuple[str, ...]] = {}
    for entry in catalogue:
        if entry.id and entry.string:
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            entries[key] = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
    return Phrases(language, entries)
