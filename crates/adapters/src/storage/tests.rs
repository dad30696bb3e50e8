//! The wire against a small bucket in this process that does what it is told, and misbehaves where a test says so. What a real server makes of the same
//! requests is in `tests/e2e/tests/storage.rs`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::*;

/// 2026-11-29, 08:00 in Beijing.
const START: i64 = 1_795_910_400_000;

/// A clock that jumps.
struct Jumping(AtomicI64);

#[async_trait]
impl Clock for Jumping {
    fn now(&self) -> Time {
        Time::from_millis(self.0.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, until: Time) {
        self.0.fetch_max(until.as_millis(), Ordering::SeqCst);
    }
}

#[derive(Debug, Clone)]
struct Request {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Request {
    fn is(&self, method: &str, query: &str) -> bool {
        self.method == method && self.query.contains(query)
    }
}

/// Status, headers, body; `None` for a connection that breaks off.
type Answer = Option<(u16, Vec<(String, String)>, Vec<u8>)>;

#[expect(clippy::unnecessary_wraps, reason = "what a bucket does is an answer or none")]
fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Some((status, headers, body.into()))
}

fn refusal(status: u16, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    answer(status, &[("content-type", "application/xml")], body)
}

type Object = (BTreeMap<String, String>, Vec<u8>);
type Upload = (BTreeMap<String, String>, BTreeMap<u16, Vec<u8>>);
/// What happens instead; gets the number of such requests so far.
type Fault = Box<dyn Fn(&Request, usize, &mut Inside) -> Option<Answer> + Send>;

/// A bucket.
struct Small {
    address: String,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, Object>,
    uploads: BTreeMap<String, Upload>,
    seen: Vec<Request>,
    fault: Option<Fault>,
}

impl Inside {
    fn serve(&mut self, request: &Request) -> Answer {
        let same = |seen: &&Request| seen.method == request.method && seen.path == request.path;
        let nth = self.seen.iter().filter(same).count() + 1;
        self.seen.push(request.clone());
        if let Some(fault) = self.fault.take() {
            let instead = fault(request, nth, self);
            self.fault = Some(fault);
            if let Some(instead) = instead {
                return instead;
            }
        }
        self.honest(request)
    }

    fn honest(&mut self, request: &Request) -> Answer {
        let upload = value(&request.query, "uploadId");
        let there = self.objects.contains_key(&request.path);
        let barred = request.headers.get("if-none-match").is_some_and(|any| any == "*") && there;
        match (request.method.as_str(), upload) {
            ("GET", _) if request.query.contains("object-lock") => {
                answer(200, &[], "<C><ObjectLockEnabled>Enabled</ObjectLockEnabled></C>")
            }
            ("GET", _) if request.query.contains("versioning") => {
                answer(200, &[], "<Status>Enabled</Status>")
            }
            ("PUT" | "POST", _) if barred => refusal(412, "PreconditionFailed"),
            ("POST", None) => {
                let id = format!("u{}", self.uploads.len() + 1);
                self.uploads.insert(id.clone(), (request.headers.clone(), BTreeMap::new()));
                let body = format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                );
                answer(200, &[], body)
            }
            ("PUT", Some(id)) => {
                let Some((_, parts)) = self.uploads.get_mut(&id) else { return refusal(404, "NoSuchUpload") };
                let number = value(&request.query, "partNumber").unwrap().parse().unwrap();
                parts.insert(number, request.body.clone());
                answer(200, &[("etag", &tag(&request.body))], "")
            }
            ("GET", Some(id)) => {
                let Some((_, parts)) = self.uploads.get(&id) else { return refusal(404, "NoSuchUpload") };
                let row = |(number, body): (&u16, &Vec<u8>)| {
                    let (tag, size) = (tag(body).replace('"', "&quot;"), body.len());
                    format!(
                        "<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag><LastModified>x</LastModified><Size>{size}</Size></Part>"
                    )
                };
                let rows: String = parts.iter().map(row).collect();
                answer(
                    200,
                    &[],
                    format!("<L><MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated>{rows}</L>"),
                )
            }
            ("POST", Some(id)) => {
                let Some((headers, parts)) = self.uploads.remove(&id) else {
                    return refusal(404, "NoSuchUpload");
                };
                let body = parts.into_values().flatten().collect();
                self.objects.insert(request.path.clone(), (headers, body));
                answer(200, &[], "<CompleteMultipartUploadResult/>")
            }
            ("DELETE", Some(id)) => {
                self.uploads.remove(&id);
                answer(204, &[], "")
            }
            ("PUT", None) => {
                let sum = STANDARD.encode(Hash::of(&request.body).0);
                assert_eq!(request.headers[CHECKSUM], sum);
                let object = (request.headers.clone(), request.body.clone());
                self.objects.insert(request.path.clone(), object);
                answer(200, &[], "")
            }
            ("HEAD" | "GET", None) => {
                let Some((headers, body)) = self.objects.get(&request.path) else {
                    return refusal(404, "NoSuchKey");
                };
                let kept =
                    |name: &str| name.starts_with("x-amz-meta") || name.starts_with("x-amz-object-lock");
                let headers: Vec<_> = headers
                    .iter()
                    .filter(|(name, _)| kept(name))
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect();
                Some((200, headers, body.clone()))
            }
            _ => refusal(405, "MethodNotAllowed"),
        }
    }
}

