"""What Telegram reads in a text, and what it refuses: HTML, entities, rich messages, lengths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, NoReturn

Json = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
RAW_BYTES = 32_768
ENTITIES = 100

RICH_CHARACTERS = 32_768
RICH_BLOCKS = 500
RICH_COLUMNS = 20
RICH_DEPTH = 16


class Refused(Exception):
    """Telegram says no: an HTTP status, its words, and sometimes parameters such as retry_after."""

    def __init__(self, words: str, status: int = 400, **parameters: int) -> None:
        prefix = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}.get(status, "")
        super().__init__(prefix + words)
        self.status = status
        self.words = prefix + words
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Read:
    """A text as a person sees it, and the entities that dress it (offsets in UTF-16 units)."""

    text: str
    entities: tuple[Json, ...] = ()


def units(text: str) -> int:
    """How long Telegram finds a text: its UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


# Plain and HTML texts


def read_text(
    raw: object, parse_mode: object, entities: object, *, empty: str, longest: int, too_long: str, may_be_empty: bool
) -> Read:
    """The text a message or caption shows; raises Refused with Telegram's words."""
    source = "" if raw is None else str(raw)
    if not source and not may_be_empty:
        raise Refused(empty)
    if len(source.encode()) > RAW_BYTES:
        raise Refused("text is too long")
    mode = "" if parse_mode is None else str(parse_mode).lower()
    if mode == "html":
        read = parse_html(source)
    elif mode in ("", "none"):
        read = Read(source, _given_entities(entities, units(source)))
    else:
        raise Refused("unsupported parse_mode")
    read = _tidy(read)
    if not read.text and not may_be_empty:
        raise Refused("text must be non-empty")
    if units(read.text) > longest:
        raise Refused(too_long)
    return Read(read.text, read.entities[:ENTITIES])


_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    start: int
    text_from: int


def parse_html(source: str) -> Read:
    """Telegram's small HTML. Stricter than a browser's: an unknown, unclosed or crossed tag refuses the whole text."""
    return _HtmlText(source).read()


