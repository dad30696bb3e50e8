//! An installation of one person, connected to a platform as `q`.

use std::ops::Deref;

use adjourn_sim::FaultPlan;
use adjourn_world::{ClientAct, client};
use serde_json::Value;

use crate::support::platform::{Platform, by_hand, group};
use crate::support::{now, office};

/// An installation, and the platform beside it.
pub(crate) struct Office {
    office: office::Office,
    platform: Platform,
}

impl Deref for Office {
    type Target = office::Office;

    fn deref(&self) -> &Self::Target {
        &self.office
    }
}

impl Office {
    /// Somebody who registers, and a connection `q` to a platform with these groups: id, name, owner.
    pub(crate) fn new(groups: &[(&str, &str, &str)]) -> Self {
        let groups = groups.iter().map(|(id, name, owner)| group(id, name, owner)).collect();
        let platform = Platform::on("qq", by_hand("type_name"), FaultPlan::none(), groups);
        let office = office::Office::new();
        office.add("root", "admin");
        office.connect("q", &platform);
        Self { office, platform }
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a verb in English; the exit code and the document, or the error's.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, Value) {
        self.office.run("root", args)
    }

    /// The same in this language.
    pub(crate) fn run_in(&self, lang: &str, args: &[&str]) -> (i32, Value) {
        self.office.run_in(lang, "root", args)
    }

    /// Runs a verb; what it says to people.
    pub(crate) fn says(&self, lang: &str, args: &[&str]) -> String {
        let output = self.adjourn(lang, "root").args(args).output().unwrap();
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
    }

    /// Somebody does something in the platform's app.
    pub(crate) fn person(&self, group: &str, who: &str, act: &ClientAct) {
        let mut simulator = self.platform.simulator.lock().unwrap();
        client(&mut **simulator, &group.into(), who, act, now()).unwrap();
    }
}
