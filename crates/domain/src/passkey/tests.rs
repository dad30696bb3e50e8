use super::*;

const ID: [u8; 4] = [1, 2, 3, 4];

fn who() -> PrincipalId {
    "p-1".into()
}

fn spki() -> Vec<u8> {
    [&P256_SPKI[..], &[7; 32], &[9; 32]].concat()
}

fn data(rp_id: &str, flags: u8) -> Vec<u8> {
    [&Hash::of(rp_id.as_bytes()).0[..], &[flags], &5_u32.to_be_bytes()].concat()
}

fn client(kind: &str, challenge: Hash, origin: &str) -> Vec<u8> {
    let challenge = base64url(&challenge.0);
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
        .into_bytes()
}

fn registration(change: impl FnOnce(&mut Vec<u8>)) -> Registration {
    let mut made = data(LOCALHOST, UP | UV | AT);
    made.extend([0xaa; 16]);
    made.extend(4_u16.to_be_bytes());
    made.extend(ID);
    made.extend(Algorithm::Es256.cose(&spki()).unwrap());
    change(&mut made);
    Registration {
        credential: hex(&ID),
        authenticator_data: hex(&made),
        client_data: hex(&client("webauthn.create", Hash::of(b"c"), "http://localhost:4000")),
        public_key: hex(&spki()),
    }
}

fn add(new: &Registration) -> Result<Passkey, Refusal> {
    check_registration(&who(), &Relying::default(), Hash::of(b"c"), new, Time::from_millis(0))
}

fn plan() -> Hash {
    challenge(Purpose::Approval, Hash::of(b"plan"), "00", &who()).unwrap()
}

fn answer() -> Assertion {
    Assertion {
        credential: hex(&ID),
        authenticator_data: hex(&data(LOCALHOST, UP | UV)),
        client_data: hex(&client("webauthn.get", plan(), "http://localhost:4001")),
        signature: "30".to_owned(),
    }
}

fn what(result: Result<Signed, Refusal>) -> String {
    result.unwrap_err().args["what"].clone()
}

#[test]
fn req_g9_a_new_passkey_is_the_authenticators_own_key_and_user_verified() {
    let passkey = add(&registration(|_| {})).unwrap();
    assert_eq!((passkey.algorithm, passkey.credential.as_str()), (Algorithm::Es256, "01020304"));
    assert_eq!((passkey.aaguid, passkey.synced), ("aa".repeat(16), false));
    let wrong = |change: fn(&mut Vec<u8>)| add(&registration(change)).unwrap_err().args["what"].clone();
    assert_eq!(wrong(|data| data[32] &= !UV), "user-verification");
    assert_eq!(wrong(|data| data[32] &= !UP), "user-presence");
    assert_eq!(wrong(|data| data[32] &= !AT), "credential");
    assert_eq!(wrong(|data| data[56] ^= 1), "credential");
    assert_eq!(wrong(|data| data[54] = 0), "credential");
    assert_eq!(wrong(|data| data[80] ^= 1), "public-key");
    assert_eq!(wrong(|data| data.truncate(60)), "public-key");
    assert_eq!(wrong(|data| data.truncate(40)), "authenticator-data");
    let mut rsa = registration(|_| {});
    rsa.public_key = "30820122300d06092a864886f70d01010105000382010f00".to_owned();
    assert_eq!(add(&rsa).unwrap_err().code, "passkey.algorithm");
}

#[test]
fn req_g9_an_answer_is_for_this_plan_this_person_and_this_place() {
    let passkey = add(&registration(|_| {})).unwrap();
    let signed = check_assertion(&passkey, plan(), &answer()).unwrap();
    assert_eq!((signed.counter, signed.message.len()), (5, 37 + 32));
    let check = |answer: &Assertion| what(check_assertion(&passkey, plan(), answer));
    for other in [
        challenge(Purpose::Approval, Hash::of(b"another plan"), "00", &who()).unwrap(),
        challenge(Purpose::Approval, Hash::of(b"plan"), "01", &who()).unwrap(),
        challenge(Purpose::Approval, Hash::of(b"plan"), "00", &"p-2".into()).unwrap(),
        challenge(Purpose::Confirmation, Hash::of(b"plan"), "00", &who()).unwrap(),
    ] {
        assert_eq!(what(check_assertion(&passkey, other, &answer())), "challenge");
    }
    let with = |change: &dyn Fn(&mut Assertion)| {
        let mut answer = answer();
        change(&mut answer);
        check(&answer)
    };
    let from = |kind: &str, origin: &str| hex(&client(kind, plan(), origin));
    assert_eq!(with(&|a| a.authenticator_data = hex(&data(LOCALHOST, UP))), "user-verification");
    assert_eq!(with(&|a| a.authenticator_data = hex(&data(LOCALHOST, UV))), "user-presence");
    assert_eq!(with(&|a| a.authenticator_data = hex(&data("evil.example", UP | UV))), "relying-party");
    assert_eq!(with(&|a| a.client_data = from("webauthn.create", "http://localhost:1")), "type");
    for origin in
        ["http://localhost.evil.example", "https://localhost", "http://localhost:1x", "http://localhost:1/x"]
    {
        assert_eq!(with(&|a| a.client_data = from("webauthn.get", origin)), "origin", "{origin}");
    }
    assert_eq!(with(&|a| a.client_data = "7b7d".to_owned()), "type");
    assert_eq!(with(&|a| a.credential = "ff".to_owned()), "credential");
    assert_eq!(with(&|a| a.signature = "zz".to_owned()), "signature");
    assert_eq!(with(&|a| a.signature = "00".repeat(MAX_PART + 1)), "signature");
}

#[test]
fn relying_parties_are_what_a_browser_takes() {
    assert_eq!(Relying::new("localhost", "http://localhost:7").unwrap(), Relying::default());
    let at = Relying::new("example.org", "https://adjourn.example.org:8443/").unwrap();
    assert_eq!(at.origin, "https://adjourn.example.org:8443");
    for (id, origin) in [
        ("localhost", "http://127.0.0.1"),
        ("example.org", "http://example.org"),
        ("example.org", "https://badexample.org"),
        ("example.org", "https://example.org/path"),
        ("Example.org", "https://Example.org"),
        ("org", "https://example.org"),
        ("10.0.0.1", "https://10.0.0.1"),
    ] {
        assert_eq!(Relying::new(id, origin).unwrap_err().code, "config.invalid", "{id} {origin}");
    }
}

#[test]
fn base64url_is_as_the_standard_has_it() {
    for (plain, text) in [("", ""), ("f", "Zg"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("\u{3ff}?", "z78_")] {
        assert_eq!(base64url(plain.as_bytes()), text);
    }
}
