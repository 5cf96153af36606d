//! At the door: letting in, and turning away.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use socket2::{SockRef, TcpKeepalive};
use tokio::{net::TcpStream, time::sleep};

/// How long to wait when the process has no file left for a connection, at first and at most.
const BACK_OFF: [Duration; 2] = [Duration::from_millis(5), Duration::from_secs(1)];

/// When a silent client is asked whether it is still there, and how often.
const KEEP_ALIVE: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(15)];

/// How long a client's machine may leave bytes unacknowledged: one that is gone without a word is found out.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(120);

/// What somebody hears for whom there is no place. There is no request that it could answer by its id.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
    connection: close\r\ncontent-length: 119\r\n\r\n\
    {\"errors\":[{\"message\":\"too many connections; try again in a moment\",\"extensions\":{\"code\":\"THROTTLED\",\"requestId\":\"\"}}]}";

/// The next connection. A listener that can't give one is asked again after a while, for ever.
pub(super) async fn accept<T, F>(mut next: impl FnMut() -> F) -> T
where
    F: Future<Output = io::Result<T>>,
{
    let [mut wait, longest] = BACK_OFF;
    loop {
        match next().await {
            Ok(connection) => return connection,
            // Gone before it was let in: its own affair.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, wait_ms = wait.as_millis() as u64, "no connection can be accepted");
                sleep(wait).await;
                wait = (wait * 2).min(longest);
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// Makes a socket fit for answers that are to come at once, and for clients that vanish. What can't be set
/// isn't: the times of `Phase` hold all the same.
pub(super) fn prepare(socket: &TcpStream) {
    if let Err(error) = socket.set_nodelay(true).and_then(|()| watch_over(&SockRef::from(socket))) {
        tracing::debug!(%error, "a socket can't be prepared");
    }
}

fn watch_over(socket: &SockRef<'_>) -> io::Result<()> {
    let [after, every] = KEEP_ALIVE;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(after).with_interval(every))
}

/// Closes a connection for which there is no place, saying so where that takes no more than one write.
pub(super) fn turn_away(socket: &TcpStream, speaks_tls: bool) {
    if !speaks_tls {
        // Whoever can't take it hears the close.
        let _ = socket.try_write(FULL);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_listener_without_files_is_asked_again_ever_more_slowly() {
        let began = Instant::now();
        let mut asked = 0;
        let accepted = accept(|| {
            asked += 1;
            let no_file = || io::Error::from_raw_os_error(24); // EMFILE
            std::future::ready(if asked <= 10 { Err(no_file()) } else { Ok(asked) })
        });
        assert_eq!(accepted.await, 11);
        // 5 + 10 + … + 640 ms, then a second each.
        assert!((3_275..3_300).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_gone_already_holds_nobody_up() {
        let began = Instant::now();
        let mut asked = 0;
        let accepted = accept(|| {
            asked += 1;
            std::future::ready(if asked < 50 { Err(ErrorKind::ConnectionAborted.into()) } else { Ok(asked) })
        });
        assert_eq!(accepted.await, 50);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[test]
    fn the_answer_to_whom_there_is_no_place_for_is_whole() {
        let text = std::str::from_utf8(FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}\r\n", body.len()))
                || head.ends_with(&format!("content-length: {}", body.len())),
            "{}",
            body.len()
        );
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "THROTTLED");
    }
}
