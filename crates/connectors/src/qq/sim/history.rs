//! History and files. Each implementation pages in its own way.

use adjourn_domain::message::RecordKind;
use adjourn_world::{Group, Message};
use serde_json::{Value, json};

use super::QqSim;
use super::actions::Given;
use super::api::{Answer, Failure, failed};
use super::views::{self, FOLDER};
use crate::qq::wire::implementation::Implementation;
use crate::qq::wire::spelling;

/// Messages on a page of go-cqhttp.
const FIXED_PAGE: usize = 19;
/// Messages on a page where nobody says how many.
const DEFAULT_PAGE: usize = 20;

/// What the history shows: messages that have words or a file. QQ knows no edits; what was recalled is gone from it.
pub(super) fn shown(group: &Group) -> Vec<&Message> {
    let shown = |message: &&Message| {
        message.kind == RecordKind::Message && (message.text.is_some() || message.file.is_some())
    };
    group.messages.iter().filter(shown).collect()
}

impl QqSim {
    pub(super) fn history(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        let all = shown(group);
        let name = if self.plays == Implementation::Lagrange { "message_id" } else { "message_seq" };
        let anchor = match given.0.get(name) {
            Some(_) => Some(given.id(name)?),
            None => None,
        };
        let count = match given.0.get("count") {
            Some(_) => given.id("count")?.parse().map_err(|_| Failure::BadParams)?,
            None if self.plays == Implementation::GoCqhttp => FIXED_PAGE,
            None => DEFAULT_PAGE,
        };
        let by_number = self.plays == Implementation::GoCqhttp;
        let is = |message: &&Message, anchor: u64| {
            let own = if by_number { message.seq } else { views::message_id(&id, message.seq) };
            own == anchor
        };
        let at = match &anchor {
            Some(anchor) => {
                let wanted = anchor.parse().ok();
                match all.iter().position(|message| wanted.is_some_and(|wanted| is(message, wanted))) {
                    Some(at) => Some(at),
                    None => return no_message(anchor),
                }
            }
            None => None,
        };
        let reverse =
            given.flag("reverse_order")?.unwrap_or(false) || given.flag("reverseOrder")?.unwrap_or(false);
        let napcat = matches!(self.plays, Implementation::NapCat | Implementation::LlOneBot);
        let range = match at {
            None => all.len().saturating_sub(count)..all.len(),
            // From the anchor on, or up to it; one that nobody knows leaves the anchor itself out.
            Some(at) if napcat && !reverse => at..(at + count).min(all.len()),
            Some(at) if self.plays == Implementation::Unknown => at.saturating_sub(count)..at,
            Some(at) => (at + 1).saturating_sub(count)..at + 1,
        };
        let page = all.get(range).unwrap_or_default();
        if page.is_empty() && napcat {
            return no_message("undefined");
        }
        let messages: Vec<Value> =
            page.iter().map(|message| views::message(self, &id, group, message)).collect();
        Ok(json!({ "messages": messages }))
    }

    /// A message by its short id. It is kept, and answered for, after the group has ended.
    pub(super) fn message(&self, account: &str, given: &Given) -> Answer {
        let wanted = given.id("message_id")?;
        for (id, group) in &self.world.groups {
            if !group.members.contains_key(account) {
                continue;
            }
            let found = shown(group);
            let found = found.iter().find(|message| views::message_id(id, message.seq).to_string() == wanted);
            if let Some(found) = found {
                return Ok(views::message(self, id, group, found));
            }
        }
        failed("MSG_NOT_FOUND", "no such message")
    }

    pub(super) fn file_system(&self, account: &str, given: &Given) -> Answer {
        let group = self.world.seen_by(&given.id("group_id")?, account)?;
        let used: usize = group.files.values().map(String::len).sum();
        Ok(json!({
            "file_count": group.files.len(), "limit_count": 10_000,
            "used_space": used, "total_space": 10_737_418_240_u64,
        }))
    }

    pub(super) fn root_files(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        let folder = json!({
            "group_id": views::number(&id), "folder_id": FOLDER, "folder": FOLDER,
            "folder_name": spelling::of("folder"), "create_time": 0, "creator": 0,
            "creator_name": "", "total_file_count": group.files.len(),
        });
        let folders: Vec<Value> = if group.files.is_empty() { Vec::new() } else { vec![folder] };
        Ok(json!({ "files": [], "folders": folders }))
    }

    pub(super) fn folder_files(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        let folder = given.text("folder_id").or_else(|_| given.text("folder"))?;
        let inside = group.messages.iter().filter(|_| folder == FOLDER);
        let files: Vec<Value> = inside
            .filter_map(|message| {
                let file = message.file.as_ref()?;
                Some(json!({
                    "group_id": views::number(&id), "file_id": file.id, "file_name": file.name, "busid": 102,
                    "file_size": file.bytes, "size": file.bytes,
                    "upload_time": views::seconds(message.at), "dead_time": 0,
                    "modify_time": views::seconds(message.at), "download_times": 0,
                    "uploader": views::number(&message.sender),
                    "uploader_name": self.world.name_of(&message.sender),
                }))
            })
            .collect();
        Ok(json!({ "files": files, "folders": [] }))
    }

    pub(super) fn file_url(&self, account: &str, given: &Given, base: &str) -> Answer {
        let id = given.id("group_id")?;
        let file = given.text("file_id")?;
        if !self.world.seen_by(&id, account)?.files.contains_key(&file) {
            return failed("FILE_NOT_FOUND", "no such file");
        }
        Ok(json!({ "url": format!("{base}/download/{id}/{file}") }))
    }
}

/// There is no message to begin a page with.
fn no_message(anchor: &str) -> Answer {
    failed("MESSAGES_API_ERROR", &spelling::fill("no_message", anchor))
}
