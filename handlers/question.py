"""The shapes a question takes on its way: as read, as completed, as answered, and what stays of it
for the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from db.facts import Catalogue, Category, Coverage, Figure, Indicator, Op, Period, Region
from db.rhythm import HOME_ZONE
from db.subscriptions import Book, Notebook
from db.ties import Ties
from handlers.command import Command
from handlers.linking import Linking
from handlers.message import Choice, Message
from handlers.subscribing import Errand
from handlers.territory import best_known, is_later
from handlers.verdict import Status

From = Literal["said", "previous", "default", "latest"]
"""Where a part of a question came from."""
MOST_OFFERED = 4
"""Indicators that are offered at once where it is asked back which is meant."""
LAST, ALL = -1, 0
"""Pages that are named without their number."""


class Wants(StrEnum):
    """What is wanted of the bot: the kind of answer, or of talk."""

    FIGURE = "figure"
    SERIES = "series"
    COMPARISON = "comparison"
    RANKING = "ranking"
    BREAKDOWN = "breakdown"
    SHARE = "share"
    TARGETS = "targets"
    OVERVIEW = "overview"
    DEFINITION = "definition"
    CATALOGUE = "catalogue"
    CHOOSE = "choose"
    CHOOSE_PLACE = "choose place"
    NO_DATA = "no_data"
    PAGE = "page"
    SUBSCRIPTION = "subscription"
    ACCOUNT = "account"
    SETTINGS = "settings"
    HELP = "help"
    GREETING = "greeting"
    NOT_UNDERSTOOD = "not_understood"


class Talk(StrEnum):
    """What is said that asks for no figure."""

    GOODBYE = "goodbye"
    SMALL = "small"
    MEETS = "meets"
    """Somebody says who she is."""
    INSULT = "insult"
    WHO = "who"
    """What the bot is, and whose."""
    KEPT = "kept"
    """What it keeps of those who ask."""
    TRUE = "true"
    """Whether its figures are true."""
    ORDER = "order"
    """It is to do something else than answer."""
    USAGE = "usage"
    """How the bot is asked."""
    TOPIC = "topic"
    """Something else than statistics."""


class Territory(StrEnum):
    """Which unit is asked for, of those that bore a name one after the other."""

    NEW = "new"
    OLD = "old"


class Order(StrEnum):
    """Which end of a ranking comes first; what is best or worst, its indicator tells."""

    ASC = "asc"
    DESC = "desc"
    BEST = "best"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where each part of a question came from; None where the question has no such part."""

    indicators: From | None = None
    regions: From | None = None
    periods: From | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that the words may mean, and how sure that is (0 to 1)."""

    indicator: Indicator
    claim: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Which reader took which words, and for what."""

    reader: str
    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a result is to be measured against, as far as time tells."""

    named: bool = False
    """The last period named is what is compared with: "so với 2022"."""
    step_before: bool = False
    """So is the month or quarter right before: "so với tháng trước"."""
    same_before: bool = False
    """So is the same period of the year before: "so với cùng kỳ"."""


@dataclass(frozen=True, slots=True)
class OfTime:
    """What was said of time: periods in the order of the words, and how they are meant."""

    periods: tuple[Period, ...] = ()
    spans: bool = False
    """The periods are the years of one span ("2020 đến 2023", "5 năm gần đây"), of which some may
    not be stored.
    """
    recent: int | None = None
    """The last so many years, or quarters or months where `grain` says so ("3 tháng qua")."""
    grain: int | None = None
    """The months of each step of a series: 1 for "theo tháng", 3 for "theo quý"."""
    moved: int = 0
    """So many months on from the period before: -12 for "năm trước đó", 1 for "tháng sau"."""
    yearless: bool = False
    """No year was said with the months."""
    latest: bool = False
    to_date: bool = False
    """A running total from the first of January: "luỹ kế", "đến hết tháng 8"."""
    whole_year: bool = False
    """The year of what is spoken of, and no part of it: "cả năm"."""
    against: Against = Against()
    unreadable: tuple[str, ...] = ()
    """What is written as a period and is none, as it was typed: "30/2/2023", "quý 5"."""

    @property
    def stretch(self) -> bool:
        """Whether a stretch of years is meant, one by one."""
        return self.spans or self.recent is not None

    @property
    def years(self) -> tuple[Period, ...]:
        """The calendar years among the periods."""
        return tuple(period for period in self.periods if period.is_year)

    @property
    def said(self) -> bool:
        """Whether anything was said of time."""
        return replace(self, grain=None) != OfTime()


@dataclass(frozen=True, slots=True)
class OfTargets:
    """What was said of targets."""

    spoken: bool = False
    """Targets are spoken of at all."""
    plan: bool = False
    """What was planned is asked for, and not how it was kept."""
    attainment: bool = False
    gap: bool = False
    not_exceeded: bool = False
    which: bool = False
    """ "chỉ tiêu nào": indicators are asked for, and not a figure of one."""
    filter: Status | None = None
    """The one status that is asked for."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Small things that were said beside what is wanted."""

    thanks: bool = False
    assent: bool = False
    reason: bool = False
    source: bool = False
    chart: bool = False
    portion: bool = False
    """How much of a whole something is."""
    total: bool = False
    """ "tổng số": the whole of a part."""
    beside: bool = False
    """What is named is set beside what was spoken of: "với …", "đặt cạnh …"."""
    mutual: bool = False
    """The last two figures are set side by side: "chênh *nhau* bao nhiêu"."""
    follows: bool = False
    """It is said to go on from the question before: "còn …?", "… thì sao"."""
    surveys: bool = False
    """All of something is asked for in words: "tình hình …"."""
    reckon: bool = False
    """A sum or a mean of several figures is asked for."""
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that was said of a figure: its value as typed, its decimals, tens of its scale.

    `unit` is empty where none was said, and `typed` is how it is said back: "34,5 tỷ đồng".
    """

    value: Decimal
    places: int = 0
    scale: int = 0
    unit: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound that was said: "trên 5%"; `high` where it is a range."""

    op: Op
    low: Amount
    high: Amount | None = None

    @property
    def typed(self) -> str:
        return self.low.typed if self.high is None else f"{self.low.typed}–{self.high.typed}"


