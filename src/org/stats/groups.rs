//! The people of a census by what they have in common.

use std::collections::BTreeMap;

use super::{Census, Figures, census::Member};
use crate::org::{OrgGraph, UserIndex};

/// What the people of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// The depth, as [`OrgGraph::census`] tells it.
    Depth,
    /// The title, without case and surrounding space, as far as its first 256 bytes go.
    Title,
    /// What follows the last `@` of the primary address, without case; of longer ones the first 256 bytes.
    EmailDomain,
    /// Where the walk up ends: the same user or the same ring.
    Top,
    /// The manager.
    Manager,
}

/// Some people of a census.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The depth, the title or domain in lower case, or the id of the top or manager: for a ring its smallest.
    /// `None` for those who have no such thing.
    pub key: Option<String>,
    /// The key for people to read: the title in its commonest spelling, of several the smallest.
    pub label: Option<String>,
    /// The top or manager; for a ring the member with the smallest id.
    pub user: Option<UserIndex>,
    /// Their numbers. Spans are of the whole census: reports may be in other groups.
    pub figures: Figures,
}

/// Longer titles and domains are told apart by their beginning, so that cursors, which hold keys, stay small.
const KEY_BYTES: usize = 256;

impl Census {
    /// Everybody in exactly one group: the largest first, ties by key as text, `None` last. O(n log n).
    pub fn groups(&self, graph: &OrgGraph, by: GroupBy) -> Vec<Group> {
        let mut members: BTreeMap<Option<String>, Vec<&Member>> = BTreeMap::new();
        for member in &self.members {
            members.entry(key(graph, by, member)).or_default().push(member);
        }
        let group = |(key, members): (Option<String>, Vec<&Member>)| {
            let label = match by {
                GroupBy::Title => commonest(members.iter().filter_map(|member| title(graph, member))),
                _ => None,
            };
            Group {
                label: label.map(str::to_owned).or_else(|| key.clone()),
                user: members.first().and_then(|member| above(graph, by, member)),
                figures: Figures::of(members),
                key,
            }
        };
        let mut groups: Vec<_> = members.into_iter().map(group).collect();
        groups.sort_unstable_by(|a, b| a.rank().cmp(&b.rank()));
        groups
    }
}

impl Group {
    fn rank(&self) -> (std::cmp::Reverse<usize>, bool, Option<&str>) {
        (std::cmp::Reverse(self.figures.headcount), self.key.is_none(), self.key.as_deref())
    }
}

fn key(graph: &OrgGraph, by: GroupBy, member: &Member) -> Option<String> {
    let mut key = match by {
        GroupBy::Depth => member.depth?.to_string(),
        GroupBy::Title => title(graph, member)?.to_lowercase(),
        GroupBy::EmailDomain => {
            let address = graph.user(member.user).email_address()?;
            let (_, domain) = address.rsplit_once('@').filter(|(_, domain)| !domain.is_empty())?;
            domain.to_lowercase()
        }
        GroupBy::Top | GroupBy::Manager => {
            return above(graph, by, member).map(|user| graph.user(user).id().to_owned());
        }
    };
    key.truncate(key.floor_char_boundary(KEY_BYTES));
    Some(key)
}

/// The top or the manager.
fn above(graph: &OrgGraph, by: GroupBy, member: &Member) -> Option<UserIndex> {
    match by {
        GroupBy::Manager => graph.manager(member.user),
        // A component begins with its top, or with the first member of its ring.
        GroupBy::Top => Some(graph.walk.order[graph.walk.component_of(member.user).start as usize]),
        GroupBy::Depth | GroupBy::Title | GroupBy::EmailDomain => None,
    }
}

fn title<'a>(graph: &'a OrgGraph, member: &Member) -> Option<&'a str> {
    graph.user(member.user).title().map(str::trim).filter(|title| !title.is_empty())
}

/// What comes most often; of several the smallest.
fn commonest<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *times.entry(text).or_default() += 1;
    }
    // The first of the greatest: `max_by_key` gives the last, so from behind.
    times.into_iter().rev().max_by_key(|&(_, times)| times).map(|(text, _)| text)
}
