//! Tables for BI tools, over real HTTP, against what GraphQL answers.

mod columns;
mod command;
mod formats;
mod given_up;
mod output;
mod page;
mod parts;
mod readers;
mod refusals;
mod remote;
mod roles;
mod tables;

use std::collections::BTreeMap;

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::support::{Client, FOREVER};

/// A row: column to value; null where there is none.
type Row = BTreeMap<String, Value>;

/// A GET with these headers.
async fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Response {
    ask(client, Method::GET, path, headers).await
}

async fn ask(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = client.request(method, &format!("/export/v1/{path}")).timeout(FOREVER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// The whole answer, which is one.
async fn body(client: &Client, path: &str) -> Vec<u8> {
    let response = get(client, path, &[]).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.bytes().await.unwrap().to_vec()
}

/// The rows of a table, from NDJSON: the format that has types and is read by what is here anyway.
async fn rows(client: &Client, table: &str, query: &str) -> Vec<Row> {
    let text = String::from_utf8(body(client, &format!("{table}.ndjson?{query}")).await).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}
