//! Labour: a line of the task's timesheet, and its correction.

use millwright_model::{CivilDate, PushOutcome};
use serde_json::{Value, json};

use super::TrytonErp;
use super::push::{done, id_of, pushed, row_id};
use super::rpc::{CallError, date_json, minutes_json, minutes_of};
use crate::reference::Reference;
use crate::{KeyLookup, PushError};

impl TrytonErp {
    pub(super) async fn labour_line(&self, own_key: &str) -> Result<Option<Value>, CallError> {
        let domain = json!([["description", "like", format!("%[{own_key}]%")]]);
        self.first("timesheet.line", domain, &["duration", "_timestamp", "write_uid.rec_name"]).await
    }

    pub(super) async fn book_labour(
        &self,
        own_key: &str,
        order: &Reference,
        person: &Reference,
        minutes: i64,
        on: CivilDate,
        text: &str,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        if let Some(line) = self.labour_line(own_key).await.map_err(CallError::while_reading)? {
            let key = row_id(&line).map(|id| id.to_string());
            return Ok(PushOutcome::Applied(done(key, "it was there already")));
        }
        let order = id_of(&order.resolve(keys).map_err(PushError::unfit)?)?;
        let person = id_of(&person.resolve(keys).map_err(PushError::unfit)?)?;
        let work = match self.timesheet_work(order).await? {
            Ok(work) => work,
            Err(outcome) => return Ok(outcome),
        };
        let company = self.rpc.company().await.map_err(CallError::while_reading)?;
        let line = json!({"company": company, "employee": person, "work": work, "date": date_json(on),
                    "duration": minutes_json(minutes), "description": format!("{text} [{own_key}]").trim()});
        self.create("timesheet.line", line).await
    }

    /// The timesheet work of a task; made where the task has none yet (it is unique per task at Tryton).
    async fn timesheet_work(&self, order: i64) -> Result<Result<i64, PushOutcome>, PushError> {
        let origin = format!("project.work,{order}");
        let domain = json!([["origin", "=", origin]]);
        let found =
            self.first("timesheet.work", domain, &["origin"]).await.map_err(CallError::while_reading)?;
        if let Some(work) = found.as_ref().and_then(row_id) {
            return Ok(Ok(work));
        }
        let company = self.rpc.company().await.map_err(CallError::while_reading)?;
        let record = json!([{"origin": origin, "company": company}]);
        let called = self.rpc.call("model.timesheet.work.create", vec![record], json!({})).await;
        match called {
            Ok(called) => called
                .result
                .get(0)
                .and_then(Value::as_i64)
                .map(Ok)
                .ok_or_else(|| PushError::unfit("Tryton gives the timesheet work of the order no id")),
            Err(CallError::Rejected(message)) => Ok(Err(PushOutcome::Rejected { message })),
            // The labour itself was not sent, and the work is found next time if it was made.
            Err(error) => Err(error.while_reading()),
        }
    }

    pub(super) async fn correct_labour(
        &self,
        corrects: &str,
        minutes: i64,
        previous_minutes: i64,
    ) -> Result<PushOutcome, PushError> {
        let line = self.labour_line(corrects).await.map_err(CallError::while_reading)?;
        let (Some(line), Some(id)) = (&line, line.as_ref().and_then(row_id)) else {
            return Ok(PushOutcome::Conflict {
                message: "The booking to be corrected is not in Tryton any more.".to_owned(),
                changed_by: None,
            });
        };
        let now = line.get("duration").and_then(minutes_of);
        if now == Some(minutes) {
            return Ok(PushOutcome::Applied(done(Some(id.to_string()), "the duration is right")));
        }
        if now != Some(previous_minutes) {
            let who = line.get("write_uid.").and_then(|user| user.get("rec_name")).and_then(Value::as_str);
            return Ok(PushOutcome::Conflict {
                message: format!(
                    "The booking has {} min in Tryton; here it was corrected from {previous_minutes} to {minutes} min.",
                    now.unwrap_or_default()
                ),
                changed_by: who.map(str::to_owned),
            });
        }
        let context = json!({"_timestamp": {format!("timesheet.line,{id}"): line.get("_timestamp")}});
        let values = json!({"duration": minutes_json(minutes)});
        let called = self.rpc.call("model.timesheet.line.write", vec![json!([id]), values], context).await;
        Ok(match pushed(called.map(|called| called.result))? {
            Ok(_) => PushOutcome::Applied(done(Some(id.to_string()), "corrected")),
            Err(outcome) => outcome,
        })
    }
}
