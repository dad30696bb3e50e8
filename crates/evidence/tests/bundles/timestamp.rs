//! Time stamps against `openssl ts`: authorities of both key types, made in a temporary folder.

use std::fs;
use std::sync::OnceLock;

use crate::common::authority::{Authority, KEYS, NONCE, must, openssl};
use adjourn_domain::canonical::Hash;
use adjourn_evidence::timestamp::simulated::{CERTIFICATE, grant};
use adjourn_evidence::timestamp::{Stamp, TimestampError, Trust, verify};
use proptest::prelude::*;

const DATA: &[u8] = b"adjourn.test/log\n1\nroot\n";

#[test]
fn openssl_and_we_agree_on_good_and_on_altered_stamps() {
    for (key, digest) in KEYS {
        let authority = Authority::with_key(key, digest);
        let (reply, ca) = (authority.stamp(DATA), authority.pem("ca.pem"));
        let dir = authority.dir.path();
        // The reference: openssl accepts the answer to our request, by data and by query.
        must(dir, "ts -verify -data data -in reply -CAfile ca.pem");
        must(dir, "ts -verify -queryfile query -in reply -CAfile ca.pem");

        let stamp = verify(&reply, &Hash::of(DATA), Some(NONCE), Some(&ca)).unwrap();
        assert_eq!(stamp.trust, Trust::Vouched, "{key} {digest}");
        let printed = openssl(dir, "ts -reply -in reply -text").1;
        let stated = stamp.at.strftime("%b %e %H:%M:%S").to_string();
        assert!(printed.contains(&stated), "{stated} is not in {printed}");

        assert_eq!(verify(&reply, &Hash::of(b"other"), Some(NONCE), Some(&ca)), Err(TimestampError::Imprint));
        assert_eq!(verify(&reply, &Hash::of(DATA), Some(&[1]), Some(&ca)), Err(TimestampError::Nonce));
        let stranger = authority.pem("stranger.pem");
        assert_eq!(verify(&reply, &Hash::of(DATA), Some(NONCE), Some(&stranger)), Err(TimestampError::Chain));
        assert_eq!(verify(&reply, &Hash::of(DATA), None, Some(b"")), Err(TimestampError::Chain));
        let unvouched = verify(&reply, &Hash::of(DATA), None, None).unwrap();
        assert_eq!(unvouched, Stamp { at: stamp.at, trust: Trust::Unvouched, simulated: false });
        let pinned = verify(&reply, &Hash::of(DATA), None, Some(&authority.pem("tsa.pem"))).unwrap();
        assert_eq!(pinned.trust, Trust::Vouched);
    }
}

#[test]
fn a_token_that_names_its_certificate_by_sha1_is_accepted_and_the_right_one_only() {
    let usage = "extendedKeyUsage = critical,timeStamping";
    let authority = Authority::new(KEYS[0].0, "sha256", "sha1", usage);
    let reply = authority.stamp(DATA);
    assert!(verify(&reply, &Hash::of(DATA), Some(NONCE), Some(&authority.pem("ca.pem"))).is_ok());
}

