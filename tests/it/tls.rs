//! TLS: what a client is shown, what becomes of a certificate that changes, and what can't be used.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use orgraph::http::{ConnectionBounds, ServerSettings, Times, Tls, TlsError};
use rcgen::{CertificateParams, KeyPair};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
        version::{TLS12, TLS13},
    },
};

use crate::support::{Log, Process, Raw, Scratch, Service, post, serving};

const QUERY: &str = "{ users { totalCount } }";
const NAME: &str = "orgraph.example";
const OFTEN: Duration = Duration::from_millis(20);
const STAYS: &str = "the TLS certificate can't be reread; the last one stays";

/// A certificate for `orgraph.example` by itself, and its key.
struct Pair {
    certificate: String,
    key: String,
}

impl Pair {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([NAME.to_owned()]).unwrap().self_signed(&key).unwrap();
        Self { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    fn write(&self, folder: &Path) -> [PathBuf; 2] {
        let files = [folder.join("cert.pem"), folder.join("key.pem")];
        fs::write(&files[0], &self.certificate).unwrap();
        fs::write(&files[1], &self.key).unwrap();
        files
    }
}

fn load([certificate, key]: [PathBuf; 2]) -> Result<Tls, TlsError> {
    Tls::load(certificate, key)
}

async fn met(pair: &Pair, folder: &Scratch, change: impl FnOnce(&mut ServerSettings)) -> Service {
    let tls = load(pair.write(folder.path())).unwrap().rereading_every(OFTEN);
    let mut settings = ServerSettings { tls: Some(tls), ..ServerSettings::default() };
    change(&mut settings);
    Service::met(settings).await
}

/// A connection by TLS that trusts this pair alone.
async fn connected(
    service: &Service,
    trusted: &Pair,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.certificate.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let socket = TcpStream::connect(service.address).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(NAME).unwrap(), socket).await
}

async fn answers(service: &Service, trusted: &Pair) {
    let socket = connected(service, trusted, &[&TLS13], &["http/1.1"]).await.unwrap();
    let answer = Raw::over(socket).ask(post(QUERY)).await;
    assert_eq!(answer.json()["data"]["users"]["totalCount"], 9, "{answer:?}");
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn both_versions_are_spoken_and_http_1_1_in_them() {
    let (pair, folder) = (Pair::new(), Scratch::new());
    let service = met(&pair, &folder, |_| {}).await;
    for (version, spoken) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let socket = connected(&service, &pair, &[version], &["h2", "http/1.1"]).await.unwrap();
        let (_, session) = socket.get_ref();
        assert_eq!(
            (session.protocol_version(), session.alpn_protocol()),
            (Some(spoken), Some(&b"http/1.1"[..]))
        );
        let mut connection = Raw::over(socket);
        assert_eq!(connection.ask(post(QUERY)).await.status, 200);
        assert_eq!(connection.ask(post(QUERY)).await.status, 200);
    }
    assert!(connected(&service, &pair, &[&TLS13], &["h2"]).await.is_err(), "HTTP/2 isn't spoken");
    assert!(connected(&service, &Pair::new(), &[&TLS13], &[]).await.is_err(), "it is another's certificate");
    answers(&service, &pair).await;
}

#[tokio::test]
async fn hsts_is_for_what_went_by_tls() {
    let (pair, folder) = (Pair::new(), Scratch::new());
    let silent = met(&pair, &folder, |settings| settings.hsts = Duration::ZERO).await;
    let socket = connected(&silent, &pair, &[&TLS13], &[]).await.unwrap();
    assert_eq!(Raw::over(socket).ask(post(QUERY)).await.header("strict-transport-security"), None);

    let by_proxy = "forwarded: for=192.0.2.1;proto=https\r\n";
    for (proxies, lines, told) in [
        ("127.0.0.1", "", None),
        ("127.0.0.1", by_proxy, Some("max-age=31536000")),
        ("127.0.0.1", "x-forwarded-for: 192.0.2.1\r\nx-forwarded-proto: https\r\n", Some("max-age=31536000")),
        ("192.0.2.9", by_proxy, None),
    ] {
        let settings =
            ServerSettings { trusted_proxies: proxies.parse().unwrap(), ..ServerSettings::default() };
        let service = Service::met(settings).await;
        let answer = Raw::connect(service.address).await.ask(crate::support::post_with(QUERY, lines)).await;
        assert_eq!(answer.header("strict-transport-security"), told, "{proxies} {lines}");
    }
}

#[tokio::test]
async fn what_is_no_tls_is_closed_and_holds_nobody_up() {
    let (pair, folder) = (Pair::new(), Scratch::new());
    let service = met(&pair, &folder, |settings| {
        settings.times = Times { handshake: Duration::from_millis(500), ..Times::default() };
        settings.connections = ConnectionBounds { handshakes: 1, ..ConnectionBounds::default() };
    })
    .await;
    let mut plain = Raw::connect(service.address).await;
    let answer = plain.ask(post(QUERY)).await;
    assert_eq!((answer.status, answer.body.as_slice()), (400, &b"this port speaks https.\n"[..]));
    assert!(plain.ended().await);
    // Nothing, the half of a handshake, and nonsense.
    let mut silent = Raw::connect(service.address).await;
    let mut half = Raw::connect(service.address).await;
    half.send(b"\x16\x03\x01\x02\x00\x01\x00").await;
    let mut nonsense = Raw::connect(service.address).await;
    nonsense.send([0_u8; 100]).await;
    answers(&service, &pair).await;
    assert!(silent.ended().await);
    assert!(half.ended().await);
    assert!(nonsense.ended().await);
    let mut broken = Raw::connect(service.address).await;
    broken.send(b"\x16\x03\x01\x00\x05hello").await;
    broken.ended().await;
    answers(&service, &pair).await;
}