/// A tag with quotation marks, as servers have them.
fn tag(body: &[u8]) -> String {
    format!("\"{}\"", &Hash::of(body).to_string()[..32])
}

fn value(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, v)| v.to_owned())
}

impl Small {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::<Mutex<Inside>>::default();
        let shared = inside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let _ = serve(stream, &shared);
            }
        });
        Self { address, inside }
    }

    fn with(fault: impl Fn(&Request, usize, &mut Inside) -> Option<Answer> + Send + 'static) -> Self {
        let small = Self::start();
        small.inside().fault = Some(Box::new(fault));
        small
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    fn count(&self, method: &str, query: &str) -> usize {
        self.inside().seen.iter().filter(|seen| seen.is(method, query)).count()
    }
}

fn serve(stream: TcpStream, inside: &Mutex<Inside>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let mut first = lines.first().map(String::as_str).unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: BTreeMap<String, String> = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body)?;
    let request =
        Request { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), headers, body };
    let head = method == "HEAD";
    let Some((status, mut headers, body)) = inside.lock().unwrap().serve(&request) else { return Ok(()) };
    if !headers.iter().any(|(name, _)| name == "content-length") {
        headers.push(("content-length".to_owned(), body.len().to_string()));
    }
    let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines = lines.concat();
    let mut stream = stream;
    stream.write_all(format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{lines}\r\n").as_bytes())?;
    if head { Ok(()) } else { stream.write_all(&body) }
}

/// A storage over a bucket, with a folder, a file of 2,500 bytes and parts of 1,000.
struct Desk {
    small: Small,
    storage: S3Storage,
    clock: Arc<Jumping>,
    dir: tempfile::TempDir,
}

impl Desk {
    fn of(small: Small) -> Self {
        let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(Jumping(AtomicI64::new(START))));
        fs::write(dir.path().join("file"), content()).unwrap();
        let settings = Settings {
            endpoint: small.address.clone(),
            region: "r".to_owned(),
            bucket: "b".to_owned(),
            prefix: "p".to_owned(),
            path_style: true,
            access_key: "k".to_owned(),
            secret: "very-secret".to_owned(),
            lock: None,
            legal_hold: false,
            ca_pem: None,
            working: dir.path().join("uploads"),
        };
        let storage = S3Storage::new(settings, clock.clone()).unwrap();
        Self { small, storage, clock, dir }
    }

    fn in_parts(mut self) -> Self {
        self.storage.part = 1000;
        self
    }

    fn locked(mut self) -> Self {
        self.storage.lock = Some((LockMode::Compliance, 30));
        self
    }

    async fn put(&self) -> Result<(Stored, bool), AppError> {
        self.storage.put(&self.dir.path().join("file"), "g-1/file", &|_, _, _| ()).await
    }

    async fn refused(&self) -> AppError {
        let error = self.put().await.unwrap_err();
        assert!(
            !error.to_string().contains("very-secret") && !error.to_string().contains("Signature"),
            "{error}"
        );
        error
    }

    fn passed_s(&self) -> i64 {
        (self.clock.now().as_millis() - START) / 1000
    }
}

