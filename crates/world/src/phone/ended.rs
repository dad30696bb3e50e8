//! The way to the end of a group on a phone: the confirmation that the platform asks for, who has to agree, the notice, and
//! what can be done after it.

use super::page::{Bubble, Form, Page, Row, Section, Side, Weight};
use super::view::{View, local};
use super::words::clicks;
use super::{Ask, code};
use crate::group::Group;
use crate::rules::Confirm;
use crate::spec::Role;
use crate::world::{Refusal, refuse};

/// Something that waits for somebody's word.
pub(super) struct Waiting<'a> {
    pub(super) id: &'a str,
    pub(super) what: What,
}

/// Whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The super administrator's, about the end.
    Agree,
    /// The nominee's, about the handover.
    Accept,
    /// An administrator's, about the handover.
    Approve,
}

impl<'a> View<'a> {
    pub(super) fn dissolve(&self, id: &str) -> Result<Page, Refusal> {
        let group = self.world.group(id)?;
        if group.ended.is_some() {
            return refuse("dissolved");
        }
        if !self.world.offered(id, self.who) {
            self.world.may_dissolve(id, self.who)?;
        }
        let path = clicks(&self.world.rules.dissolve_path, self.words);
        let title = match path.as_slice() {
            [_, _, third, ..] => third.as_str(),
            [_, second] => second.as_str(),
            _ => self.words.app("dissolve"),
        };
        let back: &[&str] = match path.len() {
            0 | 1 => &["console"],
            2 => &["chat", id, "info"],
            _ => &["chat", id, "manage"],
        };
        let mut page = self.page(title, back);
        page.sections.push(Section::Heading(group.name.clone().unwrap_or_else(|| id.to_owned())));
        page.sections.push(Section::Warning(self.words.app("ask").to_owned()));
        page.sections.push(Section::Text(self.hint("dissolve_is")));
        page.sections.extend(self.confirming(id, group, path.get(3).map(String::as_str)));
        Ok(page)
    }

    fn form(&self, id: &str, act: &str, button: &str) -> Form {
        Form::button(&self.href(&["chat", id, "dissolve"]), act, button)
    }

    /// What is still missing, or the last button.
    fn confirming(&self, id: &str, group: &Group, last: Option<&str>) -> Vec<Section> {
        let words = self.words;
        let fallback = Ask::default();
        let ask = self.world.phones.asks.get(id).unwrap_or(&fallback);
        let mut done = Vec::new();
        if self.world.rules.needs_handover() {
            if group.handover.is_none() {
                return self.handing_over(id, group, ask);
            }
            let to = ask.nominee.as_deref().map_or("", |nominee| self.world.name_of(nominee));
            done.push(Section::Text(format!(
                "{}: {}",
                words.app("handover"),
                words.ours("agreed_by", &[("name", to)])
            )));
        }
        let mut end = self.form(id, "dissolve", last.unwrap_or(words.app("confirm"))).weight(Weight::Danger);
        match self.world.rules.dissolve_confirm {
            Confirm::TypeName => end = end.text("typed_name", words.app("type_name")),
            Confirm::QrPhone if ask.by != self.who => {
                let mut form = self.form(id, "ask", words.app("next"));
                if !words.app("statement").is_empty() {
                    form = form.text("statement", words.app("statement"));
                }
                done.push(form.weight(Weight::Main).into());
                return done;
            }
            Confirm::QrPhone if !ask.scanned => {
                done.push(Section::Code { caption: words.ours("code_scan", &[]), code: code("qr", id) });
                let scan = Row {
                    text: words.app("scan").to_owned(),
                    href: Some(self.href(&["scan"])),
                    ..Row::default()
                };
                done.push(Section::Rows(vec![scan]));
                return done;
            }
            Confirm::QrPhone if !ask.verified => {
                let code = code("sms", id);
                done.push(Section::Text(words.ours("sms", &[("app", words.app("app")), ("code", &code)])));
                let form = self.form(id, "verify", words.app("verify"));
                done.push(form.text("code", words.app("sms_code")).weight(Weight::Main).into());
                return done;
            }
            Confirm::SuperAdmin if ask.by.is_empty() => {
                done.push(self.form(id, "ask", words.app("apply")).weight(Weight::Main).into());
                return done;
            }
            Confirm::SuperAdmin => {
                let Some(agreed) = &ask.agreed else {
                    done.push(self.waits_for(self.world.with_role(Role::SuperAdmin).unwrap_or_default()));
                    return done;
                };
                let name = self.world.name_of(agreed);
                done.push(Section::Text(words.ours("agreed_by", &[("name", name)])));
            }
            Confirm::QrPhone | Confirm::Handover | Confirm::None => {}
        }
        done.push(end.into());
        done
    }

