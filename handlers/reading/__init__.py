"""What the words say: pure functions from a text, the vocabulary, what is known and today to a
reading.
"""

from handlers.reading.read import Reader

__all__ = ["Reader"]
