//! The patterns of claims: a TOML file beside the profiles, compiled in.

use adjourn_app::AppError;
use adjourn_domain::claims::{Book, Checked, check, find};
use adjourn_domain::fact::Profile;

use crate::profiles::{self, BuiltIn};

const BOOK: &str = include_str!("../../../profiles/claims.toml");

/// The patterns.
///
/// # Errors
/// `internal` when the file that is compiled in can't be read.
pub fn book() -> Result<Book, AppError> {
    toml::from_str(BOOK).map_err(|error| AppError::new("internal").with("says", format!("claims: {error}")))
}

/// The claims of a text, each held against the profiles of the platforms that the patterns know. Claims about laws are held
/// against the laws of these profiles; without any they are left out.
///
/// # Errors
/// `internal` when what is compiled in can't be read.
pub fn check_text(text: &str, profiles: &BuiltIn) -> Result<Vec<Checked>, AppError> {
    let book = book()?;
    let known = profiles::platforms().filter(|name| book.platforms.contains_key(*name));
    let known: Vec<Profile> = known.map(|name| profiles.read(name)).collect::<Result<_, _>>()?;
    Ok(check(find(&book, text), &known))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use adjourn_domain::claims::Mark;

    use super::*;
    use crate::law::{STANDARD, packs};

    fn known() -> BuiltIn {
        BuiltIn::new(packs(&STANDARD).unwrap())
    }

    fn check_text(text: &str) -> Result<Vec<Checked>, AppError> {
        super::check_text(text, &known())
    }

    fn lines(checked: &[Checked]) -> BTreeSet<String> {
        let line = |of: &Checked| {
            let platform = of.claim.platform.as_deref().unwrap_or("-");
            format!("{} {platform} {} {} {}", of.claim.line, of.claim.key, of.claim.value, of.mark.slug())
        };
        checked.iter().map(line).collect()
    }

    /// Every claim of the text is found, nothing else is, and each has its mark.
    fn all_of(text: &str, expected: &str) {
        let found = lines(&check_text(text).unwrap());
        let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
        let missed: Vec<_> = expected.difference(&found).collect();
        let invented: Vec<_> = found.difference(&expected).collect();
        assert!(missed.is_empty() && invented.is_empty(), "missed {missed:#?}\nnot expected {invented:#?}");
    }

    #[test]
    fn every_claim_of_the_sample_has_its_mark() {
        all_of(
            include_str!("../fixtures/howto-claims.txt"),
            include_str!("../fixtures/howto-claims.expected"),
        );
    }

    #[test]
    fn the_same_in_other_words_has_the_same_marks() {
        all_of(include_str!("../fixtures/paraphrases.txt"), include_str!("../fixtures/paraphrases.expected"));
    }

    #[test]
    fn each_claim_says_where_it_stands_and_what_is_known() {
        let text = include_str!("../fixtures/howto-claims.txt");
        for checked in check_text(text).unwrap() {
            let line = text.lines().nth(checked.claim.line - 1).unwrap();
            assert!(line.contains(&checked.claim.text), "{checked:?}");
            assert!((1..=line.chars().count()).contains(&checked.claim.column), "{checked:?}");
            assert!(!checked.known.is_empty() && !checked.id.is_empty(), "{checked:?}");
            if matches!(checked.mark, Mark::Confirmed | Mark::Outdated) {
                assert!(checked.known.first().unwrap().agrees, "{checked:?}");
            }
        }
    }

    #[test]
    fn req_c2_claims_about_laws_are_held_against_the_chosen_packs() {
        let text =
            "Trading groups must keep their vouchers for 3 years.\nA QQ group is dissolved by its owner.";
        let about = |profiles: &BuiltIn| {
            let checked = super::check_text(text, profiles).unwrap();
            checked.iter().filter(|of| of.claim.key.starts_with("law.")).count()
        };
        assert!(about(&known()) > 0);
        assert_eq!(about(&BuiltIn::default()), 0);
    }

    #[test]
    fn a_text_about_something_else_makes_no_claim() {
        for text in ["", "\n\n", "The weather is fine, and 24 hours long.", include_str!("../../../LICENSE")]
        {
            assert_eq!(check_text(text).unwrap(), [], "{text:.40}");
        }
    }

    #[test]
    fn a_text_that_says_both_contradicts_itself() {
        let text = "Only the owner can dissolve a QQ group.\nIn QQ, the owner or an admin can dissolve the group.\n\
                    A dissolved WeChat group cannot be restored.\n\
                    In WeChat, recall it within two minutes and the group is back.";
        let checked = check_text(text).unwrap();
        let found: Vec<_> = checked
            .iter()
            .filter(|of| of.mark == Mark::SelfContradictory)
            .map(|of| (of.claim.line, of.claim.key.as_str(), of.conflicts.clone(), of.by_facts))
            .collect();
        assert!(found.contains(&(1, "dissolve.who", vec![2], Mark::Confirmed)), "{found:?}");
        assert!(found.contains(&(2, "dissolve.who", vec![1], Mark::Contradicted)), "{found:?}");
        assert!(found.iter().any(|(line, key, ..)| (*line, *key) == (3, "recovery.seconds")), "{found:?}");
        assert!(
            found.iter().any(|(line, key, ..)| (*line, *key) == (4, "mistake.recall_seconds")),
            "{found:?}"
        );
    }

    #[test]
    fn hostile_texts_come_to_an_end() {
        let long = "QQ 24h ".repeat(5_000);
        let bars = "|".repeat(20_000);
        let digits = "9".repeat(20_000);
        for text in [long.as_str(), bars.as_str(), digits.as_str(), "\u{202e}\u{0}\u{feff}"] {
            assert!(check_text(text).unwrap().len() < 100);
        }
    }

    /// Each pattern is about a fact that a profile has, so that no claim is found and then dropped.
    #[test]
    fn every_rule_is_about_a_fact() {
        let profiles: Vec<Profile> = profiles::platforms().map(|name| known().read(name).unwrap()).collect();
        for rule in book().unwrap().rules {
            let there = |platform: &str| {
                let facts =
                    profiles.iter().filter(|of| platform.is_empty() || of.platform.as_str() == platform);
                facts.flat_map(|of| &of.facts).any(|fact| fact.key == rule.key)
            };
            assert!(there(""), "{}", rule.key);
            assert!(!rule.values.is_empty() || rule.number.is_some(), "{}", rule.key);
        }
        let book = book().unwrap();
        assert_eq!(book.fold.from.chars().count(), book.fold.to.chars().count());
    }
}
