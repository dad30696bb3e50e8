//! Accounts over a virtual clock: links, locks and sessions end when they should, and what is sealed opens for nobody else.

use adjourn_app::accounts::{Invited, Seat, SignedIn, TokenWish};
use adjourn_app::once::{Answer, Known};
use adjourn_app::ports::Token;
use adjourn_domain::approval::Principal;
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::SessionEnd;
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::token::Scope;

use super::*;

const PASSWORD: &str = "four small words";
const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

async fn passes(app: &App, seconds: u64) {
    app.clock.sleep_until(app.clock.now().plus_secs(seconds)).await;
}

async fn code<T>(asked: impl Future<Output = Result<T, AppError>>) -> &'static str {
    asked.await.err().map_or("done", |error| error.code())
}

/// A session of hers, by her password.
async fn enters(app: &App, password: &str) -> Result<Token, AppError> {
    match app.sign_in("Sun", password, &Seat::default()).await? {
        SignedIn::Session(token) => Ok(token),
        SignedIn::Second(_) => Err(AppError::new("session.over")),
    }
}

/// A reviewer with a password, by the link that an administrator gave.
async fn invited(play: &Play) -> Principal {
    let (principal, link) = play.app().invite("Sun", "compliance", &play.cast.admin).await.unwrap();
    assert_eq!(play.app().invited(&link).await.unwrap(), Invited::Principal(principal.clone()));
    play.app().accept_invitation(&link, "", PASSWORD).await.unwrap()
}

#[tokio::test]
async fn a_link_opens_once_and_for_a_week_and_its_account_signs_as_its_principal() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    let (_, link) = app.invite("Li", "business", &play.cast.admin).await.unwrap();
    assert_eq!(code(app.accept_invitation(&link, "", "short")).await, "account.password");
    passes(app, 7 * DAY).await;
    assert_eq!(code(app.accept_invitation(&link, "", PASSWORD)).await, "link.unknown", "a week is over");
    let sun = invited(&play).await;
    assert_eq!(code(app.invite("Sun", "business", &play.cast.admin)).await, "principal.exists");
    assert_eq!(code(app.invite(" ", "business", &play.cast.admin)).await, "account.name");
    let token = enters(app, PASSWORD).await.unwrap();
    let session = app.session(&token).await.unwrap();
    assert_eq!((&session.principal, session.signer.principal()), (&sun, sun.id.clone()));
    // Only an administrator invites, also in the browser.
    assert_eq!(code(app.invite("Zhou", "business", session.signer.as_ref())).await, "approval.role");
    // Nobody is first any more.
    assert!(app.first_link().await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_ends_by_itself_and_a_password_locks_after_five_wrong_ones() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    invited(&play).await;
    let token = enters(app, PASSWORD).await.unwrap();
    passes(app, 2 * HOUR - MINUTE).await;
    app.session(&token).await.unwrap();
    passes(app, 2 * HOUR - MINUTE).await;
    app.session(&token).await.unwrap();
    passes(app, 2 * HOUR).await;
    assert_eq!(code(app.session(&token)).await, "session.over", "nobody used it for two hours");
    // Used all the time it ends after twelve.
    let token = enters(app, PASSWORD).await.unwrap();
    for _ in 0..11 {
        passes(app, HOUR).await;
        app.session(&token).await.unwrap();
    }
    passes(app, HOUR).await;
    assert_eq!(code(app.session(&token)).await, "session.over");
    assert_eq!(code(app.session(&Token([0; 32]))).await, "session.over");
    for _ in 0..5 {
        assert_eq!(code(enters(app, "wrong")).await, "sign_in.refused");
    }
    assert_eq!(code(enters(app, PASSWORD)).await, "sign_in.locked");
    passes(app, MINUTE).await;
    assert_eq!(code(enters(app, "wrong")).await, "sign_in.refused");
    passes(app, MINUTE).await;
    assert_eq!(code(enters(app, PASSWORD)).await, "sign_in.locked", "the second lock is longer");
    passes(app, MINUTE).await;
    let token = enters(app, PASSWORD).await.unwrap();
    app.sign_out(&token, SessionEnd::SignedOut).await.unwrap();
    assert_eq!(code(app.session(&token)).await, "session.over");
    let locks = app.journal.store.rows(0, 10_000).await.unwrap();
    assert_eq!(locks.iter().filter(|row| row.header.kind == "sign_in_locked").count(), 2);
}

