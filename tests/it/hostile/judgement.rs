//! What must hold of every answer, whatever was asked.

use serde_json::Value;

use super::wire::Answer;

/// The largest refusal, in bytes.
pub const LARGEST: usize = 4096;

/// `extensions.code` of every error is one of these.
const CODES: [&str; 13] = [
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "NOT_READY",
    "QUERY_TOO_COMPLEX",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "THROTTLED",
    "UPSTREAM_UNAVAILABLE",
    "AMBIGUOUS_EMAIL",
    // Persisted documents: clients depend on these.
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_NOT_SUPPORTED",
    // Closed, and a fault of ours: no request may bring it about.
    "INTERNAL_SERVER_ERROR",
];

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It was one after all.
    Answered,
    /// Refused, with this code of GraphQL's.
    Refused(String),
    /// Refused before it was a request, or redirected, with this status and no body.
    Bare(u16),
}

/// What is never told: what the caller proves itself with, and what the service does.
pub const SECRETS: [&str; 3] = ["canary-bearer", "canary-cookie", "canary-secret"];

/// Judges an answer.
///
/// # Errors
/// What is wrong with it.
pub fn judge(answer: &Answer) -> Result<Verdict, String> {
    let Answer { status, headers, body } = answer;
    let told = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
    if *status >= 500 || *status < 200 {
        return Err(format!("status {status}: {}", told()));
    }
    for secret in SECRETS {
        let holds = |text: &[u8]| text.windows(secret.len()).any(|part| part == secret.as_bytes());
        if holds(body) || headers.iter().any(|(_, value)| holds(value.as_bytes())) {
            return Err(format!("{secret} comes back: {}", told()));
        }
    }
    if body.is_empty() {
        return if *status == 200 || *status == 204 {
            Ok(Verdict::Answered)
        } else {
            Ok(Verdict::Bare(*status))
        };
    }
    let media_type = answer.header("content-type").unwrap_or_default();
    if !media_type.contains("json") {
        // Pages, probes and figures, which nobody is refused by.
        let is_page =
            *status == 200 && (media_type.starts_with("text/") || media_type.contains("openmetrics"));
        return if is_page {
            Ok(Verdict::Answered)
        } else {
            Err(format!("{status} as {media_type:?}: {}", told()))
        };
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("{error}: {}", told()))?;
    let object = value.as_object().ok_or_else(|| format!("no object: {}", told()))?;
    if let Some(key) = object.keys().find(|key| !["data", "errors", "extensions"].contains(&key.as_str())) {
        return Err(format!("a key {key:?}: {}", told()));
    }
    let Some(errors) = object.get("errors") else {
        let is_data = *status == 200 && object.get("data").is_some_and(Value::is_object);
        return if is_data {
            Ok(Verdict::Answered)
        } else {
            Err(format!("{status} without errors: {}", told()))
        };
    };
    let errors = errors.as_array().filter(|errors| !errors.is_empty());
    for error in errors.ok_or_else(|| format!("no list of errors: {}", told()))? {
        check_error(error).map_err(|what| format!("{what}: {}", told()))?;
    }
    let data = object.get("data").filter(|data| !data.is_null());
    if data.is_some() {
        return Ok(Verdict::Answered);
    }
    if body.len() >= LARGEST {
        return Err(format!("a refusal of {} bytes: {}", body.len(), told()));
    }
    Ok(Verdict::Refused(value["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()))
}

fn check_error(error: &Value) -> Result<(), String> {
    let known = ["message", "locations", "path", "extensions"];
    if let Some(key) =
        error.as_object().and_then(|error| error.keys().find(|key| !known.contains(&key.as_str())))
    {
        return Err(format!("an error's key {key:?}"));
    }
    error["message"].as_str().filter(|message| !message.is_empty()).ok_or("no message")?;
    let code = error["extensions"]["code"].as_str().ok_or("no code")?;
    if !CODES.contains(&code) || code == "INTERNAL_SERVER_ERROR" {
        return Err(format!("the code {code}"));
    }
    error["extensions"]["requestId"].as_str().filter(|id| !id.is_empty()).ok_or("no requestId")?;
    let places = error.get("locations").map_or(Some(&[][..]), |places| places.as_array().map(Vec::as_slice));
    let places = places.ok_or("locations are no list")?;
    let is_place = |place: &Value| place["line"].as_u64() > Some(0) && place["column"].as_u64() > Some(0);
    if places.iter().all(is_place) { Ok(()) } else { Err("a place that is none".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Result<Verdict, String> {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        judge(&Answer { status, headers, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn what_must_not_come_is_seen() {
        let error = r#""message":"m","extensions":{"code":"BAD_USER_INPUT","requestId":"1"}"#;
        assert_eq!(
            of(400, &format!(r#"{{"errors":[{{{error}}}]}}"#)),
            Ok(Verdict::Refused("BAD_USER_INPUT".into()))
        );
        assert_eq!(of(200, r#"{"data":{}}"#), Ok(Verdict::Answered));
        let long = "x".repeat(LARGEST);
        for (status, body) in [
            (500, r#"{"data":{}}"#.to_owned()),
            (200, "[]".to_owned()),
            (200, r#"{"data":{},"stack":1}"#.to_owned()),
            (400, r#"{"errors":[]}"#.to_owned()),
            (400, r#"{"errors":[{"message":"m"}]}"#.to_owned()),
            (400, r#"{"errors":[{"message":"m","extensions":{"code":"OTHER","requestId":"1"}}]}"#.to_owned()),
            (200, r#"{"errors":[{"message":"m","extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"1"}}]}"#.to_owned()),
            (400, r#"{"errors":[{"message":"m","extensions":{"code":"BAD_USER_INPUT"}}]}"#.to_owned()),
            (400, format!(r#"{{"errors":[{{{error},"trace":1}}]}}"#)),
            (400, format!(r#"{{"errors":[{{{error},"locations":[{{"line":0,"column":1}}]}}]}}"#)),
            (400, format!(r#"{{"errors":[{{{error},"path":["{long}"]}}]}}"#)),
            (200, r#"{"data":{"a":"canary-bearer"}}"#.to_owned()),
        ] {
            of(status, &body).unwrap_err();
        }
    }
}
