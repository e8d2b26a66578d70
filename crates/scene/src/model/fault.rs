//! Why pieces make no model, and the look that finds it.

use super::{
    Channel, Contents, DEPTH_MAX, Joint, Mesh, NAME_CHARS_MAX, PARTS_MAX, Part, PartId, TRIANGLES_MAX,
    Texture,
};

/// Why pieces make no model. «At» names the piece, with its place in the list counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFault {
    /// More of something than is taken.
    #[error("{at}: more than {limit} {what}")]
    TooMany {
        /// Where.
        at: String,
        /// Of what.
        what: &'static str,
        /// The most.
        limit: usize,
    },
    /// A number that is none, or infinite.
    #[error("{at}: {what} is not a finite number")]
    NotFinite {
        /// Where.
        at: String,
        /// Which number.
        what: &'static str,
    },
    /// Something that is named and not there.
    #[error("{at}: {what} {index} is not there")]
    NotThere {
        /// Where.
        at: String,
        /// What is named.
        what: &'static str,
        /// Its place.
        index: usize,
    },
    /// A part that stands before the part it is fixed to.
    #[error("{at}: its parent, part {parent}, does not stand before it")]
    Order {
        /// Where.
        at: String,
        /// The parent's place.
        parent: usize,
    },
    /// Lists that should be equally long.
    #[error("{at}: {what}")]
    Uneven {
        /// Where.
        at: String,
        /// Which.
        what: &'static str,
    },
}

pub(super) fn check(contents: &Contents) -> Result<(), ModelFault> {
    at_most("the model", "parts", contents.parts.len(), PARTS_MAX)?;
    let mut depths: Vec<usize> = Vec::with_capacity(contents.parts.len());
    let mut drawn: usize = 0;
    for (index, part) in contents.parts.iter().enumerate() {
        let at = || format!("part {index} «{}»", part.name);
        depths.push(part_depth(part, index, &depths, &at)?);
        if let Some(mesh) = part.mesh {
            let mesh = contents.meshes.get(mesh.index()).ok_or_else(|| ModelFault::NotThere {
                at: at(),
                what: "mesh",
                index: mesh.index(),
            })?;
            drawn = drawn.saturating_add(mesh.triangle_count());
        }
        at_most(&at(), "triangles up to here", drawn, TRIANGLES_MAX)?;
    }
    for (index, mesh) in contents.meshes.iter().enumerate() {
        mesh_whole(mesh, index, contents)?;
    }
    for (index, material) in contents.materials.iter().enumerate() {
        let at = || format!("material {index} «{}»", material.name);
        let numbers = material.base_color.iter().chain([&material.metallic, &material.roughness]);
        if !numbers.copied().all(f32::is_finite) {
            return Err(ModelFault::NotFinite { at: at(), what: "a factor" });
        }
        if let Some(texture) = material.texture.filter(|id| id.index() >= contents.textures.len()) {
            return Err(ModelFault::NotThere { at: at(), what: "texture", index: texture.index() });
        }
    }
    for (index, texture) in contents.textures.iter().enumerate() {
        texture_whole(texture, index)?;
    }
    for (index, joint) in contents.joints.iter().enumerate() {
        joint_whole(joint, index, contents.parts.len())?;
    }
    for (index, animation) in contents.animations.iter().enumerate() {
        for (channel_index, channel) in animation.channels.iter().enumerate() {
            let at = || format!("animation {index} «{}», channel {channel_index}", animation.name);
            channel_whole(channel, contents.parts.len(), &at)?;
        }
    }
    Ok(())
}

fn at_most(at: &str, what: &'static str, count: usize, limit: usize) -> Result<(), ModelFault> {
    if count > limit {
        return Err(ModelFault::TooMany { at: at.to_owned(), what, limit });
    }
    Ok(())
}

fn part_depth(
    part: &Part,
    index: usize,
    depths: &[usize],
    at: &dyn Fn() -> String,
) -> Result<usize, ModelFault> {
    at_most(&format!("part {index}"), "characters of its name", part.name.chars().count(), NAME_CHARS_MAX)?;
    if !part.parent_from_part.is_finite() {
        return Err(ModelFault::NotFinite { at: at(), what: "its place" });
    }
    let Some(parent) = part.parent else { return Ok(1) };
    let depth =
        depths.get(parent.index()).ok_or_else(|| ModelFault::Order { at: at(), parent: parent.index() })?;
    at_most(&at(), "parts above each other", depth + 1, DEPTH_MAX)?;
    Ok(depth + 1)
}

