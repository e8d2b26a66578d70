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
                /// For whom: somebody in the room without a device, whom whoever gives the command enters for. Nothing
                /// for oneself.
                seat: Option<ParticipantId>,
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
                /// For whom: somebody in the room, whose note on paper is entered. Nothing for oneself.
                seat: Option<ParticipantId>,
            }
            /// Throws a note away that is on this device only.
            WorkshopNoteRemove = workshop_note_remove: closed(Holder) -> () {
                /// Which workshop.
                workshop_id: WorkshopId,
                /// Which note.
                note_id: WorkshopNoteId,
                /// Whose: somebody's in the room. Nothing for one's own.
                seat: Option<ParticipantId>,
            }
            /// Lets somebody in the room take part who has no device: whoever leads enters for them.
            WorkshopSeatAdd = workshop_seat_add: changes -> WorkshopView {
                /// In which workshop.
                workshop_id: WorkshopId,
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
            /// The addresses of this machine at which guests could come in by their browsers.
            WorkshopDoorPlaces = workshop_door_places: closed(Holder) -> Vec<DoorPlace> {}
            /// Lets guests come in by their browsers, over plain HTTP, at an address of this machine.
            WorkshopDoorOpen = workshop_door_open: closed(Holder) -> WorkshopDoorView {
                /// To which workshop.
                workshop_id: WorkshopId,
                /// The address.
                address: String,
                /// The port; nothing for a free one.
                port: Option<u16>,
                /// Why what is said there may be read along in that network.
                reason: String,
            }
            /// The door for guests, where it is open on this device.
            WorkshopDoorShow = workshop_door_show: closed(Holder) -> Option<WorkshopDoorView> {
                /// Of which workshop.
                workshop_id: WorkshopId,
            }
            /// Makes a code with which one guest comes in, once: a new guest, or one who was there before.
            WorkshopGuestInvite = workshop_guest_invite: closed(Holder) -> WorkshopDoorView {
                /// To which workshop.
                workshop_id: WorkshopId,
                /// Who; nothing for a new guest.
                participant_id: Option<ParticipantId>,
            }
            /// Shuts the door for guests; what they wrote stays.
            WorkshopDoorClose = workshop_door_close: closed(Holder) -> () {
                /// Of which workshop.
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
