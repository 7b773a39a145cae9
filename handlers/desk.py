"""Takes a question through reading, completing and answering, and keeps what the next may need."""

from __future__ import annotations

from dataclasses import replace

from db.store import Store
from handlers.answers import ANSWERS, choose
from handlers.answers.pages import on_one_page, on_page, standing, turned
from handlers.completing import complete, remember
from handlers.picking import Picker, Uptake
from handlers.question import (
    Answer,
    Asking,
    Context,
    Conversation,
    Order,
    Page,
    Question,
    Reading,
    Turn,
    Wants,
)
from handlers.reading import Reader
from handlers.reading.naming.lent import borrowed
from handlers.say import Say, say_in
from locales.vocabulary import vocabulary


class Desk:
    """Answers questions over one store. `home` is the place meant when none is named."""

    def __init__(self, store: Store, home: str | None = None) -> None:
        self.store = store
        self._home = home
        self._reader: Reader | None = None

    async def reader(self) -> Reader:
        """Give the reader over the catalogue as it is now."""
        catalogue = await self.store.refresh()
        if self._reader is None or self._reader.catalogue is not catalogue:
            lent = borrowed(await self.store.loans())
            self._reader = Reader(catalogue, vocabulary(), lent)
        return self._reader

    async def turn(self, text: str, before: Conversation, asking: Asking) -> Turn:
        """Answer one message and give what is remembered after it."""
        reader, say = await self.reader(), say_in(before.language)
        asking = replace(asking, home=self._home)
        picker = Picker(reader)
        pressed = Uptake(text, command=asking.command) if asking.command is not None else None
        uptake = pressed or picker.take_up(text, before, asking.today)
        if uptake.among:
            unclear = Question(Wants.CHOOSE, Reading(text=text), asking, reader.catalogue)
            answer = choose.among(unclear, uptake.among, say)
            return Turn(answer, replace(before, offered=uptake.among))
        context = before.context or Context()
        reading = _read(uptake, picker, reader, context, asking)
        question = await self._complete(reading, context, reader, asking)
        if uptake.doubt is None:
            answer = await self._answer(question, reader, say)
        else:
            doubted = replace(question, wants=Wants.CHOOSE, periods=reading.time.periods)
            answer = choose.ask(doubted, uptake.doubt, say)
        return Turn(answer, _after(answer, before, context))

    async def _complete(
        self, reading: Reading, context: Context, reader: Reader, asking: Asking
    ) -> Question:
        """Give the question that is asked; for another page, the one whose pages are shown."""
        if reading.wants is not Wants.PAGE or not context.again:
            return await complete(reading, context, reader.catalogue, asking, self.store)
        listed = reader.read(context.again, asking.today)
        question = await complete(listed, Context(), reader.catalogue, asking, self.store)
        return on_page(question, _page_after(context, reading))

    async def _answer(self, question: Question, reader: Reader, say: Say) -> Answer:
        """Answer in pages where it is long and words that stand alone ask for the others."""
        answer = await ANSWERS[question.wants](question, self.store, say)
        if answer.page == Page():
            return answer
        asked = answer.question
        for words in standing(asked, say):
            reading = reader.read(words, asked.asking.today)
            if await self._asks_the_same(reading, asked):
                return turned(answer, words, say)
        return await ANSWERS[question.wants](on_one_page(question), self.store, say)

    async def _asks_the_same(self, reading: Reading, asked: Question) -> bool:
        """Return whether words have the same answer as a question, without the talk before it."""
        other = await complete(reading, Context(), asked.catalogue, asked.asking, self.store)
        return _what(other) == _what(asked)


def _read(
    uptake: Uptake, picker: Picker, reader: Reader, context: Context, asking: Asking
) -> Reading:
    """Read a message; what was asked back about is read again, with what was said since."""
    done = _commanded(uptake, reader)
    if done is not None:
        return done
    if uptake.again:
        return picker.read(uptake, asking.today)
    indicators = reader.catalogue.indicators
    codes = context.doubt.shown[:1] if context.doubt is not None else context.indicators
    spoken_of = [indicators[code] for code in codes if code in indicators]
    return reader.read(uptake.text, asking.today, spoken_of, subscribing=context.subscribing)


def _commanded(uptake: Uptake, reader: Reader) -> Reading | None:
    """Give the reading of a button; None where it has no command that can be done still."""
    errand = uptake.command.errand(reader.catalogue) if uptake.command is not None else None
    if errand is None:
        return None
    about = errand.to if errand.to.scope else errand.which
    return Reading(
        text=uptake.text,
        wants=Wants.SUBSCRIPTION,
        indicators=about.indicators,
        categories=about.categories,
        regions=about.regions,
        errand=errand,
    )


def _after(answer: Answer, before: Conversation, context: Context) -> Conversation:
    """Give what is remembered: after "cảm ơn", what was offered before is the last in sight."""
    thanked = answer.kind == "greeting" and not answer.message.choices
    offered = before.offered if thanked else answer.message.choices
    doubt = context.doubt if thanked else answer.doubt
    kept = replace(remember(answer, context), doubt=doubt)
    return Conversation(kept, offered, answer.language or before.language)


def _page_after(context: Context, reading: Reading) -> int:
    """Give the page that is asked for: by its number, or from the one shown before."""
    listing = reading.listing
    return max(1, context.page + listing.step) if listing.page is None else listing.page


def _what(question: Question) -> tuple[object, ...]:
    """Give what decides the answer to a question, however it was asked."""
    subject = (question.wants, question.indicators, question.categories, question.periods)
    if question.wants is Wants.RANKING:  # of all places
        lowest_first = question.reading.listing.order is Order.ASC
        return *subject, lowest_first, question.reading.listing.limit
    return *subject, question.regions, question.held.figures, question.reading.targets.filter
