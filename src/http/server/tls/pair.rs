//! A certificate and its key, from two files: taken together or not at all.

use std::{path::PathBuf, sync::Arc};

use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio_rustls::rustls::{
    Error as RustlsError, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// Why a certificate can't be used.
#[derive(Clone, Debug, Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("{file}: {cause}")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system says.
        cause: Arc<std::io::Error>,
    },
    /// A file is no PEM.
    #[error("{file}: this is no PEM that can be read")]
    NoPem {
        /// The file as it was named.
        file: String,
    },
    /// There is no certificate in the file.
    #[error("{file}: there is no certificate in it (\"BEGIN CERTIFICATE\")")]
    NoCertificate {
        /// The file as it was named.
        file: String,
    },
    /// There is no key in the file.
    #[error(
        "{file}: there is no private key in it (\"BEGIN PRIVATE KEY\", \"BEGIN EC PRIVATE KEY\" or \"BEGIN RSA PRIVATE KEY\")"
    )]
    NoKey {
        /// The file as it was named.
        file: String,
    },
    /// The key needs a password.
    #[error("{file}: the private key is encrypted; there is nobody who could be asked for its password")]
    EncryptedKey {
        /// The file as it was named.
        file: String,
    },
    /// The key is another certificate's.
    #[error("{key}: this is not the private key of the first certificate in {certificate}")]
    AnothersKey {
        /// The file of certificates as it was named.
        certificate: String,
        /// The file of the key as it was named.
        key: String,
    },
    /// What is in the files is of a kind that can't be used.
    #[error("{certificate} with {key}: {cause}")]
    Unusable {
        /// The file of certificates as it was named.
        certificate: String,
        /// The file of the key as it was named.
        key: String,
        /// What is wrong.
        cause: RustlsError,
    },
}

#[derive(Debug)]
pub(super) struct Files {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// What the two files hold, from one moment.
#[derive(Clone)]
pub(super) struct Contents {
    certificate: Arc<[u8]>,
    key: Arc<[u8]>,
    pub(super) digest: [[u8; 32]; 2],
}

impl Files {
    /// Reads both; they are small, and what they hold tells of a change what times and inodes can't.
    pub(super) fn read(&self) -> Result<Contents, TlsError> {
        let read = |path: &PathBuf| {
            let bytes = std::fs::read(path);
            bytes.map_err(|error| TlsError::Unreadable { file: name(path), cause: Arc::new(error) })
        };
        let (certificate, key) = (read(&self.certificate)?, read(&self.key)?);
        let digest = [Sha256::digest(&certificate).into(), Sha256::digest(&key).into()];
        Ok(Contents { certificate: certificate.into(), key: key.into(), digest })
    }

    /// What a handshake needs: TLS 1.2 and 1.3, HTTP/1.1.
    pub(super) fn config(&self, contents: &Contents) -> Result<Arc<ServerConfig>, TlsError> {
        let chain = self.chain(&contents.certificate)?;
        let key = self.private_key(&contents.key)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let (certificate, key) = (name(&self.certificate), name(&self.key));
        match config {
            Ok(mut config) => {
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                Ok(Arc::new(config))
            }
            Err(RustlsError::InconsistentKeys(_)) => Err(TlsError::AnothersKey { certificate, key }),
            Err(cause) => Err(TlsError::Unusable { certificate, key, cause }),
        }
    }

    fn chain(&self, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let file = || name(&self.certificate);
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let chain = chain.map_err(|_| TlsError::NoPem { file: file() })?;
        if chain.is_empty() { Err(TlsError::NoCertificate { file: file() }) } else { Ok(chain) }
    }

    fn private_key(&self, pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
        let file = || name(&self.key);
        // What is wrong with a key is told without a byte of it.
        match PrivateKeyDer::pem_slice_iter(pem).next() {
            Some(Ok(key)) => Ok(key),
            Some(Err(_)) => Err(TlsError::NoPem { file: file() }),
            None if holds(pem, b"BEGIN ENCRYPTED PRIVATE KEY") => {
                Err(TlsError::EncryptedKey { file: file() })
            }
            None => Err(TlsError::NoKey { file: file() }),
        }
    }
}

fn holds(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|part| part == words)
}

fn name(path: &std::path::Path) -> String {
    path.display().to_string()
}
