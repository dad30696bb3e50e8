//! Wishes of all kinds, for sequences that are mostly nonsense and now and then go far.

use adjourn_domain::capability::{Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::group::Kind;
use adjourn_domain::policy::PERSONAL;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::support::row;

/// What a plan is drawn over.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) requester: usize,
    pub(crate) class: &'static str,
    pub(crate) both: bool,
    pub(crate) kind: Kind,
    pub(crate) judicial: bool,
    pub(crate) nominee: bool,
    pub(crate) announced: bool,
    pub(crate) rows: Vec<Capability>,
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    See(usize, u8),
    Hold(usize, u8, usize),
    Lift(usize, u8, usize),
    Draw(Spec),
    Submit(usize),
    Review { who: usize, reject: bool, wrong_hash: bool, signed_by: Option<usize> },
    Confirm(usize),
    Agree,
    Stale,
    Apply(usize),
    Start(usize),
    Work { group: usize, answers: Vec<u8>, lost: bool },
    Honest(usize, usize),
    Stray(usize, u8, u8, u8),
    Person(usize, usize),
    Accept(usize, usize),
    React(usize, u8),
    Cant(usize, usize),
    Pause(usize),
    Resume(usize),
    Undo(usize, bool),
    Jump(i64),
    Wake(usize),
}

fn support() -> impl Strategy<Value = Support> {
    prop_oneof![4 => Just(Support::Native), 1 => Just(Support::Emulated), 2 => Just(Support::Assisted)]
}

fn class() -> impl Strategy<Value = EffectClass> {
    prop_oneof![2 => Just(EffectClass::P), 1 => Just(EffectClass::K), 2 => Just(EffectClass::U)]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => Just(Kind::Ordinary),
        2 => Just(Kind::Education),
        1 => Just(Kind::Trading),
        1 => Just(Kind::Enterprise),
        1 => Just(Kind::ExternalCustomer),
    ]
}

fn spec() -> BoxedStrategy<Spec> {
    // Boxed: the tree of all strategies is larger than a test's stack.
    let wanted = |op| (support(), class()).prop_map(move |(support, class)| row(op, support, class)).boxed();
    let dissolve =
        (wanted(Op::Dissolve), any::<bool>(), any::<bool>()).prop_map(|(mut row, fallback, back)| {
            if back {
                row.reversible = Reversible::Seconds { seconds: 3600 };
            }
            if fallback {
                row.note.push_str("|fallback:note-by-hand");
            }
            row
        });
    let blind = (wanted(Op::Announce), 0..3usize).prop_map(|(mut row, n)| {
        ["read", "told-by-person", "accepted-not-delivered"][n].clone_into(&mut row.proof);
        row
    });
    let may = |op, share| option::weighted(share, wanted(op));
    (
        (0..5usize, prop::sample::select(vec!["important", "strict", PERSONAL]), any::<bool>()),
        (kind(), prop::bool::weighted(0.2), prop::bool::weighted(0.2), any::<bool>()),
        (may(Op::Freeze, 0.8), wanted(Op::Export), may(Op::Unlink, 0.8), option::weighted(0.8, blind)),
        (
            may(Op::Handover, 0.2),
            option::weighted(0.97, dissolve),
            may(Op::Purge, 0.5),
            may(Op::RemoveMedia, 0.4),
            may(Op::Restore, 0.5),
        ),
    )
        .prop_map(|((requester, class, both), (kind, judicial, nominee, announced), early, late)| {
            let (freeze, export, unlink, announce) = early;
            let (handover, dissolve, purge, media, restore) = late;
            let verify = Some(row(Op::Verify, Support::Native, EffectClass::P));
            let rows =
                [freeze, Some(export), unlink, announce, handover, dissolve, purge, media, restore, verify];
            Spec {
                requester,
                class,
                both,
                kind,
                judicial,
                nominee,
                announced,
                rows: rows.into_iter().flatten().collect(),
            }
        })
        .boxed()
}

fn wish() -> BoxedStrategy<Wish> {
    let (g, who) = (|| 0..2usize, || 0..5usize);
    prop_oneof![
        1 => (g(), any::<u8>()).prop_map(|(g, n)| Wish::See(g, n)),
        2 => (g(), 0..2u8, who()).prop_map(|(g, h, who)| Wish::Hold(g, h, who)),
        6 => (g(), 0..2u8, who()).prop_map(|(g, h, who)| Wish::Lift(g, h, who)),
        1 => spec().prop_map(Wish::Draw),
        1 => who().prop_map(Wish::Submit),
        2 => (who(), prop::bool::weighted(0.1), prop::bool::weighted(0.1), option::weighted(0.1, who()))
            .prop_map(|(who, reject, wrong_hash, signed_by)| Wish::Review { who, reject, wrong_hash, signed_by }),
        1 => who().prop_map(Wish::Confirm),
        1 => Just(Wish::Agree),
        1 => Just(Wish::Stale),
        2 => who().prop_map(Wish::Apply),
        1 => g().prop_map(Wish::Start),
        8 => (g(), vec(any::<u8>(), 0..6), any::<bool>())
            .prop_map(|(group, answers, lost)| Wish::Work { group, answers, lost }),
        12 => (g(), 1..20usize).prop_map(|(g, n)| Wish::Honest(g, n)),
        4 => (g(), any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(g, a, b, c)| Wish::Stray(g, a, b, c)),
        4 => (g(), who()).prop_map(|(g, who)| Wish::Person(g, who)),
        2 => (g(), who()).prop_map(|(g, who)| Wish::Accept(g, who)),
        1 => (g(), any::<u8>()).prop_map(|(g, n)| Wish::React(g, n)),
        1 => (g(), who()).prop_map(|(g, who)| Wish::Cant(g, who)),
        2 => g().prop_map(Wish::Pause),
        3 => g().prop_map(Wish::Resume),
        1 => (g(), prop::bool::weighted(0.3)).prop_map(|(g, rebuild)| Wish::Undo(g, rebuild)),
        2 => prop_oneof![-100_000i64..100_000, -900i64..900, Just(i64::from(u32::MAX))].prop_map(Wish::Jump),
        8 => g().prop_map(Wish::Wake),
    ]
    .boxed()
}

/// A whole story. Most begin with a plan that is agreed on and applied.
pub(crate) fn sequence() -> BoxedStrategy<Vec<Wish>> {
    let begun = spec().prop_map(|spec| vec![Wish::Draw(spec), Wish::Agree, Wish::Apply(0)]);
    // In review, with a little of everything said before anybody agrees.
    let said = (0..5usize, any::<bool>(), option::weighted(0.3, 0..5usize))
        .prop_map(|(who, wrong_hash, signed_by)| Wish::Review { who, reject: false, wrong_hash, signed_by });
    let reviewed = (spec(), vec(said, 0..8)).prop_map(|(spec, said)| {
        let mut start = vec![Wish::Draw(spec), Wish::Submit(0)];
        start.extend(said);
        start.push(Wish::Apply(0));
        start
    });
    let start = prop_oneof![6 => begun, 2 => reviewed, 1 => Just(Vec::new())];
    (start, vec(wish(), 0..60))
        .prop_map(|(mut start, rest)| {
            start.extend(rest);
            start
        })
        .boxed()
}
