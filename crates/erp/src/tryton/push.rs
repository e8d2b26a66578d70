//! Sending a step to Tryton and finding out whether one took effect.

use millwright_model::{
    ExternalKind, LearnedKey, LookupOutcome, PlannedStep, PushOutcome, Receipt, WorkOrderId, WorkOrderStatus,
};
use serde_json::{Value, json};

use super::TrytonErp;
use super::edit::TaskEdit;
use super::instruction::Instruction;
use super::rpc::{CallError, minutes_of};
use crate::reference::Reference;
use crate::text::Stands;
use crate::{ErpError, KeyLookup, PushError};

/// The line of a task's comment that carries our id of it.
pub(crate) const COMMENT_MARK: &str = "Millwright: ";

/// What a writing call means for its step.
pub(super) fn pushed(called: Result<Value, CallError>) -> Result<Result<Value, PushOutcome>, PushError> {
    match called {
        Ok(result) => Ok(Ok(result)),
        Err(CallError::Rejected(message)) => Ok(Err(PushOutcome::Rejected { message })),
        Err(CallError::Changed(message)) => Ok(Err(PushOutcome::Conflict { message, changed_by: None })),
        Err(error @ (CallError::NotSent(_) | CallError::Refused(_) | CallError::NotUnderstood(_))) => {
            Err(PushError::NotSent(error.trouble()))
        }
        Err(CallError::Lost(trouble)) => Err(PushError::Unknown(trouble)),
    }
}

pub(super) fn id_of(key: &str) -> Result<i64, PushError> {
    key.parse().map_err(|error| PushError::unfit(format!("«{key}» is no key of Tryton: {error}")))
}

pub(super) fn row_id(row: &Value) -> Option<i64> {
    row.get("id").and_then(Value::as_i64)
}

pub(super) fn done(key: Option<String>, message: &str) -> Receipt {
    Receipt { external_key: key, learned: Vec::new(), message: message.to_owned() }
}

fn made_order(order_id: WorkOrderId, row: &Value, message: &str) -> Receipt {
    let Some(key) = row_id(row).map(|id| id.to_string()) else { return done(None, message) };
    let label = row.get("number").and_then(Value::as_str).unwrap_or(&key).to_owned();
    let learned =
        vec![LearnedKey { kind: ExternalKind::WorkOrder, id: order_id.0, external_key: key.clone(), label }];
    Receipt { external_key: Some(key), learned, message: message.to_owned() }
}

impl TrytonErp {
    pub(crate) async fn push_step(
        &self,
        step: &PlannedStep,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let instruction = Instruction::of(step).map_err(PushError::unfit)?;
        // Nothing Tryton stores of ours is unique: two requests at once could both find nothing and both create.
        let _one_at_a_time = self.writing.lock().await;
        match &instruction {
            Instruction::CreateOrder { order_id, title, description, asset } => {
                self.create_order(*order_id, title, description, asset.as_ref(), keys).await
            }
            Instruction::MoveStatus { order, number, from, to, text } => {
                self.move_status(order, number, *from, *to, text, keys).await
            }
            Instruction::EditOrder { order, number, title, description } => {
                let edit = TaskEdit { number, title: title.as_ref(), description: description.as_ref() };
                self.edit_task(order, &edit, keys).await
            }
            Instruction::BookLabour { own_key, order, person, minutes, on, text } => {
                self.book_labour(own_key, order, person, *minutes, *on, text, keys).await
            }
            Instruction::CorrectLabour { corrects, minutes, previous_minutes } => {
                self.correct_labour(corrects, *minutes, *previous_minutes).await
            }
            Instruction::CreateShipment { own_key, store, back, lines, on } => {
                self.create_shipment(own_key, store.as_deref(), *back, lines, *on, keys).await
            }
            Instruction::CarryOutShipment { own_key } => self.carry_out(own_key).await,
        }
    }

