mod fake;
mod refusals;

use std::{sync::Arc, sync::atomic::Ordering, time::Duration};

use fake::{Fake, Hands, Log, Recorder, Reply, gong, refusal, settings};
use secrecy::ExposeSecret;

use crate::gong::{Avatars, Gong, GongError, Limits, Urgency};

const DAY: i64 = 86_400;

/// A Gong, a client of it, its store and its clock.
async fn set_up() -> (Fake, Arc<Gong>, Arc<Recorder>, Hands) {
    let fake = Fake::start().await;
    let (store, hands) = (Recorder::new(&fake.log), Hands::default());
    let gong = gong(&settings(&fake, store.clone(), "canary-r0"), &hands);
    (fake, gong, store, hands)
}

async fn ask(gong: &Gong) -> Result<(), GongError> {
    gong.user("1").await.map(|user| assert_eq!(user.unwrap().value.id, "1"))
}

/// The words of a failed call, in which no secret may be.
async fn failure(gong: &Gong) -> String {
    let error = ask(gong).await.unwrap_err();
    assert!(!format!("{error:?} {gong:?}").contains("canary"), "{error:?} {gong:?}");
    error.to_string()
}

/// Lets tokio's time pass; the sockets don't mind.
async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_new_pair_is_stored_before_it_is_used() {
    let (fake, gong, store, hands) = set_up().await;
    assert_eq!(fake.log.all(), [""; 0], "making a client sends nothing");
    ask(&gong).await.unwrap();
    ask(&gong).await.unwrap();
    hands.move_on(DAY);
    ask(&gong).await.unwrap();
    assert_eq!(
        fake.log.all(),
        ["token r0", "save r1", "call a1", "call a1", "token r1", "save r2", "call a2"]
    );
    let saved = store.saved.lock().unwrap().clone().unwrap();
    assert_eq!((saved.issued_at, saved.expires_at), {
        let now = hands.clock().now();
        (now, now + jiff::SignedDuration::from_secs(DAY))
    });
}

#[tokio::test]
async fn nobody_uses_a_pair_while_it_is_being_stored() {
    let (fake, gong, store, hands) = set_up().await;
    ask(&gong).await.unwrap();
    hands.move_on(DAY - 300);
    let held = store.hold.write().await;
    let asks = || {
        let gong = gong.clone();
        tokio::spawn(async move { ask(&gong).await })
    };
    let first = asks();
    fake.log.seen("saving r2").await;
    // Gong has forgotten the old token by now: this call waits until the new one is stored.
    let second = asks();
    fake.log.seen_times("call a1", 3).await;
    drop(held);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    let all = fake.log.all();
    let at = |event: &str| all.iter().position(|it| it == event).unwrap();
    assert!(at("save r2") < at("call a2"), "{all:?}");
}

