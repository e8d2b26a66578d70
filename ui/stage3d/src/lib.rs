//! Machines on a canvas: the second output for the webview. The screens load it when a machine is to be seen, and talk
//! to it in JSON; what is pure builds and is tested on the host.
#![forbid(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]
// Away from the webview only the tests use the pure modules.
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(dead_code, reason = "the stage that uses them builds for wasm32")
)]

mod told;

#[cfg(target_arch = "wasm32")]
mod kept;
#[cfg(target_arch = "wasm32")]
mod stage;
#[cfg(target_arch = "wasm32")]
mod watch;

#[cfg(target_arch = "wasm32")]
pub use stage::Stage;

/// Makes faults of ours heard where the webview's own console and tests hear them.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|fault| watch::report(&fault.to_string())));
}
