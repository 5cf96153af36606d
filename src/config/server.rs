//! How the service meets the network: bounds, times, TLS and proxies.

use std::{convert::Infallible, path::PathBuf, time::Duration};

use clap::Args;

use super::{ConfigError, time_between};
use crate::http::{
    ConcurrencyBounds, ConnectionBounds, HeadBounds, ServerSettings, Times, Tls, peer::TrustedProxies,
};

/// TLS and proxies.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "TLS and proxies")]
pub struct NetworkArgs {
    /// A chain of certificates (PEM), the service's own first: the service speaks https then, TLS 1.2 and 1.3. It
    /// is reread when it changes.
    #[arg(long, env = "ORGRAPH_TLS_CERT", value_name = "FILE", value_parser = path)]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the first certificate (PEM; PKCS#8, SEC1 or PKCS#1, without a password).
    #[arg(long, env = "ORGRAPH_TLS_KEY", value_name = "FILE", value_parser = path)]
    pub tls_key: Option<PathBuf>,
    /// For how long browsers are told to come by https only, in answers that went by TLS, from 0s (they are told
    /// nothing) to 3650d.
    #[arg(long, env = "ORGRAPH_HSTS", default_value = "365d", value_name = "TIME", value_parser = hsts)]
    pub hsts: Duration,
    /// The proxies in front of the service: addresses and networks such as 10.0.0.0/8, with commas between
    /// them. Their `Forwarded` or `X-Forwarded-For` says whose request it is; anybody else's is ignored
    /// [default: none].
    #[arg(
        long,
        env = "ORGRAPH_TRUSTED_PROXIES",
        value_name = "LIST",
        default_value = "",
        hide_default_value = true
    )]
    pub trusted_proxies: TrustedProxies,
    /// Bounds.
    #[command(flatten)]
    pub bounds: NetworkBoundArgs,
}

/// What one client, or all together, may take of the service.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "What clients may take")]
pub struct NetworkBoundArgs {
    /// Connections at once. The process may need so many open files, and a few dozen more.
    #[arg(long, env = "ORGRAPH_MAX_CONNECTIONS", default_value_t = 8_192, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,
    /// Connections at once from one address (of IPv6, from one /64); trusted proxies are not counted.
    #[arg(long, env = "ORGRAPH_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = 1_024, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections_per_address: u32,
    /// Requests by one connection before it is closed.
    #[arg(long, env = "ORGRAPH_MAX_REQUESTS_PER_CONNECTION", default_value_t = 1_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_requests_per_connection: u64,
    /// TLS handshakes that are worked on at once; others wait for their turn.
    #[arg(long, env = "ORGRAPH_MAX_HANDSHAKES", default_value_t = 256, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_handshakes: u32,
    /// Requests to the schema that are worked on at once.
    #[arg(long, env = "ORGRAPH_MAX_CONCURRENT", default_value_t = 1_024, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_concurrent: u32,
    /// Those of one client: of a credential, or of an address where there is none. As many more wait for five seconds.
    #[arg(long, env = "ORGRAPH_MAX_CONCURRENT_PER_CLIENT", default_value_t = 256, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_concurrent_per_client: u32,
    /// Headers of a request.
    #[arg(long, env = "ORGRAPH_MAX_HEADERS", default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=1_000))]
    pub max_headers: u32,
    /// Bytes of all headers of a request.
    #[arg(long, env = "ORGRAPH_MAX_HEADER_BYTES", default_value_t = 16_384, value_name = "N", value_parser = clap::value_parser!(u32).range(1_024..=1_048_576))]
    pub max_header_bytes: u32,
    /// Bytes of a request's URI, the query string included.
    #[arg(long, env = "ORGRAPH_MAX_URI_BYTES", default_value_t = 16_384, value_name = "N", value_parser = clap::value_parser!(u32).range(256..=32_768))]
    pub max_uri_bytes: u32,
    /// The time for a TLS handshake, from being connected, from 1s to 1h.
    #[arg(long, env = "ORGRAPH_HANDSHAKE_TIME", default_value = "10s", value_name = "TIME", value_parser = time)]
    pub handshake_time: Duration,
    /// The time for the head of a request, from its first byte (of the first one: from being connected), from
    /// 1s to 1h.
    #[arg(long, env = "ORGRAPH_HEAD_TIME", default_value = "10s", value_name = "TIME", value_parser = time)]
    pub head_time: Duration,
    /// The time for the body of a request as a whole, from 1s to 1h.
    #[arg(long, env = "ORGRAPH_BODY_TIME", default_value = "20s", value_name = "TIME", value_parser = time)]
    pub body_time: Duration,
    /// The time from the end of a request's head to the beginning of its answer, from 1s to 1h. Subscriptions
    /// begin at once, and go on for as long as they like.
    #[arg(long, env = "ORGRAPH_REQUEST_TIME", default_value = "30s", value_name = "TIME", value_parser = time)]
    pub request_time: Duration,
    /// How long a connection may be idle between two requests, from 1s to 1h. Longer than the proxy in front
    /// holds its connections, so that it is the proxy that closes them.
    #[arg(long, env = "ORGRAPH_IDLE_TIME", default_value = "75s", value_name = "TIME", value_parser = time)]
    pub idle_time: Duration,
    /// How long a client may take not a single byte of what it is sent, subscriptions included, from 1s to 1h.
    #[arg(long, env = "ORGRAPH_STALL_TIME", default_value = "30s", value_name = "TIME", value_parser = time)]
    pub stall_time: Duration,
    /// The time for a client to take a whole answer, subscriptions left out, from 1s to 1h.
    #[arg(long, env = "ORGRAPH_ANSWER_TIME", default_value = "5m", value_name = "TIME", value_parser = time)]
    pub answer_time: Duration,
}

