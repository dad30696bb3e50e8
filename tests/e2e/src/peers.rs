//! Where the installed peers and the repository are.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The root of the workspace that this harness was built in.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace's root exists")
}

/// A new, empty folder that is removed when the value is dropped.
pub fn tempdir() -> TempDir {
    tempfile::Builder::new().prefix("adjourn-e2e-").tempdir().expect("a temporary folder can be made")
}

/// The peers that `scripts/peers/install.sh` has installed.
#[derive(Debug, Clone)]
pub struct Peers {
    dir: PathBuf,
}

impl Peers {
    /// Finds them in `ADJOURN_PEERS`, else in `.peers` of the workspace.
    ///
    /// # Panics
    /// When they are not installed, naming the script that does it.
    pub fn locate() -> Self {
        let dir =
            std::env::var_os("ADJOURN_PEERS").map_or_else(|| workspace_root().join(".peers"), PathBuf::from);
        let peers = Self { dir };
        assert!(
            peers.python().is_file() && peers.dir.join("stamp").is_file(),
            "no peers in {}: run scripts/peers/install.sh, or point ADJOURN_PEERS at an installed folder",
            peers.dir.display()
        );
        peers
    }

    /// The Python with Synapse and bagit in it.
    pub fn python(&self) -> PathBuf {
        self.dir.join("venv/bin/python")
    }

    /// The Python with other people's clients in it: `aiocqhttp`, `nonebot-adapter-onebot`, `alibabacloud-dingtalk`,
    /// `jsonschema` and `standardwebhooks`.
    ///
    /// # Panics
    /// When it is not installed, naming the script that does it.
    pub fn clients_python(&self) -> PathBuf {
        self.part("stamp-clients", "clients/bin/python")
    }

    /// `schemathesis`, which makes requests out of an OpenAPI document and holds the replies against it.
    ///
    /// # Panics
    /// When it is not installed, naming the script that does it.
    pub fn schemathesis(&self) -> PathBuf {
        self.part("stamp-fuzz", "fuzz/bin/schemathesis")
    }

    /// `weed`, the binary of SeaweedFS.
    ///
    /// # Panics
    /// When it is not installed, naming the script that does it.
    pub fn weed(&self) -> PathBuf {
        self.part("stamp-storage", "storage/bin/weed")
    }

    /// The folder whose `node_modules` has `playwright-core`; the browser itself is Debian's `chromium`.
    ///
    /// # Panics
    /// When it is not installed, naming the script that does it.
    pub fn browser(&self) -> PathBuf {
        self.part("stamp-browser", "browser")
    }

    /// A part that older installations lack.
    fn part(&self, stamp: &str, path: &str) -> PathBuf {
        let found = self.dir.join(path);
        assert!(
            self.dir.join(stamp).is_file() && found.exists(),
            "no {path} in {}: run scripts/peers/install.sh again",
            self.dir.display()
        );
        found
    }

    /// The folder they are installed in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// A loopback port that no other harness on this machine takes while this value lives, in whatever process.
///
/// "Bind port 0, close, tell the server" is a race between parallel tests, and a lost race would be silent: all
/// restored servers have the same tokens. The ports lie below the range from which systems take outgoing ones.
#[derive(Debug)]
pub(crate) struct PortLease {
    pub(crate) port: u16,
    _lock: File,
}

impl PortLease {
    pub(crate) fn take() -> Self {
        let folder = std::env::temp_dir().join("adjourn-e2e-ports");
        std::fs::create_dir_all(&folder).expect("the folder of port locks can be made");
        let first = 21_000 + (std::process::id() % 5_000) as u16;
        for port in (first..31_000).chain(21_000..first) {
            let lock = File::create(folder.join(port.to_string())).expect("a port lock can be opened");
            if lock.try_lock().is_ok() && std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return Self { port, _lock: lock };
            }
        }
        panic!("no free port between 21000 and 31000");
    }
}

/// Runs a tool to its end and panics with what it wrote to stderr if it fails.
pub(crate) fn must_run(command: &mut Command) -> Vec<u8> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{shown}: {e}"));
    assert!(
        output.status.success(),
        "{shown}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Asks `check` every 20 ms until it answers, for at most `limit`.
pub fn wait_for<T>(limit: Duration, mut check: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = check() {
            return Some(found);
        }
        if begun.elapsed() > limit {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::{Peers, PortLease};

    #[test]
    fn every_part_of_the_peers_is_there() {
        let peers = Peers::locate();
        assert!(peers.clients_python().is_file());
        assert!(peers.browser().join("node_modules/playwright-core/package.json").is_file());
    }

    #[test]
    fn two_leases_never_share_a_port() {
        let (a, b) = (PortLease::take(), PortLease::take());
        assert_ne!(a.port, b.port);
    }
}
