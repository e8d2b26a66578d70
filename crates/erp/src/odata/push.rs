//! Sending a step and finding out whether one took effect.

use millwright_model::{LearnedKey, LookupOutcome, PlannedStep, PushOutcome, Receipt, WorkOrderStatus};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::ODataErp;
use super::dialect::{Dialect, error_message, text};
use super::instruction::{Create, Instruction, OrderChange};
use super::mapping::Protocol;
use crate::http::Answer;
use crate::reference::Reference;
use crate::text::url_component;
use crate::{ErpError, KeyLookup, PushError};

/// An order as it stands at the server now.
pub(super) struct CurrentOrder {
    pub row: Value,
    pub etag: Option<String>,
    status: Option<WorkOrderStatus>,
    code: String,
    pub changed_by: Option<String>,
}

impl ODataErp {
    pub(crate) async fn push_step(
        &self,
        step: &PlannedStep,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        match Instruction::of(step).map_err(PushError::unfit)? {
            Instruction::Create(create) => self.push_create(&create, keys).await,
            Instruction::AppendText(change) => self.push_text(&change, keys).await,
            Instruction::MoveStatus(change) => self.push_status(&change, keys).await,
            Instruction::EditOrder(edit) => self.push_edit(&edit, keys).await,
        }
    }

    pub(crate) async fn look_up_step(
        &self,
        step: &PlannedStep,
        keys: &dyn KeyLookup,
    ) -> Result<LookupOutcome, ErpError> {
        let change = match Instruction::of(step).map_err(ErpError::BadInput)? {
            Instruction::Create(create) => {
                let found = self.find_created(&create).await?;
                return Ok(found.map_or(LookupOutcome::Absent, LookupOutcome::Done));
            }
            Instruction::AppendText(change) => {
                return self.look_up_text(&change, keys).await;
            }
            Instruction::EditOrder(edit) => return self.look_up_edit(&edit, keys).await,
            Instruction::MoveStatus(change) => change,
        };
        let order = self.current_order(&change.order, &change.number, keys).await?;
        Ok(if order.status == Some(change.to) {
            LookupOutcome::Done(order.receipt("the order stands there"))
        } else if order.still_where(self, &change) {
            LookupOutcome::Absent
        } else {
            // Somewhere else again: it may have been there in between.
            LookupOutcome::CannotTell
        })
    }

    async fn push_create(&self, create: &Create, keys: &dyn KeyLookup) -> Result<PushOutcome, PushError> {
        let body = create.body(keys).map_err(PushError::unfit)?;
        if let Some(receipt) = self.find_created(create).await? {
            return Ok(PushOutcome::Applied(receipt));
        }
        let root = self.service_root(&create.service)?;
        let url = self.address(&create.service, &create.set, "")?;
        let answer = self.session.write(Method::POST, &root, &url, None, Some(&body)).await?;
        if answer.is_success() {
            let row = answer.json().and_then(|body| self.dialect.row(&body)).unwrap_or_default();
            return Ok(PushOutcome::Applied(create.receipt(&row, "created")));
        }
        let message = error_message(answer.status, &answer.body);
        if answer.status == 409 {
            return Ok(match self.find_created(create).await {
                Ok(Some(receipt)) => PushOutcome::Applied(receipt),
                Ok(None) => PushOutcome::Conflict { message, changed_by: None },
                Err(error) => return Err(PushError::Unknown(error.trouble())),
            });
        }
        Ok(PushOutcome::Rejected { message })
    }

    /// The receipt of a record that carries our key already.
    async fn find_created(&self, create: &Create) -> Result<Option<Receipt>, ErpError> {
        let filter = format!("{} eq {}", create.own_key_field, Dialect::text_literal(&create.own_key));
        let url = self.address(
            &create.service,
            &create.set,
            &format!("$filter={}&$top=1{}", url_component(&filter), self.json_format()),
        )?;
        let answer = self.session.read(&url, None).await?;
        let page = answer
            .json()
            .and_then(|body| self.dialect.page(&body))
            .ok_or_else(|| ErpError::NotUnderstood(format!("«{}» does not answer as OData.", create.set)))?;
        Ok(page.rows.first().map(|row| create.receipt(row, "it was there already")))
    }

    async fn push_status(
        &self,
        change: &OrderChange,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let Some((action, bound)) = self
            .mapping
            .work_order
            .status_mapping(change.to)
            .and_then(|status| Some((status.action.clone()?, status.bound)))
        else {
            return Err(PushError::unfit(format!("the mapping has no action for «{}»", change.to.as_str())));
        };
        let key_field = &self.mapping.work_order.key;
        for last_try in [false, true] {
            let order = self.current_order(&change.order, &change.number, keys).await?;
            if order.status == Some(change.to) {
                return Ok(PushOutcome::Applied(order.receipt("the order stands there")));
            }
            if !order.still_where(self, change) {
                return Ok(order.conflict(change));
            }
            let key = change.order.resolve(keys).map_err(PushError::unfit)?;
            let etag = order.etag.as_deref();
            let answer = match (self.dialect.protocol, bound) {
                (Protocol::V2, _) => {
                    let query = format!("{key_field}={}", url_component(&Dialect::text_literal(&key)));
                    self.write_action(&action, &query, etag, None).await?
                }
                (Protocol::V4, false) => {
                    self.write_action(&action, "", etag, Some(&json!({ key_field.clone(): key }))).await?
                }
                (Protocol::V4, true) => {
                    let path = format!("/{action}");
                    self.write_order(Method::POST, &change.order, keys, &path, "", etag, Some(&json!({})))
                        .await?
                }
            };
            match answer.status {
                200..=299 => return Ok(PushOutcome::Applied(order.receipt("done"))),
                412 | 428 if !last_try => {}
                412 | 428 => return Ok(order.conflict(change)),
                status => {
                    return Ok(PushOutcome::Rejected { message: error_message(status, &answer.body) });
                }
            }
        }
        Err(PushError::changes_too_fast())
    }

