//! The three endpoints about users.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{
        Path, Query, State,
        rejection::{BytesRejection, PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{
    cursor::Bookmark,
    envelope::{Fault, answer},
    faults::Strikes,
    filter::{Selection, UserFilter},
    listing::{self, Page, Position},
    request::{Body, Records, id_of, page_token, query_of, text_of},
    stats::Endpoint,
    tenant::Tenant,
    user::SimUser,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    cursor: Option<String>,
    include_avatars: Option<bool>,
}

/// `POST /v2/users/extensive` when its body has been understood.
struct Extensive {
    cursor: Option<String>,
    selection: Selection,
}

#[derive(Serialize)]
struct OneUser<'a> {
    user: &'a SimUser,
}

#[derive(Serialize)]
struct ManyUsers<'a> {
    records: Records,
    users: Vec<&'a SimUser>,
}

/// `GET /v2/users`
pub(super) async fn list(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Fault> {
    let query = query_of(query)?;
    let include_avatars = query.include_avatars.unwrap_or_default();
    let selection = Selection { include_avatars, ..Selection::default() };
    page(&tenant, Endpoint::Users, &selection, page_token(query.cursor).as_deref(), &strikes)
}

/// `GET /v2/users/{id}`, of avatars too, which is assumed.
pub(super) async fn by_id(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Fault> {
    let id = id_of(id)?;
    tenant.ledger.user_looked_up(&id);
    let people = tenant.people();
    let people = strikes.company(&people);
    listing::latest(&people, &id).map(|user| answer(OneUser { user })).ok_or(Fault::NoSuchUser)
}

/// `POST /v2/users/extensive`
pub(super) async fn extensive(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    let Extensive { cursor, selection } = Extensive::read(&text_of(body)?)?;
    tenant.check_ids("filter.userIds", selection.user_ids.len())?;
    let token = page_token(cursor);
    if token.is_none() && !selection.user_ids.is_empty() {
        tenant.ledger.batch_looked_up(&selection.user_ids);
    }
    page(&tenant, Endpoint::UsersExtensive, &selection, token.as_deref(), &strikes)
}

impl Extensive {
    fn read(body: &[u8]) -> Result<Self, Fault> {
        let Body { cursor, filter } = Body::<UserFilter>::read(body)?;
        let selection = Selection::try_from(filter).map_err(|error| Fault::BadRequest(error.to_string()))?;
        Ok(Self { cursor, selection })
    }
}

/// A page of the selected users: the first one, or the one that a token stands for.
fn page(
    tenant: &Tenant,
    endpoint: Endpoint,
    selection: &Selection,
    token: Option<&str>,
    strikes: &Strikes,
) -> Result<Response, Fault> {
    let inputs = format!("{endpoint:?} {selection:?}");
    let bookmark = token.map(|token| tenant.cursors.read(&inputs, token)).transpose()?;
    let people = tenant.people();
    let people = strikes.company(&people);
    let (mut after, total, number) = match bookmark {
        Some(Bookmark { after, total, page }) => (Some(after), total, page),
        None => (None, listing::count(&people, selection), 0),
    };
    if endpoint == Endpoint::UsersExtensive && total == 0 {
        return Err(Fault::NothingFound);
    }
    let size = strikes.page_size(tenant.page_size);
    if let Some(after) = &mut after {
        strikes.page_begins(after, size);
    }
    let page = match strikes.page_is_empty() {
        true => Page { users: Vec::new(), next: Some(after.unwrap_or(Position::BEGINNING)) },
        false => listing::page(&people, selection, after.as_ref(), size),
    };
    let cursor =
        page.next.map(|after| tenant.cursors.issue(&inputs, &Bookmark { after, total, page: number + 1 }));
    tenant.ledger.page_listed();
    let records = Records {
        total_records: total,
        current_page_size: page.users.len(),
        current_page_number: number,
        cursor,
    };
    Ok(answer(ManyUsers { records, users: page.users }))
}
