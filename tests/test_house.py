"""The house keeps its shape: imports go down, every phrase is translated, every key that is said exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
BELOW = {
    "bot": {"bot", "handlers", "db", "locales"},
    "handlers": {"handlers", "db", "locales"},
    "db": {"db"},
    "locales": {"locales"},
}
PURE = {
    "asyncio",
    "socket",
    "sqlalchemy",
    "aiosqlite",
    "httpx",
    "telegram",
    "time",
    "os",
    "random",
    "subprocess",
    "logging",
}
VALUES = {"db.facts", "db.loans", "db.rhythm", "db.subscriptions", "db.ties"}


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("package", BELOW)
def test_imports_go_down(package: str) -> None:
    for path in modules(package):
        upward = {name for name in imports(path) if name.split(".")[0] in BELOW} - {
            name for name in imports(path) if name.split(".")[0] in BELOW[package]
        }
        assert not upward, f"{path.relative_to(ROOT)} imports {upward}"


def test_no_package_imports_in_a_circle() -> None:
    """Of any two modules at most one needs the other, however the import is put off."""
    graph = {module_name(path): known_imports(path) for path in modules(*BELOW)}
    while leaves := {name for name, needed in graph.items() if not needed & graph.keys()}:
        graph = {name: needed for name, needed in graph.items() if name not in leaves}
    while roots := graph.keys() - {name for needed in graph.values() for name in needed}:
        graph = {name: needed for name, needed in graph.items() if name not in roots}
    assert not graph, f"these import each other: {sorted(graph)}"


def module_name(path: Path) -> str:
    """Give a module's dotted name; a package's is its folder's."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def known_imports(path: Path) -> set[str]:
    """Give the modules of the house that a module imports by name, wherever it does."""
    known = {module_name(each) for each in modules(*BELOW)}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & known) or {node.module}
    return found & known - {module_name(path)}


def test_reading_is_pure() -> None:
    """No clock, no database, no network: today is an argument."""
    for path in modules("handlers/reading"):
        used = {name.split(".")[0] for name in imports(path)}
        assert not used & PURE, f"{path.relative_to(ROOT)} imports {used & PURE}"
        assert "today()" not in path.read_text(encoding="utf-8")
        assert not any(name.startswith("db.") and name not in VALUES for name in imports(path))


def test_every_module_says_what_it_knows() -> None:
    for path in modules(*BELOW):
        if "versions" not in path.parts:
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.relative_to(
                ROOT
            )


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    with (ROOT / "locales" / language / "messages.po").open("rb") as file:
        entries = {entry.id: entry.string for entry in read_po(file) if entry.id}
    keys = {key if isinstance(key, str) else key[0]: text for key, text in entries.items()}
    return {key: (text,) if isinstance(text, str) else tuple(text) for key, text in keys.items()}


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_english_is_complete_and_takes_the_same_parts() -> None:
    vietnamese, english = catalogue("vi"), catalogue("en")
    assert vietnamese.keys() == english.keys()
    for key, said in vietnamese.items():
        for form in english[key]:
            assert form, key
            assert parts(form) <= parts(said[0]), key


def test_every_key_that_is_said_exists() -> None:
    known = catalogue("vi").keys()
    for path in modules("handlers", "bot"):
        for key in re.findall(
            r"""(?:text|words|asking\.text|_stop)\(\s*"([a-z_]+(?:\.[a-z_]+)+)["]""",
            path.read_text(encoding="utf-8"),
        ):
            assert key in known, f"{path.relative_to(ROOT)} says {key}"


def test_every_key_is_said() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in modules("handlers", "bot"))
    beginnings = set(re.findall(r"""f"([a-z_.]+\.)\{""", code))
    for key in catalogue("vi"):
        assert f'"{key}"' in code or any(key.startswith(each) for each in beginnings), (
            f"{key} is never said"
        )


def test_no_two_indicators_of_the_demonstration_share_a_name() -> None:
    import csv

    with (ROOT / "db" / "demo" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        names = [
            name.casefold()
            for row in csv.DictReader(file)
            for name in (row["name_vi"], *row["aliases"].split("|"))
            if name
        ]
    assert len(names) == len(set(names))