#[tokio::test]
async fn a_token_ends_when_it_was_said_and_at_once_when_it_is_taken_back() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    invited(&play).await;
    let session = app.session(&enters(app, PASSWORD).await.unwrap()).await.unwrap();
    let wish = |ends| TokenWish { name: "report".to_owned(), scopes: [Scope::Read].into(), ends };
    let now = app.clock.now();
    assert_eq!(code(app.create_token(wish(Some(now)), session.key(), None)).await, "token.form");
    let (_, ends) = app.create_token(wish(Some(now.plus_secs(DAY))), session.key(), None).await.unwrap();
    let (endless, secret) = app.create_token(wish(None), session.key(), None).await.unwrap();
    passes(app, DAY - MINUTE).await;
    assert_eq!(app.bearer(&ends.text()).await.unwrap().0.principal, session.principal);
    passes(app, MINUTE).await;
    assert_eq!(code(app.bearer(&ends.text())).await, "token.refused");
    passes(app, 300 * DAY).await;
    app.bearer(&secret.text()).await.unwrap();
    // Somebody else's is not theirs to take back; twice changes nothing.
    assert_eq!(code(app.revoke_token(&endless.id, &play.cast.requester)).await, "token.unknown");
    for _ in 0..2 {
        app.revoke_token(&endless.id, &play.cast.admin).await.unwrap();
        assert_eq!(code(app.bearer(&secret.text())).await, "token.refused");
    }
    let rows = app.journal.store.rows(0, 10_000).await.unwrap();
    let count = |kind: &str| rows.iter().filter(|row| row.header.kind == kind).count();
    assert_eq!((count("token_created"), count("token_revoked")), (2, 1));
}

#[tokio::test]
async fn what_is_sent_again_is_answered_again_for_a_day_and_what_was_cut_off_is_said_to_be() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    let me = invited(&play).await.id;
    let asked = Hash::of(b"this");
    let Known::New(once) = app.once(&me, "k", asked).await.unwrap() else { panic!("it is new") };
    assert_eq!(code(app.once(&me, "k", asked)).await, "request.unfinished");
    let answer = Answer { status: 201, body: Some("{}".to_owned()), location: None };
    app.once_done(&once, answer.clone()).await.unwrap();
    assert_eq!(app.once(&me, "k", asked).await.unwrap(), Known::Done(answer));
    assert_eq!(code(app.once(&me, "k", Hash::of(b"that"))).await, "request.reused");
    passes(app, DAY).await;
    let Known::New(once) = app.once(&me, "k", Hash::of(b"that")).await.unwrap() else {
        panic!("a day is over")
    };
    app.once_refused(&once).await.unwrap();
    // The oldest make room.
    for key in 0..201 {
        passes(app, 1).await;
        app.once(&me, &key.to_string(), asked).await.unwrap();
    }
    assert!(matches!(app.once(&me, "0", asked).await.unwrap(), Known::New(_)));
    assert_eq!(code(app.once(&me, "200", asked)).await, "request.unfinished");
}

