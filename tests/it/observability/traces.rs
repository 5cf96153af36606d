//! Traces reach a collector, carry nobody's data, and hold nobody up.

use std::{collections::BTreeSet, process::Command};

use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use orgraph::simulator::Workspace;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Client, Collector, Got, Manner, Process, attribute, example, orgraph, serve, serving, simulate,
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// `orgraph serve` in front of a simulated Gong, which tells a collector.
async fn traced(endpoint: &str) -> Command {
    let gong = serve(&simulate(Workspace::new(example::company()))).await;
    let mut command = serving();
    command.envs([
        ("GONG_BASE_URL", gong.as_str()),
        ("GONG_ACCESS_KEY", "key"),
        ("GONG_ACCESS_KEY_SECRET", "canary-secret"),
        ("ORGRAPH_REFRESH_INTERVAL", "1d"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "20"),
    ]);
    command
}

async fn ready(client: &Client) {
    while client.status("/readyz").await != 200 {
        // It is another process: there is nothing to wait for but its next answer.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn ask(client: &Client, headers: &[(&str, &str)], query: &str, variables: Value) -> Value {
    let mut request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({ "query": query, "variables": variables }).to_string();
    serde_json::from_slice(&request.body(body).send().await.unwrap().bytes().await.unwrap()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The spans of a trace.
fn of_trace<'a>(got: &'a Got, trace: &str) -> Vec<&'a Span> {
    got.spans.iter().filter(|span| hex(&span.trace_id) == trace).collect()
}

fn named<'a>(spans: &[&'a Span], name: &str) -> &'a Span {
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name} in {spans:?}"))
}

