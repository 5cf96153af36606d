//! The face: a GraphQL schema over one pinned snapshot.
//!
//! Objects are thin: a [`UserView`](crate::org::UserView), which is a snapshot and a place in it. What a
//! field says is worked out in `org`; what isn't in the snapshot comes from `directory`'s look-ups.

mod executor;
mod observe;
mod subscribe;
mod document;
mod variables;
mod notes;
mod roots;
mod nulls;
mod blame;
mod key_order;
mod error;
mod guarded;
mod gate;
mod request;
mod query;
mod subscription;
mod find;
mod windows;
mod input;
mod connection;
mod model;
mod scalar;
#[doc(hidden)]
pub mod fuzzing;

pub use error::{ErrorCode, fault, finish};
pub use executor::{Circumstances, Executor, Method, Outcome};
pub use guarded::GuardedField;
pub use observe::{Observer, Operation, Seen};
pub use query::{sdl, subgraph_sdl};
pub use subscribe::Subscribed;
