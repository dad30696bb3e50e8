//! The centre: where outposts dial in, and what is asked of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use adjourn_app::ports::{Clock, PlatformError, Rng};
use adjourn_app::{AppError, Journal};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use serde_json::Value;
use tokio::io::AsyncWrite;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OnceCell, Semaphore, mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::office::Office;
use crate::tls::{Revoked, stream_fault};
use crate::wire::{self, Ask, Failure, Hello, Reply, Request, VERSION, Welcome};

/// How long a handshake with its first frame may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a call waits for its outpost to dial in.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long an answer may take: connectors retry by themselves.
const ANSWER: Duration = Duration::from_mins(3);
/// How long writing a frame may take.
const WRITE: Duration = Duration::from_secs(30);
/// How often the centre looks who was cut off.
const LOOK: Duration = Duration::from_millis(500);
/// Looks between two pings.
const LOOKS_PER_PING: u32 = 20;
/// Pings without any sign of life before a session ends.
const MAX_SILENT: u32 = 3;
/// Handshakes at a time.
const MAX_HANDSHAKES: usize = 64;
/// Requests that wait in one session.
const QUEUE: usize = 64;

/// A request with the way back.
type Asked = (Ask, oneshot::Sender<Result<Value, Failure>>);

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
    /// Set once it listens.
    open: OnceCell<SocketAddr>,
    sessions: Mutex<BTreeMap<String, Session>>,
    revoked: Revoked,
}

