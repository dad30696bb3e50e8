//! What people do in the app and hand in, and what the connector makes of it. Each row that is executed here is named.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context as TaskContext, Poll, Waker};

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::{Cause, Reply, Request, Transport, TransportError};
use adjourn_connector_kit::{Connector, Context, Order, Secret};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Signal, Verdict, read};
use adjourn_formats::{Format, Zone, survey};
use adjourn_world::{ClientAct, ClientRefusal, client};
use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{WechatSim, hand_in};
use crate::wechat::{Wechat, auth};

const BUSY: &str = "34500000001@chatroom";
const OWNER: &str = "wxid_owner01";
const WITNESS: &str = "wxid_witness02";
const HOUR: u64 = 3600;
const NAME: &str = "\u{6c5f}\u{7554}\u{4e66}\u{53cb}\u{4f1a} \u{1f4da}";

/// A phone in everybody's hand, and the connector in front of the inbox.
struct Town {
    sim: Mutex<WechatSim>,
    now: Mutex<Time>,
    settings: BTreeMap<String, String>,
}

struct Line<'a>(&'a Town);

#[async_trait]
impl Transport for Line<'_> {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        let now = *self.0.now.lock().unwrap();
        let outputs = self.0.sim.lock().unwrap().handle(now, Input::Request { exchange: 1, request });
        let reply = outputs.into_iter().find_map(|output| match output {
            Output::Reply { reply, .. } => Some(reply),
            _ => None,
        });
        reply.ok_or_else(|| TransportError { cause: Cause::Lost, says: String::new() })
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

impl Town {
    fn new() -> Self {
        let (sim, spec) = super::seed::sim();
        let bots = spec.accounts.iter().filter(|account| account.bot).map(|account| account.id.as_str());
        let bots: Vec<&str> = bots.collect();
        let settings = [(auth::BOTS.to_owned(), bots.join(","))].into();
        let now = Mutex::new(Time::parse("2026-11-25T09:00:00Z").unwrap());
        let town = Self { sim: Mutex::new(sim), now, settings };
        // Everybody hands in what there is.
        let _ = town.signals("owner");
        town
    }

    fn now(&self) -> Time {
        *self.now.lock().unwrap()
    }

    fn later(&self, seconds: u64) {
        let mut now = self.now.lock().unwrap();
        *now = now.plus_secs(seconds);
    }

    fn act(&self, who: &str, act: &ClientAct) -> Result<(), ClientRefusal> {
        let mut sim = self.sim.lock().unwrap();
        client(&mut *sim, &BUSY.into(), who, act, self.now())
    }

    fn dissolve(&self, who: &str, typed: &str) -> Result<(), ClientRefusal> {
        let dissolve = ClientAct::Dissolve {
            typed_name: typed.to_owned(),
            qr_scanned: false,
            phone_confirmed: false,
            super_admin: None,
        };
        self.act(who, &dissolve)
    }

    fn hand(&self, who: &str, format: Format) {
        let mut sim = self.sim.lock().unwrap();
        assert!(hand_in(&mut *sim, who, &BUSY.into(), format, self.now()), "{who} can't hand in {format:?}");
    }

    /// A file that somebody has in hand already.
    fn hand_bytes(&self, who: &str, text: &str) {
        let at = self.now();
        self.sim.lock().unwrap().hand_in(at, who, BUSY, text.to_owned().into()).unwrap();
    }

