//! What a client can get wrong, and what it is told.

use orgraph::{
    app,
    graphql::{self, Caps},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Service, code, refusal, shipped_company};

async fn service() -> Service {
    Service::over(shipped_company()).await
}

/// Status and body of a raw request.
async fn send(
    client: &Client,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<reqwest::Body>,
) -> (u16, Value) {
    let mut request = client.request(method, path).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn an_argument_that_cannot_be_used_is_named() {
    let service = service().await;
    for (query, argument) in [
        ("{ user { id } }", "id"),
        (r#"{ user(id: "1", email: "a@b.c") { id } }"#, "email"),
        (r#"{ user(id: "1", maxAge: -1) { id } }"#, "maxAge"),
        ("{ users(first: -1) { totalCount } }", "first"),
        ("{ users(first: 1001) { totalCount } }", "first"),
        ("{ users(first: 3000000000) { totalCount } }", "first"),
        (r#"{ user(id: "1", maxAge: -3000000000) { id } }"#, "maxAge"),
        (r#"{ user(email: "nobody") { id } }"#, "email"),
        ("{ users(last: 1001) { totalCount } }", "last"),
        ("{ users(first: 1, last: 1) { totalCount } }", "last"),
        (r#"{ users(first: 1, after: "zzz") { totalCount } }"#, "after"),
        (r#"{ users(last: 1, before: "") { totalCount } }"#, "before"),
        (
            r#"{ reports(managerId: "8424522639353776973", transitive: true, maxDepth: 0) { totalCount } }"#,
            "maxDepth",
        ),
    ] {
        let answer = service.client.ask(query).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{query}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(argument), "{query}");
        assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{query}");
    }
    let ids: Vec<_> = (0..1_001).map(|n| n.to_string()).collect();
    for field in ["usersByIds", "nodes"] {
        let query = format!("query($ids: [ID!]!) {{ {field}(ids: $ids) {{ id }} }}");
        let answer = service.client.ask_with(&query, json!({ "ids": ids })).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "ids"));
    }
}

#[tokio::test]
async fn large_numbers_that_mean_something_are_taken() {
    let data = service()
        .await
        .client
        .data(
            r#"{ user(id: "8424522639353776973", maxAge: 2147483647) { id }
                 reports(managerId: "8424522639353776973", transitive: true, maxDepth: 2147483647) { totalCount } }"#,
        )
        .await;
    assert_eq!(data["user"]["id"], "8424522639353776973");
    assert_eq!(data["reports"]["totalCount"], 254);
}

/// As the specification of GraphQL has it, wherever the number stands and whether or not the field is reached.
#[tokio::test]
async fn no_int_has_more_than_32_bits() {
    let service = service().await;
    let client = &service.client;
    let answer = client
        .ask(r#"{ node(id: "nobody") { ... on User { reports(first: 2147483648) { totalCount } } } }"#)
        .await;
    assert_eq!((refusal(&answer), answer.get("data")), (("BAD_USER_INPUT", "first"), None));
    let query = "query($filter: UserFilter, $n: Int) { users(filter: $filter, first: $n) { totalCount } }";
    for (variables, variable) in [
        (json!({ "n": 2_147_483_648_i64 }), "$n: "),
        (json!({ "filter": { "and": [{ "depth": { "min": -9_000_000_000_i64 } }] } }), "$filter: "),
    ] {
        let answer = client.ask_with(query, variables).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT");
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(variable), "{answer}");
    }
}

/// async-graphql itself looks at nothing that hangs on it.
#[tokio::test]
async fn a_typename_is_validated_too() {
    let service = service().await;
    let client = &service.client;
    for query in
        ["{ __typename @nobody }", "{ roots { nodes { __typename(x: 1) } } }", "{ __typename { id } }"]
    {
        assert_eq!(code(&client.ask(query).await), "GRAPHQL_VALIDATION_FAILED", "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let service = service().await;
    let data = service.client.data("{ users(first: 1) { pageInfo { endCursor } } }").await;
    let cursor = &data["users"]["pageInfo"]["endCursor"];
    let query = format!("{{ users(after: {cursor}, orderBy: {{ field: CREATED }}) {{ totalCount }} }}");
    let answer = service.client.ask(&query).await;
    assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "after"));
}

#[tokio::test]
async fn documents_that_do_not_fit_are_told_apart() {
    let service = service().await;
    let deep = format!("{{ roots {{ nodes {{ {} id {} }} }} }}", "manager {".repeat(200), "}".repeat(200));
    let levels =
        |n: usize| format!("{{ roots {{ nodes {{ {} id {} }} }} }}", "manager {".repeat(n), "}".repeat(n));
    let many = "id ".repeat(2_501);
    let doubling: String =
        (0..40).map(|n| format!("fragment F{n} on User {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
    let doubling = format!("{{ roots {{ nodes {{ ...F0 }} }} }} {doubling} fragment F40 on User {{ id }}");
    for (query, expected) in [
        ("{ users(", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        (r#"{ users(first: "ten") { totalCount } }"#, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { x }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { snapshot { version } } query B { snapshot { version } }", "BAD_USER_INPUT"),
        ("{ users(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } }", "QUERY_TOO_COMPLEX"),
        (deep.as_str(), "QUERY_TOO_COMPLEX"),
        (&levels(30), "QUERY_TOO_COMPLEX"),
        (&levels(29), "no error"),
        (&format!("{{ roots {{ nodes {{ {many} }} }} }}"), "QUERY_TOO_COMPLEX"),
        (&doubling, "QUERY_TOO_COMPLEX"),
    ] {
        let answer = service.client.ask(query).await;
        assert_eq!(code(&answer), expected, "{:.80}", query);
    }
    let echoed = service.client.ask(&format!("{{ user(id: \"1\") {{ {} ! }} }}", "id ".repeat(4_000))).await;
    assert_eq!(code(&echoed), "GRAPHQL_PARSE_FAILED");
    assert!(echoed["errors"][0]["message"].as_str().unwrap().len() < 1_100, "the query isn't echoed");
    service.client.data("{ roots { totalCount } }").await;
}

#[tokio::test]
async fn nothing_that_nests_brings_the_server_down() {
    let service = service().await;
    for levels in [100, 2_500, 20_000, 300_000] {
        let nest = |open: &str, close: &str| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        let (list, object, types) = (nest("[", "]"), nest("{a:", "}"), nest("[", "]").replace('1', "Int"));
        for query in [
            format!("{{ user(id: {list}) {{ id }} }}"),
            format!("{{ users(filter: {object}) {{ totalCount }} }}"),
            format!("query($a: Int = {list}) {{ users(first: $a) {{ totalCount }} }}"),
            format!("query($a: {types}) {{ users(first: 1) {{ totalCount }} }}"),
            format!("{{ users @include(if: {list}) {{ totalCount }} }}"),
            "{ a ".repeat(levels),
        ] {
            if query.len() < 1_000_000 {
                assert_eq!(
                    code(&service.client.ask(&query).await),
                    "QUERY_TOO_COMPLEX",
                    "{query:.60} × {levels}"
                );
            }
        }
    }
    service.client.data("{ roots { totalCount } }").await;
}

#[tokio::test]
async fn what_hides_from_a_glance_at_the_brackets_is_found() {
    let service = service().await;
    let many = "[".repeat(2_500);
    for head in
        ["#\r user(id: ", r#"user(id: ["""\\""" """ "#, r#"user(id: ["""\"""" """ "#, r#"user(id: [""" x" "#]
    {
        assert_eq!(
            code(&service.client.ask(&format!("{{ {head}{many}")).await),
            "QUERY_TOO_COMPLEX",
            "{head}"
        );
    }
    let descriptions: String = "description ".repeat(2_000);
    let answer = service.client.ask(&format!("{{ __schema {{ types {{ {descriptions} }} }} }}")).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(
        answer["errors"][0]["message"],
        "the query has more than 1500 fields below __schema and __type"
    );
}

#[tokio::test]
async fn a_variable_that_cannot_be_null_has_to_be_given() {
    let service = service().await;
    let query = "query($id: ID!, $n: Int! = 1) { user(id: $id) { id } users(first: $n) { nodes { id } } }";
    for variables in [json!({}), json!({ "id": null })] {
        let answer = service.client.ask_with(query, variables).await;
        assert_eq!((code(&answer), answer.get("data")), ("BAD_USER_INPUT", None));
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with("$id: must be given (ID!)"));
    }
    let answer = service.client.ask_with(query, json!({ "id": "8424522639353776973" })).await;
    assert_eq!(answer.get("errors"), None);
}

#[tokio::test]
async fn a_value_that_cannot_be_read_names_its_argument() {
    let service = service().await;
    for (query, variables, argument) in [
        (r#"{ users(filter: { created: { from: "soon" } }) { totalCount } }"#, json!({}), "filter"),
        (r#"{ seatAudit(filter: { created: { to: "" } }) { estimatedCalls } }"#, json!({}), "filter"),
        (
            r#"{ users(first: 1) { nodes { activity(from: "2024-01-32", to: "2024-02-01") { fetchedAt } } } }"#,
            json!({}),
            "from",
        ),
        (
            r#"{ users(first: 1) { nodes { ...F } } }
               fragment F on User { activity(from: "2024-01-01", to: "today") { fetchedAt } }"#,
            json!({}),
            "to",
        ),
    ] {
        let answer = service.client.ask_with(query, variables).await;
        let error = &answer["errors"][0];
        let told = (code(&answer), &error["extensions"]["argument"]);
        assert_eq!(told, ("BAD_USER_INPUT", &json!(argument)), "{answer}");
        assert!(error["message"].as_str().unwrap().starts_with(&format!("{argument}: ")), "{answer}");
    }
}

#[tokio::test]
async fn a_failed_field_that_may_be_null_is_null_and_the_object_stands() {
    let service = service().await;
    let answer = service.client.ask("{ user { id } }").await;
    assert_eq!((&answer["data"], code(&answer)), (&json!({ "user": null }), "BAD_USER_INPUT"));
    let answer = service.client.ask("{ users(first: -1) { totalCount } roots { totalCount } }").await;
    assert_eq!((&answer["data"], code(&answer)), (&Value::Null, "BAD_USER_INPUT"), "users can't be null");
}

#[tokio::test]
async fn what_an_answer_costs_beyond_its_document_is_bounded() {
    // So many aliases that what they ask for is what is bounded.
    let caps = Caps { aliases: 10_000, root_fields: 10_000, tokens: 100_000, ..Caps::default() };
    let graphql = graphql::Settings { caps, ..graphql::Settings::default() };
    let settings = app::Settings { graphql, ..app::Settings::default() };
    let service = Service::told(shipped_company(), settings).await;
    let aliases = |count: usize, field: &str| {
        let fields: String = (0..count).map(|n| format!("a{n}: {field} ")).collect();
        format!("query($id: ID = \"8424522639353776973\") {{ {fields} }}")
    };
    let sorted =
        "reports(managerId: $id, transitive: true, first: 0, orderBy: { field: NAME }) { totalCount }";
    for (query, expected) in [
        (aliases(10, sorted), "no error"),
        (aliases(2_000, sorted), "QUERY_TOO_COMPLEX"),
        (aliases(1_000, "user(id: $id) { id }"), "no error"),
    ] {
        assert_eq!(code(&service.client.ask(&query).await), expected, "{query:.80}");
    }
    let lookups: String = (0..1_001).map(|n| format!("a{n}: user(id: \"{n}\") {{ id }} ")).collect();
    let answer = service.client.ask(&format!("{{ {lookups} }}")).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "one look-up too many");
}

#[tokio::test]
async fn an_object_of_which_conditions_leave_nothing_is_still_an_object() {
    let service = service().await;
    let (one, none) = ("\"8424522639353776973\"", "\"1\"");
    let query = format!(
        "query($no: Boolean = false) {{
            known: user(id: {one}) {{ ...F @include(if: $no) }} unknown: user(id: {none}) {{ ...F @include(if: $no) }}
            snapshot {{ version @skip(if: true) }} users(first: 2) {{ nodes {{ id @skip(if: true) }} }}
            part: user(id: {one}) {{ id name @include(if: $no) }} }}
        fragment F on User {{ id }}"
    );
    let data = service.client.data(&query).await;
    let expected = json!({ "known": {}, "unknown": null, "snapshot": {}, "users": { "nodes": [{}, {}] },
        "part": { "id": "8424522639353776973" } });
    assert_eq!(data, expected);
    assert_eq!(service.client.data("{ snapshot @skip(if: true) { version } }").await, json!({}));
    let own = "{ users(first: 1) { __object: totalCount nodes { id @skip(if: true) } } }";
    assert_eq!(service.client.data(own).await, json!({ "users": { "__object": 273, "nodes": [{}] } }));
}

#[tokio::test]
async fn requests_that_are_none_are_refused_with_a_reason() {
    let service = service().await;
    let client = &service.client;
    let query = r#"{"query":"{ roots { totalCount } }"}"#;
    let post = |headers, body: &str| send(client, Method::POST, "/graphql", headers, body.to_owned());
    assert_eq!(post(&[JSON], query).await.0, 200);
    assert_eq!(post(&[("content-type", "application/json; charset=utf-8")], query).await.0, 200);
    for (headers, body, status) in [
        (&[("content-type", "text/plain")][..], query, 415),
        (&[], query, 415),
        (&[JSON], "", 400),
        (&[JSON], "{", 400),
        (&[JSON], "[]", 400),
        (&[JSON], r#"[{"query":"{ roots { totalCount } }"}]"#, 400),
        (&[JSON], r#"{"query":5}"#, 400),
        (&[JSON], "{}", 400),
        (&[JSON], &format!(r#"{{"query":"{}"}}"#, " ".repeat(1 << 20)), 413),
    ] {
        let (got, answer) = post(headers, body).await;
        assert_eq!((got, code(&answer)), (status, "BAD_USER_INPUT"), "{body:.60}");
        assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{body:.60}");
    }
    let (status, answer) = send(client, Method::PUT, "/graphql", &[JSON], query).await;
    assert_eq!((status, code(&answer)), (405, "BAD_USER_INPUT"));
    let (status, answer) = send(client, Method::GET, "/nowhere", &[], "").await;
    assert_eq!((status, code(&answer)), (404, "BAD_USER_INPUT"));
    client.data("{ roots { totalCount } }").await;
}

#[tokio::test]
async fn get_is_for_queries() {
    let service = service().await;
    let get = |query: &str| {
        let path =
            format!("/graphql?query={}", query.replace(' ', "%20").replace('{', "%7B").replace('}', "%7D"));
        let client = service.client.clone();
        async move { send(&client, Method::GET, &path, &[], "").await }
    };
    let (status, answer) = get("{ orphans { totalCount } }").await;
    assert_eq!((status, &answer["data"]["orphans"]["totalCount"]), (200, &json!(17)));
    let (status, answer) = get("mutation { x }").await;
    assert_eq!((status, code(&answer)), (405, "BAD_USER_INPUT"));
    assert_eq!(get("").await.0, 400);
    let (status, answer) = get("query Q { roots { totalCount } } mutation M { x }&operationName=Q").await;
    assert_eq!(
        (status, code(&answer)),
        (200, "GRAPHQL_VALIDATION_FAILED"),
        "the chosen operation is a query"
    );
    let query = "query A($n: Int) { roots(first: $n) { nodes { id } } } query B { roots { totalCount } }";
    let (_, answer) = get(&format!("{query}&operationName=A&variables=%7B%22n%22:0%7D")).await;
    assert_eq!(answer["data"], json!({ "roots": { "nodes": [] } }));
    let (status, answer) = get("{ roots { totalCount } }&variables=5").await;
    assert_eq!((status, code(&answer)), (400, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn the_media_type_that_is_asked_for_decides_the_status() {
    let service = service().await;
    let accept = ("accept", "application/graphql-response+json");
    let body = r#"{"query":"{ nope }"}"#;
    let plain = send(&service.client, Method::POST, "/graphql", &[JSON], body).await;
    let graphql = send(&service.client, Method::POST, "/graphql", &[JSON, accept], body).await;
    assert_eq!((plain.0, graphql.0), (200, 400));
    assert_eq!(plain.1.get("data"), None, "nothing was run");
    let body = r#"{"query":"{ user { id } }"}"#;
    assert_eq!(send(&service.client, Method::POST, "/graphql", &[JSON, accept], body).await.0, 200);
}

#[tokio::test]
async fn a_request_id_is_the_callers_if_it_is_one() {
    let service = service().await;
    let ask = |id: &'static str| {
        let request = service.client.request(Method::GET, "/nowhere").header("x-request-id", id);
        async move {
            let response = request.send().await.unwrap();
            let header = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["requestId"], header);
            header
        }
    };
    assert_eq!(ask("abc-123").await, "abc-123");
    assert_ne!(ask("two words").await, "two words");
    assert_ne!(ask("one").await, ask("").await);
}