impl NetworkArgs {
    /// What the server is told; the certificate is read.
    ///
    /// # Errors
    /// If the certificate or its key can't be used, or is missing.
    pub fn server(&self) -> Result<ServerSettings, ConfigError> {
        // A variable that is set to nothing says nothing.
        let said = |file: &Option<PathBuf>| file.clone().filter(|file| !file.as_os_str().is_empty());
        let tls = match (said(&self.tls_cert), said(&self.tls_key)) {
            (Some(certificate), Some(key)) => Some(Tls::load(certificate, key)?),
            (None, None) => None,
            (Some(_), None) => return Err(ConfigError::HalfOfTls("--tls-key")),
            (None, Some(_)) => return Err(ConfigError::HalfOfTls("--tls-cert")),
        };
        Ok(ServerSettings {
            trusted_proxies: self.trusted_proxies.clone(),
            tls,
            hsts: self.hsts,
            ..self.bounds.settings()
        })
    }
}

impl NetworkBoundArgs {
    fn settings(&self) -> ServerSettings {
        ServerSettings {
            connections: ConnectionBounds {
                in_all: self.max_connections as usize,
                per_address: self.max_connections_per_address as usize,
                requests: self.max_requests_per_connection,
                handshakes: self.max_handshakes as usize,
            },
            times: Times {
                handshake: self.handshake_time,
                head: self.head_time,
                body: self.body_time,
                idle: self.idle_time,
                stall: self.stall_time,
                answer: self.answer_time,
                request: self.request_time,
            },
            head: HeadBounds {
                headers: self.max_headers as usize,
                header_bytes: self.max_header_bytes as usize,
                uri_bytes: self.max_uri_bytes as usize,
            },
            concurrency: ConcurrencyBounds {
                in_all: self.max_concurrent as usize,
                per_client: self.max_concurrent_per_client as usize,
                ..ConcurrencyBounds::default()
            },
            ..ServerSettings::default()
        }
    }
}

fn path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(text.into())
}

fn time(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(1), Duration::from_secs(60 * 60), text)
}

fn hsts(text: &str) -> Result<Duration, String> {
    time_between(Duration::ZERO, Duration::from_secs(3_650 * 24 * 60 * 60), text)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        network: NetworkArgs,
    }

    #[test]
    fn what_isnt_said_is_as_the_server_has_it() {
        let line = Line::parse_from(["orgraph"]);
        let (told, assumed) = (line.network.server().unwrap(), ServerSettings::default());
        assert_eq!(told.connections, assumed.connections);
        assert_eq!(told.times, assumed.times);
        assert_eq!(told.head, assumed.head);
        assert_eq!(told.concurrency, assumed.concurrency);
        assert_eq!(told.trusted_proxies, assumed.trusted_proxies);
        assert_eq!(told.hsts, assumed.hsts);
        assert!(told.tls.is_none());
    }

    #[test]
    fn each_flag_has_its_setting() {
        let line = Line::parse_from(
            "orgraph --max-connections 1 --max-connections-per-address 2 --max-requests-per-connection 3 \
             --max-handshakes 4 --max-concurrent 5 --max-concurrent-per-client 6 --max-headers 17 \
             --max-header-bytes 1028 --max-uri-bytes 259 --handshake-time 10s --head-time 11s --body-time 12s \
             --request-time 13s --idle-time 14s --stall-time 15s --answer-time 16s --hsts 0s \
             --trusted-proxies 10.0.0.0/8,::1"
                .split_whitespace(),
        );
        let told = line.network.server().unwrap();
        let bounds = ConnectionBounds { in_all: 1, per_address: 2, requests: 3, handshakes: 4 };
        assert_eq!(told.connections, bounds);
        let ConcurrencyBounds { in_all, per_client, .. } = told.concurrency;
        assert_eq!((in_all, per_client), (5, 6));
        assert_eq!(told.head, HeadBounds { headers: 17, header_bytes: 1_028, uri_bytes: 259 });
        let [handshake, head, body, request, idle, stall, answer] =
            [10, 11, 12, 13, 14, 15, 16].map(Duration::from_secs);
        assert_eq!(told.times, Times { handshake, head, body, idle, stall, answer, request });
        assert_eq!(told.hsts, Duration::ZERO);
        assert_eq!(told.trusted_proxies, "10.0.0.0/8, ::1".parse().unwrap());
    }

    #[test]
    fn a_certificate_has_a_key() {
        let told = |line: &[&str]| Line::parse_from(line).network.server();
        let half = told(&["orgraph", "--tls-cert", "x.pem"]).unwrap_err().to_string();
        assert!(half.contains("--tls-key"), "{half}");
        let half = told(&["orgraph", "--tls-cert", "", "--tls-key", "x.pem"]).unwrap_err().to_string();
        assert!(half.contains("--tls-cert"), "{half}");
        assert!(told(&["orgraph", "--tls-cert", "", "--tls-key", ""]).unwrap().tls.is_none());
        assert!(Line::try_parse_from(["orgraph", "--trusted-proxies", "10.0.0.0/8,proxy"]).is_err());
    }
}
