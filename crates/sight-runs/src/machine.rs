//! A machine that carries fiducials: its model with a sheet on every label mount and a card that can be laid over each.

use std::sync::Arc;

use glam::{DAffine3, DQuat, Quat, Vec2, Vec3};
use millwright_scene::machine::{Conveyor, GearReducer, Pump, label_mounts};
use millwright_scene::model::{
    Alpha, Contents, Material, MaterialId, Mesh, MeshId, Model, Part, PartId, Pose, Surface,
};
use millwright_scene::pose::{Rig, Stance};
use millwright_vision::{FiducialFamily, RigidPose, SurveyedTag};

use crate::RunFault;
use crate::board::{self, SHEET_M};
use crate::path::{CameraPath, Way};
use crate::run::{DURATION_S, FRAMES_PER_S};

/// What paper throws back of the light that falls on it: office paper 0.8 to 0.9.
const PAPER_ALBEDO: f32 = 0.80;
/// Cardboard.
const CARD_ALBEDO: f32 = 0.22;
/// How far a card is held in front of its label, in metres.
const CARD_AHEAD_M: f32 = 0.012;
/// A card's side as a share of the printed side.
const CARD_SHARE: f32 = 1.25;
/// How far the board's sheet lies behind its fiducials, in metres: seen from half a metre, less than a hundredth of a pixel.
const SHEET_BEHIND_M: f32 = 0.000_3;
/// The number of the first label; the others follow.
const FIRST_ID: u32 = 20;

/// A machine with its labels.
#[derive(Clone, Debug)]
pub struct LabelledMachine {
    /// What it is called.
    pub name: &'static str,
    /// The labels where they hang, in the order of the model's mounts. They hang exactly so.
    pub labels: Vec<SurveyedTag>,
    /// What guidance points at, in the machine's frame: the errors that matter are those there.
    pub point_m: [f64; 3],
    pub(crate) model: Arc<Model>,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) way: Way,
}

/// The parts of a label in the model.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) paper: PartId,
    pub(crate) card: PartId,
    /// The card's place when it lies over the label, and where it slides to when it does not.
    pub(crate) card_at_m: Vec3,
    pub(crate) card_turn: Quat,
    pub(crate) aside_m: Vec3,
}

impl LabelledMachine {
    /// The gear reducer with the label on its housing; the point is its oil level glass.
    ///
    /// # Errors
    /// When it makes no model.
    pub fn gear_reducer() -> Result<Self, RunFault> {
        Self::of("gear-reducer", GearReducer::default().model()?, "GBX-140")
    }

    /// The belt conveyor with its labels; the camera goes along its tail, where the label of the frame hangs, and the point
    /// is the take-up screw there, on the same side. The label of the drive is too far off to be seen at the same time.
    ///
    /// # Errors
    /// When it makes no model.
    pub fn conveyor() -> Result<Self, RunFault> {
        let mut conveyor = Self::of("conveyor", Conveyor::default().model()?, "CNV-130-2")?;
        let far = |label: &&SurveyedTag| {
            let away =
                (0..3).map(|axis| (label.machine_from_tag.position_m[axis] - conveyor.point_m[axis]).powi(2));
            away.sum::<f64>()
        };
        let nearest = conveyor.labels.iter().min_by(|one, other| far(one).total_cmp(&far(other)));
        let target_m = nearest.map_or(conveyor.point_m, |label| label.machine_from_tag.position_m);
        conveyor.way = Way::Along(CameraPath::along_the_front(target_m, DURATION_S));
        Ok(conveyor)
    }

    /// The printed board for measuring a camera, held before it by a person; the point is the board's middle.
    ///
    /// # Errors
    /// When it makes no model.
    pub fn board() -> Result<Self, RunFault> {
        let labels = board::fiducials();
        let mut contents = Contents { name: "board".to_owned(), ..Contents::default() };
        let paper = matte(&mut contents, "paper", PAPER_ALBEDO);
        let [width_m, height_m] = SHEET_M.map(|side| side as f32);
        contents.meshes.push(rectangle("sheet", [width_m, height_m], paper));
        contents.parts.push(Part {
            name: "sheet".to_owned(),
            parent: None,
            // Behind the fiducials by what keeps the two apart when they are drawn.
            parent_from_part: Pose::turned(Vec3::new(0.0, 0.0, -SHEET_BEHIND_M), Quat::IDENTITY),
            mesh: Some(MeshId::at(0)),
            extras: Default::default(),
        });
        Self::with("board", contents, labels, [0.0; 3], Way::BoardByHand)
    }

    /// How many frames a run of it has.
    pub fn frame_count(&self) -> usize {
        (self.way.duration_s() * FRAMES_PER_S).round() as usize
    }

    /// The pump unit with a label of 36h11 on each of its mounts; the point is the middle of the mechanical seal.
    ///
    /// # Errors
    /// When it makes no model.
    pub fn pump() -> Result<Self, RunFault> {
        Self::of("pump", Pump::default().model()?, "SEAL-45")
    }

