//! Pulling page by page: what is asked next, what was seen already, and how far the pull has come.

use std::collections::BTreeMap;

use millwright_model::{ErpRecord, PullPage, TimestampMs};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::ODataErp;
use super::dialect::{instant, text};
use super::read::RowReader;
use crate::ErpError;
use crate::text::url_component;

const CURSOR_VERSION: u32 = 1;
/// More pages of one set than this is a server that links in circles.
const MAX_PAGES: u32 = 20_000;
/// More fingerprints than this are forgotten; their records are then delivered once more, which changes nothing.
const MAX_FINGERPRINTS: usize = 4_000;
/// Suppliers whose offers are asked for in one request: a filter must fit into an address.
const SUPPLIERS_PER_REQUEST: usize = 20;

/// A set of records that is pulled.
pub(crate) struct Source<'a> {
    pub name: String,
    pub service: &'a str,
    pub set: &'a str,
    pub key: Vec<&'a str>,
    pub filter: Option<&'a str>,
    pub expand: Option<&'a str>,
    pub changed_at: Option<&'a str>,
    pub reader: RowReader<'a>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    version: u32,
    /// The set that is being read; empty between two runs.
    source: String,
    next: Option<String>,
    pages: u32,
    /// The server's own clock when the reading of this set began.
    began_ms: Option<i64>,
    newest_ms: Option<i64>,
    /// Per set, the time up to which every change is known.
    since_ms: BTreeMap<String, i64>,
    /// Per set, marks of records within the overlap, so that they are not delivered twice.
    seen: BTreeMap<String, BTreeMap<String, i64>>,
    /// The marks that the run in progress gathers.
    seeing: BTreeMap<String, i64>,
}

