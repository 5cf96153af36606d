//! What is told of requests from outside: traces to a collector, metrics, the log of slow operations.

mod metrics;
mod slow;
mod traces;
