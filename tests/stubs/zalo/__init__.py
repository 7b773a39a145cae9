"""A Zalo Bot API server for one bot on 127.0.0.1, for the tests; `python -m` plays with it by hand."""

from ..serving import Call, Fault
from .records import Chat, Person, Post, Said, Sent, Webhook
from .requests import Refused
from .server import TOKEN, ZaloApi

__all__ = [
    "TOKEN",
    "Call",
    "Chat",
    "Fault",
    "Person",
    "Post",
    "Refused",
    "Said",
    "Sent",
    "Webhook",
    "ZaloApi",
]
