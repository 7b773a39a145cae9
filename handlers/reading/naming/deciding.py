"""Decides on probabilities: answered, asked back, or not stored."""

from __future__ import annotations

from handlers.reading.naming.names import Shadow
from handlers.reading.naming.ranking import Claim, Ranked
from handlers.reading.naming.scoring import thresholds

FORBIDDEN = ("negated", "kind_clash", "unwanted", "narrowed")
"""Evidence that no probability outweighs."""


def answered(ranked: Ranked, *, joined: bool = False) -> Claim | None:
    """Give the claim that is answered, if the risk of a wrong figure allows it.

    `joined`: it is one of several names, which speak for each other.
    """
    limits = thresholds()
    best = next((claim for claim in ranked.claims if claim.is_real), None)
    if best is None or any(getattr(best.evidence, each) for each in FORBIDDEN):
        return None
    least = limits.joined if joined else limits.answer
    return best if ranked.sure >= least else None


def lacking(ranked: Ranked) -> str:
    """Give the name of the official indicator that is meant and not stored; empty for none."""
    shadows = [claim for claim in ranked.claims if isinstance(claim.owner, Shadow)]
    if not shadows or shadows[0].probability < thresholds().lacking:
        return ""
    return shadows[0].owner.name
