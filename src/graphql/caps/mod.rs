//! What one request may ask for, checked before anything walks it in earnest: a short text can mean a long
//! query.
//!
//! The text is looked over once before the parser sees it ([`text`]), then the variables, then the parsed
//! document. Each check costs at most one look at what was sent and stops at the first cap that is passed.

mod document;
mod refusal;
mod text;
mod variables;

pub(super) use document::check as check_document;
pub(super) use refusal::Over;
pub(super) use text::check as check_text;
pub(super) use variables::{bytes, check as check_variables};

/// The most that a request may have of each. A document's fields, spreads and arguments are counted where they
/// are used, all operations and fragments together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Bytes of a document.
    pub document_bytes: usize,
    /// Tokens of a document, as GraphQL's grammar has them; counted before it is parsed.
    pub tokens: usize,
    /// Bytes of one name: errors repeat names.
    pub name_bytes: usize,
    /// How deep selections nest, a fragment counted as one level.
    pub depth: usize,
    /// Fields, counted where they are used: a fragment's as often as it is spread.
    pub fields: usize,
    /// Fields below `__schema` and `__type`, whose answers have no pages.
    pub introspection_fields: usize,
    /// Fields at the root of one operation.
    pub root_fields: usize,
    /// Fields with an alias.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Directives at one place.
    pub directives_per_place: usize,
    /// Operations of one document.
    pub operations: usize,
    /// Fragments that a document defines.
    pub fragments: usize,
    /// Spreads of fragments, counted where they are used: one within another as often as that is spread.
    pub fragment_spreads: usize,
    /// Variables of one operation, or of one request.
    pub variables: usize,
    /// Bytes of all variables, as JSON.
    pub variables_bytes: usize,
    /// How deep variables nest.
    pub variables_depth: usize,
    /// Items of one list, in the document and in variables.
    pub list_items: usize,
    /// Bytes of all arguments, each variable counted wherever it is used.
    pub argument_bytes: usize,
    /// What the answer may cost: fields, with page sizes multiplied in, and calls to Gong at their price.
    pub cost: usize,
    /// Errors in one answer; one more tells how many are left out.
    pub errors: usize,
    /// Bytes of one error's text, as JSON.
    pub error_bytes: usize,
}

/// The most that [`Caps::name_bytes`] can be set to.
pub(super) const LONGEST_NAME: usize = 1_000;

impl Default for Caps {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            document_bytes: 64 << 10,
            tokens: 7_500,
            name_bytes: 200,
            depth: 32,
            fields: 2_500,
            introspection_fields: 1_500,
            root_fields: 50,
            aliases: 100,
            directives: 50,
            directives_per_place: 4,
            operations: 20,
            fragments: 100,
            fragment_spreads: 1_000,
            variables: 100,
            variables_bytes: 256 << 10,
            variables_depth: 32,
            list_items: 2_000,
            argument_bytes: 1 << 20,
            cost: 200_000,
            errors: 128,
            error_bytes: 500,
        }
    }
}
