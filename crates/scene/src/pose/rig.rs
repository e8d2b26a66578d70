//! A model made ready to be moved, and how it stands at a moment.

use std::collections::HashMap;

use glam::{Affine3A, Vec3, Vec3A};

use super::{Bounds, explode};
use crate::frame::{Motion, PartRef};
use crate::model::{Mesh, Model, PartId, Pose};

/// What moving a model needs, worked out once.
#[derive(Clone, Debug)]
pub struct Rig {
    parents: Vec<Option<PartId>>,
    rest: Vec<Affine3A>,
    /// Of each part's mesh, in the part's frame.
    boxes: Vec<Bounds>,
    /// Of each part's mesh: the middle of its surface, and how large that is.
    surfaces: Vec<(Vec3A, f32)>,
    /// In the frame of the part above.
    explode: Vec<Vec3A>,
    names: HashMap<String, PartId>,
    animations: HashMap<String, usize>,
    joints: HashMap<String, usize>,
}

/// How the parts stand at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stance {
    /// One for each part.
    pub machine_from_part: Vec<Affine3A>,
}

impl Stance {
    /// Where a part stands.
    pub fn machine_from(&self, part: PartId) -> Affine3A {
        self.machine_from_part.get(part.index()).copied().unwrap_or(Affine3A::IDENTITY)
    }
}

impl Rig {
    /// Makes a model ready.
    pub fn of(model: &Model) -> Self {
        let parts = model.parts();
        let mesh_boxes: Vec<Bounds> = model.meshes().iter().map(Bounds::of_mesh).collect();
        let boxes: Vec<Bounds> = parts
            .iter()
            .map(|part| {
                part.mesh.and_then(|mesh| mesh_boxes.get(mesh.index())).copied().unwrap_or(Bounds::EMPTY)
            })
            .collect();
        let mesh_surfaces: Vec<(Vec3A, f32)> = model.meshes().iter().map(middle_of_surface).collect();
        let surfaces = parts.iter().map(|part| {
            part.mesh.and_then(|mesh| mesh_surfaces.get(mesh.index())).copied().unwrap_or((Vec3A::ZERO, 0.0))
        });
        let surfaces = surfaces.collect();
        let parents: Vec<Option<PartId>> = parts.iter().map(|part| part.parent).collect();
        let rest: Vec<Affine3A> = parts.iter().map(|part| part.parent_from_part.affine()).collect();
        let mut at_rest = rest.clone();
        settle(&parents, &mut at_rest);
        let machine_boxes: Vec<Bounds> = boxes
            .iter()
            .zip(&at_rest)
            .map(|(bounds, machine_from_part)| bounds.placed(machine_from_part))
            .collect();
        let explode = explode::offsets(model, &at_rest, &machine_boxes);
        let mut names = HashMap::new();
        for (index, part) in parts.iter().enumerate() {
            names.entry(part.name.clone()).or_insert_with(|| PartId::at(index));
        }
        let listed = |names: Vec<&String>| {
            names.into_iter().enumerate().map(|(at, name)| (name.clone(), at)).collect()
        };
        Self {
            parents,
            rest,
            boxes,
            surfaces,
            explode,
            names,
            animations: listed(model.animations().iter().map(|animation| &animation.name).collect()),
            joints: listed(model.joints().iter().map(|joint| &joint.name).collect()),
        }
    }

    /// The part that a frame means, if the model has it.
    pub fn part(&self, named: &PartRef) -> Option<PartId> {
        match named {
            PartRef::Id(id) => (id.index() < self.parents.len()).then_some(*id),
            PartRef::Name(name) => self.names.get(name).copied(),
        }
    }

