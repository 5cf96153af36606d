//! What can't be answered, and what whoever asks is told.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{ask, get, header};
use crate::support::{Raw, Service, code, example};

async fn refused(service: &Service, path: &str) -> (u16, String, String) {
    let response = get(&service.client, path, &[]).await;
    let status = response.status().as_u16();
    let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert!(answer["errors"][0]["extensions"]["requestId"].is_string());
    (status, code(&answer).to_owned(), answer["errors"][0]["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_there_is_is_told_to_whoever_asks_for_what_there_is_not() {
    let service = example::service().await;
    for (path, status, told) in [
        ("people.csv", 404, "there is no table \"people\"; there are users, reporting_lines, orphans"),
        ("users.xlsx", 404, "there is no format \"xlsx\"; there are parquet, csv, ndjson, arrow"),
        ("users", 404, "users has no format; write users.parquet, users.csv, users.ndjson or users.arrow"),
        ("users.csv/x", 404, "there is no format"),
        (".csv", 404, "there is no table \"\""),
        ("users.csv?columns=id,nam", 400, "columns: users has no column \"nam\"; it has id, email"),
        ("users.csv?limit=3", 400, "\"limit\": there is no such parameter; there are columns, active, under"),
        ("users.csv?under=", 400, "under: must be the id of a user, not \"\""),
        ("users.csv?columns=", 400, "columns: must be names of columns, not \"\""),
        ("users.csv?active", 400, "active: must be true or false, not \"\""),
        ("users.csv?active=1", 400, "active: must be true or false, not \"1\""),
        ("users.csv?active=true&active=true", 400, "active: is given more than once"),
        ("users.csv?under=404", 404, "under: nobody of this snapshot has the id \"404\""),
        ("orphans.arrow?safe=true", 400, "safe: is for csv alone"),
    ] {
        let (got, code, message) = refused(&service, path).await;
        assert_eq!((got, code.as_str()), (status, "BAD_USER_INPUT"), "{path}: {message}");
        assert!(message.contains(told), "{path}: {message}");
    }
    let long = refused(&service, &format!("users.csv?columns={}", "x".repeat(5_000))).await;
    assert!(long.2.len() < 2_000, "{}", long.2);
}

#[tokio::test]
async fn whoever_looks_in_the_wrong_place_is_told_the_right_one() {
    let service = example::service().await;
    for path in ["/export", "/export/v2", "/export/v2/users.csv", "/exports"] {
        let response = service.client.request(Method::GET, path).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status == StatusCode::NOT_FOUND && text.contains("tables are at /export/v1"), "{text}");
    }
}

#[tokio::test]
async fn a_host_that_is_no_name_is_in_no_snippet() {
    let service = example::service().await;
    for host in ["x'$(id)'", "x`id`", "u:p@orgraph.example", "a,b", "x;id"] {
        let asked =
            service.client.request(Method::GET, "/export/v1").header("host", host).send().await.unwrap();
        assert_eq!(asked.status(), StatusCode::BAD_REQUEST, "{host}");
        assert!(!asked.text().await.unwrap().contains("curl"), "{host}");
    }
    let named = service.client.request(Method::GET, "/export/v1").header("host", "[::1]:8443").send();
    assert!(named.await.unwrap().text().await.unwrap().contains("http://[::1]:8443/export/v1/users.csv"));
}

/// Without chunks or a length the end of the connection would be the table's, however it came about.
#[tokio::test]
async fn what_has_no_length_is_not_sent_by_http_1_0() {
    let service = example::service().await;
    let ask = async |method: &str, file: &str| {
        let mut raw = Raw::connect(service.address).await;
        raw.ask(format!("{method} /export/v1/{file} HTTP/1.0\r\nhost: localhost\r\n\r\n")).await
    };
    for file in ["users.csv", "users.ndjson", "users.arrow"] {
        let refused = ask("GET", file).await;
        assert_eq!((refused.status, refused.code().as_str()), (505, "BAD_USER_INPUT"));
        assert!(String::from_utf8_lossy(&refused.body).contains("HTTP/1.1"), "{refused:?}");
    }
    let whole = ask("GET", "users.parquet").await;
    assert_eq!(whole.status, 200);
    assert_eq!(whole.header("content-length"), Some(whole.body.len().to_string().as_str()));
    assert!(whole.body.ends_with(b"PAR1"));
}

#[tokio::test]
async fn tables_are_read_and_nothing_else() {
    let service = example::service().await;
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let response = ask(&service.client, method, "users.csv", &[]).await;
        assert_eq!(
            (response.status(), header(&response, "allow")),
            (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD")
        );
    }
    let foreign = [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(get(&service.client, "users.csv", &foreign).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_catalogue_is_json_or_a_page() {
    let service = example::service().await;
    let url = |accept: &'static str| {
        service.client.request(Method::GET, "/export/v1").header("accept", accept).send()
    };
    let json = url("application/json").await.unwrap();
    let slashed = service.client.request(Method::GET, "/export/v1/").header("accept", "application/json");
    let slashed = slashed.send().await.unwrap();
    assert_eq!(
        (slashed.status(), header(&slashed, "content-type")),
        (json.status(), header(&json, "content-type"))
    );
    assert!(header(&json, "content-type").starts_with("application/json"));
    let told: Value = serde_json::from_slice(&json.bytes().await.unwrap()).unwrap();
    assert_eq!(told["tables"].as_array().unwrap().len(), 5);
    let users = &told["tables"][0];
    let base = format!("http://{}/export/v1", service.address);
    assert_eq!(users["urls"]["parquet"], format!("{base}/users.parquet"));
    let role = |name: &str| {
        let column = users["columns"].as_array().unwrap().iter().find(|column| column["name"] == name);
        column.unwrap()["role"].clone()
    };
    assert_eq!((role("name"), role("phone_number")), ("reader".into(), "analyst".into()));
    for snippet in users["snippets"].as_array().unwrap() {
        let text = snippet["text"].as_str().unwrap();
        // Tableau and Excel aren't known to read it.
        let (parquet, csv) = (text.find(".parquet"), text.find(".csv"));
        let parquet_first = parquet.is_some() && csv.is_none_or(|csv| parquet.unwrap() < csv);
        let tool = snippet["tool"].as_str().unwrap();
        assert!(parquet_first != (tool == "Tableau" || tool.starts_with("Excel")), "{text}");
        // Two expressions in one are none.
        assert!(text.matches("\nin\n").count() <= 1, "{text}");
    }
    let page = url("text/html,application/xhtml+xml,*/*;q=0.8").await.unwrap();
    assert!(header(&page, "content-type").starts_with("text/html"));
    let policy = header(&page, "content-security-policy").to_owned();
    assert!(!policy.contains("unsafe") && policy.contains("style-src 'self'"), "{policy}");
    let page = page.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("style="), "{page}");
    assert!(page.contains("read_parquet(&#39;http://127.0.0.1"));
    for link in page.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(service.client.status(&format!("/{link}")).await, 200, "{link}");
    }
}
