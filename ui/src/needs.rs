//! What needs a person in a few words, with the name of the link that it concerns.

use millwright_model::{DeliveryTarget, SyncState};

use crate::text;
use crate::words;

/// How what needs a person is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing does.
    Nothing,
    /// All of it is the ERP's: its own chip says so.
    AtErp(String),
    /// In a chip of its own.
    Apart(String),
}

/// What is said of what needs a person.
pub(crate) fn said(sync: &SyncState) -> Said {
    let needs = sync.needs;
    // A member of a team has no link to the ERP whose chip could say it.
    let has_erp = sync.team.is_none();
    let of = |name: &str, count| text::chip_needs_at(name, text::chip_needs_you(count));
    match (needs.erp, needs.broker, needs.mail, needs.team) {
        (0, 0, 0, 0) => Said::Nothing,
        (erp, 0, 0, 0) if has_erp => Said::AtErp(text::chip_needs_you(erp)),
        (erp, 0, 0, 0) => Said::Apart(of(words::target(DeliveryTarget::Erp), erp)),
        (0, broker, 0, 0) => Said::Apart(of(words::target(DeliveryTarget::Broker), broker)),
        (0, 0, mail, 0) => Said::Apart(of(words::target(DeliveryTarget::Mail), mail)),
        (0, 0, 0, team) => Said::Apart(of(text::chip_team(), team)),
        _ => Said::Apart(text::chip_needs_you(sync.needs_you)),
    }
}

#[cfg(test)]
mod tests {
    use millwright_model::{LinkState, Needs};

    use super::*;

    fn state(erp: i64, broker: i64, mail: i64, team: i64) -> SyncState {
        let needs = Needs { erp, broker, mail, team };
        SyncState { needs, needs_you: erp + broker + mail + team, ..SyncState::default() }
    }

    #[test]
    fn the_link_that_needs_a_person_is_named_and_a_mixture_names_none() {
        let apart = |words: &str| Said::Apart(words.to_owned());
        assert_eq!(said(&state(0, 0, 0, 0)), Said::Nothing);
        assert_eq!(said(&state(2, 0, 0, 0)), Said::AtErp("2 need you".to_owned()));
        assert_eq!(said(&state(0, 1, 0, 0)), apart("Plant broker: 1 needs you"));
        assert_eq!(said(&state(0, 0, 1, 0)), apart("E-mail: 1 needs you"));
        assert_eq!(said(&state(0, 0, 0, 3)), apart("Team: 3 need you"));
        assert_eq!(said(&state(1, 0, 1, 0)), apart("2 need you"));
    }

    #[test]
    fn a_member_of_a_team_reads_of_the_erp_apart_from_its_node() {
        let member = SyncState { team: Some(LinkState::Connecting), ..state(1, 0, 0, 0) };
        assert_eq!(said(&member), Said::Apart("ERP: 1 needs you".to_owned()));
    }
}
