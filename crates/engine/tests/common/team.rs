//! A node and its devices over real TLS on loopback, with what every test of a team needs.

use millwright_engine::{Engine, Handle as _};
use millwright_model::*;

use super::{World, full_closing, photo_of};

/// A node with one order, and where it listens.
pub struct Plant {
    pub node: World,
    pub address: String,
    pub order: WorkOrderId,
}

impl Plant {
    pub async fn new() -> Self {
        Self::of(World::new().await).await
    }

    /// A plant whose node this is.
    pub async fn of(node: World) -> Self {
        let address = node.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap().to_string();
        let order = node.pulled_order().await;
        Self { node, address, order }
    }

    /// Lets a device in, through the whole journey: invitation, wish, a person's word, first start.
    pub async fn admit(&self, device: &World, name: &str, areas: &[AssetId]) {
        let invite = TeamInvite { address: self.address.clone(), minutes: 10 };
        let invitation = self.node.engine.handle(invite).await.unwrap().invitation;
        device.engine.handle(TeamJoin { invitation, name: name.into() }).await.unwrap();
        device.engine.exchange().await.unwrap();
        let asks = self.node.engine.handle(TeamShow {}).await.unwrap().asks;
        let ask = asks.iter().find(|ask| ask.name == name).unwrap();
        let scope = Scope { areas: areas.to_vec() };
        self.node.engine.handle(TeamAdmit { device_id: ask.device_id, scope }).await.unwrap();
        device.engine.exchange().await.unwrap();
        device.engine.exchange().await.unwrap();
        assert!(matches!(device.role().await, TeamRole::Member { filled: true, .. }));
    }

    pub async fn tablet(&self, name: &str) -> World {
        let tablet = World::new().await;
        self.admit(&tablet, name, &[]).await;
        tablet
    }

    /// A tablet of somebody else than Anna.
    pub async fn tablet_of(&self, name: &str, person: &str) -> World {
        let tablet = World::new().await;
        let add = PersonAdd { name: person.into(), erp_number: None, language: "en".into() };
        let person_id = tablet.engine.handle(add).await.unwrap();
        tablet.engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
        self.admit(&tablet, name, &[]).await;
        tablet
    }
}

#[allow(async_fn_in_trait, reason = "only tests use it, and none of them asks for Send")]
pub trait InTeam {
    async fn role(&self) -> TeamRole;
    /// Lets the time of undoing pass, and talks to the node.
    async fn meet(&self);
    async fn title(&self, order: WorkOrderId) -> String;
    async fn retitle(&self, order: WorkOrderId, title: &str);
    async fn status(&self, order: WorkOrderId) -> WorkOrderStatus;
    /// Begins an order.
    async fn start(&self, order: WorkOrderId);
    /// Finishes it with all details.
    async fn finish(&self, order: WorkOrderId, minutes: i64);
    async fn now(&self) -> TimestampMs;
}

impl InTeam for World {
    async fn role(&self) -> TeamRole {
        self.engine.handle(TeamShow {}).await.unwrap().role
    }

    async fn meet(&self) {
        self.pass_ms(11_000);
        self.engine.exchange().await.unwrap();
    }

    async fn title(&self, order: WorkOrderId) -> String {
        self.show(order).await.overview.order.title
    }

    async fn retitle(&self, order: WorkOrderId, title: &str) {
        let WorkOrder { description, priority, due_at, assignee_id, asset_id, .. } =
            self.show(order).await.overview.order;
        let edit = WorkOrderEdit {
            work_order_id: order,
            title: title.into(),
            description,
            priority,
            due_at,
            assignee_id,
            asset_id,
        };
        self.engine.handle(edit).await.unwrap();
    }

    async fn status(&self, order: WorkOrderId) -> WorkOrderStatus {
        self.show(order).await.overview.order.status
    }

    async fn start(&self, order: WorkOrderId) {
        self.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    }

    async fn finish(&self, order: WorkOrderId, minutes: i64) {
        let close = WorkOrderClose { work_order_id: order, closing: full_closing(minutes) };
        self.engine.handle(close).await.unwrap();
    }

    async fn now(&self) -> TimestampMs {
        self.engine.handle(AppStatus {}).await.unwrap().now
    }
}

pub async fn rows(engine: &Engine) -> std::collections::BTreeMap<String, Vec<String>> {
    engine.database().read().await.unwrap().dump().await.unwrap()
}

pub async fn all_equal(node: &World, devices: &[&World]) {
    for device in devices {
        device.meet().await;
    }
    for device in devices {
        device.meet().await;
        let (there, here) = (rows(&node.engine).await, rows(&device.engine).await);
        for (table, rows) in &there {
            assert_eq!(rows, &here[table], "{table}");
        }
    }
}

/// Adds a note to an order.
pub async fn note(world: &World, order: WorkOrderId, text: &str) {
    world.engine.handle(NoteAdd { work_order_id: order, text: text.into() }).await.unwrap();
}

/// The notes of an order, in the order of their letters.
pub async fn notes(world: &World, order: WorkOrderId) -> Vec<String> {
    let mut notes: Vec<String> =
        world.show(order).await.notes.into_iter().map(|note| note.note.text).collect();
    notes.sort();
    notes
}

/// Adds a photo to an order.
pub async fn photo(world: &World, order: WorkOrderId) {
    world.engine.handle(photo_of(order)).await.unwrap();
}
