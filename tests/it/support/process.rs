//! The real binary as a process of its own, which can be asked to stop and can be killed.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
    time::Duration,
};

/// The binary, in an environment that tells it nothing.
pub fn orgraph() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgraph"));
    let tells = |name: &str| ["ORGRAPH_", "GONG_", "OTEL_"].iter().any(|prefix| name.starts_with(prefix));
    for (name, _) in std::env::vars().filter(|(name, _)| tells(name)) {
        command.env_remove(name);
    }
    command
}

/// `orgraph serve` on ports of its own, as fast as a test wants it to be.
pub fn serving() -> Command {
    let mut command = orgraph();
    command.arg("serve").envs([
        ("ORGRAPH_LISTEN", "127.0.0.1:0"),
        ("ORGRAPH_ADMIN", "127.0.0.1:0"),
        ("ORGRAPH_GONG_MAX_PER_SECOND", "1000"),
        ("ORGRAPH_GONG_DAILY_BUDGET", "1000000000"),
        ("ORGRAPH_REFRESH_INTERVAL", "1s"),
    ]);
    command
}

/// A running process and all that it says. Dropped, it is killed.
pub struct Process {
    child: Child,
    said: Arc<Said>,
    readers: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Said {
    /// What was said so far, and how many of the two streams have ended.
    text: Mutex<(String, usize)>,
    more: Condvar,
}

const PATIENCE: Duration = Duration::from_secs(120);

impl Process {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Said::default());
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let readers = vec![said.clone().listen(stdout), said.clone().listen(stderr)];
        Self { child, said, readers }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it serves, as soon as it tells.
    pub fn address(&self) -> SocketAddr {
        let text = self.wait_for("serving");
        let line = text.lines().find(|line| line.contains("serving")).unwrap();
        // As text `address=…`, as JSON `"address":"…"`.
        let (_, rest) = line.split_once("address").unwrap();
        let rest = rest.trim_start_matches(['"', '=', ':']);
        rest.split(['"', ' ']).next().unwrap().parse().unwrap()
    }

    /// All that it has said, when `words` are among it.
    pub fn wait_for(&self, words: &str) -> String {
        let not_yet = |(text, ended): &mut (String, usize)| !text.contains(words) && *ended < 2;
        let said = self.said.text.lock().unwrap();
        let (said, _) = self.said.more.wait_timeout_while(said, PATIENCE, not_yet).unwrap();
        assert!(said.0.contains(words), "it doesn't say {words:?}, but: {}", said.0);
        said.0.clone()
    }

    /// Ends it with SIGKILL; tells all that it said.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.end()
    }

    /// Asks it to stop; tells all that it said.
    pub fn stop(mut self) -> String {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.end()
    }

    fn end(&mut self) -> String {
        self.child.wait().unwrap();
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        std::mem::take(&mut self.said.text.lock().unwrap().0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Said {
    fn listen(self: Arc<Self>, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        std::thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                self.text.lock().unwrap().0.push_str(&String::from_utf8_lossy(&line));
                self.more.notify_all();
                line.clear();
            }
            self.text.lock().unwrap().1 += 1;
            self.more.notify_all();
        })
    }
}
