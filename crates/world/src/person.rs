//! The platform's own app in a person's hand: what no API does. `POST /client/groups/ID` with a [`ClientAct`] acts,
//! `GET /client/groups/ID` shows the dialog that the person sees.

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::group::{Group, Handed, Membership};
use crate::rules::{Confirm, Rules, Who};
use crate::spec::Role;
use crate::world::{Notice, Refusal, World, refuse};

/// Something that a person does in the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientAct {
    /// Ends the group. What the dialog does not ask for is ignored.
    Dissolve {
        /// The name as typed.
        #[serde(default)]
        typed_name: String,
        /// Whether the QR code was scanned.
        #[serde(default)]
        qr_scanned: bool,
        /// Whether the phone number was confirmed.
        #[serde(default)]
        phone_confirmed: bool,
        /// Account of the super administrator who agreed.
        #[serde(default)]
        super_admin: Option<String>,
    },
    /// Has the work handover approved.
    Handover {
        /// Who takes the work over.
        to: String,
        /// Account of the administrator who approves.
        approved_by: String,
    },
    /// Makes another member the owner.
    Transfer {
        /// Who.
        to: String,
    },
    /// Brings the group back.
    Restore,
    /// Closes a link by hand.
    Unlink {
        /// The link.
        link: String,
    },
    /// Takes the notice of the end back.
    RecallNotice,
    /// Takes a mistaken end back.
    TakeBack,
    /// Takes a message back.
    RecallMessage {
        /// The message.
        message: String,
    },
    /// Comes into the group by its invitation.
    Join,
    /// Leaves the group.
    Leave,
    /// Says something in the group.
    Post {
        /// What.
        text: String,
    },
}

/// What the app shows of a group to whoever manages it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// The group's name.
    pub name: String,
    /// Where the dissolve is found.
    pub path: String,
    /// The second confirmation.
    pub confirm: Confirm,
    /// Whether the handover has to be approved first, and is not yet.
    pub handover_missing: bool,
    /// An account that may end the group, if there is one.
    pub may_dissolve: Option<String>,
    /// An account that manages the group.
    pub manager: Option<String>,
    /// The first member whom the app offers as another owner.
    pub successor: Option<String>,
    /// The organisation's super administrator.
    pub super_admin: Option<String>,
    /// Whether the group has ended.
    pub ended: bool,
    /// What hangs on the group, or is left of that.
    pub links: Vec<String>,
}

/// Why the app refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRefusal {
    /// The platform's code: `wrong_name`.
    pub code: String,
    /// In the platform's words.
    pub says: String,
}

impl std::fmt::Display for ClientRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.says)
    }
}

impl std::error::Error for ClientRefusal {}

/// `who` does `act` on `group`, through the simulator's door.
///
/// # Errors
/// The platform's refusal.
pub fn client(
    simulator: &mut dyn Simulator,
    group: &NativeId,
    who: &str,
    act: &ClientAct,
    at: Time,
) -> Result<(), ClientRefusal> {
    let mut body = as_value(act);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("as".to_owned(), who.into());
    }
    exchange(simulator, group, Method::POST, body.to_string(), at).map(drop)
}

/// What the app shows of `group`.
///
/// # Errors
/// When there is no such group.
pub fn look(simulator: &mut dyn Simulator, group: &NativeId, at: Time) -> Result<Screen, ClientRefusal> {
    let bytes = exchange(simulator, group, Method::GET, String::new(), at)?;
    serde_json::from_slice(&bytes).map_err(|_| garbled())
}

/// The system notices that `account` got.
pub fn told(simulator: &mut dyn Simulator, account: &str, at: Time) -> Vec<Notice> {
    #[derive(Deserialize)]
    struct Notices {
        notices: Vec<Notice>,
    }
    let path = ["accounts", account, "notices"];
    let bytes = knock(simulator, &path, Method::GET, String::new(), at);
    bytes
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Notices>(&bytes).ok())
        .map(|found| found.notices)
        .unwrap_or_default()
}

/// Puts a simulator under other rules. Refused by one that has no world.
///
/// # Errors
/// `no_endpoint` and its like.
pub fn obey(simulator: &mut dyn Simulator, rules: &Rules, at: Time) -> Result<(), ClientRefusal> {
    knock(simulator, &["rules"], Method::PUT, as_value(rules).to_string(), at).map(drop)
}

