//! Clients that connect and then take their time, for ever.

use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{UNHINDERED, target::Target, wire::Connection};

/// Each kind of idler, so many times.
const OF_EACH: usize = 60;

/// What they say before they fall silent.
const BEGINNINGS: [&[u8]; 5] = [
    b"",
    b"P",
    b"POST /graphql HTTP/1.1\r\nhost: a\r\nx-a: ",
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"query\"",
    b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
];

async fn idlers(target: &Target) -> Vec<TcpStream> {
    let mut idlers = Vec::new();
    for at in 0..OF_EACH * BEGINNINGS.len() {
        let mut stream = TcpStream::connect(target.address).await.unwrap();
        stream.write_all(BEGINNINGS[at % BEGINNINGS.len()]).await.unwrap();
        idlers.push(stream);
    }
    idlers
}

#[tokio::test]
async fn a_crowd_of_half_open_connections_keeps_nobody_from_an_answer() {
    let target = Target::start(&UNHINDERED).await;
    let mut idlers = idlers(&target).await;
    let mut connection = Connection::to(target.address);
    target.answers(&mut connection).await;
    // A byte of a header each, as slowloris does, and a query after each round.
    for _ in 0..5 {
        for idler in &mut idlers {
            // Whoever was closed can't be written to, which is as good.
            _ = idler.write_all(b"a").await;
        }
        target.answers(&mut connection).await;
    }
    drop(idlers);
    target.answers(&mut Connection::to(target.address)).await;
    target.end();
}
