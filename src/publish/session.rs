//! A connection to the database, and what it is over.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::{task::JoinSet, time::timeout};
use tokio_postgres::{Client, Transaction};
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
/// The first that notices in the middle of a statement that whoever asked for it is gone.
const LOOKS_AFTER_CLIENTS: i32 = 140_000;
/// The time to be let in, whatever the server does.
const LET_IN: Duration = Duration::from_secs(30);

/// A connection. Dropped, it is closed, and what wasn't committed has never been.
pub(super) struct Session {
    pub(super) client: Client,
    fate: Arc<OnceLock<String>>,
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
    /// Is let in.
    pub(super) async fn open(target: &Target) -> Result<Self, PublishError> {
        let failed = |cause: String| PublishError::Connect { place: target.place.clone(), cause };
        let tls = MakeRustlsConnect::new((*target.roots).clone());
        // The client's own time is for the connection alone, and not for what the server says over it.
        let connecting = timeout(LET_IN, target.config.connect(tls)).await;
        let silent = |_| failed(format!("the server has said nothing for {} s", LET_IN.as_secs()));
        let (client, connection) = connecting.map_err(silent)?.map_err(|error| failed(refused(&error)))?;
        let (mut task, fate) = (JoinSet::new(), Arc::new(OnceLock::new()));
        let told = fate.clone();
        task.spawn(async move {
            if let Err(error) = connection.await {
                _ = told.set(cause_of(&error));
            }
        });
        Ok(Self { client, fate, _connection: task })
    }

    /// Whatever came of a question to a connection that has ended: how that ended.
    pub(super) fn explain(&self, error: PublishError) -> PublishError {
        match (error, self.fate.get()) {
            (PublishError::Refused { step, cause }, Some(fate))
                if self.client.is_closed() && cause != *fate =>
            {
                PublishError::Refused { step, cause: format!("{cause}: {fate}") }
            }
            (error, _) => error,
        }
    }
}

/// Why nobody was let in, with what to do about a certificate.
fn refused(error: &tokio_postgres::Error) -> String {
    let cause = cause_of(error);
    match cause.contains("certificate") {
        true => format!("{cause}; --ca (--publish-ca) names a file of certificates to trust"),
        false => cause,
    }
}

/// Whether the database will do.
pub(super) async fn check(transaction: &Transaction<'_>, target: &Target) -> Result<(), PublishError> {
    let place = || target.place.clone();
    let told = "SELECT current_setting('server_version_num')::int4, current_setting('server_version'), \
                current_setting('server_encoding')";
    let asked = PublishError::refused("say of which version it is");
    let told = transaction.query_one(told, &[]).await.map_err(asked)?;
    let (number, version, encoding): (i32, String, String) = (told.get(0), told.get(1), told.get(2));
    if number < OLDEST {
        return Err(PublishError::TooOld { place: place(), version });
    }
    if encoding != "UTF8" {
        return Err(PublishError::Encoding { place: place(), encoding });
    }
    if number >= LOOKS_AFTER_CLIENTS {
        let looks = "SET LOCAL client_connection_check_interval TO '2s'";
        transaction.batch_execute(looks).await.map_err(PublishError::refused("take settings"))?;
    }
    Ok(())
}
