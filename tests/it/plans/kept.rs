//! What is kept, over the wire: the same whichever way it comes, refused as what is new, and worked out once.

use std::{io::Read, time::Duration};

use flate2::read::GzDecoder;
use futures_util::future::join_all;
use orgraph::{
    app,
    graphql::{self, CacheBounds, RateSettings},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Service, code, shipped_company};

/// A page whose answer is worth keeping.
const PAGE: &str =
    "query($first: Int) { users(first: $first) { totalCount nodes { id name manager { name } } } }";

async fn told(graphql: graphql::Settings) -> Service {
    Service::told(shipped_company(), app::Settings { graphql, ..app::Settings::default() }).await
}

async fn compressed(service: &Service, variables: &Value) -> (String, Vec<u8>) {
    let body = json!({ "query": PAGE, "variables": variables }).to_string();
    let request = service.client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let response = request.header("accept-encoding", "gzip").body(body).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let varies: Vec<_> =
        response.headers().get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    let varies = varies.join(", ");
    let mut text = String::new();
    let bytes = response.bytes().await.unwrap();
    GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    (varies, text.into_bytes())
}

#[tokio::test]
async fn an_answer_is_the_same_new_kept_and_compressed() {
    let service = told(graphql::Settings::default()).await;
    let variables = json!({ "first": 200 });
    let first = service.client.ask_with(PAGE, variables.clone()).await;
    assert_eq!(first["data"]["users"]["nodes"].as_array().unwrap().len(), 200);
    for _ in 0..3 {
        assert_eq!(service.client.ask_with(PAGE, variables.clone()).await, first);
        let (varies, bytes) = compressed(&service, &variables).await;
        assert_eq!(varies, "accept, authorization, accept-encoding");
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), first);
    }
}

#[tokio::test]
async fn a_client_who_has_spent_its_rate_is_refused_what_is_kept() {
    let rate = RateSettings { capacity: 2_000, period: Duration::from_secs(24 * 60 * 60), refusal_cost: 0 };
    let service = told(graphql::Settings { rate, ..graphql::Settings::default() }).await;
    let variables = json!({ "first": 120 });
    let first = service.client.ask_with(PAGE, variables.clone()).await;
    let actual = first["extensions"]["cost"]["actual"].as_u64().unwrap();
    let mut answers = 1;
    let refused = loop {
        let answer = service.client.ask_with(PAGE, variables.clone()).await;
        if answer["errors"].is_array() {
            break answer;
        }
        assert_eq!(answer, first);
        answers += 1;
    };
    assert_eq!(code(&refused), "THROTTLED");
    assert!(refused["data"].is_null());
    assert_eq!(refused["extensions"]["cost"]["requested"], first["extensions"]["cost"]["requested"]);
    // Each has cost what it held, and there had to be enough for what it could have held.
    let requested = first["extensions"]["cost"]["requested"].as_u64().unwrap();
    assert!(
        answers * actual <= 2_000 && answers * actual + requested > 2_000,
        "{answers} answers of {actual}"
    );
}

/// Kept, by a plan, by the resolvers, new each time, all from one bucket that is empty before they are done.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_spend_what_their_answers_hold_and_no_more() {
    const CAPACITY: u64 = 60_000;
    // In which nothing comes back that would be seen.
    let period = Duration::from_secs(1_000 * 24 * 60 * 60);
    let rate = RateSettings { capacity: CAPACITY, period, refusal_cost: 0 };
    let service = told(graphql::Settings { rate, ..graphql::Settings::default() }).await;
    let client = &service.client;
    let asked = |lane: u64| async move {
        let (mut spent, mut refused) = (0, 0);
        for nth in 0..100 {
            let answer = match (lane + nth) % 4 {
                0 => client.ask_with(PAGE, json!({ "first": 100 + nth % 3 })).await,
                1 => client.ask_with(PAGE, json!({ "first": 20 })).await,
                2 => client.ask(&format!("{{ users(first: 50) {{ nodes {{ id }} }} }} # {lane} {nth}")).await,
                _ => client.ask("{ orgStats { headcount } users(first: 40) { nodes { id } } }").await,
            };
            match answer["errors"].is_array() {
                true => {
                    assert_eq!(code(&answer), "THROTTLED", "{answer}");
                    refused += 1;
                }
                false => spent += answer["extensions"]["cost"]["actual"].as_u64().unwrap(),
            }
        }
        (spent, refused)
    };
    let lanes = join_all((0..8).map(asked)).await;
    let (spent, refused) = lanes.iter().fold((0, 0), |(a, b), (spent, refused)| (a + spent, b + refused));
    assert!(refused > 0, "{spent}");
    let left = client.ask("{ rateLimit { cost remaining } }").await;
    let left = &left["data"]["rateLimit"];
    let now = left["cost"].as_u64().unwrap() + left["remaining"].as_u64().unwrap();
    assert!((CAPACITY - spent).abs_diff(now) <= 1, "{spent} of {CAPACITY} spent, {now} left");
}

#[tokio::test]
async fn defaults_decide_conditions_the_first_time_and_later() {
    let service = told(graphql::Settings::default()).await;
    let query = "query($with: Boolean! = true) { users(first: 1) { totalCount @include(if: $with) \
                 pageInfo @skip(if: $with) { hasNextPage } } }";
    for _ in 0..3 {
        let with = service.client.ask(query).await;
        assert_eq!(with["data"], json!({ "users": { "totalCount": 273 } }));
        let without = service.client.ask_with(query, json!({ "with": false })).await;
        assert_eq!(without["data"], json!({ "users": { "pageInfo": { "hasNextPage": true } } }));
    }
}

#[tokio::test]
async fn an_operation_of_several_has_to_be_named_every_time() {
    let service = told(graphql::Settings::default()).await;
    for _ in 0..3 {
        let answer = service
            .client
            .ask("query A { __typename } query B($x: Int) { users(first: $x) { totalCount } }")
            .await;
        assert_eq!(answer["errors"][0]["message"], "Operation name required in request.");
    }
}

#[tokio::test]
async fn nothing_is_kept_where_there_is_no_room() {
    let kept = CacheBounds { documents: 0, answers: 0 };
    let service = told(graphql::Settings { kept, ..graphql::Settings::default() }).await;
    let first = service.client.ask_with(PAGE, json!({ "first": 3 })).await;
    assert_eq!(service.client.ask_with(PAGE, json!({ "first": 3 })).await, first);
}
