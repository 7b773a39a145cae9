"""Links to the library of official indicators, and those that the operator ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loan",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("indicator", sa.Text, sa.ForeignKey("indicator.code", name="fk_loan_indicator")),
        sa.Column("certainty", sa.Double, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("dimensions", sa.Text, nullable=False),
        sa.UniqueConstraint("indicator", "entry", name="uq_loan_link"),
        sa.CheckConstraint("entry <> '' AND name <> ''", name="ck_loan_name"),
        sa.CheckConstraint("certainty BETWEEN 0 AND 1", name="ck_loan_certainty"),
    )
    op.create_table(
        "loan_refusal",
        sa.Column(
            "indicator",
            sa.Text,
            sa.ForeignKey("indicator.code", name="fk_refusal_indicator"),
            primary_key=True,
        ),
        sa.Column("entry", sa.Text, primary_key=True),
        sa.CheckConstraint("entry <> ''", name="ck_refusal_entry"),
    )


def downgrade() -> None:
    for name in ("loan_refusal", "loan"):
        op.drop_table(name)
