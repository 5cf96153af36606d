//! Which scope an endpoint needs.

use crate::simulator::stats::Endpoint;

/// The scopes of all endpoints that are simulated.
pub const SCOPES: [&str; 7] = [
    "api:users:read",
    "api:calls:read:basic",
    "api:calls:read:extensive",
    "api:stats:user-actions",
    "api:settings:scorecards:read",
    "api:workspaces:read",
    "api:coaching:read",
];

/// The scope that a call with an access token must have; none for what is no endpoint.
pub(in crate::simulator) fn needed(endpoint: Endpoint) -> Option<&'static str> {
    let [users, calls, calls_extensive, activity, scorecards, workspaces, coaching] = SCOPES;
    match endpoint {
        Endpoint::Users | Endpoint::User | Endpoint::UsersExtensive | Endpoint::SettingsHistory => {
            Some(users)
        }
        Endpoint::Calls => Some(calls),
        Endpoint::CallsExtensive => Some(calls_extensive),
        Endpoint::Activity => Some(activity),
        Endpoint::Scorecards => Some(scorecards),
        Endpoint::Workspaces => Some(workspaces),
        Endpoint::Coaching => Some(coaching),
        Endpoint::OauthToken | Endpoint::Scim | Endpoint::Other => None,
    }
}
