"""Which figures a digest is about: the indicators and places that were wished for, as they are
known now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from db.facts import Catalogue, Figure, Indicator, Region
from db.store import Store
from db.subscriptions import Wishes
from handlers.territory import home_region, of_its_time


@dataclass(frozen=True)
class Scope:
    """The indicators and places of some wishes. `unknown` are codes and names that the store does
    not know.
    """

    indicators: tuple[Indicator, ...]
    places: tuple[str, ...]
    units: tuple[Region, ...]
    subject: tuple[str, ...] = ()
    """The names of what was wished for; none where everything was."""
    unknown: tuple[str, ...] = ()

    def label(self, figure: Figure) -> str:
        """An indicator's name, with the place where there are several."""
        return (
            f"{figure.indicator.name} · {figure.region.name}"
            if len(self.places) > 1
            else figure.indicator.name
        )

    async def figures(
        self, store: Store, as_of: date | None = None, watermark: int | None = None
    ) -> tuple[Figure, ...]:
        """The figures in the order of the catalogue, the places and time, each of the unit that its
        place's name meant then.
        """
        every = await store.series(self.indicators, self.units, as_of, watermark=watermark)
        kept = {place: [each for each in self.units if each.name == place] for place in self.places}
        return tuple(each for each in every if of_its_time([each], kept[each.region.name]))


def scope(wishes: Wishes, catalogue: Catalogue, home: str | None, counts: dict[str, int]) -> Scope:
    """What wishes are about. `home` and `counts` are as for `home_region`.

    A wish for something unknown is never a wish for everything: without anything known it leaves
    nothing.
    """
    unknown: list[str] = []
    subject: list[str] = []
    wanted: dict[str, Indicator] = {}
    for code in wishes.categories:
        if (category := catalogue.categories.get(code)) is None:
            unknown.append(code)
            continue
        subject.append(category.name)
        wanted |= {each.code: each for each in catalogue.within(code)}
    for code in wishes.indicators:
        if (indicator := catalogue.indicators.get(code)) is None:
            unknown.append(code)
            continue
        subject.append(indicator.name)
        wanted[code] = indicator
    if not wishes.categories and not wishes.indicators:
        wanted = dict(catalogue.indicators)
    indicators = tuple(each for each in catalogue.indicators.values() if each.code in wanted)
    places = list(_places(wishes.regions, catalogue, home, counts))
    unknown += [name for name in wishes.regions if not catalogue.namesakes(name.partition("@")[0])]
    units = tuple(unit for place in places for unit in catalogue.namesakes(place))
    return Scope(indicators, tuple(places), units, tuple(dict.fromkeys(subject)), tuple(unknown))


def is_followed(
    indicator: Indicator,
    region: Region,
    wishes: Wishes,
    catalogue: Catalogue,
    home: str | None,
    counts: dict[str, int],
) -> bool:
    """Whether wishes are about an indicator in a place: the same as being in their scope, without
    making all of it.
    """
    if (wishes.categories or wishes.indicators) and not (
        indicator.code in wishes.indicators
        or (indicator.category is not None and indicator.category in wishes.categories)
    ):
        return False
    return region.name in _places(wishes.regions, catalogue, home, counts)


def _places(
    names: Sequence[str], catalogue: Catalogue, home: str | None, counts: dict[str, int]
) -> Iterator[str]:
    if not names:
        default = home_region(home, counts, catalogue)
        if default is not None:
            yield default.name
        return
    for name in dict.fromkeys(name.partition("@")[0] for name in names):
        if catalogue.namesakes(name):
            yield name
