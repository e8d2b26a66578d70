//! The demo plant as a program.
fn main() {}
