//! A client that sends what it likes, byte by byte.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::FOREVER;

/// A connection to the service.
pub struct Raw<S = TcpStream> {
    pub socket: S,
    read: Vec<u8>,
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        super::code(&self.json()).to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A POST of this query, in one piece.
pub fn post(query: &str) -> Vec<u8> {
    post_with(query, "")
}

/// The same, with further lines of the head, each with its end.
pub fn post_with(query: &str, lines: &str) -> Vec<u8> {
    let body = serde_json::json!({ "query": query }).to_string();
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: orgraph.example\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{lines}\r\n{body}"
    )
    .into_bytes()
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    pub fn over(socket: S) -> Self {
        Self { socket, read: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).await.unwrap();
    }

    /// The same, to somebody who may have gone.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        timeout(FOREVER, self.socket.write_all(bytes.as_ref())).await.expect("nothing is taken")?;
        self.socket.flush().await
    }

    /// The next answer, with a body of a told length; `None` if the connection ends before it.
    pub async fn answer(&mut self) -> Option<Answer> {
        let end = loop {
            match self.read.windows(4).position(|end| end == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None if self.more().await => {}
                None => return None,
            }
        };
        let head = String::from_utf8_lossy(&self.read[..end]).to_lowercase();
        let mut answer =
            Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head, body: Vec::new() };
        let length: usize = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        while self.read.len() < end + length {
            assert!(self.more().await, "the answer is cut off: {answer:?}");
        }
        answer.body = self.read[end..end + length].to_vec();
        self.read.drain(..end + length);
        Some(answer)
    }

    /// Asks and waits for the answer.
    pub async fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Answer {
        self.send(bytes).await;
        self.answer().await.expect("closed without an answer")
    }

    /// Reads until these bytes have come, and drops all up to their end.
    pub async fn until(&mut self, words: &str) {
        loop {
            if let Some(at) = self.read.windows(words.len()).position(|part| part == words.as_bytes()) {
                self.read.drain(..at + words.len());
                return;
            }
            assert!(self.more().await, "it ended before {words:?}");
        }
    }

    /// What has come beyond what was read.
    pub fn taken(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.read)
    }

    /// Waits for the end of the connection; tells whether it was a clean one, and nothing more came.
    pub async fn ended(&mut self) -> bool {
        let mut rest = std::mem::take(&mut self.read);
        match timeout(FOREVER, self.socket.read_to_end(&mut rest)).await.expect("it doesn't end") {
            Ok(_) => rest.is_empty(),
            Err(_) => false,
        }
    }

    async fn more(&mut self) -> bool {
        let mut buffer = [0; 4_096];
        match timeout(FOREVER, self.socket.read(&mut buffer)).await.expect("nothing comes") {
            Ok(0) | Err(_) => false,
            Ok(bytes) => {
                self.read.extend_from_slice(&buffer[..bytes]);
                true
            }
        }
    }
}