    /// Works out how the parts stand. What a motion names and the model does not have moves nothing.
    pub fn stand(&self, model: &Model, motion: &Motion, stance: &mut Stance) {
        let placed = &mut stance.machine_from_part;
        placed.clone_from(&self.rest);
        let mut poses: HashMap<usize, Pose> = HashMap::new();
        for played in &motion.played {
            let animation = self.animations.get(&played.animation).and_then(|at| model.animations().get(*at));
            for channel in animation.iter().flat_map(|animation| &animation.channels) {
                let index = channel.part.index();
                let Some(part) = model.part(channel.part) else { continue };
                let pose = poses.entry(index).or_insert(part.parent_from_part);
                channel.track.apply(played.at_s, pose);
            }
        }
        for (index, pose) in poses {
            if let Some(place) = placed.get_mut(index) {
                *place = pose.affine();
            }
        }
        for (name, value) in &motion.joints {
            let joint = self.joints.get(name).and_then(|at| model.joints().get(*at));
            if let Some((joint, place)) =
                joint.and_then(|joint| Some((joint, placed.get_mut(joint.part.index())?)))
                && value.is_finite()
            {
                *place *= joint.kind.rest_from_moved(*value);
            }
        }
        for move_to in &motion.placed {
            let pose = Pose::turned(move_to.translation_m, move_to.rotation.normalize());
            let part = self.part(&move_to.part).filter(|_| pose.is_finite());
            if let Some((part, place)) = part.and_then(|part| Some((part, placed.get_mut(part.index())?))) {
                let scale = model.part(part).map_or(Vec3::ONE, |part| part.parent_from_part.scale);
                *place = Pose { scale, ..pose }.affine();
            }
        }
        if motion.exploded > 0.0 {
            for (place, offset) in placed.iter_mut().zip(&self.explode) {
                place.translation += *offset * motion.exploded;
            }
        }
        settle(&self.parents, placed);
    }

    /// The box around a part's own mesh, in the part's frame.
    pub fn bounds_of(&self, part: PartId) -> Bounds {
        self.boxes.get(part.index()).copied().unwrap_or(Bounds::EMPTY)
    }

    /// The box around a part and all that hangs on it, in the machine's frame.
    pub fn branch_bounds(&self, part: PartId, stance: &Stance) -> Bounds {
        let members = self.branch(part);
        let placed = |part: PartId| self.bounds_of(part).placed(&stance.machine_from(part));
        members.into_iter().map(placed).fold(Bounds::EMPTY, Bounds::join)
    }

    /// The middle of all surfaces of a part and of what hangs on it, in the machine's frame; nothing where there is
    /// none. Unlike the middle of the box, it lies in the bulk of the part.
    pub fn branch_middle(&self, part: PartId, stance: &Stance) -> Option<Vec3A> {
        let (mut sum, mut weight) = (Vec3A::ZERO, 0.0);
        for member in self.branch(part) {
            let Some((middle, area)) = self.surfaces.get(member.index()).copied() else { continue };
            sum += stance.machine_from(member).transform_point3a(middle) * area;
            weight += area;
        }
        (weight > 0.0).then(|| sum / weight)
    }

    /// The box around everything, in the machine's frame.
    pub fn bounds(&self, stance: &Stance) -> Bounds {
        let placed = self.boxes.iter().zip(&stance.machine_from_part);
        placed.map(|(bounds, place)| bounds.placed(place)).fold(Bounds::EMPTY, Bounds::join)
    }

    /// A part and all that hangs on it.
    pub fn branch(&self, part: PartId) -> Vec<PartId> {
        let mut is_member = vec![false; self.parents.len()];
        let mut members = Vec::new();
        for (index, parent) in self.parents.iter().enumerate() {
            let hangs = index == part.index()
                || parent.is_some_and(|parent| is_member.get(parent.index()) == Some(&true));
            if let (true, Some(mark)) = (hangs, is_member.get_mut(index)) {
                *mark = true;
                members.push(PartId::at(index));
            }
        }
        members
    }

    /// How many parts there are.
    pub fn part_count(&self) -> usize {
        self.parents.len()
    }
}

/// The middle of a mesh's surface, and its area, square metres.
fn middle_of_surface(mesh: &Mesh) -> (Vec3A, f32) {
    let (mut sum, mut weight) = (Vec3A::ZERO, 0.0);
    for surface in &mesh.surfaces {
        for corners in &surface.triangles {
            let [a, b, c] = corners.map(|corner| {
                Vec3A::from(surface.positions.get(corner as usize).copied().unwrap_or_default())
            });
            let area = (b - a).cross(c - a).length() / 2.0;
            sum += (a + b + c) / 3.0 * area;
            weight += area;
        }
    }
    if weight > 0.0 { (sum / weight, weight) } else { (Vec3A::ZERO, 0.0) }
}

/// From places in the part above to places in the machine: parents stand before their children.
fn settle(parents: &[Option<PartId>], places: &mut [Affine3A]) {
    for index in 0..places.len() {
        let Some(Some(parent)) = parents.get(index) else { continue };
        if let (Some(above), Some(place)) = (places.get(parent.index()).copied(), places.get(index).copied())
        {
            places[index] = above * place;
        }
    }
}

