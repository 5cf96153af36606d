//! `GET /scim/v2/Users` and `GET /scim/v2/Users/{id}`: everybody but avatars.

use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use serde::Serialize;

use super::{
    Provider, ScimManager,
    answer::{ScimFault, answer},
    filter::{Attribute, Filter},
    list::ListQuery,
};
use crate::simulator::{faults::Strikes, listing, user::SimUser};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ATTRIBUTES: [&str; 5] = ["username", "id", "externalid", "active", "emails.value"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    schemas: [&'static str; 2],
    id: &'a str,
    external_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    name: Name<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    active: bool,
    emails: Vec<Email<'a>>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Enterprise<'a>,
    meta: Meta<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Name<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
}

#[derive(Serialize)]
struct Email<'a> {
    value: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    primary: bool,
}

#[derive(Serialize)]
struct Enterprise<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Manager<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Manager<'a> {
    Text(&'a str),
    #[serde(rename_all = "camelCase")]
    Object {
        value: &'a str,
        #[serde(rename = "$ref")]
        reference: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a str>,
    location: String,
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
    let found = listing::everybody(&people).filter(|user| {
        let external_id = provider.external_id(user);
        filter.admits(|attribute| match attribute {
            "id" => Attribute::Exact(&user.id),
            "externalid" => Attribute::Exact(&external_id),
            "active" => Attribute::Truth(user.active),
            _ => user.email_address.as_deref().map_or(Attribute::Absent, Attribute::Loose),
        })
    });
    let page = query.page(found, provider.tenant.page_size, |user| provider.user(user, &people));
    Ok(answer(page))
}

pub(super) async fn by_id(
    State(provider): State<Provider>,
    strikes: Strikes,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ScimFault> {
    let Path(id) = id.map_err(|rejection| ScimFault::invalid_value(rejection.body_text()))?;
    let people = provider.tenant.people();
    let people = strikes.company(&people);
    match listing::latest(&people, &id).filter(|user| !user.avatar) {
        Some(user) => Ok(answer(provider.user(user, &people))),
        None => Err(ScimFault::not_found("no user has this id")),
    }
}

impl Provider {
    /// The identity provider's own id of a user.
    fn external_id(&self, user: &SimUser) -> String {
        format!("ext-{}", self.tenant.seed.of("externalId").of(&user.id).id())
    }

    fn user<'a>(&self, user: &'a SimUser, people: &'a [SimUser]) -> User<'a> {
        let manager = user.manager_id.as_deref().map(|value| match self.manager {
            ScimManager::Text => Manager::Text(value),
            ScimManager::Object => Manager::Object {
                value,
                reference: location(value),
                display_name: listing::latest(people, value).and_then(SimUser::full_name),
            },
        });
        let email = |value, primary| Email { value, kind: "work", primary };
        User {
            schemas: [USER, ENTERPRISE],
            id: &user.id,
            external_id: self.external_id(user),
            user_name: user.email_address.as_deref(),
            name: Name {
                formatted: user.full_name(),
                given_name: user.first_name.as_deref(),
                family_name: user.last_name.as_deref(),
            },
            display_name: user.full_name(),
            title: user.title.as_deref(),
            active: user.active,
            emails: (user.email_address.iter().map(|value| email(value.as_str(), true)))
                .chain(user.email_aliases.iter().map(|value| email(value.as_str(), false)))
                .collect(),
            enterprise: Enterprise { manager },
            meta: Meta {
                resource_type: "User",
                created: user.created.as_deref(),
                location: location(&user.id),
            },
        }
    }
}

/// Relative, as the standard allows: the simulator doesn't know by which name it is reached.
pub(super) fn location(id: &str) -> String {
    format!("/scim/v2/Users/{id}")
}
