//! How well each person has a skill.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::SkillLevel,
    columns: &[
        ("skill_level_id", Kind::Text),
        ("person_id", Kind::Reference),
        ("skill_id", Kind::Text),
        ("level", Kind::Integer),
        ("valid_until", Kind::Text),
    ],
};