#[cfg(test)]
mod tests {
    use glam::Quat;

    use super::*;
    use crate::frame::{Placed, Played};
    use crate::model::{Animation, Channel, Contents, Joint, JointKind, Keys, MeshId, Part, Surface, Track};

    /// A shaft on a base, and a disc on the shaft; the disc can be drawn off, the shaft turns.
    fn model() -> Model {
        let surface = Surface {
            positions: vec![Vec3::ZERO, Vec3::X * 0.1, Vec3::Y * 0.1],
            normals: vec![Vec3::Z; 3],
            triangles: vec![[0, 1, 2]],
            ..Surface::default()
        };
        let part = |name: &str, parent: Option<u32>, at: Vec3| Part {
            name: name.into(),
            parent: parent.map(PartId),
            parent_from_part: Pose::moved(at),
            mesh: Some(MeshId(0)),
            ..Part::default()
        };
        let keys = Keys::Linear(vec![Vec3::X, Vec3::X * 3.0]);
        Model::of(Contents {
            parts: vec![
                part("base", None, Vec3::ZERO),
                part("shaft", Some(0), Vec3::Y),
                part("disc", Some(1), Vec3::X),
                part("foot", Some(0), Vec3::NEG_Z),
            ],
            meshes: vec![Mesh { name: "m".into(), surfaces: vec![surface] }],
            joints: vec![Joint {
                name: "turn".into(),
                part: PartId(1),
                kind: JointKind::Continuous { axis: Vec3::Y },
            }],
            animations: vec![Animation {
                name: "off".into(),
                channels: vec![Channel {
                    part: PartId(2),
                    track: Track::Translation { times_s: vec![0.0, 2.0], keys },
                }],
            }],
            ..Contents::default()
        })
        .unwrap()
    }

    fn stand(motion: &Motion) -> Stance {
        let (model, mut stance) = (model(), Stance::default());
        Rig::of(&model).stand(&model, motion, &mut stance);
        stance
    }

    fn at(stance: &Stance, part: u32) -> Vec3 {
        stance.machine_from(PartId(part)).translation.into()
    }

    #[test]
    fn what_hangs_on_a_part_goes_with_it() {
        let half_turn =
            Motion { joints: [("turn".into(), std::f32::consts::PI)].into(), ..Motion::default() };
        assert!(at(&stand(&half_turn), 2).abs_diff_eq(Vec3::new(-1.0, 1.0, 0.0), 1e-5));
    }

    #[test]
    fn a_movement_stands_where_it_is_at_its_time() {
        let played = vec![Played { animation: "off".into(), at_s: 1.0 }];
        assert_eq!(at(&stand(&Motion { played, ..Motion::default() }), 2), Vec3::new(2.0, 1.0, 0.0));
    }

    #[test]
    fn a_part_that_is_put_somewhere_is_there() {
        let placed = vec![Placed {
            part: PartRef::Name("disc".into()),
            translation_m: Vec3::Z,
            rotation: Quat::IDENTITY,
        }];
        assert_eq!(at(&stand(&Motion { placed, ..Motion::default() }), 2), Vec3::new(0.0, 1.0, 1.0));
    }

    #[test]
    fn pulled_apart_a_part_goes_where_its_removal_takes_it_and_others_go_outwards() {
        let apart = stand(&Motion { exploded: 1.0, ..Motion::default() });
        let shaft = at(&apart, 1);
        assert!(
            (at(&apart, 2) - shaft).abs_diff_eq(Vec3::X * 3.0, 1e-5),
            "the disc is drawn off along the shaft"
        );
        assert!(at(&apart, 3).z < -1.4, "the foot goes away from the middle: {}", at(&apart, 3));
    }

    #[test]
    fn what_is_named_and_not_there_moves_nothing() {
        let motion = Motion {
            played: vec![Played { animation: "none".into(), at_s: 1.0 }],
            joints: [("none".into(), 1.0)].into(),
            placed: vec![Placed {
                part: PartRef::Id(PartId(99)),
                translation_m: Vec3::X,
                rotation: Quat::IDENTITY,
            }],
            exploded: 0.0,
        };
        assert_eq!(stand(&motion), stand(&Motion::default()));
    }

    #[test]
    fn a_branch_is_a_part_and_all_that_hangs_on_it() {
        assert_eq!(Rig::of(&model()).branch(PartId(1)), [PartId(1), PartId(2)]);
    }
}
