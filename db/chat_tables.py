"""What the bot remembers, as tables: what came in and goes out, talks, chats, subscriptions,
accounts, a plan's use.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

HEAD = "0005"
"""The migration after which the tables are those below."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite gives it back as such, too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

_Id = BigInteger().with_variant(Integer, "sqlite")

inbox = Table(
    "inbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("raw", Text),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("message", String(128), nullable=False, server_default=""),
    Column("before", Text),
    Column("after", Text),
    Column("received_at", Moment, nullable=False),
    Column("finished_at", Moment),
    UniqueConstraint("channel", "bot", "key", name="uq_inbox_key"),
    CheckConstraint("state IN ('waiting', 'answered', 'ignored', 'aside')", name="ck_inbox_state"),
    CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="ck_inbox_finished"),
    CheckConstraint("state <> 'answered' OR raw IS NULL", name="ck_inbox_erased"),
    sqlite_autoincrement=True,
)
Index("ix_inbox_waiting", inbox.c.channel, inbox.c.bot, inbox.c.id,
      sqlite_where=text("finished_at IS NULL"),
      postgresql_where=text("finished_at IS NULL"))  # fmt: skip
Index("ix_inbox_message", inbox.c.channel, inbox.c.bot, inbox.c.chat, inbox.c.message)
Index("ix_inbox_finished_at", inbox.c.finished_at)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("chat", String(128)),
    Column("topic", String(128), nullable=False, server_default=""),
    Column("reply_to", String(128), nullable=False, server_default=""),
    Column("question", _Id, ForeignKey("inbox.id", name="fk_outbox_question", ondelete="SET NULL")),
    Column("edits", _Id, ForeignKey("outbox.id", name="fk_outbox_edits", ondelete="SET NULL")),
    Column("lane", Integer, nullable=False),
    Column("call", Text),
    Column("data", LargeBinary),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("message", String(128), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("finished_at", Moment),
    Column("content", String(64), ForeignKey("content.key", name="fk_outbox_content")),
    Column(
        "subscription",
        _Id,
        ForeignKey("subscription.id", name="fk_outbox_subscription", ondelete="SET NULL"),
    ),
    Column("period", String(64)),
    Column("part", Integer),
    Column("told", Boolean, nullable=False, server_default=false()),
    CheckConstraint(
        "state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'expired')",
        name="ck_outbox_state",
    ),
    CheckConstraint(
        "finished_at IS NOT NULL OR call IS NOT NULL OR content IS NOT NULL", name="ck_outbox_call"
    ),
    CheckConstraint(
        "finished_at IS NULL OR state NOT IN ('waiting', 'sending')", name="ck_outbox_finished"
    ),
    sqlite_autoincrement=True,
)
Index("ix_outbox_unfinished", outbox.c.channel, outbox.c.bot, outbox.c.id,
      sqlite_where=text("finished_at IS NULL"),
      postgresql_where=text("finished_at IS NULL"))  # fmt: skip
Index("ix_outbox_message", outbox.c.channel, outbox.c.bot, outbox.c.chat, outbox.c.message)
Index("ix_outbox_question", outbox.c.question)
Index("ix_outbox_edits", outbox.c.edits)
Index("ix_outbox_finished_at", outbox.c.finished_at)
Index("ix_outbox_content", outbox.c.content)
# A part of a digest is there once, whoever plans it.
Index("uq_outbox_part", outbox.c.subscription, outbox.c.period, outbox.c.part, unique=True)

offers = Table(
    "offer",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    # What it does as it stands, as JSON; empty where the text is read.
    Column("command", Text, nullable=False, server_default=""),
)
Index("ix_offer_chat", offers.c.channel, offers.c.chat)
Index("ix_offer_made_at", offers.c.made_at)

