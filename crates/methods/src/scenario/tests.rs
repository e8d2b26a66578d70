//! What models say, and what comes of them.

use super::*;

fn read(text: &str) -> Model {
    Model::read(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

fn results(text: &str) -> Vec<Figures> {
    with(text, &Run::default())
}

fn with(text: &str, run: &Run) -> Vec<Figures> {
    read(text).run(run, &Watch::default()).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

fn one(text: &str) -> f64 {
    let figures = results(text);
    assert_eq!(figures[0].least, figures[0].greatest, "not one figure");
    figures[0].mean
}

fn fault_of(text: &str) -> String {
    match Model::read(text) {
        Err(fault) => fault.to_string(),
        Ok(model) => match model.run(&Run::default(), &Watch::default()) {
            Err(fault) => fault.to_string(),
            Ok(_) => panic!("nothing is wrong with\n{text}"),
        },
    }
}

#[test]
fn units_go_together_or_say_so() {
    assert_eq!(one("result cost in EUR = 3 h * 40 EUR/h"), 120.0);
    assert_eq!(one("result power in kW = 12 kWh / 30 min"), 24.0);
    assert_eq!(one("result length in weeks = 1 year / 2 - 0.5 years + 14 days"), 2.0);
    assert_eq!(one("unit pallet = 40 pcs\nresult held in pcs = 3 pallet"), 120.0);
    assert_eq!(one("unit drum\nresult held in drum = 2 drum + 3 drum"), 5.0);
    assert_eq!(one("result share in % = 1 pcs / 8 pcs"), 12.5);
    assert_eq!(one("result side in m = sqrt(9 m2)"), 3.0);
    assert_eq!(one("result speed in km/h = 10 m per s"), 36.0);
    assert_eq!(fault_of("result x = 3 h + 2 EUR"), "line 1, column 12: h and EUR do not go together");
    assert_eq!(
        fault_of("a = 2 weeks\nresult x in EUR = a"),
        "line 2, column 13: EUR and weeks do not go together"
    );
    assert_eq!(
        fault_of("result x = exp(2 pcs)"),
        "line 1, column 16: a figure without a unit is expected here, not one in pcs"
    );
    assert_eq!(
        fault_of("result x = 3 drums"),
        "line 1, column 14: the end of the line is expected here, not «drums»"
    );
}

#[test]
fn operators_bind_as_people_expect() {
    assert_eq!(one("result x = 2 + 3 * 4 - 10 / 5"), 12.0);
    assert_eq!(one("result x = -2 ^ 2"), -4.0);
    assert_eq!(one("result x = 2 ^ 3 ^ 2"), 512.0);
    assert_eq!(one("result x = 20 - 5 - 3"), 12.0);
    assert_eq!(one("result x = if not 1 > 2 and 3 <= 3 then 7 else 8"), 7.0);
    assert_eq!(one("result x = max(1, 5, 3) + min(4, 2) + clamp(9, 0, 6)"), 13.0);
    assert_eq!(one("result x = round(2.5) + floor(-0.5) + ceiling(0.2)"), 3.0);
    assert_eq!(one("result x in min = round(100 s, 1 min)"), 2.0);
    assert_eq!(one("result x = abs(-3) + ln(exp(2)) + log10(1000)"), 8.0);
}

#[test]
fn indexes_spread_sum_and_are_chosen() {
    let model = "index product = pump, gear\nindex site = north, south, east\n\
                 price[product] = [10 EUR/pcs, 20 EUR/pcs]\n\
                 sold[product, site] = [[1 pcs, 2 pcs, 3 pcs], [4 pcs, 5 pcs, 6 pcs]]\n\
                 income[site] = sum(price * sold over product)\n";
    assert_eq!(one(&format!("{model}result all in EUR = sum(income over site)")), 360.0);
    assert_eq!(one(&format!("{model}result all in EUR = income[site = south]")), 120.0);
    assert_eq!(one(&format!("{model}result most in EUR = greatest(income over site)")), 150.0);
    assert_eq!(one(&format!("{model}result mean_price in EUR/pcs = mean(price over product)")), 15.0);
    let figures = results(&format!("{model}result income_of[site] in EUR = income"));
    let told: Vec<(Vec<String>, f64)> =
        figures.into_iter().map(|figures| (figures.members, figures.mean)).collect();
    let site = |name: &str| vec![name.to_owned()];
    assert_eq!(told, [(site("north"), 90.0), (site("south"), 120.0), (site("east"), 150.0)]);
    assert_eq!(
        fault_of(&format!("{model}result x in EUR = income")),
        "line 6, column 19: this is one figure for each of site; «sum(… over site)» makes it one"
    );
    assert_eq!(
        fault_of(&format!("{model}result x = income[site = west]")),
        "line 6, column 12: «west» is not one of site"
    );
    assert_eq!(
        fault_of("index p = a, b\nx[p] = [1, 2, 3]\nresult y = sum(x over p)"),
        "line 2, column 8: p has 2 members, and here are 3 figures"
    );
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    assert_eq!(
        fault_of("result x = a + 1\na = b\nb = a"),
        "line 3, column 5: these need each other: a → b → a"
    );
    assert_eq!(
        fault_of("result x = 1 / (2 - 2)"),
        "line 1, column 12: this came out as no number: something was divided by zero, or is too large"
    );
    assert_eq!(
        fault_of("a = chance(50 %)\nresult x = 1 / (if a then 1 else 0)"),
        "line 2, column 12: x came out as no number: something was divided by zero, or is too large"
    );
    assert_eq!(
        fault_of("a = 10 to 2\nresult x = a"),
        "line 1, column 5: the first figure must lie below the second"
    );
    assert_eq!(fault_of("a = normal(1, -2)\nresult x = a"), "line 1, column 15: this must be above zero");
    assert_eq!(
        fault_of("a = chance(120 %)\nresult x = a"),
        "line 1, column 12: a probability lies between 0 and 100 %"
    );
    assert_eq!(
        fault_of("a = pert(1, 9, 5)\nresult x = a"),
        "line 1, column 5: the likeliest figure must lie between the least and the most"
    );
    assert_eq!(fault_of("result x = foo(1)"), "line 1, column 12: there is no function «foo»");
    assert_eq!(fault_of("result x = y"), "line 1, column 12: «y» is not known");
    assert_eq!(fault_of("a = 1\na = 2\nresult x = a"), "line 2, column 1: «a» has a meaning already");
    assert_eq!(fault_of("min = 1\nresult x = 2"), "line 1, column 1: «min» has a meaning already");
    assert_eq!(fault_of("a = 1"), "line 1, column 1: the model has no «result»");
    assert_eq!(
        fault_of("horizon 1000000 s step 1 s\nresult x = time"),
        "line 1, column 24: more than 100000 steps of time"
    );
    assert_eq!(
        fault_of("result x = time"),
        "line 1, column 12: the model has no «horizon», so nothing happens in the course of time"
    );
    assert_eq!(
        fault_of("horizon 10 s step 1 s\nresult x in s = time"),
        "line 2, column 17: this changes in the course of time; «total», «last», «average», «highest» or «lowest» makes it one figure"
    );
    assert_eq!(
        fault_of("result x = (1 + 2"),
        "line 1, column 18: «)» is expected here, not the end of the line"
    );
    assert_eq!(fault_of("result x = 1 §"), "line 1, column 14: «§» means nothing here");
    assert_eq!(fault_of("model \"open"), "line 1, column 7: this text has no end");
    let deep = format!("result x = {}1{}", "(".repeat(60), ")".repeat(60));
    assert!(fault_of(&deep).ends_with("more than 48 levels of brackets"));
    let negatives = format!("result x = {}1", "-".repeat(100));
    assert!(fault_of(&negatives).ends_with("more than 48 levels of brackets"));
    let powers = format!("result x = {}1", "1^".repeat(100));
    assert!(fault_of(&powers).ends_with("more than 48 levels of brackets"));
}

#[test]
fn two_to_ten_weeks_is_the_published_lognormal() {
    // Squiggle's «2 to 10»: mean 5.0407, median 4.4721 (V05).
    let run = Run { trials: 1_000_000, ..Run::default() };
    let figures = with("a = 2 to 10 weeks\nresult x in weeks = a", &run);
    assert!((figures[0].mean - 5.0407).abs() < 4.0 * figures[0].mean_error, "{}", figures[0].mean);
    assert!((figures[0].percentiles[3] - 4.4721).abs() < 0.01);
    assert!(
        (figures[0].percentiles[1] - 2.0).abs() < 0.01 && (figures[0].percentiles[5] - 10.0).abs() < 0.03
    );
}

#[test]
fn a_teacup_cools_as_published() {
    // SDXorg test-models, samples/teacup (Vensim's own run), Euler: T(30) = 75.374; the limit is 70 + 110 e^(-3) (V02).
    let model = |method: &str| {
        format!(
            "horizon 30 min step 0.125 min{method}\nunit degrees\nroom = 70 degrees\n\
             stock tea = 180 degrees, change (room - tea) / 10 min\nresult end in degrees = last(tea)"
        )
    };
    assert!((one(&model("")) - 75.374).abs() < 5e-4, "{}", one(&model("")));
    let exact = 70.0 + 110.0 * (-3.0_f64).exp();
    assert!((one(&model(" method rk4")) - exact).abs() < 1e-6, "{}", one(&model(" method rk4")));
    // After one and two steps.
    let after = |time: &str| {
        format!(
            "horizon {time} min step 0.125 min\nunit degrees\nstock tea = 180 degrees, change (70 degrees - tea) / 10 min\nresult end in degrees = last(tea)"
        )
    };
    assert!((one(&after("0.125")) - 178.625).abs() < 1e-9);
    assert!((one(&after("0.25")) - 177.267).abs() < 5e-4);
}

#[test]
fn an_epidemic_runs_as_published() {
    // SDXorg test-models, samples/SIR (Vensim's own run), Euler, dt 0.03125 (V03).
    let model = "horizon 100 s step 0.03125 s\n\
                 stock susceptible = 1000 people, change -infected_now\n\
                 stock infectious = 5 people, change infected_now - recovered_now\n\
                 stock recovered = 0 people, change recovered_now\n\
                 infected_now = 0.3 1/s * susceptible * infectious / 1000 people\n\
                 recovered_now = infectious / 5 s\n\
                 result peak in people = highest(infectious)\nresult sick in people = last(infectious)\n\
                 result well in people = last(recovered)\nresult spared in people = last(susceptible)";
    let figures = results(&model.replace("0.3 1/s", "0.3 / 1 s"));
    let told: Vec<f64> = figures.iter().map(|figures| figures.mean).collect();
    for (told, wanted) in told.iter().zip([68.0837, 2.07135, 590.771, 412.158]) {
        assert!((told - wanted).abs() < 1e-5 * wanted, "{told} is not {wanted}");
    }
}

#[test]
fn a_disruption_is_down_while_it_lasts_and_comes_back() {
    let model = "horizon 10 days step 1 h\n\
                 disruption strike: probability 100 %, start 2 days, lasts 3 days, recovers 2 days\n\
                 capacity = 100 pcs/day * (1 - strike)\n";
    // Three days without, and half of two while it recovers.
    let made = one(&format!("{model}result made in pcs = total(capacity)"));
    assert!((made - 600.0).abs() < 3.0, "{made}");
    assert_eq!(one(&format!("{model}result down = highest(strike)")), 1.0);
    assert_eq!(one(&format!("{model}result end in pcs/day = last(capacity)")), 100.0);
    let chance = "disruption strike: probability 4 %, lasts 3 days\nresult occurs = strike.occurs";
    let figures = with(chance, &Run { trials: 200_000, ..Run::default() });
    assert!(figures[0].is_truth && (figures[0].mean - 0.04).abs() < 0.002);
}

#[test]
fn a_decision_table_is_decided_as_published() {
    // Anderson, Sweeney, Williams: «PDC». Payoffs 8/7, 14/5, 20/-9 with 0.8/0.2: EV 7.8, 12.2, 14.2; EVPI 3.2; the greatest
    // regret 12, 6, 16, so that the middle one has the least (V01).
    let model = read(
        "decision size = \"small\": 1, \"medium\": 2, \"large\": 3\nstrong = chance(80 %)\n\
         small = if strong then 8 else 7\nmedium = if strong then 14 else 5\nlarge = if strong then 20 else -9\n\
         result payoff = if size = 1 then small else if size = 2 then medium else large, higher is better",
    );
    let run = Run { trials: 400_000, ..Run::default() };
    let comparison = compare(&model, 0, &run, &Watch::default()).unwrap();
    let means: Vec<f64> = comparison.options.iter().map(|option| option.figures[0].mean).collect();
    for (mean, wanted) in means.iter().zip([7.8, 12.2, 14.2]) {
        assert!((mean - wanted).abs() < 0.1, "{mean} is not {wanted}");
    }
    assert_eq!((comparison.best, comparison.least_regret), (2, 1));
    assert!((comparison.perfect_information - 3.2).abs() < 0.05, "{}", comparison.perfect_information);
    let regrets: Vec<f64> = comparison.options.iter().map(|option| option.regret_most).collect();
    assert_eq!(regrets, [12.0, 6.0, 16.0]);
    assert_eq!(comparison.options[1].options["size"], "medium");
    // «Large» pays 6 more than «small» or 16 less: the difference is known better than either.
    assert!((comparison.options[2].best_share - 0.8).abs() < 0.01);
}

#[test]
fn a_result_hangs_on_whether_and_when_a_disruption_comes() {
    let model = Model::read(
        "horizon 10 weeks step 1 week\nlong = 1 to 3 weeks\n\
         disruption fire: probability 5 %, start uniform(0 weeks, 8 weeks), lasts long\n\
         result lost in weeks = total(fire)",
    );
    let hangs_on = influences(&model.unwrap(), 0, &Run::default(), &Watch::default()).unwrap();
    let names: Vec<&str> = hangs_on.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names[0], "fire.occurs", "{hangs_on:?}");
    assert!(names.contains(&"fire.start") && names.contains(&"long") && names.len() == 3, "{names:?}");
    let occurs = &hangs_on[0];
    assert_eq!(occurs.at_low, 0.0, "it does not come");
    assert!(occurs.at_high > 0.5, "it comes, however rare that is: {occurs:?}");
    assert!(occurs.total > 0.9, "{occurs:?}");
}

#[test]
fn what_a_result_hangs_on_is_as_published() {
    // Ishigami's function with 7 and 0.1 (SALib's tests; Saltelli and others 2000): S1 0.3139, 0.4424, 0; ST 0.5576, 0.4424,
    // 0.2437 (V04).
    let model = read(
        "a = uniform(-3.141592653589793, 3.141592653589793)\nb = uniform(-3.141592653589793, 3.141592653589793)\n\
         c = uniform(-3.141592653589793, 3.141592653589793)\n\
         result y = sin(a) + 7 * sin(b) ^ 2 + 0.1 * c ^ 4 * sin(a)",
    );
    let run = Run { trials: 200_000, threads: 2, ..Run::default() };
    let told = influences(&model, 0, &run, &Watch::default()).unwrap();
    let of = |name: &str| told.iter().find(|influence| influence.name == name).unwrap();
    for (name, first, total) in [("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)] {
        let found = of(name);
        assert!((found.first_order - first).abs() < 0.02, "{name}: {} is not {first}", found.first_order);
        assert!((found.total - total).abs() < 0.02, "{name}: {} is not {total}", found.total);
    }
    assert_eq!(told.iter().map(|influence| influence.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_tornado_stands_where_all_figures_are_in_the_middle() {
    let model = read(
        "a = 2 to 8 EUR\nb = uniform(0 EUR, 10 EUR)\ndecision size = 1, 3\nresult y in EUR = (a + b) * size",
    );
    let run = Run { trials: 100, ..Run::default() };
    let of = |run: &Run| at_medians(&model, 0, run, &Watch::default()).unwrap();
    // The median of 2 to 8 as a lognormal is their geometric mean.
    assert!((of(&run) - 9.0).abs() < 1e-9, "{}", of(&run));
    let tripled = Run { choice: std::collections::BTreeMap::from([("size".to_owned(), 1)]), ..run.clone() };
    assert!((of(&tripled) - 27.0).abs() < 1e-9);
    for influence in influences(&model, 0, &run, &Watch::default()).unwrap() {
        assert!(influence.at_low < of(&run) && of(&run) < influence.at_high, "{influence:?}");
    }
    assert!(at_medians(&model, 9, &run, &Watch::default()).unwrap().is_nan());
}

#[test]
fn correlated_figures_go_together_by_their_ranks() {
    let model = read(
        "demand = 100 to 200 pcs\nprice = pert(1 EUR, 2 EUR, 5 EUR)\ncorrelate demand, price = -60 %\n\
         result income = demand * price\nresult d = demand\nresult p = price",
    );
    let run = Run { trials: 100_000, ..Run::default() };
    let figures = model.run(&run, &Watch::default()).unwrap();
    let order = |trials: &[f64]| {
        let mut order: Vec<usize> = (0..trials.len()).collect();
        order.sort_by(|one, other| trials[*one].total_cmp(&trials[*other]));
        let mut ranks = vec![0.0; trials.len()];
        for (rank, at) in order.into_iter().enumerate() {
            ranks[at] = rank as f64;
        }
        ranks
    };
    let (one, other) = (order(&figures[1].trials), order(&figures[2].trials));
    let middle = (one.len() as f64 - 1.0) / 2.0;
    let product: f64 = one.iter().zip(&other).map(|(one, other)| (one - middle) * (other - middle)).sum();
    let square: f64 = one.iter().map(|one| (one - middle) * (one - middle)).sum();
    assert!((product / square + 0.6).abs() < 0.01, "{}", product / square);
    assert_eq!(
        fault_of(
            "a = 1 to 2\nb = 1 to 2\nc = 1 to 2\ncorrelate a, b = 0.9\ncorrelate b, c = 0.9\ncorrelate a, c = -0.9\nresult x = a + b + c"
        ),
        "line 4, column 18: these correlations contradict each other"
    );
    assert_eq!(
        fault_of("a = 1 to 2\nb = a * 2\ncorrelate a, b = 0.9\nresult x = b"),
        "line 3, column 14: «b» is not drawn by chance from one distribution, so nothing is correlated with it"
    );
}

#[test]
fn the_same_bits_come_of_every_number_of_threads() {
    let model = read(
        "index p = a, b\nhorizon 20 days step 1 day\ndemand[p] = 10 to 30 pcs/day\nnoise = each_step(normal(0, 0.1))\n\
         stock left[p] = 500 pcs, change -demand * (1 + noise)\nquality = beta(20, 2)\n\
         result short = sum(last(left) over p) * quality\nresult low = sum(lowest(left) over p)",
    );
    let go = |threads| {
        let run = Run { trials: 20_000, threads, seed: 9, ..Run::default() };
        model.run(&run, &Watch::default()).unwrap()
    };
    let bits = |figures: &[Figures]| -> Vec<u64> {
        figures
            .iter()
            .flat_map(|figures| figures.trials.iter().chain([&figures.mean, &figures.deviation]))
            .map(|value| value.to_bits())
            .collect()
    };
    let one = bits(&go(1));
    assert!(bits(&go(2)) == one && bits(&go(7)) == one);
}

#[test]
fn more_trials_are_the_same_ones_and_more() {
    let model = read("a = 1 to 9\nresult x = a");
    let go =
        |trials| model.run(&Run { trials, ..Run::default() }, &Watch::default()).unwrap().remove(0).trials;
    assert_eq!(go(100), go(10_000)[..100]);
}

#[test]
fn other_figures_do_not_change_what_is_drawn() {
    let one = results("a = 1 to 9\nresult x = a").remove(0).trials;
    let other =
        results("b = 3 to 4\nc = normal(0, 1)\na = 1 to 9\nresult x = a\nresult y = b + c").remove(0).trials;
    assert_eq!(one, other);
}

#[test]
fn figures_may_be_named_before_they_are_told() {
    // What a draw is made of may itself be drawn, further down in the text.
    let told = |text: &str| with(text, &Run { trials: 2_000, ..Run::default() }).remove(0).trials;
    let later = "horizon 3 s step 1 s\nnoise = each_step(normal(mean, 0.001))\nresult x = last(noise)\nmean = 2 to 10";
    let sooner = "horizon 3 s step 1 s\nmean = 2 to 10\nnoise = each_step(normal(mean, 0.001))\nresult x = last(noise)";
    assert!(told(later) == told(sooner), "the order of the text changes what is drawn");
    let model = read("a = normal(b, 1)\nc = 1 to 2\ncorrelate a, c = 0.5\nresult x = a + c\nb = 2 to 10");
    let hangs_on = influences(&model, 0, &Run::default(), &Watch::default()).unwrap();
    assert_eq!(hangs_on.len(), 3, "{hangs_on:?}");
}

#[test]
fn a_cancelled_run_tells_nothing() {
    let watch = Watch::default();
    watch.is_cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
    let run = Run { trials: 100_000, ..Run::default() };
    assert_eq!(read("a = 1 to 2\nresult x = a").run(&run, &watch), Err(RunFault::Cancelled));
}

#[test]
fn a_formatted_model_says_the_same_and_stays_as_it_is() {
    let text = "# For the plant\nmodel   \"Key supplier\"\n\n\nhorizon 52 weeks step 1 week method rk4\nunit pallet = 40 pcs # ours\n\
                index product = pump,gear\ndecision buffer = \"none\":0 pcs , 100 pcs\n\
                demand[product]=(10 to 30) * 1 pcs/week from erp \"SAP, 2026-11-30\"\n\
                disruption gone: probability 4 %, start 0 weeks + uniform(0, 52) * 1 week, lasts 8 to 30 weeks, recovers 4 weeks\n\
                stock left[product] = buffer*2, change (1 - gone) * demand - demand\n\
                correlate demand, demand2 = -0.3\ndemand2[product] = normal(mean: 3, deviation: 1)\n\
                result worst in pallet = -(-(sum(lowest(left) over product))), lower is better\n\
                result odd = if (1 + 2) * 3 > 2 - (3 - 4) and not (yes or no) then 1 else (2 ^ 3) ^ 2\n# The end\n";
    let text = text.replace("demand[product]=(10 to 30) * 1 pcs/week", "demand[product]=10 to 30 pcs/week");
    let model = read(&text);
    let formatted = model.formatted();
    assert_eq!(format(&formatted).unwrap(), formatted);
    assert!(formatted.starts_with("# For the plant\nmodel \"Key supplier\"\n\nhorizon 52 weeks step 1 week method rk4\nunit pallet = 40 pcs  # ours\n"), "{formatted}");
    let go = |model: &Model| model.run(&Run { trials: 500, ..Run::default() }, &Watch::default()).unwrap();
    assert_eq!(go(&model), go(&read(&formatted)));
}

#[test]
fn evenly_spread_trials_come_nearer_the_truth() {
    // The mean of «2 to 10» is 5.04069; a thousand trials by chance are off by about 0.083.
    let model = read("a = 2 to 10\nb = uniform(0, 1)\nresult x = a + b");
    let off = |spread, seed| {
        let run = Run { trials: 4_096, spread, seed, ..Run::default() };
        (model.run(&run, &Watch::default()).unwrap()[0].mean - 5.540_69).abs()
    };
    let mean_off = |spread| (1..=8).map(|seed| off(spread, seed)).sum::<f64>() / 8.0;
    let (by_chance, evenly) = (mean_off(Spread::ByChance), mean_off(Spread::Even));
    assert!(evenly < by_chance / 10.0, "{evenly} beside {by_chance}");
}

/// Words and signs that a model is made of.
const PIECES: &[&str] = &[
    "a",
    "b",
    "c",
    "p",
    "x",
    "=",
    "=",
    "\n",
    "\n",
    "result",
    "stock",
    "index",
    "decision",
    "disruption",
    "correlate",
    "horizon",
    "step",
    "unit",
    "in",
    "from",
    "to",
    "over",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "yes",
    "change",
    "probability",
    "start",
    "lasts",
    "asked",
    "between",
    "tag",
    "1",
    "2",
    "0.5",
    "10",
    "1e300",
    "-",
    "+",
    "*",
    "/",
    "^",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "%",
    "EUR",
    "weeks",
    "pcs",
    "time",
    "sum",
    "max",
    "normal",
    "beta",
    "poisson",
    "chance",
    "total",
    "last",
    "each_step",
    "discrete",
    "sample",
    "\"text\"",
    "# remark",
    "<",
    "!=",
    ".",
    "model",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_written_is_read_or_refused(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        let text = pieces.join(" ");
        if let Ok(formatted) = format(&text) {
            proptest::prop_assert_eq!(format(&formatted).ok(), Some(formatted.clone()), "{}", text);
        }
        if let Ok(model) = Model::read(&text) {
            let run = Run { trials: 3, ..Run::default() };
            let _told = model.run(&run, &Watch::default());
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in ".{0,200}") {
        let _read = Model::read(&text);
    }
}
