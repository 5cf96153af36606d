//! The way from one user to another.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::{
    User,
    chain::{USUAL_LENGTH, fields_below},
};
use crate::{
    graphql::{connection::many, request::Allowance},
    org::{OrgSnapshot, Path, UserView},
};

/// Why there is no way from one user to another.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(in crate::graphql) enum NoPathReason {
    /// The two are in different trees.
    DifferentTrees,
    /// The snapshot doesn't know one of the two, or either.
    UnknownUser,
}

pub(in crate::graphql) struct OrgPath {
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    pub(in crate::graphql) path: Result<Path, NoPathReason>,
    pub(in crate::graphql) unknown_ids: Vec<ID>,
}

/// The shortest way from one user to another along reporting lines: up first, then down. The link that
/// closes a ring is a link like any other; of two ways equally short the one that turns at the smaller id
/// is told.
#[Object]
impl OrgPath {
    /// Steps in all, 0 from a user to itself; null when there is no way.
    async fn length(&self) -> Option<u32> {
        self.path.as_ref().ok().map(|path| path.up + path.down)
    }

    /// Steps from the first user up to the turning point.
    async fn steps_up(&self) -> Option<u32> {
        self.path.as_ref().ok().map(|path| path.up)
    }

    /// Steps from the turning point down to the last user.
    async fn steps_down(&self) -> Option<u32> {
        self.path.as_ref().ok().map(|path| path.down)
    }

    /// Where the way turns from up to down: the nearest user above both, or one of the two if that one is
    /// above the other.
    async fn turning_point(&self) -> Option<User> {
        let path = self.path.as_ref().ok()?;
        Some(User(UserView::member(self.snapshot.clone(), path.turning_point)))
    }

    /// Everybody along the way, both ends included, in order; `turningPoint` is at `stepsUp`. Empty when
    /// there is no way.
    #[graphql(complexity = "many(USUAL_LENGTH, child_complexity)")]
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let Ok(path) = &self.path else { return Ok(Vec::new()) };
        let length = path.up as usize + path.down as usize + 1;
        Allowance::of(ctx)?.take_chain(length.saturating_mul(fields_below(ctx.field())))?;
        let user = |&user: &_| User(UserView::member(self.snapshot.clone(), user));
        Ok(self.snapshot.graph.along(path).iter().map(user).collect())
    }

    /// Why there is no way; null when there is one.
    async fn reason(&self) -> Option<NoPathReason> {
        self.path.as_ref().err().copied()
    }

    /// The ids that the snapshot doesn't know.
    async fn unknown_ids(&self) -> &[ID] {
        &self.unknown_ids
    }
}
