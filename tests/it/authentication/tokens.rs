//! Tokens of an issuer, good ones and those that aren't.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use orgraph::auth::{Role, SigningAlgorithm};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Believed, NOW};
use crate::support::{Pair, message};

/// A token that is signed with a shared secret.
fn by_secret(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(header, claims);
    let tag = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).unwrap().chain_update(&message).finalize();
    format!("{message}.{}", BASE64.encode(tag.into_bytes()))
}

#[tokio::test]
async fn a_good_token_of_each_kind_lets_in() {
    let pairs = [Pair::rsa("r"), Pair::ec("e"), Pair::ed("d")];
    let [rsa, ec, ed] = &pairs;
    let believed =
        Believed::with(&[rsa, ec, ed], |settings| settings.algorithms.push(SigningAlgorithm::EdDsa)).await;
    for pair in &pairs {
        let viewer = believed.viewer(&believed.token(pair)).await.unwrap();
        assert_eq!((&*viewer.id, viewer.role), ("sub:someone", Role::Analyst));
        assert!(believed.authenticator.still_valid(&viewer));
    }
    assert_eq!(believed.issuer.asked(), 1, "the keys are asked for once");
    let access = json!({ "alg": "ES256", "typ": "at+JWT", "kid": "e" });
    assert!(believed.viewer(&ec.sign_with(&access, &believed.claims(json!({})))).await.is_ok());
    // The only key on that curve needs no name.
    assert!(
        believed.viewer(&ec.sign_with(&json!({ "alg": "ES256" }), &believed.claims(json!({})))).await.is_ok()
    );
}

#[tokio::test]
async fn a_token_that_has_ended_or_not_begun_is_refused() {
    let ec = Pair::ec("e");
    let believed = Believed::start(&[&ec]).await;
    let token = |claims: Value| ec.sign(&believed.claims(claims));
    let long = believed.viewer(&token(json!({ "exp": NOW + 10 }))).await.unwrap();
    for (claims, reason) in [
        (json!({ "exp": NOW - 61 }), "expired"),
        (json!({ "exp": null }), "malformed"),
        (json!({ "nbf": NOW + 61 }), "not_yet_valid"),
        (json!({ "iat": NOW + 61 }), "not_yet_valid"),
        (json!({ "iss": "https://other.example" }), "wrong_issuer"),
        (json!({ "aud": ["another", "service"] }), "wrong_audience"),
        (json!({ "orgraph_role": "owner" }), "no_role"),
        (json!({ "sub": "\u{1f5dd}" }), "malformed"),
    ] {
        assert_eq!(believed.refusal(&token(claims.clone())).await, reason, "{claims}");
    }
    believed.time.pass(69);
    assert!(believed.authenticator.still_valid(&long));
    believed.time.pass(1);
    assert!(!believed.authenticator.still_valid(&long), "ten seconds and the leeway");
}

