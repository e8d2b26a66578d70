//! A scenario of supply is answered from the store: stock and uses, other offers, the machines that wait for a part.

use std::collections::{BTreeSet, HashMap, HashSet};

use millwright_local_db::Session;
use millwright_methods::scenario::{self as language, OriginKind, Question};
use millwright_model::*;

use super::draft::{Reading, document};
use super::freeze::is_taken_for_an_answer;
use super::{convert, of_document, of_model};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::document::{self, writer};
use crate::use_case::{actor, part};

const DAY_MS: i64 = 86_400_000;
/// Uses are counted over so many weeks.
pub(super) const WEEKS: i64 = 52;
/// So many other suppliers are named in where a figure comes from.
const NAMED_MAX: usize = 4;

/// A part with what the store knows of it.
pub(super) struct Known {
    pub(super) part: Part,
    pub(super) on_hand: Option<Quantity>,
    pub(super) used_thousandths: i64,
    /// Who else offers it, with the days from order to delivery.
    pub(super) others: Vec<(String, i64)>,
    /// Whether another part can take its place that others offer, or that is there.
    pub(super) has_substitute: bool,
    pub(super) machines: Vec<String>,
}

impl Known {
    fn is_single_source(&self) -> bool {
        self.others.is_empty()
    }

    fn named(&self) -> String {
        format!("{} {}", self.part.number, self.part.name)
    }
}

/// What a figure comes out as, and where it comes from.
type Found = Result<(ScenarioAnswer, String), ScenarioMissingWhy>;

pub(crate) async fn fill(engine: &Inner, command: ScenarioFill) -> Result<ScenarioFilled, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let scenario: Scenario = unit.need(command.scenario_id, Missing::Scenario).await?;
    let (mut draft, _) = document(&mut unit, scenario.scenario_id).await?;
    let now = unit.now;
    let (supplier, mut known) = known(&mut unit, command.subject, now).await?;
    // What nobody else offers stops first.
    known.sort_by_key(|known| (!known.is_single_source(), known.part.number.clone()));
    let bound: HashSet<String> = draft.drivers().into_iter().map(|(name, _)| name).collect();
    let before = Reading::of(&draft.text());
    let mut text = before.text.clone();
    let mut told = ScenarioFilled { filled: vec![], stays: vec![], missing: vec![], parts: vec![] };
    for question in before.model()?.questions() {
        let is_bound = bound.contains(&question.name);
        let is_open = match question.origin.as_ref().map(|origin| origin.kind) {
            None | Some(OriginKind::Assumption) => !is_bound,
            // Filled before, it is looked up anew.
            Some(OriginKind::Erp) => !is_bound && ScenarioSubject::FIGURES.contains(&question.name.as_str()),
            Some(OriginKind::Person | OriginKind::Tag | OriginKind::File) => false,
        };
        if !is_open {
            told.stays.push(question.name);
            continue;
        }
        match found(&question, &known) {
            Ok((answer, of)) => {
                let of = format!("{supplier}; {of}, {}", convert::stamp(now));
                let origin = convert::origin(&ScenarioOrigin { kind: ScenarioOriginKind::Erp, of });
                text = language::answer(&text, &question.name, &convert::answer(&answer), Some(origin))
                    .map_err(|fault| of_model(&fault))?;
                told.filled.push(question.name);
            }
            Err(why) => {
                told.missing.push(ScenarioMissing { name: question.name, question: question.question, why })
            }
        }
    }
    if !told.filled.is_empty() {
        let id: DocumentUpdateId = unit.mint();
        let seen = draft.version();
        if let Some(update) = draft.write_text(&seen, &text, writer(id)).map_err(of_document)? {
            document::fits(&update).map_err(of_document)?;
            document::keep(&mut unit, id, scenario.scenario_id.0, &update, CacheTag::Scenarios).await?;
        }
    }
    unit.stale(CacheTag::Scenarios);
    unit.commit().await?;
    told.parts = known.into_iter().map(as_told).collect();
    Ok(told)
}

