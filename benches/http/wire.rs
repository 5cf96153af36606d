//! One keep-alive connection: a request out, an answer in, of which nothing is read but its length. Blocking, and light
//! enough to keep a server busy from one thread.

use std::{
    hint,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use tokio::time::Instant;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The header of a request that says which answer of a bare handler is wanted: a look-up by body would be work that no
/// bare handler has.
pub(crate) const NUMBER: &str = "x-answer";

/// A connection on which one answer is due at a time.
pub(crate) struct Connection {
    socket: TcpStream,
    bytes: Vec<u8>,
}

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, bytes: vec![0; 64 * 1_024] }
    }

    /// One that is waited at without sleeping. Whoever sleeps has to be woken, by the server, on its time: it would be
    /// the slower of two servers that wakes more often.
    pub(crate) fn awake(address: SocketAddr) -> Self {
        let connection = Self::to(address);
        connection.socket.set_nonblocking(true).unwrap();
        connection
    }

    pub(crate) fn send(&mut self, request: &[u8]) {
        let mut sent = 0;
        while sent < request.len() {
            sent += insistent(|| self.socket.write(&request[sent..]));
        }
    }

    /// The body of the answer that is due.
    ///
    /// # Panics
    /// If it is none of 200 with a told length.
    pub(crate) fn answer(&mut self) -> &[u8] {
        let mut read = 0;
        let body = loop {
            read += self.more(read);
            let end = self.bytes[..read].windows(4).position(|end| end == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
        };
        let head = str::from_utf8(&self.bytes[..body]).unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let (_, length) = head.split_once("content-length: ").unwrap_or_else(|| panic!("{head}"));
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        let end = body + length;
        if end > self.bytes.len() {
            self.bytes.resize(end, 0);
        }
        while read < end {
            read += self.more(read);
        }
        assert_eq!(read, end, "there is more than the answer");
        &self.bytes[body..end]
    }

    /// Asks and waits for the answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.send(request);
        self.answer()
    }

    fn more(&mut self, read: usize) -> usize {
        let bytes = insistent(|| self.socket.read(&mut self.bytes[read..]));
        assert!(bytes > 0, "the connection has ended");
        bytes
    }
}

/// Tries until there is something to be done, if the socket is one that says so.
fn insistent(mut done: impl FnMut() -> io::Result<usize>) -> usize {
    let mut began = None;
    loop {
        match done() {
            Ok(bytes) => return bytes,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let began = *began.get_or_insert_with(Instant::now);
                assert!(began.elapsed() < PATIENCE, "no answer in time");
                hint::spin_loop();
            }
            Err(error) => panic!("no answer: {error}"),
        }
    }
}

/// A POST of `body` by whoever has this credential. `number` says which of the answers that it knows a bare handler is
/// to send; nobody else looks at it.
pub(crate) fn post(credential: &str, number: usize, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {credential}\r\n\
         content-type: application/json\r\naccept: application/json\r\n{NUMBER}: {number}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