#[tokio::test]
async fn what_nobody_signed_is_refused() {
    let (rsa, ec, stranger) = (Pair::rsa("r"), Pair::ec("e"), Pair::ec("e"));
    let believed = Believed::start(&[&rsa, &ec]).await;
    let claims = believed.claims(json!({ "orgraph_role": "admin" }));
    let good = ec.sign(&claims);
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    assert!(believed.viewer(&good).await.is_ok());

    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = message(&json!({ "alg": alg, "kid": "e" }), &claims);
        assert_eq!(believed.refusal(&format!("{unsigned}.")).await, "malformed", "{alg}");
        assert_eq!(believed.refusal(&format!("{unsigned}.{signature}")).await, "malformed", "{alg}");
    }
    let other = BASE64.encode(believed.claims(json!({ "sub": "else", "orgraph_role": "admin" })).to_string());
    assert_eq!(believed.refusal(&format!("{header}.{other}.{signature}")).await, "bad_signature");
    assert_eq!(believed.refusal(&format!("{header}.{payload}.")).await, "bad_signature");
    assert_eq!(
        believed.refusal(&format!("{header}.{payload}.{}", BASE64.encode([0; 64]))).await,
        "bad_signature"
    );
    assert_eq!(believed.refusal(&stranger.sign(&claims)).await, "bad_signature");
    // What a token brings along to be checked with isn't looked at.
    let own =
        json!({ "alg": "ES256", "kid": "e", "jwk": stranger.jwk(), "jku": "https://evil.example/keys" });
    assert_eq!(believed.refusal(&stranger.sign_with(&own, &claims)).await, "bad_signature");
    assert_eq!(believed.issuer.asked(), 1, "none of this is worth a question");
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let (rsa, ec) = (Pair::rsa("r"), Pair::ec("e"));
    let believed = Believed::with(&[&rsa, &ec], |settings| {
        settings.algorithms = SigningAlgorithm::ALL.to_vec();
    })
    .await;
    let claims = believed.claims(json!({ "orgraph_role": "admin" }));
    assert!(believed.viewer(&rsa.sign(&claims)).await.is_ok());
    let modulus = BASE64.decode(rsa.jwk()["n"].as_str().unwrap()).unwrap();
    let secrets = [
        rsa.public_bytes(),
        modulus,
        rsa.jwk().to_string().into_bytes(),
        rsa.jwk()["n"].as_str().unwrap().as_bytes().to_vec(),
        ec.public_bytes(),
        Vec::new(),
    ];
    for id in ["r", "e"] {
        for secret in &secrets {
            let token = by_secret(&json!({ "alg": "HS256", "typ": "JWT", "kid": id }), &claims, secret);
            assert_eq!(believed.refusal(&token).await, "wrong_algorithm");
            // The same tag under the name of an algorithm that is taken.
            let token = by_secret(&json!({ "alg": "RS256", "typ": "JWT", "kid": "r" }), &claims, secret);
            assert_eq!(believed.refusal(&token).await, "bad_signature");
        }
    }
    // A key is found for the algorithms of its type alone, and for the one it names.
    for (id, alg) in
        [("e", "RS256"), ("r", "ES256"), ("r", "EdDSA"), ("e", "ES384"), ("r", "RS384"), ("r", "PS256")]
    {
        let token = rsa.sign_with(&json!({ "alg": alg, "kid": id }), &claims);
        assert_eq!(believed.refusal(&token).await, "unknown_signing_key", "{id} {alg}");
    }
}

#[tokio::test]
async fn a_shared_secret_among_the_issuers_keys_is_no_key() {
    let ec = Pair::ec("e");
    let believed = Believed::start(&[&ec]).await;
    let shared = json!({ "kty": "oct", "kid": "s", "alg": "HS256", "k": BASE64.encode("secret") });
    believed.issuer.show_text(json!({ "keys": [shared, ec.jwk()] }).to_string());
    let claims = believed.claims(json!({}));
    assert!(believed.viewer(&ec.sign(&claims)).await.is_ok());
    let token = by_secret(&json!({ "alg": "HS256", "kid": "s" }), &claims, b"secret");
    assert_eq!(believed.refusal(&token).await, "wrong_algorithm");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let (rsa, ec) = (Pair::rsa("r"), Pair::ec("e"));
    let believed = Believed::start(&[&rsa, &ec]).await;
    let claims = believed.claims(json!({}));
    let good = ec.sign(&claims);
    let with = |header: Value| ec.sign_with(&header, &claims);
    for (token, reason) in [
        (with(json!({ "kid": "e" })), "malformed"),
        (with(json!({ "alg": 7, "kid": "e" })), "malformed"),
        (with(json!({ "alg": "ES256", "kid": "e", "typ": "logout+jwt" })), "malformed"),
        (with(json!({ "alg": "ES256", "kid": "e", "typ": "dpop+jwt" })), "malformed"),
        (with(json!({ "alg": "ES256", "kid": "e", "crit": ["exp"], "exp": 0 })), "malformed"),
        (with(json!({ "alg": "ES256", "kid": "e", "crit": ["b64"], "b64": false })), "malformed"),
        (with(json!({ "alg": "ES256", "kid": "e".repeat(300) })), "malformed"),
        (rsa.sign_with(&json!({ "alg": "RS384", "kid": "r" }), &claims), "wrong_algorithm"),
        (ec.sign(&json!([])), "malformed"),
        (ec.sign(&json!("text")), "malformed"),
        (format!("{good}.x"), "malformed"),
        (good.replacen('.', "", 1), "malformed"),
        (good.replace('.', " . "), "malformed"),
        ("..".to_owned(), "malformed"),
        ("é.ü.ß".to_owned(), "malformed"),
        (format!("{}.{good}", "a".repeat(20_000)), "malformed"),
        (ec.sign(&believed.claims(json!({ "groups": "g".repeat(20_000) }))), "malformed"),
    ] {
        let shown: String = token.chars().take(60).collect();
        assert_eq!(believed.refusal(&token).await, reason, "{shown}");
    }
    assert!(believed.viewer(&good).await.is_ok());
}
