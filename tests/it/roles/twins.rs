//! The same company twice, once without anything that isn't for everybody: a reader can't tell which is which.

use fastrand::Rng;
use jiff::Timestamp;
use orgraph::{
    app,
    auth::Role,
    clock::Clock,
    simulator::{SimUser, Workspace},
    sync,
};
use serde_json::{Value, json};

use super::{
    asking::Asking,
    people::{CANARY, blanked, tangled},
    questions::Questions,
};
use crate::support::{Service, UNHURRIED, serve, settings, simulate};

/// Questions to a pair of companies for whoever waits; the gate (`ORGRAPH_TEST_CASES`) asks 2,500. And pairs.
const QUESTIONS: usize = 400;
const PAIRS: u64 = 2;
const PEOPLE: usize = 90;

const NOON: &str = "2026-03-01T12:00:00Z";
const LATER: &str = "2026-03-01T13:00:00Z";

fn at(moment: &'static str) -> Clock {
    Clock::from_fn(move || moment.parse::<Timestamp>().unwrap())
}

/// A service over these people, read at a moment that is always the same, so that nothing but them can differ,
/// and asked at `moment`.
async fn asked_at(moment: &'static str, users: Vec<SimUser>) -> Asking {
    let clock = at(NOON);
    let url = serve(&simulate(Workspace::new(users))).await;
    let interval = sync::Settings { interval: "1d".parse().unwrap(), ..sync::Settings::default() };
    let told = app::Settings { sync: interval, ..app::Settings::default() };
    let service = Service::at(clock, &settings(url, UNHURRIED), told, None).await;
    service.ready().await;
    Asking::of(service, at(moment))
}

#[tokio::test]
async fn a_reader_cant_tell_a_company_from_one_without_contact_data() {
    let seed = std::env::var("ORGRAPH_TEST_SEED").map_or(5, |seed| seed.parse().unwrap());
    let cases = std::env::var("ORGRAPH_TEST_CASES").map_or(0, |cases| cases.parse::<usize>().unwrap());
    let questions_each = QUESTIONS.max(cases / 40);
    for pair in 0..PAIRS {
        let mut chance = Rng::with_seed(seed + pair);
        let users = tangled(PEOPLE, &mut chance);
        let (full, blank) = (asked_at(NOON, users.clone()).await, asked_at(NOON, blanked(&users)).await);
        let mut questions = Questions::about(&users, chance);
        let (mut telling, mut found) = (0, 0);
        for _ in 0..questions_each {
            let query = questions.next();
            let answers = [
                full.bytes(Role::Reader, &query, json!({})).await,
                blank.bytes(Role::Reader, &query, json!({})).await,
            ];
            assert_eq!(answers[0], answers[1], "seed {seed}, pair {pair}: {query}");
            // What a question names may be repeated, in both answers.
            if !query.to_lowercase().contains(CANARY) {
                let leak = ["canary-", "canary +", "canary 1", "/canary/", "token="]
                    .map(|leak| answers[0].contains(leak));
                assert_eq!(leak, [false; 5], "{query}: {}", answers[0]);
            }
            // The questions are worth asking: an analyst's answers differ. Their cursors are tried too.
            let seen = full.bytes(Role::Analyst, &query, json!({})).await;
            telling += usize::from(seen != blank.bytes(Role::Analyst, &query, json!({})).await);
            found += usize::from(answers[0].contains("\"id\":\"1"));
            cursors(&serde_json::from_str(&seen).unwrap(), &mut questions.cursors);
        }
        assert!(
            telling > questions_each / 4,
            "only {telling} of {questions_each} questions would tell an analyst anything"
        );
        assert!(found > questions_each / 4, "only {found} of {questions_each} questions find anybody");
    }
}

/// Keeps the cursors of an answer, the last two hundred.
fn cursors(value: &Value, kept: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(cursor) if key.to_lowercase().contains("cursor") => {
                        kept.push(cursor.clone())
                    }
                    value => cursors(value, kept),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| cursors(item, kept)),
        _ => {}
    }
    let surplus = kept.len().saturating_sub(200);
    kept.drain(..surplus);
}

/// Records that Gong was asked for just now are seen no better than those of the snapshot.
#[tokio::test]
async fn fresh_records_tell_a_reader_no_more() {
    let users = tangled(30, &mut Rng::with_seed(11));
    let (full, blank) = (asked_at(LATER, users.clone()).await, asked_at(LATER, blanked(&users)).await);
    let fields = "{ id trustedEmailAddress phoneNumber extension personalMeetingUrls meetingConsentPageUrl
        identities { kind value shared } }";
    for user in &users {
        let mut queries = vec![format!("{{ user(id: \"{}\", maxAge: 0) {fields} }}", user.id)];
        let addresses = user.trusted_email_address.iter().chain(&user.email_address);
        queries
            .extend(addresses.map(|address| format!("{{ user(email: \"{address}\", maxAge: 0) {fields} }}")));
        for query in queries {
            let seen = full.bytes(Role::Reader, &query, json!({})).await;
            assert_eq!(seen, blank.bytes(Role::Reader, &query, json!({})).await, "{query}");
        }
    }
}
