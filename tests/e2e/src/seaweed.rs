//! A real S3-compatible store: SeaweedFS, with signatures, versions and Object Lock, behind a proxy that sees every request.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use tempfile::TempDir;

use crate::http::{self, Response};
use crate::peers::{Peers, PortLease, tempdir, wait_for};
use crate::{Lie, LyingProxy};

/// Id of the one key.
pub const KEY: &str = "e2e-key";
/// That key. It protects nothing.
pub const SECRET: &str = "e2e-secret-of-nothing";
/// How long a start may take before the test fails. Seen: 4 seconds.
const START_LIMIT: Duration = Duration::from_mins(1);
const SIGNED_FOR: Duration = Duration::from_mins(10);

/// A running store with data of its own. Killed and removed when dropped.
#[derive(Debug)]
pub struct Seaweed {
    /// What stands in front of it. Signatures are made for its address.
    pub proxy: LyingProxy,
    child: Child,
    dir: TempDir,
    _ports: Vec<PortLease>,
}

impl Seaweed {
    /// Starts one, and waits until it takes what is stored.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        let dir = tempdir();
        let identity = format!(
            r#"{{"identities":[{{"name":"e2e","credentials":[{{"accessKey":"{KEY}","secretKey":"{SECRET}"}}],
                "actions":["Admin","Read","Write","List","Tagging"]}}]}}"#
        );
        let identities = dir.path().join("s3.json");
        std::fs::write(&identities, identity).expect("a file can be written");
        std::fs::create_dir(dir.path().join("data")).expect("a folder can be made");
        let ports: Vec<PortLease> = (0..8).map(|_| PortLease::take()).collect();
        let port = |at: usize| ports[at].port;
        let proxy = LyingProxy::start(&format!("http://127.0.0.1:{}", port(0)), Vec::new());
        let log = File::create(dir.path().join("log")).expect("a file can be made");
        let flags = [
            format!("-dir={}", dir.path().join("data").display()),
            format!("-s3.config={}", identities.display()),
            format!("-s3.externalUrl={}", proxy.url()),
            format!("-s3.port={}", port(0)),
            format!("-s3.port.grpc={}", port(1)),
            format!("-master.port={}", port(2)),
            format!("-master.port.grpc={}", port(3)),
            format!("-volume.port={}", port(4)),
            format!("-volume.port.grpc={}", port(5)),
            format!("-filer.port={}", port(6)),
            format!("-filer.port.grpc={}", port(7)),
        ];
        let child = Command::new(Peers::locate().weed())
            .args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"])
            // It would tell its makers that it runs, and open ports for tables that nobody asked for.
            .args(["-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0"])
            .args(["-volume.max=8", "-master.volumeSizeLimitMB=64"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be opened twice"))
            .stderr(log)
            .spawn()
            .expect("weed starts");
        let seaweed = Self { proxy, child, dir, _ports: ports };
        let ready = wait_for(START_LIMIT, || seaweed.makes("ready", false).then_some(()));
        assert!(ready.is_some(), "no store\n{}", seaweed.log_tail());
        seaweed
    }

    /// Makes a bucket, with Object Lock or without.
    ///
    /// # Panics
    /// When there is none afterwards.
    pub fn bucket(&self, name: &str, locking: bool) {
        assert!(self.makes(name, locking), "no bucket {name}\n{}", self.log_tail());
    }

    fn makes(&self, name: &str, locking: bool) -> bool {
        let (bucket, credentials) = (self.named(name), credentials());
        let mut action = bucket.create_bucket(&credentials);
        let headers: &[(&str, &str)] =
            if locking { &[("x-amz-bucket-object-lock-enabled", "true")] } else { &[] };
        for (name, value) in headers {
            action.headers_mut().insert(*name, *value);
        }
        let reply = http::request("PUT", action.sign(SIGNED_FOR).as_str(), headers, None);
        reply.is_ok_and(|reply| reply.status == 200)
    }

    /// Asks the store to remove a version of an object.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn remove(&self, bucket: &str, key: &str, version: &str) -> Response {
        let (bucket, credentials) = (self.named(bucket), credentials());
        let mut action = bucket.delete_object(Some(&credentials), key);
        action.query_mut().insert("versionId", version);
        http::request("DELETE", action.sign(SIGNED_FOR).as_str(), &[], None).expect("the store answers")
    }

    /// Has the proxy misbehave.
    pub fn lie(&self, lies: Vec<Lie>) {
        self.proxy.set(lies);
    }

    fn named(&self, name: &str) -> Bucket {
        let url = self.proxy.url().parse().expect("the proxy's address is one");
        Bucket::new(url, UrlStyle::Path, name.to_owned(), "us-east-1").expect("the address has a host")
    }

    fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
    }
}

fn credentials() -> Credentials {
    Credentials::new(KEY, SECRET)
}

impl Drop for Seaweed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
