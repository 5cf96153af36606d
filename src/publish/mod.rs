//! The tables in a PostgreSQL: for tools that speak nothing but SQL.
//!
//! A [`Target`] is a database and a schema in it. [`publish`] lays a snapshot's tables there, those of
//! [`export`](crate::export) with their usual columns and no contact data, in one transaction: whoever reads sees one
//! snapshot or the next. Rows that haven't changed aren't touched, rows that are gone are removed, and what orgraph didn't
//! make is left alone. A [`Follower`] does so after each sync, and whatever happens to it happens to nothing else.

mod error;
mod target;
mod session;
mod sql;
mod tables;
mod layout;
mod found;
mod merge;
mod transaction;
mod rehearsal;
mod tally;
mod follow;

pub use error::PublishError;
pub use follow::Follower;
pub use merge::Changes;
pub use rehearsal::rehearse;
pub use tally::{Outcome, Tally};
pub use target::{Settings, Target, TargetError};
pub use transaction::{Published, publish};