fn told(span: &Span, key: &str) -> String {
    attribute(&span.attributes, key).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callers_trace_goes_through_to_gong_and_carries_nobodys_data() {
    let collector = Collector::start(Manner::Takes).await;
    let mut command = traced(&collector.url()).await;
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-token=canary%2Dtoken").env("OTEL_SERVICE_NAME", "org");
    let process = Process::start(&mut command);
    let client = Client::new(process.address());
    ready(&client).await;

    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    let headers = [
        ("traceparent", traceparent.as_str()),
        ("tracestate", "vendor=canary-state"),
        ("authorization", "Bearer canary-bearer"),
        ("cookie", "canary-cookie"),
        ("user-agent", "canary-agent"),
    ];
    let query = r#"query WhoIs($email: EmailAddress!) {
        canaryAlias: user(email: $email) { name emailAddress }
        fresh: user(id: "11", maxAge: 0) { name } }"#;
    let answer = ask(&client, &headers, query, json!({ "email": "ada@example.org" })).await;
    assert_eq!(answer["data"]["canaryAlias"]["name"], "Ada Example", "{answer}");
    assert_eq!(answer["data"]["fresh"]["name"], "Bo Example", "{answer}");
    // What is refused is told too, and quotes nothing.
    let refused = ask(&client, &headers, "{ canaryField }", json!({ "canary": "Kim Example" })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    client
        .request(Method::GET, "/canary-path?canary=query")
        .header("traceparent", &traceparent)
        .send()
        .await
        .unwrap();

    let requests = |got: &Got| {
        let kind = SpanKind::Server as i32;
        of_trace(got, TRACE).into_iter().filter(|span| span.kind == kind).count()
    };
    let got = collector.wait_for(|got| requests(got) == 3).await;
    let spans = of_trace(&got, TRACE);

    // The request's span, below the caller's.
    let request =
        spans.iter().find(|span| told(span, "graphql.operation.name") == "WhoIs" && span.name != "graphql");
    let request = request.unwrap();
    assert_eq!((request.name.as_str(), hex(&request.parent_span_id)), ("POST /graphql", CALLER.to_owned()));
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("http.response.status_code", "200"),
        ("graphql.operation.type", "query"),
    ] {
        assert_eq!(told(request, key), value, "{key}");
    }
    assert!(!told(request, "orgraph.request_id").is_empty());
    // The operation's below that, its steps below the operation's, and Gong's below the one that had to ask.
    let below = |parent: &Span| -> Vec<&Span> {
        spans.iter().filter(|span| span.parent_span_id == parent.span_id).copied().collect()
    };
    let operation = named(&below(request), "graphql");
    assert_eq!(told(operation, "graphql.operation.name"), "WhoIs");
    assert_eq!(told(operation, "graphql.document.hash"), super::slow::sha256(query));
    let steps = below(operation);
    let names: BTreeSet<&str> = steps.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["execute", "parse", "validate"].into());
    let calls = below(named(&steps, "execute"));
    let call = named(&calls, "POST /v2/users/extensive");
    assert_eq!(call.kind, SpanKind::Client as i32);
    assert_eq!(told(call, "url.template"), "/v2/users/extensive");
    assert_eq!(told(call, "http.response.status_code"), "200");
    assert_eq!(told(call, "server.address"), "127.0.0.1");
    let nowhere = named(&spans, "GET (none)");
    assert_eq!(
        (told(nowhere, "http.route"), told(nowhere, "http.response.status_code")),
        (String::new(), "404".into())
    );
    let failed = spans.iter().find(|span| told(span, "error.type") == "GRAPHQL_VALIDATION_FAILED").unwrap();
    assert_eq!(told(failed, "graphql.operation.name"), "(anonymous)");

    // The scan has a trace of its own; those who watch over the process have none.
    let all: Vec<&Span> = got.spans.iter().collect();
    assert!(named(&all, "scan").parent_span_id.is_empty());
    assert!(all.iter().all(|span| !told(span, "http.route").contains("readyz")));
    assert!(all.iter().all(|span| span.events.is_empty() && span.trace_state.is_empty()));
    assert_eq!(attribute(&got.resource, "service.name").as_deref(), Some("org"));

    // The collector gets what is meant for it, and nobody's data: not one of these, anywhere.
    assert_eq!(got.headers[0]["x-token"], "canary-token");
    let bytes = String::from_utf8_lossy(&got.bytes).to_lowercase();
    for personal in [
        "canary",
        // Ids in hexadecimal may well hold the three letters alone.
        "ada ",
        "ada@",
        "example",
        "example.org",
        "chief",
        "bo example",
        "kim",
        "vp sales",
        "emailaddress",
        "maxage",
    ] {
        assert!(!bytes.contains(personal), "{personal} was exported");
    }

    // The log's lines of the request name the trace, and no span of the collector's is in the log.
    let log = process.stop();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(TRACE)).collect();
    assert_eq!(lines.iter().filter(|line| line.contains("answered")).count(), 3, "{log}");
    assert!(lines.iter().any(|line| line.contains("WhoIs")), "{log}");
    assert!(!log.contains("otel") && !log.contains("canary"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_that_is_not_one_is_ignored_and_one_not_kept_is_not_told() {
    let collector = Collector::start(Manner::Takes).await;
    let process = Process::start(&mut traced(&collector.url()).await);
    let client = Client::new(process.address());
    ready(&client).await;
    let good = format!("00-{TRACE}-{CALLER}-01");
    let twice = [("traceparent", good.as_str()), ("traceparent", good.as_str())];
    let upper = good.to_uppercase();
    let unkept = format!("00-{TRACE}-{CALLER}-00");
    for headers in [&twice[..], &[("traceparent", upper.as_str())], &[("traceparent", "00-0-0-01")]] {
        ask(&client, headers, "query Ignored { roots { totalCount } }", json!({})).await;
    }
    ask(&client, &[("traceparent", &unkept)], "query Unkept { roots { totalCount } }", json!({})).await;
    // It is the last of them; what came before has come.
    ask(&client, &[], "query Last { roots { totalCount } }", json!({})).await;
    let is_request = |span: &&Span, name: &str| {
        span.kind == SpanKind::Server as i32 && told(span, "graphql.operation.name") == name
    };
    let got = collector.wait_for(|got| got.spans.iter().any(|span| is_request(&span, "Last"))).await;
    let ignored: Vec<&Span> = got.spans.iter().filter(|span| is_request(span, "Ignored")).collect();
    assert_eq!(ignored.len(), 3);
    let traces: BTreeSet<String> = ignored.iter().map(|span| hex(&span.trace_id)).collect();
    assert_eq!(traces.len(), 3, "each its own");
    assert!(ignored.iter().all(|span| span.parent_span_id.is_empty()));
    assert_eq!(of_trace(&got, TRACE).len(), 0, "{:?}", got.spans);
    // It is in the log all the same.
    let log = process.stop();
    assert!(log.lines().any(|line| line.contains(TRACE) && line.contains("Unkept")), "{log}");
}

/// A collector that is away, broken or asleep.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_collector_holds_nobody_up() {
    let away = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let (broken, busy) =
        (Collector::start(Manner::Answers(500)).await, Collector::start(Manner::Answers(503)).await);
    let asleep = Collector::start(Manner::Hangs).await;
    for url in [away, broken.url(), busy.url(), asleep.url()] {
        let began = tokio::time::Instant::now();
        let mut command = traced(&url).await;
        command.envs([
            ("OTEL_BSP_MAX_QUEUE_SIZE", "8"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
        ]);
        let process = Process::start(&mut command);
        let client = Client::new(process.address());
        ready(&client).await;
        for _ in 0..50 {
            assert_eq!(client.data("{ roots { totalCount } }").await["roots"]["totalCount"], 2, "{url}");
        }
        process.wait_for("traces don't all reach the collector");
        let metrics = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
        assert!(metrics.contains("orgraph_traces_exported_spans_total 0\n"), "{metrics}");
        let dropped: f64 = metrics
            .lines()
            .filter(|line| line.starts_with("orgraph_traces_dropped_spans_total{"))
            .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
            .sum();
        assert!(dropped > 0.0, "{metrics}");
        let log = process.stop();
        let complaints = log.matches("traces don't all reach").count() as u64;
        assert!(complaints <= 1 + began.elapsed().as_secs() / 60, "{url}: {log}");
        assert!(log.contains("stopped"), "{url}: {log}");
    }
    assert!(!broken.got().bytes.is_empty() && !asleep.got().bytes.is_empty());
}

/// What waits when the process is asked to stop is still sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_spans_are_sent() {
    let collector = Collector::start(Manner::Takes).await;
    let mut command = traced(&collector.url()).await;
    command.env("OTEL_BSP_SCHEDULE_DELAY", "3600000");
    let process = Process::start(&mut command);
    let client = Client::new(process.address());
    ready(&client).await;
    ask(&client, &[], "query Last { roots { totalCount } }", json!({})).await;
    assert!(collector.got().spans.is_empty());
    process.stop();
    let got = collector.got();
    assert!(got.spans.iter().any(|span| told(span, "graphql.operation.name") == "Last"), "{:?}", got.spans);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sampler_keeps_what_it_is_told_to() {
    let collector = Collector::start(Manner::Takes).await;
    let mut command = traced(&collector.url()).await;
    command.env("OTEL_TRACES_SAMPLER", "always_off");
    let process = Process::start(&mut command);
    let client = Client::new(process.address());
    ready(&client).await;
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    ask(&client, &[("traceparent", &traceparent)], "query Off { roots { totalCount } }", json!({})).await;
    let log = process.stop();
    assert!(collector.got().spans.is_empty(), "{:?}", collector.got().spans);
    assert!(log.lines().any(|line| line.contains(TRACE) && line.contains("Off")), "{log}");
}

#[test]
fn a_secret_does_not_leave_in_the_clear() {
    let output = orgraph()
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.internal:4318")
        .env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20canary")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("uses http to another machine") && !said.contains("canary"), "{said}");
}
