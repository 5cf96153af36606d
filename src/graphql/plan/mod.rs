//! Documents compiled to plans: answers written as JSON straight from the snapshot.
//!
//! A document that async-graphql has validated once is turned into a tree of steps: aliases, fragments, merged fields,
//! conditions and type names are worked out, and what is left is which part of which record is written under which key.
//! Running a plan is one walk over the snapshot into one buffer.
//!
//! A plan never fails. Wherever there would be an error, or more than the snapshot would have to be asked, it gives up
//! ([`Unplanned`]), and the request goes the way of all others, through the resolvers. So errors are made in one place,
//! and what a plan answers is what the resolvers would.

mod arguments;
mod steps;
mod collect;
mod price;
mod compile;
mod json;
mod moment;
mod listing;
mod run;
mod users;
mod known;

pub(super) use arguments::Bound;
pub(super) use compile::Plan;
pub(super) use json::Json;
pub(super) use known::{Kept, Known, KnownDocuments};
pub(super) use run::World;

/// A plan can't answer this; the resolvers will.
#[derive(Debug)]
pub(super) struct Unplanned;

/// What a plan makes, unless it gives up.
pub(super) type Planned<T> = Result<T, Unplanned>;

impl From<super::error::Fault> for Unplanned {
    fn from(_: super::error::Fault) -> Self {
        Self
    }
}
