"""What an admin is told of deliveries: who receives, what was sent, what failed and why, what she
must decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO
from zoneinfo import ZoneInfo

from bot.channels import Plan
from db.deliveries import Deliveries, Part, Standing
from db.rhythm import HOME_ZONE
from db.subscriptions import State
from handlers.say import Say, say_in

NOTHING_OPEN = 1


@dataclass(frozen=True, slots=True)
class Use:
    """What a bot has used of its platform's plan in a month (2026-11)."""

    channel: str
    month: str
    spent: int
    users: int
    plan: Plan


def report(standing: Standing, uses: Sequence[Use], out: IO[str]) -> None:
    """Writes how deliveries stand, and what is used of plans."""
    say = say_in("vi")
    out.writelines(
        f"{each}\n" for each in [*_lines(standing, say), *(_used(each, say) for each in uses)]
    )


def _used(use: Use, say: Say) -> str:
    year, month = use.month.split("-")
    return say.text(
        "status.plan",
        channel=say.text(f"channel.name.{use.channel}"),
        month=f"{int(month)}/{year}",
        spent=say.number(Decimal(use.spent)),
        messages=say.number(Decimal(use.plan.messages)),
        reserve=say.number(Decimal(use.plan.reserve)),
        users=say.number(Decimal(use.users)),
        most=say.number(Decimal(use.plan.users)),
    )


async def settled(deliveries: Deliveries, number: int, what: str, out: IO[str]) -> int:
    """Settles a part in doubt, says so, and gives the exit code."""
    done = await deliveries.settle(number, arrived=what == "sent", now=datetime.now(UTC))
    key = f"settle.{what}" if done else "settle.none"
    out.write(say_in("vi").text(key, id=str(number)) + "\n")
    return 0 if done else NOTHING_OPEN


def _lines(standing: Standing, say: Say) -> list[str]:
    counts = standing.subscriptions
    if not any(counts.values()) and not standing.parts:
        return [say.text("status.nobody")]
    states = {state.value: str(counts[state]) for state in State}
    lines = [say.text("status.subscriptions", **states)]
    lines += [
        say.text("status.reason", reason=reason, count=count)
        for reason, count in standing.stopped.items()
    ]
    if standing.rounds:
        lines.append(say.text("status.rounds"))
    for each in standing.rounds:
        local = each.due.astimezone(ZoneInfo(HOME_ZONE))
        key = "status.round.late" if each.late else "status.round"
        lines.append(
            say.text(
                key,
                hour=f"{local:%H:%M}",
                day=say.day(local.date()),
                count=each.count,
                late=each.late,
            )
        )
    if standing.overdue:
        lines.append(say.text("status.overdue", count=standing.overdue))
    parts = standing.parts
    waiting = sum(parts.get(state, 0) for state in ("waiting", "sending"))
    sent, unknown, failed = (parts.get(state, 0) for state in ("sent", "unknown", "failed"))
    lines.append(
        say.text("status.parts", sent=sent, waiting=waiting, unknown=unknown, failed=failed)
    )
    lines += [
        say.text("status.reason", reason=_why(reason, say), count=count)
        for reason, count in standing.reasons.items()
    ]
    for key, found in (
        ("status.failed", standing.failed),
        ("status.unknown", standing.unknown),
        ("status.open", standing.open),
    ):
        if found:
            lines += [say.text(key), *(_part(each, say) for each in found)]
    if standing.open:
        lines.append(say.text("status.settle"))
    return lines


def _part(part: Part, say: Say) -> str:
    return say.text(
        "status.part",
        id=str(part.id),
        subscription=str(part.subscription),
        period=say.text("status.alert") if part.period.startswith("alert ") else part.period,
        chat=part.chat,
        reason=_why(part.reason, say),
    )


def _why(reason: str, say: Say) -> str:
    """A reason in words where it is one of ours; a platform's own as that gave it."""
    key = f"status.why.{reason}"
    return say.text(key) if say.knows(key) else reason
