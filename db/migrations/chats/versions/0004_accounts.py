"""Who wrote on a platform and which accounts are one person's, what a plan was used for, pictures
to be fetched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("chat", sa.String(128), nullable=False, server_default=""),
        sa.Column("identity", ID),
        sa.Column("wrong_codes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("wrong_at", MOMENT),
        sa.Column("met_at", MOMENT, nullable=False),
        sa.UniqueConstraint("channel", "bot", "person", name="uq_account_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_account_identity", "account", ["identity"])
    op.create_table(
        "link_code",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column(
            "account",
            ID,
            sa.ForeignKey("account.id", name="fk_link_code_account", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "used_by",
            ID,
            sa.ForeignKey("account.id", name="fk_link_code_used_by", ondelete="CASCADE"),
        ),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_link_code_account", "link_code", ["account"])
    op.create_table(
        "tally",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("bot", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("messages", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "notice",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("bot", sa.String(64), primary_key=True),
        sa.Column("chat", sa.String(128), primary_key=True),
        sa.Column("what", sa.String(64), primary_key=True),
        sa.Column("given_at", MOMENT, nullable=False),
    )
    op.create_index("ix_notice_given_at", "notice", ["given_at"])
    op.create_table(
        "picture",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_picture_digest", "picture", ["digest"])
    op.create_index("ix_picture_expires_at", "picture", ["expires_at"])


def downgrade() -> None:
    for name in ("picture", "notice", "tally", "link_code", "account"):
        op.drop_table(name)
