//! A part on paper: how many are where, who delivers it, where it is built in.

use millwright_model::*;
use millwright_paper::Block;

use super::voice::Voice;
use super::words::filled;
use super::{Told, facts, machine, row, section};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::part;

pub(super) async fn told(engine: &Inner, voice: &Voice, part_id: PartId) -> Result<Told, EngineError> {
    let view = part::show(engine, PartShow { part_id }).await?;
    let (overview, language) = (&view.overview, voice.language);
    let part = &overview.part;
    let known: Vec<String> = view.joined.iter().map(|gone| gone.code.clone()).collect();
    let mut blocks = vec![facts([
        (language.number(), Some(part.number.clone())),
        (language.unit(), Some(part.unit.clone())),
        (language.on_hand(), Some(voice.quantity(&overview.on_hand))),
        (language.place(), overview.place.clone()),
        (language.also_known(), Some(known.join(", "))),
    ])];
    if overview.single_source {
        blocks.push(Block::Notice(language.single_source().to_owned()));
    }
    let stock = |stock: &Stock| {
        row([
            stock.location.clone(),
            stock.bin.clone().unwrap_or_default(),
            voice.quantity(&stock.on_hand),
            voice.moment(stock.as_of),
        ])
    };
    blocks.extend(section(
        language.stock(),
        [
            (language.location(), 4.0),
            (language.bin(), 3.0),
            (language.on_hand(), -2.5),
            (language.as_of(), 3.0),
        ],
        view.stock.iter().map(stock).collect(),
    ));
    let offer = |view: &OfferView| {
        let offer = &view.offer;
        let price =
            offer.price_hundredths.map(|price| voice.price(price, offer.currency.as_deref().unwrap_or("")));
        row([
            view.supplier_name.clone(),
            filled(language.days(), &[("count", &offer.lead_time_days.to_string())]),
            price.unwrap_or_default(),
        ])
    };
    blocks.extend(section(
        language.suppliers(),
        [(language.supplier(), 6.0), (language.lead_time(), 3.0), (language.price(), -3.0)],
        view.offers.iter().map(offer).collect(),
    ));
    let used = |view: &WhereUsedView| {
        row([
            machine(&view.asset_code, &view.asset_name),
            view.where_used.place.clone().unwrap_or_default(),
            voice.quantity(&view.where_used.quantity),
        ])
    };
    blocks.extend(section(
        language.where_used(),
        [(language.machine(), 6.0), (language.place(), 4.0), (language.quantity(), -2.0)],
        view.where_used.iter().map(used).collect(),
    ));
    let alternate = |part: &Part| row([part.number.clone(), part.name.clone()]);
    blocks.extend(section(
        language.alternates(),
        [(language.number(), 3.0), (language.name(), 9.0)],
        view.alternates.iter().map(alternate).collect(),
    ));
    Ok(Told {
        stem: format!("part-{}", part.number),
        name: format!("{} {}", language.part(), part.number),
        title: part.name.clone(),
        standing: String::new(),
        blocks,
        single_page: false,
    })
}