/// Waits until the service shows this certificate.
async fn shows(service: &Service, pair: &Pair) {
    let shown = async {
        while connected(service, pair, &[&TLS13], &[]).await.is_err() {
            tokio::time::sleep(OFTEN).await;
        }
    };
    tokio::time::timeout(crate::support::FOREVER, shown).await.expect("it shows another certificate");
}

#[tokio::test]
async fn a_certificate_is_reread_with_its_key_or_not_at_all() {
    let (first, second, folder) = (Pair::new(), Pair::new(), Scratch::new());
    let mut log = Log::here();
    let service = met(&first, &folder, |_| {}).await;
    let mut before = Raw::over(connected(&service, &first, &[&TLS13], &[]).await.unwrap());
    assert_eq!(before.ask(post(QUERY)).await.status, 200);
    // One that can't be used, and then half of another: the first stays.
    let files = [folder.path().join("cert.pem"), folder.path().join("key.pem")];
    for half in ["nonsense", "", &second.certificate] {
        fs::write(&files[0], half).unwrap();
        log.says(STAYS).await;
        answers(&service, &first).await;
    }
    fs::remove_file(&files[1]).unwrap();
    log.says(STAYS).await;
    answers(&service, &first).await;
    fs::write(&files[1], &second.key).unwrap();
    shows(&service, &second).await;
    assert!(connected(&service, &first, &[&TLS13], &[]).await.is_err());
    assert_eq!(before.ask(post(QUERY)).await.status, 200, "who was there before goes on");
    // By renaming, as it is mostly done.
    let third = Pair::new();
    fs::write(folder.path().join("new"), &third.key).unwrap();
    fs::rename(folder.path().join("new"), &files[1]).unwrap();
    fs::write(folder.path().join("new"), &third.certificate).unwrap();
    fs::rename(folder.path().join("new"), &files[0]).unwrap();
    shows(&service, &third).await;
}

#[test]
fn what_cant_be_used_is_named_with_its_file() {
    let folder = Scratch::new();
    let good = Pair::new();
    let said = |certificate: &str, key: &str| {
        let pair = Pair { certificate: certificate.to_owned(), key: key.to_owned() };
        load(pair.write(folder.path())).unwrap_err().to_string()
    };
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let cut = &good.key[..good.key.len() / 2];
    for (said, file, words) in [
        (said("", &good.key), "cert.pem", "no certificate in it"),
        (said(&good.key, &good.key), "cert.pem", "no certificate in it"),
        (
            said("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", &good.key),
            "cert.pem",
            "no PEM",
        ),
        (said(&good.certificate, ""), "key.pem", "no private key in it"),
        (said(&good.certificate, &good.certificate), "key.pem", "no private key in it"),
        (said(&good.certificate, cut), "key.pem", "no PEM"),
        (said(&good.certificate, encrypted), "key.pem", "encrypted"),
        (
            said(&good.certificate, &Pair::new().key),
            "key.pem",
            "not the private key of the first certificate",
        ),
        (
            said("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &good.key),
            "cert.pem",
            "with",
        ),
    ] {
        assert!(said.contains(file) && said.contains(words), "{said}");
        assert!(!said.contains(good.key.lines().nth(1).unwrap()), "{said}");
    }
    let nowhere = [folder.path().join("none.pem"), folder.path().join("key.pem")];
    assert!(load(nowhere).unwrap_err().to_string().contains("none.pem"));
}

/// The kinds of keys that others make, as `openssl` writes them.
#[test]
fn all_kinds_of_keys_are_taken() {
    for kind in ["sec1", "pkcs1", "pkcs8"] {
        let file = |name: &str| crate::support::file(&format!("tests/data/tls/{kind}.{name}.pem"));
        load([file("cert"), file("key")]).unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

#[test]
fn the_command_says_what_is_wrong_and_binds_nothing() {
    let folder = Scratch::new();
    let [certificate, _] = Pair::new().write(folder.path());
    let mut command = serving();
    command.envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary")]);
    let output = command.arg("--tls-cert").arg(&certificate).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--tls-key is missing"));
    let output = command.arg("--tls-key").arg(&certificate).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no private key in it"));
}

#[tokio::test]
async fn the_command_speaks_tls() {
    let (pair, folder) = (Pair::new(), Scratch::new());
    let [certificate, key] = pair.write(folder.path());
    let mut command = serving();
    command.envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary")]);
    command.env("GONG_BASE_URL", "http://127.0.0.1:9").env("ORGRAPH_TLS_CERT", certificate);
    let process = Process::start(command.env("ORGRAPH_TLS_KEY", key));
    let said = process.wait_for("serving");
    assert!(said.contains("https"), "{said}");
    let trusted = reqwest::Certificate::from_pem(pair.certificate.as_bytes()).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "this one speaks to the service, not to Gong")]
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([trusted])
        .resolve(NAME, process.address())
        .build()
        .unwrap();
    let url = format!("https://{NAME}:{}/livez", process.address().port());
    let answer = client.get(url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "alive\n"));
    process.stop();
}
