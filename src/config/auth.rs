//! Who may ask, and the commands about keys.

use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Subcommand, builder::FalseyValueParser};
use thiserror::Error;

use super::time::{DAY, time_between};
use crate::auth::{Role, Settings, SettingsError, SigningAlgorithm, TokenSettings};

/// Which file of keys is meant.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Where the keys are")]
pub struct KeysFileArg {
    /// The file of API keys: those who may ask. `orgraph keys` makes it and changes it; a running service rereads
    /// it by itself.
    #[arg(long, env = "ORGRAPH_API_KEYS_FILE", value_name = "FILE", value_parser = path)]
    api_keys_file: Option<PathBuf>,
}

impl KeysFileArg {
    fn named(&self) -> Option<&Path> {
        self.api_keys_file.as_deref().filter(|path| !path.as_os_str().is_empty())
    }

    /// The file that a command is about.
    ///
    /// # Errors
    /// If none is named.
    pub fn required(&self) -> Result<&Path, AuthError> {
        self.named().ok_or(AuthError::NoKeysFile)
    }
}

/// Who may ask. On loopback anybody may, unless keys or tokens are set up; on any other address the service doesn't
/// start before it is said who.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Who may ask")]
pub struct AuthArgs {
    /// API keys.
    #[command(flatten)]
    pub keys: KeysFileArg,
    /// The issuer whose signed tokens (JWT, of OAuth or OpenID Connect) are taken: the URL that stands in their
    /// `iss`, to the letter. Needs --oidc-audience.
    #[arg(long, env = "ORGRAPH_OIDC_ISSUER", value_name = "URL")]
    oidc_issuer: Option<String>,
    /// What this service is called in the `aud` of tokens; several with commas between.
    #[arg(long, env = "ORGRAPH_OIDC_AUDIENCE", value_name = "NAME", value_delimiter = ',')]
    oidc_audience: Vec<String>,
    /// Where the issuer's keys are (a JSON Web Key Set), by https or on this machine
    /// [default: where the issuer's /.well-known/openid-configuration says].
    #[arg(long, env = "ORGRAPH_OIDC_JWKS_URL", value_name = "URL")]
    oidc_jwks_url: Option<String>,
    /// The algorithms by which tokens may be signed, with commas between: RS256, RS384, RS512, PS256, PS384,
    /// PS512, ES256, ES384, EdDSA.
    #[arg(long, env = "ORGRAPH_OIDC_ALGORITHMS", value_name = "NAMES", value_delimiter = ',', default_value = "RS256,ES256", value_parser = algorithm)]
    oidc_algorithms: Vec<SigningAlgorithm>,
    /// How far the issuer's clock and this one may be apart, up to 10m.
    #[arg(long, env = "ORGRAPH_OIDC_LEEWAY", value_name = "TIME", default_value = "60s", value_parser = leeway)]
    oidc_leeway: Duration,
    /// The claim that holds the role: reader, analyst or admin, in a text or a list of texts, of which the highest
    /// counts. A name, or a path to one inside objects, such as resource_access.orgraph.roles.
    #[arg(long, env = "ORGRAPH_OIDC_ROLE_CLAIM", value_name = "CLAIM", default_value = "orgraph_role")]
    oidc_role_claim: String,
    /// The role of those whose token gives none [default: they are refused].
    #[arg(long, env = "ORGRAPH_OIDC_DEFAULT_ROLE", value_name = "ROLE", value_parser = optional_role)]
    oidc_default_role: Option<OptionalRole>,
    /// How often the issuer's keys are fetched, so that one that was withdrawn is forgotten; from 10s to 1d.
    #[arg(long, env = "ORGRAPH_OIDC_REFRESH", value_name = "TIME", default_value = "10m", value_parser = refresh)]
    oidc_refresh: Duration,
    /// How old the issuer's keys may get while it can't be asked; from 1m to 30d.
    #[arg(long, env = "ORGRAPH_OIDC_MAX_AGE", value_name = "TIME", default_value = "1d", value_parser = max_age)]
    oidc_max_age: Duration,
    /// Ask nobody for a credential, on whichever address: whoever reaches it reads the whole company.
    #[arg(long, env = "ORGRAPH_INSECURE_NO_AUTH", value_parser = FalseyValueParser::new())]
    insecure_no_auth: bool,
}

impl AuthArgs {
    /// Who may ask where the service listens.
    ///
    /// # Errors
    /// If that is nowhere said, or not as a whole.
    pub fn settings(&self, listen: SocketAddr) -> Result<Settings, AuthError> {
        let settings = Settings { keys_file: self.keys.named().map(Path::to_owned), tokens: self.tokens()? };
        let guard = match (&settings.keys_file, &settings.tokens) {
            (Some(_), _) => Some("--api-keys-file"),
            (None, Some(_)) => Some("--oidc-issuer"),
            (None, None) => None,
        };
        match guard {
            Some(guard) if self.insecure_no_auth => Err(AuthError::GuardedAndNot(guard)),
            None if !self.insecure_no_auth && !listen.ip().to_canonical().is_loopback() => {
                Err(AuthError::Unguarded { address: listen })
            }
            _ => Ok(settings),
        }
    }

    /// Whether whoever is on this machine is let in, and nobody else.
    pub fn is_for_this_machine_only(&self, settings: &Settings) -> bool {
        !settings.are_on() && !self.insecure_no_auth
    }

