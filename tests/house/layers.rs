//! The table of architecture: nothing forbidden anywhere below levels 0 and 1, no forbidden direct dependency above.

use std::process::Command;

use millwright_tests::workspace;

/// A crate, what must be nowhere in its tree of normal dependencies, and the target it is asked for.
const ANYWHERE: &[(&str, &[&str])] = &[
    (
        "millwright-model",
        &["tokio", "sqlx", "tauri", "leptos", "rumqttc", "reqwest", "getrandom", "jiff", "chrono", "rand"],
    ),
    (
        "millwright-step-scene",
        &["tauri", "leptos", "tokio", "sqlx", "reqwest", "rumqttc", "wgpu", "millwright-scene"],
    ),
    (
        "millwright-methods",
        &[
            "millwright-model",
            "leptos",
            "tauri",
            "tokio",
            "sqlx",
            "getrandom",
            "rand",
            "jiff",
            "chrono",
            "good_lp",
            "highs",
            "microlp",
        ],
    ),
    ("millwright-charts", &["millwright-model", "leptos", "tauri", "tokio", "font-kit"]),
    ("millwright-local-db", &["tauri", "rumqttc", "leptos", "reqwest", "millwright-plant", "millwright-erp"]),
    ("millwright-plant", &["sqlx", "tauri", "leptos", "reqwest", "millwright-local-db", "millwright-erp"]),
    (
        "millwright-ledger-pg",
        &["tauri", "leptos", "axum", "rumqttc", "reqwest", "millwright-local-db", "millwright-engine"],
    ),
    (
        "millwright-vision",
        &["millwright-model", "tauri", "sqlx", "tokio", "leptos", "image", "reqwest", "rumqttc"],
    ),
    (
        "millwright-documents",
        &["tauri", "sqlx", "tokio", "leptos", "reqwest", "rumqttc", "millwright-local-db"],
    ),
    ("millwright-scene", &["millwright-model", "leptos", "tauri", "tokio", "sqlx", "reqwest", "rumqttc"]),
    (
        "millwright-team",
        &["sqlx", "tauri", "leptos", "tokio", "rustls", "axum", "rumqttc", "reqwest", "millwright-local-db"],
    ),
    (
        "millwright-sheet",
        &[
            "millwright-model",
            "sqlx",
            "tokio",
            "tauri",
            "leptos",
            "reqwest",
            "rumqttc",
            "chrono",
            "getrandom",
        ],
    ),
    (
        "millwright-paper",
        &[
            "millwright-model",
            "sqlx",
            "tokio",
            "tauri",
            "leptos",
            "reqwest",
            "rumqttc",
            "chrono",
            "getrandom",
        ],
    ),
    (
        "millwright-slides",
        &[
            "millwright-model",
            "sqlx",
            "tokio",
            "tauri",
            "leptos",
            "reqwest",
            "rumqttc",
            "chrono",
            "getrandom",
        ],
    ),
    (
        "millwright-manual",
        &["millwright-model", "tauri", "sqlx", "tokio", "leptos", "reqwest", "rumqttc", "millwright-paper"],
    ),
    ("millwright-cause", &["sqlx", "tauri", "leptos", "rumqttc", "reqwest", "millwright-local-db"]),
    (
        "millwright-mail",
        &[
            "sqlx",
            "tauri",
            "leptos",
            "rumqttc",
            "reqwest",
            "millwright-local-db",
            "millwright-plant",
            "millwright-erp",
        ],
    ),
    ("millwright-erp", &["sqlx", "tauri", "leptos", "rumqttc", "millwright-local-db", "millwright-plant"]),
    ("millwright-listen", &["millwright-model", "millwright-engine", "sqlx", "tauri", "leptos", "rumqttc"]),
];

/// A crate and what it must not name itself.
const DIRECTLY: &[(&str, &[&str])] = &[
    ("millwright-engine", &["tauri", "leptos", "sqlx", "rumqttc"]),
    ("millwright-demo", &["millwright-engine", "millwright-local-db", "tauri", "leptos"]),
    ("millwright-http", &["sqlx", "rumqttc", "tauri", "leptos", "reqwest", "millwright-local-db"]),
    ("millwright-ctl", &["sqlx", "rumqttc", "tauri", "leptos"]),
    (
        "millwright",
        &[
            "sqlx",
            "rumqttc",
            "leptos",
            "millwright-local-db",
            "millwright-plant",
            "millwright-erp",
            "millwright-mail",
        ],
    ),
];

fn tree(package: &str, more: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
        .args(["tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree -p {package}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn refuse(package: &str, known: &[String], forbidden: &[&str]) {
    let found: Vec<&&str> =
        forbidden.iter().filter(|name| known.iter().any(|known| known == **name)).collect();
    assert!(
        found.is_empty(),
        "{package} must not know {found:?}: see `cargo tree -p {package} -e normal -i {found:?}`"
    );
}

#[test]
fn the_rooms_below_know_nothing_forbidden_anywhere_in_their_tree() {
    for (package, forbidden) in ANYWHERE {
        refuse(package, &tree(package, &[]), forbidden);
    }
}

#[test]
fn the_screens_know_neither_the_shell_nor_the_store_nor_threads() {
    let known = tree("millwright-ui", &["--target", "wasm32-unknown-unknown"]);
    refuse(
        "millwright-ui",
        &known,
        &[
            "tauri",
            "sqlx",
            "rumqttc",
            "reqwest",
            "tokio",
            "schemars",
            "millwright-engine",
            "millwright-local-db",
            "millwright-scene",
        ],
    );
}

#[test]
fn the_stage_knows_the_scene_and_nothing_of_the_plant() {
    let known = tree("millwright-stage3d", &["--target", "wasm32-unknown-unknown"]);
    assert!(known.iter().any(|name| name == "millwright-scene"), "it draws the scene");
    refuse(
        "millwright-stage3d",
        &known,
        &["leptos", "tauri", "tokio", "sqlx", "rumqttc", "reqwest", "millwright-model", "millwright-ui"],
    );
}

#[test]
fn the_rooms_above_name_nothing_forbidden_themselves() {
    for (package, forbidden) in DIRECTLY {
        refuse(package, &tree(package, &["--depth", "1"]), forbidden);
    }
}

#[test]
fn an_edge_node_builds_without_a_solver_and_can_be_built_with_one() {
    refuse("millwright-ctl", &tree("millwright-ctl", &[]), &["good_lp", "highs", "highs-sys", "microlp"]);
    refuse("millwright", &tree("millwright", &[]), &["good_lp", "highs", "highs-sys", "microlp"]);
    let with = tree("millwright-ctl", &["--features", "solver"]);
    assert!(["highs-sys", "microlp"].iter().all(|name| with.iter().any(|known| known == name)), "{with:?}");
}

#[test]
fn nobody_knows_the_tests_and_the_tasks() {
    for (package, _) in ANYWHERE.iter().chain(DIRECTLY) {
        refuse(package, &tree(package, &[]), &["millwright-tests", "xtask"]);
    }
}
