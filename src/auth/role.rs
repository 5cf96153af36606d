//! What somebody may see, in three steps, each of which includes those before it.

/// The role of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The organisation: who is who and who reports to whom.
    Reader,
    /// Contact data and activity too.
    Analyst,
    /// The operations of the service too.
    Admin,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 3] = [Self::Reader, Self::Analyst, Self::Admin];

    /// The role as it is written in a file of keys, in the claims of a token and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Analyst => "analyst",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether it sees how people are reached, by what they are let in, and what they do: phone numbers,
    /// extensions, meeting rooms, consent pages, trusted addresses, histories of settings, activity.
    pub fn sees_contact_data(self) -> bool {
        self >= Self::Analyst
    }

    /// Whether it sees how the service itself is doing.
    pub fn sees_operations(self) -> bool {
        self >= Self::Admin
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn each_role_includes_those_before_it() {
        let sees = Role::ALL.map(|role| (role.sees_contact_data(), role.sees_operations()));
        assert_eq!(sees, [(false, false), (true, false), (true, true)]);
    }

    #[test]
    fn names_are_found_to_the_letter() {
        for role in Role::ALL {
            assert_eq!(Role::of_name(role.as_str()), Some(role));
        }
        assert_eq!(Role::of_name("Admin"), None);
        assert_eq!(Role::of_name(""), None);
    }
}
