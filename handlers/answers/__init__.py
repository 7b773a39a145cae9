"""The table of answers: one file a kind of answer, each with `answer(question, store, say)`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from db.store import Store
from handlers.answers import (
    account,
    breakdown,
    catalogue,
    choose,
    comparison,
    definition,
    figure,
    no_data,
    overview,
    ranking,
    series,
    share,
    subscription,
    talk,
    targets,
)  # fmt: skip
from handlers.question import Answer, Question
from handlers.say import Say

ANSWERS: dict[str, Callable[[Question, Store, Say], Awaitable[Answer]]] = {
    "figure": figure.answer,
    "series": series.answer,
    "comparison": comparison.answer,
    "ranking": ranking.answer,
    "breakdown": breakdown.answer,
    "share": share.answer,
    "targets": targets.answer,
    "overview": overview.answer,
    "definition": definition.answer,
    "catalogue": catalogue.answer,
    "choose": choose.answer,
    "choose place": choose.answer,
    "no_data": no_data.answer,
    "settings": talk.settings,
    "subscription": subscription.answer,
    "account": account.answer,
    "help": talk.help_,
    "greeting": talk.greet,
    "page": talk.no_page,
    "not_understood": talk.not_understood,
}
