//! A user whose record is fresher than the snapshot, held against the company in which that record
//! had replaced the old one.

use std::sync::Arc;

use jiff::Timestamp;
use orgraph::org::{
    ManagerStatus, OrgSnapshot, SnapshotChecks, SnapshotSource, SnapshotVersion, User, UserIndex, UserParts,
    UserView,
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{Company, GRAPHS, build, companies, for_all, user},
    model::Model,
};

pub(crate) fn snapshot(users: Vec<UserParts>) -> Arc<OrgSnapshot> {
    Arc::new(OrgSnapshot {
        version: SnapshotVersion::from(1),
        taken_at: Timestamp::UNIX_EPOCH,
        source: SnapshotSource::FullScan,
        checks: SnapshotChecks::default(),
        graph: build(users),
    })
}

/// Which manager a fresh record names.
#[derive(Clone, Debug)]
enum Named {
    Nobody,
    Itself,
    Unknown,
    User(u8),
}

fn named() -> impl Strategy<Value = Named> {
    prop_oneof![
        1 => Just(Named::Nobody),
        1 => Just(Named::Itself),
        1 => Just(Named::Unknown),
        6 => any::<u8>().prop_map(Named::User),
    ]
}

impl Named {
    fn id(&self, itself: &str, users: &[UserParts]) -> Option<String> {
        match self {
            Self::Nobody => None,
            Self::Itself => Some(itself.to_owned()),
            Self::User(at) if !users.is_empty() => Some(users[usize::from(*at) % users.len()].id.clone()),
            Self::Unknown | Self::User(_) => Some("unknown".to_owned()),
        }
    }
}

#[test]
fn a_members_fresh_record_is_seen_as_if_it_were_in_the_snapshot() {
    let update = || (any::<u8>(), named(), any::<bool>());
    let test = |(company, updates): (Company, Vec<(u8, Named, bool)>)| {
        let before = Model::of(&company.users());
        let snapshot = snapshot(company.users());
        for (who, named, active) in updates {
            let Some(at) = usize::from(who).checked_rem(before.users.len()) else { continue };
            let mut record = before.users[at].clone();
            record.manager_id = named.id(&record.id, &before.users);
            record.active = active;
            let mut users = before.users.clone();
            users[at] = record.clone();

            let view = UserView::fresh(snapshot.clone(), Arc::new(record.into()));
            let model = Model::of(&users);
            prop_assert_eq!(view.index(), snapshot.graph.find(before.users[at].id.as_str()));
            above_is_as_in(&model, at, &view)?;
            prop_assert_eq!(view.report_count(false), model.persons(&model.direct(at)));
            prop_assert_eq!(view.report_count(true), model.persons(&model.below(at)));
            prop_assert_eq!(view.under_orphan(), model.under_orphan(at));
        }
        Ok(())
    };
    for_all(400, (companies(14), vec(update(), 1..8)), test);
    for_all(GRAPHS / 5, (companies(6), vec(update(), 1..3)), test);
}

#[test]
fn somebody_unknown_to_the_snapshot_hangs_on_the_manager_named() {
    for_all(GRAPHS / 5, (companies(7), named(), any::<bool>()), |(company, named, active)| {
        let mut users = Model::of(&company.users()).users;
        let snapshot = snapshot(users.clone());
        let record = UserParts { manager_id: named.id("newcomer", &users), active, ..user("newcomer") };
        let view = UserView::fresh(snapshot, Arc::new(record.clone().into()));
        users.push(record);

        let model = Model::of(&users);
        let at = users.len() - 1;
        prop_assert_eq!(view.index(), None);
        above_is_as_in(&model, at, &view)?;
        prop_assert_eq!((view.report_count(false), view.report_count(true)), (0, 0));
        Ok(())
    });
}

#[test]
fn an_unchanged_record_changes_nothing() {
    let test = |company: Company| {
        let model = Model::of(&company.users());
        let snapshot = snapshot(company.users());
        for at in model.everybody() {
            let member = snapshot.graph.find(model.users[at].id.as_str()).unwrap();
            let fresh = UserView::fresh(snapshot.clone(), Arc::new(model.users[at].clone().into()));
            for view in [fresh, UserView::member(snapshot.clone(), member)] {
                prop_assert_eq!(view.index(), Some(member));
                prop_assert_eq!(view.under_orphan(), model.under_orphan(at));
                prop_assert_eq!(view.report_count(false), model.persons(&model.direct(at)));
                prop_assert_eq!(view.report_count(true), model.persons(&model.below(at)));
                above_is_as_in(&model, at, &view)?;
            }
        }
        Ok(())
    };
    for_all(200, companies(20), test);
    for_all(GRAPHS / 5, companies(6), test);
}

fn above_is_as_in(model: &Model, at: usize, view: &UserView) -> TestCaseResult {
    let graph = &view.snapshot().graph;
    let id = |user: usize| model.users[user].id.as_str();
    let ids = |users: &[UserIndex]| users.iter().map(|&user| graph.user(user).id()).collect::<Vec<_>>();

    prop_assert_eq!(view.id(), id(at));
    prop_assert!(*view.user() == User::from(model.users[at].clone()));
    prop_assert_eq!(view.manager_status(), model.status(at));
    let manager = view.manager();
    prop_assert_eq!(manager.as_ref().map(UserView::id), model.manager(at).map(id));
    let has_manager = matches!(model.status(at), ManagerStatus::Active | ManagerStatus::Inactive);
    prop_assert_eq!(manager.is_some(), has_manager);

    let chain = view.chain();
    let expected: Vec<_> = model.chain(at).iter().map(|&above| id(above)).collect();
    prop_assert_eq!(ids(&chain.managers), expected);
    prop_assert_eq!(&view.managers().collect::<Vec<_>>(), &chain.managers);
    prop_assert_eq!((view.chain_length(), view.top()), (chain.managers.len(), chain.end));
    prop_assert_eq!(chain.end, model.end(at));
    prop_assert_eq!(view.depth(), model.depth(at));
    prop_assert_eq!(view.orphan_reason(), model.orphan_reason(at));
    Ok(())
}
