//! What the organisation of these tests does over and over.

use crate::platform::Platform;

pub(crate) use crate::support::office::Office;

impl Office {
    /// With people, and a connection `wx` to the platform.
    pub(crate) fn staffed(&self, platform: &Platform) {
        self.people();
        self.connect("wx", platform);
    }

    /// Adds policy to the configuration.
    pub(crate) fn configure(&self, from: &str, to: &str) {
        let path = self.path("data/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Those who ask, review and look after it.
    pub(crate) fn people(&self) {
        for (who, role) in
            [("root", "admin"), ("asker", "requester"), ("biz", "business"), ("comp", "compliance")]
        {
            self.add(who, role);
        }
    }

    pub(crate) fn approved(&self, groups: &[String]) -> String {
        let mut args = vec!["plan"];
        args.extend(groups.iter().map(String::as_str));
        args.extend(["--reason", "the project has ended"]);
        let (code, plan) = self.run("asker", &args);
        assert_eq!(code, 2, "{plan}");
        let case = plan["case"].as_str().unwrap().to_owned();
        assert_eq!(self.run("asker", &["submit", &case]).0, 3);
        assert_eq!(self.run("biz", &["approve", &case]).0, 3);
        assert_eq!(self.run("comp", &["approve", &case]).0, 0);
        case
    }
}
