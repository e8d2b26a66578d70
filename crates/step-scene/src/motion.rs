//! How the parts of a machine stand in a step: what earlier steps moved stays so, and what this one moves is played.

use std::collections::BTreeSet;

use millwright_model::{ShowHow, ShownPart};
use serde_json::{Value, json};

use crate::{MachineFacts, Movement};

/// The movements that a step's picture is made of, by their names in the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepMoves {
    /// What earlier steps did, in order.
    pub before: Vec<String>,
    /// What this step does, one after the other.
    pub now: Vec<String>,
}

impl StepMoves {
    /// The movements of a step behind others, each with what it shows: those before a step that puts all back are over.
    pub fn of<'s>(earlier: impl Iterator<Item = &'s [ShownPart]>, now: &[ShownPart]) -> Self {
        let puts_back = |shows: &[ShownPart]| shows.iter().any(|shown| shown.how == ShowHow::PutBack);
        let mut before = Vec::new();
        for shows in earlier {
            if puts_back(shows) {
                before.clear();
            }
            before.extend(plays(shows));
        }
        if puts_back(now) {
            before.clear();
        }
        Self { before, now: plays(now) }
    }

    /// How long all of this step's movements take, in seconds.
    pub fn duration_s(&self, facts: &MachineFacts) -> f64 {
        self.now.iter().filter_map(|name| movement(facts, name)).map(|movement| movement.duration_s).sum()
    }

    /// The movements at a moment of the step, as a frame of the scene has them: `[{animation, at_s}]`.
    pub fn played(&self, facts: &MachineFacts, at_s: f64) -> Value {
        let done = |movement: &Movement| json!({"animation": movement.name, "at_s": movement.duration_s});
        let mut played: Vec<Value> =
            self.before.iter().filter_map(|name| movement(facts, name)).map(done).collect();
        let mut left_s = at_s.max(0.0);
        for movement in self.now.iter().filter_map(|name| movement(facts, name)) {
            let own_s = left_s.min(movement.duration_s);
            left_s -= own_s;
            played.push(json!({"animation": movement.name, "at_s": own_s}));
        }
        Value::Array(played)
    }

    /// The parts that earlier steps took away, with all that hangs on them.
    pub fn away(&self, facts: &MachineFacts) -> BTreeSet<String> {
        let moved: BTreeSet<&str> = self
            .before
            .iter()
            .filter_map(|name| movement(facts, name))
            .flat_map(|movement| movement.parts.iter().map(String::as_str))
            .collect();
        let mut is_away = Vec::with_capacity(facts.parts.len());
        for part in &facts.parts {
            let above = part.parent.and_then(|parent| is_away.get(parent).copied()).unwrap_or(false);
            is_away.push(above || moved.contains(part.name.as_str()));
        }
        let away = facts.parts.iter().zip(is_away).filter(|(_, is_away)| *is_away);
        away.map(|(part, _)| part.name.clone()).collect()
    }
}

fn plays(shows: &[ShownPart]) -> Vec<String> {
    let plays = shows.iter().filter_map(|shown| match &shown.how {
        ShowHow::Play { animation } => Some(animation.clone()),
        _ => None,
    });
    plays.collect()
}

fn movement<'f>(facts: &'f MachineFacts, name: &str) -> Option<&'f Movement> {
    facts.animations.iter().find(|movement| movement.name == name)
}

#[cfg(test)]
mod tests {
    use millwright_model::Words;

    use crate::PartFacts;

    use super::*;

    fn facts() -> MachineFacts {
        let part = |name: &str, parent| PartFacts { name: name.to_owned(), parent };
        let movement = |name: &str, parts: &[&str]| Movement {
            name: name.to_owned(),
            duration_s: 2.0,
            parts: parts.iter().map(|part| (*part).to_owned()).collect(),
        };
        MachineFacts {
            parts: vec![
                part("pump", None),
                part("cover", Some(0)),
                part("seal", Some(1)),
                part("motor", None),
            ],
            animations: vec![movement("cover-off", &["cover"]), movement("motor-off", &["motor"])],
            bounds_m: None,
        }
    }

    fn moves(before: &[&str], now: &[&str]) -> StepMoves {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        StepMoves { before: names(before), now: names(now) }
    }

    #[test]
    fn one_movement_begins_when_the_one_before_it_has_ended() {
        let moves = moves(&[], &["cover-off", "motor-off"]);
        assert_eq!(moves.duration_s(&facts()), 4.0);
        let played = moves.played(&facts(), 3.0);
        assert_eq!((&played[0]["at_s"], &played[1]["at_s"]), (&json!(2.0), &json!(1.0)));
        assert_eq!(moves.played(&facts(), 9.0)[1]["at_s"], 2.0, "it stays where it ended");
    }

    #[test]
    fn what_earlier_steps_moved_stays_there() {
        let played = moves(&["cover-off"], &["motor-off"]).played(&facts(), 0.0);
        assert_eq!((&played[0]["at_s"], &played[1]["at_s"]), (&json!(2.0), &json!(0.0)));
    }

    #[test]
    fn with_a_part_all_that_hangs_on_it_is_away() {
        let away = moves(&["cover-off"], &["motor-off"]).away(&facts());
        assert_eq!(away, BTreeSet::from(["cover".to_owned(), "seal".to_owned()]));
    }

    #[test]
    fn what_was_put_back_is_not_away_any_more() {
        let shown = |how| vec![ShownPart { part: "pump".into(), how, label: Words::default() }];
        let play = |name: &str| shown(ShowHow::Play { animation: name.to_owned() });
        let (off, back, motor) = (play("cover-off"), shown(ShowHow::PutBack), play("motor-off"));
        let at = |earlier: &[&Vec<ShownPart>], now: &[ShownPart]| {
            StepMoves::of(earlier.iter().map(|one| one.as_slice()), now)
        };
        assert_eq!(at(&[&off], &motor), moves(&["cover-off"], &["motor-off"]));
        assert_eq!(at(&[&off], &back), moves(&[], &[]), "in the step that puts it back it is there already");
        assert_eq!(at(&[&off, &back], &motor), moves(&[], &["motor-off"]));
    }

    #[test]
    fn a_movement_that_the_model_does_not_have_is_left_out() {
        let moves = moves(&["lid-off"], &["lid-on"]);
        assert_eq!((moves.duration_s(&facts()), moves.played(&facts(), 1.0)), (0.0, json!([])));
    }
}
