"""The command line: ask, chat, run, load, catalogue, explain, digest."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from bot import environment

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.standing import Use
    from db.deliveries import Deliveries
    from db.store import Store
    from db.turns import Turns
    from handlers.desk import Desk

Result = TypeVar("Result")


def _given_day(_context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    """A day of the command line; a wrong one is told in one sentence, as everything else is."""
    if value is None:
        return None
    with suppress(ValueError):
        if re.fullmatch(
            r"\d{4}-\d{2}-\d{2}", value
        ):  # Python reads more forms of a day than we promise
            return date.fromisoformat(value)
    return _stop("ask.bad_day", day=value[:40], option=option.opts[0])


today_option = click.option(
    "--today",
    metavar="NGÀY",
    callback=_given_day,
    help="Ngày mà “năm nay”, “tháng trước” tính từ đó.",
)


@click.group(help="Hỏi số liệu thống kê bằng lời thường: con số, chỉ tiêu được giao, nguồn.")
def command() -> None:
    """Everything that can be done; each command imports only what it needs."""


@command.command(help="Hỏi một câu, hoặc nhiều câu từ đầu vào chuẩn.")
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON.")
@click.option(
    "--jsonl", is_flag=True, help="Đọc mỗi dòng một câu hỏi JSON, in mỗi dòng một câu trả lời."
)
@today_option
@click.option(
    "--as-of", metavar="NGÀY", callback=_given_day, help="Chỉ dùng số liệu đã công bố đến ngày này."
)
def ask(
    question: tuple[str, ...], as_json: bool, jsonl: bool, today: date | None, as_of: date | None
) -> None:
    from bot.channels.terminal import Terminal  # noqa: PLC0415

    if not jsonl and not question:
        _stop("ask.nothing")

    whole = True

    async def work(desk: Desk) -> None:
        nonlocal whole
        clock = None if today else environment.now
        terminal = Terminal(desk, today=today or environment.today(), as_of=as_of, clock=clock)
        if jsonl:
            whole = await terminal.ask_lines(sys.stdin.buffer, out=sys.stdout, problems=sys.stderr)
        else:
            await terminal.ask(" ".join(question), as_json=as_json, out=sys.stdout)

    _with_desk(work)
    if not whole:
        sys.exit(1)


@command.command(help="Trò chuyện ngay trong cửa sổ lệnh.")
@today_option
def chat(today: date | None) -> None:
    from bot.channels.terminal import Terminal  # noqa: PLC0415

    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - arrow keys and history, where there are any

    async def work(desk: Desk) -> None:
        await Terminal(
            desk, today=today or environment.today(), clock=None if today else environment.now
        ).chat()

    _with_desk(work)


@command.command(help="Nạp một thư mục tệp CSV: nạp hết hoặc không nạp gì.")
@click.argument("folder", type=click.Path(path_type=Path))
def load(folder: Path) -> None:
    from bot.loading import link, report  # noqa: PLC0415
    from db.importer import LoadRefused  # noqa: PLC0415
    from db.importer import load as load_folder  # noqa: PLC0415

    async def work() -> int:
        async with _store(demonstration=False) as store:
            before = store.catalogue.indicators
            try:
                loaded = await load_folder(store, folder, environment.today())
            except LoadRefused as refused:
                return report(refused, sys.stderr)
            code = report(loaded, sys.stdout)
            sys.stdout.flush()  # linking takes seconds
            if count := await link(store, before):
                _say("load.linked", count=count)
            return code

    sys.exit(_run(work()))


@command.group(
    invoke_without_command=True,
    help="Liệt kê các chỉ tiêu, và những tên thường dùng mà mỗi chỉ tiêu mượn của thư viện.",
)
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON.")
@click.pass_context
def catalogue(context: click.Context, as_json: bool) -> None:
    if context.invoked_subcommand is not None:
        return

    async def work() -> None:
        from bot.catalogue import listed  # noqa: PLC0415

        async with _store(demonstration=True) as store:
            await listed(store, as_json=as_json, out=sys.stdout)

    _run(work())


@catalogue.command(help="Bỏ liên kết của một chỉ tiêu với thư viện, cả khi nạp lại.")
@click.argument("code", metavar="MÃ")
def refuse(code: str) -> None:
    async def work() -> bool:
        async with _store(demonstration=False) as store:
            return await store.refuse_loan(code)

    if not _run(work()):
        _stop("lending.no_link", code=code[:60])
    _say("lending.ended", code=code)


@catalogue.command(help="Khôi phục liên kết đã bỏ của một chỉ tiêu với thư viện.")
@click.argument("code", metavar="MÃ")
def allow(code: str) -> None:
    async def work() -> bool:
        async with _store(demonstration=False) as store:
            return await store.allow_loan(code)

    if not _run(work()):
        _stop("lending.no_refusal", code=code[:60])
    _say("lending.restored", code=code)


@command.command(
    help="Cho thấy câu hỏi được hiểu thế nào: ai lấy từ nào, và vì sao chọn câu trả lời ấy."
)
@click.argument("question", nargs=-1, required=True)
@today_option
def explain(question: tuple[str, ...], today: date | None) -> None:
    from bot.explaining import explained  # noqa: PLC0415

    async def work(desk: Desk) -> None:
        await explained(desk, " ".join(question), today or environment.today())

    _with_desk(work)


@command.command(
    help="Chạy bot (Telegram khi có SOLIEU_TELEGRAM_TOKEN, Zalo khi có SOLIEU_ZALO_TOKEN)."
)
def run() -> None:
    settings = _settings()
    if settings.telegram_token is None and settings.zalo_token is None:
        _stop("run.no_token")
    modes = {
        settings.telegram_mode if settings.telegram_token else "",
        settings.zalo_mode if settings.zalo_token else "",
    }
    if "webhook" in modes and not settings.public_url:
        _stop("run.no_public_url")

    async def work() -> None:
        from bot.app import serve  # noqa: PLC0415
        from bot.web import CannotListen  # noqa: PLC0415

        async with _store(demonstration=True) as store:
            try:
                await serve(settings, store)
            except CannotListen as error:
                _stop("run.cannot_listen", address=settings.listen, why=str(error))

    _run(work())


@command.group(help="Bản tin định kỳ.")
def digest() -> None:
    """What is sent without being asked for."""


@digest.command(help="Xem trước bản tin, như thể gửi vào một ngày.")
@click.option("--category", multiple=True, help="Mã hoặc tên lĩnh vực; có thể lặp lại.")
@click.option("--indicator", multiple=True, help="Mã hoặc tên chỉ tiêu; có thể lặp lại.")
@click.option("--region", multiple=True, help="Tên địa phương; có thể lặp lại.")
@click.option("--full", is_flag=True, help="Bản đầy đủ, thay cho bản gọn.")
@click.option(
    "--every",
    type=click.Choice(["week", "month", "quarter"]),
    default="month",
    help="Hằng tuần, hằng tháng hay hằng quý.",
)
@click.option(
    "--subscription", type=int, help="Số của một đăng ký đang có, thay cho các lựa chọn trên."
)
@click.option(
    "--day",
    metavar="NGÀY",
    callback=_given_day,
    help="Ngày gửi; số liệu công bố sau ngày này không được dùng "
    "(số liệu không ghi ngày công bố thì tính theo ngày nạp).",
)
@click.option(
    "--save", type=click.Path(path_type=Path), help="Thư mục để lưu lời, ảnh và bảng Excel."
)
def preview(
    category: tuple[str, ...],
    indicator: tuple[str, ...],
    region: tuple[str, ...],
    full: bool,
    every: str,
    subscription: int | None,
    day: date | None,
    save: Path | None,
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from bot import previewing  # noqa: PLC0415
    from db.rhythm import Every, Rhythm  # noqa: PLC0415
    from db.subscriptions import Wishes  # noqa: PLC0415
    from handlers.say import say_in  # noqa: PLC0415

    moment = day or environment.today()

    async def work() -> None:
        rhythm = Rhythm(Every(every), 1 if every == "week" else 5)
        wishes, language = Wishes(rhythm, frozenset(), category, indicator, region, full), "vi"
        if subscription is not None:
            async with _deliveries() as deliveries:
                found = await deliveries.subscription(subscription)
            if found is None:
                _stop("digest.no_subscription", number=str(subscription))
            wishes, language = found.wishes, found.language
        async with _store(demonstration=True) as store:
            wanted = replace(
                previewing.named(wishes, store), workbook=save is not None or wishes.workbook
            )
            if subscription is None and (missing := previewing.unknown(wanted, store)) is not None:
                kind, name = missing
                _stop(f"digest.no_such.{kind}", name=name[:60])
            made = await previewing.preview(
                store, wanted, moment, environment.home_region(), language
            )
        previewing.shown(made)
        if save is not None:
            say = say_in(language)
            try:
                paths = previewing.saved(
                    made, save, say.text("digest.file", day=moment.isoformat())
                )
            except OSError as error:
                _stop("digest.not_saved", path=str(save), why=error.strerror or str(error))
            for path in paths:
                print(say.text("chat.saved", path=str(path)))

    _run(work())


@digest.command(
    help="Cho biết các đăng ký, các lượt gửi gần nhất, "
    "và những gì không gửi được hoặc không rõ đã đến hay chưa."
)
def status() -> None:
    from bot.standing import report  # noqa: PLC0415
    from db.deliveries import Deliveries  # noqa: PLC0415

    settings = _settings()

    async def work() -> None:
        async with _turns() as turns:
            report(
                await Deliveries(turns).standing(environment.now()),
                await _uses(turns, settings),
                sys.stdout,
            )

    _run(work())


@digest.command(
    help="Quyết định về một phần tin không rõ đã đến hay chưa: đã đến (sent), hay gửi lại (repeat)."
)
@click.argument("number", type=int)
@click.argument("what", type=click.Choice(["sent", "repeat"]))
def settle(number: int, what: str) -> None:
    from bot.standing import settled  # noqa: PLC0415

    async def work() -> int:
        async with _deliveries() as deliveries:
            return await settled(deliveries, number, what, sys.stdout)

    sys.exit(_run(work()))


# ---------------------------------------------------------------- what the commands share


def _settings() -> Settings:
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.settings import Settings  # noqa: PLC0415

    try:
        return Settings()
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        _stop("settings.wrong", name=f"SOLIEU_{field.upper()}", field=field)


@asynccontextmanager
async def _store(*, demonstration: bool) -> AsyncIterator[Store]:
    """The store, made and migrated when new; the demonstration is loaded into one that holds no
    indicator.
    """
    from db.store import Store  # noqa: PLC0415

    store = await Store.open(environment.database_url())
    try:
        if demonstration and not await store.has_indicators():
            from bot.loading import link  # noqa: PLC0415
            from db.importer import DEMONSTRATION  # noqa: PLC0415
            from db.importer import load as load_folder  # noqa: PLC0415
            from handlers.demonstrating import demonstration_loans  # noqa: PLC0415

            await load_folder(store, DEMONSTRATION, environment.today())
            await link(store, {}, demonstration_loans)
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _turns() -> AsyncIterator[Turns]:
    """What is remembered of chats, beside whatever process is at work there."""
    from db.engine import open_chats  # noqa: PLC0415
    from db.turns import Turns  # noqa: PLC0415

    engine = await open_chats(environment.database_url())
    try:
        yield Turns(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _deliveries() -> AsyncIterator[Deliveries]:
    """What is subscribed to and sent."""
    from db.deliveries import Deliveries  # noqa: PLC0415

    async with _turns() as turns:
        yield Deliveries(turns)


async def _uses(turns: Turns, settings: Settings) -> list[Use]:
    """What the bots of the channels that are set have used of their plans this month."""
    from bot.app import channels_of  # noqa: PLC0415
    from bot.quota import month_of  # noqa: PLC0415
    from bot.standing import Use  # noqa: PLC0415
    from db.accounts import Accounts  # noqa: PLC0415
    from db.usage import Usage  # noqa: PLC0415

    uses, month = [], month_of(environment.now())
    for channel in channels_of(settings):
        if channel.plan is not None:
            spent = (await Usage(turns).spent(channel.name, channel.bot)).get(month, 0)
            users = await Accounts(turns).met(channel.name, channel.bot)
            uses.append(Use(channel.name, month, spent, users, channel.plan))
        await channel.close()
    return uses


def _with_desk(work: Any) -> None:
    async def whole() -> None:
        from handlers.desk import Desk  # noqa: PLC0415

        async with _store(demonstration=True) as store:
            await work(Desk(store, environment.home_region()))

    _run(whole())


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs a command; what whoever runs it can mend is one sentence and exit code 2."""
    from db.engine import StoreError  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except StoreError as error:
        _stop(f"store.{error.reason}", details=str(error))
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _say(key: str, **parts: Any) -> None:
    """Say in one sentence what was done."""
    from handlers.say import say_in  # noqa: PLC0415

    print(say_in("vi").text(key, **parts))


def _stop(key: str, **parts: str) -> NoReturn:
    """Says in one sentence what is wrong, and ends with code 2."""
    from handlers.say import say_in  # noqa: PLC0415

    say = say_in("vi")
    if "field" in parts:
        parts["why"] = say.text(f"settings.{parts.pop('field')}")
    print(say.text(key if say.knows(key) else "store.unreadable", **parts), file=sys.stderr)
    sys.exit(2)


def main() -> None:
    """The command `solieu`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command()


if __name__ == "__main__":
    main()