pub(super) fn as_told(known: Known) -> ScenarioPart {
    ScenarioPart {
        single_source: known.is_single_source(),
        used_in_a_year: Quantity {
            thousandths: known.used_thousandths.max(0),
            unit: known.part.unit.clone(),
        },
        part_id: known.part.part_id,
        number: known.part.number,
        name: known.part.name,
        on_hand: known.on_hand,
        machines: known.machines,
    }
}

/// The supplier by number and name, and its parts.
async fn known(
    session: &mut Session,
    subject: ScenarioSubject,
    now: TimestampMs,
) -> Result<(String, Vec<Known>), EngineError> {
    let suppliers = session.all::<Supplier>().await?;
    let names: HashMap<SupplierId, String> =
        suppliers.into_iter().map(|one| (one.supplier_id, format!("{} {}", one.number, one.name))).collect();
    let (supplier_id, parts) = match subject {
        ScenarioSubject::Supplier { supplier_id } => {
            let offers = session.all::<Offer>().await?;
            let mine = offers.into_iter().filter(|offer| offer.supplier_id == supplier_id);
            (Some(supplier_id), mine.map(|offer| offer.part_id).collect::<BTreeSet<PartId>>())
        }
        ScenarioSubject::Part { part_id } => {
            let first = session.offers_of(part_id).await?.first().map(|offer| offer.supplier_id);
            (first, BTreeSet::from([part_id]))
        }
    };
    let supplier = supplier_id.and_then(|id| names.get(&id).cloned());
    if let (ScenarioSubject::Supplier { .. }, None) = (subject, &supplier) {
        return Err(EngineError::NotFound(Missing::Supplier));
    }
    let mut known = Vec::with_capacity(parts.len());
    for part_id in parts {
        let Some(part) = session.get::<Part>(part_id).await? else { continue };
        known.push(of_part(session, part, supplier_id, &names, now).await?);
    }
    if known.is_empty() && matches!(subject, ScenarioSubject::Part { .. }) {
        return Err(EngineError::NotFound(Missing::Part));
    }
    Ok((supplier.unwrap_or_else(|| "\u{2013}".to_owned()), known))
}

pub(super) async fn of_part(
    session: &mut Session,
    part: Part,
    supplier_id: Option<SupplierId>,
    names: &HashMap<SupplierId, String>,
    now: TimestampMs,
) -> Result<Known, EngineError> {
    let is_other = |offer: &Offer| Some(offer.supplier_id) != supplier_id;
    let offers = session.offers_of(part.part_id).await?;
    let others = offers
        .into_iter()
        .filter(is_other)
        .map(|offer| (names.get(&offer.supplier_id).cloned().unwrap_or_default(), offer.lead_time_days));
    let others = others.collect();
    let mut has_substitute = false;
    for other_id in &part.alternates {
        let Some(other) = session.get::<Part>(*other_id).await? else { continue };
        let is_offered = session.offers_of(*other_id).await?.iter().any(is_other);
        has_substitute |= is_offered || part::overview(session, other).await?.on_hand.thousandths > 0;
    }
    let mut machines = Vec::new();
    for line in session.where_used_of_part(part.part_id).await? {
        machines.extend(session.get::<Asset>(line.asset_id).await?.map(|asset| asset.code));
    }
    machines.sort();
    machines.dedup();
    let has_stock = !session.stock_of(part.part_id).await?.is_empty();
    let since = now.plus_ms(-WEEKS * 7 * DAY_MS);
    let used_thousandths = session.used_since(part.part_id, since).await?;
    let overview = part::overview(session, part.clone()).await?;
    let on_hand = has_stock.then_some(overview.on_hand);
    Ok(Known { part, on_hand, used_thousandths, others, has_substitute, machines })
}

