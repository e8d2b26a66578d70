//! People as records keep them: an id and a sealed name; who acted, and how sure that is.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{PersonId, TimestampMs};

/// What a person sees to, beside their own work.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// Their own work.
    #[default]
    Technician,
    /// That the work of all goes on: Today shows them what does not.
    Supervisor,
}

impl PersonRole {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Technician, Self::Supervisor];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Supervisor => "supervisor",
        }
    }
}

/// A person. What identifies them is sealed under a key of their own: deleting the key is the erasure.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub person_id: PersonId,
    /// Their name, sealed (see `engine::person_key`), in base64.
    pub sealed_name: String,
    /// Their number at the ERP, sealed, in base64.
    pub sealed_erp_number: Option<String>,
    /// The language they read, a BCP 47 tag.
    pub language: String,
    /// When they left; they stay for the history.
    pub left_at: Option<TimestampMs>,
    /// What they see to; nothing where nobody said so: their own work.
    #[serde(default)]
    pub role: Option<PersonRole>,
}
record!(Person, Person, person_id);

/// A person as screens show them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// Their id.
    pub person_id: PersonId,
    /// Their name; nothing when their key was deleted.
    pub name: Option<String>,
    /// Their number at the ERP.
    pub erp_number: Option<String>,
    /// The language they read.
    pub language: String,
    /// What they see to.
    #[serde(default)]
    pub role: PersonRole,
}

/// What kind of actor an op has.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A named person.
    Person,
    /// A rule that people approved.
    Rule,
    /// An ERP system, by a pull.
    Erp,
    /// Millwright itself.
    System,
    /// Somebody who gave no name.
    Unnamed,
}

/// How the actor showed who they are.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// Not at all.
    #[default]
    None,
    /// Picked on the device.
    Picked,
    /// By PIN.
    Pin,
    /// By passphrase.
    Passphrase,
    /// By badge.
    Badge,
    /// By a one-time card.
    Card,
    /// By an identity provider.
    Oidc,
}

/// Who acts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind.
    pub actor_kind: ActorKind,
    /// Which: a person's id, an ERP system's name, a rule's name.
    pub actor_id: Option<String>,
    /// How they showed it.
    pub assurance: Assurance,
    /// The second person of a two-person act.
    pub second_actor_id: Option<PersonId>,
    /// The token of the program that acted for them, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

impl Actor {
    /// A person picked on the device.
    pub fn picked(person_id: PersonId) -> Self {
        Self {
            actor_kind: ActorKind::Person,
            actor_id: Some(person_id.to_string()),
            assurance: Assurance::Picked,
            second_actor_id: None,
            via: None,
        }
    }

    /// The program with the token called `token`: for a person whom nobody saw, or for nobody.
    pub fn program(token: &str, person_id: Option<PersonId>) -> Self {
        Self {
            actor_kind: if person_id.is_some() { ActorKind::Person } else { ActorKind::Unnamed },
            actor_id: person_id.map(|person_id| person_id.to_string()),
            assurance: Assurance::None,
            second_actor_id: None,
            via: Some(token.to_owned()),
        }
    }

    /// A pull from the ERP system called `system`.
    pub fn erp(system: &str) -> Self {
        Self {
            actor_kind: ActorKind::Erp,
            actor_id: Some(system.to_owned()),
            assurance: Assurance::None,
            second_actor_id: None,
            via: None,
        }
    }

    /// The rule called `rule`, which people approved.
    pub fn rule(rule: &str) -> Self {
        Self {
            actor_kind: ActorKind::Rule,
            actor_id: Some(rule.to_owned()),
            assurance: Assurance::None,
            second_actor_id: None,
            via: None,
        }
    }

    /// A guest of a workshop, with a browser and no name.
    pub fn guest() -> Self {
        Self {
            actor_kind: ActorKind::Unnamed,
            actor_id: None,
            assurance: Assurance::None,
            second_actor_id: None,
            via: Some("guest by browser".to_owned()),
        }
    }

    /// Millwright itself.
    pub fn system() -> Self {
        Self {
            actor_kind: ActorKind::System,
            actor_id: None,
            assurance: Assurance::None,
            second_actor_id: None,
            via: None,
        }
    }

    /// The person, where the actor is one.
    pub fn person_id(&self) -> Option<PersonId> {
        match self.actor_kind {
            ActorKind::Person => self.actor_id.as_deref()?.parse().ok(),
            ActorKind::Rule | ActorKind::Erp | ActorKind::System | ActorKind::Unnamed => None,
        }
    }
}
