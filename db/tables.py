"""The tables of official statistics, with constraints that leave no room for a wrong row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from db.exact import ExactDecimal
from db.facts import Basis, Better, Op, OverYear, Qualifier, Release, UnitKind

HEAD = "0002"
"""The migration that makes the tables below."""

metadata = MetaData()


class Names(TypeDecorator[tuple[str, ...]]):
    """Other names of a thing, in their order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(list(value or ()), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(json.loads(value)) if value else ()


def one_of(column: str, values: type[StrEnum], name: str) -> CheckConstraint:
    """A column holds one of the written forms of an enumeration."""
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(each.value) for each in values)})", name=name
    )


catalogue = Table(
    "catalogue",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("shipped", Integer, nullable=False),
    CheckConstraint("id = 1", name="ck_catalogue_one"),
)

unit = Table(
    "unit",
    metadata,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    CheckConstraint("name <> ''", name="ck_unit_name"),
    one_of("kind", UnitKind, "ck_unit_kind"),
)

category = Table(
    "category",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("aliases", Names, nullable=False),
    Column("position", Integer, nullable=False),
    CheckConstraint("code <> '' AND name <> ''", name="ck_category_name"),
)

indicator = Table(
    "indicator",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("definition", Text),
    Column("unit", Text, ForeignKey("unit.name", name="fk_indicator_unit"), nullable=False),
    Column("decimals", SmallInteger, nullable=False),
    Column("better", Text, nullable=False),
    Column("over_year", Text, nullable=False),
    Column("parent", Text, ForeignKey("indicator.code", name="fk_indicator_parent")),
    Column("category", Text, ForeignKey("category.code", name="fk_indicator_category")),
    Column("aliases", Names, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("code", name="uq_indicator_code"),
    CheckConstraint("code <> '' AND name <> ''", name="ck_indicator_name"),
    CheckConstraint("decimals BETWEEN 0 AND 12", name="ck_indicator_decimals"),
    CheckConstraint("parent <> code", name="ck_indicator_parent"),
    one_of("better", Better, "ck_indicator_better"),
    one_of("over_year", OverYear, "ck_indicator_over_year"),
)

region = Table(
    "region",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent", Text, ForeignKey("region.key", name="fk_region_parent")),
    Column("aliases", Names, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("position", Integer, nullable=False),
    # How many figures have a result there. Counting millions of rows would take longer than any
    # answer.
    Column("results", Integer, nullable=False, server_default="0"),
    UniqueConstraint("key", name="uq_region_key"),
    CheckConstraint("key <> '' AND name <> '' AND level <> ''", name="ck_region_name"),
    CheckConstraint("valid_to >= valid_from", name="ck_region_valid"),
    CheckConstraint("parent <> key", name="ck_region_parent"),
    CheckConstraint("results >= 0", name="ck_region_results"),
)

region_successor = Table(
    "region_successor",
    metadata,
    Column("region", Text, ForeignKey("region.key", name="fk_successor_region"), primary_key=True),
    Column(
        "successor", Text, ForeignKey("region.key", name="fk_successor_successor"), primary_key=True
    ),
    CheckConstraint("region <> successor", name="ck_successor_other"),
)

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False, server_default=""),
    Column("published", Date),
    Column("address", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default=""),
    UniqueConstraint("code", name="uq_source_code"),
    CheckConstraint("title <> ''", name="ck_source_title"),
)
Index("uq_source_title", source.c.title, unique=True, sqlite_where=source.c.code.is_(None),
      postgresql_where=source.c.code.is_(None))  # fmt: skip

period = Table(
    "period",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    UniqueConstraint("start", "end", name="uq_period_span"),
    CheckConstraint('"end" >= "start"', name="ck_period_span"),
)

load = Table(
    "load",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
)


