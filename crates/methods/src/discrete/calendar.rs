//! What is to come, and when: each place of a model has at most one event ahead of it.
//!
//! A model of parts that each know their own next moment (as in Zeigler's DEVS, «Theory of Modeling and Simulation», 1976)
//! needs no queue of any length: a tournament over its places names the first. To set, move or take back an event plays
//! the matches on one path to the top, one comparison each and no branch that a processor could guess wrongly. Of events at
//! the same moment the one of the lower place comes first, so that their order is a property of the model.

use std::hint::select_unpredictable;

/// A moment that never comes. Times are not negative, and so ordered as their bits are.
const NEVER: u64 = f64::INFINITY.to_bits();

/// The first moments of all places.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The winner of all at 1, of each half at 2 and 3, and so on; the places themselves from `places` on.
    matches: Vec<Entry>,
    /// How many there are room for: a power of two.
    places: usize,
}

#[derive(Copy, Clone, Debug)]
struct Entry {
    at: u64,
    place: u32,
}

impl Calendar {
    /// For places 0 to `places` - 1, with nothing to come yet.
    pub fn new(places: u32) -> Self {
        let room = places.max(1).next_power_of_two() as usize;
        let mut matches = vec![Entry { at: NEVER, place: 0 }; 2 * room];
        for (entry, place) in matches[room..].iter_mut().zip(0..) {
            entry.place = place;
        }
        let mut calendar = Self { matches, places: room };
        for place in (0..room).step_by(2) {
            calendar.play(place);
        }
        calendar
    }

    /// The place's event comes at `at_s`, whatever was said before. Not a number is never.
    #[inline]
    pub fn set(&mut self, place: usize, at_s: f64) {
        debug_assert!(at_s >= 0.0 || at_s.is_nan(), "times are not negative");
        // A negative nothing becomes a positive one.
        self.matches[self.places + place].at = (at_s + 0.0).to_bits();
        self.play(place);
    }

    /// No event comes at the place.
    #[inline]
    pub fn clear(&mut self, place: usize) {
        self.matches[self.places + place].at = NEVER;
        self.play(place);
    }

    /// The first moment and its place; infinite if nothing is to come.
    #[inline]
    pub fn first(&self) -> (f64, usize) {
        let first = self.matches[1];
        (f64::from_bits(first.at), first.place as usize)
    }

    /// The place's event is happening: unless it is set anew before [`Self::settle`], none comes. In between, [`Self::first`]
    /// may not be asked: the matches are played once for both.
    #[inline]
    pub(super) fn take(&mut self, place: usize) {
        self.matches[self.places + place].at = NEVER;
    }

    #[inline]
    pub(super) fn settle(&mut self, place: usize) {
        if self.matches[self.places + place].at == NEVER {
            self.play(place);
        }
    }

    /// The matches on the way from a place to the top.
    #[inline]
    fn play(&mut self, place: usize) {
        let mut node = self.places + place;
        let mut winner = self.matches[node];
        while node > 1 {
            let other = self.matches[node ^ 1];
            // The left one wins also where both come at the same moment.
            let is_right = (node & 1) as u64;
            let is_other = other.at < winner.at.wrapping_add(is_right);
            winner.at = select_unpredictable(is_other, other.at, winner.at);
            winner.place = select_unpredictable(is_other, other.place, winner.place);
            node >>= 1;
            self.matches[node] = winner;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn events_of_one_moment_come_in_the_order_of_their_places() {
        let mut calendar = Calendar::new(5);
        for place in [3, 1, 4, 0, 2] {
            calendar.set(place, 7.0);
        }
        let order: Vec<usize> = (0..5)
            .map(|_| {
                let (_, place) = calendar.first();
                calendar.clear(place);
                place
            })
            .collect();
        assert_eq!(order, [0, 1, 2, 3, 4]);
        assert_eq!(calendar.first().0, f64::INFINITY);
    }

    #[test]
    fn a_calendar_of_one_place_or_none_works_too() {
        for places in [0, 1] {
            let mut calendar = Calendar::new(places);
            assert_eq!(calendar.first().0, f64::INFINITY);
            calendar.set(0, -0.0);
            assert_eq!(calendar.first(), (0.0, 0));
        }
    }

    proptest! {
        #[test]
        fn the_first_is_always_the_least(
            places in 1_usize..70,
            steps in prop::collection::vec((0_usize..70, prop::option::of(0_u8..20), any::<bool>()), 1..200),
        ) {
            let mut calendar = Calendar::new(places as u32);
            let mut known = vec![f64::INFINITY; places];
            for (place, at, while_happening) in steps {
                let place = place % places;
                let at = at.map_or(f64::INFINITY, f64::from);
                let (_, first) = calendar.first();
                if while_happening {
                    known[first] = f64::INFINITY;
                    calendar.take(first);
                }
                calendar.set(place, at);
                known[place] = at;
                if while_happening {
                    calendar.settle(first);
                }
                let least = known.iter().copied().fold(f64::INFINITY, f64::min);
                let (found, of) = calendar.first();
                prop_assert_eq!(found, least);
                if least < f64::INFINITY {
                    prop_assert_eq!(Some(of), known.iter().position(|at| *at == least));
                }
            }
        }
    }
}
