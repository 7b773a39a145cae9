"""What was subscribed to, which digests were claimed, and their parts on the way out, with contents
that many share.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNFINISHED = sa.text("finished_at IS NULL")
CALL = "finished_at IS NOT NULL OR call IS NOT NULL"
CALL_OR_CONTENT = "finished_at IS NOT NULL OR call IS NOT NULL OR content IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary),
    )
    op.create_table(
        "subscription",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("topic", sa.String(128), nullable=False, server_default=""),
        sa.Column("made_by", sa.String(128), nullable=False),
        sa.Column("message", sa.String(128), nullable=False, server_default=""),
        sa.Column("target", sa.String(128), nullable=False, server_default=""),
        sa.Column("wishes", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default="active"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("served_at", MOMENT),
        sa.Column("watermark", sa.BigInteger),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'stopped')", name="ck_subscription_state"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_chat", "subscription", ["channel", "bot", "chat"])
    op.create_index("ix_subscription_made_by", "subscription", ["channel", "bot", "made_by"])
    op.create_index("ix_subscription_next_at", "subscription", ["channel", "bot", "next_at"])
    op.create_table(
        "claim",
        sa.Column(
            "subscription",
            ID,
            sa.ForeignKey("subscription.id", name="fk_claim_subscription", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("period", sa.String(64), primary_key=True),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("watermark", sa.BigInteger, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
    )
    op.create_index("ix_claim_claimed_at", "claim", ["claimed_at"])
    op.create_table(
        "mark",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    with op.batch_alter_table("outbox", copy_from=_outbox(CALL)) as table:
        table.add_column(sa.Column("content", sa.String(64)))
        table.add_column(sa.Column("subscription", ID))
        table.add_column(sa.Column("period", sa.String(64)))
        table.add_column(sa.Column("part", sa.Integer))
        table.add_column(sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()))
        table.create_foreign_key("fk_outbox_content", "content", ["content"], ["key"])
        table.create_foreign_key(
            "fk_outbox_subscription", "subscription", ["subscription"], ["id"], ondelete="SET NULL"
        )
        table.drop_constraint("ck_outbox_call", type_="check")
        table.create_check_constraint("ck_outbox_call", CALL_OR_CONTENT)
    op.create_index("ix_outbox_content", "outbox", ["content"])
    op.create_index("uq_outbox_part", "outbox", ["subscription", "period", "part"], unique=True)


def downgrade() -> None:
    # The parts of digests cannot be sent without what they share.
    op.execute("DELETE FROM outbox WHERE subscription IS NOT NULL OR content IS NOT NULL")
    op.drop_index("uq_outbox_part", "outbox")
    op.drop_index("ix_outbox_content", "outbox")
    columns = (
        sa.Column("content", sa.String(64)),
        sa.Column("subscription", ID),
        sa.Column("period", sa.String(64)),
        sa.Column("part", sa.Integer),
        sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["content"], ["content.key"], name="fk_outbox_content"),
        sa.ForeignKeyConstraint(
            ["subscription"],
            ["subscription.id"],
            name="fk_outbox_subscription",
            ondelete="SET NULL",
        ),
    )
    with op.batch_alter_table("outbox", copy_from=_outbox(CALL_OR_CONTENT, *columns)) as table:
        table.drop_constraint("ck_outbox_call", type_="check")
        table.create_check_constraint("ck_outbox_call", CALL)
        table.drop_constraint("fk_outbox_content", type_="foreignkey")
        table.drop_constraint("fk_outbox_subscription", type_="foreignkey")
        for name in ("content", "subscription", "period", "part", "told"):
            table.drop_column(name)
    for name in ("mark", "claim", "subscription", "content"):
        op.drop_table(name)


def _outbox(call: str, *more: sa.schema.SchemaItem) -> sa.Table:
    """The table as it stands: SQLite rebuilds it, and what it tells of itself lacks its checks."""
    table = sa.Table(
        "outbox",
        sa.MetaData(),
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(128)),
        sa.Column("topic", sa.String(128), nullable=False, server_default=""),
        sa.Column("reply_to", sa.String(128), nullable=False, server_default=""),
        sa.Column(
            "question",
            ID,
            sa.ForeignKey("inbox.id", name="fk_outbox_question", ondelete="SET NULL"),
        ),
        sa.Column(
            "edits", ID, sa.ForeignKey("outbox.id", name="fk_outbox_edits", ondelete="SET NULL")
        ),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("call", sa.Text),
        sa.Column("data", sa.LargeBinary),
        sa.Column("state", sa.String(16), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("message", sa.String(128), nullable=False, server_default=""),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        *more,
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'expired')",
            name="ck_outbox_state",
        ),
        sa.CheckConstraint(call, name="ck_outbox_call"),
        sa.CheckConstraint(
            "finished_at IS NULL OR state NOT IN ('waiting', 'sending')", name="ck_outbox_finished"
        ),
        sqlite_autoincrement=True,
    )
    sa.Index("ix_outbox_unfinished", *(table.c[name] for name in ("channel", "bot", "id")),
             sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)  # fmt: skip
    sa.Index("ix_outbox_question", table.c.question)
    sa.Index("ix_outbox_edits", table.c.edits)
    sa.Index("ix_outbox_finished_at", table.c.finished_at)
    sa.Index(
        "ix_outbox_message", *(table.c[name] for name in ("channel", "bot", "chat", "message"))
    )
    return table
