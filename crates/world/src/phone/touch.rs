//! What each button does.

use std::collections::BTreeMap;

use adjourn_domain::time::Time;

use super::ended::What;
use super::view::{View, href};
use super::words::Words;
use super::{Ask, code};
use crate::person::ClientAct;
use crate::rules::Confirm;
use crate::world::{Refusal, World, refuse};

/// Longest text that is typed into a phone, in characters.
const MAX_TEXT: usize = 4_000;

/// What a form sent.
struct Sent<'a>(&'a BTreeMap<String, String>);

impl Sent<'_> {
    fn get(&self, name: &str) -> Result<String, Refusal> {
        match self.0.get(name) {
            Some(text) if text.chars().count() > MAX_TEXT => refuse("too_long"),
            Some(text) => Ok(text.clone()),
            None => refuse("bad_request"),
        }
    }

    fn text(&self, name: &str) -> Result<String, Refusal> {
        let text = self.get(name)?;
        let text = text.trim();
        if text.is_empty() { refuse("bad_request") } else { Ok(text.to_owned()) }
    }
}

impl World {
    /// Somebody presses a button: `path` is where the form was sent to, below `/phone`. Gives the page that comes next.
    ///
    /// # Errors
    /// The platform's refusal.
    pub fn touch(
        &mut self,
        at: Time,
        path: &[&str],
        form: &BTreeMap<String, String>,
    ) -> Result<String, Refusal> {
        let sent = Sent(form);
        let act = sent.get("act")?;
        let Some((who, rest)) = path.split_first() else { return refuse("no_endpoint") };
        if self.accounts.get(*who).is_none_or(|account| account.bot) {
            return refuse("unknown_account");
        }
        match (rest, act.as_str()) {
            (["chat", id], act) => self.in_chat(at, id, who, act, &sent),
            (["chat", id, "info"], act) => self.on_device(at, id, who, act),
            (["chat", id, "manage"], "transfer") => {
                self.acts(at, id, who, ClientAct::Transfer { to: sent.text("to")? })?;
                Ok(href(who, &["chat", id, "info"]))
            }
            (["chat", id, "manage"], "unlink") => {
                self.acts(at, id, who, ClientAct::Unlink { link: sent.text("link")? })?;
                Ok(href(who, &["chat", id, "info"]))
            }
            (["chat", id, "dissolve"], act) => self.towards_the_end(at, id, who, act, &sent),
            (["scan"], "scan") => self.scanned(who, &sent.text("code")?),
            (["inbox"], act) => self.answers(at, who, act, &sent.text("group")?),
            (["console"], "recall_notice") => {
                self.acts(at, &sent.text("group")?, who, ClientAct::RecallNotice)?;
                Ok(href(who, &["console"]))
            }
            _ => refuse("no_endpoint"),
        }
    }

    fn in_chat(
        &mut self,
        at: Time,
        id: &str,
        who: &str,
        act: &str,
        sent: &Sent<'_>,
    ) -> Result<String, Refusal> {
        let act = match act {
            "send" => ClientAct::Post { text: sent.text("text")? },
            "recall" => ClientAct::RecallMessage { message: sent.text("message")? },
            "take_back" => ClientAct::TakeBack,
            "restore" => ClientAct::Restore,
            _ => return refuse("no_endpoint"),
        };
        self.acts(at, id, who, act)?;
        Ok(href(who, &["chat", id]))
    }

    /// What happens to this phone only, and leaving, which is next to it in every app.
    fn on_device(&mut self, at: Time, id: &str, who: &str, act: &str) -> Result<String, Refusal> {
        let last = self.on_phone(id, who)?.messages.last().map_or(0, |message| message.seq);
        if act == "leave" {
            self.acts(at, id, who, ClientAct::Leave)?;
            return Ok(href(who, &[]));
        }
        let device = self.phones.devices.entry(who.to_owned()).or_default();
        match act {
            "hide" => {
                device.hidden.insert(id.to_owned(), last);
                Ok(href(who, &[]))
            }
            "show" => {
                device.hidden.remove(id);
                Ok(href(who, &["chat", id]))
            }
            "clear" => {
                device.cleared.insert(id.to_owned(), last);
                Ok(href(who, &["chat", id]))
            }
            _ => refuse("no_endpoint"),
        }
    }

