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
chung · chứng chỉ
hộ nghèo · hộ cận nghèo · hộ thoát nghèo · hộ tái nghèo · giảm nghèo · người nghèo
hộ nghèo · nghèo đa chiều · tỷ lệ nghèo đa chiều · mức giảm tỷ lệ hộ nghèo
thất nghiệp · thiếu việc làm · mất việc · người thất nghiệp
xuất khẩu · nhập khẩu · xuất siêu · nhập siêu · kim ngạch xuất khẩu · kim ngạch xuất nhập khẩu
diện tích · năng suất · sản lượng · giá trị sản xuất
diện tích gieo trồng · diện tích thu hoạch · diện tích trồng mới
lợn · bò · trâu · gà · vịt · dê · thịt lợn · lợn nái
lúa · ngô · gạo · lúa mì · thóc
sinh · chết · bị thương · mất tích
tỷ suất sinh thô · tổng tỷ suất sinh · sinh con thứ ba
tỷ số giới tính · tỷ số giới tính khi sinh
dân số · mật độ dân số · tỷ lệ tăng dân số · dân số trung bình
thành thị · nông thôn
nam · nữ
lao động qua đào tạo · lao động có bằng cấp · lao động phổ thông
giải quyết việc làm · xuất khẩu lao động · việc làm mới
BHXH · BHYT · BHTN · tỷ lệ bao phủ BHYT · tỷ lệ bao phủ BHXH
BHXH bắt buộc · BHXH tự nguyện
người có công · thương binh · bệnh binh · liệt sĩ · thân nhân liệt sĩ
trợ cấp hàng tháng · trợ cấp một lần · trợ cấp thất nghiệp
người nghiện · học viên cai nghiện · cai nghiện · tái nghiện
cai nghiện bắt buộc · cai nghiện tự nguyện
GRDP · GDP · tăng trưởng GRDP · GRDP bình quân đầu người · thu nhập bình quân đầu người
GRDP · kinh tế · cơ cấu kinh tế
thu ngân sách · chi ngân sách · thu nội địa · dự toán ngân sách
vốn đăng ký · vốn thực hiện · vốn FDI · vốn đầu tư công · dự án FDI
giải ngân · tỷ lệ giải ngân
doanh nghiệp · doanh nghiệp thành lập mới · doanh nghiệp giải thể · hộ kinh doanh · hợp tác xã
CPI · lạm phát · giá xăng dầu · chỉ số giá sản xuất
chỉ số giá xuất khẩu hàng hóa · tỷ giá thương mại · tỷ giá
PCI · PAPI · PAR INDEX · SIPAS · DTI · DDCI · PGI · xếp hạng PCI
nước sạch · nước hợp vệ sinh · nước sinh hoạt · nước thải
nhà tạm · nhà đơn sơ · nhà kiên cố · nhà tình nghĩa · nhà tình thương
mầm non · tiểu học · THCS · THPT · cao đẳng · đại học
tốt nghiệp · tuyển sinh · bỏ học · lưu ban
thể thấp còi · thể nhẹ cân
bác sĩ · y sĩ · dược sĩ · điều dưỡng viên · số bác sĩ trên vạn dân
giường bệnh · số giường bệnh trên 10.000 dân · công suất sử dụng giường bệnh
tai nạn giao thông · tai nạn lao động · tai nạn thương tích
cháy · cháy rừng · diện tích rừng bị cháy · phá rừng · trồng rừng
đúng hạn · quá hạn
toàn trình · dịch vụ công trực tuyến một phần
khiếu nại · tố cáo · kiến nghị
3 sao · 4 sao · 5 sao
nông thôn mới · nông thôn mới nâng cao · nông thôn mới kiểu mẫu
khách du lịch · khách quốc tế · khách nội địa · doanh thu du lịch
"""


@pytest.mark.parametrize("row", [row for row in NEVER_ONE.split("\n") if row])
def test_never_one_concept(row: str) -> None:
    assert all(HOMES[spoken(form)] for form in row.split(" · ")), row
    homes = [
        {home.slug for home in HOMES[spoken(form)] if home.kind in CONTENT}
        for form in row.split(" · ")
    ]
    for one, other in combinations(homes, 2):
        assert not one & other, row


KNOWN = """
GRDP · dân số · PCI · hộ cận nghèo · gạo · 5 sao · giá vàng · thời tiết · tỷ giá · lạm phát · xổ số
bóng đá · chứng khoán · điểm chuẩn · heo · bắp · đậu phộng · khoai mì · chích ngừa · nhà thương · bông
xe hơi · bằng lái · đụng xe · hỏa hoạn · si đa · xì ke · sổ đỏ · nước máy · mù chữ · ly dị · trợ cấp
"""


def test_known_words_stand_in_it() -> None:
    for form in re.split(r" · |\n", KNOWN.strip()):
        assert any(home.kind in CONTENT for home in HOMES[spoken(form)]), form


SAID_AROUND = """
dạ · cho em hỏi · để làm báo cáo · hôm trước · ghi mà bị mất file · làm ơn · phóng viên · giám đốc
sở LĐTBXH · phòng LĐTBXH · chuyên viên · báo cáo giao ban · sinh viên · luận văn · bữa trước
"""


def test_talk_askers_and_uses_are_known() -> None:
    around = {Kind.TALK, Kind.ASKER, Kind.USE}
    for form in re.split(r" · |\n", SAID_AROUND.strip()):
        assert any(home.kind in around for home in HOMES[spoken(form)]), form


def test_no_count_hides_in_a_thing() -> None:
    """Ask of "bao nhiêu hộ nghèo" both number and thing, so neither may stand for the two."""
    for concept in concepts():
        if concept.kind in {Kind.THING, Kind.EVENT}:
            for form in concept.forms[1:]:
                assert not re.match(
                    r"(bao nhiêu|mấy|tỷ lệ|tỉ lệ|số lượng|số (người|hộ|vụ|lượt)) ", form
                ), form


def test_a_count_of_a_known_thing_is_said_by_two_words() -> None:
    """A concept of its own would hide the thing, and its other words with it."""
    for concept in concepts():
        counted = re.match(r"(số|tỷ lệ) (.+)", concept.official)
        if concept.kind is Kind.MEASURE and counted:
            things = {home.slug for home in HOMES[spoken(counted[2])] if home.kind is Kind.THING}
            own = [form for form in concept.forms if not re.match(r"(số|tỷ lệ|tỉ lệ) ", form)]
            assert not things or own, concept.official


def test_a_rate_is_asked_for_as_a_rate() -> None:
    rates = re.compile(
        r"(tỷ|tỉ) (lệ|suất|trọng|số|phần)|phần trăm|%|mức|độ|chỉ số|trên 1|[A-Z0-9]{3}"
    )
    for concept in concepts():
        if concept.kind is Kind.MEASURE and re.match(r"(tỷ lệ|tỷ suất) ", concept.official):
            for form in concept.forms:
                assert rates.search(form), f"{concept.official}: {form}"
