"""Fits the weights of naming over the open rows of the question sets, and chooses thresholds.

    python tests/questions/fit.py                # fit on all sets, write the weights
    python tests/questions/fit.py --leave-out    # print what each set says when left out

Whole catalogues are left out in turn: a result on a catalogue that was trained on is none. The
kept fifth of each set is never read. Taking a quarter of the indicators out of the catalogue at a
time gives questions that nothing answers; all evidence is computed anew without them. The same
is done with catalogues made of parts of the library, which are asked in sentences of `carriers.txt`.
Needs the test extra (numpy, scikit-learn).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import pickle
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import measure  # noqa: E402
import score  # noqa: E402

from db.facts import Catalogue, Indicator, Unit, UnitKind  # noqa: E402
from db.importer import load  # noqa: E402
from db.store import Store  # noqa: E402
from handlers.reading import Reader  # noqa: E402
from handlers.reading.naming.borrowing import Library  # noqa: E402
from handlers.reading.naming.confidence import row_of  # noqa: E402
from handlers.reading.naming.evidence import NAMES  # noqa: E402
from handlers.reading.naming.lent import borrowed  # noqa: E402
from handlers.reading.naming.names import Shadow  # noqa: E402
from handlers.reading.naming.scoring import NOTHING, WEIGHTS, Nothing  # noqa: E402
from handlers.reading.spelling import fold as bare  # noqa: E402
from locales.library import Entry, entries  # noqa: E402
from locales.vocabulary import vocabulary  # noqa: E402

WORDS = vocabulary()
FOLDS = 4
WITH = {"seed-natural": ("dev",)}
"""Sets that ask the same catalogue, and so are left out together."""
NO_FIGURE = {"no_data", "not_understood", "help", "greeting", "subscription"}
CATALOGUES, SIMULATED, UNLINKED = 16, 170, 0.35
"""So many simulated catalogues, the indicators of each, and the share that the library lacks."""
SIMULATED_WEIGHT = 0.4
REMOVED_WEIGHT = 0.6
"""What a question weighs whose indicator was taken out, beside one that was asked as it is."""


@dataclass(frozen=True)
class Example:
    """A question with all candidates' evidence, and the owners that are right (none: nothing)."""

    group: str
    id: str
    text: str
    owners: tuple[str, ...]
    """Codes; of what the catalogue lacks with a tilde before."""
    evidence: Any
    nothing: Any
    right: frozenset[str]
    removed: bool

    @property
    def weight(self) -> float:
        made = SIMULATED_WEIGHT if self.group.startswith("simulated") else 1.0
        return made * (REMOVED_WEIGHT if self.removed else 1.0)


# ---------------------------------------------------------------- questions and what is right


def asked_of(
    rows: Sequence[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], str, frozenset[str]]]:
    """Give each question with one right indicator or none, and the one spoken of before."""
    before: dict[str, str] = {}
    for row in rows:
        expect = row["expect"]
        sets, kinds = expect.get("indicators"), expect["kind"]
        spoken = before.get(row["chat"], "") if row["turn"] > 1 else ""
        if sets and sets[0]:
            before[row["chat"]] = sets[0][0]
        if sets and len(sets[0]) == 1:
            yield row, spoken, frozenset(each[0] for each in sets if len(each) == 1)
        elif not sets and kinds[0] in NO_FIGURE:
            yield row, spoken, frozenset()


def examples(name: str, library: Library) -> list[Example]:
    """Weigh the open questions of a set, as they are and with indicators taken out."""
    folder = measure.SETS[name][1]
    files = [measure.SETS[each][0] for each in (name, *WITH.get(name, ()))]
    rows = [row for file in files for row in score.load(str(HERE / file)) if not measure.kept(row)]
    catalogue = asyncio.run(loaded(HERE / folder))
    found = list(weighed(name, rows, catalogue, library, frozenset()))
    for fold in range(FOLDS):
        gone = frozenset(code for code in catalogue.indicators if fold_of(code) == fold)
        found += weighed(name, rows, without(catalogue, gone), library, gone)
    return found


async def loaded(folder: Path) -> Catalogue:
    """Load a folder into a new store and give its catalogue."""
    with tempfile.TemporaryDirectory() as place:
        store = await Store.open(f"sqlite+aiosqlite:///{place}/new.db")
        try:
            await load(store, folder, date(2026, 1, 1))
            return await store.refresh()
        finally:
            await store.close()


def fold_of(code: str) -> int:
    return int(hashlib.sha1(code.encode()).hexdigest(), 16) % FOLDS


def without(catalogue: Catalogue, gone: frozenset[str]) -> Catalogue:
    """Give a catalogue as if some indicators had never been loaded."""
    left = {
        code: replace(each, parent=None if each.parent in gone else each.parent)
        for code, each in catalogue.indicators.items()
        if code not in gone
    }
    return Catalogue(left, catalogue.categories, catalogue.regions, catalogue.version)


