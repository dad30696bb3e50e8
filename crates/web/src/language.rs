//! The language in which somebody wants to be answered.

use adjourn_i18n::Lang;
use axum::http::{HeaderMap, header};

/// Languages that a request may list.
const MAX_TAGS: usize = 30;

/// The language that a browser or a script asks for; Chinese when it asks for none that we have.
pub fn asked(headers: &HeaderMap) -> Lang {
    let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
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
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_is_the_browsers_and_chinese_when_it_has_none() {
        let lang = |text: &'static str| {
            asked(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text))]))
        };
        assert_eq!(asked(&HeaderMap::new()), Lang::ZhCn);
        assert_eq!(lang("fr, de;q=0.5"), Lang::ZhCn);
        assert_eq!(lang("en-GB,en;q=0.9,zh;q=0.1"), Lang::En);
        assert_eq!(lang("en;q=0.2, zh-CN;q=0.9"), Lang::ZhCn);
        assert_eq!(lang("en;q=x, zh;q=0"), Lang::ZhCn);
    }
}
