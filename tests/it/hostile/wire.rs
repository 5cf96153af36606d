//! HTTP/1.1 as bytes, so that what no client would send can be sent, and what comes back is seen as it came.

use std::{
    io::{Error, ErrorKind, Result},
    net::SocketAddr,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::FOREVER;

/// A request that is well-formed HTTP, whatever it says.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A POST to `/graphql` with a body that is said to be JSON.
    pub fn post(body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", "/graphql").header("content-type", "application/json").body(body)
    }

    /// An operation as most clients send it.
    pub fn query(query: &str) -> Self {
        Self::post(serde_json::json!({ "query": query }).to_string())
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// As it goes over the wire: with a host and, where there is a body, its length.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if !self.body.is_empty() {
            bytes.extend_from_slice(format!("content-length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn closes(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// A connection that is kept as long as both sides keep it.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends one request and waits for its answer.
    pub async fn exchange(&mut self, request: &Request) -> Result<Answer> {
        let (kept, bytes, is_head) = (self.stream.is_some(), request.bytes(), request.method == "HEAD");
        match self.try_exchange(&bytes, is_head).await {
            // The server may have closed it since the last answer.
            Err(_) if kept => self.try_exchange(&bytes, is_head).await,
            answer => answer,
        }
    }

    async fn try_exchange(&mut self, bytes: &[u8], is_head: bool) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        let (mut from, mut to) = stream.split();
        // Who refuses a body may do so before it has read it, and not read it.
        let mut buffer = Vec::new();
        let read = async {
            let answer = read_answer(&mut from, &mut buffer, is_head).await?;
            answer.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
        };
        let exchange = async {
            let write = to.write_all(bytes);
            let (written, answer) = tokio::join!(write, read);
            answer.map(|answer| (written.is_ok(), answer))
        };
        let (whole, answer) =
            timeout(FOREVER, exchange).await.map_err(|_| Error::from(ErrorKind::TimedOut))??;
        if whole && buffer.is_empty() && !answer.closes() {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

/// Sends bytes on a connection of their own, says that no more come, and reads whatever is answered.
pub async fn send_and_end(address: SocketAddr, bytes: &[u8]) -> Result<Vec<Answer>> {
    let mut stream = TcpStream::connect(address).await?;
    let (mut from, mut to) = stream.split();
    let write = async {
        // Whoever has seen enough closes before all is written.
        if to.write_all(bytes).await.is_ok() {
            _ = to.shutdown().await;
        }
    };
    let both = async { tokio::join!(write, read_all(&mut from)).1 };
    timeout(FOREVER, both).await.map_err(|_| Error::from(ErrorKind::TimedOut))?
}

async fn read_all(from: &mut (impl AsyncReadExt + Unpin)) -> Result<Vec<Answer>> {
    let (mut answers, mut buffer) = (Vec::new(), Vec::new());
    loop {
        match read_answer(from, &mut buffer, false).await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return Ok(answers),
            // Closed with bytes of ours unread.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(answers),
            Err(error) => return Err(error),
        }
    }
}

/// The next answer; `None` where the connection ends before one.
async fn read_answer(
    from: &mut (impl AsyncReadExt + Unpin),
    buffer: &mut Vec<u8>,
    is_head: bool,
) -> Result<Option<Answer>> {
    let mut answer = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head: Vec<_> = buffer.drain(..end + 4).collect();
            let answer = head_of(&head)?;
            if answer.status != 100 {
                break answer;
            }
        } else if from.read_buf(buffer).await? == 0 {
            return if buffer.is_empty() { Ok(None) } else { Err(malformed("a head that is cut off")) };
        }
    };
    if is_head || [204, 304].contains(&answer.status) {
        return Ok(Some(answer));
    }
    if answer.header("transfer-encoding").is_some() {
        answer.body = chunks(from, buffer).await?;
        return Ok(Some(answer));
    }
    let length = match answer.header("content-length") {
        Some(length) => length.parse().map_err(|_| malformed("a length that is no number"))?,
        None => 0,
    };
    fill(from, buffer, length).await?;
    answer.body = buffer.drain(..length).collect();
    Ok(Some(answer))
}

fn head_of(head: &[u8]) -> Result<Answer> {
    let head = str::from_utf8(head).map_err(|_| malformed("a head that is no text"))?;
    let mut lines = head.trim_end().split("\r\n");
    let status =
        lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ").or(line.strip_prefix("HTTP/1.0 ")));
    let status = status.and_then(|rest| rest.get(..3)?.parse().ok()).ok_or_else(|| malformed("no status"))?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header without a colon"))?;
        Ok((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    Ok(Answer { status, headers: lines.map(header).collect::<Result<_>>()?, body: Vec::new() })
}

async fn chunks(from: &mut (impl AsyncReadExt + Unpin), buffer: &mut Vec<u8>) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = loop {
            match buffer.windows(2).position(|two| two == b"\r\n") {
                Some(end) => break end,
                None => fill(from, buffer, buffer.len() + 1).await?,
            }
        };
        let size = str::from_utf8(&buffer[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let size = size.ok_or_else(|| malformed("a chunk without a size"))?;
        buffer.drain(..end + 2);
        fill(from, buffer, size + 2).await?;
        body.extend(buffer.drain(..size));
        buffer.drain(..2);
        if size == 0 {
            return Ok(body);
        }
    }
}

/// Reads until so many bytes are there.
async fn fill(from: &mut (impl AsyncReadExt + Unpin), buffer: &mut Vec<u8>, length: usize) -> Result<()> {
    while buffer.len() < length {
        if from.read_buf(buffer).await? == 0 {
            return Err(malformed("a body that is cut off"));
        }
    }
    Ok(())
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the server sent {what}"))
}
