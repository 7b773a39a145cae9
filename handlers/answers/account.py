"""One person on several platforms: a code that links her accounts, and to which of them her
subscriptions are sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.store import Store
from db.ties import Away, Linked, Ties
from handlers.linking import Linking
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.mood import Mood
from handlers.question import Answer, Question
from handlers.say import Say, say_in


async def answer(question: Question, _store: Store, say: Say) -> Answer:
    """Does what was asked of the person's accounts; only where nobody reads along."""
    linking, ties = question.reading.linking or Linking("link"), question.asking.ties
    if ties is None:
        return _said(question, line(say.text("account.nowhere")))
    if not ties.private:
        spoilt = None
        if linking.code:
            await ties.link(linking.code)
            spoilt = line(say.text("account.group.code"))
        return _said(question, line(say.text("account.group")), spoilt)
    if not linking.asked:
        return _only_spoken_of(question, linking, say)
    if linking.act == "bring":
        return await _brought(question, linking, ties, say)
    if linking.act == "unlink":
        if await ties.unlink():
            return _said(
                question,
                heading(say.text("account.unlinked")),
                line(say.text("account.unlinked.stay")),
            )
        return _said(question, line(say.text("account.alone")), choices=[_to_link(say)])
    return await (
        _linked(question, linking, ties, say) if linking.code else _code(question, ties, say)
    )


def _only_spoken_of(question: Question, linking: Linking, say: Say) -> Answer:
    """Do nothing, and offer what may be meant, to be confirmed."""
    if linking.mood is Mood.NEGATED:
        return _said(question, line(say.text("account.kept")))
    return _said(question, line(say.text("subscription.confirm")), choices=[_to_do(linking, say)])


def _to_do(linking: Linking, say: Say) -> Choice:
    if linking.act == "unlink":
        return Choice(say.text("offer.account.unlink"), say.asking.text("ask.account.unlink"))
    if linking.act == "bring":
        return _to_bring(linking.channel, say) if linking.channel else _to_bring_here(say)
    words = f"{say.asking.text('ask.account.link')} {linking.code}".strip()
    return Choice(say.text("offer.account.link"), words)


async def _code(question: Question, ties: Ties, say: Say) -> Answer:
    """A code to be typed on the other platform; it stands alone on its line, to be copied."""
    code, others = await ties.code(), await ties.others()
    return _said(
        question,
        line(say.text("account.code")),
        line(Strong(code)),
        line(say.text("account.code.how", code=code)),
        note(say.text("account.others", channels=_names(others, say))) if others else None,
        choices=[Choice(say.text("offer.account.unlink"), say.asking.text("ask.account.unlink"))]
        if others
        else [],
    )


async def _linked(question: Question, linking: Linking, ties: Ties, say: Say) -> Answer:
    done = await ties.link(linking.code)
    if not isinstance(done, Linked):
        return _said(
            question, line(say.text(f"account.refused.{done.value}", code=linking.code.upper()))
        )
    spoken = say_in(done.language) if done.language else say
    same = "account.linked.same" if done.channel == ties.channel else "account.linked"
    blocks: list[Block] = [heading(spoken.text(same, channel=_name(done.channel, spoken)))]
    choices = [_to_list(spoken)]
    if done.subscriptions:
        blocks.append(line(spoken.text("account.here", count=done.subscriptions)))
        if done.channel != ties.channel:
            choices.append(_to_bring(done.channel, spoken))
    blocks.append(line(spoken.text("account.linked.both")))
    return _said(question, *blocks, choices=choices, language=done.language)


async def _brought(question: Question, linking: Linking, ties: Ties, say: Say) -> Answer:
    """All subscriptions come here, or go to the person's account on another platform."""
    channel, others = linking.channel or ties.channel, await ties.others()
    if channel == ties.channel and not others:
        return _said(question, line(say.text("account.alone")), choices=[_to_link(say)])
    count = await ties.bring(channel)
    if isinstance(count, Away):
        choices = [_to_link(say)] if count is Away.UNLINKED else []
        return _said(
            question,
            line(say.text(f"account.away.{count.value}", channel=_name(channel, say))),
            choices=choices,
        )
    if not count:
        return _said(question, line(say.text("subscription.none")))
    if channel == ties.channel:
        back = [_to_bring(each, say) for each in others if each != channel]
        return _said(
            question, line(say.text("account.here", count=count)), choices=[_to_list(say), *back]
        )
    moved = line(say.text("account.there", count=count, channel=_name(channel, say)))
    return _said(question, moved, choices=[_to_list(say), _to_bring_here(say)])


def _said(
    question: Question,
    *blocks: Block | None,
    choices: Sequence[Choice] = (),
    language: str | None = None,
) -> Answer:
    return Answer("account", question, message(*blocks, choices=choices), language=language)


def _name(channel: str, say: Say) -> str:
    return say.text(f"channel.name.{channel}")


def _names(channels: Sequence[str], say: Say) -> str:
    return say.listing([_name(each, say) for each in channels])


def _to_link(say: Say) -> Choice:
    return Choice(say.text("offer.account.link"), say.asking.text("ask.account.link"))


def _to_list(say: Say) -> Choice:
    return Choice(say.text("offer.account.list"), say.asking.text("ask.account.list"))


def _to_bring_here(say: Say) -> Choice:
    return Choice(say.text("offer.account.here"), say.asking.text("ask.account.here"))


def _to_bring(channel: str, say: Say) -> Choice:
    there = say.text("offer.account.there", channel=_name(channel, say))
    return Choice(there, say.asking.text("ask.account.there", channel=_name(channel, say.asking)))
