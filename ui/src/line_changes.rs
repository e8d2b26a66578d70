//! Changes of a line that is tried out: what an option says itself, and what follows the line as it stands.

use millwright_model::LineFork;

/// Takes over what changed of the line as it stands, but for what an option says otherwise.
pub(crate) fn follow(option: &mut LineFork, before: &LineFork, after: &LineFork) {
    each(&mut option.machines, &before.machines, &after.machines);
    each(&mut option.buffers, &before.buffers, &after.buffers);
    each(&mut option.shifts, &before.shifts, &after.shifts);
    if option.crews == before.crews {
        option.crews = after.crews;
    }
}

fn each<T: Clone + PartialEq>(option: &mut [T], before: &[T], after: &[T]) {
    for ((own, before), after) in option.iter_mut().zip(before).zip(after) {
        if own == before {
            own.clone_from(after);
        }
    }
}

#[cfg(test)]
mod tests {
    use millwright_model::{AssetId, ForkedBuffer, ForkedCosts, TimestampMs};

    use super::*;

    #[test]
    fn an_option_follows_the_line_as_it_stands_in_all_that_it_does_not_say_itself() {
        let buffer = |capacity| ForkedBuffer { capacity, holds: 0 };
        let before = LineFork {
            line_id: AssetId::default(),
            name: String::new(),
            taken_at: TimestampMs(0),
            machines: Vec::new(),
            buffers: vec![buffer(10), buffer(10)],
            shifts: Vec::new(),
            begins_at_h: 0.0,
            crews: None,
            costs: ForkedCosts::default(),
        };
        let mut option = LineFork { buffers: vec![buffer(30), buffer(10)], ..before.clone() };
        let after = LineFork { buffers: vec![buffer(20), buffer(20)], crews: Some(1), ..before.clone() };
        follow(&mut option, &before, &after);
        assert_eq!((option.buffers, option.crews), (vec![buffer(30), buffer(20)], Some(1)));
    }
}
