//! The way around a page that the homeserver fails to give.
//!
//! What can be had is read in smaller pieces, down to one event. Behind the event that can't be had, a later one is found by its time
//! (`timestamp_to_event`, Matrix 1.6), and from there the history is read in the other direction until the same event is met from its other side.
//! What lies between the two sides is the gap; its bounds are the neighbours that could be read. Nothing else is left out.
//!
//! A server that fails at everything is down: that is an error, never a gap.

use std::collections::VecDeque;

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::event::Mark;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use serde_json::Value;

use super::super::errors::{self, Asks};
use super::super::wire::events::{Found, Surroundings};
use super::super::wire::requests;
use super::history::{History, Place, failed, id_of, sent_at};

/// Events in a piece of a page.
const PIECE: u32 = 16;
/// Pieces of one size, at most: together as much as a page.
const PIECES: usize = 16;
/// How often a readable event is looked for later: a millisecond after the try before at first, and four times as long each time, up to years.
const STEPS: u32 = 19;
/// Into how many parts the time of a gap is cut when something readable is looked for in it.
const LOOKS: i64 = 8;
/// Pieces that are read back from there, at most.
const MOST_BACK: usize = 5_000;
/// Of these, how many are kept; what lies behind them is read with the next page.
const KEPT: usize = 32;
/// No event has a time from here on: 2100-01-01T00:00:00Z, in milliseconds since 1970.
const FAR: i64 = 4_102_444_800_000;

/// What can be had from a place on.
pub(super) struct Around {
    /// Events in the direction of reading.
    pub(super) events: Vec<Value>,
    /// Where to go on.
    pub(super) next: Option<Place>,
    /// What can't be had.
    pub(super) gap: Option<Gap>,
}

/// Events that can't be had: at least one.
pub(super) struct Gap {
    /// The last event before, in the direction of reading; none at the beginning.
    pub(super) after: Option<Mark>,
    /// The first event behind; none at the end.
    pub(super) before: Option<Mark>,
    /// The server's own code, or what is wrong with its answer.
    pub(super) says: String,
}

/// What was read in front of the event that can't be had.
struct Near {
    events: Vec<Value>,
    token: Option<String>,
    /// Why it goes no further; none when it does.
    stopped: Option<ConnectorError>,
}

/// What was read behind it.
struct Behind {
    events: Vec<Value>,
    token: Option<String>,
    /// Why the two sides don't meet; none when they do.
    stopped: Option<ConnectorError>,
}

/// Pieces that were read against the direction, each with the token behind it.
type Pieces = VecDeque<(Vec<Value>, Option<String>)>;

/// What is at a time.
enum Probe {
    /// A readable event, and when it was sent.
    Landed(Behind, i64),
    /// Nothing that the server finds an event at.
    Dark(ConnectorError),
    /// An event of this time that can't be used.
    Unreadable(i64),
    /// No event is later.
    Nothing,
    /// The server can't find events by time.
    Unsupported,
}

