"""Makes observations.csv of the second catalogue: invented figures and targets, the same for the same seed.

    python tests/second/make_observations.py            writes catalogue/observations.csv anew

The sizes are those of a middling province, so that answers read naturally; none of them is a fact.
"""

from __future__ import annotations

import csv
import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
HOME = "Thái Nguyên"
COUNTRY = "Cả nước"
REMADE = "Phú Thọ@2025-07-01"
"""Earlier years worked out anew for the province as it is since July 2025."""
REGIONS = {  # how many times the people, and how many times the economy, of the home region
    HOME: (1.0, 1.0),
    "Bắc Kạn": (0.25, 0.11),
    "Hà Nội": (6.3, 8.1),
    "Lạng Sơn": (0.6, 0.29),
    "Cao Bằng": (0.42, 0.14),
    "Tuyên Quang": (0.62, 0.28),
    "Phú Thọ": (1.15, 0.63),
    "Bắc Giang": (1.45, 1.15),
    COUNTRY: (75.0, 66.0),
    REMADE: (2.9, 2.2),
}
YEARS = range(2018, 2025)

# code, size in 2023, growth in percent a year, what it grows with: p people, m money, - neither
TYPICAL = """
dan-so-tb 1335.6 1.2 p|mat-do 378.4 1.2 -|gioi-tinh 97.9 0.1 -|gioi-tinh-sinh 111.6 -0.2 -|sinh-tho 15.92 -1.5 -
chet-tho 6.31 0.4 -|tang-dan-so 1.18 -2 -|tang-tu-nhien 9.61 -2 -|tong-sinh 2.21 -0.8 -|tuoi-tho 73.9 0.2 -|ty-le-tt 32.4 1.5 -
chet-duoi-1 13.4 -3 -|chet-duoi-5 20.3 -3 -|nhap-cu 14.7 4 -|xuat-cu 9.8 -2 -|di-cu-thuan 4.9 8 -|biet-chu 98.2 0.1 -
luc-luong 662.3 0.8 p|ld-co-viec 648.7 0.9 p|that-nghiep 1.62 -3 -|that-nghiep-tt 2.71 -3 -|that-nghiep-nt 1.13 -3 -
thieu-viec 1.87 -4 -|qua-dao-tao 71.5 1.6 -|bang-cap 34.2 2.5 -|phi-chinh-thuc 58.6 -2 -|tao-viec-lam 22460 3 p
nang-suat-ld 251.7 7 -|tang-nang-suat 5.83 1 -|thu-nhap-ld 7420 8 -|dong-bhxh 281340 4 p|dong-bhyt 1286450 1.6 p
dong-bhtn 236780 3 p|huong-bhtn 8940 4 p|ty-le-bhyt 96.14 0.6 -|thu-bhxh 5873.4 9 m|chi-bhxh 6921.8 8 m|grdp 163271.4 8 m
grdp-ss 94386.2 6 m|tang-grdp 6.42 2 -|grdp-dn 122.3 7 -|grdp-dn-usd 5130 5 -|tt-nong 9.86 -3 -|tt-cong 58.73 0.5 -
tt-dich-vu 26.91 0.8 -|tt-so 18.37 6 -|tang-cong 6.88 3 -|icor 5.61 -1 -|thu-ns 19857.3 8 m|chi-ns 18964.6 7 m|boi-chi 312.7 2 m
giai-ngan 86.43 2 -|von-dt 61284.9 6 m|fdi-du-an 23 5 m|fdi-von 412.6 7 m|fdi-th 287.3 6 m|san-nha-o 1386.4 5 p
nha-o-bq 28.7 2 -|dn-moi 891 6 m|von-dn-moi 7412.5 7 m|dn-ngung 486 9 m|dn-giai-the 97 4 m|dn-hoat-dong 8230 6 m|htx 748 7 p
ld-htx 11860 5 p|pci 66.48 0.6 -|dt-lua 66.3 -1 p|ns-lua 55.7 0.8 -|sl-lua 369.8 -0.4 p|dt-ngo 15.2 -2 p|ns-ngo 48.6 0.9 -
sl-ngo 73.9 -1 p|luong-thuc 443.7 -0.5 p|dt-che 22204 -0.3 p|sl-che 272840 3 p|trau 38460 -3 p|bo 42310 -1 p|lon 612400 4 p
gia-cam 16580 4 p|thit-lon 98740 6 p|thit-gia-cam 64230 6 p|rung-moi 4386 2 p|che-phu 46.73 0.2 -|rung-chay 7.4 5 p
sl-go 263.7 4 p|dt-thuy-san 5870 0.3 p|sl-thuy-san 17840 5 p|gia-tri-ha 128.6 4 -|iip 106.38 0.3 -|ton-kho 112.47 1 -
dien-sx 1843.6 2 m|dien-tp 6427.9 7 m|xi-mang 2713.5 1 m|thep 1384.2 2 m|may-mac 91450 5 m|ban-le 66843.7 10 m
xuat-khau 28763.4 4 m|nhap-khau 18942.7 3 m|khach-noi-dia 2684.3 12 p|khach-quoc-te 41380 18 m|cpi 103.41 0 -|cpi-bq 103.12 0 -
gia-vang 112.63 2 -|gia-usd 102.34 0.4 -|hk-van-chuyen 18460 8 p|hk-luan-chuyen 1264.8 8 p|hh-van-chuyen 61340 7 m
hh-luan-chuyen 2843.6 7 m|dt-van-tai 7284.6 9 m|truong-pt 431 -1 p|truong-mn 238 0.3 p|hs-pt 246380 2 p|gv-pt 12640 0.6 p
tre-mg 57420 -1 p|tot-nghiep 98.64 0.2 -|chuan-qg 86.3 2 -|bo-hoc 0.42 -4 -|sinh-vien 68430 3 p|bac-si 2143 5 p
bac-si-van-dan 15.8 3 -|giuong 6287 4 p|giuong-van-dan 48.3 2 -|tram-bac-si 91.6 1 -|xa-y-te 97.4 0.5 -|tiem-chung 95.3 0.4 -
nhe-can 9.6 -4 -|thap-coi 19.7 -4 -|ngo-doc 4 2 p|hiv 143 -4 p|thu-nhap-dn 5384 8 -|thu-nhap-tt 6873 8 -|thu-nhap-nt 4612 8 -
chi-tieu-dn 3146 7 -|ho-ngheo 3.87 -14 -|ho-can-ngheo 3.46 -11 -|so-ho-ngheo 13260 -14 p|so-ho-can-ngheo 11840 -11 p
giam-ngheo 1.12 3 -|ngheo-da-chieu 7.33 -12 -|ngheo-dtts 9.47 -13 -|gini 0.362 -1 -|nuoc-sach-tt 96.8 0.6 -
nuoc-hvs-nt 95.2 0.7 -|dung-dien 99.7 0.1 -|ho-xi 92.4 1 -|tngt-vu 187 5 p|tngt-chet 86 -3 p|tngt-thuong 148 6 p|chay-vu 74 3 p
chay-thiet-hai 8640 6 m|vu-an 1273 2 p|bi-can 2164 2 p|phap-ly 1846 6 p|rac-do-thi 96.2 0.7 -|rac-nguy-hai 88.7 2 -
nuoc-thai-kcn 83.3 3 -|thien-tai-vu 12 3 p|thien-tai-th 61.4 8 m|xa-ntm 84.7 4 -|so-xa-ntm 107 4 p|xa-ntm-nc 34 16 p
xa-ntm-km 11 22 p|tieu-chi-ntm 17.63 2 -|ocop 173 21 p|dti 0.6834 4 -|par 87.46 0.5 -|sipas 83.27 0.6 -|papi 42.73 0.4 -
dvc-toan-trinh 61.38 7 -|dung-han 98.37 0.4 -|ho-internet 84.6 5 -|tb-internet 338600 7 p|tb-di-dong 1642000 3 p
iip-che-bien 106.82 0.3 -|iip-khai-khoang 101.26 -0.4 -
"""
PARTS = {  # the share of its whole, in the home region in 2023
    "dan-so-nam": 0.493, "dan-so-nu": 0.507, "dan-so-tt": 0.324, "dan-so-nt": 0.676, "luc-luong-nam": 0.518, "luc-luong-nu": 0.482,
    "thu-noi-dia": 0.743, "thu-xnk": 0.221, "thu-dat": 0.31, "chi-dtpt": 0.38, "chi-tx": 0.54, "chi-gd": 0.41, "von-dt-nn": 0.17,
    "von-dt-ngoai": 0.38, "von-dt-fdi": 0.45, "sl-nuoi": 0.94, "sl-khai-thac": 0.06, "bl-hang-hoa": 0.77, "dt-luu-tru": 0.13,
    "dt-lu-hanh": 0.002, "hs-th": 0.49, "hs-thcs": 0.33, "hs-thpt": 0.18,
}  # fmt: skip
RANKS = {"pci-hang": 63, "dti-hang": 63, "par-hang": 63}
OF_PROVINCES = {"pci", "dti", "par", "papi", "sipas", *RANKS}
"""Nothing of these is worked out for the country."""

