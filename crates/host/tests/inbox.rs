//! The WeChat connector in front of the installation's own inbox: the same shapes that its simulator answers.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_adapters::inbox::FileInbox;
use adjourn_app::ports::{FileKind, Inbox, Looked};
use adjourn_connector_kit::{Connector, ConnectorError, Context, Kind, Transport};
use adjourn_connectors::wechat;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::group::Activity;
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::upload::Upload;
use adjourn_domain::verdict::{Says, Verdict, read};
use adjourn_host::{InboxLinks, Links};

const GROUP: &str = "34512345678@chatroom";

/// No way anywhere else.
struct Nowhere;

impl Links for Nowhere {
    fn link(&self, _: &Connection, _: &IdentitySpec) -> Result<Arc<dyn Transport>, ConnectorError> {
        Err(ConnectorError::missing("url"))
    }
}

struct House {
    dir: tempfile::TempDir,
    inbox: Arc<dyn Inbox>,
    connection: Connection,
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/fixtures").join(name)
}

fn gid(native: &NativeId) -> GroupId {
    format!("g-{}", native.as_str().replace('@', "-")).into()
}

fn upload(identity: &str, looked: &Looked, received_at: &str) -> Upload {
    Upload {
        identity: identity.into(),
        witness: identity == "second",
        by: "p-1".into(),
        received_at: at(received_at),
        format: looked.format.clone(),
        zone: looked.zone.clone(),
        sha256: looked.sha256,
        original: looked.original,
        bytes: looked.bytes,
        records: looked.records,
        first: looked.first,
        last: looked.last,
        ended: looked.ended,
        unreadable: looked.unreadable,
        noticed: looked.noticed,
        findings: Vec::new(),
    }
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let inbox = Arc::new(FileInbox::new(&dir.path().join("inbox")));
        let identity = |id: &str, witness| IdentitySpec { id: id.into(), witness };
        let settings = [("accounts".to_owned(), "main=wxid_chenjing01, second=wxid_rtl03".to_owned())];
        let connection = Connection {
            id: "wx".into(),
            platform: "wechat".into(),
            settings: settings.into(),
            identities: vec![identity("main", false), identity("second", true)],
            class: "important".to_owned(),
            drill: false,
        };
        Self { dir, inbox, connection }
    }

    fn look(&self, file: &Path) -> Looked {
        self.inbox.look(file, None, Some(&GROUP.into()), &|_, _| {}).unwrap()
    }

    fn hand_in(&self, identity: &str, file: &Path, received_at: &str) {
        let looked = self.look(file);
        let upload = upload(identity, &looked, received_at);
        let native = NativeId::from(GROUP);
        if looked.kind == FileKind::Groups {
            let ids = |native: &NativeId| Ok(Some(gid(native)));
            assert_eq!(self.inbox.keep_list(&self.connection.id, file, &upload, &ids).unwrap(), 2);
        } else {
            self.inbox.keep(&self.connection.id, (&gid(&native), &native), file, &upload).unwrap();
        }
    }

    fn with<T>(&self, identity: usize, now: &str, ask: impl FnOnce(&dyn Connector, &Context<'_>) -> T) -> T {
        let links = InboxLinks::new(self.inbox.clone(), Arc::new(Nowhere), adjourn_connectors::BY_INBOX);
        let spec = &self.connection.identities[identity];
        let transport = links.link(&self.connection, spec).unwrap();
        let secrets = BTreeMap::new();
        let cx = Context {
            transport: &*transport,
            now: at(now),
            connection: &self.connection.id,
            identity: &spec.id,
            witness: spec.witness,
            settings: &self.connection.settings,
            secrets: &secrets,
            heard: &[],
            tokens: &adjourn_connector_kit::Tokens::forgetful(),
        };
        ask(&*wechat::connector(), &cx)
    }
}

#[test]
fn a_group_is_known_from_what_was_handed_in_and_unknown_where_nothing_was() {
    let house = House::new();
    let fresh = NativeId::from("34500000009@chatroom");
    house.inbox.register(&house.connection.id, (&gid(&fresh), &fresh), Some("ledger name")).unwrap();
    house.hand_in("main", &fixture("chatrooms.json"), "2026-11-25T01:00:00Z");
    house.hand_in("main", &fixture("chatlog.csv"), "2026-11-25T01:01:00Z");
    house.with(0, "2026-11-25T01:02:00Z", |connector, cx| {
        let me = ready(connector.whoami(cx)).unwrap();
        assert_eq!(me.account.as_str(), "wxid_chenjing01");
        let page = ready(connector.list(cx, None)).unwrap();
        assert_eq!((page.items.len(), page.next), (3, None));
        let group = ready(connector.get(cx, &GROUP.into())).unwrap();
        assert_eq!(group.owners, ["wxid_chenjing01".into()]);
        assert_eq!((group.members.len(), group.events), (2, Some(9)));
        assert_eq!(group.activity, Activity::At(at("2026-11-25T00:05:00Z")));
        // Registered, and nothing handed in: listed, and every fact unknown.
        let unknown = ready(connector.get(cx, &fresh)).unwrap();
        assert_eq!((unknown.name.as_deref(), unknown.events), (Some("ledger name"), None));
        assert!(unknown.owner_unknown() && unknown.members.is_empty());
        assert_eq!(unknown.activity, Activity::Unknown);
        let nowhere = ready(connector.get(cx, &"1@chatroom".into())).unwrap_err();
        assert_eq!(nowhere.kind, Kind::NotFound);
        let exporter = connector.exporter().unwrap();
        assert_eq!(ready(exporter.page(cx, &fresh, None)).unwrap_err().kind, Kind::Conflict);
        let page = ready(exporter.page(cx, &GROUP.into(), None)).unwrap();
        assert_eq!((page.records.len(), page.next), (9, None));
        assert_eq!(ready(exporter.count(cx, &GROUP.into())).unwrap(), Some(9));
    });
}

