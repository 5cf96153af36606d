//! The face: a GraphQL schema over one pinned snapshot.
//!
//! Objects are thin: a [`UserView`](crate::org::UserView), which is a snapshot and a place in it. What a
//! field says is worked out in `org`; what isn't in the snapshot comes from `directory`'s look-ups.

mod settings;
mod caps;
mod rate;
mod outcome;
mod executor;
mod execute;
mod beside;
mod answers;
mod quick;
mod plan_request;
mod attempt;
mod sightings;
mod repeats;
mod plan;
mod observe;
mod subscribe;
mod prepare;
mod validate;
mod definitions;
mod document;
mod variables;
mod notes;
mod roots;
mod silence;
mod unchecked;
mod introspection;
mod nulls;
mod blame;
mod key_order;
mod error;
mod guarded;
mod gate;
mod finish;
mod request;
mod price;
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

pub use answers::Written;
pub use caps::Caps;
pub use error::{ErrorCode, fault, name_request};
pub use executor::{Circumstances, Executor, Method};
pub use guarded::GuardedField;
pub use observe::{Observer, Operation, Seen};
pub use outcome::{Cost, Outcome};
pub use query::{sdl, subgraph_sdl};
pub use rate::RateSettings;
pub use repeats::{Again, Text};
pub use settings::{CacheBounds, Settings, Shown};
pub use subscribe::{Subscribed, Untold};
