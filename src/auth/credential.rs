//! The `Authorization` header, read.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret, SecretString};

use super::{Unauthenticated, keys::PREFIX};

/// The longest header that is read, in bytes. Tokens with many groups in them are a few thousand long.
const LONGEST: usize = 16 * 1024;

/// What somebody shows to be let in.
#[derive(Debug)]
pub(super) enum Credential {
    /// An API key of ours, by its prefix.
    Key(SecretString),
    /// A signed token, by its two dots.
    Token(SecretString),
}

/// Basic, from tools that pad and from those that don't.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Credential {
    /// Reads the value of an `Authorization` header: Bearer, or Basic with the credential as the password; the
    /// user's name says nothing.
    pub(super) fn read(authorization: &str) -> Result<Self, Unauthenticated> {
        if authorization.len() > LONGEST {
            return Err(Unauthenticated::Malformed("it is longer than 16 KiB"));
        }
        let (scheme, rest) = authorization
            .trim()
            .split_once(' ')
            .ok_or(Unauthenticated::Malformed("it must be `Bearer` or `Basic` and a credential"))?;
        let text = if scheme.eq_ignore_ascii_case("bearer") {
            SecretString::from(rest.trim())
        } else if scheme.eq_ignore_ascii_case("basic") {
            password(rest.trim())?
        } else {
            return Err(Unauthenticated::Malformed("the scheme must be Bearer or Basic"));
        };
        let shown = text.expose_secret();
        if shown.starts_with(PREFIX) {
            Ok(Self::Key(text))
        } else if shown.matches('.').count() == 2 {
            Ok(Self::Token(text))
        } else {
            Err(Unauthenticated::Malformed("it is neither an API key nor a signed token"))
        }
    }
}

fn password(encoded: &str) -> Result<SecretString, Unauthenticated> {
    let bytes =
        BASIC.decode(encoded).map_err(|_| Unauthenticated::Malformed("what follows `Basic` is no base64"))?;
    let text = String::from_utf8(bytes)
        .map(SecretString::from)
        .map_err(|_| Unauthenticated::Malformed("what follows `Basic` is no UTF-8"))?;
    match text.expose_secret().split_once(':') {
        Some((_, password)) => Ok(password.into()),
        None => Err(Unauthenticated::Malformed("what follows `Basic` has no colon in it")),
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};

    use super::*;

    fn read(header: &str) -> String {
        match Credential::read(header) {
            Ok(Credential::Key(key)) => format!("key {}", key.expose_secret()),
            Ok(Credential::Token(token)) => format!("token {}", token.expose_secret()),
            Err(Unauthenticated::Malformed(why)) => why.to_owned(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn both_schemes_carry_keys_and_tokens() {
        assert_eq!(read("Bearer orgraph_1"), "key orgraph_1");
        assert_eq!(read("bEARER   a.b.c "), "token a.b.c");
        for user in ["", "tableau", "jürgen", "orgraph_other"] {
            let pair = format!("{user}:orgraph_1");
            assert_eq!(read(&format!("Basic {}", BASE64_STANDARD.encode(&pair))), "key orgraph_1");
            assert_eq!(read(&format!("basic {}", BASE64_STANDARD_NO_PAD.encode(&pair))), "key orgraph_1");
        }
        // The first colon ends the name; the password may have more of them.
        assert_eq!(read(&format!("Basic {}", BASE64_STANDARD.encode("u:orgraph_1:2"))), "key orgraph_1:2");
    }

    #[test]
    fn what_is_no_credential_is_told_why() {
        let basic = |bytes: &[u8]| read(&format!("Basic {}", BASE64_STANDARD.encode(bytes)));
        for header in ["", " ", "Bearer", "orgraph_1", "Bearer "] {
            assert_eq!(read(header), "it must be `Bearer` or `Basic` and a credential", "{header:?}");
        }
        assert_eq!(read("Digest username=x"), "the scheme must be Bearer or Basic");
        assert_eq!(read("Basic not base64"), "what follows `Basic` is no base64");
        assert_eq!(basic(b"\xff\xfe:x"), "what follows `Basic` is no UTF-8");
        assert_eq!(basic(b"orgraph_1"), "what follows `Basic` has no colon in it");
        for password in ["", "hunter2", "päßwörd 🗝", "a.b", "a.b.c.d"] {
            assert_eq!(
                basic(format!("user:{password}").as_bytes()),
                "it is neither an API key nor a signed token"
            );
        }
        assert_eq!(read(&format!("Bearer {}", "a".repeat(LONGEST))), "it is longer than 16 KiB");
    }

    #[test]
    fn what_is_read_is_not_shown() {
        let shown = format!("{:?}", Credential::read("Bearer orgraph_canary").unwrap());
        assert!(!shown.contains("canary"), "{shown}");
    }
}