    fn towards_the_end(
        &mut self,
        at: Time,
        id: &str,
        who: &str,
        act: &str,
        sent: &Sent<'_>,
    ) -> Result<String, Refusal> {
        if !self.offered(id, who) {
            self.seen_by(id, who)?;
            self.may_dissolve(id, who)?;
        }
        let here = href(who, &["chat", id, "dissolve"]);
        match act {
            "ask" => {
                if let Ok(statement) = sent.text("statement") {
                    self.phones.statements.insert(id.to_owned(), statement);
                }
                let before = self.phones.asks.get(id).cloned().unwrap_or_default();
                let ask = Ask { by: who.to_owned(), scanned: false, verified: false, agreed: None, ..before };
                self.phones.asks.insert(id.to_owned(), ask);
                Ok(here)
            }
            "verify" => {
                let right = sent.text("code")? == code("sms", id);
                let ask = self.phones.asks.get_mut(id).filter(|ask| ask.by == who && ask.scanned);
                let Some(ask) = ask else { return refuse("qr_needed") };
                if !right {
                    return refuse("phone_needed");
                }
                ask.verified = true;
                Ok(here)
            }
            "nominate" => {
                let to = sent.text("to")?;
                if !self.group(id)?.members.contains_key(&to) || self.is_bot(&to) || to == who {
                    return refuse("not_member");
                }
                let ask = Ask { by: who.to_owned(), nominee: Some(to), ..Ask::default() };
                self.phones.asks.insert(id.to_owned(), ask);
                Ok(here)
            }
            "dissolve" => {
                let ask = self.phones.asks.get(id).filter(|ask| ask.by == who).cloned().unwrap_or_default();
                let typed_name = match self.rules.dissolve_confirm {
                    Confirm::TypeName => sent.get("typed_name")?,
                    _ => String::new(),
                };
                let act = ClientAct::Dissolve {
                    typed_name,
                    qr_scanned: ask.scanned,
                    phone_confirmed: ask.verified,
                    super_admin: ask.agreed,
                };
                self.acts(at, id, who, act)?;
                self.phones.asks.remove(id);
                let member = self.group(id)?.members.contains_key(who);
                Ok(if member { href(who, &["chat", id]) } else { href(who, &["console"]) })
            }
            _ => refuse("no_endpoint"),
        }
    }

    fn scanned(&mut self, who: &str, shown: &str) -> Result<String, Refusal> {
        let mine = self.phones.asks.iter_mut().filter(|(_, ask)| ask.by == who);
        for (id, ask) in mine {
            if code("qr", id) == shown {
                ask.scanned = true;
                return Ok(href(who, &["chat", id, "dissolve"]));
            }
        }
        refuse("qr_needed")
    }

    /// Somebody gives the word that somebody else waits for.
    fn answers(&mut self, at: Time, who: &str, act: &str, id: &str) -> Result<String, Refusal> {
        let words = Words::of(&self.platform, "");
        let waiting = View { world: self, at, who, words }.waiting();
        let what = waiting.into_iter().find(|found| found.id == id).map(|found| found.what);
        let Some(what) = what else { return refuse("unknown_group") };
        let Some(ask) = self.phones.asks.get_mut(id) else { return refuse("unknown_group") };
        match (act, what) {
            ("reject", _) => {
                self.phones.asks.remove(id);
            }
            ("agree", What::Agree) => ask.agreed = Some(who.to_owned()),
            ("accept", What::Accept) => ask.accepted = true,
            ("approve", What::Approve) => {
                let to = ask.nominee.clone().unwrap_or_default();
                let owner = self.group(id)?.owner().cloned().unwrap_or_default();
                let act = ClientAct::Handover { to, approved_by: who.to_owned() };
                self.acts(at, id, &owner, act)?;
            }
            _ => return refuse("bad_request"),
        }
        Ok(href(who, &["inbox"]))
    }
}