    fn handing_over(&self, id: &str, group: &Group, ask: &Ask) -> Vec<Section> {
        let words = self.words;
        let mut sections = vec![Section::Heading(words.app("handover").to_owned())];
        match &ask.nominee {
            None => {
                let outside =
                    |account: &str| self.world.accounts.get(account).is_none_or(|account| account.external);
                let people = self.people_of(group, |account| account != self.who && !outside(account));
                let form = self.form(id, "nominate", words.app("handover_apply"));
                let form = form.choice("to", words.app("handover_to"), people);
                sections.push(form.weight(Weight::Main).into());
            }
            Some(nominee) if !ask.accepted => sections.push(self.waits_for(nominee)),
            Some(nominee) => {
                let name = self.world.name_of(nominee);
                sections.push(Section::Text(words.ours("agreed_by", &[("name", name)])));
                let others = self.world.accounts.values();
                let approver = others
                    .filter(|account| account.role != Role::Member && account.id != *nominee)
                    .find(|account| account.id != self.who);
                sections.push(self.waits_for(approver.map_or("", |account| account.id.as_str())));
            }
        }
        sections
    }

    fn waits_for(&self, account: &str) -> Section {
        let fill = [("name", self.world.name_of(account)), ("inbox", self.words.app("inbox"))];
        Section::Warning(self.words.ours("waiting_for", &fill))
    }

