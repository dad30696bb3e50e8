#!/usr/bin/env python3
"""Fills an empty, running Synapse with invented groups, and writes down what it did.

    seed.py early|main BASE_URL OUT_DIR

`early` makes the accounts and the room that must look idle; `main` makes everything else and the report. Between
the two the server is restarted with a later clock. Only the standard library is used.

Writes OUT_DIR/tokens.json (accounts) and OUT_DIR/seed.json (rooms and counts). The counts are taken on this side, from
the answers to our own requests, so that a test can hold them against the server's database.

Contents are fixed by SEED. Event ids are not: they are hashes over times and neighbours.
All persons, companies, numbers and texts are invented.
"""

import hashlib
import hmac
import http.client
import json
import random
import struct
import sys
import threading
import urllib.parse
import zlib

SEED = 20261123
SHARED_SECRET = b"peers-shared-secret"
MESSAGES = 2000
REPLIES = 160
THREADED = 140
EDITS = 60
REDACTIONS = 40
REACTIONS = 120
ROUNDS = 10

# name, display name, is server admin
USERS = [
    ("root", "值班管理员", True),
    ("witness", "见证员", True),
    ("alice", "林知夏", False),
    ("bob", "Bob 周", False),
    ("carol", "柯若兰", False),
    ("dave", "戴维", False),
    ("helper-bot", "小助手 Bot", False),
]


class Client:
    """One keep-alive connection as one user. Not to be shared between threads."""

    def __init__(self, base, token=None):
        parts = urllib.parse.urlsplit(base)
        self.conn = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self.token = token

    def raw(self, method, path, body=None, ctype="application/json"):
        headers = {"Content-Type": ctype}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        self.conn.request(method, path, body=body, headers=headers)
        answer = self.conn.getresponse()
        return answer.status, answer.read()

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        status, text = self.raw(method, path, data)
        if status != 200:
            raise SystemExit(f"seed: {method} {path} -> {status} {text[:400]!r}")
        return json.loads(text)


def q(text):
    return urllib.parse.quote(text, safe="")


# --- invented texts ---------------------------------------------------------------------------------------------

WHO = ["林工", "周姐", "柯老师", "设计组", "测试组", "供应商", "财务小赵", "新来的实习生", "Ops", "客户方"]
DOES = ["已经确认", "还没回复", "把时间改到", "提议推迟到", "需要补充", "重新上传了", "问能不能看一下", "建议取消", "正在核对", "同意"]
WHAT = ["第三版排期表", "样机照片", "验收清单", "报价单", "会议纪要", "接口文档", "仓库盘点结果", "周报", "培训材料", "发布说明"]
WHEN = ["周一上午", "明天下午三点", "月底之前", "下个迭代", "今晚", "节后第一天", "10:30", "next Tuesday", "季度评审前", "随时"]
TAIL = ["。", "!", ",大家看下。", ",谢谢~", " 👍", ",收到请回复", " 🙏", "?", "……", ",辛苦了 🍵"]
ENGLISH = ["fyi the build is green again", "can someone review the draft", "lgtm", "moving this to the backlog",
           "numbers attached, please do not forward", "standup in five"]
# Texts that break careless exporters, viewers and redactors. Phone numbers, addresses and cards are invented.
AWKWARD = [
    "<script>alert('群')</script> & \"引号\" 'quotes' </body>",
    "第一行\n第二行\n\n    缩进的第四行\t制表符",
    "=1+1 开头是公式, +86 138 0000 0000 不是公式",
    "联系人: 王小虚, 手机 13800000000, 邮箱 wang.xiaoxu@example.test, 地址 虚构市示例区一号路 2 号",
    "身份证 110101190001010000(样例), 卡号 6200 0000 0000 0000(样例)",
    "RTL \u202eevil\u202c 与零宽\u200b字符, NFC é 与 NFD e\u0301",
    "生僻字 𠮷𠮾 和 emoji 👩‍👩‍👧‍👦🏳️‍🌈, 全角ABC",
    "../../etc/passwd C:\\temp\\群.txt %00 %2e%2e",
    "长文本 " + "很长" * 600,
    "| 表 | 格 |\n|---|---|\n| 甲 | 乙 |",
    "{\"json\": [1, 2, 3], \"空\": null}",
    "https://example.test/?q=散群&x=1#片段",
]


