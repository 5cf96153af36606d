//! Fills the directory: reads everybody from Gong, checks what came, builds the organisation, keeps it on
//! disk, publishes it, and does so again as often as the day's calls allow. What fails or is hard to
//! believe leaves the last snapshot in place and shows in the status.

mod service;
mod scans;
mod schedule;
mod interval;
mod progress;
mod scan;
mod windows;
mod listing;
mod absentees;
mod managers;
mod guard;
mod publisher;
mod kept;
mod look;

pub use guard::{GuardBounds, Percent};
pub use interval::{Interval, IntervalError, TooOften};
pub use look::Look;
pub use service::{Settings, Sync};
