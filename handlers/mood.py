"""In what mood a deed is spoken of: asked for, or only talked about."""

from __future__ import annotations

from enum import StrEnum


class Mood(StrEnum):
    """What a sentence does with a deed; only a REQUEST is done at once."""

    REQUEST = "request"
    QUESTION = "question"
    """It is asked about: "làm sao để huỷ bản tin?"."""
    NEGATED = "negated"
    """It is not wanted: "tôi chưa muốn đăng ký"."""
    CONDITIONAL = "conditional"
    """It hangs on something: "nếu sếp đồng ý thì đăng ký"."""
    REPORTED = "reported"
    """It happened, or somebody said so: "tôi huỷ rồi", "sếp bảo đăng ký"."""
    ANOTHER = "another"
    """It is somebody else's, or for somebody else: "đăng ký cho sếp"."""
    LATER = "later"
    """It is not for now: "mai tôi sẽ đăng ký"."""
    UNSURE = "unsure"
    """Words stand beside it that nothing is known of."""
