"""How a chart is drawn: an SVG of 1,080 pixels' width for a phone, and the picture made of it."""

from __future__ import annotations

from functools import lru_cache

from db.facts import Release
from handlers.chart.bars import bars, single
from handlers.chart.chart import Chart, Sign
from handlers.chart.columns import column_size, columns
from handlers.chart.lettering import FAMILY, balance, files, width, wrap
from handlers.chart.line import line
from handlers.chart.paper import (
    FAINT,
    INK,
    MARGIN,
    MUTED,
    ROOM,
    TEXT,
    WIDTH,
    Paper,
    dot,
    sign,
    sign_width,
)

TITLE, SUBTITLE = 50, 34


@lru_cache(maxsize=32)
def draw(chart: Chart) -> bytes:
    """The chart as a PNG; one that was drawn lately is not drawn again."""
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - only where a chart is drawn

    return svg_to_bytes(
        svg_string=svg(chart), skip_system_fonts=True, font_files=list(files()), font_family=FAMILY
    )


def svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    paper = Paper()
    top = _head(paper, chart)
    size = column_size(chart) if chart.shape == "columns" else None
    if chart.shape == "single":
        bottom = single(paper, chart, top)
    elif chart.shape == "line":
        bottom = line(paper, chart, top)
    elif size is not None:
        bottom = columns(paper, chart, top, size)
    else:
        bottom = bars(paper, chart, top)
    return paper.document(chart, _foot(paper, chart, bottom))


def _head(paper: Paper, chart: Chart) -> float:
    y = paper.lines(MARGIN, 44, balance(chart.title, ROOM, TITLE, 600, 4), TITLE, 600)
    parts = [part for part in (chart.subtitle, chart.unit) if part]
    if width(" · ".join(parts), SUBTITLE) <= ROOM:
        parts = [" · ".join(parts)]
    lines = [each for part in parts for each in balance(part, ROOM, SUBTITLE, 400, 3)]
    y = paper.lines(MARGIN, y + 2, lines, SUBTITLE, fill=MUTED)
    return _legend(paper, chart, y + 22) if chart.legend and chart.shape != "single" else y + 20


def _legend(paper: Paper, chart: Chart, y: float) -> float:
    x = float(MARGIN)
    for looks, said in chart.legend:
        sample = 34.0 if chart.shape == "line" and looks != "goal" else sign_width(looks)
        lines = wrap(said, ROOM - sample - 12, TEXT)
        wide = sample + 12 + max((width(each, TEXT) for each in lines), default=0)
        if x > MARGIN and x + wide > WIDTH - MARGIN:
            x, y = MARGIN, y + 50
        _sample(paper, chart, looks, x + sample / 2, y + 19)
        y = paper.lines(x + sample + 12, y - 1, lines, TEXT) - 38
        x += wide + 30
    return y + 60


def _sample(paper: Paper, chart: Chart, looks: Sign, x: float, y: float) -> None:
    """What the legend explains, as it looks in the chart."""
    if looks == "goal":
        if chart.goal is not None and chart.goal.end is not None:
            paper.rect(x - 25, y - 15, 50, 30, INK, more=' fill-opacity="0.08"')
        paper.path(f"M{x - 25:.1f} {y:.1f}h50", INK, 4, dash="14 7")
    elif looks in ("preliminary", "estimate"):
        dot(paper, "", x, y, release=Release(looks))
    elif chart.shape == "line":
        dot(paper, looks, x, y)
    else:
        sign(paper, looks, x, y)


def _foot(paper: Paper, chart: Chart, y: float) -> float:
    y += 22
    for note in chart.notes:
        y = paper.lines(MARGIN, y, wrap(note, ROOM, TEXT), TEXT, fill=MUTED)
    y += 8 if chart.notes else 0
    paper.rect(MARGIN, y, ROOM, 2, FAINT)
    return (
        paper.lines(MARGIN, y + 14, wrap(chart.source, ROOM, TEXT, 400, 4), TEXT, fill=MUTED) + 30
    )
