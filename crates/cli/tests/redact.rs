//! `redact` as people and scripts use it: the copy has no identifier of the original, what can't be read is listed, and a copy is there whole or not at all.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use adjourn_redact::corpus::Corpus;
use serde_json::Value;

fn adjourn(dir: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_adjourn"))
        .args(["--lang", "en", "--data", "d"])
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The code of an error that was told as JSON.
fn code(output: &Output) -> String {
    let value: Value = serde_json::from_str(text(&output.stderr).lines().last().unwrap_or_default()).unwrap();
    value["error"]["code"].as_str().unwrap().to_owned()
}

#[test]
fn req_c1_nothing_of_the_originals_identifiers_is_in_the_copy_the_report_or_what_is_said() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let corpus = Corpus::new(21);
    let mut list = String::from("name,account\n");
    let members: BTreeSet<String> = corpus.members().iter().cloned().collect();
    for (number, name) in members.iter().enumerate() {
        list.extend([format!("{name},@u{number}:example.org\n")]);
    }
    fs::write(dir.join("members.csv"), list).unwrap();
    let (mut lines, mut identifiers) = (String::new(), Vec::new());
    for (number, message) in corpus.take(4_000).enumerate() {
        let labels = message.labels.iter().filter(|(_, _, kind)| kind.is_structured());
        identifiers.extend(labels.map(|(start, end, _)| message.text[*start..*end].to_owned()));
        if number % 2 == 0 {
            message.write(&mut lines);
        } else {
            // An archive's record: the sender is an account, and the platform's own bytes say everything once more.
            let account = members.iter().position(|name| *name == message.sender).unwrap();
            let record = serde_json::json!({
                "at": "2026-11-28T08:00:00.000Z", "id": format!("${number}:example.org"), "kind": "message",
                "raw": {"content": {"body": message.text}, "sender": message.sender},
                "sender": format!("@u{account}:example.org"), "text": message.text,
            });
            lines.extend([format!("{record}\n")]);
        }
    }
    fs::write(dir.join("in.jsonl"), &lines).unwrap();
    fs::write(dir.join("in.zst"), zstd::encode_all(lines.as_bytes(), 3).unwrap()).unwrap();
    let common = ["--members", "members.csv", "--scope", "group-1"];
    let plain =
        [&["redact", "in.jsonl", "--out", "out.jsonl", "--report", "report.json"], &common[..]].concat();
    let said = adjourn(dir, &plain, b"");
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    let packed =
        adjourn(dir, &[&["redact", "in.zst", "--out", "out.zst", "--json"], &common[..]].concat(), b"");
    assert_eq!(packed.status.code(), Some(0), "{}", text(&packed.stderr));

    let out = fs::read_to_string(dir.join("out.jsonl")).unwrap();
    let report = fs::read_to_string(dir.join("report.json")).unwrap();
    let unpacked = zstd::decode_all(&fs::read(dir.join("out.zst")).unwrap()[..]).unwrap();
    assert!(out.as_bytes() == unpacked, "one scope, one form: the same copy");
    let said = [text(&said.stdout), text(&said.stderr), text(&packed.stdout)];
    let everything = [&out, &report, &said[0], &said[1], &said[2]];
    assert!(identifiers.len() > 200);
    for identifier in &identifiers {
        assert!(!everything.iter().any(|text| text.contains(identifier.as_str())), "{identifier}");
    }
    assert!(!members.iter().any(|name| out.contains(&format!("\"sender\":\"{name}"))));
    assert!(!out.contains("@u") && !out.contains("content"), "accounts and the platform's own bytes");

    // The same shape, and one person under name and account.
    let rows =
        |text: &str| -> Vec<Value> { text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    let (before, after) = (rows(&lines), rows(&out));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(
            (&before["id"], &before["time"], &before["at"]),
            (&after["id"], &after["time"], &after["at"])
        );
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(before), keys(after));
    }
    let pseudonym = |number: usize| after[number]["sender"].as_str().unwrap();
    let name_of = |number: usize| match before[number]["sender"].as_str().unwrap() {
        account if account.starts_with('@') => {
            let at: usize = account[2..].split(':').next().unwrap().parse().unwrap();
            members.iter().nth(at).unwrap().clone()
        }
        name => name.to_owned(),
    };
    let (name, account) = (0..400)
        .step_by(2)
        .find_map(|name| (1..400).step_by(2).find(|of| name_of(*of) == name_of(name)).map(|of| (name, of)))
        .expect("somebody wrote twice");
    assert_eq!(pseudonym(name), pseudonym(account));

    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["state"], &report["key"]), (&"de-identified".into(), &"exists".into()));
    assert!(report["kinds"][0]["found"].as_u64().unwrap() > 20 && report["dropped_values"] == 2_000);
    assert!(!said[2].to_lowercase().contains("anonym"));
    let key = fs::metadata(dir.join("d-keys/p/group-1.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert!(said[0].contains("d-keys/p/group-1.key"), "it is said where the key lies");
}

/// What stands in a folder's files, but not in those of some names.
fn everything_but(dir: &Path, names: &[&str]) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let files = files.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    files
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect()
}

