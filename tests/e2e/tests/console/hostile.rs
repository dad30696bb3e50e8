//! Bad input over real sockets: other sites, too much, too slow, too many, malformed, smuggled, disguised, twice at once. Nothing of it is answered
//! with an error of ours, changes anything, or holds up anybody else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use adjourn_e2e::{PLAIN, http, wait_for, workspace_root};

use crate::served::{HERE, PASSWORD, Served};

/// More connections than are taken.
const MANY: usize = 540;
/// Longest wait for what a server does by itself; nothing is said of how long it takes.
const LIMIT: Duration = Duration::from_mins(2);

/// Paths that take something from outside browsers, and by what they know who it is.
const MACHINES: [(&str, &str); 2] = [
    ("/events/{connection}/{identity}", "the platform's signature"),
    ("/passkey/{token}", "a page of its own on this machine, with a token drawn for one ceremony"),
];

/// Every path of the pages that takes more than GET, out of the sources that route it: a new one is among them.
fn changing() -> Vec<String> {
    let mut paths = Vec::new();
    for of in ["console/src", "cli/src/verbs"] {
        routes(&workspace_root().join("crates").join(of), &mut paths);
    }
    paths.sort();
    paths.dedup();
    assert!(paths.len() >= 15, "routes are not found any more: {paths:?}");
    paths.retain(|path| !MACHINES.iter().any(|(machine, _)| machine == path));
    paths
}

fn routes(folder: &Path, paths: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routes(&path, paths);
            continue;
        }
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in text.split(".route(").skip(1) {
            let mut depth = 1;
            let end = call.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let call = &call[..end.unwrap()];
            let changes =
                ["post(", "put(", "patch(", "delete(", "any("].iter().any(|verb| call.contains(verb));
            if let Some(route) = call.split('"').nth(1).filter(|route| changes && route.starts_with('/')) {
                paths.push(route.to_owned());
            }
        }
    }
}

/// Sends bytes and reads what comes until the other side closes.
fn raw(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connected(served);
    // Whoever does not want all of it may close before it has it.
    let _ = stream.write_all(bytes);
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

fn connected(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(served.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

fn status(reply: &str) -> u16 {
    reply.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn nothing_from_outside_changes_anything_or_holds_anybody_up() {
    let served = Served::new();
    for who in ["admin", "business"] {
        served.account(who);
    }
    let cookie = served.session("admin");
    // They trickle while everything else is asked; what became of them is read at the end.
    let mut heads: Vec<TcpStream> = (0..50).map(|_| connected(&served)).collect();
    for head in &mut heads {
        head.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").unwrap();
    }
    let mut body = connected(&served);
    let slow = "POST /sign-in HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\naccept-language: en\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\nname=";
    body.write_all(slow.as_bytes()).unwrap();

    other_sites(&served, &cookie);
    too_much(&served, &cookie);
    malformed(&served, &cookie);
    smuggled(&served);
    disguised(&served, &cookie);

    for head in &mut heads {
        let mut reply = String::new();
        let _ = head.read_to_string(&mut reply);
        assert!(matches!(status(&reply), 0 | 408), "a head that does not come ends: {reply}");
    }
    let mut reply = String::new();
    body.read_to_string(&mut reply).unwrap();
    assert!(status(&reply) == 408 && reply.contains("request.slow"), "{reply}");
    too_many(&served);
    assert_eq!(served.get("/", Some(&cookie)).status, 200, "after all of it the session is as it was");
}

fn other_sites(served: &Served, cookie: &str) {
    for route in changing() {
        let filled: Vec<&str> =
            route.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let url = format!("{}{}", served.address, filled.join("/"));
        let kind = ("content-type", "application/x-www-form-urlencoded");
        for from in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "http://evil.example")],
            vec![("origin", "null")],
            vec![],
        ] {
            let headers = [vec![kind, ("cookie", cookie), ("accept-language", "en")], from.clone()].concat();
            let reply = http::request("POST", &url, &headers, Some(b"name=x")).unwrap();
            let refused = reply.status == 403 && reply.text().contains("request.cross_site");
            assert!(refused, "{route} {from:?}: {} {}", reply.status, reply.text());
        }
    }
}

fn too_much(served: &Served, cookie: &str) {
    let post =
        |path: &str, body: &str| Served::post(HERE, &format!("{}{path}", served.address), body, Some(cookie));
    let reply = post("/sign-in", &format!("name={}&password=x", "a".repeat(300 * 1024)));
    assert!(
        reply.status == 413 && reply.text().contains("request.large"),
        "{} {}",
        reply.status,
        reply.text()
    );
    let long = "\u{7fa4}".repeat(100_000 / 3);
    let reply = post("/people", &format!("name={long}&role=business"));
    assert!(reply.text().contains("A name has one to 100"), "{}", reply.text());
    assert_eq!(served.get(&format!("/group/{}", "g".repeat(10_000)), Some(cookie)).status, 404);
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(40_000));
    assert_eq!(status(&raw(served, head.as_bytes())), 431);
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(500));
    assert_eq!(status(&raw(served, head.as_bytes())), 431);
}

