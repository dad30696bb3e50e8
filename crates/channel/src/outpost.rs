//! The outpost: dials the centre, answers what it asks, obeys what is signed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adjourn_app::AppError;
use adjourn_app::ports::{Clock, Platforms, Points};
use adjourn_domain::ids::ConnectionId;
use adjourn_domain::instruction::{Refused, SKEW_S, Standing, check};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, OwnedMutexGuard, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use crate::book::Book;
use crate::keys::{Succession, Trusted};
use crate::office::replace;
use crate::pins::Pins;
use crate::tls::{Papers, fault, hopeless, stream_fault};
use crate::wire::{self, Ask, Failure, Hello, Order, Reply, Request, VERSION, Welcome};

/// How long dialling with the first frames may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Without a word from the centre for this long, the outpost dials again.
const SILENCE: Duration = Duration::from_mins(1);
/// Pause before dialling again.
const PAUSE: Duration = Duration::from_millis(500);
/// Requests that are worked on at a time.
const CONCURRENCY: usize = 32;

/// An outpost.
pub struct Outpost {
    name: String,
    dir: PathBuf,
    platforms: Arc<dyn Platforms>,
    clock: Arc<dyn Clock>,
    points: Arc<dyn Points>,
    memory: Mutex<Memory>,
    /// Calls by their key. Whoever reads an effect back waits for the call that makes it: a call that outlives its
    /// connection must not be taken for one that came to nothing.
    calls: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
}

/// What an outpost knows of the centre.
struct Memory {
    book: Book,
    trusted: Trusted,
    pins: Pins,
}

impl Outpost {
    /// Opens the identity that `channel add` wrote.
    ///
    /// # Errors
    /// `channel.papers`, `outpost.book`, `io`.
    pub fn open(
        dir: &Path,
        platforms: Arc<dyn Platforms>,
        clock: Arc<dyn Clock>,
        points: Arc<dyn Points>,
    ) -> Result<Self, AppError> {
        let read = |name: &str| {
            let path = dir.join(name);
            fs::read_to_string(&path).map_err(|error| {
                AppError::new("channel.papers").with("path", path.display()).with("says", error)
            })
        };
        let trusted = serde_json::from_str(&read("trusted.json")?).map_err(|error| {
            let path = dir.join("trusted.json");
            AppError::new("channel.papers").with("path", path.display()).with("says", error)
        })?;
        let pins = Pins::open(&dir.join("connections.json"))?;
        let memory = Memory { book: Book::open(&dir.join("book"))?, trusted, pins };
        Ok(Self {
            name: read("name")?.trim().to_owned(),
            dir: dir.to_owned(),
            platforms,
            clock,
            points,
            memory: Mutex::new(memory),
            calls: Mutex::default(),
        })
    }

