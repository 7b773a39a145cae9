"""What a button does as it stands, beside the words that it stands for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offer", recreate="never") as table:
        table.add_column(sa.Column("command", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("offer", recreate="never") as table:
        table.drop_column("command")
