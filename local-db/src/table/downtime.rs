//! When machines stood still.

use millwright_model::Entity;

use super::{Kind, Table};

pub(super) const TABLE: Table = Table {
    entity: Entity::Downtime,
    columns: &[
        ("downtime_id", Kind::Text),
        ("asset_id", Kind::Reference),
        ("from_at", Kind::Integer),
        ("to_at", Kind::Integer),
        ("reason_code", Kind::Text),
        ("reason_text", Kind::Text),
        ("recorded_by", Kind::Reference),
    ],
};
