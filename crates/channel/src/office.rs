//! The folder `channel` among the centre's keys: its own certificate authority, its certificate, its instruction key.
//!
//! ```text
//! ca.pem  ca.key.pem           the authority
//! centre.pem  centre.key.pem   the centre's certificate
//! instruction.key              seed of the instruction key, hex
//! successions.json             which key followed which
//! open                         locked by the process that has the outposts
//! ```

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::Rng;
use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::time::Time;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::keys::{InstructionKey, Succession, Trusted};
use crate::tls::Papers;

/// Name of the authority.
const CA_NAME: &str = "adjourn channel authority";
/// How long the authority lives, in days.
const CA_DAYS: u64 = 3650;
/// How long a certificate lives, in days.
pub const CERTIFICATE_DAYS: u64 = 397;
/// Successions that are kept; an outpost that missed more has to be added anew.
const MAX_SUCCESSIONS: usize = 8;
/// File in an outpost's folder with the seed of the key that signs its replies, hex.
pub(crate) const REPLY_KEY: &str = "reply.key";
/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// The folder.
#[derive(Debug, Clone)]
pub struct Office {
    dir: PathBuf,
}

/// What the journal has to know of an outpost that was given an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// SHA-256 of its certificate.
    pub certificate: Hash,
    /// The public key that its replies are signed with, in hex.
    pub key: String,
}

/// Which side a certificate is for.
enum Side {
    Centre,
    Outpost,
}

impl Office {
    /// The folder `channel` in the folder of keys.
    pub fn in_keys(keys: &Path) -> Self {
        Self { dir: keys.join("channel") }
    }

    /// Whether it was set up.
    pub fn exists(&self) -> bool {
        self.path("centre.pem").exists()
    }

    /// Sets it up for a centre that outposts call by these host names.
    ///
    /// # Errors
    /// `channel.exists`; `channel.name` for a name that no certificate can have; `io`.
    pub fn init(&self, hosts: &[String], now: Time, rng: &dyn Rng) -> Result<(), AppError> {
        if self.dir.exists() {
            return Err(AppError::new("channel.exists").with("path", self.dir.display()));
        }
        // Beside, then in its place: there is a whole folder or none.
        let beside = Self { dir: self.dir.with_extension("new") };
        let _ = fs::remove_dir_all(&beside.dir);
        private_dir(&beside.dir)?;
        let ca = KeyPair::generate().map_err(|error| bad_name("", &error))?;
        let authority = ca_params(now)?.self_signed(&ca).map_err(|error| bad_name(CA_NAME, &error))?;
        write_new(&beside.path("ca.key.pem"), ca.serialize_pem().as_bytes())?;
        write_new(&beside.path("ca.pem"), authority.pem().as_bytes())?;
        beside.issue(&Side::Centre, hosts, now, CERTIFICATE_DAYS, &beside.dir, "centre")?;
        write_new(&beside.path("instruction.key"), hex(&seed(rng)).as_bytes())?;
        write_new(&beside.path("successions.json"), b"[]")?;
        fs::rename(&beside.dir, &self.dir).map_err(|error| AppError::io(&error, self.dir.display()))
    }

