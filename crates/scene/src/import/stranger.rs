//! Kinds of files that people will bring and that are not read, each with a way out.

use super::ImportFault;

/// What a file of the kind begins with, its name, and what to do.
const KNOWN: &[(&[u8], &str, &str)] = &[
    (
        b"ISO-10303-21",
        "STEP (ISO 10303-21)",
        "It holds exact surfaces instead of triangles: open it in FreeCAD or in CAD Assistant of Open CASCADE and \
         export it as glTF binary (.glb), with a deviation of about 0.1 mm; on the command line `gmsh -2 part.step -o \
         part.stl` makes an STL of one part.",
    ),
    (b"Kaydara FBX Binary", "FBX", "Open it in Blender and export it as glTF binary (.glb)."),
    (
        b"PK\x03\x04",
        "An archive (as 3MF is one)",
        "Open it in FreeCAD or Blender and export it as glTF binary (.glb).",
    ),
    (b"HSF V", "HSF", "Export it as glTF binary (.glb) from the program that wrote it."),
    (b"Version 8", "JT", "Open it in CAD Assistant of Open CASCADE and export it as glTF binary (.glb)."),
    (b"Version 9", "JT", "Open it in CAD Assistant of Open CASCADE and export it as glTF binary (.glb)."),
    (b"Version 10", "JT", "Open it in CAD Assistant of Open CASCADE and export it as glTF binary (.glb)."),
    (b"ply\n", "PLY", "Open it in Blender and export it as glTF binary (.glb) or STL."),
    (b"ply\r\n", "PLY", "Open it in Blender and export it as glTF binary (.glb) or STL."),
];
/// How far into a text its kind shows.
const LOOKED_AT_BYTES: usize = 4_096;

/// Refuses what is known by its first bytes and not read.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), ImportFault> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let head = bytes.get(start..).unwrap_or_default();
    let head = head.get(..LOOKED_AT_BYTES).unwrap_or(head);
    if let Some((_, format, advice)) = KNOWN.iter().find(|(mark, ..)| head.starts_with(mark)) {
        return Err(ImportFault::Stranger { format, advice });
    }
    let holds = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    if head.starts_with(b"<") && holds(b"<COLLADA") {
        let advice = "Open it in Blender and export it as STL or as glTF binary (.glb).";
        return Err(ImportFault::Stranger { format: "COLLADA (.dae)", advice });
    }
    if head.starts_with(b"<") && holds(b"<robot") {
        let advice = "A robot's description is read together with the STL files of its links, not alone.";
        return Err(ImportFault::Stranger { format: "URDF alone", advice });
    }
    if head.starts_with(b"v ") || holds(b"\nv ") && holds(b"\nf ") {
        let advice = "Open it in Blender or FreeCAD and export it as glTF binary (.glb).";
        return Err(ImportFault::Stranger { format: "OBJ", advice });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(bytes: &[u8]) -> String {
        refuse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_step_file_is_refused_with_the_programs_that_convert_it() {
        let said = says(b"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('pump'),'2;1');");
        assert!(said.starts_with("STEP (ISO 10303-21) is not read here."), "{said}");
        for tool in ["FreeCAD", "CAD Assistant", "gmsh"] {
            assert!(said.contains(tool), "{tool} is not named: {said}");
        }
    }

    #[test]
    fn other_exchange_formats_are_called_by_their_names() {
        for (bytes, name) in [
            (b"Kaydara FBX Binary  \x00".as_slice(), "FBX"),
            (b"<?xml version=\"1.0\"?>\n<COLLADA>", "COLLADA"),
            (b"v 0 0 0\nv 1 0 0\nf 1 2 3\n", "OBJ"),
            (b"<robot name=\"r\">", "URDF"),
        ] {
            assert!(says(bytes).starts_with(name), "{name}: {}", says(bytes));
        }
    }

    #[test]
    fn an_stl_is_no_stranger() {
        assert_eq!(refuse(b"solid plate\n facet normal 0 0 1\n"), Ok(()));
    }
}
