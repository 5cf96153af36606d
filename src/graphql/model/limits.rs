//! The caps, as a client may know them.

use std::sync::Arc;

use async_graphql::Object;

use crate::graphql::{connection::MAX_PAGE, settings::Settings};

pub(in crate::graphql) struct Limits(pub(in crate::graphql) Arc<Settings>);

/// The most that one request may have of each; one that has more is refused before it is run. What a document
/// has is counted where it is used, all operations and fragments together.
#[Object]
impl Limits {
    /// Bytes of a request's body.
    async fn body_bytes(&self) -> usize {
        self.0.caps.body_bytes
    }

    /// Bytes of a document.
    async fn document_bytes(&self) -> usize {
        self.0.caps.document_bytes
    }

    /// Tokens of a document.
    async fn tokens(&self) -> usize {
        self.0.caps.tokens
    }

    /// Bytes of one name in a document.
    async fn name_bytes(&self) -> usize {
        self.0.caps.name_bytes
    }

    /// How deep selections nest, a fragment counted as one level.
    async fn depth(&self) -> usize {
        self.0.caps.depth
    }

    /// Fields, those of a fragment as often as it is spread.
    async fn fields(&self) -> usize {
        self.0.caps.fields
    }

    /// Fields below `__schema` and `__type`.
    async fn introspection_fields(&self) -> usize {
        self.0.caps.introspection_fields
    }

    /// Fields at the root of one operation.
    async fn root_fields(&self) -> usize {
        self.0.caps.root_fields
    }

    /// Fields with an alias.
    async fn aliases(&self) -> usize {
        self.0.caps.aliases
    }

    /// Directives in a document.
    async fn directives(&self) -> usize {
        self.0.caps.directives
    }

    /// Directives at one place.
    async fn directives_per_place(&self) -> usize {
        self.0.caps.directives_per_place
    }

    /// Operations of one document.
    async fn operations(&self) -> usize {
        self.0.caps.operations
    }

    /// Fragments that a document defines.
    async fn fragments(&self) -> usize {
        self.0.caps.fragments
    }

    /// Spreads of fragments, one within another as often as that is spread.
    async fn fragment_spreads(&self) -> usize {
        self.0.caps.fragment_spreads
    }

    /// Variables of one operation, or of one request.
    async fn variables(&self) -> usize {
        self.0.caps.variables
    }

    /// Bytes of all variables, as JSON.
    async fn variables_bytes(&self) -> usize {
        self.0.caps.variables_bytes
    }

    /// How deep variables nest.
    async fn variables_depth(&self) -> usize {
        self.0.caps.variables_depth
    }

    /// Items of one list, in the document and in variables.
    async fn list_items(&self) -> usize {
        self.0.caps.list_items
    }

    /// Bytes of all arguments, each variable wherever it is used.
    async fn argument_bytes(&self) -> usize {
        self.0.caps.argument_bytes
    }

    /// What one answer may cost, as `extensions.cost` tells it.
    async fn cost(&self) -> usize {
        self.0.caps.cost
    }

    /// Items on one page: `first` and `last`.
    async fn page_size(&self) -> usize {
        MAX_PAGE
    }

    /// Errors in one answer; one more tells how many are left out.
    async fn errors(&self) -> usize {
        self.0.caps.errors
    }
}
