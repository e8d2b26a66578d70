//! What the comparisons with others claim of Millwright leads to tests that exist.

use millwright_tests::workspace;

/// Claims of ours in a table of `docs`: the last cell of every row.
fn claims(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join("docs").join(name)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    rows.map(|row| row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap().to_owned()).collect()
}

fn leads_to_a_test(claim: &str) {
    let link = claim.strip_prefix("yes: [").and_then(|rest| rest.split_once("](")?.1.strip_suffix(')'));
    let (file, test) =
        link.and_then(|link| link.split_once('#')).unwrap_or_else(|| panic!("no link to a test: {claim}"));
    let code = std::fs::read_to_string(workspace().join("docs").join(file))
        .unwrap_or_else(|_| panic!("{file} is not there: {claim}"));
    assert!(code.contains(&format!("fn {test}(")), "«{test}» is not in {file}");
}

#[test]
fn every_yes_of_ours_leads_to_a_test_that_is_there() {
    let claims = claims("comparison.md");
    assert!(claims.len() >= 20, "the table is there");
    claims.iter().for_each(|claim| leads_to_a_test(claim));
}

#[test]
fn every_yes_of_guidance_leads_to_a_test_and_every_other_claim_says_what_is_missing() {
    let claims = claims("guidance.md");
    assert!(claims.len() >= 20, "the table is there");
    for claim in claims {
        match claim.strip_prefix("not yet: ") {
            Some(missing) => assert!(!missing.trim().is_empty(), "what is missing is said"),
            None => leads_to_a_test(&claim),
        }
    }
}

#[test]
fn every_yes_of_planning_leads_to_a_test_and_what_is_missing_is_said() {
    let claims = claims("planning.md");
    assert!(claims.len() >= 30, "both tables are there");
    for claim in claims {
        let is_said = |missing: &str| assert!(!missing.trim().is_empty(), "what is missing is said");
        if let Some(missing) = claim.strip_prefix("not yet: ") {
            is_said(missing);
        } else if let Some(rest) = claim.strip_prefix("partly: ") {
            let (link, missing) = rest.split_once("; not yet: ").unwrap_or((rest, ""));
            is_said(missing);
            leads_to_a_test(&format!("yes: {link}"));
        } else {
            leads_to_a_test(&claim);
        }
    }
}
