//! An exchange byte by byte, without a client's opinion on it.

use std::time::Duration;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{Served, basic};

/// Longer than anything takes.
const FOREVER: Duration = Duration::from_secs(60);

/// An exchange under way.
pub(super) struct Exchange {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Raw {
    /// Empty if nothing came.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Exchange {
    pub(super) async fn get(served: &Served, path: &str) -> Self {
        let address = served.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let key = basic("simulator:simulator");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {key}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        Self { stream, received: Vec::new() }
    }

    /// Reads on until there is so much of it, or its end; tells whether there is.
    pub(super) async fn until(&mut self, enough: impl Fn(&Raw) -> bool) -> bool {
        let read = async {
            while !enough(&self.so_far()) {
                match self.stream.read_buf(&mut self.received).await {
                    Ok(0) | Err(_) => return false,
                    Ok(_) => {}
                }
            }
            true
        };
        timeout(FOREVER, read).await.unwrap()
    }

    /// All of the answer, or what there is when the connection ends.
    pub(super) async fn whole(mut self) -> Raw {
        self.until(|raw| raw.length().is_some_and(|length| raw.body.len() >= length)).await;
        self.so_far()
    }

    pub(super) fn so_far(&self) -> Raw {
        const END: &[u8] = b"\r\n\r\n";
        let end = self.received.windows(END.len()).position(|window| window == END);
        let (head, body) = self.received.split_at(end.map_or(self.received.len(), |at| at + END.len()));
        Raw { head: String::from_utf8(head.to_vec()).unwrap(), body: body.to_vec() }
    }
}

impl Raw {
    pub(super) fn status(&self) -> u16 {
        self.head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// What the head says the body is long.
    pub(super) fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    pub(super) fn json(&self) -> Value {
        assert_eq!(self.length(), Some(self.body.len()));
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Served {
    pub(super) async fn raw(&self, path: &str) -> Raw {
        Exchange::get(self, path).await.whole().await
    }
}
