//! The doors of the fuzz targets to the parsers of this room. Not for anybody else.

/// A line through the local door, of either side.
pub fn door_line(line: &str) {
    crate::door::fuzzed(line);
}
