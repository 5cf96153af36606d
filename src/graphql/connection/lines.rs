//! A page of reporting lines.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, connection::PageInfo};

use super::{LineCursor, PageArguments, cursor::Sequence};
use crate::{
    graphql::{error::Fault, model::ReportingLine, request::Allowance},
    org::{LinePage, LinePosition, LineScope, LineWindow, OrgSnapshot},
};

pub(in crate::graphql) struct ReportingLineConnection {
    snapshot: Arc<OrgSnapshot>,
    scope: LineScope,
    page: LinePage,
    /// Where each line of the page stands.
    cursors: Vec<LineCursor>,
}

impl ReportingLineConnection {
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        scope: LineScope,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let sequence = sequence(&snapshot, scope);
        let window = LineWindow {
            take: arguments.take()?,
            after: position("after", sequence, arguments.after.as_deref())?,
            before: position("before", sequence, arguments.before.as_deref())?,
        };
        let page = || {
            let lines = snapshot.graph.lines(scope);
            let page = lines.page(&window);
            let cursor =
                |line| LineCursor { version: snapshot.version, sequence, position: lines.position(line) };
            let cursors = page.lines.iter().map(cursor).collect();
            ((page, cursors), lines.visits())
        };
        let (page, cursors) = Allowance::of(ctx)?.list(page).await?;
        Ok(Self { snapshot, scope, page, cursors })
    }

    fn lines(&self) -> impl Iterator<Item = ReportingLine> {
        self.page.lines.iter().map(|&line| ReportingLine { snapshot: self.snapshot.clone(), line })
    }
}

/// The order of the lines: places are counted from where the listing begins.
fn sequence(snapshot: &OrgSnapshot, scope: LineScope) -> Sequence {
    match scope.under {
        Some(top) => Sequence::named(&format!("lines under {}", snapshot.graph.user(top).id())),
        None => Sequence::named("lines"),
    }
}

fn position(
    name: &'static str,
    sequence: Sequence,
    cursor: Option<&str>,
) -> Result<Option<LinePosition>, Fault> {
    let Some(text) = cursor else { return Ok(None) };
    match LineCursor::decode(text) {
        Some(cursor) if cursor.sequence == sequence => Ok(Some(cursor.position)),
        Some(_) => Err(Sequence::refusal(name)),
        None => Err(Fault::argument(name, "is not a cursor of reporting lines")),
    }
}

/// A page of reporting lines.
#[Object]
impl ReportingLineConnection {
    /// How many lines there are in all, on whatever page: a whole number, which may be larger than an `Int`
    /// can be. (A line of 100,000 people has 5 thousand million.)
    async fn total_count(&self, ctx: &Context<'_>) -> Result<f64> {
        let count = || {
            let lines = self.snapshot.graph.lines(self.scope);
            (lines.count(), lines.visits())
        };
        Ok(Allowance::of(ctx)?.list(count).await? as f64)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.cursors.first().map(LineCursor::encode),
            end_cursor: self.cursors.last().map(LineCursor::encode),
        }
    }

    /// The lines of this page.
    async fn nodes(&self) -> Vec<ReportingLine> {
        self.lines().collect()
    }

    /// The lines of this page with their cursors.
    async fn edges(&self) -> Vec<ReportingLineEdge> {
        let edge = |(node, cursor): (_, &LineCursor)| ReportingLineEdge { cursor: cursor.encode(), node };
        self.lines().zip(&self.cursors).map(edge).collect()
    }
}

struct ReportingLineEdge {
    cursor: String,
    node: ReportingLine,
}

/// A reporting line on a page.
#[Object]
impl ReportingLineEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The line.
    async fn node(&self) -> &ReportingLine {
        &self.node
    }
}
