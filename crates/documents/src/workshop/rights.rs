//! Who may write where, as a board's grants say. Rights only grow: see the area of grants.

use std::collections::BTreeSet;

use millwright_model::{ParticipantId, WorkshopDevice, WorkshopRole};

use super::layout::{Grant, Writers};

/// All grants.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rights {
    grants: BTreeSet<Grant>,
}

impl Rights {
    pub(crate) fn add(&mut self, grant: Grant) {
        self.grants.insert(grant);
    }

    pub(crate) fn has_facilitator(&self) -> bool {
        self.grants.iter().any(|grant| matches!(grant, Grant::Facilitator(_)))
    }

    pub(crate) fn participants(&self) -> impl Iterator<Item = ParticipantId> {
        self.grants.iter().filter_map(|grant| match grant {
            Grant::Part(participant) => Some(*participant),
            _ => None,
        })
    }

    pub(crate) fn has_part(&self, participant: ParticipantId) -> bool {
        self.grants.contains(&Grant::Part(participant))
    }

    pub(crate) fn devices(&self) -> impl Iterator<Item = (WorkshopDevice, ParticipantId)> {
        self.grants.iter().filter_map(|grant| match grant {
            Grant::Device(device, participant) => Some((*device, *participant)),
            _ => None,
        })
    }

    pub(crate) fn devices_of(&self, participant: ParticipantId) -> Vec<WorkshopDevice> {
        self.devices().filter(|(_, of)| *of == participant).map(|(device, _)| device).collect()
    }

    pub(crate) fn entered_by(&self, participant: ParticipantId) -> Vec<ParticipantId> {
        let of = |grant: &Grant| match grant {
            Grant::Hands(of, by) if *of == participant => Some(*by),
            _ => None,
        };
        self.grants.iter().filter_map(of).collect()
    }

    pub(crate) fn role(&self, participant: ParticipantId) -> WorkshopRole {
        if self.grants.contains(&Grant::Facilitator(participant)) {
            WorkshopRole::Facilitator
        } else if self.grants.contains(&Grant::Member(participant)) {
            WorkshopRole::Member
        } else {
            WorkshopRole::Guest
        }
    }

    pub(crate) fn is_known(&self, device: WorkshopDevice) -> bool {
        self.devices().any(|(known, _)| known == device)
    }

    /// The highest role of those for whom a device writes.
    pub(crate) fn role_of_device(&self, device: WorkshopDevice) -> Option<WorkshopRole> {
        self.devices()
            .filter(|(known, _)| *known == device)
            .map(|(_, participant)| self.role(participant))
            .max()
    }

    /// Whether a device may write for a participant: it is theirs, or of somebody who enters for them.
    pub(crate) fn writes_for(&self, device: WorkshopDevice, participant: ParticipantId) -> bool {
        self.devices()
            .filter(|(known, _)| *known == device)
            .any(|(_, own)| own == participant || self.grants.contains(&Grant::Hands(participant, own)))
    }

    pub(crate) fn allows(&self, device: WorkshopDevice, writers: Writers) -> bool {
        let role = self.role_of_device(device);
        match writers {
            Writers::Facilitators => role >= Some(WorkshopRole::Facilitator),
            Writers::Members | Writers::OwnNotes => role >= Some(WorkshopRole::Member),
            Writers::Of(participant) => self.writes_for(device, participant) && self.has_part(participant),
        }
    }
}
