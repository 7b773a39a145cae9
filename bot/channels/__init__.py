"""What every channel shares: what comes in, what goes out, and the three ways in which sending can
fail.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, Any, Protocol

from handlers.message import Message
from handlers.say import Say

if TYPE_CHECKING:  # the terminal needs neither a listener nor the memory of chats
    from aiohttp.web import AbstractRouteDef

    from db.chats import Offer, Received


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that a person wants of the bot. All ids are the platform's own, as strings.

    `text` is None for what the bot cannot read, as a picture without words. `message` is the
    message that an answer hangs on. `reply_to` is the message of ours that this is a reply to, or
    whose button was pressed; empty when it is none of ours. `pressed` is the key of a button;
    `searched` is for words that are still being typed, whose answer is shown to this person alone.
    Both bring a `ticket`, the platform's id of the press or search. `once` names what is answered
    once a day in a chat and else passed over.
    """

    chat: str
    person: str
    text: str | None
    sent_at: datetime | None = None
    topic: str = ""
    group: bool = False
    message: str = ""
    reply_to: str = ""
    edited: bool = False
    pressed: str = ""
    searched: bool = False
    ticket: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot may write to a chat from now on; `greet` when it was brought there among people."""

    chat: str
    greet: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """The bot may not write to a chat any more."""

    chat: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A chat goes on under another id."""

    chat: str
    to: str


Event = Incoming | Joined | Left | Moved


@dataclass(frozen=True, slots=True)
class Address:
    """Where a call goes: into which chat and topic, as a reply to what, or in the place of which
    message of ours.

    `again` is for a call that was made before and may have arrived.
    """

    chat: str | None
    topic: str = ""
    reply_to: str = ""
    edits: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a platform, ready but for its address; `content` is the channel's own, as JSON
    holds it.

    `apart` is for what is no message in a chat, such as stopping a button's spinner: it waits for
    nothing in the chat, and is worth sending only as long as `lasts`.
    """

    content: dict[str, Any]
    data: bytes | None = None
    apart: bool = False
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dressed:
    """What becomes of a reply on a channel: calls in order, and the buttons with what they stand
    for.
    """

    calls: tuple[Call, ...]
    offers: tuple[Offer, ...] = ()


class SendFailed(Exception):
    """The words did not arrive. Permanent means that they never will: stop trying.

    `after` is how many seconds the platform asks this chat to be left alone.
    """

    def __init__(self, reason: str, *, permanent: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.after = after


class ChatLeft(SendFailed):
    """The words did not arrive, and nothing will arrive in this chat: the person or the group shut
    the bot out.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class PlaceClosed(SendFailed):
    """The words did not arrive, and none will at this place: its topic is gone, or the bot may not
    write there.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class ChatMoved(SendFailed):
    """The words did not arrive, because the chat goes on under another id."""

    def __init__(self, to: str) -> None:
        super().__init__("the chat has moved")
        self.to = to


class QuotaSpent(SendFailed):
    """The words did not arrive, because the platform takes no more messages of ours for now: every
    chat has to wait.
    """


class SendUnsure(Exception):
    """The request left and no reply came: the words may have arrived. Only the written policy
    repeats them.
    """


class Pace:
    """How often something may happen: once in `every` seconds, and up to `burst` times at once
    after a rest.
    """

    __slots__ = ("_due", "_every", "_room")

    def __init__(self, every: float, burst: int = 1) -> None:
        self._every = every
        self._room = every * (burst - 1)
        self._due = 0.0

    def wait(self, now: float) -> float:
        """Seconds until it may happen next; 0 when it may now."""
        return max(0.0, self._due - self._room - now)

    def spend(self, now: float) -> None:
        """Counts one time."""
        self._due = max(self._due, now) + self._every


class Window:
    """At most `most` calls in any `seconds` as the platform counts them.

    It counts a call at some moment while that is under way, so that room is taken from its
    beginning until so many seconds after its end.
    """

    __slots__ = ("_ended", "_seconds", "_under_way", "most")

    def __init__(self, most: int, seconds: float = 1.0) -> None:
        self.most = most
        self._seconds = seconds
        self._under_way = 0
        self._ended: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until there may be room: 0 when there is, endless while all room is taken by what
        is under way.
        """
        while self._ended and self._ended[0] + self._seconds <= now:
            self._ended.popleft()
        if self._under_way + len(self._ended) < self.most:
            return 0.0
        return self._ended[0] + self._seconds - now if self._ended else inf

    def begin(self) -> None:
        self._under_way += 1

    def end(self, now: float) -> None:
        self._under_way -= 1
        self._ended.append(now)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a platform lets one bot do: messages in a calendar month, people who write to it;
    `reserve` messages are kept for answers, so that what is sent unasked leaves them.
    """

    messages: int
    users: int
    reserve: int


Take = Callable[[Sequence["Received"]], Awaitable[None]]
"""Stores updates. When it has returned, they are in the store, and the platform may forget them."""


class Channel(Protocol):
    """A platform that people write on, seen by those who answer: one bot there."""

    @property
    def name(self) -> str: ...

    @property
    def bot(self) -> str:
        """The bot's own id there, known without asking the platform."""
        ...

    @property
    def plan(self) -> Plan | None:
        """What the platform's plan has room for; None where nothing is counted."""
        ...

    @property
    def rows(self) -> int:
        """How many rows of a list are read at once there; longer ones come in pages."""
        ...

    async def run(self, take: Take) -> None:
        """Receives until it is cancelled, through every failure of the platform."""
        ...

    async def known(self) -> None:
        """Returns once the platform has been reached and what it sends can be read."""
        ...

    def routes(self, take: Take) -> Sequence[AbstractRouteDef]:
        """The addresses at which the platform calls us; none when we ask it."""
        ...

    def healthy(self) -> bool:
        """Whether updates would arrive if there were any."""
        ...

    def read(self, raw: Any) -> Event | None:
        """What an update asks of us; None when nothing. Fails in any way on an update of an unknown
        shape.
        """
        ...

    def dress(self, incoming: Incoming, say: Say, *replies: Message) -> Dressed:
        """An answer as calls; several replies are for a search, to choose from. `say` has the words
        of the chat's language.
        """
        ...

    def remark(self, incoming: Incoming, say: Say, sentence: str) -> Dressed:
        """A sentence that is no answer: beside a button that was pressed, above a search that is
        empty.
        """
        ...

    def broadcast(self, message: Message, say: Say) -> tuple[Call, ...]:
        """A message for many chats as calls in order, without buttons: these belong to one chat.

        A call that is made again, and may have arrived before, says so.
        """
        ...

    def pace(self, chat: str) -> Pace:
        """How often this chat may be written to."""
        ...

    def window(self) -> Window:
        """How often all chats together may be written to."""
        ...

    async def send(self, call: dict[str, Any], data: bytes | None, to: Address) -> str:
        """Makes a call and gives the id of the message that it made, empty when it made none.

        Raises:
            SendFailed: it surely did not arrive.
            SendUnsure: it may have arrived.
        """
        ...

    async def reached(self) -> None:
        """Returns once the platform answers: what may have arrived is not repeated into a network
        that is silent.
        """
        ...

    async def typing(self, chat: str, topic: str) -> None:
        """Shows that an answer is being worked on; does not fail."""
        ...

    async def administers(self, chat: str, person: str) -> bool | None:
        """Whether a person is among those who run a chat; asked of the platform for as long as it
        does not answer.

        None on a platform that never tells.
        """
        ...

    async def open_to(self, name: str, person: str) -> str | None:
        """The chat of a public name that the person runs and that the bot may write to; None when
        it is not so.
        """
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...
