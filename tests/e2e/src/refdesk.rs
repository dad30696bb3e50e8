//! An office with the simulated reference platform connected: a whole end in seconds, without a homeserver.

use crate::{Office, Simulator};

/// A group of the simulated platform without links.
pub const PLAIN: &str = "g-6";

/// The office and its platform.
pub struct RefDesk {
    /// The platform.
    pub sim: Simulator,
    /// The organisation.
    pub office: Office,
}

impl RefDesk {
    /// With changes to the configuration, each a text that is there and what takes its place.
    ///
    /// # Panics
    /// When a text is not there, or nothing can be connected.
    #[track_caller]
    pub fn new(changes: &[(&str, &str)]) -> Self {
        Self::with_rules("{}", changes)
    }

    /// The same with rules that the platform has, as far as the connection knows: JSON of some of them.
    ///
    /// # Panics
    /// As [`RefDesk::new`].
    #[track_caller]
    pub fn with_rules(rules: &str, changes: &[(&str, &str)]) -> Self {
        Self::over(Simulator::start("reference", &["--strict"]), rules, changes)
    }

    /// The same over a platform that runs already.
    ///
    /// # Panics
    /// As [`RefDesk::new`].
    #[track_caller]
    pub fn over(sim: Simulator, rules: &str, changes: &[(&str, &str)]) -> Self {
        let office = Office::new(None);
        for (from, to) in changes {
            office.configure(from, to);
        }
        let url = format!("url={}", sim.url(""));
        let token = |identity: &str, who: &str| {
            let path = office.dir().join(format!("{who}.token"));
            std::fs::write(&path, format!("reference-{who}")).expect("a token's file can be written");
            format!("{identity}.token=@{}", path.display())
        };
        let (main, second) = (token("main", "owner"), token("second", "witness"));
        let rules = format!("rules={rules}");
        let connect =
            ["connect", "add", "ref", "reference", "--set", &url, "--set", &rules, "--witness", "second"];
        let secrets = ["--secret", &main, "--secret", &second];
        office.json("admin", 0, &[&connect[..], &secrets[..]].concat());
        office.json("admin", 0, &["scan", "ref"]);
        Self { sim, office }
    }

    /// Draws a plan for a group; gives the case.
    ///
    /// # Panics
    /// When no plan is drawn.
    #[track_caller]
    pub fn planned(&self, group: &str) -> String {
        let plan = self.office.json("requester", 2, &["plan", group, "--reason", "project ended"]);
        plan["case"].as_str().expect("a case").to_owned()
    }
}
