//! The organisation as tables for BI tools: flat rows of a snapshot, in the formats that those tools read.
//!
//! A [`Table`] is a list of columns, each of which says what it is and how it is got, and an iterator over rows; a
//! [`Question`] is which of them are wanted; a [`Format`] writes batches of them as they come. No table is ever
//! made as a whole: whatever its length, a batch of rows is in memory, and of Parquet one group of rows.
//!
//! An [`Export`] blocks and takes as long as the reader of what it writes: have a thread write it that may. [`Remote`] is
//! the end by which the command asks a service.

mod column;
mod words;
mod table;
mod users;
mod lines;
mod orphans;
mod issues;
mod stats;
mod question;
mod batch;
mod audience;
mod format;
mod csv;
mod copy;
mod ndjson;
mod arrow;
mod reading;
mod writing;
mod snippet;
mod remote;

pub use audience::Audience;
pub use batch::Shown;
pub use column::{Contact, Kind, Told};
pub use format::Format;
pub use question::{MAX_LEVELS, Question, Unfit, Unknown};
pub use reading::Readings;
pub use remote::{Answered, Remote, RemoteError};
pub use snippet::{Snippet, snippets};
pub use table::Table;
pub use writing::{Export, Fault, Written};
