"""Takes a question, fills its gaps or asks back, and has it answered; nobody else guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.facts import Catalogue, Figure, Indicator, Period, Region, UnitKind, latest
from db.store import Store
from handlers.answers import ANSWERS, choose
from handlers.answers.pages import on_one_page, on_page, standing, turned
from handlers.picking import Picker
from handlers.question import (
    Answer,
    Asking,
    Context,
    Conversation,
    Holdings,
    Order,
    Origin,
    Page,
    Question,
    Reading,
    Turn,
    Wants,
)
from handlers.reading import Reader
from handlers.say import Say, say_in
from handlers.territory import home_region, of_its_time
from handlers.verdict import Status, status
from locales.vocabulary import vocabulary

SURE = 0.40
"""A claim from which it is worth asking back which indicator is meant, rather than saying that
nothing was understood.
"""


class Desk:
    """Answers questions over one store. `home` is the name of the place meant when none is named."""

    def __init__(self, store: Store, home: str | None = None) -> None:
        self.store = store
        self._home = home
        self._reader: Reader | None = None

    async def reader(self) -> Reader:
        """The reader over the catalogue as it is now."""
        catalogue = await self.store.refresh()
        if self._reader is None or self._reader.catalogue is not catalogue:
            self._reader = Reader(catalogue, vocabulary())
        return self._reader

    async def turn(
        self,
        text: str,
        before: Conversation,
        asking: Asking,
    ) -> Turn:
        """Answer one message and give what is remembered after it."""
        reader = await self.reader()
        catalogue = reader.catalogue
        picker = Picker(reader)
        uptake = picker.take_up(text, before, asking.today)
        if uptake.among:
            question = Question(
                wants=Wants.CHOOSE,
                reading=Reading(text=text),
                asking=asking,
                catalogue=catalogue,
            )
            answer = choose.among(question, uptake.among, say_in(before.language))
            return Turn(answer, replace(before, offered=uptake.among))
        context = before.context or Context()
        kin = [
            catalogue.indicators[code]
            for code in context.indicators
            if code in catalogue.indicators
        ]
        if uptake.again:
            reading = picker.read(uptake, asking.today)
        else:
            reading = reader.read(uptake.text, asking.today, kin, subscribing=context.subscribing)
        asking = replace(asking, home=self._home)
        if reading.wants == Wants.PAGE and context.again:
            question = await self._complete(
                reader.read(context.again, asking.today), Context(), catalogue, asking
            )
            question = on_page(question, _page_after(context, reading))
        else:
            question = await self._complete(reading, context, catalogue, asking)
        say = say_in(before.language)
        if uptake.doubt is not None:
            question = replace(question, wants=Wants.CHOOSE, periods=reading.time.periods)
            answer = choose.ask(question, uptake.doubt, say)
        else:
            answer = await self._answer(question, reader, say)
        offered = answer.message.choices
        if (
            answer.kind == "greeting" and not offered
        ):  # after "cảm ơn" the list before it is still the last in sight
            offered = before.offered
        doubt = context.doubt if offered is before.offered else answer.doubt
        kept = replace(remember(answer, context), doubt=doubt)
        after = Conversation(kept, offered, answer.language or before.language)
        return Turn(answer, after)

    async def _answer(self, question: Question, reader: Reader, say: Say) -> Answer:
        """The answer, in pages where it is long and words that stand alone ask for the others."""
        answer = await ANSWERS[question.wants](question, self.store, say)
        if answer.page == Page():
            return answer
        asked = answer.question
        for words in standing(asked, say):
            reading = reader.read(words, asked.asking.today)
            if _same(
                asked,
                await self._complete(reading, Context(), asked.catalogue, asked.asking),
            ):
                return turned(answer, words, say)
        return await ANSWERS[question.wants](on_one_page(question), self.store, say)

    # ------------------------------------------------------------ filling the gaps

    async def _complete(
        self,
        reading: Reading,
        context: Context,
        catalogue: Catalogue,
        asking: Asking,
    ) -> Question:
        """The question that a reading asks, over the talk before it."""
        nothing = (
            reading.wants is None and not reading.rest.content
        )  # and so no figure is asked for
        question = Question(
            wants=Wants.NOT_UNDERSTOOD if nothing else reading.wants or Wants.FIGURE,
            reading=reading,
            asking=asking,
            catalogue=catalogue,
        )
        if question.wants in (Wants.PAGE, Wants.ACCOUNT):  # a page where there was no long answer
            return question
        if question.wants == Wants.SUBSCRIPTION:
            said = Origin(
                "said" if reading.indicators else None, "said" if reading.regions else None
            )
            return replace(
                question,
                indicators=reading.indicators,
                categories=reading.categories,
                regions=reading.regions,
                origin=said,
            )
        question = self._indicators(question, context)
        if question.wants in (
            Wants.HELP,
            Wants.GREETING,
            Wants.SETTINGS,
            Wants.NOT_UNDERSTOOD,
            Wants.CHOOSE,
        ):
            return replace(
                question, periods=reading.time.periods if question.wants == Wants.CHOOSE else ()
            )
        if question.wants == Wants.CATALOGUE:
            return question
        question = await self._places(question, context)
        if question.wants == Wants.CHOOSE_PLACE:
            return question
        question = self._periods(question, context)
        if question.wants in (Wants.OVERVIEW, Wants.TARGETS) and not question.indicators:
            return await self._over_period(question)
        return await self._with_figures(question)

    def _indicators(self, question: Question, context: Context) -> Question:
        reading, catalogue = question.reading, question.catalogue
        before = tuple(
            catalogue.indicators[code]
            for code in context.indicators
            if code in catalogue.indicators
        )
        if reading.wants == Wants.SHARE:
            return _share(question, before)
        if reading.indicators:
            return replace(
                question,
                indicators=reading.indicators,
                origin=Origin(indicators="said"),
                categories=reading.categories,
            )
        if reading.categories and reading.wants in (Wants.OVERVIEW, Wants.TARGETS, Wants.CATALOGUE):
            return replace(question, categories=reading.categories)
        unsure = reading.rest.content
        if reading.wants in (
            Wants.OVERVIEW,
            Wants.TARGETS,
            Wants.CATALOGUE,
            Wants.HELP,
            Wants.GREETING,
            Wants.SETTINGS,
            Wants.NOT_UNDERSTOOD,
        ):
            if (
                reading.wants == Wants.TARGETS
                and before
                and not reading.targets.which
                and context.wants != Wants.TARGETS
            ):
                return replace(
                    question,
                    wants=Wants.FIGURE,
                    indicators=_totals(before, reading, catalogue),
                    origin=Origin(indicators="previous"),
                )
            return question
        if reading.wants == Wants.DEFINITION and not unsure:
            return replace(
                question,
                indicators=before,
                origin=Origin(indicators="previous" if before else None),
            )
        if unsure:
            near = [each for each in reading.candidates if each.claim >= SURE]
            if near and not reading.rest.vague:
                return replace(question, wants=Wants.CHOOSE)
            return replace(question, wants=Wants.NOT_UNDERSTOOD)
        if (
            reading.wants == Wants.FIGURE
            and context.wants == Wants.BREAKDOWN
            and len(before) > 1
            and _is_part(before[0], before[1], catalogue)
        ):
            return replace(
                question,
                wants=Wants.SHARE,
                indicators=before[:2],
                origin=Origin(indicators="previous"),
            )
        if before:
            return replace(
                question,
                indicators=_totals(before, reading, catalogue),
                origin=Origin(indicators="previous"),
            )
        if context.categories and reading.wants == Wants.FIGURE:
            categories = tuple(
                catalogue.categories[code]
                for code in context.categories
                if code in catalogue.categories
            )
            return replace(
                question,
                wants=Wants.OVERVIEW if context.wants != Wants.TARGETS else Wants.TARGETS,
                categories=categories,
            )
        if context.wants in (Wants.OVERVIEW, Wants.TARGETS) and (
            reading.time.periods or reading.regions
        ):
            kept = (
                reading
                if reading.targets.filter or not context.filter
                else replace(reading, targets=replace(reading.targets, filter=context.filter))
            )
            return replace(question, wants=Wants(context.wants), reading=kept)
        if reading.wants == Wants.FIGURE and reading.targets.spoken and reading.time.periods:
            return replace(question, wants=Wants.TARGETS)
        if reading.candidates:
            return replace(question, wants=Wants.CHOOSE)
        return replace(question, wants=Wants.NOT_UNDERSTOOD)

    async def _places(self, question: Question, context: Context) -> Question:
        reading, catalogue = question.reading, question.catalogue
        counts = await self.store.places()
        with_figures = {key.partition("@")[0] for key, count in counts.items() if count}
        question = replace(question, several_places=len(with_figures) > 1)
        if reading.strangers:
            return replace(
                question,
                missing=reading.strangers,
                regions=reading.regions,
                origin=replace(question.origin, regions="said"),
            )
        before = tuple(
            catalogue.regions[key] for key in context.regions if key in catalogue.regions
        )
        if reading.regions:
            said = reading.regions
            if (
                question.wants == Wants.COMPARISON
                and len(said) == 1
                and not reading.time.periods
                and question.origin.indicators == "previous"
            ):
                others = tuple(
                    each for each in before if each.name != said[0].name
                )  # "so với Bắc Kạn"
                said = (*others, *said)
            return replace(question, regions=said, origin=replace(question.origin, regions="said"))
        if before and not reading.home and question.wants != Wants.RANKING:
            default = home_region(self._home, counts, catalogue)
            known = default is not None and [each.name for each in before] == [default.name]
            return replace(
                question,
                regions=before,
                origin=replace(question.origin, regions="default" if known else "previous"),
            )
        home = home_region(self._home, counts, catalogue)
        if home is None:
            names = [catalogue.namesakes(name)[-1] for name in sorted(with_figures)]
            if not names:
                return replace(question, regions=(), missing=(), origin=question.origin)
            return replace(question, wants=Wants.CHOOSE_PLACE, regions=tuple(names))
        return replace(
            question,
            regions=(home,),
            origin=replace(question.origin, regions="said" if reading.home else "default"),
        )

    def _periods(self, question: Question, context: Context) -> Question:
        """The periods that were named, now or before; the latest ones are found with the figures."""
        reading = question.reading
        named = tuple(Period.parse(text) for text in context.periods)
        periods = reading.time.periods
        if reading.time.moved:
            anchor = (periods or named)[-1:] or (Period.year(question.asking.today.year),)
            moved = anchor[0].years_before(-reading.time.moved // 12)
            if question.wants == Wants.COMPARISON:
                return replace(
                    question,
                    periods=(moved, anchor[0]),
                    origin=replace(question.origin, periods="said"),
                )
            return replace(
                question, periods=(moved,), origin=replace(question.origin, periods="said")
            )
        question = replace(question, earlier=named if context.named else ())
        if periods and reading.time.yearless and question.earlier:
            year = question.earlier[-1].end.year  # "còn tháng 2?" after a month of 2024
            periods = tuple(each.years_before(each.start.year - year) for each in periods)
        if periods:
            return replace(
                question, periods=periods, origin=replace(question.origin, periods="said")
            )
        if (
            named
            and context.named
            and not reading.time.latest
            and question.wants not in (Wants.SERIES, Wants.RANKING, Wants.DEFINITION)
        ):
            return replace(
                question, periods=named, origin=replace(question.origin, periods="previous")
            )
        return question

    # ------------------------------------------------------------ with what is stored

    async def _with_figures(self, question: Question) -> Question:
        """Reads the figures of what is asked, and settles which unit of a name and which latest
        period are meant.
        """
        catalogue = question.catalogue
        if not question.indicators:
            return question
        if question.wants == Wants.RANKING:
            return question
        names = list(dict.fromkeys(region.name for region in question.regions))
        units = [unit for name in names for unit in catalogue.namesakes(name)]
        if question.wants == Wants.DEFINITION:
            return replace(
                question,
                held=Holdings(
                    await self.store.series(question.indicators, units, as_of=question.asking.as_of)
                ),
            )
        kin = _kin(question.indicators, catalogue)
        of = kin if question.wants == Wants.BREAKDOWN else question.indicators
        question = replace(
            question,
            held=Holdings(
                coverage=await self.store.coverage(of, units, as_of=question.asking.as_of)
            ),
        )
        if question.missing:
            return replace(question, wants=Wants.NO_DATA, regions=())
        question = self._latest(question)
        regions, absent = self._units(question, names)
        shown = question.indicators if question.wants in (Wants.SERIES, Wants.COMPARISON) else kin
        stored = await self.store.in_period(
            _shown(question), units, shown, as_of=question.asking.as_of
        )
        question = replace(question, regions=regions, held=replace(question.held, figures=stored))
        if absent and question.wants not in (Wants.COMPARISON,):
            return replace(question, wants=Wants.NO_DATA)
        if question.wants == Wants.COMPARISON and not any(
            each.region in regions or each.region.valid_on(period.end)
            for each in question.held.coverage
            for period in (*each.results, *(each.plans if question.reading.targets.plan else ()))
        ):
            return replace(question, wants=Wants.NO_DATA)
        return question

    def _latest(self, question: Question) -> Question:
        """Fills in the latest period with a result, or the periods that a series or a comparison
        runs over.
        """
        covered = [each for each in question.held.coverage if each.indicator in question.indicators]
        results = [period for each in covered for period in each.results]
        plans = [period for each in covered for period in each.plans]
        reading, said = question.reading, question.periods
        newest = latest(results)
        if question.wants == Wants.SERIES:
            return self._span(question, [*results, *plans], newest)
        if question.wants == Wants.SHARE:
            whole = {
                period
                for each in covered
                if each.indicator == question.indicators[1]
                for period in each.results
            }
            parts = {
                period
                for each in covered
                if each.indicator == question.indicator
                for period in (*each.results, *each.plans)
            }
            newest = latest(whole & parts) or newest
        if (
            question.wants == Wants.COMPARISON
            and len(question.indicators) == 1
            and len({each.name for each in question.regions}) == 1
        ):
            return self._sides(question, results)
        if said:
            if reading.time.spans:
                return self._span(question, [*results, *plans], newest)
            return replace(question, periods=tuple(_reported(question, period) for period in said))
        if newest is None:
            planned = latest(plans)
            if planned is None or reading.time.latest:
                # nothing is stored there of any period
                return replace(question, wants=Wants.NO_DATA)
            return replace(
                question, periods=(planned,), origin=replace(question.origin, periods="latest")
            )
        return replace(
            question, periods=(newest,), origin=replace(question.origin, periods="latest")
        )

    @staticmethod
    def _span(question: Question, stored: Sequence[Period], newest: Period | None) -> Question:
        """The stored periods of a stretch of years, of the last so many years, or all there are."""
        said, reading = question.periods, question.reading
        every = sorted(set(stored), key=lambda period: (period.end, period.days))
        grain = reading.time.grain
        if said and reading.time.spans:
            if any(
                period in said for period in every
            ):  # the stretch itself is a stored period, as a plan term is
                exact = tuple(period for period in said if period in every)
                if not any(said[0].contains(period) and period != said[0] for period in every):
                    return replace(question, periods=exact, wants=Wants.FIGURE)
            inside = tuple(
                period for period in every if any(stretch.contains(period) for stretch in said)
            )
            of_grain = tuple(
                each
                for each in inside
                if (each.is_year if grain is None else each.whole_months == grain)
            )
            inside = of_grain or inside
            return replace(
                question, periods=inside or said, wants=Wants.SERIES if inside else Wants.NO_DATA
            )
        if said and len(said) > 1:
            return question
        years = [period for period in every if period.is_year]
        if grain is not None:
            alike = [period for period in every if period.whole_months == grain]
        elif years:
            alike = years
        else:
            alike = [
                period
                for period in every
                if newest is None or period.whole_months == newest.whole_months
            ]
        if said and (said[0].is_year or grain):  # "theo quý năm 2023", "theo tháng 6 tháng đầu năm"
            inside = tuple(
                period for period in (alike if grain else every) if said[0].contains(period)
            )
            return replace(question, periods=inside or said)
        if reading.listing.limit:
            alike = [period for period in alike if newest is None or period.end <= newest.end][
                -reading.listing.limit :
            ]
        return replace(
            question,
            periods=tuple(alike),
            origin=replace(question.origin, periods="said" if said else "latest"),
        )

    @staticmethod
    def _sides(question: Question, results: list[Period]) -> Question:
        """The two periods that are compared: those named, or a named one and the one it is measured
        against.
        """
        said, reading = question.periods, question.reading
        newest = latest(results)
        if len(said) > 1:
            return question
        if said and question.origin.periods == "said" and reading.time.against.named:
            main = (
                question.earlier[-1]
                if question.earlier and question.earlier[-1] != said[0]
                else None
            )
            if (
                reading.time.against.step_before
            ):  # "so với tháng trước": the month before the one that is spoken of
                alike = [
                    period
                    for period in (*results, *((main,) if main else ()))
                    if period.whole_months == said[0].whole_months
                ]
                main = main if main in alike else latest(alike)
                if main is not None and main.preceding is not None:
                    return replace(
                        question,
                        periods=(main.preceding, main),
                        origin=replace(question.origin, periods="said"),
                    )
            if (
                main is None
                and newest is not None
                and newest != said[0]
                and newest.end > said[0].end
            ):
                main = newest
            if main is None:
                later = [
                    period
                    for period in results
                    if period.end > said[0].end and period.days == said[0].days
                ]
                main = min(later, key=lambda period: period.end, default=None)
            if main is None:
                main = next(
                    (period for period in sorted(results, reverse=True) if period != said[0]),
                    said[0].years_before(-1),
                )
            pair = tuple(sorted((said[0], main), key=lambda period: period.end))
            return replace(question, periods=pair, origin=replace(question.origin, periods="said"))
        main = said[0] if said else newest
        if main is None:
            return question
        origin = question.origin if said else replace(question.origin, periods="latest")
        before = main.years_before(1)
        if (
            question.origin.periods == "previous"
            and before not in results
            and newest is not None
            and newest != main
        ):
            return replace(question, periods=(main, newest), origin=origin)
        return replace(question, periods=(before, main), origin=origin)

    def _units(self, question: Question, names: list[str]) -> tuple[tuple[Region, ...], bool]:
        """For each name the unit that was valid on the period's last day; True when one was there
        no more, or not yet.
        """
        chosen: list[Region] = []
        absent = False
        for name in names:
            units = question.catalogue.namesakes(name)
            if not question.periods:
                with_result = {each.region for each in question.held.coverage if each.results}
                chosen.append(
                    next((unit for unit in reversed(units) if unit in with_result), units[-1])
                )
                continue
            period = max(question.periods, key=lambda each: each.end)
            valid = [unit for unit in units if unit.valid_on(period.end)]
            first = [unit for unit in units if unit.valid_on(period.start)]
            planned = {each.region for each in question.held.coverage if period in each.plans}
            stored = planned | {
                each.region for each in question.held.coverage if period in each.results
            }
            if valid and (valid[-1] in stored or not any(unit in planned for unit in first)):
                chosen.append(valid[-1])
            elif first and any(unit in planned for unit in first):
                chosen.append(next(unit for unit in first if unit in planned))
            elif valid:
                chosen.append(valid[-1])
            else:
                chosen.append(units[-1])
                absent = True
        return tuple(chosen), absent

    async def _over_period(self, question: Question) -> Question:
        """The figures of a field of work, or of a whole period; the latest with something to say
        when none was named.
        """
        if question.missing or not question.regions:
            return replace(question, wants=Wants.NO_DATA, regions=())
        units = question.catalogue.namesakes(question.region.name)
        wanted = [
            each
            for category in question.categories
            for each in question.catalogue.within(category.code)
        ] or None
        targets = question.wants == Wants.TARGETS
        if question.periods and not question.reading.time.spans:
            stored = await self._in_year(question, question.periods, units, wanted)
            valid = of_its_time(stored, units)
            return replace(
                question,
                held=Holdings(_kept(valid, targets)),
                regions=(_unit_of(valid, units, question.periods[-1]),),
            )
        if wanted is not None and not targets:
            return await self._newest_of_each(question, units, wanted)
        for period in sorted(
            await self.store.periods(units, as_of=question.asking.as_of),
            key=lambda each: (each.end, each.days),
            reverse=True,
        )[:24]:
            stored = of_its_time(await self._in_year(question, (period,), units, wanted), units)
            if _says_something(stored, targets, question.reading.targets.filter):
                origin = replace(question.origin, periods="latest")
                return replace(
                    question,
                    held=Holdings(_kept(stored, targets)),
                    periods=(period,),
                    regions=(_unit_of(stored, units, period),),
                    origin=origin,
                )
        return question

    async def _in_year(
        self,
        question: Question,
        periods: Sequence[Period],
        units: Sequence[Region],
        wanted: Sequence[Indicator] | None,
    ) -> tuple[Figure, ...]:
        """Figures of the periods, and of the reporting years that go by the same number."""
        years = {period.start.year for period in periods if period.is_year}
        spans = list(periods)
        if years:
            spans += [
                each
                for each in await self.store.periods(units, as_of=question.asking.as_of)
                if each.reporting_year in years and each not in spans
            ]
        return await self.store.in_period(spans, units, wanted, as_of=question.asking.as_of)

    async def _newest_of_each(
        self, question: Question, units: Sequence[Region], wanted: Sequence[Indicator]
    ) -> Question:
        series = of_its_time(
            await self.store.series(wanted, units, as_of=question.asking.as_of), units
        )
        newest: dict[str, Figure] = {}
        for each in series:
            kept = newest.get(each.indicator.code)
            if kept is None or (each.value is not None, each.period.end, each.period.days) > (
                kept.value is not None,
                kept.period.end,
                kept.period.days,
            ):
                newest[each.indicator.code] = each
        stored = tuple(newest.values())
        region = _unit_of(stored, units, None)
        shared = {each.period for each in stored}
        periods = tuple(shared) if len(shared) == 1 else ()
        return replace(
            question,
            held=Holdings(stored),
            regions=(region,),
            periods=periods,
            origin=replace(question.origin, periods="latest" if periods else None),
        )


def _page_after(context: Context, reading: Reading) -> int:
    """Give the page that is asked for: by its number, or from the one shown before."""
    listing = reading.listing
    return max(1, context.page + listing.step) if listing.page is None else listing.page


def remember(answer: Answer, before: Context) -> Context:
    """What the next question may lean on; an answer without an indicator keeps what was there."""
    question = answer.question
    before = replace(before, subscribing=answer.kind == "subscription")
    if answer.kind in ("choose", "not_understood") and question.reading.rest.content:
        # Another indicator was meant: the one before must not come back with a bare year. Period
        # and place that were said hold.
        said = tuple(str(each) for each in question.reading.time.periods)
        places = (
            tuple(each.key for each in question.reading.regions) if answer.kind == "choose" else ()
        )
        return replace(
            before,
            indicators=(),
            categories=(),
            regions=places or before.regions,
            wants="",
            periods=said or before.periods,
            named=bool(said) or before.named,
            again="",
        )
    if (
        answer.page.again and answer.page.again == before.again
    ):  # leafing through is no new question
        return replace(before, page=answer.page.number)
    if answer.kind == "catalogue":
        return replace(before, again=answer.page.again, page=answer.page.number)
    if answer.kind in (
        "help",
        "greeting",
        "settings",
        "subscription",
        "account",
        "not_understood",
        "choose",
    ):
        return before
    regions = tuple(each.key for each in question.regions) or before.regions
    named = question.origin.periods in ("said", "previous")
    periods = tuple(str(each) for each in question.periods)
    if answer.kind == "definition":
        return replace(
            before, indicators=tuple(each.code for each in question.indicators) or before.indicators
        )
    return Context(
        indicators=tuple(each.code for each in question.indicators),
        regions=regions,
        periods=periods[-2:]
        if answer.kind in ("comparison",)
        else periods[-1:]
        if answer.kind == "series"
        else periods,
        categories=tuple(each.code for each in question.categories),
        wants=answer.kind,
        named=named and answer.kind not in ("series", "comparison"),
        filter=question.reading.targets.filter if answer.kind == "targets" else None,
        again=answer.page.again,
        page=answer.page.number,
    )


def _same(one: Question, other: Question) -> bool:
    """Whether two questions have the same answer, however they were asked."""
    if (one.wants, one.indicators, one.categories, one.periods) != (
        other.wants,
        other.indicators,
        other.categories,
        other.periods,
    ):
        return False
    if one.wants == Wants.RANKING:  # of all places
        ways = [
            (each.reading.listing.order == Order.ASC, each.reading.listing.limit)
            for each in (one, other)
        ]
        return ways[0] == ways[1]
    return (one.regions, one.held.figures, one.reading.targets.filter) == (
        other.regions,
        other.held.figures,
        other.reading.targets.filter,
    )


def _totals(
    before: tuple[Indicator, ...], reading: Reading, catalogue: Catalogue
) -> tuple[Indicator, ...]:
    """ "tổng số" after a part: the whole that it is a part of."""
    parent = (
        catalogue.indicators.get(before[0].parent or "")
        if len(before) == 1 and reading.remarks.total
        else None
    )
    return (parent,) if parent is not None else before


def _share(question: Question, before: tuple[Indicator, ...]) -> Question:
    """A part and its whole: both said, one said before, or the part alone; what is no part of
    anything is shown as it is.
    """
    catalogue, said = question.catalogue, question.reading.indicators
    origin = Origin(indicators="said")
    if len(said) > 1:
        pair = next(
            (each for each in (said[:2], said[1::-1]) if _is_part(each[0], each[1], catalogue)),
            None,
        )
    elif len(before) == 1 and _is_part(before[0], said[0], catalogue):
        pair = (before[0], said[0])
    else:
        parent = catalogue.indicators.get(said[0].parent or "")
        pair = (
            (said[0], parent)
            if parent is not None and _is_part(said[0], parent, catalogue)
            else None
        )
    if pair is None:
        return replace(
            question,
            wants=Wants.COMPARISON if len(said) > 1 else Wants.FIGURE,
            indicators=said,
            origin=origin,
        )
    remarks = replace(question.reading.remarks, portion=False)
    reading = replace(question.reading, remarks=remarks)
    return replace(question, reading=reading, indicators=pair, origin=origin)


def _is_part(part: Indicator, whole: Indicator, catalogue: Catalogue) -> bool:
    """Whether one is under the other, all the way in its unit, and is counted or is money."""
    if part.unit.kind not in (UnitKind.COUNT, UnitKind.MONEY):
        return False
    above = catalogue.indicators.get(part.parent or "")
    while above is not None and above.unit == part.unit:
        if above == whole:
            return True
        above = catalogue.indicators.get(above.parent or "")
    return False


def _kin(indicators: Sequence[Indicator], catalogue: Catalogue) -> list[Indicator]:
    """The indicators and what is under them."""
    every = [child for each in indicators for child in catalogue.children.get(each.code, ())]
    return list(dict.fromkeys([*indicators, *every]))


def _shown(question: Question) -> list[Period]:
    """The periods whose figures may be shown: those asked for, the year before each, the newest
    part of a plan that waits.
    """
    if question.wants == Wants.SERIES:
        return list(question.periods)
    found = [*question.periods, *(each.years_before(1) for each in question.periods)]
    for each in question.held.coverage:
        for plan in question.periods:
            newest = latest(filter(plan.contains, each.results)) if plan in each.plans else None
            found += [newest] if newest is not None else []
    return found


def _reported(question: Question, period: Period) -> Period:
    """The reporting year that goes by the same number, where an indicator is kept only by reporting
    years.
    """
    if not period.is_year:
        return period
    covered = [each for each in question.held.coverage if each.indicator in question.indicators]
    if any(period in each.results or period in each.plans for each in covered):
        return period
    stored = {span for each in covered for span in (*each.results, *each.plans)}
    spans = [each for each in stored if each.reporting_year == period.start.year]
    return spans[0] if len(spans) == 1 else period


def _kept(figures: Sequence[Figure], targets: bool) -> tuple[Figure, ...]:
    return tuple(each for each in figures if each.target is not None) if targets else tuple(figures)


def _unit_of(figures: Sequence[Figure], units: Sequence[Region], period: Period | None) -> Region:
    if figures:
        return figures[-1].region
    if period is not None:
        return next((unit for unit in reversed(units) if unit.valid_on(period.end)), units[-1])
    return units[-1]


def _says_something(figures: Sequence[Figure], targets: bool, wanted: str | None) -> bool:
    """Whether a period has what is asked for: results held against targets, or those that wait
    where these are asked for.
    """
    if not targets:
        return any(each.value is not None for each in figures)
    if wanted == "pending":
        return any(status(each) is Status.PENDING for each in figures)
    return any(each.target is not None and each.value is not None for each in figures)
