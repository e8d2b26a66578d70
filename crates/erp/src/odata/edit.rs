//! Edited fields of an order: what they were and are at the ERP, and writing them where nobody else changed them.

use millwright_model::{Changed, ErpTime, ExternalKind, LookupOutcome, PlantTime, Priority, PushOutcome};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ODataErp;
use super::dialect::{Dialect, error_message, text};
use super::mapping::OrderMapping;
use super::push::CurrentOrder;
use super::read::due_of;
use crate::reference::Reference;
use crate::text::{Stand, Stands, growing_text_stands, plain_text, shortened};
use crate::{ErpError, KeyLookup, PushError};

/// Changed fields of an order, of which the mapping has a place for every one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OrderEdit {
    pub order: Reference,
    /// What people call the order.
    pub number: String,
    pub fields: Vec<EditedField>,
}

/// A field of ours, where it stands at the ERP, and its values in the form that the ERP has room for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum EditedField {
    Title { field: String, values: Changed<String> },
    Description { field: String, values: Changed<String>, grows: bool },
    Priority { field: String, code: String, values: Changed<Priority> },
    Due { fields: DueFields, values: Changed<Option<PlantTime>> },
}

/// Where it is written until when an order is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DueFields {
    pub at: Option<String>,
    pub date: Option<String>,
    pub time: Option<String>,
}

impl DueFields {
    pub fn of(mapping: &OrderMapping) -> Self {
        match &mapping.due_at {
            Some(at) => Self { at: Some(at.clone()), date: None, time: None },
            None => Self { at: None, date: mapping.due_date.clone(), time: mapping.due_time().cloned() },
        }
    }

    /// Puts a time into a record.
    pub fn write(&self, dialect: Dialect, due: Option<&PlantTime>, body: &mut Map<String, Value>) {
        if let Some(field) = &self.at {
            body.insert(field.clone(), due.map_or(Value::Null, |due| dialect.instant_in_body(due.at)));
        }
        if let (Some(field), Some(due)) = (&self.time, due) {
            body.insert(field.clone(), dialect.time_in_body(due.time_ms));
        }
        if let Some(field) = &self.date {
            body.insert(field.clone(), due.map_or(Value::Null, |due| dialect.date_in_body(due.on)));
        }
    }

    fn is_empty(&self) -> bool {
        self.at.is_none() && self.date.is_none()
    }

    /// Whether there is room for more than a day.
    fn hold_times(&self) -> bool {
        self.at.is_some() || self.time.is_some()
    }

    /// Whether two of our times are two at the ERP.
    fn tell_apart(&self, from: &PlantTime, to: &PlantTime) -> bool {
        let second = |due: &PlantTime| due.at.0.div_euclid(1000);
        if self.hold_times() { second(from) != second(to) } else { from.on != to.on }
    }

    /// Whether a time that the ERP says is one of ours, as far as it has room for it.
    fn says(&self, there: Option<ErpTime>, ours: Option<&PlantTime>) -> bool {
        let (there, ours) = match (there, ours) {
            (None, None) => return true,
            (Some(there), Some(ours)) => (there, ours),
            (Some(_), None) | (None, Some(_)) => return false,
        };
        match there {
            ErpTime::At { at } => at.0.div_euclid(1000) == ours.at.0.div_euclid(1000),
            ErpTime::Day { day } => day == ours.on && (ours.ends_its_day() || !self.hold_times()),
            ErpTime::TimeOfDay { day, time_ms } => day == ours.on && time_ms / 1000 == ours.time_ms / 1000,
        }
    }
}

/// The changed fields that the mapping has a place for, and that are another at the ERP afterwards.
pub(crate) fn edited_fields(
    mapping: &OrderMapping,
    title: Option<&Changed<String>>,
    description: Option<&Changed<String>>,
    priority: Option<&Changed<Priority>>,
    due: Option<&Changed<Option<PlantTime>>>,
) -> Vec<EditedField> {
    let mut fields = Vec::new();
    if let Some(title) = title {
        let short = |text: &str| shortened(text.trim(), mapping.title_length);
        let values = Changed { from: short(&title.from), to: short(&title.to) };
        fields.push(EditedField::Title { field: mapping.title.clone(), values });
    }
    if let (Some(description), Some(field)) = (description, &mapping.description) {
        let values = Changed { from: plain_text(&description.from), to: plain_text(&description.to) };
        // What was found and done is written below it where both share a field.
        let grows = mapping.closing_field() == Some(field);
        fields.push(EditedField::Description { field: field.clone(), values, grows });
    }
    if let (Some(priority), Some(field)) = (priority, &mapping.priority)
        && let Some(code) = mapping.priority_code(priority.to)
    {
        let (field, code) = (field.clone(), code.to_owned());
        fields.push(EditedField::Priority { field, code, values: priority.clone() });
    }
    if let Some(due) = due {
        let places = DueFields::of(mapping);
        if !places.is_empty() {
            fields.push(EditedField::Due { fields: places, values: due.clone() });
        }
    }
    fields.retain(EditedField::differs);
    fields
}

impl EditedField {
    /// Whether it is another at the ERP afterwards.
    fn differs(&self) -> bool {
        match self {
            Self::Title { values, .. } | Self::Description { values, .. } => values.from != values.to,
            Self::Priority { values, .. } => values.from != values.to,
            Self::Due { fields, values: Changed { from: Some(from), to: Some(to) } } => {
                fields.tell_apart(from, to)
            }
            Self::Due { values, .. } => values.from != values.to,
        }
    }

