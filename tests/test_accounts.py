"""One person on two platforms: codes, whose accounts they link, and that her language and her digests come along."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from db.accounts import Accounts
from db.chat_tables import accounts, link_codes, outbox, subscriptions
from db.chats import Chats, Finished, Place, Received
from db.deliveries import Claim, Content, Deliveries, Kept, Planned
from db.identity import Account
from db.rhythm import Every, Rhythm
from db.subscriptions import Alert, State, Subscription, Wishes
from db.ties import DIGITS, LASTS, LETTERS, TRIES, Away, Linked, Refusal, as_code

NOW = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)  # 8:00 in Hà Nội on the day that is usual
LINDA = Account("telegram", "42", "7", "7")
LAN = Account("zalo", "z", "u7", "u7")
LAN_TOO = Account("telegram", "42", "17", "17")
OTHER = Account("zalo", "z", "u8", "u8")
MONTHLY, WEEKLY = Wishes(), Wishes(Rhythm(Every.WEEK, 1))
FOLLOWS = Wishes(rhythm=None, alerts=frozenset({Alert.NEW}))


class Office:
    """What is stored of persons and of what they are sent."""

    def __init__(self, memory: Chats) -> None:
        self.memory = memory
        self.accounts, self.deliveries = Accounts(memory.turns), Deliveries(memory.turns)
        self._number = 0

    async def wrote(self, who: Account, *, language: str | None = None, group: str = "") -> None:
        self._number += 1
        ((id, _),) = await self.memory.receive(
            who.channel, who.bot, [Received(str(self._number), who.chat, "{}")], NOW
        )
        place = Place(group or who.chat, "", who.person)
        done = Finished("answered", place=place, language=language, private=not group)
        await self.memory.finish(id, who.channel, who.bot, done, NOW)

    async def link(self, giver: Account, typer: Account, now: datetime = NOW) -> Linked:
        linked = await self.accounts.link(typer, await self.accounts.code(giver, now), now)
        assert isinstance(linked, Linked)
        return linked

    async def subscribe(self, who: Account, wishes: Wishes = MONTHLY, **more: Any) -> int:
        new = Subscription(-1, wishes, NOW - timedelta(days=10), **more)
        (id,) = await self.deliveries.keep(
            who.channel, who.bot, [Kept(new, who.chat, "", who.person)], NOW - timedelta(days=10)
        )
        return id

    async def listed(self, who: Account) -> dict[int, str]:
        """The ids of what a person sees, with where else it is sent."""
        found = await self.deliveries.subscriptions(who.channel, who.bot, who.chat, "", who.person)
        return {each.id: each.elsewhere for each in found}

    async def spoken(self, who: Account) -> str | None:
        return (await self.memory.remembered(who.channel, Place(who.chat, "", who.person))).language

    async def plan(
        self, who: Account, id: int, period: str = "2026-11", due: datetime = NOW, parts: int = 2
    ) -> list[Planned]:
        """What the loop of a channel does for a subscription as it finds it."""
        each = await self.deliveries.subscription(id)
        assert each is not None
        content = {name: Content({"text": name}) for name in ("words", "picture")[:parts]}
        shared = {each.key: each for each in content.values()}
        rhythm = each.wishes.rhythm
        next_at = rhythm.next(due) if rhythm and not period.startswith("alert") else None
        claim = Claim(id, each.since, period, due, 7, tuple(shared), next_at=next_at)
        return await self.deliveries.plan(who.channel, who.bot, [claim], shared, NOW)

    async def due(self, who: Account, now: datetime = NOW) -> list[int]:
        return [
            each.subscription.id for each in await self.deliveries.due(who.channel, who.bot, now)
        ]

    async def parts(self) -> list[tuple[str, str]]:
        found = select(outbox.c.chat, outbox.c.state).order_by(outbox.c.id)
        rows = await self.memory.turns.read(lambda connection: connection.execute(found))
        return [(row.chat, row.state) for row in rows]

    async def identities(self) -> dict[str, int | None]:
        found = select(accounts.c.person, accounts.c.identity)
        return {
            row.person: row.identity
            for row in await self.memory.turns.read(lambda connection: connection.execute(found))
        }


@pytest.fixture
def office(memory: Chats) -> Office:
    return Office(memory)


# ------------------------------------------------------------ who wrote


async def test_whoever_writes_is_counted_once(office: Office) -> None:
    for who in (LINDA, LINDA, LAN_TOO, LAN):
        await office.wrote(who)
    assert await office.accounts.met("telegram", "42") == 2
    assert await office.accounts.met("zalo", "z") == 1
    assert await office.accounts.met("zalo", "another bot") == 0


async def test_a_private_chat_is_known_once_somebody_writes_there(office: Office) -> None:
    await office.wrote(LINDA, group="-5")
    await office.wrote(
        Account("telegram", "42", "-5", "-5"), group="-5"
    )  # an admin who hides behind the group
    assert await office.identities() == {"7": None}
    await office.link(LINDA, LAN)
    assert await office.accounts.others(LAN) == [LINDA]
    await office.wrote(LINDA, group="-5")
    assert await office.accounts.others(LAN) == [LINDA]


# ------------------------------------------------------------ codes


def test_no_letter_of_a_code_looks_like_another_or_takes_a_mark() -> None:
    assert not set("0O1ILZS5B8" + "AEIOUYDW" + "QT") & set(LETTERS + DIGITS)
    assert len(set(LETTERS + DIGITS)) == 18


async def test_every_code_is_read_as_one_however_it_is_typed(office: Office) -> None:
    codes = {await office.accounts.code(LINDA, NOW) for _ in range(30)}
    assert len(codes) > 25
    for code in codes:
        for typed in (
            code.lower(),
            f"{code[:3]} {code[3:]}",
            f"{code[:2]}-{code[2:4]}-{code[4:]}",
            " ".join(code),
        ):
            assert as_code(typed) == code


@given(
    st.text(alphabet=LETTERS + LETTERS.lower() + " ", max_size=8)
    | st.text(alphabet=DIGITS + " ", max_size=8)
)
def test_words_and_numbers_are_no_codes(text: str) -> None:
    assert as_code(text) is None


async def test_a_code_works_once(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    assert await office.accounts.link(LAN, code.lower(), NOW) == Linked("telegram", 0)
    assert await office.accounts.link(OTHER, code, NOW) is Refusal.USED
    assert await office.accounts.link(LINDA, code, NOW) is Refusal.USED
    assert await office.accounts.others(OTHER) == []


async def test_who_types_a_code_again_gets_the_same_answer(office: Office) -> None:
    await office.subscribe(LINDA)
    code = await office.accounts.code(LINDA, NOW)
    first = await office.accounts.link(LAN, code, NOW)
    assert first == Linked("telegram", 1)
    assert await office.accounts.link(LAN, code, NOW + timedelta(hours=1)) == first
    await office.accounts.unlink(LAN, NOW)
    assert await office.accounts.link(LAN, code, NOW) is Refusal.USED


async def test_a_code_lapses(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    assert await office.accounts.link(LAN, code, NOW + LASTS) is Refusal.LAPSED
    assert isinstance(
        await office.accounts.link(LAN, code, NOW + LASTS - timedelta(seconds=1)), Linked
    )


async def test_a_new_code_ends_the_one_before(office: Office) -> None:
    first, other = await office.accounts.code(LINDA, NOW), await office.accounts.code(OTHER, NOW)
    second = await office.accounts.code(LINDA, NOW)
    assert await office.accounts.link(LAN, first, NOW) is Refusal.LAPSED
    assert isinstance(await office.accounts.link(LAN, second, NOW), Linked)
    assert isinstance(await office.accounts.link(LAN, other, NOW), Linked)


async def test_ones_own_code_links_nothing_and_still_works(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    assert await office.accounts.link(LINDA, code, NOW) is Refusal.OWN
    assert isinstance(await office.accounts.link(LAN, code, NOW), Linked)


async def test_a_code_that_others_saw_is_worthless(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    await office.accounts.end(code.lower(), NOW)
    assert await office.accounts.link(LAN, code, NOW) is Refusal.LAPSED


async def test_who_guesses_waits(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    wrong = "CCCCC2" if code != "CCCCC2" else "CCCCC3"
    for second in range(TRIES):
        assert (
            await office.accounts.link(LAN, wrong, NOW + timedelta(seconds=second))
            is Refusal.UNKNOWN
        )
    assert await office.accounts.link(LAN, code, NOW + timedelta(minutes=9)) is Refusal.WAIT
    assert isinstance(await office.accounts.link(OTHER, code, NOW + timedelta(minutes=9)), Linked)
    code = await office.accounts.code(LINDA, NOW + LASTS)
    assert isinstance(await office.accounts.link(LAN, code, NOW + LASTS), Linked)


async def test_wrong_codes_are_forgotten_after_a_while(office: Office) -> None:
    for minute in range(0, 40, 4):
        assert (
            await office.accounts.link(LAN, "CCCCC2", NOW + timedelta(minutes=minute))
            is Refusal.UNKNOWN
        )


async def test_a_code_is_kept_as_a_hash_and_not_for_ever(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    found = select(link_codes.c.key)
    (key,) = await office.memory.turns.read(lambda connection: connection.scalars(found))
    assert code not in key
    assert len(key) == 64
    await office.memory.prune(NOW + timedelta(days=2))
    assert await office.accounts.link(LAN, code, NOW) is Refusal.UNKNOWN


async def test_of_two_who_type_a_code_at_once_one_wins(office: Office) -> None:
    code = await office.accounts.code(LINDA, NOW)
    came = await asyncio.gather(
        office.accounts.link(LAN, code, NOW), office.accounts.link(OTHER, code, NOW)
    )
    assert sorted(type(each).__name__ for each in came) == ["Linked", "Refusal"]
    assert Refusal.USED in came
    assert len(await office.accounts.others(LINDA)) == 1


# ------------------------------------------------------------ identities


async def test_more_than_two_accounts_and_two_persons_become_one(office: Office) -> None:
    third = Account("zalo", "z", "u9", "u9")
    await office.link(LINDA, LAN)
    await office.link(LAN_TOO, third)
    assert len({*(await office.identities()).values()}) == 2
    await office.link(third, LAN)
    assert len({*(await office.identities()).values()}) == 1
    assert set(await office.accounts.others(LAN_TOO)) == {LINDA, LAN, third}


async def test_one_who_leaves_stands_alone_and_no_strangers_become_one(office: Office) -> None:
    assert not await office.accounts.unlink(LINDA, NOW)
    await office.link(LINDA, LAN)
    await office.link(LINDA, LAN_TOO)
    assert await office.accounts.unlink(LINDA, NOW)
    assert await office.accounts.others(LINDA) == []
    assert await office.accounts.others(LAN) == [LAN_TOO]
    await office.link(LINDA, OTHER)  # the identity that began with her account is no longer hers
    assert await office.accounts.others(LAN) == [LAN_TOO]
    assert await office.accounts.others(OTHER) == [LINDA]
    assert await office.accounts.unlink(LAN, NOW)
    assert (await office.identities())["17"] is None


async def test_many_who_link_at_once_are_all_linked(office: Office) -> None:
    row = [Account("zalo", "z", f"u{number}", f"u{number}") for number in range(8)]
    codes = [await office.accounts.code(each, NOW) for each in row]
    came = await asyncio.gather(
        *(
            office.accounts.link(typer, code, NOW)
            for typer, code in zip([*row[1:], row[0]], codes, strict=True)
        )
    )
    assert all(isinstance(each, Linked) for each in came)
    assert len(await office.accounts.others(row[3])) == 7


# ------------------------------------------------------------ language


@pytest.mark.parametrize(
    ("giver", "typer", "wanted"),
    [("en", "vi", "en"), ("en", None, "en"), (None, "en", "en"), (None, None, None)],
)
async def test_the_language_of_the_one_who_asked_for_the_code(
    office: Office, giver: str | None, typer: str | None, wanted: str | None
) -> None:
    await office.wrote(LINDA, language=giver)
    await office.wrote(LAN, language=typer)
    assert (await office.link(LINDA, LAN)).language == wanted
    assert [await office.spoken(LINDA), await office.spoken(LAN)] == [wanted, wanted]


async def test_a_language_chosen_in_one_private_chat_counts_in_the_others(office: Office) -> None:
    await office.link(LINDA, LAN)
    await office.wrote(LAN, language="en")
    assert await office.spoken(LINDA) == "en"
    await office.wrote(LINDA, language="vi")
    assert await office.spoken(LAN) == "vi"
    await office.wrote(LINDA, language="en", group="-5")
    assert await office.spoken(LAN) == "vi"
    await office.accounts.unlink(LAN, NOW)
    await office.wrote(LINDA, language="en")
    assert await office.spoken(LAN) == "vi"


# ------------------------------------------------------------ subscriptions


async def test_subscriptions_are_one_list(office: Office) -> None:
    await office.link(LAN, LINDA)
    one, two = await office.subscribe(LINDA), await office.subscribe(LAN, WEEKLY)
    channel = await office.subscribe(Account("telegram", "42", "7", "-100"), target="@so_lao_dong")
    await office.subscribe(OTHER)
    assert await office.listed(LINDA) == {one: "", two: "zalo", channel: ""}
    assert await office.listed(LAN) == {one: "telegram", two: ""}
    await office.accounts.unlink(LAN, NOW)
    assert await office.listed(LAN) == {two: ""}


async def test_what_is_changed_from_the_other_side_is_changed(office: Office) -> None:
    await office.link(LAN, LINDA)
    id = await office.subscribe(LINDA)
    each = await office.deliveries.subscription(id)
    assert each is not None
    changed = Subscription(id, WEEKLY, NOW, State.PAUSED)
    await office.deliveries.keep(
        LAN.channel, LAN.bot, [Kept(changed, LAN.chat, "", LAN.person)], NOW
    )
    found = await office.deliveries.subscription(id)
    assert found is not None
    assert (found.wishes, found.state) == (WEEKLY, State.PAUSED)
    assert await office.listed(LINDA) == {id: ""}


async def test_what_the_one_who_asked_had_subscribed_comes_along(office: Office) -> None:
    one, two = await office.subscribe(LINDA), await office.subscribe(LINDA, WEEKLY)
    group = await office.subscribe(Account("telegram", "42", "7", "-5"), WEEKLY)
    channel = await office.subscribe(Account("telegram", "42", "7", "-100"), target="@so_lao_dong")
    own = await office.subscribe(LAN, FOLLOWS)
    assert await office.link(LINDA, LAN) == Linked("telegram", 3)
    assert await office.listed(LAN) == {one: "", two: "", own: ""}
    assert await office.due(LAN) == [one, two]
    assert await office.due(LINDA) == [group, channel]


async def test_they_go_where_they_are_wanted_and_back(office: Office) -> None:
    one, two = await office.subscribe(LINDA), await office.subscribe(LAN, WEEKLY)
    await office.link(LINDA, LAN)
    assert await office.accounts.bring(LAN, "telegram", NOW) == 2
    assert await office.listed(LINDA) == {one: "", two: ""}
    assert await office.accounts.bring(LAN, "zalo", NOW) == 2
    assert await office.listed(LAN) == {one: "", two: ""}
    assert await office.accounts.bring(OTHER, "telegram", NOW) is Away.UNLINKED
    assert await office.listed(OTHER) == {}


async def test_nothing_goes_where_the_bot_was_shut_out(office: Office) -> None:
    id = await office.subscribe(LINDA)
    await office.link(LINDA, LAN)
    await office.memory.left("telegram", "42", LINDA.chat, "blocked", NOW)
    assert await office.accounts.bring(LAN, "telegram", NOW) is Away.SHUT
    assert await office.listed(LAN) == {id: ""}
    await office.memory.returned("telegram", LINDA.chat)
    assert await office.accounts.bring(LAN, "telegram", NOW) == 1


async def test_two_that_wait_for_each_other_both_come_to_their_end(office: Office) -> None:
    """PostgreSQL ends one of two transactions that hold what the other wants; its work is done again."""
    await office.wrote(LINDA)
    await office.wrote(LAN)
    hold = asyncio.Barrier(2)
    begun = 0

    async def meet(first: str, second: str) -> None:
        async def work(connection: Any) -> None:
            nonlocal begun
            await connection.execute(
                update(accounts).where(accounts.c.person == first).values(wrong_codes=1)
            )
            begun += 1
            if begun <= 2 and office.memory.engine.dialect.name == "postgresql":
                await hold.wait()
            await connection.execute(
                update(accounts).where(accounts.c.person == second).values(wrong_codes=2)
            )

        await office.memory.turns.write(work)

    await asyncio.gather(meet("7", "u7"), meet("u7", "7"))
    assert begun == (3 if office.memory.engine.dialect.name == "postgresql" else 2)


async def test_of_two_that_are_the_same_one_is_left(office: Office) -> None:
    third = Account("zalo", "z", "u9", "u9")
    elsewhere = await office.subscribe(third, WEEKLY)
    paused = await office.subscribe(LAN, state=State.PAUSED)
    one = await office.subscribe(LINDA)
    later = await office.subscribe(LAN, Wishes(Rhythm(Every.WEEK, 3), full=True))
    follows, digest = (
        await office.subscribe(LINDA, FOLLOWS),
        await office.subscribe(LINDA, Wishes(categories=("tre-em",))),
    )
    await office.plan(third, elsewhere, "2026-W44")
    await office.link(third, LINDA)
    assert await office.listed(LINDA) == {elsewhere: "", one: "", follows: "", digest: ""}
    assert (await office.link(LINDA, LAN)).subscriptions == 4
    assert await office.listed(LAN) == {elsewhere: "", one: "", follows: "", digest: ""}
    assert [await office.deliveries.subscription(each) for each in (paused, later)] == [None, None]


async def test_what_waits_for_one_that_is_ended_is_not_sent(office: Office) -> None:
    stays, ends = await office.subscribe(LINDA), await office.subscribe(LAN)
    first, _ = await office.plan(LAN, ends)
    await office.link(LINDA, LAN)
    assert await office.listed(LAN) == {stays: ""}
    assert await office.parts() == [("u7", "failed"), ("u7", "failed")]
    assert await office.memory.sending(first.id, NOW) is None
    assert await office.due(LAN) == [stays]


async def test_a_digest_that_nobody_tried_to_send_is_written_anew_and_once(office: Office) -> None:
    id = await office.subscribe(LINDA)
    await office.plan(LINDA, id, "2026-10", NOW - timedelta(days=31))
    await office.memory.turns.write(
        lambda connection: connection.execute(update(outbox).values(state="sent", finished_at=NOW))
    )
    await office.plan(LINDA, id)
    await office.link(LINDA, LAN)
    assert await office.parts() == [("7", "sent"), ("7", "sent")]
    (served,) = await office.deliveries.due(LAN.channel, LAN.bot, NOW)
    assert (served.subscription.id, served.watermark) == (id, 7)
    found = select(subscriptions.c.served_at)
    assert await office.memory.turns.read(
        lambda connection: connection.scalar(found)
    ) == NOW - timedelta(days=31)
    assert len(await office.plan(LAN, id)) == 2
    assert (await office.parts())[2:] == [("u7", "waiting"), ("u7", "waiting")]
    assert await office.due(LAN) == []


@pytest.mark.parametrize("state", ["sending", "sent", "unknown", "failed"])
async def test_a_digest_on_its_way_stays_on_it(office: Office, state: str) -> None:
    id = await office.subscribe(LINDA)
    first, _ = await office.plan(LINDA, id)
    await office.memory.sending(first.id, NOW)
    await office.memory.turns.write(
        lambda connection: connection.execute(
            update(outbox).where(outbox.c.id == first.id).values(state=state)
        )
    )
    await office.link(LINDA, LAN)
    assert await office.parts() == [("7", state), ("7", "waiting")]
    assert await office.due(LAN) == []
    assert await office.due(LAN, NOW + timedelta(days=31)) == [id]


async def test_an_alert_that_waits_is_not_lost(office: Office) -> None:
    id = await office.subscribe(LINDA, FOLLOWS)
    await office.plan(LINDA, id, "alert 3 abc")
    await office.link(LINDA, LAN)
    assert await office.parts() == [("7", "waiting"), ("7", "waiting")]


async def test_what_was_written_for_the_old_chat_meanwhile_is_not_queued(office: Office) -> None:
    id = await office.subscribe(LINDA)
    (served,) = await office.deliveries.due(LINDA.channel, LINDA.bot, NOW)
    await office.link(LINDA, LAN)
    each, content = served.subscription, Content({"text": "words"})
    claim = Claim(
        id, each.since, "2026-11", NOW, 7, (content.key,), next_at=NOW + timedelta(days=30)
    )
    assert (
        await office.deliveries.plan(LINDA.channel, LINDA.bot, [claim], {content.key: content}, NOW)
        == []
    )
    await office.deliveries.reckon([(each, NOW + timedelta(days=30))])
    assert await office.due(LAN) == [id]


async def test_what_was_stopped_is_served_where_it_arrives(office: Office) -> None:
    stopped = await office.subscribe(LINDA)
    await office.deliveries.stop(LINDA.channel, LINDA.bot, LINDA.chat, "", "blocked")
    paused = await office.subscribe(LINDA, WEEKLY, state=State.PAUSED)
    await office.link(LINDA, LAN)
    found = [await office.deliveries.subscription(each) for each in (stopped, paused)]
    assert [each and (each.state, each.reason) for each in found] == [
        (State.ACTIVE, ""),
        (State.PAUSED, ""),
    ]
    assert await office.due(LAN) == []
    assert await office.due(LAN, NOW + timedelta(days=31)) == [stopped]
