//! The user whom a filter looks at, with the texts in small letters that all its parts compare.

use std::{borrow::Cow, cell::OnceCell};

use crate::org::{OrgGraph, User, UserIndex, folded_email, text_keys};

/// One user; the texts are made when first asked for.
pub(super) struct Subject<'a> {
    pub(super) graph: &'a OrgGraph,
    pub(super) user: UserIndex,
    name: OnceCell<Option<Cow<'a, str>>>,
    title: OnceCell<Option<String>>,
    emails: OnceCell<Vec<Cow<'a, str>>>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(graph: &'a OrgGraph, user: UserIndex) -> Self {
        Self { graph, user, name: OnceCell::new(), title: OnceCell::new(), emails: OnceCell::new() }
    }

    pub(super) fn record(&self) -> &'a User {
        self.graph.user(self.user)
    }

    /// First and last name. The sort key is the same text, unless it had to be cut.
    pub(super) fn name(&self) -> Option<&str> {
        let name = || match self.graph.names.get(self.user) {
            Some(key) if !text_keys::may_be_cut(key) => Some(Cow::Borrowed(key)),
            _ => self.record().name().map(|name| name.to_lowercase().into()),
        };
        self.name.get_or_init(name).as_deref()
    }

    pub(super) fn title(&self) -> Option<&str> {
        self.title.get_or_init(|| self.record().title().map(str::to_lowercase)).as_deref()
    }

    /// Every address: primary, aliases, trusted.
    pub(super) fn emails(&self) -> &[Cow<'a, str>] {
        self.emails.get_or_init(|| self.record().emails().map(folded_email).collect())
    }
}
