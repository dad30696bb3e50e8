//! What whoever runs a service sees of it: metrics, a log, readiness, and an end in the middle. None of it says who anybody is.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use adjourn_e2e::{PLAIN, RefDesk, http, workspace_root};
use serde_json::Value;

use crate::served::Served;

const LIMIT: Duration = Duration::from_mins(2);

#[test]
fn a_service_is_watched_by_numbers_codes_and_pseudonyms_and_ends_in_order() {
    let desk = RefDesk::new(&[]);
    let (case, _) = desk.office.approved(PLAIN);
    let served = Served::with(desk, &["--metrics", "127.0.0.1:0", "--log", "json"]);
    let said: Value = serde_json::from_str(&served.running.stdout()).unwrap();
    let metrics = format!("http://{}/metrics", said["metrics"].as_str().unwrap());
    served.account("business");
    let cookie = served.session("business");
    // A whole end, done by the process that is watched.
    let office = &served.desk.office;
    office.run("requester", &["apply", &case, "--detach"]);
    assert_eq!(office.run("requester", &["watch", &case]).code, Some(0));
    assert_eq!(served.get(&format!("/case/{case}"), Some(&cookie)).status, 200);
    assert_eq!(served.get("/nowhere", None).status, 404);
    let reply = http::request("GET", &metrics, &[], None).unwrap();
    assert!(reply.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let text = reply.text();
    let value = |line: &str| {
        let found = text.lines().find_map(|one| one.strip_prefix(line)?.trim().parse::<f64>().ok());
        found.unwrap_or_else(|| panic!("no {line} in\n{text}"))
    };
    assert!(value("adjourn_journal_events_total{kind=\"probed\"}") > 0.0);
    assert!(value("adjourn_steps_total{outcome=\"applied\"}") > 0.0);
    assert!(value("adjourn_platform_calls_total{platform=\"reference\",outcome=\"answered\"}") > 0.0);
    assert!((value("adjourn_groups{state=\"verified_gone\"}") - 1.0).abs() < 0.5);
    assert!((value("adjourn_lease_held") - 1.0).abs() < 0.5);
    assert!((value("adjourn_http_requests_total{status=\"404\"}") - 1.0).abs() < 0.5);
    assert!(value("adjourn_http_request_duration_seconds_count") > 2.0);
    assert!(text.ends_with("# EOF\n"), "whole");
    // Each of them is documented.
    let docs = std::fs::read_to_string(workspace_root().join("docs/operations/metrics.md")).unwrap();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').unwrap();
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        assert!(docs.contains(&format!("| `{name}{suffix}` | {kind} |")), "{line} is not in metrics.md");
    }
    let ready = served.get("/ready", None);
    assert_eq!((ready.status, ready.json()["ok"].as_bool()), (200, Some(true)), "{}", ready.text());
    // Told to end while a page is open: its stream is told so, and nobody waits for it.
    let mut stream = TcpStream::connect(served.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    write!(stream, "GET /live HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n").unwrap();
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200");
    served.running.terminate();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("event: closing"), "{rest}");
    let groups = office.json("requester", 0, &["ls"]);
    let group = office.json("requester", 0, &["show", PLAIN]);
    let output = served.running.wait(LIMIT);
    assert_eq!(output.code, Some(0), "{output}");
    // The log: one object a line, and nobody in it.
    let lines: Vec<Value> =
        output.stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let has = |field: &str, value: &str| lines.iter().any(|line| line[field] == value);
    assert!(has("event", "probed") && has("message", "ended"), "{output}");
    // A page by its route, and what there is not without one.
    for (route, status) in [("/case/{case}", 200), ("/ready", 200), ("/live", 200), ("", 404)] {
        assert!(lines.iter().any(|line| line["route"] == route && line["status"] == status), "{route}: {output}");
    }
    let mut people: Vec<String> = Vec::new();
    for group in groups["groups"].as_array().unwrap() {
        people.extend(
            ["native", "name", "alias"].iter().filter_map(|key| group[key].as_str().map(str::to_owned)),
        );
        people.extend(
            group["owners"].as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)),
        );
    }
    let snapshot = group["snapshot"].to_string();
    let members: Vec<&str> = snapshot.split('"').filter(|text| text.starts_with("u-")).collect();
    assert!(members.len() > 2, "{snapshot}");
    people.extend(members.into_iter().map(str::to_owned));
    people.push(case);
    for who in people {
        assert!(!output.stderr.contains(&format!("\"{who}\"")) && !text.contains(&who), "{who} is named");
    }
}
