//! One instruction or question to an outpost: sealed, sent, and its reply believed or not. What an outpost refuses, and a reply
//! that is not believed, go into the journal; so does what it says about a group's end.

use adjourn_app::AppError;
use adjourn_app::ports::{Call, PlatformError};
use adjourn_domain::call::ReadBack;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_domain::event::Connection;
use adjourn_domain::ids::GroupId;
use adjourn_domain::instruction::{Authority, Instruction, Question};
use adjourn_domain::reply::{self, Awaited, Doubt, OutpostSaid, Said};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::centre::Centre;
use crate::keys::{PublicKey, Succession};
use crate::wire::{self, Answer, Ask, Failure};

/// How long an instruction or a question is valid, in seconds.
const VALID_S: u64 = 120;
/// Pause after a reply that was not believed, in seconds.
const DOUBT_PAUSE_S: u64 = 60;

/// An instruction or a question that is ready to be sent.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The signed envelope.
    pub envelope: Vec<u8>,
    /// What the envelope has the hash of, as JSON.
    pub body: String,
    /// The nonce in the envelope.
    pub nonce: String,
    pub(crate) successions: Vec<Succession>,
    topic: Topic,
}

/// What the journal says of it.
#[derive(Debug, Clone)]
struct Topic {
    about: &'static str,
    under: Option<Authority>,
    /// The group on whose stream the reply is kept.
    group: Option<GroupId>,
}

impl Centre {
    /// An instruction to make a call. Sealing sends nothing.
    ///
    /// # Errors
    /// `channel.missing`, `channel.papers`, `io`.
    pub fn instruction(&self, via: &str, connection: &Connection, call: &Call) -> Result<Sealed, AppError> {
        self.sealed(via, &Ask::Act { connection: connection.clone(), call: Box::new(call.clone()) })
    }

    fn sealed(&self, via: &str, ask: &Ask) -> Result<Sealed, AppError> {
        let key = self.office().signing()?;
        let body = wire::text(ask)?;
        let mut random = [0; 16];
        self.rng().fill(&mut random);
        let (now, id) = (self.clock().now(), key.public().id());
        let sign = |bytes: &[u8]| key.sign(bytes);
        let (envelope, nonce) = if let Ask::Act { call, .. } = ask {
            let made = Instruction::new(
                via,
                call.authority.clone(),
                call.op,
                body.as_bytes(),
                now,
                VALID_S,
                &random,
            );
            (made.seal(&id, sign)?, made.nonce)
        } else {
            let made = Question::new(via, body.as_bytes(), now, VALID_S, &random);
            (made.seal(&id, sign)?, made.nonce)
        };
        let successions = self.office().successions()?;
        Ok(Sealed { envelope, body, nonce, successions, topic: self.topic(ask)? })
    }

    fn topic(&self, ask: &Ask) -> Result<Topic, AppError> {
        let under = ask.call().map(|call| call.authority.clone());
        let of_call = under.as_ref().map(|under| under.group.clone());
        let (about, group) = match ask {
            Ask::Act { .. } => ("act", of_call),
            Ask::ReadBack { .. } => ("read_back", of_call),
            Ask::Probe { connection, group, .. } => {
                ("probe", Some(self.journal().keys.group_id(connection.id.as_str(), group)?))
            }
            _ => ("read", None),
        };
        Ok(Topic { about, under, group })
    }

    /// Asks an outpost, and believes the reply or not.
    pub(crate) async fn put(&self, via: &str, ask: &Ask) -> Result<Value, PlatformError> {
        self.deliver(via, &self.sealed(via, ask).map_err(|error| coded(&error, Effect::NotApplied))?).await
    }

    /// Gives an outpost what was sealed, as it is.
    ///
    /// # Errors
    /// What the outpost says; `outpost.away`, `outpost.revoked`, `outpost.lost`; `reply.…` when its reply is not believed:
    /// then nobody knows what became of it.
    pub async fn deliver(&self, via: &str, what: &Sealed) -> Result<Value, PlatformError> {
        let (answer, key) = self.ask(via, what).await?;
        let sent = Hash::of(&what.envelope);
        let reply = STANDARD.decode(&answer.envelope);
        let found = match &reply {
            Ok(reply) => believed(via, what, sent, reply, &answer, &key),
            Err(_) => Err(Doubt::Altered),
        };
        let (at, journal, topic) = (self.clock().now(), self.journal(), &what.topic);
        let (said, found) = match found {
            Ok(found) => found,
            Err(doubt) => {
                tracing::warn!(code = doubt.code(), "a reply of the outpost {via} is not believed");
                let told = journal.reply_refused(at, via, doubt, topic.under.as_ref(), sent).await;
                told.map_err(|error| unknown(&error))?;
                return Err(PlatformError {
                    code: doubt.code(),
                    effect: Effect::Unknown,
                    retry_s: Some(DOUBT_PAUSE_S),
                    passing: false,
                    says: via.to_owned(),
                });
            }
        };
        if let Err(Failure { refused: Some(why), .. }) = &found {
            let told = journal.instruction_refused(at, via, **why, topic.under.as_ref(), sent).await;
            told.map_err(|error| unknown(&error))?;
        }
        if let Some(group) = topic.group.as_ref().filter(|_| worth_keeping(topic, &found)) {
            let kept = OutpostSaid {
                outpost: said.by,
                about: topic.about.to_owned(),
                under: topic.under.clone(),
                code: said.code,
                key: key.to_hex(),
                reply: String::from_utf8(reply.unwrap_or_default()).unwrap_or_default(),
            };
            journal.outpost_said(at, group, kept).await.map_err(|error| unknown(&error))?;
        }
        found.map_err(Failure::into_port)
    }
}

type Found = Result<Value, Failure>;

/// What an outpost said with what it found, if the reply is to this envelope, by this outpost, and whole.
fn believed(
    via: &str,
    what: &Sealed,
    sent: Hash,
    reply: &[u8],
    answer: &Answer,
    key: &PublicKey,
) -> Result<(Said, Found), Doubt> {
    let awaited = Awaited { from: via, envelope_sha256: sent, nonce: &what.nonce };
    let signed = |id: &str, bytes: &[u8], sig: &[u8]| key.signed(id, bytes, sig);
    let body = answer.body.as_bytes();
    let said = reply::check(reply, body, &awaited, &signed)?;
    let found = match &said.code {
        None => Ok(serde_json::from_slice(body).map_err(|_| Doubt::Altered)?),
        Some(code) => {
            let failure: Failure = serde_json::from_slice(body).map_err(|_| Doubt::Altered)?;
            if failure.code != *code {
                return Err(Doubt::Altered);
            }
            Err(failure)
        }
    };
    Ok((said, found))
}

/// A look that has found nothing yet is repeated; only the last one decides something.
fn worth_keeping(topic: &Topic, found: &Found) -> bool {
    match found {
        Ok(value) if topic.about == "read_back" => serde_json::from_value::<ReadBack>(value.clone())
            .is_ok_and(|found| found.effect != Effect::Unknown),
        Err(_) => topic.about == "act",
        Ok(_) => true,
    }
}

fn unknown(error: &AppError) -> PlatformError {
    coded(error, Effect::Unknown)
}

fn coded(error: &AppError, effect: Effect) -> PlatformError {
    PlatformError { code: error.code(), effect, retry_s: None, passing: false, says: error.to_string() }
}