    fn tokens(&self) -> Result<Option<TokenSettings>, AuthError> {
        let issuer = self.oidc_issuer.as_deref().map(str::trim).filter(|issuer| !issuer.is_empty());
        let audiences: Vec<_> = self
            .oidc_audience
            .iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        let jwks_url = self.oidc_jwks_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let Some(issuer) = issuer else {
            return match (audiences.is_empty(), jwks_url) {
                (true, None) => Ok(None),
                (false, _) => Err(AuthError::Needs("--oidc-audience", "--oidc-issuer")),
                (true, Some(_)) => Err(AuthError::Needs("--oidc-jwks-url", "--oidc-issuer")),
            };
        };
        let Some(first) = audiences.first() else {
            return Err(AuthError::Needs(
                "--oidc-issuer",
                "--oidc-audience, what this service is called in tokens",
            ));
        };
        Ok(Some(TokenSettings {
            jwks_url: jwks_url.map(str::to_owned),
            algorithms: self.oidc_algorithms.clone(),
            leeway: self.oidc_leeway,
            role_claim: super::or_default(&self.oidc_role_claim, "orgraph_role").to_owned(),
            default_role: self.oidc_default_role.and_then(|role| role.0),
            refresh: self.oidc_refresh,
            max_age: self.oidc_max_age,
            ..TokenSettings::new(issuer, first)
        }))
        .map(|tokens| tokens.map(|tokens| TokenSettings { audiences, ..tokens }))
    }
}

/// What is wrong with what is said of who may ask.
#[derive(Debug, Error)]
pub enum AuthError {
    /// The service would stand open to a network.
    #[error(
        "{address} can be reached from other machines, and nobody would be asked for a credential. Three ways out: \
         API keys (`orgraph keys add`, then --api-keys-file or ORGRAPH_API_KEYS_FILE), tokens of an issuer \
         (--oidc-issuer and --oidc-audience, or ORGRAPH_OIDC_ISSUER and ORGRAPH_OIDC_AUDIENCE), or, where something \
         else keeps strangers out, --insecure-no-auth (ORGRAPH_INSECURE_NO_AUTH=true)"
    )]
    Unguarded {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// A proxy brings others here.
    #[error(
        "a trusted proxy brings requests from elsewhere, and nobody would be asked for a credential: name API keys          (--api-keys-file) or an issuer (--oidc-issuer), or, where the proxy keeps strangers out, --insecure-no-auth"
    )]
    UnguardedBehindProxy,
    /// Both at once make no sense.
    #[error(
        "--insecure-no-auth says that nobody is asked for a credential, {0} that everybody is: one of them must go"
    )]
    GuardedAndNot(&'static str),
    /// A setting of tokens is no use without another.
    #[error("{0} needs {1}")]
    Needs(&'static str, &'static str),
    /// A file or an URL can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A command about keys doesn't know which.
    #[error("no file of keys is named: --api-keys-file or ORGRAPH_API_KEYS_FILE says which")]
    NoKeysFile,
}

/// Options of `keys`.
#[derive(Clone, Debug, Args)]
pub struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What can be done about keys.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it, this once: only its hash is kept.
    Add(KeyAddArgs),
    /// Show the names, roles and ends of all keys.
    List(KeyListArgs),
    /// Remove a key: from then on nobody gets in with it, and whoever is in by it is shown out.
    Remove(KeyRemoveArgs),
}

/// Options of `keys add`.
#[derive(Clone, Debug, Args)]
pub struct KeyAddArgs {
    /// What it is called, in logs too: 1 to 64 letters, digits, dots, dashes and underscores. Name the program that
    /// is to use it, not a person.
    pub name: String,
    /// What it lets see: reader (the org), analyst (contact data and activity too) or admin (operations too).
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub role: Role,
    /// When it ends, from now: a time such as 12h or 90d, up to 3650d [default: never].
    #[arg(long, value_name = "TIME", value_parser = life)]
    pub expires: Option<Duration>,
    /// Where it is kept.
    #[command(flatten)]
    pub file: KeysFileArg,
}

/// Options of `keys list`.
#[derive(Clone, Debug, Args)]
pub struct KeyListArgs {
    /// As JSON, for programs.
    #[arg(long)]
    pub json: bool,
    /// Where they are kept.
    #[command(flatten)]
    pub file: KeysFileArg,
}

/// Options of `keys remove`.
#[derive(Clone, Debug, Args)]
pub struct KeyRemoveArgs {
    /// What it is called.
    pub name: String,
    /// Where it is kept.
    #[command(flatten)]
    pub file: KeysFileArg,
}

/// A role, or none where a variable is set to nothing.
#[derive(Clone, Copy, Debug)]
struct OptionalRole(Option<Role>);

fn path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(text.into())
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::of_name(text.trim()).ok_or("expected reader, analyst or admin")
}

fn optional_role(text: &str) -> Result<OptionalRole, &'static str> {
    if text.trim().is_empty() {
        Ok(OptionalRole(None))
    } else {
        role(text).map(|role| OptionalRole(Some(role)))
    }
}

fn algorithm(text: &str) -> Result<SigningAlgorithm, &'static str> {
    text.trim().parse()
}

const MINUTE: Duration = Duration::from_secs(60);

fn leeway(text: &str) -> Result<Duration, String> {
    let time = time_between(Duration::ZERO, DAY, text)?;
    if time <= 10 * MINUTE { Ok(time) } else { Err("expected a time from 0s to 10m".to_owned()) }
}

fn refresh(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(10), DAY, text)
}

fn max_age(text: &str) -> Result<Duration, String> {
    time_between(MINUTE, 30 * DAY, text)
}

fn life(text: &str) -> Result<Duration, String> {
    time_between(Duration::from_secs(1), 3_650 * DAY, text)
}
