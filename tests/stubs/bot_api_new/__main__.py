# By hand


async def _play(port: int) -> None:
    """Type what a person says in a private chat; `:press`, `:inline`, `:group` and `:rich` take words."""
    async with BotApi() as stub:
        await stub.stop()
        await stub.start(port)
        print(f"root  {stub.root}\ntoken {stub.token}\n")
        an = stub.person(7, "An")
        chat, group = stub.private(an), stub.group(-1_001_000_000_001, "Văn phòng")
        printing = asyncio.create_task(_print_sent(stub))
        while line := await asyncio.to_thread(sys.stdin.readline):
            command, _, words = line.strip().partition(" ")
            match command:
                case ":press":
                    try:
                        stub.press(next(sent for sent in reversed(stub.sent) if sent.buttons), words, an)
                    except (LookupError, StopIteration) as problem:
                        print(problem)
                case ":inline":
                    stub.inline(an, words)
                case ":group":
                    stub.say(group, an, words)
                case ":rich":
                    stub.rich = "on" if words == "on" else "absent"
                case "":
                    continue
                case _:
                    stub.say(chat, an, line.strip())
        printing.cancel()


async def _print_sent(stub: BotApi) -> None:
    for count in itertools.count():
        await stub.until(lambda count=count: len(stub.sent) + len(stub.inline_answers) > count, math.inf)  # type: ignore[misc]
        if len(stub.sent) > count:
            sent = stub.sent[count]
            print(
                f"\n[{sent.method} to {sent.chat.id}]\n{sent.text}\n" + " ".join(f"[{label}]" for label in sent.labels)
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="A Telegram Bot API server for one bot, to play with by hand.")
    parser.add_argument("--port", type=int, default=8081)
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(parser.parse_args().port))


if __name__ == "__main__":
    main()

