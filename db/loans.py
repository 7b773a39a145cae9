"""The links between a catalogue's indicators and the library of official ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loan:
    """An official indicator of the library, and what a catalogue's indicator borrows of it."""

    entry: str
    """Its code in the library."""
    indicator: str | None
    """The code of the indicator that it is recognised as; None where the catalogue lacks it, and
    it is kept so that its question finds no other.
    """
    certainty: float
    """How sure the link is: 0 to 1."""
    name: str
    """Its official name in the library."""
    names: tuple[str, ...] = ()
    """The everyday names that it lends, the official one first."""
    dimensions: tuple[str, ...] = ()
    """What its unit measures."""
    refused: bool = False
    """Whether the operator ended the link."""
