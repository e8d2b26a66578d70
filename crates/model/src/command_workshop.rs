//! The part of the list of commands that is about SWOT workshops.

/// Gives `$then!` the commands before, and those about workshops behind them.
macro_rules! with_workshop_commands {
    ($then:ident $($before:tt)*) => {
        $then! {
            $($before)*
            /// Workshops, the newest first.
            WorkshopList = workshop_list: reads -> Vec<WorkshopOverview> {}
            /// One workshop with its board, and what it comes to.
            WorkshopShow = workshop_show: reads -> WorkshopView {
                /// Which.
                workshop_id: WorkshopId,
            }
            /// Begins a workshop; whoever begins it leads it.
            WorkshopCreate = workshop_create: changes -> WorkshopId {
                /// What people call it.
                title: String,
                /// The language in which it is held.
                language: String,
                /// The workshop to compare with.
                last_year: Option<WorkshopId>,
            }
            /// Lets people of the plant take part, on every device of the team that is known now.
            WorkshopAdmit = workshop_admit: changes -> WorkshopView {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// Who.
                person_ids: Vec<PersonId>,
            }
            /// Does things on the board, all of them or none.
            WorkshopWrite = workshop_write: changes -> WorkshopView {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// What is done, in order.
                acts: Vec<WorkshopAct>,
            }
            /// Keeps a note on this device only, as long as notes are collected.
            WorkshopNotePut = workshop_note_put: closed(Holder) -> WorkshopNoteId {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// Which note; nothing for a new one.
                note_id: Option<WorkshopNoteId>,
                /// For which frame.
                frame: String,
                /// What it says.
                text: String,
            }
            /// Throws a note away that is on this device only.
            WorkshopNoteRemove = workshop_note_remove: closed(Holder) -> () {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// Which note.
                note_id: WorkshopNoteId,
            }
            /// Puts the notes that are on this device only on the board; whoever leads ends the collecting with it.
            WorkshopReveal = workshop_reveal: changes -> WorkshopView {
                /// Which workshop.
                workshop_id: WorkshopId,
            }
            /// Ends a workshop: its board stays as it is, its actions go on.
            WorkshopEnd = workshop_end: changes -> Done {
                /// Which.
                workshop_id: WorkshopId,
            }
            /// A board as a file.
            WorkshopExport = workshop_export: reads -> WorkshopFile {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// In which form.
                form: WorkshopForm,
                /// In which language; nothing for that of whoever asks.
                language: Option<String>,
            }
            /// Begins a workshop from a file that a board was taken out to.
            WorkshopImport = workshop_import: changes -> WorkshopId {
                /// Its bytes, in base64.
                bytes_base64: String,
            }
            /// Actions of workshops that whoever holds the device is to do and that are not done.
            WorkshopActionList = workshop_action_list: reads -> Vec<WorkshopActionView> {}
        }
    };
}
pub(crate) use with_workshop_commands;
