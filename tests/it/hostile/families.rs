//! The kinds of hostile requests that are made up by the thousand.

use fastrand::Rng;
use serde_json::json;

use super::{
    bombs,
    contract::Contract,
    grammar::Grammar,
    mutation,
    values::{self, json as wild_json, wild},
    wire::Request,
};

/// How a request reaches the server.
#[derive(Clone, Debug)]
pub enum Way {
    /// Well-formed HTTP, on a connection that is kept.
    Kept(Request),
    /// Bytes that may be no HTTP at all, on a connection that ends with them.
    Ended(Vec<u8>),
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = match self {
            Self::Kept(request) => request.bytes(),
            Self::Ended(bytes) => bytes.clone(),
        };
        write!(f, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(500)]))
    }
}

/// What requests are made from.
pub struct Stock {
    pub contract: Contract,
    /// Operations that are answered: those of the documentation.
    pub documents: Vec<String>,
}

/// A kind of request: its name, what it is, and how one is made.
pub struct Family {
    pub name: &'static str,
    pub is: &'static str,
    pub make: fn(&Stock, &mut Rng) -> Way,
}

/// All kinds. Each is asked for as often as any other.
pub const FAMILIES: [Family; 14] = [
    Family { name: "grammar", is: "documents by the schema's grammar, nearly right", make: grammar },
    Family { name: "spite", is: "the same, wrong in most places", make: spite },
    Family {
        name: "values",
        is: "numbers, texts, lists and objects at the edge, as arguments",
        make: arguments,
    },
    Family {
        name: "variables",
        is: "variables missing, too many, of the wrong kind, nested",
        make: variables,
    },
    Family {
        name: "bombs",
        is: "aliases, directives, fragments, fields, operations, lists by the hundred",
        make: bombs,
    },
    Family {
        name: "circles",
        is: "every way of the schema that leads back to where it began, round and round",
        make: circles,
    },
    Family {
        name: "text",
        is: "answered documents with characters and words changed, doubled, left out",
        make: text,
    },
    Family {
        name: "bytes",
        is: "bodies with bytes changed and cut: bad UTF-8, NUL, byte order marks",
        make: bytes,
    },
    Family {
        name: "json",
        is: "bodies that are JSON, but not such; duplicate keys, depth, lone surrogates",
        make: json_bodies,
    },
    Family {
        name: "persisted",
        is: "hashes and ids of documents that aren't there, or aren't hashes",
        make: persisted,
    },
    Family { name: "media", is: "content types, encodings and accepted types of all sorts", make: media },
    Family { name: "targets", is: "methods, paths and query strings of all sorts", make: targets },
    Family {
        name: "headers",
        is: "headers that say who, from where, and what else it might be",
        make: headers,
    },
    Family { name: "heads", is: "requests whose head is broken, doubled, cut off", make: heads },
];

fn grammar(stock: &Stock, rng: &mut Rng) -> Way {
    let document = Grammar { contract: &stock.contract }.operation(rng, 0.02);
    Way::Kept(Request::query(&document))
}

fn spite(stock: &Stock, rng: &mut Rng) -> Way {
    let document = Grammar { contract: &stock.contract }.operation(rng, 0.4);
    Way::Kept(Request::query(&document))
}

fn arguments(stock: &Stock, rng: &mut Rng) -> Way {
    let fields = stock.contract.fields("Query");
    let field = &fields[rng.usize(..fields.len())];
    let mut given = Vec::new();
    for argument in &field.arguments {
        if !argument.ty.nullable || rng.bool() {
            given.push(format!("{}: {}", argument.name, values::literal(rng, 4)));
        }
    }
    let given = if given.is_empty() { format!("x: {}", values::literal(rng, 4)) } else { given.join(" ") };
    Way::Kept(Request::query(&format!("{{ {}({given}) {{ __typename }} }}", field.name)))
}