    pub(crate) async fn look_up_step(
        &self,
        step: &PlannedStep,
        keys: &dyn KeyLookup,
    ) -> Result<LookupOutcome, ErpError> {
        let found = match Instruction::of(step).map_err(ErpError::BadInput)? {
            Instruction::CreateOrder { order_id, .. } => {
                self.order_by_our_id(order_id).await?.map(|row| made_order(order_id, &row, "it is there"))
            }
            Instruction::MoveStatus { order, from, to, .. } => {
                let key = order.resolve(keys).map_err(ErpError::BadInput)?;
                let id = key
                    .parse()
                    .map_err(|error| ErpError::BadInput(format!("«{key}» is no key of Tryton: {error}")))?;
                let status = self.task(id).await?.and_then(|row| self.task_status(&row));
                if status == Some(to) {
                    Some(done(None, "the order stands there"))
                } else if status == Some(self.as_known_there(from)) {
                    None
                } else {
                    return Ok(LookupOutcome::CannotTell);
                }
            }
            Instruction::EditOrder { order, number, title, description } => {
                let key = order.resolve(keys).map_err(ErpError::BadInput)?;
                let id = key
                    .parse()
                    .map_err(|error| ErpError::BadInput(format!("«{key}» is no key of Tryton: {error}")))?;
                let edit =
                    TaskEdit { number: &number, title: title.as_ref(), description: description.as_ref() };
                match self.task(id).await?.map(|row| edit.stand(&row)) {
                    Some(Stands::AllOurs) => Some(done(None, "it stands there")),
                    Some(Stands::AllBefore) => None,
                    // Both are written at once: somebody else wrote one of them since.
                    Some(Stands::Between | Stands::Elsewhere) | None => {
                        return Ok(LookupOutcome::CannotTell);
                    }
                }
            }
            Instruction::BookLabour { own_key, .. } => self
                .labour_line(&own_key)
                .await?
                .map(|row| done(row_id(&row).map(|id| id.to_string()), "it is there")),
            Instruction::CorrectLabour { corrects, minutes, previous_minutes } => {
                let line = self.labour_line(&corrects).await?;
                match line.as_ref().and_then(|row| minutes_of(row.get("duration")?)) {
                    Some(now) if now == minutes => Some(done(None, "the duration is right")),
                    Some(now) if now == previous_minutes => None,
                    _ => return Ok(LookupOutcome::CannotTell),
                }
            }
            Instruction::CreateShipment { own_key, .. } => self
                .shipment(&own_key)
                .await?
                .map(|row| done(row_id(&row).map(|id| id.to_string()), "it is there")),
            Instruction::CarryOutShipment { own_key } => {
                let state = self.shipment(&own_key).await?;
                match state.as_ref().and_then(|row| row.get("state")).and_then(Value::as_str) {
                    Some("done") => Some(done(None, "the stock has moved")),
                    Some("cancelled") | None => return Ok(LookupOutcome::CannotTell),
                    Some(_) => None,
                }
            }
        };
        Ok(found.map_or(LookupOutcome::Absent, LookupOutcome::Done))
    }

    pub(super) async fn create(&self, model: &str, record: Value) -> Result<PushOutcome, PushError> {
        let call = format!("model.{model}.create");
        let called = self.rpc.call(&call, vec![json!([record])], json!({})).await;
        Ok(match pushed(called.map(|called| called.result))? {
            Ok(result) => {
                let key = result.get(0).and_then(Value::as_i64).map(|id| id.to_string());
                PushOutcome::Applied(done(key, "created"))
            }
            Err(outcome) => outcome,
        })
    }

    pub(super) async fn first(
        &self,
        model: &str,
        domain: Value,
        fields: &[&str],
    ) -> Result<Option<Value>, CallError> {
        Ok(self.rpc.search_read(model, domain, 1, fields, json!({})).await?.into_iter().next())
    }

    async fn order_by_our_id(&self, order_id: WorkOrderId) -> Result<Option<Value>, CallError> {
        let domain = json!([["comment", "like", format!("%{COMMENT_MARK}{order_id}%")]]);
        self.first("project.work", domain, &["number"]).await
    }

    pub(super) async fn task(&self, id: i64) -> Result<Option<Value>, CallError> {
        let fields = ["name", "status.name", "comment", "_timestamp", "write_uid.rec_name"];
        self.first("project.work", json!([["id", "=", id]]), &fields).await
    }

    fn task_status(&self, row: &Value) -> Option<WorkOrderStatus> {
        self.status_of(row.get("status.")?.get("name")?.as_str()?)
    }

    /// Where an order stands in Tryton's coarser words.
    fn as_known_there(&self, status: WorkOrderStatus) -> WorkOrderStatus {
        match (status, self.status_name(status)) {
            (WorkOrderStatus::Completed | WorkOrderStatus::Cancelled, _) | (_, Some(_)) => status,
            _ => WorkOrderStatus::Released,
        }
    }

