//! The choices for found and done that come with the app, in the person's language.

use millwright_model::FindingCode;

use crate::text;

/// What a choice says. One that the plant wrote itself is shown as it is, also where it took a code of ours.
pub(crate) fn choice(choice: &FindingCode) -> String {
    shipped(&choice.code, &choice.text).map_or_else(|| choice.text.clone(), str::to_owned)
}

fn shipped(code: &str, words: &str) -> Option<&'static str> {
    Some(match (code, words) {
        ("BRD", "Breakdown") => text::code_brd(),
        ("ELP", "External leakage, process medium") => text::code_elp(),
        ("ELU", "External leakage, utility medium") => text::code_elu(),
        ("ELU", "External leakage, oil") => text::code_elu_oil(),
        ("ELU", "External leakage, hydraulic oil") => text::code_elu_hydraulic(),
        ("INL", "Internal leakage") => text::code_inl(),
        ("VIB", "Vibration") => text::code_vib(),
        ("NOI", "Noise") => text::code_noi(),
        ("OHE", "Overheating") => text::code_ohe(),
        ("LOO", "Low output") => text::code_loo(),
        ("FTS", "Failure to start on demand") => text::code_fts(),
        ("FTS", "Fails to start on demand") => text::code_fts_short(),
        ("FTF", "Fails to function on demand") => text::code_ftf(),
        ("STP", "Fails to stop on demand") => text::code_stp(),
        ("SPS", "Spurious stop") => text::code_sps(),
        ("STD", "Structural deficiency") => text::code_std(),
        ("AIR", "Abnormal instrument reading") => text::code_air(),
        ("PDE", "Parameter deviation") => text::code_pde(),
        ("PLU", "Plugged or choked") => text::code_plu(),
        ("BTR", "Belt runs off its track") => text::code_btr(),
        ("BSL", "Belt slips") => text::code_bsl(),
        ("CON", "Contaminated oil") => text::code_con(),
        ("SER", "Minor in-service problem") => text::code_ser(),
        ("NON", "Nothing found") => text::code_non(),
        ("NON", "Nothing wrong found") => text::code_non_wrong(),
        ("REPL", "Replaced") => text::code_repl(),
        ("REPA", "Repaired") => text::code_repa(),
        ("ADJU", "Adjusted") => text::code_adju(),
        ("REFI", "Refitted") => text::code_refi(),
        ("LUBE" | "LUBR", "Lubricated") => text::code_lube(),
        ("CLEA", "Cleaned") => text::code_clea(),
        ("CHEC", "Checked") => text::code_chec(),
        ("TEST", "Tested") => text::code_test(),
        ("INSP", "Inspected") => text::code_insp(),
        ("COMB", "Several of these") => text::code_comb(),
        ("COMB", "Combination") => text::code_comb_short(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use millwright_model::DemoFindingCode;

    use super::*;

    #[test]
    fn every_choice_that_comes_with_the_app_is_in_the_catalogue() {
        for list in [
            include_str!("../../assets/finding-codes.json"),
            include_str!("../../assets/demo/finding_codes.json"),
        ] {
            let codes: Vec<DemoFindingCode> = serde_json::from_str(list).unwrap();
            assert!(codes.len() > 20);
            for DemoFindingCode { code, text, .. } in codes {
                assert_eq!(shipped(&code, &text), Some(text.as_str()), "{code}");
            }
        }
    }

    #[test]
    fn what_a_plant_wrote_itself_is_no_choice_of_ours() {
        assert_eq!(shipped("VIB", "Vibration over 4 mm/s"), None);
        assert_eq!(shipped("X17", "Vibration"), None);
    }
}
