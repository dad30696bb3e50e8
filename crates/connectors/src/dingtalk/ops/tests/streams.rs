//! The stream from the ticket to the answer, over the simulator.

use adjourn_connector_kit::simulator::{Input, Output, Simulator as _};
use adjourn_connector_kit::{Connector as _, Events, Kind, Told};
use bytes::Bytes;

use super::{BUSY, Bench, now};

const SESSION: u64 = 7;

/// What the simulator sends to the session.
fn frames(outputs: Vec<Output>) -> Vec<Bytes> {
    let frame = |output| match output {
        Output::Frame { session: SESSION, bytes } => Some(bytes),
        _ => None,
    };
    outputs.into_iter().filter_map(frame).collect()
}

#[test]
fn req_x4_a_dissolve_is_heard_over_the_stream_and_answered() {
    let bench = Bench::new();
    let events: &dyn Events = bench.connector.events().unwrap();
    let cx = bench.cx(true);
    let request = now(events.stream(&cx)).unwrap();
    let shown = adjourn_connector_kit::transport::shown(&request);
    assert!(shown.ends_with("/connect?ticket=***"), "{shown}");
    let at = cx.now;
    let opened = bench.sim(|sim| sim.handle(at, Input::Opened { session: SESSION, request }));
    assert!(opened.is_empty(), "{opened:?}");
    // A person ends the group; what comes over the stream is read and answered.
    let came = frames(bench.sim(|sim| {
        sim.world.end(at, BUSY, "manager01").unwrap();
        sim.tick(at)
    }));
    let frame = events.frame(&cx, &came[0]).unwrap();
    assert_eq!(
        (frame.heard[0].what, frame.heard[0].group.as_ref().unwrap().as_str()),
        (Told::Dissolved, BUSY)
    );
    let answered = |reply: Option<Bytes>| {
        let bytes = reply.unwrap();
        bench.sim(|sim| sim.handle(at, Input::Frame { session: SESSION, bytes }));
    };
    answered(frame.reply);
    let pings = frames(bench.sim(|sim| sim.tick(at.plus_secs(60))));
    let ping = events.frame(&cx, pings.last().unwrap()).unwrap();
    assert!(ping.heard.is_empty() && !ping.ends);
    answered(ping.reply);
    // The answer was one: the event does not come again, and nothing of ours was unexpected.
    let later = frames(bench.sim(|sim| sim.tick(at.plus_secs(100))));
    assert!(later.is_empty(), "{later:?}");
    let unexpected = bench.sim(adjourn_connector_kit::simulator::Simulator::take_unexpected);
    assert_eq!(unexpected, Some(Vec::new()));
    let goodbye = frames(bench.sim(|sim| sim.tick(at.plus_secs(1800))));
    assert!(events.frame(&cx, goodbye.last().unwrap()).unwrap().ends);
}

#[test]
fn a_wrong_secret_gets_no_ticket_and_each_stream_a_new_one() {
    let mut bench = Bench::new();
    let first = now(bench.connector.events().unwrap().stream(&bench.cx(false))).unwrap();
    let second = now(bench.connector.events().unwrap().stream(&bench.cx(false))).unwrap();
    assert_ne!(first.uri(), second.uri());
    let guessed = adjourn_connector_kit::Secret::new("guessed");
    bench.secrets[0].insert("app_secret".to_owned(), guessed);
    let error = now(bench.connector.events().unwrap().stream(&bench.cx(false))).unwrap_err();
    assert_eq!((error.kind, error.upstream.as_str()), (Kind::Auth, "401 authFailed"));
}

#[test]
fn a_gateway_that_makes_no_sense_opens_nothing() {
    for (body, kind) in [
        (r#"{"endpoint":"https://x.dingtalk.com","ticket":"t"}"#, Kind::Protocol),
        (r#"{"endpoint":"wss://x.dingtalk.com/connect"}"#, Kind::Protocol),
        ("<xml/>", Kind::Protocol),
    ] {
        let bench = Bench::new();
        bench.instead("/gateway/connections/open", 200, body);
        let error = now(bench.connector.events().unwrap().stream(&bench.cx(false))).unwrap_err();
        assert_eq!(error.kind, kind, "{body}");
    }
}