/// A person who reads the dialog and does what it asks for, until `op` is done.
///
/// # Errors
/// The platform's refusal.
pub fn client_obeys(
    simulator: &mut dyn Simulator,
    op: Op,
    group: &NativeId,
    at: Time,
) -> Result<(), ClientRefusal> {
    let screen = look(simulator, group, at)?;
    let manager = screen.manager.clone().unwrap_or_default();
    let handover = ClientAct::Handover {
        to: manager.clone(),
        approved_by: screen.super_admin.clone().or(screen.may_dissolve.clone()).unwrap_or_default(),
    };
    match op {
        Op::Handover => client(simulator, group, &manager, &handover, at),
        Op::Dissolve => {
            if screen.handover_missing {
                client(simulator, group, &manager, &handover, at)?;
            }
            let act = ClientAct::Dissolve {
                typed_name: screen.name,
                qr_scanned: true,
                phone_confirmed: true,
                super_admin: screen.super_admin,
            };
            client(simulator, group, &screen.may_dissolve.unwrap_or_default(), &act, at)
        }
        Op::Transfer => {
            let act = ClientAct::Transfer { to: screen.successor.unwrap_or_default() };
            client(simulator, group, &manager, &act, at)
        }
        Op::Restore => client(simulator, group, &manager, &ClientAct::Restore, at),
        Op::Unlink => {
            for link in screen.links {
                client(simulator, group, &manager, &ClientAct::Unlink { link }, at)?;
            }
            Ok(())
        }
        _ => Err(ClientRefusal { code: "no_endpoint".to_owned(), says: op.slug().to_owned() }),
    }
}

fn exchange(
    simulator: &mut dyn Simulator,
    group: &NativeId,
    method: Method,
    body: String,
    at: Time,
) -> Result<Bytes, ClientRefusal> {
    knock(simulator, &["groups", group.as_str()], method, body, at)
}

