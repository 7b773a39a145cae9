"""A drawn chat: a sheet that grows downwards, with words in runs of different looks, bubbles and pictures on it."""

from __future__ import annotations

import re
import struct
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

import oxipng
from resvg_py import svg_to_bytes

from handlers.chart.lettering import FAMILY, Weight, clean, files, width

WIDE, ROOM, SIZE = 1080, 860, 30
INK = "#1b2733"
ARROWS = re.compile("([▲▼])")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look; `fill` is their colour, `size` in pixels."""

    text: str
    size: float = SIZE
    weight: Weight = 400
    fill: str = INK
    italic: bool = False
    line: str = ""
    """`underline` or `line-through`."""

    @property
    def wide(self) -> float:
        # The typeface lacks the arrows, which are drawn as wide as they are high.
        arrows = len(ARROWS.findall(self.text))
        return width(ARROWS.sub("", self.text), self.size, self.weight) + arrows * self.size * 0.72


Row = Sequence[Run]


def wide(row: Row) -> float:
    return sum(run.wide for run in row)


def step(row: Row) -> float:
    """How high a row stands, space above it included."""
    return max((run.size for run in row), default=SIZE) * 1.4


def wrapped(runs: Iterable[Run], room: float) -> list[Row]:
    """Runs in rows no wider than `room`: broken at line ends, at spaces, and inside a word that alone is too wide."""
    rows: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(run.text.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append(replace(run, text=clean(part)))
    return [narrow for row in rows for narrow in _narrow(row, room)]


def _narrow(row: list[Run], room: float) -> list[Row]:
    out: list[list[Run]] = [[]]
    for word in _words(row):
        if out[-1] and wide(out[-1]) + wide(word) - _last_space(word) > room:
            out.append([])
        for piece in word:
            # Letter by letter only where a word alone is too wide.
            for part in (
                [piece]
                if piece.wide <= room
                else [replace(piece, text=letter) for letter in piece.text]
            ):
                if out[-1] and wide(out[-1]) + part.wide - _last_space([part]) > room:
                    out.append([])
                out[-1].append(part)
    return [_joined(line) for line in out]


def _words(row: list[Run]) -> list[list[Run]]:
    """Words with the space behind them, each in as many runs as it has looks."""
    words: list[list[Run]] = [[]]
    for run in row:
        for part in re.findall(r"\S+\s*|\s+", run.text):
            words[-1].append(replace(run, text=part))
            if part[-1].isspace():
                words.append([])
    return [word for word in words if word]


def _last_space(word: list[Run]) -> float:
    last = word[-1]
    return last.wide - replace(last, text=last.text.rstrip()).wide


def _joined(row: list[Run]) -> Row:
    out: list[Run] = []
    for run in row:
        if out and replace(out[-1], text="") == replace(run, text=""):
            out[-1] = replace(run, text=out[-1].text + run.text)
        else:
            out.append(run)
    if out:
        out[-1] = replace(out[-1], text=out[-1].text.rstrip())
    return out


class Sheet:
    """What is drawn so far, and `y` below it."""

    def __init__(self, back: str = "#dfe8ef") -> None:
        self.parts = [f'<rect width="100%" height="100%" fill="{back}"/>']
        self.y = 40.0

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        fill: str,
        *,
        round: float = 26,
        stroke: str = "none",
    ) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{round}" fill="{fill}" stroke="{stroke}"/>'
        )

    def words(self, x: float, y: float, row: Row) -> None:
        """A row from `x` on, standing on `y`."""
        for run in row:
            for part in ARROWS.split(run.text):
                if not part:
                    continue
                piece = replace(run, text=part)
                if part in "▲▼":
                    side = run.size * 0.62
                    tip, foot = (y - side, y) if part == "▲" else (y, y - side)
                    self.parts.append(
                        f'<path d="M{x:.1f} {foot:.1f}h{side:.1f}l{-side / 2:.1f} {tip - foot:.1f}z" fill="{run.fill}"/>'
                    )
                else:
                    self._text(x, y, piece)
                x += piece.wide

    def _text(self, x: float, y: float, run: Run) -> None:
        # The typeface has no italics: upright letters lean.
        lean = " skewX(-10)" if run.italic else ""
        line = f' text-decoration="{run.line}"' if run.line else ""
        self.parts.append(
            f'<text transform="translate({x:.1f} {y:.1f}){lean}" xml:space="preserve" font-size="{run.size:g}" '
            f'font-weight="{run.weight}" fill="{run.fill}"{line}>{escape(run.text)}</text>'
        )

    def image(self, x: float, y: float, wide: float, png: bytes) -> float:
        """A picture so wide; gives how high it is."""
        across, down = struct.unpack(">II", png[16:24])
        high = float(down) * wide / across
        self.parts.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" '
            f'href="data:image/png;base64,{b64encode(png).decode()}"/>'
        )
        return high

    def bubble(
        self,
        rows: Sequence[Row],
        fill: str,
        *,
        right: bool = False,
        x: float = 40,
        png: bytes | None = None,
    ) -> None:
        """Words in a bubble at the left or the right, below a picture if there is one."""
        across = max([wide(row) for row in rows] + [ROOM - 56 if png else 0]) + 56
        if right:
            x = WIDE - 40 - across
        place = len(self.parts)
        top, self.y = self.y, self.y + 16
        if png:
            self.y += self.image(x + 28, self.y + 12, across - 56, png) + 20
        for row in rows:
            self.y += step(row)
            self.words(x + 28, self.y - 0.15 * step(row), row)
        self.y += 16
        drawn, self.parts = self.parts[place:], self.parts[:place]
        self.box(x, top, across, self.y - top, fill)
        self.parts += drawn
        self.y += 14

    def picture(self) -> bytes:
        """The sheet as a PNG, packed small."""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{self.y + 20:.0f}" font-family="{FAMILY}">'
        svg = head + "".join(self.parts) + "</svg>"
        drawn = svg_to_bytes(svg_string=svg, font_files=list(files()), skip_system_fonts=True)
        return bytes(oxipng.optimize_from_memory(bytes(drawn), level=3))
