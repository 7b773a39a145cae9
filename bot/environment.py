"""The settings that every command needs, read with nothing that takes time to import."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone

_HERE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Viet Nam keeps one time all year."""


def database_url() -> str | None:
    """The store's address; None for SQLite in the user's data folder."""
    return os.environ.get("SOLIEU_DATABASE_URL", "").strip() or None


def home_region() -> str | None:
    """The place meant when a question names none."""
    return os.environ.get("SOLIEU_HOME_REGION", "").strip() or None


def now() -> datetime:
    """The moment, on the clock of Viet Nam, whatever the machine's clock is set to."""
    return datetime.now(UTC).astimezone(_HERE)


def today() -> date:
    """The day it is in Viet Nam, whatever the machine's clock is set to."""
    return now().date()
