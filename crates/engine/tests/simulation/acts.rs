//! What people do on a device: any of what a room records. A new act is one more arm.

use base64::Engine as _;
use millwright_engine::Handle as _;
use millwright_model::*;

use crate::common::full_closing;
use crate::machine::Machine;
use crate::tally::happened;
use crate::world::World;

/// How many arms [`World::try_act`] has.
const ACTS: usize = 28;

/// What the title of a step says that nobody removes: its order came with exactly two of them.
pub const PAIR: &str = "One of a pair";

/// Tells what was written, where it was.
fn tell(written: Result<(), ApiError>, what: &'static str) -> Result<(), ApiError> {
    if written.is_ok() {
        happened(what);
    }
    written
}

impl World {
    /// One act of a person. What the engine refuses is refused; what it takes, it must keep.
    pub async fn act(&self, machine: &Machine) {
        let acted = self.try_act(machine).await;
        if let Err(error) = &acted {
            assert_ne!(error.code, Code::Internal, "seed {}: {}", self.seed, error.message);
        }
        if self.chance.one_in(3)
            && let Some(card) = machine.engine().handle(SyncShow {}).await.unwrap().conflicts.first()
        {
            let keep = if self.chance.one_in(2) { Side::Ours } else { Side::Theirs };
            let decide = ConflictResolve { conflict_id: card.conflict_id, keep };
            match machine.engine().handle(decide).await {
                Ok(_) => happened("written: decided card"),
                Err(error) => assert_ne!(error.code, Code::Internal, "seed {}: {}", self.seed, error.message),
            }
        }
    }

    /// One act that writes at most once.
    pub async fn try_act(&self, machine: &Machine) -> Result<(), ApiError> {
        let engine = machine.engine();
        let filter = WorkOrderFilter { open_only: false, ..WorkOrderFilter::default() };
        let orders = engine.handle(WorkOrderList { filter }).await?;
        let Some(overview) = self.chance.any_of(&orders) else { return self.bring_asset(machine).await };
        let WorkOrder { work_order_id, title, description, priority, due_at, assignee_id, asset_id, .. } =
            overview.order.clone();
        let wrote = |done: Done| machine.wrote(&done);
        match self.chance.below(ACTS) {
            0 | 1 => engine.handle(WorkOrderStart { work_order_id }).await.map(wrote),
            2 | 3 => {
                let closing = full_closing(self.chance.below(60) as i64);
                engine.handle(WorkOrderClose { work_order_id, closing }).await.map(wrote)
            }
            4 => {
                let reason = "no part".into();
                engine.handle(WorkOrderHold { work_order_id, reason, cause: None }).await.map(wrote)
            }
            5 => {
                let reason = "not needed".into();
                engine.handle(WorkOrderCancel { work_order_id, reason }).await.map(wrote)
            }
            6 | 7 => self.write_note(machine, work_order_id).await,
            8 | 9 => {
                let title = format!("title {}", self.chance.below(100));
                let edit = WorkOrderEdit {
                    work_order_id,
                    title,
                    description,
                    priority,
                    due_at,
                    assignee_id,
                    asset_id,
                };
                engine.handle(edit).await.map(wrote)
            }
            10 => {
                let description = format!("words {}", self.chance.below(100));
                let edit = WorkOrderEdit {
                    work_order_id,
                    title,
                    description,
                    priority,
                    due_at,
                    assignee_id,
                    asset_id,
                };
                engine.handle(edit).await.map(wrote)
            }
            11 => {
                let draft = self.step_draft("Look");
                engine.handle(WorkStepAdd { work_order_id, draft }).await.map(drop)
            }
            12 | 13 => self.work_on_a_step(machine, work_order_id).await,
            14 => self.bring_asset(machine).await,
            15 => {
                let reason = "tablet broken".into();
                engine.handle(WorkOrderContinue { work_order_id, reason }).await.map(wrote)
            }
            16 | 17 => {
                let hours = 2 + self.chance.below(20) as u32;
                let reserved = engine.handle(WorkOrderReserve { work_order_id, hours }).await.map(wrote);
                tell(reserved, "written: laid aside")
            }
            18 => engine.handle(WorkOrderRelease { work_order_id }).await.map(wrote),
            19 | 20 => self.take_photo(machine, work_order_id).await,
            21 | 22 => self.write_shift_entry(machine, work_order_id).await,
            23 => self.hand_over(machine).await,
            24 => self.read_handover(machine).await,
            25 => self.undo_last(machine).await,
            26 => self.raise_or_decline(machine).await,
            _ => self.create_order(machine).await,
        }
    }

    fn step_draft(&self, title: &str) -> StepDraft {
        StepDraft { title: title.into(), form: StepForm::Check, mandatory: self.chance.one_in(2) }
    }

    pub async fn bring_asset(&self, machine: &Machine) -> Result<(), ApiError> {
        let code = format!("P-{}", self.chance.below(4));
        let csv = format!(
            "code,name,level,parent,criticality,class,erp_number,uns_path\n{code},Pump {},machine,,b,,,\n",
            self.chance.below(3)
        );
        machine.engine().handle(AssetImport { csv, dry_run: false }).await.map(drop)
    }

    /// A note is seen by whoever wrote it at once.
    async fn write_note(&self, machine: &Machine, work_order_id: WorkOrderId) -> Result<(), ApiError> {
        let text = format!("note {}", self.chance.next());
        machine.wrote(&machine.engine().handle(NoteAdd { work_order_id, text: text.clone() }).await?);
        let view = machine.engine().handle(WorkOrderShow { work_order_id }).await?;
        let there = view.notes.iter().any(|note| note.note.text == text);
        assert!(there, "seed {}: who wrote a note does not see it", self.seed);
        Ok(())
    }

