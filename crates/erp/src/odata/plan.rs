//! From facts to steps: pure, nothing is asked of the server.

use millwright_model::{
    CivilDate, ExternalKind, ExternalRef, Fact, OpId, OutboundTxn, PartLine, PersonId, PlannedStep, Quantity,
    StepLabel, WorkOrderId,
};
use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::edit::{DueFields, OrderEdit, edited_fields};
use super::instruction::{Create, Fill, Instruction, OrderChange, Slot};
use super::mapping::{CreateSettings, LabourMapping, Mapping, WorkUnit};
use super::mapping_check::own_key_text;
use crate::PlanError;
use crate::reference::Reference;
use crate::text::shortened;

/// The steps of a transaction, in the order of its facts.
pub(crate) fn plan(
    mapping: &Mapping,
    dialect: Dialect,
    txn: &OutboundTxn,
) -> Result<Vec<PlannedStep>, PlanError> {
    let planner = Planner { mapping, dialect };
    let mut steps = Vec::new();
    for fact in &txn.facts {
        planner.fact(fact, &mut steps)?;
    }
    Ok(steps)
}

struct Planner<'a> {
    mapping: &'a Mapping,
    dialect: Dialect,
}

impl Planner<'_> {
    fn fact(&self, fact: &Fact, steps: &mut Vec<PlannedStep>) -> Result<(), PlanError> {
        let op_id = fact.op_id();
        match fact {
            Fact::OrderCreated { .. } => steps.push(self.order(fact)?),
            Fact::OrderChanged { order, title, description, priority, due, .. } => {
                let mapping = &self.mapping.work_order;
                let fields = edited_fields(
                    mapping,
                    title.as_ref(),
                    description.as_ref(),
                    priority.as_ref(),
                    due.as_ref(),
                );
                if fields.is_empty() {
                    return Ok(());
                }
                let edit = OrderEdit { order: Reference::of(order), number: order.label.clone(), fields };
                steps.push(Instruction::EditOrder(edit).into_step(
                    format!("{op_id}/edit"),
                    StepLabel::ChangeOrder { order: order.label.clone() },
                )?);
            }
            Fact::OrderStatusChanged { order, from, to, text, .. } => {
                let change = OrderChange {
                    order: Reference::of(order),
                    number: order.label.clone(),
                    from: *from,
                    to: *to,
                    text: text.trim().to_owned(),
                };
                // The text goes first: a completed order takes no more changes.
                if !change.text.is_empty() && self.mapping.work_order.takes_closing_text() {
                    let step = Instruction::AppendText(change.clone());
                    steps.push(step.into_step(
                        format!("{op_id}/text"),
                        StepLabel::WriteFindings { order: order.label.clone() },
                    )?);
                }
                if self.mapping.work_order.status_mapping(*to).is_some_and(|status| status.action.is_some()) {
                    steps.push(Instruction::MoveStatus(change).into_step(
                        op_id.to_string(),
                        StepLabel::SetStatus { order: order.label.clone(), to: *to },
                    )?);
                }
            }
            Fact::LabourBooked { order, person, minutes, on, text, .. } => {
                let labour = self.labour_mapping()?;
                let work = work_quantity(labour, *minutes);
                let create = self.labour(labour, op_id, order, person, work, *on, text)?;
                let label = StepLabel::BookLabour { order: order.label.clone(), minutes: *minutes };
                steps.push(Instruction::Create(create).into_step(op_id.to_string(), label)?);
            }
            Fact::LabourCorrected { order, person, minutes, previous_minutes, on, reason, .. } => {
                let labour = self.labour_mapping()?;
                // The difference of the rounded amounts, so that the sum at the ERP is the right one rounded.
                let mut work = work_quantity(labour, *minutes);
                work.thousandths -= work_quantity(labour, *previous_minutes).thousandths;
                if work.thousandths == 0 {
                    return Ok(());
                }
                let create = self.labour(labour, op_id, order, person, work, *on, reason)?;
                let label = StepLabel::CorrectLabour {
                    order: order.label.clone(),
                    previous_minutes: *previous_minutes,
                    minutes: *minutes,
                };
                steps.push(Instruction::Create(create).into_step(op_id.to_string(), label)?);
            }
            Fact::PartsIssued { order, lines, on, .. } => {
                let create = self.movement(op_id, order, lines, *on, false)?;
                let label = StepLabel::IssueParts { order: order.label.clone(), lines: lines.len() as u32 };
                steps.push(Instruction::Create(create).into_step(op_id.to_string(), label)?);
            }
            Fact::PartsReturned { order, lines, on, .. } => {
                let create = self.movement(op_id, order, lines, *on, true)?;
                let label = StepLabel::ReturnParts { order: order.label.clone(), lines: lines.len() as u32 };
                steps.push(Instruction::Create(create).into_step(op_id.to_string(), label)?);
            }
            Fact::RequestRaised { .. } => steps.push(self.request(fact)?),
        }
        Ok(())
    }

    fn order(&self, fact: &Fact) -> Result<PlannedStep, PlanError> {
        let Fact::OrderCreated { op_id, order, asset, title, description, priority, due } = fact else {
            return Err(PlanError::NotMapped("Not an order.".to_owned()));
        };
        let mapping = &self.mapping.work_order;
        let settings = mapping.create.as_ref().ok_or_else(|| {
            PlanError::NotMapped(
                "The mapping has no [work_order.create]: orders cannot be made at the ERP.".into(),
            )
        })?;
        // An order carries its own id, so that a pull recognises it.
        let (own_key_field, own_key, mut fields) = start(settings, order.id.0)?;
        fields.insert(mapping.title.clone(), shortened(title, mapping.title_length).into());
        if let Some(field) = &mapping.description {
            fields.insert(field.clone(), description.clone().into());
        }
        if let (Some(field), Some(code)) = (&mapping.priority, mapping.priority_code(*priority)) {
            fields.insert(field.clone(), code.into());
        }
        if let Some(due) = due {
            DueFields::of(mapping).write(self.dialect, Some(due), &mut fields);
        }
        let slots = asset.iter().filter(|_| !mapping.assets.is_empty()).map(|asset| Slot {
            item: None,
            reference: Reference::of(asset),
            fill: Fill::Asset(mapping.assets.clone()),
        });
        let create = Create {
            service: mapping.service.clone(),
            set: mapping.set.clone(),
            key: vec![mapping.key.clone()],
            own_key_field,
            own_key,
            fields,
            items: None,
            slots: slots.collect(),
            makes: (ExternalKind::WorkOrder, order.id.0),
        };
        let label = StepLabel::CreateOrder { order: order.label.clone() };
        Instruction::Create(create).into_step(op_id.to_string(), label)
    }

    fn request(&self, fact: &Fact) -> Result<PlannedStep, PlanError> {
        let Fact::RequestRaised { op_id, request, asset, text, priority, at } = fact else {
            return Err(PlanError::NotMapped("Not a request.".to_owned()));
        };
        let mapping = self
            .mapping
            .request
            .as_ref()
            .ok_or_else(|| PlanError::NotMapped("The mapping has no [request].".to_owned()))?;
        let (own_key_field, own_key, mut fields) = start(&mapping.create, request.id.0)?;
        fields.insert(mapping.title.clone(), shortened(text, mapping.title_length).into());
        if let Some(field) = &mapping.text {
            fields.insert(field.clone(), text.clone().into());
        }
        if let (Some(field), Some(code)) =
            (&mapping.priority, self.mapping.work_order.priority_code(*priority))
        {
            fields.insert(field.clone(), code.into());
        }
        if let Some(field) = &mapping.started_date {
            fields.insert(field.clone(), self.dialect.date_in_body(at.on));
        }
        if let Some(field) = &mapping.started_time {
            fields.insert(field.clone(), self.dialect.time_in_body(at.time_ms));
        }
        let create = Create {
            service: mapping.service.clone(),
            set: mapping.set.clone(),
            key: vec![mapping.key.clone()],
            own_key_field,
            own_key,
            fields,
            items: None,
            slots: vec![Slot {
                item: None,
                reference: Reference::of(asset),
                fill: Fill::Asset(mapping.assets.clone()),
            }],
            makes: (ExternalKind::Request, request.id.0),
        };
        let label = StepLabel::ReportFault { asset: asset.label.clone() };
        Instruction::Create(create).into_step(op_id.to_string(), label)
    }

    fn labour_mapping(&self) -> Result<&LabourMapping, PlanError> {
        self.mapping
            .labour
            .as_ref()
            .ok_or_else(|| PlanError::NotMapped("The mapping has no [labour].".to_owned()))
    }

    fn labour(
        &self,
        mapping: &LabourMapping,
        op_id: OpId,
        order: &ExternalRef<WorkOrderId>,
        person: &ExternalRef<PersonId>,
        work: Quantity,
        on: CivilDate,
        text: &str,
    ) -> Result<Create, PlanError> {
        let (own_key_field, own_key, mut fields) = start(&mapping.create, op_id.0)?;
        if let Some(field) = &mapping.work_unit {
            fields.insert(field.clone(), work.unit.clone().into());
        }
        fields.insert(mapping.work.clone(), self.dialect.decimal_in_body(&work));
        fields.insert(mapping.on.clone(), self.dialect.date_in_body(on));
        if let Some(field) = &mapping.text {
            fields.insert(field.clone(), shortened(text, mapping.text_length).into());
        }
        let slot =
            |reference, field: &String| Slot { item: None, reference, fill: Fill::Field(field.clone()) };
        let mut slots = vec![slot(Reference::of(order), &mapping.order)];
        slots.extend(mapping.person.iter().map(|field| slot(Reference::of(person), field)));
        Ok(Create {
            service: mapping.service.clone(),
            set: mapping.set.clone(),
            key: vec![mapping.key.clone()],
            own_key_field,
            own_key,
            fields,
            items: None,
            slots,
            makes: (ExternalKind::Labour, op_id.0),
        })
    }

    fn movement(
        &self,
        op_id: OpId,
        order: &ExternalRef<WorkOrderId>,
        lines: &[PartLine],
        on: CivilDate,
        back: bool,
    ) -> Result<Create, PlanError> {
        let mapping = self
            .mapping
            .movement
            .as_ref()
            .ok_or_else(|| PlanError::NotMapped("The mapping has no [movement].".to_owned()))?;
        let (own_key_field, own_key, mut fields) = start(&mapping.create, op_id.0)?;
        for field in &mapping.on {
            fields.insert(field.clone(), self.dialect.date_in_body(on));
        }
        let mut items = Vec::new();
        let mut slots = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let location =
                line.from_location.as_ref().or(mapping.default_location.as_ref()).ok_or_else(|| {
                    PlanError::DoesNotFit(format!("Part {} needs a storage location.", line.part.label))
                })?;
            let places: Vec<&str> = location.split('/').collect();
            if places.len() != mapping.location.len() {
                return Err(PlanError::DoesNotFit(format!(
                    "«{location}» is not a location of the form {}.",
                    mapping.location.join("/")
                )));
            }
            let mut item: Map<String, Value> = mapping.item_defaults.clone().into_iter().collect();
            for (field, place) in mapping.location.iter().zip(places) {
                item.insert(field.clone(), place.into());
            }
            if let (Some(field), Some(bin)) = (&mapping.bin, &line.from_bin) {
                item.insert(field.clone(), bin.clone().into());
            }
            let kind = if back { &mapping.give_back } else { &mapping.issue };
            item.insert(mapping.movement_type.clone(), kind.clone().into());
            item.insert(mapping.quantity.clone(), self.dialect.decimal_in_body(&line.quantity));
            if let Some(field) = &mapping.unit {
                item.insert(field.clone(), line.quantity.unit.clone().into());
            }
            items.push(item);
            let slot = |reference, field: &String| Slot {
                item: Some(index),
                reference,
                fill: Fill::Field(field.clone()),
            };
            slots.push(slot(Reference::of(&line.part), &mapping.part));
            slots.push(slot(Reference::of(order), &mapping.order));
        }
        Ok(Create {
            service: mapping.service.clone(),
            set: mapping.set.clone(),
            key: mapping.key.clone(),
            own_key_field,
            own_key,
            fields,
            items: Some((mapping.items.clone(), items)),
            slots,
            makes: (ExternalKind::Movement, op_id.0),
        })
    }
}