fn malformed(served: &Served, cookie: &str) {
    let step = format!("{}/case/c-1/step", served.address);
    for (kind, body) in [
        ("multipart/form-data", &b"--x\r\n"[..]),
        ("multipart/form-data; boundary=x", b""),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\ncontent-disposition: form-data; name=\"group\"\r\n\r\nno end",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff\xfe\0: y\r\n\r\n\r\n--x--\r\n"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00"),
    ] {
        let headers =
            [("content-type", kind), ("sec-fetch-site", HERE), ("cookie", cookie), ("accept-language", "en")];
        let reply = http::request("POST", &step, &headers, Some(body)).unwrap();
        let text = reply.text();
        assert!(
            (400..500).contains(&reply.status) && text.contains("<code"),
            "{kind}: {} {text}",
            reply.status
        );
    }
    for path in [
        "/../../etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example/",
        "/case/%00",
        "/group/%ff%fe",
        "/group/..%5c..%5cwindows",
        "/task/../../etc/passwd",
    ] {
        let reply = served.get(path, Some(cookie));
        assert!(
            (400..500).contains(&reply.status) && !reply.text().contains("root:"),
            "{path}: {}",
            reply.status
        );
    }
    for (method, expected) in [("HEAD", 200), ("OPTIONS", 405), ("TRACE", 405), ("PROPFIND", 405)] {
        let here = [("sec-fetch-site", HERE)];
        let reply = http::request(method, &format!("{}/sign-in", served.address), &here, None).unwrap();
        assert_eq!(reply.status, expected, "{method}");
    }
}