    async fn write_action(
        &self,
        action: &str,
        query: &str,
        etag: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, PushError> {
        let service = &self.mapping.work_order.service;
        let url = self.address(service, action, query)?;
        self.session.write(Method::POST, &self.service_root(service)?, &url, etag, body).await
    }

    pub(super) async fn write_order(
        &self,
        method: Method,
        order: &Reference,
        keys: &dyn KeyLookup,
        path: &str,
        query: &str,
        etag: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, PushError> {
        let url = self.order_address(order, keys, path, query)?;
        let root = self.service_root(&self.mapping.work_order.service)?;
        self.session.write(method, &root, &url, etag, body).await
    }

    pub(super) fn order_address(
        &self,
        order: &Reference,
        keys: &dyn KeyLookup,
        path: &str,
        query: &str,
    ) -> Result<Url, ErpError> {
        let mapping = &self.mapping.work_order;
        let key = order.resolve(keys).map_err(ErpError::BadInput)?;
        let literal = url_component(&Dialect::text_literal(&key));
        self.address(&mapping.service, &format!("{}({literal}){path}", mapping.set), query)
    }

    pub(super) async fn current_order(
        &self,
        order: &Reference,
        number: &str,
        keys: &dyn KeyLookup,
    ) -> Result<CurrentOrder, ErpError> {
        let url = self.order_address(order, keys, "", self.json_format().trim_start_matches('&'))?;
        let answer = self.session.read(&url, None).await?;
        let row = answer
            .json()
            .and_then(|body| self.dialect.row(&body))
            .ok_or_else(|| ErpError::NotUnderstood(format!("Order {number} does not answer as OData.")))?;
        let mapping = &self.mapping.work_order;
        let code = text(&row, &mapping.status).unwrap_or_default();
        let etag = self.dialect.etag(&row).or_else(|| answer.header("etag")).map(str::to_owned);
        let changed_by = mapping.changed_by.as_ref().and_then(|field| text(&row, field));
        Ok(CurrentOrder { etag, status: mapping.status_of(&code), code, changed_by, row })
    }

    /// Version 2 answers XML unless asked otherwise; version 4 is asked by the header.
    pub(crate) fn json_format(&self) -> &'static str {
        match self.dialect.protocol {
            Protocol::V2 => "&$format=json",
            Protocol::V4 => "",
        }
    }
}

impl CurrentOrder {
    /// Whether the order stands where ours stood before the change, in the ERP's coarser words.
    pub(super) fn still_where(&self, erp: &ODataErp, change: &OrderChange) -> bool {
        let known_there = |status| {
            erp.mapping.work_order.status_mapping(status).is_some_and(|mapping| !mapping.codes.is_empty())
        };
        let expected = match change.from {
            // «Someone works on it» and «interrupted» are «released» where the ERP has no word for them.
            WorkOrderStatus::InProgress | WorkOrderStatus::OnHold if !known_there(change.from) => {
                WorkOrderStatus::Released
            }
            status => status,
        };
        self.status == Some(expected)
    }

    pub(super) fn receipt(&self, message: &str) -> Receipt {
        Receipt { external_key: None, learned: Vec::new(), message: message.to_owned() }
    }

    pub(super) fn conflict(&self, change: &OrderChange) -> PushOutcome {
        let stands =
            self.status.map_or_else(|| format!("«{}»", self.code), |status| status.as_str().to_owned());
        let who =
            self.changed_by.as_deref().map(|who| format!(", changed last by {who}")).unwrap_or_default();
        PushOutcome::Conflict {
            message: format!(
                "Order {} is {stands} at the ERP{who}; here it went from {} to {}.",
                change.number,
                change.from.as_str(),
                change.to.as_str()
            ),
            changed_by: self.changed_by.clone(),
        }
    }
}

impl Create {
    fn receipt(&self, row: &Value, message: &str) -> Receipt {
        let parts: Vec<String> = self.key.iter().filter_map(|field| text(row, field)).collect();
        let key = (parts.len() == self.key.len() && !parts.is_empty()).then(|| parts.join("/"));
        let (kind, id) = self.makes;
        let learned =
            key.iter().map(|key| LearnedKey { kind, id, external_key: key.clone(), label: key.clone() });
        Receipt { learned: learned.collect(), external_key: key, message: message.to_owned() }
    }
}
