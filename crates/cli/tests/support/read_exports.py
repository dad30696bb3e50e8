"""Reads what `adjourn archive convert` made with programs that nobody here wrote, and says what it saw as JSON.

    read_exports.py rsmf SAMPLES FOLDER | eml FOLDER | parquet FILE ARCHIVE
"""

import email
import email.utils
import io
import json
import pathlib
import sys
import zipfile
from email import policy


def messages(folder, ending):
    for path in sorted(pathlib.Path(folder).glob("*." + ending)):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert not message.defects, (path, message.defects)
        assert email.utils.parsedate_to_datetime(message["Date"]) is not None, path
        yield path, message


def body(message):
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "records.jsonl", attachment.get_filename()
    return attachment.get_content().decode().split("\n")[:-1]


def rsmf(samples, folder):
    from jsonschema import Draft7Validator

    samples = pathlib.Path(samples)
    validator = Draft7Validator(json.loads((samples / "rsmf_schema_2_0_0.json").read_text()))
    refused = [
        path.name
        for path in sorted(samples.glob("Sample*.json"))
        if not validator.is_valid(json.loads(path.read_text()))
    ]
    files = events = 0
    for path, message in messages(folder, "rsmf"):
        assert message["X-RSMF-Version"] == "2.0.0", path
        assert message.get_body(("plain",)).get_content().strip(), path
        (attachment,) = message.iter_attachments()
        assert attachment.get_filename() == "rsmf.zip", path
        manifest = json.loads(zipfile.ZipFile(io.BytesIO(attachment.get_content())).read("rsmf_manifest.json"))
        errors = [error.message for error in validator.iter_errors(manifest)]
        assert not errors, (path, errors)
        assert int(message["X-RSMF-EventCount"]) == len(manifest["events"]) <= 10_000, path
        # What the schema says in words: whoever and whatever is named is there.
        people = {person["id"] for person in manifest["participants"]}
        ids = {event["id"] for event in manifest["events"]}
        (conversation,) = manifest["conversations"]
        assert set(conversation["participants"]) <= people, path
        for event in manifest["events"]:
            assert event["conversation"] == conversation["id"], event
            assert event.get("participant", next(iter(people), None)) in people or not people, event
            assert event.get("parent") is None or event["parent"] in ids, event
            named = [edit["participant"] for edit in event.get("edits", [])]
            named += [one for reaction in event.get("reactions", []) for one in reaction.get("participants", [])]
            assert set(named) <= people, event
        files += 1
        events += len(manifest["events"])
    return {"refused": refused, "files": files, "events": events}


def eml(folder):
    files = records = 0
    for path, message in messages(folder, "eml"):
        assert message["From"].addresses and message["To"].addresses and message["Subject"], path
        assert message["Bcc"] is None, path
        speakers = {json.loads(line)["sender"] for line in body(message)} - {""}
        named = len(message["From"].addresses) + len(message["To"].addresses)
        assert named >= max(2, len(speakers)), path
        assert message.get_body(("plain",)).get_content().count("\n") >= len(body(message)), path
        lines = body(message)
        assert all(json.loads(line)["id"] for line in lines), path
        files += 1
        records += len(lines)
    return {"files": files, "records": records}


def parquet(table, archive):
    import duckdb

    lines = [json.loads(line) for line in pathlib.Path(archive).read_text().splitlines()]
    wanted = [
        (line["id"], line.get("text"), line["sender"], line["kind"], line.get("content"), line.get("recalled", False))
        for line in lines
        if "id" in line
    ]
    query = "select id, text, sender, kind, content, recalled from read_parquet(?)"
    got = duckdb.execute(query, [str(table)]).fetchall()
    assert got == wanted, (got, wanted)
    times = "select count(*) from read_parquet(?) where \"at\" between '2023-11-14' and '2023-11-16'"
    assert duckdb.execute(times, [str(table)]).fetchone() == (len(wanted) - 1,)
    count = "select count(*) from read_parquet(?)"
    return {"rows": duckdb.execute(count, [str(table)]).fetchone()[0]}


if __name__ == "__main__":
    print(json.dumps({"rsmf": rsmf, "eml": eml, "parquet": parquet}[sys.argv[1]](*sys.argv[2:])))