    /// What waits for this person's word.
    pub(super) fn waiting(&self) -> Vec<Waiting<'a>> {
        let mut found = Vec::new();
        let role = self.world.role(self.who);
        for (id, ask) in &self.world.phones.asks {
            let Some(group) = self.world.groups.get(id).filter(|group| group.ended.is_none()) else {
                continue;
            };
            let agreeing = self.world.rules.dissolve_confirm == Confirm::SuperAdmin;
            if agreeing && role == Role::SuperAdmin && !ask.by.is_empty() && ask.agreed.is_none() {
                found.push(Waiting { id, what: What::Agree });
            }
            let Some(nominee) = ask.nominee.as_deref().filter(|_| group.handover.is_none()) else { continue };
            match (nominee == self.who, ask.accepted) {
                (true, false) => found.push(Waiting { id, what: What::Accept }),
                // Whoever asked for the handover does not approve it.
                (false, true) if role != Role::Member && ask.by != self.who => {
                    found.push(Waiting { id, what: What::Approve });
                }
                _ => {}
            }
        }
        found
    }

    pub(super) fn inbox(&self) -> Page {
        let words = self.words;
        let mut page = self.page(words.app("inbox"), &[]);
        let action = self.href(&["inbox"]);
        for Waiting { id, what } in self.waiting() {
            let ask = self.world.phones.asks.get(id);
            let (about, act, says) = match what {
                What::Agree => ("approval", "agree", "agree"),
                What::Accept => ("handover", "accept", "accept"),
                What::Approve => ("handover", "approve", "approve"),
            };
            let name = self.world.groups.get(id).and_then(|group| group.name.as_deref()).unwrap_or(id);
            let by = ask.map_or("", |ask| self.world.name_of(&ask.by));
            page.sections.push(Section::Heading(format!("{} \u{00b7} {name}", words.app(about))));
            page.sections.push(Section::Text(words.ours("asked_by", &[("name", by)])));
            let button =
                |act: &str, says: &str| Form::button(&action, act, words.app(says)).hidden("group", id);
            page.sections.push(button(act, says).weight(Weight::Main).into());
            page.sections.push(button("reject", "reject").into());
        }
        if page.sections.is_empty() {
            page.sections.push(self.nothing());
        }
        page
    }

    pub(super) fn scan(&self) -> Page {
        let mut page = self.page(self.words.app("scan"), &[]);
        let form = Form::button(&self.href(&["scan"]), "scan", self.words.app("scan"));
        page.sections.push(form.text("code", self.words.app("scan_code")).weight(Weight::Main).into());
        page
    }

    pub(super) fn console(&self) -> Result<Page, Refusal> {
        if !self.has_console() {
            return refuse("not_org_admin");
        }
        let words = self.words;
        let mut page = self.page(words.app("console"), &[]);
        page.sections.push(Section::Heading(words.app("org_groups").to_owned()));
        let in_console = clicks(&self.world.rules.dissolve_path, words).len() < 2;
        let open = self.world.groups.iter().filter(|(_, group)| group.ended.is_none());
        let rows: Vec<Row> = open
            .map(|(id, group)| {
                let href = (in_console && self.world.offered(id, self.who))
                    .then(|| self.href(&["chat", id, "dissolve"]));
                Row {
                    text: group.name.clone().unwrap_or_else(|| id.clone()),
                    detail: format!("{} {}", words.app("members"), group.members.len()),
                    mark: href.is_some().then(|| words.app("dissolve").to_owned()),
                    href,
                }
            })
            .collect();
        page.sections.push(if rows.is_empty() { self.nothing() } else { Section::Rows(rows) });
        if !words.app("archive").is_empty() {
            let detail = words.ours("archive_is", &[]);
            let href = Some(self.href(&["console", "archive"]));
            let text = words.app("archive").to_owned();
            page.sections.push(Section::Rows(vec![Row { text, detail, href, mark: None }]));
        }
        for (id, group) in &self.world.groups {
            let Some(ended) = &group.ended else { continue };
            page.sections.push(Section::Heading(format!(
                "{} \u{00b7} {}",
                group.name.as_deref().unwrap_or(id),
                words.app("dissolved")
            )));
            if self.world.rules.notice_recall == "admin_console" && !ended.told.is_empty() {
                let form =
                    Form::button(&self.href(&["console"]), "recall_notice", words.app("recall_notice"));
                page.sections.push(form.hidden("group", id).hint(self.hint("recall_notice_is")).into());
            }
        }
        Ok(page)
    }

    /// The platform's notices about a group that this person is in.
    pub(super) fn notices(&self, id: &str, group: &Group) -> Vec<Bubble> {
        let by_me = group.ended.as_ref().is_some_and(|ended| ended.by == self.who);
        let mine = self.world.notices(self.who).iter().filter(|notice| notice.group.as_str() == id);
        mine.map(|notice| Bubble {
            side: Side::System,
            from: String::new(),
            at: notice.at,
            text: notice.text.clone(),
            press: (by_me && self.world.rules.mistake_recall_s > 0).then(|| {
                let form = Form::button(&self.href(&["chat", id]), "take_back", self.words.app("recall"));
                form.hint(self.hint("take_back_is"))
            }),
        })
        .collect()
    }

    /// The platform's notices about groups that this person is not in.
    pub(super) fn told_outside(&self) -> Vec<Section> {
        let inside = |id: &str| self.world.group(id).is_ok_and(|group| group.members.contains_key(self.who));
        let outside = self.world.notices(self.who).iter().filter(|notice| !inside(notice.group.as_str()));
        outside.map(|notice| Section::Text(format!("{} {}", local(notice.at), notice.text))).collect()
    }

    /// What can still be done on the phone of whoever ended or managed the group.
    pub(super) fn after_the_end(&self, id: &str, group: &Group) -> Vec<Section> {
        let Some(ended) = &group.ended else { return Vec::new() };
        if ended.by != self.who && !self.world.manages(id, self.who) {
            return Vec::new();
        }
        let by = self.world.name_of(&ended.by);
        let at = local(ended.at);
        let mut sections = vec![Section::Text(self.words.ours("gone_by", &[("name", by), ("at", &at)]))];
        if self.world.rules.recovery_s > 0 {
            let form = Form::button(&self.href(&["chat", id]), "restore", self.words.app("restore"));
            sections.push(form.hint(self.hint("restore_is")).into());
        }
        sections
    }
}
