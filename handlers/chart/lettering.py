"""The typeface of charts: where its files are, how wide words are, where lines break."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal
from unicodedata import normalize

Weight = Literal[400, 600]

FAMILY = "Be Vietnam Pro"


@cache
def files() -> tuple[str, ...]:
    """The font files of both weights."""
    return tuple(_file(weight) for weight in (400, 600))


def _file(weight: Weight) -> str:
    from fontpkg import path  # noqa: PLC0415 - only where a chart is drawn

    return str(path(FAMILY, weight=weight))


@cache
def _advances(weight: Weight) -> tuple[dict[int, float], float]:
    """Widths of characters in parts of the type size, and that of one the typeface lacks."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only where a chart is drawn

    with TTFont(_file(weight), lazy=True) as font:
        glyphs = font["hmtx"].metrics
        em = font["head"].unitsPerEm
        return {code: glyphs[name][0] / em for code, name in font.getBestCmap().items()}, glyphs[
            ".notdef"
        ][0] / em


@lru_cache(maxsize=512)
def clean(words: str) -> str:
    """Compose letters, as the typeface has them, without what XML cannot hold."""
    return "".join(letter if letter.isprintable() else " " for letter in normalize("NFC", words))


def width(text: str, size: float, weight: Weight = 400) -> float:
    """How wide text is, in pixels; kerning, which only narrows it, is left out."""
    advances, unknown = _advances(weight)
    return size * sum(advances.get(ord(letter), unknown) for letter in clean(text))


def widest_word(text: str, size: float, weight: Weight = 400) -> float:
    return max((width(word, size, weight) for word in clean(text).split()), default=0.0)


def wrap(text: str, room: float, size: float, weight: Weight = 400, most: int = 99) -> list[str]:
    """Text in lines no wider than `room`, broken at spaces, inside a word only where it alone is
    too wide.

    What does not go into `most` lines is cut off, with an ellipsis.
    """
    lines: list[str] = []
    now = ""
    for whole in clean(text).split():
        longer = f"{now} {whole}" if now else whole
        if width(longer, size, weight) <= room:
            now = longer
            continue
        if now:
            lines.append(now)
        word = whole
        while width(word, size, weight) > room and len(word) > 1:
            length = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or width(word[:n], size, weight) <= room
            )
            lines.append(word[:length])
            word = word[length:]
        now = word
    if now:
        lines.append(now)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last + "…", size, weight) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;") + "…"]


def balance(text: str, room: float, size: float, weight: Weight = 400, most: int = 99) -> list[str]:
    """As `wrap`, in as many lines but of about the same length, so that no word stands alone at the
    end.
    """
    lines = wrap(text, room, size, weight, most)
    if len(lines) < 2 or lines[-1].endswith("…"):
        return lines
    narrow = width(text, size, weight) / len(lines)
    while narrow < room:
        if (
            len(closer := wrap(text, narrow, size, weight)) == len(lines)
            and widest_word(text, size, weight) <= narrow
        ):
            return closer
        narrow += size / 4
    return lines
