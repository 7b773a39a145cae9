"""What must never happen: a number that nobody stored, a computed one that does not follow, a question without a reply."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.facts import Catalogue, Figure, Source
from db.store import Store
from handlers.desk import Desk
from handlers.question import Answer, Asking, Computed, Conversation
from handlers.say import say_in
from handlers.verdict import elapsed as share_gone
from handlers.verdict import percent, shorten

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
TODAY = date(2024, 3, 24)
WAYS = [
    "{name}", "{name} {period}", "{period} {name} bao nhiêu", "{name} {period} đạt chỉ tiêu chưa", "{name} qua các năm", "biểu đồ {name}",
    "{name} {period} so với năm trước đó", "{name} gồm những gì {period}", "{name} là gì", "so sánh {name} và {other} {period}",
    "{name} cao nhất ở tỉnh nào", "tình hình {category} {period}", "chỉ tiêu nào vượt {period}", "các chỉ tiêu được giao {period}",
    "{name} tỉnh Bắc Kạn {period}", "vì sao {name} {period} chưa đạt", "tổng hợp {period}", "{name} giai đoạn 2021-2025", "nguồn {name}",
]  # fmt: skip
PERIODS = [
    "",
    "2021",
    "năm 2022",
    "năm ngoái",
    "2024",
    "quý I/2024",
    "6 tháng đầu năm 2023",
    "cuối năm 2023",
    "từ 15/12/2022 đến 14/12/2023",
]


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def may_say(
    answer: Answer, catalogue: Catalogue, sources: tuple[Source, ...], language: str
) -> set[str]:
    """Every number that a reply may hold: of its figures and computed numbers, its days and periods, and names and sources."""
    say = say_in(language)
    texts: list[str] = [
        answer.question.reading.text,
        *(say.period(each) for each in answer.question.periods),
    ]
    texts += [
        say.period(period)
        for each in answer.question.held.coverage
        for period in (*each.results, *each.plans)
    ]
    for figure in (*answer.figures, *answer.question.held.figures):
        texts += [
            say.period(figure.period),
            figure.indicator.name,
            say.source(figure.source),
            figure.source.title,
        ]
        if figure.target is not None:
            texts.append(say.period(figure.target.period))
    for figure in answer.figures:
        texts += [say.figure(figure)]
        if figure.value is not None:
            texts.append(say.number(figure.value))
        if figure.target is not None:
            texts += [
                say.number(each)
                for each in (figure.target.value, figure.target.end)
                if each is not None
            ]
    texts += [say.number(abs(each.value)) for each in answer.computed]
    texts += [str(answer.page.number), str(answer.page.of)]
    texts += [
        name
        for each in catalogue.indicators.values()
        for name in (each.name, each.definition or "", *each.aliases)
    ]
    texts += [each.name for each in catalogue.categories.values()]
    texts += [say.day(region.valid_to) for region in answer.question.regions if region.valid_to]
    texts += [f"{say.source(each)} {each.title}" for each in sources]
    return set().union(*map(numbers, texts))


def follows(computed: Computed, figures: tuple[Figure, ...]) -> bool:
    """Whether a computed number is what its kind says of the figures it names."""
    of = [figures[place] for place in computed.of]
    values = [figure.value for figure in of if figure.value is not None]
    match computed.what:
        case "difference":
            return len(values) == 2 and computed.value == values[0] - values[1]
        case "percent_change":
            return len(values) == 2 and computed.value == percent(values[0] - values[1], values[1])
        case "attainment":
            return of[0].target is not None and computed.value == percent(
                values[0], of[0].target.value
            )
        case "share":
            return len(values) == 2 and computed.value == percent(values[0], values[1])
        case "sum":
            return computed.value == shorten(sum(values, Decimal(0)))
        case "count":
            return computed.value == len(of)
        case "elapsed":
            return of[0].target is not None and computed.value == share_gone(
                of[0].period, of[0].target.period
            )
    return False


async def hold(
    desk: Desk, text: str, before: Conversation, language: str, rows: int | None = None
) -> Conversation:
    turn = await desk.turn(text, before, Asking(TODAY, rows=rows))
    answer = turn.answer
    assert answer.message.text.strip(), text
    catalogue = desk.store.catalogue
    if answer.kind not in (
        "help",
        "greeting",
        "settings",
        "subscription",
        "catalogue",
        "not_understood",
    ):
        strange = numbers(answer.message.text) - may_say(
            answer, catalogue, await desk.store.sources(), language
        )
        assert not strange, f"{text}\n{answer.message.text}\n{strange}"
    for computed in answer.computed:
        assert follows(computed, answer.figures), f"{text}: {computed}"
    asked = {each.code for each in answer.question.indicators}
    if answer.kind == "figure":
        assert {figure.indicator.code for figure in answer.figures} <= asked
        assert answer.figures[0].period == answer.question.period, text
    if answer.kind == "no_data":
        assert not answer.figures
    return turn.after


@pytest.mark.parametrize(("language", "rows"), [("vi", None), ("en", None), ("vi", 2)])
async def test_every_number_is_stored_or_follows(
    demo_store: Store, language: str, rows: int | None
) -> None:
    desk = Desk(demo_store)
    indicators = list(demo_store.catalogue.indicators.values())
    categories = list(demo_store.catalogue.categories.values())
    for place, indicator in enumerate(indicators):
        before = Conversation(language=language)
        for number, way in enumerate(WAYS):
            period = PERIODS[(place + number) % len(PERIODS)]
            other = indicators[(place * 7 + number) % len(indicators)].name
            text = way.format(
                name=indicator.name,
                other=other,
                period=period,
                category=categories[place % len(categories)].name,
            )
            before = await hold(
                desk,
                text,
                before if number % 3 else Conversation(language=language),
                language,
                rows,
            )
            if rows:
                before = await hold(desk, "xem tiếp", before, language, rows)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=400))
async def test_any_text_gets_one_reply(demo_store: Store, text: str) -> None:
    await hold(Desk(demo_store), text, Conversation(), "vi")


PIECES = st.sampled_from(
    [
        "tỷ",
        "lệ",
        "hộ",
        "nghèo",
        "thất",
        "nghiệp",
        "2023",
        "2022",
        "năm",
        "ngoái",
        "so",
        "với",
        "và",
        "chỉ",
        "tiêu",
        "nào",
        "đạt",
        "vượt",
        "chưa",
        "quý",
        "2",
        "tháng",
        "3",
        "Bắc",
        "Kạn",
        "tỉnh",
        "cả",
        "nước",
        "biểu",
        "đồ",
        "trong",
        "đó",
        "kinh",
        "phí",
        "bao",
        "nhiêu",
        "người",
        "hạng",
        "giai",
        "đoạn",
        "2021-2025",
        "từ",
        "đến",
        "cùng",
        "kỳ",
        "cao",
        "nhất",
        "là",
        "gì",
        "nguồn",
        "còn",
        "thế",
        "5",
        "năm",
        "qua",
        "<",
        ">",
        "%",
        "/",
        "-",
        ",",
        "31/12/2023",
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    talk=st.lists(st.lists(PIECES, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=3)
)
async def test_any_talk_of_our_words_keeps_to_what_is_stored(
    demo_store: Store, talk: list[str]
) -> None:
    desk, before = Desk(demo_store), Conversation()
    for text in talk:
        before = await hold(desk, text, before, "vi")


async def test_names_joined_without_their_marks_are_the_same_or_asked_back(
    demo_store: Store,
) -> None:
    """Whoever types without marks is given what she would be given with them, and never another indicator's figure."""
    desk = Desk(demo_store)
    names = [each.names[-1] for each in demo_store.catalogue.indicators.values()]
    same = 0
    for one, other in zip(names, names[7:] + names[:7], strict=True):
        asked = f"{one} và {other} 2023"
        marked = (await desk.turn(asked, Conversation(), Asking(TODAY))).answer.question.indicators
        plain = (
            await desk.turn(unmarked(asked), Conversation(), Asking(TODAY))
        ).answer.question.indicators
        assert not plain or not marked or set(plain) <= set(marked), asked
        same += len(marked) > 1 and plain == marked
    assert same > len(names) / 2


def unmarked(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