@dataclass(frozen=True, slots=True)
class Listing:
    """How much of a list is to be shown, and in which order."""

    order: Order | None = None
    limit: int | None = None
    page: int | None = None
    """The page of a long answer that was named ("trang 2"); `LAST` is the last, `ALL` all of them
    at once.
    """
    step: int = 0
    """How many pages on from the one shown before ("xem tiếp", "trang trước")."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What no reader could place."""

    content: bool = False
    """Words stand there that could name an indicator, and none is sure to be meant."""
    unread: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    """Those of them that stand in no name of the catalogue."""


@dataclass(frozen=True)
class Reading:
    """What the words said. Anything may be missing."""

    text: str = ""
    wants: Wants | None = None
    indicators: tuple[Indicator, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """What else the words may mean, the likeliest first."""
    not_stored: tuple[str, ...] = ()
    """Terms of the field that were asked for and that no indicator has, as they were typed."""
    categories: tuple[Category, ...] = ()
    regions: tuple[Region, ...] = ()
    strangers: tuple[str, ...] = ()
    """Places that were named and that the store does not know: a district, a city of a province."""
    home: bool = False
    """The home region was named without its name: "tỉnh ta"."""
    territory: Territory | None = None
    """The territory that was asked for: "theo địa giới mới", "trước sáp nhập"."""
    time: OfTime = OfTime()
    targets: OfTargets = OfTargets()
    remarks: Remarks = Remarks()
    listing: Listing = Listing()
    quoted: Amount | None = None
    """A number that is to be confirmed: "là 5% đúng không"."""
    threshold: Threshold | None = None
    rest: Rest = Rest()
    language: str | None = None
    errand: Errand | None = None
    """What was said of subscribing, where that is what is wanted."""
    linking: Linking | None = None
    """What was said of the person's accounts, where that is what is wanted."""
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Asking:
    """Who asks, where and when: all of a question that is not in its words."""

    today: date
    """The day that words such as "năm nay" count from."""
    now: datetime | None = None
    as_of: date | None = None
    """The day by which the figures were published; None for all that there are."""
    rows: int | None = None
    """How many rows of a list fit a page; None when all are shown at once."""
    book: Book = field(default_factory=Notebook)
    """What is subscribed where this is asked; a new one is forgotten after the turn."""
    ties: Ties | None = None
    """The accounts of whoever asks; None where this is asked on no platform."""
    home: str | None = None
    """The place meant when none is named, where one is set."""
    command: Command | None = None
    """What a button that was pressed does, whatever its words say."""

    @property
    def moment(self) -> datetime:
        """When this is asked: noon of today where only the day is known."""
        return self.now or datetime.combine(self.today, time(12), ZoneInfo(HOME_ZONE))


@dataclass(frozen=True)
class Holdings:
    """What the store holds of what is asked, and of its kin and the year before."""

    figures: tuple[Figure, ...] = ()
    """The figures that may be shown."""
    coverage: tuple[Coverage, ...] = ()
    """Of which periods anything is stored of the indicators and in the places asked about."""

    def figure(self, indicator: Indicator, region: Region, period: Period) -> Figure | None:
        """Give the stored figure of exactly these, or None."""
        wanted = (indicator, region, period)
        return next(
            (each for each in self.figures if (each.indicator, each.region, each.period) == wanted),
            None,
        )

    def at(self, indicator: Indicator, region: Region, period: Period) -> Figure | None:
        """Give the figure of this unit, else of one of its name: valid then, or a later one."""
        wanted = (indicator, region.name, period)
        named = [
            each
            for each in self.figures
            if (each.indicator, each.region.name, each.period) == wanted
        ]
        valid = [each for each in named if each.region.valid_on(period.end)]
        later = [each for each in named if is_later(each.region, period)]
        return self.figure(indicator, region, period) or next(iter([*valid, *later]), None)

    def through(
        self, indicator: Indicator, region: Region, periods: Sequence[Period]
    ) -> tuple[Figure, ...]:
        """Give the figures of a place over periods: of this unit where it has them all.

        Else each is of the unit that was valid then, or of a later one that has it.
        """
        named = [
            each
            for each in self.figures
            if (each.indicator, each.region.name) == (indicator, region.name)
            and each.period in periods
            and (each.value is not None or each.region.valid_on(each.period.end))
        ]
        own = {each.period for each in named if each.region == region and each.value is not None}
        if all(each.period in own for each in named if each.value is not None):
            named = [each for each in named if each.region == region or each.period not in own]
        kept = best_known(named)
        return tuple(sorted(kept, key=lambda each: each.period))

    def series(self, indicator: Indicator, region: Region) -> tuple[Figure, ...]:
        """Give the figures of one indicator in one unit, by period."""
        return tuple(
            each for each in self.figures if each.indicator == indicator and each.region == region
        )


@dataclass(frozen=True)
class Question:
    """A reading with every gap filled, and where each part came from. Answers take this, and never
    check for gaps.
    """

    wants: Wants
    reading: Reading
    asking: Asking
    catalogue: Catalogue = field(default_factory=Catalogue)
    indicators: tuple[Indicator, ...] = ()
    categories: tuple[Category, ...] = ()
    regions: tuple[Region, ...] = ()
    missing: tuple[str, ...] = ()
    """Places that were named and have no figures here, as they were named."""
    several_places: bool = False
    """Whether figures of more than one place are stored."""
    periods: tuple[Period, ...] = ()
    earlier: tuple[Period, ...] = ()
    """The period that was named before, whatever is named now."""
    origin: Origin = Origin()
    held: Holdings = field(default_factory=Holdings)

    @property
    def indicator(self) -> Indicator:
        return self.indicators[0]

    @property
    def region(self) -> Region:
        return self.regions[0]

    @property
    def period(self) -> Period:
        return self.periods[0]

    def over(self, periods: tuple[Period, ...], origin: From) -> Question:
        """Ask the same of other periods."""
        return replace(self, periods=periods, origin=replace(self.origin, periods=origin))

    def at(self, regions: tuple[Region, ...], origin: From) -> Question:
        """Ask the same of other places."""
        return replace(self, regions=regions, origin=replace(self.origin, regions=origin))

    def about(self, indicators: tuple[Indicator, ...], origin: From) -> Question:
        """Ask the same of other indicators."""
        return replace(self, indicators=indicators, origin=replace(self.origin, indicators=origin))

    def wanting(self, wants: Wants) -> Question:
        """Want another kind of answer."""
        return replace(self, wants=wants)

    def timed(self, time: OfTime) -> Question:
        """Say something else of time."""
        return replace(self, reading=replace(self.reading, time=time))

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


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was asked back about: the words, and the indicators they may mean, likeliest first.

    `first` is the place of the first in sight; `lone`: that one was offered alone, as a question of
    yes or no. `added` are periods and places that were typed since, and hold instead of those in
    the words. `spent`: others were asked for, and there are none.
    """

    text: str
    codes: tuple[str, ...]
    first: int = 0
    lone: bool = False
    added: tuple[str, ...] = ()
    spent: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """The codes of those in sight."""
        return self.codes[self.first : self.first + (1 if self.lone else MOST_OFFERED)]

    @property
    def more(self) -> bool:
        """Whether any come after those in sight."""
        return self.first + len(self.shown) < len(self.codes)

    def onward(self) -> Doubt:
        """Turn to those that come after; where there are none, back to the first."""
        if not self.more:
            return replace(self, first=0, lone=False, spent=True)
        return replace(self, first=self.first + len(self.shown), lone=False)

    @property
    def whole(self) -> str:
        """The words with all that was added."""
        return " ".join((self.text, *self.added))


@dataclass(frozen=True, slots=True)
class Frame:
    """How a series, a comparison or a ranking was laid out, for another place or indicator."""

    periods: tuple[str, ...] = ()
    """The stretch of a series, or the sides of a comparison along time, as they are written."""
    spans: bool = False
    grain: int | None = None
    order: Order | None = None

    @classmethod
    def load(cls, data: dict[str, Any]) -> Frame:
        order = data.get("order")
        return cls(
            tuple(data.get("periods", ())),
            bool(data.get("spans", False)),
            data.get("grain"),
            Order(order) if order else None,
        )


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one figure was of, by codes and keys."""

    indicators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()

    @classmethod
    def load(cls, data: dict[str, Any]) -> Spoken:
        parts = (tuple(data.get(name, ())) for name in ("indicators", "regions", "periods"))
        return cls(*parts)


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
    filter: Status | None = None
    """The one status of which the targets were listed."""
    again: str = ""
    """The question whose pages are being looked through, in words that stand alone; empty when all
    was shown.
    """
    page: int = 1
    """The page that was shown of it."""
    subscribing: bool = False
    """Whether the last turn was about a subscription."""
    doubt: Doubt | None = None
    """What the last turn asked back about."""
    frame: Frame = Frame()
    other: Spoken = Spoken()
    """What the figure before the last one was of: both may be set side by side."""

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
            "doubt": asdict(self.doubt) if self.doubt else None,
            "frame": asdict(self.frame),
            "other": asdict(self.other),
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
            Status(data["filter"]) if data.get("filter") else None,
            str(data.get("again", "")),
            int(data.get("page", 1)),
            bool(data.get("subscribing", False)),
            _doubt(data.get("doubt")),
            Frame.load(data.get("frame", {})),
            Spoken.load(data.get("other", {})),
        )