/// An outpost that is there.
struct Session {
    certificate: Hash,
    ask: mpsc::Sender<Asked>,
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
    ) -> Self {
        let (open, sessions, revoked) = (OnceCell::new(), Mutex::default(), Revoked::default());
        Self { inner: Arc::new(Inner { journal, clock, rng, office, address, open, sessions, revoked }) }
    }

    /// Whether outposts can dial in: it has an address and was set up.
    pub fn configured(&self) -> bool {
        self.inner.address.is_some() && self.inner.office.exists()
    }

    /// Lets outposts dial in for as long as the process lives; gives the address.
    ///
    /// # Errors
    /// `channel.missing` before `channel init` or without an address; `channel.papers`; `channel.busy` when another
    /// process listens there.
    pub async fn open(&self) -> Result<SocketAddr, AppError> {
        let opened = self.inner.open.get_or_try_init(|| async {
            let missing = || AppError::new("channel.missing");
            let address = self.inner.address.as_deref().ok_or_else(missing)?;
            let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
                std::io::ErrorKind::AddrInUse => AppError::new("channel.busy").with("peer", address),
                _ => AppError::io(&error, address),
            })?;
            let local = listener.local_addr().map_err(|error| AppError::io(&error, address))?;
            self.listen(listener).await?;
            Ok(local)
        });
        opened.await.copied()
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
                            let peer = peer.to_string();
                            match tokio::time::timeout(HANDSHAKE, centre.welcome(acceptor, stream, &peer)).await {
                                Ok(Ok(())) => {}
                                Ok(Err(error)) => {
                                    tracing::warn!(code = error.code(), "an outpost was sent away: {error}");
                                }
                                Err(_) => tracing::warn!("{peer} did not finish its handshake"),
                            }
                            drop(seat);
                        });
                    }
                }
            }
        });
        Ok(())
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

    /// Asks an outpost. Waits a while for it to dial in; asks only one that is not cut off at this moment.
    pub(crate) async fn ask(&self, name: &str, ask: Ask) -> Result<Value, Failed> {
        let before = |code, says: String| Failed::Port(failed(code, Effect::NotApplied, says));
        self.open().await.map_err(|error| before(error.code(), error.to_string()))?;
        let (ready, certificate) =
            self.find(name).await.ok_or_else(|| before("outpost.away", name.to_owned()))?;
        let org = self.inner.journal.org().await.map_err(|error| before(error.code(), error.to_string()))?;
        if org.revoked.contains(&certificate) {
            self.look().await;
            return Err(before("outpost.revoked", name.to_owned()));
        }
        let (answer, answered) = oneshot::channel();
        ready.send((ask, answer)).await.map_err(|_| before("outpost.away", name.to_owned()))?;
        // From here on nobody knows whether it arrived: a read-back has to tell.
        let lost = || Failed::Port(failed("outpost.lost", Effect::Unknown, name.to_owned()));
        match tokio::time::timeout(ANSWER, answered).await {
            Ok(Ok(answer)) => answer.map_err(Failed::Outpost),
            Ok(Err(_)) | Err(_) => Err(lost()),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the network is waited for, whatever the product's clock says"
    )]
    async fn find(&self, name: &str) -> Option<(mpsc::Sender<Asked>, Hash)> {
        let there = || {
            let sessions = self.sessions();
            let session = sessions.get(name).filter(|session| !session.ask.is_closed())?;
            Some((session.ask.clone(), session.certificate))
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
                tracing::warn!(code = error.code(), "who was cut off could not be read: {error}");
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
        let refused = match known {
            _ if hello.adjourn != VERSION => Some("channel.version"),
            None => Some("outpost.unknown"),
            Some((_, known)) if org.revoked.contains(&known.certificate) => {
                Some("channel.certificate_revoked")
            }
            Some((name, _)) if *name != hello.name => Some("channel.other_name"),
            Some(_) if apart > adjourn_domain::instruction::SKEW_S => Some("channel.clock_skewed"),
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
        let Some(certificate) = shown else { return Err(AppError::new("outpost.unknown")) };
        let (ask, asked) = mpsc::channel(QUEUE);
        let task = tokio::spawn(session(stream, asked));
        let fresh = Session { certificate, ask, abort: task.abort_handle() };
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

/// Why there is no answer.
pub(crate) enum Failed {
    /// The outpost says so.
    Outpost(Failure),
    /// The channel does.
    Port(PlatformError),
}

fn failed(code: &'static str, effect: Effect, says: String) -> PlatformError {
    PlatformError { code, effect, retry_s: Some(5), passing: true, says }
}

/// One session: writes requests, hands answers to those who asked. Ends with the connection, or when it is aborted; then
/// everybody who waits learns that nobody knows.
async fn session(stream: TlsStream<TcpStream>, mut asked: mpsc::Receiver<Asked>) {
    let (mut from, mut to) = tokio::io::split(stream);
    let (reply, mut replies) = mpsc::channel::<Reply>(QUEUE);
    // Owned here, so that it ends with this task.
    let mut reader = JoinSet::new();
    reader.spawn(async move {
        while let Ok(next) = wire::read::<Reply>(&mut from, wire::MAX_FRAME).await {
            if reply.send(next).await.is_err() {
                break;
            }
        }
    });
    let mut waiting: BTreeMap<u64, oneshot::Sender<Result<Value, Failure>>> = BTreeMap::new();
    let (mut next, mut silent, mut looks) = (0u64, 0u32, 0u32);
    let mut tick = tokio::time::interval(LOOK);
    loop {
        let (ask, back) = tokio::select! {
            reply = replies.recv() => {
                let Some(reply) = reply else { return };
                silent = 0;
                if let Some(back) = waiting.remove(&reply.id) {
                    let _ = back.send(reply.answer);
                }
                continue;
            }
            ask = asked.recv() => {
                let Some((ask, back)) = ask else { return };
                (ask, Some(back))
            }
            _ = tick.tick() => {
                looks += 1;
                if looks % LOOKS_PER_PING != 0 {
                    continue;
                }
                silent += 1;
                if silent > MAX_SILENT {
                    return;
                }
                (Ask::Ping, None)
            }
        };
        next += 1;
        if let Some(back) = back {
            waiting.insert(next, back);
        }
        if !send(&mut to, &Request { id: next, ask }).await {
            return;
        }
    }
}

async fn send(to: &mut (impl AsyncWrite + Unpin), request: &Request) -> bool {
    matches!(tokio::time::timeout(WRITE, wire::write(to, request)).await, Ok(Ok(())))
}
