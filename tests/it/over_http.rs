//! GraphQL over HTTP: media types, methods, bodies, batches, what may be kept, and what other sites can't do.

use orgraph::{app, http};
use reqwest::{Method, Response, header::HeaderMap};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{FOREVER, Service, UNHURRIED, code, serve, settings, shipped_company, simulate};

const QUERY: &str = "/graphql?query=%7Broots%7BtotalCount%7D%7D";
const GRAPHQL: (&str, &str) = ("accept", "application/graphql-response+json");
/// What an answer depends on beside its URL.
const VARIES: &str = "accept, authorization, accept-encoding";
const JSON: (&str, &str) = ("content-type", "application/json");

/// A service over the shipped company whose HTTP layer is told this.
pub(crate) async fn told(http: http::Settings) -> Service {
    let gong = settings(serve(&simulate(shipped_company())).await, UNHURRIED);
    let service = Service::with(&gong, app::Settings { http, ..app::Settings::default() }, None).await;
    service.ready().await;
    service
}

pub(crate) async fn send(
    service: &Service,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<reqwest::Body>,
) -> Response {
    let mut request = service.client.request(method, path).body(body).timeout(FOREVER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

pub(crate) async fn get(service: &Service, path: &str, headers: &[(&str, &str)]) -> Response {
    send(service, Method::GET, path, headers, "").await
}

pub(crate) async fn post(service: &Service, headers: &[(&str, &str)], body: Value) -> Response {
    let headers = [&[JSON], headers].concat();
    send(service, Method::POST, "/graphql", &headers, body.to_string()).await
}

pub(crate) async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn what_is_not_run_has_the_status_of_its_media_type_and_no_data() {
    let service = told(http::Settings::default()).await;
    let id = "query($id: ID!) { user(id: $id) { id } }";
    for (case, request) in [
        ("no syntax", json!({ "query": "{" })),
        ("no such field", json!({ "query": "{ nope }" })),
        ("no such operation", json!({ "query": "query A { __typename }", "operationName": "B" })),
        ("no operation chosen", json!({ "query": "query A { __typename } query B { __typename }" })),
        ("variable missing", json!({ "query": id })),
        ("variable null", json!({ "query": id, "variables": { "id": null } })),
        ("variable of another type", json!({ "query": id, "variables": { "id": [true] } })),
        (
            "variable that is no moment",
            json!({ "query": "query($f: UserFilter) { users(filter: $f) { totalCount } }",
                    "variables": { "f": { "created": { "from": "soon" } } } }),
        ),
        (
            "variable that is no object",
            json!({ "query": "query($f: UserFilter) { users(filter: $f) { totalCount } }",
                    "variables": { "f": 5 } }),
        ),
        ("too deep", json!({ "query": "{a".repeat(200) })),
    ] {
        for (accept, status) in [("application/json", 200), (GRAPHQL.1, 400)] {
            let response = post(&service, &[("accept", accept)], request.clone()).await;
            assert_eq!(response.status(), status, "{case}");
            let media_type = format!("{accept}; charset=utf-8");
            assert_eq!(header(response.headers(), "content-type"), media_type, "{case}");
            assert_eq!(header(response.headers(), "cache-control"), "no-store", "{case}");
            let answer = body(response).await;
            assert_eq!(answer.get("data"), None, "{case}");
            assert_ne!(code(&answer), "no error", "{case}");
            assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{case}");
        }
    }
    let failed = json!({ "query": "{ user { id } }" });
    let response = post(&service, &[GRAPHQL], failed).await;
    assert_eq!(response.status(), 200, "it was run");
    assert_eq!(body(response).await["data"], json!({ "user": null }));
}

#[tokio::test]
async fn a_variable_that_does_not_fit_is_named_by_its_place() {
    let service = told(http::Settings::default()).await;
    let query = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";
    let variables = json!({ "filter": { "or": [{}, { "created": { "from": "soon" } }] } });
    let answer = service.client.ask_with(query, variables).await;
    let error = &answer["errors"][0];
    assert!(error["message"].as_str().unwrap().starts_with("$filter.or[1].created.from: must be a moment"));
    assert_eq!((code(&answer), &error["extensions"]["variable"]), ("BAD_USER_INPUT", &json!("filter")));
    assert_eq!(error["locations"], json!([{ "line": 1, "column": 7 }]));
}

#[tokio::test]
async fn what_a_client_cannot_read_is_not_sent() {
    let service = told(http::Settings::default()).await;
    for accept in ["text/html", "application/json;q=0", "application/json; charset=latin1", "?"] {
        for response in [
            post(&service, &[("accept", accept)], json!({ "query": "{ roots { totalCount } }" })).await,
            get(&service, QUERY, &[("accept", accept)]).await,
        ] {
            assert_eq!(response.status(), 406, "{accept}");
            assert_eq!(code(&body(response).await), "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_in_utf8_is_refused_with_what_would_be() {
    let service = told(http::Settings::default()).await;
    let text = r#"{"query":"{ roots { totalCount } }"}"#;
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin1",
    ] {
        // Leave that a browser would have asked for changes nothing.
        let headers = [("content-type", media_type), ("x-orgraph-preflight", "1")];
        let response = send(&service, Method::POST, "/graphql", &headers, text).await;
        assert_eq!(response.status(), 415, "{media_type}");
        assert_eq!(header(response.headers(), "accept-post"), "application/json; charset=utf-8");
        assert_eq!(header(response.headers(), "accept"), "application/json; charset=utf-8");
    }
    let headers = [JSON, ("content-encoding", "gzip")];
    let response = send(&service, Method::POST, "/graphql", &headers, text).await;
    assert_eq!(
        (response.status().as_u16(), header(response.headers(), "accept-encoding")),
        (415, "identity")
    );
    let response =
        send(&service, Method::POST, "/graphql", &[JSON, GRAPHQL], &b"{\"query\":\"\xff\"}"[..]).await;
    assert_eq!(response.status(), 400);
    assert!(header(response.headers(), "content-type").starts_with(GRAPHQL.1));
}

#[tokio::test]
async fn each_method_does_what_it_is_for() {
    let service = told(http::Settings::default()).await;
    for (path, encoding) in
        [(QUERY, "identity"), (QUERY, "gzip"), ("/schema.graphql", "gzip"), ("/livez", "gzip")]
    {
        let headers = [("accept-encoding", encoding)];
        let head = send(&service, Method::HEAD, path, &headers, "").await;
        let got = get(&service, path, &headers).await;
        assert_eq!((head.status().as_u16(), got.status().as_u16()), (200, 200));
        for name in ["content-type", "content-encoding", "etag", "cache-control", "vary", "content-length"] {
            assert_eq!(
                header(head.headers(), name),
                header(got.headers(), name),
                "{name} of {path}, {encoding}"
            );
        }
        assert!(head.bytes().await.unwrap().is_empty());
    }
    let options = send(&service, Method::OPTIONS, "/graphql", &[], "").await;
    assert_eq!(options.status(), 204);
    assert_eq!(header(options.headers(), "allow"), "GET, HEAD, POST, OPTIONS");
    assert_eq!(header(options.headers(), "accept-post"), "application/json; charset=utf-8");
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let response = send(&service, method, "/graphql", &[JSON], "{}").await;
        assert_eq!(response.status(), 405);
        assert_eq!(header(response.headers(), "allow"), "GET, HEAD, POST, OPTIONS");
    }
    // A subscription isn't helped by another method.
    for (operation, status, allow) in [("mutation", 405, "POST"), ("subscription", 400, "")] {
        let response =
            get(&service, &format!("/graphql?query={operation}%7B__typename%7D"), &[GRAPHQL]).await;
        assert_eq!((response.status().as_u16(), header(response.headers(), "allow")), (status, allow));
        assert_eq!(body(response).await.get("data"), None);
    }
}

#[tokio::test]
async fn a_batch_is_refused_unless_it_is_allowed_and_then_bounded() {
    let one = json!({ "query": "{ roots { totalCount } }" });
    let service = told(http::Settings::default()).await;
    let response = post(&service, &[], json!([one])).await;
    assert_eq!(response.status(), 400);
    let said = body(response).await;
    assert_eq!(said["errors"][0]["message"], "the body is a batch of requests; send one JSON object each");

    let service = told(http::Settings { max_batch: 3, ..http::Settings::default() }).await;
    let bad = json!({ "query": "{ nope }" });
    let answers = body(post(&service, &[GRAPHQL], json!([one, bad, one])).await).await;
    let answers = answers.as_array().unwrap();
    assert_eq!(
        (answers.len(), &answers[0]["data"], code(&answers[1])),
        (3, &answers[2]["data"], "GRAPHQL_VALIDATION_FAILED")
    );
    for batch in [json!([]), json!([one, one, one, one]), json!([one, 5])] {
        assert_eq!(post(&service, &[], batch).await.status(), 400);
    }
}

#[tokio::test]
async fn an_answer_that_follows_from_the_snapshot_is_not_sent_twice() {
    let service = told(http::Settings::default()).await;
    let first = get(&service, QUERY, &[]).await;
    let tag = header(first.headers(), "etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(header(first.headers(), "cache-control"), "private, no-cache");
    assert_eq!(header(first.headers(), "vary"), VARIES);
    assert!(first.headers().contains_key("age"));
    let known = ("if-none-match", tag.as_str());
    let again = get(&service, QUERY, &[known]).await;
    assert_eq!((again.status().as_u16(), header(again.headers(), "etag")), (304, tag.as_str()));
    assert_eq!(header(again.headers(), "vary"), VARIES);
    let unacceptable = get(&service, QUERY, &[("accept", "text/html")]).await;
    assert_eq!((unacceptable.status().as_u16(), header(unacceptable.headers(), "vary")), (406, VARIES));
    assert!(again.headers().contains_key("age") && again.bytes().await.unwrap().is_empty());
    assert_eq!(send(&service, Method::HEAD, QUERY, &[known], "").await.status(), 304);
    assert_eq!(get(&service, QUERY, &[known, GRAPHQL]).await.status(), 200, "another media type");
    assert_eq!(get(&service, "/graphql?query=%7Broots%7B__typename%7D%7D", &[known]).await.status(), 200);

    // Another snapshot, another answer.
    let mut snapshots = service.directory.snapshots();
    snapshots.borrow_and_update();
    service.directory.request_scan();
    timeout(FOREVER, snapshots.changed()).await.expect("no further snapshot").unwrap();
    let later = get(&service, QUERY, &[known]).await;
    assert_eq!(later.status(), 200);
    assert_ne!(header(later.headers(), "etag"), tag);
    let posted = post(&service, &[known], json!({ "query": "{ roots { totalCount } }" })).await;
    assert_eq!((posted.status().as_u16(), header(posted.headers(), "cache-control")), (200, "no-store"));
    assert!(!posted.headers().contains_key("etag"));
}

#[tokio::test]
async fn what_is_from_elsewhere_than_the_snapshot_has_no_name() {
    let service = told(http::Settings::default()).await;
    let id = "8424522639353776973";
    for (query, named) in [
        (format!("{{ user(id: \"{id}\") {{ name }} }}"), true),
        (format!("{{ user(id: \"{id}\", maxAge: 86400) {{ name }} }}"), false),
        ("{ user(id: \"404\") { name } }".to_owned(), false),
        ("{ usersByIds(ids: [\"404\"]) { name } }".to_owned(), false),
        ("{ snapshot { version takenAt userCount } orgHealth { totalCount } }".to_owned(), true),
        ("{ syncStatus { state } }".to_owned(), false),
        ("{ workspaces { nodes { id } } }".to_owned(), false),
        (
            format!(
                "{{ user(id: \"{id}\") {{ activity(from: \"2024-01-01\", to: \"2024-01-02\") {{ fetchedAt }} }} }}"
            ),
            false,
        ),
        (format!("{{ user(id: \"{id}\") {{ settingsHistory {{ fetchedAt }} }} }}"), false),
        ("{ user { id } }".to_owned(), false),
        ("{ nope }".to_owned(), false),
    ] {
        let request = service.client.request(Method::GET, "/graphql").query(&[("query", &query)]);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers().contains_key("etag"), named, "{query}");
        let keep = if named { "private, no-cache" } else { "no-store" };
        assert_eq!(header(response.headers(), "cache-control"), keep, "{query}");
    }
}

#[tokio::test]
async fn the_schema_is_a_file() {
    let service = told(http::Settings::default()).await;
    let response = get(&service, "/schema.graphql", &[]).await;
    assert_eq!(header(response.headers(), "content-type"), "text/plain; charset=utf-8");
    let tag = header(response.headers(), "etag").to_owned();
    assert_eq!(response.text().await.unwrap(), orgraph::graphql::sdl());
    assert_eq!(get(&service, "/schema.graphql", &[("if-none-match", &tag)]).await.status(), 304);
    let hidden = told(http::Settings { hide_schema: true, ..http::Settings::default() }).await;
    assert_eq!(get(&hidden, "/schema.graphql", &[("if-none-match", &tag)]).await.status(), 404);
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let service = told(http::Settings::default()).await;
    for path in [
        QUERY,
        "/graphql",
        "/",
        "/graphiql",
        "/assets/x",
        "/livez",
        "/metrics",
        "/nowhere",
        "/schema.graphql",
    ] {
        let response = get(&service, path, &[]).await;
        let headers = response.headers();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(headers, name), value, "{path}");
        }
        let policy = header(headers, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.ends_with("frame-ancestors 'none'"),
            "{path}"
        );
        let scripts =
            policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap_or_default();
        assert!(!scripts.contains("unsafe"), "{path}: {scripts}");
        assert!(!header(headers, "cache-control").is_empty(), "{path}");
    }
}
