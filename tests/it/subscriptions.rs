//! Subscriptions over real sockets: what is told, by which protocol, and what is done about clients who misbehave.

mod world;
mod socket;
mod protocol;
mod credentials;
mod bounds;
mod places;
mod events;
mod told;
mod random;
mod idle;
mod node;
