//! URDF: the links of a robot, their visual shapes, and (in [`super::urdf_joint`]) the joints between them.

use std::collections::HashMap;

use glam::{DVec2, EulerRot, Quat, Vec3};
use roxmltree::{Document, Node, ParsingOptions};

use super::limits::{Limits, Tally, within};
use super::stl::{self, UpAxis};
use super::urdf_joint::{self, Tree};
use super::{ImportFault, Imported, Note};
use crate::geometry::Shape;
use crate::model::{Contents, Material, MaterialId, Mesh, MeshId, Model, Part, PartId, Pose, Surface};

/// Elements, attributes and texts of a description.
const NODES_MAX: u32 = 500_000;
const ROUND_SEGMENTS: usize = 32;
const CREASE_RAD: f32 = 0.6;

/// Reads a robot's description. `mesh` gives the bytes of an STL by the name that the description uses, such as
/// `package://robot/meshes/link_1.stl`; its unit is the metre, as the format wants it.
///
/// # Errors
/// When the description is damaged, a template, names a mesh that is not given or not read, or its links make no tree.
pub fn read_urdf(
    bytes: &[u8],
    mesh: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Imported, ImportFault> {
    limits.bytes_fit(bytes.len())?;
    let text = std::str::from_utf8(bytes).map_err(|error| ImportFault::damaged("the file", error))?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        ImportFault::damaged(format!("line {}", at.row), error)
    })?;
    let robot = document.root_element();
    if robot.tag_name().name() != "robot" {
        return Err(ImportFault::damaged(place(&robot), "the outermost element is not <robot>"));
    }
    refuse_template(&document)?;
    let tree = Tree::read(&robot, limits)?;
    let mut maker = Maker {
        contents: Contents {
            name: attribute(&robot, "name").unwrap_or("robot").to_owned(),
            ..Contents::default()
        },
        materials: HashMap::new(),
        grey: None,
        meshes: HashMap::new(),
        triangles: Tally::of("triangles of all meshes", limits.triangles as u64),
        notes: tree.notes.clone(),
        mesh,
        limits,
    };
    limits.name("the robot", &maker.contents.name)?;
    maker.shared_materials(&robot)?;
    for link in &tree.order {
        maker.link(link)?;
    }
    maker.contents.joints = tree.joints()?;
    Ok(Imported { model: Model::of(maker.contents)?, notes: maker.notes })
}

/// Xacro is a language that makes such descriptions; what it has not been run on is none.
fn refuse_template(document: &Document<'_>) -> Result<(), ImportFault> {
    let is_template = |node: &Node<'_, '_>| {
        node.tag_name().namespace().is_some_and(|name| name.contains("xacro"))
            || node.attributes().any(|attribute| attribute.value().contains("${"))
    };
    match document.descendants().filter(Node::is_element).find(is_template) {
        Some(node) => Err(ImportFault::Unsupported {
            at: place(&node),
            what: "a xacro template".to_owned(),
            advice: "Expand it first: `xacro robot.xacro > robot.urdf`.",
        }),
        None => Ok(()),
    }
}

struct Maker<'a> {
    contents: Contents,
    materials: HashMap<String, MaterialId>,
    /// Of what names no material.
    grey: Option<MaterialId>,
    /// By name of the file and material, so that a shape that is shown twice is kept once.
    meshes: HashMap<(String, Option<MaterialId>), MeshId>,
    triangles: Tally,
    notes: Vec<Note>,
    mesh: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &'a Limits,
}

