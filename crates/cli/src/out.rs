//! What a person or a script gets to see: one JSON document, or text in the person's language. Errors go to standard
//! error, with code, sentence and hint.

use std::borrow::Cow;
use std::io::Write as _;

use adjourn_app::AppError;
use adjourn_domain::plan::Note;
use adjourn_i18n::{Lang, error_text, msg};
use adjourn_web::wording::Say;
use serde_json::{Value, json};

/// How a verb ended: its exit code, as the contract says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// An error.
    Error = 1,
    /// Changes are planned.
    Planned = 2,
    /// Waiting for approval.
    Approval = 3,
    /// Blocked by a hold, by money, or by a rule.
    Blocked = 4,
    /// Partly done.
    Partly = 5,
    /// A human step is open.
    Human = 6,
    /// Observed: not gone.
    NotGone = 7,
    /// The evidence is invalid.
    Evidence = 8,
    /// The plan is stale.
    Stale = 9,
}

/// The exit code of an error.
pub(crate) fn exit_of(code: &str) -> Exit {
    match code {
        "approval.needed" | "approval.expired" | "approval.passkey" | "confirm.needed" | "handover.open"
        | "anonymise.confirm" => Exit::Approval,
        "hold.active"
        | "retention.running"
        | "retention.kept"
        | "retention.undecided"
        | "party.open"
        | "reaction.open"
        | "hold.self_lift"
        | "plan.blocked"
        | "policy.unmeetable"
        | "leave.owner"
        | "approval.self"
        | "approval.role"
        | "approval.duplicate"
        | "step.same_person"
        | "anonymise.small"
        | "anonymise.few" => Exit::Blocked,
        "export.incomplete" | "redact.partly" => Exit::Partly,
        "run.human" => Exit::Human,
        "observed.not_gone" => Exit::NotGone,
        "verify.failed" | "bundle.invalid" | "bundle.missing" | "deposit.denied" | "archive.altered"
        | "storage.damaged" => Exit::Evidence,
        "plan.stale" | "plan.edited" | "step.cant" => Exit::Stale,
        _ => Exit::Error,
    }
}

/// Where output goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    /// One JSON document instead of text.
    pub(crate) json: bool,
    /// The language of texts.
    pub(crate) lang: Lang,
}

impl Out {
    /// A line of text for people.
    pub(crate) fn line(self, text: impl AsRef<str>) {
        if !self.json {
            write_to(&mut std::io::stdout().lock(), &harmless(text.as_ref()));
        }
    }

    /// A line with colour of ours in it, which is not asked whether it is harmless.
    pub(crate) fn coloured(self, text: impl AsRef<str>) {
        if !self.json {
            let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
        }
    }

    /// The JSON document.
    pub(crate) fn document(self, value: &Value) {
        if self.json {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            write_to(&mut std::io::stdout().lock(), &escaped(&text));
        }
    }

    /// A line about progress, on standard error.
    pub(crate) fn progress(self, text: impl AsRef<str>) {
        if !self.json {
            write_to(&mut std::io::stderr().lock(), &harmless(text.as_ref()));
        }
    }

    /// Something that happened while a verb runs, on standard error: text, or one line of JSON.
    pub(crate) fn event(self, text: impl AsRef<str>, value: &Value) {
        let json = value.to_string();
        let said = if self.json { escaped(&json) } else { harmless(text.as_ref()) };
        write_to(&mut std::io::stderr().lock(), &said);
    }

    /// The last line: what to type next.
    pub(crate) fn next(self, command: impl AsRef<str>) {
        self.line(msg::next_command(self.lang, command.as_ref()));
    }

    /// An error, and its exit code.
    pub(crate) fn error(self, error: &AppError) -> Exit {
        let (sentence, hint) = self.told(error);
        let mut stderr = std::io::stderr().lock();
        if self.json {
            let body = json!({"error": {"code": error.code(), "message": sentence, "hint": hint, "args": error.0.args}});
            write_to(&mut stderr, &escaped(&body.to_string()));
        } else {
            write_to(&mut stderr, &harmless(&msg::line_error(self.lang, error.code(), sentence)));
            if !hint.is_empty() {
                write_to(&mut stderr, &harmless(&msg::line_hint(self.lang, hint)));
            }
        }
        exit_of(error.code())
    }

    /// An error as a sentence.
    pub(crate) fn sentence(self, error: &AppError) -> String {
        self.told(error).0
    }

    /// An error as a sentence and a hint.
    fn told(self, error: &AppError) -> (String, String) {
        let args: Vec<(&str, &str)> =
            error.0.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match error_text(self.lang, error.code(), &args) {
            Some(text) => (text.sentence, text.hint),
            None => (error.to_string(), String::new()),
        }
    }

    /// Says things in the language.
    pub(crate) fn say(self) -> Say {
        Say::new(self.lang)
    }

    /// A word of the vocabulary; the slug itself where there is none.
    pub(crate) fn word(self, family: &str, slug: &str) -> String {
        self.say().word(family, slug)
    }

    /// A note as a sentence.
    pub(crate) fn note(self, note: &Note) -> String {
        self.say().note(note)
    }
}

/// A closed pipe is no error of ours: whoever reads has read enough.
fn write_to(to: &mut impl std::io::Write, text: &str) {
    let _ = writeln!(to, "{text}");
    let _ = to.flush();
}

/// What a terminal shows as it is. Names of groups and people come from outside: a control character would move the cursor or
/// rename the window, a direction override would turn the rest of the line around.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.contains(acts) { Cow::Owned(text.replace(acts, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// The same for a JSON document, in which nothing may be lost: such a character can only be within a string there.
fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(acts) {
        return Cow::Borrowed(json);
    }
    let escape = |c: char| if acts(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    Cow::Owned(json.chars().map(escape).collect())
}

fn acts(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_or_turn_a_line_around_is_replaced_and_the_rest_is_kept() {
        assert!(matches!(harmless(plain()), Cow::Borrowed(same) if same == plain()));
        assert_eq!(
            harmless("a\u{1b}]0;x\u{7}\r\u{202e}b\u{2067}"),
            "a\u{fffd}]0;x\u{fffd}\u{fffd}\u{fffd}b\u{fffd}"
        );
    }

    #[test]
    fn a_document_loses_nothing() {
        let value = json!({"name": "a\u{202e}b\u{7f}\u{85}\u{1b}\n", "text": plain()});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let safe = escaped(&text);
        assert!(!safe.contains(acts), "{safe:?}");
        assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), value);
    }

    fn plain() -> &'static str {
        "\u{5d0}\u{5d1} \u{1f469}\u{200d}\u{1f680}\n\ta"
    }
}