    fn with<T>(&self, identity: &str, ask: impl FnOnce(&Wechat, &Context<'_>) -> T) -> T {
        let secrets = [(auth::CODE.to_owned(), Secret::new(format!("wechat-code-{identity}")))].into();
        let (connection, id, line) = ("wx".into(), identity.into(), Line(self));
        let cx = Context {
            transport: &line,
            now: self.now(),
            connection: &connection,
            identity: &id,
            witness: identity == "witness",
            settings: &self.settings,
            secrets: &secrets,
            tokens: &adjourn_connector_kit::Tokens::forgetful(),
            heard: &[],
        };
        ask(&Wechat::new(), &cx)
    }

    fn signals(&self, identity: &str) -> Vec<Signal> {
        self.with(identity, |wechat, cx| ready(wechat.verifier().unwrap().signals(cx, &BUSY.into(), None)))
    }

    fn verdict(&self) -> Verdict {
        read(&[self.signals("owner"), self.signals("witness")].concat())
    }

    fn read_back(&self, identity: &str, op: Op, params: &[(&str, &str)]) -> Effect {
        let params: Map<String, Value> =
            params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let group = NativeId::from(BUSY);
        let order = Order { op, group, key: "k".to_owned(), undo: false, params, memo: Value::Null };
        self.with(identity, |wechat, cx| {
            ready(wechat.verb(op).unwrap().read_back(cx, &order)).unwrap().effect
        })
    }
}

#[test]
fn req_p1_only_the_owner_who_types_the_name_ends_the_group_and_a_witness_proves_it() {
    let town = Town::new();
    let since = town.now().to_string();
    town.later(HOUR);
    assert_eq!(town.dissolve(WITNESS, NAME).unwrap_err().code, "not_owner");
    assert_eq!(town.dissolve(OWNER, "another name").unwrap_err().code, "wrong_name");
    town.hand(WITNESS, Format::ChatlogJson);
    assert_eq!(town.read_back("witness", Op::Dissolve, &[("since", &since)]), Effect::NotApplied);
    town.dissolve(OWNER, NAME).unwrap();
    // What the owner hands in ends no step; what a witness handed in before the end neither.
    town.hand(OWNER, Format::ChatlogJson);
    assert_eq!(town.read_back("witness", Op::Dissolve, &[("since", &since)]), Effect::NotApplied);
    town.later(60);
    town.hand(WITNESS, Format::ChatlogJson);
    assert_eq!(town.read_back("witness", Op::Dissolve, &[("since", &since)]), Effect::Applied);
    // A row from before the step began is not its effect.
    let after = town.now().to_string();
    assert_eq!(town.read_back("witness", Op::Dissolve, &[("since", &after)]), Effect::NotApplied);
    town.later(60);
    let after = town.now().to_string();
    assert_eq!(town.read_back("witness", Op::Dissolve, &[("since", &after)]), Effect::Unknown);
}

#[test]
fn req_n1_every_members_client_gets_the_notice_and_nobody_takes_it_back() {
    let town = Town::new();
    town.dissolve(OWNER, NAME).unwrap();
    assert_eq!(town.act(OWNER, &ClientAct::RecallNotice).unwrap_err().code, "recall_over");
    let sim = town.sim.lock().unwrap();
    let people = sim.world.groups[BUSY].members.keys().filter(|member| !sim.world.is_bot(member));
    let mut members = 0;
    for member in people {
        members += 1;
        for format in [
            Format::ChatlogCsv,
            Format::ChatlogJson,
            Format::MemotraceCsv,
            Format::PywxdumpCsv,
            Format::PywxdumpJson,
        ] {
            let file = super::tool::export(&sim.world, member, BUSY, format).unwrap();
            let survey = survey(file.as_slice(), &Zone::default(), |_| {}, |_| {}).unwrap();
            assert_eq!((survey.ended.len(), survey.findings.unreadable), (1, 0), "{member} {format:?}");
            assert_eq!(survey.ended[0].at, town.now(), "{member} {format:?}");
        }
    }
    assert_eq!(members, 6);
}

#[test]
fn req_g7_gone_is_told_from_hidden_left_and_unknown() {
    let town = Town::new();
    assert_eq!(town.verdict(), Verdict::StillThere);
    // An owner who only leaves: the clients of the others say nothing of an end.
    let left = Town::new();
    left.act(OWNER, &ClientAct::Leave).unwrap();
    left.later(60);
    left.hand(WITNESS, Format::ChatlogJson);
    assert_ne!(left.verdict(), Verdict::Gone);
    // One of two hands in: not proved. Both: gone. A day later without a new export: unknown, never gone.
    town.dissolve(OWNER, NAME).unwrap();
    town.later(60);
    town.hand(OWNER, Format::ChatlogJson);
    assert_eq!(town.verdict(), Verdict::Unknown);
    town.hand(WITNESS, Format::MemotraceCsv);
    assert_eq!(town.verdict(), Verdict::Gone);
    town.later(25 * HOUR);
    assert_eq!(town.verdict(), Verdict::Unknown);
    assert!(town.signals("witness").iter().all(|signal| signal.says == Says::Nothing && !signal.proof));
    town.hand(OWNER, Format::PywxdumpCsv);
    town.hand(WITNESS, Format::ChatlogCsv);
    assert_eq!(town.verdict(), Verdict::Gone);
}

#[test]
fn words_that_a_member_typed_and_messages_after_the_row_prove_no_end() {
    let town = Town::new();
    let words = "\u{7fa4}\u{4e3b}\"\u{9648}\u{654f}\"\u{5df2}\u{89e3}\u{6563}\u{8be5}\u{7fa4}\u{804a}";
    town.act("wxid_a04", &ClientAct::Post { text: words.to_owned() }).unwrap();
    town.later(60);
    for who in [OWNER, WITNESS] {
        for format in [Format::ChatlogCsv, Format::ChatlogJson, Format::MemotraceCsv, Format::PywxdumpJson] {
            town.hand(who, format);
            assert_eq!(town.verdict(), Verdict::StillThere, "{format:?}");
        }
    }
    assert_eq!(town.read_back("witness", Op::Dissolve, &[]), Effect::NotApplied);
    // Somebody wrote after the row: the export contradicts itself.
    let line = |seq: u64, code: u64, sender: &str, text: &str| {
        serde_json::json!({
            "seq": 1_795_600_000_000_u64 + seq, "time": "2026-11-25T17:46:40+08:00", "talker": BUSY, "talkerName": "",
            "isChatRoom": true, "sender": sender, "senderName": "", "isSelf": false, "type": code, "subType": 0,
            "content": text,
        })
    };
    let ended = line(0, 10_000, "", words);
    town.later(HOUR);
    town.hand_bytes(OWNER, &Value::from(vec![ended.clone()]).to_string());
    town.hand_bytes(WITNESS, &Value::from(vec![ended, line(1, 1, "wxid_b05", "hello?")]).to_string());
    assert_eq!(town.verdict(), Verdict::Unknown);
    assert_eq!(town.read_back("witness", Op::Dissolve, &[]), Effect::NotApplied);
}

#[test]
fn req_h1_after_the_end_every_device_keeps_its_history_and_nothing_is_restored() {
    let town = Town::new();
    let before = town.with("owner", |wechat, cx| {
        ready(wechat.exporter().unwrap().count(cx, &BUSY.into())).unwrap().unwrap()
    });
    town.dissolve(OWNER, NAME).unwrap();
    assert_eq!(town.act(OWNER, &ClientAct::Restore).unwrap_err().code, "recovery_over");
    town.later(100 * 24 * HOUR);
    town.hand(OWNER, Format::ChatlogJson);
    let after = town.with("owner", |wechat, cx| {
        assert!(wechat.verb(Op::Restore).is_none() && wechat.verb(Op::Purge).is_none());
        assert_eq!(wechat.descriptor().residue[0].code, "residue-device-copies");
        ready(wechat.exporter().unwrap().count(cx, &BUSY.into())).unwrap().unwrap()
    });
    assert_eq!(after, before + 1, "the history, and the row about the end");
}

#[test]
fn req_x1_the_same_history_is_read_from_every_tools_file() {
    let town = Town::new();
    let mut histories = Vec::new();
    for format in [
        Format::ChatlogJson,
        Format::ChatlogCsv,
        Format::MemotraceCsv,
        Format::PywxdumpCsv,
        Format::PywxdumpJson,
    ] {
        town.later(60);
        town.hand(OWNER, format);
        let mut records = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = town.with("owner", |wechat, cx| {
                ready(wechat.exporter().unwrap().page(cx, &BUSY.into(), cursor.as_deref())).unwrap()
            });
            records.extend(page.records);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let ids: std::collections::BTreeSet<_> = records.iter().map(|record| record.id.clone()).collect();
        assert_eq!(ids.len(), records.len(), "{format:?}");
        histories.push(
            records.into_iter().map(|record| (record.at, record.kind, record.text)).collect::<Vec<_>>(),
        );
    }
    assert_eq!(histories[0].len(), 320);
    assert!(histories.iter().all(|history| *history == histories[0]));
}

#[test]
fn the_announcement_is_read_from_a_witnesss_export() {
    let town = Town::new();
    town.later(60);
    let since = town.now().to_string();
    let text = "This group ends on Friday.\nHash 9f2c";
    let params = [("text", text), ("since", since.as_str())];
    town.later(60);
    town.act("wxid_a04", &ClientAct::Post { text: text.to_owned() }).unwrap();
    assert_eq!(town.read_back("owner", Op::Announce, &params), Effect::Unknown, "nobody has looked");
    town.hand(WITNESS, Format::ChatlogJson);
    assert_eq!(
        town.read_back("owner", Op::Announce, &params),
        Effect::NotApplied,
        "a member is not the owner"
    );
    town.act(OWNER, &ClientAct::Post { text: format!("@all\n{text}") }).unwrap();
    town.hand(WITNESS, Format::ChatlogCsv);
    assert_eq!(town.read_back("owner", Op::Announce, &params), Effect::Applied);
    assert_eq!(
        town.read_back("owner", Op::Announce, &[("text", "other words"), ("since", &since)]),
        Effect::NotApplied
    );
}

#[test]
fn a_notice_to_the_group_counts_by_its_type() {
    let town = Town::new();
    let notice = serde_json::json!([{
        "seq": 1_795_600_000_000_u64, "time": "2026-11-25T17:46:40+08:00", "talker": BUSY, "talkerName": "",
        "isChatRoom": true, "sender": OWNER, "senderName": "", "isSelf": false, "type": 49, "subType": 87,
        "content": "<msg><appmsg><textannouncement>ends on Friday</textannouncement></appmsg></msg>",
    }]);
    town.later(HOUR);
    town.hand_bytes(WITNESS, &notice.to_string());
    assert_eq!(town.read_back("owner", Op::Announce, &[("text", "ends on  Friday")]), Effect::Applied);
}

#[test]
fn what_nobody_handed_in_is_unknown() {
    let mut town = Town::new();
    town.settings.clear();
    let stranger = NativeId::from("34599999999@chatroom");
    town.with("owner", |wechat, cx| {
        let seen = ready(wechat.get(cx, &BUSY.into())).unwrap();
        assert_eq!(seen.details["owner"], "told");
        assert!(seen.members.iter().all(|member| !member.bot), "nobody said which accounts are bots");
        assert!(ready(wechat.get(cx, &stranger)).is_err());
    });
}
