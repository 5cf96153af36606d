//! What the command takes for a table of a service's, and what it doesn't.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::command::export;
use crate::support::Scratch;

/// Something that answers everybody with these bytes and closes.
async fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (mut asked, mut piece) = (Vec::new(), [0; 1_024]);
            while !asked.ends_with(b"\r\n\r\n") {
                let Ok(bytes @ 1..) = socket.read(&mut piece).await else { break };
                asked.extend_from_slice(&piece[..bytes]);
            }
            _ = socket.write_all(answer.as_bytes()).await;
            _ = socket.shutdown().await;
        }
    });
    address
}

const PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<p>Sign in</p>";
const UNNAMED: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: 3\r\n\r\nid\n";
const ENDLESS: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\nx-snapshot-version: 1\r\nconnection: close\r\n\r\nid\n1\n";
const BY_1_0: &str =
    "HTTP/1.0 200 OK\r\ncontent-type: text/csv; charset=utf-8\r\nx-snapshot-version: 1\r\n\r\nid\n1\n";
const TABLE: &str = "HTTP/1.1 200 OK\r\ncontent-type: Text/CSV; charset=utf-8\r\nx-snapshot-version: 1\r\n\
    transfer-encoding: chunked\r\n\r\n5\r\nid\n1\n\r\n0\r\n\r\n";

#[tokio::test]
async fn what_is_no_table_or_has_no_end_replaces_nothing() {
    let scratch = Scratch::new();
    let file = scratch.path().join("users.csv");
    std::fs::write(&file, "good\n").unwrap();
    for (answer, told) in [
        (PAGE, "it says that it is \"text/html\" and not \"text/csv\""),
        (UNNAMED, "it says of no snapshot that it is from (x-snapshot-version)"),
        (ENDLESS, "a part can't be told from the whole"),
        (BY_1_0, "a part can't be told from the whole"),
    ] {
        let server = answering(answer).await;
        let ended = export(&["users", "-o", file.to_str().unwrap(), "--server", &server], &[]).await;
        assert_eq!(ended.code, 1, "{}", ended.errors);
        let whole = format!("what answers at {server} sends no table of orgraph's: ");
        assert!(ended.errors.contains(&whole) && ended.errors.contains(told), "{}", ended.errors);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "good\n");
    }
    let server = answering(TABLE).await;
    let ended = export(&["users", "-o", file.to_str().unwrap(), "--server", &server], &[]).await;
    assert_eq!((ended.code, ended.errors.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "id\n1\n");
}
