//! The composition root: the one place where concrete parts meet.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::accounts::FileAccounts;
use adjourn_adapters::bundles::FileBundles;
use adjourn_adapters::claims::check_text;
use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::inbox::FileInbox;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::signer::KeySigner;
use adjourn_adapters::stamps::HttpStamps;
use adjourn_adapters::tables::ReadTables;
use adjourn_adapters::vault::FileVault;
use adjourn_app::inventory::Book;
use adjourn_app::ports::{Catalogue, Inbox, Offer, Question, Rng, Vault};
use adjourn_app::progress::Board;
use adjourn_app::{App, AppError, Around, Journal};
use adjourn_channel::{Centre, Office, Outpost, Routed, Waiting};
use adjourn_connector_kit::descriptor::Field;
use adjourn_console::tools::{Configured, Tools};
use adjourn_domain::capability::Capabilities;
use adjourn_domain::fact::Rules;
use adjourn_evidence::verify::VerifyOptions;
use adjourn_host::{Catalog, Host, HttpLinks, InboxLinks};
use adjourn_i18n::msg;
use adjourn_store::SqliteStore;
use adjourn_transport::HttpOptions;

use crate::args::Global;
use crate::config::Config;
use crate::out::Out;
use crate::points::NamedPoints;
use crate::progress::Shown;
use crate::service::calls::{Calls, Counted};
use crate::verbs::doctor;
use crate::words::CatalogWords;

/// Where everything lies.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The journal.
    pub(crate) data: PathBuf,
    /// The keys.
    pub(crate) keys: PathBuf,
    /// Exports and bundles.
    pub(crate) bundles: PathBuf,
}

impl Places {
    /// A drill's, all in one folder.
    pub(crate) fn drill(dir: &Path) -> Self {
        Self { data: dir.to_owned(), keys: dir.join("keys"), bundles: dir.join("bundles") }
    }

    /// From the flags and the environment.
    pub(crate) fn of(global: &Global, home: Option<&Path>) -> Self {
        let data = global.data.clone().unwrap_or_else(|| {
            home.map_or_else(|| PathBuf::from("adjourn-data"), |home| home.join(".local/share/adjourn"))
        });
        let beside = |suffix: &str| {
            let mut name = data.file_name().unwrap_or_default().to_os_string();
            name.push(suffix);
            data.with_file_name(name)
        };
        Self {
            keys: global.keys.clone().unwrap_or_else(|| beside("-keys")),
            bundles: global.bundles.clone().unwrap_or_else(|| beside("-bundles")),
            data,
        }
    }

    /// The journal's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.data.join("adjourn.db")
    }
}

/// The use cases over the real parts.
pub(crate) fn app(places: &Places, config: &Config, out: Out) -> Result<App, AppError> {
    Ok(whole(places, config, out)?.0)
}

/// The use cases, where outposts dial in, and the count of calls to platforms.
pub(crate) fn whole(places: &Places, config: &Config, out: Out) -> Result<(App, Centre, Calls), AppError> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    make_private(&places.data)?;
    let store = SqliteStore::open(&places.database())?;
    let keys = Arc::new(FileKeys::open(&places.keys, rng.clone())?);
    let clock = Arc::new(SystemClock);
    let read = |path: &Option<PathBuf>| -> Result<Option<Vec<u8>>, AppError> {
        let Some(path) = path else { return Ok(None) };
        std::fs::read(path).map(Some).map_err(|error| AppError::io(&error, path.display()))
    };
    let stamps =
        Arc::new(HttpStamps::new(config.timestamp.url.clone(), read(&config.timestamp.ca)?, rng.clone()));
    let deposits = config.deposit.open()?;
    let mut options = HttpOptions { ca_pem: read(&config.http.ca)?, ..HttpOptions::default() };
    options.reply_s = config.http.reply_s.unwrap_or(options.reply_s);
    let inbox: Arc<dyn Inbox> = Arc::new(FileInbox::new(&places.bundles.join("inbox")));
    let http = HttpLinks::new(options).telling(Arc::new(move |connection, identity, pause| {
        let (connection, identity) = (connection.as_str(), identity.as_str());
        out.progress(msg::progress_paused(out.lang, connection, identity, pause.as_secs().max(1)));
    }));
    let links = InboxLinks::new(inbox.clone(), Arc::new(http), adjourn_connectors::BY_INBOX);
    let calls = Calls::default();
    let links = Arc::new(Counted { links, calls: calls.clone() });
    let accounts = Arc::new(FileAccounts::open(&places.keys, rng.clone())?);
    let journal = Journal::new(Arc::new(store), keys.clone(), rng.clone());
    let host = Host::new(catalog(), links, keys.clone(), clock.clone()).with_kept(Arc::new(journal.clone()));
    let office = Office::in_keys(&places.keys);
    let waiting = Waiting {
        patience: Duration::from_secs(config.channel.wait_s()?),
        told: Arc::new(move |holder| {
            let holder = holder.map(ToString::to_string).unwrap_or_default();
            out.progress(msg::channel_waits(out.lang, holder));
        }),
    };
    let listen = config.channel.listen.clone();
    let centre = Centre::new(journal.clone(), clock.clone(), rng, office, listen, waiting);
    let app = App {
        journal,
        clock: clock.clone(),
        platforms: Arc::new(Routed::new(Arc::new(host), centre.clone())),
        vault: Arc::new(config.archive.vault(FileVault::new(
            &places.bundles,
            keys,
            stamps.clone(),
            deposits.clone(),
        )?)?),
        inbox,
        accounts,
        stamps,
        deposits,
        points: Arc::new(NamedPoints::from_environment()),
        progress: Arc::new(Board::new(Arc::new(Shown::new(out)), clock)),
        policy: config.policy()?,
        profiles: Arc::new(config.profiles()?),
        drill_rules: Rules::default(),
        around: Around {
            parties: Arc::new(config.parties()?),
            words: Arc::new(CatalogWords { lang: out.lang }),
            organisation: config.organisation(),
        },
        book: Book::default(),
    };
    Ok((app, centre, calls))
}

