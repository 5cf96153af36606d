//! The end that commands use.

use std::{net::SocketAddr, time::Duration};

use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use super::{
    Address,
    wire::{ANY, HEADER, HeldBack, Judgement, Progress, Refused, Requested},
};
use crate::directory::Decision;

/// Speaks to the door of a running service.
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    name: String,
}

/// Why the service didn't do what was asked.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nobody is behind the door.
    #[error("no orgraph answers at {address}: is the service running, and is this its --admin address?")]
    Unreachable {
        /// Where it was looked for.
        address: SocketAddr,
    },
    /// The service says no.
    #[error("{0}")]
    Refused(String),
    /// Somebody else answers.
    #[error("what answers at {address} is no orgraph")]
    NotOrgraph {
        /// Where it was looked for.
        address: SocketAddr,
    },
}

/// Longer than the door keeps anybody waiting.
const TIMEOUT: Duration = Duration::from_secs(30);

impl Client {
    /// A client of the service at this address. Nothing is sent yet.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    #[expect(clippy::disallowed_methods, reason = "this one speaks to the service, not to Gong")]
    pub fn new(address: Address) -> Result<Self, ClientError> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build();
        let http = http.map_err(|error| ClientError::Refused(error.to_string()))?;
        Ok(Self { http, address: address.door, name: address.name.unwrap_or_else(|| ANY.to_owned()) })
    }

    /// The scan that is held back, if one is.
    ///
    /// # Errors
    /// If the service doesn't answer.
    pub async fn quarantine(&self) -> Result<Option<HeldBack>, ClientError> {
        self.call(Method::GET, "/quarantine", None::<()>).await
    }

    /// Decides on the scan with this number, or whichever is held back.
    ///
    /// # Errors
    /// If there is none, or another one.
    pub async fn decide(&self, decision: Decision, id: Option<u64>) -> Result<(), ClientError> {
        let path = match decision {
            Decision::Accept => "/quarantine/accept",
            Decision::Reject => "/quarantine/reject",
        };
        self.call(Method::POST, path, Some(Judgement { id })).await
    }

    /// Asks for a scan, or for the one that is running.
    ///
    /// # Errors
    /// If the service doesn't answer.
    pub async fn request_scan(&self) -> Result<Requested, ClientError> {
        self.call(Method::POST, "/sync", None::<()>).await
    }

    /// How far a scan has come; answered when there is something new to tell.
    ///
    /// # Errors
    /// If the service doesn't answer.
    pub async fn progress(&self, scan: u64) -> Result<Progress, ClientError> {
        self.call(Method::GET, &format!("/sync/{scan}"), None::<()>).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<impl Serialize>,
    ) -> Result<T, ClientError> {
        let address = self.address;
        let mut request =
            self.http.request(method, format!("http://{address}{path}")).header(HEADER, &self.name);
        if let Some(body) = body {
            let body = serde_json::json!(body).to_string();
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.map_err(|_| ClientError::Unreachable { address })?;
        let status = response.status();
        let body = response.bytes().await.map_err(|_| ClientError::Unreachable { address })?;
        let not_orgraph = |_| ClientError::NotOrgraph { address };
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(not_orgraph);
        }
        let Refused { error } = serde_json::from_slice(&body).map_err(not_orgraph)?;
        Err(ClientError::Refused(error))
    }
}
