//! The personal way, rendered: one printable page, one calendar file.

use adjourn_domain::fact::{Fact, Text};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg, word};

use crate::local::{self, BEIJING};

pub mod html;
pub mod ics;

/// The platforms on which a person has one group to end.
pub const PLATFORMS: [&str; 4] = ["wechat", "qq", "dingtalk", "wecom"];

/// Everything around the document that its rendering depends on.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The language.
    pub lang: Lang,
    /// Offset of the shown times from UTC, in minutes.
    pub offset: i32,
    /// When it is made.
    pub now: Time,
}

impl View {
    /// The text in the view's language.
    pub fn text(self, text: &Text) -> &str {
        match self.lang {
            Lang::ZhCn => &text.zh,
            Lang::En => &text.en,
        }
    }

    /// A word, or its slug where there is none.
    pub fn word(self, family: &str, slug: &str) -> String {
        word(self.lang, &format!("{family}.{slug}")).map_or_else(|| slug.to_owned(), str::to_owned)
    }

    /// What a fact says, and since when it is no longer so.
    pub fn says(self, fact: &Fact) -> String {
        let says = self.text(&fact.says);
        match &fact.ended {
            Some(date) => {
                let gap = if self.lang == Lang::En { " " } else { "" };
                format!("{says}{gap}{}", msg::guide_ended(self.lang, date))
            }
            None => says.to_owned(),
        }
    }

    /// How far a fact can be trusted, in words.
    pub fn sure(self, fact: &Fact) -> String {
        self.word("confidence", fact.confidence.slug())
    }

    /// A note as a sentence, with its times as the person's clock shows them.
    pub fn note(self, note: &Note) -> String {
        let shown: Vec<(&str, String)> = note
            .args
            .iter()
            .map(|(name, value)| {
                let time = if name == "time" { Time::parse(value) } else { None };
                (name.as_str(), time.map_or_else(|| value.clone(), |time| self.time(time)))
            })
            .collect();
        let args: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        adjourn_i18n::note(self.lang, &note.code, &args).unwrap_or_else(|| note.code.clone())
    }

    /// A time, as the person's clock shows it, with the offset.
    pub fn time(self, time: Time) -> String {
        local::time(self.lang, time, self.offset)
    }

    /// A duration, in the unit in which people say it: 72 hours, 7 days, 2 minutes.
    pub fn long(self, seconds: u64) -> String {
        const DAY: u64 = 86_400;
        if seconds.is_multiple_of(DAY) && seconds > 3 * DAY {
            msg::guide_n_days(self.lang, seconds / DAY)
        } else if seconds.is_multiple_of(3600) {
            msg::guide_n_hours(self.lang, seconds / 3600)
        } else if seconds.is_multiple_of(60) {
            msg::guide_n_minutes(self.lang, seconds / 60)
        } else {
            msg::guide_n_seconds(self.lang, seconds)
        }
    }
}

/// A time that a person typed, with the offset in which it is shown. Without an offset it is Beijing time.
pub fn typed_time(text: &str) -> Option<(Time, i32)> {
    let text = text.trim().replacen(' ', "T", 1);
    if let Some(time) = Time::parse(&text) {
        return Some((time, offset_of(&text).unwrap_or(0)));
    }
    Time::parse(&format!("{text}+08:00")).map(|time| (time, BEIJING))
}

/// Now, shown in Beijing time.
pub fn default_offset() -> i32 {
    BEIJING
}

/// Minutes of `+08:00` at the end.
fn offset_of(text: &str) -> Option<i32> {
    let at = text.len().checked_sub(6)?;
    let (hours, minutes) = text.get(at + 1..)?.split_once(':')?;
    let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    match text.get(at..=at)? {
        "+" => Some(minutes),
        "-" => Some(-minutes),
        _ => None,
    }
}
