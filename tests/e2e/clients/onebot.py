"""Clients of OneBot v11 that are not ours, against `adjourn sim qq`.

    onebot.py URL GROUP

aiocqhttp makes the calls over HTTP; the event models of nonebot-adapter-onebot read what comes over the WebSocket.
What happened is printed as one JSON document. The test that runs this says what it has to be.
"""

import asyncio
import json
import sys

import aiohttp
from aiocqhttp import CQHttp
from aiocqhttp.exceptions import ActionFailed, HttpFailed
from nonebot.adapters.onebot.v11 import Adapter


async def failure(call):
    """How a call fails, as the client sees it."""
    try:
        await call
    except ActionFailed as error:
        return {"action": error.result["retcode"], "status": error.result["status"]}
    except HttpFailed as error:
        return {"http": error.status_code}
    return None


async def events(socket):
    """The events that have come, each with the model that reads it."""
    found = []
    while True:
        try:
            message = await socket.receive(timeout=2)
        except asyncio.TimeoutError:
            return found
        if message.type is not aiohttp.WSMsgType.TEXT:
            return found
        data = json.loads(message.data)
        event = Adapter.json_to_event(data)
        read = type(event).__name__ if event else None
        found.append({"model": read, "event": data, "read": json.loads(event.json()) if event else None})


async def call(socket, action, params, echo):
    """A call over the WebSocket, and the reply with its echo; events on the way are passed over."""
    await socket.send_json({"action": action, "params": params, "echo": echo})
    while True:
        reply = json.loads((await socket.receive(timeout=5)).data)
        if reply.get("echo") == echo:
            return reply


async def main(url, group):
    owner = CQHttp(api_root=url, access_token="qq-owner")
    witness = CQHttp(api_root=url, access_token="qq-witness")
    stranger = CQHttp(api_root=url, access_token="nobody")
    told = {}
    told["login"] = await owner.get_login_info()
    told["version"] = await owner.get_version_info()
    told["groups"] = await owner.get_group_list(no_cache=True)
    told["wrong_token"] = await failure(stranger.get_login_info())
    told["no_such_group"] = await failure(owner.get_group_member_list(group_id=77))
    told["no_such_action"] = await failure(owner.call_action("set_group_end", group_id=group))
    headers = {"Authorization": "Bearer qq-witness"}
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{url}/api", headers=headers) as api:
            told["over_socket"] = await call(api, "get_group_info", {"group_id": group}, {"n": 1})
        async with session.ws_connect(f"{url}/event", headers=headers) as socket:
            told["sent"] = await owner.send_group_msg(group_id=group, message="hello from aiocqhttp")
            told["history"] = await owner.call_action("get_group_msg_history", group_id=str(group), count=1)
            told["left"] = await owner.set_group_leave(group_id=group, is_dismiss=False)
            told["events"] = await events(socket)
        async with session.ws_connect(f"{url}/event?access_token=nobody") as socket:
            told["turned_away"] = json.loads((await socket.receive(timeout=5)).data)
    told["groups_after"] = await witness.get_group_list(no_cache=True)
    print(json.dumps(told, ensure_ascii=False))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
