//! Animations of a glTF file, and the joints that our own files keep in the extras of the scene.

use glam::{Quat, Vec3};
use gltf::json::Index;
use gltf::json::animation::{Animation as Described, Interpolation, Property};
use gltf::json::validation::Checked;

use super::accessor::Buffers;
use super::limits::{Limits, Tally};
use super::{ImportFault, Note};
use crate::model::{Animation, Channel, Joint, JointKind, JointLimits, Keys, PartId, SplineKey, Track};

pub(super) fn read(
    buffers: &Buffers<'_>,
    part_of_node: &[Option<PartId>],
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Result<Vec<Animation>, ImportFault> {
    let mut keys = Tally::of("keys of all animations", limits.keys as u64);
    let mut animations = Vec::with_capacity(buffers.root.animations.len());
    for (index, described) in buffers.root.animations.iter().enumerate() {
        let name = described.name.clone().unwrap_or_else(|| format!("animation {index}"));
        limits.name(&format!("animation {index}"), &name)?;
        let mut channels = Vec::new();
        for (channel_index, channel) in described.channels.iter().enumerate() {
            let at = format!("animation {index} «{name}», channel {channel_index}");
            let node = channel.target.node.value();
            let Some(part) = part_of_node.get(node).copied().flatten() else {
                notes.push(Note::NoMovement { at });
                continue;
            };
            let Checked::Valid(property) = channel.target.path else {
                return Err(ImportFault::damaged(at, "its property is not known"));
            };
            match track(buffers, described, channel.sampler.value(), property, &at, &mut keys)? {
                Some(track) => channels.push(Channel { part, track }),
                None => notes.push(Note::NoMovement { at }),
            }
        }
        animations.push(Animation { name, channels });
    }
    Ok(animations)
}

fn track(
    buffers: &Buffers<'_>,
    described: &Described,
    sampler: usize,
    property: Property,
    at: &str,
    keys: &mut Tally,
) -> Result<Option<Track>, ImportFault> {
    let damaged = |reason: &str| ImportFault::damaged(at, reason);
    let sampler = described.samplers.get(sampler).ok_or_else(|| damaged("its sampler is not there"))?;
    let Checked::Valid(interpolation) = sampler.interpolation else {
        return Err(damaged("its interpolation is not known"));
    };
    let times = buffers.numbers(sampler.input, at)?;
    keys.take(at, times.count as u64)?;
    let times_s: Vec<f32> = times.vectors::<1>(at)?.into_iter().map(|[time_s]| time_s).collect();
    let read = KeyReader { buffers, output: sampler.output, interpolation, at };
    match property {
        Property::Translation => {
            Ok(Some(Track::Translation { times_s, keys: read.keys(keys, Vec3::from_array)? }))
        }
        Property::Scale => Ok(Some(Track::Scale { times_s, keys: read.keys(keys, Vec3::from_array)? })),
        Property::Rotation => Ok(Some(Track::Rotation { times_s, keys: read.keys(keys, Quat::from_array)? })),
        Property::MorphTargetWeights => Ok(None),
    }
}

struct KeyReader<'a> {
    buffers: &'a Buffers<'a>,
    output: Index<gltf::json::Accessor>,
    interpolation: Interpolation,
    at: &'a str,
}

impl KeyReader<'_> {
    fn keys<V: Copy, const N: usize>(
        &self,
        tally: &mut Tally,
        value: impl Fn([f32; N]) -> V,
    ) -> Result<Keys<V>, ImportFault> {
        let numbers = self.buffers.numbers(self.output, self.at)?;
        tally.take(self.at, numbers.count as u64)?;
        let values: Vec<V> = numbers.vectors(self.at)?.into_iter().map(value).collect();
        Ok(match self.interpolation {
            Interpolation::Step => Keys::Step(values),
            Interpolation::Linear => Keys::Linear(values),
            Interpolation::CubicSpline => {
                let keys = values.chunks_exact(3).filter_map(|key| match key {
                    [arriving, value, leaving] => {
                        Some(SplineKey { arriving: *arriving, value: *value, leaving: *leaving })
                    }
                    _ => None,
                });
                Keys::Spline(keys.collect())
            }
        })
    }
}

/// A joint as the extras of a scene say it.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct WrittenJoint {
    name: String,
    part: u32,
    kind: WrittenKind,
    axis: [f32; 3],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lower: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upper: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    velocity: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effort: Option<f32>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenKind {
    Revolute,
    Continuous,
    Prismatic,
}

impl From<&Joint> for WrittenJoint {
    fn from(joint: &Joint) -> Self {
        let kind = match joint.kind {
            JointKind::Revolute { .. } => WrittenKind::Revolute,
            JointKind::Continuous { .. } => WrittenKind::Continuous,
            JointKind::Prismatic { .. } => WrittenKind::Prismatic,
        };
        let limits = joint.kind.limits();
        Self {
            name: joint.name.clone(),
            part: joint.part.0,
            kind,
            axis: joint.kind.axis().to_array(),
            lower: limits.map(|limits| limits.lower),
            upper: limits.map(|limits| limits.upper),
            velocity: limits.and_then(|limits| limits.velocity),
            effort: limits.and_then(|limits| limits.effort),
        }
    }
}

impl WrittenJoint {
    fn joint(self) -> Result<Joint, ImportFault> {
        let axis = Vec3::from_array(self.axis);
        let limits = match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => {
                Some(JointLimits { lower, upper, velocity: self.velocity, effort: self.effort })
            }
            _ => None,
        };
        let no_limits = || ImportFault::damaged(format!("joint «{}»", self.name), "it has no limits");
        let kind = match self.kind {
            WrittenKind::Continuous => JointKind::Continuous { axis },
            WrittenKind::Revolute => JointKind::Revolute { axis, limits: limits.ok_or_else(no_limits)? },
            WrittenKind::Prismatic => JointKind::Prismatic { axis, limits: limits.ok_or_else(no_limits)? },
        };
        Ok(Joint { name: self.name, part: PartId(self.part), kind })
    }
}

/// The joints out of the extras of a scene. Extras that are not of our making may hold anything under that name.
pub(super) fn joints(written: Option<serde_json::Value>) -> Result<Vec<Joint>, ImportFault> {
    let Some(written) = written else { return Ok(Vec::new()) };
    let written: Vec<WrittenJoint> = serde_json::from_value(written)
        .map_err(|error| ImportFault::damaged("the joints of the scene", error))?;
    written.into_iter().map(WrittenJoint::joint).collect()
}
