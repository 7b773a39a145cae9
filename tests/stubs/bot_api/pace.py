"""How fast Telegram lets a bot send."""

from __future__ import annotations

import math
from collections import deque

from .records import Chat

BURST = 3


class Pace:
    """About one message a second in a chat after a short burst, 20 a minute in a group, 30 a second in all."""

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, tuple[float, float]] = {}

    def spend(self, chat: Chat, now: float) -> int:
        """Whole seconds to wait; or 0, and then the message is counted."""
        left, since = self._chats.get(chat.id, (float(BURST), now))
        left = min(left + now - since, float(BURST))
        waits = [1 - left, _wait(self._all, now, 30, 1)]
        group = None
        if chat.kind != "private":
            group = self._groups.setdefault(chat.id, deque())
            waits.append(_wait(group, now, 20, 60))
        if max(waits) > 0:
            return math.ceil(max(waits))
        self._chats[chat.id] = (left - 1, now)
        self._all.append(now)
        if group is not None:
            group.append(now)
        return 0


def _wait(times: deque[float], now: float, most: int, seconds: float) -> float:
    while times and times[0] <= now - seconds:
        times.popleft()
    return times[0] + seconds - now if len(times) >= most else 0
