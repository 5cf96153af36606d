//! Another company in place of the true one: the same for listings, windows and look-ups, with totals that
//! agree.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::{
        user::{SimUser, by_id},
        workspace::put_in_order,
    },
    board::Strikes,
    kind::FaultKind,
    script::Fault,
};

/// Sorts behind every id there can be: 20 digits.
const ADDED: &str = "99999999999999999999";

impl Strikes {
    /// The people as this call sees them, in listing order.
    pub(in super::super) fn company<'a>(&self, people: &'a [SimUser]) -> Cow<'a, [SimUser]> {
        let mut people = Cow::Borrowed(people);
        for fault in self.faults() {
            if let Some(change) = change(fault.kind, fault.is_in_the_middle())
                && fault.strikes()
            {
                change(people.to_mut(), &fault);
            }
        }
        people
    }
}

type Change = fn(&mut Vec<SimUser>, &Fault);

fn change(kind: FaultKind, in_the_middle: bool) -> Option<Change> {
    Some(match kind {
        FaultKind::ZeroUsers => |people, _| people.clear(),
        FaultKind::HalfTheUsers => |people, fault| {
            let gone = part(people, fault.amount(), |_| true);
            let mut gone = gone.into_iter();
            people.retain(|_| !gone.next().unwrap_or_default());
        },
        FaultKind::EverybodysManagerGone => |people, fault| {
            let struck = part(people, fault.amount(), |user| user.manager_id.is_some());
            each(people, &struck, |user| user.manager_id = None);
        },
        FaultKind::EverybodyInactive => |people, fault| {
            let struck = part(people, fault.amount(), |user| user.active);
            each(people, &struck, |user| user.active = false);
        },
        FaultKind::ManagersShuffled => |people, fault| shuffle(people, fault),
        FaultKind::EverybodyReplaced => |people, fault| replace(people, fault),
        FaultKind::PersonAddedInMidScan if in_the_middle => add,
        FaultKind::PersonRemovedInMidScan if in_the_middle => |people, _| {
            if let Some(last) = people.iter().rfind(|user| !user.avatar).map(|user| user.id.clone()) {
                people.retain(|user| user.id != last);
            }
        },
        _ => return None,
    })
}

/// Which rows are struck if so many percent of those people are who `counts`: spread over the listing,
/// exact but for what can't be split, all rows of one id alike. Avatars are left alone.
fn part(people: &[SimUser], percent: u64, counts: impl Fn(&SimUser) -> bool) -> Vec<bool> {
    let (mut number, mut struck) = (0, false);
    let mut before: Option<&SimUser> = None;
    let mut strike = |user| {
        if before.replace(user).is_none_or(|before: &SimUser| before.id != user.id) {
            number += 1;
            struck = number * percent / 100 > (number - 1) * percent / 100;
        }
        struck
    };
    people.iter().map(|user| !user.avatar && counts(user) && strike(user)).collect()
}

fn each(people: &mut [SimUser], struck: &[bool], mut change: impl FnMut(&mut SimUser)) {
    let struck = people.iter_mut().zip(struck).filter(|(_, struck)| **struck);
    struck.for_each(|(user, _)| change(user));
}

/// Everybody who has a manager gets the next one of those who are managers, never themselves.
fn shuffle(people: &mut [SimUser], fault: &Fault) {
    let struck = part(people, fault.amount(), |user| user.manager_id.is_some());
    let mut managers: Vec<String> = people.iter().filter_map(|user| user.manager_id.clone()).collect();
    managers.sort_by(|one, other| by_id(one, other));
    managers.dedup();
    let places: BTreeMap<String, usize> = managers.iter().cloned().zip(0..).collect();
    each(people, &struck, |user| {
        let Some(place) = user.manager_id.as_ref().and_then(|id| places.get(id)) else { return };
        let others = managers.iter().cycle().skip(place + 1).take(managers.len().saturating_sub(1));
        if let Some(next) = others.into_iter().find(|next| **next != user.id) {
            user.manager_id = Some(next.clone());
        }
    });
}

/// New ids, also where they are named as managers.
fn replace(people: &mut [SimUser], fault: &Fault) {
    let struck = part(people, fault.amount(), |_| true);
    let mut new = BTreeMap::new();
    each(people, &struck, |user| {
        let id = another(&user.id);
        new.insert(std::mem::replace(&mut user.id, id.clone()), id);
    });
    for user in people.iter_mut() {
        if let Some(id) = user.manager_id.as_ref().and_then(|id| new.get(id)) {
            user.manager_id = Some(id.clone());
        }
    }
    put_in_order(people);
}

