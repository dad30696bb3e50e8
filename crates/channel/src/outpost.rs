//! The outpost: dials the centre, answers what is asked and obeys what is ordered, if it is signed, and signs what it says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adjourn_app::AppError;
use adjourn_app::ports::{Clock, Platforms, Points};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::ConnectionId;
use adjourn_domain::instruction::{Past, Refused, SKEW_S, Standing, check, check_question};
use adjourn_domain::reply::{self, Said};
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
use crate::keys::{InstructionKey, Succession, Trusted};
use crate::office::{REPLY_KEY, key_of, replace};
use crate::pins::Pins;
use crate::tls::{Papers, fault, hopeless, stream_fault};
use crate::wire::{self, Answer, Ask, Asked, Failure, Hello, Reply, Request, VERSION, Welcome};

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
    /// Signs its replies.
    key: InstructionKey,
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
            key: key_of(&read(REPLY_KEY)?, &dir.join(REPLY_KEY))?,
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
                Err(error) => tracing::warn!(code = error.code(), "the centre is away"),
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
        while let Some(request) = requests.recv().await {
            let Request::Ask(asked) = request else {
                let _ = reply.send(Reply::Pong).await;
                continue;
            };
            let Ok(seat) = room.clone().acquire_owned().await else { break };
            let (outpost, reply) = (self.clone(), reply.clone());
            tokio::spawn(async move {
                if let Some(answer) = outpost.answer(asked).await {
                    let _ = reply.send(Reply::Answer(answer)).await;
                }
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

    /// Answers, and signs the answer. `None` when no answer can be written, which is never.
    async fn answer(&self, asked: Asked) -> Option<Answer> {
        let envelope = STANDARD.decode(&asked.envelope).unwrap_or_default();
        let (nonce, found) = match self.work(&envelope, &asked).await {
            Ok((nonce, found)) => (nonce, found),
            // Nothing in an envelope that is refused is believed, its nonce neither.
            Err(failure) => (String::new(), Err(failure)),
        };
        let (code, body) = match &found {
            Ok(value) => (None, wire::text(value)),
            Err(failure) => (Some(failure.code.clone()), wire::text(failure)),
        };
        let body = body.ok()?;
        let said = Said {
            adjourn: reply::VERSION.to_owned(),
            by: self.name.clone(),
            envelope_sha256: Hash::of(&envelope),
            nonce,
            code,
            answer_sha256: Hash::of(body.as_bytes()),
            at: self.clock.now(),
        };
        let sealed = said.seal(&self.key.public().id(), |bytes| self.key.sign(bytes)).ok()?;
        Some(Answer { id: asked.id, envelope: STANDARD.encode(sealed), body })
    }

    /// Checks what came, and does it; the nonce with what was found. The outer failure is a refusal.
    async fn work(
        &self,
        envelope: &[u8],
        asked: &Asked,
    ) -> Result<(String, Result<Value, Failure>), Failure> {
        let ask: Ask = serde_json::from_str(&asked.body).map_err(|_| refused(Refused::Altered))?;
        // Whoever reads an effect back waits for the call that makes it.
        let _turn = match ask.call() {
            Some(call) => Some(self.turn(&call.key).await),
            None => None,
        };
        self.learn(&asked.successions).await?;
        let body = asked.body.as_bytes();
        let nonce = {
            let mut memory = self.memory.lock().await;
            let now = self.clock.now();
            let Memory { book, trusted, pins } = &mut *memory;
            let signed = |id: &str, bytes: &[u8], sig: &[u8]| trusted.signed(now, id, bytes, sig);
            let standing = Standing { name: &self.name, now, signed: &signed };
            if let Ask::Act { connection, call } = &ask {
                let past = Past {
                    last_fence: book.fence(),
                    seen: &|nonce| book.seen(nonce),
                    obeyed: &|under| book.obeyed(under),
                };
                let found = check(envelope, body, &standing, &past).map_err(refused)?;
                // The call that is made is the one that was signed.
                if found.op != call.op || found.under != call.authority {
                    return Err(refused(Refused::Altered));
                }
                // On the disk before anything is changed.
                pins.pin(connection)?;
                book.note(now, &found)?;
                found.nonce
            } else {
                check_question(envelope, body, &standing).map_err(refused)?.nonce
            }
        };
        Ok((nonce, self.known(ask).await))
    }

    /// Takes new keys of the centre that the ones in force name.
    async fn learn(&self, successions: &[Succession]) -> Result<(), AppError> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        for said in successions {
            if memory.trusted.learn(now, said) {
                replace(&self.dir.join("trusted.json"), &serde_json::to_vec(&memory.trusted)?)?;
            }
        }
        Ok(())
    }

    /// Does what was asked over a connection as it is known, and writes a new one down once its platform has answered.
    async fn known(&self, ask: Ask) -> Result<Value, Failure> {
        let connection = ask.connection().clone();
        let new = !self.memory.lock().await.pins.knows(&connection)?;
        let found = self.asked(ask).await?;
        if new {
            self.memory.lock().await.pins.pin(&connection)?;
        }
        Ok(found)
    }

    async fn asked(&self, ask: Ask) -> Result<Value, Failure> {
        let platforms = &self.platforms;
        match ask {
            Ask::Act { connection, call } => {
                self.points.hit(&format!("outpost.before.{}", call.op.slug()));
                let done = platforms.act(&connection, &call).await;
                self.points.hit(&format!("outpost.after.{}", call.op.slug()));
                json(done?)
            }
            Ask::Whoami { connection, identity } => json(platforms.whoami(&connection, &identity).await?),
            Ask::List { connection } => json(platforms.list(&connection).await?),
            Ask::Inspect { connection, group } => json(platforms.inspect(&connection, &group).await?),
            Ask::InspectUnseen { connection, snapshot } => {
                json(platforms.inspect_unseen(&connection, *snapshot).await?)
            }
            Ask::ReadBack { connection, call } => json(platforms.read_back(&connection, &call).await?),
            Ask::ExportPage { connection, group, cursor } => {
                json(platforms.export_page(&connection, &group, cursor.as_deref()).await?)
            }
            Ask::ExportBeyond { connection, group, cursor } => {
                json(platforms.export_beyond(&connection, &group, cursor.as_deref()).await?)
            }
            Ask::Recount { connection, group, cursor } => {
                json(platforms.recount(&connection, &group, cursor.as_deref()).await?)
            }
            Ask::Count { connection, group } => json(platforms.count(&connection, &group).await?),
            Ask::Gaps { connection, group } => json(platforms.gaps(&connection, &group).await?),
            Ask::Media { connection, group, id } => {
                json(STANDARD.encode(platforms.media(&connection, &group, &id).await?))
            }
            Ask::Probe { connection, group, known } => {
                json(platforms.probe(&connection, &group, known.as_ref()).await)
            }
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

fn refused(why: Refused) -> Failure {
    tracing::warn!(code = why.code(), "it was refused");
    Failure::refused(why)
}
