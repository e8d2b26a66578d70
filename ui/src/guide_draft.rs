//! What is typed into the form of a step, as the guide keeps it.

use millwright_model::{Evidence, GuidePart, Hazard, ShowHow, StepForm, TagBindingId, Wording, Words};

use crate::figure;
use crate::text;
use millwright_step_scene::MachineFacts;

/// A direction in which a part is moved, as one who stands before the machine says it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// +Y.
    Up,
    /// -Y.
    Down,
    /// -X.
    Left,
    /// +X.
    Right,
    /// +Z.
    Near,
    /// -Z.
    Away,
}

impl Way {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [Self::Up, Self::Down, Self::Left, Self::Right, Self::Near, Self::Away];
    /// How far a part is moved where nobody said otherwise, in metres.
    pub(crate) const USUAL_M: f64 = 0.1;

    /// Its name in tests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Left => "left",
            Self::Right => "right",
            Self::Near => "near",
            Self::Away => "away",
        }
    }

    /// In words.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Up => text::body_up(),
            Self::Down => text::body_down(),
            Self::Left => text::body_left(),
            Self::Right => text::body_right(),
            Self::Near => text::body_near(),
            Self::Away => text::body_away(),
        }
    }

    /// So far along it, in the machine's frame.
    pub(crate) fn along_m(self, length_m: f64) -> [f64; 3] {
        match self {
            Self::Up => [0.0, length_m, 0.0],
            Self::Down => [0.0, -length_m, 0.0],
            Self::Left => [-length_m, 0.0, 0.0],
            Self::Right => [length_m, 0.0, 0.0],
            Self::Near => [0.0, 0.0, length_m],
            Self::Away => [0.0, 0.0, -length_m],
        }
    }

    /// The direction that a way in the machine's frame goes most, and how long it is in metres.
    pub(crate) fn of(along_m: [f64; 3]) -> (Self, f64) {
        let length_m = along_m.iter().map(|part| part * part).sum::<f64>().sqrt();
        let nearest = |way: &Self| -> f64 { way.along_m(1.0).iter().zip(along_m).map(|(a, b)| a * b).sum() };
        let way = Self::ALL.into_iter().max_by(|a, b| nearest(a).total_cmp(&nearest(b)));
        (way.unwrap_or(Self::Up), if length_m > 0.0 { length_m } else { Self::USUAL_M })
    }
}

/// The movements that can be played for a part: those that move it or what it hangs on; where there are none, all.
pub(crate) fn movements_of(facts: &MachineFacts, part: &str) -> Vec<String> {
    let mut line = Vec::new();
    let mut here = facts.parts.iter().position(|one| one.name == part);
    while let Some(place) = here.filter(|_| line.len() <= facts.parts.len()) {
        let Some(one) = facts.parts.get(place) else { break };
        line.push(one.name.as_str());
        here = one.parent;
    }
    let moves = |moved: &[String]| moved.iter().any(|moved| line.contains(&moved.as_str()));
    let own: Vec<String> = facts
        .animations
        .iter()
        .filter(|movement| moves(&movement.parts))
        .map(|movement| movement.name.clone())
        .collect();
    if own.is_empty() { facts.animations.iter().map(|movement| movement.name.clone()).collect() } else { own }
}

/// How a part can be shown, with its words and its name in tests; what needs a movement or a tag is offered where there is
/// one.
pub(crate) fn hows(
    torque_nm: f64,
    hazard: Hazard,
    movement: Option<String>,
    tag_binding_id: Option<TagBindingId>,
) -> Vec<(ShowHow, &'static str, &'static str)> {
    let along_m = Way::Up.along_m(Way::USUAL_M);
    let mut hows = vec![
        (ShowHow::Highlight, text::show_highlight(), "highlight"),
        (ShowHow::Outline, text::show_outline(), "outline"),
        (ShowHow::XRay, text::show_xray(), "xray"),
        (ShowHow::Ghost, text::show_ghost(), "ghost"),
        (ShowHow::Removed, text::show_removed(), "removed"),
        (ShowHow::Tighten { torque_nm }, text::show_tighten(), "tighten"),
        (ShowHow::Turn { clockwise: false }, text::show_turn(), "turn"),
        (ShowHow::Move { along_m }, text::show_move(), "move"),
    ];
    // There is something to put back where there are movements.
    hows.extend(movement.is_some().then(|| (ShowHow::PutBack, text::show_put_back(), "put-back")));
    let play = movement.map(|animation| (ShowHow::Play { animation }, text::show_play(), "play"));
    let value = tag_binding_id.map(|id| (ShowHow::Value { tag_binding_id: id }, text::show_value(), "value"));
    hows.extend(play.into_iter().chain(value));
    hows.push((ShowHow::Zone { hazard, radius_m: 0.5 }, text::show_zone(), "zone"));
    hows
}

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
    fn a_way_is_said_as_one_who_stands_before_the_machine_says_it() {
        for way in Way::ALL {
            assert_eq!(Way::of(way.along_m(0.25)), (way, 0.25));
        }
        assert_eq!(Way::of([0.1, 0.3, -0.1]).0, Way::Up, "the way that it goes most");
    }

    #[test]
    fn a_part_is_offered_the_movements_that_move_it_or_what_it_hangs_on() {
        use millwright_step_scene::{Movement, PartFacts};
        let part = |name: &str, parent| PartFacts { name: name.to_owned(), parent };
        let movement = |name: &str, part: &str| Movement {
            name: name.to_owned(),
            duration_s: 1.0,
            parts: vec![part.to_owned()],
        };
        let facts = MachineFacts {
            parts: vec![part("cover", None), part("seal", Some(0)), part("motor", None)],
            animations: vec![movement("cover-off", "cover"), movement("fan-off", "fan")],
            bounds_m: None,
        };
        assert_eq!(movements_of(&facts, "seal"), ["cover-off"]);
        assert_eq!(
            movements_of(&facts, "motor"),
            ["cover-off", "fan-off"],
            "none is its own: all are offered"
        );
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
