//! The OData adapter: one core for versions 2 and 4, and a mapping file that says what is what.

mod closing;
mod dialect;
mod edit;
mod instruction;
mod mapping;
mod mapping_check;
mod plan;
mod pull;
mod push;
mod read;
mod session;

use std::time::Duration;

use millwright_model::{LookupOutcome, OutboundTxn, PlannedStep, PullPage, PushOutcome};
use url::Url;

pub use mapping::{InstantLiteral, Mapping, Protocol};
pub use mapping_check::{MappingError, SAP_V2, SAP_V4};
pub use session::Login;

use crate::http::check_transport;
use crate::{ConnectionReport, ErpError, ErpPort, KeyLookup, OrderField, PlanError, PortFuture, PushError};
use dialect::Dialect;
use session::Session;

/// What the adapter needs to know of one server.
#[derive(Clone, Debug)]
pub struct ODataConfig {
    /// The name of the system instance.
    pub system: String,
    /// The address under which the services stand (`https://erp.example/sap/opu/odata/sap/`).
    pub root: Url,
    /// How to log in.
    pub login: Login,
    /// What is what there.
    pub mapping: Mapping,
    /// How long a request may take on our side.
    pub timeout: Duration,
    /// How long the server may still work on a request whose answer was lost, in milliseconds.
    pub request_limit_ms: u64,
    /// Larger answers are refused.
    pub max_answer_bytes: usize,
    /// A person chose plain HTTP to another host, and why is written down elsewhere.
    pub plain_http_is_chosen: bool,
}

impl ODataConfig {
    /// A configuration with the usual limits: a minute, ten minutes at the server (SAP's default), 64 MiB.
    pub fn new(system: impl Into<String>, root: Url, login: Login, mapping: Mapping) -> Self {
        Self {
            system: system.into(),
            root,
            login,
            mapping,
            timeout: Duration::from_secs(60),
            request_limit_ms: 600_000,
            max_answer_bytes: 64 * 1024 * 1024,
            plain_http_is_chosen: false,
        }
    }
}

/// An ERP that speaks OData.
#[derive(Debug)]
pub struct ODataErp {
    system: String,
    root: Url,
    mapping: Mapping,
    dialect: Dialect,
    session: Session,
    request_limit_ms: u64,
}

impl ODataErp {
    /// Prepares the connection; nothing is sent yet.
    pub fn new(config: ODataConfig) -> Result<Self, ErpError> {
        let ODataConfig { system, mut root, login, mapping, timeout, .. } = config;
        check_transport(&root, config.plain_http_is_chosen)?;
        if let Login::ClientCredentials { token_url, .. } = &login {
            check_transport(token_url, config.plain_http_is_chosen)?;
        }
        if !root.path().ends_with('/') {
            let path = format!("{}/", root.path());
            root.set_path(&path);
        }
        let dialect = Dialect { protocol: mapping.protocol, instant_literal: mapping.instant_literal };
        let session = Session::new(login, timeout, config.max_answer_bytes)?;
        Ok(Self { system, root, mapping, dialect, session, request_limit_ms: config.request_limit_ms })
    }

    /// The address of a service, ending in a slash.
    fn service_root(&self, service: &str) -> Result<Url, ErpError> {
        self.root
            .join(&format!("{service}/"))
            .map_err(|error| ErpError::BadInput(format!("«{service}» is not the name of a service: {error}")))
    }

    /// The address of something in a service; `query` is encoded already.
    fn address(&self, service: &str, path: &str, query: &str) -> Result<Url, ErpError> {
        let mut url = self
            .service_root(service)?
            .join(path)
            .map_err(|error| ErpError::BadInput(format!("«{path}» is not a path of a service: {error}")))?;
        url.set_query((!query.is_empty()).then_some(query));
        Ok(url)
    }

    async fn connection_report(&self) -> Result<ConnectionReport, ErpError> {
        let mut report = ConnectionReport::default();
        for source in self.sources() {
            let name = format!("{}/{}", source.service, source.set);
            let url = self.address(source.service, &format!("{}/$count", source.set), "")?;
            let count = match self.session.read(&url, None).await {
                Ok(answer) => {
                    if report.server.is_empty() {
                        report.server = answer.header("server").unwrap_or_default().to_owned();
                    }
                    let text = String::from_utf8_lossy(&answer.body);
                    let count = text.trim().trim_start_matches('\u{feff}').parse().ok();
                    if count.is_none() {
                        report.problems.push(format!(
                            "«{name}» answers, but not as an OData service. Check the address of the services."
                        ));
                    }
                    count
                }
                // Nobody there, or nobody we may talk to: the other sets would only repeat it.
                Err(error @ (ErpError::Unreachable(_) | ErpError::BadInput(_))) => return Err(error),
                Err(error @ ErpError::Refused(_)) if report.sources.is_empty() => return Err(error),
                Err(error @ (ErpError::Refused(_) | ErpError::NotUnderstood(_))) => {
                    report.problems.push(format!("«{name}» cannot be read: {error}"));
                    None
                }
            };
            report.sources.push(crate::ReachedSource { name, count });
        }
        if report.sources.iter().all(|source| source.count.is_none()) {
            return Err(ErpError::NotUnderstood(format!(
                "{} is not an OData server with the mapped services: {}",
                self.root,
                report.problems.first().map_or("nothing answered.", String::as_str)
            )));
        }
        if report.server.is_empty() {
            report.server = self.root.host_str().unwrap_or_default().to_owned();
        }
        Ok(report)
    }
}

impl ErpPort for ODataErp {
    fn system(&self) -> &str {
        &self.system
    }

    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>> {
        Box::pin(self.pull_page(cursor))
    }

    fn has_order_field(&self, field: OrderField) -> bool {
        let order = &self.mapping.work_order;
        match field {
            OrderField::Description => order.description.is_some(),
            OrderField::Kind => order.kind.is_some(),
            OrderField::Asset => !order.assets.is_empty(),
            OrderField::Priority => order.priority.is_some(),
            OrderField::Due => order.due_at.is_some() || order.due_date.is_some(),
            OrderField::PlannedStart => order.start_date.is_some(),
            OrderField::PlannedMinutes => false,
            OrderField::Assignee => order.assignee.is_some(),
        }
    }

    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
        plan::plan(&self.mapping, self.dialect, txn)
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
        self.request_limit_ms
    }

    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>> {
        Box::pin(self.connection_report())
    }
}

/// An answer as every reader of it sees it, for the fuzz target.
pub(crate) fn fuzzed_answer(bytes: &[u8]) {
    let _message = dialect::error_message(400, bytes);
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    for text in [SAP_V2, SAP_V4] {
        let Ok((mapping, _findings)) = Mapping::load(text) else { continue };
        let dialect = Dialect { protocol: mapping.protocol, instant_literal: mapping.instant_literal };
        let mut rows = dialect.page(&body).unwrap_or_default().rows;
        rows.extend(dialect.row(&body));
        for row in &rows {
            let _etag = dialect.etag(row);
            read::fuzzed_row(&mapping, dialect, row);
            for value in row.as_object().into_iter().flat_map(|fields| fields.values()) {
                let _read = (dialect::instant(value), dialect::date(value), dialect::time_ms(value));
                let _quantity = dialect::quantity(value, "PC");
            }
        }
    }
}
