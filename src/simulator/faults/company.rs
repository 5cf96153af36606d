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
        let later = self.call().is_some_and(|call| call.is_later());
        for fault in self.faults() {
            if let Some(change) = change(fault.kind, later)
                && self.strike(fault)
            {
                change(people.to_mut(), fault);
            }
        }
        people
    }
}

type Change = fn(&mut Vec<SimUser>, &Fault);

fn change(kind: FaultKind, later: bool) -> Option<Change> {
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
        FaultKind::PersonAddedInMidScan if later => add,
        FaultKind::PersonRemovedInMidScan if later => |people, _| {
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
