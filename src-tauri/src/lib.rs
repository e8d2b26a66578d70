//! The desktop shell: a window, thin commands, and nothing that knows the domain.

mod bell;
mod commands;
mod sight;
mod start;
#[cfg(feature = "test-clock")]
mod test_face;
mod window;

pub use start::run;
