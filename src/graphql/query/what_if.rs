//! What would be if some people got other managers.

use std::collections::{HashMap, HashSet};

use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    graphql::{error::Fault, find::World, model::MoveSimulation, request::Allowance},
    org::{Move, OrgGraph, UserId},
};

#[derive(Default)]
pub(super) struct WhatIf;

/// Users who would get another manager.
#[derive(InputObject)]
struct MoveInput {
    /// Gong's ids of those who move.
    user_ids: Vec<ID>,
    /// Gong's id of their new manager; null or left out for none, which makes roots of them.
    new_manager_id: Option<ID>,
}

#[Object]
impl WhatIf {
    /// What would change if these users got another manager. Reads only: nothing is changed, here or at Gong.
    /// Answered from the snapshot alone; ids that it doesn't know are named in the answer. Whoever reports to
    /// one who moves goes along.
    async fn simulate_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's ids of those who move, at most 1,000.")] user_ids: Vec<ID>,
        #[graphql(
            desc = "Gong's id of their new manager, who can't be one of them; null or left out for none, \
                    which makes roots of them."
        )]
        new_manager_id: Option<ID>,
    ) -> Result<MoveSimulation> {
        let moves = [MoveInput { user_ids, new_manager_id }];
        Ok(simulate(ctx, &moves, Arguments { users: "userIds", manager: "newManagerId" }).await?)
    }

    /// As `simulateMove`, for several moves that are all made at once.
    async fn simulate_moves(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The moves, of at most 1,000 users in all. Nobody can be moved to two managers, or to \
                    themself."
        )]
        moves: Vec<MoveInput>,
    ) -> Result<MoveSimulation> {
        Ok(simulate(ctx, &moves, Arguments { users: "moves", manager: "moves" }).await?)
    }
}

/// What the arguments are called that can be wrong.
struct Arguments {
    users: &'static str,
    manager: &'static str,
}

/// The most that can be named at once.
const MAX_MOVES: usize = 1_000;
/// What a simulation costs for each user of the company, in users that a listing looks at.
const VISITS: usize = 5;

async fn simulate(
    ctx: &Context<'_>,
    moves: &[MoveInput],
    arguments: Arguments,
) -> Result<MoveSimulation, Fault> {
    let plan = Plan::of(moves, &arguments)?;
    let snapshot = World::of(ctx)?.snapshot;
    let known = plan.known(&snapshot.graph);
    let visits = snapshot.graph.users().len().saturating_mul(VISITS);
    let pinned = snapshot.clone();
    let work = move || pinned.graph.simulate(&known);
    let simulation = Allowance::of(ctx)?.work_long(visits, work).await?;
    let is_known = |id: &&ID| snapshot.graph.find(id).is_some();
    let unknown = |ids: &[&ID]| ids.iter().filter(|id| !is_known(id)).map(|&id| id.clone()).collect();
    let (unknown_user_ids, unknown_manager_ids) = (unknown(&plan.user_ids), unknown(&plan.manager_ids));
    Ok(MoveSimulation { snapshot, simulation, unknown_user_ids, unknown_manager_ids })
}

/// Moves that don't contradict each other.
struct Plan<'a> {
    /// Who moves, each once.
    user_ids: Vec<&'a ID>,
    /// Where each goes.
    to: HashMap<&'a ID, Option<&'a ID>>,
    /// To whom, each once.
    manager_ids: Vec<&'a ID>,
}

impl<'a> Plan<'a> {
    fn of(moves: &'a [MoveInput], arguments: &Arguments) -> Result<Self, Fault> {
        let named = moves.iter().map(|one| one.user_ids.len()).sum::<usize>();
        let most = named.max(moves.len());
        if most > MAX_MOVES {
            let why = format_args!("must be at most {MAX_MOVES}, not {most}");
            return Err(Fault::argument(arguments.users, why));
        }
        let mut seen = HashSet::new();
        let managers = moves.iter().filter_map(|one| one.new_manager_id.as_ref());
        let manager_ids = managers.filter(|id| seen.insert(*id)).collect();
        let mut plan = Self { user_ids: Vec::with_capacity(named), to: HashMap::new(), manager_ids };
        for MoveInput { user_ids, new_manager_id } in moves {
            let to = new_manager_id.as_ref();
            for id in user_ids {
                if to == Some(id) {
                    return Err(Fault::argument(arguments.manager, "nobody can be moved to themself"));
                }
                match plan.to.insert(id, to) {
                    None => plan.user_ids.push(id),
                    Some(earlier) if earlier == to => {}
                    Some(_) => {
                        return Err(Fault::argument(arguments.users, "nobody can be moved to two managers"));
                    }
                }
            }
        }
        Ok(plan)
    }

    /// The moves of those whom `graph` knows.
    fn known(&self, graph: &OrgGraph) -> Vec<Move> {
        let one = |&id: &&'a ID| {
            let manager_id = self.to.get(id)?.map(|id| UserId::new(id.as_str()));
            Some(Move { user: graph.find(id)?, manager_id })
        };
        self.user_ids.iter().filter_map(one).collect()
    }
}