    /// A machine with a label of 36h11 on each mount that its model names.
    ///
    /// # Errors
    /// When a mount cannot be read, the part is not there, or all of it makes no model.
    pub fn of(name: &'static str, model: Model, point_at: &'static str) -> Result<Self, RunFault> {
        let (labels, point_m) = labels_and_point(&model, point_at)?;
        let way = Way::Along(CameraPath::along_the_front(middle_of(&labels), DURATION_S));
        Self::with(name, model.into_contents(), labels, point_m, way)
    }

    fn with(
        name: &'static str,
        mut contents: Contents,
        labels: Vec<SurveyedTag>,
        point_m: [f64; 3],
        way: Way,
    ) -> Result<Self, RunFault> {
        let materials = [("paper", PAPER_ALBEDO), ("card", CARD_ALBEDO)]
            .map(|(name, albedo)| matte(&mut contents, name, albedo));
        let sheets = labels.iter().map(|label| sheet_of(&mut contents, label, materials)).collect();
        Ok(Self { name, labels, point_m, model: Arc::new(Model::of(contents)?), sheets, way })
    }
}

/// The labels that hang on the mounts that a model names, and the middle of a part.
fn labels_and_point(model: &Model, point_at: &'static str) -> Result<(Vec<SurveyedTag>, [f64; 3]), RunFault> {
    let (rig, mut stance) = (Rig::of(model), Stance::default());
    rig.stand(model, &Default::default(), &mut stance);
    let pointed = model.part_named(point_at).ok_or(RunFault::Part(point_at))?;
    let point = rig.branch_middle(pointed, &stance).ok_or(RunFault::Part(point_at))?;
    let labels = label_mounts(model)?.into_iter().zip(FIRST_ID..).map(|(mount, id)| SurveyedTag {
        family: FiducialFamily::Tag36h11,
        id,
        size_m: mount.size_m,
        machine_from_tag: rigid_of(&mount.machine_from_label),
        // They hang where they are said to: so nothing but what is seen is on trial.
        sigma_m: 0.0,
    });
    Ok((labels.collect(), point.as_dvec3().to_array()))
}

/// The middle of the box around all labels.
fn middle_of(labels: &[SurveyedTag]) -> [f64; 3] {
    [0, 1, 2].map(|axis: usize| {
        let places = labels.iter().map(|label| label.machine_from_tag.position_m[axis]);
        let (low, high) = places
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(place), high.max(place)));
        f64::midpoint(low, high)
    })
}

fn matte(contents: &mut Contents, name: &str, albedo: f32) -> MaterialId {
    contents.materials.push(Material {
        name: name.to_owned(),
        base_color: [albedo, albedo, albedo, 1.0],
        metallic: 0.0,
        roughness: 1.0,
        texture: None,
        double_sided: true,
        alpha: Alpha::Opaque,
    });
    MaterialId::at(contents.materials.len() - 1)
}

fn sheet_of(contents: &mut Contents, label: &SurveyedTag, materials: [MaterialId; 2]) -> Sheet {
    let side_m = label.family.printed_side_m(label.size_m) as f32;
    let machine_from_tag = &label.machine_from_tag;
    let at_m = vec3(machine_from_tag.position_m);
    let turn = Quat::from_array(machine_from_tag.quaternion().map(|number| number as f32)).normalize();
    let [paper, card] = materials;
    let put = |contents: &mut Contents, what: &str, material: MaterialId, side_m: f32, at_m: Vec3| {
        let name = format!("{what} {}", label.id);
        contents.meshes.push(square(&name, side_m, material));
        contents.parts.push(Part {
            name,
            parent: None,
            parent_from_part: Pose::turned(at_m, turn),
            mesh: Some(MeshId::at(contents.meshes.len() - 1)),
            extras: Default::default(),
        });
        PartId::at(contents.parts.len() - 1)
    };
    let card_at_m = at_m + turn * Vec3::new(0.0, 0.0, CARD_AHEAD_M);
    Sheet {
        paper: put(contents, "paper", paper, side_m, at_m),
        card: put(contents, "card", card, side_m * CARD_SHARE, card_at_m),
        card_at_m,
        card_turn: turn,
        aside_m: turn * Vec3::new(side_m * CARD_SHARE, 0.0, 0.0),
    }
}

/// A square in the XY plane that faces +Z.
fn square(name: &str, side_m: f32, material: MaterialId) -> Mesh {
    rectangle(name, [side_m; 2], material)
}

/// A rectangle in the XY plane that faces +Z.
fn rectangle(name: &str, sides_m: [f32; 2], material: MaterialId) -> Mesh {
    let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
        .map(|(x, y)| Vec2::new(x, y) * Vec2::from_array(sides_m));
    let surface = Surface {
        positions: corners.iter().map(|corner| corner.extend(0.0)).collect(),
        normals: vec![Vec3::Z; 4],
        uvs: vec![],
        triangles: vec![[0, 1, 2], [0, 2, 3]],
        material: Some(material),
    };
    Mesh { name: name.to_owned(), surfaces: vec![surface] }
}

fn rigid_of(outer_from_inner: &DAffine3) -> RigidPose {
    let turn = DQuat::from_mat3(&outer_from_inner.matrix3).normalize();
    RigidPose::of_quaternion(turn.to_array(), outer_from_inner.translation.to_array())
}

fn vec3(numbers: [f64; 3]) -> Vec3 {
    Vec3::from_array(numbers.map(|number| number as f32))
}
