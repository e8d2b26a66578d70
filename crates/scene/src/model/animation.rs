//! Movements over time: keys of place, turn and size per part, and what holds between them.

use glam::{Quat, Vec3, Vec4};

use super::{PartId, Pose};

/// A movement of some parts, as one step of taking a machine apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Animation {
    /// Its name.
    pub name: String,
    /// What moves.
    pub channels: Vec<Channel>,
}

/// What happens to one property of one part.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The part.
    pub part: PartId,
    /// The property over time.
    pub track: Track,
}

/// A property over time. The times rise; there are as many keys as times, and at least one.
#[derive(Clone, Debug, PartialEq)]
pub enum Track {
    /// Metres in the part above.
    Translation {
        /// Seconds.
        times_s: Vec<f32>,
        /// At each.
        keys: Keys<Vec3>,
    },
    /// Unit quaternions.
    Rotation {
        /// Seconds.
        times_s: Vec<f32>,
        /// At each.
        keys: Keys<Quat>,
    },
    /// Factors.
    Scale {
        /// Seconds.
        times_s: Vec<f32>,
        /// At each.
        keys: Keys<Vec3>,
    },
}

/// What holds between two keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys<V> {
    /// The earlier key.
    Step(Vec<V>),
    /// A straight line, or the shortest turn.
    Linear(Vec<V>),
    /// A cubic curve with tangents.
    Spline(Vec<SplineKey<V>>),
}

/// A key of a cubic curve.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SplineKey<V> {
    /// The tangent that arrives, per second.
    pub arriving: V,
    /// The value.
    pub value: V,
    /// The tangent that leaves, per second.
    pub leaving: V,
}

impl<V> Keys<V> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Step(keys) | Self::Linear(keys) => keys.len(),
            Self::Spline(keys) => keys.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn all(&self, holds: impl Fn(&V) -> bool) -> bool {
        match self {
            Self::Step(keys) | Self::Linear(keys) => keys.iter().all(holds),
            Self::Spline(keys) => {
                keys.iter().all(|key| holds(&key.arriving) && holds(&key.value) && holds(&key.leaving))
            }
        }
    }
}

impl Track {
    /// Its times, seconds.
    pub fn times_s(&self) -> &[f32] {
        match self {
            Self::Translation { times_s, .. }
            | Self::Rotation { times_s, .. }
            | Self::Scale { times_s, .. } => times_s,
        }
    }

    /// How many keys it has.
    pub fn key_count(&self) -> usize {
        match self {
            Self::Translation { keys, .. } | Self::Scale { keys, .. } => keys.len(),
            Self::Rotation { keys, .. } => keys.len(),
        }
    }

    /// Whether all its numbers are.
    pub fn is_finite(&self) -> bool {
        let keys = match self {
            Self::Translation { keys, .. } | Self::Scale { keys, .. } => keys.all(|key| key.is_finite()),
            Self::Rotation { keys, .. } => keys.all(|key| key.is_finite()),
        };
        keys && self.times_s().iter().all(|time_s| time_s.is_finite())
    }

    /// Sets what it says at a time into a pose. Before the first key the first holds, after the last the last.
    pub fn apply(&self, at_s: f32, pose: &mut Pose) {
        match self {
            Self::Translation { times_s, keys } => {
                pose.translation = sample(times_s, keys, at_s, pose.translation, Vec3::lerp);
            }
            Self::Scale { times_s, keys } => {
                pose.scale = sample(times_s, keys, at_s, pose.scale, Vec3::lerp);
            }
            Self::Rotation { times_s, keys } => {
                let turned = sample(times_s, keys, at_s, pose.rotation, Quat::slerp);
                // A curve between unit quaternions leaves the sphere a little.
                let length = turned.length();
                pose.rotation = if length > f32::EPSILON { turned / length } else { pose.rotation };
            }
        }
    }
}

impl Animation {
    /// Seconds from its start to its last key.
    pub fn duration_s(&self) -> f32 {
        let last = |channel: &Channel| channel.track.times_s().last().copied();
        self.channels.iter().filter_map(last).fold(0.0, f32::max)
    }
}

