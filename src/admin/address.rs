//! Where the door is: said by the operator, or left in the state directory by the service.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

/// Where the door is unless something else is said.
pub const DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8_079);

const FILE: &str = "admin-address";

/// Leaves the address of the door in the state directory, for [`find`].
///
/// # Errors
/// If the file can't be written.
pub fn announce(state_dir: &Path, address: SocketAddr) -> io::Result<()> {
    fs::write(state_dir.join(FILE), format!("{address}\n"))
}

/// The address that the service with this state directory has left there.
pub fn find(state_dir: &Path) -> Option<SocketAddr> {
    let address: SocketAddr = fs::read_to_string(state_dir.join(FILE)).ok()?.trim().parse().ok()?;
    address.ip().is_loopback().then_some(address)
}
