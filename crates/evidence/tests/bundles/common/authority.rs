//! A time stamp authority made with openssl in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adjourn_domain::canonical::Hash;
use adjourn_evidence::timestamp::request;

pub(crate) const NONCE: &[u8] = &[0x80, 2, 3, 4, 5, 6, 7, 8];

/// Arguments of `openssl genpkey`, and the digest to sign with.
pub(crate) const KEYS: [(&str, &str); 7] = [
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256"),
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha384"),
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha384"),
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha256"),
    ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha256"),
    ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha384"),
    ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha512"),
];

/// Runs openssl in `dir`; the arguments are split at spaces.
pub(crate) fn openssl(dir: &Path, line: &str) -> (bool, String) {
    let output = Command::new("openssl").current_dir(dir).args(line.split(' ')).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

pub(crate) fn must(dir: &Path, line: &str) {
    let (ok, text) = openssl(dir, line);
    assert!(ok, "openssl {line}: {text}");
}

/// An authority with a CA, a stranger's CA, and certificates that are no good for time stamps.
pub(crate) struct Authority {
    pub(crate) dir: tempfile::TempDir,
}

impl Authority {
    /// `key` are arguments of `openssl genpkey`, `digest` signs, `ess` is the hash of the certificate id.
    pub(crate) fn new(key: &str, digest: &str, ess: &str, usage: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path();
        fs::write(at.join("serial"), "01\n").unwrap();
        fs::write(
            at.join("tsa.cnf"),
            format!(
                "[tsa]\ndefault_tsa = t\n[t]\ndir = .\nserial = serial\ncrypto_device = builtin\n\
                 signer_cert = tsa.pem\ncerts = ca.pem\nsigner_key = tsa.key\nsigner_digest = {digest}\n\
                 default_policy = 1.3.6.1.4.1.99999.1\ndigests = sha256, sha384, sha512\n\
                 accuracy = secs:1\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\n\
                 ess_cert_id_alg = {ess}\n[v3]\nbasicConstraints = critical,CA:FALSE\n\
                 keyUsage = critical,digitalSignature\n{usage}\n"
            ),
        )
        .unwrap();
        for name in ["ca", "stranger"] {
            must(at, &format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"));
            must(at, &format!("req -x509 -new -key {name}.key -subj /CN={name} -days 2 -out {name}.pem"));
        }
        must(at, &format!("genpkey {key} -out tsa.key"));
        must(at, "req -new -key tsa.key -subj /CN=tsa -out tsa.csr");
        must(
            at,
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 1 -extfile tsa.cnf -extensions v3 -set_serial 7 -out tsa.pem",
        );
        Self { dir }
    }

    pub(crate) fn with_key(key: &str, digest: &str) -> Self {
        Self::new(key, digest, "sha256", "extendedKeyUsage = critical,timeStamping")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn pem(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Asks the authority with our request.
    pub(crate) fn stamp(&self, data: &[u8]) -> Vec<u8> {
        fs::write(self.path("data"), data).unwrap();
        fs::write(self.path("query"), request(&Hash::of(data), NONCE)).unwrap();
        must(self.dir.path(), "ts -reply -config tsa.cnf -queryfile query -out reply");
        fs::read(self.path("reply")).unwrap()
    }
}
