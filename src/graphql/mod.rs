//! The face: a GraphQL schema over one pinned snapshot.
//!
//! Objects are thin: a [`UserView`](crate::org::UserView), which is a snapshot and a place in it. What a
//! field says is worked out in `org`; what isn't in the snapshot comes from `directory`'s look-ups.

mod executor;
mod observe;
mod document;
mod unchecked;
mod introspection;
mod nulls;
mod blame;
mod key_order;
mod error;
mod request;
mod query;
mod find;
mod windows;
mod input;
mod connection;
mod model;
mod scalar;
#[doc(hidden)]
pub mod fuzzing;

pub use error::{ErrorCode, fault};
pub use executor::{Circumstances, Executor, Method, Outcome};
pub use observe::{Observer, Operation, Seen};
pub use query::{sdl, subgraph_sdl};
