//! The brief as Markdown: tables that a plain reader shows, and nothing of what people wrote taken for marks.

use millwright_model::*;

use super::Reader;
use super::page::{
    assumption_rows, baseline, compared_by, option_heads, option_rows, option_words, outcomes, signpost_rows,
};
use super::picture::strongest;
use super::say::{Say, readable};
use crate::use_case::paper::words::filled;

/// Writes a brief as Markdown.
pub fn markdown(brief: &ScenarioBrief, reader: &Reader) -> String {
    let say = Say::new(&reader.language, &reader.zone);
    let mut lines = vec![format!("# {}: {}", say.words.scenario(), escaped(&brief.name))];
    let mut paragraph = |text: String| {
        lines.push(String::new());
        lines.push(text);
    };
    if !brief.question.is_empty() {
        paragraph(escaped(&brief.question));
    }
    paragraph(
        [
            fact(say.words.baseline(), &baseline(brief, &say)),
            fact(say.words.compared_by(), &compared_by(brief, &say)),
            fact(say.words.trials(), &say.given(brief.picture.trials as f64)),
        ]
        .join("\n"),
    );
    paragraph(format!("## {}", say.words.results()));
    let rows = option_rows(brief, &say);
    paragraph(table(&option_heads(brief, &say), rows.into_iter().map(|(cells, _)| cells)));
    option_words(brief, &say).iter().for_each(|text| paragraph(escaped(text)));
    if !brief.picture.is_truth {
        paragraph(escaped(say.words.how_to_read()));
    }
    paragraph(format!("## {}", say.words.moves()));
    paragraph(escaped(&strongest(brief, &say)));
    if !brief.influences.is_empty() {
        let result = say.result(&brief.picture);
        paragraph(escaped(&filled(say.words.moves_says(), &[("result", &result)])));
        paragraph(influences(brief, &say));
    }
    paragraph(format!("## {}", say.words.decision()));
    decision(brief, &say).into_iter().for_each(&mut paragraph);
    paragraph(format!("## {}", say.words.signposts()));
    if brief.signposts.is_empty() {
        paragraph(say.words.no_signposts().to_owned());
    } else {
        let heads = [say.words.meaning(), say.words.tag(), say.words.threshold(), say.words.standing()];
        paragraph(table(&heads, signpost_rows(brief, &say).into_iter().map(Vec::from)));
    }
    paragraph(format!("## {}", say.words.assumptions()));
    let heads =
        [say.words.figure(), say.words.answer(), say.words.unit(), say.words.origin(), say.words.remarks()];
    paragraph(table(&heads, assumption_rows(brief, &say).into_iter().map(Vec::from)));
    let made = filled(say.words.made(), &[("at", &say.voice.moment(brief.made_at))]);
    let foot = [brief.plant.clone(), made].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    paragraph(escaped(&foot.join(" \u{b7} ")));
    lines.join("\n") + "\n"
}

fn influences(brief: &ScenarioBrief, say: &Say) -> String {
    let heads = [say.words.figure(), say.words.low(), say.words.high(), say.words.share()];
    let rows = brief.influences.iter().map(|influence| {
        let figure = |value: f64| say.of_result(&brief.picture, value);
        let share = say.percent(influence.total.clamp(0.0, 1.0));
        vec![readable(&influence.name), figure(influence.at_low), figure(influence.at_high), share]
    });
    table(&heads, rows)
}

fn decision(brief: &ScenarioBrief, say: &Say) -> Vec<String> {
    let Some(decided) = &brief.decided else { return vec![say.words.undecided().to_owned()] };
    let mut said = vec![format!("**{}**", escaped(&say.choice(&decided.choice)))];
    let mut facts =
        vec![fact(say.words.decided(), &say.at_by(decided.decided_at, decided.decided_by.as_deref()))];
    facts.extend(decided.owner.as_ref().map(|owner| fact(say.words.owner(), owner)));
    facts.extend(decided.review_on.map(|day| fact(say.words.review(), &say.voice.day(day))));
    facts.extend(outcomes(decided, say).iter().map(|line| fact(say.words.came(), line)));
    said.push(facts.join("\n"));
    if !decided.reason.is_empty() {
        said.push(escaped(&decided.reason));
    }
    said
}

pub(in crate::use_case) fn fact(name: &str, value: &str) -> String {
    format!("- {name}: {}", cell(value))
}

pub(in crate::use_case) fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| cell(head)).collect();
    let mut lines = vec![line(&heads), line(&vec!["---".to_owned(); heads.len()])];
    lines.extend(rows.map(|cells| line(&cells.iter().map(|one| cell(one)).collect::<Vec<_>>())));
    lines.join("\n")
}

/// A text of one line, as a cell of a table has it.
fn cell(text: &str) -> String {
    inline(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text of any lines, none of which begins like a heading or an item of a list.
pub(in crate::use_case) fn escaped(text: &str) -> String {
    let line = |line: &str| {
        let line = line.trim_start();
        let begins_as_a_number = line.split_once(['.', ')']).is_some_and(|(number, rest)| {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number && (rest.is_empty() || rest.starts_with(' '))
        });
        if begins_as_a_number {
            return inline(line).replacen('.', "\\.", 1).replacen(')', "\\)", 1);
        }
        if line.starts_with(['#', '-', '+', '=']) { format!("\\{}", inline(line)) } else { inline(line) }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A text in which nothing is a mark of Markdown or HTML.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_wrote_is_taken_for_a_mark() {
        assert_eq!(escaped("# no head\n1. no list\n- none"), "\\# no head\n1\\. no list\n\\- none");
        assert_eq!(escaped("<b> a|b *c* [d](e) f_g"), "\\<b\\> a\\|b \\*c\\* \\[d\\](e) f\\_g");
        assert_eq!(cell("two\nlines | here"), "two lines \\| here");
        assert_eq!(escaped("3.5 stays"), "3.5 stays");
    }
}
