//! A case whose original is sealed: the bundle verifies without a key, people read by their own key and are noted, Debian's `age` and `zstd` open it, and after the
//! destruction of the group's key nobody does.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use adjourn_adapters::exports::FileExports;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::originals::FileOriginals;
use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::vault::FileVault;
use adjourn_app::ports::{Bucket, Contents, Exports, Locking, Originals as _, Storage, ToldStored};
use adjourn_app::pseudonyms::PseudonymsKeyEnd;
use adjourn_app::storing::{Form, Of};
use adjourn_archive::model::Reader;
use adjourn_archive::read::{Query, Rows, Wanted, scan};
use adjourn_archive::sealed::{self, Identity, SealError};
use adjourn_domain::audit::{Check, Limits, Period};
use adjourn_domain::canonical::Hash;
use adjourn_domain::reading::{How, OriginalRead};
use adjourn_domain::stored::Stored;
use adjourn_domain::time::Time;
use adjourn_evidence::layout::SealedNote;
use async_trait::async_trait;

use super::*;

/// What a command of the system writes; it has to be there (`scripts/peers/install.sh`).
fn run(program: &str, args: &[&str], input: Vec<u8>) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut to = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut to, &input));
    let done = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    done.status.success().then_some(done.stdout)
}

#[tokio::test]
async fn req_c1_g11_a_sealed_original_is_read_by_key_until_the_groups_key_is_destroyed() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    let root = play.dir.path().to_owned();
    let (bundles, folder) = (root.join("bundles"), root.join("keys"));
    let keys = Arc::new(FileKeys::open(&folder, Arc::new(SystemRng)).unwrap());
    let (stamps, deposits) = (play.app().stamps.clone(), play.app().deposits.clone());
    let office = Identity::generate();
    let vault = FileVault::new(&bundles, keys.clone(), stamps, deposits).unwrap();
    play.stage.app.vault = Arc::new(vault.sealing_originals(vec![office.recipient()]));
    play.plan(KindWish::default(), "bye").await.unwrap();
    let state = Box::pin(play.work(true, |_| false)).await;
    assert!(state.over());

    // Anybody can check the bundle; that nobody counted the messages is said.
    let report = play.report().await;
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.rests_on.iter().any(|said| said.code == StatementCode::SealedOriginal));
    assert!(!proves(&report, StatementCode::Archive));
    let originals = FileOriginals::new(&bundles, keys.clone());
    let kept = originals.list().unwrap();
    let main = kept.first().unwrap();
    assert!(kept.iter().all(|kept| kept.sealed) && main.messages.is_some_and(|count| count > 0), "{kept:?}");
    let archive = Path::new(&main.path).parent().unwrap().to_owned();
    for clear in ["messages.jsonl.zst", "members.json", "media.json"] {
        assert!(!archive.join(clear).exists(), "{clear}");
    }

    // Read by a person's key, and noted first.
    let (app, auditor) = (play.app(), &play.cast.compliance);
    let opened = app
        .read_original(&originals, &main.original, Contents::Messages, How::Open, None, auditor)
        .await
        .unwrap();
    let mut packed = Vec::new();
    { opened }.read_to_end(&mut packed).unwrap();
    let note: SealedNote = serde_json::from_slice(&fs::read(archive.join("sealed.json")).unwrap()).unwrap();
    assert_eq!(Hash::of(&packed), note.messages_sha256);
    let mut rows = Rows::new(Reader::new(packed.as_slice()).unwrap());
    let mut read = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        read.push(row);
    }
    assert_eq!(Some(read.len() as u64), main.messages);
    let words =
        read.iter().map(|row| row.text.trim()).find(|text| text.chars().count() > 3).unwrap().to_owned();
    let typed = format!("\"{words}\"");
    let query = Some(typed.as_str());
    let opened = app
        .read_original(&originals, &main.original, Contents::Messages, How::Search, query, auditor)
        .await
        .unwrap();
    let wanted =
        Wanted { query: Query::parse(&typed).unwrap(), from: None, to: None, sender: None, limit: 10 };
    let found = scan(&mut Rows::new(Reader::new(opened).unwrap()), &wanted, &mut |_| {}).unwrap().found;
    assert!(found.rows.iter().any(|row| row.text.trim() == words));
    let noted: Vec<OriginalRead> = play
        .events()
        .await
        .into_iter()
        .filter_map(|event| match event {
            GroupEvent::OriginalRead(read) => Some(*read),
            _ => None,
        })
        .collect();
    assert_eq!(noted.iter().map(|read| read.how).collect::<Vec<_>>(), [How::Open, How::Search]);
    assert!(
        noted.iter().all(|read| read.by == auditor.principal() && read.original == main.original.to_string())
    );
    let looked = noted[1].looked.as_ref().unwrap();
    assert_eq!(looked.characters, typed.chars().count() as u64);
    assert!(
        !serde_json::to_string(&noted).unwrap().contains(&words),
        "what was looked for is not in the journal"
    );

    // Under a lock goes what is sealed, and a drill's export goes nowhere by itself. Who brings an original back is in the audit too, a copy is none.
    let packing = root.join("packing");
    let exports = FileExports::new(FileOriginals::new(&bundles, keys.clone()), &packing);
    let exports: Arc<dyn Exports> = Arc::new(exports);
    let (bag, shelf) = (exports.list().unwrap().remove(0), Shelf::default());
    assert!(!bag.clear && app.unstored(&*exports, &mut BTreeSet::new()).await.unwrap().is_empty());
    let drill = app.store_export(&shelf, &exports, &bag, &Form::Sealed, None).await;
    assert_eq!((drill.unwrap_err().code(), packing.exists()), ("storage.drill", false));
    let (of, messages) = (Of::Group(play.group.clone()), Path::new(&main.path));
    let clear = Form::clear(None).unwrap();
    let refused = app.store_archive(&shelf, messages, &of, &clear, Some(auditor)).await;
    assert_eq!(refused.unwrap_err().code(), "storage.clear");
    let copied = root.join("copy.jsonl");
    fs::write(&copied, "{}").unwrap();
    for (file, form) in [(messages, Form::Sealed), (copied.as_path(), Form::Copy)] {
        app.store_archive(&shelf, file, &of, &form, Some(auditor)).await.unwrap();
        let (key, to) = (of.key(file).unwrap(), file.with_extension("back"));
        app.fetch_archive(&shelf, &key, &root.join(to.file_name().unwrap()), Some(auditor)).await.unwrap();
    }

    let now = app.clock.now();
    let period = Period {
        from: Time::from_millis(now.as_millis() - 3_600_000),
        until: now.plus_secs(1),
        utc_offset_minutes: 480,
    };
    play.later(2);
    let audited = app.audit(period, Limits::default(), &play.cast.requester).await.unwrap();
    let checked = audited.report.checked.iter().find(|row| row.check == Check::OriginalRead).unwrap();
    assert_eq!((checked.looked_at, checked.found), (3, 2), "read twice, brought back once");

    // As the operations guide says: the organisation's identity opens the group's, and that the original, with Debian's tools alone.
    let path = |name: &str| root.join(name).display().to_string();
    fs::write(path("office.txt"), office.secret()).unwrap();
    let way_back = folder.join("k").join(format!("{}.recover.age", play.group));
    let secret = run("age", &["-d", "-i", &path("office.txt")], fs::read(&way_back).unwrap()).unwrap();
    fs::write(path("group.txt"), &secret).unwrap();
    let ciphertext = fs::read(&main.path).unwrap();
    let by_age = run("age", &["-d", "-i", &path("group.txt")], ciphertext.clone()).unwrap();
    assert!(by_age == packed, "age gives what was sealed");
    let by_zstd = run("zstd", &["-dc"], by_age).unwrap();
    assert_eq!(by_zstd, zstd_lines(&packed));
    fs::remove_file(path("group.txt")).unwrap();

    // Members and media are taken out the same way.
    let mut members = Vec::new();
    let what = Contents::Members;
    let opened = app.read_original(&originals, &main.original, what, How::Open, None, auditor).await.unwrap();
    { opened }.read_to_end(&mut members).unwrap();
    let members: Vec<adjourn_domain::group::Member> = serde_json::from_slice(&members).unwrap();
    assert!(!members.is_empty());
    let mut index = Vec::new();
    originals.open(&main.original, Contents::MediaIndex).unwrap().read_to_end(&mut index).unwrap();
    for mut medium in originals.media(&main.original, &index).unwrap() {
        let mut bytes = Vec::new();
        originals.medium(&main.original, &medium).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!((Hash::of(&bytes), bytes.len() as u64), (medium.sha256, medium.bytes));
        medium.sha256 = Hash::of(b"else");
        let error = originals.medium(&main.original, &medium).unwrap().read_to_end(&mut bytes).unwrap_err();
        assert!(sealed::is_damage(&error), "what is not what the index says is no whole file");
    }

    // The key of its copies' pseudonyms ends by two people for one copy, and nothing else of the group does.
    keys.group_pseudonyms(&play.group).unwrap();
    let (first, second) = (&play.cast.business, &play.cast.admin);
    let copy = Hash::of(b"copy");
    let sign = |by| app.destroy_pseudonyms(&play.group, "0a", copy, by);
    assert_eq!(sign(first).await.unwrap(), PseudonymsKeyEnd::Asked);
    assert_eq!(sign(first).await.unwrap_err().code(), "approval.self");
    let PseudonymsKeyEnd::Destroyed { acts, with_the_group: false, .. } = sign(second).await.unwrap() else {
        panic!("two have signed")
    };
    let by: Vec<_> = acts.iter().map(|act| act.statement.principal.clone()).collect();
    assert_eq!(by, [first.principal(), second.principal()]);
    originals.open(&main.original, Contents::Messages).unwrap();

    // After the destruction nobody opens it: not we, not the organisation, not age.
    play.later(4 * 366 * 24 * HOUR);
    let certificate = play.certified().await;
    let certificate: Value =
        serde_json::from_slice(&fs::read(Path::new(&certificate).join("data/report.json")).unwrap()).unwrap();
    assert_eq!(certificate["key"], format!("group/{}", play.group), "the certificate names the key");
    let refused =
        app.read_original(&originals, &main.original, Contents::Messages, How::Show, None, auditor).await;
    assert_eq!(refused.err().unwrap().code(), "key.destroyed");
    for what in [Contents::Messages, Contents::Members, Contents::MediaIndex] {
        assert_eq!(originals.open(&main.original, what).err().unwrap().code(), "key.destroyed");
        let refused =
            app.read_original(&originals, &main.original, what, How::Search, Some("word"), auditor).await;
        assert_eq!(refused.err().unwrap().code(), "key.destroyed");
    }
    assert_eq!(keys.group_pseudonyms(&play.group).unwrap_err().code(), "key.destroyed");
    assert!(!way_back.exists());
    assert!(run("age", &["-d", "-i", &path("office.txt")], ciphertext.clone()).is_none());
    assert!(matches!(sealed::open(ciphertext.as_slice(), &[office]), Err(SealError::Others)));
    assert!(play.report().await.findings.is_empty(), "the bundle verifies all the same");
}

