//! Random conditions, trees of them, and what they ask about.

use std::mem::discriminant;

use orgraph::org::{ManagerStatus, OrphanReason, Settings, SpokenLanguage, UserKind, UserParts};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::{select, subsequence},
};

use super::words::{Leaf, Text, Tree};

/// What the random company doesn't say of its users.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    domain: Option<&'static str>,
    languages: Vec<&'static str>,
    imports: Option<bool>,
    dialer: Option<bool>,
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    let some = ["9000000000000000011", "48", "00000084", "21", "nobody-0", "048", ""];
    subsequence(some.map(str::to_owned).to_vec(), 0..4)
}

fn text() -> impl Strategy<Value = Text> {
    let whole = ["ann", "ANN AMES", "zoë öz", "engineer", "ÄRZTIN", "JÜRGEN3@example.org", ""];
    let part = ["", "n", "É", "öZ", "engin", "ä", "@EX", "jürgen1", "of s"];
    (
        weighted(0.2, select(whole.to_vec())),
        weighted(0.5, select(part.to_vec())),
        weighted(0.4, select(part.to_vec())),
    )
        .prop_map(|(equals, contains, starts_with)| Text { equals, contains, starts_with })
}

fn range() -> impl Strategy<Value = (Option<i64>, Option<i64>)> {
    (of(select(vec![i64::MIN, -1, 0, 1, 2, 3])), of(select(vec![-1, 0, 1, 2, 4, i64::MAX])))
}

fn leaf() -> BoxedStrategy<Leaf> {
    use ManagerStatus::{Active, Inactive, None, NotFound, OwnId};
    use OrphanReason::{ManagementCycle, ManagerInactive, ManagerIsSelf, ManagerNotFound, NoManager};
    let seconds = (of(-1..5_i64), of(-1..5_i64));
    let texts = prop_oneof![
        text().prop_map(Leaf::Name),
        text().prop_map(Leaf::Title),
        text().prop_map(Leaf::Email),
        select(vec!["", "N", "öz", "nn b"]).prop_map(Leaf::NameContains),
        subsequence(vec!["example.org", "EXAMPLE.net", "org", ""], 0..3).prop_map(Leaf::EmailDomain),
        subsequence(vec!["en", "EN-us", "fr", "e", ""], 0..3).prop_map(Leaf::Language),
    ];
    let record = prop_oneof![
        any::<bool>().prop_map(Leaf::Active),
        subsequence(vec![UserKind::Person, UserKind::Avatar], 0..=2).prop_map(Leaf::Kinds),
        ids().prop_map(Leaf::Ids),
        ids().prop_map(Leaf::ManagerIds),
        seconds.prop_map(|(from, to)| Leaf::Created(from, to)),
        any::<bool>().prop_map(Leaf::Imports),
        any::<bool>().prop_map(Leaf::Dialer),
    ];
    let place = prop_oneof![
        subsequence(vec![Active, Inactive, NotFound, None, OwnId], 0..=5).prop_map(Leaf::Status),
        range().prop_map(|(min, max)| Leaf::Depth(min, max)),
        any::<bool>().prop_map(Leaf::HasReports),
        range().prop_map(|(min, max)| Leaf::Reports(min, max)),
        range().prop_map(|(min, max)| Leaf::AllReports(min, max)),
        ids().prop_map(|ids| Leaf::Under(ids.first().cloned().unwrap_or_default())),
        any::<bool>().prop_map(Leaf::IsOrphan),
        subsequence(vec![ManagementCycle, ManagerInactive, ManagerIsSelf, ManagerNotFound, NoManager], 0..=5)
            .prop_map(Leaf::Reasons),
    ];
    prop_oneof![texts, record, place].boxed()
}

/// A condition of each kind at most: what a filter can say at once.
fn leaves(most: usize) -> impl Strategy<Value = Vec<Leaf>> {
    vec(leaf(), 0..=most).prop_map(|mut leaves| {
        let mut seen = Vec::new();
        leaves.retain(|leaf| {
            let new = !seen.contains(&discriminant(leaf));
            seen.push(discriminant(leaf));
            new
        });
        leaves
    })
}

pub(super) fn tree() -> impl Strategy<Value = Tree> {
    let leaf = leaves(2).prop_map(|leaves| Tree { leaves, and: vec![], or: None, not: None });
    leaf.prop_recursive(4, 12, 3, |inner| {
        (leaves(1), vec(inner.clone(), 0..3), weighted(0.5, vec(inner.clone(), 0..3)), weighted(0.4, inner))
            .prop_map(|(leaves, and, or, not)| Tree { leaves, and, or, not: not.map(Box::new) })
    })
}

pub(super) fn extra() -> impl Strategy<Value = Extra> {
    (
        of(select(vec!["Example.NET", "example.org"])),
        subsequence(vec!["en-US", "EN", "fr-CA", "eng"], 0..3),
        of(any::<bool>()),
        of(any::<bool>()),
    )
        .prop_map(|(domain, languages, imports, dialer)| Extra { domain, languages, imports, dialer })
}

pub(super) fn with_extras(users: Vec<UserParts>, extras: &[Extra]) -> Vec<UserParts> {
    let with = |(user, extra): (UserParts, &Extra)| UserParts {
        trusted_email_address: match extra.domain {
            Some(domain) => Some(format!("t@{domain}")),
            None => user.trusted_email_address.clone(),
        },
        spoken_languages: extra
            .languages
            .iter()
            .map(|language| SpokenLanguage { language: (*language).into(), primary: false })
            .collect(),
        settings: Settings {
            emails_imported: extra.imports,
            gong_connect_enabled: extra.dialer,
            ..user.settings
        },
        ..user
    };
    users.into_iter().zip(extras.iter().cycle()).map(with).collect()
}
