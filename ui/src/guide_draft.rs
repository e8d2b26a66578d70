//! What is typed into the form of a step, as the guide keeps it.

use millwright_model::{Evidence, GuidePart, StepForm, Wording, Words};

use crate::figure;

/// Something to be recorded that the step's own title says.
pub(crate) fn plain(form: StepForm) -> Evidence {
    Evidence { title: Words::default(), form, names_instrument: false }
}

/// Says a text in one language; an empty one is said no more.
pub(crate) fn say(words: &mut Words, language: &str, text: &str, of_revision: Option<i64>) {
    if text.trim().is_empty() {
        words.0.remove(language);
        return;
    }
    let before =
        words.0.get(language).filter(|wording| wording.text == text).and_then(|wording| wording.of_revision);
    words
        .0
        .insert(language.to_owned(), Wording { text: text.to_owned(), of_revision: before.or(of_revision) });
}

/// Adds one to a list, or takes it out.
pub(crate) fn toggle<T: PartialEq>(list: &mut Vec<T>, one: T) {
    match list.iter().position(|here| *here == one) {
        Some(place) => drop(list.remove(place)),
        None => list.push(one),
    }
}

/// `SEAL-45 × 2`, or a number alone for one.
pub(crate) fn part(said: &str) -> Option<GuidePart> {
    let (number, count) = match said.rsplit_once('×') {
        Some((number, count)) => (number, figure::typed_number(count)?),
        None => (said, 1.0),
    };
    let number = number.trim();
    (!number.is_empty()).then(|| GuidePart { number: number.to_owned(), count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_people_write_them() {
        let read = |said: &str| part(said).map(|part| (part.number, part.count));
        assert_eq!(read(" SEAL-45 × 2 "), Some(("SEAL-45".to_owned(), 2.0)));
        assert_eq!(read("O-RING"), Some(("O-RING".to_owned(), 1.0)));
        assert_eq!(read("  "), None);
    }

    #[test]
    fn a_translation_keeps_the_revision_that_it_was_made_from_until_it_is_written_anew() {
        let mut words = Words::of("en", "Isolate the pump");
        say(&mut words, "de", "Pumpe freischalten", Some(3));
        say(&mut words, "de", "Pumpe freischalten", Some(4));
        assert_eq!(words.0["de"].of_revision, Some(3));
        say(&mut words, "de", "Die Pumpe freischalten", Some(4));
        assert_eq!(words.0["de"].of_revision, Some(4));
        say(&mut words, "de", " ", Some(4));
        assert!(!words.0.contains_key("de"));
    }
}
