//! What the comparison with others claims of Millwright leads to tests that exist.

use millwright_tests::workspace;

#[test]
fn every_yes_of_ours_leads_to_a_test_that_is_there() {
    let folder = workspace().join("docs");
    let text = std::fs::read_to_string(folder.join("comparison.md")).unwrap();
    let rows: Vec<&str> =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |")).collect();
    assert!(rows.len() >= 20, "the table is there");
    for row in rows {
        let claim = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap();
        let link = claim.strip_prefix("yes: [").and_then(|rest| rest.split_once("](")?.1.strip_suffix(')'));
        let (file, test) =
            link.and_then(|link| link.split_once('#')).unwrap_or_else(|| panic!("no link to a test: {row}"));
        let code = std::fs::read_to_string(folder.join(file))
            .unwrap_or_else(|_| panic!("{file} is not there: {row}"));
        assert!(code.contains(&format!("fn {test}(")), "«{test}» is not in {file}");
    }
}
