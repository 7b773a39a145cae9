"""What is sent without being asked for: the digest of a period, and word of a new figure."""

from handlers.digest.alert import alert
from handlers.digest.compose import compose
from handlers.digest.page import Digest

__all__ = ["Digest", "alert", "compose"]
