//! A request on paper: what is wrong with which machine, who said so, and what came of it.

use millwright_model::*;
use millwright_paper::Block;

use super::order::number_of;
use super::voice::Voice;
use super::words::filled;
use super::{Told, attachments, facts, machine, words};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::request;

pub(super) async fn told(engine: &Inner, voice: &Voice, id: RequestId) -> Result<Told, EngineError> {
    let mut session = engine.database.read().await?;
    let record: Request = session.get(id).await?.ok_or(EngineError::NotFound(Missing::Request))?;
    let view = request::overviews(engine, &mut session, vec![record]).await?.pop();
    drop(session);
    let view = view.ok_or(EngineError::NotFound(Missing::Request))?;
    let (request, language) = (&view.request, voice.language);
    let answer = view.order.as_ref().map(|order| format!("{} {}", order.number(), order.title));
    let mut blocks = vec![facts([
        (language.machine(), Some(machine(&view.asset_code, &view.asset_name))),
        (language.priority(), Some(voice.priority(request.priority).to_owned())),
        (language.machine_down(), Some(voice.yes_or_no(request.machine_down).to_owned())),
        (language.raised_at(), Some(voice.moment(request.raised_at))),
        (language.raised_by(), view.raised_by_name.clone()),
        (language.answered_by(), answer),
        (language.erp_number(), request.erp_number.clone()),
    ])];
    if let (RequestStatus::Declined, Some(reason)) = (request.status, &request.status_reason) {
        blocks.push(Block::Notice(filled(language.declined_because(), &[("reason", reason)])));
    }
    blocks.push(words(language.fault(), request.text.clone()));
    blocks.extend(attachments(engine, voice, view.photos.clone(), |_photo| String::new()).await);
    let number = number_of(request);
    Ok(Told {
        stem: format!("request-{number}"),
        name: format!("{} {number}", language.request()),
        title: request.text.lines().next().unwrap_or_default().chars().take(120).collect(),
        standing: voice.request_status(request.status).to_owned(),
        blocks,
        single_page: false,
    })
}
