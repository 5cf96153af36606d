//! Fills the directory: reads everybody from Gong, builds the organisation, publishes it, and does so
//! again on an interval. What fails leaves the last snapshot in place and shows in the status.

mod service;
mod scan;
mod managers;
mod schedule;

pub use schedule::{Interval, IntervalError};
pub use service::Sync;
