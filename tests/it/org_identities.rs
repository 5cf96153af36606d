//! Keys, identities and what is shared of them in random companies, held against plain readings of the words.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::org::{
    self, EmailMatch, IdentityKind, MAX_CANDIDATES, OrgGraph, Resolution, Take, User, UserKind, UserParts,
    Window,
};
use proptest::{collection::vec, option::weighted, prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, build, companies, for_all, user},
    model::Model,
};

/// As the company, with phone numbers, and with addresses that are ids of others.
fn records() -> impl Strategy<Value = Vec<UserParts>> {
    let phone =
        prop::sample::select(vec!["+1 555 0100", "(+1) 5550100", "1 555 0100", "n/a", "+49-30-7", "+49307"]);
    let extra =
        (weighted(0.6, phone), weighted(0.3, prop::sample::select(vec!["42", "x42", "-", "7"])), any::<u8>());
    (companies(9), vec(extra, 9)).prop_map(|(company, extras)| {
        let mut users = company.users();
        let ids: Vec<_> = users.iter().map(|user| user.id.clone()).collect();
        for (user, (phone, extension, other)) in users.iter_mut().zip(extras) {
            user.phone_number = phone.map(str::to_owned);
            user.extension = extension.map(str::to_owned);
            if other < 40 {
                user.email_aliases.push(ids[usize::from(other) % ids.len()].clone());
            }
        }
        users
    })
}

/// The identities of a record, each as (kind, as written, as compared).
fn identities(user: &UserParts) -> Vec<(IdentityKind, String, Option<String>)> {
    let mut all = Vec::new();
    let mut email = |kind, address: &String| {
        all.push((kind, address.clone(), Some(address.to_lowercase())));
    };
    user.email_address.iter().for_each(|address| email(IdentityKind::PrimaryEmail, address));
    user.email_aliases.iter().for_each(|address| email(IdentityKind::EmailAlias, address));
    user.trusted_email_address.iter().for_each(|address| email(IdentityKind::TrustedEmail, address));
    if let Some(phone) = &user.phone_number {
        let signs = |text: &str| text.replace(|sign: char| !"0123456789+".contains(sign), "");
        let mut folded = signs(phone);
        if let Some(extension) = user.extension.as_deref().map(signs).filter(|digits| !digits.is_empty()) {
            folded = format!("{folded}#{extension}");
        }
        let is_one = phone.contains(|sign: char| sign.is_ascii_digit());
        all.push((IdentityKind::PhoneNumber, phone.clone(), is_one.then_some(folded)));
    }
    all
}

#[test]
fn identities_are_as_the_words_say() {
    for_all(GRAPHS, records(), |records| {
        let model = Model::of(&records);
        let graph = build(records);
        each_users(&model, &graph)?;
        keys(&model, &graph)?;
        conflicts(&model, &graph)
    });
}

fn is_phone(kind: IdentityKind) -> bool {
    kind == IdentityKind::PhoneNumber
}

fn each_users(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    for user in &model.users {
        let packed = User::from(user.clone());
        let told: Vec<_> = packed
            .identities()
            .map(|identity| {
                let folded = identity.folded().map(std::borrow::Cow::into_owned);
                (identity.kind(), identity.value().to_owned(), folded)
            })
            .collect();
        prop_assert_eq!(&told, &identities(user));
        for (identity, (kind, _, folded)) in packed.identities().zip(told) {
            let others = model.users.iter().filter(|other| other.id != user.id).flat_map(identities);
            let same = |(theirs, _, value): (IdentityKind, _, Option<String>)| {
                is_phone(theirs) == is_phone(kind) && value.is_some() && value == folded
            };
            prop_assert_eq!(graph.is_shared(&identity, &user.id), { others }.any(same));
        }
    }
    Ok(())
}

