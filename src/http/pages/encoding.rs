//! How an answer may be encoded (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

/// Whether a client takes gzip. What it says of gzip goes before what it says of all.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let (mut of_gzip, mut of_all) = (None, None);
    for part in said.flat_map(|value| value.split(',')) {
        let (coding, rest) = part.split_once(';').unwrap_or((part, ""));
        let takes = Some(is_taken(rest));
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                of_gzip = takes
            }
            "*" => of_all = takes,
            _ => {}
        }
    }
    of_gzip.or(of_all).unwrap_or(false)
}

/// Whether a weight is more than none.
fn is_taken(parameters: &str) -> bool {
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn gzip_is_taken_where_it_is_named_and_weighs_something() {
        let takes = |said: &str| {
            takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_str(said).unwrap())]))
        };
        for said in
            ["gzip", "br, GZIP", "deflate, gzip;q=0.5", "*", "x-gzip", "gzip ; q=1.000", "*;q=0, gzip"]
        {
            assert!(takes(said), "{said}");
        }
        for said in
            ["", "br", "identity", "gzip;q=0", "gzip; Q=0.000", "*;q=0", "*, gzip;q=0", "gzip;q=x", "gzipped"]
        {
            assert!(!takes(said), "{said}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
