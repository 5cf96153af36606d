//! A table that is written while it is read: batches are made on a thread that may block, as fast as the client takes
//! them, and nothing more of it is anywhere.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinError, spawn_blocking},
    time::{Instant, timeout_at},
};

use super::{
    super::{
        asker::CountedAs,
        concurrency::{Full, Places, Wait},
    },
    deadline::Deadline,
};
use crate::export::{Audience, Export, Fault, Shown};

/// Bytes that are handed on at once.
const PIECE: usize = 64 << 10;
/// Pieces that wait for the client to take them.
const WAITING: usize = 4;

/// What comes by the channel. One that closes without an end was broken off.
enum Piece {
    Bytes(Bytes),
    End,
}

/// Begins to write `export` in a place of the client's. `told` hears of contact data before it is written.
pub(super) async fn begin(
    places: &Places,
    CountedAs(client): CountedAs,
    export: Export,
    told: impl FnMut(&Shown) + Send + 'static,
    deadline: Deadline,
) -> Result<Body, Full> {
    // Whoever has gone may be noticed before there is anything to send, if there ever is.
    let audience = Audience::default();
    let export = export.awaited_by(&audience);
    let (sender, receiver) = mpsc::channel(WAITING);
    let (begins, begun) = oneshot::channel();
    let places = places.clone();
    let writing = tokio::spawn(async move {
        let work = async {
            // Whoever waits for it has gone, and so has the channel's other end.
            let _ = begins.send(());
            let name = export.question().file_name();
            told_of(&name, spawn_blocking(move || write(&export, told, sender)).await);
        };
        places.within(&client, Wait::Briefly, work).await.err()
    });
    if begun.await.is_ok() {
        return Ok(body(receiver, audience, deadline));
    }
    Err(writing.await.ok().flatten().unwrap_or(Full::InAll))
}

fn write(export: &Export, mut told: impl FnMut(&Shown), sender: mpsc::Sender<Piece>) -> Result<(), Fault> {
    let mut pieces = Pieces { sender, piece: Vec::with_capacity(PIECE) };
    export.write(&mut pieces, |shown, _| told(shown))?;
    pieces.flush()?;
    Ok(pieces.send(Piece::End)?)
}

/// What became of a table is known here alone: its client sees a body that ends too early.
fn told_of(name: &str, written: Result<Result<(), Fault>, JoinError>) {
    match written {
        Ok(Ok(())) => {}
        Ok(Err(Fault::Io(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            tracing::debug!(name, "a table was not read to its end");
        }
        Ok(Err(fault)) => tracing::error!(name, %fault, "a table was broken off"),
        Err(error) => tracing::error!(name, %error, "a table was broken off"),
    }
}

/// What is sent. It fails where the writing was broken off, or took too long: no client may take it for the whole.
fn body(receiver: mpsc::Receiver<Piece>, audience: Audience, deadline: Deadline) -> Body {
    let pieces = stream::unfold(Some((receiver, audience, deadline)), |sent| async {
        let (mut receiver, audience, deadline) = sent?;
        // However much is there: what is late is late.
        if Instant::now() >= deadline.until {
            return Some((Err(deadline.passed()), None));
        }
        match timeout_at(deadline.until, receiver.recv()).await {
            Ok(Some(Piece::Bytes(bytes))) => Some((Ok(bytes), Some((receiver, audience, deadline)))),
            Ok(Some(Piece::End)) => None,
            Ok(None) => Some((Err(io::Error::other("the table was broken off")), None)),
            Err(_) => Some((Err(deadline.passed()), None)),
        }
    });
    // What compresses it asks once more after the end.
    Body::from_stream(pieces.fuse())
}

/// The channel as something to write to; it waits for the client.
struct Pieces {
    sender: mpsc::Sender<Piece>,
    piece: Vec<u8>,
}

impl Pieces {
    fn send(&self, piece: Piece) -> io::Result<()> {
        self.sender.blocking_send(piece).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.send(Piece::Bytes(piece.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::http::{Observed, ObservedSettings, request_id::RequestId};

    fn seconds(seconds: u64) -> Deadline {
        let observed = Observed::new(ObservedSettings::default());
        let name = "users.csv".to_owned();
        Deadline::after(Duration::from_secs(seconds), name, RequestId::default(), observed)
    }

    async fn read(body: Body) -> (Vec<u8>, bool) {
        let (mut all, mut failed) = (Vec::new(), false);
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => all.extend_from_slice(&piece),
                Err(_) => failed = true,
            }
        }
        (all, failed)
    }

    #[tokio::test]
    async fn what_is_broken_off_fails_and_what_has_an_end_does_not() {
        for whole in [true, false] {
            let (sender, receiver) = mpsc::channel(WAITING);
            sender.send(Piece::Bytes("a".into())).await.ok().unwrap();
            if whole {
                sender.send(Piece::End).await.ok().unwrap();
            }
            drop(sender);
            assert_eq!(read(body(receiver, Audience::default(), seconds(9))).await, (b"a".to_vec(), !whole));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_fails() {
        let (_held, receiver) = mpsc::channel(WAITING);
        assert_eq!(read(body(receiver, Audience::default(), seconds(9))).await, (vec![], true));
    }

    #[test]
    fn whoever_writes_hears_that_nobody_reads() {
        let (sender, receiver) = mpsc::channel(WAITING);
        drop(receiver);
        let mut pieces = Pieces { sender, piece: Vec::new() };
        let error = pieces.write_all(&[0; PIECE]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