    /// Where it stands at the ERP.
    fn stands(&self, mapping: &OrderMapping, row: &Value) -> Stand {
        let text_of = |field: &str| plain_text(&text(row, field).unwrap_or_default());
        let stand = |ours: bool, before: bool| match (ours, before) {
            (true, _) => Stand::Ours,
            (false, true) => Stand::Before,
            (false, false) => Stand::Elsewhere,
        };
        match self {
            Self::Description { field, values, grows: true } => {
                growing_text_stands(&text_of(field), &values.from, &values.to).0
            }
            Self::Title { field, values } | Self::Description { field, values, .. } => {
                let there = text_of(field);
                stand(there == values.to, there == values.from)
            }
            Self::Priority { field, values, .. } => {
                let there = mapping.priority_of(text(row, field).as_deref());
                stand(there == values.to, there == values.from)
            }
            Self::Due { fields, values } => {
                let there = due_of(mapping, row);
                stand(fields.says(there, values.to.as_ref()), fields.says(there, values.from.as_ref()))
            }
        }
    }

    /// Puts our value into the record that is sent.
    fn write(&self, dialect: Dialect, row: &Value, body: &mut Map<String, Value>) {
        match self {
            Self::Description { field, values, grows: true } => {
                let there = plain_text(&text(row, field).unwrap_or_default());
                let (_, below) = growing_text_stands(&there, &values.from, &values.to);
                let whole = format!("{}\n{below}", values.to);
                body.insert(field.clone(), whole.trim().into());
            }
            Self::Title { field, values } | Self::Description { field, values, .. } => {
                body.insert(field.clone(), values.to.clone().into());
            }
            Self::Priority { field, code, .. } => {
                body.insert(field.clone(), code.clone().into());
            }
            Self::Due { fields, values } => fields.write(dialect, values.to.as_ref(), body),
        }
    }

    /// What it is at the ERP, in words.
    fn in_words(&self, mapping: &OrderMapping, row: &Value) -> String {
        let quoted = |field: &str| {
            let there = text(row, field).unwrap_or_default();
            format!("«{}»", shortened(&there, 60))
        };
        match self {
            Self::Title { field, .. } => format!("the title {}", quoted(field)),
            Self::Description { field, .. } => format!("the description {}", quoted(field)),
            Self::Priority { field, .. } => format!("the priority {}", quoted(field)),
            Self::Due { .. } => match due_of(mapping, row) {
                None => "no due date".to_owned(),
                Some(ErpTime::Day { day } | ErpTime::TimeOfDay { day, .. }) => format!("the due date {day}"),
                Some(ErpTime::At { at }) => format!("the due date {}", super::dialect::iso_instant(at)),
            },
        }
    }
}

impl OrderEdit {
    fn stand(&self, mapping: &OrderMapping, order: &CurrentOrder) -> Stands {
        Stands::of(self.fields.iter().map(|field| field.stands(mapping, &order.row)))
    }

    fn body(&self, dialect: Dialect, order: &CurrentOrder) -> Value {
        let mut body = Map::new();
        for field in &self.fields {
            field.write(dialect, &order.row, &mut body);
        }
        Value::Object(body)
    }

    fn conflict(&self, mapping: &OrderMapping, order: &CurrentOrder) -> PushOutcome {
        let changed =
            self.fields.iter().filter(|field| field.stands(mapping, &order.row) == Stand::Elsewhere);
        let changed: Vec<String> = changed.map(|field| field.in_words(mapping, &order.row)).collect();
        let what = if changed.is_empty() { "changed meanwhile".to_owned() } else { changed.join(", ") };
        let who =
            order.changed_by.as_deref().map(|who| format!(", changed last by {who}")).unwrap_or_default();
        PushOutcome::Conflict {
            message: format!("Order {} has {what} at the ERP{who}; here it was edited too.", self.number),
            changed_by: order.changed_by.clone(),
        }
    }
}

impl ODataErp {
    pub(super) async fn push_edit(
        &self,
        edit: &OrderEdit,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let mapping = &self.mapping.work_order;
        let mut order = self.current_order(&edit.order, &edit.number, keys).await?;
        // With a version we saw, a change there since is noticed by the server itself.
        let mut etag = keys.version(ExternalKind::WorkOrder, edit.order.id).or_else(|| order.etag.clone());
        for last_try in [false, true] {
            match edit.stand(mapping, &order) {
                Stands::AllOurs => return Ok(PushOutcome::Applied(order.receipt("it stands there"))),
                Stands::Elsewhere => return Ok(edit.conflict(mapping, &order)),
                Stands::AllBefore | Stands::Between => {}
            }
            let body = edit.body(self.dialect, &order);
            let answer = self
                .write_order(Method::PATCH, &edit.order, keys, "", "", etag.as_deref(), Some(&body))
                .await?;
            match answer.status {
                200..=299 => return Ok(PushOutcome::Applied(order.receipt("changed"))),
                // Changed meanwhile, or the server wants a version: see what is there now, and decide again.
                412 | 428 if !last_try => {
                    order = self.current_order(&edit.order, &edit.number, keys).await?;
                    etag = order.etag.clone();
                }
                412 | 428 => return Ok(edit.conflict(mapping, &order)),
                status => {
                    return Ok(PushOutcome::Rejected { message: error_message(status, &answer.body) });
                }
            }
        }
        Ok(edit.conflict(mapping, &order))
    }

    pub(super) async fn look_up_edit(
        &self,
        edit: &OrderEdit,
        keys: &dyn KeyLookup,
    ) -> Result<LookupOutcome, ErpError> {
        let order = self.current_order(&edit.order, &edit.number, keys).await?;
        Ok(match edit.stand(&self.mapping.work_order, &order) {
            Stands::AllOurs => LookupOutcome::Done(order.receipt("it stands there")),
            Stands::AllBefore => LookupOutcome::Absent,
            // All fields are written at once: somebody else wrote some of them since.
            Stands::Between | Stands::Elsewhere => LookupOutcome::CannotTell,
        })
    }
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
