"""What the bot remembers of chats: stored before it is answered, finished once, sent at most twice in doubt."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.chat_tables import chats, inbox, outbox
from db.chats import (
    Chats,
    Earlier,
    Finished,
    Offer,
    Outgoing,
    Place,
    Queued,
    Received,
    Remembered,
    Talked,
)
from db.sole import sole

NOW = datetime(2024, 3, 24, 8, 0, tzinfo=UTC)
HERE = ("telegram", "42")
PLACE = Place("7", "", "7")


def said(number: int, chat: str = "7") -> Received:
    return Received(str(number), chat, f'{{"update_id": {number}}}')


def call(text: str = "x", *, chat: str | None = "7", **more: object) -> Outgoing:
    return Outgoing({"text": text}, chat, 1, **more)  # type: ignore[arg-type]


async def asked(memory: Chats, number: int = 1, chat: str = "7") -> int:
    ((id, _),) = await memory.receive(*HERE, [said(number, chat)], NOW)
    return id


async def answered(
    memory: Chats, *calls: Outgoing, number: int = 1, **more: object
) -> list[Queued]:
    id = await asked(memory, number)
    await memory.begin(id)
    done = Finished("answered", calls=calls, place=PLACE, **more)  # type: ignore[arg-type]
    return await memory.finish(id, *HERE, done, NOW)


async def column(memory: Chats, what: object, where: object) -> object:
    async with memory.engine.connect() as connection:
        return await connection.scalar(select(what).where(where))  # type: ignore[call-overload]


# ------------------------------------------------------------ in


async def test_an_update_is_stored_once(memory: Chats) -> None:
    first = await memory.receive(*HERE, [said(1), said(2), said(1)], NOW)
    again = await memory.receive(*HERE, [said(2), said(3, "8")], NOW)
    other = await memory.receive("telegram", "43", [said(1)], NOW)
    assert [chat for _, chat in first] == ["7", "7"]
    assert [chat for _, chat in again] == ["8"]
    assert len(other) == 1
    assert await memory.waiting(*HERE) == first + again


async def test_each_beginning_counts_until_it_is_finished(memory: Chats) -> None:
    id = await asked(memory)
    for times in (1, 2, 3):
        begun = await memory.begin(id)
        assert begun is not None
        assert (begun.attempts, begun.raw, begun.received_at) == (times, '{"update_id": 1}', NOW)
    await memory.finish(id, *HERE, Finished("ignored"), NOW)
    assert await memory.begin(id) is None
    assert await memory.waiting(*HERE) == []


async def test_an_answer_is_there_whole_or_not_at_all(memory: Chats) -> None:
    id = await asked(memory)
    broken = Finished(
        "answered",
        calls=(call(),),
        offers=(Offer("k", "a"), Offer("k", "b")),
        place=PLACE,
        conversation={"a": 1},
    )
    with pytest.raises(IntegrityError):
        await memory.finish(id, *HERE, broken, NOW)
    assert await memory.unsent(*HERE, NOW) == []
    assert await memory.remembered("telegram", PLACE) == Remembered()
    assert await memory.waiting(*HERE) == [(id, "7")]


async def test_an_answer_is_given_once(memory: Chats) -> None:
    id = await asked(memory)
    done = Finished("answered", calls=(call(),), place=PLACE)
    assert len(await memory.finish(id, *HERE, done, NOW)) == 1
    assert await memory.finish(id, *HERE, done, NOW) == []
    assert len(await memory.unsent(*HERE, NOW)) == 1


async def test_the_text_of_a_question_is_erased_once_it_is_answered(memory: Chats) -> None:
    await answered(memory, call())
    assert await column(memory, inbox.c.raw, inbox.c.state == "answered") is None
    aside = await asked(memory, 2)
    await memory.finish(aside, *HERE, Finished("aside", "why"), NOW)
    await memory.prune(NOW + timedelta(hours=23))
    assert await column(memory, inbox.c.raw, inbox.c.id == aside) is not None
    await memory.prune(NOW + timedelta(hours=25))
    assert await column(memory, inbox.c.raw, inbox.c.id == aside) is None


# ------------------------------------------------------------ what is remembered


async def test_a_talk_belongs_to_a_person_in_a_topic_of_a_chat(memory: Chats) -> None:
    await answered(memory, message="10", conversation={"said": "hộ nghèo"}, language="en")
    assert await memory.remembered("telegram", PLACE) == Remembered(
        "en", {"said": "hộ nghèo"}, "10", NOW
    )
    assert await memory.remembered("telegram", Place("7", "", "8")) == Remembered("en")
    assert await memory.remembered("telegram", Place("7", "3", "7")) == Remembered("en")
    assert await memory.remembered("zalo", PLACE) == Remembered()


async def test_the_last_talk_of_a_topic_is_whosever_it_is(memory: Chats) -> None:
    for number, (person, topic) in enumerate((("7", ""), ("8", ""), ("9", "3")), start=1):
        id = await asked(memory, number, "-5")
        done = Finished("answered", place=Place("-5", topic, person), conversation={"said": number})
        await memory.finish(id, *HERE, done, NOW + timedelta(minutes=number))
    assert await memory.last_talk("telegram", "-5", "") == Talked(
        {"said": 2}, NOW + timedelta(minutes=2)
    )
    assert await memory.last_talk("telegram", "-5", "3") == Talked(
        {"said": 3}, NOW + timedelta(minutes=3)
    )
    assert await memory.last_talk("telegram", "-5", "4") is None
    assert await memory.last_talk("telegram", "-6", "") is None
    assert await memory.last_talk("zalo", "-5", "") is None


async def test_a_message_of_ours_leads_to_the_talk_after_its_answer(memory: Chats) -> None:
    async def arrived(queued: Queued, message: str) -> None:
        await memory.sending(queued.id, NOW)
        await memory.sent(queued.id, message, NOW)

    first, second = await answered(memory, call("a"), call("b"), message="10", after={"said": "a"})
    assert await memory.after(*HERE, "7", "98") is None  # neither part has arrived yet
    await arrived(first, "98")
    await arrived(second, "99")
    assert (
        await memory.after(*HERE, "7", "98")
        == await memory.after(*HERE, "7", "99")
        == {"said": "a"}
    )
    (edit,) = await answered(
        memory, call("c", edits=first.id), number=2, message="10", after={"said": "c"}
    )
    await arrived(edit, "98")
    assert await memory.after(*HERE, "7", "98") == {"said": "c"}
    (silent,) = await answered(memory, call("d"), number=3)
    await arrived(silent, "100")
    assert await memory.after(*HERE, "7", "100") is None
    assert await memory.after(*HERE, "7", "101") is None
    assert await memory.after(*HERE, "8", "98") is None
    assert await memory.after("telegram", "43", "7", "98") is None
    await memory.move(*HERE, "7", "-100")  # where another message may have the same id
    assert await memory.after(*HERE, "-100", "98") is None


async def test_an_edited_question_finds_its_answer_and_what_stood_before_it(memory: Chats) -> None:
    apart, first, _ = await answered(
        memory,
        call(chat=None),
        call("a"),
        call("b"),
        message="10",
        before={"said": "before"},
        conversation={},
    )
    assert apart.chat is None
    assert await memory.earlier(*HERE, "7", "10") == Earlier({"said": "before"}, first.id)
    assert await memory.earlier(*HERE, "7", "11") is None
    assert await memory.earlier(*HERE, "8", "10") is None
    await memory.sending(first.id, NOW)
    await memory.sent(first.id, "99", NOW)
    (edit,) = await answered(
        memory, call("c", edits=first.id), number=2, message="10", before={"said": "before"}
    )
    sending = await memory.sending(edit.id, NOW)
    assert sending is not None
    assert sending.edits == "99"
    assert await memory.earlier(*HERE, "7", "10") == Earlier({"said": "before"}, edit.id)


async def test_a_button_works_in_its_chat_for_sixty_days(memory: Chats) -> None:
    await answered(memory, call(), offers=(Offer("k1", "hộ nghèo 2022"),))
    offer = await memory.offered(*HERE, "7", "k1", NOW + timedelta(days=59))
    assert offer == Offer("k1", "hộ nghèo 2022")
    assert await memory.offered(*HERE, "7", "k1", NOW + timedelta(days=61)) is None
    assert await memory.offered(*HERE, "8", "k1", NOW) is None
    assert await memory.offered("telegram", "43", "7", "k1", NOW) is None
    assert await memory.offered(*HERE, "7", "?", NOW) is None


async def test_what_nobody_needs_is_forgotten(memory: Chats) -> None:
    (queued,) = await answered(memory, call(), offers=(Offer("k1", "a"),), conversation={"a": 1})
    await memory.sending(queued.id, NOW)
    await memory.sent(queued.id, "9", NOW)
    waiting = await asked(memory, 2)
    await memory.prune(NOW + timedelta(days=13))
    assert await column(memory, outbox.c.message, outbox.c.id == queued.id) == "9"
    await memory.prune(NOW + timedelta(days=100))
    assert await column(memory, outbox.c.id, outbox.c.id == queued.id) is None
    assert await memory.waiting(*HERE) == [(waiting, "7")]
    assert await memory.remembered("telegram", PLACE) == Remembered()
    assert await column(memory, func.count(), inbox.c.id != waiting) == 0


async def test_a_chat_that_moves_takes_everything_along(memory: Chats) -> None:
    (queued,) = await answered(
        memory,
        call(reply_to="10"),
        message="10",
        offers=(Offer("k1", "a"),),
        conversation={"a": 1},
        language="en",
    )
    waiting = await asked(memory, 2)
    for _ in range(2):
        await memory.move(*HERE, "7", "-100")
    assert await memory.waiting(*HERE) == [(waiting, "-100")]
    sending = await memory.sending(queued.id, NOW)
    assert sending is not None
    assert (sending.chat, sending.reply_to) == ("-100", "")
    assert await memory.offered(*HERE, "-100", "k1", NOW) == Offer("k1", "a")
    assert await memory.offered(*HERE, "7", "k1", NOW) is None
    assert await memory.remembered("telegram", Place("-100", "", "7")) == Remembered(
        "en", {"a": 1}, "", NOW
    )
    assert await memory.remembered("telegram", PLACE) == Remembered()


async def test_what_waits_for_a_chat_out_of_reach_is_not_sent(memory: Chats) -> None:
    (queued,) = await answered(memory, call())
    (other,) = await answered(memory, call(chat="8"), number=2)
    await memory.left(*HERE, "7", "bot was blocked", NOW)
    assert await memory.gone("telegram", "7") == "bot was blocked"
    assert await memory.unsent(*HERE, NOW) == [other]
    assert await memory.sending(queued.id, NOW) is None
    await memory.returned("telegram", "7")
    assert await memory.gone("telegram", "7") is None
    assert await column(memory, chats.c.reason, chats.c.chat == "7") == ""


# ------------------------------------------------------------ out


async def test_a_call_is_in_one_hand_at_a_time(memory: Chats) -> None:
    (queued,) = await answered(memory, call("a", data=b"png", topic="3", reply_to="10"))
    sending = await memory.sending(queued.id, NOW)
    assert sending is not None
    assert (sending.call, sending.data, sending.topic, sending.reply_to) == (
        {"text": "a"},
        b"png",
        "3",
        "10",
    )
    assert (sending.attempts, sending.edits) == (1, "")
    assert await memory.sending(queued.id, NOW) is None
    await memory.sent(queued.id, "99", NOW)
    assert await memory.sending(queued.id, NOW) is None
    assert await memory.unsent(*HERE, NOW) == []
    assert await column(memory, outbox.c.call, outbox.c.id == queued.id) is None


async def test_a_call_in_doubt_is_made_twice_and_never_a_third_time(memory: Chats) -> None:
    (queued,) = await answered(memory, call())
    await memory.sending(queued.id, NOW)
    await memory.unsure(queued.id, "timed out")
    assert await memory.unsent(*HERE, NOW) == [queued]
    second = await memory.sending(queued.id, NOW)
    assert second is not None
    assert second.attempts == 2
    await memory.unsure(queued.id, "timed out")
    assert await memory.unsent(*HERE, NOW) == []
    assert await column(memory, outbox.c.state, outbox.c.id == queued.id) == "unknown"


async def test_a_call_found_under_way_at_the_start_is_in_doubt(memory: Chats) -> None:
    (queued,) = await answered(memory, call())
    for attempts in (1, 2):
        sending = await memory.sending(queued.id, NOW)
        assert sending is not None
        assert sending.attempts == attempts
        assert await memory.unsent(*HERE, NOW) == ([queued] if attempts == 1 else [])


async def test_what_surely_did_not_arrive_does_not_count(memory: Chats) -> None:
    (queued,) = await answered(memory, call())
    for _ in range(5):
        sending = await memory.sending(queued.id, NOW)
        assert sending is not None
        assert sending.attempts == 1
        await memory.unsent_again(queued.id, "asked to wait")
    await memory.sending(queued.id, NOW)
    await memory.given_up(queued.id, "failed", "chat not found", NOW)
    assert await memory.unsent(*HERE, NOW) == []


async def test_what_comes_too_late_is_not_sent(memory: Chats) -> None:
    (queued,) = await answered(memory, call(chat=None, expires_at=NOW + timedelta(seconds=20)))
    assert await memory.sending(queued.id, NOW + timedelta(seconds=21)) is None
    assert await column(memory, outbox.c.state, outbox.c.id == queued.id) == "expired"


# ------------------------------------------------------------ two processes


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
async def test_a_locked_database_is_waited_for(memory: Chats) -> None:
    other = sqlite3.connect(memory.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    storing = asyncio.create_task(memory.receive(*HERE, [said(1)], NOW))
    await asyncio.sleep(0.3)
    assert not storing.done()
    other.execute("COMMIT")
    other.close()
    assert len(await asyncio.wait_for(storing, 15)) == 1


async def test_many_writers_take_turns(memory: Chats) -> None:
    ids = await memory.receive(*HERE, [said(number, str(number)) for number in range(30)], NOW)
    done = Finished("answered", calls=(call(),), place=PLACE)
    found = await asyncio.gather(*(memory.finish(id, *HERE, done, NOW) for id, _ in ids))
    assert len({queued.id for (queued,) in found}) == 30


async def test_one_process_at_a_time_serves_a_bot(
    memory: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    second = asyncio.Event()

    async def another() -> None:
        async with sole(memory.engine, "telegram-42", every=0.05):
            second.set()

    async with sole(memory.engine, "telegram-42") as held:
        assert await held()
        waiting = asyncio.create_task(another())
        await asyncio.sleep(0.2)
        assert not second.is_set()
        async with sole(memory.engine, "telegram-43"):
            pass
    await asyncio.wait_for(waiting, 2)
    assert caplog.text.count("Another process serves telegram-42") == 1
