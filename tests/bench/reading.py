"""How long reading alone takes, at 300 and at 3,000 indicators, and the worst texts found.

    python tests/bench/reading.py

The names are put together from words of official indicators; the questions ask for them whole, in part, without marks,
misspelt and with talk around them. Both sizes are timed in turn in one process, and the ratio is theirs. A question counts
with the least of its rounds, so that a machine that is busy with other things does not decide it; the first round fills what
is remembered of words, and is left out.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
import time
from datetime import date

from db.facts import Catalogue, Category, Indicator, Region, Unit, UnitKind
from handlers.reading import Reader
from handlers.reading.spelling import fold
from locales.vocabulary import vocabulary

TODAY = date(2024, 3, 24)
ROUNDS = 6
HEADS = [
    "Số",
    "Tỷ lệ",
    "Tổng số",
    "Diện tích",
    "Sản lượng",
    "Giá trị",
    "Chỉ số",
    "Mức tăng",
    "Kinh phí",
    "Tốc độ tăng",
]
THINGS = [
    "lao động có việc làm", "hộ nghèo", "trẻ em được tiêm chủng đầy đủ", "học sinh trung học cơ sở", "giường bệnh", "doanh nghiệp đăng ký thành lập mới",
    "lúa đông xuân", "gia súc xuất chuồng", "khách du lịch nội địa", "thu ngân sách nội địa", "vốn đầu tư thực hiện", "người tham gia bảo hiểm y tế",
    "xã đạt chuẩn nông thôn mới", "rừng trồng tập trung", "thủy sản nuôi trồng", "điện thương phẩm", "chất thải rắn được thu gom", "vụ tai nạn giao thông",
    "dịch vụ công trực tuyến", "hàng hóa xuất khẩu", "giáo viên đạt chuẩn", "bác sĩ", "nhà ở xã hội", "hợp tác xã", "người cao tuổi được trợ giúp",
]  # fmt: skip
TAILS = [
    "",
    "khu vực thành thị",
    "khu vực nông thôn",
    "của nữ",
    "theo giá hiện hành",
    "theo giá so sánh",
    "cấp huyện",
    "ngoài nhà nước",
    "trong năm",
    "có vốn đầu tư nước ngoài",
    "được hỗ trợ",
    "vùng dân tộc thiểu số",
]


def catalogue(size: int) -> Catalogue:
    names = [" ".join(filter(None, each)) for each in itertools.product(HEADS, THINGS, TAILS)]
    random.Random(1).shuffle(names)
    units = [
        Unit("%", UnitKind.SHARE),
        Unit("người", UnitKind.COUNT),
        Unit("tỷ đồng", UnitKind.MONEY),
    ]
    indicators = {
        f"i{n}": Indicator(f"i{n}", name, units[n % 3], category=f"c{n % 12}")
        for n, name in enumerate(names[:size])
    }
    categories = {f"c{n}": Category(f"c{n}", THINGS[n].capitalize()) for n in range(12)}
    places = {
        name: Region(name, "province")
        for name in ("Thái Nguyên", "Bắc Kạn", "Hà Nội", "Tuyên Quang")
    }
    return Catalogue(indicators, categories, places)


def questions(names: list[str], count: int) -> list[str]:
    chance = random.Random(2)
    asked = []
    for number in range(count):
        name = chance.choice(names)
        words = name.split()
        match number % 6:
            case 1:
                name = " ".join(fold(word) for word in words)
            case 2:
                name = " ".join(words[1:])
            case 3:
                place = chance.randrange(len(words))
                words[place] = words[place][:-1] + chance.choice("aeiouhn")
                name = " ".join(words)
            case 4:
                name = f"cho em hỏi {name} của tỉnh Thái Nguyên"
            case 5:
                name = f"{name} so với cùng kỳ đạt bao nhiêu phần trăm kế hoạch"
        asked.append(
            f"{name} {chance.choice(['2023', 'năm ngoái', 'quý 2/2023', '6 tháng đầu năm 2023', ''])}"
        )
    return asked


WORST = [
    "a" * 4096, "tỷ lệ " * 680, "2023 " * 800, "đ" * 4096, "tylehongheo" * 370, "( " * 2000, "1,2.3,4." * 500, "<" * 4096, "<b " * 1300, "@a " * 1300,
    "năm hai nghìn không trăm " * 160, "và " * 1300, "hộ nghèo, " * 400, "tyr leej " * 450, "ty3 le65 " * 450, "từ 2020 đến " * 340, "số " * 1365, "thành phố " * 400,
    "xã " * 1000, "qwrtpsdfg " * 400, "].(" * 1300, "15/12/2022 - " * 300,
]  # fmt: skip


def main() -> None:
    readers = {size: Reader(catalogue(size), vocabulary()) for size in (300, 3000)}
    asked = {
        size: questions([each.name for each in reader.catalogue.indicators.values()], 600)
        for size, reader in readers.items()
    }
    taken = {size: [math.inf] * 600 for size in readers}
    for round_ in range(ROUNDS + 1):
        for number in range(600):
            for size, reader in readers.items():
                began = time.perf_counter()
                reader.read(asked[size][number], TODAY)
                if round_:
                    taken[size][number] = min(taken[size][number], time.perf_counter() - began)
    small, large = (statistics.median(taken[size]) * 1000 for size in (300, 3000))
    print(
        f"reading, median: {small:.2f} ms at 300 indicators, {large:.2f} ms at 3,000: ratio {large / small:.2f}"
    )
    slowest = []
    for text in WORST:
        rounds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            readers[3000].read(text, TODAY)
            rounds.append(time.perf_counter() - began)
        slowest.append((min(rounds), text[:24]))
    slowest.sort(reverse=True)
    print(
        "worst texts: "
        + ", ".join(f"{seconds * 1000:.0f} ms “{text}…”" for seconds, text in slowest[:5])
    )


if __name__ == "__main__":
    main()
