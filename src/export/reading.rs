//! Whose contact data an export holds: what the audit log is told.

use super::{Contact, Shown};
use crate::org::UserId;

/// People and what is told of each. Takes some 64 bytes a person.
#[derive(Debug, Default)]
pub struct Readings {
    people: Vec<(UserId, u8)>,
    bytes: usize,
}

/// What an id takes beside its text: the counts of those who have it.
const BESIDE_ID: usize = 2 * size_of::<usize>();

/// So many people are told of at once.
const PAGE: usize = 500;

impl Readings {
    /// Adds what rows show. Rows of one user stand together.
    pub fn add(&mut self, shown: &Shown) {
        for (user, contact) in shown {
            let bit = 1 << (*contact as u8);
            match self.people.last_mut().filter(|(last, _)| last == user) {
                Some((_, fields)) => *fields |= bit,
                None => {
                    self.bytes += size_of::<(UserId, u8)>() + BESIDE_ID + user.as_str().len();
                    self.people.push((user.clone(), bit));
                }
            }
        }
    }

    /// About how much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The people by id with the fields of each, some at a time.
    pub fn pages(&self) -> impl Iterator<Item = Vec<(&str, Vec<&'static str>)>> {
        self.people
            .chunks(PAGE)
            .map(|page| page.iter().map(|(user, fields)| (user.as_str(), named(*fields))).collect())
    }
}

fn named(fields: u8) -> Vec<&'static str> {
    let told = |contact: &Contact| fields & (1 << (*contact as u8)) != 0;
    Contact::ALL.iter().filter(|contact| told(contact)).map(|contact| contact.coordinate()).collect()
}
