//! A connection to the database, and what it is over.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::task::JoinSet;
use tokio_postgres::Client;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    PublishError,
    error::cause_of,
    target::{Target, TargetError},
};

/// By what a server's certificate is trusted.
pub(super) type Roots = Arc<ClientConfig>;

/// The first version of PostgreSQL that will do.
const OLDEST: i32 = 120_000;

/// A connection. Dropped, it is closed, and what wasn't committed has never been.
pub(super) struct Session {
    pub(super) client: Client,
    _connection: JoinSet<()>,
}

/// The certificates of this file, or the system's.
pub(super) fn roots(file: Option<&Path>) -> Result<Roots, TargetError> {
    let unusable = |cause: String| TargetError::Ca {
        file: file.unwrap_or(Path::new("the system's certificates")).to_owned(),
        cause,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?;
    let Some(file) = file else {
        let verified = builder.with_platform_verifier().map_err(|error| unusable(error.to_string()))?;
        return Ok(Arc::new(verified.with_no_client_auth()));
    };
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("it holds none".to_owned()));
    }
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

impl Session {
    /// Is let in, and looks whether the database will do.
    pub(super) async fn open(target: &Target) -> Result<Self, PublishError> {
        let place = || target.place.clone();
        let failed = |error| PublishError::Connect { place: place(), cause: cause_of(&error) };
        let tls = MakeRustlsConnect::new((*target.roots).clone());
        let (client, connection) = target.config.connect(tls).await.map_err(failed)?;
        let mut task = JoinSet::new();
        // How it ends is told to whoever waits for an answer.
        task.spawn(async move { _ = connection.await });
        let told = "SELECT current_setting('server_version_num')::int4, current_setting('server_version'), \
                    current_setting('server_encoding')";
        let told = client.query_one(told, &[]).await.map_err(failed)?;
        let (number, version, encoding): (i32, String, String) = (told.get(0), told.get(1), told.get(2));
        if number < OLDEST {
            return Err(PublishError::TooOld { place: place(), version });
        }
        if encoding != "UTF8" {
            return Err(PublishError::Encoding { place: place(), encoding });
        }
        Ok(Self { client, _connection: task })
    }
}
