//! Webhooks over a virtual clock: an address that takes nothing is tried less and less often, as it asks itself, and given up where everybody sees it; an
//! administrator begins again, and the journal says who.

use std::collections::VecDeque;
use std::sync::Mutex;

use adjourn_app::hooks::Endpoint;
use adjourn_app::ports::{Hook, NotTold, Signer as _, Told};
use adjourn_i18n::Lang;

use super::*;
use crate::verbs::webhook::line;

const DAY: u64 = 24 * 3600;

/// An address that answers what it was told to, and takes everything afterwards.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<NotTold>>,
    came: Mutex<Vec<String>>,
}

#[async_trait::async_trait]
impl Hook for Scripted {
    async fn tell(&self, told: &Told, _at: Time) -> Result<(), NotTold> {
        self.came.lock().unwrap().push(told.id.clone());
        self.answers.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }
}

fn no(retry_s: Option<u64>) -> NotTold {
    NotTold { code: "webhook.failed", gone: false, retry_s, says: "HTTP 503".to_owned() }
}

#[tokio::test]
async fn an_address_that_takes_nothing_waits_as_it_asks_is_given_up_in_the_journal_and_begins_again() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    let hook = Arc::new(Scripted::default());
    let to = Endpoint {
        name: "tickets".to_owned(),
        events: ["principal_added".to_owned()].into(),
        give_up_s: DAY,
        hook: hook.clone(),
    };
    app.tell(&to).await.unwrap();
    let begins = app.hook_cursor("tickets").await.unwrap().unwrap().next;
    app.invite("Sun", "compliance", &play.cast.admin).await.unwrap();
    hook.answers.lock().unwrap().extend([no(None), no(Some(600)), no(Some(30 * DAY))]);
    hook.answers.lock().unwrap().extend((0..100).map(|_| no(None)));
    let mut pauses = Vec::new();
    let given_up = loop {
        app.tell(&to).await.unwrap();
        let cursor = app.hook_cursor("tickets").await.unwrap().unwrap();
        assert_eq!(usize::try_from(cursor.failed).unwrap(), hook.came.lock().unwrap().len());
        if cursor.given_up.is_some() {
            break cursor;
        }
        let again = cursor.again_at.unwrap();
        pauses.push(again.secs_since(app.clock.now()));
        // Before its time nothing is sent.
        app.tell(&to).await.unwrap();
        app.clock.sleep_until(again).await;
    };
    // Its own pace, what it asked for, and no more than a day of that: after it the time is over.
    assert_eq!(pauses, [5, 600, DAY]);
    let tried = hook.came.lock().unwrap().clone();
    assert_eq!(tried.iter().collect::<BTreeSet<_>>().len(), 1, "the same event under the same id: {tried:?}");
    for lang in [Lang::ZhCn, Lang::En] {
        assert!(line(lang, "tickets", &given_up).contains("adjourn webhook replay tickets"));
    }
    assert_eq!((given_up.next, given_up.code.as_deref()), (begins, Some("webhook.failed")));
    app.clock.sleep_until(app.clock.now().plus_secs(30 * DAY)).await;
    app.tell(&to).await.unwrap();
    assert_eq!(hook.came.lock().unwrap().len(), tried.len(), "it is told nothing any more");
    // An administrator begins again, and nobody else.
    hook.answers.lock().unwrap().clear();
    let refused = app.replay_hook("tickets", begins, &play.cast.requester).await.unwrap_err();
    assert_eq!(refused.code(), "approval.role");
    app.replay_hook("tickets", begins, &play.cast.admin).await.unwrap();
    app.tell(&to).await.unwrap();
    assert_eq!(hook.came.lock().unwrap().last(), tried.first());
    let rows = app.journal.store.rows(begins, 1000).await.unwrap();
    let told: Vec<_> = rows.iter().filter(|row| row.header.kind.starts_with("webhook_")).collect();
    let [gone, again] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((gone.header.kind.as_str(), again.header.kind.as_str()), ("webhook_given_up", "webhook_replayed"));
    let payload = app.journal.open(again).unwrap().payload.unwrap();
    assert_eq!(payload["by"].as_str(), Some(play.cast.admin.principal().as_str()));
    assert_eq!((&payload["webhook"], &payload["from"]), (&json!("tickets"), &json!(begins)));
}
