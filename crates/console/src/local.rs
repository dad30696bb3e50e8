//! Language and time as the reader has them.

use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};

/// Beijing time, in minutes: what the platforms' own clocks show.
pub const BEIJING: i32 = 8 * 60;
/// Languages that a browser may list.
const MAX_TAGS: usize = 30;

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

/// The language that a browser asks for; Chinese when it asks for none that we have.
pub fn lang(accept_language: Option<&str>) -> Lang {
    let mut tags: Vec<(f32, &str)> = accept_language
        .unwrap_or_default()
        .split(',')
        .take(MAX_TAGS)
        .map(|tag| {
            let (tag, q) = tag.split_once(";q=").unwrap_or((tag, "1"));
            // What is no number is not asked for.
            (q.trim().parse::<f32>().unwrap_or(0.0), tag.trim())
        })
        .filter(|(q, _)| *q > 0.0)
        .collect();
    tags.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    tags.iter().find_map(|(_, tag)| Lang::parse(tag)).unwrap_or(Lang::ZhCn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_browsers_and_chinese_when_it_has_none() {
        assert_eq!(lang(None), Lang::ZhCn);
        assert_eq!(lang(Some("fr, de;q=0.5")), Lang::ZhCn);
        assert_eq!(lang(Some("en-GB,en;q=0.9,zh;q=0.1")), Lang::En);
        assert_eq!(lang(Some("en;q=0.2, zh-CN;q=0.9")), Lang::ZhCn);
        assert_eq!(lang(Some("en;q=x, zh;q=0")), Lang::ZhCn);
    }
}
