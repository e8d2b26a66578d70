//! Notes that may say the same, and boards of two years side by side.

use std::collections::{BTreeSet, HashMap};

use millwright_model::{Board, BoardNote, WorkshopItemId, WorkshopNoteId};
use serde::{Deserialize, Serialize};

/// From this likeness on, two notes are shown as possibly the same.
const HINT_FROM: f64 = 0.5;
/// From this likeness on, an item of last year's board is taken to be there again.
const AGAIN_FROM: f64 = 0.45;

/// Two notes that may say the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateHint {
    /// One.
    pub note_id: WorkshopNoteId,
    /// The other.
    pub other_id: WorkshopNoteId,
    /// 0 to 1.
    pub likeness: f64,
}

/// How alike two texts are, from 0 to 1: the share of their letters' triples that both have (Dice), whatever their capitals,
/// signs and the order of their words.
pub fn likeness(one: &str, other: &str) -> f64 {
    of_triples(&triples(one), &triples(other))
}

/// Notes that may say the same and are not in one cluster: the likest first.
pub fn duplicate_hints(notes: &[BoardNote]) -> Vec<DuplicateHint> {
    let mut hints = Vec::new();
    // By each triple the notes before that have it: only notes that share one are ever looked at together.
    let mut having: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut counts: Vec<usize> = Vec::with_capacity(notes.len());
    let mut common = vec![0_usize; notes.len()];
    let mut shared = Vec::new();
    for (place, note) in notes.iter().enumerate() {
        let own = triples(&note.text);
        for triple in &own {
            let before = having.entry(*triple).or_default();
            for at in before.iter() {
                if common[*at] == 0 {
                    shared.push(*at);
                }
                common[*at] += 1;
            }
            before.push(place);
        }
        for at in shared.drain(..) {
            let in_both = std::mem::take(&mut common[at]);
            let likeness = 2.0 * in_both as f64 / (own.len() + counts[at]) as f64;
            let other = &notes[at];
            let is_apart = note.cluster_id.is_none() || note.cluster_id != other.cluster_id;
            if is_apart && likeness >= HINT_FROM {
                hints.push(DuplicateHint { note_id: other.note_id, other_id: note.note_id, likeness });
            }
        }
        counts.push(own.len());
    }
    hints.sort_by(|one, other| {
        (other.likeness.total_cmp(&one.likeness))
            .then_with(|| (one.note_id, one.other_id).cmp(&(other.note_id, other.other_id)))
    });
    hints
}

/// An item of this year that was there last year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptItem {
    /// This year's.
    pub item_id: WorkshopItemId,
    /// Last year's.
    pub before_id: WorkshopItemId,
    /// Whether it is in another frame now: a weakness that became a strength, say.
    pub moved: bool,
    /// 0 to 1.
    pub likeness: f64,
}

/// This year's board beside last year's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct YearsApart {
    /// What is there again, in this year's order.
    pub kept: Vec<KeptItem>,
    /// What is new.
    pub new: Vec<WorkshopItemId>,
    /// What is gone.
    pub gone: Vec<WorkshopItemId>,
}

/// Compares a board with last year's by what its items say: each item has at most one before, the likest pairs first.
pub fn compare_years(now: &Board, before: &Board) -> YearsApart {
    let (texts, texts_before): (Vec<_>, Vec<_>) = (
        now.items.iter().map(|item| triples(&item.text)).collect(),
        before.items.iter().map(|item| triples(&item.text)).collect(),
    );
    let mut pairs = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        for (place_before, text_before) in texts_before.iter().enumerate() {
            let likeness = of_triples(text, text_before);
            if likeness >= AGAIN_FROM {
                pairs.push((place, place_before, likeness));
            }
        }
    }
    pairs.sort_by(|one, other| other.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(other.0, other.1))));
    let (mut taken, mut taken_before) = (BTreeSet::new(), BTreeSet::new());
    let mut kept = Vec::new();
    for (place, place_before, likeness) in pairs {
        if taken.contains(&place) || taken_before.contains(&place_before) {
            continue;
        }
        if let (Some(item), Some(item_before)) = (now.items.get(place), before.items.get(place_before)) {
            taken.insert(place);
            taken_before.insert(place_before);
            let (item_id, before_id) = (item.item_id, item_before.item_id);
            let moved = item.frame != item_before.frame;
            kept.push((place, KeptItem { item_id, before_id, moved, likeness }));
        }
    }
    kept.sort_by_key(|(place, _)| *place);
    let rest = |board: &Board, taken: &BTreeSet<usize>| {
        let left = board.items.iter().enumerate().filter(|(place, _)| !taken.contains(place));
        left.map(|(_, item)| item.item_id).collect()
    };
    YearsApart {
        kept: kept.into_iter().map(|(_, kept)| kept).collect(),
        new: rest(now, &taken),
        gone: rest(before, &taken_before),
    }
}

/// The triples of a text's letters, word by word with its ends: three letters in one number.
fn triples(text: &str) -> BTreeSet<u64> {
    let mut triples = BTreeSet::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters = word.chars().flat_map(char::to_lowercase).map(|letter| u64::from(u32::from(letter)));
        let mut last = (0, 1);
        for letter in letters.chain([1]) {
            triples.insert((last.0 << 42) | (last.1 << 21) | letter);
            last = (last.1, letter);
        }
    }
    triples
}

fn of_triples(one: &BTreeSet<u64>, other: &BTreeSet<u64>) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    2.0 * one.intersection(other).count() as f64 / (one.len() + other.len()) as f64
}
