//! What is asked: documents that stay the same, with variables that don't, so that none of the answers can have been kept
//! from the time before. Cursors and ids are the company's own.

use serde_json::{Value, json};

use super::{service::Service, wire::post};

/// What comes to an end in a comment that is another each time.
const SERIAL: &str = "#0000000000";

const PERSON: &str = "query Person($id: ID!) { user(id: $id) { id name title emailAddress \
    managerChain { length end nodes { id name title } } \
    reports(first: 20) { totalCount nodes { id name title } } } }";
const REPORTS: &str = "query Reports($id: ID!, $after: String) { user(id: $id) { \
    reports(transitive: true, first: 50, after: $after) { nodes { id name title emailAddress active depth } } } }";
const USERS: &str = "query Users($first: Int, $after: String) { users(first: $first, after: $after) { \
    nodes { id name title emailAddress active managerId depth created } } }";
const TOP: &str = "query Top($id: ID!, $after: String) { user(id: $id) { \
    reports(transitive: true, first: 100, after: $after) { totalCount nodes { id name } } } }";
const ORPHANS: &str = "query Orphans($after: String) { orphans(first: 20, after: $after) { \
    totalCount nodes { id name title } } }";

/// A question in all its variants.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    /// The share of the bare handler's requests per CPU-second that it shall reach.
    pub(crate) bound: Option<f64>,
    pub(crate) requests: Requests,
}

/// Requests that are sent one after the other, and from the beginning again.
#[derive(Clone)]
pub(crate) struct Requests {
    all: Vec<Vec<u8>>,
    asked: usize,
    /// Where each has a number that it shares with none before.
    serial: Option<usize>,
}

/// Of whom and from where can be asked.
pub(crate) struct Known {
    credential: String,
    ids: Vec<String>,
    /// Places in the list of all users, by name.
    places: Vec<String>,
    /// Whoever has most people below.
    top: String,
    /// Those, and their places, in the order of the tree: each manager before their reports.
    below: Vec<String>,
    places_below: Vec<String>,
}

impl Known {
    /// Of the company that the service has.
    pub(crate) fn of(service: &Service) -> Self {
        let most = "{ users(first: 1, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }) { nodes { id } } }";
        let top = text(&service.ask(most, &json!({}))["users"]["nodes"][0]["id"]);
        let users = "query($after: String) { list: users(first: 1000, after: $after) { \
            pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }";
        let below = "query($id: ID!, $after: String) { list: reports(managerId: $id, transitive: true, first: 1000, \
            after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }";
        let (ids, places) = all(service, users, &json!({})).into_iter().unzip();
        let (below, places_below) = all(service, below, &json!({ "id": top })).into_iter().unzip();
        Self { credential: service.credential.clone(), ids, places, top, below, places_below }
    }

    pub(crate) fn questions(&self) -> Vec<Question> {
        let again = vec![json!({ "id": self.manager() })];
        let each_id: Vec<_> = self.ids.iter().map(|id| json!({ "id": id })).collect();
        let users = |first: usize, most: usize| {
            let each = (self.places.len() - first) / most;
            let after = self.places.iter().step_by(each).take(most);
            after.map(|after| json!({ "first": first, "after": after })).collect::<Vec<_>>()
        };
        // The last orphans are somewhere among the last users.
        let orphans = self.places[..self.places.len() * 8 / 10].iter().map(|after| json!({ "after": after }));
        vec![
            self.question("the same question again", Some(0.8), PERSON, &again),
            self.question("one user, chain, reports; another id each time", Some(0.6), PERSON, &each_id),
            self.question("50 reports × 6 fields", Some(0.5), REPORTS, &self.below(50)),
            self.question("100 users × 8 fields", Some(0.4), USERS, &users(100, 1_000)),
            self.question("1,000 users × 8 fields", Some(0.25), USERS, &users(1_000, 200)),
            self.question("top manager: all reports counted, first 100", Some(0.35), TOP, &self.below(100)),
            self.question("orphans: count, first 20", Some(0.6), ORPHANS, &orphans.collect::<Vec<_>>()),
        ]
    }

    /// The question about one user, in a text that nobody has seen before, each time.
    pub(crate) fn unknown(&self) -> Question {
        let (name, variables) = ("an unknown document each time", json!({ "id": self.manager() }));
        let mut question = self.question(name, Some(1.0), &format!("{PERSON} {SERIAL}"), &[variables]);
        let text = &question.requests.all[0];
        let place = text.windows(SERIAL.len()).position(|part| part == SERIAL.as_bytes());
        question.requests.serial = place.map(|place| place + 1);
        question
    }

    /// The top manager's question alone.
    pub(crate) fn top_manager(&self) -> Question {
        self.question("top manager", None, TOP, &self.below(100))
    }

    /// The top manager, and places after which there are so many further people below.
    fn below(&self, further: usize) -> Vec<Value> {
        let places = &self.places_below[..(self.places_below.len() - further).min(4_000)];
        places.iter().map(|after| json!({ "id": self.top, "after": after })).collect()
    }

    /// Somebody with two above and some below.
    fn manager(&self) -> &str {
        &self.below[1]
    }

    fn question(
        &self,
        name: &'static str,
        bound: Option<f64>,
        document: &str,
        variables: &[Value],
    ) -> Question {
        let body = |variables| json!({ "query": document, "variables": variables }).to_string();
        let request = |(number, variables)| post(&self.credential, number, &body(variables));
        let all = variables.iter().enumerate().map(request).collect();
        Question { name, bound, requests: Requests { all, asked: 0, serial: None } }
    }
}

impl Requests {
    pub(crate) fn next(&mut self) -> &[u8] {
        let at = self.asked % self.all.len();
        self.asked += 1;
        let request = &mut self.all[at];
        if let Some(place) = self.serial {
            let serial = format!("{:010}", self.asked);
            request[place..place + serial.len()].copy_from_slice(serial.as_bytes());
        }
        request
    }

    /// Each once, as it would be sent next.
    pub(crate) fn each(&self) -> &[Vec<u8>] {
        &self.all
    }
}

/// Everybody of a listing, page by page, each with the place.
fn all(service: &Service, document: &str, variables: &Value) -> Vec<(String, String)> {
    let mut variables = variables.clone();
    let mut found = Vec::new();
    loop {
        let page = service.ask(document, &variables)["list"].take();
        let edges = page["edges"].as_array().expect("a page").iter();
        found.extend(edges.map(|edge| (text(&edge["node"]["id"]), text(&edge["cursor"]))));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        variables["after"] = page["pageInfo"]["endCursor"].clone();
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
