//! `sim`: one platform's simulator, or a simulated keeper of evidence, on a socket.

use std::path::Path;
use std::sync::{Arc, Mutex};

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_app::ports::Clock as _;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_domain::canonical::Hash;
use adjourn_domain::fact;
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use adjourn_sim::{FaultPlan, Manner, PacedClock, Server, Shared, SimKeeper, Tally, share};
use adjourn_world::{Rules, WorldSpec};
use serde_json::json;

use super::serve::asked_to_stop;
use crate::args::SimArgs;
use crate::out::{Exit, Out};

/// What stands in the place of a platform for the keeper of evidence.
const KEEPER: &str = "deposit";
/// The name that the keeper's public key is shown under.
const KEY: &str = "key";
/// Largest file of a world or of a fault plan.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// Runs `sim`.
pub(crate) async fn run(out: Out, args: &SimArgs) -> Result<Exit, AppError> {
    let SimArgs { platform, listen, .. } = args;
    let faults = faults(&args.faults)?;
    let start = args
        .clock
        .as_ref()
        .map(|text| Time::parse(text).ok_or_else(|| AppError::new("sim.clock").with("time", text)));
    let clock = PacedClock::new(Arc::new(|| SystemClock.now()), start.transpose()?, args.speed);
    let Served { simulator, shows, phones } = served(args, clock.now())?;
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| AppError::io(&error, listen))?;
    let address = listener.local_addr().map_err(|error| AppError::io(&error, listen))?;
    let mut stop = asked_to_stop();
    out.line(msg::sim_listening(out.lang, address, platform));
    let phones = phones.then(|| format!("http://{address}/phone"));
    if phones.is_some() {
        out.line(msg::sim_phones(out.lang, address));
    }
    for (name, value) in &shows {
        out.line(format!("  {name} = {value}"));
    }
    out.document(&json!({
        "platform": platform,
        "address": address.to_string(),
        "phones": phones,
        "key": shows.iter().find(|(name, _)| name == KEY).map(|(_, value)| value),
        "rules": args.rules.as_deref().unwrap_or("own"),
        "simulated": true,
    }));
    let lang = match out.lang {
        Lang::ZhCn => "zh-CN",
        Lang::En => "en",
    };
    let tally = Server::new(simulator, clock)
        .faults(faults)
        .lang(lang)
        .report(Arc::new(move |line| {
            out.event(msg::sim_unexpected(out.lang, line), &json!({ "unexpected": line }));
        }))
        .run(listener, async move {
            // The sender lives as long as the task that waits for the signal.
            let _ = stop.wait_for(|stopped| *stopped).await;
        })
        .await
        .map_err(|error| AppError::io(&error, listen))?;
    summary(out, platform, &tally);
    if args.strict && tally.unexpected > 0 {
        return Err(AppError::new("sim.unexpected").with("count", tally.unexpected));
    }
    Ok(Exit::Done)
}

fn summary(out: Out, platform: &str, tally: &Tally) {
    out.line(msg::sim_summary(out.lang, tally.frames, tally.requests, tally.unexpected, platform));
    let mut effects = Vec::new();
    for ((op, group), count) in &tally.effects {
        out.line(msg::sim_effect(out.lang, u64::from(*count), group.as_str(), out.word("op", op.slug())));
        effects.push(json!({"op": op.slug(), "group": group, "count": count}));
    }
    out.document(&json!({
        "platform": platform,
        "requests": tally.requests,
        "frames": tally.frames,
        "unexpected": tally.unexpected,
        "effects": effects,
        "simulated": true,
    }));
}

/// What is about to be served.
struct Served {
    simulator: Shared,
    /// What clients need to know: names and values.
    shows: Vec<(String, String)>,
    /// Whether there are people in it.
    phones: bool,
}

