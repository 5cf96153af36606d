//! Carries requests to the schema and answers back: axum, and nothing that knows what is asked.

mod settings;
mod server;
mod router;
pub mod peer;
mod head;
mod request_time;
mod whole_body;
mod concurrency;
mod request_id;
mod observed;
mod span;
mod measured;
mod slow;
mod access_log;
mod asker;
mod answer;
mod accept;
mod graphql;
mod graphiql;
mod health;
mod metrics;

#[doc(hidden)]
pub use graphql::fuzzing;
pub use graphql::{Misshapen, Parameters};
pub use health::Watch;
pub use observed::{Observed, ObservedSettings};
pub use router::router;
pub use server::{
    ConcurrencyBounds, ConnectionBounds, HeadBounds, ServerSettings, Stopping, Times, Tls, TlsError, serve,
};
pub use settings::Settings;
