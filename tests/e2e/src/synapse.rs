//! A real Synapse homeserver, restored from the packed snapshot.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{self, HttpError, Response};
use crate::peers::{Peers, PortLease, must_run, tempdir, wait_for, workspace_root};

/// How long a start may take before the test fails. Seen: 2 to 6 seconds.
const START_LIMIT: Duration = Duration::from_secs(90);

/// The server's rate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// None: tests are fast.
    Lifted,
    /// The server's own: quick senders get 429 with `retry_after_ms`.
    Default,
}

/// A running homeserver with data of its own. Killed and removed when dropped.
#[derive(Debug)]
pub struct Synapse {
    peers: Peers,
    _dir: TempDir,
    data: PathBuf,
    lease: PortLease,
    child: Option<Child>,
    tokens: Value,
    seed: Value,
    unpack_time: Duration,
    start_time: Duration,
}

impl Synapse {
    /// Restores the snapshot and starts the server on it, without rate limits.
    pub fn restore() -> Self {
        Self::restore_with(Limits::Lifted)
    }

    /// Restores the snapshot and starts the server on it.
    pub fn restore_with(limits: Limits) -> Self {
        let peers = Peers::locate();
        let begun = Instant::now();
        let dir = tempdir();
        let packed = workspace_root().join("tests/e2e/snapshots/synapse.tar.zst");
        assert!(packed.is_file(), "no snapshot at {}: run scripts/peers/make-snapshot.sh", packed.display());
        must_run(
            Command::new("tar")
                .args(["--use-compress-program", "zstd -d --long=27", "-xf"])
                .arg(&packed)
                .arg("-C")
                .arg(dir.path()),
        );
        let data = dir.path().join("snapshot");
        let lease = PortLease::take();
        let read = |name: &str| std::fs::read_to_string(data.join(name)).expect("the snapshot has this file");
        let lifted = match limits {
            Limits::Lifted => read("limits-lifted.yaml"),
            Limits::Default => String::new(),
        };
        let folder = data.to_str().expect("the temporary folder's name is text");
        for (from, to) in [("homeserver.yaml.in", "homeserver.yaml"), ("log.yaml.in", "log.yaml")] {
            let text = read(from)
                .replace("\n@LIMITS@", &format!("\n{lifted}"))
                .replace("@DATA@", folder)
                .replace("@PORT@", &lease.port.to_string());
            std::fs::write(data.join(to), text).expect("the configuration can be written");
        }
        let json = |name: &str| serde_json::from_str(&read(name)).expect("the snapshot's reports are JSON");
        let (tokens, seed) = (json("tokens.json"), json("seed.json"));
        let mut server = Self {
            peers,
            _dir: dir,
            data,
            lease,
            child: None,
            tokens,
            seed,
            unpack_time: begun.elapsed(),
            start_time: Duration::ZERO,
        };
        server.start();
        server
    }

