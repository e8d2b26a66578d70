//! The desktop shell: a window, thin commands, and nothing that knows the domain.

mod commands;
mod start;
mod window;

pub use start::run;
