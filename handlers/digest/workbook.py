"""The figures of a digest as an Excel workbook, each number with the digits that it was reported
with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from db.exact import decimals
from db.facts import Figure, Op
from handlers.message import File
from handlers.say import Say
from handlers.verdict import status

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELD = 15
"""How many digits Excel keeps of a number; one with more is written as text rather than rounded."""

Written = str | int | Decimal | date | None


def _op(figure: Figure, say: Say) -> str | None:
    if figure.target is None:
        return None
    op = figure.target.op
    if op is Op.BETWEEN:
        return say.text("workbook.between")
    return {Op.LT: "<", Op.LE: "≤", Op.GE: "≥", Op.GT: ">", Op.EQ: "="}[op]


_COLUMNS: dict[str, tuple[int, Callable[[Figure, Say], Written]]] = {
    "indicator": (48, lambda each, _: each.indicator.name),
    "place": (18, lambda each, say: say.region(each.region)),
    "period": (22, lambda each, say: say.period(each.period)),
    "hedge": (
        10,
        lambda each, say: (
            say.text(f"workbook.hedge.{each.qualifier.value}") if each.qualifier else None
        ),
    ),
    "result": (16, lambda each, _: each.value),
    "of": (10, lambda each, _: each.of),
    "unit": (16, lambda each, say: say.unit(each.indicator.unit)),
    "release": (14, lambda each, say: say.release(each) or None),
    "op": (10, _op),
    "target": (16, lambda each, _: each.target.value if each.target else None),
    "upper": (16, lambda each, _: each.target.end if each.target else None),
    "target_period": (
        22,
        lambda each, say: say.period(each.target.period) if each.target else None,
    ),
    "status": (22, lambda each, say: say.text(f"status.{status(each).value}")),
    "source": (60, lambda each, say: say.source(each.source) or None),
    "published": (14, lambda each, _: each.published),
}
"""Each column by what it holds: its width in letters, and what stands in it."""


def workbook(figures: Sequence[Figure], name: str, say: Say) -> File:
    """A sheet with a line for each figure, whose header stays in sight and can be filtered by."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = say.text("workbook.title")
    for place, (key, (wide, _)) in enumerate(_COLUMNS.items(), 1):
        cell = sheet.cell(1, place)
        _write(cell, say.text(f"workbook.column.{key}"))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    for number, figure in enumerate(figures, 2):
        for place, (_, written) in enumerate(_COLUMNS.values(), 1):
            _write(sheet.cell(number, place), written(figure, say))
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    held = BytesIO()
    book.save(held)
    return File(f"{name}.xlsx", held.getvalue(), MEDIA_TYPE)


def _write(cell: Cell | MergedCell, what: Written) -> None:
    """Write a number in the format of its digits, words as words whatever they begin with."""
    assert isinstance(cell, Cell)  # none of them are merged
    if what is None:
        return
    if isinstance(what, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", what)
        cell.data_type = "s"  # what begins with "=" would else be a formula
        return
    if isinstance(what, date):
        cell.value = what
        cell.number_format = "dd/mm/yyyy"
        return
    value = Decimal(what)
    if len(value.as_tuple().digits) > HELD:
        cell.value = f"{value:f}"
        cell.data_type = "s"
        return
    digits = decimals(value)
    cell.value = value
    cell.number_format = "#,##0" + ("." + "0" * digits if digits else "")
