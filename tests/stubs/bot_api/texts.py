"""What Telegram reads in a text, and what it refuses: HTML, entities, lengths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

Json = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
RAW_BYTES = 32_768
ENTITIES = 100


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


def read_text(
    raw: object,
    parse_mode: object,
    entities: object,
    *,
    longest: int,
    too_long: str,
    may_be_empty: bool,
) -> Read:
    """The text a message or caption shows; raises Refused with Telegram's words."""
    source = "" if raw is None else str(raw)
    if not source and not may_be_empty:
        raise Refused("message text is empty")
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
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
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
            character = NAMED.get(name, "")
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
            self._refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
            )
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
        entity: Json = {
            "type": _KINDS[opened.tag],
            "offset": opened.start,
            "length": self.length - opened.start,
        }
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
    *(
        "expandable_blockquote",
        "text_mention",
        "date_time",
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
    ),
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
