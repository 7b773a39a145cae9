"""Which places the words name: those that the store knows, "tỉnh ta", and those that it does not
know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.facts import Catalogue, Region
from handlers.question import Territory
from handlers.reading.spelling import agreement, fold
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Vocabulary

CITY = "city"
_HARD = ":.;?!\n"


@dataclass(frozen=True, slots=True)
class Places:
    """The places that were named.

    Of units that share a name the newest is given; which one is meant follows from the period.
    `strangers` are places below the province that the store does not know. `home`: "tỉnh ta", "toàn
    tỉnh". `territory`: "theo địa giới mới", "trước sáp nhập", "Thái Nguyên cũ".
    """

    regions: tuple[Region, ...] = ()
    strangers: tuple[str, ...] = ()
    home: bool = False
    territory: Territory | None = None


class PlaceReader:
    """Reads places with the regions of a catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        words: Vocabulary,
        pairs: frozenset[tuple[str, str]],
        known: Iterable[str],
    ) -> None:
        """`pairs` are neighbours in names of indicators, `known` their bare words."""
        self._known = {fold(word) for phrase in words.qualifiers for word in phrase} | set(known)
        names: dict[str, list[tuple[str, ...]]] = {}
        for region in catalogue.regions.values():
            for name in (region.name, *region.aliases):
                phrase = tuple("".join(c if c.isalnum() else " " for c in name.casefold()).split())
                if phrase:
                    names.setdefault(region.name, []).append(phrase)
        self._catalogue = catalogue
        self._names = Lexicon(names)
        provinces = {phrase for phrases in names.values() for phrase in phrases}
        spoken = {
            tuple(fold(word) for word in phrase)
            for phrase in words.phrases()
            if phrase not in provinces
        }
        self._spoken = spoken
        self._districts = Lexicon(
            {
                "district": [
                    each
                    for each in words.districts
                    if each not in provinces
                    and len(each) > 1
                    and tuple(fold(word) for word in each) not in spoken  # La Gi: là gì
                ]
            }
        )
        self._home = Lexicon({"home": words.places["home"]})
        self._levels = Lexicon({"level": words.places["levels"]})
        self._territories = Lexicon(
            {each.value: words.places[f"{each.value}_territory"] for each in Territory}
        )
        self._below = words.places["below"]
        self._level_words = tuple(word for phrase in words.places["levels"] for word in phrase)
        self._talk = frozenset(fold(phrase[0]) for phrase in words.talk if len(phrase) == 1)
        self._pairs = pairs

    def ends_at(self, row: list[Word], place: int) -> int | None:
        """Give the end of the name of a place that begins at a word; None where none does."""
        found = next(self._names.at(row, place), None)
        return None if found is None or self._too_short(row, found) else found.end

    def read(self, words: Words, phrases: Sequence[Found] = ()) -> Places:
        """Takes every word that names a place; `phrases` are of several words, in which "tinh" is
        no tỉnh.
        """
        row = words.row
        regions: list[Region] = []
        strangers: list[str] = []
        territory = self._territory(words)
        place = 0
        while place < len(row):
            if row[place].bare not in self._names.first:
                place += 1
                continue
            found = next(
                (each for each in self._names.at(row, place) if words.free(each.start, each.end)),
                None,
            )
            if found is None or self._too_short(row, found):
                place += 1
                continue
            start, level = self._level_before(words, found.start)
            region = self._catalogue.namesakes(found.group)[-1]
            if (
                level in self._below
                and region.level != CITY
                and not any(each.level == CITY for each in self._catalogue.namesakes(found.group))
            ):
                strangers.append(" ".join(word.typed for word in row[start : found.end]))
                words.take(start, found.end, "place", "unknown place")
            else:
                words.take(start, found.end, "place", region.name)
                if region not in regions:
                    regions.append(region)
            place = found.end
            if self._is_former(words, place):
                territory = Territory.OLD
                words.take(place, place + 1, "place", "old territory")
        strangers += self._strangers(words)
        for found in self._districts.apart(row):
            pairs = zip(
                row[found.start : found.end], row[found.start + 1 : found.end], strict=False
            )
            named = any((one.bare, other.bare) in self._pairs for one, other in pairs)
            if words.free(found.start, found.end) and not named and self._typed(words, found):
                start, _ = self._level_before(words, found.start)
                strangers.append(" ".join(word.typed for word in row[start : found.end]))
                words.take(start, found.end, "place", "unknown place")
        home = False
        for each in self._home.find(row):
            spoken = each.end - each.start == 1 and any(
                one.start <= each.start < one.end for one in phrases
            )
            if (
                words.free(each.start, each.end)
                and not spoken
                and not self._part_of_name(row, each)
            ):
                words.take(each.start, each.end, "place", "home")
                home = True
        return Places(tuple(regions), tuple(strangers), home, territory)

    def _territory(self, words: Words) -> Territory | None:
        """Take the words that ask for an old or a new territory."""
        found = [
            each
            for each in self._territories.find(words.row)
            if words.free(each.start, each.end) and self._typed(words, each)
        ]
        for each in found:
            words.take(each.start, each.end, "place", f"{each.group} territory")
        return Territory(found[0].group) if found else None

    @staticmethod
    def _is_former(words: Words, place: int) -> bool:
        """Return whether "cũ" follows a place's name, typed with its mark."""
        row = words.row
        follows = place < len(row) and words.free(place) and not row[place].breaks
        return follows and row[place].text == "cũ"

    @staticmethod
    def _typed(words: Words, found: Found) -> bool:
        """Whether it is typed as the district and not as other words: with its marks where others
        have theirs.
        """
        exact = all(
            word.text == part
            for word, part in zip(words.row[found.start : found.end], found.phrase, strict=True)
        )
        return exact or not words.marked

    def _too_short(self, row: list[Word], found: Found) -> bool:
        """A place without its marks that reads as other words is those: "hue" is not Huế, "dien
        bien" is diễn biến.
        """
        word = row[found.start]
        doubtful = (
            found.end - found.start == 1
            or tuple(fold(each) for each in found.phrase) in self._spoken
        )  # diễn biến
        exact = all(
            one.text == part
            for one, part in zip(row[found.start : found.end], found.phrase, strict=True)
        )
        return doubtful and not exact and not word.typed[:1].isupper()

    def _level_before(self, words: Words, start: int) -> tuple[int, tuple[str, ...] | None]:
        for length in (2, 1):
            begin = start - length
            if (
                begin >= 0
                and words.free(begin, start)
                and not any(word.breaks for word in words.row[begin + 1 : start + 1])
            ):
                for each in self._levels.at(words.row, begin):
                    if each.end == start and self._is_level(words, each):
                        return begin, each.phrase
        return start, None

    def _is_level(self, words: Words, found: Found) -> bool:
        """ "quân" is no quận where others have their marks, and "địa phương" of a name no phường."""
        row = words.row
        if words.marked and agreement(row[found.start].text, found.phrase[0]) < 1.0:
            return False
        whole = (
            len(found.phrase) > 1
        )  # "doanh nghiệp thành lập" is a name, "công nghiệp thành phố Hà Nội" is not
        return (
            whole
            or found.start == 0
            or (row[found.start - 1].bare, row[found.start].bare) not in self._pairs
        )

    def _strangers(self, words: Words) -> list[str]:
        """ "huyện Đại Từ", "thành phố Phổ Yên": a level below the province and a name that no
        indicator has after it.
        """
        row = words.row
        found: list[str] = []
        for each in self._levels.find(row):
            after = each.end
            if (
                each.phrase not in self._below
                or after >= len(row)
                or not words.free(each.start, after + 1)
            ):
                continue
            last, first = row[after - 1], row[after]
            if not self._is_level(words, each):
                continue
            if first.bare in self._known and not (first.typed[:1].isupper() and not words.titled):
                continue  # "xã nông thôn mới": a word of indicators
            if first.breaks or first.number is not None or (last.bare, first.bare) in self._pairs:
                continue
            if first.bare in self._talk and not first.typed[:1].isupper():
                continue
            if (
                any(agreement(first.text, level) >= 0.9 for level in self._level_words)
                and first.bare != last.bare
            ):
                continue
            if agreement(last.text, "xã") >= 0.9 and first.bare == "hoi":
                continue
            end = after + 1
            if (
                end < len(row)
                and words.free(end)
                and not row[end].breaks
                and row[end].number is None
                and row[end].bare not in self._talk
            ):
                end += 1
            found.append(" ".join(word.typed for word in row[each.start : end]))
            words.take(each.start, end, "place", "unknown place")
        return found

    def _part_of_name(self, row: list[Word], each: Found) -> bool:
        """Whether "tỉnh" stands here inside an indicator's name: "chuyển đổi số cấp tỉnh"."""
        if each.end - each.start > 1:
            return False
        before = row[each.start - 1].bare if each.start else ""
        after = row[each.end] if each.end < len(row) else None
        return (
            agreement(row[each.start].text, "tỉnh") < 0.93 and row[each.start].text != "tinh"
        ) or (
            (after is not None and after.bare in ("nao", "khac", "hinh"))
            or before in ("cap", "cac", "lien", "dac")
        )
