//! Finding the filter behind which a giant message lies, so that one message cannot silence the plant. Pure.
//!
//! The client library ends a connection when a packet is above the limit, and a retained giant comes again
//! at every subscription. After two such ends in a row the filters are subscribed one at a time; the one
//! that shows the giant is split by depth (`a/#` is `a`, `a/+`, `a/+/+` …), and the piece that still shows
//! it is left out.

/// So many ends in a row start the search.
const ENDS_BEFORE_SEARCH: u32 = 2;
/// A wildcard at the end is split into so many depths and the rest.
const DEPTHS: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    filter: String,
    quarantined: bool,
    /// A piece of a split filter is not split again.
    is_split: bool,
}

/// What was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quarantined {
    pub filter: String,
}

#[derive(Debug)]
pub(super) struct Narrowing {
    pieces: Vec<Piece>,
    ends_in_a_row: u32,
    /// Searching: the place of the piece subscribed last.
    probing: Option<usize>,
}

impl Narrowing {
    pub fn new(filters: &[String]) -> Self {
        let piece = |filter: &String| Piece { filter: filter.clone(), quarantined: false, is_split: false };
        Self { pieces: filters.iter().map(piece).collect(), ends_in_a_row: 0, probing: None }
    }

    /// What to subscribe at a new connection.
    pub fn on_connected(&mut self) -> Vec<String> {
        if self.ends_in_a_row < ENDS_BEFORE_SEARCH {
            self.probing = None;
            return self.allowed().map(|(_, filter)| filter).collect();
        }
        let first = self.allowed().next();
        self.probing = first.as_ref().map(|(place, _)| *place);
        first.map(|(_, filter)| filter).into_iter().collect()
    }

    /// The last subscription brought nothing too large for a while: what to subscribe next.
    pub fn on_settled(&mut self) -> Option<String> {
        let Some(last) = self.probing else {
            self.ends_in_a_row = 0;
            return None;
        };
        let next = self.allowed().find(|(place, _)| *place > last);
        match next {
            Some((place, filter)) => {
                self.probing = Some(place);
                Some(filter)
            }
            None => {
                self.probing = None;
                self.ends_in_a_row = 0;
                None
            }
        }
    }

    /// A packet above the limit ended the connection.
    pub fn on_too_large(&mut self) -> Option<Quarantined> {
        self.ends_in_a_row += 1;
        let place = self.probing.take()?;
        let piece = self.pieces.get_mut(place)?;
        if !piece.is_split
            && let Some(depths) = split(&piece.filter)
        {
            self.pieces.splice(place..=place, depths);
            return None;
        }
        piece.quarantined = true;
        Some(Quarantined { filter: piece.filter.clone() })
    }

    fn allowed(&self) -> impl Iterator<Item = (usize, String)> {
        self.pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| !piece.quarantined)
            .map(|(place, piece)| (place, piece.filter.clone()))
    }
}

/// `a/#` as filters of one depth each and one for all that is deeper; nothing without a `#`.
fn split(filter: &str) -> Option<Vec<Piece>> {
    let prefix = filter.strip_suffix('#')?;
    let mut filters = Vec::with_capacity(DEPTHS + 1);
    if let Some(own) = prefix.strip_suffix('/') {
        filters.push(own.to_owned());
    }
    for depth in 1..=DEPTHS {
        filters.push(format!("{prefix}{}", vec!["+"; depth].join("/")));
    }
    filters.push(format!("{prefix}{}/+/#", ["+"; DEPTHS].join("/")));
    let piece = |filter| Piece { filter, quarantined: false, is_split: true };
    Some(filters.into_iter().map(piece).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(filter: &str, topic: &str) -> bool {
        let mut topic_levels = topic.split('/');
        for level in filter.split('/') {
            if level == "#" {
                return true;
            }
            match topic_levels.next() {
                Some(word) if level == "+" || level == word => {}
                _ => return false,
            }
        }
        topic_levels.next().is_none()
    }

    /// Plays a broker that holds a giant at `giant`; returns what was left out and how many ends it took.
    fn search(filters: &[&str], giant: &str) -> (Vec<String>, usize, Narrowing) {
        let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
        let mut narrowing = Narrowing::new(&filters);
        let mut left_out = Vec::new();
        for ends in 0..100 {
            let mut subscribed = narrowing.on_connected();
            loop {
                if subscribed.iter().any(|filter| matches(filter, giant)) {
                    left_out.extend(narrowing.on_too_large().map(|quarantined| quarantined.filter));
                    break;
                }
                match narrowing.on_settled() {
                    Some(next) => subscribed.push(next),
                    None => return (left_out, ends, narrowing),
                }
            }
        }
        panic!("the search never ends");
    }

    #[test]
    fn the_filter_with_the_giant_is_found_and_only_its_depth_left_out() {
        let (left_out, ends, mut narrowing) = search(&["spBv1.0/#", "umh/#", "x/y"], "umh/v1/giant");
        assert_eq!(left_out, ["umh/+/+"]);
        assert!(ends <= 5, "{ends}");
        let heard = narrowing.on_connected();
        for topic in ["spBv1.0/g/NDATA/n", "umh", "umh/v1", "umh/a/b/c/d/e/f/g/h/i", "x/y"] {
            assert_eq!(heard.iter().filter(|filter| matches(filter, topic)).count(), 1, "{topic}: {heard:?}");
        }
    }

    #[test]
    fn a_plain_filter_is_left_out_itself() {
        assert_eq!(search(&["a", "b"], "b").0, ["b"]);
        assert_eq!(search(&["#"], "a/b/c").0, ["+/+/+"]);
    }

    #[test]
    fn without_a_giant_all_filters_stay() {
        let (left_out, ends, mut narrowing) = search(&["a/#", "b"], "c");
        assert_eq!((left_out.len(), ends), (0, 0));
        assert_eq!(narrowing.on_connected(), ["a/#", "b"]);
    }

    #[test]
    fn one_giant_now_and_then_starts_no_search() {
        let mut narrowing = Narrowing::new(&["#".to_owned()]);
        for _ in 0..10 {
            assert_eq!(narrowing.on_connected(), ["#"]);
            assert_eq!(narrowing.on_too_large(), None);
            assert_eq!(narrowing.on_connected(), ["#"]);
            assert_eq!(narrowing.on_settled(), None);
        }
    }
}
