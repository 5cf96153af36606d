//! The real service, over a company that it has read from the simulator once.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Command,
    thread::sleep,
    time::Duration,
};

use orgraph::simulator::{Settings, Simulator, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    time::Instant,
};

use super::{
    machine::{on_all_cores, on_one_core, step_back},
    process::{Process, orgraph, serving},
    wire::{Connection, post},
};

/// What the companies are made up from.
pub(crate) const SEED: u64 = 7;

/// A company on disk, and a key of somebody who may see contact data.
pub(crate) struct Company {
    pub(crate) people: usize,
    /// The size of all its users as Gong sends them.
    pub(crate) json_bytes: usize,
    directory: TempDir,
    credential: String,
}

/// A service at work.
pub(crate) struct Service {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) credential: String,
    /// Holds the place of a Gong that takes calls and never answers.
    _silent: Option<TcpListener>,
}

/// A simulated Gong without limits, gone when it is dropped. It would be on another machine: its threads have stepped
/// back behind those of the service.
pub(crate) struct Gong {
    url: String,
    _runtime: Runtime,
}

impl Gong {
    pub(crate) fn of(workspace: Workspace) -> Self {
        let unlimited = Settings {
            max_in_flight: None,
            max_starts_per_second: None,
            calls_per_day: None,
            ..Settings::default()
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .on_thread_start(step_back)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(Simulator::new(workspace, unlimited).serve(listener, std::future::pending()));
        Self { url, _runtime: runtime }
    }
}

impl Company {
    /// Makes up a company of so many, and has it read and kept.
    pub(crate) fn read(people: usize) -> Self {
        let workspace = Workspace::generate(people, SEED);
        let json_bytes = serde_json::to_vec(workspace.users()).unwrap().len();
        let directory = TempDir::new().unwrap();
        let keys = directory.path().join("keys.json");
        let mut add = orgraph();
        add.args(["keys", "add", "bench", "--role", "analyst"]).env("ORGRAPH_API_KEYS_FILE", &keys);
        let credential = String::from_utf8(add.output().unwrap().stdout).unwrap().trim().to_owned();
        let company = Self { people, json_bytes, directory, credential };
        let gong = Gong::of(workspace);
        company.start_with(&gong).process.kill();
        company
    }

    /// Starts the service from disk, on one core, and waits for its first answer.
    pub(crate) fn start(&self) -> Service {
        self.start_by(on_one_core)
    }

    /// The same by another command than its own.
    pub(crate) fn start_by(&self, by: impl FnOnce(Command) -> Command) -> Service {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        self.begin(by(self.command(&url)), Some(silent))
    }

    /// Starts it on whatever cores there are, before a Gong that answers.
    pub(crate) fn start_with(&self, gong: &Gong) -> Service {
        self.begin(on_all_cores(self.command(&gong.url)), None)
    }

    fn begin(&self, mut command: Command, silent: Option<TcpListener>) -> Service {
        let process = Process::start(&mut command);
        let (address, credential) = (process.address(), self.credential.clone());
        let service = Service { process, address, credential, _silent: silent };
        let began = Instant::now();
        while service.ask("{ snapshot { userCount } }", &json!({}))["snapshot"]["userCount"] != self.people {
            assert!(began.elapsed() < Duration::from_secs(600), "the company isn't read");
            sleep(Duration::from_millis(1));
        }
        service
    }

    /// The product as it is, authentication and all, with room for a client that asks more than any other, and no line
    /// of the log a request. The cache of answers is small: it has room for the one that is asked for again, and for a
    /// few in a hundred of those that differ.
    fn command(&self, gong: &str) -> Command {
        let mut command = serving();
        command.env("ORGRAPH_STATE_DIR", self.state()).env("ORGRAPH_API_KEYS_FILE", self.keys()).envs([
            ("GONG_BASE_URL", gong),
            ("GONG_ACCESS_KEY", "simulator"),
            ("GONG_ACCESS_KEY_SECRET", "simulator"),
            ("ORGRAPH_GONG_MAX_IN_FLIGHT", "8"),
            ("ORGRAPH_REFRESH_INTERVAL", "1d"),
            ("ORGRAPH_MAX_REQUESTS_PER_CONNECTION", "1000000000"),
            ("ORGRAPH_RATE_CAPACITY", "2000000000"),
            ("ORGRAPH_RATE_PERIOD", "1s"),
            ("ORGRAPH_ANSWER_CACHE_BYTES", "1048576"),
            ("ORGRAPH_LOG", "warn,orgraph::cli=info"),
        ]);
        command
    }

    /// Asks the service for a scan, as an operator would; it has ended when the command has.
    pub(crate) fn scan(&self) -> Command {
        let mut command = orgraph();
        command.arg("sync").env("ORGRAPH_STATE_DIR", self.state());
        command
    }

    fn state(&self) -> PathBuf {
        let state = self.directory.path().join("state");
        fs::create_dir_all(&state).unwrap();
        state
    }

    fn keys(&self) -> PathBuf {
        self.directory.path().join("keys.json")
    }
}

impl Service {
    /// The data of an answer; null while there is none.
    pub(crate) fn ask(&self, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let mut connection = Connection::to(self.address);
        let answer = connection.ask(&post(&self.credential, 0, &body));
        serde_json::from_slice::<Value>(answer).unwrap()["data"].take()
    }
}
