//! The tables of a running service, for the command.

use std::{net::IpAddr, time::Duration};

use bytes::Bytes;
use reqwest::{
    Response, Url, Version,
    header::{CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use super::{Format, Question};

/// Asks a running service.
pub struct Remote {
    http: reqwest::Client,
    base: Url,
    key: Option<SecretString>,
}

/// Why a service's table isn't here.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// The address can't be used. It isn't repeated: a credential may have been put into it by mistake.
    #[error("the address of the service (--server) {0}")]
    Address(&'static str),
    /// The key would be read by whoever is on the way.
    #[error("the key would go over plain http to {0}: use https")]
    Plain(String),
    /// Nobody answers.
    #[error("no orgraph answers at {address}: {cause}")]
    Unreachable {
        /// Where it was looked for.
        address: String,
        /// What came of it.
        cause: String,
    },
    /// The service says no.
    #[error("the service says {status}: {message}{advice}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// Its words.
        message: String,
        /// What to do about it here.
        advice: &'static str,
    },
    /// Something answers that doesn't send this table, or whose table couldn't be told from a part of it.
    #[error("what answers at {address} sends no table of orgraph's: {why}")]
    NoTable {
        /// Where it was asked.
        address: String,
        /// By what that is known.
        why: String,
    },
    /// The key has characters that no key has. It isn't repeated.
    #[error("ORGRAPH_KEY has characters that no key has, such as a line end in it")]
    Key,
    /// It has begun, and ended too early.
    #[error("the table was broken off by the service after {bytes} bytes: {cause}")]
    BrokenOff {
        /// How much had come.
        bytes: u64,
        /// What came of it.
        cause: String,
    },
}

/// What tables are below.
const TABLES: &str = "/export/v1";
/// Which snapshot a table is from: who sends it is an orgraph.
const SNAPSHOT: &str = "x-snapshot-version";
/// The longest pause of a service that is asked.
const SILENCE: Duration = Duration::from_secs(120);
/// The most of a refusal that is read.
const REFUSAL: usize = 64 << 10;

impl Remote {
    /// A client of the service at this address. Nothing is sent yet.
    ///
    /// # Errors
    /// If the address is none, or the key would go over plain http to another machine.
    #[expect(clippy::disallowed_methods, reason = "this one speaks to the service, not to Gong")]
    pub fn new(address: &str, key: Option<SecretString>) -> Result<Self, RemoteError> {
        let bad = |why| Err(RemoteError::Address(why));
        if !address.contains("://") {
            return bad("has no scheme: it begins with http:// or https://");
        }
        let Ok(mut base) = Url::parse(address) else { return bad("is no URL") };
        let plain = base.scheme() == "http";
        if !plain && base.scheme() != "https" {
            return bad("begins with neither http:// nor https://");
        }
        if !base.username().is_empty() || base.password().is_some() {
            return bad("has a name or password in it: the key is taken from ORGRAPH_KEY");
        }
        let Some(host) = base.host_str().map(ToOwned::to_owned) else { return bad("names no host") };
        let is_here = host == "localhost"
            || host.trim_matches(['[', ']']).parse().is_ok_and(|address: IpAddr| address.is_loopback());
        if plain && key.is_some() && !is_here {
            return Err(RemoteError::Plain(host));
        }
        let above = base.path().trim_end_matches('/');
        // Whoever copies the address of the tables means the service that has them.
        let above = format!("{}/", above.strip_suffix(TABLES).unwrap_or(above));
        base.set_path(&above);
        if key.as_ref().is_some_and(|key| HeaderValue::from_str(key.expose_secret()).is_err()) {
            return Err(RemoteError::Key);
        }
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http =
            reqwest::Client::builder().redirect(Policy::none()).no_gzip().read_timeout(SILENCE).build();
        let http = http.map_err(|cause| RemoteError::Unreachable {
            address: base.origin().ascii_serialization(),
            cause: cause_of(cause),
        })?;
        Ok(Self { http, base, key })
    }

    /// The answer to `question`, of which nothing has been read yet.
    ///
    /// # Errors
    /// If nobody answers, the service says no, or what answers is something else.
    pub async fn ask(&self, question: &Question) -> Result<Answered, RemoteError> {
        let unreachable = |cause: reqwest::Error| RemoteError::Unreachable {
            address: self.base.origin().ascii_serialization(),
            cause: cause_of(cause),
        };
        let url = self.base.join(&format!("export/v1/{}", question.file_name()));
        let url = url.map_err(|_| RemoteError::Address("is no URL"))?;
        let mut request = self.http.get(url).query(&question.parameters());
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.expose_secret());
        }
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        if status != 200 {
            let advice = match (status, &self.key) {
                (401, None) => "; the key is taken from ORGRAPH_KEY",
                _ => "",
            };
            return Err(RemoteError::Refused { status, message: refusal(response).await, advice });
        }
        if let Some(why) = no_table(&response, question.format) {
            let address = self.base.origin().ascii_serialization();
            return Err(RemoteError::NoTable { address, why });
        }
        Ok(Answered { length: response.content_length(), response, read: 0 })
    }
}

/// A table that is on its way.
pub struct Answered {
    /// How many bytes it has, where that is known beforehand.
    pub length: Option<u64>,
    response: Response,
    read: u64,
}

impl Answered {
    /// What comes next; nothing at the end of the whole.
    ///
    /// # Errors
    /// If it ends too early: what was read is then no whole table.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, RemoteError> {
        let broken_off = |cause| RemoteError::BrokenOff { bytes: self.read, cause: cause_of(cause) };
        let piece = self.response.chunk().await.map_err(broken_off)?;
        self.read += piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Ok(piece)
    }
}

/// Why an answer that says that all is well is none of a table all the same, or none whose end could be told from a break:
/// a page to sign in at, for example, or what a proxy makes of a table by HTTP/1.0.
fn no_table(response: &Response, format: Format) -> Option<String> {
    let media_type = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let headers = response.headers();
    let sent = headers.get(CONTENT_TYPE).and_then(|sent| sent.to_str().ok()).map(media_type);
    let wanted = media_type(format.media_type());
    if sent.as_deref() != Some(&wanted) {
        // Repeated as far as one is long.
        let sent: String = sent.unwrap_or_else(|| "nothing".to_owned()).chars().take(64).collect();
        return Some(format!("it says that it is {sent:?} and not {wanted:?}"));
    }
    if !headers.contains_key(SNAPSHOT) {
        return Some(format!("it says of no snapshot that it is from ({SNAPSHOT})"));
    }
    // From HTTP/2 on an end is one.
    let in_chunks = headers.get_all(TRANSFER_ENCODING).iter().any(|encoding| {
        encoding.to_str().is_ok_and(|encoding| encoding.to_ascii_lowercase().trim().ends_with("chunked"))
    });
    let has_end = response.version() > Version::HTTP_11 || in_chunks || response.content_length().is_some();
    (!has_end).then(|| {
        "it has neither a length nor chunks, so that a part can't be told from the whole; a proxy in between has to speak \
         HTTP/1.1"
            .to_owned()
    })
}

/// The service's own words.
async fn refusal(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > REFUSAL {
            break;
        }
    }
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    told["errors"][0]["message"].as_str().unwrap_or("nothing that can be read").to_owned()
}

/// The innermost cause, without the URL.
fn cause_of(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
