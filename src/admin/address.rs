//! Where the door is: said by the operator, or left in the state directory by the service.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// Where the door is unless something else is said.
pub const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8_079);

const FILE: &str = "admin-address";

/// Which service is meant: whoever has the port by now may be another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where its door is.
    pub door: SocketAddr,
    /// What the service calls itself; `None` for whichever is there.
    pub name: Option<String>,
}

/// The address of a door, left in a state directory until it is dropped.
#[derive(Debug)]
pub struct Announcement(PathBuf);

/// Leaves the address of the service of this name in the state directory, for [`find`].
///
/// # Errors
/// If the file can't be written.
pub fn announce(state_dir: &Path, door: SocketAddr, name: &str) -> io::Result<Announcement> {
    let file = state_dir.join(FILE);
    let beside = state_dir.join(format!("{FILE}.new"));
    fs::write(&beside, format!("{door} {name}\n"))?;
    fs::rename(&beside, &file)?;
    Ok(Announcement(file))
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // A file that stays leads to nobody: the name in it is nobody else's.
        let _ = fs::remove_file(&self.0);
    }
}

/// The address that the service with this state directory has left there.
pub fn find(state_dir: &Path) -> Option<Address> {
    let text = fs::read_to_string(state_dir.join(FILE)).ok()?;
    let (door, name) = text.trim().split_once(' ')?;
    let door: SocketAddr = door.parse().ok()?;
    door.ip().is_loopback().then(|| Address { door, name: Some(name.to_owned()) })
}
