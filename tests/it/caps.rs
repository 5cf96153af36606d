//! The caps of one request, over the wire: each at its bound and one above, and what a refusal says.

use orgraph::{
    app,
    graphql::{self, Caps},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Service, code, shipped_company};

/// A service with these caps.
async fn capped(caps: Caps) -> Service {
    let graphql = graphql::Settings { caps, ..graphql::Settings::default() };
    Service::told(shipped_company(), app::Settings { graphql, ..app::Settings::default() }).await
}

fn times(count: usize, text: &str) -> String {
    text.repeat(count)
}

fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

/// Nothing of this may be much; the rest may be anything.
fn small() -> Caps {
    Caps {
        tokens: 100,
        name_bytes: 20,
        depth: 6,
        fields: 20,
        introspection_fields: 6,
        root_fields: 8,
        aliases: 4,
        directives: 5,
        directives_per_place: 2,
        operations: 3,
        fragments: 3,
        fragment_spreads: 6,
        variables: 3,
        variables_bytes: 200,
        variables_depth: 4,
        list_items: 10,
        argument_bytes: 150,
        document_bytes: 1_000,
        ..Caps::default()
    }
}

/// A cap, its number, and a document with variables for so many.
type Case = (&'static str, usize, fn(usize) -> (String, Value));

const CASES: [Case; 17] = [
    ("documentBytes", 1_000, |n| (format!("{{ __typename {} }}", times(n - 15, " ")), json!({}))),
    ("tokens", 100, |n| (format!("{{ __typename }} #\n{}", times(n - 3, "! ")), json!({}))),
    ("nameBytes", 20, |n| (format!("{{ {}: __typename }}", times(n, "a")), json!({}))),
    ("depth", 6, |n| {
        let below = n - 3;
        let (open, close) = (times(below, "manager { "), times(below, "} "));
        (format!("{{ roots {{ nodes {{ {open} id {close} }} }} }}"), json!({}))
    }),
    ("fields", 20, |n| (format!("{{ snapshot {{ {} }} }}", times(n - 1, "version ")), json!({}))),
    ("introspectionFields", 6, |n| {
        (format!("{{ __schema {{ queryType {{ {} }} }} }}", times(n - 1, "name ")), json!({}))
    }),
    ("rootFields", 8, |n| {
        let spread = "...F } fragment F on Query { a: __typename __typename }";
        (format!("{{ {} {spread}", times(n - 2, "__typename ")), json!({}))
    }),
    ("aliases", 4, |n| (format!("{{ {} }}", each(n, |n| format!("a{n}: __typename "))), json!({}))),
    ("directives", 5, |n| {
        let one = " @include(if: true)";
        (format!("{{ {} }}", times(n, &format!("__typename{one} "))), json!({}))
    }),
    ("directivesPerPlace", 2, |n| {
        let directives = ["@skip(if: false)", "@include(if: true)", "@skip(if: false)"];
        (format!("{{ __typename {} }}", directives[..n].concat()), json!({}))
    }),
    ("operations", 3, |n| (each(n, |n| format!("query Q{n} {{ __typename }} ")), json!({}))),
    ("fragments", 3, |n| {
        let spreads = each(n, |n| format!("...F{n} "));
        let fragments = each(n, |n| format!("fragment F{n} on Query {{ __typename }} "));
        (format!("{{ {spreads} }} {fragments}"), json!({}))
    }),
    ("fragmentSpreads", 6, |n| {
        let spreads = times(n / 2, "...F ") + &times(n % 2, "...G ");
        let fragments = "fragment F on Query { ...G } fragment G on Query { __typename }";
        (format!("{{ {spreads} }} {fragments}"), json!({}))
    }),
    ("variables", 3, |n| {
        let given = (0..n).map(|n| (format!("v{n}"), json!(1))).collect();
        ("{ __typename }".to_owned(), Value::Object(given))
    }),
    ("variablesBytes", 200, |n| ("{ __typename }".to_owned(), json!({ "v": times(n - 7, "x") }))),
    ("variablesDepth", 4, |n| {
        let nested = (0..n).fold(json!(1), |inner, _| json!([inner]));
        ("{ __typename }".to_owned(), json!({ "v": nested }))
    }),
    ("listItems", 10, |n| {
        ("query($v: [ID!]!) { usersByIds(ids: $v) { id } }".to_owned(), json!({ "v": vec!["1"; n] }))
    }),
];

#[tokio::test]
async fn each_cap_holds_at_its_bound_and_not_one_above() {
    let service = capped(small()).await;
    for (cap, most, case) in CASES {
        let (query, variables) = case(most);
        let answer = service.client.ask_with(&query, variables).await;
        let told = answer["errors"][0]["extensions"].get("cap");
        assert_eq!(told, None, "{cap} at its bound: {answer}");
        let (query, variables) = case(most + 1);
        let answer = service.client.ask_with(&query, variables).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["cap"], cap, "{answer}");
        assert_eq!(error["extensions"]["limit"], most, "{cap}");
        assert!(error["message"].as_str().unwrap().contains(&most.to_string()), "{cap}: {error}");
        assert!(error["extensions"]["requestId"].is_string());
        let bad_input = ["variables", "variablesBytes", "variablesDepth", "listItems"].contains(&cap);
        assert_eq!(code(&answer), if bad_input { "BAD_USER_INPUT" } else { "QUERY_TOO_COMPLEX" }, "{cap}");
        assert_eq!(answer.get("data"), None, "{cap}: nothing was run");
    }
    let text = times(60, "x");
    let query = "query($v: ID!) { user(id: $v) { id } node(id: $v) { id } }";
    let answer = service.client.ask_with(query, json!({ "v": text })).await;
    assert_eq!(answer.get("errors"), None);
    let query = "query($v: ID!) { user(id: $v) { id } node(id: $v) { id } n: node(id: $v) { id } }";
    let answer = service.client.ask_with(query, json!({ "v": text })).await;
    assert_eq!(answer["errors"][0]["extensions"]["cap"], "argumentBytes", "wherever a variable is used");
}