#[test]
fn req_c1_another_tools_export_becomes_a_copy_and_nothing_that_is_on_disk_on_the_way_has_an_identifier() {
    let home = tempfile::tempdir().unwrap();
    let (dir, temporary) = (home.path(), tempfile::tempdir().unwrap());
    let (mut messages, mut rows, mut identifiers) = (Vec::new(), String::new(), BTreeSet::new());
    rows.push_str("Time,SenderName,Sender,TalkerName,Talker,Content\n");
    for (number, message) in Corpus::new(31).take(1_500).enumerate() {
        let labels = message.labels.iter().filter(|(_, _, kind)| kind.is_structured());
        identifiers.extend(labels.map(|(start, end, _)| message.text[*start..*end].to_owned()));
        let account = format!("wxid_a1b2c3{:04}", message.sender.len() * 31 % 100);
        identifiers.insert(account.clone());
        messages.push(serde_json::json!({
            "id": number, "type": "message", "date": "2026-11-28T08:00:00", "date_unixtime": "1795852800",
            "from": message.sender, "from_id": account, "text": message.text,
        }));
        let text = message.text.replace('"', "\"\"");
        rows.extend([format!("2026-11-28 08:00:00,{},{account},g,1@chatroom,\"{text}\"\n", message.sender)]);
    }
    // In the order in which Telegram writes it.
    let messages = Value::from(messages);
    let chat = format!("{{\"name\":\"g\",\"type\":\"private_group\",\"id\":1,\"messages\":{messages}}}");
    fs::write(dir.join("result.json"), &chat).unwrap();
    fs::write(dir.join("chat.csv"), rows).unwrap();
    fs::write(dir.join("cut.json"), &chat.as_bytes()[..chat.len() / 2]).unwrap();
    let inputs = ["result.json", "chat.csv", "cut.json"];
    let clean = |what: &str, bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let left = identifiers.iter().find(|identifier| text.contains(identifier.as_str()));
        assert_eq!(left, None, "in {what}");
    };
    for (input, code) in [("result.json", 0), ("chat.csv", 0), ("cut.json", 5)] {
        let args =
            ["redact", input, "--out", &format!("{input}.copy"), "--report", "report", "--keep-format"];
        let said = adjourn(dir, &args, b"");
        assert_eq!(said.status.code(), Some(code), "{input}: {}", text(&said.stderr));
        clean("what is said", &[said.stdout, said.stderr].concat());
        let report: Value = serde_json::from_slice(&fs::read(dir.join("report")).unwrap()).unwrap();
        assert_eq!(
            (&report["import"]["lost"], &report["format_kept"]),
            (&(code == 5).into(), &"invented".into())
        );
        assert!(
            report["import"]["records"].as_u64().unwrap() > 700
                && report["kinds"][0]["found"].as_u64() > Some(5)
        );
        let copy = fs::read_to_string(dir.join(format!("{input}.copy"))).unwrap();
        assert!(
            copy.lines().count() > 700
                && copy.contains("\"sender\":\"[person#")
                && !copy.contains("\"raw\":{")
        );
    }
    for (name, bytes) in everything_but(dir, &inputs) {
        clean(&name, &bytes);
    }
    // Whenever it is killed, what lies there is a part of the de-identified copy at most.
    for wait in [0, 1, 2] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_adjourn"))
            .args(["--data", "d", "redact", "result.json", "--out", "killed"])
            .current_dir(dir)
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let part = dir.join(".killed.part");
        while wait > 0 && child.try_wait().unwrap().is_none() {
            let size = fs::metadata(&part).map_or(0, |meta| meta.len());
            if size > (wait - 1) * 4_096 {
                break;
            }
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        for (name, bytes) in everything_but(dir, &inputs) {
            clean(&name, &bytes);
        }
        let _ = fs::remove_file(dir.join("killed"));
    }
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "no temporary file");
}

