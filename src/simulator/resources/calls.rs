//! `GET /v2/calls` and `POST /v2/calls/extensive`.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Bytes,
    extract::{
        Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    found::{Page, Wanted, page},
    window::Window,
    wire::{Call, ExtensiveCall},
    workspaces::workspace_id,
};
use crate::simulator::{
    envelope::{Fault, answer},
    faults::Strikes,
    request::{Body, Records, query_of, text_of},
    tenant::Tenant,
};

const KEYS: [&str; 2] = ["fromDateTime", "toDateTime"];

/// What both endpoints filter by; `GET` has it in its query string, without the lists.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CallFilter {
    cursor: Option<String>,
    from_date_time: Option<String>,
    to_date_time: Option<String>,
    workspace_id: Option<String>,
    #[serde(skip_deserializing)]
    hosts: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExtensiveFilter {
    #[serde(flatten)]
    common: CallFilter,
    primary_user_ids: Option<BTreeSet<String>>,
    call_ids: Option<Vec<Value>>,
}

#[derive(Serialize)]
struct ManyCalls<C> {
    records: Records,
    calls: Vec<C>,
}

pub(super) async fn list(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    query: Result<Query<CallFilter>, QueryRejection>,
) -> Result<Response, Fault> {
    let filter = query_of(query)?;
    let (token, wanted) = (filter.cursor.clone(), filter.wanted(&tenant)?);
    let people = tenant.people();
    let people = strikes.company(&people);
    let Page { records, calls } = page(&tenant, &people, "calls", &wanted, token)?;
    let calls = calls.iter().map(|held| Call::of(held, &tenant)).collect();
    Ok(answer(ManyCalls { records, calls }))
}

pub(super) async fn extensive(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    let body = text_of(body)?;
    let Body { cursor, filter } = Body::<ExtensiveFilter>::read(&body)?;
    if filter.call_ids.is_some_and(|ids| !ids.is_empty()) {
        return Err(Fault::BadRequest("filter.callIds is not simulated: name a window".to_owned()));
    }
    tenant.check_ids("filter.primaryUserIds", filter.primary_user_ids.as_ref().map_or(0, BTreeSet::len))?;
    let hosts = filter.primary_user_ids.filter(|ids| !ids.is_empty());
    let wanted = CallFilter { hosts, ..filter.common }.wanted(&tenant)?;
    let with_parties = wants_parties(&body);
    let people = tenant.people();
    let people = strikes.company(&people);
    let Page { records, calls } = page(&tenant, &people, "calls/extensive", &wanted, cursor)?;
    let calls = calls.iter().map(|held| ExtensiveCall::of(held, &tenant, &people, with_parties)).collect();
    Ok(answer(ManyCalls { records, calls }))
}

fn wants_parties(body: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.pointer("/contentSelector/exposedFields/parties") == Some(&Value::Bool(true))
}

impl CallFilter {
    fn wanted(self, tenant: &Tenant) -> Result<Wanted, Fault> {
        let window = Window::read(KEYS, self.from_date_time.as_deref(), self.to_date_time.as_deref())?
            .at_most(tenant.max_call_window_days)?;
        let in_workspace = self.workspace_id.is_none_or(|id| id == workspace_id(tenant.seed));
        Ok(Wanted { window, hosts: self.hosts, in_workspace })
    }
}