talks = Table(
    "talk",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("chat", String(128), primary_key=True),
    Column("topic", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("message", String(128), nullable=False),
    Column("conversation", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
Index("ix_talk_changed_at", talks.c.changed_at)

chats = Table(
    "chat",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("chat", String(128), primary_key=True),
    Column("language", String(16)),
    Column("gone_at", Moment),
    Column("reason", Text, nullable=False, server_default=""),
)

# What goes to many is stored once: a picture for ten thousand subscribers is one row.
contents = Table(
    "content",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("call", Text, nullable=False),
    Column("data", LargeBinary),
)

subscriptions = Table(
    "subscription",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("topic", String(128), nullable=False, server_default=""),
    Column("made_by", String(128), nullable=False),
    # The message that asked for it: one that is edited asks for something else in its place.
    Column("message", String(128), nullable=False, server_default=""),
    Column("target", String(128), nullable=False, server_default=""),
    Column("wishes", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("state", String(16), nullable=False, server_default="active"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("since", Moment, nullable=False),
    # When something is due next by the rhythm; without it there are only alerts.
    Column("next_at", Moment),
    # The moment that was last served: one that lies ahead tells that a clock was wrong.
    Column("served_at", Moment),
    # What the store held when the last digest was written: the next one tells what is new since.
    Column("watermark", BigInteger),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("state IN ('active', 'paused', 'stopped')", name="ck_subscription_state"),
    sqlite_autoincrement=True,
)
Index("ix_subscription_chat", subscriptions.c.channel, subscriptions.c.bot, subscriptions.c.chat)
Index(
    "ix_subscription_made_by", subscriptions.c.channel, subscriptions.c.bot, subscriptions.c.made_by
)
Index(
    "ix_subscription_next_at", subscriptions.c.channel, subscriptions.c.bot, subscriptions.c.next_at
)

claims = Table(
    "claim",
    metadata,
    Column(
        "subscription",
        _Id,
        ForeignKey("subscription.id", name="fk_claim_subscription", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("period", String(64), primary_key=True),
    Column("due", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("watermark", BigInteger, nullable=False),
    Column("claimed_at", Moment, nullable=False),
)
Index("ix_claim_claimed_at", claims.c.claimed_at)

# How far something has been looked through, such as the figures of which alerts were sent.
marks = Table(
    "mark",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Those who ever wrote to the bot. Accounts of one `identity` are one person's; without one it
# stands alone. `chat` is the
# private chat with the person, empty for one who only wrote in groups.
accounts = Table(
    "account",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("person", String(128), nullable=False),
    Column("chat", String(128), nullable=False, server_default=""),
    Column("identity", _Id),
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    Column("wrong_at", Moment),
    Column("met_at", Moment, nullable=False),
    UniqueConstraint("channel", "bot", "person", name="uq_account_person"),
    sqlite_autoincrement=True,
)
Index("ix_account_identity", accounts.c.identity)

# Codes that link two accounts, by their hash: who asked for one, and who used it.
link_codes = Table(
    "link_code",
    metadata,
    Column("key", String(64), primary_key=True),
    Column(
        "account",
        _Id,
        ForeignKey("account.id", name="fk_link_code_account", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "used_by", _Id, ForeignKey("account.id", name="fk_link_code_used_by", ondelete="CASCADE")
    ),
    Column("made_at", Moment, nullable=False),
)
Index("ix_link_code_account", link_codes.c.account)

# How many messages a bot was counted in a month, where a platform's plan has so many.
tallies = Table(
    "tally",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("bot", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("messages", Integer, nullable=False, server_default="0"),
)

# What a chat is told once and not again.
notices = Table(
    "notice",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("bot", String(64), primary_key=True),
    Column("chat", String(128), primary_key=True),
    Column("what", String(64), primary_key=True),
    Column("given_at", Moment, nullable=False),
)
Index("ix_notice_given_at", notices.c.given_at)

# Pictures and files that are fetched by address: `key` is the part of it that nobody can guess,
# `digest` their own hash.
pictures = Table(
    "picture",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
Index("ix_picture_digest", pictures.c.digest)
Index("ix_picture_expires_at", pictures.c.expires_at)
