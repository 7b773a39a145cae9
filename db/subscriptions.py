"""What people asked to be sent: a digest in a rhythm, or word at once when a figure comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from db.rhythm import Rhythm


class Alert(StrEnum):
    """What is told at once of a followed indicator."""

    NEW = "new"
    CORRECTED = "corrected"
    MISSED = "missed"


class State(StrEnum):
    """Whether a subscription is served. PAUSED by people, STOPPED by what keeps words from
    arriving.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be sent and when: a digest if there is a rhythm, alerts if there are any.

    `categories` and `indicators` are codes, `regions` names of places; empty means all of them, and
    for regions the home region. `full` is for all sections instead of a page to read at a glance.
    """

    rhythm: Rhythm | None = field(default_factory=Rhythm)
    alerts: frozenset[Alert] = frozenset()
    categories: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    full: bool = False
    chart: bool = True
    workbook: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """The wishes of one chat or topic. `since`: nothing that was due before this moment is sent."""

    id: int
    wishes: Wishes
    since: datetime
    state: State = State.ACTIVE
    reason: str = ""
    """Why it is stopped."""
    language: str = "vi"
    target: str = ""
    """The name of the channel that it is for, when it was made from a private chat for another one.
    """
    served: frozenset[str] = frozenset()
    """The periods whose digest was sent already, of the last ones: no period gets two."""
    made_by: str = ""
    elsewhere: str = ""
    """The platform that it is sent on, where that is another private chat of the same person."""

    def next(self, now: datetime) -> datetime | None:
        """When its next digest comes after `now`; None where there is no rhythm."""
        rhythm = self.wishes.rhythm
        if rhythm is None:
            return None
        moment = rhythm.next(now)
        while str(rhythm.period(moment)) in self.served:
            moment = rhythm.next(moment)
        return moment


class Only(StrEnum):
    """Who alone may make or change a subscription: a group's admins, or (MAKER) who made it and the
    bot's admins.
    """

    ADMINS = "admins"
    MAKER = "maker"


class Book(Protocol):
    """The subscriptions of one chat and topic, as somebody who asks there may see and change them.

    In private they are those of all private chats of the person.
    """

    async def mine(self) -> tuple[Subscription, ...]:
        """All that are not ended, oldest first."""
        ...

    async def reserved(self, id: int | None = None) -> Only | None:
        """Who alone may change one of them, or (None) make one, where whoever asks may not; None
        where she may.

        In a private chat anybody may; in a group its admins, or where the platform does not tell
        them, who made it.
        """
        ...

    async def add(self, wishes: Wishes, target: str = "") -> Subscription | None:
        """Makes a subscription; `target` is an @name of a channel. None when the bot or the person
        may not write there.
        """
        ...

    async def change(self, id: int, wishes: Wishes) -> Subscription:
        """Gives a subscription other wishes; what was due before now is not sent."""
        ...

    async def pause(self, id: int) -> Subscription: ...

    async def resume(self, id: int) -> Subscription:
        """Serves it again; what was due before now is not sent."""
        ...

    async def end(self, id: int) -> None: ...


class Notebook:
    """A book that lasts as long as its process, whose owner may change everything in it; it writes
    to no channel.

    `clock` says when something is made, changed or resumed.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._kept: dict[int, Subscription] = {}
        self._made = 0

    async def mine(self) -> tuple[Subscription, ...]:
        return tuple(self._kept.values())

    async def reserved(self, id: int | None = None) -> Only | None:  # noqa: ARG002
        return None

    async def add(self, wishes: Wishes, target: str = "") -> Subscription | None:
        if target:
            return None
        self._made += 1
        return self._keep(Subscription(self._made, wishes, self._clock()))

    async def change(self, id: int, wishes: Wishes) -> Subscription:
        return self._keep(replace(self._kept[id], wishes=wishes, since=self._clock()))

    async def pause(self, id: int) -> Subscription:
        return self._keep(replace(self._kept[id], state=State.PAUSED))

    async def resume(self, id: int) -> Subscription:
        return self._keep(
            replace(self._kept[id], state=State.ACTIVE, reason="", since=self._clock())
        )

    async def end(self, id: int) -> None:
        del self._kept[id]

    def _keep(self, subscription: Subscription) -> Subscription:
        self._kept[subscription.id] = subscription
        return subscription
