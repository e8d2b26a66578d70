//! Models of scenarios at a terminal: run, compared, explained, and refused at the place where they are wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use serde_json::json;

const SUPPLIER: &str = "model \"The seal's only supplier stops\"
horizon 52 weeks step 1 week
decision stock = \"as now\": 40 pcs, \"doubled\": 80 pcs
demand = 3 to 6 pcs/week
disruption stop: probability 100 %, start 0 weeks, lasts 8 to 30 weeks, recovers 4 weeks
supply = 5 pcs/week * (1 - stop)
used = min(demand, supply + max(held, 0 pcs) / 1 week)
stock held = stock, change supply - used
result missing in pcs = total(demand - used), lower is better
";

fn written() -> Terminal {
    let device = Terminal::new();
    // A figure may not be called like a word of the language.
    device.write(
        "supplier.model",
        &SUPPLIER.replace("decision stock", "decision buffer").replace("= stock,", "= buffer,"),
    );
    device
}

#[test]
fn a_run_tells_percentiles_and_the_same_ones_again() {
    let device = written();
    let words = ["scenario", "run", "supplier.model", "--trials", "5000", "--seed", "7"];
    let told = device.json("scenario-run", &words);
    assert_eq!((&told["title"], &told["trials"]), (&json!("The seal's only supplier stops"), &json!(5000)));
    let missing = &told["results"][0];
    assert_eq!((&missing["name"], &missing["unit"]), (&json!("missing"), &json!("pcs")));
    let percentiles: Vec<f64> =
        missing["percentiles"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    assert!(percentiles.windows(2).all(|pair| pair[0] <= pair[1]) && percentiles[6] > 0.0, "{told}");
    let mut alone = words.to_vec();
    alone.extend(["--threads", "1"]);
    assert_eq!(device.json("scenario-run", &alone), told);
    assert!(device.says(&words).starts_with("missing\tmean "));
}

#[test]
fn more_stock_leaves_less_missing_and_the_stop_is_what_it_hangs_on() {
    let device = written();
    let told =
        device.json("scenario-compare", &["scenario", "compare", "supplier.model", "--trials", "2000"]);
    assert_eq!(told["options"][1]["options"]["buffer"], json!("doubled"));
    assert_eq!(told["best"], json!(1));
    assert!(told["options"][1]["better_by"].as_f64().unwrap() > 5.0, "{told}");
    let doubled = ["scenario", "run", "supplier.model", "--trials", "2000", "--choose", "buffer=2"];
    let run = device.json("scenario-run", &doubled);
    assert_eq!(run["results"][0]["mean"], told["options"][1]["figures"][0]["mean"]);
    let told = device
        .json("scenario-sensitivity", &["scenario", "sensitivity", "supplier.model", "--result", "missing"]);
    assert_eq!(told[0]["name"], json!("demand"));
    assert!(told[0]["at_low"].as_f64().unwrap() <= told[0]["at_high"].as_f64().unwrap());
}

#[test]
fn what_is_wrong_is_said_with_its_file_and_place() {
    let device = Terminal::new();
    device.write("wrong.model", "a = 3 weeks\nresult x = a + 2 EUR\n");
    let (code, said) = device.run(&["scenario", "run", "wrong.model"]);
    assert_eq!(code, Some(5));
    assert_eq!(
        said.trim(),
        "millwrightctl: wrong.model: line 2, column 12: weeks and EUR do not go together"
    );
    device.write("right.model", "result x = 1\n");
    let no_such = ["scenario", "run", "right.model", "--choose", "buffer=2"];
    assert_eq!(device.refuses(&no_such), (Some(5), json!("invalid")));
    assert_eq!(device.refuses(&["scenario", "run", "gone.model"]), (Some(5), json!("invalid")));
    assert_eq!(
        device.refuses(&["scenario", "run", "right.model", "--trials", "0"]),
        (Some(5), json!("invalid"))
    );
}

#[test]
fn a_model_is_formatted_in_one_way() {
    let device = Terminal::new();
    device.write("loose.model", "a=1   to 2 # guess\nresult   x=(a)\n");
    assert_eq!(device.says(&["scenario", "format", "loose.model"]), "a = 1 to 2  # guess\nresult x = a\n");
}

#[test]
fn what_is_asked_and_what_changed_is_told() {
    let device = Terminal::new();
    device
        .write("old.model", "price = 10 EUR asked \"What does one cost?\"\nresult cost in EUR = price * 3\n");
    device
        .write("new.model", "price = 12 EUR asked \"What does one cost?\"\nresult cost in EUR = price * 3\n");
    let asked = device.json("scenario-questions", &["scenario", "questions", "new.model"]);
    assert_eq!((&asked[0]["name"], &asked[0]["unit"]), (&json!("price"), &json!("EUR")));
    assert_eq!(asked[0]["answer"], json!({"figure": 12.0}));
    let changed = device.json("scenario-changes", &["scenario", "changes", "old.model", "new.model"]);
    assert_eq!((&changed[0]["name"], &changed[0]["moved"]), (&json!("price"), &json!(6.0)));
    assert_eq!(changed.as_array().unwrap().len(), 1);
}
