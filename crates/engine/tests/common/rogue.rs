//! A device that speaks the team's language and lies in it: its own key and chain, and whatever it wants to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use millwright_engine::simulation::{self, ToDevice, ToNode};
use millwright_engine::{Handle as _, Mint as _, RandomMint};
use millwright_local_db::SealedTxn;
use millwright_model::*;
use millwright_team::{Invitation, JoinAsk, OfferedTxn, RefusedTalk};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use uuid::Uuid;

use super::World;

pub struct Rogue {
    pub device_id: DeviceId,
    pub next_seq: u64,
    key: SigningKey,
    prev_hash: [u8; 32],
    /// As whom it acts: a person it made itself.
    person_id: PersonId,
    authority: Vec<u8>,
    certificate: Vec<u8>,
}

fn fresh_id() -> Uuid {
    RandomMint.uuid(super::MORNING)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Rogue {
    pub fn new() -> Self {
        Self {
            device_id: DeviceId(fresh_id()),
            next_seq: 0,
            key: SigningKey::from_bytes(&RandomMint.secret()),
            prev_hash: [0; 32],
            person_id: PersonId(fresh_id()),
            authority: Vec::new(),
            certificate: Vec::new(),
        }
    }

    /// One that says to be another device, without its key.
    pub fn posing_as(device_id: DeviceId) -> Self {
        Self { device_id, ..Self::new() }
    }

    /// One that a person let in, who did not know better.
    pub async fn let_in(node: &World, areas: &[AssetId]) -> Self {
        let mut rogue = Self::new();
        let invite = TeamInvite { address: "127.0.0.1:1".into(), minutes: 10 };
        let invitation = node.engine.handle(invite).await.unwrap().invitation;
        assert_eq!(rogue.ask(node, &invitation).await, ToDevice::Asked);
        let scope = Scope { areas: areas.to_vec() };
        node.engine.handle(TeamAdmit { device_id: rogue.device_id, scope }).await.unwrap();
        let ToDevice::Joined { certificate, .. } = rogue.ask(node, &invitation).await else {
            panic!("it was let in");
        };
        rogue.certificate = STANDARD.decode(certificate).unwrap();
        rogue.authority = invitation.parse::<Invitation>().unwrap().authority;
        // It acts as somebody whom the node knows.
        rogue.person_id = node.engine.handle(PersonList {}).await.unwrap().remove(0).person_id;
        rogue
    }

    /// The key that its transactions are signed with.
    pub fn verifying_key(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    /// Asks to be let in.
    pub async fn ask(&self, node: &World, invitation: &str) -> ToDevice {
        let ask = JoinAsk {
            code: invitation.parse::<Invitation>().unwrap().code,
            device_id: self.device_id,
            device_code: "ROG".into(),
            name: "Rogue".into(),
            verifying_key: self.verifying_key(),
            sealing_key: "11".repeat(32),
            next_seq: self.next_seq,
        };
        simulation::answer(&node.engine, None, ToNode::Join(ask)).await
    }

    pub async fn say(&self, node: &World, message: ToNode) -> ToDevice {
        simulation::answer(&node.engine, Some(self.device_id), message).await
    }

    fn op(&self, entity: Entity, entity_id: Uuid, kind: OpKind, fields: BTreeMap<String, FieldChange>) -> Op {
        let actor = Actor::picked(self.person_id);
        Op { op_id: OpId(fresh_id()), seq: 0, actor, entity, entity_id, kind, fields }
    }

    pub fn update(&self, entity: Entity, entity_id: Uuid, fields: &[(&str, Json, Json)]) -> Op {
        let change = |from: &Json, to: &Json| FieldChange { from: from.clone(), to: to.clone() };
        let fields = fields.iter().map(|(name, from, to)| ((*name).to_owned(), change(from, to)));
        self.op(entity, entity_id, OpKind::Update, fields.collect())
    }

    pub fn create(&self, entity: Entity, entity_id: Uuid, fields: &[(&str, Json)]) -> Op {
        let fields = fields
            .iter()
            .map(|(name, to)| ((*name).to_owned(), FieldChange { from: Json::Null, to: to.clone() }));
        self.op(entity, entity_id, OpKind::Create, fields.collect())
    }

    pub fn note(&self, order: WorkOrderId, text: &str) -> Op {
        let note_id = fresh_id();
        let fields = [
            ("note_id", json!(note_id)),
            ("work_order_id", json!(order)),
            ("text", json!(text)),
            ("written_at", json!(1)),
            ("written_by", json!(self.person_id)),
        ];
        self.create(Entity::Note, note_id, &fields)
    }

    pub fn attachment(&self, order: WorkOrderId, blob: &str, size_bytes: i64) -> Op {
        let attachment_id = fresh_id();
        let fields = [
            ("attachment_id", json!(attachment_id)),
            ("work_order_id", json!(order)),
            ("blob", json!(blob)),
            ("size_bytes", json!(size_bytes)),
            ("media_type", json!("image/jpeg")),
            ("file_name", json!("large.jpg")),
            ("taken_at", json!(1)),
            ("taken_by", json!(self.person_id)),
        ];
        self.create(Entity::Attachment, attachment_id, &fields)
    }

    /// A transaction at the end of its chain, signed as it should be.
    pub fn sealed(&self, format: u16, ops: Vec<Op>) -> OfferedTxn {
        let ops = ops.into_iter().zip(self.next_seq..).map(|(op, seq)| Op { seq, ..op }).collect();
        let txn = Txn {
            txn_id: TxnId(fresh_id()),
            device_id: self.device_id,
            first_seq: self.next_seq,
            format,
            hlc: Hlc(self.next_seq + 1),
            undoes: None,
            reason: None,
            decides: None,
            ops,
        };
        let bytes = serde_json::to_string(&txn).unwrap();
        let hash = SealedTxn::chain_hash(&self.prev_hash, bytes.as_bytes());
        OfferedTxn {
            txn_id: txn.txn_id,
            first_seq: txn.first_seq,
            prev_hash: hex(&self.prev_hash),
            sig: hex(&self.key.sign(&hash).to_bytes()),
            bytes,
            recorded_at: 1,
            settled: false,
            begun: None,
        }
    }

    /// Its chain goes on from a transaction, whether or not anybody has it.
    pub fn goes_on_from(&mut self, txn: &OfferedTxn) {
        let ops = serde_json::from_str::<Txn>(&txn.bytes).map_or(0, |txn| txn.ops.len());
        self.next_seq = txn.first_seq + ops as u64;
        self.prev_hash = SealedTxn::chain_hash(&self.prev_hash, txn.bytes.as_bytes());
    }

    /// Offers a transaction; its chain goes on from it when it has its place.
    pub async fn offer_sealed(&mut self, node: &World, txn: OfferedTxn) -> Result<Verdict, RefusedTalk> {
        let message = ToNode::Offer { txns: vec![txn.clone()], person_keys: vec![] };
        match self.say(node, message).await {
            ToDevice::Judged { mut judgements } => {
                self.goes_on_from(&txn);
                Ok(judgements.remove(0).verdict)
            }
            ToDevice::Refused { why } => Err(why),
            other => panic!("{other:?}"),
        }
    }

    pub async fn offer_as(
        &mut self,
        node: &World,
        format: u16,
        ops: Vec<Op>,
    ) -> Result<Verdict, RefusedTalk> {
        let txn = self.sealed(format, ops);
        self.offer_sealed(node, txn).await
    }

    pub async fn offer(&mut self, node: &World, ops: Vec<Op>) -> Result<Verdict, RefusedTalk> {
        self.offer_as(node, OP_FORMAT, ops).await
    }

    /// Every op that the node tells it of.
    pub async fn accepted_ops(&self, node: &World) -> Vec<Op> {
        match self.say(node, ToNode::Fetch { after: 0 }).await {
            ToDevice::Entries { entries, .. } => {
                let ops = |bytes: &str| serde_json::from_str::<Txn>(bytes).unwrap().ops;
                entries.iter().flat_map(|entry| ops(&entry.bytes)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// A line to the node's door with its certificate, on which it may write what it likes.
    pub async fn connect(&self, address: &str) -> TlsStream<TcpStream> {
        // PKCS #8 (RFC 8410) around an Ed25519 secret.
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let secret = PrivatePkcs8KeyDer::from([&head[..], &self.key.to_bytes()[..]].concat());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.authority.clone())).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(
                vec![CertificateDer::from(self.certificate.clone())],
                PrivateKeyDer::Pkcs8(secret),
            )
            .unwrap();
        let name = ServerName::try_from("node.millwright.internal").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}
