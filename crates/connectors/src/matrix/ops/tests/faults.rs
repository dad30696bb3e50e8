//! One request of a verb fails: the effect that the error states is the effect that happened.

use adjourn_domain::capability::{Effect, Op};

use super::{Bench, Trouble};

const OPS: [Op; 7] =
    [Op::Freeze, Op::Announce, Op::Unlink, Op::Transfer, Op::Dissolve, Op::Purge, Op::RemoveMedia];

fn order(bench: &Bench, op: Op) -> adjourn_connector_kit::Order {
    let mut order = bench.order(op);
    if op == Op::Unlink {
        order.params.insert("link".to_owned(), "widget:board".into());
    }
    order
}

/// A bench on which the operation can be done.
fn ready(op: Op) -> Bench {
    let bench = Bench::new();
    if op == Op::Purge {
        bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap();
        bench.pass(5);
        bench.sent();
    }
    bench
}

#[test]
fn a_reply_lost_anywhere_never_claims_that_nothing_happened() {
    for op in OPS {
        let bench = ready(op);
        bench.act(&bench.root(), &order(&bench, op)).unwrap();
        for label in bench.sent() {
            let bench = ready(op);
            let text: &'static str = Box::leak(label.clone().into_boxed_str());
            bench.trouble(text, Trouble::ReplyLost);
            let Err(error) = bench.act(&bench.root(), &order(&bench, op)) else {
                continue;
            };
            if error.effect == Effect::NotApplied {
                assert_eq!(bench.effect(op), 0, "{op:?} {label}");
            }
            bench.pass(5);
            let _ = bench.act(&bench.root(), &order(&bench, op));
            bench.pass(5);
            let read = bench.read_back(&bench.witness(), &order(&bench, op)).unwrap();
            assert_eq!((read.effect, bench.effect(op)), (Effect::Applied, 1), "{op:?} {label}");
        }
    }
}

#[test]
fn a_server_that_fails_is_unknown_only_for_changing_calls() {
    for op in OPS {
        let bench = ready(op);
        bench.act(&bench.root(), &order(&bench, op)).unwrap();
        for label in bench.sent() {
            let bench = ready(op);
            let text: &'static str = Box::leak(label.clone().into_boxed_str());
            bench.trouble(text, Trouble::Instead(502, "text/html", "<html>bad gateway</html>"));
            if let Err(error) = bench.act(&bench.root(), &order(&bench, op)) {
                let reading = label.starts_with("GET");
                assert!(!reading || error.effect == Effect::NotApplied, "{op:?} {label}");
                assert!(!error.says.contains('<'));
            }
        }
    }
}
