//! The doors of the fuzz targets to the parsers of this room. Not for anybody else.

/// A line through the local door, of either side.
pub fn door_line(line: &str) {
    crate::door::fuzzed(line);
}

/// A file that somebody brings as a guide, in any of its formats.
pub fn guide_file(bytes: &[u8]) {
    crate::use_case::guide::fuzzed(bytes);
}

/// What a guest's browser sends.
pub fn guest_act(bytes: &[u8]) {
    crate::guests::fuzzed(bytes);
}

/// What is said over the plant's broker to the devices of a team, by whoever.
pub fn team_talk(bytes: &[u8]) {
    crate::together::fuzzed(bytes);
}
