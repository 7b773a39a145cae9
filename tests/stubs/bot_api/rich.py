"""What Telegram reads in a rich message (Bot API 10.1 to 10.3), and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from .texts import NAMED, Json, Refused

CHARACTERS = 32_768
BLOCKS = 500
COLUMNS = 20
DEPTH = 16


@dataclass(frozen=True, slots=True)
class Rich:
    """A rich message: its blocks, and their text with a line a paragraph or row and a tab between cells."""

    blocks: tuple[Json, ...]
    text: str


def read_rich(message: object) -> Rich:
    """An InputRichMessage as the server keeps it; raises Refused. Media, maps, formulas and Markdown are not played."""
    if not isinstance(message, dict):
        raise Refused("object expected as rich message")
    given = [name for name in ("html", "markdown", "blocks") if message.get(name) is not None]
    if len(given) != 1:
        raise Refused(
            "can't parse rich message: exactly one of html, markdown or blocks must be used"
        )
    if given == ["markdown"]:
        raise Refused("can't parse rich message: this stub does not read Markdown")
    blocks = _HtmlBlocks(str(message["html"])).read() if given == ["html"] else message["blocks"]
    return _Count().read(blocks)


def _refused(words: str) -> Refused:
    return Refused(f"can't parse rich message: {words}")


_STYLES = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "marked",
    "subscript",
    "superscript",
}
_LINKS = {
    "url": "url",
    "anchor_link": "anchor_name",
    "reference": "name",
    "reference_link": "reference_name",
    "date_time": "unix_time",
    "text_mention": "user",
    "email_address": "email_address",
    "phone_number": "phone_number",
}


class _Count:
    """Reads blocks of a rich message, counting what is limited."""

    def __init__(self) -> None:
        self.characters = 0
        self.blocks = 0

    def read(self, blocks: object) -> Rich:
        lines = self._blocks(blocks, 1)
        if self.characters > CHARACTERS:
            raise Refused("RICH_MESSAGE_TEXT_TOO_LONG")
        if self.blocks > BLOCKS:
            raise Refused("RICH_MESSAGE_BLOCKS_TOO_MANY")
        text = "\n".join(lines)
        if not text.strip():
            raise Refused("RICH_MESSAGE_EMPTY")
        assert isinstance(blocks, list)
        return Rich(tuple(blocks), text)

    def _blocks(self, blocks: object, depth: int) -> list[str]:
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise _refused("blocks must be an Array of InputRichBlock")
        if depth > DEPTH:
            raise Refused("RICH_MESSAGE_DEPTH_INVALID")
        return [line for block in blocks for line in self._block(block, depth)]

    def _block(self, block: Json, depth: int) -> list[str]:
        self.blocks += 1
        match block.get("type"):
            case "paragraph" | "footer" | "pre":
                return [self._text(block.get("text"), depth)]
            case "heading":
                if block.get("size") not in range(1, 7):
                    raise _refused("size of a heading must be from 1 to 6")
                return [self._text(block.get("text"), depth)]
            case "divider":
                return []
            case "pullquote" | "expandable_blockquote":
                return [
                    self._text(block.get("text"), depth),
                    *self._optional(block, "credit", depth),
                ]
            case "blockquote":
                return [
                    *self._blocks(block.get("blocks"), depth + 1),
                    *self._optional(block, "credit", depth),
                ]
            case "details":
                return [
                    self._text(block.get("summary"), depth),
                    *self._blocks(block.get("blocks"), depth + 1),
                ]
            case "list":
                return self._list(block, depth)
            case "table":
                return self._table(block, depth)
            case "thinking":
                raise Refused("RICH_MESSAGE_BLOCK_UNSUPPORTED")
            case other:
                raise _refused(f"this stub does not know a block of type {other!r}")

    def _optional(self, block: Json, name: str, depth: int) -> list[str]:
        return [self._text(block[name], depth)] if block.get(name) is not None else []

    def _list(self, block: Json, depth: int) -> list[str]:
        items = block.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise _refused("items must be an Array of InputRichBlockListItem")
        self.blocks += len(items)
        return [line for item in items for line in self._blocks(item.get("blocks"), depth + 1)]

    def _table(self, block: Json, depth: int) -> list[str]:
        cells = block.get("cells")
        if not isinstance(cells, list) or not all(isinstance(row, list) for row in cells):
            raise _refused("cells must be an Array of Array of RichBlockTableCell")
        lines = self._optional(block, "caption", depth)
        for row in cells:
            self.blocks += 1
            if sum(_span(cell) for cell in row) > COLUMNS:
                raise Refused("RICH_MESSAGE_TABLE_COLS_TOO_MANY")
            lines.append("\t".join(self._cell(cell, depth) for cell in row))
        return lines

    def _cell(self, cell: Json, depth: int) -> str:
        if cell.get("align") not in ("left", "center", "right"):
            raise _refused("align of a table cell must be left, center or right")
        if cell.get("valign") not in ("top", "middle", "bottom"):
            raise _refused("valign of a table cell must be top, middle or bottom")
        return "" if cell.get("text") is None else self._text(cell["text"], depth)

    def _text(self, text: object, depth: int) -> str:
        if depth > DEPTH:
            raise Refused("RICH_MESSAGE_DEPTH_INVALID")
        if isinstance(text, str):
            self.characters += len(text)
            return text
        if isinstance(text, list):
            return "".join(self._text(part, depth) for part in text)
        if isinstance(text, dict):
            kind = text.get("type")
            if kind in _STYLES or (kind in _LINKS and _LINKS[kind] in text):
                return self._text(text.get("text"), depth + 1)
        raise _refused("RichText must be a String, an Array or a typed object")


def _span(cell: object) -> int:
    if not isinstance(cell, dict):
        raise _refused("a table cell must be an object")
    span = cell.get("colspan", 1)
    if not isinstance(span, int) or span < 1:
        raise _refused("colspan must be a positive number")
    return span


_INLINE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "mark": "marked",
    "sub": "subscript",
    "sup": "superscript",
    "tg-spoiler": "spoiler",
    "a": "url",
}
_CONTAINERS = {
    "p",
    "pre",
    "footer",
    "blockquote",
    "aside",
    "details",
    "summary",
    "ul",
    "ol",
    "li",
    "table",
    "caption",
}
_CONTAINERS |= {"tr", "th", "td", "cite", *(f"h{size}" for size in range(1, 7))}
_VOID = {"br", "hr"}
_NAMED = {
    **NAMED,
    **{"apos": "'", "nbsp": "\xa0", "hellip": "…", "mdash": "—", "ndash": "–"},
    **{"lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”"},
}


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str]
    children: list[_Node | str]


class _HtmlBlocks(HTMLParser):
    """Rich HTML as the blocks it stands for."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.root = _Node("", {}, [])
        self.open = [self.root]
        self.feed(source)
        self.close()

    def read(self) -> list[Json]:
        if len(self.open) > 1:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return _blocks_of(self.root.children)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE and tag not in _CONTAINERS and tag not in _VOID:
            raise _refused(f'Unsupported start tag "{tag}"')
        node = _Node(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            raise _refused(f'Unsupported start tag "{tag}"')
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise _refused(f'Unmatched end tag "{tag}"')
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise _refused("Unsupported start tag")
        self.open[-1].children.append(
            data if self.open[-1].tag == "pre" else re.sub(r"\s+", " ", data)
        )

    def handle_entityref(self, name: str) -> None:
        self.open[-1].children.append(_NAMED.get(name, f"&{name};"))

    def handle_charref(self, name: str) -> None:
        code = int(name[1:], 16) if name[:1] in "xX" else int(name)
        self.open[-1].children.append(chr(code))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        raise _refused("Unsupported start tag")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        raise _refused("Unsupported start tag")


def _blocks_of(children: list[_Node | str]) -> list[Json]:
    blocks: list[Json] = []
    loose: list[_Node | str] = []

    def settle() -> None:
        text = _inline(loose)
        if _plain(text).strip():
            blocks.append({"type": "paragraph", "text": text})
        loose.clear()

    for child in children:
        if isinstance(child, str) or child.tag in _INLINE or child.tag == "br":
            loose.append(child)
        else:
            settle()
            blocks.append(_block_of(child))
    settle()
    return blocks


def _block_of(node: _Node) -> Json:
    match node.tag:
        case "p":
            return {"type": "paragraph", "text": _inline(node.children)}
        case "footer" | "pre":
            return {"type": node.tag, "text": _inline(node.children)}
        case "hr":
            return {"type": "divider"}
        case "aside":
            return {
                "type": "pullquote",
                "text": _inline(_without(node, "cite")),
                **_part(node, "cite", "credit"),
            }
        case "blockquote":
            return {
                "type": "blockquote",
                "blocks": _blocks_of(_without(node, "cite")),
                **_part(node, "cite", "credit"),
            }
        case "details":
            opened = {"is_open": True} if "open" in node.attributes else {}
            summary = {"summary": "", **_part(node, "summary", "summary")}
            return {
                "type": "details",
                **summary,
                "blocks": _blocks_of(_without(node, "summary")),
                **opened,
            }
        case "ul" | "ol":
            return {
                "type": "list",
                "items": [{"blocks": _blocks_of(item.children)} for item in _only(node, "li")],
            }
        case "table":
            return _table_of(node)
        case tag if re.fullmatch(r"h[1-6]", tag):
            return {"type": "heading", "text": _inline(node.children), "size": int(tag[1])}
        case tag:
            raise _refused(f'Tag "{tag}" is out of place')


def _table_of(node: _Node) -> Json:
    table: Json = {"type": "table", "cells": [], **_part(node, "caption", "caption")}
    for name in ("bordered", "striped", "compact"):
        if name in node.attributes:
            table[f"is_{name}"] = True
    for row in _only(node, "tr", besides="caption"):
        cells = []
        for cell in _only(row, "td", "th"):
            value: Json = {"text": _inline(cell.children)}
            value["align"] = cell.attributes.get("align", "left")
            value["valign"] = cell.attributes.get("valign", "middle")
            if cell.tag == "th":
                value["is_header"] = True
            value |= {
                name: int(cell.attributes[name])
                for name in ("colspan", "rowspan")
                if name in cell.attributes
            }
            cells.append(value)
        table["cells"].append(cells)
    return table


def _only(node: _Node, *tags: str, besides: str = "") -> list[_Node]:
    found = []
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                raise _refused(f'Text directly in tag "{node.tag}"')
        elif child.tag in tags:
            found.append(child)
        elif child.tag != besides:
            raise _refused(f'Tag "{child.tag}" is out of place')
    return found


def _without(node: _Node, tag: str) -> list[_Node | str]:
    return [child for child in node.children if isinstance(child, str) or child.tag != tag]


def _part(node: _Node, tag: str, name: str) -> Json:
    for child in node.children:
        if isinstance(child, _Node) and child.tag == tag:
            return {name: _inline(child.children)}
    return {}


def _inline(children: list[_Node | str]) -> Any:
    parts: list[Any] = []
    for child in children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag == "br":
            parts.append("\n")
        elif child.tag in _INLINE:
            styled: Json = {"type": _INLINE[child.tag], "text": _inline(child.children)}
            if child.tag == "a":
                styled["url"] = child.attributes.get("href", "")
            parts.append(styled)
        else:
            raise _refused(f'Tag "{child.tag}" is out of place')
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    return parts


def _plain(text: Any) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_plain(part) for part in text)
    return _plain(text["text"])
