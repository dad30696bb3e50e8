//! The calendar file (RFC 5545): every clock of the platform that runs, counted from the dissolve, each with alarms.
//! A clock that does not act, or that nobody confirmed, is tentative and says so in its title.

use adjourn_domain::canonical::Hash;
use adjourn_domain::fact::Confidence;
use adjourn_domain::guide::{Clock, Guide, Outcome};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;

use super::View;

/// Longest line in bytes, without its line break.
const LINE: usize = 75;

/// Renders the calendar.
pub fn render(guide: &Guide, view: View) -> String {
    let lang = view.lang;
    let platform = view.text(&guide.name);
    let mut file = Calendar::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.line("PRODID", concat!("-//Adjourn//guide ", env!("CARGO_PKG_VERSION"), "//EN"));
    file.line("CALSCALE", "GREGORIAN");
    file.line("METHOD", "PUBLISH");
    file.text("X-WR-CALNAME", &msg::guide_ics_name(lang, platform));
    let title = match guide.outcome {
        Outcome::Dissolved => msg::guide_ics_dissolve(lang, platform),
        _ => msg::guide_ics_leave(lang, platform),
    };
    file.event(
        guide,
        view,
        &Event {
            what: "dissolve",
            at: guide.at,
            title,
            says: msg::guide_ics_dissolve_says(lang),
            firm: true,
            alarms: &[86_400, 3600],
        },
    );
    for clock in &guide.clocks.running {
        file.event(guide, view, &clock_event(clock, platform, view));
    }
    for look in &guide.clocks.looks {
        let what = format!("look {}", look.hours);
        file.event(
            guide,
            view,
            &Event {
                what: &what,
                at: look.at,
                title: msg::guide_ics_look(lang, look.hours, platform),
                says: msg::guide_ics_look_says(lang),
                firm: true,
                alarms: &[0],
            },
        );
    }
    file.line("END", "VCALENDAR");
    file.0
}

fn clock_event<'a>(clock: &'a Clock, platform: &str, view: View) -> Event<'a> {
    let lang = view.lang;
    let what = view.note(&Note::new(&format!("guide-clock-{}", clock.key)));
    let (long, sure) = (view.long(clock.seconds), view.sure(&clock.fact));
    let fact = &clock.fact;
    let firm = clock.acting && clock.confidence == Confidence::Confirmed;
    let title = if firm {
        msg::guide_ics_clock(lang, long, platform, what)
    } else {
        msg::guide_ics_clock_unsure(lang, &sure, long, platform, what)
    };
    let mut says = msg::guide_ics_says(lang, sure, &fact.checked, view.says(fact), &fact.source);
    if !clock.acting {
        says.push(' ');
        says.push_str(&msg::guide_ics_not_acting(lang));
    }
    let alarms = if clock.lead_s() < 3600 { Alarms::SHORT } else { Alarms::of(clock.lead_s()) };
    Event { what: &clock.key, at: clock.ends_at, title, says, firm, alarms }
}

/// Alarms before the end of a clock.
struct Alarms;

impl Alarms {
    const SHORT: &'static [u64] = &[30];
    const HOURS: &'static [u64] = &[6 * 3600, 0];
    const DAYS: &'static [u64] = &[86_400, 0];

    fn of(lead_s: u64) -> &'static [u64] {
        if lead_s < 86_400 { Self::HOURS } else { Self::DAYS }
    }
}

struct Event<'a> {
    what: &'a str,
    at: Time,
    title: String,
    says: String,
    firm: bool,
    /// Seconds before it.
    alarms: &'a [u64],
}

#[derive(Default)]
struct Calendar(String);

impl Calendar {
    fn event(&mut self, guide: &Guide, view: View, event: &Event<'_>) {
        let end = event.at.plus_secs(900);
        self.line("BEGIN", "VEVENT");
        // The same clock of the same dissolve is the same event, however often the file is imported.
        let named = format!("{}\n{}\n{}\n{}", guide.platform, event.what, guide.at, event.at);
        let uid = Hash::of(named.as_bytes()).to_string();
        self.line("UID", &format!("{}@adjourn", uid.get(..32).unwrap_or(&uid)));
        self.line("DTSTAMP", &stamp(view.now));
        self.line("DTSTART", &stamp(event.at));
        self.line("DTEND", &stamp(end));
        self.text("SUMMARY", &event.title);
        self.text("DESCRIPTION", &event.says);
        self.line("STATUS", if event.firm { "CONFIRMED" } else { "TENTATIVE" });
        self.line("TRANSP", "TRANSPARENT");
        for before in event.alarms {
            self.line("BEGIN", "VALARM");
            self.line("ACTION", "DISPLAY");
            self.text("DESCRIPTION", &event.title);
            self.line("TRIGGER", &format!("-PT{before}S"));
            self.line("END", "VALARM");
        }
        self.line("END", "VEVENT");
    }

    /// A property whose value is text: escaped.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(c);
                }
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.line(name, &escaped);
    }

    /// A line, folded after 75 bytes, never inside a character.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// `20261201T120000Z`.
fn stamp(time: Time) -> String {
    let text = time.to_string();
    let digits: String = text.chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{digits}Z")
}