fn keys(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    let mut keys: BTreeSet<String> = ["", "nobody", " "].map(str::to_owned).into();
    for user in &model.users {
        keys.insert(user.id.clone());
        keys.insert(format!("0{}", user.id));
        for (_, value, _) in identities(user) {
            keys.extend([value.to_uppercase(), format!(" {value}\t"), value]);
        }
    }
    for key in keys {
        let by_id =
            model.users.iter().filter(|user| user.id == key).map(|user| (user.id.as_str(), IdentityKind::Id));
        let mut meant: BTreeMap<&str, IdentityKind> = by_id.collect();
        for user in &model.users {
            let emails = identities(user).into_iter().filter(|identity| !is_phone(identity.0));
            for (kind, _, folded) in emails {
                if folded == Some(key.trim().to_lowercase()) {
                    meant.entry(&user.id).or_insert(kind);
                }
            }
        }
        let id = |candidate: &org::Candidate| (graph.user(candidate.user).id(), candidate.by);
        match graph.resolve(&key) {
            Resolution::NotFound => prop_assert!(meant.is_empty(), "{key}: {meant:?}"),
            Resolution::Found(found) => prop_assert_eq!(meant, BTreeMap::from([id(&found)])),
            Resolution::Ambiguous { candidates, count } => {
                prop_assert!(count > 1 && count == meant.len(), "{key}: {count} {meant:?}");
                prop_assert_eq!(candidates.len(), count.min(MAX_CANDIDATES));
                prop_assert_eq!(candidates.iter().map(id).collect::<BTreeMap<_, _>>(), meant);
                let first_is_id = candidates[0].by == IdentityKind::Id;
                prop_assert!(
                    first_is_id || candidates.iter().all(|candidate| candidate.by != IdentityKind::Id)
                );
            }
        }
    }
    Ok(())
}

/// A value and whether it is a phone number; who has it, as what.
type Conflict = ((String, bool), BTreeMap<String, BTreeSet<IdentityKind>>);

fn conflicts(model: &Model, graph: &OrgGraph) -> TestCaseResult {
    let mut expected: BTreeMap<(String, bool), BTreeMap<String, BTreeSet<IdentityKind>>> = BTreeMap::new();
    for user in &model.users {
        for (kind, _, folded) in identities(user) {
            let Some(value) = folded else { continue };
            let holders = expected.entry((value, is_phone(kind))).or_default();
            holders.entry(user.id.clone()).or_default().insert(kind);
        }
    }
    expected.retain(|_, holders| holders.len() > 1);
    let expected: Vec<Conflict> = expected.into_iter().collect();

    let plain = |conflict: &org::IdentityConflict| -> Conflict {
        let holders = conflict.holders.iter();
        let holders =
            holders.map(|holder| (graph.user(holder.user).id().to_owned(), holder.kinds.iter().collect()));
        let phone = conflict.kinds.holds(IdentityKind::PhoneNumber);
        ((conflict.value.to_string(), phone), holders.collect())
    };
    let told: Vec<_> = graph.identity_conflicts().iter().map(|conflict| plain(conflict)).collect();
    prop_assert_eq!(&told, &expected);
    for (conflict, (_, holders)) in graph.identity_conflicts().iter().zip(&expected) {
        let kinds: BTreeSet<_> = holders.values().flatten().copied().collect();
        prop_assert_eq!(conflict.kinds.iter().collect::<BTreeSet<_>>(), kinds);
        prop_assert_eq!(conflict.holders.len(), holders.len());
    }

    for kinds in [None, Some(vec![IdentityKind::PhoneNumber]), Some(vec![IdentityKind::EmailAlias])] {
        let wanted = |conflict: &&Conflict| {
            let mut all = conflict.1.values().flatten();
            kinds.as_ref().is_none_or(|kinds| all.any(|kind| kinds.contains(kind)))
        };
        let all: Vec<_> = expected.iter().filter(wanted).cloned().collect();
        prop_assert_eq!(graph.identity_conflict_count(kinds.as_deref()), all.len());
        let sizes = if kinds.is_none() { 1..3 } else { 1..2 };
        for size in sizes {
            let (mut seen, mut edge) = (Vec::new(), None);
            loop {
                let window = Window { after: edge, before: None, take: Take::First(size) };
                let page = graph.identity_conflicts_in(kinds.as_deref(), &window);
                prop_assert_eq!(page.has_previous, !seen.is_empty());
                seen.extend(page.conflicts.iter().map(|conflict| plain(conflict)));
                prop_assert_eq!(page.has_next, seen.len() < all.len());
                edge = page.conflicts.last().filter(|_| page.has_next).map(|last| last.position());
                if edge.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&seen, &all);
            let (mut seen, mut edge) = (Vec::new(), None);
            loop {
                let window = Window { after: None, before: edge, take: Take::Last(size) };
                let page = graph.identity_conflicts_in(kinds.as_deref(), &window);
                prop_assert_eq!(page.has_next, !seen.is_empty());
                seen.splice(0..0, page.conflicts.iter().map(|conflict| plain(conflict)));
                prop_assert_eq!(page.has_previous, seen.len() < all.len());
                edge = page.conflicts.first().filter(|_| page.has_previous).map(|first| first.position());
                if edge.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&seen, &all);
        }
    }
    Ok(())
}

