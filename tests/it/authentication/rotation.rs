//! The issuer's keys: fetched when they are needed, replaced, withdrawn, and not to be had.

use std::{sync::Arc, time::Duration};

use orgraph::auth::Unauthenticated;
use serde_json::json;

use super::Believed;
use crate::support::Pair;

#[tokio::test]
async fn keys_that_are_replaced_are_found_without_a_restart() {
    let (old, new) = (Pair::ec("old"), Pair::ec("new"));
    let believed = Believed::start(&[&old]).await;
    let (by_old, by_new) = (believed.token(&old), believed.token(&new));
    assert!(believed.viewer(&by_old).await.is_ok());
    assert_eq!(believed.refusal(&by_new).await, "unknown_signing_key");
    assert_eq!(believed.issuer.asked(), 1, "an unknown key so soon after is no reason to ask again");

    believed.issuer.show(&[&new]);
    believed.time.pass(31);
    assert!(believed.viewer(&by_new).await.is_ok());
    assert_eq!(believed.refusal(&by_old).await, "unknown_signing_key");
    assert_eq!(believed.issuer.asked(), 2);
}

#[tokio::test]
async fn a_key_of_the_same_name_is_the_one_that_is_shown_now() {
    let (old, new) = (Pair::ec("k"), Pair::ec("k"));
    let believed = Believed::start(&[&old]).await;
    assert!(believed.viewer(&believed.token(&old)).await.is_ok());
    believed.issuer.show(&[&new]);
    believed.time.pass(31);
    // Nothing tells that it is another one but the next fetch.
    assert_eq!(believed.refusal(&believed.token(&Pair::ec("unknown"))).await, "unknown_signing_key");
    assert!(believed.viewer(&believed.token(&new)).await.is_ok());
    assert_eq!(believed.refusal(&believed.token(&old)).await, "bad_signature");
}

#[tokio::test]
async fn a_key_that_is_withdrawn_is_forgotten() {
    let (old, new) = (Pair::ec("old"), Pair::ec("new"));
    let believed = Believed::with(&[&old], |settings| settings.refresh = Duration::from_millis(5)).await;
    let authenticator = believed.authenticator.clone();
    let running = tokio::spawn(async move { authenticator.run().await });
    assert!(believed.viewer(&believed.token(&old)).await.is_ok());
    believed.issuer.show(&[&new]);
    // The one after the next was begun when the next had been taken in.
    believed.issuer.was_asked(believed.issuer.asked() + 3).await;
    assert_eq!(believed.refusal(&believed.token(&old)).await, "unknown_signing_key");
    running.abort();
}

#[tokio::test]
async fn many_who_need_the_keys_ask_once() {
    let ec = Pair::ec("e");
    let believed = Arc::new(Believed::start(&[&ec]).await);
    let all = (0..100).map(|_| {
        let (believed, token) = (believed.clone(), believed.token(&ec));
        tokio::spawn(async move { believed.viewer(&token).await.is_ok() })
    });
    for one in all.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
    assert_eq!(believed.issuer.asked(), 1);
}

#[tokio::test]
async fn whoever_goes_away_takes_no_fetch_along() {
    let ec = Pair::ec("e");
    let believed = Believed::start(&[&ec]).await;
    let token = believed.token(&ec);
    // Polled once, so that the fetch has begun, and dropped.
    let mut asking = Box::pin(believed.viewer(&token));
    assert!(futures_util::poll!(&mut asking).is_pending());
    drop(asking);
    believed.issuer.was_asked(1).await;
    assert!(believed.viewer(&token).await.is_ok());
    assert_eq!(believed.issuer.asked(), 1);
}

#[tokio::test]
async fn while_the_issuer_is_away_the_last_keys_hold_until_they_are_too_old() {
    let (ec, new) = (Pair::ec("e"), Pair::ec("new"));
    let believed = Believed::start(&[&ec]).await;
    believed.issuer.answer(503, None);
    assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable", "there are none yet");
    believed.issuer.answer(200, None);
    assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable", "too soon to ask again");
    assert_eq!(believed.issuer.asked(), 0, "its configuration could not be read");
    believed.time.pass(5);
    assert!(believed.viewer(&believed.token(&ec)).await.is_ok());

    believed.issuer.answer(503, None);
    believed.time.pass(24 * 60 * 60);
    assert!(believed.viewer(&believed.token(&ec)).await.is_ok());
    let unknown = believed.viewer(&believed.token(&new)).await;
    assert!(
        matches!(unknown, Err(Unauthenticated::KeysUnavailable { .. })),
        "who knows whose it is: {unknown:?}"
    );
    believed.time.pass(6);
    assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable", "too old");
    believed.issuer.answer(200, None);
    believed.time.pass(5);
    assert!(believed.viewer(&believed.token(&ec)).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_cannot_be_believed_has_no_keys() {
    let ec = Pair::ec("e");
    let keys = json!({ "keys": [ec.jwk()] });
    let padded = json!({ "keys": [ec.jwk()], "padding": "x".repeat(600_000) });
    for text in ["", "<html>", "{}", r#"{"keys": {}}"#, r#"{"keys": []}"#, &padded.to_string()] {
        let believed = Believed::start(&[]).await;
        believed.issuer.show_text(text);
        assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable");
        // And once it says something better, it is believed.
        believed.issuer.show_text(keys.to_string());
        believed.time.pass(5);
        assert!(believed.viewer(&believed.token(&ec)).await.is_ok());
    }
    for (name, value) in [
        ("issuer", json!("https://other.example")),
        ("issuer", json!(null)),
        ("jwks_uri", json!("http://other.example/keys")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("jwks_uri", json!(7)),
    ] {
        let believed = Believed::start(&[&ec]).await;
        believed.issuer.configure(name, value.clone());
        assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable", "{name} {value}");
        assert_eq!(believed.issuer.asked(), 0);
    }
    let elsewhere = Believed::start(&[&ec]).await;
    let believed = Believed::start(&[&ec]).await;
    believed.issuer.answer(302, Some(&format!("{}/keys", elsewhere.issuer.url)));
    assert_eq!(believed.refusal(&believed.token(&ec)).await, "keys_unavailable", "no redirect is followed");
    assert_eq!(elsewhere.issuer.asked(), 0);
}

#[tokio::test]
async fn the_keys_may_be_at_an_address_of_their_own() {
    let ec = Pair::ec("e");
    let keys = Believed::start(&[&ec]).await;
    let believed = Believed::with(&[], |settings| {
        settings.issuer = "https://id.example".to_owned();
        settings.jwks_url = Some(format!("{}/anything", keys.issuer.url));
    })
    .await;
    let token = ec.sign(&believed.claims(json!({ "iss": "https://id.example" })));
    assert!(believed.viewer(&token).await.is_ok());
    assert_eq!(believed.refusal(&ec.sign(&believed.claims(json!({})))).await, "wrong_issuer");
}
