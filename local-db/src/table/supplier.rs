//! Who delivers parts.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::Supplier,
    columns: &[("supplier_id", Kind::Text), ("number", Kind::Text), ("name", Kind::Text)],
};
