//! The team at a terminal: invite, let in, shut out, ask, exchange.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;

use crate::cli::{LetterAct, OutboxAct, TeamAct};
use crate::face::{Face, internal};
use crate::output::answer;
use crate::run::find_asset;

pub(crate) async fn act(face: &Face, json: bool, act: &TeamAct) -> Result<(), ApiError> {
    let done = |said: &'static str| move |_done: &Done| vec![said.to_owned()];
    match act {
        TeamAct::Show => answer(json, "team", &face.call(TeamShow {}).await?, lines),
        TeamAct::Invite { address, minutes } => {
            let invite = TeamInvite { address: address.clone(), minutes: *minutes };
            answer(json, "team-invitation", &face.call(invite).await?, |view| {
                let mut lines = half_blocks(&view.modules);
                lines.push(view.invitation.clone());
                lines
            })
        }
        TeamAct::Admit { device, areas } => {
            let device_id = asking(face, device).await?;
            let mut scope = Scope::default();
            for area in areas {
                scope.areas.push(find_asset(face, area).await?);
            }
            answer(json, "done", &face.call(TeamAdmit { device_id, scope }).await?, done("Let in."))
        }
        TeamAct::Scope { device, areas } => {
            let device_id = member(face, device).await?;
            let mut scope = Scope::default();
            for area in areas {
                scope.areas.push(find_asset(face, area).await?);
            }
            let set = TeamScopeSet { device_id, scope };
            answer(json, "done", &face.call(set).await?, done("Said. The device fills up again."))
        }
        TeamAct::Outbox(OutboxAct::List) => {
            let carried = face.call(TeamShow {}).await?.carried;
            answer(json, "team-outbox-list", &carried, |carried| carried.iter().map(carried_line).collect())
        }
        TeamAct::Outbox(OutboxAct::Take { device }) => {
            let device_id = laid_aside(face, device).await?;
            let judged = face.call(TeamOutboxTake { device_id }).await?;
            answer(json, "team-outbox", &judged, |judged| vec![format!("{judged} records were judged.")])
        }
        TeamAct::Outbox(OutboxAct::Discard { device }) => {
            let device_id = laid_aside(face, device).await?;
            face.call(TeamOutboxDiscard { device_id }).await?;
            answer(json, "done", &(), |()| vec!["Thrown away.".to_owned()])
        }
        TeamAct::TurnAway { device } => {
            let device_id = asking(face, device).await?;
            face.call(TeamTurnAway { device_id }).await?;
            answer(json, "done", &(), |()| vec!["Turned away.".to_owned()])
        }
        TeamAct::Revoke { device, reason } => {
            let device_id = member(face, device).await?;
            let revoke = TeamRevoke { device_id, reason: reason.clone() };
            answer(json, "done", &face.call(revoke).await?, done("Shut out."))
        }
        TeamAct::Join { invitation, name } => {
            face.call(TeamJoin { invitation: invitation.clone(), name: name.clone() }).await?;
            answer(json, "done", &(), |()| {
                vec!["Asked. A person at the node has to let this device in.".to_owned()]
            })
        }
        TeamAct::JoinCancel => {
            face.call(TeamJoinCancel {}).await?;
            answer(json, "done", &(), |()| vec!["Asked no more.".to_owned()])
        }
        TeamAct::Letter(LetterAct::Write { file }) => {
            let written = face.call(TeamLetterWrite {}).await?;
            save(file, &written.bytes_base64)?;
            let LetterWritten { transactions, photos, photos_left, .. } = written;
            let said = format!("{transactions} records and {photos} photos are in {}.", file.display());
            answer(json, "team-letter", &(transactions, photos, photos_left), |_| {
                let left = format!("{photos_left} photos did not fit: they go with the next letter.");
                [said].into_iter().chain((photos_left > 0).then_some(left)).collect()
            })
        }
        TeamAct::Letter(LetterAct::Take { file, answer: to }) => {
            let bytes = std::fs::read(file).map_err(|error| no_file(file, &error))?;
            let bytes_base64 = STANDARD.encode(bytes);
            let taken = face.call(TeamLetterTake { bytes_base64 }).await?;
            let mut said = vec![format!("{} records were judged.", taken.transactions)];
            match (&taken.answer, to) {
                (Some(letter), Some(to)) => {
                    save(to, &letter.bytes_base64)?;
                    said.push(format!("The answer is in {}: carry it back.", to.display()));
                }
                (Some(_), None) => said
                    .push("Say --answer FILE to get the answer; the letter may be taken again.".to_owned()),
                (None, _) => said.push(format!("{} records of others came with it.", taken.accepted)),
            }
            answer(json, "team-letter-taken", &(taken.transactions, taken.accepted), |_| said.clone())
        }
        TeamAct::SilentAfter { hours } => {
            let settings = Settings { silent_after_hours: *hours, ..face.call(SettingsShow {}).await? };
            face.call(SettingsSave { settings }).await?;
            answer(json, "done", &(), |()| vec!["Kept.".to_owned()])
        }
        TeamAct::Exchange => {
            face.owned()?.exchange().await?;
            answer(json, "team", &face.call(TeamShow {}).await?, lines)
        }
    }
}

