//! What TLS refuses: the other side's certificate, ours, or the whole talk.

use millwright_model::Cause;
use rustls::{AlertDescription, CertificateError, Error};

/// The cause behind an error of TLS.
pub(crate) fn of_tls(error: &Error) -> Cause {
    match error {
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Cause::CertificateName,
        Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => Cause::CertificateDates,
        Error::InvalidCertificate(_) => Cause::CertificateUntrusted,
        Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied
            | AlertDescription::HandshakeFailure,
        ) => Cause::OwnCertificate,
        _ => Cause::NotEncrypted,
    }
}
