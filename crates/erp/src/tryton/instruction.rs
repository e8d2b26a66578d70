//! The steps of a transaction at Tryton: what they hold, and how they are planned.

use std::collections::BTreeMap;

use millwright_model::{
    Changed, CivilDate, Fact, Need, OutboundTxn, PartLine, PlannedStep, StepLabel, WorkOrderId,
    WorkOrderStatus,
};
use serde::{Deserialize, Serialize};

use super::TrytonConfig;
use crate::PlanError;
use crate::reference::Reference;
use crate::text::plain_text;

const FORMAT_VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Envelope {
    version: u32,
    instruction: Instruction,
}

/// What a step does at the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Instruction {
    CreateOrder {
        order_id: WorkOrderId,
        title: String,
        description: String,
        asset: Option<Reference>,
    },
    MoveStatus {
        order: Reference,
        number: String,
        from: WorkOrderStatus,
        to: WorkOrderStatus,
        text: String,
    },
    EditOrder {
        order: Reference,
        number: String,
        title: Option<Changed<String>>,
        description: Option<Changed<String>>,
    },
    BookLabour {
        own_key: String,
        order: Reference,
        person: Reference,
        minutes: i64,
        on: CivilDate,
        text: String,
    },
    CorrectLabour {
        /// Our key in the line that is corrected.
        corrects: String,
        minutes: i64,
        previous_minutes: i64,
    },
    CreateShipment {
        own_key: String,
        /// The key of the location in the store; the other end is the location for consumption.
        store: Option<String>,
        back: bool,
        lines: Vec<Line>,
        on: CivilDate,
    },
    CarryOutShipment {
        own_key: String,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub part: Reference,
    pub thousandths: i64,
}

impl Instruction {
    fn needs(&self) -> Vec<Need> {
        let mut needs: Vec<Need> = match self {
            Self::CreateOrder { asset, .. } => asset.iter().filter_map(Reference::need).collect(),
            Self::MoveStatus { order, .. } | Self::EditOrder { order, .. } => {
                order.need().into_iter().collect()
            }
            Self::BookLabour { order, person, .. } => {
                [order, person].into_iter().filter_map(Reference::need).collect()
            }
            Self::CreateShipment { lines, .. } => lines.iter().filter_map(|line| line.part.need()).collect(),
            Self::CorrectLabour { .. } | Self::CarryOutShipment { .. } => Vec::new(),
        };
        needs.dedup();
        needs
    }

    fn into_step(self, step_key: String, label: StepLabel) -> Result<PlannedStep, PlanError> {
        let needs = self.needs();
        let bytes = serde_json::to_vec(&Envelope { version: FORMAT_VERSION, instruction: self })
            .map_err(|error| PlanError::DoesNotFit(format!("The step cannot be written down: {error}.")))?;
        Ok(PlannedStep { step_key, label, bytes, needs })
    }

    /// Reads the instruction of a step.
    pub fn of(step: &PlannedStep) -> Result<Self, String> {
        let envelope: Envelope = serde_json::from_slice(&step.bytes)
            .map_err(|error| format!("the stored step is not one of the Tryton connector: {error}"))?;
        if envelope.version != FORMAT_VERSION {
            return Err(format!("the stored step is of format {}, which is newer", envelope.version));
        }
        Ok(envelope.instruction)
    }
}

