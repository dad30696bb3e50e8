//! Listens to what platforms tell by themselves: one stream for every identity whose platform opens one, for as long as a
//! process runs.
//!
//! ```text
//! journal: connections ─► a task per identity: open ─► frame ─► App::hear_told (journal) ─► answer to the platform
//!                                                └─ lost ─► a pause that grows, with chance in it ─► open
//! ```
//!
//! Nothing is held while waiting, no lease either: two processes may listen at once, what is heard twice is kept once. What is
//! told to people is what changed: a stream that stays away is told of once, however often it is tried.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::ports::{Hearing, PlatformError};
use adjourn_app::{App, AppError};
use adjourn_domain::event::Connection;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_domain::time::Time;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// How often new connections are looked for, in seconds.
const LOOK_S: u64 = 3;
/// Most streams of a process.
const MAX_STREAMS: usize = 1_000;
/// A stream without any frame counts as open after this many seconds: some refuse in the first frame.
const SETTLE_S: u64 = 2;
/// A stream that was open for so long, in seconds, is no longer one that fails.
const CALM_S: u64 = 60;
/// First and longest pause before another attempt, in milliseconds.
const PAUSE_MS: (u64, u64) = (1_000, 60_000);
/// Pause after a refusal that a person has to settle, in seconds; a renewed secret ends it.
const REFUSED_S: u64 = 300;
/// What a person has to settle.
const REFUSALS: [&str; 9] = [
    "connection.auth",
    "connection.expired",
    "connection.permission",
    "connection.tls",
    "connection.unknown",
    "connection.url",
    "config.missing",
    "key.destroyed",
    "platform.unknown",
];

/// What became of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It is open.
    Opened,
    /// The platform ended it; it is opened again.
    Ended,
    /// It broke, or could not be opened; it is tried again.
    Lost(AppError),
    /// It is refused; a person has to settle that. It is tried again now and then.
    Refused(AppError),
    /// The identity was told about the end of so many groups, and nobody knew that yet.
    Heard(usize),
}

/// Who is told what became of streams.
pub type TellFn = Arc<dyn Fn(&ConnectionId, &IdentityId, &News) + Send + Sync>;

/// How many streams there are, for whoever asks.
#[derive(Debug, Default)]
pub struct Streams {
    open: Mutex<BTreeMap<Key, bool>>,
    heard: AtomicU64,
}

type Key = (ConnectionId, IdentityId);

impl Streams {
    /// Streams that are open, and streams that should be.
    pub fn counts(&self) -> (usize, usize) {
        let all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = all.values().filter(|open| **open).count();
        (open, all.len() - open)
    }

    /// Events that were news.
    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    fn set(&self, key: &Key, open: Option<bool>) {
        let mut all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open {
            Some(open) => drop(all.insert(key.clone(), open)),
            None => drop(all.remove(key)),
        }
    }
}

/// Listens until `stopped`.
pub async fn listen(app: App, streams: Arc<Streams>, tell: TellFn, stopped: watch::Receiver<bool>) {
    let mut tasks = JoinSet::new();
    let mut known: BTreeMap<Key, (Connection, AbortHandle)> = BTreeMap::new();
    let mut stop = stopped.clone();
    while !*stop.borrow() {
        // A journal that can't be read now is read again; the worker beside us says why.
        if let Ok(org) = app.journal.org().await {
            let wanted = wanted(org.connections.values());
            known.retain(|key, (connection, task)| {
                let same = wanted.get(key).is_some_and(|now| *now == connection);
                if !same {
                    task.abort();
                    streams.set(key, None);
                }
                same
            });
            for (key, connection) in wanted {
                if known.len() < MAX_STREAMS && !known.contains_key(&key) {
                    let ear = Ear {
                        app: app.clone(),
                        key: key.clone(),
                        streams: streams.clone(),
                        tell: tell.clone(),
                        stopped: stopped.clone(),
                        told: None,
                        failed: 0,
                    };
                    known.insert(key, (connection.clone(), tasks.spawn(ear.run())));
                }
            }
        }
        while tasks.try_join_next().is_some() {}
        let nap = app.clock.sleep_until(app.clock.now().plus_secs(LOOK_S));
        tokio::select! {
            () = nap => {}
            // Whoever could stop us is gone.
            ended = stop.changed() => if ended.is_err() { break },
        }
    }
    // Each of them says goodbye, within the transport's patience.
    while tasks.join_next().await.is_some() {}
}

/// Every identity that could be told something. In a drill the platforms are in the process and need no stream.
fn wanted<'a>(connections: impl Iterator<Item = &'a Connection>) -> BTreeMap<Key, &'a Connection> {
    let real = connections.filter(|connection| !connection.drill);
    let each = real.flat_map(|connection| {
        let key = |identity: &IdentityId| (connection.id.clone(), identity.clone());
        connection.identities.iter().map(move |identity| (key(&identity.id), connection))
    });
    each.collect()
}

