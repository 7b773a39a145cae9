"""The lexicon is sound: what shares a concept may be asked for by any of its words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from locales.lexicon import Concept, Kind, concepts

FOLDER = Path(__file__).parent.parent / "locales" / "vi" / "lexicon"
CONTENT = {Kind.THING, Kind.EVENT, Kind.MEASURE, Kind.QUALITY, Kind.UNIT}
TONES = "\u0300\u0301\u0303\u0309\u0323"
BY_SLUG = {concept.slug: concept for concept in concepts()}


def syllable(text: str) -> str:
    """Return a syllable with its tone at the end, so that its place makes no difference."""
    marks = unicodedata.normalize("NFD", text)
    return "".join(sorted(marks, key=lambda mark: mark in TONES))


def spoken(form: str) -> str:
    return " ".join(syllable(part) for part in re.findall(r"[^\W_]+|[%‰]", form.casefold()))


def by_form() -> dict[str, list[Concept]]:
    homes: dict[str, list[Concept]] = defaultdict(list)
    for concept in concepts():
        for form in concept.forms:
            homes[spoken(form)].append(concept)
    return homes


HOMES = by_form()


def shared() -> Iterator[tuple[str, Concept, Concept]]:
    for form, homes in HOMES.items():
        for one, other in combinations(homes, 2):
            yield form, one, other


def test_is_large_and_each_slug_stands_once() -> None:
    assert len(concepts()) > 4000
    assert len(BY_SLUG) == len(concepts())


def test_files_have_six_plain_columns() -> None:
    for path in sorted(FOLDER.glob("*.tsv")):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text)
        assert text.startswith("concept\tclass\tofficial\talso\tbroader\tapart\n")
        for line in text.splitlines():
            assert line.count("\t") == 5, line
            assert "  " not in line, line
            assert not re.search(r" [\t|]|[\t|] |\|\||\|\t|\t\|", line), line


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words(kind: Kind) -> None:
    assert any(concept.kind is kind for concept in concepts())


def test_slugs_are_plain() -> None:
    assert not [slug for slug in BY_SLUG if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)]


def test_every_form_can_be_said() -> None:
    for concept in concepts():
        assert concept.forms[0] == concept.official
        for form in concept.forms:
            assert spoken(form), concept


def test_no_form_stands_twice_in_a_concept() -> None:
    for concept in concepts():
        counts = Counter(spoken(form) for form in concept.forms)
        assert not [form for form, count in counts.items() if count > 1], concept.slug


def test_wider_concepts_exist_and_end() -> None:
    for concept in concepts():
        above, seen = concept.broader, {concept.slug}
        while above:
            assert above in BY_SLUG, f"{concept.slug} under {above}"
            assert above not in seen, f"{concept.slug} is under itself"
            seen.add(above)
            above = BY_SLUG[above].broader


def test_neighbours_exist_and_are_mutual() -> None:
    for concept in concepts():
        for slug in concept.apart:
            assert slug in BY_SLUG, f"{concept.slug} apart from {slug}"
            assert slug != concept.slug
            other = BY_SLUG[slug]
            if concept.kind in CONTENT and other.kind in CONTENT:
                assert concept.slug in other.apart, f"{concept.slug} and {slug}"


def test_a_shared_form_is_declared_both_ways() -> None:
    for form, one, other in shared():
        if one.kind is other.kind or {one.kind, other.kind} <= CONTENT:
            assert other.slug in one.apart, f"{form}: {one.slug}, {other.slug}"
            assert one.slug in other.apart, f"{form}: {other.slug}, {one.slug}"


def test_an_official_term_belongs_to_one_concept_of_its_kind() -> None:
    for form, one, other in shared():
        if one.kind is other.kind and one.kind in CONTENT:
            assert spoken(one.official) != form, f"{form}: {one.slug}, {other.slug}"
            assert spoken(other.official) != form, f"{form}: {one.slug}, {other.slug}"


NEVER_ONE = """
tử vong · vốn
chung · chứng
hộ nghèo · hộ cận nghèo · hộ thoát nghèo
thất nghiệp · thiếu việc làm
xuất khẩu · nhập khẩu
diện tích · năng suất · sản lượng
lợn · bò · trâu · gà
sinh · chết
"""


@pytest.mark.parametrize("row", [row for row in NEVER_ONE.split("\n") if row])
def test_never_one_concept(row: str) -> None:
    homes = [
        {home.slug for home in HOMES[spoken(form)] if home.kind is not Kind.OTHER}
        for form in row.split(" · ")
    ]
    for one, other in combinations(homes, 2):
        assert not one & other, row


def test_known_words_stand_in_it() -> None:
    for form in ("GRDP", "dân số", "PCI", "hộ cận nghèo", "gạo", "giá vàng", "thời tiết"):
        assert any(home.kind in CONTENT for home in HOMES[spoken(form)]), form