def _doubt(data: dict[str, Any] | None) -> Doubt | None:
    if data is None:
        return None
    return Doubt(
        data["text"], tuple(data["codes"]), data["first"], data["lone"], tuple(data["added"])
    )


@dataclass(frozen=True)
class Conversation:
    """What is remembered of one talk: the last question, what was offered after it, and the chat's
    language.
    """

    context: Context | None = None
    offered: tuple[Choice, ...] = ()
    language: str = "vi"

    @property
    def doubt(self) -> Doubt | None:
        """What was asked back about."""
        return self.context.doubt if self.context else None

    def dump(self) -> dict[str, Any]:
        """As JSON can hold it; the language is the chat's and is kept with the chat's settings."""
        return {
            "context": self.context.dump() if self.context else None,
            "offered": [
                [each.label, each.text, each.indicator, each.carried] for each in self.offered
            ],
        }

    @classmethod
    def load(cls, data: dict[str, Any], language: str = "vi") -> Conversation:
        context = data.get("context")
        return cls(
            Context.load(context) if context else None,
            tuple(_offered(*parts) for parts in data.get("offered", ())),
            language,
        )


def _offered(label: str, text: str, indicator: str | None = None, carried: str = "") -> Choice:
    """Give a choice as it was remembered."""
    return Choice(label, text, indicator, Command.load(carried))


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
    doubt: Doubt | None = None
    """What it asks back about."""

    def with_message(self, message: Message) -> Answer:
        return replace(self, message=message)


@dataclass(frozen=True)
class Turn:
    """A question answered, and what is remembered after it."""

    answer: Answer
    after: Conversation = field(default_factory=Conversation)
