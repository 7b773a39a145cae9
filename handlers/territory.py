"""Which unit a place's name means: of several that bore it, and where no place is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from db.facts import Catalogue, Figure, Period, Region


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


def is_later(unit: Region, period: Period) -> bool:
    """Return whether a unit came to be after a period."""
    return unit.valid_from is not None and unit.valid_from > period.end


def is_of_its_time(figure: Figure) -> bool:
    """Return whether a figure's unit was valid then: on the last day; of a plan on the first."""
    period = figure.period
    return figure.region.valid_on(period.start if figure.value is None else period.end)


def best_known(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Give of each name and period the figure of its time, else one worked out later."""
    timely = [figure for figure in figures if is_of_its_time(figure)]
    told = {(figure.indicator, figure.region.name, figure.period) for figure in timely}
    later = [
        figure
        for figure in figures
        if figure.value is not None
        and is_later(figure.region, figure.period)
        and (figure.indicator, figure.region.name, figure.period) not in told
    ]
    first = {(each.indicator, each.region.name, each.period): each for each in reversed(later)}
    kept = {*timely, *first.values()}
    return tuple(figure for figure in figures if figure in kept)


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