def _series(table: str) -> tuple[Column[Any], ...]:
    """What a vintage belongs to, and which one it is: for each period the greatest (published,
    revision) counts.

    `published` is the day that the file gives, or else (`dated` false) the day of loading.
    """
    return (
        Column(
            "indicator",
            Integer,
            ForeignKey("indicator.id", name=f"fk_{table}_indicator"),
            nullable=False,
        ),
        Column(
            "region", Integer, ForeignKey("region.id", name=f"fk_{table}_region"), nullable=False
        ),
        Column(
            "period", Integer, ForeignKey("period.id", name=f"fk_{table}_period"), nullable=False
        ),
        Column("published", Date, nullable=False),
        Column("revision", SmallInteger, nullable=False),
        Column("dated", Boolean, nullable=False),
        Column("load", Integer, ForeignKey("load.id", name=f"fk_{table}_load"), nullable=False),
        Column("source", Integer, ForeignKey("source.id", name=f"fk_{table}_source")),
        Column("note", Text),
        Column("value", ExactDecimal, nullable=False),
        Column("value_digits", SmallInteger, nullable=False),
        PrimaryKeyConstraint(
            "indicator", "region", "period", "published", "revision", name=f"pk_{table}"
        ),
        CheckConstraint("revision >= 1", name=f"ck_{table}_revision"),
        CheckConstraint("value_digits BETWEEN 0 AND 30", name=f"ck_{table}_digits"),
    )  # type: ignore[return-value]


observation = Table(
    "observation",
    metadata,
    *_series("observation"),
    Column("of", ExactDecimal),
    Column("qualifier", Text),
    Column("release", Text, nullable=False),
    Column("basis", Text, nullable=False),
    one_of("qualifier", Qualifier, "ck_observation_qualifier"),
    one_of("release", Release, "ck_observation_release"),
    one_of("basis", Basis, "ck_observation_basis"),
    sqlite_with_rowid=False,
)
_of, _value = observation.c.of, observation.c.value
observation.append_constraint(
    CheckConstraint(
        _of.is_(None) | ((_of >= Decimal(1)) & (_value >= Decimal(1))), name="ck_observation_of"
    )
)
observation.append_constraint(CheckConstraint(_value <= _of, name="ck_observation_rank"))
# Everything of a place in a period; the primary key, whose columns follow, has the rest.
Index("ix_observation_period", observation.c.period, observation.c.region)

target = Table(
    "target",
    metadata,
    *_series("target"),
    Column("op", Text, nullable=False),
    Column("upper", ExactDecimal),
    Column("upper_digits", SmallInteger),
    one_of("op", Op, "ck_target_op"),
    CheckConstraint("(op = 'between') = (upper IS NOT NULL)", name="ck_target_upper"),
    CheckConstraint("upper >= value", name="ck_target_range"),
    CheckConstraint("(upper IS NULL) = (upper_digits IS NULL)", name="ck_target_digits_both"),
    CheckConstraint("upper_digits BETWEEN 0 AND 30", name="ck_target_upper_digits"),
    sqlite_with_rowid=False,
)
Index("ix_target_period", target.c.period, target.c.region)

loan = Table(
    "loan",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("indicator", Text, ForeignKey("indicator.code", name="fk_loan_indicator")),
    Column("certainty", Double, nullable=False),
    Column("name", Text, nullable=False),
    Column("names", Names, nullable=False),
    Column("dimensions", Names, nullable=False),
    UniqueConstraint("indicator", "entry", name="uq_loan_link"),
    CheckConstraint("entry <> '' AND name <> ''", name="ck_loan_name"),
    CheckConstraint("certainty BETWEEN 0 AND 1", name="ck_loan_certainty"),
)

# Apart from the links, which every load makes anew: a link that was ended stays ended.
loan_refusal = Table(
    "loan_refusal",
    metadata,
    Column(
        "indicator",
        Text,
        ForeignKey("indicator.code", name="fk_refusal_indicator"),
        primary_key=True,
    ),
    Column("entry", Text, primary_key=True),
    CheckConstraint("entry <> ''", name="ck_refusal_entry"),
)