/// The steps of a transaction, in the order of its facts.
pub(crate) fn plan(config: &TrytonConfig, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
    let mut steps = Vec::new();
    for fact in &txn.facts {
        let key = fact.op_id().to_string();
        match fact {
            Fact::OrderCreated { order, asset, title, description, .. } => {
                let instruction = Instruction::CreateOrder {
                    order_id: order.id,
                    title: title.clone(),
                    description: description.clone(),
                    asset: asset.as_ref().map(Reference::of),
                };
                let label = StepLabel::CreateOrder { order: order.label.clone() };
                steps.push(instruction.into_step(key, label)?);
            }
            // A task has no place for a priority or a due date.
            Fact::OrderChanged { order, title, description, .. } => {
                let plain = |text: &Changed<String>| {
                    let changed = Changed { from: plain_text(&text.from), to: plain_text(&text.to) };
                    Some(changed).filter(|changed| changed.from != changed.to)
                };
                let title = title.as_ref().and_then(plain);
                let description = description.as_ref().and_then(plain);
                if title.is_none() && description.is_none() {
                    continue;
                }
                let (order_ref, number) = (Reference::of(order), order.label.clone());
                let instruction = Instruction::EditOrder { order: order_ref, number, title, description };
                let label = StepLabel::ChangeOrder { order: order.label.clone() };
                steps.push(instruction.into_step(format!("{key}/edit"), label)?);
            }
            Fact::OrderStatusChanged { order, from, to, text, .. } => {
                if !config.statuses.iter().any(|(_, known)| known == to) {
                    continue;
                }
                let instruction = Instruction::MoveStatus {
                    order: Reference::of(order),
                    number: order.label.clone(),
                    from: *from,
                    to: *to,
                    text: text.trim().to_owned(),
                };
                let label = StepLabel::SetStatus { order: order.label.clone(), to: *to };
                steps.push(instruction.into_step(key, label)?);
            }
            Fact::LabourBooked { order, person, minutes, on, text, .. } => {
                let instruction = Instruction::BookLabour {
                    own_key: key.clone(),
                    order: Reference::of(order),
                    person: Reference::of(person),
                    minutes: *minutes,
                    on: *on,
                    text: text.clone(),
                };
                let label = StepLabel::BookLabour { order: order.label.clone(), minutes: *minutes };
                steps.push(instruction.into_step(key, label)?);
            }
            Fact::LabourCorrected { corrects, order, minutes, previous_minutes, .. } => {
                let instruction = Instruction::CorrectLabour {
                    corrects: corrects.to_string(),
                    minutes: *minutes,
                    previous_minutes: *previous_minutes,
                };
                let label = StepLabel::CorrectLabour {
                    order: order.label.clone(),
                    previous_minutes: *previous_minutes,
                    minutes: *minutes,
                };
                steps.push(instruction.into_step(key, label)?);
            }
            Fact::PartsIssued { order, lines, on, .. } => {
                shipments(config, &mut steps, &key, lines, *on, false, &order.label)?;
            }
            Fact::PartsReturned { order, lines, on, .. } => {
                shipments(config, &mut steps, &key, lines, *on, true, &order.label)?;
            }
            // Tryton has nothing like a notification, and the order that may follow is told.
            Fact::RequestRaised { .. } => {}
        }
    }
    Ok(steps)
}

/// One shipment per location in the store: Tryton takes only one in each.
fn shipments(
    config: &TrytonConfig,
    steps: &mut Vec<PlannedStep>,
    op_key: &str,
    lines: &[PartLine],
    on: CivilDate,
    back: bool,
    order: &str,
) -> Result<(), PlanError> {
    let mut by_location: BTreeMap<Option<&str>, Vec<Line>> = BTreeMap::new();
    for line in lines {
        by_location
            .entry(line.from_location.as_deref())
            .or_default()
            .push(Line { part: Reference::of(&line.part), thousandths: line.quantity.thousandths });
    }
    for (index, (location, lines)) in by_location.into_iter().enumerate() {
        let own_key = if index == 0 { op_key.to_owned() } else { format!("{op_key}/{}", index + 1) };
        let count = lines.len() as u32;
        let create = Instruction::CreateShipment {
            own_key: own_key.clone(),
            store: location.map(str::to_owned),
            back,
            lines,
            on,
        };
        let order = order.to_owned();
        let label = if back {
            StepLabel::ReturnParts { order: order.clone(), lines: count }
        } else {
            StepLabel::IssueParts { order: order.clone(), lines: count }
        };
        steps.push(create.into_step(own_key.clone(), label)?);
        if config.complete_shipments {
            let carry_out = Instruction::CarryOutShipment { own_key: own_key.clone() };
            steps.push(carry_out.into_step(format!("{own_key}/done"), StepLabel::MoveStock { order })?);
        }
    }
    Ok(())
}
