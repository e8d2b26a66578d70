//! When the plant's shifts begin.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::ShiftPattern,
    columns: &[("shift_pattern_id", Kind::Text), ("shifts", Kind::Json)],
};
