"""What a message takes up of what was offered before it: a choice, or the answer to asking back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from db.facts import Indicator, UnitKind
from handlers.command import Command
from handlers.message import Choice
from handlers.question import Against, Conversation, Doubt, OfTime, Reading, Wants
from handlers.reading import Reader
from handlers.reading.picks import LAST, Act, Pick, words_of
from handlers.reading.spelling import fold

NUMBERED = 9
"""A larger number is no place in a list."""
_HEADS = {
    UnitKind.SHARE: "share",
    UnitKind.COUNT: "count",
    UnitKind.MONEY: "money",
    UnitKind.RANK: "rank",
    UnitKind.INDEX: "index",
}
"""The words by which each kind of value is called: "cái tỷ lệ ấy"."""
_OF_FACETS = frozenset({"period", "place"})


@dataclass(frozen=True, slots=True)
class Uptake:
    """What a message is to be read as.

    `text` is read, for the `settled` indicators where they were chosen; `added` are messages whose
    periods and places hold instead. `command` is done in place of reading. `among`: choices of
    which it is unclear which is meant. `doubt`: what is to be asked back again.
    """

    text: str
    settled: tuple[Indicator, ...] = ()
    added: tuple[str, ...] = ()
    command: Command | None = None
    among: tuple[Choice, ...] = ()
    doubt: Doubt | None = None

    @property
    def again(self) -> bool:
        """Whether it is what was asked back about that is read, and no new question."""
        return bool(self.settled) or self.doubt is not None


class Picker:
    """Takes messages up over one reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._picks = reader.picks
        self._catalogue = reader.catalogue

    def take_up(self, text: str, before: Conversation, today: date) -> Uptake:
        """What a message is to be read as, after what was offered before it."""
        doubt, offered = before.doubt, before.offered
        if not offered:
            return Uptake(text)
        chosen = _by_words(text, offered)
        if chosen is not None:
            return self._choose((chosen,), doubt)
        pick = self._picks.read(text, asked_back=doubt is not None)
        if pick is not None:
            return self._picked(pick, text, offered, doubt)
        return Uptake(text) if doubt is None else self._in_words(text, offered, doubt, today)

    def read(self, uptake: Uptake, today: date) -> Reading:
        """Read again what was asked back about, with all that was said since."""
        reading = self._reader.read(uptake.text, today, settled=uptake.settled)
        for text in uptake.added:
            reading = _over(reading, self._reader.read(text, today))
        return reading

    # ------------------------------------------------------------ by place

    def _picked(
        self, pick: Pick, text: str, offered: Sequence[Choice], doubt: Doubt | None
    ) -> Uptake:
        """What a pick chooses; more than a place only answers what was asked back."""
        if pick.act is Act.PLACES:
            return self._at_places(pick, text, offered, doubt)
        return Uptake(text) if doubt is None else self._answer(pick, text, offered, doubt)

    def _at_places(
        self, pick: Pick, text: str, offered: Sequence[Choice], doubt: Doubt | None
    ) -> Uptake:
        if len(pick.places) > 1:
            return self._several(pick.places, text, offered, doubt)
        chosen = _numbered(pick, offered)
        if len(chosen) == 1:
            return self._choose(chosen, doubt)
        return Uptake(text, among=chosen)

    def _several(
        self, places: Sequence[int], text: str, offered: Sequence[Choice], doubt: Doubt | None
    ) -> Uptake:
        if max(places) > len(offered):
            return Uptake(text)
        chosen = tuple(offered[place - (place > 0)] for place in places)
        return self._choose(chosen, doubt) if _all_settle(chosen) else Uptake(text)

    def _answer(self, pick: Pick, text: str, offered: Sequence[Choice], doubt: Doubt) -> Uptake:
        """What "cả hai", "đúng", "không phải" and "xem thêm" say to what was asked back."""
        settling = tuple(choice for choice in offered if choice.indicator)
        if pick.act is Act.ALL:
            return self._choose(settling[: pick.count], doubt)
        if pick.act is Act.YES:
            return self._choose(settling, doubt) if len(settling) == 1 else Uptake(text)
        return self._choose((offered[-1],), doubt) if doubt.lone else self._onward(doubt)

    def _onward(self, doubt: Doubt) -> Uptake:
        return Uptake(doubt.text, added=doubt.added, doubt=doubt.onward())

    def _choose(self, chosen: Sequence[Choice], doubt: Doubt | None) -> Uptake:
        """What choosing stands for: its words, or what was asked back about, for its indicators."""
        known = self._catalogue.indicators
        codes = [choice.indicator for choice in chosen if choice.indicator]
        settled = tuple(known[code] for code in codes if code in known)
        if doubt is None or not {indicator.code for indicator in settled} <= set(doubt.codes):
            return Uptake(chosen[0].text, settled, command=chosen[0].command)
        if not settled:  # "xem thêm", "không phải"
            return self._onward(doubt) if doubt.more else Uptake(chosen[0].text)
        return Uptake(doubt.text, settled, doubt.added)

    # ------------------------------------------------------------ by words

    def _in_words(self, text: str, offered: Sequence[Choice], doubt: Doubt, today: date) -> Uptake:
        """What words say to what was asked back: a line's own, a year or a place, or all anew."""
        said = self._reader.read(text, today)
        if said.wants in _APART:
            return Uptake(text)
        rest, taken_up = _without_facets(text, said), None
        if _has_facets(said):
            doubt = replace(doubt, added=(*doubt.added, text))
            taken_up = self._of_facets(rest, offered, doubt)
        return taken_up or self._of_a_line(rest, said, doubt) or Uptake(text)

    def _of_facets(self, rest: str, offered: Sequence[Choice], doubt: Doubt) -> Uptake | None:
        """What a period or a place says by itself, or beside a place in the list."""
        pick = self._picks.read(rest, asked_back=True)
        if pick is not None:
            return self._picked(pick, rest, offered, doubt)
        if self._picks.telling(rest):
            return None
        return Uptake(doubt.text, added=doubt.added, doubt=doubt)

    def _of_a_line(self, rest: str, said: Reading, doubt: Doubt) -> Uptake | None:
        """What the words of a line say, but for those that are another indicator's whole name."""
        lines = [self._names(self._catalogue.indicators[code]) for code in doubt.shown]
        fitting = self._picks.told_apart(rest, lines)
        if not fitting or self._is_another(said, rest, doubt):
            return None
        return self._told([doubt.shown[at] for at in fitting], doubt)

    def _told(self, codes: list[str], doubt: Doubt) -> Uptake:
        """The one that words tell from the others, or the several that are asked about."""
        if len(codes) > 1:
            fewer = replace(doubt, codes=tuple(codes), first=0, lone=False)
            return Uptake(doubt.text, added=doubt.added, doubt=fewer)
        return Uptake(doubt.text, (self._catalogue.indicators[codes[0]],), doubt.added)

    def _is_another(self, said: Reading, rest: str, doubt: Doubt) -> bool:
        """Whether words are the whole official name of an indicator that was not offered."""
        words = [fold(word) for word in words_of(rest)]
        others = [one.name for one in said.indicators if one.code not in doubt.shown]
        return words in ([fold(word) for word in words_of(name)] for name in others)

    def _names(self, indicator: Indicator) -> list[str]:
        """What an indicator is called in a list, its unit and its kind of value among it."""
        heads = self._reader.vocabulary.heads.get(_HEADS.get(indicator.unit.kind, ""), ())
        return [*indicator.names, indicator.unit.name, *(" ".join(head) for head in heads)]


