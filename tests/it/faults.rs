//! What a Gong that misbehaves leads to: the cause told, the last snapshot kept, no loop, no secret.

use std::time::Duration;

use orgraph::{
    directory::{FailureKind, SyncState, SyncStatus},
    gong::Settings,
};
use serde_json::{Value, json};

use crate::support::{Reply, Service, UNHURRIED, Upstream, code, settings};

fn quick(url: String) -> Settings {
    let mut settings = settings(url, UNHURRIED);
    settings.retry.first_wait = Duration::from_millis(1);
    settings.timeout = Duration::from_secs(2);
    settings
}

fn one_user() -> Value {
    json!([{ "id": "1", "active": true }])
}

/// The status after the first scan has failed over this script.
async fn failure(script: impl IntoIterator<Item = Reply>) -> (SyncStatus, Upstream) {
    let (upstream, url) = Upstream::start(script).await;
    let service = Service::start(&quick(url), "1d").await;
    let status = service.status(|status| status.last_failure.is_some()).await;
    let told = format!("{status:?}");
    assert!(!told.contains("canary-secret") && !told.contains("a2V5OmNhbmFyeS1zZWNyZXQ"), "{told}");
    (status, upstream)
}

fn message(status: &SyncStatus) -> &str {
    &status.last_failure.as_ref().unwrap().message
}

