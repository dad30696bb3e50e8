//! `archive seal` and `archive open`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::originals::refused;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::AppError;
use adjourn_app::ports::{Contents, Medium, Original, Originals};
use adjourn_archive::sealed::{self, Identity, Recipient, SealError};
use adjourn_domain::canonical::hex;
use adjourn_domain::reading::How;
use adjourn_domain::upload::file_name;
use adjourn_i18n::msg;
use serde_json::json;

use super::{Elsewhere, Source, originals, unknown};
use crate::args::{OpenArgs, OpenWhat, SealArgs};
use crate::out::{Exit, Out};
use crate::verbs::Ctx;

/// Largest identity file, in bytes.
const MAX_IDENTITY: u64 = 64 * 1024;
/// Largest index of media, in bytes.
const MAX_INDEX: u64 = 256 * 1024 * 1024;

/// Seals to a group's key as well.
pub(super) async fn seal_for_group(ctx: &Ctx<'_>, args: &SealArgs) -> Result<Exit, AppError> {
    let Some(group) = &args.group else { return seal(ctx.out, args, Vec::new()) };
    let group = ctx.app.resolve(group).await?;
    let keys = FileKeys::open(&ctx.places.keys, Arc::new(SystemRng))?;
    let recipient = keys.original_recipient(&group, &ctx.config.archive.recipients()?)?;
    seal(ctx.out, args, vec![recipient])
}

/// Seals a file.
pub(super) fn seal(out: Out, args: &SealArgs, mut recipients: Vec<Recipient>) -> Result<Exit, AppError> {
    for text in &args.recipient {
        recipients.push(Recipient::parse(text).map_err(|error| refused(error, &args.file))?);
    }
    let file = File::open(&args.file).map_err(|error| AppError::io(&error, args.file.display()))?;
    // Whoever says so in the name wants it packed; what is packed already stays as it is.
    let pack = args.out.as_os_str().as_encoded_bytes().ends_with(b".zst.age")
        && args.file.extension().is_none_or(|ending| ending != "zst");
    let (sealed, blake3) = whole(&args.out, args.force, |to| {
        let sealed = if pack {
            sealed::pack(file, &recipients, super::super::redact::processors(), to)
                .map(|packed| (packed.sealed, Some(packed.blake3)))
        } else {
            sealed::seal(BufReader::new(file), &recipients, to).map(|sealed| (sealed, None))
        };
        sealed.map_err(|error| match error {
            SealError::Io(error) if error.kind() == io::ErrorKind::StorageFull => {
                AppError::io(&error, args.out.display())
            }
            SealError::Io(error) => AppError::io(&error, args.file.display()),
            error => refused(error, &args.file),
        })
    })?;
    out.document(&json!({
        "out": args.out,
        "recipients": recipients.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sha256": sealed.plain,
        "bytes": sealed.bytes,
        "file_blake3": blake3.map(|hash| hex(&hash)),
    }));
    out.line(msg::archive_sealed(out.lang, recipients.len() as u64, args.out.display(), sealed.plain));
    out.next(format!("age -d -i IDENTITY {} | sha256sum", args.out.display()));
    Ok(Exit::Done)
}

/// Opens a file with an identity that a person names.
pub(super) fn open_file(out: Out, args: &OpenArgs) -> Result<Exit, AppError> {
    let path = Path::new(&args.archive);
    if let Some(bag) = Elsewhere::at(path)? {
        let bag = bag.with(named(args)?);
        let original = bag.original(&bag.one()?);
        let opened = bag.open(&original, contents(args.what))?;
        return give(out, args, &bag, &original, opened);
    }
    let identities = identities(args)?;
    let file = File::open(path).map_err(|error| AppError::io(&error, path.display()))?;
    let opened = sealed::open(file, &identities).map_err(|error| refused(error, path))?;
    take_out(out, args, opened)
}

/// The identities that somebody names, if anybody does.
fn named(args: &OpenArgs) -> Result<Vec<Identity>, AppError> {
    if args.identity.is_some() { identities(args) } else { Ok(Vec::new()) }
}

fn contents(what: OpenWhat) -> Contents {
    match what {
        OpenWhat::Messages => Contents::Messages,
        OpenWhat::Members => Contents::Members,
        OpenWhat::Media => Contents::MediaIndex,
    }
}

/// The identities that somebody names.
fn identities(args: &OpenArgs) -> Result<Vec<Identity>, AppError> {
    let Some(identity) = &args.identity else {
        return Err(AppError::new("archive.identity").with("file", &args.archive));
    };
    let mut text = Vec::new();
    File::open(identity)
        .and_then(|file| file.take(MAX_IDENTITY).read_to_end(&mut text))
        .map_err(|error| AppError::io(&error, identity.display()))?;
    Identity::parse(&text).map_err(|error| refused(error, identity))
}

