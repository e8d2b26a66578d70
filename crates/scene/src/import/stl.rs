//! STL: binary triangles, or the text form ([`super::stl_text`]); neither says its unit nor which way is up.

use glam::{Quat, Vec3};

use super::limits::{Limits, within};
use super::{ImportFault, Imported, Note, stl_text};
use crate::geometry::crease_shaded;
use crate::model::{Contents, Material, MaterialId, Mesh, MeshId, Model, Part, PartId, Pose, Surface};

const HEADER_BYTES: usize = 84;
const TRIANGLE_BYTES: usize = 50;
/// What stays visible as an edge of a turned or milled part, and what is the facet of a round one.
const CREASE_RAD: f32 = 0.6;
/// Grey of bare castings, as an STL has no colour.
const GREY: [f32; 4] = [0.42, 0.44, 0.46, 1.0];

/// The unit of lengths in a file that does not say it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// As most CAD programs write.
    Millimetre,
    /// As robots' descriptions want.
    Metre,
    /// As some American programs write.
    Inch,
}

impl LengthUnit {
    /// Metres of one.
    pub fn metres(self) -> f32 {
        match self {
            Self::Millimetre => 0.001,
            Self::Metre => 1.0,
            Self::Inch => 0.025_4,
        }
    }
}

/// Which way is up in a file that does not say it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum UpAxis {
    /// As in glTF.
    Y,
    /// As most CAD programs and robots' descriptions have it.
    Z,
}

impl UpAxis {
    /// How to turn what a file holds so that +Y is up.
    pub fn rotation(self) -> Quat {
        match self {
            Self::Y => Quat::IDENTITY,
            // Half a root of two, written out so that it is the same number everywhere.
            Self::Z => {
                Quat::from_xyzw(-std::f32::consts::FRAC_1_SQRT_2, 0.0, 0.0, std::f32::consts::FRAC_1_SQRT_2)
            }
        }
    }
}

/// How an STL is understood.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct StlReading {
    /// Its unit of length.
    pub unit: LengthUnit,
    /// What is up.
    pub up: UpAxis,
}

impl Default for StlReading {
    fn default() -> Self {
        Self { unit: LengthUnit::Millimetre, up: UpAxis::Z }
    }
}

/// One body of a file.
pub(super) struct Solid {
    pub(super) name: String,
    /// Three corners for each triangle, in the file's unit.
    pub(super) corners: Vec<Vec3>,
}

/// Reads an STL; a text file with several bodies becomes as many parts.
///
/// # Errors
/// When it is damaged or beyond the limits; the fault names the triangle or the line.
pub fn read_stl(
    bytes: &[u8],
    name: &str,
    reading: &StlReading,
    limits: &Limits,
) -> Result<Imported, ImportFault> {
    let solids = solids(bytes, name, limits)?;
    let several = solids.len() > 1;
    let upright =
        Pose { rotation: reading.up.rotation(), scale: Vec3::splat(reading.unit.metres()), ..Pose::IDENTITY };
    let mut contents = Contents { name: name.to_owned(), materials: vec![grey()], ..Contents::default() };
    if several {
        contents.parts.push(Part { name: name.to_owned(), parent_from_part: upright, ..Part::default() });
    }
    let mut notes = Vec::new();
    for solid in solids {
        let surface = surface(&solid.corners, Some(MaterialId(0)));
        if surface.triangles.is_empty() {
            notes.push(Note::NoTriangles { at: format!("solid «{}»", solid.name) });
            continue;
        }
        let mesh = MeshId::at(contents.meshes.len());
        contents.meshes.push(Mesh { name: solid.name.clone(), surfaces: vec![surface] });
        contents.parts.push(Part {
            name: solid.name,
            parent: several.then_some(PartId(0)),
            parent_from_part: if several { Pose::IDENTITY } else { upright },
            mesh: Some(mesh),
            ..Part::default()
        });
    }
    if contents.meshes.is_empty() {
        return Err(ImportFault::Nothing);
    }
    Ok(Imported { model: Model::of(contents)?, notes })
}

/// The bodies of a file.
pub(super) fn solids(bytes: &[u8], name: &str, limits: &Limits) -> Result<Vec<Solid>, ImportFault> {
    limits.bytes_fit(bytes.len())?;
    // Some binary files begin with the word of the text form: only the length tells them apart.
    let count =
        bytes.get(80..).and_then(|rest| rest.first_chunk::<4>()).map(|count| u32::from_le_bytes(*count));
    let is_binary = count.is_some_and(|count| {
        bytes.len() as u64 == HEADER_BYTES as u64 + u64::from(count) * TRIANGLE_BYTES as u64
    });
    if is_binary {
        let corners = binary(bytes, limits)?;
        return Ok(vec![Solid { name: name.to_owned(), corners }]);
    }
    if bytes.trim_ascii_start().starts_with(b"solid") {
        return stl_text::solids(bytes, name, limits);
    }
    match count {
        Some(count) => Err(ImportFault::damaged(
            "the header",
            format!("it says {count} triangles, which {} bytes do not hold", bytes.len()),
        )),
        None => Err(ImportFault::Unknown),
    }
}

fn binary(bytes: &[u8], limits: &Limits) -> Result<Vec<Vec3>, ImportFault> {
    let triangles = bytes.get(HEADER_BYTES..).unwrap_or_default().chunks_exact(TRIANGLE_BYTES);
    within("the file", "triangles", triangles.len() as u64, limits.triangles as u64)?;
    let mut corners = Vec::with_capacity(triangles.len() * 3);
    for (index, triangle) in triangles.enumerate() {
        // The normal that stands first is often wrong or zero: it is worked out from the corners.
        for corner in triangle.get(12..48).unwrap_or_default().chunks_exact(12) {
            let mut numbers = corner
                .chunks_exact(4)
                .filter_map(|number| number.first_chunk::<4>())
                .map(|number| f32::from_le_bytes(*number));
            let mut next = || numbers.next().unwrap_or(f32::NAN);
            let point = Vec3::new(next(), next(), next());
            if !point.is_finite() {
                return Err(ImportFault::damaged(
                    format!("triangle {index}"),
                    "a corner is not a finite number",
                ));
            }
            corners.push(point);
        }
    }
    Ok(corners)
}

/// Loose triangles as a surface, smooth up to a crease.
pub(super) fn surface(corners: &[Vec3], material: Option<MaterialId>) -> Surface {
    let count = u32::try_from(corners.len() / 3).unwrap_or(0);
    let loose = Surface {
        positions: corners.to_vec(),
        triangles: (0..count).map(|index| [index * 3, index * 3 + 1, index * 3 + 2]).collect(),
        material,
        ..Surface::default()
    };
    crease_shaded(&loose, CREASE_RAD)
}

/// What an STL is made of, as it does not say.
pub(super) fn grey() -> Material {
    Material {
        name: "grey".to_owned(),
        base_color: GREY,
        metallic: 0.0,
        roughness: 0.6,
        // Many writers turn some triangles the wrong way round.
        double_sided: true,
        ..Material::default()
    }
}
