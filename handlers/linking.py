"""What was said of a person's accounts on several platforms: what is to be done, with which code,
on which platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.mood import Mood


@dataclass(frozen=True)
class Linking:
    """What is to be done. `link` has a code or wants one, `bring` has all digests sent to a
    platform or, unnamed, here.

    `explicit` where the words can mean nothing else.
    """

    act: Literal["link", "unlink", "bring"]
    code: str = ""
    channel: str = ""
    explicit: bool = True
    mood: Mood = Mood.REQUEST
    """Whether it is asked for; nothing is done where it is not."""

    @property
    def asked(self) -> bool:
        """Whether it is done at once: a code is also how linking is explained."""
        explains = self.act == "link" and not self.code and self.mood is Mood.QUESTION
        return self.mood is Mood.REQUEST or explains
