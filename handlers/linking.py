"""What was said of a person's accounts on several platforms: what is to be done, with which code,
on which platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