/// One connection, one meaning: what a proxy may read otherwise than we do is refused, or the last thing on its connection.
fn smuggled(served: &Served) {
    let second = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    for (head, expected) in [
        ("POST /sign-out HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcd", 400),
        ("POST /sign-out HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", 400),
        ("POST /sign-out HTTP/1.1\r\nhost: x\r\ncontent-length: 0x4\r\n\r\nabcd", 400),
        ("POST /sign-out HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /sign-out HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        ("POST /sign-out HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET /sign-in HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n", 400),
        ("GET /sign-in HTTP/1.1\r\n\r\n", 400),
        ("GET /sign-in HTTP/1.1\r\nhost : x\r\n\r\n", 400),
        ("GET /sign-in HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n", 400),
        ("GET /sign-in HTTP/1.1\r\nhost: x\0y\r\n\r\n", 400),
        ("GET /sign-in\x0b HTTP/1.1\r\nhost: x\r\n\r\n", 400),
        // Both lengths: chunks count, and nothing that follows is a request.
        (
            "POST /sign-out HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-length: 60\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            303,
        ),
    ] {
        let reply = raw(served, format!("{head}{second}").as_bytes());
        assert_eq!((status(&reply), reply.matches("HTTP/1.1 ").count()), (expected, 1), "{head:?}: {reply}");
    }
}

/// Names and reasons that would be markup, headers, or another text than they are.
fn disguised(served: &Served, cookie: &str) {
    let post =
        |path: &str, body: &str| Served::post(HERE, &format!("{}{path}", served.address), body, Some(cookie));
    let name = "Li<img src=x onerror=alert(1)>%E2%80%AEgnp.exe";
    let page = post("/people", &format!("name={name}&role=business")).text();
    assert!(page.contains("Li&lt;img src=x onerror=alert(1)&gt;") && !page.contains("<img"), "{page}");
    assert!(
        page.contains("\u{27e8}U+202E\u{27e9}gnp.exe") && !page.contains('\u{202e}'),
        "shown, and turning nothing: {page}"
    );
    let reply = post("/people", "name=a%0d%0aset-cookie:+b=c&role=business");
    assert!(
        reply.header("set-cookie").is_none() && reply.text().contains("A name has one to 100"),
        "{}",
        reply.text()
    );
    for path in [
        "/language/en?next=/a%0d%0aset-cookie:%20x=y",
        "/language/en%0d%0ax?next=/",
        "/sign-in?next=/%0d%0ax:%20y",
    ] {
        let reply = served.get(path, Some(cookie));
        let headers = format!("{:?}", reply.headers);
        assert!(!headers.contains("x=y") && reply.header("x").is_none(), "{path}: {headers}");
    }
}

fn too_many(served: &Served) {
    let crowd: Vec<TcpStream> = (0..MANY).map(|_| connected(served)).collect();
    let asks =
        || http::request("GET", &format!("{}/sign-in", served.address), &[], None).map(|reply| reply.status);
    let full = asks();
    assert!(matches!(full, Ok(503) | Err(_)), "there is no room, and that is said at once: {full:?}");
    drop(crowd);
    let room = wait_for(LIMIT, || matches!(asks(), Ok(200)).then_some(()));
    assert!(room.is_some(), "whoever left makes room");
}

#[test]
fn the_same_form_twice_at_once_acts_once() {
    let served = Served::new();
    let case = served.desk.planned(PLAIN);
    let office = &served.desk.office;
    let plan = office.json("requester", 0, &["show", &case])["hash"].as_str().unwrap().to_owned();
    office.json("requester", 3, &["submit", &case]);
    served.account("business");
    let cookie = served.session("business");
    let url = format!("{}/case/{case}/approve", served.address);
    let body = format!("plan={plan}&password={PASSWORD}");
    let replies: Vec<(u16, String)> = std::thread::scope(|scope| {
        let sent = |_| {
            scope.spawn(|| {
                let reply = Served::post(HERE, &url, &body, Some(&cookie));
                (reply.status, reply.header("location").unwrap_or_default().to_owned())
            })
        };
        let sent: Vec<_> = (0..4).map(sent).collect();
        sent.into_iter().map(|reply| reply.join().unwrap()).collect()
    });
    let first = replies.iter().filter(|(_, to)| !to.contains("already")).count();
    assert!(first == 1 && replies.iter().all(|(status, _)| *status == 303), "{replies:?}");
    let why = office.json("requester", 0, &["why", &case]);
    assert_eq!(why["review"]["answered"].as_array().unwrap().len(), 1, "{why:#}");
    // A form that had stood since before the plan was drawn again approves nothing.
    office.json("requester", 2, &["plan", PLAIN, "--case", &case, "--reason", "another reason"]);
    office.json("requester", 3, &["submit", &case]);
    let fresh = served.session("business");
    let stale = Served::post(HERE, &url, &body, Some(&fresh));
    assert!(stale.text().contains("plan.edited"), "{}", stale.text());
}
