//! What each page shows.

use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;

use super::page::{Bubble, Form, Page, Row, Section, Side, Weight};
use super::words::{Words, clicks};
use crate::group::{Group, Message};
use crate::rules::Confirm;
use crate::spec::Role;
use crate::world::{Refusal, World, refuse};
use adjourn_domain::message::RecordKind;

/// Messages on a page.
const PAGE: usize = 30;
/// Seconds by which the clock can be put forward.
const SKIPS: [&str; 4] = ["120", "3600", "86400", "259200"];

/// One phone at one time.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    pub(super) at: Time,
    pub(super) who: &'a str,
    pub(super) words: Words,
}

/// Whose phones there are.
pub(super) fn people(world: &World, at: Time, words: Words) -> Page {
    let people = world.accounts.values().filter(|account| !account.bot);
    let rows = people.map(|account| {
        let role = match account.role {
            Role::Member if account.external => words.app("external"),
            Role::Member => "",
            Role::MainAdmin => words.app("main_admin"),
            Role::OrgAdmin => words.app("org_admin"),
            Role::SuperAdmin => words.app("super_admin"),
        };
        // Only an organisation has administrators.
        let role = if words.app("console").is_empty() && account.role != Role::Member { "" } else { role };
        Row {
            text: account.name.clone(),
            detail: account.id.clone(),
            href: Some(href(&account.id, &[])),
            mark: Some(role.to_owned()).filter(|role| !role.is_empty()),
        }
    });
    let mut page = page(at, words, words.ours("people", &[]), None);
    page.sections.push(Section::Rows(rows.collect()));
    page.sections.push(Section::Heading(words.ours("skip", &[])));
    page.sections.extend(SKIPS.map(|seconds| {
        let form = Form::button("/phone/clock", "skip", &words.ours(&format!("skip_{seconds}"), &[]));
        form.hidden("seconds", seconds).into()
    }));
    page
}

fn page(at: Time, words: Words, title: String, person: Option<&str>) -> Page {
    let app = words.app("app");
    Page {
        lang: words.lang.to_owned(),
        app: app.to_owned(),
        colour: words.app("colour").to_owned(),
        simulated: words.ours("simulated", &[("app", app)]),
        person: person.map(str::to_owned),
        at,
        title,
        ..Page::default()
    }
}

/// The address of a page of `who`'s phone.
pub(super) fn href(who: &str, rest: &[&str]) -> String {
    let mut path = "/phone".to_owned();
    for part in [who].iter().chain(rest) {
        path.push('/');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                path.push(char::from(byte));
            } else {
                path.push('%');
                path.extend([byte >> 4, byte & 15].map(hex));
            }
        }
    }
    path
}

fn hex(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase()
}

/// A time as a phone in China shows it.
pub(super) fn local(at: Time) -> String {
    let text = at.plus_secs(8 * 3600).to_string();
    text.replace('T', " ").chars().take("2026-01-01 00:00:00".len()).collect()
}

impl<'a> View<'a> {
    pub(super) fn href(&self, rest: &[&str]) -> String {
        href(self.who, rest)
    }

    pub(super) fn page(&self, title: &str, back: &[&str]) -> Page {
        let back = Some(self.href(back));
        Page { back, ..page(self.at, self.words, title.to_owned(), Some(self.world.name_of(self.who))) }
    }

    pub(super) fn nothing(&self) -> Section {
        Section::Text(self.words.ours("nothing", &[]))
    }

    /// Our sentence about what a button does.
    pub(super) fn hint(&self, key: &str) -> String {
        self.words.ours(key, &[])
    }

    fn is_hidden(&self, id: &str, group: &Group) -> bool {
        let last = group.messages.last().map_or(0, |message| message.seq);
        let device = self.world.phones.devices.get(self.who);
        device.and_then(|device| device.hidden.get(id)).is_some_and(|then| last <= *then)
    }

    /// Groups that this person was in when they ended, or is in.
    fn mine(&self) -> impl Iterator<Item = (&'a String, &'a Group)> {
        let who = self.who;
        self.world.groups.iter().filter(move |(_, group)| group.members.contains_key(who))
    }

    fn row(&self, id: &str, group: &Group) -> Row {
        let last = self.bubbles(id, group).pop();
        let told = self.world.notices(self.who).iter().any(|notice| notice.group.as_str() == id);
        let by_me = group.ended.as_ref().is_some_and(|ended| ended.by == self.who);
        let ended = group.ended.is_some() && (told || by_me);
        Row {
            text: group.name.clone().unwrap_or_else(|| id.to_owned()),
            detail: last.map(|last| last.text).unwrap_or_default(),
            href: Some(self.href(&["chat", id])),
            mark: ended.then(|| self.words.app("dissolved").to_owned()),
        }
    }

