//! STL: both forms, both ways up, and what is refused.

use millwright_scene::import::{ImportFault, LengthUnit, Limits, StlReading, UpAxis, read, read_stl};

const TEXT: &str = "solid plate
  facet normal 0 0 1
    outer loop
      vertex 0 0 0
      vertex 100 0 0
      vertex 0 50 0
    endloop
  endfacet
endsolid plate
";

fn binary(corners: &[[f32; 3]]) -> Vec<u8> {
    let mut bytes = vec![b' '; 80];
    bytes[..5].copy_from_slice(b"solid");
    bytes.extend((corners.len() as u32 / 3).to_le_bytes());
    for triangle in corners.chunks(3) {
        bytes.extend([0; 12]);
        bytes.extend(triangle.iter().flatten().flat_map(|number| number.to_le_bytes()));
        bytes.extend([0; 2]);
    }
    bytes
}

fn says(text: &str) -> String {
    read_stl(text.as_bytes(), "part", &StlReading::default(), &Limits::default()).unwrap_err().to_string()
}

#[test]
fn millimetres_become_metres_and_z_becomes_up() {
    let model = read(TEXT.as_bytes(), "part", &StlReading::default()).unwrap().model;
    let part = &model.parts()[0];
    assert_eq!(part.name, "plate");
    let long = part.parent_from_part.affine().transform_point3(glam::Vec3::new(100.0, 0.0, 10.0));
    assert!(long.abs_diff_eq(glam::Vec3::new(0.1, 0.01, 0.0), 1e-6), "{long}");
}

#[test]
fn a_file_that_has_y_up_in_inches_is_taken_as_it_says() {
    let reading = StlReading { unit: LengthUnit::Inch, up: UpAxis::Y };
    let model = read(TEXT.as_bytes(), "part", &reading).unwrap().model;
    let long = model.parts()[0].parent_from_part.affine().transform_point3(glam::Vec3::X);
    assert!(long.abs_diff_eq(glam::Vec3::X * 0.0254, 1e-6), "{long}");
}

#[test]
fn a_binary_file_that_begins_with_the_word_of_the_text_form_is_binary() {
    let bytes = binary(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
    let model = read(&bytes, "part", &StlReading::default()).unwrap().model;
    assert_eq!((model.drawn_triangles(), model.parts()[0].name.as_str()), (1, "part"));
}

#[test]
fn several_bodies_become_as_many_parts() {
    let model = read(TEXT.repeat(3).as_bytes(), "three", &StlReading::default()).unwrap().model;
    assert_eq!(model.parts().len(), 4, "three bodies on one part that turns them upright");
}

#[test]
fn what_is_wrong_in_a_text_is_said_with_its_line() {
    assert_eq!(says(&TEXT.replace("100 0 0", "100 x 0")), "line 5: a corner is not three numbers");
    assert_eq!(says(&TEXT.replace("100 0 0", "inf 0 0")), "line 5: a corner is not a finite number");
    assert_eq!(says(&TEXT.replace("      vertex 0 50 0\n", "")), "line 6: a triangle with 2 corners");
    assert_eq!(says(&TEXT.replace("endsolid plate", "")), "the end: «plate» is not closed by endsolid");
    assert_eq!(says(&TEXT.replace("endloop", "endlop")), "line 7: «endlop» is no word of STL");
}

#[test]
fn what_is_wrong_in_a_binary_is_said_with_its_triangle() {
    let bytes = binary(&[[0.0; 3], [1.0, f32::NAN, 0.0], [0.0; 3]]);
    let fault = read_stl(&bytes, "part", &StlReading::default(), &Limits::default()).unwrap_err();
    assert_eq!(fault.to_string(), "triangle 0: a corner is not a finite number");
    let mut short = binary(&[[0.0; 3]; 3]);
    short[..5].copy_from_slice(b"stone");
    short.truncate(100);
    let fault = read_stl(&short, "part", &StlReading::default(), &Limits::default()).unwrap_err();
    assert_eq!(fault.to_string(), "the header: it says 1 triangles, which 100 bytes do not hold");
}

#[test]
fn too_many_triangles_are_refused() {
    let bytes = binary(&[[0.0; 3]; 30]);
    let limits = Limits { triangles: 9, ..Limits::default() };
    let fault = read_stl(&bytes, "part", &StlReading::default(), &limits).unwrap_err();
    assert!(matches!(fault, ImportFault::TooMany { what: "triangles", count: 10, limit: 9, .. }), "{fault}");
}

#[test]
fn a_step_file_is_no_stl_and_says_how_to_convert_it() {
    let fault = read(b"ISO-10303-21;\nHEADER;", "part", &StlReading::default()).unwrap_err();
    assert!(fault.to_string().contains("FreeCAD"), "{fault}");
}
