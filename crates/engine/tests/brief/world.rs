//! A scenario as it is shown, made of a template's model: what the commands of a running engine would answer.

use std::path::PathBuf;

use millwright_engine::brief::{Occasion, Reader, brief};
use millwright_methods::scenario::{
    Answer, Figure, FigureKind, Model, Origin, OriginKind, Question, Run, Watch, at_medians, compare,
    influences,
};
use millwright_model::*;
use uuid::Uuid;

/// 2026-11-30 09:00 UTC.
pub const NOW: TimestampMs = TimestampMs(1_796_029_200_000);

pub fn reader(language: &str) -> Reader {
    Reader { language: language.to_owned(), zone: "Europe/Berlin".to_owned() }
}

pub fn template(language: &str, name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/scenarios").join(language);
    std::fs::read_to_string(folder.join(format!("{name}.model"))).unwrap()
}

fn answer(answer: Answer) -> ScenarioAnswer {
    match answer {
        Answer::Figure(value) => ScenarioAnswer::Figure { value },
        Answer::Between(low, high) => ScenarioAnswer::Between { low, high },
        Answer::YesOrNo(yes) => ScenarioAnswer::YesOrNo { yes },
        Answer::Unknown => ScenarioAnswer::Unknown,
        Answer::Other(formula) => ScenarioAnswer::Other { formula },
    }
}

fn origin(origin: Origin) -> ScenarioOrigin {
    let kind = match origin.kind {
        OriginKind::Tag => ScenarioOriginKind::Tag,
        OriginKind::Erp => ScenarioOriginKind::Erp,
        OriginKind::File => ScenarioOriginKind::File,
        OriginKind::Person => ScenarioOriginKind::Person,
        OriginKind::Assumption => ScenarioOriginKind::Assumption,
    };
    ScenarioOrigin { kind, of: origin.of }
}

fn question(question: Question) -> ScenarioQuestion {
    ScenarioQuestion {
        name: question.name,
        question: question.question,
        unit: question.unit,
        answer: answer(question.answer),
        least: question.least,
        most: question.most,
        origin: question.origin.map(origin),
        driver: None,
        bound_to: None,
        answered_at: None,
        answered_by: None,
    }
}

fn figure(figure: Figure) -> ScenarioFigure {
    let kind = match figure.kind {
        FigureKind::Given => ScenarioFigureKind::Given,
        FigureKind::Chance => ScenarioFigureKind::Chance,
        FigureKind::Formula => ScenarioFigureKind::Formula,
        FigureKind::Stock => ScenarioFigureKind::Stock,
        FigureKind::Decision => ScenarioFigureKind::Decision,
        FigureKind::Disruption => ScenarioFigureKind::Disruption,
        FigureKind::Result => ScenarioFigureKind::Result,
    };
    let (remarks, made_of) = (figure.remarks, figure.made_of);
    ScenarioFigure {
        name: figure.name,
        kind,
        value: figure.value,
        says: figure.says,
        remarks,
        origin: figure.origin.map(origin),
        made_of,
    }
}

pub fn questions(text: &str) -> Vec<ScenarioQuestion> {
    Model::read(text).unwrap().questions().into_iter().map(question).collect()
}

/// What is shown of a scenario with this text.
pub fn view(text: &str) -> ScenarioView {
    let model = Model::read(text).unwrap();
    let scenario_id = ScenarioId(Uuid::from_u128(7));
    ScenarioView {
        scenario: Scenario {
            scenario_id,
            name: model.title().to_owned(),
            language: "de".to_owned(),
            created_at: NOW,
            created_by: None,
            ended_at: None,
        },
        text: text.to_owned(),
        version: String::new(),
        fault: None,
        twice: vec![],
        questions: questions(text),
        decisions: vec![],
        results: model.result_names().into_iter().map(|name| ScenarioResultName { name }).collect(),
        figures: model.figures().into_iter().map(figure).collect(),
        signposts: vec![],
        baselines: vec![],
        decided: vec![],
        narratives: vec![],
        places: vec![],
        written_at: NOW,
    }
}

/// What its trials come out as, by its first result.
pub fn picture(text: &str) -> ScenarioPicture {
    const STRETCHES: usize = 60;
    let model = Model::read(text).unwrap();
    let run = Run { trials: 4_000, ..Run::default() };
    let told = compare(&model, 0, &run, &Watch::default()).unwrap();
    let columns: Vec<_> = told.options.iter().map(|option| &option.figures[0]).collect();
    let low = columns.iter().map(|figures| figures.percentiles[0]).fold(f64::INFINITY, f64::min);
    let high = columns.iter().map(|figures| figures.percentiles[6]).fold(f64::NEG_INFINITY, f64::max);
    let step = (high - low) / STRETCHES as f64;
    let limits: Vec<f64> = (0..=STRETCHES).map(|place| low + step * place as f64).collect();
    let decisions = model.decisions();
    let options = told.options.iter().zip(&columns).map(|(option, figures)| {
        let in_stretch = |pair: &[f64]| {
            let count = figures.trials.iter().filter(|value| **value >= pair[0] && **value < pair[1]).count();
            count as f64 / figures.trials.len() as f64
        };
        ScenarioOption {
            choice: decisions
                .iter()
                .map(|decision| ScenarioChoice {
                    decision: decision.name.clone(),
                    option: option.options[&decision.name].clone(),
                })
                .collect(),
            mean: figures.mean,
            mean_error: figures.mean_error,
            p5: figures.percentiles[1],
            p50: figures.percentiles[3],
            p95: figures.percentiles[5],
            exceedance: vec![],
            shares: limits.windows(2).map(in_stretch).collect(),
            better_by: option.better_by,
            best_share: option.best_share,
            regret_mean: option.regret_mean,
            regret_most: option.regret_most,
            means: option.figures.iter().map(|figures| figures.mean).collect(),
        }
    });
    ScenarioPicture {
        result: columns[0].name.clone(),
        unit: columns[0].unit.clone(),
        is_truth: columns[0].is_truth,
        lower_is_better: Some(true),
        trials: run.trials as u64,
        options: options.collect(),
        limits,
        best: told.best as u32,
        least_regret: told.least_regret as u32,
        perfect_information: told.perfect_information,
        took_ms: 1.0,
    }
}