#[tokio::test]
async fn a_session_goes_on_under_another_token_and_its_person_ends_the_others() {
    let play = Play::new("qq", &[]).await;
    let app = play.app();
    invited(&play).await;
    let (first, other) = (enters(app, PASSWORD).await.unwrap(), enters(app, PASSWORD).await.unwrap());
    let session = app.session(&first).await.unwrap();
    assert_eq!(code(app.step_up(&session, "wrong")).await, "sign_in.refused");
    assert!(session.renewed.get().is_none(), "nothing was shown");
    app.step_up(&session, PASSWORD).await.unwrap();
    let renewed = session.renewed.get().unwrap().clone();
    assert_eq!(app.sittings(&session).unwrap().iter().filter(|sitting| sitting.here).count(), 1);
    assert_eq!(app.sittings(&session).unwrap().len(), 2, "the old token is no session of its own");
    // What was asked with the old token in the same moment is answered; a moment later it opens nothing.
    app.session(&first).await.unwrap();
    passes(app, MINUTE).await;
    assert_eq!(code(app.session(&first)).await, "session.over");
    let session = app.session(&renewed).await.unwrap();
    // Somebody else's session is not there for her.
    app.invite("Li", "business", &play.cast.admin).await.unwrap();
    assert_eq!(code(app.end_sittings(&session, Some("0000"))).await, "session.over");
    app.session(&other).await.unwrap();
    assert_eq!(code(app.change_password(&session, PASSWORD, "short")).await, "account.password");
    app.change_password(&session, PASSWORD, "five other small words").await.unwrap();
    assert_eq!(code(app.session(&other)).await, "session.over", "a new password ends the others");
    assert_eq!(code(enters(app, PASSWORD)).await, "sign_in.refused");
    let token = enters(app, "five other small words").await.unwrap();
    let session = app.session(&token).await.unwrap();
    enters(app, "five other small words").await.unwrap();
    app.end_sittings(&session, None).await.unwrap();
    assert_eq!(app.sittings(&session).unwrap().len(), 1);
    // Somebody else's are ended by an administrator alone. Each end is in the journal: whose, why, how many, by whom.
    let (sun, admin) = (&session.principal.id, &play.cast.admin);
    let by_another = app.sign_out_everywhere(sun, &play.cast.requester);
    assert_eq!(code(by_another).await, "approval.role");
    assert_eq!(app.sign_out_everywhere(sun, admin).await.unwrap(), 1);
    assert_eq!(app.sign_out_everywhere(sun, admin).await.unwrap(), 0, "nothing to end is no event");
    let token = enters(app, "five other small words").await.unwrap();
    app.sign_out(&token, SessionEnd::SignedOut).await.unwrap();
    let mut ends = Vec::new();
    for row in app.journal.store.rows(0, 10_000).await.unwrap() {
        if row.header.kind == "sessions_ended" {
            let told = app.journal.open(&row).unwrap().payload.unwrap();
            assert_eq!(told["principal"], sun.as_str());
            let by = told["by"].as_str().unwrap().to_owned();
            ends.push((told["why"].as_str().unwrap().to_owned(), told["sessions"].as_u64().unwrap(), by));
        }
    }
    let end = |why: &str, sessions, by: &PrincipalId| (why.to_owned(), sessions, by.to_string());
    let all = [
        end("password", 1, sun),
        end("from_elsewhere", 2, sun),
        end("everywhere", 1, &admin.principal()),
        end("signed_out", 1, sun),
    ];
    assert_eq!(ends, all);
    let token = enters(app, "five other small words").await.unwrap();
    let session = app.session(&token).await.unwrap();
    // Without a passkey none is asked for.
    let here = adjourn_domain::passkey::Relying::default();
    let asks = app.ask_for_second(&session, "five other small words", true, &here);
    assert_eq!(code(asks).await, "passkey.none");
    let ask = app.ask_sign_in(&here).unwrap();
    for ticket in
        ["", "p1.in.9999999999.00.00", &ask.ticket.replace("p1.in", "p1.new"), &format!("{}0", ask.ticket)]
    {
        let seat = Seat::default();
        assert_eq!(code(app.sign_in_by_passkey(ticket, "{}", "", &seat)).await, "passkey.stale", "{ticket}");
    }
    assert_eq!(
        code(app.sign_in_by_passkey(&ask.ticket, "{}", "", &Seat::default())).await,
        "passkey.invalid"
    );
    passes(app, 10 * MINUTE).await;
    assert_eq!(code(app.sign_in_by_passkey(&ask.ticket, "{}", "", &Seat::default())).await, "passkey.stale");
}
