//! The route: which steps, in which order, for exactly this case.

use super::{Act, Answers, Button, Hanging, Holds, Keep, Line, Outcome, Owner};
use crate::fact::{Profile, Rules};
use crate::plan::Note;
use crate::time::Time;

pub(super) struct Route<'a> {
    profile: &'a Profile,
    answers: &'a Answers,
    rules: Rules,
    at: Time,
}

impl<'a> Route<'a> {
    pub(super) fn new(profile: &'a Profile, answers: &'a Answers, rules: Rules, at: Time) -> Self {
        Self { profile, answers, rules, at }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match (self.answers.owner, self.answers.button) {
            (Owner::Me, Button::Present) => Outcome::Dissolved,
            (Owner::Me, Button::Missing) if self.can_be_emptied() => Outcome::Emptied,
            (Owner::Me, Button::Missing) => Outcome::NotByYou,
            (Owner::Other | Owner::Gone, _) => Outcome::LeftOnly,
        }
    }

    /// Numbered steps.
    pub(super) fn steps(&self) -> Vec<Line> {
        let mut steps = Vec::new();
        if self.answers.owner == Owner::Me {
            steps.push(self.line(Note::new("guide-step-owner-check"), OWNER_KEYS));
            self.beforehand(&mut steps);
            self.take_off(&mut steps);
            self.end(&mut steps);
        } else {
            self.keep(&mut steps);
            self.not_yours(&mut steps);
        }
        steps
    }

    /// What must be saved, kept and announced before anything else.
    fn beforehand(&self, steps: &mut Vec<Line>) {
        if self.answers.holds.contains(&Holds::School) {
            let note = Note::new("guide-step-school").with("time", self.at);
            steps.push(self.line(note, &["special.education", "notice.education"]));
        }
        self.keep(steps);
    }

    fn keep(&self, steps: &mut Vec<Line>) {
        let answers = self.answers;
        if answers.keep.contains(&Keep::Evidence) {
            let keys = [
                "special.judicial",
                "special.judicial.path",
                "special.judicial.notary",
                "special.judicial.weight",
            ];
            steps.push(self.line(Note::new("guide-step-evidence"), &keys));
        }
        if answers.saves_chat() {
            let keys = [
                "export.way",
                "history.where",
                "history.automatic",
                "history.roaming_hours",
                "recovery.after_deletion",
            ];
            steps.push(self.line(Note::new("guide-step-chat"), &keys));
        }
        if answers.saves_files() {
            let keys = ["files.kept", "files.kept_seconds", "files.may_expire"];
            steps.push(self.line(Note::new("guide-step-files"), &keys));
        }
        if answers.keep.contains(&Keep::Members) {
            steps.push(self.line(Note::new("guide-step-members"), &[]));
        }
        if answers.holds.contains(&Holds::Vouchers) {
            let keys = ["law.trade.keep_years", "law.trade.who"];
            steps.push(self.line(Note::new("guide-step-vouchers"), &keys));
        }
    }

    /// What hangs on the group comes off before the end: afterwards it often can't.
    fn take_off(&self, steps: &mut Vec<Line>) {
        for (link, note, keys) in [
            (Hanging::Payments, Note::new("guide-step-payments"), ["link.payment"].as_slice()),
            (Hanging::MiniPrograms, Note::new("guide-step-mini-programs"), &["link.mini_program"]),
            (Hanging::Bots, Note::new("guide-step-bots"), &["link.bot"]),
        ] {
            if self.answers.links.contains(&link) {
                steps.push(self.line(note, keys));
            }
        }
    }

    fn end(&self, steps: &mut Vec<Line>) {
        if self.any("handover.required", |value| value.as_bool() == Some(true)) {
            let keys = ["handover.required", "special.handover"];
            steps.push(self.line(Note::new("guide-step-handover"), &keys).every());
        }
        let announce = Note::new("guide-step-announce").with("time", self.at);
        steps.push(self.line(announce, &["announce.channel", "notice.to", "notice.text"]));
        steps.push(self.line(Note::new("guide-step-last-look"), &[]));
        match self.answers.button {
            Button::Present => {
                let path = self.profile.text("dissolve.path", self.rules).unwrap_or("?");
                let note = Note::new("guide-step-dissolve").with("path", path);
                steps.push(self.line(note, PATH_KEYS).every().last());
                let keys = ["exception.mistake", "mistake.recall_seconds", "rollback.per_month"];
                steps.push(self.line(Note::new("guide-step-mistake"), &keys).every());
                let keys = ["exception.interrupted"];
                steps.push(self.line(Note::new("guide-step-interrupted"), &keys));
            }
            Button::Missing => steps.extend(self.branch()),
        }
        steps.push(self.line(Note::new("guide-step-witness"), &["gone.signal"]));
        steps.push(self.line(Note::new("guide-step-watch"), &["observe.seconds", "gone.probe"]));
    }

