//! Guessing is not free, and hurts nobody else.

use orgraph::{
    auth::{Authenticator, Role, Settings, TokenSettings, Unauthenticated},
    clock::Clock,
};

use super::{Believed, Keys, bearer, here};
use crate::support::{Issuer, Pair, Time};

/// More wrong credentials than an address may send.
const MANY: usize = 40;

#[tokio::test]
async fn an_address_that_guesses_keys_is_refused_and_right_keys_are_not() {
    let keys = Keys::new();
    let (first, second) = (keys.add("first", Role::Reader), keys.add("second", Role::Admin));
    let authenticator = Authenticator::new(&keys.settings(), Clock::system()).unwrap();
    let wrong = bearer(orgraph::auth::ApiKey::generate().unwrap().reveal());
    let mut told = Vec::new();
    for _ in 0..MANY {
        told.push(authenticator.viewer(Some(&wrong), here()).await.unwrap_err().reason());
    }
    assert_eq!(told[..30], ["unknown_key"; 30]);
    assert_eq!(told[30..], ["too_many_attempts"; 10]);
    let Err(Unauthenticated::TooManyAttempts { retry_after }) =
        authenticator.viewer(Some(&wrong), here()).await
    else {
        panic!("it is let in, or told something else");
    };
    assert!((1..=60).contains(&retry_after.as_secs().max(1)), "{retry_after:?}");
    // One that has been in, and one that nobody has seen yet, from the very address.
    for key in [&first, &second] {
        assert!(authenticator.viewer(Some(&bearer(key)), here()).await.is_ok());
    }
    let elsewhere = "192.0.2.2".parse().unwrap();
    assert_eq!(authenticator.viewer(Some(&wrong), elsewhere).await, Err(Unauthenticated::UnknownKey));
    assert_eq!(authenticator.viewer(None, here()).await, Err(Unauthenticated::Missing));
}

#[tokio::test]
async fn an_address_that_guesses_tokens_costs_the_issuer_nothing() {
    let (ec, stranger) = (Pair::ec("e"), Pair::ec("e"));
    let believed = Believed::start(&[&ec]).await;
    let (proven, fresh) = (believed.token(&ec), believed.token(&Pair::ec("unknown")));
    assert!(believed.viewer(&proven).await.is_ok());
    for _ in 0..MANY {
        assert!(believed.viewer(&believed.token(&stranger)).await.is_err());
    }
    believed.time.pass(31);
    let refused = believed.viewer(&fresh).await;
    assert!(matches!(refused, Err(Unauthenticated::TooManyAttempts { .. })), "{refused:?}");
    assert_eq!(believed.issuer.asked(), 1, "not even for an unknown key");
    assert!(believed.viewer(&proven).await.is_ok(), "whoever was in before stays in");
}

#[tokio::test]
async fn what_was_a_credential_once_is_no_guess() {
    let ec = Pair::ec("e");
    let believed = Believed::start(&[&ec]).await;
    let old = believed.token(&ec);
    believed.time.pass(3_600);
    for _ in 0..MANY {
        assert_eq!(believed.viewer(&old).await, Err(Unauthenticated::Expired));
        assert_eq!(believed.authenticator.viewer(None, here()).await, Err(Unauthenticated::Missing));
    }
}

#[tokio::test]
async fn keys_and_tokens_are_taken_side_by_side() {
    let (keys, ec) = (Keys::new(), Pair::ec("e"));
    let key = keys.add("first", Role::Reader);
    let issuer = Issuer::start(&[&ec]).await;
    let time = Time::at(super::NOW);
    let tokens = Some(TokenSettings::new(&issuer.url, super::AUDIENCE));
    let authenticator = Authenticator::new(&Settings { tokens, ..keys.settings() }, time.clock()).unwrap();
    let believed = Believed { issuer, time, authenticator };
    assert_eq!(&*believed.viewer(&key).await.unwrap().id, "key:first");
    assert_eq!(&*believed.viewer(&believed.token(&ec)).await.unwrap().id, "sub:someone");
    // Where only keys are taken a token is nobody's, and the other way round.
    let only_keys = Authenticator::new(&keys.settings(), Clock::system()).unwrap();
    let token = bearer(&believed.token(&ec));
    assert_eq!(only_keys.viewer(Some(&token), here()).await, Err(Unauthenticated::WrongIssuer));
    let only_tokens = Believed::start(&[&ec]).await;
    assert_eq!(only_tokens.viewer(&key).await, Err(Unauthenticated::UnknownKey));
}
