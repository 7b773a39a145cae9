"""The shapes a question takes on its way: as read, as completed, as answered, and what stays of it
for the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from db.facts import Catalogue, Category, Coverage, Figure, Indicator, Period, Region
from db.rhythm import HOME_ZONE
from db.subscriptions import Book, Notebook
from db.ties import Ties
from handlers.linking import Linking
from handlers.message import Choice, Message
from handlers.subscribing import Errand

From = Literal["said", "previous", "default", "latest"]
"""Where a part of a question came from."""
LAST, ALL = -1, 0
"""Pages that are named without their number."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where each part of a question came from; None where the question has no such part."""

    indicators: From | None = None
    regions: From | None = None
    periods: From | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that the words may mean, and how strongly they claim it (0 to 1)."""

    indicator: Indicator
    claim: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Which reader took which words, and for what."""

    reader: str
    words: str
    meaning: str


@dataclass(frozen=True)
class Reading:
    """What the words said. Anything may be missing."""

    text: str = ""
    wants: str | None = None
    indicators: tuple[Indicator, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    categories: tuple[Category, ...] = ()
    regions: tuple[Region, ...] = ()
    strangers: tuple[str, ...] = ()
    """Places that were named and that the store does not know: a district, a city of a province."""
    periods: tuple[Period, ...] = ()
    spans: bool = False
    """The periods are the years of one span ("2020 đến 2023", "5 năm gần đây"), of which some may
    not be stored.
    """
    filter: str | None = None
    order: str | None = None
    limit: int | None = None
    page: int | None = None
    """The page of a long answer that was named ("trang 2"); `LAST` is the last, `ALL` all of them
    at once.
    """
    step: int = 0
    """How many pages on from the one shown before ("xem tiếp", "trang trước")."""
    marks: frozenset[str] = frozenset()
    """Small things that were said: "home" (tỉnh ta), "latest" (mới nhất), "attainment" (% kế
    hoạch), "reason" (vì sao) …
    """
    language: str | None = None
    errand: Errand | None = None
    """What was said of subscribing, where that is what is wanted."""
    linking: Linking | None = None
    """What was said of the person's accounts, where that is what is wanted."""
    unread: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    """Those of them that stand in no name of the catalogue."""
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Question:
    """A reading with every gap filled, and where each part came from. Answers take this, and never
    check for gaps.
    """

    wants: str
    reading: Reading
    today: date
    catalogue: Catalogue = field(default_factory=Catalogue)
    indicators: tuple[Indicator, ...] = ()
    regions: tuple[Region, ...] = ()
    periods: tuple[Period, ...] = ()
    origin: Origin = Origin()
    categories: tuple[Category, ...] = ()
    stored: tuple[Figure, ...] = ()
    """The figures that are asked for, and of their kin and the year before. `coverage` tells what
    else there is.
    """
    coverage: tuple[Coverage, ...] = ()
    """Of which periods anything is stored of the indicators asked about, in the places asked about.
    """
    earlier: tuple[Period, ...] = ()
    """The period that was named before, whatever is named now."""
    missing: tuple[str, ...] = ()
    """Places that were named and have no figures here, as they were named."""
    as_of: date | None = None
    rows: int | None = None
    """How many rows of a list fit a page; None when all are shown at once."""
    now: datetime | None = None
    book: Book = field(default_factory=Notebook)
    """What is subscribed where this is asked."""
    ties: Ties | None = None
    """The accounts of whoever asks; None where this is asked on no platform."""
    home: str | None = None
    """The place meant when none is named, where one is set."""

    @property
    def moment(self) -> datetime:
        """When this is asked: noon of today where only the day is known."""
        return self.now or datetime.combine(self.today, time(12), ZoneInfo(HOME_ZONE))

    @property
    def indicator(self) -> Indicator:
        return self.indicators[0]

    @property
    def region(self) -> Region:
        return self.regions[0]

    @property
    def period(self) -> Period:
        return self.periods[0]

    def category_name(self, code: str | None) -> str | None:
        category = self.catalogue.categories.get(code or "")
        return category.name if category else None

    def category_label(self, code: str | None) -> str:
        """A category in as few letters as it is called by, for a button."""
        category = self.catalogue.categories.get(code or "")
        if category is None:
            return ""
        short = next(
            (
                alias
                for alias in category.aliases
                if len(alias) < len(category.name) and " " in alias
            ),
            category.name,
        )
        return short[:1].upper() + short[1:]

    def figure(self, indicator: Indicator, region: Region, period: Period) -> Figure | None:
        """The stored figure of exactly these, or None."""
        return next(
            (
                each
                for each in self.stored
                if each.indicator == indicator and each.region == region and each.period == period
            ),
            None,
        )

    def at(self, indicator: Indicator, region: Region, period: Period) -> Figure | None:
        """The stored figure of a place by name: of the unit that is given, else of the one that was
        valid then.
        """
        return self.figure(indicator, region, period) or next(
            (
                each
                for each in self.stored
                if (each.indicator, each.region.name, each.period)
                == (indicator, region.name, period)
                and each.region.valid_on(period.end)
            ),
            None,
        )

    def through(self, indicator: Indicator, region: Region) -> tuple[Figure, ...]:
        """The stored figures of a place by name through all changes of its territory, each of the
        unit valid then.
        """
        return tuple(
            each
            for each in self.stored
            if each.indicator == indicator
            and each.region.name == region.name
            and each.region.valid_on(each.period.end)
        )

    def series(self, indicator: Indicator, region: Region) -> tuple[Figure, ...]:
        """The stored figures of one indicator in one place, by period."""
        return tuple(
            each for each in self.stored if each.indicator == indicator and each.region == region
        )


@dataclass(frozen=True, slots=True)
class Computed:
    """A number worked out from figures; `of` are their places among the answer's figures."""

    what: str
    value: Decimal
    unit: str
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of how many an answer shows, and its question in words that stand without the talk
    before.

    `past` when a page was asked for that is not there; then the answer says so.
    """

    number: int = 1
    of: int = 1
    past: bool = False
    again: str = ""


@dataclass(frozen=True)
class Context:
    """What the next question may lean on: the parts of the last answered one, by code and key."""

    indicators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    wants: str = ""
    named: bool = False
    """Whether the period was named and not just the latest."""
    filter: str | None = None
    """The one status of which the targets were listed."""
    again: str = ""
    """The question whose pages are being looked through, in words that stand alone; empty when all
    was shown.
    """
    page: int = 1
    """The page that was shown of it."""
    subscribing: bool = False
    """Whether the last turn was about a subscription."""

    def dump(self) -> dict[str, Any]:
        return {
            "indicators": list(self.indicators),
            "regions": list(self.regions),
            "periods": list(self.periods),
            "categories": list(self.categories),
            "wants": self.wants,
            "named": self.named,
            "filter": self.filter,
            "again": self.again,
            "page": self.page,
            "subscribing": self.subscribing,
        }

    @classmethod
    def load(cls, data: dict[str, Any]) -> Context:
        return cls(
            tuple(data.get("indicators", ())),
            tuple(data.get("regions", ())),
            tuple(data.get("periods", ())),
            tuple(data.get("categories", ())),
            str(data.get("wants", "")),
            bool(data.get("named", False)),
            data.get("filter"),
            str(data.get("again", "")),
            int(data.get("page", 1)),
            bool(data.get("subscribing", False)),
        )


@dataclass(frozen=True)
class Conversation:
    """What is remembered of one talk: the last question, what was offered after it, and the chat's
    language.
    """

    context: Context | None = None
    offered: tuple[Choice, ...] = ()
    language: str = "vi"

    def dump(self) -> dict[str, Any]:
        """As JSON can hold it; the language is the chat's and is kept with the chat's settings."""
        return {
            "context": self.context.dump() if self.context else None,
            "offered": [[choice.label, choice.text] for choice in self.offered],
        }

    @classmethod
    def load(cls, data: dict[str, Any], language: str = "vi") -> Conversation:
        context = data.get("context")
        return cls(
            Context.load(context) if context else None,
            tuple(Choice(label, text) for label, text in data.get("offered", ())),
            language,
        )


@dataclass(frozen=True)
class Answer:
    """What the contract prints: the kind, the question as understood, every figure and computed
    number, the message.
    """

    kind: str
    question: Question
    message: Message
    figures: tuple[Figure, ...] = ()
    computed: tuple[Computed, ...] = ()
    language: str | None = None
    """A language that the chat asked to be answered in from now on."""
    page: Page = Page()

    def with_message(self, message: Message) -> Answer:
        return replace(self, message=message)


@dataclass(frozen=True)
class Turn:
    """A question answered, and what is remembered after it."""

    answer: Answer
    after: Conversation = field(default_factory=Conversation)
