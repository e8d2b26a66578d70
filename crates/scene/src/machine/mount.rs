//! Where labels sit on a machine, as its parts say it in `label_mounts`.

use glam::{DAffine3, DQuat, DVec3};
use serde::Deserialize;

use crate::frame::Motion;
use crate::model::{Model, PartId};
use crate::pose::{Rig, Stance};

/// A place for a label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMount {
    /// The part that it sits on.
    pub part: String,
    /// What people call the place.
    pub name: String,
    /// Where it sits in the machine's frame as the machine rests: the label lies in the XY plane of its own frame, its
    /// face towards +Z.
    pub machine_from_label: DAffine3,
    /// Between the label's detection corners, in metres.
    pub size_m: f64,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    name: String,
    pose: SaidPose,
    size_m: f64,
}

#[derive(Deserialize)]
struct SaidPose {
    translation_m: [f64; 3],
    /// x, y, z, w.
    rotation: [f64; 4],
}

/// What a part says of its labels that does not read as places.
#[derive(Debug, thiserror::Error)]
#[error("a label mount of {part} cannot be read: {source}")]
pub struct LabelMountFault {
    /// Which part says it.
    pub part: String,
    /// What is wrong with it.
    source: serde_json::Error,
}

/// The places for labels that a model's parts name, in the order of the parts.
///
/// # Errors
/// When what a part says of them does not read as places.
pub fn label_mounts(model: &Model) -> Result<Vec<LabelMount>, LabelMountFault> {
    let (rig, mut stance) = (Rig::of(model), Stance::default());
    rig.stand(model, &Motion::default(), &mut stance);
    let mut mounts = Vec::new();
    for (index, part) in model.parts().iter().enumerate() {
        let Some(said) = part.extras.get("label_mounts") else { continue };
        let said: Vec<Said> = serde_json::from_value(said.clone())
            .map_err(|source| LabelMountFault { part: part.name.clone(), source })?;
        let place = stance.machine_from(PartId::at(index));
        let machine_from_part =
            DAffine3::from_mat3_translation(place.matrix3.as_dmat3(), place.translation.as_dvec3());
        mounts.extend(said.into_iter().map(|said| LabelMount {
            part: part.name.clone(),
            name: said.name,
            machine_from_label: machine_from_part
                * DAffine3::from_rotation_translation(
                    DQuat::from_array(said.pose.rotation).normalize(),
                    DVec3::from_array(said.pose.translation_m),
                ),
            size_m: said.size_m,
        }));
    }
    Ok(mounts)
}
