//! A machine on a canvas: its model is read from the store, and bodies stand in for the parts that it does not have.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{AttachmentId, AttachmentRead, StandIn};

use crate::session::Session;
use crate::stage3d::Stage3d;
use millwright_step_scene::MachineFacts;

/// What a machine looks like: the file of its model, and bodies for parts without one.
#[derive(Copy, Clone)]
pub(super) struct MachineShape {
    /// The file of its model; nothing for a machine of bodies alone.
    pub(super) model: Option<AttachmentId>,
    /// The bodies.
    pub(super) bodies: Signal<Vec<StandIn>>,
}

/// A machine that is loaded onto a canvas as soon as that is there.
#[derive(Copy, Clone)]
pub(super) struct MachineOnCanvas {
    stage: StoredValue<Rc<RefCell<Option<Stage3d>>>, LocalStorage>,
    /// What is known of it; nothing until it is loaded.
    pub(super) facts: RwSignal<Option<MachineFacts>>,
    /// Why it is not shown.
    pub(super) trouble: RwSignal<Option<String>>,
}

impl MachineOnCanvas {
    /// Loads a machine onto a canvas, and keeps its bodies up to date.
    pub(super) fn load(shape: MachineShape, canvas: NodeRef<Canvas>) -> Self {
        let session = Session::here();
        let machine = Self {
            stage: StoredValue::new_local(Rc::default()),
            facts: RwSignal::new(None),
            trouble: RwSignal::new(None),
        };
        Effect::new(move |begun: Option<bool>| {
            let Some(element) = canvas.get().filter(|_| begun != Some(true)) else {
                return begun.unwrap_or(false);
            };
            let open = move |bytes: Result<Vec<u8>, String>| {
                let element = element.clone();
                spawn_local(async move {
                    let opened = async {
                        let stage = Stage3d::open(&element).await?;
                        // Whoever left the page meanwhile sees nothing of it.
                        let bodies = shape.bodies.try_get_untracked().unwrap_or_default();
                        let facts = stage.load(&bytes?, &bodies)?;
                        Ok::<_, String>((stage, facts))
                    };
                    match opened.await {
                        Ok((stage, facts)) => {
                            if machine.stage.try_with_value(|kept| kept.replace(Some(stage))).is_some() {
                                machine.facts.try_set(Some(facts));
                            }
                        }
                        Err(said) => drop(machine.trouble.try_set(Some(said))),
                    }
                });
            };
            match shape.model {
                None => open(Ok(Vec::new())),
                Some(attachment_id) => session.send(AttachmentRead { attachment_id }, move |file| {
                    open(STANDARD.decode(&file.bytes_base64).map_err(|error| error.to_string()));
                }),
            }
            true
        });
        Effect::new(move |before: Option<Vec<StandIn>>| {
            let bodies = shape.bodies.get();
            if before.is_some_and(|before| before != bodies) {
                match machine.with(|stage| stage.stand_in(&bodies)) {
                    Some(Ok(facts)) => machine.facts.set(Some(facts)),
                    Some(Err(said)) => machine.trouble.set(Some(said)),
                    // It is loaded with them in a moment.
                    None => {}
                }
            }
            bodies
        });
        machine
    }

    /// Whether it is there.
    pub(super) fn is_ready(&self) -> bool {
        self.facts.with(Option::is_some)
    }

    /// Asks the stage; nothing before the machine is loaded, and after the page was left.
    pub(super) fn with<T>(&self, act: impl FnOnce(&Stage3d) -> T) -> Option<T> {
        self.stage.try_with_value(|stage| stage.borrow().as_ref().map(act)).flatten()
    }
}
