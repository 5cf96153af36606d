//! Who is in a listing and where, by the naive model.

use std::cmp::Ordering;

use orgraph::org::{
    Direction, Fragment, ManagerStatus, Order, OrderField, OrgGraph, OrphanReason, Scope, SortKey,
    UserFilter, UserId, UserKind,
};

use super::wish::Wish;
use crate::model::Model;

/// A scope in which the manager has a number of the model.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Everyone,
    Reports { manager: usize, reach: Option<u32> },
    Orphans(Option<Vec<OrphanReason>>),
    Roots,
    Nobody,
}

impl Who {
    pub(super) fn of(model: &Model, wish: &Wish) -> Vec<Self> {
        let mut scopes = vec![
            Self::Everyone,
            Self::Roots,
            Self::Nobody,
            Self::Orphans(None),
            Self::Orphans(Some(wish.reasons.clone())),
        ];
        if !model.users.is_empty() {
            let manager = usize::from(wish.manager) % model.users.len();
            for reach in [None, Some(0), Some(1), Some(2), Some(u32::MAX)] {
                scopes.push(Self::Reports { manager, reach });
            }
        }
        scopes
    }

    fn holds(&self, model: &Model, user: usize) -> bool {
        match self {
            Self::Everyone => true,
            Self::Reports { manager, reach } => match model.distance(*manager, user) {
                None => false,
                Some(distance) => distance <= reach.unwrap_or(u32::MAX),
            },
            Self::Orphans(None) => model.orphan_reason(user).is_some(),
            Self::Orphans(Some(reasons)) => {
                reasons.iter().any(|&reason| model.orphan_reason(user) == Some(reason))
            }
            Self::Roots => model.status(user) == ManagerStatus::None,
            Self::Nobody => false,
        }
    }

    /// The same scope in a graph; nobody's reports when the manager isn't there.
    pub(super) fn scope(&self, model: &Model, graph: &OrgGraph) -> Scope {
        match self {
            Self::Everyone => Scope::Everyone,
            Self::Reports { manager, reach } => match graph.find(model.users[*manager].id.as_str()) {
                Some(manager) => Scope::Reports { manager, reach: *reach },
                None => Scope::Nobody,
            },
            Self::Orphans(reasons) => Scope::Orphans(reasons.clone()),
            Self::Roots => Scope::Roots,
            Self::Nobody => Scope::Nobody,
        }
    }

    /// The same scope in another model.
    pub(super) fn in_other(&self, model: &Model, other: &Model) -> Self {
        match self {
            Self::Reports { manager, reach } => match other.find(model.users[*manager].id.as_str()) {
                Some(manager) => Self::Reports { manager, reach: *reach },
                None => Self::Nobody,
            },
            scope => scope.clone(),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) active: Option<bool>,
    pub(super) kinds: Option<Vec<UserKind>>,
    pub(super) statuses: Option<Vec<ManagerStatus>>,
    pub(super) name: Option<&'static str>,
    pub(super) title: Option<&'static str>,
    pub(super) email: Option<&'static str>,
    pub(super) ids: Option<Vec<&'static str>>,
    pub(super) manager_ids: Option<Vec<&'static str>>,
    pub(super) under: Option<&'static str>,
    /// Whether whoever is named is named by filters inside.
    pub(super) inside: bool,
}

impl Filter {
    pub(super) fn of_any_kind() -> Self {
        Self { kinds: Some(vec![UserKind::Avatar, UserKind::Person]), ..Self::default() }
    }