    async fn work_on_a_step(&self, machine: &Machine, work_order_id: WorkOrderId) -> Result<(), ApiError> {
        let view = machine.engine().handle(WorkOrderShow { work_order_id }).await?;
        let Some(step) = self.chance.any_of(&view.steps) else { return Ok(()) };
        let work_step_id = step.step.work_step_id;
        if self.chance.one_in(3) && step.step.title != PAIR {
            return machine.engine().handle(WorkStepRemove { work_step_id }).await.map(drop);
        }
        let outcome = Some(StepOutcome::Checked);
        machine.engine().handle(WorkStepRecord { work_step_id, outcome, instrument: None }).await.map(drop)
    }

    /// Bytes of a picture, sometimes of one that somebody has taken already.
    fn picture(&self) -> String {
        let (number, bytes) = (self.chance.below(200), 50 + 40 * self.chance.below(60));
        let picture: Vec<u8> = (0..bytes).map(|place| (place * 31 + number * 17) as u8).collect();
        base64::engine::general_purpose::STANDARD.encode(picture)
    }

    async fn take_photo(&self, machine: &Machine, work_order_id: WorkOrderId) -> Result<(), ApiError> {
        let add = AttachmentAdd {
            work_order_id: Some(work_order_id),
            work_step_id: None,
            asset_id: None,
            request_id: None,
            media_type: "image/jpeg".into(),
            file_name: "seal.jpg".into(),
            bytes_base64: self.picture(),
            part: None,
        };
        let attachment_id = machine.engine().handle(add).await?;
        // Who took it can look at it at once.
        let read = machine.engine().handle(AttachmentRead { attachment_id }).await.map(drop);
        tell(read, "written: photo")
    }

    async fn write_shift_entry(&self, machine: &Machine, order: WorkOrderId) -> Result<(), ApiError> {
        let attachment = self.chance.one_in(3).then(|| AttachmentDraft {
            media_type: "image/jpeg".into(),
            file_name: "shift.jpg".into(),
            bytes_base64: self.picture(),
        });
        let add = ShiftEntryAdd {
            entry_kind: ShiftEntryKind::ALL[self.chance.below(ShiftEntryKind::ALL.len())],
            text: format!("line {}", self.chance.below(100)),
            asset_id: None,
            work_order_id: self.chance.one_in(2).then_some(order),
            attachment,
        };
        tell(machine.engine().handle(add).await.map(|done| machine.wrote(&done)), "written: shift entry")
    }

    async fn hand_over(&self, machine: &Machine) -> Result<(), ApiError> {
        let proposal = machine.engine().handle(HandoverPrepare { at: None }).await?;
        let items = proposal.items.iter().map(|item| item.line.item.item_id).collect();
        let give = HandoverGive { at: proposal.shift.starts_at, text: "all well".into(), items };
        tell(machine.engine().handle(give).await.map(drop), "written: hand-over")
    }

    async fn read_handover(&self, machine: &Machine) -> Result<(), ApiError> {
        let view = machine.engine().handle(ShiftShow { at: None }).await?;
        let Some(unread) = self.chance.any_of(&view.unread) else { return Ok(()) };
        let items = unread.lines.iter().filter(|line| line.unread).map(|line| line.line.item.item_id);
        let read = HandoverAcknowledge { handover_id: unread.handover_id, items: items.collect() };
        tell(machine.engine().handle(read).await.map(drop), "written: hand-over read")
    }

    /// Takes back what was written here last, if that can still be.
    pub async fn undo_last(&self, machine: &Machine) -> Result<(), ApiError> {
        match machine.last_written() {
            Some(txn_id) => tell(machine.engine().handle(TxnUndo { txn_id }).await, "written: taken back"),
            None => Ok(()),
        }
    }

    async fn raise_or_decline(&self, machine: &Machine) -> Result<(), ApiError> {
        let engine = machine.engine();
        let open = engine.handle(RequestList { open_only: true }).await?;
        if self.chance.one_in(3)
            && let Some(request) = self.chance.any_of(&open)
        {
            let request_id = request.request.request_id;
            return engine.handle(RequestDecline { request_id, reason: "as built".into() }).await.map(drop);
        }
        let assets = engine.handle(AssetTree {}).await?;
        let Some(node) = self.chance.any_of(&assets) else { return Ok(()) };
        let raise = RequestRaise {
            asset_id: node.asset.asset_id,
            part: None,
            text: format!("It leaks {}", self.chance.below(50)),
            priority: Priority::Medium,
            machine_down: self.chance.one_in(3),
        };
        tell(engine.handle(raise).await.map(drop), "written: request")
    }

    /// An order of our own, sometimes with a pair of steps: nobody may ever see one of them without the other.
    async fn create_order(&self, machine: &Machine) -> Result<(), ApiError> {
        let paired = self.chance.one_in(2);
        let create = WorkOrderCreate {
            title: format!("Own {}", self.chance.below(50)),
            description: String::new(),
            asset_id: None,
            priority: Priority::Medium,
            request_id: None,
            due_at: None,
            assignee_id: None,
            steps: if paired { vec![self.step_draft(PAIR), self.step_draft(PAIR)] } else { vec![] },
        };
        let work_order_id = machine.engine().handle(create).await?;
        if paired {
            self.pairs.lock().unwrap().push(work_order_id);
        }
        Ok(())
    }
}
