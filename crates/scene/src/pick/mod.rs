//! What is under a pixel, and how far points are apart: rays against the machine as it stands and looks.

mod measure;

pub use measure::{Snap, measured_mm, snap};

use std::cell::OnceCell;

use glam::{Affine3A, Vec2, Vec3, Vec3A};
use serde::Serialize;

use crate::camera::{Ray, View};
use crate::frame::{Accent, Fill, Look, Section};
use crate::geometry::{Bvh, enters};
use crate::model::{Model, PartId};
use crate::pose::{Rig, Stance};

/// What a ray met.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The part.
    pub part: PartId,
    /// Where, in the machine's frame.
    pub point_m: Vec3,
    /// Of the surface there, towards the eye.
    pub normal: Vec3,
    /// From the eye.
    pub distance_m: f32,
}

/// Trees over the meshes of a model, each built when a ray comes near first.
#[derive(Debug, Default)]
pub struct Picker {
    trees: Vec<OnceCell<Bvh>>,
}

/// What is looked at: the machine as it stands and looks.
#[derive(Copy, Clone)]
pub struct Scene<'a> {
    /// The machine.
    pub model: &'a Model,
    /// Made ready to be moved.
    pub rig: &'a Rig,
    /// How it stands.
    pub stance: &'a Stance,
    /// How each part looks.
    pub looks: &'a [Look],
    /// Where it is cut open.
    pub sections: &'a [Section],
}

/// What comes first under a pixel: what is seen through others, then what is solid, then veils.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Through,
    Solid,
    Veil,
}

fn rank(look: &Look) -> Option<Rank> {
    match look.fill {
        Fill::Hidden => None,
        Fill::Shaded | Fill::Ghost if look.accents.has(Accent::XRay) => Some(Rank::Through),
        Fill::Shaded | Fill::Occluder => Some(Rank::Solid),
        Fill::Ghost => Some(Rank::Veil),
    }
}

impl Picker {
    /// For the meshes of a model.
    pub fn of(model: &Model) -> Self {
        Self { trees: model.meshes().iter().map(|_| OnceCell::new()).collect() }
    }

    /// The part under a pixel of what is drawn on.
    pub fn pick(&self, scene: &Scene<'_>, view: &View, at_px: Vec2) -> Option<Hit> {
        if !at_px.is_finite() || at_px.cmplt(Vec2::ZERO).any() || at_px.cmpgt(view.size_px).any() {
            return None;
        }
        self.cast(scene, &view.ray(at_px))
    }

    /// What a ray meets.
    pub fn cast(&self, scene: &Scene<'_>, ray: &Ray) -> Option<Hit> {
        let mut best: Option<(Rank, Hit)> = None;
        let inverse = ray.direction.recip();
        for (index, part) in scene.model.parts().iter().enumerate() {
            let id = PartId::at(index);
            let Some(look) = scene.looks.get(index) else { continue };
            let (Some(rank), Some(mesh)) = (rank(look), part.mesh) else { continue };
            let place = scene.stance.machine_from(id);
            let bounds = scene.rig.bounds_of(id).placed(&place);
            let known = best.as_ref().filter(|(known, _)| *known <= rank);
            let reach =
                known.filter(|(known, _)| *known == rank).map_or(f32::INFINITY, |(_, hit)| hit.distance_m);
            let is_beaten = known.is_some_and(|(known, _)| *known < rank);
            let is_near = enters(&bounds, ray, inverse).is_some_and(|enter| enter <= reach);
            if bounds.is_empty() || is_beaten || !is_near {
                continue;
            }
            let (Some(tree), Some(shape)) =
                (self.trees.get(mesh.index()), scene.model.meshes().get(mesh.index()))
            else {
                continue;
            };
            let tree = tree.get_or_init(|| Bvh::of(shape));
            let sections = if look.accents.has(Accent::Uncut) { &[] } else { scene.sections };
            if let Some(hit) = cast_on(tree, id, &place, ray, sections)
                && hit.distance_m < reach
            {
                best = Some((rank, hit));
            }
        }
        best.map(|(_, hit)| hit)
    }
}

fn cast_on(tree: &Bvh, part: PartId, place: &Affine3A, ray: &Ray, sections: &[Section]) -> Option<Hit> {
    let part_from_machine = place.inverse();
    // Not a unit vector where the part is scaled: distances stay those of the machine.
    let local = Ray {
        origin: part_from_machine.transform_point3a(ray.origin),
        direction: part_from_machine.transform_vector3a(ray.direction),
    };
    if !(local.origin.is_finite() && local.direction.is_finite()) {
        return None;
    }
    let is_there = |distance: f32| {
        let point = ray.at(distance);
        sections
            .iter()
            .all(|section| (point - Vec3A::from(section.point_m)).dot(Vec3A::from(section.normal)) <= 0.0)
    };
    let met = tree.meet(&local, |met| is_there(met.distance))?;
    let turned = part_from_machine.matrix3.transpose() * met.normal;
    let normal = turned.normalize_or_zero();
    let towards = if normal.dot(ray.direction) > 0.0 { -normal } else { normal };
    Some(Hit {
        part,
        point_m: Vec3::from(ray.at(met.distance)),
        normal: Vec3::from(towards),
        distance_m: met.distance,
    })
}

#[cfg(test)]
mod tests;