/// Another id of decimal digits, a different one for each.
fn another(id: &str) -> String {
    if id.len() < 19 {
        return format!("9{id:0>18}");
    }
    let shifted = |digit: u8| if digit.is_ascii_digit() { b'0' + (digit - b'0' + 3) % 10 } else { digit };
    let (first, rest) = id.as_bytes().split_at(1);
    let first = first
        .iter()
        .map(|digit| if (b'1'..=b'9').contains(digit) { b'1' + (digit - b'1' + 4) % 9 } else { *digit });
    first.chain(rest.iter().map(|digit| shifted(*digit))).map(char::from).collect()
}

/// Somebody who was made when the last one in the listing was, so that the same window of time has both.
fn add(people: &mut Vec<SimUser>, _: &Fault) {
    let last = people.iter().rfind(|user| !user.avatar);
    let added = SimUser {
        created: last.and_then(|user| user.created.clone()),
        manager_id: last.and_then(|user| user.manager_id.clone()),
        first_name: Some("Ada".to_owned()),
        last_name: Some("Ded".to_owned()),
        email_address: Some("added@example.com".to_owned()),
        ..SimUser::new(ADDED)
    };
    people.push(added);
    put_in_order(people);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::super::Workspace, *};

    fn changed(kind: FaultKind, script: &str, people: &[SimUser]) -> Vec<SimUser> {
        let mut people = people.to_vec();
        change(kind, true).unwrap()(&mut people, &script.parse().unwrap());
        people
    }

    fn generated() -> Vec<SimUser> {
        Workspace::generate(1_000, 7).into_users()
    }

    #[test]
    fn a_part_is_exact_spread_and_leaves_avatars_alone() {
        let mut people: Vec<_> = (100..300).map(|id| SimUser::new(id.to_string())).collect();
        people[7].avatar = true;
        // A second row of the same id.
        people[51].id = people[50].id.clone();
        for percent in [1, 20, 33, 50, 99, 100] {
            let struck = part(&people, percent, |_| true);
            let hit = || people.iter().zip(&struck).filter(|(_, struck)| **struck).map(|(user, _)| user);
            let ids: BTreeSet<_> = hit().map(|user| &user.id).collect();
            assert_eq!(ids.len() as u64, 198 * percent / 100, "{percent} %");
            assert!(hit().all(|user| !user.avatar));
            assert_eq!(struck[50], struck[51]);
        }
        let first_half = part(&people, 20, |_| true)[..100].iter().filter(|struck| **struck).count();
        assert!((18..=21).contains(&first_half), "{first_half}");
    }

    #[test]
    fn shuffled_managers_are_all_others_and_nobody_is_their_own() {
        let people = generated();
        let shuffled = changed(FaultKind::ManagersShuffled, "managers-shuffled", &people);
        let managed = |people: &[SimUser]| people.iter().filter(|user| user.manager_id.is_some()).count();
        assert_eq!(managed(&shuffled), managed(&people));
        let own = |people: &[SimUser]| {
            people.iter().filter(|user| user.manager_id.as_ref() == Some(&user.id)).count()
        };
        assert!(own(&shuffled) <= own(&people));
        let unchanged = people.iter().zip(&shuffled).filter(|(before, after)| {
            !before.avatar && before.manager_id.is_some() && before.manager_id == after.manager_id
        });
        assert_eq!(unchanged.count(), 0);
    }

    #[test]
    fn everybody_replaced_is_the_same_company_under_other_ids() {
        let people = generated();
        let replaced = changed(FaultKind::EverybodyReplaced, "everybody-replaced", &people);
        let ids = |people: &[SimUser]| -> BTreeSet<String> {
            people.iter().filter(|user| !user.avatar).map(|user| user.id.clone()).collect()
        };
        assert_eq!(ids(&replaced).len(), ids(&people).len());
        assert!(ids(&replaced).is_disjoint(&ids(&people)));
        let lines = |people: &[SimUser]| -> BTreeSet<(Option<String>, Option<String>)> {
            let by_id: BTreeMap<_, _> = people.iter().map(|user| (&user.id, &user.email_address)).collect();
            let manager = |user: &SimUser| by_id.get(user.manager_id.as_ref()?).copied().cloned().flatten();
            people.iter().map(|user| (user.email_address.clone(), manager(user))).collect()
        };
        assert_eq!(lines(&replaced), lines(&people));
        assert!(replaced.is_sorted_by(|one, next| by_id(&one.id, &next.id).is_le()));
    }

    #[test]
    fn other_ids_are_distinct_at_every_length() {
        let long = (0..2_000u64).map(|n| (1_000_000_000_000_000_000 + n * 4_000_000_000_000_000).to_string());
        let longest = (0..2_000u64).map(|n| format!("1{:019}", n * 7_919));
        let ids: Vec<String> = (0..2_000u64).map(|n| n.to_string()).chain(long).chain(longest).collect();
        let others: BTreeSet<String> = ids.iter().map(|id| another(id)).collect();
        assert_eq!(others.len(), ids.len());
        assert!(others.iter().all(|id| id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit())));
        assert!(ids.iter().all(|id| !others.contains(id)));
    }
}
