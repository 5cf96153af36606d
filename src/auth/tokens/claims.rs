//! What a token says, once its signature holds: a pure judgement.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::TokenSettings;
use crate::auth::{Role, Unauthenticated, Viewer};

/// The longest subject, as OpenID Connect has it.
const LONGEST_SUBJECT: usize = 255;

/// Whose token it is, at this time of day.
pub(super) fn viewer(
    claims: &Map<String, Value>,
    settings: &TokenSettings,
    now: Timestamp,
) -> Result<Viewer, Unauthenticated> {
    use Unauthenticated::{Expired, Malformed, NotYetValid, WrongAudience, WrongIssuer};
    if claims.get("iss").and_then(Value::as_str) != Some(&settings.issuer) {
        return Err(WrongIssuer);
    }
    let ours = |audience: &Value| {
        audience.as_str().is_some_and(|name| settings.audiences.iter().any(|our| our == name))
    };
    let meant_for_us = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(ours),
        Some(audience) => ours(audience),
        None => false,
    };
    if !meant_for_us {
        return Err(WrongAudience);
    }
    if is_of_another_kind(claims) {
        return Err(Malformed("it is no access token"));
    }
    let now = now.as_millisecond() as f64 / 1_000.0;
    let leeway = settings.leeway.as_secs_f64();
    let end = moment(claims, "exp")?.ok_or(Malformed("it has no exp: it would never end"))?;
    if end + leeway <= now {
        return Err(Expired);
    }
    // A token of the future is as little to be trusted as one that begins in the future.
    for begin in [moment(claims, "nbf")?, moment(claims, "iat")?].into_iter().flatten() {
        if begin > now + leeway {
            return Err(NotYetValid);
        }
    }
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    if subject.is_empty()
        || subject.len() > LONGEST_SUBJECT
        || !subject.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(Malformed("its sub must be 1 to 255 printable ASCII characters"));
    }
    let role = role(claims, &settings.role_claim).or(settings.default_role).ok_or(Unauthenticated::NoRole)?;
    let expires_at = Timestamp::from_second((end + leeway) as i64).unwrap_or(Timestamp::MAX);
    Ok(Viewer { id: format!("sub:{subject}").into(), role, expires_at: Some(expires_at) })
}

/// A number of seconds since 1970.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<f64>, Unauthenticated> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64().filter(|seconds| seconds.is_finite() && *seconds >= 0.0) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(Unauthenticated::Malformed("its exp, nbf and iat must be seconds since 1970")),
        },
    }
}

/// Whether it is plainly an ID token (it vouches for what was issued beside it), a refresh token or a notice of a
/// logout: the same issuer signs those with the same key.
fn is_of_another_kind(claims: &Map<String, Value>) -> bool {
    let typ = claims.get("typ").and_then(Value::as_str).unwrap_or_default();
    ["at_hash", "c_hash", "events"].iter().any(|name| claims.contains_key(*name))
        || ["ID", "Refresh", "Offline", "Logout"].contains(&typ)
}