fn knock(
    simulator: &mut dyn Simulator,
    path: &[&str],
    method: Method,
    body: String,
    at: Time,
) -> Result<Bytes, ClientRefusal> {
    let mut url = url::Url::parse("https://client.simulated.invalid/client").map_err(|_| garbled())?;
    url.path_segments_mut().map_err(|()| garbled())?.extend(path);
    let request = http::Request::builder().method(method).uri(url.as_str()).body(Bytes::from(body));
    let input = Input::Request { exchange: 0, request: request.map_err(|_| garbled())? };
    let reply = simulator.handle(at, input).into_iter().find_map(|output| match output {
        Output::Reply { reply, .. } => Some(reply),
        _ => None,
    });
    let reply = reply.ok_or_else(garbled)?;
    if reply.status().is_success() {
        return Ok(reply.into_body());
    }
    let refusal: serde_json::Value = serde_json::from_slice(reply.body()).map_err(|_| garbled())?;
    let field = |name: &str| {
        let text = refusal.get(name).and_then(serde_json::Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Err(ClientRefusal { code: field("code"), says: field("message") })
}

fn garbled() -> ClientRefusal {
    ClientRefusal { code: "bad_request".to_owned(), says: "no such simulator".to_owned() }
}

#[derive(Deserialize)]
struct Done {
    #[serde(rename = "as")]
    who: String,
    #[serde(flatten)]
    act: ClientAct,
}

impl World {
    /// The door of the platform's own app: answers requests under `/client/`, and nothing else. It takes no token: it
    /// stands for a phone in somebody's hand. `PUT /client/rules` is for whoever runs the simulator, and no socket lets it in.
    pub fn door(&mut self, at: Time, request: &Request) -> Option<Reply> {
        let path: Vec<String> =
            request.uri().path().split('/').filter(|part| !part.is_empty()).map(unescaped).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (&"client", rest) = path.split_first()? else { return None };
        let answer = match (request.method(), rest) {
            (&Method::GET, ["phone", rest @ ..]) => {
                self.phone(at, request.uri().query(), rest).map(|it| as_value(&it))
            }
            (&Method::PUT, ["rules"]) => match serde_json::from_slice(request.body()) {
                Ok(rules) => {
                    self.rules = rules;
                    Ok(json!({ "ok": true }))
                }
                Err(_) => refuse("bad_request"),
            },
            (&Method::POST, ["phone", rest @ ..]) => match serde_json::from_slice(request.body()) {
                Ok(form) => self.touch(at, rest, &form).map(|next| json!({ "next": next })),
                Err(_) => refuse("bad_request"),
            },
            (&Method::GET, ["groups", id]) => self.screen(id).map(|screen| as_value(&screen)),
            (&Method::GET, ["accounts", id, "notices"]) => Ok(json!({ "notices": self.notices(id) })),
            (&Method::POST, ["groups", id]) => match serde_json::from_slice(request.body()) {
                Ok(Done { who, act }) => self.acts(at, id, &who, act).map(|()| json!({ "ok": true })),
                Err(_) => refuse("bad_request"),
            },
            _ => refuse("no_endpoint"),
        };
        Some(match answer {
            Ok(body) => reply(StatusCode::OK, &body),
            Err(refusal) => {
                let body = json!({ "code": refusal.code, "message": refusal.says() });
                reply(StatusCode::FORBIDDEN, &body)
            }
        })
    }

    /// A person does something in the platform's own app.
    ///
    /// # Errors
    /// The platform's refusal.
    pub fn acts(&mut self, at: Time, id: &str, who: &str, act: ClientAct) -> Result<(), Refusal> {
        match act {
            ClientAct::Dissolve { .. } => {
                self.in_client(id, who)?;
                self.may_dissolve(id, who)?;
                self.confirmed(id, &act)?;
                self.end(at, id, who)
            }
            ClientAct::Handover { to, approved_by } => {
                if !self.accounts.contains_key(&to) {
                    return refuse("unknown_account");
                }
                let role = self.accounts.get(&approved_by).map_or(Role::Member, |account| account.role);
                if role == Role::Member {
                    return refuse("handover_needed");
                }
                let group = self.managed_by(id, who)?;
                let handed = Handed { from: who.to_owned(), to, by: approved_by };
                if group.handover.replace(handed).is_none() {
                    self.count(Op::Handover, id);
                }
                Ok(())
            }
            ClientAct::Transfer { to } => self.transfer(id, who, &to),
            ClientAct::Restore => self.restore(at, id, who),
            ClientAct::Unlink { link } => self.unlink(id, who, &link),
            ClientAct::RecallNotice => self.recall(at, id, who),
            ClientAct::TakeBack => self.take_back(at, id, who),
            ClientAct::RecallMessage { message } => self.recall_message(at, id, who, &message),
            ClientAct::Join => self.join(id, who),
            ClientAct::Leave => {
                self.seen_by(id, who)?;
                self.leave(id, who)
            }
            ClientAct::Post { text } => self.post(at, id, who, text).map(drop),
        }
    }

    fn join(&mut self, id: &str, who: &str) -> Result<(), Refusal> {
        if !self.accounts.contains_key(who) {
            return refuse("unknown_account");
        }
        let group = self.group_mut(id)?;
        if group.ended.is_some() {
            return refuse("unknown_group");
        }
        let plain = Membership { standing: Standing::Member, online: true };
        group.members.entry(who.to_owned()).or_insert(plain);
        Ok(())
    }

    /// The organisation's administrators reach groups that they are not in.
    fn in_client(&self, id: &str, who: &str) -> Result<(), Refusal> {
        let organisation = matches!(self.rules.dissolve_who, Who::MainAdmin | Who::OrgAdmin);
        let group = self.group(id)?;
        if organisation && group.ended.is_none() { Ok(()) } else { self.seen_by(id, who).map(drop) }
    }

    fn confirmed(&self, id: &str, act: &ClientAct) -> Result<(), Refusal> {
        let ClientAct::Dissolve { typed_name, qr_scanned, phone_confirmed, super_admin } = act else {
            return Ok(());
        };
        let group = self.group(id)?;
        let missing = match self.rules.dissolve_confirm {
            Confirm::TypeName => (Some(typed_name) != group.name.as_ref()).then_some("wrong_name"),
            Confirm::QrPhone if !qr_scanned => Some("qr_needed"),
            Confirm::QrPhone => (!phone_confirmed).then_some("phone_needed"),
            Confirm::SuperAdmin => {
                let account = super_admin.as_ref().and_then(|account| self.accounts.get(account));
                account.is_none_or(|account| account.role != Role::SuperAdmin).then_some("super_admin_needed")
            }
            Confirm::Handover => group.handover.is_none().then_some("handover_needed"),
            Confirm::None => None,
        };
        missing.map_or(Ok(()), refuse)
    }

    /// Whether the app offers a member as another owner: a person who is not it already.
    fn may_own(&self, group: &Group, account: &str) -> bool {
        let bot = self.accounts.get(account).is_some_and(|account| account.bot);
        !bot && group.standing(account) != Standing::Owner
    }

    /// What the app shows of a group.
    ///
    /// # Errors
    /// `unknown_group`.
    pub fn screen(&self, id: &str) -> Result<Screen, Refusal> {
        let group = self.group(id)?;
        let with_role = |role: Role| {
            self.accounts.values().find(|account| account.role == role).map(|account| account.id.clone())
        };
        let owner = group.owner().cloned();
        let links = group.ended.as_ref().map_or(&group.links, |ended| &ended.kept);
        Ok(Screen {
            name: group.name.clone().unwrap_or_default(),
            path: self.rules.dissolve_path.clone(),
            confirm: self.rules.dissolve_confirm,
            handover_missing: self.rules.needs_handover() && group.handover.is_none(),
            may_dissolve: match self.rules.dissolve_who {
                Who::Owner | Who::OwnerOrAdmin => owner.clone(),
                Who::MainAdmin => with_role(Role::MainAdmin),
                Who::OrgAdmin => with_role(Role::OrgAdmin).or_else(|| with_role(Role::MainAdmin)),
            },
            successor: group.members.keys().find(|account| self.may_own(group, account)).cloned(),
            manager: owner,
            super_admin: with_role(Role::SuperAdmin),
            ended: group.ended.is_some(),
            links: links.iter().map(|link| link.id.clone()).collect(),
        })
    }
}

fn reply(status: StatusCode, body: &serde_json::Value) -> Reply {
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    *reply.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    reply.headers_mut().insert(http::header::CONTENT_TYPE, json);
    reply
}

fn as_value(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A path segment without its percent encoding; what is no encoding stays as it is.
pub fn unescaped(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_segment_is_read_whatever_is_in_it() {
        assert_eq!(unescaped("a%2Fb%25&c=d+e"), "a/b%&c=d+e");
        assert_eq!(unescaped("100%"), "100%");
    }
}