fn content() -> Vec<u8> {
    (0..2500_u32).map(|n| (n % 251) as u8).collect()
}

#[tokio::test]
async fn req_x1_what_is_stored_was_read_back_and_a_lost_answer_is_found_out() {
    for parts in [false, true] {
        // The reply to what makes the object is lost: the effect is there.
        let desk = Desk::of(Small::with(|request, _, inside| {
            let makes = request.is("POST", "uploadId=")
                || (request.method == "PUT" && !request.query.contains("uploadId"));
            if makes && inside.objects.is_empty() {
                inside.honest(request);
                return Some(None);
            }
            None
        }))
        .locked();
        let desk = if parts { desk.in_parts() } else { desk };
        let (stored, already) = desk.put().await.unwrap();
        assert!(already, "found out by looking");
        assert_eq!(
            (stored.key.as_str(), stored.bytes, stored.sha256),
            ("p/g-1/file", 2500, Hash::of(&content()))
        );
        let lock = stored.lock.unwrap();
        assert_eq!(
            (lock.mode, lock.until.secs_since(Time::from_millis(START))),
            (LockMode::Compliance, 30 * DAY)
        );
        assert!(
            fs::read_dir(desk.dir.path()).unwrap().flatten().all(|entry| {
                entry.path().is_file() || fs::read_dir(entry.path()).unwrap().next().is_none()
            }),
            "nothing is left of the upload"
        );
        // Once more: nothing is sent. Something else: nothing is overwritten.
        let sent = desk.small.count("PUT", "") + desk.small.count("POST", "");
        assert!(desk.put().await.unwrap().1);
        fs::write(desk.dir.path().join("file"), b"other").unwrap();
        assert_eq!(desk.refused().await.code(), "storage.exists");
        fs::write(desk.dir.path().join("file"), vec![7; 2500]).unwrap();
        assert_eq!(desk.refused().await.code(), "storage.exists");
        assert_eq!(desk.small.count("PUT", "") + desk.small.count("POST", ""), sent);
        assert_eq!(desk.small.inside().objects["/b/p/g-1/file"].1, content());
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_when_it_says_so_and_not_for_ever() {
    let desk = Desk::of(Small::with(|request, nth, _| {
        (request.method == "PUT" && nth == 1).then(|| answer(503, &[("retry-after", "7")], ""))
    }));
    desk.put().await.unwrap();
    assert_eq!(desk.passed_s(), 7);
    for (status, code) in [(429, "storage.busy"), (500, "storage.busy")] {
        let desk = Desk::of(Small::with(move |request, _, _| {
            (request.method == "PUT").then(|| answer(status, &[], ""))
        }));
        assert_eq!(desk.refused().await.code(), code);
        assert_eq!((desk.small.count("PUT", ""), desk.passed_s()), (5, 1 + 2 + 4 + 8));
    }
    let desk = Desk::of(Small::with(|_, _, _| Some(None)));
    assert_eq!(desk.refused().await.code(), "storage.network");
}

#[tokio::test]
async fn each_refusal_has_a_name_and_a_redirect_leads_nowhere() {
    let elsewhere = Small::start();
    let location = format!("{}/b/p/g-1/file", elsewhere.address);
    let hour_ago = "Sat, 28 Nov 2026 23:00:00 GMT";
    let refusals: Vec<(Answer, &str)> = vec![
        (refusal(403, "InvalidAccessKeyId"), "storage.auth"),
        (refusal(404, "NoSuchBucket"), "storage.bucket"),
        (answer(307, &[("location", &location)], ""), "storage.redirect"),
        (refusal(400, "AuthorizationHeaderMalformed"), "storage.redirect"),
        (answer(403, &[("date", hour_ago)], ""), "storage.clock"),
        (answer(507, &[], ""), "storage.full"),
        (refusal(403, "QuotaExceeded"), "storage.full"),
        (refusal(400, "InvalidDigest"), "storage.refused"),
        (answer(200, &[], "x".repeat(wire::MAX_REPLY + 1)), "storage.reply"),
    ];
    for (refusal, code) in refusals {
        let given = refusal.clone();
        let desk =
            Desk::of(Small::with(move |request, _, _| (request.method == "PUT").then(|| given.clone())));
        assert_eq!(desk.refused().await.code(), code, "{refusal:?}");
    }
    assert!(elsewhere.inside().seen.is_empty(), "nobody went there");
    // A head has no body: the bucket is asked why.
    let desk = Desk::of(Small::with(|request, _, _| match request.method.as_str() {
        "HEAD" => Some(answer(403, &[], "")),
        _ => Some(refusal(403, "SignatureDoesNotMatch")),
    }));
    let error = desk.put().await.unwrap_err();
    assert!(error.code() == "storage.auth" && error.to_string().contains("SignatureDoesNotMatch"), "{error}");
}

#[tokio::test]
async fn req_x1_a_server_that_lies_is_found_out() {
    let lies: Vec<(&str, Fault)> = vec![
        (
            "it kept nothing",
            Box::new(|request, _, _| (request.method == "PUT").then(|| answer(200, &[], ""))),
        ),
        (
            "other bytes",
            Box::new(|request, _, inside| {
                (request.is("GET", "") && inside.objects.contains_key(&request.path))
                    .then(|| answer(200, &[], vec![7; 2500]))
            }),
        ),
        (
            "too few",
            Box::new(|request, _, inside| {
                (request.is("GET", "") && inside.objects.contains_key(&request.path))
                    .then(|| answer(206, &[], vec![7; 100]))
            }),
        ),
        (
            "another size",
            Box::new(|request, nth, _| {
                (request.method == "HEAD" && nth > 1).then(|| answer(200, &[("content-length", "2499")], ""))
            }),
        ),
    ];
    for (what, lie) in lies {
        let small = Small::start();
        small.inside().fault = Some(lie);
        assert_eq!(Desk::of(small).refused().await.code(), "storage.damaged", "{what}");
    }
    // A page that a device in between shows instead of the object.
    let desk = Desk::of(Small::with(|request, _, inside| {
        (request.is("GET", "") && !inside.objects.is_empty()).then(|| answer(200, &[], "x".repeat(5000)))
    }));
    assert_eq!(desk.refused().await.code(), "storage.reply");
}

#[tokio::test]
async fn a_lock_that_was_asked_for_is_there_or_nothing_counts_as_stored() {
    let none = |status| {
        Small::with(move |request, _, _| {
            request.is("GET", "object-lock").then(|| refusal(status, "ObjectLockConfigurationNotFoundError"))
        })
    };
    let desk = Desk::of(none(404)).locked();
    assert_eq!(desk.refused().await.code(), "storage.no_lock");
    assert_eq!(desk.small.count("PUT", ""), 0, "nothing was sent");
    assert_eq!(desk.storage.look().await.unwrap_err().code(), "storage.no_lock");
    let desk = Desk::of(none(404));
    assert!(!desk.storage.locks().await.unwrap() && desk.locked().storage.locks().await.unwrap());
    // A bucket that locks by itself whatever comes.
    let rule = "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>9</Days></DefaultRetention></Rule>";
    let desk = Desk::of(Small::with(move |request, _, _| {
        request.is("GET", "object-lock").then(|| answer(200, &[], rule))
    }));
    assert!(desk.storage.locks().await.unwrap());
    let desk = Desk::of(none(404));
    assert_eq!(desk.storage.look().await.unwrap().locking, Locking::Off);
    assert!(desk.put().await.unwrap().0.lock.is_none());
    // The key may not ask, and the server takes no notice of the lock, or makes a weaker one.
    for (mode, until) in
        [("", ""), ("GOVERNANCE", "2036-01-01T00:00:00Z"), ("COMPLIANCE", "2026-11-30T00:00:00Z")]
    {
        let desk = Desk::of(Small::with(move |request, _, inside| {
            if request.is("GET", "object-lock") {
                return Some(refusal(403, "AccessDenied"));
            }
            if request.method == "PUT" {
                let mut other = request.clone();
                other.headers.insert("x-amz-object-lock-mode".to_owned(), mode.to_owned());
                other.headers.insert("x-amz-object-lock-retain-until-date".to_owned(), until.to_owned());
                return Some(inside.honest(&other));
            }
            None
        }))
        .locked();
        assert_eq!(desk.refused().await.code(), "storage.lock", "{mode}");
        assert_eq!(desk.refused().await.code(), "storage.lock", "{mode}: nor when it lies there already");
    }
}

#[tokio::test]
async fn an_upload_in_parts_goes_on_and_begins_anew_where_the_server_has_forgotten_it() {
    // The third part is refused once; the end is answered with 200 and an error first.
    let desk = Desk::of(Small::with(|request, nth, _| {
        if request.is("PUT", "partNumber=3") && nth == 3 {
            return Some(refusal(400, "InvalidDigest"));
        }
        (request.is("POST", "uploadId") && nth == 2).then(|| refusal(200, "InternalError"))
    }))
    .in_parts();
    assert_eq!(desk.refused().await.code(), "storage.refused");
    assert!(!desk.put().await.unwrap().1);
    let sent = |desk: &Desk, number: u32| desk.small.count("PUT", &format!("partNumber={number}"));
    assert_eq!(
        (sent(&desk, 1), sent(&desk, 2), sent(&desk, 3)),
        (1, 1, 2),
        "what was there was not sent again"
    );
    assert_eq!(desk.small.inside().objects["/b/p/g-1/file"].1, content());

    let desk = Desk::of(Small::with(|request, nth, _| {
        (request.is("PUT", "partNumber=2") && nth == 2).then(|| refusal(400, "InvalidDigest"))
    }))
    .in_parts();
    assert_eq!(desk.refused().await.code(), "storage.refused");
    desk.small.inside().uploads.clear();
    desk.put().await.unwrap();
    assert_eq!((sent(&desk, 1), sent(&desk, 2)), (2, 2));

    // A file that changes while it is sent is not stored, and its upload is taken back.
    let desk = Desk::of(Small::start()).in_parts();
    let path = desk.dir.path().join("file");
    let writes = |stage: Stage, done: u64, _: u64| {
        if stage == Stage::Send && done == 1000 {
            let mut other = content();
            other[2000] ^= 1;
            fs::write(&path, other).unwrap();
        }
    };
    let error = desk.storage.put(&path, "g-1/file", &writes).await.unwrap_err();
    assert_eq!(error.code(), "storage.changed");
    assert!(desk.small.inside().uploads.is_empty() && desk.small.inside().objects.is_empty());
}

#[tokio::test]
async fn what_comes_back_has_its_hash_or_is_not_there() {
    let desk = Desk::of(Small::start());
    let stored = desk.put().await.unwrap().0;
    let out = desk.dir.path().join("out");
    let get = |known: Option<Stored>| {
        let (storage, out) = (&desk.storage, out.clone());
        async move { storage.get("g-1/file", known.as_ref(), &out, &|_, _, _| ()).await }
    };
    get(Some(stored.clone())).await.unwrap();
    assert_eq!(fs::read(&out).unwrap(), content());
    assert_eq!(get(None).await.unwrap_err().code(), "archive.exists");
    fs::remove_file(&out).unwrap();
    // Whoever alters the object alters the hash beside it too; the journal knows better.
    let forged = vec![9; 2500];
    {
        let mut inside = desk.small.inside();
        let object = inside.objects.get_mut("/b/p/g-1/file").unwrap();
        object.0.insert(WHOLE.to_owned(), Hash::of(&forged).to_string());
        object.1 = forged;
    }
    assert_eq!(get(Some(stored)).await.unwrap_err().code(), "storage.damaged");
    assert!(!out.exists() && !desk.dir.path().join("out.part").exists());
    desk.small.inside().objects.get_mut("/b/p/g-1/file").unwrap().0.clear();
    assert_eq!(get(None).await.unwrap_err().code(), "storage.unhashed");
    desk.small.inside().objects.clear();
    assert_eq!(get(None).await.unwrap_err().code(), "storage.unknown");
}
