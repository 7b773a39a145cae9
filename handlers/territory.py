"""Which unit a place's name means: of several that bore it, and where no place is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from db.facts import Catalogue, Figure, Region


def home_region(
    named: str | None, counts: Mapping[str, int], catalogue: Catalogue
) -> Region | None:
    """The home region; else the only place with figures, or the one with most; on a tie the
    country, or None.

    `named` is the name or key of the place set as home, `counts` how many results each place has,
    by its key.
    """
    if named:
        units = catalogue.namesakes(named) or tuple(
            each for each in catalogue.regions.values() if each.key == named
        )
        if units:
            return units[-1]
    sums: dict[str, int] = {}
    for key, count in counts.items():
        name = key.partition("@")[0]
        sums[name] = sums.get(name, 0) + count
    if not sums:
        return None
    most = max(sums.values())
    leading = [name for name, count in sums.items() if count == most]
    if len(leading) > 1:
        leading = [name for name in leading if catalogue.namesakes(name)[-1].level == "country"]
    return catalogue.namesakes(leading[0])[-1] if len(leading) == 1 else None


def of_its_time(figures: Sequence[Figure], units: Sequence[Region]) -> tuple[Figure, ...]:
    """Of units that share a name, each figure of the one that was valid on its period's last day
    (first day, for a plan).
    """
    if len(units) == 1:
        return tuple(figures)
    return tuple(
        each
        for each in figures
        if each.region.valid_on(each.period.end if each.value is not None else each.period.start)
    )