fn served(args: &SimArgs, at: Time) -> Result<Served, AppError> {
    if args.platform == KEEPER {
        return keeper(args);
    }
    if args.keeper.is_some() {
        return Err(AppError::new("usage").with("says", "--keeper: only with `sim deposit`"));
    }
    let seeded = simulator(args, at)?;
    let shows =
        seeded.secrets.iter().map(|(name, secret)| (name.clone(), secret.expose().to_owned())).collect();
    Ok(Served { simulator: share(seeded.simulator), shows, phones: true })
}

/// A keeper of evidence. It has the same key every time, and forgets everything when it ends.
fn keeper(args: &SimArgs) -> Result<Served, AppError> {
    if args.world.is_some() || args.rules.is_some() {
        return Err(AppError::new("usage").with("says", "sim deposit: has no --world and no --rules"));
    }
    let word = args.keeper.as_deref().unwrap_or_default();
    let manner = Manner::ALL.iter().find(|(name, _)| *name == word).map(|(_, manner)| *manner);
    let manner = Arc::new(Mutex::new(manner.unwrap_or_default()));
    let keeper = SimKeeper::new(Hash::of(b"adjourn sim deposit").0, manner);
    let shows = vec![(KEY.to_owned(), keeper.key().to_base64())];
    Ok(Served { simulator: share(Box::new(keeper)), shows, phones: false })
}

/// The platform's own simulator in its own world; where there is none, or with another world, the one that can play it.
fn simulator(args: &SimArgs, at: Time) -> Result<Seeded, AppError> {
    let platform = args.platform.as_str();
    let unknown = || AppError::new("platform.unknown").with("platform", platform);
    let entry = adjourn_connectors::find(platform);
    if let (Some(entry), None) = (entry, &args.world) {
        let mut seeded = (entry.seeded)();
        if args.rules.is_some() {
            adjourn_world::obey(&mut *seeded.simulator, &rules(args)?, at)
                .map_err(|_| AppError::new("sim.rules").with("platform", platform))?;
        }
        return Ok(seeded);
    }
    let own = WorldSpec::of(platform);
    if entry.is_none() && own.is_none() {
        return Err(unknown());
    }
    let none = || AppError::new("sim.world").with("world", args.world.as_deref().unwrap_or(platform));
    let spec = match &args.world {
        None => own.ok_or_else(none)?,
        Some(name) => WorldSpec::of(name).map_or_else(|| file(name, &none), Ok)?,
    };
    let spec = WorldSpec { platform: platform.to_owned(), ..spec };
    let rules = if platform == "reference" { Rules::default() } else { rules(args)? };
    adjourn_connectors::played(platform, rules, &spec).ok_or_else(none)
}

/// A world from a file.
fn file(path: &str, none: &dyn Fn() -> AppError) -> Result<WorldSpec, AppError> {
    let text = read(path).map_err(|_| none())?;
    serde_json::from_str(&text).map_err(|error| none().with("says", error))
}

fn rules(args: &SimArgs) -> Result<Rules, AppError> {
    let confirmed = args.rules.as_deref() == Some("confirmed");
    let whose = if confirmed { fact::Rules::Confirmed } else { fact::Rules::Declared };
    profiles::profile(&args.platform).map(|profile| Rules::from_profile(&profile, whose))
}

fn faults(specs: &[String]) -> Result<FaultPlan, AppError> {
    let mut plan = FaultPlan::none();
    for spec in specs {
        let wrong = |says: &dyn std::fmt::Display| {
            AppError::new("sim.faults").with("kinds", adjourn_sim::spec::KINDS.join(", ")).with("spec", says)
        };
        let text = if Path::new(spec).is_file() { read(spec)? } else { spec.clone() };
        plan.0.extend(text.parse::<FaultPlan>().map_err(|error| wrong(&error))?.0);
    }
    Ok(plan)
}

fn read(path: &str) -> Result<String, AppError> {
    let size = std::fs::metadata(path).map_err(|error| AppError::io(&error, path))?.len();
    if size > MAX_FILE {
        return Err(AppError::new("sim.world").with("world", path));
    }
    std::fs::read_to_string(path).map_err(|error| AppError::io(&error, path))
}
