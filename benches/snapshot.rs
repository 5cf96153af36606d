//! How long a snapshot takes to build and how much memory it keeps, against the same people's JSON as Gong sends
//! it: the time that serde_json needs to decode it, and its size.
//!
//! `cargo bench --bench snapshot` prints the table; with `-- --write` it goes into `docs/performance.md` too. Each
//! company is built in a process of its own, whose resident memory before and after is the kernel's word.
#![expect(clippy::expect_used, reason = "a benchmark that fails should say where")]

mod page;

use std::{
    fs,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::Command,
    time::Duration,
};

use jiff::Timestamp;
use mimalloc::MiMalloc;
use orgraph::{
    directory::person,
    gong::{self, Fetched},
    org,
    simulator::Workspace,
};
use tokio::time::Instant;

/// The service's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const COMPANIES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Says that this process is to build a company, and of which people.
const PEOPLE_FILE: &str = "ORGRAPH_BENCH_PEOPLE";
const PEOPLE_PER_PAGE: usize = 100;

fn main() {
    if let Ok(people) = std::env::var(PEOPLE_FILE) {
        return build(Path::new(&people));
    }
    let mut table = String::from(
        "| people | decode, s | build, s | of decoding | JSON, bytes a user | resident, bytes a user | of the JSON | at most meanwhile |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    for people in COMPANIES {
        let file = folder.path().join("people");
        write_people(people, &file);
        let child = std::env::current_exe().expect("this program");
        let output = Command::new(child).env(PEOPLE_FILE, &file).output().expect("a process");
        let row = String::from_utf8(output.stdout).expect("a row");
        assert!(output.status.success(), "a company of {people} wasn't built");
        print!("{row}");
        table.push_str(&row);
    }
    println!("\n{table}");
    page::write("performance.md", "snapshot", &table);
}

/// A company in a file, a user a line.
fn write_people(people: usize, file: &Path) {
    let mut lines = BufWriter::new(fs::File::create(file).expect("a file"));
    for user in Workspace::generate(people, 1).users() {
        serde_json::to_writer(&mut lines, user).expect("a user");
        lines.write_all(b"\n").expect("a line");
    }
    lines.flush().expect("the file");
}

/// Decodes and builds the company, page by page as a scan does, and prints its row of the table.
fn build(people: &Path) {
    let lines = BufReader::new(fs::File::open(people).expect("the people")).lines();
    let mut lines = lines.map(|line| line.expect("a line")).peekable();
    let before = resident("VmRSS:");
    let (mut decoding, mut building, mut json_bytes) = (Duration::ZERO, Duration::ZERO, 0);
    let mut users = Vec::new();
    while lines.peek().is_some() {
        let page: Vec<String> = lines.by_ref().take(PEOPLE_PER_PAGE).collect();
        json_bytes += page.iter().map(String::len).sum::<usize>();
        let began = Instant::now();
        let records: Vec<gong::User> =
            page.iter().map(|line| serde_json::from_str(line).expect("a user")).collect();
        decoding += began.elapsed();
        let began = Instant::now();
        let asked_at = Timestamp::UNIX_EPOCH;
        users.extend(records.into_iter().map(|value| person(Fetched { value, asked_at })));
        building += began.elapsed();
    }
    let began = Instant::now();
    let graph = org::build(users);
    building += began.elapsed();
    let kept = resident("VmRSS:") - before;
    let most = resident("VmHWM:") - before;

    let count = graph.users().len();
    let [decoding, building] = [decoding, building].map(|time| time.as_secs_f64());
    println!(
        "| {count} | {decoding:.2} | {building:.2} | {:.2} | {} | {} | {:.2} | {:.2} |",
        building / decoding,
        json_bytes / count,
        kept / count,
        kept as f64 / json_bytes as f64,
        most as f64 / json_bytes as f64,
    );
}

/// The bytes of memory that the kernel tells of under this name.
fn resident(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("a kernel that tells");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the line");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
}
