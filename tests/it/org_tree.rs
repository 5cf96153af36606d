//! How people of random companies stand to each other: relations, common managers, paths and levels, held
//! against the model.

use std::sync::Arc;

use orgraph::org::{
    ChainEnd, NoCommonManager, OrgGraph, OrgSnapshot, Relation, UserIndex, UserParts, UserView,
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, companies, for_all},
    model::Model,
    org_fresh::snapshot,
};

/// A company with the model's numbers for its users.
pub(crate) struct Judged {
    pub(crate) model: Model,
    pub(crate) snapshot: Arc<OrgSnapshot>,
    /// The model's number to the graph's index.
    pub(crate) people: Vec<UserIndex>,
}

impl Judged {
    pub(crate) fn of(records: Vec<UserParts>) -> Self {
        let model = Model::of(&records);
        let snapshot = snapshot(records);
        let people = model.users.iter().map(|user| snapshot.graph.find(user.id.as_str()).unwrap()).collect();
        Self { model, snapshot, people }
    }

    pub(crate) fn graph(&self) -> &OrgGraph {
        &self.snapshot.graph
    }

    pub(crate) fn number(&self, user: UserIndex) -> usize {
        self.people.iter().position(|&index| index == user).unwrap()
    }

    fn numbers(&self, users: &[UserIndex]) -> Vec<usize> {
        users.iter().map(|&user| self.number(user)).collect()
    }

    /// The user and all managers: on whom a way up can arrive.
    fn line(&self, user: usize) -> Vec<usize> {
        [&[user], self.model.chain(user)].concat()
    }

    /// Steps up, none to oneself.
    fn steps(&self, user: usize, above: usize) -> Option<u32> {
        self.line(user).iter().position(|&met| met == above).map(|steps| steps as u32)
    }

    fn meet(&self, one: usize, other: usize) -> bool {
        self.line(one).iter().any(|met| self.line(other).contains(met))
    }

    fn id(&self, user: usize) -> &str {
        &self.model.users[user].id
    }
}

#[test]
fn small_companies() {
    for_all(GRAPHS, (companies(7), vec(vec(any::<u8>(), 0..5), 5)), |(company, wishes)| {
        agrees(&Judged::of(company.users()), &wishes)
    });
}

#[test]
fn larger_companies() {
    for_all(60, (companies(45), vec(vec(any::<u8>(), 0..45), 40)), |(company, wishes)| {
        agrees(&Judged::of(company.users()), &wishes)
    });
}

fn agrees(company: &Judged, wishes: &[Vec<u8>]) -> TestCaseResult {
    pairs(company)?;
    wishes.iter().try_for_each(|wish| common_manager(company, wish))?;
    company.model.everybody().try_for_each(|user| levels(company, user))
}

fn pairs(company: &Judged) -> TestCaseResult {
    for one in company.model.everybody() {
        for other in company.model.everybody() {
            relation(company, one, other)?;
            path(company, one, other)?;
        }
    }
    Ok(())
}

fn relation(company: &Judged, one: usize, other: usize) -> TestCaseResult {
    let relation = company.graph().relation(company.people[one], company.people[other]);
    let above = company.model.distance(one, other);
    let below = company.model.distance(other, one);
    prop_assert_eq!(relation.distance(), above);
    let expected = match relation {
        Relation::Itself => one == other,
        Relation::Manager(_) => below.is_none(),
        Relation::Both(_) => below.is_some() && company.model.ring(one).contains(&other),
        Relation::Report => above.is_none() && below.is_some(),
        Relation::SameTree => one != other && below.is_none() && company.meet(one, other),
        Relation::OtherTree => below.is_none() && !company.meet(one, other),
    };
    prop_assert!(expected, "{:?} of {} to {}", relation, company.id(one), company.id(other));
    Ok(())
}

fn path(company: &Judged, from: usize, to: usize) -> TestCaseResult {
    let ways = company.model.everybody().filter_map(|turn| {
        let (up, down) = (company.steps(from, turn)?, company.steps(to, turn)?);
        Some((up + down, company.id(turn), turn, up, down))
    });
    let expected = ways.min().map(|(_, _, turn, up, down)| {
        let mut along = company.line(from)[..=up as usize].to_vec();
        along.extend(company.line(to)[..down as usize].iter().rev());
        (turn, up, down, along)
    });
    let path = company.graph().path(company.people[from], company.people[to]);
    let said = path.map(|path| {
        let along = company.numbers(&company.graph().along(&path));
        (company.number(path.turning_point), path.up, path.down, along)
    });
    prop_assert_eq!(said, expected, "from {} to {}", company.id(from), company.id(to));
    Ok(())
}

fn common_manager(company: &Judged, wish: &[u8]) -> TestCaseResult {
    let size = company.model.users.len();
    let asked: Vec<_> = wish.iter().filter(|_| size > 0).map(|&user| usize::from(user) % size).collect();
    let distances = |above: usize| -> Option<Vec<u32>> {
        asked.iter().map(|&user| company.model.distance(above, user)).collect()
    };
    let above_all = company.model.everybody().filter_map(|above| {
        let farthest = distances(above)?.into_iter().max()?;
        Some((farthest, company.id(above), above))
    });
    let nearest = above_all.min().map(|(_, _, above)| above);

    let indexes: Vec<_> = asked.iter().map(|&user| company.people[user]).collect();
    let said = company.graph().common_manager(&indexes);
    prop_assert_eq!(said.ok().map(|above| company.number(above)), nearest, "above {:?}", asked);
    let strangers = asked.iter().any(|&one| asked.iter().any(|&other| !company.meet(one, other)));
    let expected = match said {
        Ok(_) => true,
        Err(NoCommonManager::Nobody) => asked.is_empty(),
        Err(NoCommonManager::DifferentTrees) => strangers,
        Err(NoCommonManager::TopAmongThem) => {
            !strangers && asked.iter().any(|&user| company.model.manager(user).is_none())
        }
        Err(NoCommonManager::RingAmongThem) => {
            let ring = |&user: &usize| company.model.ring(user);
            let ring = asked.iter().map(ring).find(|ring| !ring.is_empty()).unwrap_or_default();
            !strangers && !ring.is_empty() && ring.iter().all(|member| asked.contains(member))
        }
    };
    prop_assert!(expected, "{:?} of {:?}", said, asked);
    Ok(())
}

fn levels(company: &Judged, user: usize) -> TestCaseResult {
    let view = UserView::member(company.snapshot.clone(), company.people[user]);
    let mut line = company.line(user);
    line.reverse();
    prop_assert_eq!(company.numbers(&view.chain_from_top()), line[..line.len() - 1].to_vec());
    for level in 0..line.len() + 2 {
        let said = view.at_level(level).map(|view| company.number(view.index().unwrap()));
        let has_levels = company.model.end(user) != ChainEnd::Cycle;
        prop_assert_eq!(said, line.get(level).copied().filter(|_| has_levels));
        if let Some(at) = said {
            prop_assert_eq!(company.model.depth(at), Some(level as u32));
        }
    }
    prop_assert!(view.at_level(usize::MAX).is_none());
    Ok(())
}
