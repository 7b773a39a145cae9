"""The picture of an answer, drawn beside the loop so that nobody else waits for it; no chart is
imported before one is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from db.facts import Figure, Region
from handlers.message import Image
from handlers.say import Say

if TYPE_CHECKING:
    from handlers.chart import Chart


async def of_series(figures: Sequence[Figure], say: Say) -> tuple[Image, ...]:
    """One indicator over time."""
    from handlers.chart import chart_of_series  # noqa: PLC0415

    return await _drawn(chart_of_series(figures, say))


async def of_ranking(
    figures: Sequence[Figure], say: Say, asked: Collection[Region]
) -> tuple[Image, ...]:
    """Places in order."""
    from handlers.chart import chart_of_ranking  # noqa: PLC0415

    return await _drawn(chart_of_ranking(figures, say, asked))


async def of_comparison(figures: Sequence[Figure], say: Say) -> tuple[Image, ...]:
    """Sides beside each other; nothing where they share no unit."""
    from handlers.chart import chart_of_comparison  # noqa: PLC0415

    return await _drawn(chart_of_comparison(figures, say))


async def of_targets(
    figures: Sequence[Figure], subtitle: str, counted: str, say: Say, *, several: bool
) -> tuple[Image, ...]:
    """Results of different units, each held against its target; the words beside it are to say them
    too.
    """
    from handlers.chart import chart_of_targets  # noqa: PLC0415

    chart = chart_of_targets(figures, subtitle, counted, say, several=several)
    return await _drawn(chart, f"{chart.title} · {chart.subtitle}" if chart is not None else "")


async def _drawn(chart: Chart | None, caption: str = "") -> tuple[Image, ...]:
    from handlers.chart import blocks, draw  # noqa: PLC0415

    if chart is None:
        return ()
    data = await asyncio.to_thread(draw, chart)
    return (Image(data, "image/png", chart.alt, tuple(blocks(chart)), caption),)
