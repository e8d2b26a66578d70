//! What was found and done, written where the ERP has a place for it: a field of the order, or a text of its own.

use millwright_model::{ExternalKind, LookupOutcome, PushOutcome};
use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

use super::ODataErp;
use super::dialect::{Dialect, error_message, text};
use super::instruction::OrderChange;
use super::mapping::TextSet;
use super::push::CurrentOrder;
use crate::text::url_component;
use crate::{ErpError, KeyLookup, PushError};

/// The place for what was found and done, as it stands now.
struct Place {
    /// What stands there; nothing where nobody wrote anything yet.
    there: Option<String>,
    etag: Option<String>,
    method: Method,
    url: Url,
    /// What has to be sent with the text.
    with: Map<String, Value>,
    field: String,
}

impl Place {
    fn holds(&self, change: &OrderChange) -> bool {
        // The server may end its lines otherwise than we do.
        self.there.as_ref().is_some_and(|there| there.replace("\r\n", "\n").contains(&change.text))
    }

    fn body(&self, change: &OrderChange) -> Value {
        let before = self.there.as_ref().map(|there| format!("{there}\n")).unwrap_or_default();
        let mut body = self.with.clone();
        body.insert(self.field.clone(), json!(format!("{before}{}", change.text)));
        Value::Object(body)
    }
}

impl ODataErp {
    pub(super) async fn push_text(
        &self,
        change: &OrderChange,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        // With a version we saw, a change there since is noticed by the server itself.
        let mut seen = keys.version(ExternalKind::WorkOrder, change.order.id);
        for last_try in [false, true] {
            let order = self.current_order(&change.order, &change.number, keys).await?;
            let Some(place) = self.closing_place(&order, change, keys).await? else {
                return Err(PushError::unfit("the mapping has no closing_text any more"));
            };
            if place.holds(change) {
                return Ok(PushOutcome::Applied(order.receipt("the text is there")));
            }
            if !order.still_where(self, change) {
                return Ok(order.conflict(change));
            }
            let of_order = self.mapping.work_order.closing_text.is_some();
            let etag = seen.take().filter(|_| of_order).or_else(|| place.etag.clone());
            let root = self.service_root(&self.mapping.work_order.service)?;
            let body = place.body(change);
            let written =
                self.session.write(place.method.clone(), &root, &place.url, etag.as_deref(), Some(&body));
            let answer = written.await?;
            match answer.status {
                200..=299 => return Ok(PushOutcome::Applied(order.receipt("the text was written"))),
                // Changed or begun meanwhile, or the server wants a version: see what is there now, and decide again.
                409 | 412 | 428 if !last_try => {}
                409 | 412 | 428 => return Ok(order.conflict(change)),
                status => {
                    // A text that somebody began meanwhile is refused in words of the server's own choice.
                    let begun = !last_try && place.method == Method::POST && {
                        let now = self.closing_place(&order, change, keys).await?;
                        now.is_some_and(|now| now.method != Method::POST)
                    };
                    if !begun {
                        return Ok(PushOutcome::Rejected { message: error_message(status, &answer.body) });
                    }
                }
            }
        }
        Err(PushError::changes_too_fast())
    }

    pub(super) async fn look_up_text(
        &self,
        change: &OrderChange,
        keys: &dyn KeyLookup,
    ) -> Result<LookupOutcome, ErpError> {
        let order = self.current_order(&change.order, &change.number, keys).await?;
        let place = self.closing_place(&order, change, keys).await?;
        let holds = place.is_some_and(|place| place.holds(change));
        Ok(match (holds, order.still_where(self, change)) {
            (true, _) => LookupOutcome::Done(order.receipt("the text is there")),
            (false, true) => LookupOutcome::Absent,
            (false, false) => LookupOutcome::CannotTell,
        })
    }

    async fn closing_place(
        &self,
        order: &CurrentOrder,
        change: &OrderChange,
        keys: &dyn KeyLookup,
    ) -> Result<Option<Place>, ErpError> {
        let mapping = &self.mapping.work_order;
        if let Some(field) = mapping.closing_field() {
            return Ok(Some(Place {
                there: text(&order.row, field),
                etag: order.etag.clone(),
                method: Method::PATCH,
                url: self.order_address(&change.order, keys, "", "")?,
                with: Map::new(),
                field: field.clone(),
            }));
        }
        let Some(texts) = &mapping.closing_texts else { return Ok(None) };
        let field = texts.text.get_ref().clone();
        let key = self.text_key(texts, &change.order.resolve(keys).map_err(ErpError::BadInput)?);
        let read = self.address(&mapping.service, &key, self.json_format().trim_start_matches('&'))?;
        let Some(answer) = self.session.read_if_there(&read).await? else {
            let with = texts.which.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            return Ok(Some(Place {
                there: None,
                etag: None,
                method: Method::POST,
                url: self.order_address(&change.order, keys, &format!("/{}", texts.path), "")?,
                with,
                field,
            }));
        };
        let row = answer.json().and_then(|body| self.dialect.row(&body)).ok_or_else(|| {
            ErpError::NotUnderstood(format!("The text of order {} does not answer as OData.", change.number))
        })?;
        Ok(Some(Place {
            there: text(&row, &field),
            etag: self.dialect.etag(&row).or_else(|| answer.header("etag")).map(str::to_owned),
            method: Method::PATCH,
            url: self.address(&mapping.service, &key, "")?,
            with: Map::new(),
            field,
        }))
    }

    /// The set of texts with the key of the one that is ours of an order.
    fn text_key(&self, texts: &TextSet, order: &str) -> String {
        let literal = |value: &str| url_component(&Dialect::text_literal(value));
        let mut key = vec![format!("{}={}", texts.order, literal(order))];
        key.extend(texts.which.iter().map(|(name, value)| format!("{name}={}", literal(value))));
        format!("{}({})", texts.set, key.join(","))
    }
}
