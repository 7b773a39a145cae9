"""How a message looks on a terminal's screen: bold, colours, tables, numbered choices."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.table import Table as Drawn
from rich.text import Text

from handlers.message import Bad, Good, Heading, Line, Message, Note, Strong, Table, Weak, Words

_STYLES: dict[type[str], str] = {Strong: "bold", Good: "green", Bad: "red", Weak: "dim"}
MOST_NUMBERED = 9


class Screen:
    """Prints messages to one stream."""

    def __init__(self, out: IO[str]) -> None:
        self.console = Console(file=out, highlight=False)

    def show(self, message: Message, *, numbered: bool = False) -> None:
        """Prints a message; with `numbered`, its choices follow as lines to pick from by number."""
        for block in message.blocks:
            match block:
                case Heading(words):
                    self.console.print(styled(words, "bold"))
                case Line(words):
                    self.console.print(styled(words))
                case Note(words):
                    self.aside(*words)
                case Table():
                    self.console.print(_table(block))
        for image in message.images:
            self.console.print()
            for line in image.lines or (image.alt,):
                self.console.print(line, markup=False)
        if numbered and message.choices:
            self.console.print()
            for number, choice in enumerate(message.choices[:MOST_NUMBERED], 1):
                self.console.print(Text.assemble((f" {number}. ", "cyan"), choice.label))

    def aside(self, *words: str) -> None:
        """Prints small print."""
        self.console.print(styled(words, "dim"))


def styled(words: Words, style: str = "") -> Text:
    text = Text(style=style)
    for part in words:
        text.append(str(part), _STYLES.get(type(part), ""))
    return text


def _table(table: Table) -> Drawn:
    drawn = Drawn(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for number, title in enumerate(table.header):
        drawn.add_column(title, overflow="fold", ratio=None if number else 3)
    for row in table.rows:
        drawn.add_row(*(styled(cell) for cell in row))
    return drawn
