//! Who may call: HTTP Basic with an access key and its secret, or an access token of OAuth.

use std::sync::Arc;

use axum::http::{
    HeaderMap,
    header::{AUTHORIZATION, HOST},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret;

use super::{
    envelope::Fault,
    oauth::Tokens,
    settings::Settings,
    signing::{SigningKey, Tag},
};

/// The credentials of the workspace. Tags are compared, not texts: that takes the same time however
/// much is right.
pub(super) struct Access {
    key: SigningKey,
    credentials: Tag,
    tokens: Arc<Tokens>,
}

impl Access {
    /// What these settings and tokens let in.
    pub(super) fn new(key: SigningKey, settings: &Settings, tokens: Arc<Tokens>) -> Self {
        let secret = settings.access_key_secret.expose_secret();
        let credentials = key.tag(b"basic", format!("{}:{secret}", settings.access_key).as_bytes());
        Self { key, credentials, tokens }
    }

    /// Whether a request with these headers is let in, for an endpoint that needs this scope. An
    /// access key has every scope.
    pub(super) fn admit(&self, headers: &HeaderMap, scope: Option<&'static str>) -> Result<(), Fault> {
        if let Some(token) = bearer(headers) {
            let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            return self.tokens.admit(token.as_bytes(), host, scope);
        }
        match basic(headers) {
            Some(credentials) if self.key.tag(b"basic", &credentials) == self.credentials => Ok(()),
            _ => Err(Fault::Unauthorised),
        }
    }
}

/// The user name and password of HTTP Basic, with the colon between them.
pub(super) fn basic(headers: &HeaderMap) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(presented(headers, "basic")?).ok()
}

/// The token of a `Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    presented(headers, "bearer")
}

fn presented<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (presented, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    presented.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_and_secret_are_let_in() {
        let (key, settings) = (SigningKey::random(), Settings::default());
        let tokens = Arc::new(Tokens::new(key.clone(), &settings.oauth));
        let access = Access::new(key, &settings, tokens);
        let admits = |text: &str| {
            access.admit(&HeaderMap::from_iter([(AUTHORIZATION, text.parse().unwrap())]), None).is_ok()
        };
        let basic = |text: &str| BASE64_STANDARD.encode(text);
        assert!(admits(&format!("Basic {}", basic("simulator:simulator"))));
        assert!(admits(&format!("basic {}", basic("simulator:simulator"))));
        assert!(!admits(&format!("Basic {}", basic("simulator:wrong"))));
        assert!(!admits(&format!("Basic {}", basic("simulator"))));
        assert!(!admits(&format!("Bearer {}", basic("simulator:simulator"))));
        assert!(!admits("Basic"));
        assert!(access.admit(&HeaderMap::new(), None).is_err());
    }
}