/// What stands under some keys of JSON lines, at any depth.
fn under(keys: &[&str], lines: &str) -> BTreeSet<String> {
    fn texts(value: &Value, own: bool, keys: &[&str], into: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if own && text.chars().count() > 1 => drop(into.insert(text.clone())),
            Value::Array(values) => values.iter().for_each(|value| texts(value, own, keys, into)),
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| texts(value, keys.contains(&key.as_str()), keys, into));
            }
            _ => {}
        }
    }
    let mut into = BTreeSet::new();
    lines.lines().for_each(|line| texts(&serde_json::from_str(line).unwrap(), false, keys, &mut into));
    into
}

#[test]
fn exports_of_json_lines_and_a_real_slack_archive_are_known_by_content_and_nothing_of_their_people_is_left() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../archive/tests/data");
    // Who the archive's users are, as its users.json says.
    let slack = "U0BMYT2FL U0BMS113R U0BMQB6JE U0BMM2FEH T0BMHLSRH abilinski doubledeez hamza heroeshannibal Harry Potter \
        Hermione Granger Hamza Faran 6043544534 deez04";
    let lines = |path: &str, keys: &[&str]| under(keys, &fs::read_to_string(data.join(path)).unwrap());
    let chatlab = ["platformId", "accountName", "groupNickname", "aliases", "sender"];
    let mattermost =
        ["username", "email", "nickname", "first_name", "last_name", "owner", "user", "participants"];
    let wecom = ["from", "tolist", "roomid", "user", "userid", "sdkfileid"];
    let exports = [
        ("chatlab/group.jsonl", "chatlab_jsonl", lines("chatlab/group.jsonl", &chatlab), 8),
        ("mattermost/import.jsonl", "mattermost_jsonl", lines("mattermost/import.jsonl", &mattermost), 6),
        ("wecom/archive.jsonl", "wecom_archive_jsonl", lines("wecom/archive.jsonl", &wecom), 7),
        ("slack/testarchive.zip", "slack_export", slack.split_whitespace().map(str::to_owned).collect(), 17),
    ];
    for (number, (input, format, identifiers, least)) in exports.into_iter().enumerate() {
        assert!(identifiers.len() >= least, "{identifiers:?}");
        // The name of a file says nothing.
        let (name, copy) = (format!("export-{number}"), format!("copy-{number}"));
        fs::copy(data.join(input), dir.join(&name)).unwrap();
        let said = adjourn(dir, &["redact", &name, "--out", &copy, "--report", "report"], b"");
        assert!(matches!(said.status.code(), Some(0 | 5)), "{input}: {}", text(&said.stderr));
        let report = fs::read_to_string(dir.join("report")).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["import"]["format"], format);
        let copy = fs::read_to_string(dir.join(copy)).unwrap();
        assert!(copy.contains("\"sender\":\"[person#"), "{input}: {copy}");
        let everything = [copy, report, text(&said.stdout), text(&said.stderr)].concat();
        for identifier in identifiers {
            let line = everything.lines().find(|line| line.contains(&identifier));
            assert_eq!(line, None, "{identifier} of {input}");
        }
    }
    // Lines that no tool is known to write stay what they are, whatever a key of theirs is called.
    fs::write(dir.join("lines"), "{\"_type\":\"message\",\"text\":\"13800138000\"}\n").unwrap();
    let said = adjourn(dir, &["redact", "lines", "--out", "plain", "--json"], b"");
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    assert!(serde_json::from_slice::<Value>(&said.stdout).unwrap().get("import").is_none());
    let plain = fs::read_to_string(dir.join("plain")).unwrap();
    assert!(plain.contains("_type") && !plain.contains("13800138000"), "{plain}");
}