impl ODataErp {
    /// The sets in the order in which they refer to each other.
    pub(crate) fn sources(&self) -> Vec<Source<'_>> {
        let mapping = &self.mapping;
        let mut sources: Vec<Source<'_>> = Vec::new();
        sources.extend(mapping.asset.iter().map(|source| Source {
            name: format!("asset.{}", source.name),
            service: &source.service,
            set: &source.set,
            key: vec![&source.key],
            filter: source.filter.as_deref(),
            expand: None,
            changed_at: source.changed_at.as_deref(),
            reader: RowReader::Asset(source),
        }));
        sources.extend(mapping.person.iter().map(|source| Source {
            name: "person".to_owned(),
            service: &source.service,
            set: &source.set,
            key: vec![&source.key],
            filter: source.filter.as_deref(),
            expand: None,
            changed_at: None,
            reader: RowReader::Person(source),
        }));
        sources.extend(mapping.part.iter().map(|source| Source {
            name: "part".to_owned(),
            service: &source.service,
            set: &source.set,
            key: vec![&source.key],
            filter: source.filter.as_deref(),
            expand: source.expand.as_deref(),
            changed_at: source.changed_at.as_deref(),
            reader: RowReader::Part(source),
        }));
        sources.extend(mapping.stock.iter().map(|source| {
            Source {
                name: "stock".to_owned(),
                service: &source.service,
                set: &source.set,
                key: std::iter::once(source.part.as_str())
                    .chain(source.location.iter().map(String::as_str))
                    .collect(),
                filter: source.filter.as_deref(),
                expand: None,
                changed_at: None,
                reader: RowReader::Stock(source),
            }
        }));
        sources.extend(mapping.supplier.iter().map(|source| Source {
            name: "supplier".to_owned(),
            service: &source.service,
            set: &source.set,
            key: vec![&source.key],
            filter: source.filter.as_deref(),
            expand: None,
            changed_at: source.changed_at.as_deref(),
            reader: RowReader::Supplier(source),
        }));
        let order = &mapping.work_order;
        sources.push(Source {
            name: "work_order".to_owned(),
            service: &order.service,
            set: &order.set,
            key: vec![&order.key],
            filter: order.filter.as_deref(),
            expand: order.expand.as_deref(),
            changed_at: order.changed_at.as_deref(),
            reader: RowReader::WorkOrder(order),
        });
        sources
    }

    pub(crate) async fn pull_page(&self, cursor: Option<&str>) -> Result<PullPage, ErpError> {
        let mut cursor = match cursor {
            None => Cursor { version: CURSOR_VERSION, ..Cursor::default() },
            Some(text) => serde_json::from_str(text)
                .ok()
                .filter(|cursor: &Cursor| cursor.version == CURSOR_VERSION)
                .ok_or_else(|| {
                    ErpError::BadInput(
                        "The stored place of the pull is not one of this connector.".to_owned(),
                    )
                })?,
        };
        let sources = self.sources();
        // A set that the mapping no longer has: begin with the first one.
        let index = sources.iter().position(|source| source.name == cursor.source).unwrap_or(0);
        let Some(source) = sources.get(index) else {
            return Err(ErpError::BadInput("The mapping names nothing that can be pulled.".to_owned()));
        };
        if cursor.source != source.name {
            cursor = Cursor { source: source.name.clone(), next: None, ..cursor };
        }
        let url = match &cursor.next {
            Some(next) => self.own_link(&self.service_root(source.service)?, next)?,
            None => self.first_page(source, &cursor)?,
        };
        let answer = self.session.read(&url, Some(self.mapping.page_size)).await?;
        if cursor.next.is_none() {
            cursor.began_ms = answer
                .header("date")
                .and_then(|date| httpdate::parse_http_date(date).ok())
                .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok())
                .and_then(|since| i64::try_from(since.as_millis()).ok());
        }
        let page = answer.json().and_then(|body| self.dialect.page(&body)).ok_or_else(|| {
            ErpError::NotUnderstood(format!(
                "«{}» does not answer as OData. Check the address and the version in the mapping.",
                source.set
            ))
        })?;
        let (mut records, findings) = self.read_rows(source, &page.rows, &mut cursor);
        if let RowReader::Supplier(mapping) = &source.reader {
            self.add_offers(mapping, &mut records).await?;
        }
        cursor.pages += 1;
        if cursor.pages > MAX_PAGES || (page.next.is_some() && page.next == cursor.next) {
            return Err(ErpError::NotUnderstood(format!(
                "The pages of «{}» do not come to an end: the server links in circles.",
                source.set
            )));
        }
        cursor.next = page.next;
        let mut more = true;
        if cursor.next.is_none() {
            self.finish_source(source, &mut cursor);
            match sources.get(index + 1) {
                Some(following) => cursor.source = following.name.clone(),
                None => {
                    cursor.source = String::new();
                    more = false;
                }
            }
        }
        let next_cursor = serde_json::to_string(&cursor).map_err(|error| {
            ErpError::BadInput(format!("The place of the pull cannot be stored: {error}"))
        })?;
        Ok(PullPage { records, next_cursor, more, findings })
    }

    fn first_page(&self, source: &Source<'_>, cursor: &Cursor) -> Result<Url, ErpError> {
        let mut filters: Vec<String> = source.filter.iter().map(|filter| format!("({filter})")).collect();
        if let (Some(field), Some(since)) = (source.changed_at, cursor.since_ms.get(&source.name)) {
            filters.push(format!("{field} ge {}", self.dialect.instant_in_filter(TimestampMs(*since))));
        }
        // By key: a record that changes while we read keeps its place, so that no other one slips through.
        let mut query = format!("$orderby={}", url_component(&source.key.join(",")));
        if !filters.is_empty() {
            query.push_str("&$filter=");
            query.push_str(&url_component(&filters.join(" and ")));
        }
        if let Some(expand) = source.expand {
            query.push_str("&$expand=");
            query.push_str(&url_component(expand));
        }
        query.push_str(self.json_format());
        self.address(source.service, source.set, &query)
    }

    /// A link of the server, followed only where it leads to the server itself: our login goes with it.
    fn own_link(&self, service_root: &Url, link: &str) -> Result<Url, ErpError> {
        let url = service_root
            .join(link)
            .map_err(|error| ErpError::NotUnderstood(format!("«{link}» is not a link: {error}")))?;
        if url.origin() == self.root.origin() {
            return Ok(url);
        }
        Err(ErpError::NotUnderstood(format!(
            "The server at {} links its next page to «{}», another address, which is not followed. Enter the \
             address that the server knows itself by, or let the proxy tell it (X-Forwarded-Host).",
            self.root.origin().ascii_serialization(),
            url.origin().ascii_serialization()
        )))
    }

    fn read_rows(
        &self,
        source: &Source<'_>,
        rows: &[Value],
        cursor: &mut Cursor,
    ) -> (Vec<ErpRecord>, Vec<String>) {
        let mut records = Vec::new();
        let mut findings = Vec::new();
        for row in rows {
            let changed_ms = source.changed_at.and_then(|field| instant(row.get(field)?)).map(|at| at.0);
            if let Some(changed_ms) = changed_ms {
                cursor.newest_ms = cursor.newest_ms.max(Some(changed_ms));
                let mark = fingerprint(row);
                cursor.seeing.insert(mark.clone(), changed_ms);
                if cursor.seen.get(&source.name).is_some_and(|seen| seen.contains_key(&mark)) {
                    continue;
                }
            }
            match source.reader.read(&self.mapping, self.dialect, row) {
                Ok(record) => records.push(record),
                Err(reason) => {
                    let key: Vec<String> = source.key.iter().filter_map(|field| text(row, field)).collect();
                    findings.push(format!("{} {}: {reason}", source.set, key.join("/")));
                }
            }
        }
        (records, findings)
    }

    /// The whole set is read: from where the next run starts, and what it will see again.
    fn finish_source(&self, source: &Source<'_>, cursor: &mut Cursor) {
        let seeing = std::mem::take(&mut cursor.seeing);
        // What changed after the reading began may have changed on a page already read; and a stamp from the
        // future (a wrong clock) must not hide what comes before it.
        let known_until = match (cursor.newest_ms.take(), cursor.began_ms.take()) {
            (Some(newest), Some(began)) => Some(newest.min(began)),
            (newest, _) => newest,
        };
        if let Some(known_until) = known_until {
            let since = known_until.saturating_sub(i64::from(self.mapping.overlap_seconds) * 1000);
            let since = cursor.since_ms.get(&source.name).copied().unwrap_or(since).max(since);
            cursor.since_ms.insert(source.name.clone(), since);
            let mut overlap: BTreeMap<String, i64> =
                seeing.into_iter().filter(|(_, changed_ms)| *changed_ms >= since).collect();
            if overlap.len() > MAX_FINGERPRINTS {
                overlap.clear();
            }
            cursor.seen.insert(source.name.clone(), overlap);
        }
        cursor.pages = 0;
    }

    async fn add_offers(
        &self,
        mapping: &super::mapping::SupplierSource,
        records: &mut [ErpRecord],
    ) -> Result<(), ErpError> {
        let Some(offers) = &mapping.offers else { return Ok(()) };
        for suppliers in records.chunks_mut(SUPPLIERS_PER_REQUEST) {
            let filter: Vec<String> = suppliers
                .iter()
                .filter_map(|record| match record {
                    ErpRecord::Supplier(supplier) => Some(format!(
                        "{} eq {}",
                        offers.supplier,
                        super::dialect::Dialect::text_literal(&supplier.key)
                    )),
                    _ => None,
                })
                .collect();
            let query = format!("$filter={}{}", url_component(&filter.join(" or ")), self.json_format());
            let mut next = Some(self.address(&offers.service, &offers.set, &query)?);
            let mut pages = 0;
            while let Some(url) = next.take() {
                let answer = self.session.read(&url, Some(self.mapping.page_size)).await?;
                let page = answer.json().and_then(|body| self.dialect.page(&body)).ok_or_else(|| {
                    ErpError::NotUnderstood(format!("«{}» does not answer as OData.", offers.set))
                })?;
                for row in &page.rows {
                    super::read::add_offer(offers, row, suppliers);
                }
                pages += 1;
                if pages < MAX_PAGES
                    && let Some(link) = &page.next
                {
                    next = Some(self.own_link(&self.service_root(&offers.service)?, link)?);
                }
            }
        }
        Ok(())
    }
}

/// A short mark of a row's whole content (FNV-1a, 64 bits): equal rows have equal marks in every run.
fn fingerprint(row: &Value) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in row.to_string().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
