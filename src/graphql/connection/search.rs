//! A page of those who were found by words.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, connection::PageInfo};

use super::{Cursor, PageArguments, cursor::Sequence};
use crate::{
    graphql::{
        error::Fault,
        model::User,
        request::{Allowance, derive},
    },
    org::{self, Derived, Hit, OrgSnapshot, SearchText, UserFilter, UserView},
};

/// Where a word was found, the best first.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::SearchField")]
enum SearchField {
    /// First or last name.
    Name,
    /// The primary e-mail address.
    Email,
    /// Another e-mail address: an alias or the trusted one.
    Alias,
    /// Job title.
    Title,
}

pub(in crate::graphql) struct SearchConnection {
    snapshot: Arc<OrgSnapshot>,
    text: SearchText,
    filter: UserFilter,
    hits: Vec<(Hit, Cursor)>,
    has_previous: bool,
    has_next: bool,
}

impl SearchConnection {
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        text: SearchText,
        filter: UserFilter,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let sequence = Sequence::named("search");
        let window = arguments.window(sequence)?;
        derive(&snapshot, Derived::SearchIndex).await?;
        let allowance = Allowance::of(ctx)?;
        let page = || {
            let found = snapshot.graph.search(allowance.left(), &text, &filter);
            let page = found.page(&window);
            let cursor =
                |hit: &Hit| Cursor { version: snapshot.version, sequence, position: found.position(hit) };
            let hits = page.hits.iter().map(|hit| (*hit, cursor(hit))).collect();
            ((hits, page.has_previous, page.has_next), found.visits())
        };
        let (hits, has_previous, has_next) = allowance.list(page).await?;
        Ok(Self { snapshot, text, filter, hits, has_previous, has_next })
    }

    fn node(&self, hit: &Hit) -> User {
        User(UserView::member(self.snapshot.clone(), hit.user))
    }
}

/// A page of users who were found by words, the best first.
#[Object]
impl SearchConnection {
    /// How many users were found in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        let allowance = Allowance::of(ctx)?;
        let count = || {
            let found = self.snapshot.graph.search(allowance.left(), &self.text, &self.filter);
            (found.count(), found.visits())
        };
        Ok(allowance.list(count).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        let cursor = |hit: Option<&(Hit, Cursor)>| hit.map(|(_, cursor)| cursor.encode());
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: cursor(self.hits.first()),
            end_cursor: cursor(self.hits.last()),
        }
    }

    /// The users of this page.
    async fn nodes(&self) -> Vec<User> {
        self.hits.iter().map(|(hit, _)| self.node(hit)).collect()
    }

    /// The users of this page, with the fields that matched and their cursors.
    async fn edges(&self) -> Vec<SearchEdge> {
        let edge = |(hit, cursor): &(Hit, Cursor)| SearchEdge {
            cursor: cursor.encode(),
            matched_fields: hit.fields().map(Into::into).collect(),
            node: self.node(hit),
        };
        self.hits.iter().map(edge).collect()
    }
}

struct SearchEdge {
    cursor: String,
    matched_fields: Vec<SearchField>,
    node: User,
}

/// A user on a page of those who were found.
#[Object]
impl SearchEdge {
    /// Names this place among those who were found, for `after` and `before`. Stays valid when the company
    /// changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The fields in which words of the text were found, whole, begun or misspelt.
    async fn matched_fields(&self) -> &[SearchField] {
        &self.matched_fields
    }

    /// The user.
    async fn node(&self) -> &User {
        &self.node
    }
}