/// One identity that listens.
struct Ear {
    app: App,
    key: Key,
    streams: Arc<Streams>,
    tell: TellFn,
    stopped: watch::Receiver<bool>,
    /// Why it was away, as it was told.
    told: Option<&'static str>,
    /// Attempts in a row that came to nothing.
    failed: u32,
}

/// How a stream came to its end.
enum End {
    Stopped,
    ByPlatform,
    Failed(AppError),
}

impl Ear {
    async fn run(mut self) {
        loop {
            let end = match self.app.listen(&self.key.0, &self.key.1).await {
                Ok(hearing) => self.attend(hearing).await,
                // Its platform has none.
                Err(error) if error.code() == "capability.unsupported" => return,
                Err(error) => End::Failed(error),
            };
            self.streams.set(&self.key, Some(false));
            let pause_ms = match end {
                End::Stopped => return,
                End::ByPlatform => {
                    self.say(&News::Ended);
                    self.backoff()
                }
                End::Failed(error) => self.away(error),
            };
            let until = Time::from_millis(self.app.clock.now().as_millis().saturating_add_unsigned(pause_ms));
            let mut stopped = self.stopped.clone();
            tokio::select! {
                () = self.rest(until) => {}
                () = asked_to_stop(&mut stopped) => return,
            }
        }
    }

    /// Waits until then, or until the identity has other secrets.
    async fn rest(&self, until: Time) {
        let secrets = || self.app.journal.keys.secrets(self.key.0.as_str(), self.key.1.as_str()).ok();
        let had = secrets();
        while self.app.clock.now() < until && had == secrets() {
            let look = self.app.clock.now().plus_secs(LOOK_S);
            self.app.clock.sleep_until(look.min(until)).await;
        }
    }

    /// Hears what comes, until there is an end.
    async fn attend(&mut self, mut hearing: Box<dyn Hearing>) -> End {
        let since = self.app.clock.now();
        let mut open = false;
        loop {
            let app = self.app.clone();
            let came = tokio::select! {
                biased;
                () = asked_to_stop(&mut self.stopped) => {
                    hearing.close().await;
                    return End::Stopped;
                }
                came = hearing.next() => came,
                () = app.clock.sleep_until(since.plus_secs(SETTLE_S)), if !open => {
                    self.opened();
                    open = true;
                    continue;
                }
            };
            let heard = match came {
                Ok(Some(told)) => self.take(&mut *hearing, told).await,
                Ok(None) => return End::ByPlatform,
                Err(error) => Err(error.into()),
            };
            match heard {
                Err(error) => return End::Failed(error),
                Ok(news) => {
                    if !open {
                        self.opened();
                        open = true;
                    }
                    if self.app.clock.now() >= since.plus_secs(CALM_S) {
                        self.failed = 0;
                    }
                    if news > 0 {
                        self.streams.heard.fetch_add(news as u64, Ordering::Relaxed);
                        self.say(&News::Heard(news));
                    }
                }
            }
        }
    }

    /// Keeps what was told, and only then answers.
    async fn take(
        &self,
        hearing: &mut dyn Hearing,
        told: Vec<adjourn_domain::call::Heard>,
    ) -> Result<usize, AppError> {
        let news = self.app.hear_told(&self.key.0, &self.key.1, told).await?;
        hearing.kept().await.map_err(|error: PlatformError| AppError::from(error))?;
        Ok(news)
    }

    fn opened(&mut self) {
        self.told = None;
        self.streams.set(&self.key, Some(true));
        self.say(&News::Opened);
    }

    /// Tells why it is away, unless that was told, and gives the pause.
    fn away(&mut self, error: AppError) -> u64 {
        let code = error.code();
        let refused = REFUSALS.contains(&code);
        if self.told != Some(code) {
            self.told = Some(code);
            self.say(&if refused { News::Refused(error) } else { News::Lost(error) });
        }
        if refused { REFUSED_S * 1000 } else { self.backoff() }
    }

    /// A pause that doubles with every failure; half of it is chance, so that not everybody comes back at once.
    fn backoff(&mut self) -> u64 {
        let mut chance = [0; 4];
        self.app.journal.rng.fill(&mut chance);
        self.failed = self.failed.saturating_add(1);
        pause(self.failed - 1, u32::from_be_bytes(chance))
    }

    fn say(&self, news: &News) {
        (self.tell)(&self.key.0, &self.key.1, news);
    }
}

/// The pause in milliseconds after so many failures before.
fn pause(failed: u32, chance: u32) -> u64 {
    let (first, longest) = PAUSE_MS;
    let pause = first.saturating_mul(1 << failed.min(16)).min(longest);
    pause / 2 + u64::from(chance) % (pause / 2 + 1)
}

async fn asked_to_stop(stopped: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: that is a stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_half_of_each_is_chance() {
        for (failed, longest) in [(0, 1_000), (1, 2_000), (5, 32_000), (6, 60_000), (u32::MAX, 60_000)] {
            assert_eq!(pause(failed, 0), longest / 2, "{failed}");
            let most = (0..u32::try_from(longest).unwrap()).map(|chance| pause(failed, chance)).max();
            assert_eq!(most, Some(longest), "{failed}");
        }
    }
}
