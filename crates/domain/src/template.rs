//! Templates of new groups: where a group is made, what has to be said of it, and how it is called. A name that follows
//! a rule says to everybody whose group it is and what for, for as long as the group lives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::{Day, Holding};
use crate::group::Kind;
use crate::ids::{ConnectionId, NativeId};
use crate::refusal::Refusal;
use crate::time::Time;

/// Longest name of a group unless the template says otherwise, in characters: what the strictest platform takes.
const MAX_LENGTH: usize = 20;
/// Longest name that a template may allow, in characters.
const MOST_LENGTH: usize = 255;
/// Characters of a name besides letters and digits, unless the template says otherwise.
const CHARACTERS: &str = "-_ ";
/// Days after which a group expires, at most.
const MOST_DAYS: u16 = 4000;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The connection through which groups are made.
    pub connection: ConnectionId,
    /// The kind of group.
    #[serde(default)]
    pub kind: Kind,
    /// The class; the connection's if `None`.
    #[serde(default)]
    pub class: Option<String>,
    /// How groups are called: text with placeholders, `{unit}-{purpose}-{date}`.
    pub name: String,
    /// Longest name, in characters.
    #[serde(default = "max_length")]
    pub max_length: usize,
    /// Characters of a name besides letters and digits of any script.
    #[serde(default = "characters")]
    pub characters: String,
    /// What has to be said besides owner and contact.
    #[serde(default)]
    pub required: Vec<Field>,
    /// Accounts that are in every such group.
    #[serde(default)]
    pub members: Vec<NativeId>,
    /// Account of the owner, where nothing else is said; the connection's own if `None`.
    #[serde(default)]
    pub owner_account: Option<NativeId>,
    /// Days after which such a group expires, where nothing else is said.
    #[serde(default)]
    pub expires_days: Option<u16>,
    /// What such a group holds, where nothing else is said.
    #[serde(default)]
    pub holds: Vec<Holding>,
}

fn max_length() -> usize {
    MAX_LENGTH
}

fn characters() -> String {
    CHARACTERS.to_owned()
}

/// Something that is said of a new group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who owns it.
    Owner,
    /// How to reach the owner.
    Contact,
    /// Who stands in for the owner.
    Deputy,
    /// What it is for.
    Purpose,
    /// The organisation unit.
    Unit,
    /// After how many days it expires.
    ExpiresDays,
    /// What it holds: personal data, business secrets, vouchers.
    Holds,
}

impl Field {
    /// The field's slug, as in JSON; on the command line with a dash.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Contact => "contact",
            Self::Deputy => "deputy",
            Self::Purpose => "purpose",
            Self::Unit => "unit",
            Self::ExpiresDays => "expires_days",
            Self::Holds => "holds",
        }
    }

    /// The field of a placeholder. Only what may stand in a name for everybody to read: no contact, and no deputy.
    fn in_name(text: &str) -> Option<Self> {
        [Self::Owner, Self::Purpose, Self::Unit].into_iter().find(|field| field.slug() == text)
    }
}

/// What a person says of a new group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Who owns it.
    pub owner: String,
    /// How to reach the owner.
    pub contact: String,
    /// Who stands in for the owner.
    pub deputy: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The organisation unit.
    pub unit: Option<String>,
    /// After how many days it expires.
    pub expires_days: Option<u16>,
    /// What it holds.
    pub holds: Vec<Holding>,
}

impl Said {
    fn text(&self, field: Field) -> Option<&str> {
        let text = match field {
            Field::Owner => Some(self.owner.as_str()),
            Field::Contact => Some(self.contact.as_str()),
            Field::Deputy => self.deputy.as_deref(),
            Field::Purpose => self.purpose.as_deref(),
            Field::Unit => self.unit.as_deref(),
            Field::ExpiresDays => return self.expires_days.map(|_| "days"),
            Field::Holds => self.holds.first().map(|holding| holding.slug()),
        };
        text.map(str::trim).filter(|text| !text.is_empty())
    }
}

