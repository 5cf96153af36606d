//! What clients may ask for, and what they are told of the schema.

use std::time::Duration;

use clap::{ArgAction, Args, value_parser};

use super::time_between;
use crate::graphql::{CacheBounds, Caps, RateSettings, Settings, Shown};

/// What one request may ask for, what one client may ask for over time, and what is told of the schema.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What clients may ask for")]
pub struct CapsArgs {
    /// The largest body of a request, in bytes. A larger one is refused unread, with 413.
    #[arg(long, env = "ORGRAPH_MAX_BODY_BYTES", default_value_t = 1_048_576, value_name = "N", value_parser = value_parser!(u32).range(1..=1_073_741_824))]
    pub max_body_bytes: u32,
    /// The largest GraphQL document, in bytes: its reading costs by the byte.
    #[arg(long, env = "ORGRAPH_MAX_DOCUMENT_BYTES", default_value_t = 65_536, value_name = "N", value_parser = value_parser!(u32).range(1..=1_073_741_824))]
    pub max_document_bytes: u32,
    /// Tokens of a document, counted before it is parsed: what parsing costs grows with them.
    #[arg(long, env = "ORGRAPH_MAX_TOKENS", default_value_t = 7_500, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_tokens: u32,
    /// Bytes of one name in a document: errors repeat names.
    #[arg(long, env = "ORGRAPH_MAX_NAME_BYTES", default_value_t = 200, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000))]
    pub max_name_bytes: u32,
    /// How deep selections nest, a fragment counted as one level. The usual introspection needs 17.
    #[arg(long, env = "ORGRAPH_MAX_DEPTH", default_value_t = 32, value_name = "N", value_parser = value_parser!(u32).range(1..=40))]
    pub max_depth: u32,
    /// Fields of a document, counted where they are used: validation and the answer grow with them.
    #[arg(long, env = "ORGRAPH_MAX_FIELDS", default_value_t = 2_500, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_fields: u32,
    /// Fields below __schema and __type, whose answers have no pages. The usual introspection has about 300.
    #[arg(long, env = "ORGRAPH_MAX_INTROSPECTION_FIELDS", default_value_t = 1_500, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_introspection_fields: u32,
    /// Fields at the root of one operation: each is a question of its own.
    #[arg(long, env = "ORGRAPH_MAX_ROOT_FIELDS", default_value_t = 50, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_root_fields: u32,
    /// Aliases in a document: with them one field is asked many times.
    #[arg(long, env = "ORGRAPH_MAX_ALIASES", default_value_t = 100, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_aliases: u32,
    /// Directives in a document.
    #[arg(long, env = "ORGRAPH_MAX_DIRECTIVES", default_value_t = 50, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_directives: u32,
    /// Directives at one field, fragment, variable or operation.
    #[arg(long, env = "ORGRAPH_MAX_DIRECTIVES_PER_PLACE", default_value_t = 4, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000))]
    pub max_directives_per_place: u32,
    /// Operations in one document; one of them is run, all are validated.
    #[arg(long, env = "ORGRAPH_MAX_OPERATIONS", default_value_t = 20, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000))]
    pub max_operations: u32,
    /// Fragments that a document defines.
    #[arg(long, env = "ORGRAPH_MAX_FRAGMENTS", default_value_t = 100, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000))]
    pub max_fragments: u32,
    /// Spreads of fragments, counted where they are used: a few that spread each other come to millions.
    #[arg(long, env = "ORGRAPH_MAX_FRAGMENT_SPREADS", default_value_t = 1_000, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_fragment_spreads: u32,
    /// Variables of one operation, or of one request.
    #[arg(long, env = "ORGRAPH_MAX_VARIABLES", default_value_t = 100, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000))]
    pub max_variables: u32,
    /// Bytes of all variables, as JSON.
    #[arg(long, env = "ORGRAPH_MAX_VARIABLES_BYTES", default_value_t = 262_144, value_name = "N", value_parser = value_parser!(u32).range(1..=1_073_741_824))]
    pub max_variables_bytes: u32,
    /// How deep variables nest.
    #[arg(long, env = "ORGRAPH_MAX_VARIABLES_DEPTH", default_value_t = 32, value_name = "N", value_parser = value_parser!(u32).range(1..=100))]
    pub max_variables_depth: u32,
    /// Items of one list, in the document and in variables. Each argument has its own bound below that, 1,000
    /// for most.
    #[arg(long, env = "ORGRAPH_MAX_LIST_ITEMS", default_value_t = 2_000, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_list_items: u32,
    /// Bytes of all arguments, each variable counted wherever it is used: validation copies it there.
    #[arg(long, env = "ORGRAPH_MAX_ARGUMENT_BYTES", default_value_t = 1_048_576, value_name = "N", value_parser = value_parser!(u32).range(1..=1_073_741_824))]
    pub max_argument_bytes: u32,
    /// Errors in one answer; one more tells how many are left out.
    #[arg(long, env = "ORGRAPH_MAX_ERRORS", default_value_t = 128, value_name = "N", value_parser = value_parser!(u32).range(1..=10_000))]
    pub max_errors: u32,
    /// Bytes of one error's text, as JSON. A request that is refused gets 4 KiB at most in any case.
    #[arg(long, env = "ORGRAPH_MAX_ERROR_BYTES", default_value_t = 500, value_name = "N", value_parser = value_parser!(u32).range(50..=1_000))]
    pub max_error_bytes: u32,
    /// What one answer may cost: a field is 1, as often as pages could repeat it; a look-up at Gong 100, any
    /// other call to Gong 1,000.
    #[arg(long, env = "ORGRAPH_MAX_COST", default_value_t = 200_000, value_name = "N", value_parser = value_parser!(u32).range(1..=2_000_000_000))]
    pub max_cost: u32,
    /// What one client may spend at once, in the unit of --max-cost: an empty bucket of that size fills up again
    /// in --rate-period, and who has spent it gets 429 until enough has come back. 0 for no limit.
    #[arg(long, env = "ORGRAPH_RATE_CAPACITY", default_value_t = 10_000_000, value_name = "N", value_parser = value_parser!(u32).range(0..=2_000_000_000))]
    pub rate_capacity: u32,
    /// How long an empty bucket takes to fill up again, from 1s to 24h.
    #[arg(long, env = "ORGRAPH_RATE_PERIOD", default_value = "60s", value_name = "TIME", value_parser = period)]
    pub rate_period: Duration,
    /// What a request costs at least, one that is refused too, so that junk isn't free.
    #[arg(long, env = "ORGRAPH_RATE_REFUSAL_COST", default_value_t = 100, value_name = "N", value_parser = value_parser!(u32).range(0..=1_000_000))]
    pub rate_refusal_cost: u32,
    /// Bytes of documents that are kept when they have been validated, with the plans to answer them by, about; 0 for
    /// none.
    #[arg(long, env = "ORGRAPH_DOCUMENT_CACHE_BYTES", default_value_t = 32 << 20, value_name = "N")]
    pub document_cache_bytes: u64,
    /// Bytes of whole answers that are kept, for as long as they are the present snapshot's, about; 0 for none. A
    /// fourth is for requests that come again to the letter, the rest for answers to documents that are kept.
    #[arg(long, env = "ORGRAPH_ANSWER_CACHE_BYTES", default_value_t = 64 << 20, value_name = "N")]
    pub answer_cache_bytes: u64,
    /// Tell nothing of the schema: __schema, __type and _service are refused, and every document that doesn't
    /// fit gets the same text. Implies --no-suggestions and --no-graphiql.
    #[arg(long = "no-introspection", env = "ORGRAPH_NO_INTROSPECTION", action = ArgAction::SetTrue)]
    pub no_introspection: bool,
    /// Don't say what a misspelt name may have been meant for.
    #[arg(long = "no-suggestions", env = "ORGRAPH_NO_SUGGESTIONS", action = ArgAction::SetTrue)]
    pub no_suggestions: bool,
    /// Don't serve the pages: the explorer, and GraphiQL to try queries on.
    #[arg(long = "no-graphiql", env = "ORGRAPH_NO_GRAPHIQL", action = ArgAction::SetTrue)]
    pub no_graphiql: bool,
}

