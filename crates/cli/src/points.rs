//! Named points of the way. In debug builds a test can ask the process to stand still at one of them, and kill it there:
//! `ADJOURN_HALT_AT=name` or `name#n` for the n-th time; `ADJOURN_POINTS_LOG=FILE` gets a line for every point passed. A
//! release build passes all points without a look.

use adjourn_app::ports::Points;

/// The points.
#[derive(Debug, Default)]
pub(crate) struct NamedPoints {
    #[cfg(debug_assertions)]
    halt: Option<(String, u32)>,
    #[cfg(debug_assertions)]
    log: Option<std::path::PathBuf>,
    #[cfg(debug_assertions)]
    passed: std::sync::Mutex<std::collections::HashMap<String, u32>>,
}

impl NamedPoints {
    /// As the environment asks; nothing in a release build.
    pub(crate) fn from_environment() -> Self {
        #[cfg(debug_assertions)]
        {
            let halt = std::env::var_os("ADJOURN_HALT_AT").map(|text| {
                let text = text.to_string_lossy().into_owned();
                match text.rsplit_once('#') {
                    Some((name, n)) => (name.to_owned(), n.parse().unwrap_or(1)),
                    None => (text, 1),
                }
            });
            let log = std::env::var_os("ADJOURN_POINTS_LOG").map(Into::into);
            Self { halt, log, passed: std::sync::Mutex::default() }
        }
        #[cfg(not(debug_assertions))]
        Self::default()
    }
}

impl Points for NamedPoints {
    #[cfg(debug_assertions)]
    fn hit(&self, point: &str) {
        use std::io::Write as _;
        let mut passed = self.passed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let n = passed.entry(point.to_owned()).or_default();
        *n += 1;
        let line = |text: String| {
            if let Some(path) = &self.log
                && let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path)
            {
                // A test that can't read the log fails by itself.
                let _ = writeln!(file, "{text}");
            }
        };
        line(format!("{point}#{n}"));
        if self.halt.as_ref().is_some_and(|(name, at)| name == point && at == n) {
            line(format!("halted {point}#{n}"));
            loop {
                std::thread::park();
            }
        }
    }

    #[cfg(not(debug_assertions))]
    fn hit(&self, _: &str) {}
}