/// The brief of a scenario with this text, before anybody decided anything.
pub fn undecided(text: &str) -> ScenarioBrief {
    told(&view(text))
}

/// The brief of a scenario that is shown like this.
pub fn told(view: &ScenarioView) -> ScenarioBrief {
    let model = Model::read(&view.text).unwrap();
    let run = Run { trials: 2_000, ..Run::default() };
    let middle = at_medians(&model, 0, &run, &Watch::default()).unwrap();
    let moves = influences(&model, 0, &run, &Watch::default()).unwrap().into_iter().map(|influence| {
        let asked = view.questions.iter().find(|question| question.name == influence.name);
        ScenarioInfluence {
            question: asked.map(|question| question.question.clone()),
            name: influence.name,
            at_low: influence.at_low,
            at_high: influence.at_high,
            rank_correlation: influence.rank_correlation,
            first_order: influence.first_order,
            total: influence.total,
        }
    });
    let occasion = Occasion { plant: "Werk Süd".to_owned(), made_at: NOW, at_medians: Some(middle) };
    brief(view, picture(&view.text), moves.collect(), occasion)
}

/// The same scenario after a morning with the leaders: a frozen baseline, a decision, two signposts, an answer by a person.
pub fn decided(text: &str) -> ScenarioView {
    let mut view = view(text);
    view.baselines = vec![ScenarioBaselineView {
        scenario_baseline_id: ScenarioBaselineId(Uuid::from_u128(8)),
        taken_at: NOW.plus_ms(-3_600_000),
        taken_by: Some("Anna Weber".to_owned()),
    }];
    let model = Model::read(text).unwrap();
    let chosen = |decision: millwright_methods::scenario::Decision| ScenarioChoice {
        option: decision.options[2].clone(),
        decision: decision.name,
    };
    view.decided = vec![ScenarioDecisionView {
        decision: ScenarioDecision {
            scenario_decision_id: ScenarioDecisionId(Uuid::from_u128(9)),
            scenario_id: view.scenario.scenario_id,
            text: text.to_owned(),
            choice: model.decisions().into_iter().map(chosen).collect(),
            expected: vec![],
            reason: "Der Ausfall trifft uns selten, aber dann für Monate: <b>das</b> | trägt niemand."
                .to_owned(),
            owner: Some(PersonId(Uuid::from_u128(11))),
            review_on: CivilDate::from_ymd(2027, 3, 1),
            decided_at: NOW,
            decided_by: Some(PersonId(Uuid::from_u128(12))),
        },
        decided_by: Some("Jürgen Weiß".to_owned()),
        owner: Some("Anna Weber".to_owned()),
        outcomes: vec![],
    }];
    let signpost = |name: &str, side: SignpostSide, number: u128| Signpost {
        signpost_id: SignpostId(Uuid::from_u128(number)),
        scenario_id: view.scenario.scenario_id,
        name: name.to_owned(),
        tag_binding_id: TagBindingId(Uuid::from_u128(20)),
        side,
        threshold: 12.5,
        holds_ms: 7_200_000,
        set_at: NOW,
        set_by: None,
        ended_at: None,
    };
    let quiet = signpost("Lieferungen kommen spät", SignpostSide::Above, 21);
    let crossed = signpost("Der Bestand fällt", SignpostSide::Below, 22);
    let gone = Signpost { ended_at: Some(NOW), ..signpost("Weggenommen", SignpostSide::Above, 23) };
    view.signposts = vec![
        SignpostView { signpost: quiet, tag: None, crossing: None },
        SignpostView {
            crossing: Some(SignpostCrossing {
                signpost_crossing_id: SignpostCrossingId(Uuid::from_u128(30)),
                signpost_id: crossed.signpost_id,
                scenario_id: view.scenario.scenario_id,
                value: 11.0,
                crossed_at: NOW,
                seen_at: None,
                seen_by: None,
            }),
            signpost: crossed,
            tag: None,
        },
        SignpostView { signpost: gone, tag: None, crossing: None },
    ];
    if let Some(first) = view.questions.first_mut() {
        first.origin = Some(ScenarioOrigin { kind: ScenarioOriginKind::Person, of: String::new() });
        first.answered_at = Some(NOW);
        first.answered_by = Some("Anna Weber".to_owned());
    }
    view
}