    /// Forgets how a connection was, so that a changed one is believed once; whether it was known.
    ///
    /// # Errors
    /// `io`.
    pub async fn forget(&self, connection: &ConnectionId) -> Result<bool, AppError> {
        self.memory.lock().await.pins.forget(connection)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Dials the centre at `host:port` and works for it; dials again when the connection is lost.
    ///
    /// # Errors
    /// What dialling again does not mend: certificates, names, clocks, being cut off.
    #[expect(
        clippy::disallowed_methods,
        reason = "the network is waited for, whatever the product's clock says"
    )]
    pub async fn run(self: &Arc<Self>, address: &str, told: impl Fn()) -> Result<(), AppError> {
        loop {
            match self.session(address, &told).await {
                Err(error) if hopeless(&error) => return Err(error),
                Err(error) => tracing::warn!(code = error.code(), "the centre is away: {error}"),
                Ok(()) => tracing::warn!("the centre hung up"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn session(self: &Arc<Self>, address: &str, told: &impl Fn()) -> Result<(), AppError> {
        let late = |_| AppError::new("channel.lost").with("peer", address).with("says", "timeout");
        let dialled = tokio::time::timeout(HANDSHAKE, self.dial(address)).await.map_err(late)?;
        let (mut from, mut to) = tokio::io::split(dialled?);
        told();
        let (reply, mut replies) = mpsc::channel::<Reply>(CONCURRENCY);
        let (request, mut requests) = mpsc::channel::<Request>(CONCURRENCY);
        let mut io = JoinSet::new();
        let peer = address.to_owned();
        io.spawn(async move {
            loop {
                match tokio::time::timeout(SILENCE, wire::read(&mut from, wire::MAX_FRAME)).await {
                    Ok(Ok(next)) => {
                        if request.send(next).await.is_err() {
                            return Ok(());
                        }
                    }
                    Ok(Err(error)) => return Err(stream_fault(&error, &peer)),
                    Err(_) => return Ok(()),
                }
            }
        });
        io.spawn(async move {
            while let Some(next) = replies.recv().await {
                if wire::write(&mut to, &next).await.is_err() {
                    break;
                }
            }
            Ok(())
        });
        let room = Arc::new(Semaphore::new(CONCURRENCY));
        // What was begun is finished, whatever becomes of the connection: a change is not torn in the middle.
        while let Some(Request { id, ask }) = requests.recv().await {
            let Ok(seat) = room.clone().acquire_owned().await else { break };
            let (outpost, reply) = (self.clone(), reply.clone());
            tokio::spawn(async move {
                let answer = outpost.answer(ask).await;
                let _ = reply.send(Reply { id, answer }).await;
                drop(seat);
            });
        }
        match io.join_next().await {
            Some(Ok(ended)) => ended,
            _ => Ok(()),
        }
    }

    async fn dial(&self, address: &str) -> Result<tokio_rustls::client::TlsStream<TcpStream>, AppError> {
        let papers = |name: &str| self.dir.join(name);
        let config =
            Papers::read(&papers("ca.pem"), &papers("outpost.pem"), &papers("outpost.key.pem"))?.client()?;
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host).trim_matches(['[', ']']);
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| AppError::new("channel.name").with("name", host).with("says", error))?;
        let lost = |error: &std::io::Error| stream_fault(error, address);
        let stream = TcpStream::connect(address).await.map_err(|error| lost(&error))?;
        let _ = stream.set_nodelay(true);
        let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        let mut stream = connected.map_err(|error| lost(&error))?;
        let hello = Hello { adjourn: VERSION.to_owned(), name: self.name.clone(), now: self.clock.now() };
        let wrote = wire::write(&mut stream, &hello).await;
        // In TLS 1.3 the other side's refusal arrives with the first bytes that are read.
        let welcome: Welcome = match wire::read(&mut stream, wire::MAX_HELLO).await {
            Ok(welcome) => welcome,
            Err(error) => {
                return Err(wrote.err().map_or_else(
                    || lost(&error),
                    |first| match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                        Some(inner) => fault(inner, address),
                        None => lost(&first),
                    },
                ));
            }
        };
        let here = self.clock.now();
        let clocks = format!("here it is {here}, at the centre {}", welcome.now);
        if let Some(code) = welcome.refused {
            let code = CODES.iter().copied().find(|known| *known == code).unwrap_or("channel.refused");
            return Err(AppError::new(code)
                .with("peer", address)
                .with("outpost", &self.name)
                .with("says", clocks));
        }
        if here.secs_since(welcome.now).max(welcome.now.secs_since(here)) > SKEW_S {
            return Err(AppError::new("channel.clock_skewed").with("peer", address).with("says", clocks));
        }
        Ok(stream)
    }

    async fn answer(&self, ask: Ask) -> Result<Value, Failure> {
        let new = match ask.connection() {
            Some(connection) if !self.memory.lock().await.pins.knows(connection)? => Some(connection.clone()),
            _ => None,
        };
        let answer = self.asked(ask).await?;
        if let Some(connection) = new {
            self.memory.lock().await.pins.pin(&connection)?;
        }
        Ok(answer)
    }

    async fn asked(&self, ask: Ask) -> Result<Value, Failure> {
        let platforms = &self.platforms;
        match ask {
            Ask::Ping => Ok(Value::Null),
            Ask::Whoami { connection, identity } => json(platforms.whoami(&connection, &identity).await?),
            Ask::List { connection } => json(platforms.list(&connection).await?),
            Ask::Inspect { connection, group } => json(platforms.inspect(&connection, &group).await?),
            Ask::InspectUnseen { connection, snapshot } => {
                json(platforms.inspect_unseen(&connection, *snapshot).await?)
            }
            Ask::ReadBack { connection, call } => {
                let _turn = self.turn(&call.key).await;
                json(platforms.read_back(&connection, &call).await?)
            }
            Ask::ExportPage { connection, group, cursor } => {
                json(platforms.export_page(&connection, &group, cursor.as_deref()).await?)
            }
            Ask::Count { connection, group } => json(platforms.count(&connection, &group).await?),
            Ask::Gaps { connection, group } => json(platforms.gaps(&connection, &group).await?),
            Ask::Media { connection, group, id } => {
                json(STANDARD.encode(platforms.media(&connection, &group, &id).await?))
            }
            Ask::Probe { connection, group, known } => {
                json(platforms.probe(&connection, &group, known.as_ref()).await)
            }
            Ask::Act { envelope, body, successions } => self.obey(&envelope, &body, &successions).await,
        }
    }

    /// Waits until nobody else is at the calls of this key.
    async fn turn(&self, key: &str) -> OwnedMutexGuard<()> {
        let one = {
            let mut calls = self.calls.lock().await;
            calls.retain(|_, one| Arc::strong_count(one) > 1);
            calls.entry(key.to_owned()).or_default().clone()
        };
        one.lock_owned().await
    }

    /// Obeys an instruction, if nothing is against it. It is on the disk before anything is changed.
    async fn obey(&self, envelope: &str, body: &str, successions: &[Succession]) -> Result<Value, Failure> {
        let altered = || Failure::refused(Refused::Altered);
        let (Ok(envelope), Ok(body)) = (STANDARD.decode(envelope), STANDARD.decode(body)) else {
            return Err(altered());
        };
        let order: Order = serde_json::from_slice(&body).map_err(|_| altered())?;
        let _turn = self.turn(&order.call.key).await;
        {
            let mut memory = self.memory.lock().await;
            let now = self.clock.now();
            for said in successions {
                if memory.trusted.learn(now, said) {
                    let bytes = serde_json::to_vec(&memory.trusted).map_err(AppError::from)?;
                    replace(&self.dir.join("trusted.json"), &bytes)?;
                }
            }
            let Memory { book, trusted, pins } = &mut *memory;
            let standing = Standing {
                name: &self.name,
                now,
                last_fence: book.fence(),
                seen: &|nonce| book.seen(nonce),
                signed: &|id, bytes, sig| trusted.signed(now, id, bytes, sig),
            };
            let found = check(&envelope, &body, &standing).map_err(|why| {
                tracing::warn!(code = why.code(), "an instruction was refused: {why}");
                Failure::refused(why)
            })?;
            // The call that is made is the one that was signed.
            if found.op != order.call.op || found.under != order.call.authority {
                return Err(altered());
            }
            pins.pin(&order.connection)?;
            book.note(now, &found)?;
        }
        self.points.hit(&format!("outpost.before.{}", order.call.op.slug()));
        let done = self.platforms.act(&order.connection, &order.call).await;
        self.points.hit(&format!("outpost.after.{}", order.call.op.slug()));
        json(done?)
    }
}

/// Codes that a centre may send an outpost away with.
const CODES: &[&str] = &[
    "channel.version",
    "outpost.unknown",
    "channel.certificate_revoked",
    "channel.other_name",
    "channel.clock_skewed",
];

fn json(value: impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| AppError::from(error).into())
}
