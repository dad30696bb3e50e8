//! What lies in the folder of the bundles, to be looked at, packed and verified; and packages that people bring along, verified by the same code and
//! removed whatever comes of it.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adjourn_app::AppError;
use adjourn_app::ports::{Bag, BagKind, Bundles, Claimed, Flaw, HandedIn, Rng, Verified};
use adjourn_archive::pack::{self, MAX_PACKED, PackError};
use adjourn_domain::canonical::hex;
use adjourn_evidence::verify::{Report, Statement, VerifyOptions, verify_bundle};

/// Packages that are verified at a time.
const AT_A_TIME: usize = 2;
/// Longest bag-info that is read, in bytes.
const MAX_INFO: u64 = 64 * 1024;
/// Largest file that is read out of a bag as a whole, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;
/// What the folders of packages that came in begin with.
const INTAKE: &str = "intake-";

/// The bags in a folder.
pub struct FileBundles {
    root: PathBuf,
    rng: Arc<dyn Rng>,
    options: VerifyOptions,
    busy: Arc<AtomicUsize>,
}

impl FileBundles {
    /// The bags under `root`, verified with what `options` brings along. What a process that was killed left of a package is removed.
    pub fn new(root: &Path, rng: Arc<dyn Rng>, options: VerifyOptions) -> Self {
        for (name, path) in folders(root) {
            if name.starts_with(INTAKE) {
                // What can't be removed now is tried again at the next start.
                let _ = fs::remove_dir_all(path);
            }
        }
        Self { root: root.to_owned(), rng, options, busy: Arc::default() }
    }

    fn folder(&self, kind: BagKind) -> PathBuf {
        match kind {
            BagKind::Case => self.root.clone(),
            BagKind::Audit => self.root.join("audits"),
            BagKind::Destroyed => self.root.join("destroyed"),
        }
    }

    /// A bag that is there and complete.
    fn bag(&self, kind: BagKind, name: &str) -> Result<PathBuf, AppError> {
        let path = self.folder(kind).join(name);
        if is_name(kind, name) && path.join("bagit.txt").is_file() {
            Ok(path)
        } else {
            Err(AppError::new("bundle.unknown").with("bundle", name))
        }
    }
}