_WISHES = frozenset(
    {Wants.SERIES, Wants.COMPARISON, Wants.RANKING, Wants.BREAKDOWN, Wants.DEFINITION}
)
"""What may be wanted of an indicator that another message names."""
_APART = frozenset(
    {Wants.SUBSCRIPTION, Wants.ACCOUNT, Wants.SETTINGS, Wants.HELP, Wants.PAGE, Wants.CATALOGUE}
)
"""What is wanted of the bot itself, whatever was asked back."""


def _by_words(text: str, offered: Sequence[Choice]) -> Choice | None:
    """The choice whose own words a message is."""
    bare = [fold(word) for word in text.split()]
    if not bare:
        return None
    return next((choice for choice in offered if bare in _said_by(choice)), None)


def _said_by(choice: Choice) -> list[list[str]]:
    """The bare words of a choice's label and of the message it stands for."""
    return [[fold(word) for word in said.split()] for said in (choice.label, choice.text)]


def _numbered(pick: Pick, offered: Sequence[Choice]) -> tuple[Choice, ...]:
    """The choices that one number may stand for.

    A number may be a choice's place or the one number in its words ("5" for "Ngày 5"), and one that
    is neither is a slip.
    """
    (number,) = pick.places
    if number == LAST:
        return _last(offered)
    own = () if pick.ordinal else _with_number(number, offered)
    placed = offered[number - 1 : number] if number <= NUMBERED else ()
    either = tuple(dict.fromkeys((*own, *placed)))
    return either or (tuple(offered) if number <= NUMBERED else ())


def _last(offered: Sequence[Choice]) -> tuple[Choice, ...]:
    """The last line; "xem thêm" behind it is none."""
    settling = [choice for choice in offered if choice.indicator] or offered
    return (settling[-1],)


def _with_number(number: int, offered: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in offered if re.findall(r"\d+", choice.label) == [str(number)]]


def _has_facets(said: Reading) -> bool:
    """Whether a period, a place or a wish is said."""
    named = said.time.periods or said.regions or said.strangers
    return bool(named or said.wants in _WISHES or said.targets.spoken)


def _all_settle(chosen: Sequence[Choice]) -> bool:
    return all(choice.indicator for choice in chosen)


def _without_facets(text: str, said: Reading) -> str:
    """The words of a message but for those of its periods and places."""
    words = words_of(text)
    taken = [words_of(part.words) for part in said.taken if part.reader in _OF_FACETS]
    for word in (word for row in taken for word in row if word in words):
        words.remove(word)
    return " ".join(words)


def _over(reading: Reading, said: Reading) -> Reading:
    """A reading with the periods, the places and the wish of another, where it has any."""
    if said.time.said:
        reading = replace(reading, time=_later(reading.time, said.time))
    if said.regions or said.strangers:
        reading = replace(reading, regions=said.regions, strangers=said.strangers)
    if said.wants in _WISHES or said.targets.spoken:
        reading = _wishing(reading, said)
    return reading


def _later(time: OfTime, said: OfTime) -> OfTime:
    """What was said of time last; what it leaves open stays as it was."""
    return replace(
        said,
        periods=said.periods or time.periods,
        against=time.against if said.against == Against() else said.against,
        grain=said.grain or time.grain,
    )


def _wishing(reading: Reading, said: Reading) -> Reading:
    """A reading that wants what another does."""
    wants = said.wants if said.wants in _WISHES else reading.wants
    return replace(
        reading, wants=wants, targets=said.targets, remarks=said.remarks, listing=said.listing
    )
