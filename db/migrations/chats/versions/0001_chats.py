"""What came in and goes out, what was offered and talked of, and how to speak in each chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNFINISHED = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("raw", sa.Text),
        sa.Column("state", sa.String(16), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("message", sa.String(128), nullable=False, server_default=""),
        sa.Column("before", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.UniqueConstraint("channel", "bot", "key", name="uq_inbox_key"),
        sa.CheckConstraint(
            "state IN ('waiting', 'answered', 'ignored', 'aside')", name="ck_inbox_state"
        ),
        sa.CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="ck_inbox_finished"),
        sa.CheckConstraint("state <> 'answered' OR raw IS NULL", name="ck_inbox_erased"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["channel", "bot", "id"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_index("ix_inbox_message", "inbox", ["channel", "bot", "chat", "message"])
    op.create_index("ix_inbox_finished_at", "inbox", ["finished_at"])
    op.create_table(
        "outbox",
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
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'expired')",
            name="ck_outbox_state",
        ),
        sa.CheckConstraint("finished_at IS NOT NULL OR call IS NOT NULL", name="ck_outbox_call"),
        sa.CheckConstraint(
            "finished_at IS NULL OR state NOT IN ('waiting', 'sending')", name="ck_outbox_finished"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["channel", "bot", "id"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_index("ix_outbox_question", "outbox", ["question"])
    op.create_index("ix_outbox_edits", "outbox", ["edits"])
    op.create_index("ix_outbox_finished_at", "outbox", ["finished_at"])
    op.create_table(
        "offer",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_offer_chat", "offer", ["channel", "chat"])
    op.create_index("ix_offer_made_at", "offer", ["made_at"])
    op.create_table(
        "talk",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("chat", sa.String(128), primary_key=True),
        sa.Column("topic", sa.String(128), primary_key=True),
        sa.Column("person", sa.String(128), primary_key=True),
        sa.Column("message", sa.String(128), nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    op.create_index("ix_talk_changed_at", "talk", ["changed_at"])
    op.create_table(
        "chat",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("chat", sa.String(128), primary_key=True),
        sa.Column("language", sa.String(16)),
        sa.Column("gone_at", MOMENT),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    )


def downgrade() -> None:
    for table in ("chat", "talk", "offer", "outbox", "inbox"):
        op.drop_table(table)
