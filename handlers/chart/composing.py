"""How figures become a chart: which shape shows them honestly, what is written on it, and the same
in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from db.facts import Figure, Op, OverYear, Period, Region, Release, Target, Unit, UnitKind
from handlers.chart.chart import Axis, Chart, Goal, Point, Shape, Sign
from handlers.say import Say
from handlers.verdict import Status, shorten, status

MOST_COLUMNS = 12
"""More periods than these are a line."""
MOST_BARS = 70
"""More bars than these are no picture any more; the rest is left out, and that is said."""
MOST_NAMED = 12
"""Up to so many values are all read out in words; of more, the telling ones."""
MOST_TARGETS = 10
"""More targets at a glance are none; the others are counted."""
MOST_OF_TARGET = Decimal(2)
"""A bar of so many times its target is cut off there: one result must not press all the others
flat.
"""
NEAR_ZERO = Decimal("0.5")
"""A line whose lowest value is under this part of its highest starts at zero."""

_JUDGED = (
    Status.EXCEEDED,
    Status.MET,
    Status.MISSED,
    Status.UNCLEAR,
    Status.IN_PROGRESS,
    Status.PENDING,
)


def chart_of_series(figures: Sequence[Figure], say: Say) -> Chart | None:
    """One indicator in one place, by period; None where no result would show.

    Periods of one make stand in time, with gaps where one is missing; others are listed as they
    are.
    """
    results = [each for each in figures if each.value is not None]
    if not results:
        return None
    if len(figures) == 1:
        return _single(results[0], say)
    indicator = results[0].indicator
    turned = indicator.unit.kind is UnitKind.RANK
    shape, shown = _along_time(figures, turned)
    points = _points(shown, say)
    notes: list[str] = []
    if len(shown) > MOST_BARS and shape == "bars":
        points, shown = points[-MOST_BARS:], shown[-MOST_BARS:]
        notes.append(say.text("chart.last", shown=str(MOST_BARS), all=str(len(figures))))
    moved = next(
        (one for before, one in pairwise(results) if before.region.key != one.region.key), None
    )
    if moved is not None:
        notes.append(
            say.text("chart.territory", day=say.day(moved.region.valid_from or moved.period.start))
        )
    there = [each for each in shown if isinstance(each, Figure)]
    title, subtitle = indicator.name, say.region(results[-1].region)
    return _chart(shape, title, subtitle, there, points, say, notes)


def chart_of_ranking(
    figures: Sequence[Figure], say: Say, asked: Collection[Region] = ()
) -> Chart | None:
    """Places by one indicator in one period, in the order given and from the first of them; `asked`
    stand out.

    None where there are not two results.
    """
    results = [each for each in figures if each.value is not None]
    if len(results) < 2:
        return None
    first, shown = results[0], results[:MOST_BARS]
    points = []
    for each in shown:
        place = next(number for number, other in enumerate(shown, 1) if other.value == each.value)
        numbered = (
            "" if first.indicator.unit.kind is UnitKind.RANK else f"{say.number(Decimal(place))}."
        )
        points.append(
            replace(
                _point(each, say.region(each.region), say),
                place=numbered,
                home=each.region in asked,
            )
        )
    notes = (
        [say.text("chart.first", shown=str(MOST_BARS), all=str(len(results)))]
        if len(results) > MOST_BARS
        else []
    )
    return _chart(
        "bars", first.indicator.name, _capital(say.period(first.period)), shown, points, say, notes
    )


def chart_of_comparison(figures: Sequence[Figure], say: Say) -> Chart | None:
    """Periods, places or indicators side by side; None without a result, or where they share no
    unit.
    """
    sides = [each for each in figures if each.value is not None or each.target is not None]
    results = [each for each in sides if each.value is not None]
    if not results or len({each.indicator.unit for each in sides}) > 1:
        return None
    indicators = list(dict.fromkeys(each.indicator for each in sides))
    regions = list(dict.fromkeys(each.region.key for each in sides))
    periods = list(dict.fromkeys(each.period for each in sides))
    if len(indicators) == len(regions) == 1:
        return chart_of_series(
            sorted(sides, key=lambda each: (each.period.end, each.period.days)), say
        )
    fixed = [indicators[0].name] if len(indicators) == 1 else []
    fixed += [say.region(sides[0].region)] if len(regions) == 1 else []
    fixed += [_capital(say.period(periods[0]))] if len(periods) == 1 else []
    points = []
    for each in sides[:MOST_BARS]:
        parts = [each.indicator.name] if len(indicators) > 1 else []
        parts += [say.region(each.region)] if len(regions) > 1 else []
        parts += [say.period(each.period)] if len(periods) > 1 else []
        group = " · ".join(parts[:-1])
        point = _point(each, parts[-1], say)
        points.append(
            replace(point, group=group, told=f"{group} · {point.told}") if group else point
        )
    order = list(dict.fromkeys(point.group for point in points))
    points.sort(key=lambda point: order.index(point.group))
    notes = (
        [say.text("chart.first", shown=str(MOST_BARS), all=str(len(sides)))]
        if len(sides) > MOST_BARS
        else []
    )
    title, subtitle = (
        (fixed[0], " · ".join(fixed[1:])) if fixed else (say.text("comparison.title"), "")
    )
    return _chart("bars", title, subtitle, sides[:MOST_BARS], points, say, notes)


def chart_of_targets(
    figures: Sequence[Figure], subtitle: str, counted: str, say: Say, *, several: bool = False
) -> Chart | None:
    """Results of different units, each held against its own target, in the order given; None where
    none can be.

    Every target is at one place of the picture, and a result's bar is as long as its part of the
    target. Bars longer than twice the target are cut off, and that is said; of a target that is not
    above zero there are no parts, and what has one is named instead. `counted` says what all of
    them came to, those that are not drawn too; `several` is for figures of several places, which
    then group them.
    """
    drawn = [each for each in figures if each.value is not None and each.target is not None]
    apart = [each for each in drawn if each.target is not None and each.target.value <= 0]
    drawn = [each for each in drawn if each not in apart]
    if not drawn:
        return None
    shown = drawn[:MOST_TARGETS]
    places = list(dict.fromkeys(each.region.name for each in shown))
    points = [
        _part_of_target(each, say)
        for each in sorted(shown, key=lambda each: places.index(each.region.name))
    ]
    if several:
        points = [
            replace(point, group=group, told=f"{group} · {point.told}")
            for group, point in zip(
                sorted((each.region.name for each in shown), key=places.index), points, strict=True
            )
        ]
    notes = [say.text("chart.targets.how")]
    is_open = all(status(each) is Status.IN_PROGRESS for each in shown)
    if not is_open and any(
        each.target is not None and each.target.op in (Op.LT, Op.LE) for each in shown
    ):
        notes.append(say.text("chart.targets.under"))
    if any(point.value is not None and abs(point.value) >= MOST_OF_TARGET for point in points):
        notes.append(say.text("chart.targets.cut"))
    if apart:
        notes.append(
            say.text(
                "chart.targets.apart",
                names="; ".join(_told(each, each.indicator.name, say) for each in apart),
            )
        )
    if len(drawn) > len(shown):
        notes.append(say.text("chart.targets.first", shown=str(len(shown)), all=str(len(drawn))))
    lowest = min(Decimal(0), *(point.value for point in points if point.value is not None))
    highest = max(
        Decimal(1),
        *(end for point in points for end in (point.value, *_ends(point.goal)) if end is not None),
    )
    about = " · ".join(part for part in (subtitle, counted) if part)
    told = [point.told for point in points] + [
        _told(each, each.indicator.name, say) for each in apart
    ]
    title = say.text("chart.targets.open" if is_open else "chart.targets.title")
    source = say.text("source", source=say.sources(tuple(shown)))
    said = say.text(
        "chart.alt", title=f"{title} · {about}", values=_capital("; ".join(told)), source=source
    )
    return Chart(
        shape="bars",
        title=title,
        subtitle=subtitle,
        unit=counted,
        points=tuple(points),
        axis=Axis(lowest, highest),
        source=source,
        alt=said,
        legend=_legend("bars", points, None, say),
        notes=tuple(notes),
    )


def _part_of_target(figure: Figure, say: Say) -> Point:
    """A bar measured by its target, written with its own value."""
    assert figure.value is not None
    assert figure.target is not None
    target, unit = figure.target, figure.indicator.unit
    part = figure.value / target.value
    ends = None if target.end is None else target.end / target.value
    name = figure.indicator.name
    if status(figure) is Status.IN_PROGRESS:
        name = f"{name} ({say.period(figure.period)})"
    return replace(
        _point(figure, name, say),
        label=say.figure(figure),
        value=max(-MOST_OF_TARGET, min(part, MOST_OF_TARGET)),
        goal=Goal(
            Decimal(1),
            say.target(target, unit),
            None if ends is None else min(ends, MOST_OF_TARGET),
        ),
    )


# ---------------------------------------------------------------- shapes


def _single(figure: Figure, say: Say) -> Chart | None:
    """One number; a rank among nobody knows how many is no picture."""
    if figure.indicator.unit.kind is UnitKind.RANK and figure.of is None:
        return None
    point = replace(_point(figure, say.period(figure.period), say), label=say.figure(figure))
    subtitle = f"{say.region(figure.region)} · {say.period(figure.period)}"
    return _chart("single", figure.indicator.name, subtitle, (figure,), (point,), say)


def _along_time(figures: Sequence[Figure], turned: bool) -> tuple[Shape, Sequence[Figure | Period]]:
    """The shape for figures by period, and the periods that are missing put among them."""
    lengths = {each.period.whole_months for each in figures}
    if None in lengths or len(lengths) > 1 or len({each.period for each in figures}) < len(figures):
        return "bars", figures
    months = lengths.pop() or 1
    starts = [each.period.start.year * 12 + each.period.start.month - 1 for each in figures]
    steps = [after - before for before, after in pairwise(starts)]
    step = min(steps)
    if any(each % step for each in steps):
        return "bars", figures
    if len(figures) > MOST_COLUMNS or turned:
        return "line", figures
    if (starts[-1] - starts[0]) // step + 1 > MOST_COLUMNS:
        return "bars", figures
    found = dict(zip(starts, figures, strict=True))
    return "columns", [
        found.get(start) or Period.months(start // 12, start % 12 + 1, months)
        for start in range(starts[0], starts[-1] + 1, step)
    ]


def _points(shown: Sequence[Figure | Period], say: Say) -> list[Point]:
    points: list[Point] = []
    before: Figure | None = None
    for each in shown:
        period = each if isinstance(each, Period) else each.period
        name = say.period(period)
        if isinstance(each, Period):
            missing = say.text("chart.missing")
            point = Point(_capital(name), missing, f"{name}: {missing}")
        else:
            broken = before is not None and before.region.key != each.region.key
            point = replace(_point(each, name, say), after_break=broken)
            # A half-year's result beside the plan of the whole year would only press the line flat.
            if (
                point.status is Status.IN_PROGRESS
                and each.indicator.over_year is OverYear.ANNUAL
                and len(shown) > MOST_COLUMNS
            ):
                point = replace(point, goal=None, status=Status.NONE)
            before = each
        tick, tock = _ticks(period, say)
        points.append(replace(point, tick=tick, tock=tock, at=period.start))
    return points


def _chart(
    shape: Shape,
    title: str,
    subtitle: str,
    figures: Sequence[Figure],
    points: Sequence[Point],
    say: Say,
    notes: Iterable[str] = (),
) -> Chart:
    unit = figures[0].indicator.unit
    goals = {point.goal for point in points if point.height is not None}
    goal = next(iter(goals)) if len(goals) == 1 else None
    if goal is not None:
        goal = replace(goal, label=say.text("chart.goal", target=_asked(figures, say)))
    axis = _axis(shape, figures, points, unit, say)
    said = list(notes)
    if axis.turned:
        said.insert(0, say.text("chart.axis.turned" if shape == "line" else "chart.bars.turned"))
    elif shape == "line" and axis.low > 0:
        said.insert(0, say.text("chart.axis.cut", value=axis.ticks[0][1]))
    about = " · ".join(part for part in (title, subtitle) if part)
    source = say.text("source", source=say.sources(tuple(figures)))
    return Chart(
        shape=shape,
        title=title,
        subtitle=subtitle,
        unit=say.text("chart.unit", unit=say.unit(unit)),
        points=tuple(points),
        axis=axis,
        source=source,
        alt=say.text(
            "chart.alt", title=about, values=_capital(_in_words(shape, points, say)), source=source
        ),
        goal=goal,
        legend=_legend(shape, points, goal, say),
        notes=tuple(said),
    )


# ---------------------------------------------------------------- words


def _point(figure: Figure, name: str, say: Say) -> Point:
    unit, target = figure.indicator.unit, figure.target
    now = status(figure)
    if figure.value is None:
        label = (
            ""
            if target is None
            else say.text("chart.plan", plan=_bare(say.plan(target, unit), unit, say))
        )
    else:
        label = _bare(say.figure(figure), unit, say)
    goal = (
        None
        if target is None
        else Goal(target.value, _bare(say.target(target, unit), unit, say), target.end)
    )
    aside = (
        ""
        if figure.release is Release.OFFICIAL
        else say.text(f"chart.release.{figure.release.value}")
    )
    return Point(
        _capital(name),
        label,
        _told(figure, name, say),
        figure.value,
        goal,
        now,
        figure.release,
        aside,
    )


def _bare(said: str, unit: Unit, say: Say) -> str:
    """Leave out the unit, which the chart names once; a percent sign stays."""
    return said.removesuffix(f" {say.unit(unit)}")


def _asked(figures: Sequence[Figure], say: Say) -> str:
    """The target that all share, with its period where that is another than the figures'."""
    targets: list[Target] = [each.target for each in figures if each.target is not None]
    said = say.target(targets[0], figures[0].indicator.unit)
    if all(each.target is not None and each.target.period != each.period for each in figures):
        return f"{say.period(targets[0].period)}: {said}"
    return said


