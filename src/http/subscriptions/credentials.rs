//! Who is behind a connection. A page of a browser can't send headers with a WebSocket, so a client may bring its
//! credentials with `connection_init`.

use serde_json::{Map, Value};

use crate::auth::Viewer;

/// The credentials are not good.
#[derive(Debug)]
pub(super) struct Refused;

/// Whoever is behind a socket that was opened by `handshake` and says `payload` with `connection_init`.
///
/// As long as nobody is asked for credentials it is whoever opened it; what a payload holds is for others to
/// read.
#[expect(clippy::unused_async, reason = "whoever checks credentials may have to wait for keys")]
pub(super) async fn viewer(
    handshake: &Viewer,
    _payload: Option<&Map<String, Value>>,
) -> Result<Viewer, Refused> {
    Ok(handshake.clone())
}
