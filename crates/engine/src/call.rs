//! The list of what the engine can do: each command of the boundary and the use-case behind it.

use std::future::Future;

use millwright_local_db::StoreError;
use millwright_model::*;
use serde_json::Value as Json;

use crate::engine::Engine;
use crate::use_case::*;
use crate::{EngineError, disk};
use crate::{connection, mail, pulling, sight};

/// Takes one command of the boundary.
pub trait Handle<C: Command> {
    /// Does what the command says.
    fn handle(&self, command: C) -> impl Future<Output = Result<C::Output, ApiError>> + Send;
}

impl Engine {
    /// An error on its way out. A full disk takes its reserve with it, so that the next try has room.
    fn failed(&self, error: EngineError) -> ApiError {
        let full = matches!(error, EngineError::Store(StoreError::DiskFull));
        if full && disk::give_up_reserve(&self.path()) {
            return ApiError::refused(Code::DiskFull, Refusal::DiskReserveFreed);
        }
        ApiError::from(error)
    }
}

macro_rules! handlers {
    ($($command:ident => $use_case:path,)+) => {
        $(impl Handle<$command> for Engine {
            async fn handle(&self, command: $command) -> Result<<$command as Command>::Output, ApiError> {
                Box::pin($use_case(&self.inner, command)).await.map_err(|error| self.failed(error))
            }
        })+

        impl Engine {
            /// Takes a command by its name, with its arguments and its answer as JSON: for sockets and scripts.
            ///
            /// # Errors
            /// When there is no such command, its arguments do not fit, or the command fails.
            pub async fn call(&self, name: &str, arguments: Json) -> Result<Json, ApiError> {
                match name {
                    $(<$command as Command>::NAME => {
                        let command: $command = serde_json::from_value(arguments)
                            .map_err(|error| ApiError::new(Code::Invalid, format!("{name}: {error}")))?;
                        let answer = self.handle(command).await?;
                        serde_json::to_value(answer).map_err(|error| ApiError::new(Code::Internal, error.to_string()))
                    })+
                    unknown => Err(ApiError::new(Code::Invalid, format!("there is no command «{unknown}»"))),
                }
            }

            /// The first of `candidates` that can be an answer of the command called `name`.
            pub(crate) fn answer_among(name: &str, candidates: Vec<Json>) -> Option<Json> {
                match name {
                    $(<$command as Command>::NAME => candidates.into_iter().find(|candidate| {
                        serde_json::from_value::<<$command as Command>::Output>(candidate.clone()).is_ok()
                    }),)+
                    _unknown => None,
                }
            }

            /// The names of the commands that have a use-case.
            pub const HANDLED: &'static [&'static str] = &[$(<$command as Command>::NAME),+];
        }
    };
}

