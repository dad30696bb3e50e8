//! The suite bites: connectors that lie in one way each, and the cases that have to catch them.

#![expect(clippy::unwrap_used, reason = "the verbs of the reference connector are there")]

use std::sync::Arc;

use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, ExportPage, Exporter, GroupRef, IdentityInfo, Memo,
    Order, Page, ReadBack, Retry, Verb, Verifier,
};
use adjourn_connector_testkit::{Bench, cases};
use adjourn_connectors::reference::{self, Reference};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;
use bytes::Bytes;

/// The ways to lie.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    /// The read-back says what the call said.
    BelievesOk,
    /// A lost reply is called not applied.
    LostIsNotApplied,
    /// A call that failed is made again at once, under another key.
    RepeatsBlindly,
    /// The listing ends after its first page.
    StopsEarly,
    /// An export begins again from the start, whatever the cursor.
    IgnoresCursor,
    /// No answer is taken for gone.
    SilenceIsGone,
    /// The actor's own absence is proof.
    OwnAbsenceIsGone,
    /// Every pause is endless.
    NeverAgain,
    /// A verb is missing that the descriptor has.
    HidesFreeze,
}

struct Liar {
    inner: Reference,
    lie: Lie,
}

struct LyingVerb(Lie, Op);

static TRUTH: std::sync::LazyLock<Reference> = std::sync::LazyLock::new(Reference::new);

#[async_trait]
impl Verb for LyingVerb {
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError> {
        let verb = TRUTH.verb(self.1).unwrap();
        let result = verb.act(cx, order).await;
        match (self.0, result) {
            (Lie::LostIsNotApplied, Err(error)) => Err(error.effect(Effect::NotApplied)),
            (Lie::NeverAgain, Err(error)) => Err(error.retry(Retry::Never)),
            (Lie::RepeatsBlindly, Err(_)) => {
                verb.act(cx, &Order { key: format!("{}-again", order.key), ..order.clone() }).await
            }
            (_, result) => result,
        }
    }

    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError> {
        if self.0 == Lie::BelievesOk {
            return Ok(ReadBack::is(true));
        }
        TRUTH.verb(self.1).unwrap().read_back(cx, order).await
    }
}

#[async_trait]
impl Exporter for Liar {
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        let cursor = cursor.filter(|_| self.lie != Lie::IgnoresCursor);
        self.inner.exporter().unwrap().page(cx, group, cursor).await
    }

    async fn media(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Bytes, ConnectorError> {
        self.inner.exporter().unwrap().media(cx, group, id).await
    }

    async fn count(&self, cx: &Context<'_>, group: &NativeId) -> Result<Option<u64>, ConnectorError> {
        self.inner.exporter().unwrap().count(cx, group).await
    }
}

#[async_trait]
impl Verifier for Liar {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal> {
        let mut signals = self.inner.verifier().unwrap().signals(cx, group, known).await;
        for signal in &mut signals {
            let gone = match self.lie {
                Lie::SilenceIsGone => signal.says == Says::Nothing,
                Lie::OwnAbsenceIsGone => signal.says == Says::NotIn,
                _ => false,
            };
            if gone {
                (signal.says, signal.proof) = (Says::Gone, true);
                signal.witness |= self.lie == Lie::OwnAbsenceIsGone;
            }
        }
        signals
    }
}

#[async_trait]
impl Connector for Liar {
    fn descriptor(&self) -> &Descriptor {
        self.inner.descriptor()
    }

    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
        self.inner.whoami(cx).await
    }

    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
        let mut page = self.inner.list(cx, cursor).await?;
        page.next = page.next.filter(|_| self.lie != Lie::StopsEarly);
        Ok(page)
    }

    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
        self.inner.get(cx, group).await
    }

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(self)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(self)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        if op == Op::Freeze && self.lie == Lie::HidesFreeze {
            return None;
        }
        self.inner.verb(op)?;
        let lie = self.lie;
        Some(Box::leak(Box::new(LyingVerb(lie, op))))
    }
}

/// The cases that a liar fails.
fn caught(make: fn() -> Box<dyn Connector>) -> Vec<String> {
    let bench = Bench::new("reference".to_owned(), false, make, Arc::new(reference::seeded));
    let failed =
        cases::all().into_iter().filter(|case| bench.meets(case.need) && (case.run)(&bench).is_err());
    failed.map(|case| format!("{}::{}", case.area, case.name)).collect()
}

macro_rules! bites {
    ($($test:ident: $lie:ident => $case:literal,)+) => {$(
        #[test]
        fn $test() {
            let failed = caught(|| Box::new(Liar { inner: Reference::new(), lie: Lie::$lie }));
            assert!(failed.iter().any(|name| name == $case), "{} was not caught: {failed:?}", stringify!($lie));
        }
    )+};
}

bites! {
    a_believed_ok: BelievesOk => "dissolve::untouched_reads_not_applied",
    a_believed_ok_of_an_announcement: BelievesOk => "announce::request_lost",
    a_believed_ok_of_a_transfer: BelievesOk => "transfer::only_to_a_member",
    a_lost_reply_called_harmless: LostIsNotApplied => "dissolve::reply_lost",
    a_blind_repetition: RepeatsBlindly => "announce::reply_lost",
    a_short_listing: StopsEarly => "list::everything_once",
    a_cursor_ignored: IgnoresCursor => "export::everything_once_in_order",
    silence_taken_for_gone: SilenceIsGone => "verify::network_errors_say_nothing",
    own_absence_taken_for_gone: OwnAbsenceIsGone => "verify::the_actor_alone_proves_nothing",
    an_endless_pause: NeverAgain => "dissolve::too_many_with_a_delay",
    a_hidden_verb: HidesFreeze => "descriptor::declared_is_present",
}

#[test]
fn the_truth_is_left_alone() {
    assert_eq!(caught(|| Box::new(Liar { inner: Reference::new(), lie: Lie::None })), Vec::<String>::new());
}