fn variables(_: &Stock, rng: &mut Rng) -> Way {
    let declared = rng
        .choice([
            "$a: Int",
            "$a: ID!",
            "$a: [ID!]!",
            "$a: UserFilter",
            "$a: EmailAddress",
            "$a: Int! = 1",
            "$a: Nope",
            "$a: [[[Int]]]",
        ])
        .unwrap();
    let used = rng
        .choice([
            "users(first: $a)",
            "user(id: $a)",
            "nodes(ids: $a)",
            "users(first: 1, filter: $a)",
            "user(email: $a)",
            "roots(first: $b)",
        ])
        .unwrap();
    let query = serde_json::to_string(&format!("query Q({declared}) {{ {used} {{ __typename }} }}")).unwrap();
    let value = wild_json(rng, 4);
    let variables = match rng.usize(..5) {
        0 => value,
        1 => "{}".to_owned(),
        2 => format!("{{\"a\": {value}, \"a\": {}}}", wild_json(rng, 2)),
        3 => format!("{{\"b\": {value}}}"),
        _ => format!("{{\"a\": {value}}}"),
    };
    Way::Kept(Request::post(format!("{{\"query\": {query}, \"variables\": {variables}}}")))
}

fn bombs(_: &Stock, rng: &mut Rng) -> Way {
    let times = [3, 20, 101, 300, 1_000][rng.usize(..5)];
    let (_, make) = bombs::BOMBS[rng.usize(..bombs::BOMBS.len())];
    Way::Kept(Request::query(&make(times)))
}

fn circles(stock: &Stock, rng: &mut Rng) -> Way {
    let circles = stock.contract.circles(2);
    let circle = &circles[rng.usize(..circles.len())];
    Way::Kept(Request::query(&bombs::around(circle, rng.usize(2..24))))
}

fn text(stock: &Stock, rng: &mut Rng) -> Way {
    let document = &stock.documents[rng.usize(..stock.documents.len())];
    let other = &stock.documents[rng.usize(..stock.documents.len())];
    Way::Kept(Request::query(&mutation::words(rng, document, other)))
}

fn bytes(stock: &Stock, rng: &mut Rng) -> Way {
    let document = &stock.documents[rng.usize(..stock.documents.len())];
    let body = json!({ "query": document, "variables": { "a": wild(rng) } }).to_string();
    Way::Kept(Request::post(mutation::bytes(rng, body.as_bytes())))
}

fn json_bodies(stock: &Stock, rng: &mut Rng) -> Way {
    let query = serde_json::to_string(&stock.documents[rng.usize(..stock.documents.len())]).unwrap();
    let value = wild_json(rng, 4);
    let name = rng
        .choice(["query", "variables", "operationName", "extensions", "documentId", "id", "__proto__"])
        .unwrap();
    let body = match rng.usize(..7) {
        0 => value,
        1 => format!("{{\"query\": {query}, \"query\": {value}}}"),
        2 => format!("[{{\"query\": {query}}}, {value}]"),
        3 => format!("{{\"query\": {query}, \"{name}\": {value}}}{value}"),
        4 => format!("{{\"query\": {query}, \"{name}\": {value}"),
        5 => format!("{{\"que\\u0072y\": {value}, \"{name}\": {query}}}"),
        _ => format!("{{\"query\": {query}, \"{name}\": {value}}}"),
    };
    Way::Kept(Request::post(body))
}

fn persisted(stock: &Stock, rng: &mut Rng) -> Way {
    let hash = match rng.usize(..6) {
        0 => "0".repeat(64),
        1 => "g".repeat(64),
        2 => wild(rng),
        3 => format!("sha256:{:064x}", rng.u128(..)),
        4 => "../../../etc/passwd".to_owned(),
        _ => format!("{:064X}", rng.u128(..)),
    };
    let version = json!([1, 2, "1", null, -1])[rng.usize(..5)].clone();
    let query = rng.bool().then(|| stock.documents[rng.usize(..stock.documents.len())].clone());
    let extensions = json!({ "persistedQuery": { "version": version, "sha256Hash": hash } });
    Way::Kept(match rng.usize(..4) {
        0 => Request::post(json!({ "documentId": hash, "query": query }).to_string()),
        1 => Request::post(
            json!({ "extensions": { "persistedQuery": wild(rng) }, "query": query }).to_string(),
        ),
        2 => Request::new(
            "GET",
            format!("/graphql?extensions={}", mutation::encoded(extensions.to_string().as_bytes())),
        ),
        _ => Request::post(json!({ "extensions": extensions, "query": query }).to_string()),
    })
}

const TYPES: [&str; 18] = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "application/json; charset=utf-16",
    "application/json; charset=",
    "application/json;;;",
    "APPLICATION/JSON",
    "application/json, text/plain",
    "application/jsonp",
    "",
    "*/*",
    "/",
    "application/vnd.api+json",
    "text/json",
    "application/json\u{a0}",
    "multipart/mixed",
    "application/graphql-response+json",
];