/// A storage in memory that locks whatever it takes.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, (Stored, Vec<u8>)>>);

#[async_trait]
impl Storage for Shelf {
    async fn look(&self) -> Result<Bucket, AppError> {
        Ok(Bucket { at: String::new(), versioned: None, locking: Locking::On })
    }

    async fn locks(&self) -> Result<bool, AppError> {
        Ok(true)
    }

    async fn find(&self, key: &str) -> Result<Option<Stored>, AppError> {
        Ok(self.0.lock().unwrap().get(key).map(|(stored, _)| stored.clone()))
    }

    async fn put(&self, file: &Path, key: &str, _told: ToldStored<'_>) -> Result<(Stored, bool), AppError> {
        let all = fs::read(file).unwrap();
        let (sha256, bytes) = (Hash::of(&all), all.len() as u64);
        let (bucket, key) = ("shelf".to_owned(), key.to_owned());
        let stored =
            Stored { bucket, key: key.clone(), version: None, sha256, bytes, lock: None, legal_hold: true };
        self.0.lock().unwrap().insert(key, (stored.clone(), all));
        Ok((stored, false))
    }

    async fn get(
        &self,
        key: &str,
        _known: Option<&Stored>,
        to: &Path,
        _told: ToldStored<'_>,
    ) -> Result<Stored, AppError> {
        let (stored, all) = self.0.lock().unwrap().get(key).unwrap().clone();
        fs::write(to, all).unwrap();
        Ok(stored)
    }
}

/// What the archive's own reader sees in it, line by line.
fn zstd_lines(packed: &[u8]) -> Vec<u8> {
    let mut reader = Reader::new(packed).unwrap();
    let mut lines = Vec::new();
    while let Some(line) = reader.next_text().unwrap() {
        lines.extend_from_slice(line.unwrap().1.as_bytes());
    }
    lines
}