    /// Writes an identity for an outpost into a new folder.
    ///
    /// # Errors
    /// `channel.missing` before `init`; `channel.name`; `io`, also when the folder exists.
    pub fn add(
        &self,
        name: &str,
        now: Time,
        days: u64,
        out: &Path,
        rng: &dyn Rng,
    ) -> Result<Identity, AppError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
            return Err(AppError::new("channel.name").with("name", name).with("says", "a-z, 0-9, -"));
        }
        let key = self.signing()?;
        if out.exists() {
            let there = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(AppError::io(&there, out.display()));
        }
        private_dir(out)?;
        let made =
            self.issue(&Side::Outpost, &[format!("{name}.outpost.adjourn")], now, days, out, "outpost")?;
        let ca = self.read("ca.pem")?;
        write_new(&out.join("ca.pem"), ca.as_bytes())?;
        write_new(&out.join("name"), name.as_bytes())?;
        let reply = seed(rng);
        write_new(&out.join(REPLY_KEY), hex(&reply).as_bytes())?;
        write_new(&out.join("trusted.json"), &serde_json::to_vec(&Trusted::one(&key.public()))?)?;
        Ok(Identity { certificate: made, key: InstructionKey::from_seed(&reply).public().to_hex() })
    }

    /// Makes a new instruction key. Outposts trust the old one for `overlap_s` more; gives both ids and that time.
    ///
    /// # Errors
    /// `channel.missing`, `io`.
    pub fn rotate(
        &self,
        now: Time,
        overlap_s: u64,
        rng: &dyn Rng,
    ) -> Result<(String, String, Time), AppError> {
        let old = self.signing()?;
        let next = seed(rng);
        let new = InstructionKey::from_seed(&next);
        let until = now.plus_secs(overlap_s);
        let said = old.succeed(&new.public(), until).ok_or_else(|| AppError::new("internal"))?;
        let mut all = self.successions()?;
        all.push(said);
        let from = all.len().saturating_sub(MAX_SUCCESSIONS);
        // The statement first: a key that nobody can learn of would stop every instruction.
        replace(&self.path("successions.json"), &serde_json::to_vec(&all.split_off(from))?)?;
        replace(&self.path("instruction.key"), hex(&next).as_bytes())?;
        Ok((old.public().id(), new.public().id(), until))
    }

    /// The key that signs now.
    pub fn signing(&self) -> Result<InstructionKey, AppError> {
        key_of(&self.read("instruction.key")?, &self.path("instruction.key"))
    }

    /// Which key followed which, oldest first.
    pub fn successions(&self) -> Result<Vec<Succession>, AppError> {
        let path = self.path("successions.json");
        serde_json::from_str(&self.read("successions.json")?)
            .map_err(|error| AppError::new("channel.papers").with("path", path.display()).with("says", error))
    }

    /// The file that the process locks which has the outposts.
    pub(crate) fn desk(&self) -> PathBuf {
        self.path("open")
    }

    pub(crate) fn papers(&self) -> Result<Papers, AppError> {
        if !self.exists() {
            return Err(AppError::new("channel.missing"));
        }
        Papers::read(&self.path("ca.pem"), &self.path("centre.pem"), &self.path("centre.key.pem"))
    }

    fn issue(
        &self,
        side: &Side,
        names: &[String],
        now: Time,
        days: u64,
        out: &Path,
        file: &str,
    ) -> Result<Hash, AppError> {
        let first = names.first().map_or("", String::as_str);
        let wrong = |error: rcgen::Error| bad_name(first, &error);
        let ca = KeyPair::from_pem(&self.read("ca.key.pem")?).map_err(wrong)?;
        let mut params = CertificateParams::new(names.to_vec()).map_err(wrong)?;
        params.distinguished_name.push(DnType::CommonName, first);
        valid(&mut params, now, days)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match side {
            Side::Centre => ExtendedKeyUsagePurpose::ServerAuth,
            Side::Outpost => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(wrong)?;
        let made = params.signed_by(&key, &Issuer::new(ca_params(now)?, ca)).map_err(wrong)?;
        write_new(&out.join(format!("{file}.key.pem")), key.serialize_pem().as_bytes())?;
        write_new(&out.join(format!("{file}.pem")), made.pem().as_bytes())?;
        Ok(Hash::of(made.der()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn read(&self, name: &str) -> Result<String, AppError> {
        if !self.dir.exists() {
            return Err(AppError::new("channel.missing"));
        }
        let path = self.path(name);
        fs::read_to_string(&path).map_err(|error| AppError::io(&error, path.display()))
    }
}

/// The key whose seed stands in a file.
pub(crate) fn key_of(text: &str, path: &Path) -> Result<InstructionKey, AppError> {
    let seed = unhex(text.trim()).and_then(|seed| seed.try_into().ok());
    let bad = || AppError::new("channel.papers").with("path", path.display()).with("says", "64 hex digits");
    Ok(InstructionKey::from_seed(&seed.ok_or_else(bad)?))
}

/// Fingerprint of a certificate file: SHA-256 of its DER.
///
/// # Errors
/// `channel.papers` when it is none.
pub fn fingerprint(certificate: &Path) -> Result<Hash, AppError> {
    CertificateDer::from_pem_file(certificate).map(|der| Hash::of(&der)).map_err(|error| {
        AppError::new("channel.papers").with("path", certificate.display()).with("says", error)
    })
}

fn ca_params(now: Time) -> Result<CertificateParams, AppError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, CA_NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    valid(&mut params, now, CA_DAYS)?;
    Ok(params)
}

/// Valid from midnight of yesterday, so that a clock that is behind accepts what was made a moment ago, to `days` later.
fn valid(params: &mut CertificateParams, now: Time, days: u64) -> Result<(), AppError> {
    let yesterday = Time::from_millis(now.as_millis() - 86_400_000);
    let (from, to) = (date(yesterday)?, date(yesterday.plus_secs((days + 1) * DAY_S))?);
    params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
    params.not_after = rcgen::date_time_ymd(to.0, to.1, to.2);
    Ok(())
}

fn date(at: Time) -> Result<(i32, u8, u8), AppError> {
    let at = at.to_string();
    let mut parts = at.split(['-', 'T']);
    let mut next = || parts.next().and_then(|part| part.parse::<i32>().ok());
    let (year, month, day) = (next(), next(), next());
    let small = |part: Option<i32>| part.and_then(|part| u8::try_from(part).ok());
    match (year, small(month), small(day)) {
        (Some(year), Some(month), Some(day)) => Ok((year, month, day)),
        _ => Err(AppError::new("internal")),
    }
}

fn bad_name(name: &str, error: &rcgen::Error) -> AppError {
    AppError::new("channel.name").with("name", name).with("says", error)
}

fn seed(rng: &dyn Rng) -> [u8; 32] {
    let mut seed = [0; 32];
    rng.fill(&mut seed);
    seed
}

fn private_dir(dir: &Path) -> Result<(), AppError> {
    let io = |error: &std::io::Error| AppError::io(error, dir.display());
    fs::create_dir_all(dir).map_err(|error| io(&error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(|error| io(&error))?;
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(|error| AppError::io(&error, path.display()))
}

/// Puts new contents in the place of a file's old ones, whole.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    write_new(&beside, bytes)?;
    fs::rename(&beside, path).map_err(|error| AppError::io(&error, path.display()))
}