MONTHLY = {"iip", "iip-che-bien", "iip-khai-khoang", "cpi", "gia-vang", "gia-usd"}
MONTHLY_FLOWS = {
    "ban-le",
    "xuat-khau",
    "nhap-khau",
    "thu-ns",
    "thu-noi-dia",
    "khach-quoc-te",
    "tngt-vu",
    "tngt-chet",
}
QUARTERLY = {
    "tang-grdp",
    "that-nghiep",
    "that-nghiep-tt",
    "that-nghiep-nt",
    "thieu-viec",
    "luc-luong",
}
QUARTERLY_FLOWS = {"von-dt", "dn-moi", "dt-van-tai", "grdp"}
SINCE_JANUARY = {
    "tao-viec-lam", "thit-lon", "chi-ns", "chi-tx", "hk-van-chuyen", "hh-van-chuyen", "huong-bhtn", "fdi-von", "giai-ngan",
    "dn-ngung", "tang-grdp", "iip", "cpi-bq", "khach-noi-dia",
}  # fmt: skip
OFTEN = (HOME, "Hà Nội", "Bắc Kạn")
"""Where more than years is stored."""
UNFINISHED = {"nhap-khau", "hk-van-chuyen", "chi-tx"}
"""The last year ends in September."""

TARGETS = {  # the operator, and how far from the result the target lies in the home region in 2023 and 2024
    "that-nghiep-tt": ("<", 1.10, 0.97), "qua-dao-tao": (">=", 1.0, 0.98), "bang-cap": (">=", 1.02, 0.99),
    "tao-viec-lam": (">=", 0.94, 1.0), "nang-suat-ld": (">=", 1.03, 0.98), "ty-le-bhyt": (">=", 0.99, 1.01),
    "dong-bhxh": (">=", 1.02, 0.98), "grdp-dn": (">=", 0.98, 1.01), "tang-grdp": ("between", 0.9, 1.15),
    "thu-ns": (">=", 0.92, 0.95), "thu-noi-dia": (">=", 1.04, 0.97), "giai-ngan": (">", 1.06, 1.03),
    "von-dt": (">=", 0.97, 1.05), "dn-moi": (">=", 0.9, 1.08), "pci-hang": ("<=", 1.0, 0.8), "dti-hang": ("<=", 1.2, 1.0),
    "sl-che": (">=", 0.98, 0.96), "luong-thuc": (">=", 0.97, 1.02), "rung-moi": (">=", 0.93, 0.9), "che-phu": (">=", 1.0, 1.0),
    "sl-thuy-san": (">=", 0.95, 0.98), "iip": (">=", 1.01, 0.99), "xuat-khau": (">=", 1.06, 0.97), "ban-le": (">=", 0.96, 0.93),
    "khach-noi-dia": (">=", 0.95, 0.97), "cpi-bq": ("<=", 1.01, 1.005), "gia-tri-ha": (">=", 0.97, 1.0),
    "chuan-qg": (">=", 0.98, 1.01), "bac-si-van-dan": (">=", 1.0, 0.95), "giuong-van-dan": (">=", 1.04, 0.99),
    "tiem-chung": (">", 0.99, 1.01), "thap-coi": ("<", 1.05, 0.95), "nhe-can": ("<=", 1.04, 1.0),
    "ho-ngheo": ("<=", 1.08, 0.93), "giam-ngheo": ("between", 0.8, 1.2), "xa-ntm": (">=", 0.99, 1.02),
    "ocop": (">=", 0.9, 0.85), "rac-do-thi": (">=", 0.98, 0.99), "dung-dien": ("=", 1.0, 1.002), "tngt-vu": ("<", 0.97, 1.05),
    "dvc-toan-trinh": (">=", 0.95, 1.0), "dung-han": (">=", 1.0, 0.99), "xa-ntm-nc": ("=", 1.0, 1.1),
    "par-hang": ("<=", 0.9, 1.3), "sipas": (">=", 0.99, 1.01),
}  # fmt: skip
QUALIFIED = {
    ("tao-viec-lam", 2024): ("over", "22800"), ("ocop", 2024): ("nearly", "210"), ("khach-noi-dia", 2023): ("over", "2600"),
    ("so-ho-ngheo", 2023): ("about", "13200"), ("rung-moi", 2023): ("about", "4400"), ("tngt-vu", 2024): ("under", "200"),
    ("sl-che", 2024): ("nearly", "280000"), ("khach-quoc-te", 2023): ("under", "42000"),
}  # fmt: skip
"""What the home region is said to have come near to."""
IN_A_PLAN = {"phap-ly": (">=", "9000"), "san-nha-o": (">=", "7500.0")}
"""Of these only the plan of 2021 to 2025 is stored."""
OTHER_TARGETS = (
    "tao-viec-lam",
    "thu-ns",
    "ho-ngheo",
    "xa-ntm",
    "ty-le-bhyt",
    "tang-grdp",
    "xuat-khau",
    "dn-moi",
)
"""What other places have targets for."""
HEADER = [
    "indicator", "region", "period", "value", "of", "qualifier", "target_op", "target_value", "basis", "note", "status", "source",
]  # fmt: skip


