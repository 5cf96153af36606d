//! The graph without contact data of random companies, held against the one that is built of records without.

use std::sync::Arc;

use crate::company::{GRAPHS, build, companies, for_all, user};
use jiff::Timestamp;
use orgraph::org::{
    self, Bounds, Derived, Direction, EmailAddress, IdentityKind, OrderField, OrgSnapshot, SearchText, Sight,
    SnapshotChecks, SnapshotSource, SnapshotVersion, Take, User, UserFilter, UserParts, UserView, Window,
};
use proptest::{prelude::*, test_runner::TestCaseResult};

fn snapshot(users: Vec<UserParts>) -> Arc<OrgSnapshot> {
    Arc::new(OrgSnapshot {
        version: SnapshotVersion::from(1),
        taken_at: Timestamp::UNIX_EPOCH,
        source: SnapshotSource::FullScan,
        checks: SnapshotChecks::default(),
        graph: build(users),
    })
}

/// The same user without what says how they are reached.
fn without_contact(user: &UserParts) -> UserParts {
    UserParts {
        trusted_email_address: None,
        phone_number: None,
        extension: None,
        personal_meeting_urls: vec![],
        meeting_consent_page_url: None,
        ..user.clone()
    }
}

#[test]
fn it_is_the_graph_of_the_records_without_it() {
    for_all(GRAPHS / 200, companies(9), |company| {
        let mut users = company.users();
        for (at, user) in users.iter_mut().enumerate() {
            user.phone_number = (at % 3 > 0).then(|| format!("+1 555 {}", at / 3));
            user.meeting_consent_page_url = Some(format!("https://consent.example/{at}"));
        }
        let blank: Vec<_> = users.iter().map(without_contact).collect();
        let (full, expected) = (snapshot(users.clone()), snapshot(blank));
        let addresses = full.graph.users().iter().flat_map(User::emails);
        let addresses: Vec<_> = addresses.map(EmailAddress::new).collect();
        prop_assert!(!full.sees(Sight::WithoutContact));
        let seen = full.seen_with(Sight::WithoutContact);
        prop_assert!(
            full.sees(Sight::WithoutContact) && Arc::ptr_eq(&seen, &full.seen_with(Sight::WithoutContact))
        );
        prop_assert!(Arc::ptr_eq(&full, &full.seen_with(Sight::Everything)));
        same(&seen, &expected, &addresses)?;
        // A record that is read later is seen no better.
        for user in users {
            let (user, blank) = (User::from(user.clone()), User::from(without_contact(&user)));
            prop_assert!(user.without_contact() == blank);
            prop_assert!(*UserView::fresh(seen.clone(), Arc::new(user.clone())).user() == blank);
            prop_assert!(*UserView::fresh(full.clone(), Arc::new(user.clone())).user() == user);
        }
        Ok(())
    });
}

#[test]
fn what_was_asked_of_one_is_there_in_the_next_whoever_asks() {
    let [before, next] = [(); 2].map(|()| snapshot((0..30).map(|id| user(&id.to_string())).collect()));
    let upwards = Derived::Order(OrderField::Title, Direction::Ascending);
    let downwards = Derived::Order(OrderField::Title, Direction::Descending);
    before.graph.derive(Derived::SearchIndex);
    before.graph.derive(upwards);
    before.seen_with(Sight::WithoutContact).graph.derive(Derived::Issues);

    next.derive_as_in(&before);

    let has = |snapshot: &OrgSnapshot| {
        [Derived::SearchIndex, upwards, downwards, Derived::Issues].map(|derived| snapshot.graph.has(derived))
    };
    assert_eq!(has(&next), [true, true, false, false]);
    assert!(next.sees(Sight::WithoutContact));
    // Orders don't depend on what is left out.
    assert_eq!(has(&next.seen_with(Sight::WithoutContact)), [false, true, false, true]);

    let unasked = snapshot(Vec::new());
    unasked.derive_as_in(&snapshot(Vec::new()));
    assert!(!unasked.sees(Sight::WithoutContact) && !has(&unasked).contains(&true));
}

fn same(seen: &OrgSnapshot, expected: &OrgSnapshot, addresses: &[EmailAddress]) -> TestCaseResult {
    let (graph, other) = (&seen.graph, &expected.graph);
    prop_assert_eq!(graph.sight(), Sight::WithoutContact);
    prop_assert!(graph.users() == other.users());
    prop_assert_eq!(graph.anomalies(), other.anomalies());
    prop_assert_eq!(graph.identity_conflicts(), other.identity_conflicts());
    prop_assert_eq!(graph.identity_conflict_count(Some(&[IdentityKind::TrustedEmail])), 0);
    let issues = [graph, other].map(|graph| graph.issues(Bounds::USUAL));
    prop_assert_eq!(issues[0].all(), issues[1].all());
    let window = Window { after: None, before: None, take: Take::First(100) };
    for address in addresses {
        prop_assert_eq!(graph.find_by_email(address), other.find_by_email(address));
        prop_assert_eq!(graph.resolve(address.as_str()), other.resolve(address.as_str()));
        let (text, filter) = (SearchText::new(address.as_str()).unwrap(), UserFilter::default());
        let found = |graph: &org::OrgGraph| {
            let found = graph.search(usize::MAX, &text, &filter);
            found.page(&window).hits.iter().map(|hit| (hit.user, hit.fields().count())).collect::<Vec<_>>()
        };
        prop_assert_eq!(found(graph), found(other));
    }
    let records = |graph: &org::OrgGraph| graph.records().cloned().collect::<Vec<_>>();
    prop_assert!(records(graph) == records(other));
    Ok(())
}
