//! What one would write first: async-graphql as it comes, over the same people in memory. Of the schema there is as much
//! as the question about one user needs; around it there is nothing.

use std::{collections::HashMap, net::SocketAddr, process::Command, sync::Arc};

use async_graphql::{EmptyMutation, EmptySubscription, Enum, ID, Object, Request, Schema};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::post,
};
use orgraph::simulator::{SimUser, Workspace};

use super::{bare::serving, machine::on_one_core, process::Process};

/// What has this program be that server; the number of people comes after it.
const ARGUMENT: &str = "--plain-server";

type Plain = Schema<Query, EmptyMutation, EmptySubscription>;

/// Such a server at work.
pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn of(people: usize) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(ARGUMENT).arg(people.to_string());
        let process = Process::start(&mut on_one_core(command));
        let address = process.address();
        Self { process, address }
    }
}

/// How many people there shall be, if this process is to be that server.
pub(crate) fn people() -> Option<usize> {
    std::env::args().skip_while(|argument| argument != ARGUMENT).nth(1)?.parse().ok()
}

/// Serves them until it is killed.
pub(crate) fn serve(people: usize) {
    let query = Query(Arc::new(People::of(people)));
    let schema = Schema::new(query, EmptyMutation, EmptySubscription);
    serving(Router::new().route("/graphql", post(answer)).with_state(schema));
}

async fn answer(State(schema): State<Plain>, body: Bytes) -> Response {
    let request: Request = serde_json::from_slice(&body).unwrap();
    let bytes = serde_json::to_vec(&schema.execute(request).await).unwrap();
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], bytes).into_response()
}

struct People {
    users: Vec<SimUser>,
    by_id: HashMap<String, usize>,
    reports: Vec<Vec<usize>>,
}

impl People {
    fn of(people: usize) -> Self {
        let users = Workspace::generate(people, super::service::SEED).users().to_vec();
        let by_id: HashMap<_, _> = users.iter().enumerate().map(|(at, user)| (user.id.clone(), at)).collect();
        let mut reports = vec![Vec::new(); users.len()];
        for (at, user) in users.iter().enumerate() {
            let manager = user.manager_id.as_ref().and_then(|id| by_id.get(id));
            if let Some(&manager) = manager.filter(|&&manager| manager != at) {
                reports[manager].push(at);
            }
        }
        Self { users, by_id, reports }
    }

    fn manager(&self, at: usize) -> Option<usize> {
        self.users[at].manager_id.as_ref().and_then(|id| self.by_id.get(id)).copied()
    }
}

struct Query(Arc<People>);
struct User(Arc<People>, usize);
struct ManagerChain(Arc<People>, Vec<usize>, ChainEnd);
struct Reports(Arc<People>, Vec<usize>, usize);

#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum ChainEnd {
    Root,
    ManagerNotFound,
    SelfManaged,
    Cycle,
}

#[Object]
impl Query {
    async fn user(&self, id: ID) -> Option<User> {
        self.0.by_id.get(&*id).map(|&at| User(self.0.clone(), at))
    }
}

#[Object]
impl User {
    async fn id(&self) -> ID {
        self.own().id.clone().into()
    }

    async fn name(&self) -> Option<String> {
        Some(format!("{} {}", self.own().first_name.as_ref()?, self.own().last_name.as_ref()?))
    }

    async fn title(&self) -> Option<&str> {
        self.own().title.as_deref()
    }

    async fn email_address(&self) -> Option<&str> {
        self.own().email_address.as_deref()
    }

    async fn manager_chain(&self) -> ManagerChain {
        let (mut chain, mut at) = (Vec::new(), self.1);
        let end = loop {
            match self.0.manager(at) {
                None if self.0.users[at].manager_id.is_none() => break ChainEnd::Root,
                None => break ChainEnd::ManagerNotFound,
                Some(manager) if manager == at => break ChainEnd::SelfManaged,
                Some(manager) if manager == self.1 || chain.contains(&manager) => break ChainEnd::Cycle,
                Some(manager) => {
                    chain.push(manager);
                    at = manager;
                }
            }
        };
        ManagerChain(self.0.clone(), chain, end)
    }

    async fn reports(&self, first: usize) -> Reports {
        Reports(self.0.clone(), self.0.reports[self.1].clone(), first)
    }
}

impl User {
    fn own(&self) -> &SimUser {
        &self.0.users[self.1]
    }
}

#[Object]
impl ManagerChain {
    async fn length(&self) -> usize {
        self.1.len()
    }

    async fn end(&self) -> ChainEnd {
        self.2
    }

    async fn nodes(&self) -> Vec<User> {
        self.1.iter().map(|&at| User(self.0.clone(), at)).collect()
    }
}

#[Object]
impl Reports {
    async fn total_count(&self) -> usize {
        self.1.len()
    }

    async fn nodes(&self) -> Vec<User> {
        self.1.iter().take(self.2).map(|&at| User(self.0.clone(), at)).collect()
    }
}
