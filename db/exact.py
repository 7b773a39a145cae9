"""How an exact decimal lies in a database, so that it compares and sorts as its number."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

_WIDE = Context(prec=200)
_NINES = str.maketrans("0123456789", "9876543210")
MOST_DIGITS = 99
"""Digits before the decimal point that the written form has room for."""


def encode(value: Decimal) -> str:
    """The text of a decimal; texts compare as their decimals do, and equal decimals have the same
    text.

    A sign digit, how many digits the whole part has, these digits, and the fraction after a point:
    73 is "10273", 0.05 is "100.05". Below zero every digit is taken from nine and a "~" ends the
    text, which turns the order around.

    Raises:
        ValueError: the value is no finite number, or has too many digits before the point.
    """
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # letters stand there for what is not finite
    written = "".join(map(str, digits)) + "0" * min(max(exponent, 0), 2 * MOST_DIGITS)
    point = len(written) + min(exponent, 0)
    whole = written[: max(point, 0)].lstrip("0")
    fraction = ("0" * -point + written if point < 0 else written[point:]).rstrip("0")
    if len(whole) > MOST_DIGITS:
        raise ValueError(f"too large: {value}")
    body = f"{len(whole):02}{whole}.{fraction}" if fraction else f"{len(whole):02}{whole}"
    if sign and (whole or fraction):
        return f"0{body.translate(_NINES)}~"
    return f"1{body}"


def decode(text: str) -> Decimal:
    """The decimal of a text, without trailing zeros."""
    negative = text.startswith("0")
    body = text[1:-1].translate(_NINES) if negative else text[1:]
    return Decimal(f"{'-' if negative else ''}{body[2:] or '0'}")


def decimals(value: Decimal) -> int:
    """How many digits stand after the point, trailing zeros among them."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def with_decimals(value: Decimal, count: int) -> Decimal:
    """The same value with so many digits after the point."""
    return value.quantize(_step(count), context=_WIDE)


@lru_cache(maxsize=64)
def _step(count: int) -> Decimal:
    return Decimal((0, (1,), -count))


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that no binary float ever touches: NUMERIC where there is one, a text that sorts
    rightly in SQLite.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:  # noqa: ARG002 - SQLAlchemy's signature
        return self

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return encode(value) if value is not None and dialect.name == "sqlite" else value

    def process_literal_param(self, value: Decimal | None, dialect: Dialect) -> str:
        if value is None:
            return "NULL"
        return encode(value) if dialect.name == "sqlite" else f"{value:f}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return decode(value) if value is not None and dialect.name == "sqlite" else value
