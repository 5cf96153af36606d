//! Which of the binary's functions requests and a start go through, by valgrind's callgrind: those that the linker puts
//! beside each other in a build for release. `cargo bench --bench layout` says how many of them `build/layout.ld` names;
//! with `-- --write` it names them there: first those of requests, then what else a start needs.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that fails should say where")]
#![expect(clippy::panic, reason = "the same")]
#![expect(dead_code, reason = "other benchmarks and the tests use more of what is shared with them")]
#![expect(unreachable_pub, reason = "the tests say what a module is for with `pub`")]

#[path = "../tests/it/support/process.rs"]
mod process;

#[path = "http/machine.rs"]
mod machine;
#[path = "http/questions.rs"]
mod questions;
#[path = "http/service.rs"]
mod service;
#[path = "http/wire.rs"]
mod wire;

use std::{
    collections::BTreeSet,
    fs, mem,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use tokio::time::Instant;

use self::{
    machine::{on_one_core, within},
    questions::{Known, Question},
    service::{Company, Service},
    wire::Connection,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/build/layout.ld");
const HEAD: &str = "/* Written by `cargo bench --bench layout -- --write`; see build/layout.rs. */";
const PEOPLE: usize = 10_000;
/// How often each question is asked until its plan is made, and then.
const BEFORE: usize = 20;
const TIMES: usize = 100;
/// Longer than a profile takes to be written.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return println!("left out: it needs valgrind");
    }
    let company = Company::read(PEOPLE);
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("part");
    let service = company.start_by(|command| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--demangle=no", "--compress-strings=no"]);
        valgrind.arg(format!("--callgrind-out-file={}", parts.display()));
        on_one_core(within(valgrind, &command))
    });
    let known = Known::of(&service);
    let mut questions = known.questions();
    questions.push(known.unknown());
    ask(&service, &mut questions, BEFORE);
    let started = gone_through(&service, &parts, 1);
    ask(&service, &mut questions, TIMES);
    let asked = gone_through(&service, &parts, 2);
    let sections: Vec<_> = asked.iter().chain(started.difference(&asked)).map(String::as_str).collect();
    if std::env::args().any(|argument| argument == "--write") {
        let sections: String = sections.iter().map(|section| format!("    *({section})\n")).collect();
        fs::write(
            FILE,
            format!("{HEAD}\nSECTIONS {{\n  .text : {{\n{sections}  }}\n}}\nINSERT AFTER .init;\n"),
        )
        .unwrap();
    }
    let script = fs::read_to_string(FILE).unwrap_or_default();
    let named: BTreeSet<_> =
        script.lines().filter_map(|line| line.trim().strip_prefix("*(")?.strip_suffix(')')).collect();
    let found = sections.iter().filter(|section| named.contains(*section)).count();
    let (asked, more) = (asked.len(), sections.len() - asked.len());
    println!(
        "requests go through {asked} functions, a start through {more} more; {FILE} names {found} of them"
    );
}

fn ask(service: &Service, questions: &mut [Question], times: usize) {
    let mut connection = Connection::to(service.address);
    for question in questions {
        for _ in 0..times {
            connection.ask(question.requests.next());
        }
    }
}

/// The sections of the functions of the binary that it has gone through since the last time.
fn gone_through(service: &Service, parts: &Path, nth: usize) -> BTreeSet<String> {
    let process = service.process.id().to_string();
    let dump = Command::new("callgrind_control").args(["--dump", &process]).stdout(Stdio::null()).status();
    assert!(dump.is_ok_and(|status| status.success()), "no profile was written");
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_orgraph")).canonicalize().unwrap();
    let profile = whole(&PathBuf::from(format!("{}.{nth}", parts.display())));
    let mut found = BTreeSet::new();
    let (mut object, mut called, mut nameless, mut all) = ("", false, 0, 0);
    for line in profile.lines() {
        if let Some(name) = line.strip_prefix("ob=") {
            object = name;
        } else if let Some(name) = line.strip_prefix("fn=") {
            if Path::new(object) == binary && is_symbol(name) {
                found.insert(section(name));
            }
        } else if line.starts_with("calls=") {
            called = true;
        } else if let Some(cost) = cost(line) {
            // What a call has cost stands in the line behind it.
            if !mem::take(&mut called) {
                all += cost;
                nameless += if object == "???" { cost } else { 0 };
            }
        }
    }
    assert!(nameless < all / 10, "{nameless} of {all} instructions are those of functions without names");
    found
}

/// The instructions that a line says are those of a place.
fn cost(line: &str) -> Option<u64> {
    let (place, cost) = line.split_once(' ')?;
    let is_place = place.bytes().all(|byte| byte.is_ascii_digit() || b"+-*".contains(&byte));
    if is_place { cost.parse().ok() } else { None }
}

/// What is in the file of a profile, once valgrind has written it to its last line.
fn whole(file: &Path) -> String {
    let began = Instant::now();
    loop {
        let profile = fs::read_to_string(file).unwrap_or_default();
        if profile.lines().next_back().is_some_and(|last| last.starts_with("totals: ")) {
            return profile;
        }
        assert!(began.elapsed() < PATIENCE, "{} isn't written", file.display());
        sleep(Duration::from_millis(10));
    }
}

/// Whether it is one, not a place or a remark of valgrind's.
fn is_symbol(name: &str) -> bool {
    !name.starts_with("0x")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.$'".contains(&byte))
}

/// The section of a function, as a pattern: hashes of crates, the places that depend on how long those are, and what
/// tells copies apart, are others in each build.
fn section(name: &str) -> String {
    // How often it has called itself stands behind its name.
    let name = name.split_once('\'').map_or(name, |(name, _)| name);
    let (name, copy) = name.split_once('.').map_or((name, ""), |(name, _)| (name, ".*"));
    if !name.starts_with("_R") {
        return format!(".text.{name}{copy}");
    }
    let name = without_numbers(&without_numbers(name, "Cs"), "B");
    format!(".text.{name}{copy}")
}

/// A name with a star for each number of base 62 between this mark and a `_`.
fn without_numbers(name: &str, mark: &str) -> String {
    let mut parts = name.split(mark);
    let mut pattern = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        pattern += mark;
        match part.find(|letter: char| !letter.is_ascii_alphanumeric()) {
            Some(end) if end > 0 && part[end..].starts_with('_') => pattern = pattern + "*" + &part[end..],
            _ => pattern += part,
        }
    }
    pattern
}
