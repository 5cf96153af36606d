//! How many instructions the hottest ways through the service take, by valgrind's callgrind: counts that nothing else
//! on the machine changes. `cargo bench --profile dev --bench instructions` holds them against those in
//! `benches/instructions.txt` and fails where there are more than a tenth more; with `-- --write` it writes them.
//!
//! Each way is gone few and many times, in a process of its own; the difference is what one more time takes.
#![expect(clippy::expect_used, reason = "a benchmark that fails should say where")]

mod company;

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, ExitCode},
};

use self::company::Company;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");
/// What goes before the name of a way and how often it is to be gone.
const WAY: &str = "--way";
const PEOPLE: usize = 2_000;
const FEW: u64 = 20;
const MANY: u64 = 120;
/// How many more instructions than before are too many.
const TOO_MANY: f64 = 1.1;

/// How far a way begins from the executor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Executor,
    /// From the head of a request that has been read to the last byte of its answer.
    Http,
    /// The same, for a client that takes answers compressed.
    HttpCompressed,
}

/// A way: what it is called, where it begins, the document, and the variables of the request of a number.
struct Way {
    name: &'static str,
    from: Start,
    document: &'static str,
    variables: fn(&Company, u64) -> serde_json::Value,
}

const WAYS: [Way; 8] = [
    Way {
        name: "a person with their line and reports, by a plan",
        from: Start::Executor,
        document: "query($id: ID!) { user(id: $id) { id name title emailAddress managerChain { length nodes { id name } } \
                   reports(first: 20) { totalCount nodes { id name } } } }",
        variables: |company, nth| serde_json::json!({ "id": company.id(nth) }),
    },
    Way {
        name: "a page of 100 users, by a plan",
        from: Start::Executor,
        document: "query($after: String) { users(first: 100, after: $after) { nodes { id name title emailAddress active \
                   managerId depth created } } }",
        variables: |company, nth| serde_json::json!({ "after": company.cursor(nth) }),
    },
    Way {
        name: "the same page again, from those that are kept",
        from: Start::Executor,
        document: "query($after: String) { users(first: 100, after: $after) { nodes { id name title emailAddress active \
                   managerId depth created } } }",
        variables: |company, _| serde_json::json!({ "after": company.cursor(0) }),
    },
    Way {
        name: "the orphans, counted, and the first 20, by a plan",
        from: Start::Executor,
        document: "query($reasons: [OrphanReason!]) { orphans(reasons: $reasons, first: 20) { totalCount nodes { id \
                   name } } }",
        variables: |_, _| serde_json::json!({}),
    },
    Way {
        name: "a person, from a document that is new",
        from: Start::Executor,
        document: "query($id: ID!) { user(id: $id) { id name manager { name } reports(first: 5) { nodes { id } } } } #",
        variables: |company, nth| serde_json::json!({ "id": company.id(nth) }),
    },
    Way {
        name: "a person with their line and reports, by HTTP",
        from: Start::Http,
        document: "query($id: ID!) { user(id: $id) { id name title emailAddress managerChain { length nodes { id name } } \
                   reports(first: 20) { totalCount nodes { id name } } } }",
        variables: |company, nth| serde_json::json!({ "id": company.id(nth) }),
    },
    Way {
        name: "the same request to the letter, by HTTP",
        from: Start::Http,
        document: "query($id: ID!) { user(id: $id) { id name } }",
        variables: |company, _| serde_json::json!({ "id": company.id(0) }),
    },
    Way {
        name: "the same request to the letter, compressed, by HTTP",
        from: Start::HttpCompressed,
        document: "query($id: ID!) { user(id: $id) { id name } }",
        variables: |company, _| serde_json::json!({ "id": company.id(0) }),
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some([_, name, times]) = arguments.windows(3).find(|window| window[0] == WAY) {
        let way = WAYS.iter().find(|way| way.name == name).expect("a way of this name");
        go(way, times.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("left out: it needs valgrind");
        return ExitCode::SUCCESS;
    }
    let before: BTreeMap<String, u64> = fs::read_to_string(FILE)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(count, name)| (name.to_owned(), count.parse().expect("a number")))
        .collect();
    let (mut lines, mut is_worse) = (String::new(), false);
    for way in &WAYS {
        let count = (counted(way, MANY) - counted(way, FEW)) / (MANY - FEW);
        lines += &format!("{count} {}\n", way.name);
        let than_before = before.get(way.name).map(|before| count as f64 / *before as f64);
        is_worse |= than_before.is_none_or(|ratio| ratio > TOO_MANY);
        let told = than_before.map_or("new".to_owned(), |ratio| format!("{ratio:.2} of before"));
        println!("{count:>10} instructions, {told}: {}", way.name);
    }
    if arguments.iter().any(|argument| argument == "--write") {
        fs::write(FILE, lines).expect("a file that can be written");
        return ExitCode::SUCCESS;
    }
    if is_worse {
        println!("more than a tenth more, or not known: `-- --write` writes {FILE} if that is meant");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// How many instructions a process takes that goes `way` so often.
fn counted(way: &Way, times: u64) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([WAY, way.name, &times.to_string()])
        .output()
        .expect("valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let count = said.lines().find_map(|line| line.split_once("Collected : ")).expect("a count").1;
    count.trim().parse().expect("a number")
}

#[tokio::main(flavor = "current_thread")]
async fn go(way: &Way, times: u64) {
    let company = Company::of(PEOPLE).await;
    for nth in 0..times {
        // What ends in a comment is another document each time.
        let document = match way.document.strip_suffix('#') {
            Some(document) => format!("{document} # {nth:06}"),
            None => way.document.to_owned(),
        };
        let variables = (way.variables)(&company, nth);
        match way.from {
            Start::Executor => _ = company.ask(&document, variables).await,
            Start::Http => company.post(&document, variables, None).await,
            Start::HttpCompressed => company.post(&document, variables, Some("gzip, deflate")).await,
        }
    }
}
