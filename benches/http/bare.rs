//! The limit: an axum handler that takes a body and answers bytes that it has. It runs in a process of its own, which is
//! this program again.

use std::{
    ffi::OsString,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::post,
    serve::ListenerExt,
};
use tempfile::NamedTempFile;
use tokio::net::TcpListener;

use super::{machine::on_one_core, process::Process, wire::NUMBER};

/// What has this program be the handler; the file of answers comes after it.
const ARGUMENT: &str = "--bare-handler";

/// A handler at work.
pub(crate) struct Bare {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    _answers: NamedTempFile,
}

impl Bare {
    /// Starts one that has these answers.
    pub(crate) fn with(answers: &[Vec<u8>]) -> Self {
        let file = NamedTempFile::new().unwrap();
        let length = |answer: &[u8]| (answer.len() as u64).to_be_bytes();
        let bytes: Vec<u8> =
            answers.iter().flat_map(|answer| [&length(answer), answer.as_slice()].concat()).collect();
        fs::write(file.path(), bytes).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(ARGUMENT).arg(file.path());
        let process = Process::start(&mut on_one_core(command));
        let address = process.address();
        Self { process, address, _answers: file }
    }
}

/// The answers to serve, if this process is to be the handler.
pub(crate) fn file() -> Option<PathBuf> {
    let mut arguments = std::env::args_os().skip_while(|argument| argument != ARGUMENT);
    arguments.nth(1).map(|file: OsString| file.into())
}

/// Serves them until it is killed.
pub(crate) fn serve(file: &Path) {
    let answers = Arc::new(read(fs::read(file).unwrap().into()));
    serving(Router::new().route("/graphql", post(answer)).with_state(answers));
}

/// Serves this and nothing around it, as axum does, until the process is killed.
pub(crate) fn serving(router: Router) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("serving address={}", listener.local_addr().unwrap());
        let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
        axum::serve(listener, router).await.unwrap();
    });
}

fn read(mut bytes: Bytes) -> Vec<Bytes> {
    let mut answers = Vec::new();
    while let Some((length, _)) = bytes.split_first_chunk() {
        let length = u64::from_be_bytes(*length) as usize;
        answers.push(bytes.slice(8..8 + length));
        bytes = bytes.slice(8 + length..);
    }
    answers
}

async fn answer(State(answers): State<Arc<Vec<Bytes>>>, request: Request) -> Response {
    let number: usize = request.headers()[NUMBER].to_str().unwrap().parse().unwrap();
    let _body = Bytes::from_request(request, &()).await.unwrap();
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], answers[number].clone()).into_response()
}
