//! Meets the network: accepts connections within bounds, and serves until asked to stop; then lets what runs
//! come to its end, within a deadline.

mod settings;
mod accept;
mod places;
mod phase;
mod alarm;
mod stall;
mod watched;
mod connection;
mod tls;

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Request, Response},
};
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tower::Service;

use self::{
    accept::{accept, prepare, turn_away},
    connection::{Common, converse},
    places::{Place, Places},
    stall::Stall,
};
use super::peer::Client;

pub use settings::{ConcurrencyBounds, ConnectionBounds, HeadBounds, ServerSettings, Times};
pub use tls::{Tls, TlsError};

/// How long requests under way may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// In the extensions of an answer that may take longer than others to be sent, and has a bound of its own on that. Its
/// client has to go on taking it all the same.
#[derive(Clone, Copy)]
pub(super) struct Unhurried;

/// What answers requests: always ready, and cheap to clone, which is done for each.
pub trait Answers:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answers for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Serves `site` on `listener` until `shutdown` is done. Trouble with the listener is waited out: it is the
/// process that lacks something, most often files.
pub async fn serve(
    listener: TcpListener,
    site: impl Answers,
    settings: ServerSettings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let (stop, stopping) = watch::channel(false);
    let places = Places::new(settings.connections, settings.trusted_proxies.clone());
    let handshakes = Arc::new(Semaphore::new(settings.connections.handshakes));
    let common = Arc::new(Common { site, settings, stopping });
    // Ended with the server.
    let mut rereading = JoinSet::new();
    if let Some(tls) = common.settings.tls.clone() {
        rereading.spawn(tls.keep_fresh());
    }
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            (socket, address) = accept(|| listener.accept()) => {
                let peer = address.ip().to_canonical();
                match places.take(peer) {
                    Ok(place) => {
                        prepare(&socket);
                        let (common, handshakes) = (Arc::clone(&common), Arc::clone(&handshakes));
                        connections.spawn(attend(common, handshakes, (socket, address), place));
                    }
                    Err(full) => {
                        tracing::debug!(?full, "no place for another connection");
                        turn_away(&socket, common.settings.tls.is_some());
                    }
                }
            }
        }
    }
    // Nobody is let in any more, and nobody waits to be.
    drop(listener);
    stop.send_replace(true);
    let drained = timeout(DRAIN, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        let deadline_s = DRAIN.as_secs();
        tracing::warn!(deadline_s, "requests were still running at the deadline; they are cut off");
    }
}

/// A connection from its first byte to its last.
async fn attend(
    common: Arc<Common<impl Answers>>,
    handshakes: Arc<Semaphore>,
    (socket, address): (TcpStream, SocketAddr),
    place: Place,
) {
    let client = |by_tls| Client { address: address.ip().to_canonical(), by_tls };
    let stall = common.settings.times.stall;
    let Some(tls) = &common.settings.tls else {
        return converse(&common, Stall::new(socket, stall), place, client(false)).await;
    };
    let mut stopping = common.stopping.clone();
    let greeted = select! {
        greeted = timeout(common.settings.times.handshake, tls.greet(socket, stall, &handshakes)) => greeted,
        _ = stopping.wait_for(|stop| *stop) => return,
    };
    match greeted {
        Ok(Ok(socket)) => converse(&common, socket, place, client(true)).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake has failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}
