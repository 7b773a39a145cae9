"""The command line: ask, chat, run, load, explain."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from db.store import Store
    from handlers.desk import Desk

command = typer.Typer(
    name="solieu",
    help="Hỏi số liệu thống kê bằng lời thường: con số, chỉ tiêu được giao, nguồn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Result = TypeVar("Result")
Today = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ngày mà “năm nay”, “tháng trước” tính từ đó.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Chỉ dùng số liệu đã công bố đến ngày này.")]


@command.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="Câu hỏi.")] = None,
    json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Đọc mỗi dòng một câu hỏi JSON, in mỗi dòng một câu trả lời.")] = False,
    today: Today = None,
    as_of: AsOf = None,
) -> None:
    """Hỏi một câu, hoặc nhiều câu từ đầu vào chuẩn."""
    from bot.channels.terminal import Terminal  # noqa: PLC0415 - each command imports what it needs

    if not jsonl and not question:
        _stop("ask.nothing")

    async def work(desk: Desk) -> None:
        terminal = Terminal(desk, today=_day(today), as_of=as_of.date() if as_of else None)
        if jsonl:
            await terminal.ask_lines(sys.stdin.buffer, out=sys.stdout, problems=sys.stderr)
        else:
            await terminal.ask(" ".join(question or ()), as_json=json, out=sys.stdout)

    _with_desk(work)


@command.command()
def chat(today: Today = None) -> None:
    """Trò chuyện ngay trong cửa sổ lệnh."""
    from rich.console import Console  # noqa: PLC0415

    from bot.channels.terminal import Terminal  # noqa: PLC0415

    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - arrow keys and history, where there are any

    async def work(desk: Desk) -> None:
        await Terminal(desk, today=_day(today)).chat(Console(highlight=False))

    _with_desk(work)


@command.command()
def load(folder: Annotated[Path, typer.Argument(help="Thư mục các tệp CSV.")]) -> None:
    """Nạp một thư mục số liệu: nạp hết hoặc không nạp gì."""
    from bot.loading import report  # noqa: PLC0415
    from db.importer import LoadRefused  # noqa: PLC0415
    from db.importer import load as load_folder  # noqa: PLC0415

    async def work() -> int:
        async with _store(_settings(), demonstration=False) as store:
            try:
                loaded = await load_folder(store, folder, _day(None))
            except LoadRefused as refused:
                return report(refused, sys.stderr)
            return report(loaded, sys.stdout)

    code = _run(work())
    if code:
        raise typer.Exit(code)


@command.command()
def explain(question: Annotated[list[str], typer.Argument(help="Câu hỏi.")], today: Today = None) -> None:
    """Cho thấy câu hỏi được hiểu thế nào: ai lấy từ nào, và vì sao chọn câu trả lời ấy."""
    from rich.console import Console  # noqa: PLC0415

    from bot.explaining import explained  # noqa: PLC0415

    async def work(desk: Desk) -> None:
        await explained(desk, " ".join(question), _day(today), Console(highlight=False))

    _with_desk(work)


@command.command()
def run() -> None:
    """Chạy bot (Telegram khi có SOLIEU_TELEGRAM_TOKEN)."""
    settings = _settings()
    if settings.telegram_token is None:
        _stop("run.no_token")
    if settings.telegram_mode == "webhook" and not settings.public_url:
        _stop("run.no_public_url")

    async def work() -> None:
        from bot.app import serve  # noqa: PLC0415

        async with _store(settings, demonstration=True) as store:
            await serve(settings, store)

    _run(work())


# ---------------------------------------------------------------- what the commands share


def _settings() -> Settings:
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.settings import Settings  # noqa: PLC0415

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "SOLIEU_" + "_".join(str(part) for part in first["loc"]).upper()
        _stop("settings.wrong", name=name, why=first["msg"])


@asynccontextmanager
async def _store(settings: Settings, *, demonstration: bool) -> AsyncIterator[Store]:
    """The store, made and migrated when new; the demonstration is loaded into one that holds no indicator."""
    from db.store import Store  # noqa: PLC0415

    store = await Store.open(settings.database_url)
    try:
        if demonstration and not await store.has_indicators():
            from db.importer import DEMONSTRATION  # noqa: PLC0415
            from db.importer import load as load_folder  # noqa: PLC0415

            await load_folder(store, DEMONSTRATION, _day(None))
        yield store
    finally:
        await store.close()


def _with_desk(work: Any) -> None:
    settings = _settings()

    async def whole() -> None:
        from handlers.desk import Desk  # noqa: PLC0415

        async with _store(settings, demonstration=True) as store:
            await work(Desk(store, settings.home_region))

    _run(whole())


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs a command; what whoever runs it can mend is one sentence and exit code 2."""
    from db.engine import StoreError  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except StoreError as error:
        _stop(f"store.{error.reason}", details=str(error))
    except BrokenPipeError:
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _stop(key: str, **parts: str) -> NoReturn:
    """Says in one sentence what is wrong, and ends with code 2."""
    from handlers.say import say_in  # noqa: PLC0415

    say = say_in("vi")
    print(say.text(key if say.knows(key) else "store.unreadable", **parts), file=sys.stderr)
    raise typer.Exit(2)


def _day(given: datetime | None) -> date:
    from bot.settings import today  # noqa: PLC0415

    return given.date() if given else today()


def main() -> None:
    """The command `solieu`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command()


if __name__ == "__main__":
    main()
