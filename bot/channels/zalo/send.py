"""How a dressed call leaves for Zalo, in its plainer forms where it must, and what its refusal
means.
"""

from __future__ import annotations

from typing import Any

from bot.channels import Address, ChatLeft, QuotaSpent, SendFailed, SendUnsure
from bot.channels.zalo.api import Api, Lost, Refused
from bot.shelf import Shelf

_OURS = (401, 429)
"""Refusals that have nothing to do with what is sent: its words would meet them, too. Of a picture
any other may mean that Zalo could not fetch it, and would for ever keep all that waits behind it.
"""


class Sender:
    """Sends calls. `shelf` gives what Zalo is to fetch an address; without one, words stand for
    pictures.
    """

    def __init__(self, api: Api, shelf: Shelf | None) -> None:
        self._api = api
        self._shelf = shelf

    async def send(self, content: dict[str, Any], data: bytes | None, to: Address) -> str:
        """Makes a call and gives the id of its message.

        Raises:
            SendFailed: it surely did not arrive.
            SendUnsure: it may have arrived.
        """
        said = content["again"] if to.again and "again" in content else content
        refusal = ""
        for method, params in await self._forms(said, data, to):
            try:
                made = await self._api.call(method, {"chat_id": to.chat, **params})
            except Refused as error:
                if error.code != 400 and (method != "sendPhoto" or error.code in _OURS):
                    raise await self._meant(error) from None
                refusal = str(error)
            except Lost as error:
                if method == "sendPhoto" and not error.left:
                    continue
                raise (SendUnsure if error.left else SendFailed)(str(error)) from None
            else:
                return (
                    str(made["message_id"])
                    if isinstance(made, dict) and "message_id" in made
                    else ""
                )
        raise SendFailed(refusal, permanent=True)

    async def _forms(
        self, said: dict[str, Any], data: bytes | None, to: Address
    ) -> list[tuple[str, dict[str, Any]]]:
        """The ways to send something, the best first; the last has nothing that could be refused
        but its words.

        A picture of which Zalo told nothing the first time is said in words the second: it may be
        waiting for an address of ours that it cannot reach, and there is no third time.
        """
        forms: list[tuple[str, dict[str, Any]]] = []
        if data is not None:
            name, kind = str(said.get("file", "")), str(said.get("photo") or said.get("type"))
            shelf = None if to.again and "photo" in said else self._shelf
            address = await shelf.put(data, kind, name) if shelf else None
            if address is None:
                said = said["instead"]
            elif "photo" in said:
                caption = {"caption": said["caption"]} if said["caption"] else {}
                forms.append(("sendPhoto", {"photo": address, **caption}))
                said = said["instead"]
            else:
                said = {**said, "text": f"{said['text']}\n{address}"}
        if said["styles"]:
            forms.append(("sendMessage", {"text": said["text"], "text_styles": said["styles"]}))
        forms.append(("sendMessage", {"text": said["text"]}))
        return forms

    async def _meant(self, error: Refused) -> SendFailed:
        """What a refusal means for the chat and for us."""
        match error.code:
            case 404:
                # An unknown chat, most likely: but a wrong address of the API says the same of
                # every chat.
                return ChatLeft(str(error)) if await self._answers() else SendFailed(str(error))
            case 429:
                return QuotaSpent(str(error))
            # 401 is the token's fault, 403 is documented as an error of the server, 408 as a
            # time-out of it
            case _:
                return SendFailed(str(error))

    async def _answers(self) -> bool:
        try:
            await self._api.call("getMe")
        except (Refused, Lost):
            return False
        return True
