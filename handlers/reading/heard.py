"""What was heard of a wish so far, and which words stand in a name instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from db.rhythm import Every
from db.subscriptions import Alert
from handlers.reading.words import Found, Word, Words
from handlers.subscribing import Facets

_KINDS = ("no_rhythm", "no_day", "no_hour", "no_zone")


@dataclass
class Heard:
    """What was heard so far; each part is said once, and what is said again stays unread."""

    facets: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})
    alerts: set[Alert] = field(default_factory=set)
    at_once: bool = False
    """Word at once is spoken of."""
    implied: Every | None = None
    """The rhythm that "cuối tháng" speaks of, where none is said."""

    def say(self, name: str, value: object) -> None:
        """Keep what is said first."""
        self.facets.setdefault(name, value)

    def refuse(self, kind: str, words: str) -> None:
        """Keep the words of what cannot be."""
        self.refused[kind].append(words)

    def as_facets(self) -> Facets:
        """Give all that was heard.

        "nếu được thì gửi bản tin" speaks of a digest and no news, so that nothing is told at once.
        """
        if self.implied is not None:
            self.say("every", self.implied)
        digest = "digest" in self.facets or "every" in self.facets
        said: dict[str, Any] = {kind: tuple(words) for kind, words in self.refused.items()}
        alerting = self.at_once and (bool(self.alerts) or not digest)
        return Facets(alerting=alerting, alerts=frozenset(self.alerts), **{**said, **self.facets})


class Neighbours:
    """Knows which words stand beside each other in names of indicators."""

    def __init__(self, pairs: frozenset[tuple[str, str]]) -> None:
        self._pairs = pairs

    def in_name(self, row: list[Word], found: Found) -> bool:
        """Tell whether a single word stands in a name: the "đổi" of chuyển đổi số."""
        if found.end - found.start > 1:
            return False
        before = not row[found.start].breaks and self.joined_before(row, found)
        after = found.end < len(row) and not row[found.end].breaks
        return before or (after and self.joined_after(row, found))

    def beside_name(self, row: list[Word], found: Found) -> bool:
        """Tell whether a phrase goes on from a name or into one: "trợ cấp *hằng tháng*"."""
        return self.joined_before(row, found) or self.joined_after(row, found)

    def joined_before(self, row: list[Word], found: Found) -> bool:
        start = found.start
        return start > 0 and (row[start - 1].bare, row[start].bare) in self._pairs

    def joined_after(self, row: list[Word], found: Found) -> bool:
        end = found.end
        return end < len(row) and (row[end - 1].bare, row[end].bare) in self._pairs

    def takes(self, words: Words, found: Found) -> bool:
        """Tell whether a phrase is free to be taken, and stands in no name."""
        return words.free(found.start, found.end) and not self.in_name(words.row, found)
