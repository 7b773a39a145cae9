"""The Zalo Bot API server by hand: type what a person says, see what the bot shows."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import suppress

from . import ZaloApi

HELP = """Type what Lan says in a private chat. Also:
  :group WORDS    call the bot in a group instead
  :file           send something that no bot is given
  :again          deliver the last update once more
  :plan NUMBER    how many messages may be sent this month
"""


async def play(port: int) -> None:
    """Serve until the input ends."""
    stub = ZaloApi()
    await stub.start(port)
    print(f"SOLIEU_ZALO_API={stub.root}\nSOLIEU_ZALO_TOKEN={stub.token}\n\n{HELP}")
    printing = asyncio.create_task(_print_all(stub))
    lan = stub.person("6ede9afa66b88fe6d6a9", "Lan")
    chat, group = stub.private(lan), stub.group("9b1a2c3d4e5f60718293", "Văn phòng")
    while line := await asyncio.to_thread(sys.stdin.readline):
        command, _, words = line.strip().partition(" ")
        match command:
            case ":group":
                stub.say(group, lan, f"@{stub.name} {words}")
            case ":file":
                stub.unsupported(chat, lan)
            case ":again":
                stub.again(stub.said[-1].update)
            case ":plan" if words.isdigit():
                stub.plan = int(words)
            case "":
                pass
            case _:
                stub.say(chat, lan, line.strip())
    printing.cancel()
    await stub.stop()


async def _print_all(stub: ZaloApi) -> None:
    shown = 0
    while True:
        for sent in stub.sent[shown:]:
            picture = f"[picture, {len(sent.photo)} bytes]\n" if sent.photo else ""
            print(f"\n--- {sent.method} to {sent.chat.title}\n{picture}{sent.text or sent.sticker}")
        shown = len(stub.sent)
        await asyncio.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="A Zalo Bot API server for one bot, to play with by hand."
    )
    parser.add_argument("--port", type=int, default=8082)
    with suppress(KeyboardInterrupt):
        asyncio.run(play(parser.parse_args().port))


if __name__ == "__main__":
    main()
