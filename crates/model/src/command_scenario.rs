//! The part of the list of commands that is about scenarios.

/// Gives `$then!` the commands before, and those about scenarios behind them.
macro_rules! with_scenario_commands {
    ($then:ident $($before:tt)*) => {
        $then! {
            $($before)*
            /// Models that scenarios begin from.
            ScenarioTemplateList = scenario_template_list: reads -> Vec<ScenarioTemplate> {
                /// The language.
                language: String,
            }
            /// Scenarios: those that ask to be looked at first, then by when they were written.
            ScenarioList = scenario_list: reads -> Vec<ScenarioOverview> {}
            /// One scenario with all on it.
            ScenarioShow = scenario_show: reads -> ScenarioView {
                /// Which.
                scenario_id: ScenarioId,
            }
            /// Begins a scenario: from a template, or from a text.
            ScenarioCreate = scenario_create: changes -> ScenarioId {
                /// What people call it; nothing for the model's own title.
                name: Option<String>,
                /// The language.
                language: String,
                /// The key of a template; nothing where `text` is given.
                template: Option<String>,
                /// A model's text; nothing where `template` is given.
                text: Option<String>,
            }
            /// Calls a scenario something else.
            ScenarioRename = scenario_rename: changes -> Done {
                /// Which.
                scenario_id: ScenarioId,
                /// What people call it.
                name: String,
            }
            /// Puts a scenario away, with its signposts.
            ScenarioEnd = scenario_end: changes -> Done {
                /// Which.
                scenario_id: ScenarioId,
            }
            /// Writes in a scenario, whatever others write there meanwhile.
            ScenarioWrite = scenario_write: changes -> ScenarioView {
                /// Which.
                scenario_id: ScenarioId,
                /// What is written.
                edits: Vec<ScenarioEdit>,
            }
            /// Runs a scenario's trials, with answers that are tried out and not written. A later one for the same scenario
            /// ends it.
            ScenarioRun = scenario_run: reads -> ScenarioPicture {
                /// Which.
                scenario_id: ScenarioId,
                /// Answers that are tried out.
                tries: Vec<ScenarioTry>,
                /// How many trials.
                trials: u32,
                /// The result by which options are compared; nothing for the first.
                result: Option<String>,
            }
            /// What a result hangs on, the strongest first.
            ScenarioInfluences = scenario_influences: reads -> Vec<ScenarioInfluence> {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// Answers that are tried out.
                tries: Vec<ScenarioTry>,
                /// How many trials for each run.
                trials: u32,
                /// The result; nothing for the first.
                result: Option<String>,
                /// What is chosen; what is not named is the first option of its decision.
                choice: Vec<ScenarioChoice>,
            }
            /// The four ways in which two figures that nobody knows may turn out, and what each option comes to in them.
            ScenarioWorldsShow = scenario_worlds_show: reads -> Vec<ScenarioWorld> {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// Answers that are tried out.
                tries: Vec<ScenarioTry>,
                /// The figure across.
                across: String,
                /// The figure upwards.
                up: String,
                /// How many trials for each.
                trials: u32,
                /// The result; nothing for the first.
                result: Option<String>,
            }
            /// What changed since a moment, and how far each change moved a result.
            ScenarioChangesShow = scenario_changes_show: reads -> ScenarioChanges {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// The moment.
                since: TimestampMs,
                /// The result; nothing for the first.
                result: Option<String>,
            }
            /// Takes what figures are bound to from the plant and the ERP, and keeps the model as it then stands.
            ScenarioFreeze = scenario_freeze: changes -> ScenarioFrozen {
                /// Which scenario.
                scenario_id: ScenarioId,
            }
            /// Answers what the store knows of a supplier or a part: stock, uses, other offers. What people said stays.
            ScenarioFill = scenario_fill: changes -> ScenarioFilled {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// What it is about.
                subject: ScenarioSubject,
            }
            /// How long the plant lives without each of its suppliers, and how long something would be missed.
            SupplyRiskShow = supply_risk_show: reads -> SupplyRisk {
                /// For so many days each is taken to be gone: at most ten years.
                outage_days: u32,
            }
            /// A scenario's brief, or its assumptions, as a file.
            ScenarioBriefWrite = scenario_brief_write: reads -> FileBytes {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// As what.
                form: BriefForm,
                /// In which language; nothing for that of whoever asks.
                language: Option<String>,
            }
            /// Takes assumptions in that were taken out as a workbook: all rows, or none where one does not fit.
            ScenarioAssumptionsBring = scenario_assumptions_bring: changes -> ScenarioSheetReport {
                /// Which scenario.
                scenario_id: ScenarioId,
                /// The workbook's bytes (XLSX or CSV), in base64.
                bytes_base64: String,
                /// Whether it is only said what would change.
                dry_run: bool,
            }
            /// Writes down what was decided, with the model as it stands and what it is expected to come to.
            ScenarioDecide = scenario_decide: changes -> ScenarioDecisionId {
                /// In which scenario.
                scenario_id: ScenarioId,
                /// What is chosen.
                choice: Vec<ScenarioChoice>,
                /// Why.
                reason: String,
                /// Who sees to it.
                owner: Option<PersonId>,
                /// When it is looked at again.
                review_on: Option<CivilDate>,
            }
            /// Tells what came of a result after a decision, and hears how good the range was.
            ScenarioOutcomeTell = scenario_outcome_tell: changes -> ScenarioOutcome {
                /// After which decision.
                scenario_decision_id: ScenarioDecisionId,
                /// The result's name.
                result: String,
                /// What came, in the result's unit.
                came: f64,
            }
            /// Sets a signpost, or changes it.
            SignpostSave = signpost_save: changes -> SignpostId {
                /// Which; nothing for a new one.
                signpost_id: Option<SignpostId>,
                /// Of which scenario.
                scenario_id: ScenarioId,
                /// What it means.
                name: String,
                /// The tag that is watched.
                tag_binding_id: TagBindingId,
                /// On which side.
                side: SignpostSide,
                /// Of which figure, in the tag's unit.
                threshold: f64,
                /// For how long it must stay there, in milliseconds.
                holds_ms: i64,
            }
            /// Takes a signpost away.
            SignpostEnd = signpost_end: changes -> Done {
                /// Which.
                signpost_id: SignpostId,
            }
            /// Says that somebody has looked at a crossing.
            SignpostCrossingSeen = signpost_crossing_seen: changes -> Done {
                /// Which.
                signpost_crossing_id: SignpostCrossingId,
            }
        }
    };
}
pub(crate) use with_scenario_commands;
