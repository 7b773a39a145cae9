"""Figures as pictures: what a chart shows, how it is drawn, and how it is printed in a terminal.

Nothing of the renderer or of the typeface is imported before a chart is drawn.
"""

from handlers.chart.chart import Axis, Chart, Goal, Point, Shape
from handlers.chart.composing import (
    chart_of_comparison,
    chart_of_ranking,
    chart_of_series,
    chart_of_targets,
)
from handlers.chart.drawing import draw, svg
from handlers.chart.printing import blocks

__all__ = [
    "Axis",
    "Chart",
    "Goal",
    "Point",
    "Shape",
    "blocks",
    "chart_of_comparison",
    "chart_of_ranking",
    "chart_of_series",
    "chart_of_targets",
    "draw",
    "svg",
]
