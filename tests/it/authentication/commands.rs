//! The binary: where it refuses to stand open, the commands about keys, and what its log says.

use std::{
    fs,
    process::{Command, Output},
};

use orgraph::auth::ApiKey;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Process, Scratch, orgraph, serve, serving, shipped_company, simulate};

/// Ends with this code; tells what it said on standard output and on standard error.
fn ended(command: &mut Command, code: i32) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(code), "{stdout}{stderr}");
    (stdout, stderr)
}

fn keyed(command: &mut Command) -> &mut Command {
    command.env("GONG_ACCESS_KEY", "key").env("GONG_ACCESS_KEY_SECRET", "canary-secret")
}

#[test]
fn it_does_not_stand_open_to_a_network() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        for command in ["serve", "demo"] {
            let (said, why) = ended(keyed(orgraph().args([command, "--listen", address])), 2);
            assert_eq!(said, "");
            for way in ["orgraph keys add", "--api-keys-file", "--oidc-issuer", "--insecure-no-auth"] {
                assert!(why.contains(way), "{why}");
            }
        }
    }
}

/// A page of a site whose name leads here is told nothing, unless it is said that others may ask.
#[tokio::test]
async fn on_loopback_it_answers_to_no_name_but_its_own() {
    let gong = serve(&simulate(shipped_company())).await;
    for (more, refused) in [(&[][..], 421), (&["--insecure-no-auth"], 200)] {
        let process = Process::start(keyed(serving().args(more)).env("GONG_BASE_URL", &gong));
        let client = Client::new(process.address());
        for (host, status) in [("rebound.example:8080", refused), ("localhost:8080", 200)] {
            let asked = client.request(Method::GET, "/graphql?query=%7B__typename%7D").header("host", host);
            assert_eq!(asked.send().await.unwrap().status(), status, "{host} {more:?}");
        }
        process.stop();
    }
}

#[test]
fn settings_of_who_may_ask_that_cannot_be_used_are_named() {
    let directory = Scratch::new();
    let file = directory.path().join("keys");
    let file = file.to_str().unwrap();
    let serve = |arguments: &[&str]| ended(keyed(orgraph().arg("serve").args(arguments)), 2).1;
    assert!(serve(&["--api-keys-file", file]).contains(file), "a file that isn't there");
    fs::write(file, "\nnonsense\n").unwrap();
    assert!(serve(&["--api-keys-file", file]).contains("line 2"));
    assert!(serve(&["--api-keys-file", file, "--insecure-no-auth"]).contains("one of them must go"));
    let issuer = ["--oidc-issuer", "https://id.example"];
    assert!(serve(&issuer).contains("--oidc-issuer needs --oidc-audience"));
    assert!(serve(&["--oidc-audience", "orgraph"]).contains("--oidc-audience needs --oidc-issuer"));
    let with = |more: &[&str]| serve(&[&issuer[..], &["--oidc-audience", "orgraph"], more].concat());
    assert!(with(&["--insecure-no-auth"]).contains("one of them must go"));
    assert!(with(&["--oidc-jwks-url", "http://id.example/keys"]).contains("http to another machine"));
    assert!(with(&["--oidc-algorithms", "RS256,HS256"]).contains("private key"));
    assert!(with(&["--oidc-algorithms", "none"]).contains("private key"));
    assert!(with(&["--oidc-leeway", "11m"]).contains("10m"));
    assert!(with(&["--oidc-default-role", "owner"]).contains("expected reader, analyst or admin"));
    assert!(
        serve(&["--trusted-proxies", "10.0.0.1"]).contains("a trusted proxy brings requests from elsewhere")
    );
    let plain = ["--oidc-issuer", "http://id.example", "--oidc-audience", "orgraph"];
    assert!(serve(&plain).contains("http to another machine"));
}

#[test]
fn whoever_says_so_may_leave_it_open() {
    // A variable that is set to nothing, or to no, says nothing.
    for no in ["", "false", "0"] {
        ended(orgraph().args(["demo", "--listen", "0.0.0.0:0"]).env("ORGRAPH_INSECURE_NO_AUTH", no), 2);
    }
    let mut demo = orgraph();
    demo.args(["demo", "--listen", "0.0.0.0:0", "--admin", "127.0.0.1:0"])
        .env("ORGRAPH_INSECURE_NO_AUTH", "true");
    let demo = Process::start(&mut demo);
    demo.wait_for("Ctrl-C ends it.");
    demo.stop();
}

