//! What answers cost, and what becomes of a client that asks for too much.

use std::time::Duration;

use orgraph::{
    app,
    graphql::{self, Caps, RateSettings},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Service, code, shipped_company};

async fn service(rate: RateSettings) -> Service {
    let graphql = graphql::Settings { rate, ..graphql::Settings::default() };
    Service::told(shipped_company(), app::Settings { graphql, ..app::Settings::default() }).await
}

/// So slow that no test takes long enough to get anything back.
fn slow(capacity: u64, refusal_cost: u64) -> RateSettings {
    RateSettings { capacity, period: Duration::from_secs(24 * 60 * 60), refusal_cost }
}

struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: Value,
}

async fn ask(service: &Service, query: &str) -> Answer {
    let request = service.client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let response = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
    let retry_after =
        response.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    let status = response.status().as_u16();
    Answer { status, retry_after, body: serde_json::from_slice(&response.bytes().await.unwrap()).unwrap() }
}

fn cost(answer: &Value) -> (u64, u64) {
    let cost = &answer["extensions"]["cost"];
    assert_eq!(cost["limit"], 200_000, "{answer}");
    (cost["requested"].as_u64().unwrap(), cost["actual"].as_u64().unwrap())
}

#[tokio::test]
async fn an_answer_tells_what_it_could_have_cost_and_what_it_did() {
    let service = service(RateSettings::default()).await;
    for (query, requested, actual) in [
        ("{ __typename }", 0, 1),
        ("{ snapshot { version } }", 2, 2),
        ("{ users(first: 10) { nodes { id name } } }", 31, 22),
        ("{ users(first: 1000) { nodes { id } } }", 2_001, 275),
        ("{ users { nodes { id } } }", 101, 52),
        ("{ roots(first: 3) { nodes { manager { id } } } }", 10, 5),
        (r#"{ user(id: "8424522639353776973") { id reports(first: 20) { nodes { id } } } }"#, 43, 12),
    ] {
        let answer = service.client.ask(query).await;
        let (told, held) = cost(&answer);
        assert_eq!(told, requested, "{query}");
        let counted = count(&answer["data"]);
        assert_eq!(held, counted, "{query}");
        if !query.contains("user(") && !query.contains("roots") {
            assert_eq!(held, actual, "{query}");
        }
    }
}

/// The fields of an answer.
fn count(data: &Value) -> u64 {
    match data {
        Value::Object(object) => object.len() as u64 + object.values().map(count).sum::<u64>(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

#[tokio::test]
async fn calls_to_gong_have_their_price() {
    let service = service(RateSettings::default()).await;
    let window = r#"from: "2024-01-01", to: "2024-01-02""#;
    let query = format!("{{ users(first: 2) {{ nodes {{ activity({window}) {{ fetchedAt }} }} }} }}");
    let answer = service.client.ask(&query).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let (requested, actual) = cost(&answer);
    assert_eq!(requested, 1 + 2 * (1 + 100 + 1));
    assert_eq!(actual, count(&answer["data"]) + 2 * 100);
    let (requested, actual) = cost(&service.client.ask("{ workspaces(first: 1) { fetchedAt } }").await);
    assert_eq!((requested, actual), (1_000 + 2, 1_000 + 2));
    let (requested, actual) = cost(&service.client.ask(r#"{ user(id: "404", maxAge: 0) { id } }"#).await);
    assert_eq!((requested, actual), (102, 101), "nobody has that id");
    // Whom the snapshot doesn't know nobody announced, and it costs all the same.
    let (requested, actual) = cost(&service.client.ask(r#"{ user(id: "405") { id } }"#).await);
    assert_eq!((requested, actual), (2, 101));
}

#[tokio::test]
async fn what_could_cost_too_much_is_refused_and_told() {
    let service = service(RateSettings::default()).await;
    let answer = service
        .client
        .ask("{ users(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } }")
        .await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    let (requested, actual) = cost(&answer);
    assert_eq!((requested, actual), (1 + 1_000 * (1 + 1 + 1_000 * 2), 0));
    assert_eq!(answer["errors"][0]["extensions"]["cap"], "cost");
    // However deep it multiplies: numbers beyond those of the machine are large, no more.
    let chain = "managerChain { nodes { ".repeat(14);
    let close = "} } ".repeat(14);
    let fields = "id ".repeat(2_000);
    let query = format!("query($ids: [ID!]!) {{ usersByIds(ids: $ids) {{ {chain} {fields} {close} }} }}");
    let answer = service.client.ask_with(&query, json!({ "ids": vec!["1"; 1_000] })).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{answer}");
    assert_eq!(cost(&answer), (1 << 40, 0));
}

#[tokio::test]
async fn a_client_that_has_spent_its_share_is_told_when_to_come_again() {
    let service = service(slow(1_000, 0)).await;
    let query = "{ users(first: 100) { nodes { id } } }";
    for _ in 0..4 {
        let answer = ask(&service, query).await;
        assert_eq!((answer.status, cost(&answer.body)), (200, (201, 102)));
    }
    // 4 · 102 are spent, and what was taken for pages that were not full has come back.
    for _ in 0..3 {
        assert_eq!(ask(&service, query).await.status, 200);
    }
    ask(&service, "{ users(first: 40) { nodes { id } } }").await;
    let answer = ask(&service, "{ users(first: 150) { nodes { id } } }").await;
    assert_eq!((answer.status, code(&answer.body)), (429, "THROTTLED"));
    let error = &answer.body["errors"][0];
    let seconds = answer.retry_after.unwrap();
    assert_eq!(error["extensions"]["retryAfterSeconds"], seconds);
    // 1000 - 7 · 102 - 42 = 244 are left, 301 are wanted, and 1000 take a day.
    assert!((4_800..=4_925).contains(&seconds), "{seconds}");
    assert_eq!(cost(&answer.body), (301, 0));
    assert_eq!(answer.body.get("data"), None);
    // Less than what is left is still answered, and a document that could cost more than a bucket never is.
    assert_eq!(ask(&service, "{ users(first: 100) { nodes { id } } }").await.status, 200);
    let answer = ask(&service, "{ users(first: 600) { nodes { id } } }").await;
    assert_eq!((answer.status, code(&answer.body)), (200, "QUERY_TOO_COMPLEX"));
}

#[tokio::test]
async fn junk_is_not_free() {
    let service = service(slow(1_000, 100)).await;
    let junk =
        ["{", "{ nope }", "{ users(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } }"];
    for query in junk.into_iter().cycle().take(8) {
        assert_ne!(code(&ask(&service, query).await.body), "THROTTLED");
    }
    // A question costs as much at least while it is asked, and only what it holds once it is answered.
    for _ in 0..100 {
        assert_eq!(ask(&service, "{ __typename }").await.status, 200);
    }
    assert_eq!(code(&ask(&service, "{").await.body), "GRAPHQL_PARSE_FAILED");
    let answer = ask(&service, "{").await;
    assert_eq!((answer.status, code(&answer.body)), (429, "THROTTLED"));
    let again = ask(&service, "{").await;
    assert_eq!(answer.retry_after, again.retry_after, "whoever asks too early owes no more for it");
}

#[tokio::test]
async fn the_rate_limit_is_a_field_too() {
    let service = service(slow(1_000, 0)).await;
    let query =
        "{ rateLimit { limit cost remaining used refillPerSecond resetAt } viewer { rateLimit { limit } } }";
    let data = service.client.data(query).await;
    let told = &data["rateLimit"];
    assert_eq!((&told["limit"], &told["cost"]), (&json!(1_000), &json!(10)));
    assert_eq!((&told["remaining"], &told["used"]), (&json!(990), &json!(10)));
    assert!((told["refillPerSecond"].as_f64().unwrap() * 86_400.0 - 1_000.0).abs() < 0.01);
    assert!(told["resetAt"].is_string());
    assert_eq!(data["viewer"]["rateLimit"]["limit"], 1_000);
    let told =
        service.client.request(Method::GET, "/graphql?query=%7BrateLimit%7Bused%7D%7D").send().await.unwrap();
    assert!(!told.headers().contains_key("etag"), "it is another in the next moment");
    service.client.data("{ users(first: 100) { nodes { id } } }").await;
    let data = service.client.data("{ rateLimit { remaining } }").await;
    assert_eq!(data["rateLimit"]["remaining"], 1_000 - 10 - 2 - 102 - 2);
}

#[tokio::test]
async fn without_a_limit_nobody_is_throttled() {
    let service = service(RateSettings { capacity: 0, ..RateSettings::default() }).await;
    for _ in 0..100 {
        service.client.data("{ users(first: 1000) { nodes { id name title } } }").await;
    }
    let data = service.client.data("{ rateLimit { limit remaining used refillPerSecond cost } }").await;
    let expected =
        json!({ "limit": null, "remaining": null, "used": null, "refillPerSecond": null, "cost": 6 });
    assert_eq!(data["rateLimit"], expected);
}

#[tokio::test]
async fn caps_of_cost_are_settings() {
    let caps = Caps { cost: 100, ..Caps::default() };
    let graphql = graphql::Settings { caps, ..graphql::Settings::default() };
    let settings = app::Settings { graphql, ..app::Settings::default() };
    let service = Service::told(shipped_company(), settings).await;
    assert_eq!(code(&service.client.ask("{ users(first: 49) { nodes { id } } }").await), "no error");
    let answer = service.client.ask("{ users(first: 50) { nodes { id } } }").await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    let told = json!({ "requested": 101, "actual": 0, "limit": 100 });
    assert_eq!(answer["extensions"]["cost"], told);
}

/// A filter is read and kept for each user of a page: what it says costs as often as it is asked.
#[tokio::test]
async fn a_filter_costs_wherever_its_field_is_answered() {
    let service = service(RateSettings::default()).await;
    let requested = async |field: &str| {
        let answer = ask(&service, &format!("{{ users(first: 100) {{ nodes {{ {field} }} }} }}")).await;
        cost(&answer.body).0
    };
    let ids: Vec<_> = (0..500).map(|id| id.to_string()).collect();
    for (filter, price) in [("{ active: true }".to_owned(), 10), (format!("{{ ids: {ids:?} }}"), 10 + 125)] {
        for field in
            ["reportCount(@)", "reports(first: 0 @) { totalCount }", "managerChain(@ first: 1) { end }"]
        {
            let with = requested(&field.replace('@', &format!(", filter: {filter}"))).await;
            let without = requested(&field.replace("(@)", "").replace('@', "")).await;
            assert_eq!(with - without, 100 * price, "{field} {filter:.40}");
        }
    }
    let many: String =
        (0..90).map(|at| format!("a{at}: manager {{ reportCount(filter: {{ active: true }}) }} ")).collect();
    let answer = ask(&service, &format!("{{ users(first: 1000) {{ nodes {{ {many} }} }} }}")).await;
    assert_eq!(code(&answer.body), "QUERY_TOO_COMPLEX");
}
