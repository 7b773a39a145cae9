"""The Bot API server by hand: type what a person says, see what the bot shows."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import suppress

from . import BotApi

HELP = """Type what An says in a private chat. Also:
  :group WORDS    say it in a group instead
  :press LABEL    press the button with this label, of the last message with buttons
  :inline WORDS   ask in inline mode
  :rich on|off    take rich messages, or be a server that does not know them
"""


async def play(port: int) -> None:
    """Serve until the input ends."""
    stub = BotApi()
    await stub.start(port)
    print(f"SOLIEU_TELEGRAM_API={stub.root}\nSOLIEU_TELEGRAM_TOKEN={stub.token}\n\n{HELP}")
    printing = asyncio.create_task(_print_all(stub))
    an = stub.person(7, "An")
    chat, group = stub.private(an), stub.group(-1_001_000_000_001, "Văn phòng")
    while line := await asyncio.to_thread(sys.stdin.readline):
        command, _, words = line.strip().partition(" ")
        if command == ":press":
            try:
                stub.press(next(sent for sent in reversed(stub.sent) if sent.buttons), words, an)
            except (LookupError, StopIteration) as problem:
                print(problem)
        elif command == ":inline":
            stub.inline(an, words)
        elif command == ":group":
            stub.say(group, an, words)
        elif command == ":rich":
            stub.rich = "on" if words == "on" else "absent"
        elif command:
            stub.say(chat, an, line.strip())
    printing.cancel()
    await stub.stop()


async def _print_all(stub: BotApi) -> None:
    sent = inline = 0
    while True:
        for message in stub.sent[sent:]:
            buttons = " ".join(f"[{label}]" for label in message.labels)
            print(f"\n--- {message.method} to {message.chat.title}\n{message.text}\n{buttons}")
        for answer in stub.inline_answers[inline:]:
            print("\n--- answerInlineQuery", *answer.texts, sep="\n")
        sent, inline = len(stub.sent), len(stub.inline_answers)
        await asyncio.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="A Telegram Bot API server for one bot, to play with by hand."
    )
    parser.add_argument("--port", type=int, default=8081)
    with suppress(KeyboardInterrupt):
        asyncio.run(play(parser.parse_args().port))


if __name__ == "__main__":
    main()
