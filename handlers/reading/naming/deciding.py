"""Decides on probabilities: answered, asked back, or not stored."""

from __future__ import annotations

from handlers.reading.naming.evidence import Evidence
from handlers.reading.naming.names import Shadow
from handlers.reading.naming.ranking import Claim, Ranked
from handlers.reading.naming.scoring import thresholds

TELLING = 0.6
"""A name that weighs less is too common to be plain."""
SLIGHT = 0.1
EXCLUDED = 0.25
"""What words weigh at the least that a name has and that were said not to be meant."""
LITTLE_SAID, UNSAID = 0.3, 1.5
"""The share of a name below which little of it was said; what else must weigh that is unsaid."""
VERY_SURE = 0.85
"""From here an indicator is answered of whose name little was said."""
MOSTLY = 0.75
"""The share of a name from which it is plain that it was meant."""
FORBIDDEN = (
    "negated",
    "kind_clash",
    "unwanted",
    "narrowed",
    "framing",
    "attached",
    "other_level",
)
"""Evidence that no probability outweighs."""


def answered(ranked: Ranked, *, joined: bool = False) -> Claim | None:
    """Give the claim that is answered, if the risk of a wrong figure allows it.

    `joined`: it is one of several names, which speak for each other.
    """
    limits = thresholds()
    named = _plainly_named(ranked)
    if named is not None:
        return named
    best = next((claim for claim in ranked.claims if claim.is_real), None)
    if best is None or is_forbidden(best.evidence):
        return None
    if ranked.sure < VERY_SURE and _is_of_a_part(best.evidence):
        return None
    least = limits.joined if joined else limits.answer
    return best if ranked.sure >= least else None


def _is_of_a_part(evidence: Evidence) -> bool:
    """Return whether little of a name was said, and not what it is a part of the asked by."""
    left = evidence.missing_event + evidence.missing_thing
    in_talk = evidence.previous or evidence.previous_kin or evidence.previous_field
    return not in_talk and evidence.cover < LITTLE_SAID and left >= UNSAID


def _plainly_named(ranked: Ranked) -> Claim | None:
    """Give the one whose whole name was said in one piece, with nothing beside that narrows it."""
    named = [claim for claim in ranked.real if _is_plain(claim.evidence)]
    longest = max((len(claim.matched) for claim in named), default=0)
    most = [claim for claim in named if len(claim.matched) == longest]
    return most[0] if len(most) == 1 else None


def _is_plain(evidence: Evidence) -> bool:
    if not evidence.one_piece or evidence.lent or evidence.length < TELLING:
        return False
    beside = max(evidence.behind, evidence.before, evidence.within, evidence.apart, evidence.taken)
    slight = beside < SLIGHT and evidence.unlike < SLIGHT
    return slight and not is_forbidden(evidence) and not evidence.rivals


def is_forbidden(evidence: Evidence) -> bool:
    """Return whether a fact forbids this to be answered."""
    return evidence.excluded >= EXCLUDED or any(getattr(evidence, each) for each in FORBIDDEN)


def lacking(ranked: Ranked) -> str:
    """Give the name of the official indicator that is meant and not stored; empty for none."""
    shadows = [claim for claim in ranked.claims if isinstance(claim.owner, Shadow)]
    if not shadows or shadows[0].probability < thresholds().lacking:
        return ""
    return shadows[0].owner.name if shadows[0].evidence.cover >= MOSTLY else ""
