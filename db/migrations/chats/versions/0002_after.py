"""What was talked of after each answer, and the way from a message of ours back to its question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite adds and drops a plain column by itself; a table rebuilt from what it tells of itself
    # would lose its checks.
    with op.batch_alter_table("inbox", recreate="never") as table:
        table.add_column(sa.Column("after", sa.Text))
    op.create_index("ix_outbox_message", "outbox", ["channel", "bot", "chat", "message"])


def downgrade() -> None:
    op.drop_index("ix_outbox_message", "outbox")
    with op.batch_alter_table("inbox", recreate="never") as table:
        table.drop_column("after")