fn media(_: &Stock, rng: &mut Rng) -> Way {
    let one = |rng: &mut Rng| TYPES[rng.usize(..TYPES.len())];
    let accept = match rng.usize(..4) {
        0 => "*/*;q=0".to_owned(),
        1 => format!("{};q={}", one(rng), values::number(rng)),
        2 => (0..rng.usize(..60)).map(|_| one(rng)).collect::<Vec<_>>().join(","),
        _ => one(rng).to_owned(),
    };
    let encoding = rng.choice(["identity", "gzip", "br", "deflate, gzip, gzip", "zstd", "x"]).unwrap();
    let mut request = Request::new("POST", "/graphql")
        .header("accept", accept)
        .body("{\"query\":\"{ snapshot { version } }\"}");
    for _ in 0..rng.usize(..3) {
        request = request.header("content-type", one(rng));
    }
    if rng.bool() {
        request = request.header("content-encoding", encoding);
    }
    Way::Kept(request)
}

const PATHS: [&str; 19] = [
    "/graphql",
    "/graphql/",
    "//graphql",
    "/graphql/../graphql",
    "/GRAPHQL",
    "/graphql%00",
    "/graphql;x=1",
    "/..%2f..%2fetc/passwd",
    "/.env",
    "/metrics/",
    "/admin",
    "/graphiql/x",
    "/assets/",
    "/assets/../../etc/passwd",
    "/assets/%2e%2e/graphiql",
    "/%",
    "/%zz",
    "/schema.graphql",
    "/graphql/stream",
];

fn targets(stock: &Stock, rng: &mut Rng) -> Way {
    let methods =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "HEAD", "PROPFIND", "get"];
    let path = PATHS[rng.usize(..PATHS.len())];
    let document = &stock.documents[rng.usize(..stock.documents.len())];
    let parameter = |rng: &mut Rng| {
        let name = rng
            .choice([
                "query",
                "variables",
                "operationName",
                "extensions",
                "documentId",
                "access_token",
                "q%75ery",
            ])
            .unwrap();
        let value = match rng.usize(..4) {
            0 => mutation::encoded(document.as_bytes()),
            1 => mutation::encoded(&mutation::bytes(rng, document.as_bytes())),
            2 => mutation::encoded(values::json(rng, 3).as_bytes()),
            _ => "%ff%fe%".to_owned(),
        };
        format!("{name}={value}")
    };
    let query: Vec<_> = (0..rng.usize(..4)).map(|_| parameter(rng)).collect();
    let method = if rng.bool() { "GET" } else { methods[rng.usize(..methods.len())] };
    Way::Kept(Request::new(method, format!("{path}?{}", query.join("&"))))
}

fn headers(_: &Stock, rng: &mut Rng) -> Way {
    let names = [
        "x-request-id",
        "x-forwarded-for",
        "forwarded",
        "x-forwarded-host",
        "x-http-method-override",
        "origin",
        "traceparent",
        "tracestate",
        "if-none-match",
        "range",
        "expect",
        "upgrade",
        "cookie",
        "accept-language",
        "apollo-require-preflight",
        "x-real-ip",
        "via",
    ];
    let mut request = Request::query("{ snapshot { version } }");
    for _ in 0..rng.usize(1..6) {
        let value = match rng.usize(..5) {
            0 => "for=127.0.0.1;proto=https, for=\"[::1]\"".to_owned(),
            1 => "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01".to_owned(),
            2 => "bytes=0-0,-1,5-".to_owned(),
            3 => "x".repeat(rng.usize(1..2_000)),
            _ => wild(rng).replace(|c: char| c.is_control(), ""),
        };
        let name = names[rng.usize(..names.len())];
        // What is expected or upgraded to is another exchange than one of request and answer.
        if !["expect", "upgrade"].contains(&name) || value.len() > 100 {
            request = request.header(name, value.trim());
        }
    }
    Way::Kept(request)
}

fn heads(_: &Stock, rng: &mut Rng) -> Way {
    let request = Request::query("{ snapshot { version } }").header("connection", "close");
    Way::Ended(mutation::bytes(rng, &request.bytes()))
}