class Sizes:
    """Draws what an indicator comes to somewhere, some time."""

    def __init__(self, indicators: dict[str, dict[str, str]], seed: int) -> None:
        self.indicators = indicators
        self.random = random.Random(seed)
        self.typical: dict[str, tuple[float, float, str]] = {}
        for entry in TYPICAL.replace("\n", "|").split("|"):
            if entry.strip():
                code, size, growth, grows = entry.split()
                self.typical[code] = float(size), float(growth), grows
        missing = set(indicators) - set(self.typical) - set(PARTS) - set(RANKS)
        if missing:
            raise ValueError(f"no size for {sorted(missing)}")
        self.leaning: dict[tuple[str, str], float] = {}

    def share(self, code: str, region: str, spread: float) -> float:
        """How a place leans, the same in every year."""
        if (code, region) not in self.leaning:
            self.leaning[code, region] = self.random.uniform(1 - spread, 1 + spread)
        return self.leaning[code, region]

    def year(self, code: str, region: str, year: int, wholes: dict[str, Decimal]) -> Decimal:
        if code in RANKS:
            return Decimal(self.random.randint(1, RANKS[code]))
        if code in PARTS:
            whole = wholes[self.indicators[code]["parent"]]
            return self.exact(code, float(whole) * PARTS[code] * self.random.uniform(0.97, 1.0))
        size, growth, grows = self.typical[code]
        people, money = REGIONS[region]
        unit = self.indicators[code]["unit"]
        spread = 0.02 if size > 90 and unit == "%" else 0.3 if grows != "-" else 0.18
        value = (
            size
            * {"p": people, "m": money, "-": 1.0}[grows]
            * self.share(code, region, 0 if region == HOME else spread)
        )
        value *= (1 + growth / 100) ** (year - 2023) * self.random.uniform(0.985, 1.015)
        if unit == "%" and 75 < size < 100:  # a share, not an index
            value = min(value, self.random.uniform(99.2, 99.9))
        return self.exact(code, max(value, 0.06))

    def part_of_year(self, code: str, value: Decimal, months: int, *, flows: bool) -> Decimal:
        near = float(value) * self.random.uniform(0.93, 1.07)
        if not flows:
            unlike = 0.99 if self.indicators[code]["unit"] == "%" and value > 90 else 0.9
            near = float(value) * self.random.uniform(unlike, 2 - unlike)
        return self.exact(code, near * (months / 12 if flows else 1))

    def exact(self, code: str, value: float) -> Decimal:
        step = Decimal(1).scaleb(-int(self.indicators[code]["decimals"]))
        return Decimal(repr(value)).quantize(step, ROUND_HALF_UP)


