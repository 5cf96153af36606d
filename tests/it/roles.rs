//! What each role sees: every field that isn't for everybody, by every way to it; and that there is no way
//! around.

mod asking;
mod audit;
mod classified;
mod matrix;
pub(crate) mod people;
mod questions;
mod subscribed;
mod twins;
