"""What is logged and how: for operators, in English, without secrets or people's words."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any
from urllib.parse import quote

import structlog

HIDDEN = "[hidden]"

# A bot token of either platform: digits, a colon (also percent-encoded), and a long secret.
_TOKEN = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
_QUIET = (
    "alembic",
    "httpx",
    "httpcore",
    "filelock",
    "aiosqlite",
    "aiohttp.access",
    "asyncio",
    "fontTools",
)


class Redactor:
    """Takes secrets out of a text, in the forms in which they come to be written."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {
            form
            for secret in secrets
            if secret
            for form in (secret, quote(secret, safe=""), quote(secret))
        }
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return _TOKEN.sub(HIDDEN, text)


class _Formatter(logging.Formatter):
    """Another formatter's lines, tracebacks and all, without the secrets."""

    def __init__(self, inner: logging.Formatter, redact: Redactor) -> None:
        super().__init__()
        self._inner = inner
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


def configure(*, json: bool, level: str, secrets: Iterable[str]) -> None:
    """Sends every log line of the process to standard error, as text or as JSON, with the secrets
    taken out.

    What ends the process unforeseen is written through the same way.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # Tracebacks are plain: the prettier ones print the values of variables, and those hold people's
    # words.
    shown: list[Any] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    inner = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(inner, Redactor(secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:  # httpx writes each address, which has the token in it
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("telegram").setLevel(
        logging.CRITICAL
    )  # its failures are ours to tell, without the traceback
    logging.captureWarnings(capture=True)
    sys.excepthook = _unforeseen


def _unforeseen(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("solieu").critical("The process ends.", exc_info=(kind, error, trace))


def where(error: BaseException) -> str:
    """What failed and in which lines of code, without the failure's own words: they may be a
    person's.
    """
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 5:
        frames = traceback.extract_tb(seen.__traceback__)[-6:]
        path = " < ".join(
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
            for frame in reversed(frames)
        )
        parts.append(f"{type(seen).__name__} at {path}")
        seen = seen.__cause__ or seen.__context__
    return "; from ".join(parts)
