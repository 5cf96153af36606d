//! What the index of a large company costs: `cargo test --release --lib search -- --ignored --nocapture`.
#![expect(clippy::disallowed_methods, reason = "a measurement, run by hand")]

use std::time::Instant;

use super::{Index, SearchText};
use crate::org::{
    Derived, Direction, OrderField, Settings, Take, User, UserFilter, UserKind, UserParts, Window, build,
};

/// Somebody with a name of syllables, so that a company of 100,000 has some ten thousand family names.
fn person(at: usize) -> User {
    const SYLLABLES: [&str; 24] = [
        "an", "ber", "co", "da", "el", "fer", "ga", "hol", "in", "jo", "ka", "lu", "man", "ne", "ol", "pe",
        "qui", "ro", "son", "ta", "ul", "ver", "wa", "zi",
    ];
    const TITLES: [&str; 6] =
        ["Account Executive", "Sales Manager", "VP Sales EMEA", "Engineer", "Head of Design", "SDR"];
    let name = |mut seed: usize, length: usize| -> String {
        let syllable = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            SYLLABLES[(seed >> 33) % SYLLABLES.len()]
        };
        (0..length).map(syllable).collect()
    };
    let (first, last) = (name(at % 3_000, 2), name(at % 40_000 + 7, 3));
    User::from(UserParts {
        id: format!("{at:019}"),
        kind: UserKind::Person,
        email_address: Some(format!("{first}.{last}@example.com")),
        email_aliases: vec![format!("{}{last}@example.org", &first[..1])],
        trusted_email_address: None,
        first_name: Some(first),
        last_name: Some(last),
        title: Some(TITLES[at % TITLES.len()].into()),
        phone_number: None,
        extension: None,
        active: true,
        created: None,
        settings: Settings::default(),
        spoken_languages: vec![],
        personal_meeting_urls: vec![],
        meeting_consent_page_url: None,
        manager_id: None,
        fetched_at: jiff::Timestamp::UNIX_EPOCH,
    })
}

#[test]
#[ignore = "a measurement"]
fn what_a_company_of_100_000_costs() {
    let graph = build((0..100_000).map(person).collect());
    let begun = Instant::now();
    let index = Index::new(&graph.users, graph.sorted(OrderField::Name, Direction::Ascending));
    eprintln!("index: {:?}, {} kB", begun.elapsed(), index.bytes() / 1_000);
    graph.derive(Derived::SearchIndex);
    let filter = UserFilter::default();
    let person = graph.users[4_711].name().unwrap();
    let swapped: String = person.chars().rev().collect();
    let longest: String = (0..8).map(|n| format!("{}{n}abcdefghijklmno ", "rosonta".repeat(2))).collect();
    for text in
        [longest.as_str(), person, swapped.as_str(), "a", "example", "manager sales", "exceutive acount vp"]
    {
        for _ in 0..2 {
            let begun = Instant::now();
            let found = graph.search(usize::MAX, &SearchText::new(text).unwrap(), &filter);
            let page = found.page(&Window { after: None, before: None, take: Take::First(50) });
            let (spent, visits) = (begun.elapsed(), found.visits());
            eprintln!("{text:?}: {spent:?}, {visits} visits, {} of {}", page.hits.len(), found.count());
        }
    }
}
