//! What Gong issues, and how long it is good for.

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A pair of tokens as Gong issued it, and where it is from.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Goes with every call.
    pub access_token: SecretString,
    /// Buys the next pair, once.
    pub refresh_token: SecretString,
    /// When the pair was asked for.
    pub issued_at: Timestamp,
    /// When the access token is no longer taken.
    pub expires_at: Timestamp,
    /// The `api_base_url_for_customer` of Gong's answer, as it came.
    pub api_base_url: Option<String>,
    /// The fingerprint of the consent's first refresh token: SHA-256, in hexadecimal digits.
    pub origin: String,
}

/// How far an access token is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Good, and good for a while.
    Fresh,
    /// Good, but the next one should be on its way.
    Due,
    /// No longer taken.
    Expired,
}

impl Tokens {
    /// How far the access token is at `now`.
    pub(super) fn freshness(&self, now: Timestamp) -> Freshness {
        const LONGEST_AHEAD: SignedDuration = SignedDuration::from_mins(10);
        let ahead = (self.expires_at.duration_since(self.issued_at) / 10).min(LONGEST_AHEAD);
        let left = self.expires_at.duration_since(now);
        if left <= SignedDuration::ZERO {
            Freshness::Expired
        } else if left < ahead {
            Freshness::Due
        } else {
            Freshness::Fresh
        }
    }

    /// Whether it was issued so recently that a refusal can't be about its age. A clock that was set back
    /// makes nothing recent.
    pub(super) fn is_new(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.issued_at);
        (SignedDuration::ZERO..=SignedDuration::from_mins(1)).contains(&age)
    }
}

/// The fingerprint of a refresh token.
pub(super) fn origin(refresh_token: &SecretString) -> String {
    let digest = Sha256::digest(refresh_token.expose_secret().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued_for(life: SignedDuration) -> Tokens {
        Tokens {
            access_token: "canary-access".into(),
            refresh_token: "canary-refresh".into(),
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH + life,
            api_base_url: None,
            origin: origin(&"first".into()),
        }
    }

    #[test]
    fn the_next_token_is_due_a_tenth_of_a_life_ahead_but_ten_minutes_at_most() {
        for (life, ahead) in [(86_400, 600), (6_000, 600), (3_000, 300), (60, 6)] {
            let tokens = issued_for(SignedDuration::from_secs(life));
            let with_left = |left| tokens.freshness(tokens.expires_at - SignedDuration::from_secs(left));
            assert_eq!(with_left(life), Freshness::Fresh, "{life}");
            assert_eq!(with_left(ahead), Freshness::Fresh, "{life}");
            assert_eq!(with_left(ahead - 1), Freshness::Due, "{life}");
            assert_eq!(with_left(1), Freshness::Due, "{life}");
            assert_eq!(with_left(0), Freshness::Expired, "{life}");
            assert_eq!(with_left(-1), Freshness::Expired, "{life}");
        }
    }

    #[test]
    fn a_token_is_new_for_a_minute_and_never_in_the_future() {
        let tokens = issued_for(SignedDuration::from_hours(24));
        let at = |seconds| tokens.is_new(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds));
        assert_eq!([at(-1), at(0), at(60), at(61)], [false, true, true, false]);
    }

    #[test]
    fn a_fingerprint_tells_tokens_apart_and_nothing_of_them() {
        // The digest that FIPS 180 gives for it.
        assert_eq!(origin(&"abc".into()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!format!("{:?}", issued_for(SignedDuration::ZERO)).contains("canary"));
    }
}