/// Whether a folder may be a bag of this kind. No name of one has a dot, so none leads elsewhere.
fn is_name(kind: BagKind, name: &str) -> bool {
    let prefix = match kind {
        BagKind::Case => "c-",
        BagKind::Audit => "",
        BagKind::Destroyed => "g-",
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.starts_with(prefix) && name.chars().all(plain)
}

/// The folders in a folder; none where there is no such folder.
fn folders(dir: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect()
}

impl Bundles for FileBundles {
    fn list(&self) -> Result<Vec<Bag>, AppError> {
        let mut bags = Vec::new();
        for kind in BagKind::ALL {
            for (name, path) in folders(&self.folder(kind)) {
                if is_name(kind, &name) && path.join("bagit.txt").is_file() {
                    bags.push(described(kind, name, &path)?);
                }
            }
        }
        bags.sort_by(|a, b| {
            b.closed.cmp(&a.closed).then_with(|| a.kind.cmp(&b.kind)).then(a.name.cmp(&b.name))
        });
        Ok(bags)
    }

    fn verify(&self, kind: BagKind, name: &str) -> Result<Verified, AppError> {
        Ok(verified(verify_bundle(&self.bag(kind, name)?, &self.options)))
    }

    fn pack(&self, kind: BagKind, name: &str, to: &mut dyn Write) -> Result<(), AppError> {
        pack::pack(&self.bag(kind, name)?, name, to).map_err(refused)
    }

    fn file(&self, kind: BagKind, name: &str, path: &str) -> Result<Option<Vec<u8>>, AppError> {
        let below = Path::new(path);
        if !below.components().all(|part| matches!(part, Component::Normal(_))) {
            return Ok(None);
        }
        let path = self.bag(kind, name)?.join("data").join(below);
        if path.is_file() { read(&path, MAX_FILE).map(Some) } else { Ok(None) }
    }

    fn receive(&self) -> Result<Box<dyn HandedIn>, AppError> {
        let room = Room::take(&self.busy).ok_or_else(|| AppError::new("bundle.busy"))?;
        let mut name = [0; 8];
        self.rng.fill(&mut name);
        let folder = self.root.join(format!("{INTAKE}{}", hex(&name)));
        crate::keys::private_dir(&folder).map_err(|error| AppError::io(&error, folder.display()))?;
        let package = Package { folder, _room: room };
        let path = package.folder.join("package.zip");
        let file = File::options().read(true).write(true).create_new(true).open(&path);
        let file = file.map_err(|error| AppError::io(&error, path.display()))?;
        Ok(Box::new(Received { package, file, bytes: 0, options: self.options.clone() }))
    }
}

/// What a bag says about itself.
fn described(kind: BagKind, name: String, path: &Path) -> Result<Bag, AppError> {
    let info = String::from_utf8_lossy(&read(&path.join("bag-info.txt"), MAX_INFO)?).into_owned();
    let field = |wanted: &str| {
        let mut lines = info.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| *name == wanted).map(|(_, value)| value.trim())
    };
    let sum = field("Payload-Oxum").and_then(|sum| sum.split_once('.'));
    let (bytes, files) = sum.map_or((0, 0), |(bytes, files)| {
        (bytes.parse().unwrap_or_default(), files.parse().unwrap_or_default())
    });
    Ok(Bag { kind, name, closed: field("Bagging-Date").unwrap_or_default().to_owned(), bytes, files })
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, AppError> {
    let io = |error: std::io::Error| AppError::io(&error, path.display());
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(limit).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

fn verified(report: Report) -> Verified {
    let said = |statement: Statement| Claimed {
        code: statement.code.slug().to_owned(),
        args: statement.args,
        says: statement.says,
    };
    let found = report.findings.into_iter().map(|finding| Flaw {
        code: finding.code.slug().to_owned(),
        file: finding.file,
        says: finding.says,
    });
    Verified {
        ok: report.ok,
        findings: found.collect(),
        proved: report.proved.into_iter().map(said).collect(),
        rests_on: report.rests_on.into_iter().map(said).collect(),
    }
}

/// A folder that could not be packed, or a package that is refused, as an error that a person sees.
pub(crate) fn refused(error: PackError) -> AppError {
    match error {
        PackError::Io { path, source } => AppError::io(&source, path.display()),
        error => AppError::new("bundle.package").with("says", error).with("limit", MAX_PACKED / 1024 / 1024),
    }
}

/// A place among those who verify at a time.
struct Room(Arc<AtomicUsize>);

impl Room {
    fn take(busy: &Arc<AtomicUsize>) -> Option<Self> {
        let more = |busy: usize| (busy < AT_A_TIME).then_some(busy + 1);
        busy.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok().map(|_| Self(busy.clone()))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The folder of a package; it goes with this.
struct Package {
    folder: PathBuf,
    _room: Room,
}

impl Drop for Package {
    fn drop(&mut self) {
        // What can't be removed now is removed at the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

struct Received {
    package: Package,
    file: File,
    bytes: u64,
    options: VerifyOptions,
}

impl HandedIn for Received {
    fn take(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_PACKED {
            return Err(refused(PackError::Limit(format!("more than {MAX_PACKED} bytes"))));
        }
        self.file.write_all(bytes).map_err(|error| AppError::io(&error, self.package.folder.display()))
    }

    fn verify(self: Box<Self>) -> Result<Verified, AppError> {
        let Self { package, mut file, options, .. } = *self;
        let io = |error: std::io::Error| AppError::io(&error, package.folder.display());
        file.flush().and_then(|()| file.rewind()).map_err(io)?;
        let content = package.folder.join("content");
        fs::create_dir(&content).map_err(io)?;
        let root = pack::unpack(file, &content).map_err(refused)?;
        if !root.join("bagit.txt").is_file() {
            let says = "no bagit.txt is in it".to_owned();
            return Err(refused(PackError::Form(says)));
        }
        Ok(verified(verify_bundle(&root, &options)))
    }
}
