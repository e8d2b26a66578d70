//! Putting a machine together: parts with numbers and names, and the steps that take it apart.

use std::collections::HashMap;

use glam::{DAffine3, DQuat, DVec3, Quat, Vec3};
use serde_json::{Value, json};

use super::body::Body;
use super::paint::Paint;
use crate::model::{
    Animation, Channel, Contents, Extras, Joint, JointKind, Keys, MaterialId, MeshId, Model, ModelFault,
    Part, PartId, Pose, SplineKey, Texture, Track,
};

/// What a part is called.
#[derive(Copy, Clone)]
pub(super) struct Called {
    pub(super) number: &'static str,
    pub(super) en: &'static str,
    pub(super) de: &'static str,
}

/// A part that will be there.
pub(super) struct Piece {
    number: String,
    extras: Extras,
    at: Pose,
    mesh: Option<MeshId>,
}

impl Piece {
    pub(super) fn of(called: Called) -> Self {
        let extras = json!({ "part_number": called.number, "name": called.en, "name_de": called.de });
        let extras = extras.as_object().cloned().unwrap_or_default();
        Self { number: called.number.to_owned(), extras, at: Pose::IDENTITY, mesh: None }
    }

    /// One of several that are alike: the place stands behind the number.
    pub(super) fn nth(called: Called, place: usize) -> Self {
        Self { number: format!("{}-{}", called.number, place + 1), ..Self::of(called) }
    }

    #[must_use]
    pub(super) fn at(self, translation_m: DVec3) -> Self {
        Self { at: Pose { translation: rounded(translation_m), ..self.at }, ..self }
    }

    #[must_use]
    pub(super) fn placed(self, parent_from_part: &DAffine3) -> Self {
        let rotation = DQuat::from_mat3(&parent_from_part.matrix3);
        let digits = |number: f64| ((number * 1.0e7).round() / 1.0e7) as f32;
        let rotation = Quat::from_array(rotation.to_array().map(digits)).normalize();
        Self { at: Pose::turned(rounded(parent_from_part.translation), rotation), ..self }
    }

    #[must_use]
    pub(super) fn showing(self, mesh: MeshId) -> Self {
        Self { mesh: Some(mesh), ..self }
    }

    #[must_use]
    pub(super) fn knows(mut self, key: &str, value: Value) -> Self {
        self.extras.insert(key.to_owned(), value);
        self
    }

    #[must_use]
    pub(super) fn tightened(self, thread: super::stock::Thread) -> Self {
        self.knows("torque_nm", json!(thread.torque_nm())).knows("thread", json!(thread.name()))
    }
}

/// A place for a label: in the frame of the part, the label in the XY plane, its face towards +Z.
pub(super) fn label_mount(name: &str, part_from_label: &DAffine3, size_m: f64) -> Value {
    let translation = rounded(part_from_label.translation);
    let turn = DQuat::from_mat3(&part_from_label.matrix3);
    let digits = |number: f64| (number * 1.0e6).round() / 1.0e6;
    json!({
        "name": name,
        "pose": {
            "translation_m": translation.to_array().map(|number| f64::from((number * 1.0e6).round()) / 1.0e6),
            "rotation": turn.to_array().map(digits),
        },
        "size_m": size_m,
    })
}

/// A machine that is being put together.
#[derive(Default)]
pub(super) struct Assembly {
    contents: Contents,
    materials: HashMap<Paint, MaterialId>,
    /// Where the steps so far have brought parts.
    brought: HashMap<PartId, Vec3>,
}

/// A movement of one part within a step, from where it is.
pub(super) enum Move {
    /// Along a way, metres in the frame of the part above.
    Out(PartId, DVec3),
    /// Unscrewed along a way: so many turns about the part's own X axis on the first third of it.
    Unscrew(PartId, DVec3, u32),
}

impl Assembly {
    pub(super) fn of(name: &str) -> Self {
        let contents = Contents { name: name.to_owned(), ..Contents::default() };
        Self { contents, ..Self::default() }
    }

    pub(super) fn mesh(&mut self, name: &str, body: &Body) -> MeshId {
        let (contents, materials) = (&mut self.contents, &mut self.materials);
        let mut material = |paint: Paint| {
            *materials.entry(paint).or_insert_with(|| {
                contents.materials.push(paint.material());
                MaterialId::at(contents.materials.len() - 1)
            })
        };
        let mesh = body.mesh(name, &mut material);
        self.contents.meshes.push(mesh);
        MeshId::at(self.contents.meshes.len() - 1)
    }

