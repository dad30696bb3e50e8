//! The inbox: files that people handed in, and what is known from them. It reads them with the same readers as the
//! product's own inbox.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::canonical::Hash;
use adjourn_domain::time::Time;
use adjourn_formats::{Class, Format, Item, Zone, survey};
use adjourn_world::{Refusal, TokenSpec};
use bytes::Bytes;
use http::{Method, StatusCode, header};

use super::{Answer, WechatSim, query, refuse, reply};
use crate::wechat::auth;
use crate::wechat::wire::{GroupLine, GroupView, Groups, Me, MemberView, Upload, Uploads};

/// Groups on a page.
const PAGE: usize = 3;

/// A file that somebody handed in.
#[derive(Debug, Clone)]
pub(super) struct HandedIn {
    id: String,
    account: String,
    at: Time,
    format: Format,
    /// The group that it is about; a list is about many.
    group: String,
    records: u64,
    last_at: Option<Time>,
    bytes: Bytes,
}

impl WechatSim {
    /// Somebody hands in a file.
    pub(super) fn hand_in(
        &mut self,
        at: Time,
        account: &str,
        group: &str,
        bytes: Bytes,
    ) -> Result<String, Refusal> {
        if !self.world.accounts.contains_key(account) {
            return refuse("unknown_account");
        }
        let (mut records, mut last_at) = (0, None);
        let each = |item: Item| {
            if let Item::Row(row) = item
                && row.group.as_ref().is_none_or(|of| of.as_str() == group)
            {
                records += 1;
                last_at = last_at.max(Some(row.record.at));
            }
        };
        let survey = survey(bytes.as_ref(), &Zone::default(), each, |_| {}).or(refuse("bad_file"))?;
        let id = Hash::of(&bytes).to_hex();
        let (account, group) = (account.to_owned(), group.to_owned());
        // The same file again is the same file, handed in later.
        self.inbox.retain(|file| file.id != id || file.account != account || file.group != group);
        self.inbox.push(HandedIn {
            id: id.clone(),
            account,
            at,
            format: survey.format,
            group,
            records,
            last_at,
            bytes,
        });
        Ok(id)
    }

    pub(super) fn api(&mut self, request: &Request, path: &[&str]) -> Answer {
        let caller = self.caller(request)?;
        if request.method() != Method::GET {
            return refuse("no_endpoint");
        }
        if path == ["me"] {
            let mut scopes: Vec<String> = Vec::new();
            scopes
                .extend(caller.scopes.iter().any(|scope| scope == auth::READ).then(|| auth::READ.to_owned()));
            scopes.extend(acts(&caller).then(|| auth::ACT.to_owned()));
            return json(&Me { account: caller.account, scopes });
        }
        if !caller.scopes.iter().any(|scope| scope == auth::READ) {
            return refuse("no_scope");
        }
        match path {
            ["groups"] => self.page(query(request, "after").as_deref()),
            ["groups", id] => self.view(id),
            ["groups", id, "uploads"] => self.list(id, &caller),
            ["uploads", id] => self.range(request, id),
            _ => refuse("no_endpoint"),
        }
    }

    fn caller(&self, request: &Request) -> Result<TokenSpec, Refusal> {
        let value = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let code = value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let caller = self.world.tokens.get(code).ok_or(Refusal { code: "bad_code" })?;
        if caller.expired { refuse("expired_code") } else { Ok(caller.clone()) }
    }

    /// The newest list with this group in it, and its line.
    fn listed(&self, id: &str) -> Option<(Time, adjourn_formats::Chatroom)> {
        let lists = self.inbox.iter().rev().filter(|file| file.format.class() == Class::Chatrooms);
        lists.into_iter().find_map(|list| {
            let mut found = None;
            let each = |item: Item| {
                if let Item::Chatroom(room) = item
                    && room.id.as_str() == id
                {
                    found = Some(room);
                }
            };
            survey(list.bytes.as_ref(), &Zone::default(), each, |_| {}).ok()?;
            Some((list.at, found?))
        })
    }