    /// The group belongs to somebody else, or to nobody who can be reached.
    fn not_yours(&self, steps: &mut Vec<Line>) {
        let who = ["dissolve.who", "dissolve.who.department"];
        if self.answers.owner == Owner::Other {
            steps.push(self.line(Note::new("guide-step-ask-owner"), &who).every());
            let keys = ["handover.api", "handover.member_age_hours"];
            steps.push(self.line(Note::new("guide-step-take-over"), &keys).every());
        } else {
            if self.profile.facts.iter().any(|fact| matches!(fact.key.as_str(), "dissolve.who.department")) {
                steps.push(self.line(Note::new("guide-step-org-admin"), &who).every());
            }
            let keys = ["exception.banned", "exception.banned_desk", "exception.banned_hours"];
            steps.push(self.line(Note::new("guide-step-desk"), &keys));
        }
        steps.push(self.line(Note::new("guide-step-leave"), LEAVE_KEYS));
    }

    /// What to do when there is no button to dissolve.
    pub(super) fn branch(&self) -> Vec<Line> {
        if self.answers.owner != Owner::Me {
            return Vec::new();
        }
        let mut lines = vec![self.line(Note::new("guide-step-update"), &["dissolve.button"]).every()];
        if self.can_be_emptied() {
            lines.push(self.line(Note::new("guide-step-empty"), &["act.owner_leave"]).every().last());
        } else {
            let keys = ["dissolve.emptying", "dissolve.excluded"];
            lines.push(self.line(Note::new("guide-step-empty-impossible"), &keys));
        }
        lines
    }

    pub(super) fn acts(&self) -> Vec<Act> {
        [
            ("dissolve", ["dissolve.who", "notice.to", "recovery.seconds"].as_slice()),
            ("leave", LEAVE_KEYS),
            ("delete", &["act.delete_chat_dissolves"]),
            ("hide", &["act.delete_chat_dissolves"]),
        ]
        .into_iter()
        .map(|(act, keys)| Act { act, keys: self.known(keys) })
        .collect()
    }

    pub(super) fn final_things(&self) -> Vec<Line> {
        [
            (Note::new("guide-final-group"), ["recovery.seconds", "exception.mistake"].as_slice()),
            (Note::new("guide-final-notice"), &["notice.recall", "notice.recall_seconds"]),
            (
                Note::new("guide-final-history"),
                &["recovery.after_deletion", "recovery.request_seconds", "recovery.by"],
            ),
            (Note::new("guide-final-files"), &["files.kept", "files.kept_seconds"]),
            (Note::new("guide-final-copies"), &["residue.devices"]),
        ]
        .into_iter()
        .map(|(note, keys)| self.line(note, keys).every())
        .collect()
    }

    pub(super) fn checks(&self) -> Vec<Line> {
        [
            (Note::new("guide-check-witness"), ["gone.signal", "notice.text"].as_slice()),
            (Note::new("guide-check-hidden"), &["act.delete_chat_dissolves"]),
            (Note::new("guide-check-left"), &["act.leave_dissolves"]),
            (Note::new("guide-check-return"), &["dissolve.return_code_proves", "gone.not_a_proof"]),
            (Note::new("guide-check-unknown"), &["gone.probe"]),
        ]
        .into_iter()
        .map(|(note, keys)| self.line(note, keys))
        .collect()
    }

    /// Whether removing everybody is a way at all.
    fn can_be_emptied(&self) -> bool {
        !self.any("dissolve.emptying", |value| value.as_bool() == Some(false))
    }

    fn any(&self, key: &str, test: impl Fn(&serde_json::Value) -> bool) -> bool {
        self.profile.facts.iter().any(|fact| fact.key == key && test(&fact.value))
    }

    /// The keys of which the profile has a fact.
    fn known(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().filter(|key| self.any(key, |_| true)).map(|key| (*key).to_owned()).collect()
    }

    fn line(&self, note: Note, keys: &[&str]) -> Line {
        Line { note, keys: self.known(keys), every: false, last: false }
    }
}

impl Line {
    fn every(mut self) -> Self {
        self.every = true;
        self
    }

    fn last(mut self) -> Self {
        self.last = true;
        self
    }
}

const OWNER_KEYS: &[&str] = &["dissolve.who", "dissolve.who.department", "dissolve.excluded"];
const PATH_KEYS: &[&str] = &["dissolve.path", "dissolve.path.department", "dissolve.confirm"];
const LEAVE_KEYS: &[&str] = &["act.leave_dissolves", "act.owner_leave", "act.owner_leave_dissolves"];
