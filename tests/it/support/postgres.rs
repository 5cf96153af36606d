//! A real PostgreSQL of one test's own, gone when it is dropped.

use std::{
    io::{Write, stderr},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use orgraph::publish::{Settings, Target};
use tokio::{task::JoinHandle, time::sleep};
use tokio_postgres::{Client, NoTls, Row, types::ToSql};

use super::FOREVER;

/// A running server. It listens on a socket in its directory, and elsewhere only where that is said.
pub struct Postgres {
    directory: tempfile::TempDir,
    server: Child,
    port: u16,
}

/// What a server is told beside its directory.
#[derive(Default)]
pub struct Told<'a> {
    /// Lines of `postgresql.conf`.
    pub conf: &'a [&'a str],
    /// Where it listens on 127.0.0.1, if it does.
    pub port: Option<u16>,
    /// The largest file that it may write, in KiB: what is full for it is full for nobody else.
    pub largest_file: Option<u32>,
    /// Files beside its own, by name.
    pub files: &'a [(&'a str, &'a str)],
}

/// Who may come in: the administrator always, others with a password where they have one.
const HBA: &str =
    "local all postgres trust\nlocal all guest scram-sha-256\nlocal all all trust\nhost all all all trust\n";

impl Postgres {
    /// A server with nothing in it, if there is PostgreSQL here.
    pub async fn start() -> Option<Self> {
        Self::told(Told::default()).await
    }

    /// The same, told more.
    pub async fn told(told: Told<'_>) -> Option<Self> {
        let Some(programs) = programs() else {
            _ = writeln!(stderr(), "publish: left out, it needs PostgreSQL (apt-get install postgresql)");
            return None;
        };
        // Short: a socket's path has 107 bytes at most. Whoever the server runs as has to come in.
        let directory = tempfile::Builder::new().prefix("orgraph-pg-").tempdir().unwrap();
        let (path, data) = (directory.path(), directory.path().join("data"));
        give(path);
        let mut initdb = as_owner(programs.join("initdb"));
        let initdb = initdb
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "--wal-segsize=1",
            ])
            .arg("-D")
            .arg(&data)
            .current_dir(path)
            .output()
            .unwrap();
        assert!(initdb.status.success(), "{}", String::from_utf8_lossy(&initdb.stderr));
        std::fs::write(data.join("pg_hba.conf"), HBA).unwrap();
        let listens = match told.port {
            None => "listen_addresses = ''".to_owned(),
            Some(port) => format!("listen_addresses = '127.0.0.1'\nport = {port}"),
        };
        let usual = [&*listens, "fsync = off", "autovacuum = off", "max_wal_size = 8MB"];
        let conf = usual.iter().chain(told.conf).map(|line| format!("{line}\n")).collect::<String>();
        let sockets = format!("unix_socket_directories = '{}'\n", path.display());
        std::fs::write(data.join("postgresql.conf"), sockets + &conf).unwrap();
        for (name, text) in told.files {
            std::fs::write(data.join(name), text).unwrap();
            give(&data.join(name));
            restrict(&data.join(name));
        }
        let mut command = match told.largest_file {
            None => as_owner(programs.join("postgres")),
            Some(kib) => {
                let mut shell = as_owner("sh".into());
                // In blocks of 512 bytes, as POSIX has it.
                shell.arg("-c").arg(format!("ulimit -f {}; exec \"$@\"", kib * 2)).arg("sh");
                shell.arg(programs.join("postgres"));
                shell
            }
        };
        let log = std::fs::File::create(path.join("log")).unwrap();
        let server = command.arg("-D").arg(&data).current_dir(path).stdout(Stdio::null()).stderr(log).spawn();
        let port = told.port.unwrap_or(5432);
        let server = Self { directory, server: server.unwrap(), port };
        server.comes_up().await;
        Some(server)
    }

    /// Where a client finds it.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Its address for somebody, with these parameters.
    pub fn address(&self, user: &str, database: &str) -> String {
        format!("postgres:///{database}?host={}&port={}&user={user}", self.path().display(), self.port)
    }

    /// Where somebody publishes, into the schema `orgraph`.
    pub fn target(&self, user: &str, database: &str) -> Target {
        Target::new(&settings(self.address(user, database))).unwrap()
    }

    /// A connection of somebody's.
    pub async fn connect(&self, user: &str, database: &str) -> Database {
        self.try_connect(user, database).await.unwrap()
    }

    async fn try_connect(&self, user: &str, database: &str) -> Result<Database, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.address(user, database), NoTls).await?;
        let task = tokio::spawn(async move { _ = connection.await });
        Ok(Database { client, task })
    }

    /// The administrator's connection to a new database `bi`, with a role `orgraph` that has a schema of its own there and
    /// nothing else, and a role `reader`.
    pub async fn with_roles(&self) -> Database {
        let cluster = self.connect("postgres", "postgres").await;
        cluster.run("CREATE DATABASE bi; ").await;
        for role in ["orgraph", "reader"] {
            cluster.run(&format!("CREATE ROLE {role} LOGIN")).await;
        }
        let admin = self.connect("postgres", "bi").await;
        admin.run("CREATE SCHEMA orgraph AUTHORIZATION orgraph").await;
        admin
    }

    async fn comes_up(&self) {
        let up = async {
            // The server tells its log and its socket, neither of which can be waited for without asking again.
            while self.try_connect("postgres", "postgres").await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let log = || std::fs::read_to_string(self.path().join("log")).unwrap_or_default();
        tokio::time::timeout(FOREVER, up).await.unwrap_or_else(|_| panic!("no PostgreSQL: {}", log()));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It has children, which a SIGKILL would leave to find out by themselves.
        _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        _ = self.server.wait();
    }
}

/// A connection, closed when it is dropped.
pub struct Database {
    pub client: Client,
    task: JoinHandle<()>,
}

impl Database {
    pub async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    pub async fn rows(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
        self.client.query(sql, parameters).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.rows(sql, &[]).await[0].get(0)
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.rows(sql, &[]).await.iter().map(|row| row.get(0)).collect()
    }

    /// Waits until a query tells true.
    pub async fn until(&self, sql: &str) {
        let holds = async {
            while !self.rows(sql, &[]).await[0].get::<_, bool>(0) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(FOREVER, holds).await.unwrap_or_else(|_| panic!("never: {sql}"));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What is said of a target at this address.
pub fn settings(address: String) -> Settings {
    Settings { address, password: None, ca: None, schema: "orgraph".to_owned(), levels: 3 }
}

/// Where Debian has them, or where the path leads.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found: Vec<_> = debian
        .chain(std::env::split_paths(&path))
        .filter(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .collect();
    found.into_iter().max()
}

/// PostgreSQL runs as anybody but root.
fn as_owner(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = owner() {
        command.uid(user).gid(group);
    }
    command.env("LC_ALL", "C");
    command
}

/// Whom it belongs to where this is root: Debian's `postgres`, or `nobody`.
fn owner() -> Option<(u32, u32)> {
    let id = |flag: &str, user: &str| {
        let output = Command::new("id").args([flag, user]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let me = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&me.stdout).trim() != "0" {
        return None;
    }
    ["postgres", "nobody"].iter().find_map(|user| Some((id("-u", user)?, id("-g", user)?)))
}

fn give(path: &Path) {
    if let Some((user, group)) = owner() {
        chown(path, Some(user), Some(group)).unwrap();
    }
}

fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
