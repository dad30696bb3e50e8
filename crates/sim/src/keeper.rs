//! A simulated keeper of evidence: the other end of the Adjourn deposit protocol (docs/reference/deposit.md), in memory.
//!
//! It calls itself simulated in its name and in every receipt. It is strict, keeps a digest once however often it comes, and
//! numbers what it keeps. How it goes wrong is its [`Manner`]; what goes wrong on the way is a fault plan's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_connector_kit::simulator::{Input, Output, Simulator, Unexpected};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::capability::Op;
use adjourn_domain::deposit::{
    DepositReceipt, DepositRequest, KEEPER_FORM, Keeper, RECEIPT_FORM, REQUEST_FORM, is_name,
};
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_evidence::deposit::{KeeperKey, sign};
use http::{Method, StatusCode};
use serde_json::json;

/// What it calls itself.
pub const ISSUER: &str = "SIMULATED keeper of evidence";
/// Most digests that it keeps.
const MAX_KEPT: usize = 100_000;

/// How a simulated keeper behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As the protocol says.
    #[default]
    Honest,
    /// It takes nothing.
    Refuses,
    /// It signs another digest than the one that it got.
    Lies,
    /// It does not know what it has given receipts for.
    Forgets,
}

impl Manner {
    /// Every manner with the word for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("honest", Self::Honest),
        ("refuses", Self::Refuses),
        ("lies", Self::Lies),
        ("forgets", Self::Forgets),
    ];
}

/// The keeper.
pub struct SimKeeper {
    seed: [u8; 32],
    manner: Arc<Mutex<Manner>>,
    /// By digest, in the order in which they came.
    kept: BTreeMap<Hash, DepositReceipt>,
    unexpected: Unexpected,
}

impl SimKeeper {
    /// A keeper with the signing key of this seed. Whoever has `manner` may change it later.
    pub fn new(seed: [u8; 32], manner: Arc<Mutex<Manner>>) -> Self {
        Self { seed, manner, kept: BTreeMap::new(), unexpected: Unexpected::default() }
    }

    /// Its public key.
    pub fn key(&self) -> KeeperKey {
        KeeperKey::from_seed(&self.seed)
    }

    fn answer(&mut self, at: Time, request: &Request) -> Reply {
        let manner = *self.manner.lock().unwrap_or_else(PoisonError::into_inner);
        let path: Vec<&str> = request.uri().path().split('/').filter(|part| !part.is_empty()).collect();
        match (request.method(), path.as_slice()) {
            (&Method::GET, [.., "keeper"]) => reply(
                StatusCode::OK,
                &Keeper {
                    adjourn: KEEPER_FORM.to_owned(),
                    issuer: ISSUER.to_owned(),
                    key: self.key().to_base64(),
                    simulated: true,
                },
            ),
            (&Method::PUT, [.., "deposits", digest]) => self.put(at, manner, digest, request.body()),
            (&Method::GET, [.., "receipts", number]) => {
                match self.kept.values().find(|one| one.number == *number) {
                    Some(receipt) if manner != Manner::Forgets => {
                        self.signed(StatusCode::OK, receipt, manner)
                    }
                    _ => error(StatusCode::NOT_FOUND, "no such number"),
                }
            }
            _ => self.refuse(request, "no_endpoint"),
        }
    }

    fn put(&mut self, at: Time, manner: Manner, digest: &str, body: &[u8]) -> Reply {
        let wish = serde_json::from_slice::<DepositRequest>(body).ok().filter(|wish| {
            wish.adjourn == REQUEST_FORM && wish.digest.to_hex() == digest && is_name(&wish.name)
        });
        let Some(wish) = wish else {
            self.unexpected.note(format!("PUT /deposits/{digest}: bad_request"));
            return error(StatusCode::BAD_REQUEST, "the body is no deposit of this digest");
        };
        if manner == Manner::Refuses {
            return error(StatusCode::FORBIDDEN, "nothing is taken");
        }
        if let Some(receipt) = self.kept.get(&wish.digest) {
            return self.signed(StatusCode::OK, receipt, manner);
        }
        if self.kept.len() >= MAX_KEPT {
            return error(StatusCode::INSUFFICIENT_STORAGE, "the simulated keeper is full");
        }
        let receipt = DepositReceipt {
            adjourn: RECEIPT_FORM.to_owned(),
            at,
            digest: wish.digest,
            issuer: ISSUER.to_owned(),
            name: wish.name,
            number: format!("SIM-{:06}", self.kept.len() + 1),
            simulated: true,
        };
        self.kept.insert(wish.digest, receipt.clone());
        self.signed(StatusCode::CREATED, &receipt, manner)
    }

