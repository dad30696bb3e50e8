//! The inbox in a directory, beside the bundles; private to its owner, as they are.
//!
//! ```text
//! <connection>/<group>/about.json        what is known of the group
//! <connection>/<group>/<hash>.file       a file, as it came
//! <connection>/<group>/<n>-<hash>.json   who handed it in, and what is in it
//! <connection>/lists/<hash>.file, .json  lists of groups
//! <connection>/index/<hash>              the folder of a group, by the platform's id, and of a file
//! ```
//!
//! A group's folder goes when its key is destroyed, and so does every list that names it: what the list said about other
//! groups is in their own folders.

mod archive;

use std::fs;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::{FileKind, GroupIds, Inbox, KnownGroup, Looked};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::upload::{Upload, UploadFinding};
use adjourn_formats::{Class, Findings, Format, Item, ReadError, Zone, survey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::image;

/// Largest export, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024 * 1024;
/// Most bytes that one read gives.
const MAX_READ: u64 = 1024 * 1024;
/// Folder of the lists.
const LISTS: &str = "lists";
/// Folder of what leads to a group's folder.
const INDEX: &str = "index";

/// The inbox.
pub struct FileInbox {
    root: PathBuf,
}

/// A list of groups, and which groups it names.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    upload: Upload,
    groups: Vec<GroupId>,
}

impl FileInbox {
    /// An inbox under `root`, which is made when something is handed in.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn connection(&self, id: &ConnectionId) -> PathBuf {
        let hash = Hash::of(id.as_str().as_bytes()).to_hex();
        self.root.join(hash.get(..16).unwrap_or_default())
    }

    fn made(&self, connection: &ConnectionId, folder: &str) -> Result<PathBuf, AppError> {
        let dir = self.connection(connection);
        for dir in [&self.root, &dir, &dir.join(folder)] {
            crate::keys::private_dir(dir).map_err(|error| AppError::io(&error, dir.display()))?;
        }
        Ok(dir.join(folder))
    }

    /// The folders of the groups of a connection, each with what is known.
    fn folders(&self, connection: &ConnectionId) -> Result<Vec<(PathBuf, KnownGroup)>, AppError> {
        let mut all = Vec::new();
        for dir in entries(&self.connection(connection))? {
            if let Some(known) = read_json::<KnownGroup>(&dir.join("about.json"))? {
                all.push((dir, known));
            }
        }
        all.sort_by(|(_, a), (_, b)| a.native.cmp(&b.native));
        Ok(all)
    }

    /// The folder of a group, and what is known.
    fn folder(
        &self,
        connection: &ConnectionId,
        native: &NativeId,
    ) -> Result<Option<(PathBuf, KnownGroup)>, AppError> {
        let Some(dir) = self.indexed(connection, &index_of(native))? else { return Ok(None) };
        let known = read_json::<KnownGroup>(&dir.join("about.json"))?;
        Ok(known.filter(|known| known.native == *native).map(|known| (dir, known)))
    }

    fn indexed(&self, connection: &ConnectionId, entry: &str) -> Result<Option<PathBuf>, AppError> {
        let dir = self.connection(connection);
        let id = read_json::<GroupId>(&dir.join(INDEX).join(entry))?;
        Ok(id.map(|id| dir.join(id.as_str())))
    }

    fn index(&self, connection: &ConnectionId, entry: &str, id: &GroupId) -> Result<(), AppError> {
        write_json(&self.made(connection, INDEX)?.join(entry), id)
    }

    /// Makes the group's folder, with what is known if nothing was known.
    fn group_dir(
        &self,
        connection: &ConnectionId,
        (id, native): (&GroupId, &NativeId),
        name: Option<&str>,
    ) -> Result<PathBuf, AppError> {
        let dir = self.made(connection, id.as_str())?;
        let about = dir.join("about.json");
        let known = read_json::<KnownGroup>(&about)?.unwrap_or_else(|| KnownGroup {
            native: native.clone(),
            name: None,
            listed_at: None,
            owner: None,
            members: None,
        });
        let name = known.name.clone().or_else(|| name.map(str::to_owned));
        write_json(&about, &KnownGroup { name, ..known })?;
        self.index(connection, &index_of(native), id)?;
        Ok(dir)
    }

    /// Writes the entry of a file that lies in the group's folder.
    fn enter(
        &self,
        connection: &ConnectionId,
        group: &GroupId,
        dir: &Path,
        upload: &Upload,
    ) -> Result<(), AppError> {
        self.index(connection, &upload.sha256.to_hex(), group)?;
        // The same file of the same client again is the same file, handed in later.
        for (path, earlier) in uploads_in(dir)? {
            if earlier.sha256 == upload.sha256 && earlier.identity == upload.identity {
                fs::remove_file(&path).map_err(|error| AppError::io(&error, path.display()))?;
            }
        }
        let identity = Hash::of(upload.identity.as_str().as_bytes()).to_hex();
        let identity = identity.get(..8).unwrap_or_default();
        let name = format!("{:015}-{identity}-{}.json", upload.received_at.as_millis(), upload.sha256);
        write_json(&dir.join(name), upload)
    }
}

