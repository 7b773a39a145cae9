"""Text of old Vietnamese encodings, brought to Unicode: TCVN3 (the .Vn fonts) and VIQR.

TCVN 5712:1993 (VN3) gives one byte to each small letter; read as Latin-1 it shows as "hé nghÌo".
VIQR (RFC 1456) writes marks with ASCII signs behind the letter: "ho^. nghe`o".
"""

from __future__ import annotations

import re
import unicodedata

from handlers.reading.spelling import fold, is_syllable

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_STRANGE = frozenset("µ¸¶¹¨»¾¼½Æ©ÇËÎÏ®ªÖ×ØÞß«åæç¬ëîï÷øûþ§¡¤¥¦\u00ad")
"""Of these, letters and signs that a Vietnamese text in Unicode does not have."""

_VIQR = re.compile(r"[aeo]\^|a\(|[ou]\+|\b[a-z]*[aeiouy][`'~][a-z]", re.IGNORECASE)
_VIQR_SIGNS = frozenset("^(+`'~")
"""One of them stands in whatever is looked for above."""
_VIQR_LETTER = re.compile(r"(dd|[aeiouyd])([\^(+]?)(['`?~.]?)(?=(.?))", re.IGNORECASE)
_HATS = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}


def modern(text: str) -> str:
    """The text in Unicode; one that is in no old encoding is given back as it is."""
    words = text.split()
    odd = [word for word in words if not _STRANGE.isdisjoint(word)]
    if (
        odd
        and len(odd) * 4 >= len(words)
        and all(is_syllable(fold(_tcvn3(word).strip(".,:;?!()"))) for word in odd)
    ):
        return _tcvn3(text)
    if not _VIQR_SIGNS.isdisjoint(text) and _VIQR.search(text):
        asks = text.rstrip().endswith("?")  # the last mark of a text asks, and is no hỏi
        return (
            unicodedata.normalize("NFC", _VIQR_LETTER.sub(_viqr, text.rstrip().rstrip("?")))
            + "?" * asks
        )
    return text


def _tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def _viqr(found: re.Match[str]) -> str:
    letter, hat, tone, following = found.groups()
    if letter.casefold() == "dd":
        return ("Đ" if letter[0] == "D" else "đ") + hat + tone
    if (
        tone in (".", "?")
        and not hat
        and not following.isalpha()
        and letter.casefold() not in "aeiouy"
    ):
        return letter + tone
    return (
        letter + _HATS.get(hat, "") + (_TONES[tone] if tone and letter.casefold() != "d" else tone)
    )
