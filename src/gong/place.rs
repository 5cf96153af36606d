//! Where calls go: checked, so that no credential crosses a network in the clear.

use std::net::IpAddr;

use reqwest::Url;

use super::SettingsError;

/// A checked URL: `https`, or plain `http` on this machine.
#[derive(Clone, Debug)]
pub(super) struct Place {
    url: Url,
    /// Whether it is this machine.
    pub(super) loopback: bool,
}

impl Place {
    /// Reads and checks a URL; `what` names it in errors.
    pub(super) fn parse(text: &str, what: &'static str) -> Result<Self, SettingsError> {
        let url = Url::parse(text.trim_end_matches('/'))
            .map_err(|error| SettingsError::Url { what, cause: error.to_string() })?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && !url.cannot_be_a_base();
        if !bare || !matches!(url.scheme(), "http" | "https") {
            return Err(SettingsError::UrlShape(what));
        }
        let loopback = url.host_str().is_some_and(|host| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        });
        if url.scheme() == "http" && !loopback {
            return Err(SettingsError::PlainHttp(what));
        }
        Ok(Self { url, loopback })
    }

    /// The place of the API as the issuer of a token named it. An issuer elsewhere has no business to send
    /// us to this machine.
    pub(super) fn named_by(issuer: &Self, text: &str) -> Result<Self, String> {
        let place = Self::parse(text, "the customer's base URL").map_err(|error| error.to_string())?;
        if place.loopback && !issuer.loopback {
            return Err("the customer's base URL is this machine, and the token's issuer isn't".to_owned());
        }
        Ok(place)
    }

    /// The host.
    pub(super) fn host(&self) -> Option<&str> {
        self.url.host_str()
    }

    /// The URL of a resource below it.
    pub(super) fn below(&self, path: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Result<Place, SettingsError> {
        Place::parse(text, "the base URL of Gong")
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        assert!(place("https://api.gong.io").is_ok_and(|place| !place.loopback));
        for here in ["http://127.0.0.1:9", "http://localhost:9/", "http://[::1]:9/gong"] {
            assert!(place(here).is_ok_and(|place| place.loopback), "{here}");
        }
        assert!(matches!(place("http://api.gong.io"), Err(SettingsError::PlainHttp(_))));
        assert!(matches!(place("http://127.0.0.1.example.com"), Err(SettingsError::PlainHttp(_))));
    }

    #[test]
    fn a_base_url_is_a_place_and_nothing_else() {
        for odd in ["ftp://x", "https://user:pw@x", "https://x?y=1", "https://x#y", "mailto:x"] {
            assert!(matches!(place(odd), Err(SettingsError::UrlShape(_))), "{odd}");
        }
        assert!(matches!(place("api.gong.io"), Err(SettingsError::Url { .. })));
    }

    #[test]
    fn who_issues_tokens_elsewhere_names_no_place_here() {
        let (here, there) = (place("http://127.0.0.1:1").unwrap(), place("https://app.gong.io/t").unwrap());
        let customers = "https://us-12345.api.gong.io";
        for issuer in [&here, &there] {
            assert!(Place::named_by(issuer, customers).is_ok_and(|place| !place.loopback));
            for odd in ["http://us-12345.api.gong.io", "https://u:p@x", "https://x?y", "x", ""] {
                assert!(Place::named_by(issuer, odd).is_err(), "{odd}");
            }
        }
        for local in ["http://127.0.0.1:9", "https://localhost"] {
            assert!(Place::named_by(&here, local).is_ok());
            assert!(Place::named_by(&there, local).is_err(), "{local}");
        }
    }

    #[test]
    fn a_resource_is_below_whatever_path_there_is() {
        let url = |base| place(base).unwrap().below(&["v2", "users", "a/b"]).to_string();
        assert_eq!(url("https://x"), "https://x/v2/users/a%2Fb");
        assert_eq!(url("https://x/gong/"), "https://x/gong/v2/users/a%2Fb");
    }
}
