//! A machine or place on paper: its particulars, its tags as they stand, its orders, plans and parts.

use millwright_model::*;
use millwright_paper::{Block, Row};

use super::order::number_of;
use super::voice::Voice;
use super::{Told, attachments, facts, heading, order_columns, order_rows, plan, row, section, words};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::{self, asset};

pub(super) async fn told(engine: &Inner, voice: &Voice, asset_id: AssetId) -> Result<Told, EngineError> {
    let view = asset::show(engine, AssetShow { asset_id }).await?;
    let asset_id = Some(view.asset.asset_id);
    let plans = use_case::plan::list(engine, PlanList { asset_id }).await?;
    let (asset, language) = (&view.asset, voice.language);
    let mut blocks = vec![particulars(voice, &view)];
    blocks.extend(section(
        language.tags(),
        [
            (language.measuring_point(), 3.0),
            (language.last_value(), -2.2),
            (language.usual(), 2.4),
            (language.limits(), 2.4),
            (language.state(), 2.4),
        ],
        view.tags.iter().map(|tag| tag_row(voice, tag)).collect(),
    ));
    let (open, closed): (Vec<_>, Vec<_>) =
        view.orders.iter().map(|overview| &overview.order).partition(|order| order.status.is_open());
    if open.is_empty() {
        blocks.extend([heading(language.open_orders()), words("", language.no_open_orders())]);
    }
    let rows = order_rows(voice, open);
    blocks.extend(section(language.open_orders(), order_columns(language, language.due()), rows));
    let rows = order_rows(voice, closed);
    blocks.extend(section(language.closed_orders(), order_columns(language, language.completed_at()), rows));
    blocks.extend(section(
        language.requests(),
        [
            (language.number(), 2.0),
            (language.fault(), 6.0),
            (language.state(), 2.5),
            (language.raised_at(), 2.5),
        ],
        view.requests.iter().map(|view| request_row(voice, view)).collect(),
    ));
    blocks.extend(section(
        language.plans(),
        [(language.what(), 4.0), (language.rhythm(), 5.0), (language.next_due(), 3.0)],
        plans.iter().map(|view| plan::list_row(voice, view)).collect(),
    ));
    blocks.extend(section(
        language.parts_of_machine(),
        [
            (language.number(), 2.0),
            (language.name(), 5.0),
            (language.on_hand(), -2.0),
            (language.place(), 3.0),
        ],
        view.parts.iter().map(|part| part_row(voice, part)).collect(),
    ));
    blocks.extend(attachments(engine, voice, view.attachments.clone(), |_photo| String::new()).await);
    Ok(Told {
        stem: format!("asset-{}", asset.code),
        name: format!("{} {}", voice.level(asset.level), asset.code),
        title: asset.name.clone(),
        standing: String::new(),
        blocks,
        single_page: false,
    })
}

fn particulars(voice: &Voice, view: &AssetView) -> Block {
    let (asset, language) = (&view.asset, voice.language);
    let above: Vec<&str> =
        view.path.iter().take(view.path.len().saturating_sub(1)).map(|place| place.name.as_str()).collect();
    let criticality = match asset.criticality {
        Criticality::A => "A",
        Criticality::B => "B",
        Criticality::C => "C",
    };
    let known: Vec<String> = view.joined.iter().map(|gone| gone.code.clone()).collect();
    facts([
        (language.code(), Some(asset.code.clone())),
        (language.level(), Some(voice.level(asset.level).to_owned())),
        (language.place(), Some(above.join(" / "))),
        (language.criticality(), Some(criticality.to_owned())),
        (language.class(), asset.class.clone()),
        (language.erp_number(), asset.erp_number.clone()),
        (language.uns_path(), asset.uns_path.clone()),
        (language.also_known(), Some(known.join(", "))),
    ])
}

fn tag_row(voice: &Voice, tag: &TagState) -> Row {
    let binding = &tag.binding;
    let unit = binding.unit.as_str();
    let value = tag.live.as_ref().and_then(|live| live.sample.value.as_ref());
    let limits = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (None, None) => String::new(),
        _ => voice.between(low, high, unit),
    };
    let strong = match tag.condition {
        TagCondition::BeyondLimit | TagCondition::Unusual => true,
        TagCondition::Normal | TagCondition::Stale | TagCondition::NotGood | TagCondition::Silent => false,
    };
    let cells = vec![
        binding.name.clone(),
        value.map(|value| voice.value(value, unit)).unwrap_or_default(),
        limits(binding.usual_low, binding.usual_high),
        limits(binding.limit_low, binding.limit_high),
        voice.condition(tag.condition).to_owned(),
    ];
    Row { cells, strong }
}

fn request_row(voice: &Voice, view: &RequestOverview) -> Row {
    row([
        number_of(&view.request),
        view.request.text.clone(),
        voice.request_status(view.request.status).to_owned(),
        voice.moment(view.request.raised_at),
    ])
}

fn part_row(voice: &Voice, part: &PartOverview) -> Row {
    row([
        part.part.number.clone(),
        part.part.name.clone(),
        voice.quantity(&part.on_hand),
        part.place.clone().unwrap_or_default(),
    ])
}
