//! A page of rings.

use std::sync::Arc;

use async_graphql::{Object, connection::PageInfo};

use super::{PageArguments, cursor::Sequence, given::Excerpt};
use crate::{
    graphql::{error::Fault, model::Cycle},
    org::OrgSnapshot,
};

/// The rings of the company, and which of them are on the page.
pub(in crate::graphql) struct CycleConnection {
    snapshot: Arc<OrgSnapshot>,
    excerpt: Excerpt,
}

impl CycleConnection {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let graph = &snapshot.graph;
        let rank = |at: usize| {
            let first = graph.rings().nth(at).and_then(|ring| ring.first());
            (String::new(), first.map_or(String::new(), |&first| graph.user(first).id().to_string()))
        };
        let (sequence, total) = (Sequence::named("cycles"), graph.rings().len());
        let excerpt = Excerpt::ranked(snapshot.version, sequence, arguments, total, rank)?;
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
