//! A real RFC 3161 timestamp authority: `openssl ts` behind HTTP, with a certificate authority made for it.

use std::io::BufReader;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::http;
use crate::listener::{Listener, answer};
use crate::peers::{must_run, tempdir};

/// A running authority with keys of its own. Stops when dropped.
#[derive(Debug)]
pub struct Tsa {
    listener: Listener,
    dir: TempDir,
}

impl Tsa {
    /// Makes an authority (EC P-256, root and signing certificate) and starts answering.
    pub fn start() -> Self {
        let dir = tempdir();
        make_authority(dir.path());
        let folder = dir.path().to_owned();
        // The serial number is a file: one answer at a time.
        let turn = Mutex::new(());
        let listener = Listener::start(move |stream| {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            serve(&folder, stream);
        });
        Self { listener, dir }
    }

    /// Where to POST `application/timestamp-query`.
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// The root certificate, PEM.
    pub fn ca_pem(&self) -> String {
        std::fs::read_to_string(self.ca_path()).expect("the root certificate is there")
    }

    /// The root certificate's file.
    pub fn ca_path(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// The signing certificate's file.
    pub fn signer_path(&self) -> PathBuf {
        self.dir.path().join("tsa.pem")
    }
}

fn make_authority(dir: &Path) {
    let config = format!(
        "[tsa]\ndefault_tsa = tsa1\n[tsa1]\ndir = {dir}\nserial = $dir/serial\ncrypto_device = builtin\n\
         signer_cert = $dir/tsa.pem\ncerts = $dir/ca.pem\nsigner_key = $dir/tsa.key\nsigner_digest = sha256\n\
         default_policy = 1.3.6.1.4.1.99999.1\nother_policies = 1.3.6.1.4.1.99999.2\n\
         digests = sha256, sha384, sha512\naccuracy = secs:1\nordering = yes\ntsa_name = yes\n\
         ess_cert_id_chain = no\ness_cert_id_alg = sha256\n\
         [v3_tsa]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
         extendedKeyUsage = critical,timeStamping\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n\
         [v3_ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
         subjectKeyIdentifier = hash\n[req]\ndistinguished_name = dn\n[dn]\n",
        dir = dir.display()
    );
    std::fs::write(dir.join("tsa.cnf"), config).expect("the configuration can be written");
    std::fs::write(dir.join("serial"), "01\n").expect("the serial number can be written");
    let openssl = |arguments: &str| {
        must_run(Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir));
    };
    openssl("ecparam -name prime256v1 -genkey -noout -out ca.key");
    openssl("ecparam -name prime256v1 -genkey -noout -out tsa.key");
    openssl(
        "req -x509 -new -key ca.key -sha256 -days 3650 -subj /CN=E2E-Root -config tsa.cnf -extensions v3_ca -out ca.pem",
    );
    openssl("req -new -key tsa.key -subj /CN=E2E-Timestamps -config tsa.cnf -out tsa.csr");
    openssl(
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -sha256 -days 3650 -extfile tsa.cnf -extensions v3_tsa -out tsa.pem",
    );
}

fn serve(dir: &Path, mut stream: TcpStream) {
    let Ok(reader) = stream.try_clone() else { return };
    let mut reader = BufReader::new(reader);
    let Ok(Some(head)) = http::read_head(&mut reader) else { return };
    let Ok((query, true)) = http::read_body(&mut reader, &head.headers, false) else { return };
    let plain = [("content-type".to_owned(), "text/plain".to_owned())];
    if !head.first_line.starts_with("POST ") {
        return answer(&mut stream, 405, &plain, b"POST only", usize::MAX);
    }
    if http::find(&head.headers, "content-type") != Some("application/timestamp-query") {
        return answer(&mut stream, 415, &plain, b"application/timestamp-query only", usize::MAX);
    }
    let (query_file, reply_file) = (dir.join("query.tsq"), dir.join("reply.tsr"));
    let _ = std::fs::remove_file(&reply_file);
    let made = std::fs::write(&query_file, query).is_ok()
        && Command::new("openssl")
            .args(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok();
    match std::fs::read(&reply_file) {
        Ok(reply) if made => {
            let kind = [("content-type".to_owned(), "application/timestamp-reply".to_owned())];
            answer(&mut stream, 200, &kind, &reply, usize::MAX);
        }
        _ => answer(&mut stream, 500, &plain, b"openssl made no reply", usize::MAX),
    }
}