impl Maker<'_> {
    /// Materials that the robot names for all links.
    fn shared_materials(&mut self, robot: &Node<'_, '_>) -> Result<(), ImportFault> {
        for node in elements(robot, "material") {
            let name = required(&node, "name")?;
            if let Some(material) = coloured(&node, name)? {
                self.keep_material(&node, name, material)?;
            }
        }
        Ok(())
    }

    fn keep_material(
        &mut self,
        node: &Node<'_, '_>,
        name: &str,
        material: Material,
    ) -> Result<MaterialId, ImportFault> {
        self.limits.name(&place(node), name)?;
        let count = self.contents.materials.len() as u64 + 1;
        within(&place(node), "materials", count, self.limits.materials as u64)?;
        let id = MaterialId::at(self.contents.materials.len());
        self.contents.materials.push(material);
        if !name.is_empty() {
            self.materials.insert(name.to_owned(), id);
        }
        Ok(id)
    }

    fn link(&mut self, link: &urdf_joint::Link<'_, '_>) -> Result<(), ImportFault> {
        let parent_from_part = match &link.joint {
            Some(joint) => origin(joint)?,
            // Descriptions have +Z up.
            None => Pose { rotation: UpAxis::Z.rotation(), ..Pose::IDENTITY },
        };
        let id = PartId::at(self.contents.parts.len());
        self.contents.parts.push(Part {
            name: link.name.to_owned(),
            parent: link.parent,
            parent_from_part,
            ..Part::default()
        });
        for (index, visual) in elements(&link.node, "visual").enumerate() {
            let count = self.contents.parts.len() as u64 + 1;
            within(&place(&visual), "links and shapes", count, self.limits.nodes as u64)?;
            let name = match attribute(&visual, "name") {
                Some(name) => name.to_owned(),
                None => format!("{} visual {index}", link.name),
            };
            self.limits.name(&place(&visual), &name)?;
            let (mesh, scale) = self.visual(&visual)?;
            let parent_from_part = Pose { scale, ..origin(&visual)? };
            let part = Part { name, parent: Some(id), parent_from_part, mesh: Some(mesh), ..Part::default() };
            self.contents.parts.push(part);
        }
        Ok(())
    }

    fn visual(&mut self, visual: &Node<'_, '_>) -> Result<(MeshId, Vec3), ImportFault> {
        let at = place(visual);
        let geometry = elements(visual, "geometry").next();
        let geometry = geometry.ok_or_else(|| ImportFault::damaged(&at, "a visual without geometry"))?;
        let shape = geometry.children().find(Node::is_element);
        let shape = shape.ok_or_else(|| ImportFault::damaged(&at, "a geometry without a shape"))?;
        let material = self.material_of(visual)?;
        match shape.tag_name().name() {
            "mesh" => {
                let scale = vector(&shape, "scale")?.unwrap_or(Vec3::ONE);
                Ok((self.file(&shape, material)?, scale))
            }
            "box" => {
                let size = vector(&shape, "size")?;
                let size = size.ok_or_else(|| ImportFault::damaged(place(&shape), "a box without size"))?;
                let half = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(DVec2::from);
                let cube = Shape::extruded(&half, &[], 1.0).moved(glam::DVec3::new(0.0, 0.0, -0.5));
                Ok((self.made("box", &cube, material), size))
            }
            "cylinder" => {
                let (radius, length) = (length(&shape, "radius")?, length(&shape, "length")?);
                let profile = [(-0.5, 0.0), (-0.5, 1.0), (0.5, 1.0), (0.5, 0.0)].map(DVec2::from);
                let along_z = glam::DAffine3::from_rotation_y(-std::f64::consts::FRAC_PI_2);
                let cylinder = Shape::turned(&profile, ROUND_SEGMENTS).placed(&along_z);
                Ok((self.made("cylinder", &cylinder, material), Vec3::new(radius, radius, length)))
            }
            "sphere" => {
                let radius = length(&shape, "radius")?;
                let profile: Vec<DVec2> = (0..=ROUND_SEGMENTS / 2)
                    .map(|step| std::f64::consts::PI * step as f64 / (ROUND_SEGMENTS / 2) as f64)
                    .map(|turn_rad| DVec2::new(-turn_rad.cos(), turn_rad.sin()))
                    .collect();
                Ok((
                    self.made("sphere", &Shape::turned(&profile, ROUND_SEGMENTS), material),
                    Vec3::splat(radius),
                ))
            }
            other => Err(ImportFault::Unsupported {
                at: place(&shape),
                what: format!("the shape <{}>", other.chars().take(40).collect::<String>()),
                advice: "Shapes are mesh, box, cylinder and sphere.",
            }),
        }
    }

    fn made(&mut self, name: &str, shape: &Shape, material: Option<MaterialId>) -> MeshId {
        let key = (format!("<{name}>"), material);
        if let Some(known) = self.meshes.get(&key) {
            return *known;
        }
        let mut surface = shape.surface(CREASE_RAD);
        surface.material = material;
        self.keep_mesh(key, name, Some(surface))
    }

    fn file(&mut self, shape: &Node<'_, '_>, material: Option<MaterialId>) -> Result<MeshId, ImportFault> {
        let at = place(shape);
        let uri = required(shape, "filename")?;
        self.limits.name(&at, uri)?;
        let key = (uri.to_owned(), material);
        if let Some(known) = self.meshes.get(&key) {
            return Ok(*known);
        }
        let bytes = (self.mesh)(uri);
        let bytes = bytes.ok_or_else(|| ImportFault::Missing { at: at.clone(), uri: uri.to_owned() })?;
        let within_file = |fault| ImportFault::Within { at: format!("{at}, {uri}"), fault: Box::new(fault) };
        super::stranger::refuse(&bytes).map_err(within_file)?;
        let solids = stl::solids(&bytes, uri, self.limits).map_err(within_file)?;
        let corners: Vec<Vec3> = solids.into_iter().flat_map(|solid| solid.corners).collect();
        self.triangles.take(&at, corners.len() as u64 / 3)?;
        let surface = Some(stl::surface(&corners, material)).filter(|surface| !surface.triangles.is_empty());
        if surface.is_none() {
            self.notes.push(Note::NoTriangles { at: format!("{at}, {uri}") });
        }
        let name = uri.rsplit(['/', '\\']).next().unwrap_or(uri).to_owned();
        Ok(self.keep_mesh(key, &name, surface))
    }

    fn keep_mesh(
        &mut self,
        key: (String, Option<MaterialId>),
        name: &str,
        surface: Option<Surface>,
    ) -> MeshId {
        let id = MeshId::at(self.contents.meshes.len());
        self.contents.meshes.push(Mesh { name: name.to_owned(), surfaces: surface.into_iter().collect() });
        self.meshes.insert(key, id);
        id
    }

    fn material_of(&mut self, visual: &Node<'_, '_>) -> Result<Option<MaterialId>, ImportFault> {
        let Some(node) = elements(visual, "material").next() else { return self.grey(visual) };
        let name = attribute(&node, "name").unwrap_or_default();
        match coloured(&node, name)? {
            Some(material) => {
                let known = self.contents.materials.iter().position(|known| *known == material);
                match known {
                    Some(index) => Ok(Some(MaterialId::at(index))),
                    None => self.keep_material(&node, name, material).map(Some),
                }
            }
            None => match self.materials.get(name) {
                Some(material) => Ok(Some(*material)),
                None => self.grey(visual),
            },
        }
    }

    fn grey(&mut self, node: &Node<'_, '_>) -> Result<Option<MaterialId>, ImportFault> {
        if self.grey.is_none() {
            self.grey = Some(self.keep_material(node, "", stl::grey())?);
        }
        Ok(self.grey)
    }
}

