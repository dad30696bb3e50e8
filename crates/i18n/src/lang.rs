//! The two languages and how a name or a locale selects one.

use std::fmt;
use std::str::FromStr;

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Lang {
    /// Simplified Chinese, the language of most users.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Chinese first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// Reads a language tag or a POSIX locale: `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en_GB@euro`.
    ///
    /// `C` and `POSIX` are nobody's choice of a language and give `None`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first of the candidates that names one of our languages, otherwise English.
    ///
    /// The caller passes what its environment says, strongest first (`LC_ALL`, `LC_MESSAGES`, `LANG`), and
    /// only values that are set.
    pub fn detect<'a>(candidates: impl IntoIterator<Item = &'a str>) -> Self {
        candidates.into_iter().find_map(Self::parse).unwrap_or(Self::En)
    }

    /// The tag as it appears in folders, `lang` attributes and `--lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The name of a language that we have no texts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("zh-CN | en")
    }
}

impl std::error::Error for UnknownLang {}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(tag: &str) -> Result<Self, UnknownLang> {
        Self::parse(tag).ok_or(UnknownLang)
    }
}