    pub(super) fn filter(&self) -> UserFilter {
        let set = |ids: &Option<Vec<&'static str>>| {
            let ids = ids.as_ref()?.iter().copied();
            Some(ids.map(UserId::new).collect())
        };
        let [ids, manager_ids] = [&self.ids, &self.manager_ids].map(set);
        let named = UserFilter { ids, under: self.under.map(UserId::new), ..UserFilter::default() };
        let managed = UserFilter { manager_ids, ..UserFilter::default() };
        let (named, and) = match self.inside {
            false => (UserFilter { manager_ids: managed.manager_ids, ..named }, Vec::new()),
            true => (
                UserFilter::default(),
                vec![managed, UserFilter { and: vec![named], ..UserFilter::default() }],
            ),
        };
        UserFilter {
            and,
            active: self.active,
            kinds: self.kinds.clone(),
            manager_status: self.statuses.clone(),
            name_contains: self.name.map(Fragment::new),
            title_contains: self.title.map(Fragment::new),
            email_contains: self.email.map(Fragment::new),
            ..named
        }
    }

    fn admits(&self, model: &Model, at: usize) -> bool {
        let user = &model.users[at];
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let kind = match &self.kinds {
            None => user.kind == UserKind::Person,
            Some(kinds) => kinds.contains(&user.kind),
        };
        let active = self.active != Some(!user.active);
        let status = match &self.statuses {
            None => true,
            Some(statuses) => statuses.contains(&model.status(at)),
        };
        let name = match self.name {
            None => true,
            Some(part) => model.name(at).is_some_and(|name| has(&name, part)),
        };
        let title = match self.title {
            None => true,
            Some(part) => user.title.as_ref().is_some_and(|title| has(title, part)),
        };
        let email = match self.email {
            None => true,
            Some(part) => model.addresses(at).iter().any(|address| has(address, part)),
        };
        let is_one_of = |ids: &Option<Vec<&str>>, id: Option<&str>| {
            ids.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        };
        let named =
            is_one_of(&self.ids, Some(&user.id)) && is_one_of(&self.manager_ids, user.manager_id.as_deref());
        let under = match self.under.map(|id| model.find(id)) {
            None => true,
            Some(None) => false,
            Some(Some(manager)) => model.distance(manager, at).is_some(),
        };
        kind && active && status && name && title && email && named && under
    }
}

/// What somebody is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Text(String),
    Number(i64),
}

pub(super) fn plain(key: &SortKey) -> Option<Key> {
    Some(match key {
        SortKey::Text(text) => Key::Text(text.clone()),
        SortKey::Moment(moment) => Key::Number(moment.as_second()),
        SortKey::Count(number) | SortKey::Place(number) => Key::Number((*number).into()),
        SortKey::Rank(..) => unreachable!("a listing isn't ranked"),
        SortKey::Missing => return None,
    })
}

pub(super) fn key(model: &Model, field: OrderField, user: usize) -> Option<Key> {
    Some(match field {
        OrderField::Name => Key::Text(model.name(user)?.to_lowercase()),
        OrderField::Email => Key::Text(model.users[user].email_address.as_ref()?.to_lowercase()),
        OrderField::Title => Key::Text(model.users[user].title.as_ref()?.to_lowercase()),
        OrderField::Depth => Key::Number(model.depth(user)?.into()),
        OrderField::Created => Key::Number(model.users[user].created?.as_second()),
        OrderField::DirectReportCount => Key::Number(model.persons(&model.direct(user)).into()),
        OrderField::TransitiveReportCount => Key::Number(model.persons(&model.below(user)).into()),
    })
}

/// Those without a key last, whatever the direction; ties by id, upwards in both.
pub(super) fn compare(direction: Direction, a: &(Option<Key>, &str), b: &(Option<Key>, &str)) -> Ordering {
    let by_key = match (&a.0, &b.0) {
        (Some(a), Some(b)) if direction == Direction::Descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_key.then_with(|| a.1.cmp(b.1))
}

pub(super) fn expected<'a>(model: &'a Model, who: &Who, filter: &Filter, order: Order) -> Vec<&'a str> {
    let mut users = model.in_tree_order();
    if let Order::By(field, direction) = order {
        let entry = |user: usize| (key(model, field, user), &*model.users[user].id);
        users.sort_by(|&a, &b| compare(direction, &entry(a), &entry(b)));
    }
    users.retain(|&user| who.holds(model, user) && filter.admits(model, user));
    users.into_iter().map(|user| &*model.users[user].id).collect()
}
