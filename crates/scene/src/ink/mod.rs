//! Ink: flat shapes, lines and letters as triangles on the picture, each corner with a depth where it belongs to
//! something in the machine.

mod paint;
mod shape;
mod stroke;
mod words;

pub use paint::{Corner, Ink, Mode, Spot};
pub use shape::{circle, polygon, ring_arc, rounded_box};
pub use stroke::{Dash, Stroke, stroke};
pub use words::{Pen, Words, words};