class _HtmlText:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.shown: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> Read:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "&":
                self._show(self._decoded() or self._next())
            elif character != "<":
                self._show(self._next())
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        order = sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))
        return Read("".join(self.shown), tuple(order))

    def _next(self) -> str:
        self.at += 1
        return self.source[self.at - 1]

    def _show(self, character: str) -> None:
        self.shown.append(character)
        self.length += units(character)

    def _refuse(self, words: str, at: int | None = None) -> NoReturn:
        where = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        raise Refused(f"can't parse entities: {words}{where}")

    def _decoded(self) -> str:
        """The character that stands for a reference here, or nothing: `&nbsp;` and a lone `&` stay as they are."""
        found = _CHARACTER.match(self.source, self.at)
        if found is None:
            return ""
        hexadecimal, decimal, name = found.groups()
        if name:
            character = _NAMED.get(name, "")
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            character = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
        if character:
            self.at = found.end()
        return character

    def _space(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        name = _TAG_NAME.match(self.source, begin + 1)
        assert name is not None
        self.at = name.end()
        if self.at == len(self.source):
            self._refuse("Unclosed start tag", begin)
        tag = name.group().lower()
        if tag not in _KINDS:
            self._refuse(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while self.source[self.at] != ">":
            self._space()
            if self.source[self.at : self.at + 1] == ">":
                break
            attribute, value = self._attribute(tag, begin)
            if (tag, attribute) in (("a", "href"), ("tg-emoji", "emoji-id")):
                argument = value
            elif (tag, attribute) == ("code", "class") and value.startswith("language-"):
                argument = value.removeprefix("language-")
            elif (tag, attribute) == ("span", "class") and value.startswith("tg-"):
                argument = value.removeprefix("tg-")
            elif (tag, attribute) == ("blockquote", "expandable"):
                argument = "expandable"
        self.at += 1
        if tag == "span" and argument != "spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.length, len(self.shown)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = _ATTRIBUTE.match(self.source, self.at)
        assert name is not None
        self.at = name.end()
        if self.at >= len(self.source):
            self._refuse("Unclosed start tag", begin)
        if not name.group():
            self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        if (tag, name.group()) == ("blockquote", "expandable") and self.source[self.at] != "=":
            return name.group(), ""
        self._space()
        if self.source[self.at : self.at + 1] != "=":
            self._refuse(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        self.at += 1
        self._space()
        quote = self.source[self.at : self.at + 1]
        if not quote:
            self._refuse(f'Unclosed start tag "{tag}"', begin)
        if quote not in ("'", '"'):
            token = _NAME_TOKEN.match(self.source, self.at)
            assert token is not None
            start, self.at = self.at, token.end()
            if self.at == len(self.source):
                self._refuse("Unclosed start tag", begin)
            if not self.source[self.at].isspace() and self.source[self.at] != ">":
                self._refuse("Unexpected end of name token", start)
            return name.group(), token.group().lower()
        self.at += 1
        value: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != quote:
            value.append((self.source[self.at] == "&" and self._decoded()) or self._next())
        self.at += 1
        if self.at >= len(self.source):
            self._refuse("Unclosed start tag", begin)
        return name.group(), "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            self._refuse("Unexpected end tag", begin)
        found = _END_TAG.match(self.source, begin)
        if found is None:
            self._refuse("Unclosed end tag", begin)
        self.at = found.end()
        name, opened = found.group(1).lower(), self.open.pop()
        if name and name != opened.tag:
            self._refuse(
                f'Unmatched end tag at byte offset {len(self.source[:begin].encode())}, expected "</{opened.tag}>", '
                f'found "</{name}>"'
            )
        if self.length > opened.start:
            self._dress(opened)

    def _dress(self, opened: _Open) -> None:
        entity: Json = {"type": _KINDS[opened.tag], "offset": opened.start, "length": self.length - opened.start}
        if opened.tag == "a":
            url = opened.argument or "".join(self.shown[opened.text_from :])
            if not re.match(r"(?:https?|tg|ton|tonsite)://\S|[^\s/]+\.\w", url):
                return
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            if not opened.argument.isdigit():
                raise Refused("invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "pre" and self.entities:
            last = self.entities[-1]
            same = (last["offset"], last["length"]) == (entity["offset"], entity["length"])
            if same and last["type"] == "code" and "language" in last:
                self.entities.pop()
                entity["language"] = last["language"]
        self.entities.append(entity)


_ENTITY_KINDS = {
    *_KINDS.values(),
    *("expandable_blockquote", "text_mention", "date_time", "mention", "hashtag", "cashtag", "bot_command", "url"),
    *("email", "phone_number", "bank_card_number"),
}


def _given_entities(entities: object, length: int) -> tuple[Json, ...]:
    if entities is None:
        return ()
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise Refused("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        if entity.get("type") not in _ENTITY_KINDS:
            raise Refused("can't parse MessageEntity: Unsupported type specified")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int):
            raise Refused('can\'t parse MessageEntity: Field "offset" must be of type Number')
        if offset < 0 or size < 0 or offset + size > length:
            raise Refused(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {length}"
            )
    return tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _tidy(read: Read) -> Read:
    """Control characters become spaces, \\r and the marks that turn the reading direction go, the ends are trimmed."""
    kept: list[str] = []
    place: list[int] = []  # where each UTF-16 unit of the old text stands in the new one
    length = 0
    for character in read.text:
        place += [length] * units(character)
        if character == "\r" or "\u2028" <= character <= "\u202e":
            continue
        kept.append(" " if character < " " and character != "\n" else character)
        length += units(character)
    place.append(length)
    whole = "".join(kept)
    text = whole.strip(" \n")
    before = units(whole[: len(whole) - len(whole.lstrip(" \n"))])
    last = units(text)
    entities = []
    for entity in read.entities:
        start = min(max(place[entity["offset"]] - before, 0), last)
        end = min(max(place[entity["offset"] + entity["length"]] - before, 0), last)
        if end > start:
            entities.append({**entity, "offset": start, "length": end - start})
    return Read(text, tuple(entities))


# Rich messages (Bot API 10.1 to 10.3)


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
        raise Refused("can't parse rich message: exactly one of html, markdown or blocks must be used")
    if given == ["markdown"]:
        raise Refused("can't parse rich message: this stub does not read Markdown")
    blocks = _HtmlBlocks(str(message["html"])).read() if given == ["html"] else message["blocks"]
    return _RichCount().read(blocks)


def _rich_refused(words: str) -> Refused:
    return Refused(f"can't parse rich message: {words}")


_STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "marked", "subscript", "superscript"}
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


class _RichCount:
    """Reads blocks of a rich message, counting what is limited."""

    def __init__(self) -> None:
        self.characters = 0
        self.blocks = 0

    def read(self, blocks: object) -> Rich:
        lines = self._blocks(blocks, 1)
        if self.characters > RICH_CHARACTERS:
            raise Refused("RICH_MESSAGE_TEXT_TOO_LONG")
        if self.blocks > RICH_BLOCKS:
            raise Refused("RICH_MESSAGE_BLOCKS_TOO_MANY")
        text = "\n".join(lines)
        if not text.strip():
            raise Refused("RICH_MESSAGE_EMPTY")
        assert isinstance(blocks, list)
        return Rich(tuple(blocks), text)

    def _blocks(self, blocks: object, depth: int) -> list[str]:
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise _rich_refused("blocks must be an Array of InputRichBlock")
        if depth > RICH_DEPTH:
            raise Refused("RICH_MESSAGE_DEPTH_INVALID")
        return [line for block in blocks for line in self._block(block, depth)]

    def _block(self, block: Json, depth: int) -> list[str]:
        self.blocks += 1
        match block.get("type"):
            case "paragraph" | "footer" | "pre":
                return [self._text(block.get("text"), depth)]
            case "heading":
                if block.get("size") not in range(1, 7):
                    raise _rich_refused("size of a heading must be from 1 to 6")
                return [self._text(block.get("text"), depth)]
            case "divider":
                return []
            case "pullquote" | "expandable_blockquote":
                return [self._text(block.get("text"), depth), *self._optional(block, "credit", depth)]
            case "blockquote":
                return [*self._blocks(block.get("blocks"), depth + 1), *self._optional(block, "credit", depth)]
            case "details":
                return [self._text(block.get("summary"), depth), *self._blocks(block.get("blocks"), depth + 1)]
            case "list":
                return self._list(block, depth)
            case "table":
                return self._table(block, depth)
            case "thinking":
                raise Refused("RICH_MESSAGE_BLOCK_UNSUPPORTED")
            case other:
                raise _rich_refused(f"this stub does not know a block of type {other!r}")

    def _optional(self, block: Json, name: str, depth: int) -> list[str]:
        return [self._text(block[name], depth)] if block.get(name) is not None else []

    def _list(self, block: Json, depth: int) -> list[str]:
        items = block.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise _rich_refused("items must be an Array of InputRichBlockListItem")
        self.blocks += len(items)
        return [line for item in items for line in self._blocks(item.get("blocks"), depth + 1)]

    def _table(self, block: Json, depth: int) -> list[str]:
        cells = block.get("cells")
        if not isinstance(cells, list) or not all(isinstance(row, list) for row in cells):
            raise _rich_refused("cells must be an Array of Array of RichBlockTableCell")
        lines = self._optional(block, "caption", depth)
        for row in cells:
            self.blocks += 1
            if sum(_span(cell) for cell in row) > RICH_COLUMNS:
                raise Refused("RICH_MESSAGE_TABLE_COLS_TOO_MANY")
            lines.append("\t".join(self._cell(cell, depth) for cell in row))
        return lines

    def _cell(self, cell: Json, depth: int) -> str:
        if cell.get("align") not in ("left", "center", "right"):
            raise _rich_refused("align of a table cell must be left, center or right")
        if cell.get("valign") not in ("top", "middle", "bottom"):
            raise _rich_refused("valign of a table cell must be top, middle or bottom")
        return "" if cell.get("text") is None else self._text(cell["text"], depth)

    def _text(self, text: object, depth: int) -> str:
        if depth > RICH_DEPTH:
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
        raise _rich_refused("RichText must be a String, an Array or a typed object")


def _span(cell: object) -> int:
    if not isinstance(cell, dict):
        raise _rich_refused("a table cell must be an object")
    span = cell.get("colspan", 1)
    if not isinstance(span, int) or span < 1:
        raise _rich_refused("colspan must be a positive number")
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
_CONTAINERS = {"p", "pre", "footer", "blockquote", "aside", "details", "summary", "ul", "ol", "li", "table", "caption"}
_CONTAINERS |= {"tr", "th", "td", "cite", *(f"h{size}" for size in range(1, 7))}
_VOID = {"br", "hr"}
_RICH_NAMED = {
    **_NAMED,
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
            raise _rich_refused(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return _blocks_of(self.root.children)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE and tag not in _CONTAINERS and tag not in _VOID:
            raise _rich_refused(f'Unsupported start tag "{tag}"')
        node = _Node(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            raise _rich_refused(f'Unsupported start tag "{tag}"')
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise _rich_refused(f'Unmatched end tag "{tag}"')
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise _rich_refused("Unsupported start tag")
        self.open[-1].children.append(data if self.open[-1].tag == "pre" else re.sub(r"\s+", " ", data))

    def handle_entityref(self, name: str) -> None:
        self.open[-1].children.append(_RICH_NAMED.get(name, f"&{name};"))

    def handle_charref(self, name: str) -> None:
        code = int(name[1:], 16) if name[:1] in "xX" else int(name)
        self.open[-1].children.append(chr(code))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        raise _rich_refused("Unsupported start tag")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        raise _rich_refused("Unsupported start tag")


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
            return {"type": "pullquote", "text": _inline(_without(node, "cite")), **_part(node, "cite", "credit")}
        case "blockquote":
            return {
                "type": "blockquote",
                "blocks": _blocks_of(_without(node, "cite")),
                **_part(node, "cite", "credit"),
            }
        case "details":
            opened = {"is_open": True} if "open" in node.attributes else {}
            summary = {"summary": "", **_part(node, "summary", "summary")}
            return {"type": "details", **summary, "blocks": _blocks_of(_without(node, "summary")), **opened}
        case "ul" | "ol":
            return {"type": "list", "items": [{"blocks": _blocks_of(item.children)} for item in _only(node, "li")]}
        case "table":
            return _table_of(node)
        case tag if re.fullmatch(r"h[1-6]", tag):
            return {"type": "heading", "text": _inline(node.children), "size": int(tag[1])}
        case tag:
            raise _rich_refused(f'Tag "{tag}" is out of place')


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
            value |= {name: int(cell.attributes[name]) for name in ("colspan", "rowspan") if name in cell.attributes}
            cells.append(value)
        table["cells"].append(cells)
    return table


def _only(node: _Node, *tags: str, besides: str = "") -> list[_Node]:
    found = []
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                raise _rich_refused(f'Text directly in tag "{node.tag}"')
        elif child.tag in tags:
            found.append(child)
        elif child.tag != besides:
            raise _rich_refused(f'Tag "{child.tag}" is out of place')
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
            raise _rich_refused(f'Tag "{child.tag}" is out of place')
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    return parts


def _plain(text: Any) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_plain(part) for part in text)
    return _plain(text["text"])
