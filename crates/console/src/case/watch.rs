//! The observation: a line with a dot for each look, what each identity saw, and the verdict in words. Everything that the picture shows is also a text.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::event::Ending;
use adjourn_domain::run::{Phase, Run};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Probe, Verdict};
use adjourn_i18n::msg;
use adjourn_web::wording;

use crate::desk::Reader;
use crate::frame::parts::length;

/// Width of the line in the picture's own units, and where it begins.
const WIDTH: u64 = 560;
const LEFT: u64 = 20;

/// A look.
pub(super) struct Dot {
    /// Where it is on the line.
    pub(super) x: u64,
    pub(super) sign: char,
    /// How it is painted; the sign and the words say the same.
    pub(super) class: &'static str,
    pub(super) says: String,
}

/// What an identity was told to a question: in words, and as the platform said it.
type Cell = Vec<(String, String)>;

/// An observation.
pub(super) struct Watch {
    pub(super) verdict: String,
    /// When it closes, or that it has.
    pub(super) close: String,
    /// Where now is on the line.
    pub(super) now: u64,
    pub(super) dots: Vec<Dot>,
    /// Who looked; a star marks a witness.
    pub(super) identities: Vec<String>,
    /// Each question with what each identity was told.
    pub(super) rows: Vec<(String, Vec<Cell>)>,
    /// What to do when something speaks against it.
    pub(super) positive: Option<String>,
}

/// The observation of a run, once it has begun.
pub(super) fn watch(reader: &Reader, run: &Run) -> Option<Watch> {
    let lang = reader.lang;
    let from = run.observed_from?;
    let times = run.probe_times();
    let until =
        times.iter().copied().max().unwrap_or(from).max(from.plus_secs(run.part.policy.observation_s));
    let probes = run.current_probes();
    let dots = times.iter().enumerate().map(|(n, due)| {
        let probe = probes.get(n);
        let (sign, class) = sign(probe);
        let found = match probe {
            None => msg::console_probe_due(lang),
            Some(probe) if probe.missed() => msg::watch_missed(lang),
            Some(probe) => reader.say.word("verdict", probe.reading.slug()),
        };
        let at = probe.map_or(*due, |probe| probe.at);
        Dot { x: at_x(from, until, *due), sign, class, says: format!("{} {found}", reader.time(at)) }
    });
    let over = matches!(run.phase, Phase::Ended(_));
    let close = if over { msg::watch_closed(lang) } else { msg::watch_closes(lang, reader.when(until)) };
    let (identities, rows) = matrix(reader, probes.last());
    Some(Watch {
        verdict: verdict(reader, run),
        close,
        now: at_x(from, until, reader.now),
        dots: dots.collect(),
        identities,
        rows,
        positive: positive(run).then(|| {
            if over {
                msg::watch_positive_over(lang)
            } else {
                msg::watch_positive(lang, u64::from(run.reopened))
            }
        }),
    })
}

/// Where a time is on the line.
fn at_x(from: Time, until: Time, at: Time) -> u64 {
    let whole = until.secs_since(from).max(1);
    LEFT + at.secs_since(from).min(whole).saturating_mul(WIDTH) / whole
}

fn sign(probe: Option<&Probe>) -> (char, &'static str) {
    match probe {
        None => ('·', "due"),
        Some(probe) if probe.missed() => ('-', "unknown"),
        Some(probe) => match probe.reading {
            Verdict::Gone => ('✓', "gone"),
            Verdict::Unknown => ('?', "unknown"),
            _ => ('!', "there"),
        },
    }
}

/// Whether a look found the group, in whatever form.
fn positive(run: &Run) -> bool {
    run.reopened > 0
        || run
            .current_probes()
            .iter()
            .any(|probe| !probe.missed() && !matches!(probe.reading, Verdict::Gone | Verdict::Unknown))
}

/// The verdict in words: what was looked at, how often, by how many.
fn verdict(reader: &Reader, run: &Run) -> String {
    let lang = reader.lang;
    let probes = run.current_probes();
    let looks = probes.iter().filter(|probe| !probe.missed()).count() as u64;
    let who: BTreeSet<&str> =
        probes.iter().flat_map(|probe| &probe.signals).map(|signal| signal.identity.as_str()).collect();
    let found = run.verdict_so_far();
    let word = reader.say.word("verdict", found.slug());
    if found == Verdict::Gone && matches!(run.phase, Phase::Ended(Ending::Observed)) {
        let length = wording::duration(reader.say, run.part.policy.observation_s);
        return msg::watch_gone(lang, length, looks, who.len() as u64);
    }
    let since = run.observed_from.map(|from| length(lang, reader.now.secs_since(from)));
    match run.verdict {
        Some(_) => msg::watch_judged(lang, looks, who.len() as u64, word),
        None => msg::watch_so_far(lang, looks, who.len() as u64, since.unwrap_or_default(), word),
    }
}

/// What each identity was told at the last look: questions × identities.
fn matrix(reader: &Reader, probe: Option<&Probe>) -> (Vec<String>, Vec<(String, Vec<Cell>)>) {
    let Some(probe) = probe else { return (Vec::new(), Vec::new()) };
    let mut identities: BTreeMap<&str, bool> = BTreeMap::new();
    let mut cells: BTreeMap<&str, BTreeMap<&str, Cell>> = BTreeMap::new();
    for signal in &probe.signals {
        identities.insert(signal.identity.as_str(), signal.witness);
        let proof = if signal.proof { "" } else { " ?" };
        let says = format!("{}{proof}", reader.say.word("says", signal.says.slug()));
        let row = cells.entry(signal.question.as_str()).or_default();
        row.entry(signal.identity.as_str()).or_default().push((says, signal.answer.clone()));
    }
    let rows = cells.iter().map(|(question, row)| {
        let cell = |identity: &&str| row.get(identity).cloned().unwrap_or_default();
        ((*question).to_owned(), identities.keys().map(cell).collect())
    });
    let rows = rows.collect();
    let star =
        |(identity, witness): (&&str, &bool)| format!("{identity}{}", if *witness { " *" } else { "" });
    (identities.iter().map(star).collect(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::verdict::{Says, Signal};

    #[test]
    fn dots_lie_on_the_line_where_their_time_is() {
        let at = |hours: i64| Time::from_millis(hours * 3_600_000);
        assert_eq!((at_x(at(0), at(72), at(0)), at_x(at(0), at(72), at(72))), (LEFT, LEFT + WIDTH));
        assert_eq!(at_x(at(0), at(72), at(36)), LEFT + WIDTH / 2);
        assert_eq!(at_x(at(0), at(72), at(100)), LEFT + WIDTH, "not beyond its end");
        assert_eq!(at_x(at(0), at(0), at(1)), LEFT + WIDTH, "nor by nothing");
    }

    #[test]
    fn a_look_that_told_nothing_is_not_painted_as_gone() {
        let signal = |says| Signal {
            identity: "main".into(),
            witness: false,
            question: "q".to_owned(),
            says,
            proof: true,
            answer: String::new(),
        };
        let probe = |says, reading| Probe { n: 0, at: Time::default(), signals: vec![signal(says)], reading };
        let class = |says, reading| sign(Some(&probe(says, reading))).1;
        assert_eq!(class(Says::Nothing, Verdict::Unknown), "unknown");
        assert_eq!(class(Says::Gone, Verdict::Unknown), "unknown", "one signal proves nothing");
        assert_eq!(class(Says::Gone, Verdict::Gone), "gone");
        assert_eq!(class(Says::Archived, Verdict::Archived), "there");
        assert_eq!(sign(None).1, "due");
    }
}
