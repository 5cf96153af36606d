//! `GET /scim/v2/Groups` and `GET /scim/v2/Groups/{id}`: a group for everybody's direct reports.

use std::collections::BTreeMap;

use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Serialize;

use super::{
    Provider,
    answer::{ScimFault, answer},
    filter::{Attribute, Filter},
    list::ListQuery,
    users::location,
};
use crate::simulator::{faults::Strikes, listing, user::SimUser};

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ATTRIBUTES: [&str; 2] = ["displayname", "id"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    schemas: [&'static str; 1],
    id: String,
    display_name: String,
    members: Vec<Member<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Member<'a> {
    value: &'a str,
    #[serde(rename = "$ref")]
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
    location: String,
}

/// A group before its members are written out.
struct Team<'a> {
    id: String,
    name: String,
    members: Vec<&'a SimUser>,
}

pub(super) async fn list(
    State(provider): State<Provider>,
    strikes: Strikes,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, ScimFault> {
    let query = ListQuery::read(query)?;
    let filter = Filter::read(query.filter.as_deref(), &ATTRIBUTES)?;
    let people = provider.tenant.people();
    let people = strikes.company(&people);
    let found = provider.teams(&people).filter(|team| {
        filter.admits(|attribute| match attribute {
            "id" => Attribute::Exact(&team.id),
            _ => Attribute::Loose(&team.name),
        })
    });
    Ok(answer(query.page(found, provider.tenant.page_size, Group::of)))
}

pub(super) async fn by_id(
    State(provider): State<Provider>,
    strikes: Strikes,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ScimFault> {
    let Path(id) = id.map_err(|rejection| ScimFault::invalid_value(rejection.body_text()))?;
    let people = provider.tenant.people();
    let people = strikes.company(&people);
    match provider.teams(&people).find(|team| team.id == id) {
        Some(team) => Ok(answer(Group::of(team))),
        None => Err(ScimFault::not_found("no group has this id")),
    }
}

impl Provider {
    /// The active direct reports of everybody who is here and has any, in the order of the managers.
    fn teams<'a>(&self, people: &'a [SimUser]) -> impl Iterator<Item = Team<'a>> {
        let mut members: BTreeMap<&str, Vec<&SimUser>> = BTreeMap::new();
        for user in listing::everybody(people).filter(|user| user.active) {
            if let Some(manager) = user.manager_id.as_deref().filter(|manager| *manager != user.id) {
                members.entry(manager).or_default().push(user);
            }
        }
        let seed = self.tenant.seed.of("group");
        listing::everybody(people).filter_map(move |manager| {
            let members = members.remove(manager.id.as_str())?;
            let name = manager.full_name().unwrap_or_else(|| manager.id.clone());
            Some(Team { id: seed.of(&manager.id).id(), name: format!("Team of {name}"), members })
        })
    }
}

impl<'a> Group<'a> {
    fn of(team: Team<'a>) -> Self {
        let members = team.members.into_iter().map(|user| Member {
            value: &user.id,
            reference: location(&user.id),
            display: user.full_name(),
        });
        Self {
            schemas: [GROUP],
            members: members.collect(),
            display_name: team.name,
            meta: Meta { resource_type: "Group", location: format!("/scim/v2/Groups/{}", team.id) },
            id: team.id,
        }
    }
}