#[tokio::test]
async fn the_body_is_bounded() {
    let service = capped(Caps { body_bytes: 200, ..Caps::default() }).await;
    let post = async |length: usize| {
        let body = r#"{"query":"{ __typename }"}"#;
        let body = body.to_owned() + &" ".repeat(length - body.len());
        let request = service.client.request(Method::POST, "/graphql");
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(post(200).await.0, 200);
    let (status, text) = post(201).await;
    assert_eq!(status, 413);
    assert!(text.contains("more than 200 bytes"), "{text}");
}

#[tokio::test]
async fn known_ways_to_make_a_short_text_long_are_refused() {
    let service = capped(Caps::default()).await;
    let doubling = |last: &str| {
        let fragments = each(25, |n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1));
        format!("{{ ...F0 }} {fragments} {last}")
    };
    for (query, expected) in [
        (format!("{{ {} }}", times(100_000, "id ")), "documentBytes"),
        (format!("{{ {} }}", times(20_000, "id ")), "tokens"),
        (format!("{{ {} }}", each(101, |n| format!("a{n}: __typename "))), "aliases"),
        (format!("{{ __typename {} }}", times(10, "@aa ")), "directivesPerPlace"),
        (format!("{{ {} }}", times(500, "__typename ")), "rootFields"),
        (doubling("fragment F25 on Query { __typename }"), "fragmentSpreads"),
        (doubling(""), "fragmentSpreads"),
        ("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }".to_owned(), ""),
        (format!("{{ user(id: \"{}\") {{ id }} }}", times(50_000, "[")), ""),
        (format!("{{ a(b: {}) }}", times(50_000, "[")), "depth"),
    ] {
        let answer = service.client.ask(&query).await;
        let told = answer["errors"][0]["extensions"]["cap"].as_str().unwrap_or_default();
        assert_eq!(told, expected, "{query:.60}");
        assert!(answer.to_string().len() < 4_096, "{query:.60}");
    }
    let ring = service.client.ask("{ ...F } fragment F on Query { ...F }").await;
    assert_eq!(code(&ring), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(ring["errors"][0]["message"], "fragment F is spread within itself");
    service.client.data("{ roots { totalCount } }").await;
}

#[tokio::test]
async fn a_refusal_is_small_and_quotes_no_more_than_a_piece() {
    let service = capped(Caps::default()).await;
    let unknown = each(1_900, |n| format!("nope{n} "));
    for query in [
        format!("{{ user(id: \"1\") {{ {} ! }} }}", times(4_500, "id ")),
        format!("{{ snapshot {{ {unknown} }} }}"),
        format!("{{ snapshot {{ {} }} }}", times(1_900, "nope ")),
        format!("{{ users(orderBy: {{ field: \"{}\" }}) {{ totalCount }} }}", times(40_000, "x")),
        format!("{{ users({}) {{ totalCount }} }}", each(1_000, |n| format!("a{n}: 1 "))),
        format!("query({}) {{ __typename }}", each(100, |n| format!("$v{n}: Nope "))),
        format!("{{ snapshot {{ {} }} }}", each(30, |n| format!("a: version a: takenAt b{n}: version "))),
        times(1_000, "\u{7}"),
    ] {
        let answer = service.client.ask(&query).await;
        assert!(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"].contains(&code(&answer)), "{answer}");
        let bytes = answer.to_string().len();
        assert!(bytes < 4_096, "{bytes} bytes for {query:.60}");
    }
    let answer = service.client.ask(&format!("{{ snapshot {{ {unknown} }} }}")).await;
    let errors = answer["errors"].as_array().unwrap();
    let left_out = &errors.last().unwrap()["extensions"]["leftOut"];
    assert_eq!(left_out.as_u64().unwrap() as usize + errors.len() - 1, 1_900);
}

#[tokio::test]
async fn errors_of_an_answer_are_bounded_and_the_rest_is_counted() {
    let service = capped(Caps { errors: 3, error_bytes: 60, ..Caps::default() }).await;
    let query =
        format!("{{ {} }}", each(5, |n| format!("a{n}: user(email: \"{}\") {{ id }} ", times(99, "x"))));
    let answer = service.client.ask(&query).await;
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 4);
    assert_eq!(errors[3]["message"], "and 2 more errors, which are left out");
    assert_eq!(errors[3]["extensions"]["code"], "BAD_USER_INPUT");
    assert!(errors.iter().all(|error| error["message"].as_str().unwrap().len() <= 63), "{errors:?}");
    let nulls = json!({ "a0": null, "a1": null, "a2": null, "a3": null, "a4": null });
    assert_eq!(answer["data"], nulls, "what is left out has failed all the same");
}

#[tokio::test]
async fn a_viewer_is_told_the_caps_before_the_first_snapshot_too() {
    let graphql = graphql::Settings { caps: small(), ..graphql::Settings::default() };
    let settings = app::Settings { graphql, ..app::Settings::default() };
    let gong = crate::support::settings("http://127.0.0.1:1".to_owned(), crate::support::UNHURRIED);
    let service = Service::with(&gong, settings, None).await;
    let query = "{ viewer { name role authenticated expiresAt seesContactData seesOperations
        limits { tokens depth aliases cost } } }";
    assert_eq!(
        service.client.data(query).await["viewer"],
        json!({ "name": null, "role": "ADMIN", "authenticated": false, "expiresAt": null,
            "seesContactData": true, "seesOperations": true,
            "limits": { "tokens": 100, "depth": 6, "aliases": 4, "cost": 200_000 } })
    );
}
