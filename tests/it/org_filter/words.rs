//! Conditions and trees of them: whom they mean by the naive model, and how they are said to the organisation.

use jiff::Timestamp;
use orgraph::org::{
    Fragment, ManagerStatus, Moments, Numbers, OrphanReason, TextFilter, UserFilter, UserId, UserKind,
};

use crate::model::Model;

/// One condition.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
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
pub(super) struct Text {
    pub(super) equals: Option<&'static str>,
    pub(super) contains: Option<&'static str>,
    pub(super) starts_with: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) leaves: Vec<Leaf>,
    pub(super) and: Vec<Tree>,
    pub(super) or: Option<Vec<Tree>>,
    pub(super) not: Option<Box<Tree>>,
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

    pub(super) fn admits(&self, model: &Model, at: usize) -> bool {
        (model.is_person(at) || self.speaks_of_kinds()) && self.holds(model, at)
    }

    pub(super) fn filter(&self) -> UserFilter {
        let mut filter = UserFilter {
            and: self.and.iter().map(Self::filter).collect(),
            or: self.or.as_ref().map(|trees| trees.iter().map(Self::filter).collect()),
            not: self.not.as_ref().map(|tree| Box::new(tree.filter())),
            ..UserFilter::default()
        };
        self.leaves.iter().for_each(|leaf| leaf.set(&mut filter));
        filter
    }

    pub(super) fn parts(&self) -> usize {
        let inside = self.and.iter().chain(self.or.iter().flatten()).chain(self.not.as_deref());
        1 + inside.map(Self::parts).sum::<usize>()
    }
}