/// A material with a colour; nothing for one that only names another.
fn coloured(node: &Node<'_, '_>, name: &str) -> Result<Option<Material>, ImportFault> {
    let Some(color) = elements(node, "color").next() else { return Ok(None) };
    let at = place(&color);
    let numbers = floats(required(&color, "rgba")?, &at)?;
    let [red, green, blue, opacity] = *numbers.as_slice() else {
        return Err(ImportFault::damaged(at, "a colour is four numbers"));
    };
    let base_color = [linear(red), linear(green), linear(blue), opacity.clamp(0.0, 1.0)];
    Ok(Some(Material { name: name.to_owned(), base_color, ..stl::grey() }))
}

/// Light from a value as screens take it (IEC 61966-2-1).
fn linear(value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Where an element says that it stands: moved, and turned about the fixed X, Y and Z in this order.
pub(super) fn origin(node: &Node<'_, '_>) -> Result<Pose, ImportFault> {
    let Some(origin) = elements(node, "origin").next() else { return Ok(Pose::IDENTITY) };
    let translation = vector(&origin, "xyz")?.unwrap_or(Vec3::ZERO);
    let turns = vector(&origin, "rpy")?.unwrap_or(Vec3::ZERO);
    let rotation = Quat::from_euler(EulerRot::ZYX, turns.z, turns.y, turns.x);
    Ok(Pose::turned(translation, rotation))
}

pub(super) fn vector(node: &Node<'_, '_>, name: &str) -> Result<Option<Vec3>, ImportFault> {
    let Some(text) = attribute(node, name) else { return Ok(None) };
    let at = place(node);
    match *floats(text, &at)?.as_slice() {
        [x, y, z] => Ok(Some(Vec3::new(x, y, z))),
        _ => Err(ImportFault::damaged(at, format!("{name} is three numbers"))),
    }
}

fn length(node: &Node<'_, '_>, name: &str) -> Result<f32, ImportFault> {
    let at = place(node);
    match *floats(required(node, name)?, &at)?.as_slice() {
        [length] if length > 0.0 => Ok(length),
        _ => Err(ImportFault::damaged(at, format!("{name} is one number above zero"))),
    }
}

fn floats(text: &str, at: &str) -> Result<Vec<f32>, ImportFault> {
    let number = |word: &str| word.parse::<f32>().ok().filter(|number| number.is_finite());
    let numbers = text.split_ascii_whitespace().take(5).map(number).collect::<Option<Vec<f32>>>();
    numbers.ok_or_else(|| ImportFault::damaged(at, "what should be a number is not a finite number"))
}

pub(super) fn elements<'a, 'input>(
    node: &Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> + use<'a, 'input> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub(super) fn attribute<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute(name)
}

pub(super) fn required<'a>(node: &Node<'a, '_>, name: &str) -> Result<&'a str, ImportFault> {
    let tag = node.tag_name().name();
    attribute(node, name).ok_or_else(|| ImportFault::damaged(place(node), format!("<{tag}> without {name}")))
}

pub(super) fn place(node: &Node<'_, '_>) -> String {
    let at = node.document().text_pos_at(node.range().start);
    format!("line {}", at.row)
}
