//! Carries requests to the schema and answers back: axum, and nothing that knows what is asked.

mod server;
mod router;
mod request_id;
mod access_log;
mod asker;
mod answer;
mod graphql;
mod graphiql;
mod health;
mod metrics;

pub use health::Watch;
pub use router::router;
pub use server::serve;
