//! A client of the service under test.

use std::net::SocketAddr;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A client of one service.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "this one speaks to the service, not to Gong")]
    pub fn new(address: SocketAddr) -> Self {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
        Self { http, base: format!("http://{address}") }
    }

    /// A request to be filled in.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// A POST to another address.
    pub fn elsewhere(&self, url: &str) -> RequestBuilder {
        self.http.post(url)
    }

    /// The whole answer to a query.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    /// The whole answer to a query with variables.
    pub async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self.request(Method::POST, "/graphql").header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].take()
    }

    /// All nodes (or edges, as `selection` says) of a connection of the root, page by page.
    pub async fn all(
        &self,
        field: &str,
        arguments: &str,
        list: &str,
        selection: &str,
        page: usize,
    ) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after = Value::Null;
        loop {
            let comma = if arguments.is_empty() { "" } else { ", " };
            let query = format!(
                "query($after: String) {{ {field}({arguments}{comma}first: {page}, after: $after) {{
                    totalCount pageInfo {{ hasNextPage endCursor }} {list} {selection} }} }}"
            );
            let mut answer = self.ask_with(&query, json!({ "after": after })).await;
            assert_eq!(answer.get("errors"), None, "{query}");
            let connection = &mut answer["data"][field];
            items.append(connection[list].as_array_mut().unwrap());
            if connection["pageInfo"]["hasNextPage"] == false {
                // Of reporting lines it is a `Float`.
                assert_eq!(
                    connection["totalCount"].as_f64(),
                    Some(items.len() as f64),
                    "{field}({arguments})"
                );
                return items;
            }
            after = connection["pageInfo"]["endCursor"].take();
        }
    }

    /// The status of a path.
    pub async fn status(&self, path: &str) -> u16 {
        self.request(Method::GET, path).send().await.unwrap().status().as_u16()
    }
}

/// The code of the first error of an answer.
pub fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("no error")
}

/// That code, and the argument that the error names.
pub fn refusal(answer: &Value) -> (&str, &str) {
    (code(answer), answer["errors"][0]["extensions"]["argument"].as_str().unwrap_or("no argument"))
}
