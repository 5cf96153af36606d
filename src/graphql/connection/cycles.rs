//! A page of rings.

use std::sync::Arc;

use async_graphql::{Object, connection::PageInfo};

use super::{
    PageArguments,
    given::{self, Excerpt},
};
use crate::{
    graphql::{error::Fault, model::Cycle},
    org::{OrgSnapshot, Position},
};

/// The rings of the company, and which of them are on the page.
pub(in crate::graphql) struct CycleConnection {
    snapshot: Arc<OrgSnapshot>,
    excerpt: Excerpt,
}

const LIST: &str = "cycle";

impl CycleConnection {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let graph = &snapshot.graph;
        let total = graph.rings().len();
        let position = |at: usize| {
            let first = graph.rings().nth(at).and_then(|ring| ring.first());
            given::position(LIST, "", first.map_or("", |&first| graph.user(first).id.as_str()))
        };
        let find = |wanted: &Position| given::find(wanted, LIST, total, position);
        let excerpt = Excerpt::of(snapshot.version, arguments, total, position, find)?;
        Ok(Self { snapshot, excerpt })
    }

    fn node(&self, at: usize) -> Cycle {
        Cycle { snapshot: self.snapshot.clone(), at }
    }
}

/// A page of rings.
#[Object]
impl CycleConnection {
    /// How many rings there are in all, on whatever page.
    async fn total_count(&self) -> usize {
        self.excerpt.total()
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.excerpt.info()
    }

    /// The rings of this page.
    async fn nodes(&self) -> Vec<Cycle> {
        self.excerpt.places().map(|at| self.node(at)).collect()
    }

    /// The rings of this page with their cursors.
    async fn edges(&self) -> Vec<CycleEdge> {
        self.excerpt.edges().map(|(at, cursor)| CycleEdge { cursor, node: self.node(at) }).collect()
    }
}

struct CycleEdge {
    cursor: String,
    node: Cycle,
}

/// A ring on a page.
#[Object]
impl CycleEdge {
    /// Names this place in the list, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The ring.
    async fn node(&self) -> &Cycle {
        &self.node
    }
}
