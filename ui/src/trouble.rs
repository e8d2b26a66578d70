//! What went wrong with other systems in the person's language; the systems' own words stay beside it.

use millwright_model::{Cause, Delivery, LinkState, Side};

use crate::text;

/// Why; nothing where only the words of the other side tell.
pub(crate) fn sentence(cause: &Cause, said: &str) -> Option<String> {
    let words = match cause {
        Cause::NameNotFound => text::cause_name_not_found(),
        Cause::ConnectionRefused => text::cause_connection_refused(),
        Cause::NoRoute => text::cause_no_route(),
        Cause::TimedOut => text::cause_timed_out(),
        Cause::BrokeOff => text::cause_broke_off(),
        Cause::CertificateUntrusted => text::cause_certificate_untrusted(),
        Cause::CertificateName => text::cause_certificate_name(),
        Cause::CertificateDates => text::cause_certificate_dates(),
        Cause::OwnCertificate => text::cause_own_certificate(),
        Cause::NotEncrypted => text::cause_not_encrypted(),
        Cause::Credentials => text::cause_credentials(),
        Cause::NotAllowed => text::cause_not_allowed(),
        Cause::ClientId => text::cause_client_id(),
        Cause::ClientIdTaken => text::cause_client_id_taken(),
        Cause::NotUnderstood => text::cause_not_understood(),
        Cause::Version => text::cause_version(),
        Cause::ServerFailed { status } => return Some(text::cause_server_failed(status)),
        Cause::Busy => text::cause_busy(),
        Cause::TooLarge => text::cause_too_large(),
        Cause::Settings => text::cause_settings(),
        Cause::SaysNo => return Some(text::cause_says_no(said)),
        Cause::ChangedThere { by: None } => text::cause_changed(),
        Cause::ChangedThere { by: Some(by) } => return Some(text::cause_changed_by(by)),
        Cause::CannotTell => text::cause_cannot_tell(),
        Cause::GivenUp { by, reason } => return Some(text::cause_given_up(by, reason)),
        Cause::Undone => text::cause_undone(),
        Cause::Decided { by, keep: Side::Ours } => return Some(text::cause_decided_ours(by)),
        Cause::Decided { by, keep: Side::Theirs } => return Some(text::cause_decided_theirs(by)),
        Cause::DecidedMeanwhile => text::cause_decided_meanwhile(),
        Cause::WithNode => text::cause_with_node(),
        Cause::Other => return None,
    };
    Some(words.to_owned())
}

/// Why, or the words of the other side where only they tell.
pub(crate) fn why(cause: &Cause, said: &str) -> String {
    sentence(cause, said).unwrap_or_else(|| text::in_brackets(said))
}

/// Whether the sentence leaves out what somebody who looks after the systems wants to read.
fn leaves_words(cause: &Cause) -> bool {
    match cause {
        Cause::SaysNo
        | Cause::GivenUp { .. }
        | Cause::Undone
        | Cause::Decided { .. }
        | Cause::DecidedMeanwhile
        | Cause::WithNode => false,
        Cause::NameNotFound
        | Cause::ConnectionRefused
        | Cause::NoRoute
        | Cause::TimedOut
        | Cause::BrokeOff
        | Cause::CertificateUntrusted
        | Cause::CertificateName
        | Cause::CertificateDates
        | Cause::OwnCertificate
        | Cause::NotEncrypted
        | Cause::Credentials
        | Cause::NotAllowed
        | Cause::ClientId
        | Cause::ClientIdTaken
        | Cause::NotUnderstood
        | Cause::Version
        | Cause::ServerFailed { .. }
        | Cause::Busy
        | Cause::TooLarge
        | Cause::Settings
        | Cause::ChangedThere { .. }
        | Cause::CannotTell
        | Cause::Other => true,
    }
}

/// What went wrong with a delivery, and the technical words for it where there are more.
pub(crate) fn of_delivery(delivery: &Delivery) -> Option<(String, Option<String>)> {
    let said = delivery.error.clone()?;
    // An older version kept words alone.
    let Some(cause) = &delivery.cause else { return Some((said, None)) };
    let sentence = sentence(cause, &said).unwrap_or_else(|| text::cause_other().to_owned());
    Some((sentence, leaves_words(cause).then_some(said)))
}

/// Why a link does not work, and the technical words for it.
pub(crate) fn of_link(link: &LinkState) -> Option<(String, String)> {
    let LinkState::Down { problem, cause, .. } = link else { return None };
    let sentence = sentence(cause, problem).unwrap_or_else(|| text::cause_other().to_owned());
    Some((sentence, problem.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_quoted_and_a_library_is_not() {
        let quoted = sentence(&Cause::SaysNo, "the period is closed");
        assert_eq!(quoted.as_deref(), Some("It says: «the period is closed»"));
        let said = "Connection refused (os error 111)";
        assert!(!sentence(&Cause::ConnectionRefused, said).unwrap_or_default().contains("os error"));
        assert_eq!(why(&Cause::Other, said), "(Connection refused (os error 111))");
    }
}
