//! The same model, seed and trials give the same bits here and as wasm32, which runs in an interpreter.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot set up its world fails, or says why it is skipped"
)]

#[path = "same_bits/runs.rs"]
mod runs;

use wasmi::{Engine, Linker, Module, Store};

#[test]
fn runs_have_the_same_bits_as_on_wasm32() {
    let Some(path) = std::env::var_os("MILLWRIGHT_METHODS_WASM") else {
        eprintln!("SKIPPED: cargo xtask test says where the module for wasm32 is");
        return;
    };
    let engine = Engine::default();
    let module = Module::new(&engine, std::fs::read(path).unwrap()).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
    let told =
        instance.get_typed_func::<(), u64>(&store, "bits_of_runs").unwrap().call(&mut store, ()).unwrap();
    assert_ne!(told, 0, "the runs fail there");
    assert_eq!(told, runs::bits_of_runs());
}
