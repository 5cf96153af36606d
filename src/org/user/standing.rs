//! What a user is and whether the user is active, in one byte.

use super::UserKind;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    ActivePerson,
    InactivePerson,
    ActiveAvatar,
    InactiveAvatar,
}

impl Standing {
    pub(super) fn of(kind: UserKind, active: bool) -> Self {
        match (kind, active) {
            (UserKind::Person, true) => Self::ActivePerson,
            (UserKind::Person, false) => Self::InactivePerson,
            (UserKind::Avatar, true) => Self::ActiveAvatar,
            (UserKind::Avatar, false) => Self::InactiveAvatar,
        }
    }

    pub(super) fn kind(self) -> UserKind {
        match self {
            Self::ActivePerson | Self::InactivePerson => UserKind::Person,
            Self::ActiveAvatar | Self::InactiveAvatar => UserKind::Avatar,
        }
    }

    pub(super) fn active(self) -> bool {
        matches!(self, Self::ActivePerson | Self::ActiveAvatar)
    }
}