/// Opens an original with its group's key, or a file.
pub(super) async fn open(ctx: &Ctx<'_>, args: &OpenArgs) -> Result<Exit, AppError> {
    let originals = originals(&ctx.places)?;
    match Source::of(&ctx.places, &originals, &args.archive)? {
        Source::File(_) => open_file(ctx.out, args),
        Source::Bag(path) => {
            refuse_existing(&args.out, args.force)?;
            let bag = Elsewhere::of(&ctx.places, &path)?.ok_or_else(|| unknown(&path))?.with(named(args)?);
            let name = bag.one()?;
            if bag.known(ctx, &name).await?.is_none() {
                return open_file(ctx.out, args);
            }
            let opened = bag.read(ctx, &name, contents(args.what), How::Open, None).await?;
            give(ctx.out, args, &bag, &bag.original(&name), opened)
        }
        Source::Original(original) => {
            // Looked at before it is noted: what is not taken out was not read.
            refuse_existing(&args.out, args.force)?;
            let (what, signer) = (contents(args.what), ctx.signer()?);
            let opened = ctx.app.read_original(&originals, &original, what, How::Open, None, &signer).await?;
            give(ctx.out, args, &originals, &original, opened)
        }
    }
}

/// Takes out what is open; of media it is their index, and they follow.
fn give(
    out: Out,
    args: &OpenArgs,
    originals: &dyn Originals,
    original: &Original,
    opened: Box<dyn Read + Send>,
) -> Result<Exit, AppError> {
    if args.what != OpenWhat::Media {
        return take_out(out, args, opened);
    }
    let mut index = Vec::new();
    let path = Path::new(&args.archive);
    opened.take(MAX_INDEX).read_to_end(&mut index).map_err(|error| refused(SealError::Io(error), path))?;
    media_out(out, args, originals, original, &originals.media(original, &index)?)
}

fn take_out(out: Out, args: &OpenArgs, mut opened: impl Read) -> Result<Exit, AppError> {
    let path = Path::new(&args.archive);
    let bytes = whole(&args.out, args.force, |to| copy(&mut opened, to, path))?;
    out.document(&json!({"out": args.out, "bytes": bytes}));
    out.line(msg::archive_opened(out.lang, bytes, args.out.display()));
    out.next(format!("adjourn archive show {}", args.out.display()));
    Ok(Exit::Done)
}

/// Takes all media out into a folder that has its name only when each of them is there and is what the index says.
fn media_out(
    out: Out,
    args: &OpenArgs,
    originals: &dyn Originals,
    original: &Original,
    media: &[Medium],
) -> Result<Exit, AppError> {
    // A folder is never replaced: nobody knows what else lies in it.
    refuse_existing(&args.out, false)?;
    let mut name = args.out.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let at = |error: io::Error| AppError::io(&error, part.display());
    fs::DirBuilder::new().mode(0o700).create(&part).map_err(at)?;
    let written: Result<u64, AppError> = media
        .iter()
        .try_fold(0_u64, |bytes, medium| Ok(bytes + medium_out(&part, originals, original, medium)?))
        .and_then(|bytes| {
            fs::rename(&part, &args.out).map_err(|error| AppError::io(&error, args.out.display()))?;
            Ok(bytes)
        });
    if written.is_err() {
        // What is left of an attempt is of no use.
        let _ = fs::remove_dir_all(&part);
    }
    let bytes = written?;
    out.document(&json!({"out": args.out, "bytes": bytes, "files": media.len()}));
    out.line(msg::archive_media_opened(out.lang, bytes, media.len() as u64, args.out.display()));
    Ok(Exit::Done)
}

fn medium_out(
    folder: &Path,
    originals: &dyn Originals,
    original: &Original,
    medium: &Medium,
) -> Result<u64, AppError> {
    let hash = medium.sha256.to_hex();
    let start = hash.get(..16).unwrap_or(&hash);
    let path = folder.join(format!("{start}-{}", file_name(&medium.name)));
    let mut from = originals.medium(original, medium)?;
    whole(&path, false, |to| copy(&mut from, to, Path::new(&original.to_string())))
}

/// What was cut off or altered is an error about the sealed file; a full disk is one about the disk.
fn copy(from: &mut impl Read, to: &mut impl Write, path: &Path) -> Result<u64, AppError> {
    let (mut buffer, mut bytes) = (vec![0; 64 * 1024], 0);
    loop {
        let count = from.read(&mut buffer).map_err(|error| refused(SealError::Io(error), path))?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { return Ok(bytes) };
        to.write_all(chunk).map_err(|error| AppError::io(&error, "--out"))?;
        bytes += count as u64;
    }
}

fn refuse_existing(path: &Path, force: bool) -> Result<(), AppError> {
    match path.symlink_metadata() {
        Ok(_) if !force => Err(AppError::new("archive.exists").with("path", path.display())),
        _ => Ok(()),
    }
}

/// Writes a file, readable by its owner alone, that has its name only when it is whole.
fn whole<T>(
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, AppError>,
) -> Result<T, AppError> {
    refuse_existing(path, force)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let at = |error: io::Error| AppError::io(&error, part.display());
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = BufWriter::new(options.open(&part).map_err(at)?);
    let written = write(&mut file).and_then(|value| {
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(at)?;
        // Without `--force` not by rename: what somebody else made meanwhile stays.
        let named = if force { fs::rename(&part, path) } else { fs::hard_link(&part, path) };
        named.map_err(|error| AppError::io(&error, path.display()))?;
        Ok(value)
    });
    // What is left of an attempt is of no use.
    let _ = fs::remove_file(&part);
    written
}
