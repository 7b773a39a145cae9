"""What speaks for a name being meant and what against it, as numbers with names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from handlers.reading.naming.asked import Asked
from handlers.reading.naming.matching import Match
from handlers.reading.naming.names import Name
from handlers.reading.naming.segments import Segment, names_a_thing

MOST = 3.0
"""What words weigh together at the most: who writes much does not say more against a name."""
SAID = 0.5
"""The likeness from which a word of a name counts as said."""
TELLING_HEADS = frozenset({"growth", "rank", "area", "yield", "output", "capital", "lack"})
"""Measures of a thing that a name without them is not of."""
LONG_NUMBER = 4
"""So many digits are a year, or something else that is meant."""
JOINING = frozenset({"asker", "place"})
TELLING_KINDS = frozenset({"thing", "event", "quality", "measure"})
HERE = frozenset({"day", "nay", "minh", "ta", "em", "toi"})
"""How places and offices end that are the asker's own: "ở *đây*", "quê *mình*"."""
LINKS = frozenset({"của", "ở", "tại"})
NARROWING = 0.5
"""The weight from which a quality narrows for sure."""
FRAMES = frozenset({"trong"})
SHARING = frozenset({"chiếm", "chiem"})
FRAME = 3
"""How many words before a name may say that it is only a whole."""
NARROW_AT = ("behind", "within")
LITTLE = 0.15
"""Words that weigh less together say nothing."""
AGE = frozenset({"tuổi", "tuoi"})
NEGATIONS = frozenset({"không", "chưa"})
NEGATED = frozenset({"khong", "chua"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One name held against one question. Weights are sums of the rarity of words."""

    whole: float = 0.0
    """1 where every word of the name was said."""
    one_piece: float = 0.0
    """1 where every word was said in one piece and in order."""
    cover: float = 0.0
    """The share of the name that was said."""
    missing: float = 0.0
    """The weight of its words that were not said."""
    heaviest_missing: float = 0.0
    missing_thing: float = 0.0
    missing_event: float = 0.0
    missing_measure: float = 0.0
    missing_quality: float = 0.0
    missing_other: float = 0.0
    first_said: float = 0.0
    """How much of the first word behind its measure was said."""
    last_said: float = 0.0
    """How much of its last word was said."""
    head_said: float = 0.0
    """1 where its measure was said: "tỷ lệ" of "tỷ lệ hộ nghèo"."""
    head_asked: float = 0.0
    """1 where its measure was asked for in other words: "bao nhiêu phần trăm"."""
    head_other: float = 0.0
    """1 where another measure was asked for."""
    head_open: float = 0.0
    """1 where it measures what a count does not, and nothing said which."""
    head_lacking: float = 0.0
    """1 where a measure was asked for and the name has none."""
    pieces: float = 0.0
    """In how many pieces more than one it was said."""
    unlike: float = 0.0
    """The share of what was said that was misspelt."""
    synonyms: float = 0.0
    """The share of what was said that was said in other words."""
    length: float = 0.0
    """The weight of the whole name."""
    matched: float = 0.0
    """The weight of the words that it explains."""
    behind: float = 0.0
    """The weight of an unexplained word right behind it: Vietnamese narrows to the right."""
    before: float = 0.0
    near: float = 0.0
    """The weight of further unexplained words in its clause."""
    far: float = 0.0
    """The weight of unexplained words in other clauses."""
    within: float = 0.0
    """The weight of unexplained words between its own."""
    beside_known: float = 0.0
    """The weight of unexplained words beside it that other names have."""
    beside_quality: float = 0.0
    beside_thing: float = 0.0
    beside_event: float = 0.0
    beside_measure: float = 0.0
    beside_unknown: float = 0.0
    """The weight of unexplained words beside it that the lexicon does not know."""
    apart: float = 0.0
    """1 where a word was said that must not be taken for one of the name."""
    excluded: float = 0.0
    """The weight of words of the name that were said not to be meant, and not otherwise said."""
    narrowed: float = 0.0
    """1 where a quality that the name lacks stands right beside it: "hộ nghèo *nông thôn*"."""
    cut: float = 0.0
    """The weight of what it leaves of words of the field that it has only a part of."""
    framing: float = 0.0
    """1 where it is only the whole that something else is asked of: "*trong* A có mấy B"."""
    attached: float = 0.0
    """1 where another office or kind of place is joined to it: "chỉ số … của *Sở Y tế*"."""
    other_level: float = 0.0
    """1 where it is of an office, and the province's is asked for."""
    negated: float = 0.0
    """1 where one side is negated and the other is not."""
    dimension_hit: float = 0.0
    """1 where the kind of value is asked for that its unit measures."""
    dimension_clash: float = 0.0
    kind_clash: float = 0.0
    """1 where a rank, a sum of money or a share is asked for, and its unit is none."""
    unwanted: float = 0.0
    """1 where its kind of value is said not to be meant."""
    taken: float = 0.0
    """The weight of explained words that are of a period or a place, too."""
    only_taken: float = 0.0
    official: float = 0.0
    lent: float = 0.0
    lent_whole: float = 0.0
    shadow: float = 0.0
    """1 for an official indicator that the catalogue lacks."""
    shadow_whole: float = 0.0
    shadow_lent: float = 0.0
    clean: float = 0.0
    """1 where no unexplained word stands beside or within it."""
    clean_whole: float = 0.0
    clean_cover: float = 0.0
    alone: float = 0.0
    """1 where it explains every word that could tell of an indicator."""
    alone_cover: float = 0.0
    child: float = 0.0
    """1 where the indicator is a part of another."""
    parent: float = 0.0
    """1 where the indicator has parts."""
    outdone: float = 0.0
    """How much more of the question another name explains."""
    outlasted: float = 0.0
    """How much less another name, which explains as much, has that was not said."""
    rivals: float = 0.0
    """1 where another name explains just the same words."""
    previous: float = 0.0
    """1 where it was the indicator of the question before."""
    previous_kin: float = 0.0
    """1 where it has the parent, a part or a sibling of that one."""
    previous_field: float = 0.0
    borrowed: float = 0.0
    """The weight of its unsaid words that the question before had."""
    borrowed_kin: float = 0.0
    estranged: float = 0.0
    """The weight of its unsaid words that the question before had not, where one was."""
    turned: float = 0.0
    """The weight of its words that were said and that the question before had not."""
    turned_kin: float = 0.0
    """1 where all words that tell it from its kin, which was spoken of, were said."""

    def row(self) -> tuple[float, ...]:
        """Give the numbers in the order of their names."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(each.name for each in fields(Evidence))


def weigh(
    asked: Asked, match: Match, apart: Sequence[frozenset[int]], own: Collection[str] = ()
) -> dict[str, float]:
    """Give what one name's match says by itself, by the names of evidence.

    `own`: the bare words of all names of its owner; none of them narrows it.
    """
    found: dict[str, float] = {}
    found.update(_of_the_name(match))
    found.update(_of_the_head(asked, match))
    found.update(_of_the_rest(asked, match))
    found.update(_of_conflicts(asked, match, apart, own))
    found.update(_together(found))
    return found


def _together(found: Mapping[str, float]) -> dict[str, float]:
    """Say what only holds together: all of a name was said, and nothing else beside it."""
    beside = found["behind"] + found["before"] + found["within"]
    clean = float(beside < LITTLE)
    alone = clean * float(found["near"] + found["far"] < LITTLE)
    return {
        "clean": clean,
        "clean_whole": clean * found["whole"],
        "clean_cover": clean * found["cover"],
        "alone": alone,
        "alone_cover": alone * found["cover"],
    }


# ------------------------------------------------------------ how much of the name was said


def _of_the_name(match: Match) -> dict[str, float]:
    name = match.name
    covered = match.covered
    unsaid = [
        weight if like < SAID else 0.0
        for weight, like in zip(name.weights, match.likeness, strict=True)
    ]
    whole = float(all(like >= SAID for like in match.likeness))
    said = sum(
        weight for weight, like in zip(name.weights, match.likeness, strict=True) if like >= SAID
    )
    behind = name.segments[name.segment_of[name.first]]
    return {
        "whole": whole,
        "one_piece": float(bool(whole) and match.runs == 1 and match.synonyms == 0.0),
        "cover": covered / name.total,
        "missing": min(MOST, sum(unsaid)),
        "heaviest_missing": max(unsaid),
        "pieces": float(match.runs - 1),
        "unlike": (said - covered) / said if said else 0.0,
        "synonyms": match.synonyms / covered if covered else 0.0,
        "length": min(MOST, name.total),
        "first_said": _said_of(match, behind.start, behind.end),
        "last_said": _said_of(match, name.segments[-1].start, name.segments[-1].end),
        "official": float(name.official),
        "lent": float(name.lent),
        "lent_whole": float(name.lent) * whole,
        **_missing_by_kind(name, unsaid),
    }


def _said_of(match: Match, start: int, end: int) -> float:
    weights = match.name.weights[start:end]
    total = sum(weights)
    covered = sum(
        weight * like for weight, like in zip(weights, match.likeness[start:end], strict=True)
    )
    return covered / total if total else 0.0


def _missing_by_kind(name: Name, unsaid: Sequence[float]) -> dict[str, float]:
    missing = dict.fromkeys(
        ("missing_thing", "missing_event", "missing_measure", "missing_quality", "missing_other"),
        0.0,
    )
    for segment in name.segments:
        missing[f"missing_{_kind(segment)}"] += sum(unsaid[segment.start : segment.end])
    return {key: min(MOST, weight) for key, weight in missing.items()}


def _kind(segment: Segment) -> str:
    """Give the class of a word that says most of an indicator."""
    kinds = ("thing", "event", "quality", "measure", "degree")
    found = next((kind for kind in kinds if kind in segment.kinds), "other")
    return "quality" if found == "degree" else found


def _of_the_head(asked: Asked, match: Match) -> dict[str, float]:
    name = match.name
    said = bool(name.head) and _said_of(match, 0, name.first) >= SAID
    wanted = asked.heads - {"count"}
    return {
        "head_said": float(said),
        "head_asked": float(not said and name.head in asked.heads),
        "head_other": float(
            not said and bool(name.head) and bool(wanted) and name.head not in asked.heads
        ),
        "head_open": float(not said and not wanted and name.head not in ("", "count")),
        "head_lacking": float(not name.head and bool(wanted)),
    }


# ------------------------------------------------------------ what it leaves unexplained


def _of_the_rest(asked: Asked, match: Match) -> dict[str, float]:
    explained = sorted(match.explained)
    first, last = explained[0], explained[-1]
    rest = dict.fromkeys(("behind", "before", "near", "far", "within", "beside_known"), 0.0)
    kinds = dict.fromkeys(
        ("beside_thing", "beside_event", "beside_quality", "beside_measure", "beside_unknown"), 0.0
    )
    for place in asked.content:
        if place in match.explained:
            continue
        where = _where(asked, match.explained, place, first, last)
        said = asked.said[place]
        rest[where] += said
        if where not in ("far", "near"):
            rest["beside_known"] += said * (place in asked.named)
            kind = _kind(asked.segments[asked.segment_of[place]])
            kinds[f"beside_{'unknown' if kind == 'other' else kind}"] += said
    matched = sum(asked.rarity[place] for place in explained)
    taken = sum(asked.rarity[place] for place in explained if place in asked.taken)
    return {
        **{key: min(MOST, weight) for key, weight in {**rest, **kinds}.items()},
        "matched": min(MOST, matched),
        "taken": min(MOST, taken),
        "only_taken": float(match.explained <= asked.taken),
    }


def _where(asked: Asked, explained: frozenset[int], place: int, first: int, last: int) -> str:
    """Say where an unexplained word stands to the name: behind, before, within, near or far."""
    if first < place < last and _same_clause(asked, first, last):
        return "within"
    if _touches(asked, explained, place, -1):
        return "behind"
    if _touches(asked, explained, place, 1):
        return "before"
    clauses = {asked.clauses[each] for each in explained}
    return "near" if asked.clauses[place] in clauses else "far"


def _same_clause(asked: Asked, first: int, last: int) -> bool:
    return asked.clauses[first] == asked.clauses[last]


def _touches(asked: Asked, explained: frozenset[int], place: int, step: int) -> bool:
    """Return whether a word stands right beside the name, or with one light word between."""
    for away in (1, 2):
        other = place + step * away
        if not asked.start <= other < asked.end:
            return False
        later = max(place, other)
        if asked.row[later].breaks:
            return False
        if other in explained:
            return True
        if asked.said[other] > 0.0 or other in asked.taken:
            return False
    return False


# ------------------------------------------------------------ what cannot be


def _of_conflicts(
    asked: Asked, match: Match, apart: Sequence[frozenset[int]], own: Collection[str]
) -> dict[str, float]:
    narrowed = _narrowing(asked, match, own) or _is_replaced(asked, match, apart)
    return {
        "apart": float(_is_apart(asked, match, apart)),
        "negated": float(_is_negated(asked, match, own)),
        "narrowed": float(narrowed),
        "excluded": min(MOST, _excluded(asked, match)),
        "cut": min(MOST, _cut(asked, match)),
        "framing": float(_is_framing(asked, match)),
        "attached": float(_is_attached(asked, match)),
    }


def _excluded(asked: Asked, match: Match) -> float:
    """Weigh the words of a name that were only said to be not meant."""
    rows = zip(match.name.bares, match.name.weights, match.likeness, strict=True)
    apart = asked.excluded.keys() - NEGATED
    return sum(weight for bare, weight, like in rows if like < SAID and bare in apart)


def _is_narrowed(asked: Asked, match: Match, own: Collection[str]) -> bool:
    """Return whether a telling quality right beside or within a name is not of it."""
    first, last = min(match.explained), max(match.explained)
    for segment in asked.segments:
        places = range(segment.start, segment.end)
        if not _narrows(asked, segment) or not match.explained.isdisjoint(places):
            continue
        said = sum(asked.said[place] for place in places)
        if said < NARROWING or not asked.start <= segment.start < asked.end:
            continue
        if all(asked.row[place].bare in own for place in places):
            continue
        if _where(asked, match.explained, segment.start, first, last) in NARROW_AT:
            return True
    return False


def _is_cut_short(asked: Asked, match: Match, own: Collection[str]) -> bool:
    """Return whether a name only has the beginning of a word: "*nông thôn mới* kiểu mẫu"."""
    theirs = {concept for segment in match.name.segments for concept in segment.meanings}
    for segment in asked.segments:
        places = segment.places
        rest = [place for place in places if place not in match.explained]
        begun = bool(rest) and match.explained.issuperset(range(segment.start, rest[0]))
        if not begun or rest[0] == segment.start or segment.meanings & theirs:
            continue
        told = [place for place in rest if asked.row[place].bare not in own]
        if segment.meanings and sum(asked.said[place] for place in told) >= NARROWING:
            return True
    return False


def _is_apart(asked: Asked, match: Match, apart: Sequence[frozenset[int]]) -> bool:
    theirs = {concept for segment in match.name.segments for concept in segment.concepts}
    forbidden = frozenset[int]().union(*(apart[concept] for concept in theirs))
    for segment in asked.segments:
        if not segment.concepts or segment.concepts & theirs or segment.silent:
            continue
        left = any(
            asked.said[place] > 0 and place not in match.explained
            for place in range(segment.start, segment.end)
        )
        if left and segment.concepts & forbidden:
            return True
    return False


def _is_replaced(asked: Asked, match: Match, apart: Sequence[frozenset[int]]) -> bool:
    """Return whether a term stands in the name's place that must be kept apart from its own."""
    theirs = {concept for segment in match.name.segments for concept in segment.meanings}
    forbidden = frozenset[int]().union(*(apart[concept] for concept in theirs))
    first, last = min(match.explained), max(match.explained)
    for segment in asked.segments:
        places = range(segment.start, segment.end)
        if len(places) < 2 or not segment.meanings & forbidden or segment.meanings & theirs:
            continue
        left = [place for place in places if place not in match.explained and asked.said[place] > 0]
        if asked.marked and left and _stands_in(asked, match, left[0], first, last):
            return True
    return False


def _stands_in(asked: Asked, match: Match, place: int, first: int, last: int) -> bool:
    """Return whether a word stands within a name, or right behind it."""
    return _where(asked, match.explained, place, first, last) in NARROW_AT


def _is_negated(asked: Asked, match: Match, own: Collection[str]) -> bool:
    """Return whether a negation stands on one side only."""
    name = match.name
    ours = any(_is_of(asked, match, place) for place in asked.negated)
    theirs = [
        match.likeness[place] >= SAID
        for segment in name.segments
        for place in segment.places
        if name.words[place] in NEGATIONS and not names_a_thing(segment)
    ]
    if theirs:
        return not ours and not any(theirs)
    return ours and NEGATED.isdisjoint(own)


def _cut(asked: Asked, match: Match) -> float:
    """Weigh what a name leaves of words that it has a part of: "*giường bệnh* trên vạn dân"."""
    theirs = {concept for segment in match.name.segments for concept in segment.meanings}
    left = 0.0
    for segment in asked.segments:
        places = segment.places
        whole = not names_a_thing(segment) or match.explained.isdisjoint(places)
        if whole or segment.meanings & theirs:
            continue
        left += sum(asked.rarity[place] for place in places if place not in match.explained)
    return left


def _is_framing(asked: Asked, match: Match) -> bool:
    """Return whether "trong" stands before a name, and more is asked behind it."""
    first, last = min(match.explained), max(match.explained)
    if _is_shared_out(asked, first):
        return True
    before = {asked.row[place].text for place in range(max(asked.start, first - FRAME), first)}
    if before.isdisjoint(FRAMES) or any(asked.asks(place) for place in range(asked.start, first)):
        return False
    asking = [place for place in range(last + 1, asked.end) if asked.asks(place)]
    left = sum(asked.said[place] for place in range(last + 1, asked.end))
    return bool(asking) and left >= NARROWING


def _is_shared_out(asked: Asked, first: int) -> bool:
    """Return whether a part of the name is asked for: "bò lai *chiếm mấy phần* đàn bò"."""
    shares = [place for place in range(asked.start, first) if asked.row[place].text in SHARING]
    told = sum(asked.said[place] for place in range(asked.start, shares[-1])) if shares else 0.0
    between = sum(asked.said[place] for place in range(shares[-1], first)) if shares else 0.0
    return told >= NARROWING and between < LITTLE


def _is_of(asked: Asked, match: Match, place: int) -> bool:
    """Return whether a word is of a name, or stands between its words in one clause."""
    first, last = min(match.explained), max(match.explained)
    return place in match.explained or (first < place < last and _same_clause(asked, first, last))


def _narrowing(asked: Asked, match: Match, own: Collection[str]) -> bool:
    """Return whether anything is said that the name cannot leave out."""
    return (
        _is_narrowed(asked, match, own)
        or _is_cut_short(asked, match, own)
        or _measures_another(asked, match)
        or _is_strange_number(asked, match)
        or _is_of_an_age(asked, match)
        or _is_numbered(asked, match, own)
    )


def _is_attached(asked: Asked, match: Match) -> bool:
    """Return whether an office or a kind of place that names have not is joined to the name.

    The same words elsewhere only say who asks.
    """
    return any(
        _joins(asked, match.explained, segment)
        for segment in asked.segments
        if segment.kinds & JOINING and not segment.kinds & TELLING_KINDS
    )


def _joins(asked: Asked, explained: frozenset[int], segment: Segment) -> bool:
    places = segment.places
    if asked.row[places[-1]].bare in HERE:
        return False
    rest = [place for place in places if place not in explained]
    if len(places) < 2 or not rest or not asked.taken.isdisjoint(places):
        return False
    if all(place in asked.named or asked.row[place].text in LINKS for place in rest):
        return False
    begun = len(rest) < len(places)
    return begun or _stands_behind(asked, explained, segment.start)


def _stands_behind(asked: Asked, explained: frozenset[int], start: int) -> bool:
    """Return whether a word stands behind the name, alone or with a link between."""
    before = start - 1
    if before >= 0 and asked.row[before].text in LINKS and not asked.row[start].breaks:
        start, before = before, before - 1
    return before in explained and not asked.row[start].breaks


def _measures_another(asked: Asked, match: Match) -> bool:
    """Return whether right before the name something else is asked of it: "*tốc độ tăng* GRDP"."""
    first = min(match.explained)
    other = asked.head_ends.get(first, "")
    return other in TELLING_HEADS and other != match.name.head


def _narrows(asked: Asked, segment: Segment) -> bool:
    """Return whether a word narrows a name: a quality, or initials that nobody knows."""
    return "quality" in segment.kinds or segment.start in asked.initials


def _is_strange_number(asked: Asked, match: Match) -> bool:
    """Return whether a long number is left that no period is: "hộ nghèo *20233*"."""
    return any(
        len(asked.row[place].number or "") >= LONG_NUMBER
        and place not in match.explained
        and asked.row[place].typed.isdigit()
        for place in asked.content
    )


def _is_numbered(asked: Asked, match: Match, own: Collection[str]) -> bool:
    """Return whether a number narrows the name: "sản phẩm OCOP *5 sao*"."""
    first, last = min(match.explained), max(match.explained)
    return any(
        asked.row[place].number is not None
        and asked.row[place].typed.isdigit()
        and asked.row[place].bare not in own
        and place not in match.explained | asked.taken | asked.amounts
        and _stands_in(asked, match, place, first, last)
        for place in range(asked.start, asked.end)
    )


def _is_of_an_age(asked: Asked, match: Match) -> bool:
    """Return whether an age is said that the name lacks: "… *dưới 15 tuổi*"."""
    return any(
        asked.row[place].text in AGE
        and place - 1 not in match.explained | asked.taken
        and asked.row[place - 1].number is not None
        and not asked.row[place].breaks
        for place in range(asked.start + 1, asked.end)
    )


# ------------------------------------------------------------ held against each other


def held_together(
    asked: Asked, found: Sequence[tuple[Match, dict[str, float]]]
) -> Iterable[dict[str, float]]:
    """Add to each what the others say of it: what explains more, or as much with less unsaid."""
    weights = [sum(asked.said[place] for place in match.explained) for match, _ in found]
    most = max(weights, default=0.0)
    for (match, evidence), weight in zip(found, weights, strict=True):
        same = [
            other["missing"]
            for rival, other in found
            if rival.name.owner != match.name.owner and rival.explained >= match.explained
        ]
        least = min(same, default=evidence["missing"])
        alike = any(abs(each - evidence["missing"]) < 0.05 for each in same)
        yield {
            **evidence,
            "outdone": min(MOST, most - weight),
            "outlasted": min(MOST, max(0.0, evidence["missing"] - least)),
            "rivals": float(alike),
        }
