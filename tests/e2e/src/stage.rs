//! What several tests of one file share: a homeserver, small rooms on it, and an organisation that has a case on one.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::{Value, json};

use crate::{Lie, LyingProxy, Office, Output, Synapse};

/// The homeserver that all tests running at the same time share; the last one that lets go of it ends it.
pub fn shared() -> Arc<Synapse> {
    static SERVER: Mutex<Weak<Synapse>> = Mutex::new(Weak::new());
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = server.upgrade() {
        return running;
    }
    let started = Arc::new(Synapse::restore());
    *server = Arc::downgrade(&started);
    started
}

/// A small room: who made it owns it, `bob` and `carol` are in it, it has a topic and some messages.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id.
    pub id: String,
    /// Its alias.
    pub alias: String,
    /// Its name.
    pub name: String,
}

impl Room {
    /// Makes one. The name has to be new on the server.
    pub fn make(synapse: &Synapse, owner: &str, name: &str) -> Self {
        let body = json!({
            "name": name,
            "room_alias_name": name,
            "topic": format!("topic of {name}"),
            "preset": "public_chat",
            // Up to version 11 a room's owner can be changed; in version 12 the creator stays above all others.
            "room_version": "11",
        });
        let made = synapse.as_user(owner).post("/_matrix/client/v3/createRoom", &body).expect(200);
        let id = made["room_id"].as_str().expect("a new room has an id").to_owned();
        for user in ["bob", "carol"] {
            synapse.as_user(user).join(&id).expect(200);
            synapse.as_user(user).send(&id, &format!("{user} says hello in {name}"));
        }
        Self { id, alias: format!("#{name}:{}", synapse.server_name()), name: name.to_owned() }
    }

    /// The middle of its id: it stands in a path in whatever way the rest is encoded.
    pub fn local(&self) -> &str {
        self.id.trim_start_matches('!').split(':').next().unwrap_or_default()
    }

    /// How many members it has, as the server's database says.
    pub fn members(&self, synapse: &Synapse) -> usize {
        let sql = "SELECT state_key FROM current_state_events WHERE room_id = ?1 AND type = 'm.room.member' \
                   AND membership = 'join'";
        synapse.rows(sql, &[&self.id]).len()
    }

    /// Whether the server's database has nothing of it.
    pub fn is_purged(&self, synapse: &Synapse) -> bool {
        synapse.count_events(&self.id) == 0
    }

    /// Whether it lives as before: its members are in it, and its messages are stored.
    pub fn is_alive(&self, synapse: &Synapse) -> bool {
        self.members(synapse) >= 3 && synapse.count_events(&self.id) > 8
    }
}

/// How an organisation is connected.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// The account that acts.
    pub actor: &'a str,
    /// A token of the account that acts, other than the snapshot's.
    pub token: Option<&'a str>,
    /// The account that looks.
    pub witness: Option<&'a str>,
    /// Class of the groups.
    pub class: &'a str,
}

impl Default for Access<'_> {
    fn default() -> Self {
        Self { actor: "root", token: None, witness: Some("witness"), class: "important" }
    }
}

impl Office {
    /// Changes a text of the configuration that must be there.
    pub fn configure(&self, from: &str, to: &str) {
        let path = self.data().join("config.toml");
        let text = std::fs::read_to_string(&path).expect("the configuration can be read");
        assert!(text.contains(from), "{from:?} is not in the configuration");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("the configuration can be written");
    }

    /// The arguments of `connect add` for this access. Tokens are written to files beside the data.
    pub fn connect_arguments(&self, synapse: &Synapse, url: &str, access: Access<'_>) -> Vec<String> {
        let token = |identity: &str, who: &str| {
            let path = self.dir().join(format!("{who}.token"));
            let token = access.token.filter(|_| identity == "main").unwrap_or_else(|| synapse.token(who));
            std::fs::write(&path, token).expect("a token's file can be written");
            format!("{identity}.token=@{}", path.display())
        };
        let mut all: Vec<String> =
            ["connect", "add", "hs", "matrix", "--identity", "main"].map(Into::into).into();
        all.extend(["--set".into(), format!("url={url}"), "--class".into(), access.class.into()]);
        all.extend(["--secret".into(), token("main", access.actor)]);
        if let Some(witness) = access.witness {
            all.extend(["--witness".into(), "second".into(), "--secret".into(), token("second", witness)]);
        }
        all
    }

