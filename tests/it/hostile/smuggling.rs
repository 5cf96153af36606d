//! Requests that two readers would take for different ones, and heads that are no heads. What comes after them on
//! the connection must never be read as a request of its own.

/// What is sent, on a connection of its own, and what it is.
pub struct Smuggled {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// The request that is hidden behind another.
const HIDDEN: &str = "GET /livez HTTP/1.1\r\nhost: a\r\n\r\n";

pub fn all() -> Vec<Smuggled> {
    let post = |name, headers: &str, body: &str| Smuggled {
        name,
        bytes: format!(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{headers}\r\n{body}"
        )
        .into(),
    };
    let hidden = format!("0\r\n\r\n{HIDDEN}");
    let length = hidden.len();
    vec![
        post(
            "a length and chunks",
            &format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
            &hidden,
        ),
        post(
            "chunks and a length",
            &format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n"),
            &hidden,
        ),
        post("chunks, then something else", "transfer-encoding: chunked, identity\r\n", &hidden),
        post(
            "something else, then chunks",
            &format!("transfer-encoding: xchunked\r\ncontent-length: {length}\r\n"),
            &hidden,
        ),
        post(
            "chunks by a name with a space",
            &format!("transfer-encoding : chunked\r\ncontent-length: {length}\r\n"),
            &hidden,
        ),
        post(
            "chunks by a folded line",
            &format!("transfer-encoding:\r\n chunked\r\ncontent-length: {length}\r\n"),
            &hidden,
        ),
        post(
            "chunks by a vertical tab",
            &format!("transfer-encoding: \x0bchunked\r\ncontent-length: {length}\r\n"),
            &hidden,
        ),
        post("two lengths", &format!("content-length: 5\r\ncontent-length: {length}\r\n"), &hidden),
        post("a list of lengths", "content-length: 5, 6\r\n", &hidden),
        post("a length with a sign", "content-length: +5\r\n", &hidden),
        post("a negative length", "content-length: -1\r\n", &hidden),
        post("a length beyond 64 bits", "content-length: 18446744073709551617\r\n", &hidden),
        post("a length in hexadecimal", "content-length: 0x5\r\n", &hidden),
        post(
            "a chunk beyond 64 bits",
            "transfer-encoding: chunked\r\n",
            &format!("ffffffffffffffff1\r\n{HIDDEN}"),
        ),
        post("a chunk with a sign", "transfer-encoding: chunked\r\n", &format!("-5\r\n{HIDDEN}")),
        post(
            "a chunk without its end",
            "transfer-encoding: chunked\r\n",
            &format!("1\r\nab\r\n0\r\n\r\n{HIDDEN}"),
        ),
        post("bare line feeds", "content-length: 5\ntransfer-encoding: chunked\n", &hidden),
        post("NUL in a header", &format!("x: a\0b\r\ncontent-length: {length}\r\n"), &hidden),
        post("a header without a name", &format!(": x\r\ncontent-length: {length}\r\n"), &hidden),
        post(
            "a thousand headers",
            &format!("{}content-length: {length}\r\n", "x: y\r\n".repeat(1_000)),
            &hidden,
        ),
        post(
            "a header of 1 MiB",
            &format!("x: {}\r\ncontent-length: {length}\r\n", "y".repeat(1 << 20)),
            &hidden,
        ),
        Smuggled {
            name: "HTTP/2 at once",
            bytes: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(),
        },
        Smuggled { name: "HTTP/0.9", bytes: b"GET /livez\r\n\r\n".to_vec() },
        Smuggled { name: "HTTP/3.0", bytes: b"GET /livez HTTP/3.0\r\nhost: a\r\n\r\n".to_vec() },
        Smuggled {
            name: "TLS where there is none",
            bytes: b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n".to_vec(),
        },
        Smuggled {
            name: "a target of 1 MiB",
            bytes: format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(1 << 20)).into(),
        },
        Smuggled {
            name: "a target that is no text",
            bytes: b"GET /\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n\r\n".to_vec(),
        },
        Smuggled { name: "nothing but line ends", bytes: b"\r\n".repeat(10_000) },
    ]
}