/// A vault in another folder, for what is handed over outside a case. Nothing in it is stamped.
pub(crate) fn vault(
    places: &Places,
    config: &Config,
    dir: &Path,
    in_clear: bool,
) -> Result<Arc<dyn Vault>, AppError> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    let keys = Arc::new(FileKeys::open(&places.keys, rng.clone())?);
    let stamps = Arc::new(HttpStamps::new(None, None, rng));
    let vault = FileVault::in_folder(dir, keys, stamps, config.deposit.open()?)?;
    Ok(Arc::new(if in_clear { vault } else { config.archive.vault(vault)? }))
}

/// An outpost over the real parts: connectors and their secrets, and no journal.
pub(crate) fn outpost(identity: &Path, config: &Config) -> Result<(Outpost, Arc<FileKeys>), AppError> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    let clock = Arc::new(SystemClock);
    let keys = Arc::new(FileKeys::open(&identity.join("keys"), rng)?);
    let mut options = HttpOptions::default();
    if let Some(path) = &config.http.ca {
        options.ca_pem = Some(std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?);
    }
    options.reply_s = config.http.reply_s.unwrap_or(options.reply_s);
    let host = Host::new(catalog(), Arc::new(HttpLinks::new(options)), keys.clone(), clock.clone());
    let points = Arc::new(NamedPoints::from_environment());
    Ok((Outpost::open(identity, Arc::new(host), clock, points)?, keys))
}

/// Every connector by its platform; the simulated platforms of a drill all speak the reference protocol.
pub(crate) fn catalog() -> Catalog {
    Arc::new(|platform, drill| {
        let name = if drill { "reference" } else { platform.as_str() };
        adjourn_connectors::find(name).map(|entry| (entry.connector)())
    })
}

/// The connectors as the pages and `connect` offer them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connectors;

impl Catalogue for Connectors {
    fn offers(&self) -> Vec<Offer> {
        let offer = |entry: adjourn_connectors::Entry| {
            let connector = (entry.connector)();
            let descriptor = connector.descriptor();
            let question = |field: &Field| Question {
                name: field.name.to_owned(),
                says: field.says.clone(),
                secret: field.secret,
                required: field.required,
            };
            Offer {
                platform: descriptor.platform.clone(),
                name: descriptor.name.clone(),
                tier: descriptor.tier.slug(),
                questions: descriptor.fields.iter().map(question).collect(),
                declared: Capabilities(descriptor.capabilities.clone()),
                room: descriptor.max_announcement,
            }
        };
        adjourn_connectors::all().into_iter().map(offer).collect()
    }
}

/// What the pages need besides the use cases.
pub(crate) fn tools(places: &Places, config: &Config) -> Result<Tools, AppError> {
    let tsa_ca = match &config.timestamp.ca {
        Some(path) => Some(std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?),
        None => None,
    };
    let options = VerifyOptions { tsa_ca, ..VerifyOptions::default() };
    let profiles = config.profiles()?;
    Ok(Tools {
        bundles: Arc::new(FileBundles::new(&places.bundles, Arc::new(SystemRng), options)),
        tables: Arc::new(ReadTables),
        catalogue: Arc::new(Connectors),
        check: Arc::new(move |text| check_text(text, &profiles)),
        outside: {
            let (places, config) = (places.clone(), config.clone());
            Arc::new(move |app, lang| {
                let (places, config) = (places.clone(), config.clone());
                Box::pin(async move { doctor::outside(&app, &places, &config, lang).await })
            })
        },
        relying: config.passkey.desk()?.relying,
        configured: Configured {
            data: places.data.display().to_string(),
            timestamp: config.timestamp.url.clone(),
            deposit: config.deposit.url.clone(),
            audit: config.audit.limits()?,
            every: config.audit.every,
            stale_days: config.facts.stale_days,
        },
    })
}

/// The signer whose key file is named by flag or environment.
pub(crate) fn signer(global: &Global, environment: Option<&Path>) -> Result<KeySigner, AppError> {
    let path = global.key.as_deref().or(environment).ok_or_else(|| AppError::new("principal.missing"))?;
    KeySigner::read(path)
}

fn make_private(dir: &Path) -> Result<(), AppError> {
    let io = |error: &std::io::Error| AppError::io(error, dir.display());
    std::fs::create_dir_all(dir).map_err(|error| io(&error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(|error| io(&error))?;
    }
    Ok(())
}
