//! How long connections that stay open may take, and how many there may be.

use std::time::Duration;

use clap::Args;

use super::time_between;
use crate::http::SubscriptionSettings;

/// Connections that stay open: WebSockets (`graphql-transport-ws`) and streams of events (SSE) on `/graphql`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Connections that stay open")]
pub struct SubscriptionArgs {
    /// WebSockets and streams of events open at once; one more is answered with 503.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX", default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub subscriptions_max: u32,
    /// Those of one client; one more is answered with 429.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX_PER_CLIENT", default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub subscriptions_max_per_client: u32,
    /// Operations of one WebSocket under way at once; one more is answered with an error.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX_OPERATIONS", default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub subscriptions_max_operations: u32,
    /// Operations of one client under way at once, over all its connections; one more is answered with an error
    /// over a WebSocket, with 429 as a stream of events.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX_OPERATIONS_PER_CLIENT", default_value_t = 500, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub subscriptions_max_operations_per_client: u32,
    /// What the operations of one client may hold in memory, in bytes: the texts of their documents, and
    /// variables. Beyond it, the same.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX_OPERATION_BYTES_PER_CLIENT", default_value_t = 16 * 1024 * 1024, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1_024..=1_073_741_824))]
    pub subscriptions_max_operation_bytes_per_client: u32,
    /// The longest message of a client of a WebSocket, in bytes; after a longer one the socket is closed with
    /// 1009.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_MAX_MESSAGE", default_value_t = 128 * 1024, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1_024..=16 * 1024 * 1024))]
    pub subscriptions_max_message: u32,
    /// How long a client of a WebSocket may take to say `connection_init`, from 1s to 1h; later the socket is
    /// closed with 4408.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_INIT_TIMEOUT", default_value = "3s", value_name = "TIME", value_parser = short)]
    pub subscriptions_init_timeout: Duration,
    /// How long a client may be silent before it is asked for a sign of life, and how long it then has to give
    /// one; from 1s to 1h. A stream of events gets a comment as often.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_KEEP_ALIVE", default_value = "15s", value_name = "TIME", value_parser = short)]
    pub subscriptions_keep_alive: Duration,
    /// How long a client may take to read one event, from 1s to 1h; a WebSocket is closed with 1013 then, a
    /// stream of events ends.
    #[arg(long, env = "ORGRAPH_SUBSCRIPTIONS_PATIENCE", default_value = "10s", value_name = "TIME", value_parser = short)]
    pub subscriptions_patience: Duration,
}

impl SubscriptionArgs {
    /// What connections that stay open are told.
    pub fn settings(&self) -> SubscriptionSettings {
        SubscriptionSettings {
            max_connections: self.subscriptions_max as usize,
            max_connections_per_client: self.subscriptions_max_per_client as usize,
            max_operations: self.subscriptions_max_operations as usize,
            max_operations_per_client: self.subscriptions_max_operations_per_client as usize,
            max_operation_bytes_per_client: self.subscriptions_max_operation_bytes_per_client as usize,
            max_message: self.subscriptions_max_message as usize,
            init_timeout: self.subscriptions_init_timeout,
            keep_alive: self.subscriptions_keep_alive,
            patience: self.subscriptions_patience,
        }
    }
}

fn short(text: &str) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_secs(60 * 60);
    time_between(Duration::from_secs(1), LONGEST, text)
}
