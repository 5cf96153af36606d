//! Calls as Gong puts them on the wire: keys without a value are left out.

use serde::Serialize;

use super::{team, workspaces::workspace_id};
use crate::simulator::{diary::Held, tenant::Tenant, user::SimUser};

/// What customers are called, and where they write from. They don't exist.
const CUSTOMERS: [(&str, &str); 8] = [
    ("Bramblewick Foods", "bramblewick"),
    ("Castellan Freight", "castellan"),
    ("Dunlin Insurance", "dunlin"),
    ("Everholt Robotics", "everholt"),
    ("Fennmoor Energy", "fennmoor"),
    ("Galley & Pike", "galleypike"),
    ("Hollin Health", "hollin"),
    ("Ivelbank", "ivelbank"),
];
const SUBJECTS: [&str; 6] = ["Introduction", "Discovery", "Demo", "Pricing", "Check-in", "Quarterly review"];

/// The meta data of a call: a row of `GET /v2/calls`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Call {
    id: String,
    url: String,
    title: String,
    scheduled: String,
    started: String,
    duration: u64,
    primary_user_id: String,
    direction: &'static str,
    system: &'static str,
    scope: &'static str,
    media: &'static str,
    language: &'static str,
    workspace_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    meeting_url: Option<String>,
    is_private: bool,
}

/// A row of `POST /v2/calls/extensive`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExtensiveCall {
    meta_data: Call,
    #[serde(skip_serializing_if = "Option::is_none")]
    parties: Option<Vec<Party>>,
}

/// Somebody who took part.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    affiliation: &'static str,
    methods: [&'static str; 1],
}

impl Call {
    pub(super) fn of(held: &Held<'_>, tenant: &Tenant) -> Self {
        let (id, chance) = (held.id(), held.chance);
        let started = tenant.calendar.print(held.started(&tenant.calendar));
        let by_phone = chance.one_in(4, 1);
        Self {
            url: format!("https://app.gong.io/call?id={id}"),
            title: format!("{}: {}", customer(held).0, chance.of("subject").pick(&SUBJECTS)),
            scheduled: started.clone(),
            started,
            duration: held.duration(),
            primary_user_id: held.host.id.clone(),
            direction: if by_phone { "Outbound" } else { "Conference" },
            system: if by_phone { "Gong Connect" } else { "Zoom" },
            scope: "External",
            media: if by_phone { "Audio" } else { "Video" },
            language: "eng",
            workspace_id: workspace_id(tenant.seed),
            meeting_url: (!by_phone).then(|| format!("https://meet.example.com/{id}")),
            is_private: chance.one_in(30, 2),
            id,
        }
    }
}

impl ExtensiveCall {
    pub(super) fn of(held: &Held<'_>, tenant: &Tenant, people: &[SimUser], with_parties: bool) -> Self {
        Self { meta_data: Call::of(held, tenant), parties: with_parties.then(|| parties(held, people)) }
    }
}

/// The host, the host's manager if that one attended, and the customer.
fn parties(held: &Held<'_>, people: &[SimUser]) -> Vec<Party> {
    let coach = team::coach(people, held.host).filter(|_| held.traits.manager_attended());
    let colleague = |user: &SimUser| Party {
        id: held.chance.of("party").of(&user.id).id(),
        email_address: user.email_address.clone(),
        name: user.full_name(),
        title: user.title.clone(),
        user_id: Some(user.id.clone()),
        affiliation: "Internal",
        methods: ["Invitee"],
    };
    let (_, domain) = customer(held);
    let customer = Party {
        id: held.chance.of("customer").id(),
        email_address: Some(format!("buyer@{domain}.example.org")),
        name: None,
        title: None,
        user_id: None,
        affiliation: "External",
        methods: ["Invitee"],
    };
    std::iter::once(held.host).chain(coach).map(colleague).chain([customer]).collect()
}

fn customer(held: &Held<'_>) -> (&'static str, &'static str) {
    held.chance.of("company").pick(&CUSTOMERS)
}