def _ticks(period: Period, say: Say) -> tuple[str, str]:
    """The short name of a period along time, and that of the year it is in."""
    start, end, months = period.start, period.end, period.whole_months
    year = str(start.year)
    if months is None:
        return _capital(say.period(period)), ""
    if months % 12 == 0 and start.month == 1:
        return (year, "") if months == 12 else (f"{year}–{end.year}", "")
    if months == 1:
        return say.text("chart.period.month", month=str(start.month)), year
    if months == 3 and start.month % 3 == 1:
        return say.text(
            "chart.period.quarter", quarter=("I", "II", "III", "IV")[start.month // 3]
        ), year
    if start.year == end.year and start.month == 1:
        return say.text("chart.period.first_months", months=str(months)), year
    if start.year == end.year and end.month == 12:
        return say.text("chart.period.last_months", months=str(months)), year
    return _capital(say.period(period)), ""


def _legend(
    shape: Shape, points: Sequence[Point], goal: Goal | None, say: Say
) -> tuple[tuple[Sign, str], ...]:
    there = {point.status for point in points}
    signs: list[tuple[Sign, str]] = []
    for each in _JUDGED:
        if each in there:
            signs.append((each.value, _capital(say.text(f"status.{each.value}"))))  # type: ignore[arg-type]
    if goal is not None:
        signs.append(("goal", goal.label))
    elif any(point.goal is not None for point in points):
        signs.append(("goal", say.text("chart.goals")))
    if shape == "line":
        for release in (Release.PRELIMINARY, Release.ESTIMATE):
            if any(point.release is release for point in points):
                signs.append((release.value, _capital(say.text(f"chart.release.{release.value}"))))  # type: ignore[arg-type]
    return tuple(signs)


def _in_words(shape: Shape, points: Sequence[Point], say: Say) -> str:
    """Every value up to a dozen; of more, both ends and the turning points of a line, the top and
    bottom of a list.
    """
    if len(points) <= MOST_NAMED:
        return "; ".join(f"{point.place} {point.told}".lstrip() for point in points)
    if shape == "line":
        valued = [(point.value, point.told) for point in points if point.value is not None]
        telling = [
            say.text("chart.alt.first", value=valued[0][1]),
            say.text("chart.alt.latest", value=valued[-1][1]),
            say.text("chart.alt.highest", value=max(valued, key=lambda each: each[0])[1]),
            say.text("chart.alt.lowest", value=min(valued, key=lambda each: each[0])[1]),
        ]
    else:
        some = [*points[:3], *(each for each in points[3:-3] if each.home), *points[-3:]]
        telling = [f"{point.place} {point.told}".lstrip() for point in some]
    return say.text("chart.alt.main", all=str(len(points)), values="; ".join(telling))


def _told(figure: Figure, name: str, say: Say) -> str:
    target = figure.target
    asides = (
        [say.text(f"chart.release.{figure.release.value}")]
        if figure.release is not Release.OFFICIAL
        else []
    )
    if target is not None:
        asked = say.target(target, figure.indicator.unit)
        said = say.text(
            "chart.goal",
            target=asked
            if target.period == figure.period
            else f"{say.period(target.period)}: {asked}",
        )
        asides.append(said[:1].lower() + said[1:])
        if figure.value is not None:
            asides.append(say.text(f"status.{status(figure).value}"))
    value = f"{name}: {say.figure(figure)}"
    return f"{value} ({', '.join(asides)})" if asides else value


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------- axes


def _axis(
    shape: Shape, figures: Sequence[Figure], points: Sequence[Point], unit: Unit, say: Say
) -> Axis:
    """Bars begin at zero; a line may be cut; ranks are turned over, the first on top."""
    heights = [
        value
        for point in points
        for value in (point.value, *_ends(point.goal))
        if value is not None
    ]
    low, high = min(heights), max(heights)
    if unit.kind is UnitKind.RANK:
        last = max(high, *(Decimal(each.of) for each in figures if each.of is not None), Decimal(2))
        if shape != "line":
            return Axis(last + 1, Decimal(1), last + 1)
        steps = _round_steps(Decimal(1), last, 4)
        ticks = [
            Decimal(1),
            *(each for each in steps if 1 < each < last and last - each > (last - 1) / 10),
            last,
        ]
        return Axis(last, Decimal(1), last, tuple((each, say.number(each)) for each in ticks))
    if shape != "line":
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
        return Axis(low, high if high > low else low + 1)
    if low >= 0 and (low < high * NEAR_ZERO or low == high):
        low = Decimal(0)
    steps = _round_steps(low, high if high > low else low + 1, 5)
    return Axis(
        steps[0],
        steps[-1],
        ticks=tuple((each, _bare(say.value(each, unit), unit, say)) for each in steps),
    )


def _ends(goal: Goal | None) -> tuple[Decimal | None, ...]:
    return () if goal is None else (goal.value, goal.end)


def _round_steps(low: Decimal, high: Decimal, parts: int) -> list[Decimal]:
    """Round numbers from at most `low` to at least `high`, about `parts` steps apart."""
    rough = (high - low) / parts
    size = Decimal(1).scaleb(rough.adjusted())
    step = next(size * each for each in (1, 2, 5, 10) if size * each >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [shorten(step * number) for number in range(int(first), int(last) + 1)]
