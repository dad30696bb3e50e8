//! Time as the reader has it.

use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};

/// Beijing time, in minutes: what the platforms' own clocks show.
pub const BEIJING: i32 = 8 * 60;

/// A time on a clock that is `offset` minutes ahead of UTC, with the offset behind it.
pub fn time(lang: Lang, time: Time, offset: i32) -> String {
    let (local, zone) = parts(time, offset);
    msg::guide_time(lang, zone, local)
}

/// The time on such a clock, and its offset in hours.
pub(crate) fn parts(time: Time, offset: i32) -> (String, String) {
    let local = Time::from_millis(time.as_millis() + i64::from(offset) * 60_000).to_string();
    let local = local.get(..16).unwrap_or(&local).replace('T', " ");
    let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let zone = match minutes % 60 {
        0 => format!("{sign}{}", minutes / 60),
        rest => format!("{sign}{}:{rest:02}", minutes / 60),
    };
    (local, zone)
}