impl History<'_> {
    /// What can be had from a place on; `None` where the server can't find events by time.
    pub(super) async fn around(
        &self,
        forward: bool,
        from: Option<&Place>,
    ) -> Result<Option<Around>, ConnectorError> {
        let near = self.near(forward, from).await?;
        let known = near.events.last().and_then(id_of).map(str::to_owned);
        let last = known.or_else(|| from?.last.clone());
        let floor = from.and_then(|from| from.floor);
        let place = |token: Option<String>, last: Option<String>, floor| {
            Some(Place { admin: self.admin, token: token?, last, floor })
        };
        let Some(error) = near.stopped else {
            let next = place(near.token, last, floor);
            return Ok(Some(Around { events: near.events, next, gap: None }));
        };
        if !self.answers().await {
            return Err(error);
        }
        let after = self.mark(near.events.last(), last.as_deref()).await?;
        let Some((behind, floor)) = self.behind(forward, after.as_ref(), floor, error).await? else {
            return Ok(None);
        };
        let gap = behind.stopped.map(|error| {
            let before = behind.events.first().and_then(mark);
            let says = if error.upstream.is_empty() { error.says } else { error.upstream };
            Gap { after, before, says }
        });
        let mut events = near.events;
        events.extend(behind.events);
        let last = events.last().and_then(id_of).map(str::to_owned).or(last);
        let next = place(behind.token, last, floor);
        Ok(Some(Around { events, next, gap }))
    }

    /// Reads on in small pieces until a single event can't be had.
    async fn near(&self, forward: bool, from: Option<&Place>) -> Result<Near, ConnectorError> {
        let mut near = Near { events: Vec::new(), token: from.map(|from| from.token.clone()), stopped: None };
        for limit in [PIECE, 1] {
            near.stopped = None;
            for _ in 0..PIECES {
                let page = match self.read(forward, limit, near.token.as_deref()).await {
                    Err(error) if failed(&error) => {
                        near.stopped = Some(error);
                        break;
                    }
                    other => other?,
                };
                near.events.extend(page.chunk);
                near.token = page.end;
                if near.token.is_none() {
                    let before = from.and_then(|from| from.last.as_deref());
                    self.ends_with(forward, near.events.last().and_then(id_of).or(before)).await?;
                    return Ok(near);
                }
            }
            if near.stopped.is_none() {
                break;
            }
        }
        Ok(near)
    }

    /// Reads what is behind the event that can't be had, and how far by time that was found. `after` is the last event in front of it.
    async fn behind(
        &self,
        forward: bool,
        after: Option<&Mark>,
        floor: Option<i64>,
        error: ConnectorError,
    ) -> Result<Option<(Behind, Option<i64>)>, ConnectorError> {
        let mut at = match after {
            Some(mark) => mark.at.as_millis(),
            None => self.outermost(forward).await?,
        };
        if let Some(floor) = floor {
            at = if forward { at.max(floor) } else { at.min(floor) };
        }
        let (from, last) = (at, after.map(|mark| mark.id.as_str()));
        let mut why = error;
        for step in (0..STEPS).map(|power| 1_i64 << (2 * power)) {
            at = at.saturating_add(if forward { step } else { -step }).max(0);
            match self.probe(forward, at, last).await? {
                Probe::Landed(behind, time) => {
                    let closer = self.closer(forward, from, last, &behind).await?;
                    let (behind, time) = closer.unwrap_or((behind, time));
                    return Ok(Some((behind, Some(time))));
                }
                Probe::Dark(error) => why = error,
                Probe::Unreadable(time) => at = time,
                // Nothing is later by its time: it is read from the other end.
                Probe::Nothing => {
                    let behind = self.back(forward, None, last).await?;
                    return match behind {
                        Some(behind) => Ok(Some((behind, floor))),
                        None => Err(why),
                    };
                }
                Probe::Unsupported => return Ok(None),
            }
        }
        Err(why)
    }

    /// When the outermost event was sent, which itself can't be had: halved down to a millisecond.
    async fn outermost(&self, forward: bool) -> Result<i64, ConnectorError> {
        let (mut outside, mut inside) = if forward { (0, FAR) } else { (FAR, 0) };
        while outside.abs_diff(inside) > 1 {
            let middle = outside.midpoint(inside);
            let asked = requests::timestamp_to_event(self.admin, self.room, !forward, middle);
            match self.api.read::<Found>(&asked).await {
                Err(error) if error.kind == Kind::NotFound => outside = middle,
                Err(error) if failed(&error) => inside = middle,
                Err(error) if error.kind == Kind::Unsupported => break,
                Err(error) => return Err(error),
                Ok(_) => inside = middle,
            }
        }
        Ok(inside)
    }

    /// Looks between the bounds of a gap for what can be read between two events that can't.
    async fn closer(
        &self,
        forward: bool,
        from: i64,
        last: Option<&str>,
        behind: &Behind,
    ) -> Result<Option<(Behind, i64)>, ConnectorError> {
        let Some(edge) = behind.events.first().and_then(sent_at).filter(|_| behind.stopped.is_some()) else {
            return Ok(None);
        };
        let known = behind.events.first().and_then(id_of);
        let width = edge.saturating_sub(from) / LOOKS;
        for look in (1..LOOKS).filter(|_| width != 0) {
            let at = from.saturating_add(width * look);
            if let Probe::Landed(closer, time) = self.probe(forward, at, last).await?
                && closer.events.first().and_then(id_of) != known
                && (time < edge) == forward
            {
                return Ok(Some((closer, time)));
            }
        }
        Ok(None)
    }

    /// Looks for a readable event at a time or behind it.
    async fn probe(&self, forward: bool, at: i64, last: Option<&str>) -> Result<Probe, ConnectorError> {
        let asked = requests::timestamp_to_event(self.admin, self.room, forward, at);
        let found: Found = match self.api.read(&asked).await {
            Ok(found) => found,
            Err(error) if failed(&error) => return Ok(Probe::Dark(error)),
            Err(error) if error.kind == Kind::NotFound => return Ok(Probe::Nothing),
            Err(error) if error.kind == Kind::Unsupported => return Ok(Probe::Unsupported),
            Err(error) => return Err(error),
        };
        let unreadable = Ok(Probe::Unreadable(found.origin_server_ts));
        match self.api.read(&requests::context(self.admin, self.room, &found.event_id)).await {
            Ok(there) => match self.back(forward, Some(there), last).await? {
                Some(behind) => Ok(Probe::Landed(behind, found.origin_server_ts)),
                None => unreadable,
            },
            Err(error) if failed(&error) => unreadable,
            Err(error) if matches!(error.kind, Kind::Permission | Kind::NotFound) => unreadable,
            Err(error) => Err(error),
        }
    }

    /// Reads against the direction, from an event (from the history's other end if `None`) until the event `last` is met or something that can't be
    /// had. `None` when neither comes: the event is on the wrong side, because clocks differ.
    async fn back(
        &self,
        forward: bool,
        there: Option<Surroundings>,
        last: Option<&str>,
    ) -> Result<Option<Behind>, ConnectorError> {
        let mut token = None;
        let mut pieces = Pieces::new();
        if let Some(Surroundings { event, start, end }) = there {
            let (front, behind) = if forward { (start, end) } else { (end, start) };
            token = Some(front);
            pieces.push_back((vec![event], Some(behind)));
        }
        let mut limit = PIECE;
        for _ in 0..MOST_BACK {
            let page = match self.read(!forward, limit, token.as_deref()).await {
                Err(error) if failed(&error) && limit > 1 => {
                    limit = 1;
                    continue;
                }
                Err(error) if failed(&error) => return Ok(Some(whole(pieces, Some(error)))),
                other => other?,
            };
            let mut chunk = page.chunk;
            let met = chunk.iter().position(|event| id_of(event) == last && last.is_some());
            let at_end = chunk.is_empty() || page.end.is_none();
            chunk.truncate(met.unwrap_or(chunk.len()));
            pieces.push_back((chunk, token));
            if met.is_some() {
                return Ok(Some(whole(pieces, None)));
            }
            if at_end && last.is_none() {
                return self.begins_with(forward, pieces).await;
            }
            if at_end {
                return Ok(None);
            }
            if pieces.len() > KEPT {
                pieces.pop_front();
            }
            token = page.end;
        }
        Err(errors::protocol("a page that fails is too far from the next one", Asks::Read))
    }

    /// Pieces that were read back to where the history seems to begin. It begins there when it says so from that side; else there is a gap.
    async fn begins_with(&self, forward: bool, pieces: Pieces) -> Result<Option<Behind>, ConnectorError> {
        let behind = whole(pieces, None);
        let Some(first) = behind.events.first().and_then(id_of) else { return Ok(None) };
        let page = self.read(forward, 1, None).await;
        let begins = page.is_ok_and(|page| page.chunk.first().and_then(id_of) == Some(first));
        let stopped =
            (!begins).then(|| errors::protocol("the history does not begin where it ends", Asks::Read));
        Ok(Some(Behind { stopped, ..behind }))
    }

    /// The mark of the last event that was read: of the event, or by its id.
    async fn mark(&self, event: Option<&Value>, id: Option<&str>) -> Result<Option<Mark>, ConnectorError> {
        if event.is_some() {
            return Ok(event.and_then(mark));
        }
        let Some(id) = id else { return Ok(None) };
        let told: Value = if self.admin {
            self.api.read(&requests::fetch_event(id)).await?
        } else {
            self.api.read(&requests::event(self.room, id)).await?
        };
        Ok(mark(told.get("event").unwrap_or(&told)))
    }
}

/// Pieces that were read against the direction, in the direction.
fn whole(pieces: Pieces, stopped: Option<ConnectorError>) -> Behind {
    let token = pieces.front().and_then(|(_, token)| token.clone());
    let events = pieces.into_iter().rev().flat_map(|(events, _)| events.into_iter().rev()).collect();
    Behind { events, token, stopped }
}

fn mark(event: &Value) -> Option<Mark> {
    Some(Mark { id: NativeId::from(id_of(event)?), at: Time::from_millis(sent_at(event)?) })
}
