//! A Gong workspace to develop, demonstrate and test against.
//!
//! It speaks what of Gong's REST API concerns people over HTTP: users, calls, activity, coaching,
//! scorecards and workspaces with signed cursors, the three call limits, Basic authentication,
//! OAuth 2.0 and error envelopes; and beside it SCIM 2.0. The people come from a file
//! ([`Workspace::from_ndjson`]) or are made up ([`Workspace::generate`]), and may change while the
//! server runs ([`Simulator::edit`]), by a [`Series`] of files or a [`Drift`] too. What they did is
//! made up from who they are: pure functions of seed, person and day that fit together. What can go
//! wrong at Gong can be made to go wrong here, by name ([`Simulator::faults`]). [`Stats`] tells what a
//! client did, so that a test can assert it.
//!
//! Bodies and headers have the shapes of recorded and documented answers. What nobody published is
//! assumed:
//!
//! - the wording of every error but those about cursors, a missing scope and calls that are not
//!   found; the body of a 429, and the 401 of a wrong key, token or client;
//! - the payload of a cursor and its life, and that one endpoint's cursor is foreign to the other;
//! - the cap on ids a request, that an empty `userIds` filters nothing, and that an empty `cursor`
//!   is page 1;
//! - the shape of an avatar, and that `GET /v2/users/{id}` shows one;
//! - that a call refused by a limit does not use up that limit or another, and that the limits
//!   don't count the token endpoint and SCIM;
//! - that `POST /v2/stats/activity/aggregate` has a row of zeros for people who did nothing or left,
//!   and 404 when nobody whom it names is here;
//! - that `GET /v2/coaching` takes any manager, needs no `workspace-id`, and counts inactive reports;
//! - that a refresh token is dead as soon as it was used ([`OauthSettings::refresh_grace`]), that
//!   an old access token stays good until it expires, and that a refused grant is a 400;
//! - the rows of a settings history ([`HistoryRows`]) and how long a window of calls may be
//!   ([`Settings::max_call_window_days`]);
//! - all of SCIM beyond the standard: ids, `externalId`, groups, filters, its base path.
//!
//! Connectors had to code for these, and so they are done here: both cursor errors, the frozen
//! `totalRecords`, the 404 of a filter that matches nobody, the 403 of a token at a wrong host, the
//! names of coaching's metrics, and SCIM's two ways to write a manager.
//!
//! Simpler than Gong: one UTC offset all the year, one workspace, only people who are active now
//! have calls, and days that aren't over have none yet. `callIds` of `POST /v2/calls/extensive` is
//! refused; of its `contentSelector`, only `parties` is known.
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
mod oauth;
mod stats;
mod envelope;
mod request;
mod users;
mod resources;
mod scim;
mod listing;
mod filter;
mod cursor;
mod signing;
mod tenant;
mod changes;
mod calendar;
mod diary;
mod chance;
mod user;
mod workspace;
mod generate;
mod organisation;
mod person;
mod names;
mod titles;

pub use changes::{Changes, Difference, Drift, Series, SeriesError, Step};
pub use faults::{ActiveFault, Effect, Fault, FaultKind, Faults, ScriptError, TooManyFaults, ValueSpec};
pub use oauth::{OauthSettings, SCOPES};
pub use resources::HistoryRows;
pub use scim::{ScimManager, ScimSettings};
pub use server::Simulator;
pub use settings::Settings;
pub use stats::{CallsByEndpoint, Stats};
pub use user::{SimUser, SpokenLanguage, UserSettings};
pub use workspace::{LineFault, LoadError, Workspace};

#[cfg(test)]
mod tests;