    /// Base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.lease.port)
    }

    /// The `server_name` part of its ids.
    pub fn server_name(&self) -> &str {
        text(&self.tokens, "/server_name")
    }

    /// Access token of a seeded user: `root`, `witness` (both server admins), `alice`, `bob`, `carol`, `dave`, `helper-bot`.
    pub fn token(&self, user: &str) -> &str {
        text(&self.tokens, &format!("/users/{user}/access_token"))
    }

    /// Full id of a seeded user.
    pub fn user_id(&self, user: &str) -> &str {
        text(&self.tokens, &format!("/users/{user}/user_id"))
    }

    /// Password of a seeded user.
    pub fn password(&self, user: &str) -> &str {
        text(&self.tokens, &format!("/users/{user}/password"))
    }

    /// Id of a seeded room: `project`, `legacy`, `orphan`, `sealed`, `quiet`, `unnamed`, `solo`.
    pub fn room(&self, key: &str) -> &str {
        text(&self.seed, &format!("/rooms/{key}/room_id"))
    }

    /// What the seeding reported: rooms, members, counts by type, media with their hashes.
    pub fn seed(&self) -> &Value {
        &self.seed
    }

    /// The server as one of the seeded users.
    pub fn as_user(&self, user: &str) -> User {
        User::new(&self.url(), self.token(user))
    }

    /// How long the unpacking took.
    pub fn unpack_time(&self) -> Duration {
        self.unpack_time
    }

    /// How long the last start took until `/health` answered.
    pub fn start_time(&self) -> Duration {
        self.start_time
    }

    /// SIGKILL, as a power cut would do it.
    pub fn kill9(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks the server to end (SIGTERM) and waits for it.
    pub fn stop(&mut self) {
        self.signal("TERM");
        if let Some(child) = &mut self.child {
            wait_for(Duration::from_secs(30), || child.try_wait().ok().flatten());
        }
        self.kill9();
    }

    /// SIGSTOP: connections are accepted, nothing answers.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT after [`Self::freeze`].
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Starts it again on the same data and the same port, killing it first if it runs.
    pub fn restart(&mut self) {
        self.kill9();
        self.start();
    }

    /// Whether the process runs.
    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|c| matches!(c.try_wait(), Ok(None)))
    }

    /// The server's process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// The server's database. Open it read-only.
    pub fn db(&self) -> PathBuf {
        self.data.join("homeserver.db")
    }

    /// The folder of uploaded media.
    pub fn media_store(&self) -> PathBuf {
        self.data.join("media_store")
    }

    /// How many events of the room lie in the database.
    pub fn count_events(&self, room: &str) -> u64 {
        self.event_ids(room).len() as u64
    }

    /// The ids of the room's events in the database, in the room's order.
    pub fn event_ids(&self, room: &str) -> Vec<String> {
        self.rows(
            "SELECT event_id FROM events WHERE room_id = ?1 AND NOT outlier AND rejection_reason IS NULL \
             ORDER BY topological_ordering, stream_ordering",
            &[room],
        )
        .into_iter()
        .flatten()
        .collect()
    }

    /// Events per type, from the database.
    pub fn count_by_type(&self, room: &str) -> BTreeMap<String, u64> {
        self.rows(
            "SELECT type, CAST(count(*) AS TEXT) FROM events WHERE room_id = ?1 AND NOT outlier \
             AND rejection_reason IS NULL GROUP BY type",
            &[room],
        )
        .into_iter()
        .map(|mut row| {
            let count = row.pop().unwrap_or_default().parse().unwrap_or_default();
            (row.pop().unwrap_or_default(), count)
        })
        .collect()
    }

    /// The stored JSON of one event, as the server keeps it (a redacted one keeps its text until the server prunes it).
    pub fn event_json(&self, event_id: &str) -> Option<Value> {
        let row = self.rows("SELECT json FROM event_json WHERE event_id = ?1", &[event_id]).pop()?.pop()?;
        serde_json::from_str(&row).ok()
    }

    /// Breaks one event in the server's database: whatever would have to show it fails from now on, if it was not asked for before.
    pub fn spoil_event(&self, event_id: &str) {
        let db = Connection::open(self.db()).expect("the server's database opens");
        db.busy_timeout(Duration::from_secs(20)).expect("a time limit can be set");
        let changed = db.execute("UPDATE event_json SET json = '{' WHERE event_id = ?1", [event_id]);
        assert_eq!(changed.expect("the server's database can be written"), 1);
    }

    /// How many rows of whatever tables still name the room, per table: what a purge has left behind.
    pub fn traces(&self, room: &str) -> BTreeMap<String, u64> {
        let tables = self.rows(
            "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' \
             AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'room_id') AND ?1 = ?1",
            &[room],
        );
        let mut found = BTreeMap::new();
        for table in tables.into_iter().flatten() {
            let sql = format!("SELECT CAST(count(*) AS TEXT) FROM \"{table}\" WHERE room_id = ?1");
            let count = self.rows(&sql, &[room]).concat().concat().parse().unwrap_or(0);
            if count > 0 {
                found.insert(table, count);
            }
        }
        found
    }

    /// Rows of text columns, read straight from the database. Other column types: `CAST(… AS TEXT)`.
    pub fn rows(&self, sql: &str, parameters: &[&str]) -> Vec<Vec<String>> {
        let db = Connection::open_with_flags(self.db(), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the server's database opens");
        db.busy_timeout(Duration::from_secs(20)).expect("a time limit can be set");
        let mut statement = db.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        let columns = statement.column_count();
        statement
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                (0..columns).map(|i| row.get::<_, Option<String>>(i).map(Option::unwrap_or_default)).collect()
            })
            .and_then(Iterator::collect)
            .unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// The end of the server's output and log, for messages.
    pub fn log_tail(&self) -> String {
        let mut out = String::new();
        for name in ["out.log", "homeserver.log"] {
            let text = std::fs::read_to_string(self.data.join(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let tail = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
            out.push_str(&format!("--- {name}\n{}\n", tail.join("\n")));
        }
        out
    }

    fn start(&mut self) {
        let begun = Instant::now();
        let log = std::fs::File::create(self.data.join("out.log")).expect("the server's output has a file");
        let child = Command::new(self.peers.python())
            .arg(workspace_root().join("scripts/peers/homeserver.py"))
            .arg("-c")
            .arg(self.data.join("homeserver.yaml"))
            .current_dir(&self.data)
            .env_remove("PEERS_CLOCK")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // Else it finds our repository above its own folder, and adds our commit to its version.
            .env("GIT_CEILING_DIRECTORIES", self.peers.dir())
            .process_group(0)
            // The pipe is held, never written: when this process ends in whatever way, the server ends too.
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("the file can be shared"))
            .stderr(log)
            .spawn()
            .expect("the peers' Python starts");
        self.child = Some(child);
        let health = format!("{}/health", self.url());
        let healthy = wait_for(START_LIMIT, || {
            if !self.is_running() {
                return Some(false);
            }
            http::request_within(Duration::from_secs(5), "GET", &health, &[], None)
                .is_ok_and(|r| r.status == 200)
                .then_some(true)
        });
        self.start_time = begun.elapsed();
        assert!(
            healthy == Some(true) && self.is_running(),
            "the homeserver did not get healthy in {:?}\n{}",
            self.start_time,
            self.log_tail()
        );
    }

    fn signal(&self, name: &str) {
        if let Some(child) = &self.child {
            must_run(Command::new("sh").arg("-c").arg(format!("kill -{name} {}", child.id())));
        }
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed test needs the server's last words")]
            {
                eprintln!("{}", self.log_tail());
            }
        }
        self.kill9();
    }
}

