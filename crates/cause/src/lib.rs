//! Why a talk with another host failed, read off typed errors: those of the system, of TLS, and of looking up a name.
//!
//! What a protocol itself says (a status, a reason code) is its adapter's matter.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod name;
mod tls;

use std::error::Error;
use std::io;

use millwright_model::{Cause, Trouble};

use self::name::NameNotFound;
#[cfg(feature = "http")]
pub use self::name::Names;
pub use self::name::connect;
use self::tls::of_tls;

/// The cause of `error`: the first definite word on the way down its chain of causes; something else where there is
/// none.
pub fn of(error: &(dyn Error + 'static)) -> Cause {
    search(error).unwrap_or_default()
}

/// What went wrong with `error`, in its own words.
pub fn trouble(error: &(dyn Error + 'static)) -> Trouble {
    Trouble::new(of(error), error.to_string())
}

fn search(error: &(dyn Error + 'static)) -> Option<Cause> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if cause.is::<NameNotFound>() {
            return Some(Cause::NameNotFound);
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(of_tls(tls));
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            // An error inside another one of the system is not among its causes.
            return match io.get_ref().and_then(|inner| search(inner)) {
                Some(found) => Some(found),
                None => of_kind(io.kind()).or_else(|| io.source().and_then(search)),
            };
        }
        next = cause.source();
    }
    None
}

fn of_kind(kind: io::ErrorKind) -> Option<Cause> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => Cause::ConnectionRefused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Cause::NoRoute,
        io::ErrorKind::TimedOut => Cause::TimedOut,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::NotConnected
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Cause::BrokeOff,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_first_definite_word_in_a_chain_counts() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(of(&io::Error::other(refused)), Cause::ConnectionRefused);
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, expired));
        assert_eq!(of(&wrapped), Cause::CertificateDates);
        assert_eq!(of(&io::Error::other("a tree fell on it")), Cause::Other);
    }

    #[tokio::test]
    async fn a_closed_port_and_an_unknown_name_are_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert_eq!(of(&connect(("127.0.0.1", port)).await.unwrap_err()), Cause::ConnectionRefused);
        // Names under `invalid` are nobody's (RFC 6761).
        assert_eq!(of(&connect(("no-such-host.invalid", port)).await.unwrap_err()), Cause::NameNotFound);
    }
}
