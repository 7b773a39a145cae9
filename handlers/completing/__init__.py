"""Fills the gaps of a reading, one part after the other, or says what must be asked back."""

from handlers.completing.complete import complete
from handlers.completing.remembering import remember

__all__ = ["complete", "remember"]
