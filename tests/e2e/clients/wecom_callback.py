"""Encrypts a callback with a client library that nobody here wrote (wechatpy), for our reader to open.

wecom_callback.py TOKEN ENCODING_AES_KEY CORPID TEXT

Prints the envelope as one line of JSON.
"""

import json
import sys

from wechatpy.enterprise.crypto import WeChatCrypto


def main() -> None:
    token, key, corpid, text = sys.argv[1:]
    timestamp, nonce = "1409659813", "1372623149"
    body = WeChatCrypto(token, key, corpid).encrypt_message(text, nonce, timestamp)
    signature = body.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    print(json.dumps({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "body": body}))


if __name__ == "__main__":
    main()
