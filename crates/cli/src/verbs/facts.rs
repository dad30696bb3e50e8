//! `facts`: what is known about a platform, what the organisation says instead, and where the rules differ.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::profiles::{BuiltIn, platforms};
use adjourn_app::ports::Clock as _;
use adjourn_app::{App, AppError};
use adjourn_domain::clocks::shown;
use adjourn_domain::fact::{Fact, Rules};
use adjourn_domain::ids::{PlatformId, PrincipalId};
use adjourn_domain::knowledge::Knowledge;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use crate::Environment;
use crate::args::{FactsArgs, FactsVerb, Global};
use crate::compose::{self, Places};
use crate::config::Config;
use crate::out::{Exit, Out};
use adjourn_web::shapes;
use adjourn_web::wording::{in_language, sign};

mod check;

/// The tables of the requirements, in the order in which people ask.
const TABLES: [char; 9] = ['P', 'N', 'H', 'S', 'L', 'E', 'X', 'G', 'C'];

/// What showing facts needs.
struct View<'a> {
    out: Out,
    now: Time,
    stale_days: u64,
    rules: Option<Rules>,
    names: BTreeMap<PrincipalId, String>,
    only: Option<&'a str>,
    amber: bool,
}

/// Runs `facts`.
pub(crate) async fn run(
    global: &Global,
    out: Out,
    environment: &Environment,
    args: &FactsArgs,
) -> Result<Exit, AppError> {
    let places = Places::of(global, environment.home.as_deref());
    match &args.verb {
        Some(FactsVerb::Check { .. }) | None => {}
        Some(verb) => return change(global, out, environment, &places, verb).await,
    }
    let config = Config::read(global.config.as_deref(), &places.data)?;
    let profiles = config.profiles()?;
    if let Some(FactsVerb::Check { file }) = &args.verb {
        return check::run(out, file, &profiles);
    }
    // Asking makes no data folder: without one there is nothing that an organisation could have said.
    let app = places.database().exists().then(|| compose::app(&places, &config, out)).transpose()?;
    let names = match &app {
        Some(app) => {
            let principals = app.journal.org().await?.principals.into_values();
            principals.map(|principal| (principal.id, principal.name)).collect()
        }
        None => BTreeMap::new(),
    };
    let view = View {
        out,
        names,
        now: SystemClock.now(),
        stale_days: config.facts.stale_days,
        rules: args.rules.as_deref().map(rules_of),
        only: args.only.as_deref(),
        amber: !environment.no_color && std::io::stdout().is_terminal(),
    };
    let mut known = Vec::new();
    match &args.platform {
        Some(platform) => known.push(load(app.as_ref(), &profiles, platform).await?),
        None if args.differences => {
            for platform in platforms() {
                known.push(load(app.as_ref(), &profiles, platform).await?);
            }
        }
        None => {
            let names: Vec<_> = platforms().collect();
            return Err(AppError::new("usage").with("says", format!("facts {}", names.join("|"))));
        }
    }
    if args.differences {
        view.differences(&known);
    } else if let Some(known) = known.first() {
        view.facts(known);
    }
    Ok(Exit::Done)
}

fn rules_of(text: &str) -> Rules {
    if text == "confirmed" { Rules::Confirmed } else { Rules::Declared }
}

/// The profile, with the organisation's overrides where there is an organisation.
async fn load(app: Option<&App>, profiles: &BuiltIn, platform: &str) -> Result<Knowledge, AppError> {
    match app {
        Some(app) => app.knowledge(&PlatformId::from(platform)).await,
        None => profiles.read(platform).map(Knowledge::of),
    }
}

async fn change(
    global: &Global,
    out: Out,
    environment: &Environment,
    places: &Places,
    verb: &FactsVerb,
) -> Result<Exit, AppError> {
    let config = Config::read(global.config.as_deref(), &places.data)?;
    let app = compose::app(places, &config, out)?;
    let signer = compose::signer(global, environment.key.as_deref())?;
    match verb {
        FactsVerb::Override { platform, key, value, reason } => {
            let value =
                app.override_fact(&PlatformId::from(platform.as_str()), key, value, reason, &signer).await?;
            out.line(msg::facts_overridden(out.lang, key, out.word("platform", platform), shown(&value)));
            out.next(format!("adjourn facts {platform} --only {key}"));
            out.document(&json!({"platform": platform, "key": key, "value": value, "reason": reason}));
        }
        FactsVerb::Retract { platform, key, reason } => {
            app.retract_fact(&PlatformId::from(platform.as_str()), key, reason, &signer).await?;
            out.line(msg::facts_retracted(out.lang, key, out.word("platform", platform)));
            out.next(format!("adjourn facts {platform} --only {key}"));
            out.document(&json!({"platform": platform, "key": key, "retracted": true, "reason": reason}));
        }
        FactsVerb::Check { .. } => {}
    }
    Ok(Exit::Done)
}