impl Template {
    /// Checks the rule itself, so that one that can't be met is told when it is written.
    ///
    /// # Errors
    /// What is wrong, in plain words for whoever writes configurations.
    pub fn check(&self) -> Result<(), String> {
        let parts = parts(&self.name)?;
        if !(1..=MOST_LENGTH).contains(&self.max_length) {
            return Err(format!("max_length: 1 to {MOST_LENGTH}"));
        }
        let fixed =
            parts.iter().filter_map(|part| if let Part::Text(text) = part { Some(*text) } else { None });
        let fixed: Vec<&str> = fixed.collect();
        if let Some(bad) = fixed.iter().flat_map(|text| text.chars()).find(|c| !self.takes(*c)) {
            return Err(format!("name: the character {bad:?} is not in characters"));
        }
        let length: usize = fixed.iter().map(|text| text.chars().count()).sum();
        if length >= self.max_length && parts.len() > fixed.len() {
            return Err("name: max_length leaves no room for the placeholders".to_owned());
        }
        if self.characters.chars().any(char::is_control) {
            return Err("characters: no control characters".to_owned());
        }
        if self.expires_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
            return Err(format!("expires_days: 1 to {MOST_DAYS}"));
        }
        Ok(())
    }

    /// What is said, with the template's own words where nothing was, if nothing is missing.
    ///
    /// # Errors
    /// `template.field` with the first field that is missing.
    pub fn complete(&self, said: Said) -> Result<Said, Refusal> {
        let mut said = said;
        said.expires_days = said.expires_days.or(self.expires_days);
        if said.holds.is_empty() {
            said.holds.clone_from(&self.holds);
        }
        let always = [Field::Owner, Field::Contact];
        let missing = always.iter().chain(&self.required).find(|field| said.text(**field).is_none());
        match missing {
            Some(field) => Err(Refusal::new("template.field").with("field", field.slug())),
            None => Ok(said),
        }
    }

    /// The name of a group of which this is said. `at` gives the date, for readers `utc_offset_minutes` from UTC.
    ///
    /// # Errors
    /// `template.field` for a placeholder that nothing is said for, `template.characters` and `template.length` with the
    /// part that breaks the rule.
    pub fn name(&self, said: &Said, at: Time, utc_offset_minutes: i32) -> Result<String, Refusal> {
        let parts = parts(&self.name).map_err(|says| Refusal::new("config.invalid").with("says", says))?;
        let mut lengths = BTreeMap::new();
        let mut name = String::new();
        for part in &parts {
            let text = match part {
                Part::Text(text) => (*text).to_owned(),
                Part::Date => date(at, utc_offset_minutes),
                Part::Field(field) => {
                    let text = said.text(*field);
                    let text =
                        text.ok_or_else(|| Refusal::new("template.field").with("field", field.slug()))?;
                    if let Some(bad) = text.chars().find(|c| !self.takes(*c)) {
                        return Err(Refusal::new("template.characters")
                            .with("field", field.slug())
                            .with("character", visible(bad))
                            .with("allowed", &self.characters));
                    }
                    lengths.insert(text.chars().count(), field.slug());
                    text.to_owned()
                }
            };
            name.push_str(&text);
        }
        let length = name.chars().count();
        if length > self.max_length {
            // The longest part is the one that can be shortened.
            let longest = lengths.last_key_value().map_or("name", |(_, field)| field);
            return Err(Refusal::new("template.length")
                .with("field", longest)
                .with("name", &name)
                .with("length", length)
                .with("most", self.max_length));
        }
        if name.trim().is_empty() {
            return Err(Refusal::new("template.field").with("field", "name"));
        }
        Ok(name)
    }

    fn takes(&self, c: char) -> bool {
        c.is_alphanumeric() || self.characters.contains(c)
    }
}

/// A part of a name rule.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Field(Field),
    Date,
}

fn parts(rule: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = rule;
    while let Some((text, after)) = rest.split_once('{') {
        let (placeholder, after) = after.split_once('}').ok_or("name: a { without its }")?;
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        parts.push(match placeholder {
            "date" => Part::Date,
            other => Part::Field(Field::in_name(other).ok_or_else(|| {
                format!(
                    "name: the placeholder {{{other}}}; there are {{unit}}, {{purpose}}, {{owner}}, {{date}}"
                )
            })?),
        });
        rest = after;
    }
    if rest.contains('}') || parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}'))) {
        return Err("name: a } without its {".to_owned());
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    if parts.is_empty() { Err("name: it is empty".to_owned()) } else { Ok(parts) }
}

