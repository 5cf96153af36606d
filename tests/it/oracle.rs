//! What the service should say of a company, worked out from the simulator's people by other means than the
//! service's: a conversion of its own and the naive model.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use orgraph::{
    org::{
        ChainEnd, ManagerStatus, OrgSnapshot, OrphanReason, Settings, SpokenLanguage, User, UserKind,
        UserParts,
    },
    simulator::{Fault, SimUser, Workspace},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    company::owned,
    model::Model,
    support::{Client, serve, simulate},
};

/// A company as it should be served.
#[derive(Clone)]
pub(crate) struct Company {
    /// Everybody by id, as if read at the epoch.
    pub(crate) people: BTreeMap<String, UserParts>,
    facts: Value,
}

/// Asks for everything that the model knows better.
pub(crate) const FACTS: &str = "{
    users(first: 1000) { nodes { id title managerId managerStatus depth managerChain { length end }
        direct: reportCount all: reportCount(transitive: true) } }
    orphans(first: 1000) { edges { reason node { id } } }
}";

impl Company {
    /// The company of these rows.
    pub(crate) fn of(rows: &[SimUser]) -> Self {
        Self::from_users(served(rows))
    }

    /// The same with other records of some people.
    pub(crate) fn with(&self, changed: impl IntoIterator<Item = UserParts>) -> Self {
        let mut people = self.people.clone();
        people.extend(changed.into_iter().map(|user| (user.id.clone(), user)));
        Self::from_users(people.into_values().collect())
    }

    fn from_users(users: Vec<UserParts>) -> Self {
        let facts = facts(&Model::of(&users));
        let people = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        Self { people, facts }
    }

    /// The company that a snapshot holds, with the model's answers about it.
    pub(crate) fn served_by(snapshot: &OrgSnapshot) -> Self {
        Self::from_users(people_of(snapshot).into_values().collect())
    }

    /// What is wrong with a snapshot that should be of this company, if anything is.
    pub(crate) fn differs_from(&self, snapshot: &OrgSnapshot) -> Option<String> {
        let found = people_of(snapshot);
        let gone = self.people.keys().filter(|id| !found.contains_key(*id)).collect::<Vec<_>>();
        let strange = found.keys().filter(|id| !self.people.contains_key(*id)).collect::<Vec<_>>();
        let changed =
            self.people.iter().filter(|(id, user)| found.get(*id).is_some_and(|found| found != *user));
        let changed = changed.map(|(id, _)| id).collect::<Vec<_>>();
        (found != self.people).then(|| {
            format!(
                "of {}: missing {gone:.3?}, too many {strange:.3?}, with other records {} such as {:?}",
                self.people.len(),
                changed.len(),
                changed.first()
            )
        })
    }

    /// The same for the answer to [`FACTS`].
    pub(crate) fn differs_from_answer(&self, data: &Value) -> Option<String> {
        let (expected, found) = (&self.facts, in_order(data.clone()));
        let of = |value: &Value, list: &str| value[list].as_array().cloned().unwrap_or_default();
        ["users", "orphans"].into_iter().find_map(|list| {
            let (expected, found) = (of(expected, list), of(&found, list));
            let first = expected.iter().zip(&found).find(|(expected, found)| expected != found);
            (expected != found).then(|| {
                format!("{list}: {} expected, {} found, unlike {first:?}", expected.len(), found.len())
            })
        })
    }
}

/// Everybody in a snapshot, as if read at the epoch.
pub(crate) fn people_of(snapshot: &OrgSnapshot) -> BTreeMap<String, UserParts> {
    let timeless = |user: &User| UserParts { fetched_at: Timestamp::UNIX_EPOCH, ..owned(user) };
    snapshot.graph.users().iter().map(|user| (user.id().to_owned(), timeless(user))).collect()
}

/// Those who should be served: everybody but avatars, and the avatars whom a line of managers leads to.
fn served(rows: &[SimUser]) -> Vec<UserParts> {
    let last: BTreeMap<&str, &SimUser> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let mut shown: BTreeSet<&str> = last.values().filter(|row| !row.avatar).map(|row| &*row.id).collect();
    loop {
        let named = shown.iter().filter_map(|id| last[id].manager_id.as_deref());
        let more: Vec<&str> =
            named.filter(|id| last.contains_key(id) && !shown.contains(id)).map(|id| &*last[id].id).collect();
        if more.is_empty() {
            return shown.into_iter().map(|id| user(last[id])).collect();
        }
        shown.extend(more);
    }
}

