//! The API's door. An unknown endpoint, method or field is refused, so that no connector gets away with a guess.

use std::borrow::Cow;

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Kind;
use adjourn_domain::time::Time;
use adjourn_world::{Api, Group, Link, Message, NewGroup, Past, Refusal};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, ReferenceSim, body, done, ok, query, refuse, reply};
use crate::reference::descriptor::MAX_ANNOUNCEMENT;
use crate::reference::wire::{
    self, ByDay, GroupLine, GroupView, Groups, Kept, LinkView, Made, Me, MemberView, Messages,
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
struct Wanted {
    name: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    members: Vec<String>,
}

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
        let get = method == Method::GET;
        let scope = match (get, path) {
            (true, ["me"]) => None,
            (true, _) | (false, ["groups", _, "leave"]) => Some("read"),
            (false, ["groups", _, "announcements"]) => Some("post"),
            (false, _) => Some("manage"),
        };
        if scope.is_some_and(|scope| !caller.scopes.iter().any(|held| held == scope)) {
            return refuse("no_scope");
        }
        let who = caller.account.as_str();
        match (method, path) {
            (&Method::GET, ["me"]) => ok(&caller),
            (&Method::GET, ["groups"]) => self.groups_page(who, query(request, "after").as_deref()),
            (&Method::GET, ["notices"]) => ok(&json!({ "notices": self.world.notices(who) })),
            (&Method::GET, ["groups", id]) => self.group_view(id, who),
            (&Method::GET, ["groups", id, "messages"]) => self.messages_page(at, request, id, who),
            (&Method::GET, ["groups", id, "days"]) => self.days(at, id, who),
            (&Method::GET, ["groups", id, "messages", message]) => self.message(at, id, who, message),
            (&Method::GET, ["groups", id, "media", file]) => self.media(id, who, file),
            (&Method::GET, ["groups", id, "announcements"]) => self.posted(request, id, who),
            (&Method::GET, ["groups", id, "kept"]) => self.kept(at, id, who),
            (&Method::POST, ["groups"]) => self.make(at, request, who),
            (&Method::GET, ["creations", key]) => ok(&Made { id: self.world.made_by(who, key)?.to_owned() }),
            (&Method::POST, ["groups", id, "announcements"]) => self.announce(at, request, id, who),
            (&Method::PUT, ["groups", id, "frozen"]) => {
                let Frozen { frozen } = body(request)?;
                self.world.freeze(id, who, frozen).and_then(|()| done())
            }
            (&Method::POST, ["groups", id, "owner"]) => {
                let Successor { to } = body(request)?;
                if self.world.rules.transfer_api != Api::Native {
                    self.world.seen_by(id, who)?;
                    return refuse("client_only");
                }
                self.world.transfer(id, who, &to).and_then(|()| done())
            }
            (&Method::POST, ["groups", id, "leave"]) => {
                let Empty {} = body(request)?;
                self.world.seen_by(id, who)?;
                if self.world.rules.dissolve_api == Api::None {
                    return refuse("client_only");
                }
                self.world.leave(id, who).and_then(|()| done())
            }
            (&Method::DELETE, ["groups", id, "links", link]) => {
                self.world.unlink(id, who, link).and_then(|()| done())
            }
            (&Method::POST, ["groups", id, "dissolve"]) => {
                let Empty {} = body(request)?;
                self.world.dissolve_by_api(at, id, who).and_then(|()| done())
            }
            (&Method::POST, ["groups", id, "restore"]) => {
                let Empty {} = body(request)?;
                self.world.restore(at, id, who).and_then(|()| done())
            }
            (&Method::DELETE, ["groups", id, "kept", "history"]) => {
                self.world.purge(id, who, Op::Purge).and_then(|()| done())
            }
            (&Method::DELETE, ["groups", id, "kept", "files"]) => {
                self.world.purge(id, who, Op::RemoveMedia).and_then(|()| done())
            }
            _ => refuse("no_endpoint"),
        }
    }

    fn caller(&self, request: &Request) -> Result<Me, Refusal> {
        let header = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            header.and_then(|value| value.strip_prefix("Bearer ")).and_then(|it| self.world.tokens.get(it));
        match token {
            None => refuse("bad_token"),
            Some(token) if token.expired => refuse("expired_token"),
            Some(token) => Ok(Me {
                account: token.account.clone(),
                scopes: token.scopes.clone(),
                server: "reference 1.0".to_owned(),
            }),
        }
    }

    fn groups_page(&self, who: &str, after: Option<&str>) -> Answer {
        let mine = self.world.groups_of(who);
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
        let group = self.world.seen_by(id, who)?;
        let members = group.members.iter().map(|(account, member)| {
            let known = self.world.accounts.get(account);
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
            handover: group.handover.is_some(),
            members: members.collect(),
            links: group.links.iter().map(link_view).collect(),
            records: group.records(),
            last_activity: group.last_activity(),
        })
    }

    fn messages_page(&self, at: Time, request: &Request, id: &str, who: &str) -> Answer {
        let (group, roams) = self.world.readable(at, id, who)?;
        let number = |name: &str| query(request, name).map(|text| text.parse::<u64>()).transpose();
        let (Ok(after), Ok(limit)) = (number("after"), number("limit")) else { return refuse("bad_request") };
        let most = group.past.as_ref().and_then(Past::page).unwrap_or(MESSAGES_PAGE);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(most).clamp(1, most);
        let mut rest = after_in(group, after.unwrap_or(0));
        let page: Vec<Cow<'_, Message>> = rest.by_ref().take(limit).collect();
        let past = group.past.as_ref();
        if page.iter().any(|message| past.is_some_and(|past| !past.is_readable(message.seq))) {
            return refuse("unreadable");
        }
        let next = rest.next().and_then(|_| page.last().map(|message| message.seq.to_string()));
        let messages = page.iter().filter_map(|message| {
            let mut shown = super::as_value(message).as_object().cloned()?;
            if past.is_some_and(|past| past.is_shapeless(message.seq)) {
                shown.remove("sender");
            }
            Some(shown)
        });
        Ok(roaming(reply(StatusCode::OK, &Messages { messages: messages.collect(), next }), roams))
    }

    /// How many messages there are on each day.
    fn days(&self, at: Time, id: &str, who: &str) -> Answer {
        let (group, _) = self.world.readable(at, id, who)?;
        let mut days = group.past.as_ref().map(Past::days).unwrap_or_default();
        group.messages.iter().for_each(|message| days.count(message.at));
        ok(&ByDay { days })
    }

    fn message(&self, at: Time, id: &str, who: &str, message: &str) -> Answer {
        let (group, roams) = self.world.readable(at, id, who)?;
        match group.messages.iter().find(|found| found.id == message) {
            Some(found) => Ok(roaming(reply(StatusCode::OK, found), roams)),
            None => refuse("unknown_message"),
        }
    }

    fn media(&self, id: &str, who: &str, file: &str) -> Answer {
        let group = self.world.seen_by(id, who)?;
        let past = group.past.as_ref().filter(|past| past.has_file(file)).map(Past::file);
        let Some(content) = past.or_else(|| group.files.get(file).cloned()) else {
            return refuse("unknown_message");
        };
        let mut reply = Reply::new(Bytes::from(content.into_bytes()));
        let length = reply.body().len();
        reply.headers_mut().insert("x-length", length.into());
        Ok(reply)
    }

    fn posted(&self, request: &Request, id: &str, who: &str) -> Answer {
        let group = self.world.seen_by(id, who)?;
        let Some(key) = query(request, "key") else { return refuse("bad_request") };
        let made = group.posted.get(&key);
        match made.and_then(|made| group.messages.iter().find(|message| message.id == *made)) {
            Some(message) => ok(message),
            None => refuse("unknown_message"),
        }
    }

    fn make(&mut self, at: Time, request: &Request, who: &str) -> Answer {
        let Wanted { name, kind, owner, members } = body(request)?;
        // Where there is no API for the end, there is none for the beginning.
        if self.world.rules.dissolve_api == Api::None {
            return refuse("client_only");
        }
        let wanted = NewGroup { name, kind, owner, members, id: None };
        ok(&Made { id: self.world.make(at, who, wanted, key(request))? })
    }

    fn announce(&mut self, at: Time, request: &Request, id: &str, who: &str) -> Answer {
        let Announcement { text } = body(request)?;
        if text.chars().count() > MAX_ANNOUNCEMENT {
            return refuse("too_long");
        }
        ok(&Made { id: self.world.announce(at, id, who, text, key(request))? })
    }

    fn kept(&self, at: Time, id: &str, who: &str) -> Answer {
        let group: &Group = self.world.group(id)?;
        if !group.members.contains_key(who) {
            return refuse("not_in");
        }
        let Some(ended) = &group.ended else { return refuse("open") };
        let files = self.world.files_kept(at, id)?;
        ok(&Kept { history: ended.history, files, links: ended.kept.iter().map(link_view).collect() })
    }
}

/// The messages behind a position, oldest first.
fn after_in(group: &Group, after: u64) -> impl Iterator<Item = Cow<'_, Message>> {
    let past = group.past.iter().flat_map(move |past| {
        let rest = after.saturating_add(1)..=past.records();
        rest.filter_map(|seq| past.message(seq)).map(Cow::Owned)
    });
    past.chain(group.messages.iter().filter(move |message| message.seq > after).map(Cow::Borrowed))
}

/// The request's idempotency key.
fn key(request: &Request) -> Option<String> {
    request.headers().get(wire::KEY).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn link_view(link: &Link) -> LinkView {
    LinkView { id: link.id.clone(), kind: link.kind, name: link.name.clone(), own: link.own }
}

fn roaming(mut reply: Reply, roams: bool) -> Reply {
    if roams {
        reply.headers_mut().insert("x-roaming", http::HeaderValue::from_static("1"));
    }
    reply
}
