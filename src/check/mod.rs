//! Whether a service with these settings would do: what a doctor asks before anything is served.
//!
//! A check asks Gong the cheapest question that each thing depends on, through the client and the limiter that
//! the service has, and never makes more calls than it was allowed. What it finds are values: [`Finding`]s for
//! people, and the facts behind them for programs ([`Report`]).

mod finding;
mod report;
mod state;
mod reach;
mod scopes;
mod quota;
mod company;
mod examine;

pub use examine::Examination;
pub use finding::{Cause, Finding, Topic, Verdict};
pub use report::Report;
pub use state::{Disk, keep_count, open, spent};

/// Calls that an examination makes at most before it reads everybody: the first page of the listing, and one for
/// each scope beyond it.
pub const CALLS_OF_QUESTIONS: u32 = 6;
