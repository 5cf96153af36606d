//! What pages of other sites can read, and what they can't make a browser do.

use orgraph::http::{Origins, Settings};
use reqwest::{Method, Response};
use serde_json::json;

use crate::over_http::{body, get, post, send, told};
use crate::support::{Service, code};

const QUERY: &str = "/graphql?query=%7Broots%7BtotalCount%7D%7D";
const APP: &str = "https://app.example.org";

fn listed() -> Settings {
    Settings { origins: Origins::Listed(vec![APP.parse().unwrap()]), ..Settings::default() }
}

/// What a browser asks before it sends a POST for a page.
async fn preflight(service: &Service, origin: &str) -> Response {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,authorization"),
    ];
    send(service, Method::OPTIONS, "/graphql", &headers, "").await
}

fn allowed(response: &Response) -> Option<&str> {
    response.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn pages_of_listed_sites_are_let_in_and_no_others() {
    let service = told(listed()).await;
    let response = preflight(&service, APP).await;
    assert_eq!(allowed(&response), Some(APP));
    let said = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert!(said("access-control-allow-headers").contains("x-orgraph-preflight"));
    assert!(said("access-control-allow-methods").contains("POST"));
    assert!(!response.headers().contains_key("access-control-allow-credentials"));
    for other in
        ["https://evil.example", "https://app.example.org.evil.example", "http://app.example.org", "null"]
    {
        assert_eq!(allowed(&preflight(&service, other).await), None, "{other}");
    }
    let request = json!({ "query": "{ roots { totalCount } }" });
    let response = post(&service, &[("origin", APP)], request.clone()).await;
    assert_eq!(allowed(&response), Some(APP));
    let seen = response.headers()["access-control-expose-headers"].to_str().unwrap();
    for name in ["x-request-id", "age", "etag", "retry-after"] {
        assert!(seen.contains(name), "{name}: {seen}");
    }
    assert!(response.headers().get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("origin")));
    // Also what went wrong can be read.
    let response = post(&service, &[("origin", APP)], json!({ "query": 5 })).await;
    assert_eq!((response.status().as_u16(), allowed(&response)), (400, Some(APP)));
    // An OPTIONS of no browser is answered all the same.
    let options = send(&service, Method::OPTIONS, "/graphql", &[("origin", APP)], "").await;
    assert_eq!(options.headers()["allow"], "GET, HEAD, POST, OPTIONS");
}

#[tokio::test]
async fn by_default_no_site_is_let_in() {
    let service = told(Settings::default()).await;
    assert_eq!(allowed(&preflight(&service, APP).await), None);
    let response = post(&service, &[("origin", APP)], json!({ "query": "{ roots { totalCount } }" })).await;
    assert_eq!(allowed(&response), None);
    let any = told(Settings { origins: Origins::Any, ..Settings::default() }).await;
    let response = preflight(&any, APP).await;
    assert_eq!(allowed(&response), Some("*"));
    assert!(!response.headers().contains_key("access-control-allow-credentials"));
}

#[tokio::test]
async fn a_get_for_a_page_of_another_site_needs_its_leave() {
    let service = told(listed()).await;
    for (headers, status) in [
        // curl, the address bar, a page of the service's own.
        (&[][..], 200),
        (&[("sec-fetch-site", "none")], 200),
        (&[("sec-fetch-site", "same-origin")], 200),
        // An image, a script, a link.
        (&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
        // What no page can send without leave.
        (&[("sec-fetch-site", "cross-site"), ("x-orgraph-preflight", "1")], 200),
        (&[("sec-fetch-site", "cross-site"), ("apollo-require-preflight", "true")], 200),
        (&[("sec-fetch-site", "cross-site"), ("x-apollo-operation-name", "Roots")], 200),
        (&[("sec-fetch-site", "cross-site"), ("content-type", "application/json")], 200),
        (&[("sec-fetch-site", "cross-site"), ("content-type", "text/plain")], 403),
        // A site that is let in.
        (&[("sec-fetch-site", "cross-site"), ("origin", APP)], 200),
    ] {
        let response = get(&service, QUERY, headers).await;
        assert_eq!(response.status(), status, "{headers:?}");
        let answer = body(response).await;
        assert_eq!(code(&answer), if status == 403 { "FORBIDDEN" } else { "no error" }, "{headers:?}");
    }
}

#[tokio::test]
async fn every_get_can_be_made_to_need_leave() {
    let service = told(Settings { require_preflight: true, ..Settings::default() }).await;
    assert_eq!(get(&service, QUERY, &[]).await.status(), 403);
    assert_eq!(get(&service, QUERY, &[("x-orgraph-preflight", "1")]).await.status(), 200);
    assert_eq!(post(&service, &[], json!({ "query": "{ roots { totalCount } }" })).await.status(), 200);
}
