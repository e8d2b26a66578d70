//! Shapes: what holds for triangles wherever they come from.

mod bvh;
mod edges;
mod shape;
mod smooth;

pub(crate) use bvh::enters;
pub use bvh::{Bvh, Met};
pub use edges::{Edge, EdgeKind, edges};
pub use shape::{Shape, append, area, filled, placed};
pub use smooth::{crease_shaded, flat_shaded};