fn mesh_whole(mesh: &Mesh, index: usize, contents: &Contents) -> Result<(), ModelFault> {
    for (surface_index, surface) in mesh.surfaces.iter().enumerate() {
        let at = || format!("mesh {index} «{}», surface {surface_index}", mesh.name);
        let corners = surface.positions.len();
        if surface.normals.len() != corners || !(surface.uvs.is_empty() || surface.uvs.len() == corners) {
            return Err(ModelFault::Uneven {
                at: at(),
                what: "positions, normals and places on the texture are not equally many",
            });
        }
        let finite = surface.positions.iter().chain(&surface.normals).all(|vector| vector.is_finite())
            && surface.uvs.iter().all(|uv| uv.is_finite());
        if !finite {
            return Err(ModelFault::NotFinite { at: at(), what: "a corner" });
        }
        if surface.triangles.is_empty() {
            return Err(ModelFault::Uneven { at: at(), what: "it has no triangles" });
        }
        if surface.triangles.iter().any(|[a, b, c]| a == b || b == c || c == a) {
            return Err(ModelFault::Uneven { at: at(), what: "a triangle names a corner twice" });
        }
        let beyond = surface.triangles.iter().flatten().find(|corner| **corner as usize >= corners);
        if let Some(corner) = beyond {
            return Err(ModelFault::NotThere { at: at(), what: "corner", index: *corner as usize });
        }
        if let Some(material) = surface.material.filter(|id| id.index() >= contents.materials.len()) {
            return Err(ModelFault::NotThere { at: at(), what: "material", index: material.index() });
        }
    }
    Ok(())
}

fn texture_whole(texture: &Texture, index: usize) -> Result<(), ModelFault> {
    let wanted =
        (texture.width_px as usize).checked_mul(texture.height_px as usize).and_then(|px| px.checked_mul(4));
    if texture.rgba.is_empty() || wanted != Some(texture.rgba.len()) {
        let at = format!("texture {index} «{}»", texture.name);
        return Err(ModelFault::Uneven { at, what: "its bytes are not four for each pixel" });
    }
    Ok(())
}

fn joint_whole(joint: &Joint, index: usize, part_count: usize) -> Result<(), ModelFault> {
    let at = || format!("joint {index} «{}»", joint.name);
    part_there(joint.part, part_count, &at)?;
    if !joint.kind.axis().is_normalized() {
        return Err(ModelFault::NotFinite { at: at(), what: "the length of its axis" });
    }
    let limits_are =
        joint.kind.limits().is_none_or(|limits| limits.lower.is_finite() && limits.upper.is_finite());
    if !limits_are {
        return Err(ModelFault::NotFinite { at: at(), what: "a limit" });
    }
    Ok(())
}

fn channel_whole(channel: &Channel, part_count: usize, at: &dyn Fn() -> String) -> Result<(), ModelFault> {
    part_there(channel.part, part_count, at)?;
    let times_s = channel.track.times_s();
    if times_s.is_empty() || times_s.len() != channel.track.key_count() {
        return Err(ModelFault::Uneven { at: at(), what: "there are not as many keys as times" });
    }
    if !channel.track.is_finite() {
        return Err(ModelFault::NotFinite { at: at(), what: "a time or a key" });
    }
    if !times_s.is_sorted() {
        return Err(ModelFault::Uneven { at: at(), what: "the times do not rise" });
    }
    Ok(())
}

fn part_there(part: PartId, part_count: usize, at: &dyn Fn() -> String) -> Result<(), ModelFault> {
    if part.index() >= part_count {
        return Err(ModelFault::NotThere { at: at(), what: "part", index: part.index() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use glam::Vec3;

    use super::super::{MeshId, Model, Surface};
    use super::*;

    fn with_part(part: Part) -> Contents {
        Contents { parts: vec![part], ..Contents::default() }
    }

    fn fault(contents: Contents) -> String {
        Model::of(contents).unwrap_err().to_string()
    }

    #[test]
    fn a_part_that_hangs_on_a_later_one_is_refused() {
        let part = Part { name: "bolt".into(), parent: Some(PartId(0)), ..Part::default() };
        assert_eq!(fault(with_part(part)), "part 0 «bolt»: its parent, part 0, does not stand before it");
    }

    #[test]
    fn a_mesh_that_is_not_there_is_named() {
        let part = Part { name: "cover".into(), mesh: Some(MeshId(7)), ..Part::default() };
        assert_eq!(fault(with_part(part)), "part 0 «cover»: mesh 7 is not there");
    }

    #[test]
    fn a_corner_beyond_the_list_is_refused() {
        let surface = Surface {
            positions: vec![Vec3::ZERO; 3],
            normals: vec![Vec3::Y; 3],
            triangles: vec![[0, 1, 3]],
            ..Surface::default()
        };
        let mesh = Mesh { name: "plate".into(), surfaces: vec![surface] };
        let contents = Contents { meshes: vec![mesh], ..Contents::default() };
        assert_eq!(fault(contents), "mesh 0 «plate», surface 0: corner 3 is not there");
    }

    #[test]
    fn parts_hang_on_each_other_only_so_deep() {
        let chain = (0..=DEPTH_MAX)
            .map(|index| Part { parent: index.checked_sub(1).map(PartId::at), ..Part::default() });
        let contents = Contents { parts: chain.collect(), ..Contents::default() };
        assert!(fault(contents).ends_with("more than 64 parts above each other"));
    }
}