def weighed(
    group: str,
    rows: Sequence[dict[str, Any]],
    catalogue: Catalogue,
    library: Library,
    gone: frozenset[str],
) -> Iterator[Example]:
    """Weigh questions over a catalogue; with indicators gone, only those that asked for these."""
    reader = Reader(catalogue, WORDS, borrowed(library.loans(catalogue)))
    for row, spoken, right in asked_of(rows):
        if gone and not (right and right <= gone):
            continue
        before = [catalogue.indicators[spoken]] if spoken in catalogue.indicators else []
        today = date.fromisoformat(row.get("today") or score.TODAY)
        weighing = reader.weighed(row["text"], today, before)
        if spoken in right and not weighing.asked.content:
            continue  # nothing was said that could name another
        owners = [reader.namer.owner(each) for each in weighing.candidates]
        yield Example(
            group,
            row["id"],
            row["text"],
            tuple("~" * isinstance(each, Shadow) + each.code for each in owners),
            np.array([each.evidence.row() for each in weighing.candidates]).reshape(-1, len(NAMES)),
            np.array(weighing.nothing.row()),
            frozenset() if gone else right,
            bool(gone),
        )


# ---------------------------------------------------------------- simulated catalogues


def simulated(number: int, every: Sequence[Entry]) -> list[Example]:
    """Weigh questions over a catalogue that is made of a part of the library.

    Each indicator has its official name only; one way of asking for it, which the library then
    lacks, is put into a sentence. A third of the indicators are not in the library at all.
    """
    dice = random.Random(number)
    fields = sorted({entry.category for entry in every})
    chosen = set(dice.sample(fields, max(1, len(fields) // 4)))
    near = [entry for entry in every if entry.category in chosen]
    having = dice.sample(near, min(SIMULATED, len(near)))
    ways: dict[str, str] = {}
    left = {entry.code: entry for entry in every}
    for entry in having:
        if entry.also:
            ways[entry.code] = dice.choice(entry.also)
            left[entry.code] = replace(
                entry, also=tuple(each for each in entry.also if each != ways[entry.code])
            )
        if dice.random() < UNLINKED:
            del left[entry.code]
    catalogue = _catalogue_of(having)
    carriers = (HERE / "carriers.txt").read_text(encoding="utf-8").splitlines()
    rows = [
        _row(number, code, dice.choice(carriers).replace("{}", _typed(way, dice)))
        for code, way in ways.items()
    ]
    library = Library(WORDS, left.values())
    name = f"simulated-{number}"
    found = list(weighed(name, rows, catalogue, library, frozenset()))
    for fold in range(FOLDS):
        gone = frozenset(code for code in catalogue.indicators if fold_of(code) == fold)
        found += weighed(name, rows, without(catalogue, gone), library, gone)
    return found


def _typed(way: str, dice: random.Random) -> str:
    """Give words as somebody types them: a third without marks."""
    return bare(way) if dice.random() < 0.3 else way


def _row(number: int, code: str, text: str) -> dict[str, Any]:
    expect = {"kind": ["figure"], "indicators": [[code]]}
    key = f"sim-{number}-{code}"
    return {"id": key, "chat": key, "turn": 1, "text": text, "expect": expect}


def _catalogue_of(having: Sequence[Entry]) -> Catalogue:
    codes = {entry.code for entry in having}
    indicators = {
        entry.code: Indicator(
            entry.code,
            entry.name,
            Unit(entry.units[0] if entry.units else "", UnitKind.COUNT),
            parent=entry.parent if entry.parent in codes else None,
            category=entry.category,
        )
        for entry in having
    }
    return Catalogue(indicators)


# ---------------------------------------------------------------- the weights of evidence


@dataclass(frozen=True)
class Fitted:
    """Weights of the evidence, and of what speaks for nothing."""

    weights: Any
    none: Any


def best_names(example: Example, weights: Any) -> list[int]:
    """Give the place of each owner's best name."""
    best: dict[str, int] = {}
    worth = example.evidence @ weights
    for place, owner in enumerate(example.owners):
        if owner not in best or worth[place] > worth[best[owner]]:
            best[owner] = place
    return list(best.values())


def fit(data: Sequence[Example], strength: float = 0.0002, rounds: int = 2) -> Fitted:
    """Fit a conditional logit: one candidate is meant, or none of them."""
    scale = np.vstack([each.evidence for each in data]).std(0)
    scale[scale < 1e-6] = 1.0
    nothing = np.array([each.nothing for each in data])
    of_nothing = nothing.std(0)
    of_nothing[of_nothing < 1e-6] = 1.0
    start = {"cover": 3, "behind": -1, "before": -1, "missing": -1, "matched": 2, "within": -1}
    weights = np.array([float(start.get(name, 0)) for name in NAMES])
    none = np.zeros(len(NOTHING))
    for _ in range(rounds):  # which name of an owner is best follows from the weights
        weights, none = _fit_once(
            data, weights, none, scale, nothing / of_nothing, of_nothing, strength
        )
    return Fitted(weights, none)


def _fit_once(
    data: Sequence[Example],
    weights: Any,
    none: Any,
    scale: Any,
    nothing: Any,
    of_nothing: Any,
    strength: float,
) -> tuple[Any, Any]:
    from scipy.optimize import minimize

    chosen = [best_names(each, weights) for each in data]
    rows = np.vstack([each.evidence[at] for each, at in zip(data, chosen, strict=True)]) / scale
    right = np.concatenate(
        [
            [_is_right(each, each.owners[place]) for place in at]
            for each, at in zip(data, chosen, strict=True)
        ]
    ).astype(bool)
    group = np.repeat(np.arange(len(data)), [len(at) for at in chosen])
    empty = np.array([not each.right for each in data])
    answerable = empty.copy()
    np.logical_or.at(answerable, group, right)
    worth = np.array([each.weight for each in data]) * answerable

    def loss(both: Any) -> tuple[float, Any]:
        one, two = both[: len(NAMES)], both[len(NAMES) :]
        ours, theirs = rows @ one, nothing @ two
        most = theirs.copy()
        np.maximum.at(most, group, ours)
        ours, theirs = np.exp(ours - most[group]), np.exp(theirs - most)
        total, good = theirs.copy(), np.where(empty, theirs, 0.0)
        np.add.at(total, group, ours)
        np.add.at(good, group, np.where(right, ours, 0.0))
        good = np.where(answerable, good, 1.0)
        lost = -(worth * np.log(good / np.where(answerable, total, 1.0)))[answerable].sum()
        pull = (ours / total[group] - np.where(right, ours / good[group], 0.0)) * worth[group]
        push = (theirs / total - np.where(empty, theirs / good, 0.0)) * worth
        slope = np.concatenate([rows.T @ pull, nothing.T @ push])
        held = strength * len(data)
        return lost + held * (both @ both), slope + 2 * held * both

    begin = np.concatenate([weights * scale, none * of_nothing])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found[: len(NAMES)] / scale, found[len(NAMES) :] / of_nothing


def _is_right(example: Example, owner: str) -> bool:
    """Return whether an owner is meant; where nothing is, what the catalogue lacks may be."""
    return owner in example.right or (not example.right and owner.startswith("~"))


def ranked(example: Example, fitted: Fitted) -> tuple[list[tuple[str, float, int]], float]:
    """Give real owners with probability and place, likeliest first, and what is left for none."""
    places = best_names(example, fitted.weights)
    worth = example.evidence[places] @ fitted.weights
    none = float(example.nothing @ fitted.none)
    most = max([none, *worth])
    parts, rest = np.exp(worth - most), float(np.exp(none - most))
    total = parts.sum() + rest
    real = [
        (example.owners[place], float(part / total), place)
        for part, place in zip(parts, places, strict=True)
        if not example.owners[place].startswith("~")
    ]
    real.sort(key=lambda each: -each[1])
    return real, 1.0 - sum(each[1] for each in real)


# ---------------------------------------------------------------- how sure the likeliest is


def sure_row(example: Example, fitted: Fitted) -> tuple[tuple[float, ...], bool] | None:
    """Give what the trees read of a question, and whether its likeliest is right."""
    real, none = ranked(example, fitted)
    if not real:
        return None
    rows = [(probability, tuple(example.evidence[place])) for _, probability, place in real[:2]]
    nothing = Nothing(*map(float, example.nothing))
    row = row_of(rows[0], rows[1] if len(rows) > 1 else None, none, nothing)
    return row, real[0][0] in example.right


def _apart(data: dict[str, list[Example]]) -> dict[str, list[Example]]:
    """Give the sets, and the simulated ones as two."""
    found: dict[str, list[Example]] = {}
    for number, (name, part) in enumerate(data.items()):
        key = f"simulated-{number % 2}" if name.startswith("simulated") else name
        found.setdefault(key, []).extend(part)
    return found


def fit_trees(data: dict[str, list[Example]]) -> Any:
    """Fit the trees, each set's rows made with weights that were fitted on the other sets."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, right, weights = [], [], []
    for name, part in _apart(data).items():
        others = [each for other, rest in _apart(data).items() if other != name for each in rest]
        fitted = fit(others, rounds=1)
        for example in part:
            found = sure_row(example, fitted)
            if found is not None:
                rows.append(found[0])
                right.append(found[1])
                weights.append(example.weight)
    trees = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=25,
        l2_regularization=5,
        random_state=0,
    )
    return trees.fit(np.array(rows), np.array(right), sample_weight=np.array(weights))


def written(trees: Any) -> dict[str, Any]:
    """Give fitted trees as the reader takes them."""
    start = float(trees._baseline_prediction[0, 0])
    return {
        "start": round(start, 5),
        "trees": [_nodes(tree[0].nodes) for tree in trees._predictors],
    }


def _nodes(nodes: Any) -> list[list[Any]]:
    leaf = nodes["is_leaf"].astype(bool)
    bounds = np.where(leaf, nodes["value"], nodes["num_threshold"])
    return [
        [int(-1 if end else each) for each, end in zip(nodes["feature_idx"], leaf, strict=True)],
        [float(f"{each:.5g}") for each in bounds],
        [int(each) for each in nodes["left"]],
        [int(each) for each in nodes["right"]],
    ]


# ---------------------------------------------------------------- what it is worth


def sureness(
    data: Iterable[Example], fitted: Fitted, trees: Any
) -> list[tuple[Example, float, bool]]:
    """Give each question with how sure its likeliest is and whether it is right."""
    kept = [(each, row) for each in data if (row := sure_row(each, fitted)) is not None]
    found = trees.predict_proba(np.array([row for _, (row, _) in kept]))[:, 1]
    return [(each, float(p), right) for (each, (_, right)), p in zip(kept, found, strict=True)]


def told(name: str, data: Sequence[Example], fitted: Fitted, trees: Any) -> None:
    """Print what a set says at several thresholds."""
    stored = [each for each in data if each.right]
    first = sum(
        bool(ranked(each, fitted)[0]) and ranked(each, fitted)[0][0][0] in each.right
        for each in stored
    )
    found = sureness(data, fitted, trees)
    print(f"{name}: {len(stored)} stored, right one first {100 * first / len(stored):.1f}%")
    empty = sum(not each.right and not each.removed for each in data)
    gone = sum(each.removed for each in data)
    for limit in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        sure = [(each, right) for each, p, right in found if p >= limit]
        answered = sum(right for _, right in sure)
        wrong = sum(not right for each, right in sure if each.right)
        outside = sum(not each.right and not each.removed for each, _ in sure)
        removed = sum(each.removed for each, _ in sure)
        print(
            f"  {limit:.2f}: answered {100 * answered / len(stored):5.1f}%  wrong {100 * wrong / len(stored):4.1f}%"
            f"  of what is outside {100 * outside / max(1, empty):5.1f}%  taken out {100 * removed / max(1, gone):4.1f}%",
            flush=True,
        )


def main() -> None:
    """Fit, and write or tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--leave-out", action="store_true", help="tell of each set when left out")
    parser.add_argument("--only", help="leave only this set out, and write the weights")
    parser.add_argument("--sets", default=",".join(name for name in measure.SETS if name != "dev"))
    parser.add_argument("--evidence", help="a file to keep the evidence in, or to take it from")
    parser.add_argument("--to", default=str(WEIGHTS), help="where the weights are written")
    given = parser.parse_args()
    data = gathered(given.sets.split(","), given.evidence)
    if given.leave_out:
        for name in data:
            rest = {other: part for other, part in data.items() if other != name}
            fitted = fit([each for part in rest.values() for each in part])
            told(name, data[name], fitted, fit_trees(rest))
        return
    rest = {name: part for name, part in data.items() if name != given.only}
    fitted = fit([each for part in rest.values() for each in part])
    write(fitted, fit_trees(rest), Path(given.to))


def gathered(names: Sequence[str], file: str | None) -> dict[str, list[Example]]:
    """Weigh all sets, or take what was weighed before."""
    if file and Path(file).exists():
        return pickle.loads(Path(file).read_bytes())
    library = Library(WORDS, entries())
    data = {}
    for name in names:
        data[name] = examples(name, library)
        print(f"{name}: {len(data[name])} questions weighed", flush=True)
    for number in range(CATALOGUES):
        data[f"simulated-{number}"] = simulated(number, entries())
        print(f"simulated-{number}: {len(data[f'simulated-{number}'])} weighed", flush=True)
    if file:
        Path(file).write_bytes(pickle.dumps(data))
    return data


def write(fitted: Fitted, trees: Any, to: Path) -> None:
    """Write the weights; thresholds stay as they were chosen."""
    kept = json.loads(to.read_text(encoding="utf-8")) if to.exists() else {}
    data = {
        "thresholds": kept.get("thresholds") or json.loads(WEIGHTS.read_text())["thresholds"],
        "weights": dict(zip(NAMES, map(_short, fitted.weights), strict=True)),
        "none": dict(zip(NOTHING, map(_short, fitted.none), strict=True)),
        "confidence": written(trees),
    }
    to.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def _short(value: float) -> float:
    return round(float(value), 4)


if __name__ == "__main__":
    main()
