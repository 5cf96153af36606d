//! orgraph turns a Gong workspace into a GraphQL identity graph: who is who, who reports to whom, and what
//! is wrong with that picture.
//!
//! The modules stand in the order of the data: Gong is read ([`gong`]) by the sync ([`sync`]), which builds
//! the organisation as a plain value ([`org`]), keeps it on disk ([`store`]) and puts it where readers find
//! it ([`directory`]); the schema ([`graphql`]) answers from it, [`export`] makes tables of it, and HTTP ([`http`])
//! carries the answers. [`check`] looks beforehand whether all that would do. Operators have a door of their own
//! ([`admin`]), who may see what is a matter of its own ([`auth`]), and so is what a collector of traces is told
//! ([`trace`]). [`simulator`] is a Gong workspace for those who have none at hand. `ARCHITECTURE.md` has the whole
//! picture, and who may import whom.
//!
//! This library is the binary's own: it promises no stable interface.

// Each step around an answer is a future that holds those of the steps after it.
#![recursion_limit = "256"]
// They panic where nobody reads, or a disk is full: see `cli::said`.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod clock;
mod threads;
pub mod trace;
pub mod auth;
pub mod gong;
pub mod org;
pub mod store;
pub mod directory;
pub mod sync;
pub mod check;
pub mod export;
pub mod publish;
pub mod graphql;
pub mod http;
pub mod admin;
pub mod simulator;

pub mod app;
pub mod cli;
pub mod config;
pub mod telemetry;
