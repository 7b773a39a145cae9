"""What a button does to subscriptions: an errand in codes, which outlives its talk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import time
from typing import Any

from db.facts import Catalogue, Category, Indicator, Region
from db.rhythm import Every
from db.subscriptions import Alert
from handlers.subscribing import Act, Errand, Facets, Joining

Term = bool | int | str | tuple[str, ...]
Terms = tuple[tuple[str, Term], ...]
"""Facets by their names, as JSON can hold them; those that were not said are missing."""


@dataclass(frozen=True, slots=True)
class Command:
    """An errand as a button carries it: it is done as it stands, and read from no words."""

    act: Act
    which: Terms = ()
    to: Terms = ()
    joining: Joining = "only"
    turned: bool = False
    target: str = ""

    @classmethod
    def of(cls, errand: Errand) -> Command:
        """Give the command that does an errand."""
        which, to = _terms(errand.which), _terms(errand.to)
        return cls(errand.act, which, to, errand.joining, errand.turned, errand.target)

    def errand(self, catalogue: Catalogue) -> Errand | None:
        """Give the errand; None where the catalogue has a thing of it no more."""
        try:
            which, to = _facets(self.which, catalogue), _facets(self.to, catalogue)
        except KeyError:
            return None
        return Errand(self.act, which, to, self.joining, self.turned, self.target)

    def dump(self) -> str:
        """Write it as JSON."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps({**said, "which": dict(self.which), "to": dict(self.to)})

    @classmethod
    def load(cls, text: str) -> Command | None:
        """Read what `dump` wrote; None of an empty text."""
        if not text:
            return None
        said: dict[str, Any] = json.loads(text)
        return cls(**{**said, "which": _as_terms(said["which"]), "to": _as_terms(said["to"])})


def _terms(facets: Facets) -> Terms:
    said = ((each.name, getattr(facets, each.name), each.default) for each in fields(facets))
    return tuple((name, _term(value)) for name, value, default in said if value != default)


def _term(value: Any) -> Term:
    """Write a facet's value as JSON can hold it; things by what the catalogue knows them by."""
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    if isinstance(value, tuple):
        return tuple(_key(each) for each in value)
    term: Term = str(value) if isinstance(value, Every) else value
    return term


def _key(thing: Indicator | Category | Region | str) -> str:
    if isinstance(thing, Region):
        return thing.key
    return thing if isinstance(thing, str) else thing.code


def _as_terms(said: dict[str, Any]) -> Terms:
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in said.items()
    )


_THINGS: dict[str, Callable[[Catalogue], dict[str, Any]]] = {
    "indicators": lambda catalogue: catalogue.indicators,
    "near": lambda catalogue: catalogue.indicators,
    "categories": lambda catalogue: catalogue.categories,
    "regions": lambda catalogue: catalogue.regions,
}
"""Where the things of a facet are known by their keys."""
_VALUES: dict[str, Callable[[Any], Any]] = {
    "every": Every,
    "at": time.fromisoformat,
    "alerts": lambda names: frozenset(map(Alert, names)),
}
"""How the other facets are read whose values JSON cannot hold."""


def _facets(terms: Terms, catalogue: Catalogue) -> Facets:
    return Facets(**{name: _value(name, term, catalogue) for name, term in terms})


def _value(name: str, term: Term, catalogue: Catalogue) -> Any:
    """Read a facet's value.

    Raises:
        KeyError: the catalogue has a thing of it no more.
    """
    if name in _THINGS and isinstance(term, tuple):
        known = _THINGS[name](catalogue)
        return tuple(known[key] for key in term)
    return _VALUES[name](term) if name in _VALUES else term
