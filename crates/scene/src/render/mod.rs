//! The renderer: pipelines that live long, buffers that live as long as the model, and little that is written anew for
//! each frame. A frame that is the one before costs nothing.

mod backdrop;
#[cfg(target_arch = "wasm32")]
mod canvas;
mod fault;
mod globals;
mod gpu;
#[cfg(not(target_arch = "wasm32"))]
mod headless;
mod lines;
mod loaded;
mod marker;
mod outline;
mod part_table;
mod picture_array;
mod pipelines;
mod plan;
mod record;
mod select;
mod solid;
mod stage;
mod surface;
mod target;
mod vertex;

pub use backdrop::{Picture, Pixels};
pub use fault::StageFault;
#[cfg(not(target_arch = "wasm32"))]
pub use headless::Pixmap;
pub use pipelines::SHADERS;
pub use stage::{Drawn, Stage, Totals, Work};

use gpu::Gpu;