/// Values that a cubic curve can be drawn through.
trait Curved: Copy {
    fn weighted(parts: [(f32, Self); 4]) -> Self;
}

impl Curved for Vec3 {
    fn weighted(parts: [(f32, Self); 4]) -> Self {
        parts.iter().fold(Self::ZERO, |sum, (weight, value)| sum + *value * *weight)
    }
}

impl Curved for Quat {
    fn weighted(parts: [(f32, Self); 4]) -> Self {
        let sum = parts.iter().fold(Vec4::ZERO, |sum, (weight, value)| sum + Vec4::from(*value) * *weight);
        Self::from_vec4(sum)
    }
}

/// The value at a time, by glTF 2.0, appendix C.
fn sample<V: Curved>(
    times_s: &[f32],
    keys: &Keys<V>,
    at_s: f32,
    rest: V,
    between: impl Fn(V, V, f32) -> V,
) -> V {
    let after = times_s.partition_point(|time| *time <= at_s);
    let before = after.saturating_sub(1);
    let span = match (times_s.get(before), times_s.get(after)) {
        (Some(from), Some(to)) if after > before && to > from => {
            Some((to - from, (at_s - from) / (to - from)))
        }
        _ => None,
    };
    match (keys, span) {
        (Keys::Step(keys), _) | (Keys::Linear(keys), None) => keys.get(before).copied().unwrap_or(rest),
        (Keys::Spline(keys), None) => keys.get(before).map_or(rest, |key| key.value),
        (Keys::Linear(keys), Some((_, share))) => match (keys.get(before), keys.get(after)) {
            (Some(from), Some(to)) => between(*from, *to, share),
            _ => rest,
        },
        (Keys::Spline(keys), Some((length_s, t))) => match (keys.get(before), keys.get(after)) {
            (Some(from), Some(to)) => {
                let (t2, t3) = (t * t, t * t * t);
                V::weighted([
                    (2.0 * t3 - 3.0 * t2 + 1.0, from.value),
                    (length_s * (t3 - 2.0 * t2 + t), from.leaving),
                    (3.0 * t2 - 2.0 * t3, to.value),
                    (length_s * (t3 - t2), to.arriving),
                ])
            }
            _ => rest,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(track: &Track, at_s: f32) -> Pose {
        let mut pose = Pose::IDENTITY;
        track.apply(at_s, &mut pose);
        pose
    }

    #[test]
    fn between_two_keys_a_part_moves_straight_and_outside_it_rests() {
        let keys = Keys::Linear(vec![Vec3::ZERO, Vec3::X]);
        let track = Track::Translation { times_s: vec![1.0, 3.0], keys };
        assert_eq!(at(&track, 0.0).translation.x, 0.0);
        assert_eq!(at(&track, 2.0).translation.x, 0.5);
        assert_eq!(at(&track, 9.0).translation.x, 1.0);
    }

    #[test]
    fn a_step_holds_until_the_next_key() {
        let keys = Keys::Step(vec![Vec3::ZERO, Vec3::X]);
        let track = Track::Translation { times_s: vec![0.0, 1.0], keys };
        assert_eq!(at(&track, 0.999).translation.x, 0.0);
        assert_eq!(at(&track, 1.0).translation.x, 1.0);
    }

    #[test]
    fn a_turn_takes_the_shortest_way() {
        let keys = Keys::Linear(vec![Quat::IDENTITY, Quat::from_rotation_z(1.0)]);
        let track = Track::Rotation { times_s: vec![0.0, 1.0], keys };
        assert!(at(&track, 0.5).rotation.abs_diff_eq(Quat::from_rotation_z(0.5), 1e-6));
    }

    #[test]
    fn a_spline_without_slope_starts_and_ends_at_rest() {
        let key = |value| SplineKey { arriving: Vec3::ZERO, value, leaving: Vec3::ZERO };
        let track = Track::Translation {
            times_s: vec![0.0, 2.0],
            keys: Keys::Spline(vec![key(Vec3::ZERO), key(Vec3::X)]),
        };
        assert_eq!(at(&track, 1.0).translation.x, 0.5);
        assert!(at(&track, 0.1).translation.x < 0.01, "an eased start is slow");
    }
}
