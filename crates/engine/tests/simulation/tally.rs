//! What happened over all seeds of a run: a trouble that never came about has proven nothing.

use std::collections::BTreeMap;
use std::sync::Mutex;

static HAPPENED: Mutex<BTreeMap<&'static str, usize>> = Mutex::new(BTreeMap::new());

/// What a run brings about, each of it.
const EXPECTED: [&str; 28] = [
    "a tablet kept copies of another one",
    "a tablet was lost for good",
    "a late message arrived",
    "a process died at a write",
    "a start found a failing disk",
    "a stick was carried",
    "a talk was refused by a disk",
    "a transaction was seen whole while it came",
    "a value gave way",
    "an act was refused by a disk",
    "an event was heard again",
    "an event was heard",
    "an event was refused",
    "an older tablet was updated",
    "the ERP changed an order",
    "the ERP lost an answer",
    "the ERP refused a step",
    "the ERP was away",
    "the broker's connection broke",
    "the node was updated",
    "written: hand-over",
    "written: hand-over read",
    "written: laid aside",
    "written: photo",
    "written: request",
    "written: shift entry",
    "written: taken back",
    "written: decided card",
];

/// This happened.
pub fn happened(what: &'static str) {
    *HAPPENED.lock().unwrap().entry(what).or_default() += 1;
}

/// All of it must have happened.
pub fn check() {
    let happened = HAPPENED.lock().unwrap();
    let never: Vec<_> = EXPECTED.iter().filter(|what| !happened.contains_key(**what)).collect();
    assert!(never.is_empty(), "it never came about: {never:?}, but {happened:#?}");
}