    pub(super) fn chats(&self) -> Page {
        let mut page = self.page(self.words.app("chats"), &[]);
        page.back = Some("/phone".to_owned());
        let shown: Vec<Row> = self
            .mine()
            .filter(|(id, group)| !self.is_hidden(id, group))
            .map(|(id, group)| self.row(id, group))
            .collect();
        page.sections.push(if shown.is_empty() { self.nothing() } else { Section::Rows(shown) });
        let outside: Vec<Section> = self.told_outside();
        if !outside.is_empty() {
            page.sections.push(Section::Heading(self.words.ours("told_outside", &[])));
            page.sections.extend(outside);
        }
        let row = |text: &str, rest: &str, count: usize| Row {
            text: text.to_owned(),
            href: Some(self.href(&[rest])),
            mark: (count > 0).then(|| count.to_string()),
            ..Row::default()
        };
        let hidden = self.mine().filter(|(id, group)| self.is_hidden(id, group)).count();
        let mut rows = Vec::new();
        if hidden > 0 {
            rows.push(row(&self.words.ours("hidden", &[]), "hidden", hidden));
        }
        if self.world.rules.dissolve_confirm == Confirm::QrPhone {
            rows.push(row(self.words.app("scan"), "scan", 0));
        }
        rows.push(row(self.words.app("inbox"), "inbox", self.waiting().len()));
        if self.has_console() {
            rows.push(row(self.words.app("console"), "console", 0));
        }
        page.sections.push(Section::Heading("\u{2022}".to_owned()));
        page.sections.push(Section::Rows(rows));
        page
    }

    pub(super) fn hidden(&self) -> Page {
        let mut page = self.page(&self.words.ours("hidden", &[]), &[]);
        let hidden = self.mine().filter(|(id, group)| self.is_hidden(id, group));
        let rows: Vec<Row> = hidden.map(|(id, group)| self.row(id, group)).collect();
        page.sections.push(if rows.is_empty() { self.nothing() } else { Section::Rows(rows) });
        page
    }

    pub(super) fn has_console(&self) -> bool {
        !self.words.app("console").is_empty() && self.world.role(self.who) != Role::Member
    }

    /// The conversation as this device has it, oldest first.
    fn bubbles(&self, id: &str, group: &Group) -> Vec<Bubble> {
        let device = self.world.phones.devices.get(self.who);
        let cleared = device.and_then(|device| device.cleared.get(id)).copied().unwrap_or(0);
        let messages = group.messages.iter().filter(|message| message.seq > cleared);
        let mut bubbles: Vec<Bubble> =
            messages.filter_map(|message| self.bubble(id, group, message)).collect();
        bubbles.extend(self.notices(id, group));
        bubbles.sort_by_key(|bubble| bubble.at);
        bubbles
    }

    fn bubble(&self, id: &str, group: &Group, message: &Message) -> Option<Bubble> {
        let mine = message.sender == self.who;
        let (side, text) = match (&message.kind, &message.text, &message.file) {
            (RecordKind::System, text, _) => {
                (Side::System, text.clone().unwrap_or_else(|| self.words.ours("created", &[])))
            }
            (RecordKind::Message, _, Some(file)) => (Side::Theirs, format!("\u{1f4c4} {}", file.name)),
            (RecordKind::Message, Some(text), None) => (Side::Theirs, text.clone()),
            (RecordKind::Message, None, None) => (Side::System, self.words.ours("recalled", &[])),
            // Edits, removals and reactions are seen in what they changed.
            _ => return None,
        };
        let mine_still = mine && side == Side::Theirs;
        let press = (mine_still && group.ended.is_none() && message.text.is_some()).then(|| {
            let form = Form::button(&self.href(&["chat", id]), "recall", self.words.app("recall"));
            form.hidden("message", &message.id)
        });
        Some(Bubble {
            side: if mine_still { Side::Mine } else { side },
            from: self.world.name_of(&message.sender).to_owned(),
            at: message.at,
            text,
            press,
        })
    }

    pub(super) fn chat(&self, id: &str, before: Option<usize>) -> Result<Page, Refusal> {
        let group = self.world.on_phone(id, self.who)?;
        let path = clicks(&self.world.rules.dissolve_path, self.words);
        let mut page = self.page(group.name.as_deref().unwrap_or(id), &[]);
        page.menu = Some(self.menu(id, &path));
        let mut bubbles = self.bubbles(id, group);
        let end = before.unwrap_or(bubbles.len()).min(bubbles.len());
        bubbles.truncate(end);
        let start = end.saturating_sub(PAGE);
        let shown = bubbles.split_off(start);
        if start > 0 {
            let text = self.words.ours("earlier", &[]);
            let href = format!("{}?before={start}", self.href(&["chat", id]));
            page.sections.push(Section::Rows(vec![Row { text, href: Some(href), ..Row::default() }]));
        }
        page.sections.push(if shown.is_empty() { self.nothing() } else { Section::Bubbles(shown) });
        if group.ended.is_some() {
            page.sections.extend(self.after_the_end(id, group));
        } else if group.frozen && group.standing(self.who) == Standing::Member {
            page.sections.push(Section::Text(self.words.ours("muted", &[])));
        } else {
            let form = Form::button(&self.href(&["chat", id]), "send", self.words.app("send"));
            page.sections.push(form.text("text", self.words.app("say")).weight(Weight::Main).into());
        }
        Ok(page)
    }

