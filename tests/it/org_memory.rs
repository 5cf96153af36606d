//! What a company takes in memory, against the JSON that Gong sends of the same people.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
};

use jiff::Timestamp;
use orgraph::{
    directory::person,
    gong::{self, Fetched},
    org::{self, User},
    simulator::Workspace,
};

const PEOPLE: usize = 100_000;
const PEOPLE_PER_PAGE: usize = 100;
/// Says that this process is the one that is measured, and of which people.
const PEOPLE_FILE: &str = "ORGRAPH_TEST_PEOPLE_FILE";

/// The graph is built in a process of its own, which is this test once more.
#[test]
fn a_company_takes_less_memory_than_its_json() {
    if let Some(people) = std::env::var_os(PEOPLE_FILE) {
        return build(Path::new(&people));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people");
    let workspace = Workspace::generate(PEOPLE, 1);
    let lines = workspace.users().iter().map(|user| serde_json::to_string(user).unwrap() + "\n");
    let json: String = lines.collect();
    std::fs::write(&file, &json).unwrap();

    let itself = std::env::current_exe().unwrap();
    let name = "org_memory::a_company_takes_less_memory_than_its_json";
    let child = Command::new(itself).args(["--exact", name, "--nocapture"]).env(PEOPLE_FILE, &file).output();
    let told = String::from_utf8(child.unwrap().stdout).unwrap();
    let (_, told) = told.split_once("kept: ").expect("what the other process tells");
    let Ok(kept) = told.lines().next().unwrap().parse::<usize>() else { return };
    let users = workspace.users().len();
    println!("{} bytes a user in memory, {} as JSON", kept / users, json.len() / users);
    assert!(kept < json.len(), "{kept} bytes in memory, {} as JSON", json.len());
}

/// Builds the company, page by page as a scan reads it, and tells what it added to the memory of this process, if
/// that can be told here.
fn build(people: &Path) {
    let mut lines =
        BufReader::new(std::fs::File::open(people).unwrap()).lines().map(Result::unwrap).peekable();
    let mut users = Vec::new();
    let mut read_page = |users: &mut Vec<User>| {
        let page: Vec<String> = lines.by_ref().take(PEOPLE_PER_PAGE).collect();
        let records: Vec<gong::User> = page.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let fetched = |value| Fetched { value, asked_at: Timestamp::UNIX_EPOCH };
        users.extend(records.into_iter().map(|record| person(fetched(record))));
        lines.peek().is_some()
    };
    // What a program takes whatever the company is, it takes with the first page.
    read_page(&mut users);
    drop(org::build(users.clone()));
    let before = resident();
    while read_page(&mut users) {}
    let graph = org::build(users);
    match (before, resident()) {
        (Some(before), Some(after)) => println!("kept: {}", after - before),
        _ => println!("kept: unknown"),
    }
    assert!(graph.users().len() >= PEOPLE);
}

/// Bytes of memory that the kernel tells of.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(kilobytes.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}