/// The highest role that the claim names: in a text with spaces between, or in a list of texts.
fn role(claims: &Map<String, Value>, claim: &str) -> Option<Role> {
    let value = claims.get(claim).or_else(|| {
        let (first, rest) = claim.split_once('.')?;
        rest.split('.').try_fold(claims.get(first)?, |value, name| value.get(name))
    })?;
    let texts = match value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    texts.iter().filter_map(Value::as_str).flat_map(str::split_whitespace).filter_map(Role::of_name).max()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn judged(change: Value) -> Result<Viewer, Unauthenticated> {
        judged_with(change, |_| {})
    }

    /// The judgement on a good token with these claims in it, null for none.
    fn judged_with(change: Value, tell: impl FnOnce(&mut TokenSettings)) -> Result<Viewer, Unauthenticated> {
        let mut claims = json!({
            "iss": "https://id.example", "aud": "orgraph", "sub": "u-1", "exp": NOW + 300, "iat": NOW,
            "orgraph_role": "reader",
        });
        for (name, value) in change.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().remove(name),
                value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        let mut settings = TokenSettings::new("https://id.example", "orgraph");
        tell(&mut settings);
        viewer(claims.as_object().unwrap(), &settings, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn a_good_token_is_its_subjects_until_it_ends() {
        let viewer = judged(json!({})).unwrap();
        assert_eq!((&*viewer.id, viewer.role), ("sub:u-1", Role::Reader));
        assert_eq!(viewer.expires_at, Some(Timestamp::from_second(NOW + 360).unwrap()));
        assert_eq!(judged(json!({ "exp": 1e300 })).unwrap().expires_at, Some(Timestamp::MAX));
        assert!(
            judged(json!({ "aud": ["other", "orgraph"], "nbf": NOW - 5, "exp": NOW as f64 + 0.5 })).is_ok()
        );
    }

    #[test]
    fn each_claim_is_held_to() {
        use Unauthenticated::{Expired, NoRole, NotYetValid, WrongAudience, WrongIssuer};
        let table = [
            (json!({ "iss": null }), WrongIssuer),
            (json!({ "iss": "https://id.example/" }), WrongIssuer),
            (json!({ "iss": ["https://id.example"] }), WrongIssuer),
            (json!({ "aud": null }), WrongAudience),
            (json!({ "aud": "Orgraph" }), WrongAudience),
            (json!({ "aud": [] }), WrongAudience),
            (json!({ "aud": [["orgraph"]] }), WrongAudience),
            (json!({ "aud": { "orgraph": true } }), WrongAudience),
            (json!({ "exp": NOW - 60 }), Expired),
            (json!({ "exp": 0 }), Expired),
            (json!({ "nbf": NOW + 61 }), NotYetValid),
            (json!({ "iat": NOW + 61 }), NotYetValid),
            (json!({ "orgraph_role": null }), NoRole),
            (json!({ "orgraph_role": "owner" }), NoRole),
            (json!({ "orgraph_role": "Admin" }), NoRole),
            (json!({ "orgraph_role": { "admin": true } }), NoRole),
            (json!({ "orgraph_role": [["admin"]] }), NoRole),
        ];
        for (change, why) in table {
            assert_eq!(judged(change.clone()), Err(why), "{change}");
        }
        for change in [
            json!({ "exp": null }),
            json!({ "exp": "1800000000" }),
            json!({ "exp": -1 }),
            json!({ "exp": [NOW + 300] }),
            json!({ "nbf": "soon" }),
            json!({ "iat": true }),
            json!({ "sub": null }),
            json!({ "sub": "" }),
            json!({ "sub": "a b" }),
            json!({ "sub": "jürgen" }),
            json!({ "sub": "line\nfeed" }),
            json!({ "sub": "a".repeat(256) }),
            json!({ "sub": 7 }),
            json!({ "at_hash": "x" }),
            json!({ "typ": "Refresh" }),
            json!({ "events": {} }),
        ] {
            assert!(matches!(judged(change.clone()), Err(Unauthenticated::Malformed(_))), "{change}");
        }
    }

    #[test]
    fn the_leeway_is_as_it_is_set() {
        let exact = |settings: &mut TokenSettings| settings.leeway = Duration::ZERO;
        assert!(judged(json!({ "exp": NOW - 59, "nbf": NOW + 60 })).is_ok());
        assert_eq!(judged_with(json!({ "exp": NOW }), exact), Err(Unauthenticated::Expired));
        assert_eq!(judged_with(json!({ "nbf": NOW + 1 }), exact), Err(Unauthenticated::NotYetValid));
        assert!(judged_with(json!({ "exp": NOW + 1, "nbf": NOW }), exact).is_ok());
    }

    #[test]
    fn the_highest_role_counts_wherever_the_claim_is() {
        let role = |claims: Value, claim: &str| {
            judged_with(claims, |settings| settings.role_claim = claim.to_owned()).map(|viewer| viewer.role)
        };
        assert_eq!(role(json!({ "r": ["reader", 7, "admin", "x"] }), "r"), Ok(Role::Admin));
        assert_eq!(role(json!({ "scope": "openid analyst reader" }), "scope"), Ok(Role::Analyst));
        let nested = json!({ "resource_access": { "orgraph": { "roles": ["analyst"] } } });
        assert_eq!(role(nested.clone(), "resource_access.orgraph.roles"), Ok(Role::Analyst));
        assert_eq!(role(nested, "resource_access.other.roles"), Err(Unauthenticated::NoRole));
        let dotted = json!({ "https://corp.example/role": "admin" });
        assert_eq!(role(dotted, "https://corp.example/role"), Ok(Role::Admin));
        let default = |settings: &mut TokenSettings| settings.default_role = Some(Role::Reader);
        assert_eq!(
            judged_with(json!({ "orgraph_role": null }), default).map(|viewer| viewer.role),
            Ok(Role::Reader)
        );
        assert_eq!(
            judged_with(json!({ "orgraph_role": "admin" }), default).map(|viewer| viewer.role),
            Ok(Role::Admin)
        );
    }
}