    /// Takes a picture for a printed plate.
    pub(super) fn picture(&mut self, texture: Texture) -> u32 {
        self.contents.textures.push(texture);
        (self.contents.textures.len() - 1) as u32
    }

    pub(super) fn root(&mut self, piece: Piece) -> PartId {
        self.put(None, piece)
    }

    pub(super) fn part(&mut self, on: PartId, piece: Piece) -> PartId {
        self.put(Some(on), piece)
    }

    fn put(&mut self, parent: Option<PartId>, piece: Piece) -> PartId {
        let Piece { number, extras, at, mesh } = piece;
        self.contents.parts.push(Part { name: number, parent, parent_from_part: at, mesh, extras });
        PartId::at(self.contents.parts.len() - 1)
    }

    pub(super) fn joint(&mut self, name: &str, part: PartId, kind: JointKind) {
        self.contents.joints.push(Joint { name: name.to_owned(), part, kind });
    }

    pub(super) fn knows(&mut self, key: &str, value: Value) {
        self.contents.extras.insert(key.to_owned(), value);
    }

    /// A step of taking apart, with its moves at the same time; each begins where the steps before left the part.
    pub(super) fn step(&mut self, name: &str, seconds: f32, moves: &[Move]) {
        let mut channels = Vec::new();
        for one in moves {
            match one {
                Move::Out(part, way) => channels.push(self.way(*part, *way, seconds)),
                Move::Unscrew(part, way, turns) => {
                    channels.push(self.turn(*part, *turns, seconds * 0.6));
                    channels.push(self.unscrewing(*part, *way, seconds));
                }
            }
        }
        self.contents.animations.push(Animation { name: name.to_owned(), channels });
    }

    fn rest(&self, part: PartId) -> Pose {
        self.contents.parts.get(part.index()).map_or(Pose::IDENTITY, |part| part.parent_from_part)
    }

    /// From where to where a part goes.
    fn bring(&mut self, part: PartId, way: DVec3) -> (Vec3, Vec3) {
        let from = self.brought.get(&part).copied().unwrap_or(self.rest(part).translation);
        let to = from + rounded(way);
        self.brought.insert(part, to);
        (from, to)
    }

    /// Gently off, and gently to a stop.
    fn way(&mut self, part: PartId, way: DVec3, seconds: f32) -> Channel {
        let (from, to) = self.bring(part, way);
        let key = |value: Vec3| SplineKey { arriving: Vec3::ZERO, value, leaving: Vec3::ZERO };
        let keys = Keys::Spline(vec![key(from), key(to)]);
        Channel { part, track: Track::Translation { times_s: vec![0.0, seconds], keys } }
    }

    fn unscrewing(&mut self, part: PartId, way: DVec3, seconds: f32) -> Channel {
        let (from, to) = self.bring(part, way);
        let keys = Keys::Linear(vec![from, from + (to - from) * 0.25, to]);
        Channel { part, track: Track::Translation { times_s: vec![0.0, seconds * 0.6, seconds], keys } }
    }

    fn turn(&self, part: PartId, turns: u32, seconds: f32) -> Channel {
        let rest = self.rest(part).rotation;
        let quarters = turns * 4;
        let times_s = (0..=quarters).map(|quarter| seconds * quarter as f32 / quarters as f32).collect();
        // Left is loose: about the axis that points out of the head.
        let keys = (0..=quarters).map(|quarter| rest * quarter_turn(quarter)).collect();
        Channel { part, track: Track::Rotation { times_s, keys: Keys::Linear(keys) } }
    }

    pub(super) fn model(self) -> Result<Model, ModelFault> {
        Model::of(self.contents)
    }
}

/// Quarter turns about X, without the rounding of sines.
fn quarter_turn(quarter: u32) -> Quat {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    match quarter % 4 {
        0 => Quat::IDENTITY,
        1 => Quat::from_xyzw(half, 0.0, 0.0, half),
        2 => Quat::from_xyzw(1.0, 0.0, 0.0, 0.0),
        _ => Quat::from_xyzw(half, 0.0, 0.0, -half),
    }
}

fn rounded(vector: DVec3) -> Vec3 {
    Vec3::from_array(vector.to_array().map(|number| ((number * 1.0e6).round() / 1.0e6) as f32))
}