#[tokio::test]
async fn however_many_want_a_token_one_is_asked_for() {
    let (fake, gong, _, hands) = set_up().await;
    for round in 1..=2 {
        let callers = (0..200).map(|_| {
            let gong = gong.clone();
            tokio::spawn(async move { ask(&gong).await })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.unwrap().unwrap();
        }
        assert_eq!((fake.log.count("token"), fake.log.count("call")), (round, round * 200));
        hands.move_on(DAY);
    }
}

#[tokio::test]
async fn a_refresh_ahead_of_expiry_keeps_nobody_waiting() {
    let (fake, gong, _, hands) = set_up().await;
    ask(&gong).await.unwrap();
    hands.move_on(DAY - 600);
    ask(&gong).await.unwrap();
    assert_eq!(fake.log.count("token"), 1, "ten minutes ahead it is not due yet");

    hands.move_on(1);
    let held = fake.hold_tokens.write().await;
    ask(&gong).await.unwrap();
    fake.log.seen("token r1").await;
    ask(&gong).await.unwrap();
    assert_eq!(fake.log.count("call a1"), 4);

    // Expired in the meantime: now it is waited for.
    hands.move_on(600);
    let waiting = tokio::spawn({
        let gong = gong.clone();
        async move { ask(&gong).await }
    });
    drop(held);
    waiting.await.unwrap().unwrap();
    assert_eq!((fake.log.count("token"), fake.log.count("call a1")), (2, 4));
    assert_eq!(fake.log.all()[7..], ["save r2", "call a2"]);
}

#[tokio::test]
async fn a_refresh_ahead_that_fails_leaves_the_old_token_in_use() {
    let (fake, gong, _, hands) = set_up().await;
    ask(&gong).await.unwrap();
    hands.move_on(DAY - 300);
    fake.behaves(|it| it.tokens_say = [refusal(404, "who?")].into());
    ask(&gong).await.unwrap();
    fake.log.seen("token r1").await;
    for _ in 0..5 {
        ask(&gong).await.unwrap();
    }
    assert_eq!((fake.log.count("token"), fake.log.count("call a1")), (2, 7), "and isn't tried at every call");
    pass(11).await;
    ask(&gong).await.unwrap();
    fake.log.seen("save r2").await;
}

#[tokio::test]
async fn a_restart_goes_on_with_what_was_stored() {
    let (fake, first, store, hands) = set_up().await;
    // The process ends after the new pair is received and before Gong has answered anything to it.
    let held = fake.hold_calls.write().await;
    let crashing = tokio::spawn(async move { ask(&first).await });
    fake.log.seen("call a1").await;
    crashing.abort();
    assert!(crashing.await.unwrap_err().is_cancelled());
    drop(held);

    let second = gong(&settings(&fake, store.clone(), "canary-r0"), &hands);
    ask(&second).await.unwrap();
    hands.move_on(DAY);
    let third = gong(&settings(&fake, store, "canary-r0"), &hands);
    ask(&third).await.unwrap();
    assert_eq!(
        fake.log.all(),
        ["token r0", "save r1", "call a1", "call a1", "token r1", "save r2", "call a2"]
    );
}

#[tokio::test]
async fn a_caller_that_goes_away_takes_no_token_along() {
    let (fake, gong, store, _) = set_up().await;
    let held = fake.hold_tokens.write().await;
    let impatient = tokio::spawn({
        let gong = gong.clone();
        async move { ask(&gong).await }
    });
    fake.log.seen("token r0").await;
    impatient.abort();
    drop(held);
    fake.log.seen("save r1").await;
    assert_eq!(store.saved.lock().unwrap().as_ref().unwrap().refresh_token.expose_secret(), "canary-r1");
}

#[tokio::test]
async fn who_ends_waits_for_a_pair_on_its_way() {
    let (fake, gong, ..) = set_up().await;
    gong.settled().await;
    let held = fake.hold_tokens.write().await;
    let impatient = tokio::spawn({
        let gong = gong.clone();
        async move { ask(&gong).await }
    });
    fake.log.seen("token r0").await;
    impatient.abort();
    let ((), ()) = tokio::join!(gong.settled(), async { drop(held) });
    assert_eq!(fake.log.all(), ["token r0", "save r1"]);
}

#[tokio::test]
async fn a_pair_that_cannot_be_saved_is_used_and_saved_later() {
    let (fake, gong, store, _) = set_up().await;
    ask(&gong).await.unwrap();
    store.fails.store(true, Ordering::SeqCst);
    let hands = Hands::default();
    let gong = self::gong(&settings(&fake, store.clone(), "canary-r0"), &hands);
    assert_eq!(failure(&gong).await, "no access token: the token store: the disk is full");
    assert_eq!(fake.log.count("token"), 1, "a stored pair that can't be read is not passed over");

    store.fails.store(false, Ordering::SeqCst);
    pass(11).await;
    ask(&gong).await.unwrap();
    store.fails.store(true, Ordering::SeqCst);
    hands.move_on(DAY);
    ask(&gong).await.unwrap();
    ask(&gong).await.unwrap();
    assert_eq!((fake.log.count("call a2"), fake.log.count("save failed")), (2, 1));

    store.fails.store(false, Ordering::SeqCst);
    pass(11).await;
    ask(&gong).await.unwrap();
    fake.log.seen("save r2").await;
    assert_eq!(fake.log.count("token"), 2, "a save is no reason to refresh");
}

#[tokio::test]
async fn calls_go_where_the_token_says() {
    let (fake, gong, ..) = set_up().await;
    let api = Fake::start().await;
    api.behaves(|it| it.taken = vec!["canary-a1".to_owned()]);
    fake.behaves(|it| it.base = Some(format!("{}/", api.url)));
    ask(&gong).await.unwrap();
    assert_eq!(fake.log.all(), ["token r0", "save r1"]);
    assert_eq!(api.log.all(), ["call a1"]);
}

#[tokio::test]
async fn a_place_that_cannot_be_trusted_is_not_called_but_the_pair_is_kept() {
    for bad in ["http://us-1.api.gong.io", "https://u:p@api.gong.io", "https://api.gong.io?x=1", "nonsense"] {
        let (fake, gong, ..) = set_up().await;
        fake.behaves(|it| it.base = Some(bad.to_owned()));
        let said = failure(&gong).await;
        assert!(
            said.starts_with(
                "no access token: Gong's answer can't be understood at `api_base_url_for_customer`"
            ),
            "{said}"
        );
        assert_eq!(fake.log.all(), ["token r0", "save r1"], "{bad}");
        fake.behaves(|it| it.base = None);
        pass(11).await;
        ask(&gong).await.unwrap();
        assert_eq!(fake.log.all()[2..], ["token r1", "save r2", "call a2"]);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Fake::start().await;
    let to = |url: &str| -> Reply {
        let location = Box::leak(format!("{url}/token").into_boxed_str());
        (307, Box::leak(Box::new([("location", &*location)])), String::new())
    };
    let (fake, gong, ..) = set_up().await;
    fake.behaves(|it| it.tokens_say = [to(&elsewhere.url)].into());
    assert_eq!(failure(&gong).await, "no access token: Gong has a fault (HTTP 307)");
    pass(11).await;
    fake.behaves(|it| it.calls_say = [to(&elsewhere.url)].into());
    assert_eq!(failure(&gong).await, "Gong has a fault (HTTP 307)");
    assert_eq!(elsewhere.log.all(), [""; 0]);
}

#[tokio::test]
async fn tokens_of_another_consent_are_set_aside() {
    let (fake, gong, store, hands) = set_up().await;
    ask(&gong).await.unwrap();
    fake.behaves(|it| it.refresh = "canary-r77".to_owned());
    let anew = self::gong(&settings(&fake, store, "canary-r77"), &hands);
    ask(&anew).await.unwrap();
    assert_eq!(fake.log.all()[3..], ["token r77", "save r2", "call a2"]);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_makes_no_sense_is_told() {
    let (fake, gong, ..) = set_up().await;
    fake.behaves(|it| {
        it.tokens_say = [(503, &[][..], "<html>".to_owned()), (200, &[], "{\"access".to_owned())].into();
    });
    ask(&gong).await.unwrap();
    assert_eq!(fake.log.count("token"), 3);

    let large = format!("\"{}\"", "x".repeat(70_000));
    let throttled: &[_] = &[("retry-after", "3600")];
    for (reply, words) in [
        ((200, &[][..], large), "Gong's answer is larger than 65536 bytes"),
        (
            (200, &[], "{}".to_owned()),
            "Gong's answer can't be understood at `.`: missing field `access_token`",
        ),
        (
            (200, &[], r#"{"access_token": ""}"#.to_owned()),
            "Gong's answer can't be understood at `access_token`: no header can carry it",
        ),
        ((429, throttled, String::new()), "Gong is throttling (HTTP 429)"),
        (refusal(404, "canary-secret?"), "Gong refused the request (HTTP 404): [redacted]?"),
    ] {
        let (fake, gong, ..) = set_up().await;
        fake.behaves(|it| it.tokens_say = [reply].into());
        assert_eq!(failure(&gong).await, format!("no access token: {words}"));
        assert_eq!(failure(&gong).await, format!("no access token: {words}"));
        assert_eq!(fake.log.count("token"), 1, "{words}");
    }
}

#[tokio::test]
async fn nobody_holds_a_turn_while_waiting_for_a_token() {
    let fake = Fake::start().await;
    let store = Recorder::new(&Log::default());
    let mut one_at_once = settings(&fake, store, "canary-r0");
    one_at_once.limits = Limits { max_in_flight: 1, ..one_at_once.limits };
    let gong = gong(&one_at_once, &Hands::default());
    let held = fake.hold_tokens.write().await;
    let turn = gong.limiter().turn(Urgency::Lookup).await.unwrap();
    let waiting = tokio::spawn({
        let gong = gong.clone();
        async move {
            let ids = ["1".to_owned()];
            gong.users_by_ids(&ids, Avatars::LeaveOut, Urgency::Lookup, Some(turn)).await
        }
    });
    fake.log.seen("token r0").await;
    drop(gong.limiter().turn(Urgency::Lookup).await.unwrap());
    assert_eq!(gong.limiter().usage().calls_today, 0, "a token call is none of the API's");
    drop(held);
    // The fake's answer is of one user, not of a list; it is the call that counts.
    assert!(matches!(waiting.await.unwrap(), Err(GongError::Decode { .. })));
    assert_eq!(fake.log.all(), ["token r0", "call a1"]);
}