#[test]
fn a_thousand_keys_of_an_address_that_all_have() {
    let one = |at: usize| UserParts {
        email_aliases: vec!["all@example.org".into(); 3],
        phone_number: Some("1".into()),
        ..user(&at.to_string())
    };
    let graph = build((0..50_000).map(one).collect());
    for _ in 0..1_000 {
        let Resolution::Ambiguous { candidates, count } = graph.resolve("ALL@example.org") else {
            panic!("all have it")
        };
        assert_eq!((candidates.len(), count), (MAX_CANDIDATES, 50_000));
    }
    let holders: Vec<_> = graph.identity_conflicts().iter().map(|conflict| conflict.holders.len()).collect();
    assert_eq!(holders, [50_000; 2]);
}

#[test]
fn values_of_any_length_have_places_of_their_own() {
    let long = |end: &str| format!("{}{end}", "é".repeat(400));
    let one = |id| UserParts {
        kind: UserKind::Avatar,
        email_aliases: ["a", "b", "c"].map(long).into(),
        ..user(id)
    };
    let graph = build(vec![one("1"), one("2")]);
    let (mut seen, mut after) = (BTreeSet::new(), None);
    while seen.len() < 3 {
        let page = graph.identity_conflicts_in(None, &Window { after, before: None, take: Take::First(1) });
        assert!(seen.insert(page.conflicts[0].value.clone()), "twice the same");
        after = Some(page.conflicts[0].position());
        assert_eq!(page.has_next, seen.len() < 3);
    }
}

/// Whoever has more addresses than anybody can have is known by the last of them as by the first.
#[test]
fn the_last_of_very_many_addresses_is_found() {
    const MANY: usize = 70_000;
    let address = |at: usize| format!("{at}@example.org");
    let one = UserParts { email_aliases: (0..MANY).map(address).collect(), ..user("1") };
    let other = UserParts { email_address: Some(address(MANY - 1)), ..user("2") };
    let graph = build(vec![one, other]);
    let [first, second] = ["1", "2"].map(|id| graph.find(id).unwrap());
    let holders = |at: usize| graph.find_by_email(&org::EmailAddress::new(address(at)));
    for at in [0, 65_534, 65_535, 65_536, MANY - 2] {
        assert_eq!(holders(at), EmailMatch::One(first), "{at}");
    }
    assert_eq!(holders(MANY - 1), EmailMatch::Many(&[first, second]));
    assert_eq!(holders(MANY), EmailMatch::Nobody);
    assert_eq!((graph.anomalies().len(), graph.identity_conflicts().len()), (1, 1));
}
