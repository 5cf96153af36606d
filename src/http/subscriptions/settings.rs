//! What connections that stay open are told.

use std::time::Duration;

/// How long connections that stay open may take, and how many there may be. Every bound is per process.
#[derive(Clone, Debug)]
pub struct SubscriptionSettings {
    /// Sockets and streams of events that may be open at once.
    pub max_connections: usize,
    /// Those of one client.
    pub max_connections_per_client: usize,
    /// Operations of one socket under way at once.
    pub max_operations: usize,
    /// Operations of one client under way at once, over all its connections.
    pub max_operations_per_client: usize,
    /// What these may hold in memory, in bytes: the texts of their documents, and variables.
    pub max_operation_bytes_per_client: usize,
    /// The longest message of a client, in bytes, however many frames it comes in.
    pub max_message: usize,
    /// How long a client may take to say `connection_init`.
    pub init_timeout: Duration,
    /// The time without a sign of life after which a client is asked for one; without an answer for as long
    /// again it is gone.
    pub keep_alive: Duration,
    /// How long a client may take to read one message.
    pub patience: Duration,
}

impl Default for SubscriptionSettings {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            max_connections_per_client: 200,
            max_operations: 100,
            max_operations_per_client: 500,
            max_operation_bytes_per_client: 16 * 1024 * 1024,
            max_message: 128 * 1024,
            init_timeout: Duration::from_secs(3),
            keep_alive: Duration::from_secs(15),
            patience: Duration::from_secs(10),
        }
    }
}