impl CapsArgs {
    /// What the executor is told.
    pub fn graphql(&self) -> Settings {
        let caps = Caps {
            body_bytes: self.max_body_bytes as usize,
            document_bytes: self.max_document_bytes as usize,
            tokens: self.max_tokens as usize,
            name_bytes: self.max_name_bytes as usize,
            depth: self.max_depth as usize,
            fields: self.max_fields as usize,
            introspection_fields: self.max_introspection_fields as usize,
            root_fields: self.max_root_fields as usize,
            aliases: self.max_aliases as usize,
            directives: self.max_directives as usize,
            directives_per_place: self.max_directives_per_place as usize,
            operations: self.max_operations as usize,
            fragments: self.max_fragments as usize,
            fragment_spreads: self.max_fragment_spreads as usize,
            variables: self.max_variables as usize,
            variables_bytes: self.max_variables_bytes as usize,
            variables_depth: self.max_variables_depth as usize,
            list_items: self.max_list_items as usize,
            argument_bytes: self.max_argument_bytes as usize,
            errors: self.max_errors as usize,
            error_bytes: self.max_error_bytes as usize,
            cost: self.max_cost as usize,
        };
        let rate = RateSettings {
            capacity: self.rate_capacity.into(),
            period: self.rate_period,
            refusal_cost: self.rate_refusal_cost.into(),
        };
        let shown = Shown {
            introspection: !self.no_introspection,
            suggestions: !self.no_suggestions && !self.no_introspection,
            graphiql: !self.no_graphiql,
        };
        let kept = CacheBounds { documents: self.document_cache_bytes, answers: self.answer_cache_bytes };
        Settings { caps, rate, shown, kept }
    }
}

fn period(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(1), Duration::from_secs(24 * 60 * 60), text)
}
