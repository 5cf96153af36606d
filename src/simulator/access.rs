//! Who may call: HTTP Basic with an access key and its secret.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret;

use super::{
    settings::Settings,
    signing::{SigningKey, Tag},
};

/// The access key of the workspace. Tags are compared, not texts: that takes the same time however
/// much is right.
pub(super) struct Access {
    key: SigningKey,
    credentials: Tag,
}

impl Access {
    /// What these settings let in.
    pub(super) fn new(key: SigningKey, settings: &Settings) -> Self {
        let secret = settings.access_key_secret.expose_secret();
        let credentials = key.tag(b"basic", format!("{}:{secret}", settings.access_key).as_bytes());
        Self { key, credentials }
    }

    /// Whether a request with these headers is let in.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        presented(headers).is_some_and(|credentials| self.key.tag(b"basic", &credentials) == self.credentials)
    }
}

fn presented(headers: &HeaderMap) -> Option<Vec<u8>> {
    let (scheme, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(credentials.trim()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_and_secret_are_let_in() {
        let access = Access::new(SigningKey::random(), &Settings::default());
        let admits =
            |text: &str| access.admits(&HeaderMap::from_iter([(AUTHORIZATION, text.parse().unwrap())]));
        let basic = |text: &str| BASE64_STANDARD.encode(text);
        assert!(admits(&format!("Basic {}", basic("simulator:simulator"))));
        assert!(admits(&format!("basic {}", basic("simulator:simulator"))));
        assert!(!admits(&format!("Basic {}", basic("simulator:wrong"))));
        assert!(!admits(&format!("Basic {}", basic("simulator"))));
        assert!(!admits(&format!("Bearer {}", basic("simulator:simulator"))));
        assert!(!admits("Basic"));
        assert!(!access.admits(&HeaderMap::new()));
    }
}
