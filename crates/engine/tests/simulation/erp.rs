//! An ERP that is away, loses answers after the effect, refuses what is about one order, and changes orders itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use millwright_erp::*;
use millwright_model::*;
use uuid::Uuid;

use crate::chance::Chance;
use crate::common::erp_order;
use crate::tally::happened;

/// An ERP in memory: every effect it ever had, in order.
pub struct BadErp {
    chance: Chance,
    /// Whether everything goes well now.
    well: AtomicBool,
    orders: Mutex<Vec<ErpWorkOrder>>,
    pages: Mutex<Vec<PullPage>>,
    effects: Mutex<Vec<(String, Fact)>>,
    /// The orders of which it takes nothing while it is not well.
    refused: Mutex<BTreeSet<Uuid>>,
}

impl BadErp {
    pub fn new(seed: u64, orders: usize) -> Self {
        let orders: Vec<ErpWorkOrder> = (0..orders)
            .map(|number| erp_order(&format!("40000{number}"), &format!("Order {number}")))
            .collect();
        let erp = Self {
            chance: Chance::new(seed),
            well: AtomicBool::new(true),
            orders: Mutex::new(orders.clone()),
            pages: Mutex::default(),
            effects: Mutex::default(),
            refused: Mutex::default(),
        };
        erp.tell(orders);
        erp
    }

    fn tell(&self, orders: Vec<ErpWorkOrder>) {
        let mut pages = self.pages.lock().unwrap();
        let next_cursor = (pages.len() + 1).to_string();
        let records = orders.into_iter().map(ErpRecord::WorkOrder).collect();
        pages.push(PullPage { records, next_cursor, more: false, findings: vec![] });
    }

    /// From now on it is in trouble at random, or not any more.
    pub fn is_well(&self, well: bool) {
        self.well.store(well, Ordering::SeqCst);
    }

    /// It takes nothing about this order until it is well.
    pub fn refuse(&self, order: WorkOrderId) {
        self.refused.lock().unwrap().insert(order.0);
    }

    /// Somebody there changes an order, or writes a new one.
    pub fn works_itself(&self) {
        let mut orders = self.orders.lock().unwrap();
        let which = self.chance.below(orders.len() + 1);
        let order = match orders.get_mut(which) {
            Some(order) => {
                match self.chance.below(3) {
                    0 => order.title = format!("Title of the ERP {}", self.chance.below(50)),
                    1 => order.description = format!("Words of the ERP {}", self.chance.below(50)),
                    _ => order.priority = Priority::Low,
                }
                order.clone()
            }
            None => {
                let order = erp_order(&format!("41000{which}"), &format!("Order of the ERP {which}"));
                orders.push(order.clone());
                order
            }
        };
        drop(orders);
        happened("the ERP changed an order");
        self.tell(vec![order]);
    }

    fn in_trouble(&self) -> bool {
        !self.well.load(Ordering::SeqCst) && self.chance.one_in(5)
    }

    fn refuses(&self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        !self.well.load(Ordering::SeqCst)
            && self.refused.lock().unwrap().iter().any(|order| text.contains(&order.to_string()))
    }

    /// How often a step with each key took effect.
    pub fn effect_counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (key, _) in self.effects.lock().unwrap().iter() {
            *counts.entry(key.clone()).or_default() += 1;
        }
        counts
    }

    pub fn facts(&self) -> Vec<Fact> {
        self.effects.lock().unwrap().iter().map(|(_, fact)| fact.clone()).collect()
    }

    /// What it says of its effect number `place`.
    fn receipt(place: usize, fact: &Fact) -> Receipt {
        let number = format!("9{place:05}");
        let learned = match fact {
            Fact::OrderCreated { order, .. } => vec![LearnedKey {
                kind: ExternalKind::WorkOrder,
                id: order.id.0,
                external_key: number.clone(),
                label: number,
            }],
            _ => vec![],
        };
        Receipt { external_key: None, learned, message: "ok".into() }
    }
}

impl ErpPort for BadErp {
    fn system(&self) -> &str {
        "test"
    }

    fn pull_changes<'a>(&'a self, cursor: Option<&'a str>) -> PortFuture<'a, Result<PullPage, ErpError>> {
        Box::pin(async move {
            if self.in_trouble() {
                return Err(ErpError::Unreachable("away".into()));
            }
            let place: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let pages = self.pages.lock().unwrap();
            let empty =
                PullPage { records: vec![], next_cursor: place.to_string(), more: false, findings: vec![] };
            let page = pages.get(place).cloned().unwrap_or(empty);
            Ok(PullPage { more: place + 1 < pages.len(), ..page })
        })
    }

    fn has_order_field(&self, _field: OrderField) -> bool {
        true
    }

    fn plan(&self, txn: &OutboundTxn) -> Result<Vec<PlannedStep>, PlanError> {
        let step = |fact: &Fact| PlannedStep {
            step_key: fact.op_id().to_string(),
            label: match fact {
                Fact::OrderChanged { order, .. } => StepLabel::ChangeOrder { order: order.label.clone() },
                _ => StepLabel::Words { text: format!("{fact:?}") },
            },
            bytes: serde_json::to_vec(fact).unwrap(),
            needs: match fact {
                Fact::LabourBooked { order, .. } | Fact::OrderStatusChanged { order, .. } => {
                    vec![Need { kind: ExternalKind::WorkOrder, id: order.id.0 }]
                }
                _ => vec![],
            },
        };
        Ok(txn.facts.iter().map(step).collect())
    }

    fn push<'a>(
        &'a self,
        step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<PushOutcome, PushError>> {
        Box::pin(async move {
            if self.in_trouble() {
                happened("the ERP was away");
                return Err(PushError::NotSent("away".into()));
            }
            if self.refuses(&step.bytes) {
                happened("the ERP refused a step");
                return Ok(PushOutcome::Rejected { message: "the period is closed".into() });
            }
            let fact: Fact = serde_json::from_slice(&step.bytes).unwrap();
            let mut effects = self.effects.lock().unwrap();
            effects.push((step.step_key.clone(), fact.clone()));
            if self.in_trouble() {
                happened("the ERP lost an answer");
                return Err(PushError::Unknown("the answer was lost".into()));
            }
            Ok(PushOutcome::Applied(Self::receipt(effects.len() - 1, &fact)))
        })
    }

    fn lookup<'a>(
        &'a self,
        step: &'a PlannedStep,
        _keys: &'a dyn KeyLookup,
    ) -> PortFuture<'a, Result<LookupOutcome, ErpError>> {
        Box::pin(async move {
            if self.in_trouble() {
                return Err(ErpError::Unreachable("away".into()));
            }
            let effects = self.effects.lock().unwrap();
            let known = effects.iter().position(|(key, _)| *key == step.step_key);
            Ok(known.map_or(LookupOutcome::Absent, |place| {
                LookupOutcome::Done(Self::receipt(place, &effects[place].1))
            }))
        })
    }

    fn request_limit_ms(&self) -> u64 {
        3_000
    }

    fn test_connection(&self) -> PortFuture<'_, Result<ConnectionReport, ErpError>> {
        Box::pin(async { Ok(ConnectionReport::default()) })
    }
}
