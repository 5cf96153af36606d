//! Who is behind a connection, and for how long. A page of a browser can't send headers with a WebSocket, so a client
//! may bring its credential with `connection_init`.

use serde_json::{Map, Value};
use tokio::sync::watch;

use super::socket::Handshake;
use crate::{
    auth::{Authenticator, Unauthenticated, Viewer},
    http::request_id::RequestId,
};

/// Where `connection_init` has the credential: what the header of that name would hold, in whatever case.
const AUTHORIZATION: &str = "authorization";

/// The credentials are not good.
#[derive(Debug)]
pub(super) struct Refused;

/// Whoever is behind a socket that was opened by `handshake` and says `payload` with `connection_init`. A credential
/// there counts more than one of the handshake: it is the later word.
pub(super) async fn viewer(
    authenticator: &Authenticator,
    handshake: &Handshake,
    payload: Option<&Map<String, Value>>,
    request_id: &RequestId,
) -> Result<Viewer, Refused> {
    let said = payload.into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case(AUTHORIZATION));
    let address = handshake.address;
    let told = match (said, &handshake.viewer) {
        (Some((_, Value::String(said))), _) if authenticator.is_on() => {
            authenticator.viewer(Some(said), address).await
        }
        (_, Some(viewer)) => Ok(viewer.clone()),
        (_, None) => Err(Unauthenticated::Missing),
    };
    told.map_err(|why| {
        let request_id = request_id.as_str();
        tracing::info!(reason = why.reason(), %address, request_id, "a socket is not let in");
        Refused
    })
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