/// A row as it should be served.
pub(crate) fn user(row: &SimUser) -> UserParts {
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let language = |spoken: &orgraph::simulator::SpokenLanguage| SpokenLanguage {
        language: spoken.language.clone(),
        primary: spoken.primary,
    };
    let settings = row.settings;
    UserParts {
        id: row.id.clone(),
        kind: if row.avatar { UserKind::Avatar } else { UserKind::Person },
        email_address: text(&row.email_address),
        email_aliases: row.email_aliases.clone(),
        trusted_email_address: text(&row.trusted_email_address),
        first_name: text(&row.first_name),
        last_name: text(&row.last_name),
        title: text(&row.title),
        phone_number: text(&row.phone_number),
        extension: text(&row.extension),
        active: row.active,
        created: row.created.as_ref().and_then(|text| text.parse().ok()),
        settings: Settings {
            web_conferences_recorded: Some(settings.web_conferences_recorded),
            prevent_web_conference_recording: Some(settings.prevent_web_conference_recording),
            telephony_calls_imported: Some(settings.telephony_calls_imported),
            emails_imported: Some(settings.emails_imported),
            prevent_email_import: Some(settings.prevent_email_import),
            non_recorded_meetings_imported: Some(settings.non_recorded_meetings_imported),
            gong_connect_enabled: Some(settings.gong_connect_enabled),
        },
        spoken_languages: row.spoken_languages.iter().map(language).collect(),
        personal_meeting_urls: row.personal_meeting_urls.clone(),
        meeting_consent_page_url: text(&row.meeting_consent_page_url),
        manager_id: text(&row.manager_id),
        fetched_at: Timestamp::UNIX_EPOCH,
    }
}

/// The company that a simulator of these rows tells of while a fault is on, as somebody reads it who
/// believes everything: page after page, and then the managers who are not listed one by one.
pub(crate) async fn as_told(rows: &[SimUser], script: &str) -> Company {
    let simulator = simulate(Workspace::new(rows.to_vec()));
    simulator.faults().add(script.parse::<Fault>().unwrap()).unwrap();
    let base = serve(&simulator).await;
    let client = Client::new(base.trim_start_matches("http://").parse().unwrap());
    let get = async |path: String| {
        let request = client.request(Method::GET, &path).basic_auth("key", Some("canary-secret"));
        let response = request.send().await.unwrap();
        serde_json::from_slice::<Value>(&response.bytes().await.unwrap()).unwrap()
    };
    let (mut told, mut path): (Vec<SimUser>, _) = (Vec::new(), "/v2/users".to_owned());
    loop {
        let page = get(path).await;
        told.extend(serde_json::from_value::<Vec<SimUser>>(page["users"].clone()).unwrap());
        match page["records"]["cursor"].as_str() {
            Some(cursor) => path = format!("/v2/users?cursor={cursor}"),
            None => break,
        }
    }
    let mut known: BTreeSet<String> = told.iter().map(|row| row.id.clone()).collect();
    let mut at = 0;
    while let Some(row) = told.get(at) {
        at += 1;
        if let Some(manager) = row.manager_id.clone().filter(|id| known.insert(id.clone())) {
            let found = get(format!("/v2/users/{manager}")).await;
            if let Ok(mut found) = serde_json::from_value::<SimUser>(found["user"].clone()) {
                // Nothing in an answer tells an avatar.
                found.avatar = rows.iter().any(|row| row.id == manager && row.avatar);
                told.push(found);
            }
        }
    }
    Company::of(&told)
}

fn facts(model: &Model) -> Value {
    let end = |user| match model.end(user) {
        ChainEnd::Root => "ROOT",
        ChainEnd::ManagerNotFound => "MANAGER_NOT_FOUND",
        ChainEnd::SelfManaged => "SELF_MANAGED",
        ChainEnd::Cycle => "CYCLE",
    };
    let status = |user| match model.status(user) {
        ManagerStatus::None => "NONE",
        ManagerStatus::Active => "ACTIVE",
        ManagerStatus::Inactive => "INACTIVE",
        ManagerStatus::NotFound => "NOT_FOUND",
        ManagerStatus::OwnId => "SELF",
    };
    let reason = |reason| match reason {
        OrphanReason::ManagerNotFound => "MANAGER_NOT_FOUND",
        OrphanReason::ManagerIsSelf => "MANAGER_IS_SELF",
        OrphanReason::ManagementCycle => "MANAGEMENT_CYCLE",
        OrphanReason::ManagerInactive => "MANAGER_INACTIVE",
        OrphanReason::NoManager => "NO_MANAGER",
    };
    let persons: Vec<usize> = model.everybody().filter(|&user| model.is_person(user)).collect();
    let of_user = |&user: &usize| {
        let record = &model.users[user];
        json!({
            "id": record.id, "title": record.title, "managerId": record.manager_id, "managerStatus": status(user),
            "depth": model.depth(user),
            "managerChain": { "length": model.chain(user).len(), "end": end(user) },
            "direct": model.persons(&model.direct(user)), "all": model.persons(&model.below(user)),
        })
    };
    let of_orphan = |&user: &usize| {
        let why = reason(model.orphan_reason(user)?);
        Some(json!({ "reason": why, "node": { "id": model.users[user].id } }))
    };
    let users: Vec<Value> = persons.iter().map(of_user).collect();
    let orphans: Vec<Value> = persons.iter().filter_map(of_orphan).collect();
    in_order(json!({ "users": { "nodes": users }, "orphans": { "edges": orphans } }))
}

/// Both lists by id: in which order they come is not the matter here.
fn in_order(mut data: Value) -> Value {
    let mut list = |field: &str, list: &str| {
        let mut items = data[field][list].as_array_mut().map(std::mem::take).unwrap_or_default();
        items.sort_by_key(|item| {
            item["id"].as_str().or(item["node"]["id"].as_str()).unwrap_or_default().to_owned()
        });
        items
    };
    let (users, orphans) = (list("users", "nodes"), list("orphans", "edges"));
    json!({ "users": users, "orphans": orphans })
}