handlers! {
    AppStatus => status::app_status,
    DemoStart => status::demo_start,
    PlantStart => status::plant_start,
    SettingsShow => status::settings_show,
    SettingsSave => status::settings_save,
    HistorySize => status::history_size,
    ConnectionsShow => connection::connections_show,
    PlantConnectionTest => connection::plant_connection_test,
    PlantConnectionSave => connection::plant_connection_save,
    ErpConnectionTest => connection::erp_connection_test,
    ErpConnectionSave => connection::erp_connection_save,
    MailConnectionTest => mail::connection::test,
    MailConnectionSave => mail::connection::save,
    PersonList => person::list,
    PersonAdd => person::add,
    PersonPick => person::pick,
    PersonRoleSet => person::role_set,
    TodayShow => today::show,
    WorkOrderList => work_order::list,
    WorkOrderShow => work_order::show,
    WorkOrderCreate => work_order::create,
    WorkOrderStart => work_order::start,
    WorkOrderHold => work_order::hold,
    WorkOrderContinue => elsewhere::carry_on,
    WorkOrderReserve => reserving::reserve,
    WorkOrderRelease => reserving::release,
    WorkOrderCancel => work_order::cancel,
    WorkOrderAssign => work_order::assign,
    WorkOrderEdit => work_order::edit,
    WorkStepRecord => recording::step_record,
    WorkStepAdd => step::add,
    WorkStepEdit => step::edit,
    WorkStepRemove => step::remove,
    NoteAdd => recording::note_add,
    PartUseAdd => recording::part_use_add,
    TimerStart => recording::timer_start,
    TimerStop => recording::timer_stop,
    AttachmentAdd => recording::attachment_add,
    AttachmentRead => recording::attachment_read,
    SignatureAdd => recording::signature_add,
    WorkOrderClose => closing::close,
    WorkOrderCorrect => closing::correct,
    TxnUndo => undo::undo,
    RequestRaise => request::raise,
    RequestList => request::list,
    RequestDecline => request::decline,
    AlertList => alert::list,
    AlertTake => alert::take,
    AlertPass => alert::pass,
    AssetTree => asset::tree,
    AssetShow => asset::show,
    AssetImport => bring::assets,
    DataPreview => bring::preview,
    DataBring => bring::bring,
    DataBringCancel => bring::cancel,
    DataRefused => bring::refused,
    DataExport => bring::export,
    FileSave => bring::save,
    RecordPaper => paper::record,
    PaperOpen => paper::open,
    TagBindingSave => asset::tag_binding_save,
    TagBindingRemove => asset::tag_binding_remove,
    CodeRead => reading::code_read,
    ScanResolve => finding::scan_resolve,
    LabelLearn => finding::label_learn,
    AssetJoin => joining::asset_join,
    AssetSeparate => joining::asset_separate,
    PartJoin => joining::part_join,
    PartSeparate => joining::part_separate,
    Search => finding::search,
    TagList => tag::list,
    LiveShow => tag::live,
    LiveWatch => tag::watch,
    TagHistory => tag::history,
    PartList => part::list,
    PartShow => part::show,
    SupplierList => part::suppliers,
    SyncShow => sync::show,
    DeliveryRetry => sync::delivery_retry,
    DeliveryDiscard => sync::delivery_discard,
    ConflictResolve => deciding::conflict_resolve,
    ErpPullNow => pulling::pull_now,
    TeamShow => team::show,
    TeamDeviceOrders => elsewhere::device_orders,
    TeamNoticeSeen => notice::seen,
    TeamInvite => team::invite,
    TeamAdmit => team::admit,
    TeamScopeSet => team::scope_set,
    TeamOutboxTake => team::outbox_take,
    TeamOutboxDiscard => team::outbox_discard,
    TeamTurnAway => team::turn_away,
    TeamRevoke => team::revoke,
    TeamJoin => team::join,
    TeamJoinCancel => team::join_cancel,
    TeamLetterWrite => letter::write,
    TeamLetterTake => letter::take,
    HistoryShow => sync::history_show,
    ShiftShow => shift::show,
    ShiftPatternSave => shift::pattern_save,
    ShiftEntryAdd => shift::entry_add,
    HandoverPrepare => handover::prepare,
    HandoverGive => handover::give,
    HandoverAcknowledge => handover::acknowledge,
    PlanList => plan::list,
    PlanSave => plan::save,
    PlanEnd => plan::end,
    ReadingAdd => meter::reading_add,
    TokenCreate => token::create,
    TokenList => token::list,
    TokenRevoke => token::revoke,
    WebhookAdd => webhook::add,
    WebhookList => webhook::list,
    WebhookRemove => webhook::remove,
    WebhookTest => webhook::test,
    WebhookResume => webhook::resume,
    GuideList => guide::list,
    GuideShow => guide::show,
    GuideCreate => guide::begin,
    GuideEnd => guide::end,
    GuideDraftShow => guide::draft_show,
    GuideDraftEdit => guide::edit,
    GuideDraftBack => guide::back,
    GuideFileAdd => guide::file_add,
    ManualList => guide::manual_list,
    ManualPage => guide::manual_page,
    ManualCrop => guide::manual_crop,
    GuideSubmit => guide::submit,
    GuideApprove => guide::approve,
    GuideReturn => guide::return_,
    GuideWithdraw => guide::withdraw,
    GuideRevisionShow => guide::revision_show,
    GuideReadSign => guide::read_sign,
    GuideNewsList => guide::news,
    WorkOrderGuide => guide::work_order_guide,
    GuideRun => guide::run,
    StepTimeAdd => guide::step_time_add,
    ConditionShow => condition::show,
    GuideExport => guide::export,
    GuideImport => guide::import,
    FiducialList => fiducial::list,
    FiducialHang => fiducial::hang,
    FiducialMeasure => fiducial::measure,
    FiducialSurvey => fiducial::survey,
    FiducialRemove => fiducial::remove,
    FiducialFind => fiducial::find,
    CameraProfileList => camera_profile::list,
    CameraProfileAdd => camera_profile::add,
    CameraProfileEnd => camera_profile::end,
    LabelPrint => paper::label::print,
    BoardPrint => paper::label::board,
    SightOpen => sight::open,
    SightAlign => sight::align,
    SightSurvey => sight::survey,
    SightProfileKeep => sight::profile_keep,
    SightClose => sight::close,
    MachineModelList => machine_model::list,
    MachineModelEnd => machine_model::end,
    EnergySourceList => energy_source::list,
    EnergySourceSave => energy_source::save,
    EnergySourceApprove => energy_source::approve,
    EnergySourceEnd => energy_source::end,
    PlaceKeep => kept_place::keep,
    PlaceShow => kept_place::show,
    ScenarioTemplateList => scenario::template_list,
    ScenarioList => scenario::list,
    ScenarioShow => scenario::show,
    ScenarioCreate => scenario::begin,
    ScenarioRename => scenario::rename,
    ScenarioEnd => scenario::end,
    ScenarioWrite => scenario::write,
    ScenarioRun => scenario::run,
    ScenarioInfluences => scenario::influences_show,
    ScenarioWorldsShow => scenario::worlds_show,
    ScenarioChangesShow => scenario::changes_show,
    ScenarioFreeze => scenario::freeze,
    ScenarioFill => scenario::fill,
    SupplyRiskShow => scenario::supply_risk_show,
    ScenarioBriefWrite => scenario::brief_write,
    ScenarioAssumptionsBring => scenario::assumptions_bring,
    ScenarioDecide => scenario::decide,
    ScenarioOutcomeTell => scenario::outcome_tell,
    SignpostSave => scenario::signpost_save,
    SignpostEnd => scenario::take_away,
    SignpostCrossingSeen => scenario::crossing_seen,
    WorkshopList => workshop::list,
    WorkshopShow => workshop::show,
    WorkshopCreate => workshop::create,
    WorkshopAdmit => workshop::admit,
    WorkshopWrite => workshop::write,
    WorkshopNotePut => workshop::note_put,
    WorkshopNoteRemove => workshop::note_remove,
    WorkshopSeatAdd => workshop::seat_add,
    WorkshopReveal => workshop::reveal,
    WorkshopEnd => workshop::end,
    WorkshopDoorPlaces => workshop::door_places,
    WorkshopDoorOpen => workshop::door_open,
    WorkshopDoorShow => workshop::door_show,
    WorkshopGuestInvite => workshop::guest_invite,
    WorkshopDoorClose => workshop::door_close,
    WorkshopExport => workshop::export,
    WorkshopImport => workshop::import,
    WorkshopActionList => workshop::actions,
    WhatIfLines => what_if::lines,
    LineForkShow => what_if::fork_show,
    WhatIfRun => what_if::run,
    WhatIfKeep => what_if::keep,
    ExerciseTemplateList => exercise::template_list,
    ExerciseList => exercise::list,
    ExerciseShow => exercise::show,
    ExerciseCreate => exercise::create,
    ExercisePlan => exercise::plan,
    ExerciseRemove => exercise::remove,
    ExerciseRoleSave => exercise::role_save,
    ExerciseRoleRemove => exercise::role_remove,
    ExerciseInjectSave => exercise::inject_save,
    ExerciseInjectMove => exercise::inject_move,
    ExerciseInjectRemove => exercise::inject_remove,
    ExerciseClockMove => exercise::clock_move,
    ExerciseLog => exercise::log,
    ExerciseActionSave => exercise::action_save,
    ExerciseActionDone => exercise::action_done,
    ExerciseActionList => exercise::actions,
    ExerciseReportWrite => exercise::report_write,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_boundary_has_a_use_case() {
        assert_eq!(Engine::HANDLED, COMMAND_NAMES);
    }
}
