//! The centre: where outposts dial in, and what is asked of them.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use adjourn_app::ports::{Clock, PlatformError, Rng};
use adjourn_app::{AppError, Journal};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OnceCell, Semaphore, mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::asking::Sealed;
use crate::desk::{Desk, Holder, Taken};
use crate::keys::PublicKey;
use crate::office::Office;
use crate::session::{Passed, session};
use crate::strangers::Strangers;
use crate::tls::{Revoked, stream_fault};
use crate::wire::{self, Answer, Asked, Hello, VERSION, Welcome};

/// How long a handshake with its first frame may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a call waits for its outpost to dial in.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long an answer may take: connectors retry by themselves.
const ANSWER: Duration = Duration::from_mins(3);
/// How often the centre looks who was cut off.
pub(crate) const LOOK: Duration = Duration::from_millis(500);
/// Handshakes at a time.
const MAX_HANDSHAKES: usize = 64;
/// Requests that wait in one session.
pub(crate) const QUEUE: usize = 64;

/// Pause before looking again whether another process still has the outposts.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Is told who has the outposts, if that is known.
type Told = dyn Fn(Option<&Holder>) + Send + Sync;

/// How long to wait for another process that has the outposts, and who is told that we do.
#[derive(Clone)]
pub struct Waiting {
    /// How long.
    pub patience: Duration,
    /// Told once, with who has them.
    pub told: Arc<Told>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { patience: Duration::ZERO, told: Arc::new(|_| {}) }
    }
}

/// The centre of the channel.
#[derive(Clone)]
pub struct Centre {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Journal,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    office: Office,
    /// Where outposts dial in.
    address: Option<String>,
    waiting: Waiting,
    /// Set once it listens, with the lock that says so to other processes.
    open: OnceCell<(SocketAddr, Desk)>,
    sessions: Mutex<BTreeMap<String, Session>>,
    revoked: Revoked,
    strangers: Mutex<Strangers>,
}

/// An outpost that is there.
struct Session {
    certificate: Hash,
    /// What its replies are signed with.
    key: PublicKey,
    ask: mpsc::Sender<Passed>,
    abort: AbortHandle,
}

impl Centre {
    /// A centre whose keys are in `office`, where outposts dial in at `address`. It listens from [`Self::open`] on, or when
    /// an outpost is asked for the first time.
    pub fn new(
        journal: Journal,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        office: Office,
        address: Option<String>,
        waiting: Waiting,
    ) -> Self {
        let (open, sessions, revoked) = (OnceCell::new(), Mutex::default(), Revoked::default());
        let strangers = Mutex::default();
        let inner =
            Inner { journal, clock, rng, office, address, waiting, open, sessions, revoked, strangers };
        Self { inner: Arc::new(inner) }
    }

    /// Whether outposts can dial in: it has an address and was set up.
    pub fn configured(&self) -> bool {
        self.inner.address.is_some() && self.inner.office.exists()
    }

