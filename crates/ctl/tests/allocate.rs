//! Allocations at a terminal: solved, compared with what was, and refused with what to do.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use serde_json::json;

/// Two products; `docs/allocation.md` is the other one.
const TWO: &str = "unit = \"EUR\"\n[[resource]]\nname = \"Time\"\ncapacity = 3\nunit = \"h\"\n\
    [[activity]]\nname = \"X\"\nuses = { Time = 1 }\ngain = 10\nmost = 2\n\
    [[activity]]\nname = \"Y\"\nuses = { Time = 1 }\ngain = 9\n";

#[cfg(feature = "solver")]
#[test]
fn the_example_of_the_reference_comes_out_as_it_says() {
    let reference = include_str!("../../../docs/allocation.md");
    let block = |kind: &str| {
        let (_, after) = reference.split_once(&format!("```{kind}\n")).unwrap();
        after.split_once("```").unwrap().0.to_owned()
    };
    let device = Terminal::new();
    device.write("week.toml", &block("toml"));
    assert_eq!(device.says(&["allocate", "week.toml"]), block("text"));
}

#[cfg(feature = "solver")]
#[test]
fn a_problem_in_json_is_the_same_and_what_moved_is_told() {
    let device = Terminal::new();
    device.write("two.toml", TWO);
    let two = json!({
        "unit": "EUR",
        "resources": [{"name": "Time", "capacity": 2, "unit": "h"}],
        "activities": [
            {"name": "X", "uses": {"Time": 1}, "gain": 10, "most": 2},
            {"name": "Y", "uses": {"Time": 1}, "gain": 9},
        ],
    });
    device.write("less.json", &two.to_string());
    let told = device.json("allocation", &["allocate", "two.toml"]);
    assert_eq!((&told["value"], &told["checked"]), (&json!(29.0), &json!({"kind": "by-proof"})));
    assert_eq!(told["limits"][0]["worth"], json!({"kind": "per-unit", "better_by": 9.0}));
    let said = device.says(&["allocate", "less.json", "--before", "two.toml"]);
    assert!(said.contains("changed\tresource «Time»: capacity\t3 → 2"), "{said}");
    assert!(said.contains("moved\tgain\t29 → 20") && said.contains("moved\tdo Y\t1 → 0"), "{said}");
}

#[cfg(feature = "solver")]
#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let device = Terminal::new();
    device.write("endless.toml", &TWO.replace("uses = { Time = 1 }\ngain = 9", "gain = 9"));
    let (code, said) = device.run(&["allocate", "endless.toml"]);
    assert_eq!(code, Some(5));
    assert_eq!(
        said.trim(),
        "millwrightctl: endless.toml: there is no end to «Y»: say the most of it, or what it uses"
    );
    let wanted = "[[demand]]\nname = \"Anna\"\namount = 5\nunit = \"pcs\"\nmet_by = { X = 1, Y = 1 }\n";
    device.write("much.toml", &format!("{TWO}{wanted}"));
    let (code, said) = device.run(&["allocate", "much.toml"]);
    assert_eq!(code, Some(6));
    assert!(said.contains("demand «Anna» lacks 2 pcs") && said.contains("give demands a priority"), "{said}");
}

#[test]
fn what_is_no_problem_is_refused_at_its_place() {
    let device = Terminal::new();
    let refused = |name: &str, text: &str| {
        device.write(name, text);
        let (code, said) = device.run(&["allocate", name]);
        assert_eq!(code, Some(5), "{said}");
        said.trim().to_owned()
    };
    let said = refused("twice.toml", &TWO.replace("name = \"Y\"", "name = \"X\""));
    assert_eq!(said, "millwrightctl: twice.toml: activity «X»: must be there only once");
    let said = refused("letters.toml", &TWO.replace("gain = 10", "gain = \"ten\""));
    assert!(said.starts_with("millwrightctl: letters.toml: line 9: invalid type"), "{said}");
    let said = refused("broken.json", "{\"activities\": [}");
    assert!(said.starts_with("millwrightctl: broken.json: ") && said.contains("line 1"), "{said}");
    assert_eq!(device.refuses(&["allocate", "gone.toml"]), (Some(5), json!("invalid")));
}

#[cfg(not(feature = "solver"))]
#[test]
fn without_a_solver_a_problem_is_read_and_that_is_said() {
    let device = Terminal::new();
    device.write("two.toml", TWO);
    assert_eq!(device.refuses(&["allocate", "two.toml"]), (Some(6), json!("precondition")));
}
