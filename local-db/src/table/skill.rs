//! What people can be able to do.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::Skill,
    columns: &[("skill_id", Kind::Text), ("code", Kind::Text), ("name", Kind::Text)],
};
