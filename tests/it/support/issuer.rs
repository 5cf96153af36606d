//! An issuer of tokens: keys that the test makes, and a server that shows what the test wants it to.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header::LOCATION},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA384, RsaKeyPair,
    },
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};

use super::text;

/// A pair of keys with a name.
pub struct Pair {
    pub id: String,
    kind: Kind,
}

enum Kind {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Pair {
    /// The one RSA key that there is, under this name.
    pub fn rsa(id: &str) -> Self {
        let pem = text("tests/data/test_only_rsa.pem");
        let lines = pem.lines().skip_while(|line| !line.starts_with("-----BEGIN")).skip(1);
        let base64: String = lines.take_while(|line| !line.starts_with("-----END")).collect();
        let der = base64::prelude::BASE64_STANDARD.decode(base64).unwrap();
        Self { id: id.to_owned(), kind: Kind::Rsa(RsaKeyPair::from_pkcs8(&der).unwrap()) }
    }

    /// A new key on P-256.
    pub fn ec(id: &str) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random);
        Self { id: id.to_owned(), kind: Kind::Ec(pair.unwrap()) }
    }

    /// A new key on Ed25519.
    pub fn ed(id: &str) -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self { id: id.to_owned(), kind: Kind::Ed(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap()) }
    }

    /// The public key, as an issuer shows it.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.kind {
            Kind::Rsa(pair) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "alg": "RS256", "n": BASE64.encode(n), "e": BASE64.encode(e) })
            }
            Kind::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": BASE64.encode(x), "y": BASE64.encode(y) })
            }
            Kind::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(pair.public_key()) })
            }
        };
        jwk["kid"] = self.id.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The bytes of the public key: what somebody could take for a shared secret.
    pub fn public_bytes(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Rsa(pair) => pair.public().as_ref().to_vec(),
            Kind::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Kind::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    /// A token with these claims, signed as this key signs.
    pub fn sign(&self, claims: &Value) -> String {
        let algorithm = match self.kind {
            Kind::Rsa(_) => "RS256",
            Kind::Ec(_) => "ES256",
            Kind::Ed(_) => "EdDSA",
        };
        self.sign_with(&json!({ "alg": algorithm, "typ": "JWT", "kid": self.id }), claims)
    }

    /// A token with this header, whatever it says, signed by this key.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = match &self.kind {
            Kind::Rsa(pair) => {
                let how = if header["alg"] == "RS384" { &RSA_PKCS1_SHA384 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(how, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Kind::Ec(pair) => pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
            Kind::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", BASE64.encode(signature))
    }
}

/// Header and claims, unsigned.
pub fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

/// A running issuer.
#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    shown: Arc<Mutex<Shown>>,
    asked: watch::Sender<usize>,
}

struct Shown {
    configuration: Value,
    keys: String,
    status: StatusCode,
    location: Option<String>,
}

impl Issuer {
    pub async fn start(pairs: &[&Pair]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let configuration = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") });
        let shown = Shown { configuration, keys: String::new(), status: StatusCode::OK, location: None };
        let issuer = Self { url, shown: Arc::new(Mutex::new(shown)), asked: watch::channel(0).0 };
        issuer.show(pairs);
        let router = Router::new().fallback(answer).with_state(issuer.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        issuer
    }

    /// Shows these keys from now on.
    pub fn show(&self, pairs: &[&Pair]) {
        let keys: Vec<_> = pairs.iter().map(|pair| pair.jwk()).collect();
        self.show_text(json!({ "keys": keys }).to_string());
    }

    /// Shows this where its keys should be.
    pub fn show_text(&self, text: impl Into<String>) {
        self.shown.lock().unwrap().keys = text.into();
    }

    /// Answers with this status from now on, and leads elsewhere if it is told where.
    pub fn answer(&self, status: u16, location: Option<&str>) {
        let mut shown = self.shown.lock().unwrap();
        shown.status = StatusCode::from_u16(status).unwrap();
        shown.location = location.map(str::to_owned);
    }

    /// Says this of itself.
    pub fn configure(&self, name: &str, value: Value) {
        self.shown.lock().unwrap().configuration[name] = value;
    }

    /// How often it was asked for its keys.
    pub fn asked(&self) -> usize {
        *self.asked.borrow()
    }

    /// Waits until it was asked that often.
    pub async fn was_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        tokio::time::timeout(super::FOREVER, asked.wait_for(|asked| *asked >= times)).await.unwrap().unwrap();
    }
}

async fn answer(State(issuer): State<Issuer>, uri: Uri) -> Response {
    let is_configuration = uri.path() == "/.well-known/openid-configuration";
    let answer = {
        let shown = issuer.shown.lock().unwrap();
        let body = if is_configuration { shown.configuration.to_string() } else { shown.keys.clone() };
        match &shown.location {
            Some(location) => (shown.status, [(LOCATION, location.clone())], body).into_response(),
            None => (shown.status, body).into_response(),
        }
    };
    if !is_configuration {
        issuer.asked.send_modify(|asked| *asked += 1);
    }
    answer
}
