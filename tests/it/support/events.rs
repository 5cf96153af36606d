//! Streams of events, as graphql-sse has them.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Client, FOREVER};

/// A stream of events as it is read.
pub struct Events {
    response: Response,
    unread: String,
}

impl Events {
    /// The answer to a query that is asked for as a stream.
    pub async fn post(client: &Client, query: &str) -> Self {
        Self::ask(client.request(Method::POST, "/graphql"), query).await
    }

    /// The same, with a request to be filled in.
    pub async fn ask(request: RequestBuilder, query: &str) -> Self {
        let request =
            request.header("accept", "text/event-stream").header("content-type", "application/json");
        let response = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        Self::of(response)
    }

    /// What follows in an answer.
    pub fn of(response: Response) -> Self {
        Self { response, unread: String::new() }
    }

    /// The next block of lines; nothing when the stream has ended.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let block = block.to_owned();
                self.unread = rest.to_owned();
                return Some(block);
            }
            let chunk = timeout(FOREVER, self.response.chunk()).await.expect("nothing comes").unwrap()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// What the next event holds.
    pub async fn next(&mut self) -> Value {
        let block = self.block().await.expect("an event");
        let data = block.strip_prefix("event: next\ndata: ").unwrap_or_else(|| panic!("{block}"));
        serde_json::from_str(data).unwrap()
    }
}
