//! The team's exchange without a network, for the simulation of many devices: the same talk, over a line that a test
//! makes. No part of the crate's interface.

use millwright_model::DeviceId;
use millwright_team::Invitation;
pub use millwright_team::{ToDevice, ToNode};

pub use crate::team::line::{Line, LineError};
use crate::team::node::Peer;
use crate::team::{Role, copies, follow, node};
use crate::{Engine, EngineError};

/// Makes a device a team's node, without a door.
///
/// # Errors
/// When it is in another team.
pub async fn become_node(engine: &Engine) -> Result<(), EngineError> {
    engine.inner.become_node().await.map(|_team| ())
}

/// What the node answers to a device, or to a stranger.
pub async fn answer(node: &Engine, device: Option<DeviceId>, message: ToNode) -> ToDevice {
    node::answer(&node.inner, device.map_or(Peer::Stranger, Peer::Device), message).await
}

/// What a member answers to another one.
pub async fn answer_as_member(member: &Engine, device: DeviceId, message: ToNode) -> ToDevice {
    node::answer_as_member(&member.inner, Peer::Device(device), message).await
}

/// Copies what waits on a member to `keeper`, over a line to it; answers how many letters it took.
///
/// # Errors
/// In words, when the line broke, the other one refused, or a store failed.
pub async fn copy(engine: &Engine, line: &mut impl Line, keeper: DeviceId) -> Result<usize, String> {
    copies::give_over(&engine.inner, line, keeper).await.map_err(|error| error.to_string())
}

/// Who this device is.
pub fn device_id(engine: &Engine) -> DeviceId {
    engine.inner.device.device_id
}

/// Says everything there is to say over `line`.
///
/// # Errors
/// In words, when the line broke, the node refused, or a store failed.
pub async fn talk(engine: &Engine, line: &mut impl Line) -> Result<(), String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    match engine.inner.team.role() {
        Role::Alone | Role::Node { .. } | Role::ShutOut => Ok(()),
        Role::Asking { invitation, name } => {
            let invitation: Invitation = invitation.parse().map_err(|error| words(&error))?;
            follow::ask_over(&engine.inner, line, &invitation, &name).await.map_err(|error| words(&error))
        }
        Role::Member(_) => {
            let mut member = follow::greet(&engine.inner).await.map_err(|error| words(&error))?;
            follow::talk(&engine.inner, line, &mut member).await.map_err(|error| words(&error))
        }
    }
}
