//! One answer, with all that HTTP and the logs are told of it.

use std::{collections::BTreeMap, fmt, time::Duration};

use async_graphql::{ServerError, Value};
use orgraph::graphql::{Cost, Operation, Outcome};
use serde::Serialize;

/// What two executors must agree on.
#[derive(Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) body: String,
    pub(super) ran: bool,
    wants_post: bool,
    age: Option<Duration>,
    follows_from: Option<u64>,
    operation: Option<Operation>,
    cost: Option<Cost>,
    throttled: Option<Duration>,
}

impl Answer {
    pub(super) fn of(outcome: &Outcome) -> Self {
        Self {
            body: body(outcome),
            ran: outcome.ran,
            wants_post: outcome.wants_post,
            age: outcome.age,
            follows_from: outcome.follows_from,
            operation: outcome.operation.clone(),
            cost: outcome.cost,
            throttled: outcome.throttled,
        }
    }
}

impl Answer {
    /// Whether it is the same but for the order of what is wrong.
    pub(super) fn is_in_other_words(&self, other: &Self) -> bool {
        let sorted = |body: &str| {
            let mut told: serde_json::Value = serde_json::from_str(body).unwrap();
            if let Some(errors) = told["errors"].as_array_mut() {
                errors.sort_by_cached_key(ToString::to_string);
            }
            told.to_string()
        };
        let with_body = |answer: &Self| Self { body: sorted(&answer.body), ..answer.clone() };
        with_body(self) == with_body(other)
    }
}

/// What is told of a difference.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, ran, wants_post, age, follows_from, operation, cost, throttled } = self;
        writeln!(f, "{body}")?;
        write!(f, "    ran {ran}, wants POST {wants_post}, age {age:?}, follows from {follows_from:?}, ")?;
        write!(f, "{operation:?}, {cost:?}, throttled {throttled:?}")
    }
}

/// The body as it leaves the service.
fn body(outcome: &Outcome) -> String {
    if let Some(written) = &outcome.written {
        return String::from_utf8(written.body().to_vec()).unwrap();
    }
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<&'a Value>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        errors: &'a [ServerError],
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        extensions: &'a BTreeMap<String, Value>,
    }
    let response = &outcome.response;
    let data = outcome.ran.then_some(&response.data);
    let body = Body { data, errors: &response.errors, extensions: &response.extensions };
    serde_json::to_string(&body).unwrap()
}