    fn signed(&self, status: StatusCode, receipt: &DepositReceipt, manner: Manner) -> Reply {
        let mut said = receipt.clone();
        if manner == Manner::Lies {
            said.digest = Hash::of(&said.digest.0);
        }
        match sign(&said, &self.seed) {
            Ok(bytes) => with(status, bytes),
            Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "no canonical form"),
        }
    }

    fn refuse(&mut self, request: &Request, why: &str) -> Reply {
        self.unexpected.note(format!("{} {}: {why}", request.method(), request.uri().path()));
        error(StatusCode::NOT_FOUND, why)
    }
}

impl Simulator for SimKeeper {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        match input {
            Input::Request { exchange, request } => {
                vec![Output::Reply { exchange, reply: self.answer(at, &request) }]
            }
            Input::Opened { session, request } => {
                vec![Output::Reply { exchange: session, reply: self.refuse(&request, "no_sessions") }]
            }
            Input::Frame { .. } | Input::Closed { .. } => Vec::new(),
        }
    }

    /// Nothing here happens to a group.
    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        BTreeMap::new()
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        Some(self.unexpected.take())
    }
}

fn reply(status: StatusCode, value: &impl serde::Serialize) -> Reply {
    with(status, canonical_json(value).unwrap_or_default())
}

fn error(status: StatusCode, says: &str) -> Reply {
    reply(status, &json!({ "error": says }))
}

fn with(status: StatusCode, body: Vec<u8>) -> Reply {
    let mut reply = Reply::new(body.into());
    *reply.status_mut() = status;
    reply
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn ask(keeper: &mut SimKeeper, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let request = http::Request::builder().method(method).uri(format!("http://k{path}"));
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        let outputs = keeper.handle(Time::from_millis(5), Input::Request { exchange: 1, request });
        let Some(Output::Reply { reply, .. }) = outputs.into_iter().next() else { panic!("no reply") };
        (reply.status().as_u16(), reply.body().to_vec())
    }

    fn wish(digest: Hash, name: &str) -> String {
        json!({"adjourn": REQUEST_FORM, "digest": digest, "name": name}).to_string()
    }

    #[test]
    fn a_digest_has_one_receipt_however_often_it_comes() {
        let mut keeper = SimKeeper::new([1; 32], Arc::default());
        let (one, two) = (Hash::of(b"1"), Hash::of(b"2"));
        let first = ask(&mut keeper, "PUT", &format!("/deposits/{one}"), &wish(one, "c-1/checkpoint"));
        let again = ask(&mut keeper, "PUT", &format!("/deposits/{one}"), &wish(one, "other"));
        assert_eq!((first.0, again.0), (201, 200));
        assert_eq!(first.1, again.1);
        let receipt = adjourn_evidence::deposit::verify(&first.1, &one, Some(&keeper.key())).unwrap().receipt;
        assert_eq!((receipt.number.as_str(), receipt.name.as_str()), ("SIM-000001", "c-1/checkpoint"));
        assert!(receipt.simulated && receipt.issuer.contains("SIMULATED"));
        let other = ask(&mut keeper, "PUT", &format!("/deposits/{two}"), &wish(two, "c-2"));
        assert!(String::from_utf8(other.1).unwrap().contains("SIM-000002"));
        assert_eq!(ask(&mut keeper, "GET", "/receipts/SIM-000001", ""), (200, first.1));
        assert_eq!(ask(&mut keeper, "GET", "/receipts/SIM-000003", "").0, 404);
        assert_eq!(keeper.take_unexpected(), Some(vec![]));
    }

    #[test]
    fn what_is_no_deposit_is_refused_and_counted() {
        let mut keeper = SimKeeper::new([1; 32], Arc::default());
        let digest = Hash::of(b"1");
        let path = format!("/deposits/{digest}");
        for body in ["", "{}", &wish(Hash::of(b"2"), "c-1"), &wish(digest, ""), &wish(digest, "a\nb")] {
            assert_eq!(ask(&mut keeper, "PUT", &path, body).0, 400, "{body}");
        }
        assert_eq!(ask(&mut keeper, "POST", &path, &wish(digest, "c-1")).0, 404);
        assert_eq!(keeper.take_unexpected().unwrap().len(), 6);
    }
}