/// The date as `YYYYMMDD`.
fn date(at: Time, utc_offset_minutes: i32) -> String {
    Day::of(at, utc_offset_minutes).to_string().replace('-', "")
}

/// A character as it can be shown: one that can't be seen by its number.
fn visible(c: char) -> String {
    if c.is_control() || c.is_whitespace() { format!("U+{:04X}", u32::from(c)) } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(name: &str) -> Template {
        Template {
            connection: "wx".into(),
            kind: Kind::Ordinary,
            class: None,
            name: name.to_owned(),
            max_length: 20,
            characters: characters(),
            required: vec![Field::Purpose],
            members: Vec::new(),
            owner_account: None,
            expires_days: Some(90),
            holds: vec![Holding::PersonalData],
        }
    }

    fn said() -> Said {
        let some = |text: &str| Some(text.to_owned());
        Said {
            owner: "Li".into(),
            contact: "li@example.org".into(),
            purpose: some("audit"),
            unit: some("\u{8d22}\u{52a1}"),
            ..Said::default()
        }
    }

    fn at() -> Time {
        Time::parse("2026-11-30T17:00:00Z").unwrap()
    }

    #[test]
    fn req_g1_a_name_follows_its_rule_and_its_readers_date() {
        let template = template("{unit}-{purpose}-{date}");
        template.check().unwrap();
        assert_eq!(template.name(&said(), at(), 480).unwrap(), "\u{8d22}\u{52a1}-audit-20261201");
        assert_eq!(template.name(&said(), at(), 0).unwrap(), "\u{8d22}\u{52a1}-audit-20261130");
    }

    #[test]
    fn req_g1_what_breaks_the_rule_is_named() {
        let template = template("{unit}-{purpose}-{date}");
        let refused = |said: &Said| template.name(said, at(), 0).unwrap_err();
        let without = refused(&Said { unit: Some("  ".into()), ..said() });
        assert_eq!((without.code, without.args["field"].as_str()), ("template.field", "unit"));
        let wrong = refused(&Said { purpose: Some("a/b".into()), ..said() });
        assert_eq!((wrong.code, wrong.args["field"].as_str()), ("template.characters", "purpose"));
        assert_eq!(wrong.args["character"], "/");
        let hidden = refused(&Said { unit: Some("a\u{202e}b".into()), ..said() });
        assert_eq!(hidden.code, "template.characters");
        let long = refused(&Said { purpose: Some("x".repeat(30)), ..said() });
        assert_eq!((long.code, long.args["field"].as_str()), ("template.length", "purpose"));
        assert_eq!((long.args["length"].as_str(), long.args["most"].as_str()), ("42", "20"));
    }

    #[test]
    fn req_g1_required_fields_are_asked_for_and_the_templates_own_fill_in() {
        let template = template("{purpose}");
        let done = template.complete(said()).unwrap();
        assert_eq!((done.expires_days, done.holds.len()), (Some(90), 1));
        let missing = |said: Said| template.complete(said).unwrap_err().args["field"].clone();
        assert_eq!(missing(Said { owner: String::new(), ..said() }), "owner");
        assert_eq!(missing(Said { contact: " ".into(), ..said() }), "contact");
        assert_eq!(missing(Said { purpose: None, ..said() }), "purpose");
    }

    #[test]
    fn req_g1_a_rule_that_can_never_be_met_is_refused_when_it_is_written() {
        for (name, part) in [
            ("", "empty"),
            ("{unit", "without its }"),
            ("unit}", "without its {"),
            ("{contact}", "placeholder {contact}"),
            ("{purpose}/x", "'/'"),
            ("abcdefghijklmnopqrst{purpose}", "no room"),
        ] {
            let says = template(name).check().unwrap_err();
            assert!(says.contains(part), "{name}: {says}");
        }
        assert!(Template { max_length: 0, ..template("{purpose}") }.check().is_err());
        assert!(Template { expires_days: Some(0), ..template("{purpose}") }.check().is_err());
    }
}