#[test]
fn certificates_inside_the_signature_are_checked_with_intermediates() {
    let authority = Authority::with_key(KEYS[0].0, "sha256");
    let dir = authority.dir.path();
    // A root above the CA that issued the authority's certificate.
    must(dir, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out root.key");
    must(dir, "req -x509 -new -key root.key -subj /CN=root -days 2 -out root.pem");
    must(dir, "req -new -key ca.key -subj /CN=ca -out ca.csr");
    fs::write(dir.join("ca.ext"), "basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign\n").unwrap();
    must(
        dir,
        "x509 -req -in ca.csr -CA root.pem -CAkey root.key -days 2 -extfile ca.ext -set_serial 9 -out ca.pem",
    );
    let (reply, root) = (authority.stamp(DATA), authority.pem("root.pem"));
    assert_eq!(
        verify(&reply, &Hash::of(DATA), None, Some(&root)).map(|stamp| stamp.trust),
        Ok(Trust::Vouched)
    );
}

#[test]
fn a_token_by_a_certificate_for_other_things_or_that_names_no_certificate_is_refused() {
    let authority = Authority::with_key(KEYS[0].0, "sha256");
    let dir = authority.dir.path();
    let sign = |usage: &str, more: &str| {
        fs::write(dir.join("other.ext"), format!("[v3]\n{usage}\n")).unwrap();
        must(
            dir,
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 1 -extfile other.ext -extensions v3 -set_serial 8 -out other.pem",
        );
        // Attested after the certificate was made, or it would not have been valid yet. `openssl ts` would refuse to sign
        // with such certificates, so `openssl cms` signs what it attested.
        authority.stamp(DATA);
        must(dir, "ts -reply -in reply -token_out -out token");
        must(dir, "cms -verify -noverify -inform DER -in token -out attested");
        must(
            dir,
            &format!(
                "cms -sign -binary -nodetach -nosmimecap -econtent_type 1.2.840.113549.1.9.16.1.4 -in attested \
                 -signer other.pem -inkey tsa.key -md sha256 -outform DER -out signed{more}"
            ),
        );
        let token = fs::read(dir.join("signed")).unwrap();
        let length = u16::try_from(token.len() + 5).unwrap().to_be_bytes();
        let reply = [&[0x30, 0x82, length[0], length[1], 0x30, 3, 2, 1, 0], token.as_slice()].concat();
        verify(&reply, &Hash::of(DATA), Some(NONCE), Some(&authority.pem("ca.pem"))).map(|stamp| stamp.trust)
    };
    let good = "extendedKeyUsage = critical,timeStamping";
    assert_eq!(sign(good, " -cades"), Ok(Trust::Vouched));
    assert_eq!(sign(good, ""), Err(TimestampError::OtherCertificate));
    for bad in [
        "extendedKeyUsage = timeStamping",
        "extendedKeyUsage = critical,timeStamping,codeSigning",
        "extendedKeyUsage = critical,codeSigning",
        "basicConstraints = CA:FALSE",
        "extendedKeyUsage = critical,timeStamping\nkeyUsage = keyEncipherment",
    ] {
        assert_eq!(sign(bad, " -cades"), Err(TimestampError::Usage), "{bad}");
    }
}

/// One reply for the random changes, since making keys is slow.
fn sample() -> &'static (Vec<u8>, Vec<u8>) {
    static SAMPLE: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let authority = Authority::with_key(KEYS[0].0, "sha256");
        (authority.stamp(DATA), authority.pem("ca.pem"))
    })
}

#[test]
fn a_stamp_cut_short_or_made_longer_is_refused() {
    let (reply, ca) = sample();
    for length in 0..reply.len() {
        assert!(verify(&reply[..length], &Hash::of(DATA), None, Some(ca)).is_err(), "{length} bytes");
    }
    let longer = [reply.as_slice(), &[0]].concat();
    assert_eq!(verify(&longer, &Hash::of(DATA), None, Some(ca)), Err(TimestampError::Form));
}

#[test]
fn a_changed_byte_never_changes_what_a_stamp_attests() {
    let (reply, ca) = sample();
    let good = verify(reply, &Hash::of(DATA), Some(NONCE), Some(ca)).unwrap();
    let mut refused = 0;
    for at in 0..reply.len() {
        let mut changed = reply.clone();
        changed[at] ^= 1;
        match verify(&changed, &Hash::of(DATA), Some(NONCE), Some(ca)) {
            // What the signature does not cover (status texts, a certificate that is not needed).
            Ok(stamp) => assert_eq!(stamp, good, "byte {at}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused * 2 > reply.len(), "only {refused} of {} changes were refused", reply.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn random_changes_neither_panic_nor_attest_another_time(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (reply, ca) = sample();
        let good = verify(reply, &Hash::of(DATA), None, Some(ca)).unwrap();
        let mut changed = reply.clone();
        for (at, byte) in changes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        if let Some(cut) = cut {
            changed.truncate(cut.index(changed.len()));
        }
        if let Ok(stamp) = verify(&changed, &Hash::of(DATA), None, Some(ca)) {
            prop_assert_eq!(stamp, good);
        }
    }

    #[test]
    fn garbage_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(verify(&bytes, &Hash::of(DATA), None, None).is_err());
    }
}

#[test]
fn openssl_reads_the_stamps_of_the_simulated_authority() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ca.der"), CERTIFICATE).unwrap();
    must(dir.path(), "x509 -inform DER -in ca.der -out ca.pem");
    let reply = grant(&Hash::of(DATA), NONCE, "2026-11-02T01:00:00Z".parse().unwrap(), 1).unwrap();
    fs::write(dir.path().join("reply"), &reply).unwrap();
    fs::write(dir.path().join("data"), DATA).unwrap();
    must(dir.path(), "ts -verify -data data -in reply -CAfile ca.pem -attime 1793581200");
    let (_, text) = openssl(dir.path(), "x509 -in ca.pem -noout -subject");
    assert!(text.contains("SIMULATED"), "{text}");
}