def round_number(value: Decimal, decimals: int) -> Decimal:
    """A number as plans have it: few digits."""
    if value < 200:
        kept = min(decimals, 1 if value < 10 or decimals > 2 else 0) if value >= 1 else decimals
        return value.quantize(Decimal(1).scaleb(-kept), ROUND_HALF_UP)
    keep = Decimal(1).scaleb(value.adjusted() - 1)
    return (value / keep).quantize(Decimal(1), ROUND_HALF_UP) * keep


def years_of(code: str, region: str, chance: random.Random) -> list[int]:
    """For which years an indicator is stored somewhere: often not for all of them."""
    if region == HOME:
        first = chance.choice([2018, 2018, 2018, 2019, 2020, 2021])
        last = 2023 if code not in TARGETS and chance.random() < 0.15 else 2024
        gap = chance.randint(2019, 2022) if chance.random() < 0.07 else 0
    elif region == REMADE:
        if chance.random() > 0.12:
            return []
        first, last, gap = 2020, 2023, 0
    else:
        if chance.random() > (0.8 if region in ("Hà Nội", "Bắc Kạn", COUNTRY) else 0.6):
            return []
        first, last, gap = (
            chance.choice([2019, 2020, 2020, 2021]),
            chance.choice([2023, 2024, 2024, 2024]),
            0,
        )
    if region == COUNTRY and code in OF_PROVINCES:
        return []
    return [year for year in YEARS if first <= year <= last and year != gap]


