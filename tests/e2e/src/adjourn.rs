//! Runs the binary `adjourn`.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::peers::{tempdir, wait_for, workspace_root};

/// The binary with a data folder and an environment. The environment of the test is not passed on: what a run depends on
/// is written in the test.
#[derive(Debug, Clone)]
pub struct Adjourn {
    bin: PathBuf,
    data: PathBuf,
    env: Vec<(OsString, OsString)>,
    limit: Duration,
}

impl Adjourn {
    /// The binary named by `ADJOURN_BIN`, else the debug build of this workspace.
    ///
    /// # Panics
    /// When it is not built.
    pub fn new(data: impl AsRef<Path>) -> Self {
        let bin = std::env::var_os("ADJOURN_BIN").map_or_else(
            || {
                let target = std::env::var_os("CARGO_TARGET_DIR")
                    .map_or_else(|| workspace_root().join("target"), PathBuf::from);
                target.join("debug/adjourn")
            },
            PathBuf::from,
        );
        assert!(
            bin.is_file(),
            "no binary at {}: run `cargo build -p adjourn-cli`, or name one in ADJOURN_BIN",
            bin.display()
        );
        Self::with_binary(bin, data)
    }

    /// Any binary; the harness's own tests run a stand-in.
    pub fn with_binary(bin: impl Into<PathBuf>, data: impl AsRef<Path>) -> Self {
        let data = data.as_ref().to_owned();
        let mut env: Vec<(OsString, OsString)> =
            vec![("HOME".into(), data.clone().into()), ("LANG".into(), "C.UTF-8".into())];
        for name in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                env.push((name.into(), value));
            }
        }
        Self { bin: bin.into(), data, env, limit: Duration::from_mins(10) }
    }

    /// Sets a variable for all runs of this value.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// How long [`Self::run`] waits before it kills the process and fails the test (default: ten minutes).
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Runs `adjourn --data DIR ARGUMENTS…` to its end.
    #[track_caller]
    pub fn run<S: AsRef<str>>(&self, arguments: &[S]) -> Output {
        self.spawn(arguments).wait(self.limit)
    }

    /// Runs it with `--json`, demands this exit code, and gives the one document on stdout.
    #[track_caller]
    pub fn json<S: AsRef<str>>(&self, exit_code: i32, arguments: &[S]) -> Value {
        let mut all: Vec<String> = arguments.iter().map(|a| a.as_ref().to_owned()).collect();
        all.push("--json".into());
        let output = self.run(&all);
        assert_eq!(output.code, Some(exit_code), "{output}");
        output.json()
    }

    /// Starts it in the background, in a process group of its own. Killed when dropped.
    #[track_caller]
    pub fn spawn<S: AsRef<str>>(&self, arguments: &[S]) -> Running {
        let dir = tempdir();
        let file = |name: &str| File::create(dir.path().join(name)).expect("an output file can be made");
        let arguments: Vec<String> = arguments.iter().map(|a| a.as_ref().to_owned()).collect();
        let child = Command::new(&self.bin)
            .arg("--data")
            .arg(&self.data)
            .args(&arguments)
            .env_clear()
            .envs(self.env.iter().cloned())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .unwrap_or_else(|e| panic!("{} does not start: {e}", self.bin.display()));
        Running { child, dir, arguments, begun: Instant::now() }
    }
}

/// A process in the background.
#[derive(Debug)]
pub struct Running {
    child: Child,
    dir: TempDir,
    arguments: Vec<String>,
    begun: Instant,
}

impl Running {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it wrote to stdout so far.
    pub fn stdout(&self) -> String {
        self.read("stdout")
    }

    /// What it wrote to stderr so far.
    pub fn stderr(&self) -> String {
        self.read("stderr")
    }

    /// Waits until stdout or stderr holds this text and gives the line that does.
    ///
    /// # Panics
    /// When the time is over or the process has ended without it.
    #[track_caller]
    pub fn wait_for_text(&mut self, text: &str, limit: Duration) -> String {
        let found = wait_for(limit, || {
            let running = self.is_running(); // asked first: what it wrote before its end counts
            let all = format!("{}\n{}", self.stdout(), self.stderr());
            match all.lines().find(|l| l.contains(text)) {
                Some(line) => Some(Some(line.to_owned())),
                None if running => None,
                None => Some(None),
            }
        });
        found.flatten().unwrap_or_else(|| {
            panic!("no {text:?} in {limit:?}\nstdout: {}\nstderr: {}", self.stdout(), self.stderr())
        })
    }

    /// SIGKILL and what it had written until then.
    pub fn kill9(mut self) -> Output {
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        self.output(status.and_then(|s| s.code()))
    }

    /// SIGTERM; [`Self::wait`] for the end.
    pub fn terminate(&self) {
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When it does not end in time; it is killed first.
    #[track_caller]
    pub fn wait(mut self, limit: Duration) -> Output {
        let Some(status) = wait_for(limit, || self.child.try_wait().ok().flatten()) else {
            let output = self.kill9();
            panic!("still running after {limit:?}\n{output}");
        };
        self.output(status.code())
    }

    fn output(&self, code: Option<i32>) -> Output {
        Output {
            arguments: self.arguments.clone(),
            code,
            stdout: self.stdout(),
            stderr: self.stderr(),
            took: self.begun.elapsed(),
        }
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&std::fs::read(self.dir.path().join(name)).unwrap_or_default()).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run left.
#[derive(Debug, Clone)]
pub struct Output {
    /// Arguments after `--data DIR`.
    pub arguments: Vec<String>,
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
    /// From start to end.
    pub took: Duration,
}

impl Output {
    /// Stdout as one JSON document.
    ///
    /// # Panics
    /// When it is not exactly one.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("stdout is not one document ({e})\n{self}"))
    }

    /// The code in the error document on stderr (its last line that is one).
    pub fn error_code(&self) -> Option<String> {
        let last = self.stderr.lines().rev().find_map(|l| serde_json::from_str::<Value>(l).ok())?;
        last.pointer("/error/code")?.as_str().map(str::to_owned)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "adjourn {} → {:?} after {:?}", self.arguments.join(" "), self.code, self.took)?;
        write!(f, "--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}
