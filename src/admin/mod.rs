//! The operator's door: what is held back, a decision on it, a scan now. It is open on loopback only, beside
//! the service's own address, so that no proxy in front of the service opens it by mistake.
//!
//! Both ends are here: the [`serve`]d one, in the running service, and the [`Client`] that the commands use.
//! Who comes has to be on this machine and say so in a header that no web page can send unasked.

mod wire;
mod door;
mod client;
mod address;

pub use address::{Address, Announcement, DEFAULT, announce, find};
pub use client::{Client, ClientError};
pub use door::serve;
pub use wire::{HeldBack, Judgement, Progress, Reason, Requested};