    fn groups(&self) -> Vec<GroupLine> {
        let mut all: std::collections::BTreeMap<String, Option<String>> = std::collections::BTreeMap::new();
        for file in &self.inbox {
            if file.format.class() == Class::Messages {
                all.entry(file.group.clone()).or_default();
                continue;
            }
            let each = |item: Item| {
                if let Item::Chatroom(room) = item {
                    all.insert(room.id.0, Some(room.nick_name).filter(|name| !name.is_empty()));
                }
            };
            // A file that is in the inbox was read before.
            let _ = survey(file.bytes.as_ref(), &Zone::default(), each, |_| {});
        }
        all.into_iter().map(|(id, name)| GroupLine { id, name }).collect()
    }

    fn page(&self, after: Option<&str>) -> Answer {
        let all = self.groups();
        let mut rest =
            all.into_iter().filter(|line| after.is_none_or(|after| line.id.as_str() > after)).peekable();
        let groups: Vec<GroupLine> = rest.by_ref().take(PAGE).collect();
        let next = rest.peek().and(groups.last()).map(|line| line.id.clone());
        json(&Groups { groups, next })
    }

    fn about(&self, id: &str) -> impl Iterator<Item = &HandedIn> {
        let id = id.to_owned();
        self.inbox.iter().filter(move |file| file.format.class() == Class::Messages && file.group == id)
    }

    fn view(&self, id: &str) -> Answer {
        let listed = self.listed(id);
        let uploads = self.about(id).count() as u64;
        if listed.is_none() && uploads == 0 {
            return refuse("unknown_group");
        }
        let room = listed.as_ref().map(|(_, room)| room);
        let member = |(account, name): &(adjourn_domain::ids::NativeId, String)| MemberView {
            account: account.0.clone(),
            name: name.clone(),
        };
        json(&GroupView {
            id: id.to_owned(),
            name: room.map(|room| room.nick_name.clone()).filter(|name| !name.is_empty()),
            listed_at: listed.as_ref().map(|(at, _)| *at),
            owner: room.and_then(|room| room.owner.clone()).map(|owner| owner.0),
            members: room
                .filter(|room| !room.users.is_empty())
                .map(|room| room.users.iter().map(member).collect()),
            links: Vec::new(),
            uploads,
        })
    }

    fn list(&self, id: &str, caller: &TokenSpec) -> Answer {
        let witness = |account: &str| {
            let mut tokens = self.world.tokens.values().filter(|token| token.account == account);
            tokens.any(|token| !token.expired && !acts(token) && !token.scopes.is_empty())
        };
        let upload = |file: &HandedIn| Upload {
            id: file.id.clone(),
            account: file.account.clone(),
            own: file.account == caller.account,
            witness: witness(&file.account),
            received_at: file.at,
            format: file.format,
            zone: Zone::default().name().to_owned(),
            bytes: file.bytes.len() as u64,
            records: file.records,
            last_at: file.last_at,
        };
        let uploads: Vec<Upload> = self.about(id).map(upload).collect();
        if uploads.is_empty() && self.listed(id).is_none() {
            return refuse("unknown_group");
        }
        json(&Uploads { uploads })
    }

    fn range(&self, request: &Request, id: &str) -> Answer {
        let file = self.inbox.iter().find(|file| file.id == id).ok_or(Refusal { code: "unknown_upload" })?;
        let asked = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|text| text.strip_prefix("bytes=")?.split_once('-'));
        let asked =
            asked.and_then(|(from, to)| Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok()?)));
        let (from, to) = asked.ok_or(Refusal { code: "bad_range" })?;
        let end = to.saturating_add(1).min(file.bytes.len());
        if from >= end {
            return refuse("bad_range");
        }
        let mut reply = Reply::new(file.bytes.slice(from..end));
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {from}-{}/{}", end - 1, file.bytes.len());
        if let Ok(value) = range.parse() {
            reply.headers_mut().insert(header::CONTENT_RANGE, value);
        }
        let octets = http::HeaderValue::from_static("application/octet-stream");
        reply.headers_mut().insert(header::CONTENT_TYPE, octets);
        Ok(reply)
    }
}

/// Whether the person behind a code is one who is asked to act. Worlds call it `manage`.
pub(super) fn acts(token: &TokenSpec) -> bool {
    token.scopes.iter().any(|scope| scope == auth::ACT || scope == "manage")
}

#[expect(clippy::unnecessary_wraps, reason = "every endpoint ends in an answer")]
fn json(body: &impl serde::Serialize) -> Answer {
    Ok(reply(StatusCode::OK, body))
}
