"""How people misspell Vietnamese at a keyboard: every slip a function of a text and a seeded random."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Slip = Callable[[str, random.Random], str]

TONES = "\u0301\u0300\u0309\u0303\u0323"
"""Sắc, huyền, hỏi, ngã, nặng: in the order of the VNI keys 1 to 5."""
HATS = {"â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "ă": "a8", "đ": "d9"}
TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "ă": "aw", "đ": "dd"}
VIQR = {"â": "a^", "ê": "e^", "ô": "o^", "ơ": "o+", "ư": "u+", "ă": "a(", "đ": "dd"}
TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ",
        strict=True,
    )
)
KEYS = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip", "p": "o", "a": "sq",
    "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "k", "z": "x", "x": "zc", "c": "xv",
    "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip
PLACES = {
    "thái",
    "nguyên",
    "bắc",
    "kạn",
    "hà",
    "nội",
    "lạng",
    "sơn",
    "cao",
    "bằng",
    "tuyên",
    "quang",
    "phú",
    "thọ",
    "giang",
}
"""Words of places: their spelling is known to those who live there, so regional sounds leave them alone."""
SHORT_FORMS = (
    ("chỉ số năng lực cạnh tranh cấp tỉnh", "PCI"), ("chỉ số hiệu quả quản trị và hành chính công cấp tỉnh", "PAPI"),
    ("chỉ số chuyển đổi số cấp tỉnh", "DTI"), ("chỉ số sản xuất công nghiệp", "IIP"), ("chỉ số giá tiêu dùng", "CPI"),
    ("tổng sản phẩm trên địa bàn", "GRDP"), ("đầu tư trực tiếp nước ngoài", "FDI"), ("bảo hiểm xã hội", "BHXH"),
    ("bảo hiểm y tế", "BHYT"), ("bảo hiểm thất nghiệp", "BHTN"), ("ngân sách nhà nước", "NSNN"), ("ngân sách địa phương", "NSĐP"),
    ("thủ tục hành chính", "TTHC"), ("cải cách hành chính", "CCHC"), ("dịch vụ công trực tuyến", "DVCTT"),
    ("dịch vụ công", "DVC"), ("chuyển đổi số", "CĐS"), ("nông thôn mới", "NTM"), ("dân tộc thiểu số", "DTTS"),
    ("tai nạn giao thông", "TNGT"), ("trung học cơ sở", "THCS"), ("trung học phổ thông", "THPT"), ("khu công nghiệp", "KCN"),
    ("doanh nghiệp", "DN"), ("hợp tác xã", "HTX"), ("xuất nhập khẩu", "XNK"), ("xuất khẩu", "XK"), ("nhập khẩu", "NK"),
    ("bình quân đầu người", "BQĐN"), ("bình quân", "BQ"), ("lao động", "LĐ"), ("học sinh", "HS"), ("trẻ em", "TE"), ("tỷ lệ", "TL"),
    ("công nghiệp", "CN"), ("đầu tư", "ĐT"), ("giáo dục", "GD"), ("kế hoạch", "KH"), ("cùng kỳ", "CK"), ("chỉ tiêu", "CT"),
    ("thực hiện", "TH"), ("bao nhiêu", "bn"), ("như thế nào", "ntn"), ("không", "ko"), ("được", "đc"), ("gì vậy", "j v"),
    ("là gì", "là j"), ("6 tháng", "6T"), ("9 tháng", "9T"), ("tỉnh Thái Nguyên", "tỉnh TN"), ("Thái Nguyên", "T.Nguyên"),
)  # fmt: skip
SHORT_NAMES = SHORT_FORMS[:34]
"""Of official words; the rest is chat."""


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def kept(text: str) -> str:
    return text


def bare(text: str) -> str:
    """Without any mark: "Tỷ lệ đói" is "Ty le doi"."""
    loose = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return composed("".join(letter for letter in loose if not unicodedata.combining(letter)))


def toneless(text: str) -> str:
    """Without tones, hats and horns kept: "hộ nghèo" is "hô ngheo"."""
    return composed(
        "".join(letter for letter in unicodedata.normalize("NFD", text) if letter not in TONES)
    )


def hatless(text: str) -> str:
    """Without hats, horns and bars, tones kept: "hộ nghèo" is "họ nghèo"."""
    loose = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return composed("".join(letter for letter in loose if letter not in "\u0302\u0306\u031b"))


# ---------------------------------------------------------------- marks


def without_marks(text: str, chance: random.Random) -> str:
    made = bare(text)
    return made.lower() if chance.random() < 0.7 else made


def with_some_marks(text: str, chance: random.Random) -> str:
    """Some words lose all marks, some only their tone or their hat."""
    ways: list[Callable[[str], str]] = [bare, toneless, hatless, kept, kept]

    def marked(word: str) -> str:
        return chance.choice(ways)(word)

    return each_word(text, marked)


def tone_elsewhere(text: str, _: random.Random) -> str:
    """Hoá for hóa, thuỷ for thủy: the tone stands on the other vowel."""

    def moved(match: re.Match[str]) -> str:
        first, second = match.group()[0], match.group()[1]
        loose = unicodedata.normalize("NFD", first)
        tone = next((mark for mark in loose if mark in TONES), "")
        return composed(loose.replace(tone, "") + second + tone) if tone else match.group()

    return re.sub(r"(?:[oóòỏõọ][ae]|(?<![qQ])[uúùủũụ]y)\b", moved, composed(text))


def i_or_y(text: str, _: random.Random) -> str:
    """Tỉ for tỷ, kì for kỳ, bác sỹ for bác sĩ."""
    for was, now in (
        ("tỷ", "tỉ"),
        ("Tỷ", "Tỉ"),
        ("sĩ", "sỹ"),
        ("kỳ", "kì"),
        ("quý", "quí"),
        ("Mỹ", "Mĩ"),
        ("xử lý", "xử lí"),
        ("quản lý", "quản lí"),
    ):
        text = re.sub(rf"\b{was}\b", now, text)
    return text


def decomposed(text: str, _: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def wrong_tone(text: str, chance: random.Random) -> str:
    """Hỏi for ngã and ngã for hỏi, in one word or two."""
    swap = str.maketrans("\u0309\u0303", "\u0303\u0309")
    return some_words(
        text,
        chance,
        lambda word: composed(unicodedata.normalize("NFD", word).translate(swap)),
        at_most=2,
    )


# ---------------------------------------------------------------- letters


def regional(text: str, chance: random.Random) -> str:
    """As it is said at home: x for s, ch for tr, n for l, d for gi, and the other way."""
    sounds = [
        ("s", "x"),
        ("x", "s"),
        ("tr", "ch"),
        ("ch", "tr"),
        ("l", "n"),
        ("n", "l"),
        ("gi", "d"),
        ("d", "gi"),
        ("r", "d"),
    ]

    def said(word: str) -> str:
        if word.casefold() in PLACES | {"năm", "nam", "nữ", "so", "xã", "là", "tháng"}:
            return word
        for was, now in sounds:
            follows = word[len(was) : len(was) + 1].casefold()
            if (
                word.casefold().startswith(was)
                and bare(follows) in {*"aeiouy"}
                and not (was == "gi" and len(word) < 4)
            ):
                return now + word[len(was) :]
        return word

    return some_words(text, chance, said, at_most=2)


def dropped_letter(text: str, chance: random.Random) -> str:
    def slip(word: str) -> str:
        place = chance.randrange(1, len(word))
        return word[:place] + word[place + 1 :]

    return long_words(text, chance, slip)


def doubled_letter(text: str, chance: random.Random) -> str:
    def slip(word: str) -> str:
        place = chance.randrange(1, len(word))
        return word[: place + 1] + word[place:]

    return long_words(text, chance, slip)


def swapped_letters(text: str, chance: random.Random) -> str:
    def slip(word: str) -> str:
        places = [each for each in range(1, len(word) - 1) if word[each] != word[each + 1]]
        if not places:
            return word
        place = chance.choice(places)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return long_words(text, chance, slip)


def neighbour_key(text: str, chance: random.Random) -> str:
    def slip(word: str) -> str:
        places = [each for each in range(1, len(word)) if word[each] in KEYS]
        if not places:
            return word
        place = chance.choice(places)
        return word[:place] + chance.choice(KEYS[word[place]]) + word[place + 1 :]

    return long_words(text, chance, slip, at_least=5)


def missing_spaces(text: str, chance: random.Random) -> str:
    """Everything in one piece where it is short, else a space or two gone."""
    text = (bare(text) if chance.random() < 0.67 else text).lower()
    words = text.split(" ")
    if len(words) <= 7 and chance.random() < 0.4:
        return "".join(words)
    for _ in range(min(len(words) - 1, chance.choice([1, 2, 2, 3]))):
        place = chance.randrange(len(words) - 1)
        if words[place][-1:].isdigit() and words[place + 1][:1].isdigit():
            continue
        words[place : place + 2] = [words[place] + words[place + 1]]
    return " ".join(words)


# ---------------------------------------------------------------- keys


def raw_telex(text: str, chance: random.Random) -> str:
    short_horns = chance.random() < 0.3

    def keys(word: str) -> str:
        made = keyed(word.lower(), TELEX, "sfrxj", at_end=True)
        return made.replace("uwow", "uow") if short_horns else made

    return half_or_all(text, chance, keys)


def raw_vni(text: str, chance: random.Random) -> str:
    at_end = chance.random() < 0.6
    return half_or_all(text, chance, lambda word: keyed(word.lower(), HATS, "12345", at_end=at_end))


def legacy(text: str, chance: random.Random) -> str:
    """Text of an old encoding: VIQR, or TCVN3 bytes read as Latin letters."""
    if chance.random() < 0.5:
        return each_word(text, lambda word: keyed(word.lower(), VIQR, "'`?~.", at_end=False))
    return "".join(TCVN3.get(letter, letter) for letter in composed(text).lower())


def keyed(word: str, hats: dict[str, str], tones: str, *, at_end: bool) -> str:
    """The keys of a word: a hat's key beside its letter, the tone's beside its vowel or at the end."""
    made, end = "", ""
    for letter in composed(word):
        loose = unicodedata.normalize("NFD", letter)
        tone = next((tones[TONES.index(mark)] for mark in loose if mark in TONES), "")
        plain = toneless(letter)
        made += hats.get(plain, plain)
        if at_end:
            end += tone
        else:
            made += tone
    return made + end


# ---------------------------------------------------------------- looks


def capitals(text: str, chance: random.Random) -> str:
    return chance.choice([text.upper(), text.swapcase(), text.title()])


def odd_punctuation(text: str, chance: random.Random) -> str:
    words = text.rstrip("?.! ").split(" ")
    plain, half = " ".join(words), len(words) // 2
    return chance.choice(
        [
            "... ".join(words) + "...",
            "\u00a0".join(words) + " ?",
            "  ".join(words) + "  ???",
            "\n".join([" ".join(words[:half]), " ".join(words[half:])]),
            f"“{plain}”",
            f"{plain} 🙏🙏",
            f"{plain}!!!",
            f"- {plain} ;",
            f"({plain})?",
        ]
    )


def chat_spelling(text: str, chance: random.Random) -> str:
    """Short forms of the office and of chat, most of those that fit."""
    for written, short in SHORT_FORMS:
        if chance.random() < 0.7:
            text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", short, text, flags=re.IGNORECASE)
    return text.lower() if chance.random() < 0.4 else text


def shortened(text: str, _: random.Random) -> str:
    """Every official short form that fits."""
    for written, short in SHORT_NAMES:
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", short, text, flags=re.IGNORECASE)
    return text


# ---------------------------------------------------------------- which words


def each_word(text: str, change: Callable[[str], str]) -> str:
    """Changes the words that have letters alone; numbers and signs stay."""
    return re.sub(r"[^\W\d_]+", lambda match: change(match.group()), composed(text))


def some_words(
    text: str, chance: random.Random, change: Callable[[str], str], *, at_most: int
) -> str:
    """Changes one word, or two where there are many, of those that change at all."""
    text = composed(text)
    words = list(re.finditer(r"[^\W\d_]+", text))
    able = [each for each in words if change(each.group()) != each.group()]
    few = min(len(able), at_most, 1 + len(words) // 6)
    for each in sorted(
        chance.sample(able, chance.randint(min(1, few), few)), key=lambda each: -each.start()
    ):
        text = text[: each.start()] + change(each.group()) + text[each.end() :]
    return text


def long_words(
    text: str, chance: random.Random, slip: Callable[[str], str], at_least: int = 4
) -> str:
    """One slip, seldom two, in words that are long enough to be told anyway, no short forms; often in text without marks."""
    text = bare(text) if chance.random() < 0.5 else composed(text)
    words = [
        each
        for each in re.finditer(r"[^\W\d_]+", text)
        if len(each.group()) >= at_least and not each.group().isupper()
    ]
    for each in sorted(
        chance.sample(words, min(len(words), chance.choice([1, 1, 2]))),
        key=lambda each: -each.start(),
    ):
        text = text[: each.start()] + slip(each.group()) + text[each.end() :]
    return text


def half_or_all(text: str, chance: random.Random, keys: Callable[[str], str]) -> str:
    """All words as keys, or those before the keyboard was switched on."""
    words = text.split(" ")
    until = len(words) if chance.random() < 0.8 else chance.randint(1, len(words))
    return " ".join([each_word(word, keys) for word in words[:until]] + words[until:])


SLIPS: dict[str, tuple[Slip, float]] = {
    "no marks": (without_marks, 3.0),
    "some marks": (with_some_marks, 2.0),
    "tone placement": (tone_elsewhere, 4.0),
    "i or y": (i_or_y, 2.5),
    "decomposed": (decomposed, 0.6),
    "hỏi or ngã": (wrong_tone, 1.0),
    "regional": (regional, 1.0),
    "dropped letter": (dropped_letter, 1.0),
    "doubled letter": (doubled_letter, 1.0),
    "swapped letters": (swapped_letters, 1.0),
    "neighbour key": (neighbour_key, 1.0),
    "missing spaces": (missing_spaces, 1.2),
    "capitals": (capitals, 0.6),
    "punctuation": (odd_punctuation, 0.6),
    "raw telex": (raw_telex, 1.0),
    "raw vni": (raw_vni, 1.0),
    "legacy": (legacy, 0.4),
    "chat": (chat_spelling, 1.2),
}
"""Every kind of slip, and how often it is drawn beside the others."""


def slipped(
    text: str, chance: random.Random, barred: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """A text with one kind of slip, and the kind; one that changes nothing is drawn anew."""
    kinds = [kind for kind in SLIPS if kind not in barred]
    while kinds:
        kind = chance.choices(kinds, [SLIPS[each][1] for each in kinds])[0]
        made = SLIPS[kind][0](text, chance)
        if made != text:
            return made, kind
        kinds.remove(kind)
    return text, "none"
