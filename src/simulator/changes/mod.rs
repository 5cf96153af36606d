//! Changes over time: from files, or made up, a step at a time.

mod drift;
mod series;
mod stepping;

use serde::Serialize;

pub use drift::Drift;
pub use series::{Series, SeriesError};
pub(super) use stepping::{Stepper, step_now};

/// How the people of a simulator change.
#[derive(Clone, Debug)]
pub enum Changes {
    /// To what the next file says.
    Series(Series),
    /// A little, by chance.
    Drift(Drift),
}

/// Where a simulator stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The number of the step. What a simulator begins with is step 1.
    pub step: usize,
    /// How many there are, in a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// The name of the step's file, in a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether this is another step than before. A series stays at its last one.
    pub moved: bool,
    /// The number of people now, avatars left out.
    pub people: usize,
    /// What the step changed.
    pub changes: Difference,
}

/// How many people a step changed, in the ways that matter to an organisation. One person may be
/// counted under several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Ids that were not there before.
    pub hired: usize,
    /// Ids that are gone.
    pub removed: usize,
    /// People who are inactive and were active.
    pub deactivated: usize,
    /// People who are active and were inactive.
    pub reactivated: usize,
    /// People who have another manager, or one at last, or none any more.
    pub moved: usize,
    /// People who have another title.
    pub retitled: usize,
}

impl From<Series> for Changes {
    fn from(series: Series) -> Self {
        Self::Series(series)
    }
}

impl From<Drift> for Changes {
    fn from(drift: Drift) -> Self {
        Self::Drift(drift)
    }
}
