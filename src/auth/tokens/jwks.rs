//! The keys that an issuer shows: a JSON Web Key Set, and of it what can check a signature.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use super::SigningAlgorithm;

/// Keys that are looked at; issuers have a handful.
const MAX_KEYS: usize = 100;

/// The keys of an issuer that can check a signature.
#[derive(Debug, Default)]
pub(super) struct SigningKeys(Vec<SigningKey>);

#[derive(Debug)]
struct SigningKey {
    id: Option<String>,
    /// By its type, its curve, and what it says of itself: never by what a token says.
    algorithms: Vec<SigningAlgorithm>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl SigningKeys {
    /// The keys of a JWKS. One that can't be read, or is for something else, takes no other along.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let set: Set = serde_json::from_slice(body).map_err(|_| "it is no JSON Web Key Set")?;
        if set.keys.len() > MAX_KEYS {
            return Err("it has more than 100 keys");
        }
        let keys: Vec<_> = set.keys.into_iter().filter_map(SigningKey::read).collect();
        if keys.is_empty() { Err("it has no key that could check a signature") } else { Ok(Self(keys)) }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key of this name for this algorithm. A token that names none is checked with the one key there is.
    pub(super) fn find(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Option<&DecodingKey> {
        let mut fitting = self.0.iter().filter(|key| key.algorithms.contains(&algorithm));
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)).map(|key| &key.key),
            None => {
                let only = fitting.next()?;
                fitting.next().is_none().then_some(&only.key)
            }
        }
    }
}

impl SigningKey {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let signs = match &jwk.common.public_key_use {
            Some(said) => *said == PublicKeyUse::Signature,
            None => true,
        };
        let verifies =
            jwk.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
        if !signs || !verifies {
            return None;
        }
        let (mut algorithms, key) = match &jwk.algorithm {
            AlgorithmParameters::RSA(rsa) => {
                let number = |text: &str| {
                    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
                    // Some issuers write a sign byte before a number.
                    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                    Some(bytes[zeros..].to_vec())
                };
                let key = DecodingKey::from_rsa_raw_components(&number(&rsa.n)?, &number(&rsa.e)?);
                use SigningAlgorithm::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
                (vec![Rs256, Rs384, Rs512, Ps256, Ps384, Ps512], key)
            }
            AlgorithmParameters::EllipticCurve(curve) => {
                let algorithm = match curve.curve {
                    EllipticCurve::P256 => SigningAlgorithm::Es256,
                    EllipticCurve::P384 => SigningAlgorithm::Es384,
                    _ => return None,
                };
                (vec![algorithm], DecodingKey::from_jwk(&jwk).ok()?)
            }
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
                (vec![SigningAlgorithm::EdDsa], DecodingKey::from_jwk(&jwk).ok()?)
            }
            // Shared secrets among them: whoever can check a signature could make one.
            _ => return None,
        };
        if let Some(said) = jwk.common.key_algorithm {
            let said = said.to_string();
            algorithms.retain(|algorithm| algorithm.as_str() == said);
        }
        (!algorithms.is_empty()).then_some(Self { id: jwk.common.key_id, algorithms, key })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ec(id: &str, extra: Value) -> Value {
        let mut key = json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": "AQ", "y": "Ag" });
        key.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        key
    }

    fn rsa(id: &str, extra: Value) -> Value {
        let mut key = json!({ "kty": "RSA", "kid": id, "n": "AQID", "e": "AQAB" });
        key.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        key
    }

    fn read(keys: Vec<Value>) -> Result<SigningKeys, &'static str> {
        SigningKeys::read(json!({ "keys": keys }).to_string().as_bytes())
    }

    #[test]
    fn a_key_is_for_the_algorithms_of_its_type_and_no_other() {
        let keys = read(vec![
            rsa("any", json!({})),
            rsa("one", json!({ "alg": "RS256" })),
            ec("curve", json!({})),
            ec("384", json!({ "crv": "P-384" })),
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": "AQ" }),
        ])
        .unwrap();
        let fits = |id: &str| {
            let all = SigningAlgorithm::ALL
                .into_iter()
                .filter(|algorithm| keys.find(Some(id), *algorithm).is_some());
            all.map(SigningAlgorithm::as_str).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(fits("any"), "RS256 RS384 RS512 PS256 PS384 PS512");
        assert_eq!(fits("one"), "RS256");
        assert_eq!(fits("curve"), "ES256");
        assert_eq!(fits("384"), "ES384");
        assert_eq!(fits("ed"), "EdDSA");
        assert_eq!(fits("other"), "");
    }

    #[test]
    fn what_cannot_check_a_signature_is_left_out() {
        let keys = read(vec![
            rsa("good", json!({ "use": "sig", "key_ops": ["verify"] })),
            rsa("enc", json!({ "use": "enc" })),
            rsa("ops", json!({ "key_ops": ["encrypt"] })),
            rsa("alg", json!({ "alg": "RSA-OAEP" })),
            rsa("confused", json!({ "alg": "HS256" })),
            rsa("base64", json!({ "n": "not base64" })),
            ec("secp", json!({ "crv": "secp256k1" })),
            ec("521", json!({ "crv": "P-521" })),
            ec("alg", json!({ "alg": "RS256" })),
            json!({ "kty": "oct", "kid": "shared", "k": "c2VjcmV0" }),
            json!({ "kty": "RSA" }),
            json!("nonsense"),
        ])
        .unwrap();
        assert_eq!(keys.len(), 1);
        assert!(keys.find(Some("good"), SigningAlgorithm::Rs256).is_some());
        assert!(read(vec![]).is_err());
        assert!(read(vec![json!({ "kty": "oct", "kid": "shared", "k": "c2VjcmV0" })]).is_err());
        assert!(read((0..101).map(|n| rsa(&n.to_string(), json!({}))).collect()).is_err());
        assert!(SigningKeys::read(b"<html>").is_err());
    }

    #[test]
    fn a_token_without_a_key_id_needs_there_to_be_one_key() {
        let keys = read(vec![rsa("a", json!({})), ec("b", json!({}))]).unwrap();
        assert!(keys.find(None, SigningAlgorithm::Rs256).is_some());
        assert!(keys.find(None, SigningAlgorithm::EdDsa).is_none());
        let keys = read(vec![rsa("a", json!({})), rsa("b", json!({}))]).unwrap();
        assert!(keys.find(None, SigningAlgorithm::Rs256).is_none());
    }
}