/// The field of our key, our key, and the fields that every record of this kind starts with.
fn start(
    settings: &CreateSettings,
    own_id: uuid::Uuid,
) -> Result<(String, String, Map<String, Value>), PlanError> {
    let field = settings
        .own_key
        .clone()
        .ok_or_else(|| PlanError::NotMapped("The mapping names no own_key.".to_owned()))?;
    let own_key = own_key_text(own_id, settings.own_key_length);
    let mut fields: Map<String, Value> = settings.defaults.clone().into_iter().collect();
    fields.insert(field.clone(), own_key.clone().into());
    Ok((field, own_key, fields))
}

/// Minutes in the unit the ERP counts labour in, rounded half up to three decimals.
fn work_quantity(mapping: &LabourMapping, minutes: i64) -> Quantity {
    let thousandths = match mapping.counted_in {
        WorkUnit::Minutes => minutes.saturating_mul(1000),
        WorkUnit::Hours => minutes.saturating_mul(1000).saturating_add(30).div_euclid(60),
    };
    Quantity { thousandths, unit: mapping.unit_code.clone() }
}

#[cfg(test)]
mod tests {
    use millwright_model::TxnId;
    use uuid::Uuid;

    use super::super::mapping::{InstantLiteral, Protocol};
    use super::super::mapping_check::SAP_V2;
    use super::*;

