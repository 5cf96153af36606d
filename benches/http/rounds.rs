//! Two servers asked the same in turn, round after round.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::time::Instant;

use super::{
    bare::Bare,
    machine::{cpu_seconds, has_own_core},
    plain,
    questions::{Question, Requests},
    service::Service,
    wire::Connection,
    wish::Wish,
};

/// Connections on which a request is under way at any time: enough that the server always has one to work on.
const CONNECTIONS: usize = 8;
/// How long a server is warmed up, in parts of a round.
const WARM_UP: u32 = 4;

/// What came of driving a server for a while.
#[derive(Clone, Copy)]
pub(crate) struct Driven {
    /// Requests for a second of its CPU time, which holds on a busy machine too.
    pub(crate) per_cpu_second: f64,
    pub(crate) per_second: f64,
    /// How much of the time the server was at work, and how much the generator.
    pub(crate) server_busy: f64,
    pub(crate) generator_busy: f64,
}

/// A server to drive.
pub(crate) struct Server {
    pub(crate) process: u32,
    pub(crate) address: SocketAddr,
}

/// A question with what came of it.
pub(crate) struct Share {
    pub(crate) name: &'static str,
    /// Whom the service is held against.
    pub(crate) other: &'static str,
    pub(crate) bound: Option<f64>,
    pub(crate) answer_bytes: usize,
    /// Of each round: the service's and the other's.
    pub(crate) rounds: Vec<(Driven, Driven)>,
}

/// Drives the service and a bare handler that sends the same bytes.
pub(crate) fn against_bare(question: Question, service: &Service, wish: &Wish) -> Share {
    let mut connection = Connection::to(service.address);
    let answers: Vec<_> =
        question.requests.each().iter().map(|request| connection.ask(request).to_vec()).collect();
    let bare = Bare::with(&answers);
    for address in [service.address, bare.address] {
        let mut connection = Connection::to(address);
        for (request, answer) in question.requests.each().iter().zip(&answers) {
            assert!(connection.ask(request) == answer, "{}", String::from_utf8_lossy(request));
            assert!(answer.starts_with(b"{\"data\":{"), "{}", String::from_utf8_lossy(answer));
        }
    }
    let answer_bytes = answers.iter().map(Vec::len).sum::<usize>() / answers.len();
    let other = Server { process: bare.process.id(), address: bare.address };
    share(question, answer_bytes, service, ("a bare handler", &other), wish)
}

/// Drives the service and async-graphql as it comes, over as many people.
pub(crate) fn against_plain(question: Question, service: &Service, people: usize, wish: &Wish) -> Share {
    let plain = plain::Server::of(people);
    let answers = [service.address, plain.address].map(|address| {
        let answer = Connection::to(address).ask(&question.requests.each()[0]).to_vec();
        (answer.len(), serde_json::from_slice::<Value>(&answer).unwrap())
    });
    let [(answer_bytes, ours), (_, theirs)] = answers;
    assert_eq!(ours["data"]["user"]["managerChain"], theirs["data"]["user"]["managerChain"]);
    let other = Server { process: plain.process.id(), address: plain.address };
    share(question, answer_bytes, service, ("async-graphql", &other), wish)
}

fn share(
    Question { name, bound, mut requests }: Question,
    answer_bytes: usize,
    service: &Service,
    (named, other): (&'static str, &Server),
    wish: &Wish,
) -> Share {
    let ours = Server { process: service.process.id(), address: service.address };
    let rounds = in_turn([&ours, other], [&mut requests.clone(), &mut requests], wish);
    let share = Share { name, other: named, bound, answer_bytes, rounds };
    if !wish.json {
        println!("{name}: {:.2} of {named}", share.median());
    }
    share
}

/// Drives two servers in turn.
pub(crate) fn in_turn(
    servers: [&Server; 2],
    requests: [&mut Requests; 2],
    wish: &Wish,
) -> Vec<(Driven, Driven)> {
    let ([one, other], [ones, others]) = (servers, requests);
    drive(one, ones, wish.time / WARM_UP);
    drive(other, others, wish.time / WARM_UP);
    (0..wish.rounds).map(|_| (drive(one, ones, wish.time), drive(other, others, wish.time))).collect()
}

/// Keeps a server busy for a while, from this thread.
fn drive(server: &Server, requests: &mut Requests, time: Duration) -> Driven {
    let connect = if has_own_core() { Connection::awake } else { Connection::to };
    let mut connections: Vec<_> = (0..CONNECTIONS).map(|_| connect(server.address)).collect();
    let own = std::process::id();
    let spent = || (cpu_seconds(server.process), cpu_seconds(own));
    let (server_before, own_before) = spent();
    let began = Instant::now();
    connections.iter_mut().for_each(|connection| connection.send(requests.next()));
    let mut answered = 0_u32;
    while began.elapsed() < time {
        for connection in &mut connections {
            connection.answer();
            answered += 1;
            connection.send(requests.next());
        }
    }
    for connection in &mut connections {
        connection.answer();
        answered += 1;
    }
    let took = began.elapsed().as_secs_f64();
    let (server_after, own_after) = spent();
    let answered = f64::from(answered);
    Driven {
        per_cpu_second: answered / (server_after - server_before),
        per_second: answered / took,
        server_busy: (server_after - server_before) / took,
        generator_busy: (own_after - own_before) / took,
    }
}

impl Share {
    /// The share of each round, the least first.
    pub(crate) fn shares(&self) -> Vec<f64> {
        let mut shares: Vec<_> =
            self.rounds.iter().map(|(ours, other)| ours.per_cpu_second / other.per_cpu_second).collect();
        shares.sort_by(f64::total_cmp);
        shares
    }

    pub(crate) fn median(&self) -> f64 {
        median(self.shares())
    }

    /// Whether the generator was what kept a server from doing more.
    pub(crate) fn generator_was_busy(&self) -> bool {
        let held_up = |driven: &Driven| driven.server_busy < 0.95;
        self.rounds.iter().any(|(ours, other)| held_up(ours) || held_up(other))
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