/// What the store says to a question.
fn found(question: &Question, known: &[Known]) -> Found {
    let in_weeks = matches!(question.unit.as_str(), "week" | "weeks");
    let in_percent = question.unit == "%";
    let found = match question.name.as_str() {
        ScenarioSubject::STOCK_REACH if in_weeks => stock_reach(known)?,
        ScenarioSubject::ELSEWHERE if in_percent => elsewhere(known)?,
        ScenarioSubject::RAMP_UP if in_weeks => ramp_up(known)?,
        _ => return Err(ScenarioMissingWhy::NotKept),
    };
    if is_taken_for_an_answer(question, &found.0) { Ok(found) } else { Err(ScenarioMissingWhy::OutOfRange) }
}

/// As long as the stock of what runs out first lasts: of what nobody else offers, where there is such a part.
fn stock_reach(known: &[Known]) -> Found {
    if known.is_empty() {
        return Err(ScenarioMissingWhy::NoPart);
    }
    if known.iter().all(|known| known.on_hand.is_none()) {
        return Err(ScenarioMissingWhy::NoStock);
    }
    let reach = |known: &Known| {
        let on_hand = known.on_hand.as_ref()?.thousandths.max(0);
        let per_week = known.used_thousandths as f64 / WEEKS as f64;
        (per_week > 0.0).then(|| on_hand as f64 / per_week)
    };
    let first_of = |only_single: bool| {
        let parts = known.iter().filter(|known| !only_single || known.is_single_source());
        let reached = parts.filter_map(|known| Some((known, reach(known)?)));
        reached.min_by(|one, other| one.1.total_cmp(&other.1))
    };
    let (first, weeks) = first_of(true).or_else(|| first_of(false)).ok_or(ScenarioMissingWhy::NoUse)?;
    let on_hand = first.on_hand.as_ref().map_or(0, |quantity| quantity.thousandths.max(0));
    let of = format!(
        "{}: {} {} / {} {} in {WEEKS} w",
        first.named(),
        plain(on_hand),
        first.part.unit,
        plain(first.used_thousandths),
        first.part.unit
    );
    // Tenths of a week are as fine as such a figure is.
    Ok((ScenarioAnswer::Figure { value: (weeks * 10.0).round() / 10.0 }, of))
}

/// The share of what is needed that others offer, or that something else can take the place of: by uses where there are
/// some, else by the number of parts.
fn elsewhere(known: &[Known]) -> Found {
    if known.is_empty() {
        return Err(ScenarioMissingWhy::NoPart);
    }
    let is_used = known.iter().any(|known| known.used_thousandths > 0);
    let weight = |known: &Known| if is_used { known.used_thousandths.max(0) as f64 } else { 1.0 };
    let all: f64 = known.iter().map(weight).sum();
    let has_other = |known: &&Known| !known.others.is_empty() || known.has_substitute;
    let others: f64 = known.iter().filter(has_other).map(weight).sum();
    let of = format!("{} / {}", known.iter().filter(has_other).count(), known.len());
    Ok((ScenarioAnswer::Figure { value: (others / all * 100.0).round() }, of))
}

/// As long as others take to deliver.
fn ramp_up(known: &[Known]) -> Found {
    if known.is_empty() {
        return Err(ScenarioMissingWhy::NoPart);
    }
    let offers = known.iter().flat_map(|known| known.others.iter().map(move |other| (known, other)));
    let offers: Vec<_> = offers.filter(|(_, (_, days))| *days > 0).collect();
    let weeks = |days: i64| (days as f64 / 7.0 * 10.0).round() / 10.0;
    let days = || offers.iter().map(|(_, (_, days))| *days);
    let (Some(low), Some(high)) = (days().min(), days().max()) else {
        return Err(ScenarioMissingWhy::NoOtherOffer);
    };
    let named = offers.iter().map(|(known, (name, days))| format!("{name}: {} {days} d", known.part.number));
    let of = named.take(NAMED_MAX).collect::<Vec<_>>().join("; ");
    let (low, high) = (weeks(low), weeks(high));
    let answer = if low < high {
        ScenarioAnswer::Between { low, high }
    } else {
        ScenarioAnswer::Figure { value: low }
    };
    Ok((answer, of))
}

/// Thousandths as a figure without zeros that say nothing.
fn plain(thousandths: i64) -> String {
    format!("{}", thousandths as f64 / 1_000.0)
}