def sentence(rng):
    if rng.random() < 0.12:
        return rng.choice(ENGLISH)
    text = rng.choice(WHO) + rng.choice(DOES) + rng.choice(WHEN) + "的" + rng.choice(WHAT) + rng.choice(TAIL)
    if rng.random() < 0.25:
        text += "(编号 %05d)" % rng.randrange(100000)
    return text


def png(width, height, rng):
    """A small valid PNG with a little noise in it."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(rng.randrange(256) for _ in range(3 * width)) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


# --- accounts -----------------------------------------------------------------------------------------------------

def register(base, name, admin):
    anon = Client(base)
    nonce = anon.call("GET", "/_synapse/admin/v1/register")["nonce"]
    password = "pw-" + name
    mac = hmac.new(SHARED_SECRET, digestmod=hashlib.sha1)
    mac.update(b"\0".join([nonce.encode(), name.encode(), password.encode(), b"admin" if admin else b"notadmin"]))
    made = anon.call("POST", "/_synapse/admin/v1/register",
                     {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac.hexdigest()})
    return {"user_id": made["user_id"], "access_token": made["access_token"], "device_id": made["device_id"],
            "password": password, "admin": admin}


def early(base, out):
    users = {}
    for name, display, admin in USERS:
        users[name] = register(base, name, admin)
        users[name]["display_name"] = display
        client = Client(base, users[name]["access_token"])
        client.call("PUT", f"/_matrix/client/v3/profile/{q(users[name]['user_id'])}/displayname",
                    {"displayname": display})
    write(out + "/tokens.json", {"server_name": "peers.test", "users": users})

    world = World(base, users)
    rng = random.Random(SEED + 1)
    room = world.create("quiet", "carol", {"name": "沉寂群 Quiet"}, ["bob"])
    for _ in range(5):
        world.send(room, rng.choice(["carol", "bob"]), "m.room.message", {"msgtype": "m.text", "body": sentence(rng)})
    write(out + "/early.json", {"rooms": world.rooms, "ids": world.ids, "txn": world.txn})


# --- rooms --------------------------------------------------------------------------------------------------------

class World:
    """Makes rooms and sends events, and counts per room and type what the server accepted."""

    def __init__(self, base, users, before=None):
        self.base, self.users, self.lock = base, users, threading.Lock()
        before = before or {"rooms": {}, "ids": {}, "txn": 0}
        self.rooms, self.ids, self.txn = before["rooms"], before["ids"], before["txn"]
        self.local = threading.local()

    def as_user(self, name):
        cache = self.local.__dict__.setdefault("clients", {})
        if name not in cache:
            cache[name] = Client(self.base, self.users[name]["access_token"])
        return cache[name]

    def create(self, key, owner, options, members=(), topic=None):
        body = {"preset": "private_chat",
                "initial_state": [{"type": "m.room.history_visibility", "state_key": "",
                                   "content": {"history_visibility": "shared"}}],
                "invite": [self.users[m]["user_id"] for m in members], **options}
        if topic:
            body["topic"] = topic
        room_id = self.as_user(owner).call("POST", "/_matrix/client/v3/createRoom", body)["room_id"]
        for m in members:
            self.as_user(m).call("POST", f"/_matrix/client/v3/join/{q(room_id)}", {})
        self.rooms[key] = {"room_id": room_id, "name": options.get("name"), "owner": self.users[owner]["user_id"],
                           "alias": None, "sent": {}}
        self.ids[key] = []
        return key

    def note(self, key, kind, event_id):
        with self.lock:
            sent = self.rooms[key]["sent"]
            sent[kind] = sent.get(kind, 0) + 1
            self.ids[key].append(event_id)
        return event_id

    def next_txn(self):
        with self.lock:
            self.txn += 1
            return f"seed{self.txn}"

    def send(self, key, user, kind, content):
        room = q(self.rooms[key]["room_id"])
        answer = self.as_user(user).call("PUT", f"/_matrix/client/v3/rooms/{room}/send/{kind}/{self.next_txn()}", content)
        return self.note(key, kind, answer["event_id"])

    def redact(self, key, user, event_id, reason):
        room = q(self.rooms[key]["room_id"])
        answer = self.as_user(user).call(
            "PUT", f"/_matrix/client/v3/rooms/{room}/redact/{q(event_id)}/{self.next_txn()}", {"reason": reason})
        return self.note(key, "m.room.redaction", answer["event_id"])

    def state(self, key, user, kind, state_key, content):
        room = q(self.rooms[key]["room_id"])
        return self.as_user(user).call("PUT", f"/_matrix/client/v3/rooms/{room}/state/{kind}/{q(state_key)}",
                                       content)["event_id"]

    def leave(self, key, user):
        self.as_user(user).call("POST", f"/_matrix/client/v3/rooms/{q(self.rooms[key]['room_id'])}/leave", {})

    def upload(self, user, name, ctype, data):
        status, text = self.as_user(user).raw("POST", "/_matrix/media/v3/upload?filename=" + q(name), data, ctype)
        if status != 200:
            raise SystemExit(f"seed: upload {name} -> {status} {text[:300]!r}")
        return json.loads(text)["content_uri"]


def in_parallel(world, jobs):
    """Runs (user, function) jobs, one thread per user, each user's own in order."""
    failures = []

    def work(mine):
        try:
            for job in mine:
                job()
        except BaseException as error:  # a silent thread would mean a smaller room than the report says
            failures.append(error)

    lanes = {}
    for user, job in jobs:
        lanes.setdefault(user, []).append(job)
    threads = [threading.Thread(target=work, args=(lane,)) for lane in lanes.values()]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failures:
        raise SystemExit(f"seed: {failures[0]}")