fn save(file: &Path, bytes_base64: &str) -> Result<(), ApiError> {
    let bytes = STANDARD.decode(bytes_base64).map_err(internal)?;
    std::fs::write(file, bytes).map_err(|error| no_file(file, &error))
}

fn no_file(file: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(Code::Invalid, format!("{}: {error}", file.display()))
}

fn no_device(name: &str) -> ApiError {
    ApiError::new(Code::NotFound, format!("There is no device «{name}» here"))
}

/// The device of the team that people call so; of two of one name the one that is let in.
async fn member(face: &Face, name: &str) -> Result<DeviceId, ApiError> {
    let devices = face.call(TeamShow {}).await?.devices;
    let mut named: Vec<&Device> =
        devices.iter().map(|view| &view.device).filter(|device| device.name == name).collect();
    named.sort_by_key(|device| device.revoked_at.is_some());
    named.first().map(|device| device.device_id).ok_or_else(|| no_device(name))
}

/// The device of that name of which something was laid aside.
async fn laid_aside(face: &Face, name: &str) -> Result<DeviceId, ApiError> {
    let carried = face.call(TeamShow {}).await?.carried;
    let named = carried.iter().find(|view| view.device_name == name);
    named.map(|view| view.device_id).ok_or_else(|| no_device(name))
}

/// The device that asks, by its name or its proof; two of one name are told apart by the proof.
async fn asking(face: &Face, name: &str) -> Result<DeviceId, ApiError> {
    let asks = face.call(TeamShow {}).await?.asks;
    let mut named = asks.iter().filter(|ask| ask.name == name || ask.proof == name);
    match (named.next(), named.next()) {
        (Some(ask), None) => Ok(ask.device_id),
        (Some(_), Some(_)) => Err(ApiError::new(
            Code::Invalid,
            format!("More than one device is called «{name}»: give its proof"),
        )),
        (None, _) => Err(no_device(name)),
    }
}

fn lines(view: &TeamView) -> Vec<String> {
    let role = match &view.role {
        TeamRole::Alone => "in no team".to_owned(),
        TeamRole::Node => format!("the node, at {}", view.checkpoint),
        TeamRole::Asking { address } => format!("asks {address} to be let in"),
        TeamRole::Member { address, .. } => {
            format!("follows {address}, at {}, {} to be judged", view.checkpoint, view.pending)
        }
        TeamRole::ShutOut => "shut out".to_owned(),
    };
    let mut lines = vec![role];
    lines.extend(view.asks.iter().map(|ask| format!("asks\t{}\t{}", ask.name, ask.proof)));
    lines.extend(view.carried.iter().map(carried_line));
    for view in &view.devices {
        let state = match (&view.device.revoked_at, &view.quarantined) {
            (Some(_), _) => "shut out".to_owned(),
            (None, Some(why)) => format!("quarantined: {why}"),
            (None, None) => {
                let silent = if view.silent { "silent, " } else { "" };
                format!("{silent}{} waiting, {} behind", view.pending, view.behind)
            }
        };
        let holder = view.holder.as_deref().unwrap_or("-");
        let open = view.open_orders.join(",");
        lines.push(format!("device\t{}\t{}\t{holder}\t{state}\t{open}", view.device.name, view.device.code));
    }
    lines
}

fn carried_line(view: &CarriedView) -> String {
    format!("laid aside\t{}\t{} letters\t{} bytes", view.device_name, view.letters, view.size_bytes)
}

/// Two rows of a QR code in each line, light on dark as terminals are.
fn half_blocks(modules: &[String]) -> Vec<String> {
    let rows: Vec<Vec<bool>> =
        modules.iter().map(|row| row.chars().map(|module| module == '#').collect()).collect();
    let dark =
        |row: usize, column: usize| rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(false);
    let width = rows.first().map_or(0, Vec::len);
    let line = |row: usize| {
        let cell = |column: usize| match (dark(row, column), dark(row + 1, column)) {
            (true, true) => ' ',
            (true, false) => '▄',
            (false, true) => '▀',
            (false, false) => '█',
        };
        (0..width).map(cell).collect()
    };
    (0..rows.len()).step_by(2).map(line).collect()
}