def make(seed: int = 20250215) -> list[dict[str, str]]:
    """All rows, in the order of the indicators."""
    with (CATALOGUE / "indicators.csv").open(encoding="utf-8", newline="") as file:
        indicators = {row["code"]: row for row in csv.DictReader(file)}
    sizes, chance = Sizes(indicators, seed), random.Random(seed + 1)
    rows: list[dict[str, str]] = []

    def add(code: str, region: str, period: str, value: Decimal | None, **more: str) -> None:
        row = dict.fromkeys(HEADER, "")
        row |= {
            "indicator": code,
            "region": region,
            "period": period,
            "note": "synthetic",
            "source": "gl",
        }
        row["value"] = "" if value is None else f"{value:f}"
        rows.append(row | more)

    values: dict[tuple[str, str, int], Decimal] = {}
    for region in REGIONS:
        for code in indicators:
            whole = indicators[code]["parent"] if code in PARTS else ""
            years = (
                [each for each in YEARS if (whole, region, each) in values]
                if whole
                else years_of(code, region, chance)
            )
            for year in years:
                wholes = {whole: values[whole, region, year]} if whole else {}
                values[code, region, year] = sizes.year(code, region, year, wholes)
    for (code, region, year), value in sorted(
        values.items(), key=lambda each: (list(indicators).index(each[0][0]),)
    ):
        if code in UNFINISHED and year == 2024 and region in OFTEN:
            continue
        more: dict[str, str] = {}
        if code in RANKS:
            more["of"] = str(RANKS[code])
        if year == 2024:
            more["status"] = chance.choice(["preliminary", "preliminary", "estimate", ""])
        kept = value
        if (
            region not in (HOME, REMADE)
            and indicators[code]["unit"] in ("người", "ha", "tấn")
            and chance.random() < 0.06
        ):
            more["qualifier"] = chance.choice(["nearly", "over", "about", "under"])
            kept = round_number(value, 0)
        if region == HOME and (code, year) in QUALIFIED:
            more["qualifier"], told = QUALIFIED[code, year]
            kept = Decimal(told)
        asked = target(code, region, year, value, indicators, chance)
        if asked:
            more["target_op"], more["target_value"] = asked
        add(code, region, str(year), kept, **more)
    for code, region in dict.fromkeys((code, region) for code, region, _ in values):
        if region in OFTEN or (region == COUNTRY and code in MONTHLY):
            within_years(code, region, values, sizes, add)
    plans(values, indicators, chance, add)
    order = {code: place for place, code in enumerate(indicators)}
    return sorted(
        rows,
        key=lambda row: (
            order[row["indicator"]],
            list(REGIONS).index(row["region"]),
            row["period"],
        ),
    )