impl View<'_> {
    fn shows(&self, fact: &Fact) -> bool {
        self.only.is_none_or(|only| fact.id.starts_with(only) || fact.key.starts_with(only))
    }

    fn facts(&self, known: &Knowledge) {
        let out = self.out;
        let facts: Vec<&Fact> = known.profile.facts.iter().filter(|fact| self.shows(fact)).collect();
        out.line(msg::facts_title(out.lang, facts.len() as u64, in_language(out.lang, &known.profile.name)));
        for table in TABLES {
            let mut last = None;
            for fact in facts.iter().filter(|fact| fact.id.starts_with(table)) {
                if last.is_none() {
                    let name = out.word("table", &table.to_ascii_lowercase().to_string());
                    out.line(format!("\n{table}  {name}"));
                }
                if last != Some((&fact.id, &fact.key)) {
                    out.line(format!("  {:<4} {}", fact.id, fact.key));
                    self.overridden(known, fact);
                }
                last = Some((&fact.id, &fact.key));
                self.fact(known, fact);
            }
        }
        let document = shapes::facts(known, self.rules, self.now, self.stale_days, |fact| self.shows(fact));
        out.document(&document);
    }

    fn overridden(&self, known: &Knowledge, fact: &Fact) {
        let Some(says) = known.overrides.get(&fact.key) else { return };
        let out = self.out;
        let by = self.names.get(&says.by).map_or(says.by.as_str(), String::as_str);
        let line = msg::facts_override(out.lang, says.at, by, &says.reason, shown(&says.value));
        out.line(format!("     ★ {line}"));
    }

    fn fact(&self, known: &Knowledge, fact: &Fact) {
        let out = self.out;
        let confidence = out.word("confidence", fact.confidence.slug());
        let acts = match shapes::acts(known, fact, self.rules).as_slice() {
            [] => String::new(),
            rules => {
                let rules: Vec<_> = rules.iter().map(|rules| out.word("rules", rules)).collect();
                format!("  ◀ {}", msg::facts_acts(out.lang, rules.join(" + ")))
            }
        };
        out.line(format!(
            "     {} {confidence} · {}{acts}\n       {}",
            sign(fact.confidence),
            shown(&fact.value),
            in_language(out.lang, &fact.says)
        ));
        let mut from = format!("       {} · {}", fact.source, msg::facts_checked(out.lang, &fact.checked));
        if let Some(ended) = &fact.ended {
            from.push_str(" · ");
            from.push_str(&msg::facts_ended(out.lang, ended));
        }
        if fact.stale(self.now, self.stale_days) {
            from.push_str("  ");
            from.push_str(&self.stale_mark());
        }
        if self.amber { out.coloured(from) } else { out.line(from) }
    }

    /// The mark of what has to be checked again: a sign and a word, amber where there is colour.
    fn stale_mark(&self) -> String {
        let mark = format!("⚠ {}", msg::facts_stale(self.out.lang, self.stale_days));
        if self.amber { format!("\u{1b}[33m{mark}\u{1b}[0m") } else { mark }
    }

    fn document(&self, known: &Knowledge, fact: &Fact) -> Value {
        shapes::fact(known, fact, self.rules, self.now, self.stale_days)
    }

    fn differences(&self, known: &[Knowledge]) {
        let out = self.out;
        let mut documents = Vec::new();
        for known in known {
            let found: Vec<_> =
                known.differences().into_iter().filter(|found| self.shows(found.declared)).collect();
            let name = in_language(out.lang, &known.profile.name);
            out.line(msg::facts_differences(out.lang, found.len() as u64, name));
            for found in &found {
                out.line(format!("  {:<4} {}", found.declared.id, found.declared.key));
                for (rules, fact) in [("declared", found.declared), ("confirmed", found.confirmed)] {
                    let rules = out.word("rules", rules);
                    out.line(format!(
                        "     {rules}: {}  {} {} · {}",
                        shown(&fact.value),
                        sign(fact.confidence),
                        out.word("confidence", fact.confidence.slug()),
                        in_language(out.lang, &fact.says)
                    ));
                }
                if known.overrides.contains_key(&found.declared.key) {
                    self.overridden(known, found.declared);
                }
            }
            documents.push(json!({
                "platform": known.profile.platform,
                "differences": found.iter().map(|found| json!({
                    "id": found.declared.id,
                    "key": found.declared.key,
                    "declared": self.document(known, found.declared),
                    "confirmed": self.document(known, found.confirmed),
                    "overridden": known.overrides.get(&found.declared.key),
                })).collect::<Vec<_>>(),
            }));
        }
        out.document(&json!({"platforms": documents}));
    }
}
