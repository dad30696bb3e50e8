//! The API's door. An unknown endpoint, method or field is refused, so that no connector gets away with a guess.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Group, ReferenceSim, Refusal, body, done, ok, query, refuse, reply};
use crate::reference::descriptor::{Api, Confirm, MAX_ANNOUNCEMENT};
use crate::reference::wire::{
    self, GroupLine, GroupView, Groups, Kept, Made, Me, MemberView, MessageView, Messages,
};

/// Groups on a page.
const GROUPS_PAGE: usize = 3;
/// Messages on a page.
const MESSAGES_PAGE: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frozen {
    frozen: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Successor {
    to: String,
}

impl ReferenceSim {
    pub(super) fn api(&mut self, at: Time, request: &Request, path: &[&str]) -> Answer {
        let caller = self.caller(request)?;
        let method = request.method();
        let after = query(request, "after");
        let get = method == Method::GET;
        let scope = match (get, path) {
            (true, ["me"]) => None,
            (true, _) => Some("read"),
            (false, ["groups", _, "announcements"]) => Some("post"),
            (false, _) => Some("manage"),
        };
        if scope.is_some_and(|scope| !caller.scopes.iter().any(|held| held == scope)) {
            return refuse(StatusCode::FORBIDDEN, "no_scope");
        }
        let who = caller.account.as_str();
        match (method, path) {
            (&Method::GET, ["me"]) => ok(&caller),
            (&Method::GET, ["groups"]) => self.groups_page(who, after.as_deref()),
            (&Method::GET, ["notices"]) => ok(&json!({ "notices": self.notices(who) })),
            (&Method::GET, ["groups", id]) => self.group_view(id, who),
            (&Method::GET, ["groups", id, "messages"]) => self.messages_page(at, id, who, after.as_deref()),
            (&Method::GET, ["groups", id, "messages", message]) => self.message(at, id, who, message),
            (&Method::GET, ["groups", id, "media", file]) => self.media(id, who, file),
            (&Method::GET, ["groups", id, "announcements"]) => self.posted(request, id, who),
            (&Method::GET, ["groups", id, "kept"]) => self.kept(at, id, who),
            (&Method::POST, ["groups", id, "announcements"]) => self.announce(at, request, id, who),
            (&Method::PUT, ["groups", id, "frozen"]) => self.freeze(request, id, who),
            (&Method::POST, ["groups", id, "owner"]) => {
                let Successor { to } = body(request)?;
                if self.rules.transfer_api != Api::Native {
                    self.seen_by(id, who)?;
                    return refuse(StatusCode::FORBIDDEN, "client_only");
                }
                self.transfer(id, who, &to)
            }
            (&Method::DELETE, ["groups", id, "links", link]) => self.unlink(id, who, link),
            (&Method::POST, ["groups", id, "dissolve"]) => self.dissolve(at, request, id, who),
            (&Method::POST, ["groups", id, "restore"]) => {
                let Empty {} = body(request)?;
                self.restore(at, id, who)
            }
            (&Method::DELETE, ["groups", id, "kept", "history"]) => self.purge(id, who, Op::Purge),
            (&Method::DELETE, ["groups", id, "kept", "files"]) => self.purge(id, who, Op::RemoveMedia),
            _ => refuse(StatusCode::NOT_FOUND, "no_endpoint"),
        }
    }

    fn caller(&self, request: &Request) -> Result<Me, Refusal> {
        let header = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).and_then(|it| self.tokens.get(it));
        match token {
            None => refuse(StatusCode::UNAUTHORIZED, "bad_token"),
            Some(token) if token.expired => refuse(StatusCode::UNAUTHORIZED, "expired_token"),
            Some(token) => Ok(Me {
                account: token.account.clone(),
                scopes: token.scopes.clone(),
                server: "reference 1.0".to_owned(),
            }),
        }
    }

    fn groups_page(&self, who: &str, after: Option<&str>) -> Answer {
        let mine =
            self.groups.iter().filter(|(_, group)| group.ended.is_none() && group.members.contains_key(who));
        let mut rest = mine.skip_while(|(id, _)| after.is_some_and(|after| id.as_str() <= after)).peekable();
        let groups: Vec<GroupLine> = rest
            .by_ref()
            .take(GROUPS_PAGE)
            .map(|(id, group)| GroupLine { id: id.clone(), name: group.name.clone() })
            .collect();
        let next = rest.peek().and_then(|_| groups.last().map(|line| line.id.clone()));
        ok(&Groups { groups, next })
    }

    fn group_view(&self, id: &str, who: &str) -> Answer {
        let group = self.seen_by(id, who)?;
        let members = group.members.iter().map(|(account, member)| {
            let known = self.accounts.get(account);
            MemberView {
                account: account.clone(),
                name: known.map(|known| known.name.clone()).unwrap_or_default(),
                standing: member.standing,
                bot: known.is_some_and(|known| known.bot),
            }
        });
        ok(&GroupView {
            id: id.to_owned(),
            name: group.name.clone(),
            kind: group.kind,
            frozen: group.frozen,
            handover: group.handover,
            members: members.collect(),
            links: group.links.clone(),
            records: group.messages.len() as u64,
            last_activity: group.last_activity(),
        })
    }

    /// The group whose history `who` may read, and whether it only roams any more.
    fn readable(&self, at: Time, id: &str, who: &str) -> Result<(&Group, bool), Refusal> {
        match self.seen_by(id, who) {
            Ok(group) => Ok((group, false)),
            Err(refusal) => {
                let group = self.group(id)?;
                let roams = group.ended.as_ref().is_some_and(|ended| {
                    ended.history && at.secs_since(ended.at) < self.rules.roaming_hours.saturating_mul(3600)
                });
                if roams && refusal.code == "dissolved" { Ok((group, true)) } else { Err(refusal) }
            }
        }
    }

    fn messages_page(&self, at: Time, id: &str, who: &str, after: Option<&str>) -> Answer {
        let (group, roams) = self.readable(at, id, who)?;
        let after = after.map_or(Ok(0), str::parse::<u64>);
        let Ok(after) = after else { return refuse(StatusCode::BAD_REQUEST, "bad_request") };
        let mut rest = group.messages.iter().filter(|message| message.seq > after).peekable();
        let page: Vec<&MessageView> = rest.by_ref().take(MESSAGES_PAGE).collect();
        let next = rest.peek().and_then(|_| page.last().map(|message| message.seq.to_string()));
        let messages = page.into_iter().filter_map(|message| super::as_value(message).as_object().cloned());
        Ok(roaming(reply(StatusCode::OK, &Messages { messages: messages.collect(), next }), roams))
    }

    fn message(&self, at: Time, id: &str, who: &str, message: &str) -> Answer {
        let (group, roams) = self.readable(at, id, who)?;
        match group.messages.iter().find(|found| found.id == message) {
            Some(found) => Ok(roaming(reply(StatusCode::OK, found), roams)),
            None => refuse(StatusCode::NOT_FOUND, "unknown_message"),
        }
    }

    fn media(&self, id: &str, who: &str, file: &str) -> Answer {
        let group = self.seen_by(id, who)?;
        let Some(content) = group.files.get(file) else {
            return refuse(StatusCode::NOT_FOUND, "unknown_message");
        };
        let mut reply = Reply::new(Bytes::from(content.clone().into_bytes()));
        reply.headers_mut().insert("x-length", content.len().into());
        Ok(reply)
    }

    fn posted(&self, request: &Request, id: &str, who: &str) -> Answer {
        let group = self.seen_by(id, who)?;
        let Some(key) = query(request, "key") else { return refuse(StatusCode::BAD_REQUEST, "bad_request") };
        let made = group.posted.get(&key);
        match made.and_then(|made| group.messages.iter().find(|message| message.id == *made)) {
            Some(message) => ok(message),
            None => refuse(StatusCode::NOT_FOUND, "unknown_message"),
        }
    }

    fn announce(&mut self, at: Time, request: &Request, id: &str, who: &str) -> Answer {
        let Announcement { text } = body(request)?;
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return refuse(StatusCode::BAD_REQUEST, "too_long");
        }
        let key = request.headers().get(wire::KEY).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let group = self.managed_by(id, who)?;
        // The same key is the same announcement, whatever else is in the request.
        if let Some(made) = key.as_ref().and_then(|key| group.posted.get(key)) {
            return ok(&Made { id: made.clone() });
        }
        let made = group.push(at, who, RecordKind::Message, Some(text))?.id.clone();
        group.posted.extend(key.map(|key| (key, made.clone())));
        self.count(Op::Announce, id);
        ok(&Made { id: made })
    }

    fn freeze(&mut self, request: &Request, id: &str, who: &str) -> Answer {
        let Frozen { frozen } = body(request)?;
        let group = self.managed_by(id, who)?;
        let freezes = frozen && !group.frozen;
        group.frozen = frozen;
        if freezes {
            self.count(Op::Freeze, id);
        }
        done()
    }

    /// The owner makes another member the owner, and stays as a plain one.
    pub(super) fn transfer(&mut self, id: &str, who: &str, to: &str) -> Answer {
        self.seen_by(id, who)?;
        let group = self.group_mut(id)?;
        if group.standing(who) != Standing::Owner {
            return refuse(StatusCode::FORBIDDEN, "only_owner");
        }
        if !group.members.contains_key(to) {
            return refuse(StatusCode::BAD_REQUEST, "not_member");
        }
        if who == to {
            return done();
        }
        for (account, standing) in [(who, Standing::Member), (to, Standing::Owner)] {
            if let Some(member) = group.members.get_mut(account) {
                member.standing = standing;
            }
        }
        self.count(Op::Transfer, id);
        done()
    }

    pub(super) fn unlink(&mut self, id: &str, who: &str, link: &str) -> Answer {
        // After the end, what is left of the links is taken off by whoever ended the group or managed it.
        let unknown = Refusal { status: StatusCode::NOT_FOUND, code: "unknown_link" };
        let group = self.group(id)?;
        let left = group.ended.is_some() && group.standing(who) != Standing::Member;
        let group = if left { self.group_mut(id)? } else { self.managed_by(id, who)? };
        let links = group.ended.as_mut().map_or(&mut group.links, |ended| &mut ended.kept);
        let at = links.iter().position(|found| found.id == link).ok_or(unknown)?;
        links.remove(at);
        self.count(Op::Unlink, id);
        done()
    }

    fn dissolve(&mut self, at: Time, request: &Request, id: &str, who: &str) -> Answer {
        let Empty {} = body(request)?;
        self.seen_by(id, who)?;
        self.may_dissolve(id, who)?;
        match self.rules.dissolve_api {
            Api::None => return refuse(StatusCode::FORBIDDEN, "client_only"),
            Api::LeaveOnly => self.leave(id, who)?,
            // An approval inside the organisation is the platform's own state: no API call gets round it.
            Api::Native if self.rules.dissolve_confirm == Confirm::SuperAdmin => {
                return refuse(StatusCode::FORBIDDEN, "super_admin_needed");
            }
            Api::Native => self.end(at, id, who)?,
        }
        done()
    }

    fn kept(&self, at: Time, id: &str, who: &str) -> Answer {
        let group = self.group(id)?;
        if !group.members.contains_key(who) {
            return refuse(StatusCode::FORBIDDEN, "not_in");
        }
        let Some(ended) = &group.ended else { return refuse(StatusCode::CONFLICT, "open") };
        let keeps = self.rules.files_kept_s;
        let in_time = keeps == 0 || at.secs_since(ended.at) < keeps;
        let files = if ended.files && in_time { group.files.len() as u64 } else { 0 };
        ok(&Kept { history: ended.history, files, links: ended.kept.clone() })
    }

    fn purge(&mut self, id: &str, who: &str, op: Op) -> Answer {
        let api = if op == Op::Purge { self.rules.purge_api } else { self.rules.media_api };
        let group = self.group_mut(id)?;
        if group.standing(who) == Standing::Member {
            return refuse(StatusCode::FORBIDDEN, "not_manager");
        }
        let Some(ended) = &mut group.ended else { return refuse(StatusCode::CONFLICT, "open") };
        if api != Api::Native {
            return refuse(StatusCode::FORBIDDEN, "client_only");
        }
        let kept = if op == Op::Purge { &mut ended.history } else { &mut ended.files };
        if std::mem::take(kept) {
            self.count(op, id);
        }
        done()
    }
}

fn roaming(mut reply: Reply, roams: bool) -> Reply {
    if roams {
        reply.headers_mut().insert("x-roaming", http::HeaderValue::from_static("1"));
    }
    reply
}
