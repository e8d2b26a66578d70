//! What people can do: skills, and how well each person has them.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{CivilDate, PersonId, SkillId, SkillLevelId};

/// Something a person can be able to do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Its id.
    pub skill_id: SkillId,
    /// What the plant calls it (`LOTO`).
    pub code: String,
    /// What it is.
    pub name: String,
}
record!(Skill, Skill, skill_id);

/// How well a person has a skill.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillLevel {
    /// Its id.
    pub skill_level_id: SkillLevelId,
    /// The person.
    pub person_id: PersonId,
    /// The skill.
    pub skill_id: SkillId,
    /// From 0 (not yet) by 1 (knows), 2 (does it with help) and 3 (does it alone) to 4 (teaches it).
    pub level: i64,
    /// The last day on which it counts; nothing where it does not end.
    pub valid_until: Option<CivilDate>,
}
record!(SkillLevel, SkillLevel, skill_level_id);

impl SkillLevel {
    /// The highest level.
    pub const LEVEL_MAX: i64 = 4;
}