    async fn create_order(
        &self,
        order_id: WorkOrderId,
        title: &str,
        description: &str,
        asset: Option<&Reference>,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let there = self.order_by_our_id(order_id).await.map_err(CallError::while_reading)?;
        if let Some(row) = there {
            return Ok(PushOutcome::Applied(made_order(order_id, &row, "it was there already")));
        }
        let company = self.rpc.company().await.map_err(CallError::while_reading)?;
        let comment = format!("{description}\n{COMMENT_MARK}{order_id}");
        let mut record = json!({"name": title, "type": "task", "company": company,
            "timesheet_available": true, "comment": comment.trim()});
        if let Some(asset) = asset {
            let number = asset.resolve(keys).map_err(PushError::unfit)?;
            let domain = json!([["type", "=", "project"], ["name", "=", number]]);
            let project =
                self.first("project.work", domain, &["name"]).await.map_err(CallError::while_reading)?;
            // Without a project of its machine the task stands alone.
            record["parent"] = json!(project.as_ref().and_then(row_id));
        }
        match self.create("project.work", record).await? {
            PushOutcome::Applied(_) => {
                // The number is given by Tryton; a failure to read it now is no failure of the step.
                let row = self.order_by_our_id(order_id).await.ok().flatten().unwrap_or_default();
                Ok(PushOutcome::Applied(made_order(order_id, &row, "created")))
            }
            outcome => Ok(outcome),
        }
    }

    async fn move_status(
        &self,
        order: &Reference,
        number: &str,
        from: WorkOrderStatus,
        to: WorkOrderStatus,
        text: &str,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let id = id_of(&order.resolve(keys).map_err(PushError::unfit)?)?;
        let Some(name) = self.status_name(to) else {
            return Err(PushError::unfit(format!("no status of Tryton is mapped to «{}»", to.as_str())));
        };
        let status = self
            .first("project.work.status", json!([["name", "=", name]]), &["name"])
            .await
            .map_err(CallError::while_reading)?;
        let Some(status) = status.as_ref().and_then(row_id) else {
            return Err(PushError::unfit(format!("Tryton has no work status named «{name}»")));
        };
        // With a version we saw, Tryton itself notices a change since.
        let mut seen = keys.version(order.kind, order.id);
        for last_try in [false, true] {
            let Some(row) = self.task(id).await.map_err(CallError::while_reading)? else {
                return Ok(PushOutcome::Conflict {
                    message: format!("Order {number} is not in Tryton any more."),
                    changed_by: None,
                });
            };
            let stands = self.task_status(&row);
            if stands == Some(to) {
                return Ok(PushOutcome::Applied(done(Some(id.to_string()), "the order stands there")));
            }
            let text_of =
                |relation: &str, field: &str| row.get(relation)?.get(field)?.as_str().map(str::to_owned);
            let conflict = || PushOutcome::Conflict {
                message: format!(
                    "Order {number} is «{}» in Tryton; here it went from {} to {}.",
                    text_of("status.", "name").unwrap_or_default(),
                    from.as_str(),
                    to.as_str()
                ),
                changed_by: text_of("write_uid.", "rec_name"),
            };
            if stands != Some(self.as_known_there(from)) {
                return Ok(conflict());
            }
            let mut values = json!({ "status": status });
            if to == WorkOrderStatus::Completed {
                // Tryton's «Done» asks for full progress.
                values["progress"] = json!(1.0);
            }
            if !text.is_empty() {
                let before = row.get("comment").and_then(Value::as_str).unwrap_or_default();
                values["comment"] = json!(format!("{before}\n{text}").trim());
            }
            let version =
                seen.take().map_or_else(|| row.get("_timestamp").cloned(), |seen| Some(seen.into()));
            let context = json!({"_timestamp": {format!("project.work,{id}"): version}});
            let called = self.rpc.call("model.project.work.write", vec![json!([id]), values], context).await;
            match pushed(called.map(|called| called.result))? {
                Ok(_) => return Ok(PushOutcome::Applied(done(Some(id.to_string()), "done"))),
                Err(PushOutcome::Conflict { .. }) if !last_try => {}
                Err(PushOutcome::Conflict { .. }) => return Ok(conflict()),
                Err(outcome) => return Ok(outcome),
            }
        }
        Err(PushError::changes_too_fast())
    }
}