def fill_project(world, key, rng):
    people = ["alice", "bob", "carol", "helper-bot"]
    messages = []  # (event_id, user, body), in the order of arrival
    plain = set()  # ids of those that refer to nothing
    detail = {"edits": [], "redacted": [], "replies": 0, "threaded": 0, "reactions": 0, "media": [], "root_of_threads": []}
    lock = threading.Lock()

    def post(user, content, track=True):
        event_id = world.send(key, user, "m.room.message", content)
        if track:
            with lock:
                messages.append((event_id, user, content["body"]))
                if "m.relates_to" not in content:
                    plain.add(event_id)
        return event_id

    plain_total = MESSAGES - REPLIES - THREADED
    awkward = list(AWKWARD) * 3
    thread_roots = []
    for turn in range(ROUNDS):
        jobs = []
        for _ in range(plain_total // ROUNDS):
            user = rng.choices(people, [5, 4, 3, 1])[0]
            body = awkward.pop() if awkward and rng.random() < 0.03 else sentence(rng)
            if turn == ROUNDS - 1 and awkward:
                body = awkward.pop()
            content = {"msgtype": "m.notice" if user == "helper-bot" else "m.text", "body": body}
            if rng.random() < 0.05:
                content["format"] = "org.matrix.custom.html"
                content["formatted_body"] = "<b>" + body.replace("&", "&amp;").replace("<", "&lt;") + "</b>"
            if rng.random() < 0.05:
                content["m.mentions"] = {"user_ids": [world.users[rng.choice(people)]["user_id"]]}
            jobs.append((user, lambda u=user, c=content: post(u, c)))
        in_parallel(world, jobs)

        # What refers to earlier events. Which ones is drawn from the sorted texts, so that the draw does not
        # depend on the order in which the threads happened to arrive.
        known = sorted(messages, key=lambda m: (m[2], m[1]))
        if len(thread_roots) < 12:
            thread_roots += rng.sample([m for m in known if m[0] in plain], 2)  # a reply cannot be a root
        jobs = []
        for _ in range(REPLIES // ROUNDS):
            target, user = rng.choice(known), rng.choice(people)
            content = {"msgtype": "m.text", "body": sentence(rng), "m.relates_to": {"m.in_reply_to": {"event_id": target[0]}}}
            jobs.append((user, lambda u=user, c=content: post(u, c)))
        for _ in range(THREADED // ROUNDS):
            root, user = rng.choice(thread_roots), rng.choice(people)
            content = {"msgtype": "m.text", "body": sentence(rng), "m.relates_to": {
                "rel_type": "m.thread", "event_id": root[0], "is_falling_back": True,
                "m.in_reply_to": {"event_id": root[0]}}}
            jobs.append((user, lambda u=user, c=content: post(u, c)))
        taken = {e for e in detail["edits"]} | {e for e in detail["redacted"]} | {r[0] for r in thread_roots}
        free = [m for m in known if m[0] not in taken]
        picks = rng.sample(free, (EDITS + REDACTIONS) // ROUNDS)
        for target, user, _ in picks[: EDITS // ROUNDS]:
            fresh = sentence(rng)
            content = {"msgtype": "m.text", "body": "* " + fresh, "m.new_content": {"msgtype": "m.text", "body": fresh},
                       "m.relates_to": {"rel_type": "m.replace", "event_id": target}}
            detail["edits"].append(target)
            jobs.append((user, lambda u=user, c=content: post(u, c, track=False)))
        for target, user, _ in picks[EDITS // ROUNDS:]:
            by = user if rng.random() < 0.7 else "alice"  # some by the owner, on another's message
            detail["redacted"].append(target)
            jobs.append((by, lambda u=by, t=target: world.redact(key, u, t, "发错群了")))
        pairs = set()
        while len(pairs) < REACTIONS // ROUNDS:
            pairs.add((rng.randrange(len(free)), rng.choice(people), rng.choice(["👍", "❤️", "收到", "🎉"])))
        for index, user, sign in sorted(pairs):
            content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": free[index][0], "key": sign}}
            jobs.append((user, lambda u=user, c=content: world.send(key, u, "m.reaction", c)))
        in_parallel(world, jobs)
        print(f"seed: round {turn + 1}/{ROUNDS}, {len(messages)} messages", flush=True)

    detail["replies"], detail["threaded"], detail["reactions"] = REPLIES, THREADED, REACTIONS
    detail["root_of_threads"] = [r[0] for r in thread_roots]

    files = [
        ("alice", "样机 prototype.png", "image/png", "m.image", png(48, 32, rng)),
        ("bob", "验收清单.csv", "text/csv", "m.file",
         ("\ufeff编号,项目,结果\r\n" + "".join(f"{i},检查项{i},{'通过' if i % 3 else '待复核'}\r\n" for i in range(1, 60))).encode()),
        ("carol", "会议纪要.txt", "text/plain", "m.file", "\n".join(sentence(rng) for _ in range(40)).encode()),
    ]
    for user, name, ctype, kind, data in files:
        uri = world.upload(user, name, ctype, data)
        info = {"mimetype": ctype, "size": len(data)}
        if kind == "m.image":
            info.update(w=48, h=32)
        event_id = world.send(key, user, "m.room.message", {"msgtype": kind, "body": name, "url": uri, "info": info})
        detail["media"].append({"mxc": uri, "name": name, "mimetype": ctype, "bytes": len(data),
                                "sha256": hashlib.sha256(data).hexdigest(), "event_id": event_id,
                                "sender": world.users[user]["user_id"]})
    return detail


def main_part(base, out):
    users = read(out + "/tokens.json")["users"]
    world = World(base, users, read(out + "/early.json"))
    rng = random.Random(SEED)

    key = world.create("project", "alice", {"name": "项目甲 Project Y", "room_alias_name": "project-y"},
                       ["bob", "carol", "dave", "helper-bot"], topic="项目甲的讨论, 文件和排期")
    world.rooms[key]["alias"] = "#project-y:peers.test"
    world.state(key, "alice", "im.vector.modular.widgets", "board",
                {"type": "m.custom", "name": "看板", "url": "https://board.example.test/?room=$matrix_room_id",
                 "id": "board", "creatorUserId": users["alice"]["user_id"], "data": {"title": "排期"}})
    bridge = {"bridgebot": users["helper-bot"]["user_id"], "creator": users["alice"]["user_id"],
              "protocol": {"id": "irc", "displayname": "IRC"},
              "channel": {"id": "#project-y", "displayname": "#project-y"}}
    world.state(key, "alice", "m.bridge", "test.example.irc://example/%23project-y", bridge)
    world.state(key, "alice", "uk.half-shot.bridge", "test.example.irc://example/%23project-y", bridge)
    detail = fill_project(world, key, rng)
    detail["goodbye"] = world.send(key, "dave", "m.room.message", {"msgtype": "m.text", "body": "我转岗了,先退群,再见 👋"})
    world.leave(key, "dave")

    key = world.create("legacy", "bob", {"name": "旧项目 Legacy", "room_version": "10"}, ["carol", "alice"])
    levels = world.as_user("bob").call("GET", f"/_matrix/client/v3/rooms/{q(world.rooms[key]['room_id'])}/state/m.room.power_levels/")
    levels["users"] = {users["bob"]["user_id"]: 100, users["carol"]["user_id"]: 50}
    world.state(key, "bob", "m.room.power_levels", "", levels)
    for _ in range(30):
        world.send(key, rng.choice(["bob", "carol", "alice"]), "m.room.message", {"msgtype": "m.text", "body": sentence(rng)})

    key = world.create("orphan", "carol", {"name": "无主群 Orphan"}, ["bob", "alice"])
    for _ in range(8):
        world.send(key, rng.choice(["carol", "bob"]), "m.room.message", {"msgtype": "m.text", "body": sentence(rng)})
    world.leave(key, "carol")

    key = world.create("sealed", "alice", {"name": "加密群 Sealed", "initial_state": [
        {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]}, ["bob"])
    for n in range(6):
        world.send(key, "alice" if n % 2 else "bob", "m.room.encrypted", {
            "algorithm": "m.megolm.v1.aes-sha2", "session_id": "invented-session", "device_id": "INVENTED",
            "sender_key": "invented-sender-key", "ciphertext": rng.randbytes(48).hex()})

    key = world.create("unnamed", "bob", {"name": "待清空"}, ["alice"])
    world.state(key, "bob", "m.room.name", "", {"name": ""})
    world.rooms[key]["name"] = ""
    for _ in range(4):
        world.send(key, "bob", "m.room.message", {"msgtype": "m.text", "body": sentence(rng)})

    key = world.create("solo", "carol", {"name": "独人群 Solo"})
    for _ in range(3):
        world.send(key, "carol", "m.room.message", {"msgtype": "m.text", "body": sentence(rng)})

    root = world.as_user("root")
    for key, room in world.rooms.items():
        seen = root.call("GET", "/_synapse/admin/v1/rooms/" + q(room["room_id"]))
        for field in ("version", "joined_members", "state_events", "encryption", "creator"):
            room[field] = seen[field]
        room["members"] = sorted(root.call("GET", f"/_synapse/admin/v1/rooms/{q(room['room_id'])}/members")["members"])
        # The whole room as the API tells it, page by page: the figure that the database must confirm.
        total, types, at = 0, {}, None
        for _ in range(200):
            page = root.call("GET", f"/_synapse/admin/v1/rooms/{q(room['room_id'])}/messages?dir=f&limit=500"
                             + (f"&from={q(at)}" if at else ""))
            for event in page["chunk"]:
                total += 1
                types[event["type"]] = types.get(event["type"], 0) + 1
            at = page.get("end")
            if not at:
                break
        else:
            raise SystemExit("seed: paging did not end")
        room["events"], room["types"] = total, dict(sorted(types.items()))
        for kind, count in room["sent"].items():
            if types.get(kind) != count:
                raise SystemExit(f"seed: {key}: sent {count} {kind}, the server lists {types.get(kind)}")
        room["sent_ids_sha256"] = hashlib.sha256("\n".join(sorted(world.ids[key])).encode()).hexdigest()
    world.rooms["project"]["detail"] = detail
    write(out + "/seed.json", {"seed": SEED, "rooms": world.rooms,
                               "events": sum(r["events"] for r in world.rooms.values())})


def read(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def write(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, indent=1, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("early", "main"):
        raise SystemExit(__doc__)
    (early if sys.argv[1] == "early" else main_part)(sys.argv[2], sys.argv[3])
