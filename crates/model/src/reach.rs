//! How far a command reaches: whether it changes what is kept, and whether programs may give it over a network.

use crate::COMMAND_REACHES;

/// What a command does to what is kept, and who may give it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It writes nothing: neither an op nor a row.
    Reads,
    /// It changes something.
    Changes,
    /// It is given at the device itself and never over a network.
    Closed(WhyClosed),
}

impl Reach {
    /// The reach of the command called `name`; nothing where there is none.
    pub fn of(name: &str) -> Option<Self> {
        COMMAND_REACHES.iter().find(|(known, _)| *known == name).map(|(_, reach)| *reach)
    }
}

/// Why a command is never given over a network.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyClosed {
    /// It tells or takes addresses, accounts and secrets of other systems.
    #[error("how this device reaches other systems is set up at the device itself")]
    Connections,
    /// It handles keys and rights of the team's devices.
    #[error("who belongs to the team is decided at a device of the team")]
    Team,
    /// It handles the rights of programs.
    #[error("tokens are made and taken back at the device itself")]
    Tokens,
    /// It reads, writes or opens files of this machine.
    #[error("it is about files of this machine")]
    FilesHere,
    /// It sets this device up.
    #[error("this device is set up at the device itself")]
    SetUp,
    /// It is about the person who holds this device.
    #[error("it is about the person who holds this device")]
    Holder,
    /// It steers what the window of this device hears.
    #[error("it is about the window of this device")]
    Window,
}

/// Beside its name every command says `reads`, `changes` or `closed(why)`: see [`Reach`].
macro_rules! reach {
    (reads) => {
        Reach::Reads
    };
    (changes) => {
        Reach::Changes
    };
    (closed($why:ident)) => {
        Reach::Closed(WhyClosed::$why)
    };
}
pub(crate) use reach;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_keys_and_files_are_closed_to_the_network() {
        for name in ["erp_connection_save", "team_invite", "token_create", "file_save", "demo_start"] {
            assert!(matches!(Reach::of(name), Some(Reach::Closed(_))), "{name}");
        }
        assert_eq!(Reach::of("today_show"), Some(Reach::Reads));
        assert_eq!(Reach::of("work_order_close"), Some(Reach::Changes));
        assert_eq!(Reach::of("no_such_command"), None);
    }
}