/// One account on a server, or on a proxy in front of it.
#[derive(Debug, Clone)]
pub struct User {
    base: String,
    token: String,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl User {
    /// `base` without a slash at the end; an empty token sends no `Authorization`.
    pub fn new(base: &str, token: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), token: token.to_owned() }
    }

    /// One request; the body is JSON.
    pub fn try_call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Response, HttpError> {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("Content-Type", "application/json")];
        if !self.token.is_empty() {
            headers.push(("Authorization", bearer.as_str()));
        }
        let body = body.map(Value::to_string);
        http::request(method, &format!("{}{path}", self.base), &headers, body.as_deref().map(str::as_bytes))
    }

    /// [`Self::try_call`] that must get an answer, of whatever status.
    #[track_caller]
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Response {
        self.try_call(method, path, body).unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    /// GET.
    #[track_caller]
    pub fn get(&self, path: &str) -> Response {
        self.call("GET", path, None)
    }

    /// POST with a JSON body.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.call("POST", path, Some(body))
    }

    /// PUT with a JSON body.
    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.call("PUT", path, Some(body))
    }

    /// Sends a text and gives its event id.
    #[track_caller]
    pub fn send(&self, room: &str, body: &str) -> String {
        let answer = self.try_send(room, body).expect(200);
        text(&answer, "/event_id").to_owned()
    }

    /// Sends a text, whatever the answer.
    #[track_caller]
    pub fn try_send(&self, room: &str, body: &str) -> Response {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = format!(
            "/_matrix/client/v3/rooms/{}/send/m.room.message/e2e{}-{n}",
            encode(room),
            std::process::id()
        );
        self.put(&path, &json!({ "msgtype": "m.text", "body": body }))
    }

    /// Joins.
    #[track_caller]
    pub fn join(&self, room: &str) -> Response {
        self.post(&format!("/_matrix/client/v3/join/{}", encode(room)), &json!({}))
    }

    /// Leaves.
    #[track_caller]
    pub fn leave(&self, room: &str) -> Response {
        self.post(&format!("/_matrix/client/v3/rooms/{}/leave", encode(room)), &json!({}))
    }

    /// Invites a full user id.
    #[track_caller]
    pub fn invite(&self, room: &str, user_id: &str) -> Response {
        let path = format!("/_matrix/client/v3/rooms/{}/invite", encode(room));
        self.post(&path, &json!({ "user_id": user_id }))
    }

    /// One state event's content; `state_key` may be empty.
    #[track_caller]
    pub fn state(&self, room: &str, kind: &str, state_key: &str) -> Response {
        self.get(&state_path(room, kind, state_key))
    }

    /// Sets one state event.
    #[track_caller]
    pub fn set_state(&self, room: &str, kind: &str, state_key: &str, content: &Value) -> Response {
        self.put(&state_path(room, kind, state_key), content)
    }

    /// Gives `user_id` the highest level that this account may give (100): in rooms up to version 11 that makes an owner.
    /// In version 12 the creator stays above it and can't be replaced.
    #[track_caller]
    pub fn set_owner(&self, room: &str, user_id: &str) -> Response {
        let mut levels = self.state(room, "m.room.power_levels", "").expect(200);
        if let Some(users) = levels.get_mut("users").and_then(Value::as_object_mut) {
            users.insert(user_id.to_owned(), 100.into());
        }
        self.set_state(room, "m.room.power_levels", "", &levels)
    }

    /// Server admin: the room's details.
    #[track_caller]
    pub fn admin_room(&self, room: &str) -> Response {
        self.get(&format!("/_synapse/admin/v1/rooms/{}", encode(room)))
    }

    /// Server admin: starts a deletion and gives its `delete_id`.
    #[track_caller]
    pub fn admin_delete(&self, room: &str, block: bool, purge: bool) -> String {
        let path = format!("/_synapse/admin/v2/rooms/{}", encode(room));
        let answer = self.call("DELETE", &path, Some(&json!({ "block": block, "purge": purge }))).expect(200);
        text(&answer, "/delete_id").to_owned()
    }

    /// Server admin: waits until a deletion is no longer scheduled or active, and gives its last status and all
    /// statuses seen on the way.
    #[track_caller]
    pub fn admin_delete_wait(&self, delete_id: &str, limit: Duration) -> (String, Vec<String>) {
        let path = format!("/_synapse/admin/v2/rooms/delete_status/{delete_id}");
        let mut seen: Vec<String> = Vec::new();
        wait_for(limit, || {
            let status = text(&self.get(&path).expect(200), "/status").to_owned();
            if seen.last() != Some(&status) {
                seen.push(status.clone());
            }
            (status != "active" && status != "scheduled").then_some(())
        });
        (seen.last().cloned().unwrap_or_default(), seen)
    }
}

/// Percent-encodes a room id, alias or event id for use in a path.
pub fn encode(id: &str) -> String {
    id.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        out
    })
}

fn state_path(room: &str, kind: &str, state_key: &str) -> String {
    format!("/_matrix/client/v3/rooms/{}/state/{kind}/{}", encode(room), encode(state_key))
}

#[track_caller]
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer}"))
}