    /// Connects a homeserver that others use at the same time, and scans it: their rooms may vanish meanwhile.
    pub fn connect_shared(&self, synapse: &Synapse, url: &str, access: Access<'_>) {
        let arguments = self.connect_arguments(synapse, url, access);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.json("admin", 0, &arguments);
        let scan = self.run("admin", &["scan", "hs"]);
        assert!(matches!(scan.code, Some(0 | 5)), "{scan}");
    }
}

/// A room whose case has been approved, behind a proxy that can lie.
pub struct Scene {
    /// The server.
    pub synapse: Arc<Synapse>,
    /// What stands in front of it.
    pub proxy: LyingProxy,
    /// Who wants to end the room.
    pub office: Office,
    /// The room.
    pub room: Room,
    /// The approved case.
    pub case: String,
}

impl Scene {
    /// A small room of `alice`.
    pub fn new(name: &str) -> Self {
        Self::with(name, Access::default(), |_| {})
    }

    /// A small room, connected in some way, in an organisation that is prepared before its case is planned.
    pub fn with(name: &str, access: Access<'_>, prepare: impl FnOnce(&Office)) -> Self {
        let synapse = shared();
        let room = Room::make(&synapse, "alice", name);
        let proxy = LyingProxy::start(&synapse.url(), Vec::new());
        let office = Office::new(None);
        prepare(&office);
        office.connect_shared(&synapse, &proxy.url(), access);
        let (case, _) = office.approved(&room.id);
        Self { synapse, proxy, office, room, case }
    }

    /// The proxy's rules from now on.
    pub fn lie(&self, lies: Vec<Lie>) {
        self.proxy.clear_log();
        self.proxy.set(lies);
    }

    /// `apply --json` to its end.
    pub fn apply(&self) -> Output {
        self.office.run("requester", &["apply", &self.case, "--json"])
    }

    /// How many deletions the server accepted for the room, without and with purge.
    pub fn deletions(&self) -> (usize, usize) {
        let bodies: Vec<Value> = self
            .proxy
            .log()
            .iter()
            .filter(|seen| {
                seen.method == "DELETE"
                    && seen.path.contains(self.room.local())
                    && seen.upstream_status == Some(200)
            })
            .map(|seen| serde_json::from_slice(&seen.body).expect("the body of a deletion is JSON"))
            .collect();
        let purges = bodies.iter().filter(|body| body["purge"] == true).count();
        (bodies.len() - purges, purges)
    }

    /// Whether the bundle has a certificate.
    pub fn certified(&self, bundle: &str) -> bool {
        certificates(bundle) > 0
    }
}

/// How many certificates lie in a bundle.
pub fn certificates(bundle: &str) -> usize {
    let groups = Path::new(bundle).join("data/groups");
    let groups = std::fs::read_dir(&groups).unwrap_or_else(|e| panic!("{}: {e}", groups.display()));
    groups
        .filter(|group| group.as_ref().is_ok_and(|group| group.path().join("certificate.json").exists()))
        .count()
}

/// Runs tests at once, as many as `lanes` at a time: they wait for clocks most of the time, so that more of them than there
/// are processors go well together.
///
/// # Panics
/// When one of them did, naming all that did.
pub fn at_once(lanes: usize, tests: &[(&str, fn())]) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                while let Some((name, test)) =
                    tests.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
                {
                    let began = std::time::Instant::now();
                    let named = std::thread::Builder::new().name((*name).to_owned());
                    let result = named.spawn(*test).expect("a thread can be started").join();
                    #[expect(clippy::print_stderr, reason = "which of them took how long")]
                    {
                        eprintln!(
                            "{name}: {} after {:.1?}",
                            if result.is_ok() { "ok" } else { "FAILED" },
                            began.elapsed()
                        );
                    }
                    if result.is_err() {
                        failed.lock().unwrap_or_else(PoisonError::into_inner).push(*name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(failed.is_empty(), "{} of {} failed: {}", failed.len(), tests.len(), failed.join(", "));
}

/// Lists functions with their names.
#[macro_export]
macro_rules! tests {
    ($($name:ident),+ $(,)?) => { &[$((stringify!($name), $name as fn())),+] };
}
