//! Who is behind a connection, and for how long. A page of a browser can't send headers with a WebSocket, so a client
//! may bring its credential with `connection_init`.

use std::net::IpAddr;

use serde_json::{Map, Value};
use tokio::sync::watch;

use crate::auth::{Authenticator, Viewer};

/// Where `connection_init` has the credential: what the header of that name would hold, in whatever case.
const AUTHORIZATION: &str = "authorization";

/// The credentials are not good.
#[derive(Debug)]
pub(super) struct Refused;

/// Whoever is behind a socket from `address` that was opened by `handshake`, if that showed a credential, and says
/// `payload` with `connection_init`. What is said there counts more: it is the later word.
pub(super) async fn viewer(
    authenticator: &Authenticator,
    (handshake, address): (Option<&Viewer>, IpAddr),
    payload: Option<&Map<String, Value>>,
) -> Result<Viewer, Refused> {
    let said = payload.into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION));
    match (said, handshake) {
        (Some((_, Value::String(said))), _) if authenticator.is_on() => {
            authenticator.viewer(Some(said), address).await.map_err(|why| {
                tracing::info!(reason = why.reason(), "a socket is not let in");
                Refused
            })
        }
        (_, Some(viewer)) => Ok(viewer.clone()),
        (_, None) => Err(Refused),
    }
}

/// Comes back when the credential of `viewer` holds no more, otherwise than by its end.
pub(super) async fn withdrawn(
    authenticator: &Authenticator,
    changes: &mut watch::Receiver<u64>,
    viewer: Option<&Viewer>,
) {
    if let Some(viewer) = viewer {
        while authenticator.still_valid(viewer) {
            if changes.changed().await.is_err() {
                break;
            }
        }
        if !authenticator.still_valid(viewer) {
            return;
        }
    }
    std::future::pending().await
}
