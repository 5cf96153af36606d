//! Filters of every kind, and trees of them, against what their words say.

use std::{collections::BTreeSet, mem::discriminant};

use jiff::Timestamp;
use orgraph::org::{
    self, Fragment, ManagerStatus, Moments, Numbers, Order, OrphanReason, Scope, Settings, SpokenLanguage,
    TextFilter, User, UserFilter, UserId, UserKind,
};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::{select, subsequence},
};

use crate::{
    company::{GRAPHS, companies, for_all, user},
    model::Model,
};

/// One condition.
#[derive(Clone, Debug)]
enum Leaf {
    Active(bool),
    Kinds(Vec<UserKind>),
    Status(Vec<ManagerStatus>),
    Ids(Vec<String>),
    ManagerIds(Vec<String>),
    Name(Text),
    Title(Text),
    Email(Text),
    NameContains(&'static str),
    EmailDomain(Vec<&'static str>),
    Created(Option<i64>, Option<i64>),
    Depth(Option<i64>, Option<i64>),
    HasReports(bool),
    Reports(Option<i64>, Option<i64>),
    AllReports(Option<i64>, Option<i64>),
    Language(Vec<&'static str>),
    Imports(bool),
    Dialer(bool),
    Under(String),
    IsOrphan(bool),
    Reasons(Vec<OrphanReason>),
}

#[derive(Clone, Debug, Default)]
struct Text {
    equals: Option<&'static str>,
    contains: Option<&'static str>,
    starts_with: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Tree {
    leaves: Vec<Leaf>,
    and: Vec<Tree>,
    or: Option<Vec<Tree>>,
    not: Option<Box<Tree>>,
}

/// What the random company doesn't say of its users.
#[derive(Clone, Debug)]
struct Extra {
    domain: Option<&'static str>,
    languages: Vec<&'static str>,
    imports: Option<bool>,
    dialer: Option<bool>,
}

fn low(text: &str) -> String {
    text.to_lowercase()
}

fn within(number: Option<i64>, min: Option<i64>, max: Option<i64>) -> bool {
    match number {
        Some(number) => min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max),
        None => min.is_none() && max.is_none(),
    }
}

impl Text {
    fn holds(&self, text: Option<&str>) -> bool {
        let all = |text: &str| {
            let text = low(text);
            self.equals.is_none_or(|it| low(it) == text)
                && self.contains.is_none_or(|it| text.contains(&low(it)))
                && self.starts_with.is_none_or(|it| text.starts_with(&low(it)))
        };
        self.asks_nothing() || text.is_some_and(all)
    }

    fn asks_nothing(&self) -> bool {
        self.equals.is_none() && self.contains.is_none() && self.starts_with.is_none()
    }

    fn filter(&self) -> TextFilter {
        TextFilter {
            equals: self.equals.map(Fragment::new),
            contains: self.contains.map(Fragment::new),
            starts_with: self.starts_with.map(Fragment::new),
        }
    }
}

impl Leaf {
    fn holds(&self, model: &Model, at: usize) -> bool {
        let user = &model.users[at];
        match self {
            Self::Active(active) => user.active == *active,
            Self::Kinds(kinds) => kinds.contains(&user.kind),
            Self::Status(statuses) => statuses.contains(&model.status(at)),
            Self::Ids(ids) => ids.iter().any(|id| id == user.id.as_str()),
            Self::ManagerIds(ids) => {
                user.manager_id.as_ref().is_some_and(|named| ids.iter().any(|id| id == named.as_str()))
            }
            Self::Name(text) => text.holds(model.name(at).as_deref()),
            Self::Title(text) => text.holds(user.title.as_deref()),
            Self::Email(text) => {
                text.asks_nothing() || model.addresses(at).iter().any(|email| text.holds(Some(email)))
            }
            Self::NameContains(part) => model.name(at).is_some_and(|name| low(&name).contains(&low(part))),
            Self::EmailDomain(domains) => model.addresses(at).iter().any(|email| {
                domains.iter().any(|domain| low(email).split('@').next_back() == Some(&low(domain)))
            }),
            Self::Created(from, to) => match user.created.map(Timestamp::as_second) {
                Some(second) => from.is_none_or(|from| second >= from) && to.is_none_or(|to| second < to),
                None => from.is_none() && to.is_none(),
            },
            Self::Depth(min, max) => within(model.depth(at).map(i64::from), *min, *max),
            Self::HasReports(has) => (model.persons(&model.direct(at)) > 0) == *has,
            Self::Reports(min, max) => within(Some(model.persons(&model.direct(at)).into()), *min, *max),
            Self::AllReports(min, max) => within(Some(model.persons(&model.below(at)).into()), *min, *max),
            Self::Language(wanted) => user.spoken_languages.iter().any(|spoken| {
                wanted.iter().any(|wanted| {
                    let (spoken, wanted) = (low(&spoken.language), low(wanted));
                    spoken == wanted || spoken.starts_with(&format!("{wanted}-"))
                })
            }),
            Self::Imports(on) => user.settings.emails_imported == Some(*on),
            Self::Dialer(on) => user.settings.gong_connect_enabled == Some(*on),
            Self::Under(id) => model.find(id).is_some_and(|manager| model.below(manager).contains(&at)),
            Self::IsOrphan(is) => model.orphan_reason(at).is_some() == *is,
            Self::Reasons(reasons) => model.orphan_reason(at).is_some_and(|reason| reasons.contains(&reason)),
        }
    }

    fn set(&self, filter: &mut UserFilter) {
        let ids = |ids: &[String]| Some(ids.iter().map(|id| UserId::new(id.as_str())).collect());
        let second = |at: Option<i64>| at.map(|at| Timestamp::from_second(at).unwrap());
        let numbers = |min: &Option<i64>, max: &Option<i64>| Numbers { min: *min, max: *max };
        match self {
            Self::Active(active) => filter.active = Some(*active),
            Self::Kinds(kinds) => filter.kinds = Some(kinds.clone()),
            Self::Status(statuses) => filter.manager_status = Some(statuses.clone()),
            Self::Ids(wanted) => filter.ids = ids(wanted),
            Self::ManagerIds(wanted) => filter.manager_ids = ids(wanted),
            Self::Name(text) => filter.name = text.filter(),
            Self::Title(text) => filter.title = text.filter(),
            Self::Email(text) => filter.email = text.filter(),
            Self::NameContains(part) => filter.name_contains = Some(Fragment::new(part)),
            Self::EmailDomain(domains) => {
                filter.email_domains = Some(domains.iter().map(|domain| low(domain)).collect());
            }
            Self::Created(from, to) => filter.created = Moments { from: second(*from), to: second(*to) },
            Self::Depth(min, max) => filter.depth = numbers(min, max),
            Self::HasReports(has) => filter.has_reports = Some(*has),
            Self::Reports(min, max) => filter.report_count = numbers(min, max),
            Self::AllReports(min, max) => filter.transitive_report_count = numbers(min, max),
            Self::Language(wanted) => {
                filter.spoken_languages = Some(wanted.iter().map(|wanted| low(wanted)).collect());
            }
            Self::Imports(on) => filter.settings.emails_imported = Some(*on),
            Self::Dialer(on) => filter.settings.gong_connect_enabled = Some(*on),
            Self::Under(id) => filter.under = Some(UserId::new(id.as_str())),
            Self::IsOrphan(is) => filter.is_orphan = Some(*is),
            Self::Reasons(reasons) => filter.orphan_reasons = Some(reasons.clone()),
        }
    }
}

impl Tree {
    fn holds(&self, model: &Model, at: usize) -> bool {
        let mut all = self.leaves.iter().map(|leaf| leaf.holds(model, at)).collect::<Vec<_>>();
        all.extend(self.and.iter().map(|tree| tree.holds(model, at)));
        all.extend(self.or.iter().map(|trees| trees.iter().any(|tree| tree.holds(model, at))));
        all.extend(self.not.iter().map(|tree| !tree.holds(model, at)));
        !all.contains(&false)
    }

    fn speaks_of_kinds(&self) -> bool {
        format!("{self:?}").contains("Kinds(")
    }

    fn admits(&self, model: &Model, at: usize) -> bool {
        self.holds(model, at) && (model.is_person(at) || self.speaks_of_kinds())
    }

    fn filter(&self) -> UserFilter {
        let mut filter = UserFilter {
            and: self.and.iter().map(Self::filter).collect(),
            or: self.or.as_ref().map(|trees| trees.iter().map(Self::filter).collect()),
            not: self.not.as_ref().map(|tree| Box::new(tree.filter())),
            ..UserFilter::default()
        };
        self.leaves.iter().for_each(|leaf| leaf.set(&mut filter));
        filter
    }

    fn parts(&self) -> usize {
        let inside = self.and.iter().chain(self.or.iter().flatten()).chain(self.not.as_deref());
        1 + inside.map(Self::parts).sum::<usize>()
    }
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    let some = ["11", "00000047", "9000000000000000077", "9000000000000000048", "nobody-0", "47", ""];
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

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = leaves(2).prop_map(|leaves| Tree { leaves, and: vec![], or: None, not: None });
    leaf.prop_recursive(4, 12, 3, |inner| {
        (leaves(1), vec(inner.clone(), 0..3), weighted(0.5, vec(inner.clone(), 0..3)), weighted(0.4, inner))
            .prop_map(|(leaves, and, or, not)| Tree { leaves, and, or, not: not.map(Box::new) })
    })
}

fn extra() -> impl Strategy<Value = Extra> {
    (
        of(select(vec!["Example.NET", "example.org"])),
        subsequence(vec!["en-US", "EN", "fr-CA", "eng"], 0..3),
        of(any::<bool>()),
        of(any::<bool>()),
    )
        .prop_map(|(domain, languages, imports, dialer)| Extra { domain, languages, imports, dialer })
}

fn with_extras(users: Vec<User>, extras: &[Extra]) -> Vec<User> {
    let with = |(user, extra): (User, &Extra)| User {
        trusted_email_address: match extra.domain {
            Some(domain) => Some(org::EmailAddress::new(format!("t@{domain}"))),
            None => user.trusted_email_address.clone(),
        },
        spoken_languages: extra
            .languages
            .iter()
            .map(|language| SpokenLanguage { language: (*language).to_owned(), primary: false })
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

#[test]
fn a_filter_holds_for_whom_its_words_say() {
    let trees = vec(tree(), 1..4);
    for_all(GRAPHS, (companies(9), vec(extra(), 4), trees), |(company, extras, trees)| {
        let records = with_extras(company.users(), &extras);
        let (model, graph) = (Model::of(&records), org::build(records));
        for tree in &trees {
            let filter = tree.filter();
            prop_assert_eq!(filter.weight(), tree.parts(), "{:?}", tree);
            for at in model.everybody() {
                let id = &model.users[at].id;
                let user = graph.find(id.as_str()).unwrap();
                prop_assert_eq!(filter.admits(&graph, user), tree.admits(&model, at), "{} {:?}", id, tree);
            }
            let listing = graph.list(&Scope::Everyone, &filter, Order::NAME);
            let wanted = model.everybody().filter(|&at| tree.admits(&model, at)).count();
            prop_assert_eq!((listing.count(), listing.iter().count()), (wanted, wanted), "{:?}", tree);
        }
        Ok(())
    });
}

/// The larger the company, the more of its people are in the same ring, or under the same manager.
#[test]
fn and_so_in_larger_companies() {
    for_all(60, (companies(45), vec(extra(), 7), vec(tree(), 8)), |(company, extras, trees)| {
        let records = with_extras(company.users(), &extras);
        let (model, graph) = (Model::of(&records), org::build(records));
        for tree in &trees {
            let filter = tree.filter();
            let listing = graph.list(&Scope::Everyone, &filter, Order::Tree);
            let found: BTreeSet<_> = listing.iter().map(|user| graph.user(user).id.clone()).collect();
            let wanted = model.everybody().filter(|&at| tree.admits(&model, at));
            let wanted: BTreeSet<_> = wanted.map(|at| model.users[at].id.clone()).collect();
            prop_assert_eq!(found, wanted, "{:?}", tree);
        }
        Ok(())
    });
}

#[test]
fn avatars_are_found_by_whoever_speaks_of_kinds() {
    let avatar = User { kind: UserKind::Avatar, ..user("a") };
    let graph = org::build(vec![user("p"), avatar]);
    let of_kind = |kind| UserFilter { kinds: Some(vec![kind]), ..UserFilter::default() };
    let not = |filter| UserFilter { not: Some(Box::new(filter)), ..UserFilter::default() };
    let or = |filters| UserFilter { or: Some(filters), ..UserFilter::default() };
    let active = UserFilter { active: Some(true), ..UserFilter::default() };
    let inactive = UserFilter { active: Some(false), ..UserFilter::default() };
    for (filter, expected) in [
        (UserFilter::default(), "p"),
        (UserFilter::of_any_kind(), "pa"),
        (not(inactive.clone()), "p"),
        (not(of_kind(UserKind::Person)), "a"),
        (not(of_kind(UserKind::Avatar)), "p"),
        (or(vec![of_kind(UserKind::Avatar), active.clone()]), "pa"),
        (or(vec![of_kind(UserKind::Avatar), inactive]), "a"),
        (UserFilter { and: vec![of_kind(UserKind::Avatar)], ..active }, "a"),
    ] {
        let found: String =
            ["p", "a"].into_iter().filter(|id| filter.admits(&graph, graph.find(id).unwrap())).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// A name as long as its sort key, and longer, is compared whole.
#[test]
fn long_names_are_compared_whole() {
    for length in [250, 252, 253, 254, 255, 256, 257, 300] {
        let name = format!("{}é", "N".repeat(length - 2));
        let graph = org::build(vec![User { first_name: Some(format!("{name}Z")), ..user("1") }]);
        let one = graph.find("1").unwrap();
        let is = |text: &str| UserFilter {
            name: TextFilter { equals: Some(Fragment::new(text)), ..TextFilter::default() },
            ..UserFilter::default()
        };
        assert!(is(&format!("{name}z")).admits(&graph, one), "{length}");
        assert!(!is(&name).admits(&graph, one), "{length}");
    }
}

#[test]
fn a_listing_looks_no_further_than_it_may() {
    let graph = org::build((0..50).map(|at| user(&format!("{at:02}"))).collect());
    let pair = UserFilter { and: vec![UserFilter::default(); 3], ..UserFilter::default() };
    let scope = Scope::Everyone;
    let listing = graph.list_within(40, &scope, &pair, Order::NAME);
    assert_eq!(listing.iter().count(), 10, "four visits a user");
    assert!(listing.visits() > 40, "and it tells that it didn't do all");
    assert_eq!(graph.list_within(200, &scope, &pair, Order::NAME).iter().count(), 50);
}
