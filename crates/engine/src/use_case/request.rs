//! Requests: something is wrong with a machine.

use millwright_local_db::Session;
use millwright_model::*;

use super::work_order::TEXT_CHARS;
use super::{actor, optional_text, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The longest name of a part of a model.
const PART_CHARS: usize = 200;

pub(crate) async fn raise(engine: &Inner, command: RequestRaise) -> Result<RequestId, EngineError> {
    let text = required_text(&command.text, Input::Fault, TEXT_CHARS)?;
    let part = command.part.as_deref().map(|part| optional_text(part, Input::Part, PART_CHARS));
    let part = part.transpose()?.filter(|part| !part.is_empty());
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    unit.need::<Asset>(command.asset_id, Missing::Machine).await?;
    let number = unit.session.next_number("request_counter").await?;
    let request = Request {
        request_id: unit.mint(),
        erp_number: None,
        local_number: Some(format!("{}-R{number}", engine.device.code())),
        asset_id: command.asset_id,
        part,
        text,
        priority: command.priority,
        machine_down: command.machine_down,
        status: RequestStatus::New,
        status_reason: None,
        raised_at: unit.now,
        raised_by: engine.person(),
        taken: None,
        passed_on: None,
    };
    unit.create(&request).await?;
    unit.stale(CacheTag::Requests);
    unit.stale(CacheTag::Shift);
    unit.stale(CacheTag::Asset(command.asset_id));
    unit.commit().await?;
    Ok(request.request_id)
}

pub(crate) async fn list(engine: &Inner, command: RequestList) -> Result<Vec<RequestOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let requests = session.requests(command.open_only, 200).await?;
    overviews(engine, &mut session, requests).await
}

/// Requests as lists show them.
pub(crate) async fn overviews(
    engine: &Inner,
    session: &mut Session,
    requests: Vec<Request>,
) -> Result<Vec<RequestOverview>, EngineError> {
    let mut overviews = Vec::with_capacity(requests.len());
    for request in requests {
        let asset: Option<Asset> = session.get(request.asset_id).await?;
        let order = session.work_order_of_request(request.request_id).await?;
        let photos = session.attachments_of_request(request.request_id).await?;
        let (asset_code, asset_name) = asset.map(|asset| (asset.code, asset.name)).unwrap_or_default();
        overviews.push(RequestOverview {
            raised_by_name: engine.people.name(request.raised_by),
            taken_by_name: engine.people.name(request.taken.as_ref().map(|taken| taken.by)),
            asset_code,
            asset_name,
            order,
            photos,
            request,
        });
    }
    Ok(overviews)
}

pub(crate) async fn decline(engine: &Inner, command: RequestDecline) -> Result<Done, EngineError> {
    let reason = required_text(&command.reason, Input::Reason, TEXT_CHARS)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let request: Request = unit.need(command.request_id, Missing::Request).await?;
    if request.status != RequestStatus::New {
        return Err(EngineError::Precondition(Refusal::RequestAnswered));
    }
    let after = Request { status: RequestStatus::Declined, status_reason: Some(reason), ..request.clone() };
    unit.update(&request, &after).await?;
    unit.stale(CacheTag::Requests);
    unit.commit().await
}
