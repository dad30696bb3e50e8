"""A client that nobody here wrote (wechatpy) against the WeCom simulator.

wecom.py ADDRESS CORPID SECRET CHAT CUSTOMERS

Prints one line of JSON: what each call gave, as the client read it. The client has the address of the token built in, so
that call is pointed elsewhere by a subclass; everything else is the client's own.
"""

import json
import sys

from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException


def main() -> None:
    address, corpid, secret, chat, customers = sys.argv[1:]

    class Client(WeChatClient):
        API_BASE_URL = f"http://{address}/cgi-bin/"

        def fetch_access_token(self):
            params = {"corpid": self.corp_id, "corpsecret": self.secret}
            return self._fetch_access_token(url=self.API_BASE_URL + "gettoken", params=params)

    def code(call):
        try:
            call()
        except WeChatClientException as error:
            return error.errcode
        return 0

    client = Client(corpid, secret)
    seen = client.appchat.get(chat)
    owner = seen["owner"]
    other = next(user for user in seen["userlist"] if user != owner)
    sent = client.appchat.send_text(chat, "公告：本群将于周五解散 <b>&amp;</b>")
    given = client.appchat.update(chat, owner=other)
    made = client.appchat.create(chat_id="fresh2026", name="新群", owner=owner, user_list=[owner, other])
    groups = client.external_contact_group_chat.list_all(limit=1)
    group = client.external_contact_group_chat.get(customers)["group_chat"]
    print(
        json.dumps(
            {
                "owner": owner,
                "members": len(seen["userlist"]),
                "sent": sent["errcode"],
                "given": given["errcode"],
                "owner_after": client.appchat.get(chat)["owner"],
                "made": made["chatid"],
                "groups": sorted(item["chat_id"] for item in groups),
                "outside": sum(member["type"] == 2 for member in group["member_list"]),
                "missing": code(lambda: client.appchat.get("nosuchchat")),
                "stranger": code(lambda: client.appchat.update(chat, owner="NobodyKnows")),
                "empty": code(lambda: client.appchat.send_text(chat, "")),
                "wrong_secret": code(lambda: Client(corpid, "wrong").appchat.get(chat)),
            }
        )
    )


if __name__ == "__main__":
    main()
