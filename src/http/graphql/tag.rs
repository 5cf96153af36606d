//! What names an answer, so that nobody is sent it twice: the `ETag`.

use std::fmt::Write;

use async_graphql::Request;
use axum::http::{
    HeaderMap, HeaderValue,
    header::{ETAG, IF_NONE_MATCH},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::media::MediaType;
use crate::auth::Role;

/// The name of an answer. Weak: the same answer may come compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct Tag(HeaderValue);

/// What else than the answer itself an answer's name is made from, so that names of one process say nothing to another:
/// two may have snapshots of their own with the same version.
pub(in crate::http) type Salt = [u8; 16];

impl Tag {
    /// The name of what `request` is answered with from the snapshot of this version, for this role.
    pub(super) fn of_answer(
        salt: &Salt,
        version: u64,
        role: Role,
        media: MediaType,
        request: &Request,
    ) -> Self {
        let variables = serde_json::to_value(&request.variables).unwrap_or_default();
        let version = version.to_string();
        let parts = [
            version.as_str(),
            role.as_str(),
            match media {
                MediaType::Json => "json",
                MediaType::GraphqlResponse => "graphql-response",
            },
            &request.query,
            request.operation_name.as_deref().unwrap_or_default(),
            &canonical(&variables),
        ];
        Self::of_parts(salt, &parts)
    }

    /// The name of the table that `question` is answered with from the snapshot of this version, for this role.
    pub(in crate::http) fn of_table(salt: &Salt, version: u64, role: Role, question: &str) -> Self {
        Self::of_parts(salt, &["table", &version.to_string(), role.as_str(), question])
    }

    fn of_parts(salt: &Salt, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(salt);
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self::from_hash(&hash.finalize())
    }

    /// The same name for an answer that is the same to the byte each time.
    pub(in crate::http) fn strong(self) -> Self {
        let strong = self.0.as_bytes().strip_prefix(b"W/").map(HeaderValue::from_bytes);
        Self(strong.and_then(Result::ok).unwrap_or(self.0))
    }

    /// The name as text.
    pub(in crate::http) fn text(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The name of a text that is the same for everybody.
    pub(in crate::http) fn of_text(text: &str) -> Self {
        Self::of_bytes(text.as_bytes())
    }

    /// The name of a file that is the same for everybody.
    pub(in crate::http) fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_hash(&Sha256::digest(bytes))
    }

    fn from_hash(hash: &[u8]) -> Self {
        let mut text = "W/\"".to_owned();
        for byte in hash.iter().take(16) {
            _ = write!(text, "{byte:02x}");
        }
        text.push('"');
        // Hexadecimal digits are always a header's value.
        Self(HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("W/\"\"")))
    }

    /// The value of `ETag`.
    pub(in crate::http) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Whether a client says that it has the answer of this name.
    pub(in crate::http) fn is_known(&self, headers: &HeaderMap) -> bool {
        let own = self.0.as_bytes();
        let mut said = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let bare = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_vec();
        let is_this = |tag: &str| tag == "*" || bare(tag.as_bytes()) == bare(own);
        said.any(|said| said.split(',').any(|tag| is_this(tag.trim())))
    }

    /// Puts it into the headers of an answer.
    pub(in crate::http) fn put(&self, headers: &mut HeaderMap) {
        headers.insert(ETAG, self.header());
    }
}

/// A value with the members of its objects in order, so that the same variables are the same text. Recurses as deep
/// as the value nests, which JSON's reader bounds.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let members = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use serde_json::json;

    use super::*;

    fn tag(version: u64, role: Role, media: MediaType, query: &str, name: &str, variables: Value) -> Tag {
        let request = Request::new(query).operation_name(name).variables(Variables::from_json(variables));
        Tag::of_answer(&[7; 16], version, role, media, &request)
    }

    #[test]
    fn whatever_differs_has_another_name() {
        use MediaType::{GraphqlResponse, Json};
        let one = tag(1, Role::Reader, Json, "{ a }", "A", json!({ "x": { "b": 1, "a": [2] } }));
        assert_eq!(one, tag(1, Role::Reader, Json, "{ a }", "A", json!({ "x": { "a": [2], "b": 1 } })));
        for other in [
            tag(2, Role::Reader, Json, "{ a }", "A", json!({ "x": { "b": 1, "a": [2] } })),
            tag(1, Role::Admin, Json, "{ a }", "A", json!({ "x": { "b": 1, "a": [2] } })),
            tag(1, Role::Reader, GraphqlResponse, "{ a }", "A", json!({ "x": { "b": 1, "a": [2] } })),
            tag(1, Role::Reader, Json, "{ a }A", "", json!({ "x": { "b": 1, "a": [2] } })),
            tag(1, Role::Reader, Json, "{ a }", "A", json!({ "x": { "b": "1", "a": [2] } })),
            tag(1, Role::Reader, Json, "{ a }", "A", json!({})),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_known_name_is_recognised_in_any_list() {
        let tag = Tag::of_text("x");
        let known = |said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(said).unwrap());
            tag.is_known(&headers)
        };
        let own = tag.header().to_str().unwrap().to_owned();
        assert!(known(&own) && known(own.trim_start_matches("W/")) && known(&format!("\"a\", {own}")));
        assert!(known("*"), "whichever there is (RFC 9110, 13.1.2)");
        assert!(!known("") && !known("\"a\"") && !tag.is_known(&HeaderMap::new()));
    }
}