#[tokio::test]
async fn refused_credentials_are_told_with_gongs_words_and_not_tried_again() {
    for code in [401, 403] {
        let scope = "You don't have permission to use 'api:users:read' in your app.";
        let (status, upstream) = failure([Reply::error(code, scope)]).await;
        assert_eq!(status.state, SyncState::Unauthorized);
        assert_eq!(message(&status), format!("Gong refused the credentials (HTTP {code}): {scope}"));
        assert_eq!(status.last_failure.unwrap().gong_request_id.as_deref(), Some("r-error"));
        assert_eq!(upstream.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_five_times() {
    let html = "<html>a gateway's page</html>";
    for (reply, words) in [
        (Reply::new(500, ""), "Gong has a fault (HTTP 500)"),
        (Reply::new(502, html), "Gong has a fault (HTTP 502)"),
        (Reply::new(522, ""), "Gong has a fault (HTTP 522)"),
        (Reply::new(200, html), "Gong's answer is no JSON: syntax error at line 1 column 1"),
        (
            Reply::new(200, r#"{"users": [{"id": "#),
            "Gong's answer is no JSON: it ends early, at line 1 column 18",
        ),
        (Reply::new(200, ""), "Gong's answer is no JSON: it ends early, at line 1 column 0"),
    ] {
        let (status, upstream) = failure([reply]).await;
        assert_eq!(message(&status), words);
        assert_eq!(status.state, SyncState::Retrying);
        assert_eq!(upstream.asked().len(), 5, "{words}");
    }
}

#[tokio::test]
async fn what_will_not_change_is_not_tried_again() {
    for (reply, words) in [
        (Reply::error(400, "bad filter"), "Gong refused the request (HTTP 400): bad filter"),
        (Reply::new(404, "<html>"), "Gong refused the request (HTTP 404): no reason given"),
        (Reply::new(302, "").header("location", "http://127.0.0.1:1/"), "Gong has a fault (HTTP 302)"),
        (
            Reply::new(200, r#"{"users": null}"#),
            "Gong's answer can't be understood at `users`: found null, expected a sequence",
        ),
        (Reply::new(200, "{}"), "Gong's answer can't be understood at `.`: missing field `users`"),
        (
            Reply::new(200, "[]"),
            "Gong's answer can't be understood at `.`: found something else, expected struct UsersAnswer with 2 elements",
        ),
    ] {
        let (status, upstream) = failure([reply]).await;
        assert_eq!(message(&status), words);
        assert_eq!(upstream.asked().len(), 1, "{words}");
    }
}

#[tokio::test]
async fn an_answer_of_any_size_is_not_read() {
    let (_, url) = Upstream::start([Reply::new(200, vec![b' '; 100_000])]).await;
    let mut small = quick(url);
    small.max_body = 10_000;
    let service = Service::start(&small, "1d").await;
    let status = service.status(|status| status.last_failure.is_some()).await;
    assert_eq!(message(&status), "Gong's answer is larger than 10000 bytes");
    assert_eq!(status.last_failure.unwrap().kind, FailureKind::InvalidAnswer);
}

#[tokio::test]
async fn a_throttled_call_waits_as_asked_and_one_asked_to_wait_long_gives_up() {
    let throttled = |after: &str| Reply::error(429, "slow down").header("retry-after", after);
    let (upstream, url) = Upstream::start([throttled("1"), Reply::page(one_user(), None)]).await;
    let service = Service::start(&quick(url), "1d").await;
    service.ready().await;
    assert_eq!(upstream.asked().len(), 2);

    let (status, upstream) = failure([throttled("7200")]).await;
    assert_eq!((status.state, message(&status)), (SyncState::Retrying, "Gong is throttling (HTTP 429)"));
    assert_eq!(upstream.asked().len(), 1);
}

#[tokio::test]
async fn a_look_up_that_meets_a_long_silence_is_told_at_once() {
    let throttled = Reply::error(429, "slow down").header("retry-after", "40");
    let (upstream, url) = Upstream::start([Reply::page(one_user(), None), throttled]).await;
    let service = Service::start(&quick(url), "1d").await;
    service.ready().await;
    let answer = service.client.ask(r#"{ user(id: "2") { id } }"#).await;
    let error = &answer["errors"][0];
    assert_eq!(
        (code(&answer), &error["message"]),
        ("UPSTREAM_UNAVAILABLE", &json!("Gong is throttling (HTTP 429)"))
    );
    assert_eq!(error["extensions"]["gongRequestId"], "r-error");
    assert_eq!(upstream.asked().len(), 2);
}

#[tokio::test]
async fn a_secret_that_an_upstream_repeats_is_not_passed_on() {
    let echo = "no such key: key:canary-secret (Basic a2V5OmNhbmFyeS1zZWNyZXQ=)";
    let (status, _) = failure([Reply::error(401, echo)]).await;
    let words = "Gong refused the credentials (HTTP 401): no such key: key:[redacted] (Basic [redacted])";
    assert_eq!(message(&status), words);
}

#[tokio::test]
async fn no_part_of_an_answer_passes_a_secret_on() {
    let sent = "Basic a2V5OmNhbmFyeS1zZWNyZXQ=";
    let body = json!({ "requestId": sent, "errors": [format!("{} canary-secret", "x".repeat(295)), { "odd": "canary-secret" }] });
    let (status, _) = failure([Reply::new(401, body.to_string())]).await;
    assert_eq!(status.last_failure.clone().unwrap().gong_request_id.unwrap(), "Basic [redacted]");
    assert!(!message(&status).contains("canary"), "{}", message(&status));
    let (status, _) = failure([Reply::new(500, "").header("x-traceid", sent)]).await;
    assert_eq!(status.last_failure.unwrap().gong_request_id.unwrap(), "Basic [redacted]");
}

#[tokio::test]
async fn a_total_that_makes_no_sense_or_is_a_few_off_is_no_matter() {
    for total in [json!(-1), json!(null), json!([1]), json!("many"), json!(0), json!(6)] {
        let body = json!({ "records": { "totalRecords": total }, "users": one_user() });
        let (_, url) = Upstream::start([Reply::new(200, body.to_string())]).await;
        Service::start(&quick(url), "1d").await.ready().await;
    }
}

#[tokio::test]
async fn a_refused_cursor_begins_the_listing_anew_and_what_came_before_is_void() {
    let first = Reply::page(json!([{ "id": "1" }, { "id": "2" }]), Some("c1"));
    let again = Reply::page(json!([{ "id": "1" }]), Some("c2"));
    let script =
        [first, Reply::error(400, "cursor has expired"), again, Reply::page(json!([{ "id": "3" }]), None)];
    let (upstream, url) = Upstream::start(script).await;
    let service = Service::start(&quick(url), "1d").await;
    service.ready().await;
    let data = service
        .client
        .data("{ users { nodes { id } } snapshot { checks { pagesRead listingRestarts } } }")
        .await;
    assert_eq!(data["users"]["nodes"], json!([{ "id": "1" }, { "id": "3" }]));
    assert_eq!(data["snapshot"]["checks"], json!({ "pagesRead": 2, "listingRestarts": 1 }));
    let paths: Vec<_> = upstream.asked().into_iter().map(|(_, path, _)| path).collect();
    assert_eq!(paths, ["/v2/users", "/v2/users?cursor=c1", "/v2/users", "/v2/users?cursor=c2"]);
}

#[tokio::test]
async fn a_listing_that_never_ends_is_a_fault() {
    let (status, upstream) = failure([Reply::page(one_user(), Some("same"))]).await;
    assert_eq!(message(&status), "Gong gave the same cursor twice, on page 2 of a listing");
    assert_eq!(upstream.asked().len(), 2);

    let page = |cursor| Reply::page(one_user(), Some(cursor));
    let expired = || Reply::error(400, "cursor has expired");
    let script = [page("a"), expired(), page("b"), expired(), page("c"), expired(), page("d"), expired()];
    let (status, upstream) = failure(script).await;
    assert_eq!(
        message(&status),
        "Gong refused the cursor of a listing 4 times; the last time it said: cursor has expired"
    );
    assert_eq!(upstream.asked().len(), 8);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let script = [Reply::page(json!([]), Some("c1")), Reply::page(one_user(), None)];
    let (_, url) = Upstream::start(script).await;
    let service = Service::start(&quick(url), "1d").await;
    service.ready().await;
    assert_eq!(service.client.data("{ users { totalCount } }").await["users"]["totalCount"], 1);
}

#[tokio::test]
async fn the_wire_may_be_sparse_null_empty_or_richer_than_known() {
    let users = json!([
        { "id": "1" },
        { "id": "4", "active": "", "settings": { "emailsImported": "" }, "spokenLanguages": [null] },
        { "id": "2", "managerId": null, "title": "", "emailAliases": null, "settings": null, "spokenLanguages": null,
          "personalMeetingUrls": [null, ""], "active": null, "created": "2023-04-11T14:16:12.337+03:00", "brandNew": { "x": [1] } },
        { "id": "3", "managerId": "", "created": "yesterday", "conferencingProviders": null,
          "settings": { "emailsImported": true, "gongConnectEnabled": null, "other": 1 },
          "spokenLanguages": [{ "language": "de-DE", "primary": true }, { "language": null }] },
    ]);
    let bare = Reply::new(200, json!({ "users": users }).to_string());
    let (_, url) = Upstream::start([bare]).await;
    let service = Service::start(&quick(url), "1d").await;
    service.ready().await;
    let data = service
        .client
        .data(
            "{ users { nodes { id name title active managerId created emailAliases personalMeetingUrls
                settings { emailsImported gongConnectEnabled } spokenLanguages { language primary } } } }",
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "users": {
        "nodes": [
          {
            "active": true,
            "created": null,
            "emailAliases": [],
            "id": "1",
            "managerId": null,
            "name": null,
            "personalMeetingUrls": [],
            "settings": {
              "emailsImported": null,
              "gongConnectEnabled": null
            },
            "spokenLanguages": [],
            "title": null
          },
          {
            "active": true,
            "created": "2023-04-11T11:16:12.337Z",
            "emailAliases": [],
            "id": "2",
            "managerId": null,
            "name": null,
            "personalMeetingUrls": [],
            "settings": {
              "emailsImported": null,
              "gongConnectEnabled": null
            },
            "spokenLanguages": [],
            "title": null
          },
          {
            "active": true,
            "created": null,
            "emailAliases": [],
            "id": "3",
            "managerId": null,
            "name": null,
            "personalMeetingUrls": [],
            "settings": {
              "emailsImported": true,
              "gongConnectEnabled": null
            },
            "spokenLanguages": [
              {
                "language": "de-DE",
                "primary": true
              }
            ],
            "title": null
          },
          {
            "active": true,
            "created": null,
            "emailAliases": [],
            "id": "4",
            "managerId": null,
            "name": null,
            "personalMeetingUrls": [],
            "settings": {
              "emailsImported": null,
              "gongConnectEnabled": null
            },
            "spokenLanguages": [],
            "title": null
          }
        ]
      }
    }
    "#);
}

#[tokio::test]
async fn a_failed_scan_leaves_the_last_snapshot_in_place() {
    let good = Reply::page(one_user(), None);
    let (_, url) = Upstream::start([good, Reply::error(401, "the key was revoked")]).await;
    let service = Service::start(&quick(url), "1s").await;
    service.ready().await;
    let before = service.client.ask("{ users { nodes { id } } }").await;
    service.status(|status| status.state == SyncState::Unauthorized).await;
    let after = service.client.ask("{ users { nodes { id } } }").await;
    assert_eq!(before, after, "version and all");
    assert_eq!(service.client.status("/readyz").await, 200);
    let status = service
        .client
        .data("{ syncStatus { state failuresInARow lastFailure { kind message gongRequestId } } }")
        .await;
    assert_eq!(
        status["syncStatus"],
        json!({ "state": "UNAUTHORIZED", "failuresInARow": 1, "lastFailure": { "kind": "UNAUTHORIZED",
            "message": "Gong refused the credentials (HTTP 401): the key was revoked", "gongRequestId": "r-error" } })
    );
}
