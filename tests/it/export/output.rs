//! Where `orgraph export` writes to: files that stay whole, and what is no file.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{FileTypeExt, PermissionsExt, symlink},
    path::Path,
    process::{Command, Stdio},
};

use orgraph::store::Store;
use tokio::net::TcpListener;

use super::{
    body,
    command::{Ended, export},
};
use crate::support::{Scratch, Service, orgraph, shipped_company};

const ASKED: [&str; 5] = ["orphans", "-f", "csv", "--from", "state"];

/// A service and its state directory, which it has left.
struct Left {
    service: Service,
    scratch: Scratch,
}

impl Left {
    async fn behind() -> Self {
        let service = Service::over(shipped_company()).await;
        let scratch = Scratch::new();
        let (store, _) = Store::open(&scratch.path().join("state")).unwrap();
        store.save_snapshot(&service.directory.snapshot().unwrap()).unwrap();
        Self { service, scratch }
    }

    fn state(&self) -> String {
        self.scratch.path().join("state").to_str().unwrap().to_owned()
    }

    /// Writes the table into `file`.
    async fn writes_into(&self, file: &Path) {
        let arguments = [&ASKED[..], &["-o", file.to_str().unwrap()]].concat();
        let Ended { code, errors, .. } = export(&arguments, &[("ORGRAPH_STATE_DIR", &self.state())]).await;
        assert_eq!((code, errors.as_str()), (0, ""), "{}", file.display());
    }

    /// The command, from this state directory.
    fn command(&self, format: &str) -> Command {
        let mut command = orgraph();
        command.args(["export", "reporting_lines", "--from", "state", "-f", format]);
        command.env("ORGRAPH_STATE_DIR", self.state());
        command
    }
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_file_is_its_owners_and_another_keeps_its_mode_and_its_links() {
    let left = Left::behind().await;
    let folder = left.scratch.path().join("files");
    fs::create_dir(&folder).unwrap();
    let expected = body(&left.service.client, "orphans.csv").await;
    let file = folder.join("orphans.csv");
    left.writes_into(&file).await;
    assert_eq!((fs::read(&file).unwrap(), mode(&file)), (expected.clone(), 0o600));
    fs::write(&file, "before").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    // By a link to a link, each as seen from where it is.
    fs::create_dir(folder.join("links")).unwrap();
    let (first, second) = (folder.join("first"), folder.join("links/second"));
    symlink("links/second", &first).unwrap();
    symlink("../orphans.csv", &second).unwrap();
    left.writes_into(&first).await;
    assert_eq!((fs::read(&file).unwrap(), mode(&file)), (expected.clone(), 0o644));
    assert!(first.is_symlink() && second.is_symlink());
    // What a link leads to is made if it isn't there.
    fs::remove_file(&file).unwrap();
    left.writes_into(&first).await;
    assert_eq!((fs::read(&file).unwrap(), mode(&file)), (expected, 0o600));
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["first", "links", "orphans.csv"]);
}

#[tokio::test]
async fn what_is_no_file_is_written_into() {
    let left = Left::behind().await;
    let pipe = left.scratch.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let path = pipe.clone();
    let read = tokio::task::spawn_blocking(move || fs::read(path).unwrap());
    left.writes_into(&pipe).await;
    assert_eq!(read.await.unwrap(), body(&left.service.client, "orphans.csv").await);
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    let nowhere = left.scratch.path().join("nowhere");
    symlink("/dev/null", &nowhere).unwrap();
    left.writes_into(&nowhere).await;
    assert!(nowhere.is_symlink());
    let folder = [&ASKED[..], &["-o", left.scratch.path().to_str().unwrap()]].concat();
    let ended = export(&folder, &[("ORGRAPH_STATE_DIR", &left.state())]).await;
    assert!(ended.code == 1 && ended.errors.contains("can't write into"), "{}", ended.errors);
}

/// `/dev/stdout` is whatever that is, a file to which others write too among it.
#[tokio::test]
async fn standard_output_by_its_name_is_standard_output() {
    let left = Left::behind().await;
    let all = left.scratch.path().join("all.csv");
    let mut shell = Command::new("sh");
    shell.args(["-c", "{ echo before; \"$@\" -o /dev/stdout; } > \"$0\""]).arg(&all);
    shell.arg(env!("CARGO_BIN_EXE_orgraph")).arg("export").args(ASKED).env("ORGRAPH_STATE_DIR", left.state());
    assert!(shell.status().unwrap().success());
    let expected = [b"before\n", &body(&left.service.client, "orphans.csv").await[..]].concat();
    assert_eq!(fs::read(all).unwrap(), expected);
}

#[tokio::test]
async fn a_reader_who_has_seen_enough_is_no_fault_and_a_full_device_is() {
    let left = Left::behind().await;
    for format in ["csv", "ndjson", "arrow", "parquet"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let gone = left.command(format).stdout(writer).output().unwrap();
        assert_eq!((gone.status.code(), String::from_utf8_lossy(&gone.stderr).as_ref()), (Some(0), ""));
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let full = left.command(format).stdout(full).output().unwrap();
        let told = String::from_utf8(full.stderr).unwrap();
        assert!(full.status.code() == Some(1) && told.contains("takes no more"), "{format}: {told}");
    }
}

/// Whether what this process starts is deaf to a hang-up, as under `nohup`.
fn deaf_to_hang_up() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("1");
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1
}

#[tokio::test]
async fn a_command_that_is_stopped_leaves_nothing_behind() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let hang_up = (!deaf_to_hang_up()).then_some(("HUP", 129));
    for (signal, code) in [("INT", 130), ("TERM", 143)].into_iter().chain(hang_up) {
        let folder = Scratch::new();
        let mut command = orgraph();
        command.args(["export", "users", "--server", &server, "-o"]).arg(folder.path().join("users.csv"));
        let mut export = command.stdin(Stdio::null()).spawn().unwrap();
        // It has its file when it asks.
        let (_asked, _) = silent.accept().await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no file is begun");
        let id = export.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || export.wait().unwrap()).await.unwrap();
        assert_eq!(ended.code(), Some(code), "{signal}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{signal}");
    }
}
