//! One request for each attack that tools and reports know by name, and what has to become of it.

use serde_json::{Value, json};

use super::{
    bombs::BOMBS,
    mutation::encoded,
    wire::{Answer, Request},
};

/// An attack that has a name.
pub struct Known {
    pub name: &'static str,
    /// What it is after.
    pub after: &'static str,
    pub request: Request,
    /// Whether the service has withstood it.
    pub withstood: fn(&Answer, &Value) -> bool,
}

fn not_answered(_: &Answer, told: &Value) -> bool {
    told.get("data").is_none_or(Value::is_null)
}

fn too_complex(_: &Answer, told: &Value) -> bool {
    told["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
}

fn bad_input(_: &Answer, told: &Value) -> bool {
    told["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
}

fn bomb(name: &str, times: usize) -> String {
    BOMBS.iter().find(|(known, _)| *known == name).unwrap().1(times)
}

/// From types to their fields and on to types, so many times.
fn circular(times: usize) -> String {
    let round = "fields { type { ".repeat(times) + "name" + &" } }".repeat(times);
    format!("{{ __schema {{ types {{ {round} }} }} }}")
}

/// The checks of graphql-cop, anew from what they look for.
pub fn checks_of_graphql_cop() -> Vec<Known> {
    let known = |name, after, request, withstood| Known { name, after, request, withstood };
    vec![
        known("alias overloading", "101 fields for one", Request::query(&bomb("aliases", 101)), too_complex),
        known(
            "batch queries",
            "ten operations in one request",
            Request::post(json!(vec![json!({ "query": "{ __typename }" }); 10]).to_string()),
            not_answered,
        ),
        known(
            "circular introspection",
            "a large answer to a short question",
            Request::query(&circular(5)),
            not_answered,
        ),
        known(
            "directive overloading",
            "an error for each",
            Request::query(&bomb("unknown directives", 10)),
            |_, told| {
                told.get("data").is_none_or(Value::is_null)
                    && told["errors"].as_array().is_some_and(|errors| errors.len() < 10)
            },
        ),
        known(
            "field duplication",
            "work for what is merged",
            Request::query(&bomb("the same field", 500)),
            too_complex,
        ),
        known(
            "field suggestions",
            "names of fields",
            Request::query("{ __schema { directive } }"),
            |_, told| !told.to_string().contains("Did you mean"),
        ),
        known(
            "GET-based queries",
            "a query by a link on another site",
            Request::new("GET", format!("/graphql?query={}", encoded(b"query cop { __typename }"))),
            // Nothing is changed by it, and no other site may read what comes back.
            |answer, _| answer.status == 400 || answer.header("access-control-allow-origin").is_none(),
        ),
        known(
            "GET-based mutation",
            "a change by a link on another site",
            Request::new("GET", format!("/graphql?query={}", encoded(b"mutation cop { __typename }"))),
            |answer, told| (400..500).contains(&answer.status) && told.get("data").is_none(),
        ),
        known(
            "GraphiQL exposed",
            "a console",
            Request::new("GET", "/graphiql").header("accept", "text/html"),
            |answer, _| answer.status == 404,
        ),
        known("introspection", "the schema", Request::query("{ __schema { types { name } } }"), not_answered),
        known(
            "POST url-encoded (CSRF)",
            "a query by a form on another site",
            Request::new("POST", "/graphql")
                .header("content-type", "application/x-www-form-urlencoded")
                .body("query=query%20cop%20%7B__typename%7D"),
            |answer, told| answer.status == 415 && told.get("data").is_none(),
        ),
        known("trace mode", "how long things take", Request::query("{ snapshot { version } }"), |_, told| {
            told["extensions"].get("tracing").is_none() && told["data"]["snapshot"]["version"].is_string()
        }),
        known("unhandled errors", "what it is made of", Request::query("qwerty cop { abc }"), |_, told| {
            let extensions = &told["errors"][0]["extensions"];
            extensions["code"] == "GRAPHQL_PARSE_FAILED" && extensions.get("exception").is_none()
        }),
    ]
}

/// What else is known.
pub fn others() -> Vec<Known> {
    let known = |name, after, request, withstood| Known { name, after, request, withstood };
    let list = |levels| format!("{{ user(id: {}1{}) {{ id }} }}", "[".repeat(levels), "]".repeat(levels));
    let many_ids = json!({
        "query": "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "variables": { "ids": (0..100_000).map(|n| n.to_string()).collect::<Vec<_>>() },
    });
    let plain = |kind| {
        Request::new("POST", "/graphql").header("content-type", kind).body(r#"{"query":"{ __typename }"}"#)
    };
    vec![
        known(
            "circular introspection, 13 times round",
            "100 MB for 400 letters",
            Request::query(&circular(13)),
            too_complex,
        ),
        known(
            "10,000 times the same field",
            "work for what is merged",
            Request::query(&bomb("the same field", 10_001)),
            too_complex,
        ),
        known(
            "fragment cycle",
            "a walk without an end",
            Request::query(&bomb("fragments in a ring", 3)),
            not_answered,
        ),
        known(
            "fragment that spreads itself",
            "the same",
            Request::query(&bomb("fragments in a ring", 1)),
            not_answered,
        ),
        known(
            "fragments that double",
            "2^40 fields",
            Request::query(&bomb("fragments that double", 40)),
            too_complex,
        ),
        known(
            "pages in pages",
            "10^9 users",
            Request::query(
                "{ users(first: 1000) { nodes { reports(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } } } }",
            ),
            too_complex,
        ),
        known("deep lists", "the parser's stack", Request::query(&list(100_000)), too_complex),
        known("deep selections", "the same", Request::query(&"{ a ".repeat(100_000)), too_complex),
        known(
            "deep JSON",
            "the reader's stack",
            Request::post(format!(r#"{{"query":"{{ __typename }}","variables":{}"#, "[".repeat(400_000))),
            bad_input,
        ),
        known("a list of 100,000 ids", "look-ups", Request::post(many_ids.to_string()), not_answered),
        known(
            "a huge number",
            "a number that isn't",
            Request::query(&format!("{{ users(first: {}) {{ totalCount }} }}", "9".repeat(10_000))),
            not_answered,
        ),
        known(
            "a huge exponent",
            "an infinite number",
            Request::post(
                r#"{"query":"query($n: Int) { users(first: $n) { totalCount } }","variables":{"n":1e999999999}}"#,
            ),
            not_answered,
        ),
        known(
            "bad UTF-8",
            "a text that is none",
            Request::post(&b"{\"query\":\"{ user(id: \\\"\xff\xfe\\\") { id } }\"}"[..]),
            bad_input,
        ),
        known(
            "UTF-16",
            "another text than is checked",
            Request::new("POST", "/graphql")
                .header("content-type", "application/json; charset=utf-16le")
                .body(
                r#"{"query":"{ __typename }"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            ),
            not_answered,
        ),
        known(
            "a gzip bomb",
            "memory",
            Request::post(b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec()).header("content-encoding", "gzip"),
            not_answered,
        ),
        known("text/plain (CSRF)", "a query by a form on another site", plain("text/plain"), |answer, _| {
            answer.status == 415
        }),
        known(
            "multipart (CSRF, uploads)",
            "the same",
            plain("multipart/form-data; boundary=x"),
            |answer, _| answer.status == 415,
        ),
        known(
            "no content type (CSRF)",
            "the same",
            Request::new("POST", "/graphql").body(r#"{"query":"{ __typename }"}"#),
            |answer, _| answer.status == 415,
        ),
        known(
            "a body of 2 MiB",
            "memory",
            Request::post(format!(r#"{{"query":"{}"}}"#, " ".repeat(2 << 20))),
            |answer, _| answer.status == 413,
        ),
        known(
            "a parse error in 40 kB",
            "the query comes back",
            Request::query(&format!("{{ user(id: \"1\") {{ {} ! }} }}", "id ".repeat(13_000))),
            |answer, _| answer.body.len() < 4096,
        ),
        known(
            "a validation error each",
            "ten thousand errors",
            Request::query(&format!("{{ {} }}", (0..3_000).map(|n| format!("x{n} ")).collect::<String>())),
            |answer, _| answer.body.len() < 4096,
        ),
        known(
            "a field of 10,000 letters",
            "the name comes back",
            Request::query(&format!("{{ {} }}", "x".repeat(10_000))),
            |answer, _| answer.body.len() < 4096,
        ),
        known(
            "an operation of 10,000 letters",
            "the same",
            Request::post(
                json!({ "query": "{ __typename }", "operationName": "x".repeat(10_000) }).to_string(),
            ),
            |answer, _| answer.body.len() < 4096,
        ),
    ]
}
