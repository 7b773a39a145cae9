"""Word of one figure as it comes: new, corrected, or short of its target."""

from __future__ import annotations

from db.facts import Figure, Vintage
from db.store import Store
from db.subscriptions import Alert, Wishes
from handlers.answers import figure as one_figure
from handlers.answers.lines import Sheet, source_note
from handlers.digest.news import news, was
from handlers.digest.page import Digest
from handlers.digest.scope import is_followed
from handlers.message import heading, line, message
from handlers.say import Say
from handlers.verdict import Status, status


async def alert(
    store: Store, vintage: Vintage, wishes: Wishes, *, say: Say, home: str | None
) -> Digest | None:
    """What is told of a vintage, against what was known before it was loaded; None where the wishes
    do not ask for it.

    A correction names the value before; one that settles what was preliminary or estimated is
    called an update. Of a target only that a result falls short of it is told, and only when it did
    not before.

    Raises:
        StoreError: the database fails.
    """
    if not is_followed(
        vintage.indicator, vintage.region, wishes, await store.refresh(), home, await store.places()
    ):
        return None
    series = [vintage.indicator], [vintage.region]
    now = await store.series(*series, watermark=vintage.load)
    then = await store.series(*series, watermark=vintage.load - 1)
    figure, before = _at(now, vintage), _at(then, vintage)
    if figure is None or figure.value is None:
        return None
    told = news([figure], [before] if before is not None else [])
    is_missed = status(figure) is Status.MISSED and (
        before is None or status(before) is not Status.MISSED
    )
    if vintage.asked and (told.new or told.corrected):
        return None  # the result that came with it tells the same
    kinds = {
        Alert.MISSED: is_missed,
        Alert.CORRECTED: bool(told.corrected),
        Alert.NEW: bool(told.new),
    }
    kind = next((each for each, is_so in kinds.items() if is_so and each in wishes.alerts), None)
    if kind is None:
        return None
    sheet = Sheet([figure])
    year_before = next((each for each in now if each.period == figure.period.years_before(1)), None)
    _, *blocks = one_figure.word(figure, year_before, say, sheet)
    if told.corrected and before is not None:
        sheet.add(before)
        blocks.insert(
            1, line(say.text("alert.before", value=was(before, say), day=say.day(before.published)))
        )
    is_settled = (
        kind is Alert.CORRECTED and before is not None and before.release is not figure.release
    )
    what = say.text("alert.settled" if is_settled else f"alert.{kind.value}")
    whole = message(heading(f"{what}: {say.title(figure)}"), *blocks, source_note([figure], say))
    return Digest(whole, vintage.load, tuple(sheet.figures), tuple(sheet.computed))


def _at(figures: tuple[Figure, ...], vintage: Vintage) -> Figure | None:
    return next((each for each in figures if each.period == vintage.period), None)
