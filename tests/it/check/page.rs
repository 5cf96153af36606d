//! The transcripts of `docs/commands.md` are what the commands say.
//!
//! They are run from top to bottom in one shell after another, with a home of their own. `…` stands for whatever is
//! there on a line; ports and times are anybody's.

use std::{
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::support::{Scratch, orgraph, text};

/// A command and what it says.
struct Step {
    command: String,
    says: Vec<String>,
}

/// The steps of every block of the console.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step { command: command.to_owned(), says: Vec::new() }),
                (None, Some(step)) => step.says.push(line.to_owned()),
                (None, None) => panic!("nobody says {line}"),
            }
        }
    }
    steps
}

/// A line with what differs from run to run made the same.
fn plain(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ') {
        let timed = matches!(word.trim_end_matches(['.', ',', ';']), "ms" | "min");
        match words.last_mut() {
            Some(number) if timed && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                "N".clone_into(number)
            }
            _ => {}
        }
        let port = word.split_once("127.0.0.1:").map(|(before, after)| {
            format!("{before}127.0.0.1:PORT{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        });
        words.push(port.unwrap_or_else(|| word.to_owned()));
    }
    words.join(" ").trim_end().to_owned()
}

fn fits(told: &str, said: &str) -> bool {
    let (told, said) = (plain(told), plain(said));
    let pieces: Vec<&str> = told.split('…').collect();
    let [first, between @ .., last] = &pieces[..] else { return told == said };
    let Some(mut rest) = said.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    between.iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// A shell in which `orgraph` is the binary, and nothing is told but by the page.
fn shell(command: &str, home: &Path, variables: &[(String, String)]) -> Command {
    let plain = orgraph();
    let folder = Path::new(plain.get_program()).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(home).env_clear();
    shell.envs([("PATH", path.as_str()), ("HOME", home.to_str().unwrap())]);
    shell.envs(variables.iter().map(|(name, value)| (name, value)));
    shell
}

/// Ended with the test. What it says later is still heard: who writes and isn't heard would end.
struct Running(Child, #[expect(dead_code, reason = "held open")] Lines<BufReader<ChildStdout>>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_transcripts_of_the_page_are_what_the_commands_say() {
    let home = Scratch::new();
    let steps = steps(&text("docs/commands.md"));
    assert!(steps.len() > 20, "{} steps", steps.len());
    let mut variables = vec![
        ("ORGRAPH_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("ORGRAPH_ADMIN".to_owned(), "127.0.0.1:0".to_owned()),
        // Calls of one command and the next are never too many for a simulator with Gong's limits.
        ("ORGRAPH_GONG_MAX_PER_SECOND".to_owned(), "1".to_owned()),
    ];
    let mut running = Vec::new();
    let mut wrong = Vec::new();
    for Step { command, says } in steps {
        if let Some(set) = command.strip_prefix("export ") {
            for assignment in set.split(' ') {
                let (name, value) = assignment.split_once('=').unwrap();
                variables.retain(|(known, _)| known != name);
                variables.push((name.to_owned(), value.to_owned()));
            }
            continue;
        }
        let said = match command.strip_suffix(" &") {
            Some(command) => {
                let mut shell = shell(&format!("exec {command}"), home.path(), &variables);
                let mut child = shell.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
                let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
                let said: Vec<String> = lines.by_ref().take(says.len()).map(Result::unwrap).collect();
                running.push(Running(child, lines));
                // The simulator of the page is where it says that it is.
                let url = said.iter().find_map(|line| line.split("people: ").nth(1));
                if let Some(url) = url {
                    variables.push(("GONG_BASE_URL".to_owned(), url.to_owned()));
                }
                said
            }
            None => {
                let variables: Vec<_> =
                    variables.iter().filter(|(name, _)| name != "ORGRAPH_ADMIN").cloned().collect();
                let output =
                    shell(&format!("{{ {command}\n}} 2>&1"), home.path(), &variables).output().unwrap();
                String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
            }
        };
        let good = said.len() == says.len() && says.iter().zip(&said).all(|(told, said)| fits(told, said));
        if !good {
            wrong.push(format!("$ {command}\n{}", said.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_line_is_compared_but_for_what_nobody_knows_beforehand() {
    assert!(fits("a … c", "a b c") && fits("a …", "a b") && fits("…", "") && fits("took 5 ms", "took 31 ms"));
    assert!(fits("at http://127.0.0.1:8080/x", "at http://127.0.0.1:4711/x"));
    assert!(!fits("a … c", "a b") && !fits("a", "a b") && !fits("5 people", "6 people"));
}