    /// What is at the top right of a chat: the first click of the platform's path, where the path begins in the chat.
    fn menu(&self, id: &str, path: &[String]) -> Row {
        let first = path.first().filter(|_| path.len() > 1).map_or(self.words.app("menu"), String::as_str);
        let corner = first.starts_with(self.words.app("corner"));
        Row {
            text: if corner { "\u{00b7}\u{00b7}\u{00b7}".to_owned() } else { first.to_owned() },
            detail: first.to_owned(),
            href: Some(self.href(&["chat", id, "info"])),
            mark: None,
        }
    }

    pub(super) fn info(&self, id: &str) -> Result<Page, Refusal> {
        let group = self.world.on_phone(id, self.who)?;
        let mut page = self.page(self.words.app("menu"), &["chat", id]);
        let heading = format!("{} ({})", self.words.app("members"), group.members.len());
        page.sections.push(Section::Heading(heading));
        page.sections.push(Section::Rows(self.members(group)));
        let mut rows = Vec::new();
        let row = |text: &str, rest: &str| Row {
            text: text.to_owned(),
            href: Some(self.href(&["chat", id, rest])),
            ..Row::default()
        };
        let path = clicks(&self.world.rules.dissolve_path, self.words);
        let offered = self.world.offered(id, self.who);
        match path.as_slice() {
            [_, manage, _, ..] if group.ended.is_none() && self.world.manages(id, self.who) => {
                rows.push(row(manage, "manage"));
            }
            [_, dissolve] if offered => rows.push(row(dissolve, "dissolve")),
            _ => {}
        }
        if !self.words.app("export").is_empty() {
            let detail = self.words.ours("export_is", &[]);
            rows.push(Row { detail, ..row(self.words.app("export"), "export") });
        }
        if !rows.is_empty() {
            page.sections.push(Section::Rows(rows));
        }
        if path.len() < 3 {
            page.sections.extend(self.managing(id, group));
        }
        let action = self.href(&["chat", id, "info"]);
        let (hide, says) = if self.is_hidden(id, group) { ("show", "show") } else { ("hide", "hide") };
        let button = |act: &str, says: &str| Form::button(&action, act, self.words.app(says));
        page.sections.push(button(hide, says).hint(self.hint("hide_is")).into());
        page.sections.push(button("clear", "clear").hint(self.hint("clear_is")).into());
        if group.ended.is_none() {
            let leave = button("leave", "leave").hint(self.hint("leave_is")).weight(Weight::Danger);
            page.sections.push(leave.into());
        }
        Ok(page)
    }

    fn members(&self, group: &Group) -> Vec<Row> {
        let members = group.members.iter().map(|(account, member)| {
            let mark = match member.standing {
                Standing::Owner => self.words.app("owner"),
                Standing::Admin => self.words.app("admin"),
                Standing::Member if self.world.is_bot(account) => self.words.app("bot"),
                Standing::Member => "",
            };
            Row {
                text: self.world.name_of(account).to_owned(),
                detail: account.clone(),
                href: None,
                mark: Some(mark.to_owned()).filter(|mark| !mark.is_empty()),
            }
        });
        members.collect()
    }

    pub(super) fn manage(&self, id: &str) -> Result<Page, Refusal> {
        let group = self.world.seen_by(id, self.who)?;
        if group.standing(self.who) == Standing::Member {
            return refuse("not_manager");
        }
        let path = clicks(&self.world.rules.dissolve_path, self.words);
        let title = path.get(1).map_or("", String::as_str);
        let mut page = self.page(title, &["chat", id, "info"]);
        page.sections.extend(self.managing(id, group));
        if let (Some(dissolve), true) = (path.get(2), self.world.offered(id, self.who)) {
            let row = Row {
                text: dissolve.clone(),
                detail: self.hint("dissolve_is"),
                href: Some(self.href(&["chat", id, "dissolve"])),
                mark: None,
            };
            page.sections.push(Section::Rows(vec![row]));
        }
        Ok(page)
    }

    /// What managers do besides: links, and the owner's transfer.
    fn managing(&self, id: &str, group: &Group) -> Vec<Section> {
        if group.ended.is_some() || !self.world.manages(id, self.who) {
            return Vec::new();
        }
        let action = self.href(&["chat", id, "manage"]);
        let mut sections = Vec::new();
        if !group.links.is_empty() {
            sections.push(Section::Heading(self.words.app("apps").to_owned()));
        }
        for link in &group.links {
            let button = format!("{} {}", self.words.app("unlink"), link.name);
            let form = Form::button(&action, "unlink", &button);
            sections.push(form.hidden("link", &link.id).into());
        }
        if group.standing(self.who) == Standing::Owner {
            let people = self.people_of(group, |account| account != self.who);
            let form = Form::button(&action, "transfer", self.words.app("transfer"));
            sections.push(form.choice("to", self.words.app("transfer_to"), people).into());
        }
        sections
    }

    /// The people in a group that `fits`, to choose from.
    pub(super) fn people_of(&self, group: &Group, fits: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let people =
            group.members.keys().filter(|account| !self.world.is_bot(account) && fits(account.as_str()));
        people.map(|account| (account.clone(), self.world.name_of(account).to_owned())).collect()
    }
}