    /// Lets outposts dial in for as long as the process lives; gives the address. Waits a while for another process of this
    /// installation that has them.
    ///
    /// # Errors
    /// `channel.missing` before `channel init` or without an address; `channel.papers`; `channel.busy` when another process
    /// of this installation has the outposts and keeps them; `channel.address` when somebody else listens at the address.
    pub async fn open(&self) -> Result<SocketAddr, AppError> {
        let opened = self.inner.open.get_or_try_init(|| async {
            let missing = || AppError::new("channel.missing");
            let address = self.inner.address.as_deref().ok_or_else(missing)?;
            if !self.inner.office.exists() {
                return Err(missing());
            }
            let desk = self.sit_down().await?;
            let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
                std::io::ErrorKind::AddrInUse => AppError::new("channel.address").with("peer", address),
                _ => AppError::io(&error, address),
            })?;
            let local = listener.local_addr().map_err(|error| AppError::io(&error, address))?;
            self.listen(listener).await?;
            Ok((local, desk))
        });
        opened.await.map(|(address, _)| *address)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "another process is waited for, whatever the product's clock says"
    )]
    async fn sit_down(&self) -> Result<Desk, AppError> {
        let Waiting { patience, told } = &self.inner.waiting;
        let until = tokio::time::Instant::now() + *patience;
        let mut first = true;
        loop {
            let holder = match Desk::take(&self.inner.office.desk(), self.inner.clock.now())? {
                Taken::Ours(desk) => return Ok(desk),
                Taken::Theirs(holder) => holder,
            };
            if tokio::time::Instant::now() >= until {
                let who = holder.map_or_else(|| "pid ?".to_owned(), |holder| holder.to_string());
                return Err(AppError::new("channel.busy").with("says", who));
            }
            if first {
                told(holder.as_ref());
                first = false;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn listen(&self, listener: TcpListener) -> Result<(), AppError> {
        self.inner.revoked.set(self.inner.journal.org().await?.revoked);
        let config = self.inner.office.papers()?.server(self.inner.revoked.clone())?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let centre = self.clone();
        tokio::spawn(async move {
            let room = Arc::new(Semaphore::new(MAX_HANDSHAKES));
            let mut guests = JoinSet::new();
            let mut look = tokio::time::interval(LOOK);
            loop {
                tokio::select! {
                    _ = look.tick() => centre.look().await,
                    Some(_) = guests.join_next() => {}
                    arrived = listener.accept() => {
                        let Ok((stream, peer)) = arrived else { continue };
                        // Whoever comes when there is no room dials again.
                        let Ok(seat) = room.clone().try_acquire_owned() else { continue };
                        let (centre, acceptor) = (centre.clone(), acceptor.clone());
                        guests.spawn(async move {
                            let (from, peer) = (peer.ip(), peer.to_string());
                            match tokio::time::timeout(HANDSHAKE, centre.welcome(acceptor, stream, &peer)).await {
                                Ok(Ok(())) => {}
                                Ok(Err(error)) => {
                                    tracing::warn!(code = error.code(), "an outpost was sent away");
                                    centre.sent_away(&error, from).await;
                                }
                                Err(_) => tracing::warn!("somebody did not finish their handshake"),
                            }
                            drop(seat);
                        });
                    }
                }
            }
        });
        Ok(())
    }

    async fn sent_away(&self, error: &AppError, from: IpAddr) {
        let now = self.inner.clock.now();
        let news = {
            let mut strangers = self.inner.strangers.lock().unwrap_or_else(PoisonError::into_inner);
            strangers.news(now, error.code(), from)
        };
        if news {
            let name = error.0.args.get("outpost").map(String::as_str);
            let told = self.inner.journal.outpost_sent_away(now, error.code(), name, &from.to_string()).await;
            if let Err(error) = told {
                tracing::warn!(code = error.code(), "it could not be written down");
            }
        }
    }

    /// Names of the outposts that are there.
    pub fn there(&self) -> Vec<String> {
        let sessions = self.sessions();
        sessions
            .iter()
            .filter(|(_, session)| !session.ask.is_closed())
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.inner.rng
    }

    pub(crate) fn office(&self) -> &Office {
        &self.inner.office
    }

    /// Asks an outpost. Waits a while for it to dial in; asks only one that is not cut off at this moment. Gives what came
    /// back, unread, with the key that it has to be signed with.
    pub(crate) async fn ask(&self, name: &str, what: &Sealed) -> Result<(Answer, PublicKey), PlatformError> {
        let before = |code, says: String| failed(code, Effect::NotApplied, says);
        self.open().await.map_err(|error| {
            let says = error.0.args.get("says").cloned().unwrap_or_else(|| error.to_string());
            // Whoever opens has waited already.
            PlatformError { passing: false, ..before(error.code(), says) }
        })?;
        let (ready, certificate, key) =
            self.find(name).await.ok_or_else(|| before("outpost.away", name.to_owned()))?;
        let org = self.inner.journal.org().await.map_err(|error| before(error.code(), error.to_string()))?;
        if org.revoked.contains(&certificate) {
            self.look().await;
            return Err(before("outpost.revoked", name.to_owned()));
        }
        let (answer, answered) = oneshot::channel();
        let asked = Asked {
            id: 0,
            envelope: STANDARD.encode(&what.envelope),
            body: what.body.clone(),
            successions: what.successions.clone(),
        };
        ready.send((asked, answer)).await.map_err(|_| before("outpost.away", name.to_owned()))?;
        // From here on nobody knows whether it arrived: a read-back has to tell.
        match tokio::time::timeout(ANSWER, answered).await {
            Ok(Ok(answer)) => Ok((answer, key)),
            Ok(Err(_)) | Err(_) => Err(failed("outpost.lost", Effect::Unknown, name.to_owned())),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the network is waited for, whatever the product's clock says"
    )]
    async fn find(&self, name: &str) -> Option<(mpsc::Sender<Passed>, Hash, PublicKey)> {
        let there = || {
            let sessions = self.sessions();
            let session = sessions.get(name).filter(|session| !session.ask.is_closed())?;
            Some((session.ask.clone(), session.certificate, session.key))
        };
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(found) = there() {
                return Some(found);
            }
            if tokio::time::Instant::now() >= until {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends the sessions of those who were cut off.
    async fn look(&self) {
        let revoked = match self.inner.journal.org().await {
            Ok(org) => org.revoked,
            Err(error) => {
                tracing::warn!(code = error.code(), "who was cut off could not be read");
                return;
            }
        };
        // Before the sessions end: whoever dials again at once finds the door shut.
        self.inner.revoked.set(revoked.clone());
        self.sessions().retain(|name, session| {
            let cut = revoked.contains(&session.certificate);
            if cut {
                tracing::warn!("outpost {name} is cut off");
                session.abort.abort();
            }
            !cut && !session.ask.is_closed()
        });
    }

    /// Shakes hands, and begins a session.
    async fn welcome(&self, acceptor: TlsAcceptor, stream: TcpStream, peer: &str) -> Result<(), AppError> {
        let _ = stream.set_nodelay(true);
        let mut stream = acceptor.accept(stream).await.map_err(|error| stream_fault(&error, peer))?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).map(|der| Hash::of(der));
        let hello: Hello =
            wire::read(&mut stream, wire::MAX_HELLO).await.map_err(|error| stream_fault(&error, peer))?;
        let org = self.inner.journal.org().await?;
        // The certificate says who it is; the name that it gives has to be the same.
        let known = org.outposts.iter().find(|(_, known)| Some(known.certificate) == shown);
        let now = self.inner.clock.now();
        let apart = hello.now.secs_since(now).max(now.secs_since(hello.now));
        // One that was added before replies were signed has no key, and is added anew.
        let key = known.and_then(|(_, known)| PublicKey::from_hex(known.key.as_deref()?));
        let refused = match known {
            _ if hello.adjourn != VERSION => Some("channel.version"),
            None => Some("outpost.unknown"),
            Some((_, known)) if org.revoked.contains(&known.certificate) => {
                Some("channel.certificate_revoked")
            }
            Some((name, _)) if *name != hello.name => Some("channel.other_name"),
            Some(_) if apart > adjourn_domain::instruction::SKEW_S => Some("channel.clock_skewed"),
            Some(_) if key.is_none() => Some("outpost.unknown"),
            Some(_) => None,
        };
        let answer = Welcome { now, refused: refused.map(ToOwned::to_owned) };
        wire::write(&mut stream, &answer).await.map_err(|error| stream_fault(&error, peer))?;
        if let Some(code) = refused {
            let says = format!("{} here it is {now}, there {}", hello.name, hello.now);
            return Err(AppError::new(code)
                .with("peer", peer)
                .with("outpost", hello.name)
                .with("says", says));
        }
        let (Some(certificate), Some(key)) = (shown, key) else {
            return Err(AppError::new("outpost.unknown"));
        };
        let (ask, asked) = mpsc::channel(QUEUE);
        let task = tokio::spawn(session(stream, asked));
        let fresh = Session { certificate, key, ask, abort: task.abort_handle() };
        tracing::info!("outpost {} is there", hello.name);
        // An outpost that dials again has lost its first session.
        if let Some(old) = self.sessions().insert(hello.name, fresh) {
            old.abort.abort();
        }
        Ok(())
    }

    fn sessions(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        self.inner.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(code: &'static str, effect: Effect, says: String) -> PlatformError {
    PlatformError { code, effect, retry_s: Some(5), passing: true, says }
}
