//! What was tried out, kept as a scenario: one option for each line, with what came of it as it spread over the runs.

use millwright_methods::discrete::statistics::student_quantile;
use millwright_model::*;

use super::run;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::paper::words::Language;
use crate::use_case::scenario;

pub(crate) async fn keep(engine: &Inner, command: WhatIfKeep) -> Result<ScenarioId, EngineError> {
    let WhatIfKeep { name, language, line, options, hours, replications } = command;
    let told = run(engine, WhatIfRun { line: line.clone(), options, hours, replications }).await?;
    let text = text_of(&name, &line, &told, Language::of_tag(&language));
    let begin = ScenarioCreate { name: Some(name), language, template: None, text: Some(text) };
    scenario::begin(engine, begin).await
}

/// The measures that are kept: name, unit, and which way is better.
const KEPT: [(WhatIfMeasure, &str, &str, &str); 3] = [
    (WhatIfMeasure::Oee, "oee", "%", "higher is better"),
    (WhatIfMeasure::Output, "output", "pcs", "higher is better"),
    (WhatIfMeasure::Cost, "cost", "EUR", "lower is better"),
];

/// A model's text: the options, what came of each as a spread, and the results.
fn text_of(name: &str, line: &LineFork, told: &WhatIfComparison, language: Language) -> String {
    let quoted = |text: &str| text.replace(['"', '\n', '\r'], "'");
    let (about, as_it_is) = match language {
        Language::English => ("tried out as the line stood", "As it is"),
        Language::German => ("ausprobiert, wie die Linie stand", "Wie es ist"),
    };
    let mut text = String::new();
    let mut say = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    say(format!("# {}: {about}, {} h, {} ×.", quoted(&line.name), told.hours, told.replications));
    say(format!("model \"{}\"", quoted(name)));
    let options = told.outlooks.iter().zip(1..).map(|(outlook, number)| {
        format!("\"{}\": {number}", quoted(outlook.name.as_deref().unwrap_or(as_it_is)))
    });
    say(format!("decision option = {}", options.collect::<Vec<_>>().join(", ")));
    let from = format!("from assumption \"{}, {about}\"", quoted(&line.name));
    for (measure, figure, unit, _) in KEPT {
        for (outlook, number) in told.outlooks.iter().zip(1..) {
            let Some(of) = outlook.measures.iter().find(|estimate| estimate.measure == measure) else {
                continue;
            };
            let factor = if measure == WhatIfMeasure::Oee { 100.0 } else { 1.0 };
            let (mean, spread) = (of.mean * factor, spread_of(of, told.replications) * factor);
            // A line that comes out the same in every run has no spread.
            let value = if spread > 0.0 {
                format!("normal({} {unit}, {} {unit})", plain(mean), plain(spread))
            } else {
                format!("{} {unit}", plain(mean))
            };
            say(format!("{figure}_{number} = {value} {from}"));
        }
    }
    for (_, figure, unit, better) in KEPT {
        let last = told.outlooks.len();
        let mut chosen = format!("{figure}_{last}");
        for number in (1..last).rev() {
            chosen = format!("if option = {number} then {figure}_{number} else {chosen}");
        }
        say(format!("result {figure} in {unit} = {chosen}, {better}"));
    }
    text
}

/// How far single runs lie apart, from how far off their mean may be.
fn spread_of(of: &WhatIfEstimate, replications: u32) -> f64 {
    let many = f64::from(replications);
    of.half_width * many.sqrt() / student_quantile(0.975, many - 1.0)
}

/// A number as models write it, with six digits that count.
fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let digits = (5 - value.abs().log10().floor() as i32).clamp(0, 12);
    format!("{value:.*}", digits as usize)
}

#[cfg(test)]
mod tests {
    use millwright_methods::scenario::Model;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_kept_is_a_model_that_says_what_came_of_each_line() {
        let line = LineFork {
            line_id: AssetId(Uuid::from_u128(9)),
            name: "Filling \"1\"".into(),
            taken_at: TimestampMs(0),
            machines: Vec::new(),
            buffers: Vec::new(),
            shifts: Vec::new(),
            begins_at_h: 0.0,
            crews: None,
            costs: ForkedCosts::default(),
        };
        let measure = |measure, mean| WhatIfEstimate { measure, mean, half_width: mean / 100.0 };
        let outlook = |name: Option<&str>, oee, output| WhatIfOutlook {
            name: name.map(str::to_owned),
            measures: vec![
                measure(WhatIfMeasure::Oee, oee),
                measure(WhatIfMeasure::Output, output),
                measure(WhatIfMeasure::Cost, 0.0),
            ],
            changes: Vec::new(),
            times: Vec::new(),
        };
        let told = WhatIfComparison {
            hours: 8.0,
            replications: 200,
            outlooks: vec![outlook(None, 0.6, 300.0), outlook(Some("Faster"), 0.65, 330.0)],
        };
        for language in [Language::English, Language::German] {
            let text = text_of("What if", &line, &told, language);
            let model = Model::read(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
            assert_eq!(model.title(), "What if");
        }
    }
}
