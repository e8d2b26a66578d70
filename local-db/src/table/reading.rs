//! Values read by people: append-only.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::Reading,
    columns: &[
        ("reading_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("work_order_id", Kind::Text),
        ("name", Kind::Text),
        ("value", Kind::Real),
        ("unit", Kind::Text),
        ("corrects", Kind::Text),
        ("reason", Kind::Text),
        ("read_at", Kind::Integer),
        ("read_by", Kind::Text),
    ],
};
