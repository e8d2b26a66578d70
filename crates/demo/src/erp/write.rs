//! Writing: creating records, changing orders under `If-Match`, and the actions that move an order.

use serde_json::Value;

use super::literal::key_values;
use super::read::{Options, Reader, etag};
use super::rules::{self, Asking};
use super::schema::{Access, EntitySet, set_of};
use super::store::{Change, Store};
use super::{Refusal, Row};

/// A write as it came.
pub(super) struct Writing<'a> {
    pub service: &'a str,
    /// What stands after the service.
    pub target: &'a str,
    pub options: &'a Options,
    pub if_match: Option<&'a str>,
    pub body: &'a [u8],
    pub asking: Asking<'a>,
    pub root: &'a str,
}

/// What was done.
#[derive(Debug)]
pub(super) struct Written {
    pub status: u16,
    pub body: Option<Value>,
    pub etag: Option<String>,
    pub location: Option<String>,
}

impl Writing<'_> {
    /// Creates a record or runs an action.
    pub fn post(&self, store: &mut Store) -> Result<Written, Refusal> {
        if let Some((parent, name)) = self.target.split_once(")/") {
            return self.create_below(store, parent, name);
        }
        match set_of(self.service, self.target) {
            Some(set) => self.create(store, set),
            None => self.act(store),
        }
    }

    fn create_below(&self, store: &mut Store, parent: &str, name: &str) -> Result<Written, Refusal> {
        let nowhere = || Refusal::not_found(&format!("{}/{}", self.service, self.target));
        let (parent_set, predicate) = parent.split_once('(').ok_or_else(nowhere)?;
        let parent_set = set_of(self.service, parent_set).ok_or_else(nowhere)?;
        let navigation = parent_set.navigation(name).ok_or_else(nowhere)?;
        let set = set_of(self.service, navigation.set).ok_or_else(nowhere)?;
        let above = Reader { store, root: self.root }.find(parent_set, predicate)?.clone();
        let change = rules::create_below(store, &above, set, self.record()?, self.asking)?;
        self.made(store, set, change)
    }

    fn create(&self, store: &mut Store, set: &'static EntitySet) -> Result<Written, Refusal> {
        if matches!(set.access, Access::Read | Access::Change) {
            return Err(Refusal::new(405, &format!("{} cannot be made here.", set.name)));
        }
        let change = rules::create(store, set, self.record()?, self.asking)?;
        self.made(store, set, change)
    }

    fn made(&self, store: &mut Store, set: &'static EntitySet, change: Change) -> Result<Written, Refusal> {
        let row = change.first().map(|(_, row)| row.clone()).unwrap_or_default();
        store.commit(change)?;
        let reader = Reader { store, root: self.root };
        // As at SAP, what was created deeply is answered deeply.
        let navigation =
            set.navigation.first().map(|navigation| ("$expand".to_owned(), navigation.name.to_owned()));
        let record = reader.record(set, &row, &navigation.into_iter().collect())?;
        Ok(Written {
            status: 201,
            etag: etag(set, &row),
            location: Some(reader.uri(set, &row)),
            body: Some(serde_json::json!({ "d": record })),
        })
    }

    fn act(&self, store: &mut Store) -> Result<Written, Refusal> {
        let unknown = || Refusal::not_found(&format!("{}/{}", self.service, self.target));
        let set = set_of(self.service, "MaintenanceOrder").ok_or_else(unknown)?;
        let predicate = self.options.get("MaintenanceOrder").ok_or_else(unknown)?;
        let order = Reader { store, root: self.root }.find(set, predicate)?.clone();
        self.check_version(set, &order)?;
        let change = rules::act(self.target, &order, self.asking)?;
        store.commit(change)?;
        let reader = Reader { store, root: self.root };
        let row = reader.find(set, predicate)?;
        let record = reader.record(set, row, &Options::new())?;
        let body = Some(serde_json::json!({ "d": record }));
        Ok(Written { status: 200, etag: etag(set, row), location: None, body })
    }

    /// Changes fields of a record.
    pub fn patch(&self, store: &mut Store) -> Result<Written, Refusal> {
        let (name, predicate) = self
            .target
            .strip_suffix(')')
            .and_then(|target| target.split_once('('))
            .ok_or_else(|| Refusal::bad("A change needs the key of a record."))?;
        let set = set_of(self.service, name)
            .ok_or_else(|| Refusal::not_found(&format!("{}/{name}", self.service)))?;
        if !matches!(set.access, Access::CreateAndChange | Access::Change) {
            return Err(Refusal::new(405, &format!("{name} cannot be changed.")));
        }
        let key = key_values(predicate, set)?;
        let before = Reader { store, root: self.root }.find(set, predicate)?.clone();
        self.check_version(set, &before)?;
        let change = rules::update(set, &before, self.record()?, self.asking)?;
        store.commit(change)?;
        let etag = store.row(set.name, &key).and_then(|row| etag(set, row));
        Ok(Written { status: 204, body: None, etag, location: None })
    }

    fn check_version(&self, set: &EntitySet, row: &Row) -> Result<(), Refusal> {
        let Some(there) = etag(set, row) else { return Ok(()) };
        match self.if_match {
            None => Err(Refusal::new(428, "Say with If-Match which version you change.")),
            Some("*") => Ok(()),
            Some(said) if said == there => Ok(()),
            Some(_) => Err(Refusal::new(412, "Somebody changed the record since you read it.")),
        }
    }

    fn record(&self) -> Result<Row, Refusal> {
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(row)) => Ok(row),
            Ok(_) => Err(Refusal::bad("The body is no record.")),
            Err(error) => Err(Refusal::bad(&format!("The body is no JSON: {error}"))),
        }
    }
}
