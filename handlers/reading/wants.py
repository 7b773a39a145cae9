"""What is wanted: an ordered list of rules over what the other readers saw; the first that holds
decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.question import OfTime, Talk, Wants
from handlers.verdict import Status

RANKS = frozenset({"ranking", "best", "worst"})
FILTERS = ("pending", "missed", "exceeded", "met")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a question, as far as it tells what is wanted.

    `groups` are the groups of the vocabulary whose phrases stand there for themselves and not in a
    name; `indicators` and `regions` count what was named; `parts`: the first indicator named is the
    whole of the others; `content`: words stand there that could name an indicator; `portion`: it is
    asked how much of a whole something is; `weak`: no indicator claims the words; `time`: what was
    said of time; `talk`: what else was said; `idle`: no indicator has the words of it; `quoted`: a
    number is to be confirmed; `changing`: the indicator is a change itself; `paced`: its name or
    unit says of how long it is ("một tháng").
    """

    groups: frozenset[str]
    indicators: int = 0
    parts: bool = False
    categories: bool = False
    content: bool = False
    portion: bool = False
    weak: bool = True
    regions: int = 0
    elsewhere: bool = False
    time: OfTime = field(default_factory=OfTime)
    talk: Talk | None = None
    idle: bool = False
    quoted: bool = False
    changing: bool = False
    paced: bool = False

    def says(self, *groups: str) -> bool:
        return not self.groups.isdisjoint(groups)

    @property
    def periods(self) -> int:
        """How many periods were named."""
        return len(self.time.periods)

    @property
    def lists_periods(self) -> bool:
        """Whether some periods are named one by one: "quý 3 với quý 4 quý nào khá hơn"."""
        return self.periods > 1 and not self.time.stretch

    @property
    def known(self) -> bool:
        return self.indicators > 0

    @property
    def dated(self) -> bool:
        """Whether an indicator is named, or one may be, with its period."""
        return self.known or (not self.weak and self.periods > 0)

    @property
    def asks(self) -> bool:
        """Whether a figure is asked for, of whatever."""
        return self.time.said or self.says("asks", "target", "whole")

    @property
    def target(self) -> bool:
        """Whether targets are spoken of."""
        return self.says("target", "attainment", "gap", *FILTERS)

    @property
    def plans_ahead(self) -> bool:
        """Whether the target of several years as one is asked for: "kế hoạch 2021-2025"."""
        held = self.says("attainment", "gap", *FILTERS)
        return self.says("target") and not held and self.periods == 1

    @property
    def filter(self) -> Status | None:
        """The one status that is asked for; "đạt và vượt" asks for two, and so for none alone."""
        found = [each for each in FILTERS if each in self.groups]
        return None if not found or {"exceeded", "met"} <= set(found) else Status(found[0])

    @property
    def compares(self) -> bool:
        """Whether two sides are set against each other; "so với kế hoạch" holds a result against
        its target instead.
        """
        against = self.time.against
        if self.changing and self.periods < 2 and self.regions < 2:
            return False
        several = self.periods > 1 or self.regions > 1 or against.same_before
        against_plan = (
            self.says("target", "gap", "attainment") and self.periods < 2 and not against.named
        )
        return several or (self.says("comparison") and not against_plan)

    @property
    def names_something(self) -> bool:
        """Whether anything was said that a figure could be asked by."""
        return bool(
            self.known
            or self.content
            or self.time.said
            or self.regions
            or self.elsewhere
            or self.quoted
            or self.says("target", "reason", "asks", "whole")
        )


_OF_THE_BOT = frozenset({Talk.KEPT, Talk.WHO})
_BESIDE = frozenset({Talk.TRUE, Talk.ORDER, Talk.INSULT, Talk.TOPIC})
"""What is said to the bot, or of other things than statistics."""

Rule = tuple[Wants, Callable[[Seen], bool]]

