//! What `/metrics` tells of requests.

use std::collections::BTreeSet;

use orgraph::{app, http::ObservedSettings, simulator::Workspace, trace::Tally};
use reqwest::Method;
use serde_json::json;

use crate::support::{Service, UNHURRIED, example, serve, settings, simulate, text};

async fn observed(observed: ObservedSettings) -> Service {
    let gong = serve(&simulate(Workspace::new(example::company()))).await;
    let told = app::Settings { observed, ..app::Settings::default() };
    let service = Service::with(&settings(gong, UNHURRIED), told, None).await;
    service.ready().await;
    service
}

/// The value of a series; 0 if there is none.
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

fn requests(operation: &str, kind: &str, outcome: &str) -> String {
    format!(
        "orgraph_graphql_requests_total{{operation=\"{operation}\",type=\"{kind}\",outcome=\"{outcome}\"}}"
    )
}

#[tokio::test]
async fn a_request_that_comes_again_to_the_letter_is_counted_again() {
    let service = observed(ObservedSettings::default()).await;
    let query = "query Again { roots { totalCount nodes { name } } }";
    let first = service.client.ask(query).await;
    for _ in 0..5 {
        assert_eq!(service.client.ask(query).await, first);
    }
    let metrics = service.metrics().await;
    assert_eq!(value(&metrics, &requests("Again", "query", "ok")), 6.0);
}

#[tokio::test]
async fn operations_are_counted_by_name_type_and_outcome() {
    let service = observed(ObservedSettings { operations: 2, ..ObservedSettings::default() }).await;
    let client = &service.client;
    for query in [
        "query One { roots { totalCount } }",
        "query One { user(id: \"10\") { nothing } }",
        "query One { users(first: -1) { totalCount } }",
        "query Junk { nothing }",
        "query Two { roots { totalCount } }",
        "query Three { roots { totalCount } }",
        "{ roots { totalCount } }",
        "{ roots",
        "query One",
    ] {
        client.ask(query).await;
    }
    let metrics = service.metrics().await;
    for (operation, kind, outcome, count) in [
        ("One", "query", "ok", 1.0),
        ("One", "query", "GRAPHQL_VALIDATION_FAILED", 1.0),
        ("One", "query", "BAD_USER_INPUT", 1.0),
        ("Two", "query", "ok", 1.0),
        ("(other)", "query", "ok", 1.0),
        ("(other)", "query", "GRAPHQL_VALIDATION_FAILED", 1.0),
        ("(anonymous)", "query", "ok", 1.0),
        ("(other)", "unknown", "GRAPHQL_PARSE_FAILED", 2.0),
    ] {
        let series = requests(operation, kind, outcome);
        assert_eq!(value(&metrics, &series), count, "{series} in {metrics}");
    }
    assert!(!metrics.contains("Junk") && !metrics.contains("Three"), "{metrics}");
    assert_eq!(value(&metrics, "orgraph_graphql_errors_total{code=\"GRAPHQL_PARSE_FAILED\"}"), 2.0);
    let count = "orgraph_graphql_duration_seconds_count{operation=\"One\",type=\"query\"}";
    assert_eq!(value(&metrics, count), 3.0, "{metrics}");
    assert_eq!(value(&metrics, "orgraph_graphql_operation_names"), 2.0);
}

#[tokio::test]
async fn names_beyond_the_bound_share_one_series() {
    let service = observed(ObservedSettings::default()).await;
    for n in 0..500 {
        service.client.ask(&format!("query Random{n} {{ __typename }}")).await;
    }
    let metrics = service.metrics().await;
    let labels = metrics.split("operation=\"").skip(1);
    let told: BTreeSet<&str> = labels.map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(told.len(), 101, "{told:?}");
    assert_eq!(value(&metrics, &requests("(other)", "query", "ok")), 400.0);
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
    let service = observed(ObservedSettings::default()).await;
    let client = &service.client;
    client.ask("{ __typename }").await;
    let wrong = client.request(Method::PUT, "/graphql").send().await.unwrap().status();
    assert_eq!(wrong, 405);
    for n in 0..20 {
        client.status(&format!("/random-{n}")).await;
    }
    let large = json!({ "query": format!("{{ __typename {} }}", " ".repeat(5_000)) }).to_string();
    let request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    request.body(large).send().await.unwrap();
    let metrics = service.metrics().await;
    for (series, count) in [
        ("orgraph_http_requests_total{route=\"/graphql\",status=\"2xx\"}", 2.0),
        ("orgraph_http_requests_total{route=\"/graphql\",status=\"4xx\"}", 1.0),
        ("orgraph_http_requests_total{route=\"(none)\",status=\"4xx\"}", 20.0),
        ("orgraph_http_request_duration_seconds_count{route=\"/graphql\"}", 3.0),
        ("orgraph_http_request_size_bytes_bucket{le=\"1024.0\"}", 1.0),
        ("orgraph_http_request_size_bytes_bucket{le=\"16384.0\"}", 2.0),
        ("orgraph_http_requests_abandoned_total", 0.0),
    ] {
        assert_eq!(value(&metrics, series), count, "{series} in {metrics}");
    }
    assert!(value(&metrics, "orgraph_http_requests_in_flight") >= 1.0, "this one: {metrics}");
    assert!(value(&metrics, "orgraph_http_answer_size_bytes_sum") > 100.0, "{metrics}");
    assert!(!metrics.contains("random"), "{metrics}");
}

/// `docs/observability.md` names every metric, and no other.
#[tokio::test]
async fn the_page_names_every_metric() {
    let tally = std::sync::Arc::new(Tally::default());
    let service = observed(ObservedSettings { traces: Some(tally), ..ObservedSettings::default() }).await;
    service.scan().await;
    let metrics = service.metrics().await;
    let mut told = BTreeSet::new();
    for line in metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').unwrap();
        let suffix = if kind == "counter" { "_total" } else { "" };
        told.insert((format!("{name}{suffix}"), kind.to_owned()));
    }
    let page = text("docs/observability.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `orgraph_"));
    let named: BTreeSet<(String, String)> = rows
        .map(|row| {
            let (name, rest) = row.split_once('`').unwrap();
            let kind = rest.trim_start_matches(" | ").split(' ').next().unwrap();
            (format!("orgraph_{name}"), kind.to_owned())
        })
        .collect();
    assert_eq!(named, told);
}
