//! The ERP of the demo plant: SAP's released maintenance services in OData version 2, as far as the built-in mapping
//! uses them, over tables in memory and a journal on disk.

mod filter;
mod founding;
mod journal;
mod literal;
mod pages;
mod read;
mod rules;
mod schema;
mod server;
mod session;
mod store;
mod write;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

pub use server::{Erp, start};

/// A record as it goes over the wire: texts, dates as `/Date(…)/`, decimals as text.
pub(crate) type Row = serde_json::Map<String, Value>;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    message: String,
}

impl Refusal {
    fn new(status: u16, message: &str) -> Self {
        Self { status, message: message.to_owned() }
    }

    /// The request itself is wrong, or breaks a rule of the business.
    fn bad(message: &str) -> Self {
        Self::new(400, message)
    }

    fn not_found(what: &str) -> Self {
        Self::new(404, &format!("{what} does not exist."))
    }

    /// The body in the form of OData version 2.
    fn body(&self) -> Value {
        let code = format!("DEMO/{}", self.status);
        json!({ "error": { "code": code, "message": { "lang": "en", "value": self.message } } })
    }
}

/// Text of a field; empty text is nothing.
fn text<'a>(row: &'a Row, field: &str) -> Option<&'a str> {
    row.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}
