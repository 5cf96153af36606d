//! What must not come back out.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::Credentials;

/// Texts that must not be told: an error of Gong's, or of something that stands in for it, may repeat
/// what was sent.
pub(super) struct Secrets {
    configured: Vec<SecretString>,
    /// Tokens that Gong has issued, the latest last.
    issued: Mutex<VecDeque<SecretString>>,
}

/// Forms of issued tokens that are remembered: those of the last few pairs. Older ones open nothing.
const REMEMBERED: usize = 32;

impl Secrets {
    pub(super) fn of(credentials: &Credentials) -> Self {
        let mut configured = Vec::new();
        let (name, secret) = match credentials {
            Credentials::AccessKey { access_key, access_key_secret } => (access_key, access_key_secret),
            Credentials::OAuth(client) => {
                configured.extend(forms(client.refresh_token.expose_secret()));
                (&client.client_id, &client.client_secret)
            }
        };
        let name = name.expose_secret();
        let basic = BASE64_STANDARD.encode(format!("{name}:{}", secret.expose_secret()));
        // Whoever repeats it may have left the padding out.
        configured.extend([basic.trim_end_matches('='), &basic].into_iter().flat_map(forms));
        configured.extend(forms(secret.expose_secret()));
        // A key's name is longer than any word that an error would use, unless it is a test's.
        configured.extend(if name.len() >= 8 { forms(name) } else { Vec::new() });
        let configured = configured.into_iter().map(SecretString::from).collect();
        Self { configured, issued: Mutex::default() }
    }

    /// One more that must not be told.
    pub(super) fn add(&self, token: &SecretString) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        for form in forms(token.expose_secret()) {
            if issued.iter().all(|known| known.expose_secret() != form) {
                issued.push_back(form.into());
            }
        }
        let old = issued.len().saturating_sub(REMEMBERED);
        issued.drain(..old);
    }

    /// `text` without them.
    pub(super) fn redact(&self, text: String) -> String {
        let issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> =
            self.configured.iter().chain(issued.iter()).map(|s| s.expose_secret()).collect();
        // The longest first: one may begin with another.
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        all.into_iter()
            .filter(|secret| !secret.is_empty())
            .fold(text, |text, secret| text.replace(secret, "[redacted]"))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// A secret as it is, as JSON writes it (once, and again where an error quotes JSON) and as a query string
/// does.
fn forms(secret: &str) -> Vec<String> {
    let in_json = |text: &str| {
        let quoted = serde_json::Value::from(text).to_string();
        quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
    };
    let quoted = in_json(secret);
    let mut forms = vec![secret.to_owned(), in_json(&quoted), quoted];
    let url = Url::parse_with_params("https://localhost", [("s", secret)]);
    forms.extend(url.ok().and_then(|url| Some(url.query()?.strip_prefix("s=")?.to_owned())));
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gong::OAuthClient;

    #[test]
    fn what_was_sent_is_not_repeated() {
        let secrets = Secrets::of(&Credentials::AccessKey {
            access_key: "AK123456".into(),
            access_key_secret: "hush".into(),
        });
        let text = format!("bad key AK123456:hush ({})", BASE64_STANDARD.encode("AK123456:hush"));
        assert_eq!(secrets.redact(text), "bad key [redacted]:[redacted] ([redacted])");
    }

    #[test]
    fn a_key_is_not_repeated_in_any_form() {
        let secrets = Secrets::of(&Credentials::AccessKey {
            access_key: "AK/12\"456".into(),
            access_key_secret: "hush".into(),
        });
        let basic = BASE64_STANDARD.encode("AK/12\"456:hush");
        assert!(basic.ends_with('='), "{basic}");
        let unpadded = basic.trim_end_matches('=');
        let text = format!(
            "{basic} {} {unpadded} AK%2F12%22456 AK/12\\\"456 AK/12\\\\\\\"456",
            basic.replace('=', "%3D")
        );
        assert_eq!(secrets.redact(text), ["[redacted]"; 6].join(" "));
    }

    #[test]
    fn tokens_are_not_repeated_in_any_form() {
        let secrets = Secrets::of(&Credentials::OAuth(OAuthClient {
            client_id: "client-one".into(),
            client_secret: "hush".into(),
            refresh_token: "first/token".into(),
            token_url: "https://app.gong.io/t".into(),
        }));
        secrets.add(&"new\"er+token".into());
        secrets.add(&"new\"er+token-and-more".into());
        let text = format!(
            "{} hush first/token first%2Ftoken new\"er+token new\\\"er+token new%22er%2Btoken new\"er+token-and-more",
            BASE64_STANDARD.encode("client-one:hush")
        );
        assert_eq!(secrets.redact(text), ["[redacted]"; 8].join(" "));
    }

    #[test]
    fn no_number_of_tokens_fills_the_memory() {
        let secrets =
            Secrets::of(&Credentials::AccessKey { access_key: "k".into(), access_key_secret: "s".into() });
        for n in 0..1_000 {
            secrets.add(&format!("token-{n}").into());
        }
        assert_eq!(secrets.issued.lock().unwrap().len(), REMEMBERED);
        assert_eq!(secrets.redact("token-999".into()), "[redacted]");
    }
}
