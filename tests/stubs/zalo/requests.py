"""What a request brings, and how Zalo words an answer."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from aiohttp import web

from .records import Json

LONGEST = 2000
_WORDS = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Internal server error",
    404: "Not Found",
    408: "Request timeout",
    429: "Quota exceeded",
}
_STYLES = re.compile(
    r"[bius]|f_1[358]|f_20|c_(?:050a19|15a85f|f7b503|f27806|db342e)|lst_[12]|ind_[1-5]"
)


class Refused(Exception):
    """Zalo says no: its error_code, and its words."""

    def __init__(self, code: int, words: str = "", *, key: str = "error_code") -> None:
        self.code = code
        self.words = words or _WORDS.get(code, "Error")
        self.key = key
        super().__init__(f"{code} {self.words}")


def accepted(result: Any) -> web.Response:
    """The answer that says yes; None is the answer of what has no result."""
    return web.json_response(
        {"ok": True} if result is None else {"ok": True, "result": result, "error_code": 0}
    )


def refusal(refused: Refused, *, http_status: bool) -> web.Response:
    """The answer that says no, with its code as the HTTP status too or with HTTP 200."""
    body = {"ok": False, "description": refused.words, refused.key: refused.code}
    return web.json_response(body, status=refused.code if http_status else 200)


async def read_params(request: web.Request) -> Json:
    """Parameters from the address, a JSON body, a form or a multipart body."""
    params: Json = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            given = await request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Refused(400)
        params |= given
    elif request.can_read_body:
        params |= dict(await request.post())
    return params


def units(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_of(params: Json, name: str) -> str:
    """A text of 1 to 2,000 UTF-16 units; they are counted in NFC, whatever came."""
    text = params.get(name)
    if not isinstance(text, str) or not 1 <= units(unicodedata.normalize("NFC", text)) <= LONGEST:
        raise Refused(400)
    return text


def styles_of(params: Json, text: str) -> tuple[Json, ...]:
    """`text_styles`, all of them inside the text and of known codes."""
    styles = params.get("text_styles")
    if isinstance(styles, str):
        try:
            styles = json.loads(styles)
        except ValueError:
            raise Refused(400) from None
    if styles is None:
        return ()
    if not isinstance(styles, list) or not all(_fits(style, text) for style in styles):
        raise Refused(400)
    return tuple(styles)


def _fits(style: object, text: str) -> bool:
    match style:
        case {"start": int(start), "len": int(long), "st": [_, *_] as codes}:
            known = all(isinstance(code, str) and _STYLES.fullmatch(code) for code in codes)
            return (
                known
                and start >= 0
                and long > 0
                and start + long <= units(text)
                and _between(text, start, start + long)
            )
    return False


def _between(text: str, *places: int) -> bool:
    """Whether all places stand between characters, none inside one of two units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return not any(0xDC <= raw[2 * place + 1] <= 0xDF for place in places if 2 * place < len(raw))
