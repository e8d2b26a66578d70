//! Parts that leave or enter the store: an internal shipment, created as a draft and then carried out.

use millwright_model::{CivilDate, PushOutcome, Quantity};
use serde_json::{Value, json};

use super::TrytonErp;
use super::instruction::Line;
use super::push::{done, id_of, pushed, row_id};
use super::rpc::{CallError, date_json};
use crate::{KeyLookup, PushError};

impl TrytonErp {
    pub(super) async fn shipment(&self, own_key: &str) -> Result<Option<Value>, CallError> {
        let domain = json!([["reference", "=", own_key]]);
        self.first("stock.shipment.internal", domain, &["state", "number"]).await
    }

    pub(super) async fn location(&self, code: &str) -> Result<i64, PushError> {
        let found = self
            .first("stock.location", json!([["code", "=", code]]), &["name"])
            .await
            .map_err(CallError::while_reading)?;
        found
            .as_ref()
            .and_then(row_id)
            .ok_or_else(|| PushError::unfit(format!("Tryton has no stock location with the code «{code}»")))
    }

    pub(super) async fn create_shipment(
        &self,
        own_key: &str,
        store: Option<&str>,
        back: bool,
        lines: &[Line],
        on: CivilDate,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        if let Some(row) = self.shipment(own_key).await.map_err(CallError::while_reading)? {
            let key = row_id(&row).map(|id| id.to_string());
            return Ok(PushOutcome::Applied(done(key, "it was there already")));
        }
        let store = match store {
            Some(key) => id_of(key)?,
            None => self.location(&self.config.default_location).await?,
        };
        let consumption = self.location(&self.config.consumption_location).await?;
        let (from, to) = if back { (consumption, store) } else { (store, consumption) };
        let company = self.rpc.company().await.map_err(CallError::while_reading)?;
        let mut moves = Vec::new();
        for line in lines {
            let part = id_of(&line.part.resolve(keys).map_err(PushError::unfit)?)?;
            let domain = json!([["id", "=", part]]);
            let product = self
                .first("product.product", domain, &["default_uom"])
                .await
                .map_err(CallError::while_reading)?;
            let Some(unit) = product.as_ref().and_then(|row| row.get("default_uom")?.as_i64()) else {
                return Err(PushError::unfit(format!("Tryton has no product {part}")));
            };
            let quantity = Quantity { thousandths: line.thousandths, unit: String::new() };
            moves.push(
                json!({"product": part, "unit": unit, "quantity": quantity.thousandths as f64 / 1000.0,
                "from_location": from, "to_location": to, "company": company}),
            );
        }
        let date = date_json(on);
        // The shipment and its moves in one call: one transaction at the server.
        let record = json!({"reference": own_key, "company": company, "from_location": from, "to_location": to,
            "planned_date": date, "planned_start_date": date, "moves": [["create", moves]]});
        self.create("stock.shipment.internal", record).await
    }

    pub(super) async fn carry_out(&self, own_key: &str) -> Result<PushOutcome, PushError> {
        // Three moves lead to «done»; each is read back, so that a lost answer goes on where it stands.
        for _ in 0..4 {
            let row = self.shipment(own_key).await.map_err(CallError::while_reading)?;
            let Some((id, state)) =
                row.as_ref().and_then(|row| Some((row_id(row)?, row.get("state")?.as_str()?)))
            else {
                return Ok(PushOutcome::Conflict {
                    message: "The shipment is not in Tryton any more.".to_owned(),
                    changed_by: None,
                });
            };
            let button = match state {
                "done" => return Ok(PushOutcome::Applied(done(Some(id.to_string()), "the stock has moved"))),
                "request" => "draft",
                "draft" => "wait",
                "waiting" => "assign_force",
                "assigned" | "shipped" => "do",
                other => {
                    return Ok(PushOutcome::Conflict {
                        message: format!("The shipment is «{other}» in Tryton."),
                        changed_by: None,
                    });
                }
            };
            let call = format!("model.stock.shipment.internal.{button}");
            let called = self.rpc.call(&call, vec![json!([id])], json!({})).await;
            if let Err(outcome) = pushed(called.map(|called| called.result))? {
                return Ok(outcome);
            }
        }
        let row = self.shipment(own_key).await.map_err(CallError::while_reading)?;
        let finished = row.as_ref().and_then(|row| row.get("state")).and_then(Value::as_str) == Some("done");
        if finished {
            return Ok(PushOutcome::Applied(done(None, "the stock has moved")));
        }
        Ok(PushOutcome::Rejected { message: "Tryton does not carry the shipment out.".to_owned() })
    }
}
