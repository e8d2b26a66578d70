//! Where the servers of a ledger are: one address, or several of which one takes writes at a time.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// The most servers that one ledger has.
const SERVERS_MAX: usize = 8;

/// Addresses of the servers, `postgres://user@host/database?sslmode=verify-full,postgres://…`.
///
/// Passwords come from a file that `PGPASSFILE` names, or from `~/.pgpass`, never from here.
#[derive(Clone, Debug)]
pub struct LedgerAddress {
    pub(crate) servers: Vec<PgConnectOptions>,
    text: String,
}

/// Why an address is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It is none.
    #[error(
        "«{given}» is no address of a PostgreSQL server ({reason}); wanted is postgres://user@host/database"
    )]
    Unreadable {
        /// What was given.
        given: String,
        /// Why.
        reason: String,
    },
    /// It holds a password, which would be seen in lists of processes and in backups.
    #[error(
        "the address of «{host}» holds a password: put it in the file that PGPASSFILE names, or in ~/.pgpass"
    )]
    HoldsPassword {
        /// The server.
        host: String,
    },
    /// What leaves the machine is encrypted, and the other side is who it says it is.
    #[error(
        "the connection to «{host}» leaves this machine: add ?sslmode=verify-full to its address (and sslrootcert=FILE for an authority of your own)"
    )]
    NotEncrypted {
        /// The server.
        host: String,
    },
    /// There are too many.
    #[error("{count} servers are given; at most {SERVERS_MAX} are asked")]
    TooMany {
        /// How many.
        count: usize,
    },
}

impl LedgerAddress {
    /// The addresses as they were given.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for LedgerAddress {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > SERVERS_MAX {
            return Err(AddressFault::TooMany { count: parts.len() });
        }
        let servers = parts.iter().map(|part| server(part)).collect::<Result<Vec<_>, _>>()?;
        if servers.is_empty() {
            let (given, reason) = (text.to_owned(), "it is empty".to_owned());
            return Err(AddressFault::Unreadable { given, reason });
        }
        Ok(Self { servers, text: parts.join(",") })
    }
}

fn server(text: &str) -> Result<PgConnectOptions, AddressFault> {
    let unreadable = |reason: String| AddressFault::Unreadable { given: text.to_owned(), reason };
    let rest = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let rest = rest.ok_or_else(|| unreadable("it does not begin with postgres://".to_owned()))?;
    let options = PgConnectOptions::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    let host = options.get_host().to_owned();
    let user_info = rest.split(['/', '?']).next().unwrap_or_default().rsplit_once('@');
    let told_password = user_info.is_some_and(|(user, _)| user.contains(':'))
        || rest
            .split_once('?')
            .is_some_and(|(_, query)| query.split('&').any(|part| part.starts_with("password=")));
    if told_password {
        return Err(AddressFault::HoldsPassword { host });
    }
    let loopback = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
        || host.starts_with('/')
        || options.get_socket().is_some();
    if !loopback && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        return Err(AddressFault::NotEncrypted { host });
    }
    Ok(options.application_name("millwright"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> AddressFault {
        text.parse::<LedgerAddress>().unwrap_err()
    }

    #[test]
    fn servers_on_this_machine_and_verified_ones_elsewhere_are_taken() {
        let text =
            "postgres://mill@localhost/team, postgres://mill@db2.plant.example/team?sslmode=verify-full";
        let address: LedgerAddress = text.parse().unwrap();
        assert_eq!(address.servers.len(), 2);
        assert_eq!(address.servers[1].get_host(), "db2.plant.example");
    }

    #[test]
    fn a_password_in_an_address_is_refused() {
        let host = "localhost".to_owned();
        assert_eq!(
            fault("postgres://mill:secret@localhost/team"),
            AddressFault::HoldsPassword { host: host.clone() }
        );
        assert_eq!(fault("postgres://mill@localhost/team?password=x"), AddressFault::HoldsPassword { host });
    }

    #[test]
    fn what_leaves_the_machine_must_be_encrypted_and_verified() {
        let host = "db.plant.example".to_owned();
        assert_eq!(
            fault("postgres://mill@db.plant.example/team"),
            AddressFault::NotEncrypted { host: host.clone() }
        );
        let required = "postgres://mill@db.plant.example/team?sslmode=require";
        assert_eq!(fault(required), AddressFault::NotEncrypted { host });
    }

    #[test]
    fn what_is_no_address_is_named() {
        let given = "mysql://localhost/x".to_owned();
        let reason = "it does not begin with postgres://".to_owned();
        assert_eq!(fault("mysql://localhost/x"), AddressFault::Unreadable { given, reason });
        assert!(matches!(fault("  "), AddressFault::Unreadable { .. }));
        let many = ["postgres://mill@localhost/team"; 9].join(",");
        assert_eq!(fault(&many), AddressFault::TooMany { count: 9 });
    }
}