RULES: tuple[Rule, ...] = (
    (Wants.SUBSCRIPTION, lambda seen: seen.says("subscription")),
    (Wants.SUBSCRIPTION, lambda seen: seen.says("send") and seen.says("rhythm", "when")),
    (Wants.SUBSCRIPTION, lambda seen: seen.says("tell") and seen.says("when")),
    (Wants.SETTINGS, lambda seen: seen.says("settings") and not seen.known and not seen.categories),
    (Wants.HELP, lambda seen: seen.talk in _OF_THE_BOT and not seen.known),
    (
        Wants.HELP,
        lambda seen: seen.talk is Talk.USAGE and seen.idle and not seen.periods,
    ),
    (
        Wants.HELP,
        lambda seen: (
            seen.talk in _BESIDE
            and seen.idle
            and not (seen.dated and (seen.asks or seen.talk is not Talk.TOPIC))
            and not seen.quoted
        ),
    ),
    (
        Wants.GREETING,
        lambda seen: seen.talk in (Talk.GOODBYE, Talk.MEETS) and not seen.known and not seen.asks,
    ),
    (
        Wants.GREETING,
        lambda seen: seen.talk is Talk.SMALL and seen.idle and not seen.known and not seen.asks,
    ),
    (
        Wants.DEFINITION,
        lambda seen: (
            seen.says("definition") or (seen.says("source") and not seen.says("breakdown"))
        ),
    ),
    (Wants.TARGETS, lambda seen: seen.says("which") and not seen.known and seen.target),
    (
        Wants.OVERVIEW,
        lambda seen: (
            seen.says("which") and not seen.known and seen.categories and not seen.says("catalogue")
        ),
    ),
    (
        Wants.CATALOGUE,
        lambda seen: (
            seen.says("which") and not seen.known and (seen.says("catalogue") or not seen.periods)
        ),
    ),
    (Wants.TARGETS, lambda seen: seen.says("which") and not seen.known),
    (Wants.OVERVIEW, lambda seen: seen.says("catalogue") and not seen.known and seen.periods > 0),
    (Wants.CATALOGUE, lambda seen: seen.says("catalogue") and not seen.known),
    (Wants.SHARE, lambda seen: seen.portion),
    (Wants.SHARE, lambda seen: seen.says("portion") and not seen.known and not seen.content),
    (
        Wants.BREAKDOWN,
        lambda seen: seen.indicators > 1 and seen.parts and not seen.says("comparison"),
    ),
    (Wants.COMPARISON, lambda seen: seen.indicators > 1),
    (Wants.COMPARISON, lambda seen: seen.says("which_period") and seen.lists_periods),
    (Wants.SERIES, lambda seen: seen.says("which_period") and (seen.known or not seen.content)),
    (Wants.RANKING, lambda seen: seen.says(*RANKS) and not seen.regions and not seen.elsewhere),
    (Wants.RANKING, lambda seen: seen.says(*RANKS) and seen.regions <= 1 and seen.known),
    (
        Wants.SERIES,
        lambda seen: (
            seen.says("series", "chart")
            or (seen.time.stretch and not seen.plans_ahead)
            or (seen.says("rhythm") and seen.known and not seen.paced)
        ),
    ),
    (Wants.COMPARISON, lambda seen: seen.compares),
    (Wants.BREAKDOWN, lambda seen: seen.says("breakdown") and (seen.known or not seen.content)),
    (
        Wants.TARGETS,
        lambda seen: seen.target and not seen.known and (seen.categories or not seen.content),
    ),
    (Wants.OVERVIEW, lambda seen: seen.categories and (seen.says("overview") or not seen.known)),
    (Wants.OVERVIEW, lambda seen: seen.says("overview") and not seen.known and not seen.content),
    (Wants.HELP, lambda seen: seen.says("help") and not seen.known and not seen.content),
    (
        Wants.GREETING,
        lambda seen: (
            seen.says("greeting", "thanks")
            and not seen.known
            and not seen.periods
            and (not seen.content or seen.weak)
        ),
    ),
    (Wants.GREETING, lambda seen: seen.says("assent") and not seen.names_something),
    (Wants.FIGURE, lambda seen: seen.known or (seen.names_something and not seen.content)),
)


def wanted(seen: Seen) -> Wants | None:
    """What is wanted; None when words stand there that nothing places, or nothing stands there at
    all.
    """
    return next((kind for kind, holds in RULES if holds(seen)), None)
