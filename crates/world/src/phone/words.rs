//! The words on a phone: the platform's own, as they are, and ours in the reader's language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

type Texts = BTreeMap<String, String>;

#[derive(Default, Deserialize)]
struct All {
    ours: BTreeMap<String, Texts>,
    usual: Texts,
    platforms: BTreeMap<String, Texts>,
}

static ALL: LazyLock<All> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/phone.json")).unwrap_or_default());

/// The words of one platform in one language.
#[derive(Clone, Copy)]
pub(super) struct Words {
    platform: Option<&'static Texts>,
    ours: Option<&'static Texts>,
    pub(super) lang: &'static str,
}

impl Words {
    /// The words of `platform`; what it does not have of its own are the usual ones.
    pub(super) fn of(platform: &str, lang: &str) -> Self {
        let lang = if lang.starts_with("en") { "en" } else { "zh-CN" };
        Self { platform: ALL.platforms.get(platform), ours: ALL.ours.get(lang), lang }
    }

    /// A word of the platform; empty where it has nothing of the kind.
    pub(super) fn app(self, key: &str) -> &'static str {
        let own = self.platform.and_then(|own| own.get(key));
        own.or_else(|| ALL.usual.get(key)).map_or("", String::as_str)
    }

    /// A sentence of ours, with its places filled in.
    pub(super) fn ours(self, key: &str, fill: &[(&str, &str)]) -> String {
        let mut text = self.ours.and_then(|ours| ours.get(key)).cloned().unwrap_or_default();
        for (name, value) in fill {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

/// The words of the platform's path to the dissolve, one per click; the usual ones where the rules name no path.
pub(super) fn clicks(path: &str, words: Words) -> Vec<String> {
    let found: Vec<String> =
        path.split('\u{2192}').map(str::trim).filter(|step| !step.is_empty()).map(str::to_owned).collect();
    if found.is_empty() {
        vec![words.app("menu").to_owned(), words.app("dissolve").to_owned()]
    } else {
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_are_the_same_in_both_languages_and_platforms_only_change_usual_ones() {
        let keys = |lang: &str| ALL.ours.get(lang).map(|texts| texts.keys().collect::<Vec<_>>());
        assert!(keys("en").is_some_and(|keys| keys.len() > 20));
        assert_eq!(keys("en"), keys("zh-CN"));
        for (platform, own) in &ALL.platforms {
            for key in own.keys() {
                assert!(ALL.usual.contains_key(key), "{platform}: {key}");
            }
        }
    }
}
