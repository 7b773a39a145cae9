"""What is counted, where, when, how much, and what was asked of it, with every vintage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.exact import ExactDecimal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("shipped", sa.Integer, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_catalogue_one"),
    )
    op.create_table(
        "unit",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.CheckConstraint("name <> ''", name="ck_unit_name"),
        sa.CheckConstraint(
            "kind IN ('share', 'count', 'money', 'index', 'rank')", name="ck_unit_kind"
        ),
    )
    op.create_table(
        "category",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.CheckConstraint("code <> '' AND name <> ''", name="ck_category_name"),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("definition", sa.Text),
        sa.Column(
            "unit", sa.Text, sa.ForeignKey("unit.name", name="fk_indicator_unit"), nullable=False
        ),
        sa.Column("decimals", sa.SmallInteger, nullable=False),
        sa.Column("better", sa.Text, nullable=False),
        sa.Column("over_year", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, sa.ForeignKey("indicator.code", name="fk_indicator_parent")),
        sa.Column(
            "category", sa.Text, sa.ForeignKey("category.code", name="fk_indicator_category")
        ),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.UniqueConstraint("code", name="uq_indicator_code"),
        sa.CheckConstraint("code <> '' AND name <> ''", name="ck_indicator_name"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 12", name="ck_indicator_decimals"),
        sa.CheckConstraint("parent <> code", name="ck_indicator_parent"),
        sa.CheckConstraint("better IN ('up', 'down', 'none')", name="ck_indicator_better"),
        sa.CheckConstraint(
            "over_year IN ('point', 'cumulative', 'annual')", name="ck_indicator_over_year"
        ),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, sa.ForeignKey("region.key", name="fk_region_parent")),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("results", sa.Integer, nullable=False, server_default="0"),
        sa.UniqueConstraint("key", name="uq_region_key"),
        sa.CheckConstraint("key <> '' AND name <> '' AND level <> ''", name="ck_region_name"),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_region_valid"),
        sa.CheckConstraint("parent <> key", name="ck_region_parent"),
        sa.CheckConstraint("results >= 0", name="ck_region_results"),
    )
    op.create_table(
        "region_successor",
        sa.Column(
            "region",
            sa.Text,
            sa.ForeignKey("region.key", name="fk_successor_region"),
            primary_key=True,
        ),
        sa.Column(
            "successor",
            sa.Text,
            sa.ForeignKey("region.key", name="fk_successor_successor"),
            primary_key=True,
        ),
        sa.CheckConstraint("region <> successor", name="ck_successor_other"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False, server_default=""),
        sa.Column("published", sa.Date),
        sa.Column("address", sa.Text, nullable=False, server_default=""),
        sa.Column("kind", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("code", name="uq_source_code"),
        sa.CheckConstraint("title <> ''", name="ck_source_title"),
    )
    without_code = sa.text("code IS NULL")
    op.create_index("uq_source_title", "source", ["title"], unique=True, sqlite_where=without_code,
                    postgresql_where=without_code)  # fmt: skip
    op.create_table(
        "period",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date, nullable=False),
        sa.UniqueConstraint("start", "end", name="uq_period_span"),
        sa.CheckConstraint('"end" >= "start"', name="ck_period_span"),
    )
    op.create_table(
        "load",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
    )
    of, value, one = sa.column("of", ExactDecimal), sa.column("value", ExactDecimal), Decimal(1)
    op.create_table(
        "observation",
        *series("observation"),
        sa.Column("of", ExactDecimal),
        sa.Column("qualifier", sa.Text),
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.CheckConstraint(
            "qualifier IN ('nearly', 'under', 'over', 'about')", name="ck_observation_qualifier"
        ),
        sa.CheckConstraint(
            "release IN ('official', 'preliminary', 'estimate')", name="ck_observation_release"
        ),
        sa.CheckConstraint("basis IN ('stated', 'derived')", name="ck_observation_basis"),
        sa.CheckConstraint(of.is_(None) | ((of >= one) & (value >= one)), name="ck_observation_of"),
        sa.CheckConstraint(value <= of, name="ck_observation_rank"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_observation_period", "observation", ["period", "region"])
    op.create_table(
        "target",
        *series("target"),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("upper", ExactDecimal),
        sa.Column("upper_digits", sa.SmallInteger),
        sa.CheckConstraint("op IN ('<', '<=', '>=', '>', '=', 'between')", name="ck_target_op"),
        sa.CheckConstraint("(op = 'between') = (upper IS NOT NULL)", name="ck_target_upper"),
        sa.CheckConstraint("upper >= value", name="ck_target_range"),
        sa.CheckConstraint(
            "(upper IS NULL) = (upper_digits IS NULL)", name="ck_target_digits_both"
        ),
        sa.CheckConstraint("upper_digits BETWEEN 0 AND 30", name="ck_target_upper_digits"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_target_period", "target", ["period", "region"])
    op.execute("INSERT INTO catalogue (id, version, shipped) VALUES (1, 0, 0)")


def series(table: str) -> list[Any]:
    return [
        sa.Column(
            "indicator",
            sa.Integer,
            sa.ForeignKey("indicator.id", name=f"fk_{table}_indicator"),
            nullable=False,
        ),
        sa.Column(
            "region",
            sa.Integer,
            sa.ForeignKey("region.id", name=f"fk_{table}_region"),
            nullable=False,
        ),
        sa.Column(
            "period",
            sa.Integer,
            sa.ForeignKey("period.id", name=f"fk_{table}_period"),
            nullable=False,
        ),
        sa.Column("published", sa.Date, nullable=False),
        sa.Column("revision", sa.SmallInteger, nullable=False),
        sa.Column("dated", sa.Boolean, nullable=False),
        sa.Column(
            "load", sa.Integer, sa.ForeignKey("load.id", name=f"fk_{table}_load"), nullable=False
        ),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id", name=f"fk_{table}_source")),
        sa.Column("note", sa.Text),
        sa.Column("value", ExactDecimal, nullable=False),
        sa.Column("value_digits", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "indicator", "region", "period", "published", "revision", name=f"pk_{table}"
        ),
        sa.CheckConstraint("revision >= 1", name=f"ck_{table}_revision"),
        sa.CheckConstraint("value_digits BETWEEN 0 AND 30", name=f"ck_{table}_digits"),
    ]


def downgrade() -> None:
    for table in (
        "target",
        "observation",
        "load",
        "period",
        "source",
        "region_successor",
        "region",
        "indicator",
        "category",
        "unit",
        "catalogue",
    ):
        op.drop_table(table)
