//! Tokens that Gong doesn't take.

use super::*;

#[tokio::test]
async fn a_token_refused_before_its_time_is_refreshed_once() {
    let (fake, gong, _, hands) = set_up().await;
    ask(&gong).await.unwrap();
    fake.behaves(|it| it.taken.clear());
    hands.move_on(60);
    let words = "Gong refused the credentials (HTTP 401): no such token: [redacted]";
    assert_eq!(failure(&gong).await, words, "a token that is new was not too old");
    assert_eq!(fake.log.count("token"), 1);

    hands.move_on(1);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let gong = gong.clone();
            tokio::spawn(async move { ask(&gong).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(fake.log.count("token"), 2);
}

#[tokio::test]
async fn a_refusal_that_a_new_token_does_not_cure_is_believed() {
    let (fake, gong, _, hands) = set_up().await;
    ask(&gong).await.unwrap();
    for _ in 0..3 {
        hands.move_on(61);
        fake.behaves(|it| it.calls_say = [refusal(401, "no"), refusal(401, "no")].into());
        assert_eq!(failure(&gong).await, "Gong refused the credentials (HTTP 401): no");
    }
    assert_eq!((fake.log.count("token"), fake.log.count("call")), (2, 5));
}

#[tokio::test]
async fn what_a_new_token_cannot_cure_is_terminal() {
    let (fake, gong, _, hands) = set_up().await;
    ask(&gong).await.unwrap();
    hands.move_on(3_600);
    for (status, words) in
        [(403, "wrong host"), (401, "You don't have permission to use 'api:users:read' in your app.")]
    {
        fake.behaves(|it| it.calls_say = [refusal(status, words)].into());
        assert_eq!(failure(&gong).await, format!("Gong refused the credentials (HTTP {status}): {words}"));
    }
    assert_eq!(fake.log.all()[2..], ["call a1"; 3]);
}

#[tokio::test]
async fn a_refused_refresh_token_is_told_and_not_hammered() {
    let (fake, gong, _, _) = set_up().await;
    fake.behaves(|it| it.refresh = "canary-r9".to_owned());
    let words = "Gong refused the credentials (HTTP 400): invalid_grant: not \
        grant_type=refresh_token&refresh_token=[redacted]; no new access token. If client id and secret are right, \
        an administrator of Gong has to authorise the integration anew";
    for _ in 0..10 {
        assert_eq!(failure(&gong).await, words);
    }
    assert_eq!(fake.log.all(), ["token r0"]);
    pass(61).await;
    fake.behaves(|it| it.refresh = "canary-r0".to_owned());
    ask(&gong).await.unwrap();
}

#[tokio::test]
async fn when_a_stored_token_is_refused_the_first_is_not_tried_again() {
    let (fake, gong, store, hands) = set_up().await;
    ask(&gong).await.unwrap();
    hands.move_on(DAY);
    // Gong's answer to a refresh was lost: what is stored is used up, and so is what came before it.
    fake.behaves(|it| it.refresh = "canary-r9".to_owned());
    let second = self::gong(&settings(&fake, store.clone(), "canary-r0"), &hands);
    assert!(failure(&second).await.contains("authorise the integration anew"));
    assert_eq!(fake.log.all()[3..], ["token r1"]);
}
