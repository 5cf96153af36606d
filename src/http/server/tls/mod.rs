//! TLS: handshakes within bounds, by a certificate that may be replaced under way.

mod pair;

use std::{
    io::{self, ErrorKind},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::{Semaphore, watch},
    time::sleep,
};
use tokio_rustls::{
    LazyConfigAcceptor,
    rustls::{ServerConfig, server::Acceptor},
    server::TlsStream,
};

use self::pair::{Contents, Files};
use super::stall::Stall;

pub use pair::TlsError;

/// How often the files are looked at, if nothing else is said.
const REREAD_EVERY: Duration = Duration::from_secs(5);

/// The first byte of a handshake.
const HANDSHAKE: u8 = 0x16;

/// The most that is read away of what isn't TLS, so that the close is a clean one.
const READ_AWAY: usize = 64 * 1_024;

const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\n\
    content-length: 24\r\n\r\nthis port speaks https.\n";

/// A certificate with its key, reread from their files whenever these change. Cheap to clone; clones are the
/// same pair.
#[derive(Clone)]
pub struct Tls {
    files: Arc<Files>,
    every: Duration,
    /// What the pair was made from.
    read: Contents,
    current: watch::Sender<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads a chain of certificates and the key of its first (PEM; PKCS#8, SEC1 or PKCS#1).
    ///
    /// # Errors
    /// If a file can't be read or holds nothing of the kind, or the key is another certificate's.
    pub fn load(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let files = Files { certificate, key };
        let read = files.read()?;
        let config = files.config(&read)?;
        Ok(Self { files: Arc::new(files), every: REREAD_EVERY, read, current: watch::Sender::new(config) })
    }

    /// The same, looking at the files so often.
    #[must_use]
    pub fn rereading_every(self, every: Duration) -> Self {
        Self { every, ..self }
    }

    /// Looks at the files for ever. A pair that can't be used is told of once, and the last good one stays.
    pub(super) async fn keep_fresh(self) {
        let mut seen = Ok(self.read);
        loop {
            sleep(self.every).await;
            let files = Arc::clone(&self.files);
            // A thread that is gone is a process that ends.
            let Ok(read) = tokio::task::spawn_blocking(move || files.read()).await else { return };
            match (&read, &seen) {
                (Ok(now), Ok(before)) if now.digest == before.digest => continue,
                (Err(_), Err(())) => continue,
                _ => {}
            }
            match read.as_ref().map_err(Clone::clone).and_then(|read| self.files.config(read)) {
                Ok(config) => {
                    self.current.send_replace(config);
                    tracing::info!("the TLS certificate has been reread");
                }
                Err(error) => {
                    tracing::warn!(%error, "the TLS certificate can't be reread; the last one stays")
                }
            }
            seen = read.map_err(|_| ());
        }
    }

    /// Completes a handshake; from then on the client may take nothing for as long as `stall`. Only one that has begun takes a turn among `turns`, so that nobody who says
    /// nothing keeps others waiting.
    pub(super) async fn greet(
        &self,
        mut socket: TcpStream,
        stall: Duration,
        turns: &Semaphore,
    ) -> io::Result<TlsStream<Stall<TcpStream>>> {
        let mut first = [0];
        if socket.peek(&mut first).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if first != [HANDSHAKE] {
            if first[0].is_ascii_alphabetic() {
                // A client that doesn't take even this much hears the close.
                let _ = socket.try_write(PLAIN);
            }
            close(&mut socket).await;
            return Err(io::Error::new(ErrorKind::InvalidData, "what came is no TLS"));
        }
        let mut hello = LazyConfigAcceptor::new(Acceptor::default(), Stall::new(socket, stall));
        let begun = match (&mut hello).await {
            Ok(begun) => begun,
            Err(error) => {
                if let Some(socket) = hello.take_io() {
                    close(&mut socket.into_inner()).await;
                }
                return Err(error);
            }
        };
        let _turn = turns.acquire().await.map_err(io::Error::other)?;
        let config = Arc::clone(&self.current.borrow());
        begun.into_stream(config).await
    }
}

/// Closes without a reset, which what lies unread would cause: the client may be reading its answer.
async fn close(socket: &mut TcpStream) {
    let mut buffer = [0; 1_024];
    for _ in 0..READ_AWAY / buffer.len() {
        if !socket.try_read(&mut buffer).is_ok_and(|bytes| bytes > 0) {
            break;
        }
    }
    let _ = socket.shutdown().await;
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}
