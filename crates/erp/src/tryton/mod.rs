//! The Tryton adapter (series 8.2), over JSON-RPC.
//!
//! Tryton has no maintenance module, so ours is mapped to what it has: a machine is a lot (`stock.lot`) with its
//! number, an order a task (`project.work`) under a project that bears the machine's number as its name, labour a
//! timesheet line, used parts an internal shipment to a location for consumption. Requests have no counterpart
//! and are not told; productions are not written.
//!
//! Tryton 8.2 lets no outside caller set the fields that it keeps unique (`project.work.number`,
//! `timesheet.line.uuid`), so our key stands in texts that can be searched: the task's comment, the line's
//! description, the shipment's reference. None of them is unique: what keeps a second effect away is that one
//! writing request is in flight at a time, each looks for its own key first, and «absent» is only believed after
//! the server's own request limit.

mod edit;
mod instruction;
mod labour;
pub(crate) mod pull;
mod push;
pub(crate) mod rpc;
mod shipment;

use std::time::Duration;

use millwright_model::{LookupOutcome, OutboundTxn, PlannedStep, PullPage, PushOutcome, WorkOrderStatus};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use crate::{
    ConnectionReport, ErpError, ErpPort, KeyLookup, OrderField, PlanError, PortFuture, PushError,
    ReachedSource, Secret,
};
use rpc::Rpc;

/// What the adapter needs to know of one server.
#[derive(Clone, Debug)]
pub struct TrytonConfig {
    /// The name of the system instance.
    pub system: String,
    /// The server's address (`https://erp.example/`).
    pub root: Url,
    /// The database.
    pub database: String,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// How long a request may take on our side.
    pub timeout: Duration,
    /// `[request] timeout` of the server, in milliseconds.
    pub request_limit_ms: u64,
    /// Names of work statuses there, and what they are here.
    pub statuses: Vec<(String, WorkOrderStatus)>,
    /// The code of the location that used parts go to.
    pub consumption_location: String,
    /// The code of the location that parts come from when nobody said.
    pub default_location: String,
    /// Whether shipments are carried out (stock moves), or left as drafts for the storekeeper.
    pub complete_shipments: bool,
    /// Rows of one page of a pull.
    pub page_size: u32,
    /// How far before the newest change seen a pull starts again.
    pub overlap_seconds: u32,
    /// A person chose plain HTTP to another host, and why is written down elsewhere.
    pub plain_http_is_chosen: bool,
}

impl TrytonConfig {
    /// A configuration with Tryton's own names and limits.
    pub fn new(
        system: impl Into<String>,
        root: Url,
        database: impl Into<String>,
        user: impl Into<String>,
        password: Secret,
    ) -> Self {
        Self {
            system: system.into(),
            root,
            database: database.into(),
            user: user.into(),
            password,
            timeout: Duration::from_secs(90),
            request_limit_ms: 60_000,
            statuses: vec![
                ("Open".to_owned(), WorkOrderStatus::Released),
                ("Done".to_owned(), WorkOrderStatus::Completed),
                ("Cancelled".to_owned(), WorkOrderStatus::Cancelled),
            ],
            consumption_location: "MAINT".to_owned(),
            default_location: "STO".to_owned(),
            complete_shipments: true,
            page_size: 200,
            overlap_seconds: 300,
            plain_http_is_chosen: false,
        }
    }
}

/// A Tryton database.
#[derive(Debug)]
pub struct TrytonErp {
    config: TrytonConfig,
    rpc: Rpc,
    /// Held while a writing request is in flight.
    writing: Mutex<()>,
}

impl TrytonErp {
    /// Prepares the connection; nothing is sent yet.
    pub fn new(config: TrytonConfig) -> Result<Self, ErpError> {
        let rpc = Rpc::new(&config)?;
        Ok(Self { config, rpc, writing: Mutex::new(()) })
    }

    /// Our status of one of Tryton's names.
    fn status_of(&self, name: &str) -> Option<WorkOrderStatus> {
        self.config.statuses.iter().find(|(known, _)| known == name).map(|(_, status)| *status)
    }

    /// Tryton's name of one of our statuses.
    fn status_name(&self, status: WorkOrderStatus) -> Option<&str> {
        self.config.statuses.iter().find(|(_, known)| *known == status).map(|(name, _)| name.as_str())
    }

    async fn connection_report(&self) -> Result<ConnectionReport, ErpError> {
        let version = self.rpc.server_version().await?;
        let mut report =
            ConnectionReport { server: format!("Tryton {version}"), ..ConnectionReport::default() };
        if version != "8.2" {
            report
                .problems
                .push(format!("This connector was tried with Tryton 8.2; the server is {version}."));
        }
        if let Err(error) = self.rpc.company().await {
            match error {
                rpc::CallError::Refused(trouble) if trouble.said.contains("no company") => {
                    report.problems.push(trouble.said);
                }
                other => return Err(other.into()),
            }
        }
        for model in [
            "project.work",
            "timesheet.line",
            "stock.shipment.internal",
            "product.product",
            "stock.lot",
            "company.employee",
        ] {
            let call = format!("model.{model}.search_count");
            let count = match self.rpc.call(&call, vec![json!([])], json!({})).await {
                Ok(called) => called.result.as_u64(),
                Err(error @ rpc::CallError::NotSent(_)) => return Err(error.into()),
                Err(error) => {
                    report.problems.push(format!(
                        "«{model}» cannot be read: is its module activated, and may this user see it? ({error})"
                    ));
                    None
                }
            };
            report.sources.push(ReachedSource { name: model.to_owned(), count });
        }
        for code in [&self.config.consumption_location, &self.config.default_location] {
            let domain = json!([["code", "=", code]]);
            let found = self.rpc.search_read("stock.location", domain, 2, &["name"], json!({})).await?;
            if found.len() != 1 {
                report.problems.push(format!(
                    "There must be one stock location with the code «{code}»; Tryton has {}.",
                    found.len()
                ));
            }
        }
        let statuses =
            self.rpc.search_read("project.work.status", json!([]), 100, &["name"], json!({})).await?;
        for (name, _) in &self.config.statuses {
            if !statuses.iter().any(|row| row.get("name").and_then(Value::as_str) == Some(name)) {
                report.problems.push(format!("There is no work status named «{name}» in Tryton."));
            }
        }
        Ok(report)
    }
}

impl ErpPort for TrytonErp {
    fn system(&self) -> &str {
        &self.config.system
    }

    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>> {
        Box::pin(self.pull_page(cursor))
    }

    fn has_order_field(&self, field: OrderField) -> bool {
        // A task is a name and a comment in the project of its machine, with an effort; and it is work of no kind.
        matches!(field, OrderField::Description | OrderField::Asset | OrderField::PlannedMinutes)
    }

    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
        instruction::plan(&self.config, txn)
    }

    fn push<'a>(
        &'a self,
        step: &'a PlannedStep,
        keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<PushOutcome, PushError>> {
        Box::pin(self.push_step(step, keys))
    }

    fn lookup<'a>(
        &'a self,
        step: &'a PlannedStep,
        keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<LookupOutcome, ErpError>> {
        Box::pin(self.look_up_step(step, keys))
    }

    fn request_limit_ms(&self) -> u64 {
        self.config.request_limit_ms
    }

    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>> {
        Box::pin(self.connection_report())
    }
}