def target(
    code: str,
    region: str,
    year: int,
    value: Decimal,
    indicators: dict[str, dict[str, str]],
    chance: random.Random,
) -> tuple[str, str] | None:
    """The operator and value of a year's target, where there is one."""
    if code not in TARGETS or year not in (2023, 2024):
        return None
    if region != HOME and (
        code not in OTHER_TARGETS or region not in ("Bắc Kạn", "Hà Nội", COUNTRY, "Lạng Sơn")
    ):
        return None
    op, *factors = TARGETS[code]
    decimals = int(indicators[code]["decimals"])
    if op == "between":
        shift = Decimal(str(chance.choice([0.8, 1.0, 1.0, 1.25])))
        low, high = (round_number(value * shift * Decimal(str(each)), 1) for each in factors)
        return op, f"{low:f}..{high:f}"
    factor = (
        Decimal(str(factors[year - 2023]))
        if region == HOME
        else Decimal(str(chance.choice([0.93, 0.97, 1, 1.04])))
    )
    if factor == 1:
        return op, f"{value:f}"
    wanted = round_number(value * factor, decimals)
    if indicators[code]["unit"] == "%" and value < 100:
        wanted = min(wanted, Decimal(100))
    return op, f"{wanted:f}"


def within_years(
    code: str, region: str, values: dict[tuple[str, str, int], Decimal], sizes: Sizes, add: object
) -> None:
    """Months, quarters, and what began in January."""
    for year in (2023, 2024):
        if (code, region, year) not in values:
            continue
        value = values[code, region, year]
        last = 9 if code in UNFINISHED and year == 2024 else 12
        if code in MONTHLY | MONTHLY_FLOWS:
            for month in range(1, last + 1):
                part = sizes.part_of_year(code, value, 1, flows=code in MONTHLY_FLOWS)
                add(code, region, f"{year}-{month:02}", part)  # type: ignore[operator]
        if code in QUARTERLY | QUARTERLY_FLOWS:
            for quarter in range(1, last // 3 + 1):
                part = sizes.part_of_year(code, value, 3, flows=code in QUARTERLY_FLOWS)
                add(code, region, f"{year}-Q{quarter}", part)  # type: ignore[operator]
        if code in SINCE_JANUARY | MONTHLY_FLOWS | QUARTERLY_FLOWS:
            for period, months in ((f"{year}-S1", 6), (f"{year}-01/{year}-09", 9)):
                flows = code not in ("tang-grdp", "iip", "cpi-bq")
                part = sizes.part_of_year(code, value, months, flows=flows)
                add(code, region, period, part, status="" if year == 2023 else "estimate")  # type: ignore[operator]


def plans(
    values: dict[tuple[str, str, int], Decimal],
    indicators: dict[str, dict[str, str]],
    chance: random.Random,
    add: object,
) -> None:
    """Targets that no result answers yet, and those of a whole term."""
    for code, (op, *_) in TARGETS.items():
        if (code, HOME, 2024) not in values or chance.random() < 0.35:
            continue
        value = values[code, HOME, 2024]
        decimals = int(indicators[code]["decimals"])
        if op == "between":
            low, high = (round_number(value * Decimal(each), 1) for each in ("1.02", "1.3"))
            wanted = f"{low:f}..{high:f}"
        else:
            better = (
                Decimal("1.05")
                if op in (">=", ">")
                else Decimal("0.94")
                if op in ("<", "<=")
                else Decimal(1)
            )
            if (
                indicators[code]["unit"] == "%" and value > 90
            ):  # little is left to gain, or it is an index
                better = Decimal("1.005")
            made = round_number(value * better, decimals)
            wanted = f"{min(made, Decimal(100 if op != '>' else 99)) if indicators[code]['unit'] == '%' and value < 100 else made:f}"
        add(code, HOME, "2025", None, target_op=op, target_value=wanted)  # type: ignore[operator]
    for code, (op, wanted) in IN_A_PLAN.items():
        add(code, HOME, "2021-01/2025-12", None, target_op=op, target_value=wanted)  # type: ignore[operator]


def main() -> None:
    with (CATALOGUE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(make())


if __name__ == "__main__":
    main()
