//! Carries requests to the schema and answers back: axum, and nothing that knows what is asked.

mod settings;
mod server;
mod router;
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

pub use graphql::{Misshapen, Parameters};
pub use health::Watch;
pub use observed::{Observed, ObservedSettings};
pub use router::router;
pub use server::serve;
pub use settings::Settings;
