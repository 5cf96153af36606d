//! The operators' door of a service that this process runs.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    admin::{self, Announcement},
    app::Door,
};

/// Opens the door, and tells the commands where it is: at the address that was said, or else the usual one,
/// or, if that is taken, any for which the state directory is a guide.
pub(super) async fn open(
    said: Option<SocketAddr>,
    state: Option<&Path>,
) -> Result<(Option<Door>, Option<Announcement>)> {
    let address = said.unwrap_or(admin::DEFAULT);
    let listener = match (TcpListener::bind(address).await, said, state) {
        (Ok(listener), ..) => listener,
        (Err(error), Some(_), _) => {
            return Err(error).with_context(|| {
                format!("can't listen on {address}; another address can be given with --admin")
            });
        }
        (Err(_), None, Some(_)) => TcpListener::bind(SocketAddr::new(address.ip(), 0)).await?,
        (Err(error), None, None) => {
            tracing::warn!(%address, %error, "there is no door for `orgraph sync` and `orgraph quarantine`: its address is taken");
            return Ok((None, None));
        }
    };
    let name = format!("{:032x}", fastrand::u128(..));
    let announced = state.and_then(|directory| {
        let announced = admin::announce(directory, listener.local_addr().ok()?, &name);
        announced
            .inspect_err(|error| tracing::error!(%error, "the state directory can't tell the commands where the door is"))
            .ok()
    });
    tracing::info!(door = %listener.local_addr()?, "operators come in by");
    Ok((Some(Door { listener, name }), announced))
}
