"""How a line of migrations is brought to its newest step, in the transaction of its caller."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

HERE = Path(__file__).parent


class UnknownStep(Exception):
    """The tables stand at a step that this version does not know."""


def configuration(line: str, version_table: str, connection: Connection | None = None) -> Config:
    """Alembic's settings for a line: its folder, its version table, the connection that it works
    on.
    """
    made = Config()
    made.set_main_option("path_separator", "newline")
    made.set_main_option("script_location", _verbatim(HERE))
    made.set_main_option("version_locations", _verbatim(HERE / line / "versions"))
    made.attributes.update(connection=connection, version_table=version_table)
    return made


def upgrade(connection: Connection, line: str, version_table: str) -> None:
    """Takes every step that is missing; whoever calls commits.

    Raises:
        UnknownStep: the tables are of a newer version.
    """
    try:
        command.upgrade(configuration(line, version_table, connection), "head")
    except CommandError as error:
        raise UnknownStep(str(error)) from error


def _verbatim(path: Path) -> str:
    return str(path).replace("%", "%%")  # a percent sign in a setting begins a substitution
