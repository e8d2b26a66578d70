//! The part of the list of commands that is about guides, labels, cameras, models and sources of energy.

/// Gives `$then!` the commands before, and those about guides behind them.
macro_rules! with_guide_commands {
    ($then:ident $($before:tt)*) => {
        $then! {
            $($before)*
            /// Guides: all of them, or those for a machine and its class.
            GuideList = guide_list: reads -> Vec<GuideOverview> {
                /// The machine.
                asset_id: Option<AssetId>,
            }
            /// One guide with its revisions.
            GuideShow = guide_show: reads -> GuideView {
                /// Which.
                guide_id: GuideId,
            }
            /// Begins a guide with an empty draft.
            GuideCreate = guide_create: changes -> GuideId {
                /// What people call it.
                name: String,
                /// The language that it is written in.
                language: String,
                /// The machine that it is for.
                asset_id: Option<AssetId>,
                /// The class of machines that it is for.
                asset_class: Option<String>,
            }
            /// Gives a guide up; orders that pinned a revision keep it.
            GuideEnd = guide_end: changes -> Done {
                /// Which.
                guide_id: GuideId,
            }
            /// The draft of a guide.
            GuideDraftShow = guide_draft_show: reads -> GuideDraftView {
                /// Of which guide.
                guide_id: GuideId,
            }
            /// Writes in a draft, whatever others write there meanwhile.
            GuideDraftEdit = guide_draft_edit: changes -> GuideDraftView {
                /// Of which guide.
                guide_id: GuideId,
                /// The moment that the author saw.
                version: String,
                /// What is written.
                edits: Vec<GuideEdit>,
            }
            /// Takes back everything that was written in a draft since a moment.
            GuideDraftBack = guide_draft_back: changes -> GuideDraftView {
                /// Of which guide.
                guide_id: GuideId,
                /// The moment.
                version: String,
            }
            /// Keeps a picture or a model for a guide.
            GuideFileAdd = guide_file_add: changes -> GuideFile {
                /// The guide.
                guide_id: GuideId,
                /// Its media type.
                media_type: String,
                /// Its name.
                file_name: String,
                /// Its bytes, in base64.
                bytes_base64: String,
            }
            /// Manuals (PDF) that were brought for a guide, newest first.
            ManualList = manual_list: reads -> Vec<Attachment> {
                /// The guide.
                guide_id: GuideId,
            }
            /// A page of a manual as a picture.
            ManualPage = manual_page: reads -> ManualPageView {
                /// The manual.
                attachment_id: AttachmentId,
                /// Which page, from 1.
                page: u32,
                /// The longer side of the picture, in pixels.
                longest_px: u32,
            }
            /// Keeps a piece of a manual's page as a picture for a guide.
            ManualCrop = manual_crop: changes -> GuideFile {
                /// The guide.
                guide_id: GuideId,
                /// The manual.
                attachment_id: AttachmentId,
                /// Which page, from 1.
                page: u32,
                /// Which piece of it.
                area: PageArea,
            }
            /// Hands a draft in as a revision, for somebody else to look at.
            GuideSubmit = guide_submit: changes -> GuideRevisionId {
                /// Of which guide.
                guide_id: GuideId,
                /// What is new in it.
                news: String,
            }
            /// Approves a revision: people work by it from now on.
            GuideApprove = guide_approve: changes -> Done {
                /// Which.
                guide_revision_id: GuideRevisionId,
            }
            /// Gives a revision back to its authors.
            GuideReturn = guide_return: changes -> Done {
                /// Which.
                guide_revision_id: GuideRevisionId,
                /// Why.
                reason: String,
            }
            /// Takes an approved revision out of use.
            GuideWithdraw = guide_withdraw: changes -> Done {
                /// Which.
                guide_revision_id: GuideRevisionId,
                /// Why.
                reason: String,
            }
            /// What one revision says.
            GuideRevisionShow = guide_revision_show: reads -> GuideRevision {
                /// Which.
                guide_revision_id: GuideRevisionId,
            }
            /// Signs that the person who holds the device has read a revision.
            GuideReadSign = guide_read_sign: changes -> Done {
                /// Which.
                guide_revision_id: GuideRevisionId,
            }
            /// Revisions that are new to the person who holds the device: they worked by the one before.
            GuideNewsList = guide_news_list: reads -> Vec<GuideNews> {}
            /// Works an order by a guide from now on: it pins the revision that is approved now, and gets its steps.
            WorkOrderGuide = work_order_guide: changes -> Done {
                /// The order.
                work_order_id: WorkOrderId,
                /// The guide.
                guide_id: GuideId,
            }
            /// A guide while an order is worked by it.
            GuideRun = guide_run: reads -> GuideRunView {
                /// The order.
                work_order_id: WorkOrderId,
            }
            /// Keeps how long a step was in hand, without a person.
            StepTimeAdd = step_time_add: changes -> () {
                /// The revision.
                guide_revision_id: GuideRevisionId,
                /// The step.
                step_id: GuideStepId,
                /// The order.
                work_order_id: Option<WorkOrderId>,
                /// How long, in milliseconds.
                took_ms: i64,
            }
            /// How the live condition of a step stands; asked for the first time, its watch begins.
            ConditionShow = condition_show: reads -> ConditionView {
                /// The step of the order.
                work_step_id: WorkStepId,
            }
            /// A guide as a file of one of the formats that it is exchanged in.
            GuideExport = guide_export: reads -> GuideFileOut {
                /// The revision.
                guide_revision_id: GuideRevisionId,
                /// The format.
                format: GuideFormat,
            }
            /// Begins a guide from a file.
            GuideImport = guide_import: changes -> GuideImported {
                /// Its name: the format is told by what it holds.
                file_name: String,
                /// Its bytes, in base64.
                bytes_base64: String,
                /// The machine that it is for.
                asset_id: Option<AssetId>,
                /// The class of machines that it is for.
                asset_class: Option<String>,
            }
            /// Labels that hang on a machine.
            FiducialList = fiducial_list: reads -> Vec<Fiducial> {
                /// The machine.
                asset_id: AssetId,
            }
            /// Hangs a label on a machine.
            FiducialHang = fiducial_hang: changes -> FiducialId {
                /// The machine.
                asset_id: AssetId,
                /// Its family.
                family: FiducialFamily,
                /// Its number; nothing for the next that is free where both could be seen.
                number: Option<i64>,
                /// The distance between its detection corners, in millimetres.
                size_mm: f64,
                /// What people call it.
                name: String,
            }
            /// Keeps how long a sheet's bar of 100 mm came out.
            FiducialMeasure = fiducial_measure: changes -> Done {
                /// The label.
                fiducial_id: FiducialId,
                /// As it was measured, in millimetres.
                bar_mm: f64,
            }
            /// Keeps where labels of a machine hang.
            FiducialSurvey = fiducial_survey: changes -> Done {
                /// The machine.
                asset_id: AssetId,
                /// The labels.
                found: Vec<FiducialFound>,
            }
            /// Takes a label down.
            FiducialRemove = fiducial_remove: changes -> Done {
                /// Which.
                fiducial_id: FiducialId,
            }
            /// The machines on which a label with this number hangs: where there are several, people are asked.
            FiducialFind = fiducial_find: reads -> Vec<FiducialCandidate> {
                /// Its family.
                family: FiducialFamily,
                /// Its number.
                number: i64,
                /// The machine or area in hand, where there is one.
                within: Option<AssetId>,
            }
            /// Profiles of cameras.
            CameraProfileList = camera_profile_list: reads -> Vec<CameraProfile> {}
            /// Keeps a profile of a camera, for every tablet.
            CameraProfileAdd = camera_profile_add: changes -> CameraProfileId {
                /// The profile; its id, when and by whom are set here.
                profile: CameraProfile,
            }
            /// Gives a profile up.
            CameraProfileEnd = camera_profile_end: changes -> Done {
                /// Which.
                camera_profile_id: CameraProfileId,
            }
            /// Labels as sheets to print, in true size. A label printer prints whole dots: what comes out of it is kept as
            /// the label's size.
            LabelPrint = label_print: changes -> PaperFile {
                /// Which labels.
                fiducial_ids: Vec<FiducialId>,
                /// What they are printed on.
                media: LabelMedia,
            }
            /// The board that cameras are measured by, to print in true size.
            BoardPrint = board_print: reads -> PaperFile {}
            /// Begins to look through a camera, or through a recorded run; whatever was looked through before ends.
            SightOpen = sight_open: closed(Window) -> SightView {
                /// What for.
                purpose: SightPurpose,
                /// The camera; nothing for a recorded run, which brings its own.
                camera: Option<SightCamera>,
                /// The recorded run, in base64.
                recording_base64: Option<String>,
            }
            /// Lays points of the machine over the picture that was looked at last, by hand.
            SightAlign = sight_align: closed(Window) -> SightSeen {
                /// At least four.
                points: Vec<AlignedPoint>,
                /// The part of interest, in the machine's frame, in metres.
                point_m: Option<[f64; 3]>,
            }
            /// Where labels hang that are not surveyed, as the pictures so far showed them beside those that are.
            SightSurvey = sight_survey: closed(Window) -> Vec<SurveyedLabel> {}
            /// Keeps a profile of the camera that was measured by the printed board, for every tablet.
            SightProfileKeep = sight_profile_keep: closed(Window) -> CameraProfile {}
            /// Ends looking through the camera.
            SightClose = sight_close: closed(Window) -> () {}
            /// Models for a machine and its class.
            MachineModelList = machine_model_list: reads -> Vec<MachineModel> {
                /// The machine.
                asset_id: AssetId,
            }
            /// Gives a model up.
            MachineModelEnd = machine_model_end: changes -> Done {
                /// Which.
                machine_model_id: MachineModelId,
            }
            /// Sources of energy of a machine.
            EnergySourceList = energy_source_list: reads -> Vec<EnergySource> {
                /// The machine.
                asset_id: AssetId,
            }
            /// Keeps a source of energy; a tag that is bound to it waits for a second person.
            EnergySourceSave = energy_source_save: changes -> EnergySourceId {
                /// Which; nothing for a new one.
                energy_source_id: Option<EnergySourceId>,
                /// The machine.
                asset_id: AssetId,
                /// What people call it.
                name: String,
                /// What it holds.
                energy: EnergyKind,
                /// The tag that shows it.
                tag_binding_id: Option<TagBindingId>,
                /// Where it is isolated.
                isolated_at: String,
            }
            /// Agrees, as a second person, that the tag shows the source.
            EnergySourceApprove = energy_source_approve: changes -> Done {
                /// Which.
                energy_source_id: EnergySourceId,
            }
            /// Gives a source up.
            EnergySourceEnd = energy_source_end: changes -> Done {
                /// Which.
                energy_source_id: EnergySourceId,
            }
            /// Keeps where whoever holds the device is, and what they have typed there.
            PlaceKeep = place_keep: closed(Holder) -> () {
                /// Where; nothing when they left it.
                kept: Option<KeptPlace>,
            }
            /// Where whoever held the device was when it went off, and what they had typed there.
            PlaceShow = place_show: closed(Holder) -> Option<KeptPlace> {}
        }
    };
}
pub(crate) use with_guide_commands;