#[test]
fn keys_are_made_shown_and_removed() {
    let directory = Scratch::new();
    let file = directory.path().join("keys.jsonl");
    let keys = |arguments: &[&str], code| {
        ended(orgraph().arg("keys").args(arguments).env("ORGRAPH_API_KEYS_FILE", &file), code)
    };
    assert!(keys(&["list"], 1).1.contains("keys.jsonl"));
    let (key, why) = keys(&["add", "tableau", "--role", "reader"], 0);
    assert!(key.starts_with("orgraph_") && key.trim().len() == 56 && key.lines().count() == 1, "{key}");
    assert!(!why.contains(key.trim()), "the key is on standard output alone");
    keys(&["add", "prometheus", "--role", "admin", "--expires", "90d"], 0);
    assert!(keys(&["add", "tableau", "--role", "admin"], 1).1.contains("tableau already"));
    assert!(keys(&["add", "other", "--role", "owner"], 2).1.contains("expected reader, analyst or admin"));
    assert!(
        keys(&["add", "other", "--role", "reader", "--expires", "soon"], 2).1.contains("expected a time")
    );
    assert!(keys(&["add", "two words", "--role", "reader"], 1).1.contains("letters, digits"));

    let (list, _) = keys(&["list"], 0);
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].starts_with("NAME") && lines.len() == 3, "{list}");
    assert!(lines[1].starts_with("tableau     reader") && lines[1].ends_with("never"), "{list}");
    assert!(lines[2].starts_with("prometheus  admin"), "{list}");
    let json: Value = serde_json::from_str(&keys(&["list", "--json"], 0).0).unwrap();
    assert_eq!(
        (&json[0]["name"], &json[0]["role"], &json[0]["expires"]),
        (&json!("tableau"), &json!("reader"), &Value::Null)
    );
    assert!(json[1]["expires"].is_string() && !json.to_string().contains("sha256"));

    assert!(keys(&["remove", "tableau"], 0).0.contains("Removed"));
    assert!(keys(&["remove", "tableau"], 1).1.contains("no key of the name tableau"));
    let nowhere = ended(orgraph().args(["keys", "list"]), 2).1;
    assert!(nowhere.contains("ORGRAPH_API_KEYS_FILE"), "{nowhere}");
}

/// A query with this key.
async fn status(client: &Client, key: &str) -> u16 {
    let body = json!({ "query": "{ __typename }" }).to_string();
    let request =
        client.request(Method::POST, "/graphql").header("content-type", "application/json").body(body);
    request.bearer_auth(key).send().await.unwrap().status().as_u16()
}

/// The whole of it: a network, a file of keys that changes and breaks, and a log that keeps no credential.
#[tokio::test(flavor = "multi_thread")]
async fn keys_guard_a_running_service_and_stay_out_of_its_log() {
    let (directory, gong) = (Scratch::new(), serve(&simulate(shipped_company())).await);
    let file = directory.path().join("keys.jsonl");
    let add = |name: &str| {
        let mut add = orgraph();
        add.args(["keys", "add", name, "--role", "reader"]).env("ORGRAPH_API_KEYS_FILE", &file);
        ended(&mut add, 0).0.trim().to_owned()
    };
    let first = add("first");
    let mut command = serving();
    keyed(&mut command)
        .env("GONG_BASE_URL", gong)
        .env("ORGRAPH_LISTEN", "0.0.0.0:0")
        .env("ORGRAPH_API_KEYS_FILE", &file)
        .env("ORGRAPH_LOG", "trace");
    let service = Process::start(&mut command);
    let client = Client::new(([127, 0, 0, 1], service.address().port()).into());
    let unknown = ApiKey::generate().unwrap();
    assert_eq!(status(&client, &first).await, 200);
    assert_eq!(status(&client, unknown.reveal()).await, 401);
    assert_eq!(status(&client, "canary-password").await, 401);
    let in_url = format!("/graphql?access_token={first}");
    assert_eq!(client.status(&in_url).await, 400);

    // A broken version is told of, and what was read last holds.
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, "canary-nonsense\n").unwrap();
    service.wait_for("can't be reread");
    assert_eq!(status(&client, &first).await, 200);
    fs::remove_file(&file).unwrap();
    service.wait_for("No such file");
    assert_eq!(status(&client, &first).await, 200);
    fs::write(&file, &good).unwrap();
    let second = add("second");
    service.wait_for("keys=2");
    assert_eq!(status(&client, &second).await, 200);
    ended(orgraph().args(["keys", "remove", "first"]).env("ORGRAPH_API_KEYS_FILE", &file), 0);
    let mut refused = 200;
    while refused == 200 {
        // It is another process: there is nothing to wait for but its next answer.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        refused = status(&client, &first).await;
    }
    assert_eq!(refused, 401);

    let log = service.stop();
    for secret in [&first, &second, unknown.reveal(), "canary"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    assert!(log.contains("unknown_key") && log.contains("malformed") && log.contains("TRACE"));
}
