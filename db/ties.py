"""What links the accounts that a person has on several platforms: one-time codes, and what becomes
of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

LETTERS = "CFGHJKMNPRVX"
DIGITS = "234679"
"""A code is of these. None looks like another (0 O, 1 I L, 2 Z, 5 S, 8 B). Vowels and D are left
out because Vietnamese keyboards put marks on them ("A7", "D9" in VNI, "AA", "DD" in Telex), and
without vowels no code is a word; Q and T because "Q3" and "T6" are a quarter and a month.
"""
LENGTH = 6
LASTS = timedelta(minutes=10)
"""How long a code is good for; and how long an account waits that gave too many wrong ones."""
TRIES = 5
"""How many wrong codes an account may give within that time."""

_BETWEEN = re.compile(r"[\s\-–—.]+")


def as_code(text: str) -> str | None:
    """A code as it is kept, without regard to case, spaces and dashes; None where the text has not
    the shape of one.
    """
    code = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    known = all(letter in LETTERS or letter in DIGITS for letter in code)
    return code if len(code) == LENGTH and known and mixed(code) else None


def mixed(code: str) -> bool:
    """Whether letters and digits are there: every code has both, so that no year and no word is
    one.
    """
    return any(letter in DIGITS for letter in code) and any(letter in LETTERS for letter in code)


class Refusal(StrEnum):
    """Why a code links nothing."""

    UNKNOWN = "unknown"
    LAPSED = "lapsed"
    USED = "used"
    OWN = "own"
    WAIT = "wait"


class Away(StrEnum):
    """Why nothing can be sent to a person on a platform: no account there is hers, or she shut the
    bot out there.
    """

    UNLINKED = "unlinked"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Linked:
    """Two accounts that are one person's from now on.

    `channel` is the other one's; `subscriptions` counts those that come to this chat now,
    `language` is the one that the person chose anywhere, None where she chose none.
    """

    channel: str
    subscriptions: int
    language: str | None = None


class Ties(Protocol):
    """The accounts of whoever asks, as she may see and change them where she asks."""

    @property
    def channel(self) -> str:
        """The platform where this is asked."""
        ...

    @property
    def private(self) -> bool:
        """Whether nobody reads along. Where others do, no code is given, and `link` only makes the
        code worthless.
        """
        ...

    async def others(self) -> tuple[str, ...]:
        """The platforms of the person's other accounts, the newest first."""
        ...

    async def code(self) -> str:
        """A new code; the account's one before is worth nothing any more."""
        ...

    async def link(self, code: str) -> Linked | Refusal:
        """Links this account with the one that asked for the code, whose subscriptions come here
        from now on.
        """
        ...

    async def unlink(self) -> bool:
        """Lets this account stand alone; False where it does already."""
        ...

    async def bring(self, channel: str = "") -> int | Away:
        """Has all subscriptions of the person sent here, or to her account on a platform.

        Gives how many are sent there now.
        """
        ...
