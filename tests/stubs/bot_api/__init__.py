"""A Telegram Bot API server for one bot, as strict as Telegram's, on 127.0.0.1; `python -m` plays with it by hand."""

from ..serving import Call, Fault
from .records import Button, Chat, InlineAnswer, Person, Pressed, Sent, Told, Upload
from .server import TOKEN, BotApi
from .texts import Refused
from .updates import Post, Webhook

__all__ = [
    "TOKEN",
    "BotApi",
    "Button",
    "Call",
    "Chat",
    "Fault",
    "InlineAnswer",
    "Person",
    "Post",
    "Pressed",
    "Refused",
    "Sent",
    "Told",
    "Upload",
    "Webhook",
]