#[test]
fn the_verdict_follows_what_owner_and_witness_handed_in() {
    let house = House::new();
    let signals = |now: &str| {
        [0, 1].map(|identity| {
            house.with(identity, now, |connector, cx| {
                ready(connector.verifier().unwrap().signals(cx, &GROUP.into(), None))
            })
        })
    };
    assert_eq!(read(&signals("2026-11-25T01:00:00Z").concat()), Verdict::Unknown);
    house.hand_in("main", &fixture("chatlog.json"), "2026-11-25T01:00:00Z");
    assert_eq!(read(&signals("2026-11-25T01:00:00Z").concat()), Verdict::Unknown);
    house.hand_in("second", &fixture("memotrace.csv"), "2026-11-25T01:00:00Z");
    let both = signals("2026-11-25T02:00:00Z");
    assert_eq!(read(&both.concat()), Verdict::Gone, "{both:?}");
    assert!(both[1].iter().any(|signal| signal.witness && signal.says == Says::Gone && signal.proof));
    assert_eq!(read(&signals("2026-11-27T02:00:00Z").concat()), Verdict::Unknown);
}

#[test]
fn what_lies_there_is_private_is_the_file_itself_and_goes_with_the_key() {
    let house = House::new();
    house.hand_in("main", &fixture("chatrooms.csv"), "2026-11-25T01:00:00Z");
    house.hand_in("main", &fixture("pywxdump.json"), "2026-11-25T01:01:00Z");
    house.hand_in("main", &fixture("pywxdump.json"), "2026-11-25T01:02:00Z");
    let (native, id) = (NativeId::from(GROUP), gid(&GROUP.into()));
    let connection: &ConnectionId = &house.connection.id;
    let uploads = house.inbox.uploads(connection, &native).unwrap();
    assert_eq!(uploads.len(), 1, "the same file again is the same file");
    assert_eq!(uploads[0].received_at, at("2026-11-25T01:02:00Z"));
    let original = std::fs::read(fixture("pywxdump.json")).unwrap();
    let (bytes, size) = house.inbox.read(connection, &uploads[0].sha256, 0, 1 << 20).unwrap().unwrap();
    assert_eq!((bytes, size), (original.clone(), original.len() as u64));
    let (bytes, _) = house.inbox.read(connection, &uploads[0].sha256, 5, 7).unwrap().unwrap();
    assert_eq!(bytes, original[5..12]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for dir in walk(house.dir.path()).iter().filter(|path| path.is_dir()) {
            assert_eq!(std::fs::metadata(dir).unwrap().permissions().mode() & 0o077, 0, "{}", dir.display());
        }
    }
    house.inbox.forget(&id).unwrap();
    assert_eq!(house.inbox.uploads(connection, &native).unwrap(), []);
    assert!(house.inbox.group(connection, &native).unwrap().is_none());
    assert!(house.inbox.read(connection, &uploads[0].sha256, 0, 9).unwrap().is_none());
    // The list named the group; what it said about the other one stays.
    assert_eq!(house.inbox.groups(connection).unwrap().len(), 1);
    for path in walk(house.dir.path()).iter().filter(|path| path.is_file()) {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        assert!(!text.contains(GROUP), "{} still names the group", path.display());
    }
    // A list that comes later says nothing about it either, and is not kept.
    let list = fixture("chatrooms.json");
    let upload = upload("main", &house.look(&list), "2026-11-25T03:00:00Z");
    let ids = |native: &NativeId| Ok((native.as_str() != GROUP).then(|| gid(native)));
    assert_eq!(house.inbox.keep_list(connection, &list, &upload, &ids).unwrap(), 1);
    assert!(house.inbox.group(connection, &native).unwrap().is_none());
    assert!(house.inbox.read(connection, &upload.sha256, 0, 9).unwrap().is_none());
}

#[test]
fn a_file_that_changed_after_it_was_looked_at_is_not_kept() {
    let house = House::new();
    let file = house.dir.path().join("export.csv");
    std::fs::copy(fixture("chatlog.csv"), &file).unwrap();
    let upload = upload("main", &house.look(&file), "2026-11-25T01:00:00Z");
    std::fs::copy(fixture("pywxdump.csv"), &file).unwrap();
    let native = NativeId::from(GROUP);
    let error = house.inbox.keep(&house.connection.id, (&gid(&native), &native), &file, &upload).unwrap_err();
    assert_eq!(error.code(), "upload.changed");
    assert_eq!(house.inbox.uploads(&house.connection.id, &native).unwrap(), []);
}

#[test]
fn connections_with_an_address_and_drills_go_their_own_way() {
    let house = House::new();
    let links = InboxLinks::new(house.inbox.clone(), Arc::new(Nowhere), adjourn_connectors::BY_INBOX);
    let mut elsewhere = house.connection.clone();
    elsewhere.settings.insert("url".to_owned(), "https://inbox.example.org".to_owned());
    let drill = Connection { drill: true, ..house.connection.clone() };
    let other = Connection { platform: "matrix".into(), ..house.connection.clone() };
    for connection in [elsewhere, drill, other] {
        assert!(links.link(&connection, &connection.identities[0]).is_err());
    }
    assert!(links.link(&house.connection, &house.connection.identities[0]).is_ok());
}

fn walk(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        }
        found.push(path);
    }
    found
}