impl Inbox for FileInbox {
    fn look(
        &self,
        file: &Path,
        zone: Option<&str>,
        group: Option<&NativeId>,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Looked, AppError> {
        let io = |error: &std::io::Error| AppError::io(error, file.display());
        let size = fs::metadata(file).map_err(|error| io(&error))?.len();
        if size > MAX_FILE {
            return Err(AppError::new("upload.too_large").with("bytes", size).with("limit", MAX_FILE));
        }
        if let Some(picture) = image::read(file).map_err(|error| io(&error))? {
            return Ok(picture_looked(&picture));
        }
        if archive::is(file).map_err(|error| io(&error))? {
            return archive::look(file, group, &|done| progress(done, size));
        }
        let zone = match zone {
            Some(name) => Zone::named(name).ok_or_else(|| AppError::new("upload.zone").with("zone", name))?,
            None => Zone::default(),
        };
        let mut ours = Ours { group, ..Ours::default() };
        let source = BufReader::new(fs::File::open(file).map_err(|error| io(&error))?);
        let survey = survey(source, &zone, |item| ours.add(&item), |done| progress(done, size));
        let survey = survey.map_err(|error| refused(file, error))?;
        let listed: Vec<NativeId> = match survey.format.class() {
            Class::Messages => {
                survey.groups.keys().filter(|id| !id.is_empty()).map(|id| NativeId(id.clone())).collect()
            }
            _ => ours.listed,
        };
        Ok(Looked {
            kind: match survey.format.class() {
                Class::Messages => FileKind::Messages,
                Class::Chatrooms => FileKind::Groups,
                Class::Contacts => FileKind::People,
            },
            format: survey.format.slug().to_owned(),
            platform: None,
            zone: zone.name().to_owned(),
            sha256: survey.sha256,
            original: None,
            bytes: survey.bytes,
            records: ours.records,
            first: ours.first,
            last: ours.last,
            ended: ours.ended,
            unreadable: survey.findings.unreadable,
            noticed: survey.findings.total,
            findings: findings(&survey.findings),
            name: survey.groups.get(group.map_or("", NativeId::as_str)).and_then(|rows| rows.name.clone()),
            groups: listed,
        })
    }

    fn keep(
        &self,
        connection: &ConnectionId,
        group: (&GroupId, &NativeId),
        file: &Path,
        upload: &Upload,
    ) -> Result<(), AppError> {
        let dir = self.group_dir(connection, group, None)?;
        keep_file(&dir, file, upload)?;
        self.enter(connection, group.0, &dir, upload)
    }

    fn keep_archive(
        &self,
        connection: &ConnectionId,
        groups: &[(GroupId, NativeId)],
        file: &Path,
        upload: &Upload,
    ) -> Result<Vec<(GroupId, Upload)>, AppError> {
        archive::keep(self, connection, groups, file, upload)
    }

    fn keep_list(
        &self,
        connection: &ConnectionId,
        file: &Path,
        upload: &Upload,
        ids: GroupIds<'_>,
    ) -> Result<u64, AppError> {
        let mut rooms = Vec::new();
        let each = |item: Item| {
            if let Item::Chatroom(room) = item {
                rooms.push(room);
            }
        };
        let source = fs::File::open(file).map_err(|error| AppError::io(&error, file.display()))?;
        survey(BufReader::new(source), &Zone::default(), each, |_| {})
            .map_err(|error| AppError::new("upload.changed").with("says", error))?;
        let (mut groups, mut whole) = (Vec::new(), true);
        for room in rooms {
            let Some(id) = ids(&room.id)? else {
                whole = false;
                continue;
            };
            let dir = self.group_dir(connection, (&id, &room.id), None)?;
            let about = dir.join("about.json");
            let known = read_json::<KnownGroup>(&about)?;
            if known.as_ref().and_then(|known| known.listed_at).is_some_and(|at| at > upload.received_at) {
                continue;
            }
            let name = Some(room.nick_name).filter(|name| !name.is_empty());
            let known = KnownGroup {
                native: room.id,
                name: name.or(known.and_then(|known| known.name)),
                listed_at: Some(upload.received_at),
                owner: room.owner,
                members: (!room.users.is_empty()).then_some(room.users),
            };
            write_json(&about, &known)?;
            groups.push(id);
        }
        let count = groups.len() as u64;
        // A list that names a group whose key was destroyed is read and not kept.
        if whole {
            let dir = self.made(connection, LISTS)?;
            keep_file(&dir, file, upload)?;
            let list = List { upload: upload.clone(), groups };
            write_json(&dir.join(format!("{}.json", upload.sha256)), &list)?;
        }
        Ok(count)
    }

    fn register(
        &self,
        connection: &ConnectionId,
        group: (&GroupId, &NativeId),
        name: Option<&str>,
    ) -> Result<(), AppError> {
        self.group_dir(connection, group, name).map(drop)
    }

    fn groups(&self, connection: &ConnectionId) -> Result<Vec<KnownGroup>, AppError> {
        Ok(self.folders(connection)?.into_iter().map(|(_, known)| known).collect())
    }

    fn group(&self, connection: &ConnectionId, native: &NativeId) -> Result<Option<KnownGroup>, AppError> {
        Ok(self.folder(connection, native)?.map(|(_, known)| known))
    }

    fn uploads(&self, connection: &ConnectionId, native: &NativeId) -> Result<Vec<Upload>, AppError> {
        let Some((dir, _)) = self.folder(connection, native)? else { return Ok(Vec::new()) };
        Ok(uploads_in(&dir)?.into_iter().map(|(_, upload)| upload).collect())
    }

    fn read(
        &self,
        connection: &ConnectionId,
        id: &Hash,
        from: u64,
        size: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, AppError> {
        // Where the index leads, or, if the same file was kept for another group too, wherever it is.
        let first = self.indexed(connection, &id.to_hex())?;
        for dir in first.into_iter().chain(entries(&self.connection(connection))?) {
            let path = dir.join(format!("{id}.file"));
            let io = |error: &std::io::Error| AppError::io(error, path.display());
            let mut file = match fs::File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(io(&error)),
            };
            let whole = file.metadata().map_err(|error| io(&error))?.len();
            file.seek(SeekFrom::Start(from)).map_err(|error| io(&error))?;
            let mut bytes = Vec::new();
            file.take(size.min(MAX_READ)).read_to_end(&mut bytes).map_err(|error| io(&error))?;
            return Ok(Some((bytes, whole)));
        }
        Ok(None)
    }

    fn forget(&self, group: &GroupId) -> Result<(), AppError> {
        let io = |error: &std::io::Error, path: &Path| AppError::io(error, path.display());
        for connection in entries(&self.root)? {
            let dir = connection.join(group.as_str());
            // The folder goes last: until then, asking again finds what leads to it.
            for entry in entries(&connection.join(INDEX))? {
                if read_json::<GroupId>(&entry)?.as_ref() == Some(group) {
                    fs::remove_file(&entry).map_err(|error| io(&error, &entry))?;
                }
            }
            if dir.exists() {
                fs::remove_dir_all(&dir).map_err(|error| io(&error, &dir))?;
            }
            for path in entries(&connection.join(LISTS))? {
                let names = path.extension().is_some_and(|end| end == "json")
                    && read_json::<List>(&path)?.is_some_and(|list| list.groups.contains(group));
                if names {
                    // The file first: a list without its entry would stay for ever.
                    let file = path.with_extension("file");
                    for path in [&file, &path] {
                        fs::remove_file(path).or_else(missing_is_fine).map_err(|error| io(&error, path))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The entry of the index that leads to a group. A hash: names of files are shorter than ids may be.
fn index_of(native: &NativeId) -> String {
    Hash::of(native.as_str().as_bytes()).to_hex()
}

/// What counts about the group that was asked for.
#[derive(Default)]
struct Ours<'a> {
    group: Option<&'a NativeId>,
    records: u64,
    first: Option<adjourn_domain::time::Time>,
    last: Option<adjourn_domain::time::Time>,
    ended: u64,
    listed: Vec<NativeId>,
}

impl Ours<'_> {
    fn add(&mut self, item: &Item) {
        match item {
            Item::Row(row) => {
                let other = self.group.zip(row.group.as_ref()).is_some_and(|(asked, of)| asked != of);
                if other {
                    return;
                }
                let at = row.record.at;
                self.first = Some(self.first.map_or(at, |first| first.min(at)));
                self.last = self.last.max(Some(at));
                self.ended += u64::from(row.ends_group);
            }
            Item::Chatroom(room) => self.listed.push(room.id.clone()),
            Item::Contact(_) => {}
        }
        self.records += 1;
    }
}

fn picture_looked(picture: &image::Picture) -> Looked {
    Looked {
        kind: FileKind::Image,
        format: picture.format.to_owned(),
        platform: None,
        zone: String::new(),
        sha256: Hash::of(&picture.bytes),
        original: picture.original,
        bytes: picture.bytes.len() as u64,
        records: 0,
        first: None,
        last: None,
        ended: 0,
        unreadable: 0,
        noticed: 0,
        findings: Vec::new(),
        name: None,
        groups: Vec::new(),
    }
}

fn findings(findings: &Findings) -> Vec<UploadFinding> {
    findings
        .first
        .iter()
        .map(|finding| UploadFinding { row: finding.row, code: finding.code.clone() })
        .collect()
}

fn refused(file: &Path, error: ReadError) -> AppError {
    match error {
        ReadError::Io(error) => AppError::io(&error, file.display()),
        ReadError::Refused(refused) => AppError::new(refused.code())
            .with("file", file.display())
            .with("says", refused.detail())
            .with("expected", Format::expected()),
    }
}

/// Copies the file, which must still be the one that was looked at.
fn keep_file(dir: &Path, file: &Path, upload: &Upload) -> Result<(), AppError> {
    let target = dir.join(format!("{}.file", upload.sha256));
    let new = dir.join(format!("{}.new", upload.sha256));
    let io = |error: &std::io::Error| AppError::io(error, target.display());
    let mut out = fs::File::create(&new).map_err(|error| io(&error))?;
    let mut hasher = Sha256::new();
    if let Some(picture) = image::read(file).map_err(|error| AppError::io(&error, file.display()))? {
        hasher.update(&picture.bytes);
        out.write_all(&picture.bytes).map_err(|error| io(&error))?;
    } else {
        let mut source = fs::File::open(file).map_err(|error| AppError::io(&error, file.display()))?;
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let size = source.read(&mut buffer).map_err(|error| AppError::io(&error, file.display()))?;
            let Some(portion) = buffer.get(..size).filter(|portion| !portion.is_empty()) else { break };
            hasher.update(portion);
            out.write_all(portion).map_err(|error| io(&error))?;
        }
    }
    if Hash(hasher.finalize().into()) != upload.sha256 {
        fs::remove_file(&new).map_err(|error| io(&error))?;
        return Err(AppError::new("upload.changed").with("says", file.display()));
    }
    out.sync_all().and_then(|()| fs::rename(&new, &target)).map_err(|error| io(&error))
}

/// The entries of a group's folder, oldest first.
fn uploads_in(dir: &Path) -> Result<Vec<(PathBuf, Upload)>, AppError> {
    let mut all = Vec::new();
    for path in entries(dir)? {
        let entry = path.extension().is_some_and(|end| end == "json")
            && path.file_name().is_some_and(|name| name != "about.json");
        if entry && let Some(upload) = read_json::<Upload>(&path)? {
            all.push((path, upload));
        }
    }
    all.sort_by(|(a, x), (b, y)| (x.received_at, a).cmp(&(y.received_at, b)));
    Ok(all)
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// What lies in a folder, in order; nothing where there is none.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, AppError> {
    let io = |error: &std::io::Error| AppError::io(error, dir.display());
    let list = match fs::read_dir(dir) {
        Ok(list) => list,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(&error)),
    };
    let mut paths = Vec::new();
    for entry in list {
        paths.push(entry.map_err(|error| io(&error))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, AppError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // A file where a folder is expected holds no entry.
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return Ok(None),
        Err(error) => return Err(AppError::io(&error, path.display())),
    };
    let read = serde_json::from_slice(&bytes);
    read.map(Some)
        .map_err(|error| AppError::new("journal.corrupt").with("what", path.display()).with("says", error))
}

/// Writes a file whole or not at all, durable when it returns.
fn write_json(path: &Path, value: &impl Serialize) -> Result<(), AppError> {
    let new = path.with_extension("json.new");
    let bytes = serde_json::to_vec(value)?;
    fs::File::create(&new)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&new, path))
        .map_err(|error| AppError::io(&error, path.display()))
}