    fn booked_hours(facts: Vec<Fact>) -> Vec<String> {
        let text = SAP_V2.replace("counted_in = \"minutes\"", "counted_in = \"hours\"");
        let (mapping, _) = Mapping::load(&text).unwrap();
        let dialect = Dialect { protocol: Protocol::V2, instant_literal: InstantLiteral::Datetimeoffset };
        let steps = plan(&mapping, dialect, &OutboundTxn { txn_id: TxnId(Uuid::nil()), facts }).unwrap();
        let quantities = steps.iter().map(|step| match Instruction::of(step).unwrap() {
            Instruction::Create(create) => create.fields["ActualWorkQuantity"].as_str().unwrap().to_owned(),
            other => panic!("{other:?}"),
        });
        quantities.collect()
    }

    #[test]
    fn a_correction_in_hours_sums_up_to_the_right_rounded_amount() {
        let order =
            ExternalRef { id: WorkOrderId(Uuid::from_u128(1)), external_key: None, label: "1".into() };
        let person = ExternalRef { id: PersonId(Uuid::from_u128(2)), external_key: None, label: "2".into() };
        let on = CivilDate::from_ymd(2026, 11, 23).unwrap();
        let booked = Fact::LabourBooked {
            op_id: OpId(Uuid::from_u128(3)),
            order: order.clone(),
            person: person.clone(),
            minutes: 50,
            on,
            text: String::new(),
        };
        let corrected = Fact::LabourCorrected {
            op_id: OpId(Uuid::from_u128(4)),
            corrects: OpId(Uuid::from_u128(3)),
            order,
            person,
            minutes: 20,
            previous_minutes: 50,
            on,
            reason: String::new(),
        };
        // 50 min = 0.8333 h, 20 min = 0.3333 h: 0.833 - 0.500 = 0.333.
        assert_eq!(booked_hours(vec![booked, corrected]), ["0.833", "-0.5"]);
    }
}
