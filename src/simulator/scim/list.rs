//! `startIndex` and `count`: pages of a SCIM list.

use axum::extract::{Query, rejection::QueryRejection};
use serde::{Deserialize, Serialize};

use super::answer::ScimFault;

/// What a list is asked for with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    start_index: Option<i64>,
    count: Option<i64>,
    pub(super) filter: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListResponse<T> {
    schemas: [&'static str; 1],
    total_results: usize,
    start_index: usize,
    items_per_page: usize,
    #[serde(rename = "Resources")]
    resources: Vec<T>,
}

impl ListQuery {
    pub(super) fn read(query: Result<Query<Self>, QueryRejection>) -> Result<Self, ScimFault> {
        query.map(|Query(query)| query).map_err(|rejection| ScimFault::invalid_value(rejection.body_text()))
    }

    /// The page of these that is asked for. As in the standard, an index below 1 is 1, a count
    /// below 0 is 0; and a page is never larger than `page_size`.
    pub(super) fn page<T, R>(
        &self,
        found: impl Iterator<Item = T>,
        page_size: usize,
        resource: impl Fn(T) -> R,
    ) -> ListResponse<R> {
        let start_index = usize::try_from(self.start_index.unwrap_or(1)).unwrap_or(1).max(1);
        let count = self.count.map_or(page_size, |count| usize::try_from(count).unwrap_or(0).min(page_size));
        let (mut total_results, mut resources) = (0, Vec::new());
        for one in found {
            total_results += 1;
            if total_results >= start_index && resources.len() < count {
                resources.push(resource(one));
            }
        }
        ListResponse {
            schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            total_results,
            start_index,
            items_per_page: resources.len(),
            resources,
        }
    }
}