#[test]
fn req_c1_who_is_named_in_a_row_of_the_platforms_own_and_never_wrote_is_nobody_in_the_copy() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let notices = include_str!("../../redact/tests/fixtures/system_rows.tsv");
    let mut rows = "Time,SenderName,Sender,TalkerName,Talker,Content\n".to_owned();
    let mut people = BTreeSet::new();
    for (notice, named) in notices.lines().filter_map(|line| line.split_once('\t')) {
        people.extend(named.split('|').filter(|name| name.chars().count() > 1));
        // As chatlog writes the platform's own rows.
        let (sender, notice) = ("\u{7cfb}\u{7edf}\u{6d88}\u{606f}", notice.replace('"', "\"\""));
        rows.extend([format!("2026-11-28 08:00:00,,{sender},g,1@chatroom,\"{notice}\"\n")]);
    }
    // What was learned there is found where others speak of it, unless it is a word that everybody uses.
    let word = |name: &str| matches!(name, "\u{5317}\u{98ce}" | "\u{5317}\u{98a8}");
    let talk: Vec<&str> = people.iter().copied().filter(|name| !word(name)).collect();
    rows.extend([format!(
        "2026-11-28 08:00:01,Li Lei,wxid_lilei00001,g,1@chatroom,\"{}\"\n",
        talk.join(" / ")
    )]);
    assert!(people.len() > 10);
    fs::write(dir.join("chat.csv"), rows).unwrap();
    let said = adjourn(dir, &["redact", "chat.csv", "--out", "copy"], b"");
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    let copy = fs::read_to_string(dir.join("copy")).unwrap();
    for name in people {
        let line = copy.lines().find(|line| line.contains(name));
        assert_eq!(line, None, "{name}");
    }
    // Nor does an id tell who said what: the tool writes none, and ours is made of sender and words.
    assert_eq!(
        adjourn(dir, &["archive", "import", "chat.csv", "--out", "plain"], b"").status.code(),
        Some(0)
    );
    let ids = |lines: &str| -> BTreeSet<String> {
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter_map(|line| Some(line.get("id")?.as_str()?.to_owned())).collect()
    };
    let (plain, copied) = (ids(&text(&tool(dir, "zstd -dc plain"))), ids(&copy));
    assert!(plain.len() > 40 && plain.len() == copied.len() && plain.is_disjoint(&copied), "{copied:?}");
}

