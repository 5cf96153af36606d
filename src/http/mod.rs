//! Carries requests to the schema and answers back: axum, and nothing that knows what is asked.

mod settings;
mod server;
mod site;
mod around;
mod next;
mod layered;
pub mod peer;
mod head;
mod named_host;
mod request_time;
mod compression;
mod whole_body;
mod concurrency;
mod request_id;
mod path;
mod observed;
mod span;
mod measured;
mod slow;
mod access_log;
mod authenticate;
mod asker;
mod answer;
mod vary;
mod accept;
mod origins;
mod security_headers;
mod documents;
mod graphql;
mod export;
mod schema_text;
mod subscriptions;
mod pages;
mod health;
mod metrics;

pub use documents::{Asked, DocumentSettings, Documents, DocumentsError, Registration, Unfit};
pub use export::ExportSettings;
#[doc(hidden)]
pub use graphql::fuzzing;
pub use graphql::{Misshapen, Parameters};
pub use health::Watch;
pub use observed::{Observed, ObservedSettings};
pub use origins::{Origin, Origins};
pub use server::{
    ConcurrencyBounds, ConnectionBounds, HeadBounds, ServerSettings, Times, Tls, TlsError, serve,
};
pub use settings::Settings;
pub use site::Site;
pub use subscriptions::{Connections, SubscriptionSettings, Subscriptions};
