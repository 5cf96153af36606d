//! A Gong workspace to develop, demonstrate and test against.
//!
//! It speaks the users part of Gong's REST API over HTTP: paging with signed cursors, the three
//! call limits, Basic authentication, error envelopes. The people come from a file
//! ([`Workspace::from_ndjson`]) or are made up ([`Workspace::generate`]), and may change while the
//! server runs ([`Simulator::edit`]). What can go wrong at Gong can be made to go wrong here, by name
//! ([`Simulator::faults`]). [`Stats`] tells what a client did, so that a test can assert
//! it.
//!
//! Bodies and headers have the shapes of recorded and documented answers. What nobody published is
//! assumed:
//!
//! - the wording of every error but the two about cursors, the body of a 429, and the 401 of a
//!   wrong key;
//! - the payload of a cursor and its life, and that one endpoint's cursor is foreign to the other;
//! - the cap on ids a request, that an empty `userIds` filters nothing, and that an empty `cursor`
//!   is page 1;
//! - the shape of an avatar, and that `GET /v2/users/{id}` shows one;
//! - that a call refused by a limit does not use up that limit or another.
//!
//! Connectors had to code for these, and so they are done here: both cursor errors, the frozen
//! `totalRecords`, and the 404 of a filter that matches nobody.
//!
//! ```no_run
//! # use orgraph::simulator::{Settings, Simulator, Workspace};
//! # async fn demo() -> std::io::Result<()> {
//! let simulator = Simulator::new(Workspace::generate(1_000, 7), Settings::default());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! simulator.serve(listener, std::future::pending()).await
//! # }
//! ```

mod settings;
mod server;
mod gate;
mod faults;
mod limits;
mod sliding;
mod access;
mod stats;
mod envelope;
mod users;
mod listing;
mod filter;
mod cursor;
mod signing;
mod tenant;
mod user;
mod workspace;
mod generate;
mod organisation;
mod person;
mod names;
mod titles;

pub use faults::{ActiveFault, Effect, Fault, FaultKind, Faults, ScriptError, TooManyFaults, ValueSpec};
pub use server::Simulator;
pub use settings::Settings;
pub use stats::{CallsByEndpoint, Stats};
pub use user::{SimUser, SpokenLanguage, UserSettings};
pub use workspace::{LineFault, LoadError, Workspace};

#[cfg(test)]
mod tests;