#[test]
fn a_copy_is_there_whole_or_not_at_all_and_takes_nothings_place() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let good = b"{\"text\":\"13800138000\",\"id\":1}\n";
    fs::write(dir.join("in"), good.repeat(3)).unwrap();
    let packed = zstd::encode_all(&good.repeat(5_000)[..], 3).unwrap();
    fs::write(dir.join("cut.zst"), &packed[..packed.len() / 2]).unwrap();
    fs::write(dir.join("a.zip"), b"PK\x03\x04rest").unwrap();
    fs::write(dir.join("prose"), b"13800138000 is\nno JSON\n").unwrap();
    fs::write(dir.join("key"), b"no key 13800138000").unwrap();
    fs::write(dir.join("there"), b"older").unwrap();
    let refused = [
        (&["in", "--out", "there"][..], "redact.exists"),
        (&["in", "--out", "in", "--force"], "redact.same"),
        (&["a.zip", "--out", "new"], "redact.form"),
        (&["prose", "--out", "new"], "redact.form"),
        (&["cut.zst", "--out", "new"], "redact.compressed"),
        (&["missing", "--out", "new"], "io"),
        (&["in", "--out", "new", "--members", "cut.zst"], "redact.members"),
        (&["in", "--out", "new", "--scope", "../x"], "redact.scope"),
        (&["in", "--out", "new", "--key-file", "key"], "redact.key"),
        (&["in", "--out", "-"], "usage"),
        (&["in"], "usage"),
    ];
    for (args, expected) in refused {
        let said = adjourn(dir, &[&["redact", "--json"], args].concat(), b"");
        assert_eq!((said.status.code(), code(&said).as_str()), (Some(1), expected), "{args:?}");
        assert!(!text(&said.stderr).contains("13800138000") && !dir.join("new").exists(), "{args:?}");
    }
    assert_eq!(fs::read(dir.join("there")).unwrap(), b"older");
    let left: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");

    // A look writes nothing, not even a key.
    let keys = || fs::read_dir(dir.join("d-keys/p")).map_or(0, Iterator::count);
    let before = keys();
    let said = adjourn(dir, &["redact", "in", "--dry-run", "--json"], b"");
    let report: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(
        (said.status.code(), &report["out"], report["kinds"][0]["found"].as_u64()),
        (Some(0), &Value::Null, Some(3))
    );
    assert_eq!(keys(), before);

    // What can't be read is left out, listed by number, and makes the exit code 5.
    let lines = [&good[..], b"13912345678 is no JSON\n", b"\xff\xfe\n", good].concat();
    let said = adjourn(dir, &["redact", "-", "--out", "-", "--key-file", "new.key"], &lines);
    assert_eq!(said.status.code(), Some(5), "{}", text(&said.stderr));
    let (out, says) = (text(&said.stdout), text(&said.stderr));
    assert_eq!((out.lines().count(), out.matches("\"id\":1}").count()), (2, 2), "{out}");
    assert!(says.contains("line 2") && says.contains("line 3") && !says.contains("139"), "{says}");
    // One key, one pseudonym; another key, another one.
    let again = adjourn(dir, &["redact", "in", "--out", "-", "--key-file", "new.key"], b"");
    assert_eq!(text(&again.stdout).lines().next(), out.lines().next());
    let other = adjourn(dir, &["redact", "in", "--out", "there", "--force"], b"");
    assert_eq!(other.status.code(), Some(0), "{}", text(&other.stderr));
    assert_ne!(fs::read_to_string(dir.join("there")).unwrap().lines().next(), out.lines().next());
}

/// What a tool of the system writes; it has to be there (`scripts/peers/install.sh`).
fn tool(dir: &Path, line: &str) -> Vec<u8> {
    let output = Command::new("sh").args(["-c", line]).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{line}: {}", text(&output.stderr));
    output.stdout
}

#[test]
fn the_original_is_sealed_in_the_same_pass_and_debians_tools_open_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let mut lines = String::from("\n");
    Corpus::new(5).take(3_000).for_each(|message| message.write(&mut lines));
    lines.push_str("no json, and no end");
    fs::write(dir.join("in.jsonl"), &lines).unwrap();
    tool(dir, "age-keygen -o id.txt 2>/dev/null");
    let recipient = text(&tool(dir, "age-keygen -y id.txt")).trim().to_owned();
    let args =
        ["redact", "in.jsonl", "--out", "copy.zst", "--original", "in.zst.age", "--json", "--recipient"];
    let wrong = adjourn(dir, &[&args[..], &["age1nothing"]].concat(), b"");
    assert_eq!(wrong.status.code(), Some(1));
    let made = adjourn(dir, &[&args[..], &[&recipient]].concat(), b"");
    // One line is left out of the copy.
    assert_eq!(made.status.code(), Some(5), "{}", text(&made.stderr));
    let report: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(report["original"]["lines_bytes"], lines.len());
    let packed = tool(dir, "age -d -i id.txt in.zst.age | sha256sum");
    assert!(text(&packed).starts_with(report["original"]["sha256"].as_str().unwrap()));
    assert!(tool(dir, "age -d -i id.txt in.zst.age | zstd -dc") == lines.as_bytes());
    assert_eq!(String::from_utf8_lossy(&tool(dir, "zstd -dc copy.zst")).lines().count(), 3_001);
    // Neither is replaced without being asked to.
    let again = adjourn(dir, &[&args[..], &[&recipient]].concat(), b"");
    assert_eq!(code(&again), "redact.exists");
    // Sealing alone packs as well where the name says so.
    let sealed =
        adjourn(dir, &["archive", "seal", "in.jsonl", "--out", "b.zst.age", "--recipient", &recipient], b"");
    assert_eq!(sealed.status.code(), Some(0), "{}", text(&sealed.stderr));
    assert!(tool(dir, "age -d -i id.txt b.zst.age | zstd -dc") == lines.as_bytes());
}
