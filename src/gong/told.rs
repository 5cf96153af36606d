//! A call as a collector of traces is told of it: what was asked for in kind, and what became of it. No id, no
//! cursor, no body, no credential. Gong itself is told nothing of a trace: it is a third party, which could only
//! learn from it which of its calls belong together.

use reqwest::Method;
use tracing::{Span, field::Empty, info_span};

use super::{GongError, retry::Setback};

/// The span of one try; of how many before it, if there were any.
pub(super) fn span(method: &Method, path: &[&str], host: Option<&str>, tries: u32) -> Span {
    info_span!(
        "call",
        otel.name = format!("{method} {}", template(path)),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        http.request.resend_count = (tries > 0).then_some(tries),
        http.response.status_code = Empty,
        url.template = template(path),
        server.address = host,
        error.type = Empty,
    )
}

/// Ends it with what became of the try.
pub(super) fn end<T>(span: &Span, tried: &Result<T, GongError>) {
    if let Err(error) = tried {
        let kind = match error.setback() {
            Setback::Throttled(_) => "throttled",
            Setback::ServerFault => "server_fault",
            Setback::Unreachable => "unreachable",
            Setback::TimedOut => "timed_out",
            Setback::BrokenBody => "broken_body",
            Setback::Final => "refused",
        };
        span.record("error.type", kind).record("otel.status_code", "ERROR");
    }
}

/// The status of an answer, for the span of the try that runs.
pub(super) fn status(status: u16) {
    Span::current().record("http.response.status_code", status);
}

/// A path without the id in it.
fn template(path: &[&str]) -> String {
    path.iter().enumerate().fold(String::new(), |mut template, (at, segment)| {
        let is_id = at > 0 && path[at - 1] == "users" && *segment != "extensive";
        template.push('/');
        template.push_str(if is_id { "{id}" } else { segment });
        template
    })
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn a_template_has_no_id() {
        for (path, expected) in [
            (&["v2", "users"][..], "/v2/users"),
            (&["v2", "users", "extensive"], "/v2/users/extensive"),
            (&["v2", "users", "7"], "/v2/users/{id}"),
            (&["v2", "users", "ada", "settings-history"], "/v2/users/{id}/settings-history"),
            (&["v2", "stats", "activity", "aggregate"], "/v2/stats/activity/aggregate"),
            (&["token"], "/token"),
        ] {
            assert_eq!(template(path), expected);
        }
    }
}
