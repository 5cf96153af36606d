//! The page to try queries on.

use std::sync::LazyLock;

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    },
    response::{Html, IntoResponse},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// GraphiQL, from a public CDN by version and checksum; where that can't be reached, a plain page of our own.
const PAGE: &str = include_str!("graphiql.html");

/// What the page's own script loads, each by its whole address.
const SCRIPTS: &str = "https://unpkg.com/react@18.3.1/umd/react.production.min.js \
    https://unpkg.com/react-dom@18.3.1/umd/react-dom.production.min.js \
    https://unpkg.com/graphiql@3.9.0/graphiql.min.js";
const STYLE: &str = "https://unpkg.com/graphiql@3.9.0/graphiql.min.css";

/// What the page may load: its own script, by checksum, and those files. Styles may stand in the page: GraphiQL's
/// editor measures and colours text by them. A style can load nothing and send nothing anywhere under this policy.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let script = BASE64_STANDARD.encode(Sha256::digest(script(PAGE)));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{script}' {SCRIPTS}; style-src 'unsafe-inline' {STYLE}; \
         font-src data:; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

pub(super) async fn page() -> impl IntoResponse {
    let headers =
        [(CONTENT_SECURITY_POLICY, POLICY.clone()), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    (headers, Html(PAGE))
}

/// The text of the page's one script.
fn script(page: &str) -> &str {
    let (_, after) = page.split_once("<script>").unwrap_or_default();
    after.split_once("</script>").unwrap_or_default().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_runs_one_script_and_loads_what_the_policy_names() {
        assert_eq!(PAGE.matches("<script").count(), 1);
        assert!(script(PAGE).contains("fetch(\"/graphql\""));
        for handler in [" onclick=", " onload=", " onerror=", " onsubmit=", "javascript:"] {
            assert!(!PAGE.contains(handler), "{handler}");
        }
        let policy = POLICY.to_str().unwrap();
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert!(!scripts.contains("unsafe"), "{scripts}");
        let files = script(PAGE).split('"').filter(|text| text.ends_with(".js") || text.ends_with(".css"));
        let files: Vec<_> = files.filter(|text| text.contains('@')).collect();
        assert_eq!(files.len(), 4);
        for file in files {
            assert!(policy.contains(&format!("https://unpkg.com/{file}")), "{file}");
        }
    }
}
