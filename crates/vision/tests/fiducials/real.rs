//! Data that others made, where it is there.

use std::path::PathBuf;

/// Where the data sets are, if they are there.
pub fn data(folder: &str) -> Option<PathBuf> {
    let given = std::env::var_os("MILLWRIGHT_TEST_DATA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let above = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let found =
        given.into_iter().chain([beside(), above()]).map(|data| data.join(folder)).find(|path| path.is_dir());
    if found.is_none() {
        println!("SKIPPED: {folder} is not there");
    }
    found
}
