//! Places for texts: columns beside the machine, so that no text covers another one or what it is about, and no line to
//! what a text is about crosses another one. The same frame after the same layout gives the same layout, and a small
//! move of the camera a small move of the texts.

mod column;
mod crossing;

use std::collections::HashMap;

use glam::Vec2;

use column::Column;
use crossing::segments_cross;

/// A rectangle on the picture, pixels.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Rect {
    /// Its upper left corner.
    pub low: Vec2,
    /// Its lower right corner.
    pub high: Vec2,
}

impl Rect {
    /// Whether two of them share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low.cmplt(other.high).all() && other.low.cmplt(self.high).all()
    }

    /// Its middle.
    pub fn middle(&self) -> Vec2 {
        (self.low + self.high) / 2.0
    }

    /// With so much more on every side.
    #[must_use]
    pub fn grown(&self, by: f32) -> Self {
        Self { low: self.low - by, high: self.high + by }
    }

    /// Around both.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

/// A text that wants a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Its name, by which it is known again.
    pub id: String,
    /// The point that it is about, pixels.
    pub anchor_px: Vec2,
    /// How large it is, pixels.
    pub size_px: Vec2,
    /// What it is about, and must not cover.
    pub about: Rect,
}

/// Where a text is.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Place {
    /// Its rectangle.
    pub rect: Rect,
    /// Where its line begins, on its edge.
    pub port_px: Vec2,
    /// Where its line ends.
    pub anchor_px: Vec2,
    /// In which column it stands.
    pub side: Side,
}

/// The columns.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left of the machine.
    Left,
    /// Right of it.
    Right,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// The places of all texts, by name.
pub type Layout = HashMap<String, Place>;

/// Where texts may be, and around what.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Room {
    /// All of the picture that is free for texts.
    pub free: Rect,
    /// Where the machine is in it.
    pub machine: Rect,
    /// Between texts, and between texts and the machine, pixels.
    pub gap_px: f32,
}

/// A text keeps its side until its anchor is so far on the other one, as a share of the free width.
const LOYALTY: f32 = 0.06;
/// Rounds in which crossing lines are undone.
const ROUNDS_MAX: usize = 200;

/// Finds a place for each wish, near to where it was in the layout before.
pub fn lay_out(wishes: &[Wish], room: &Room, before: &Layout) -> Layout {
    if wishes.is_empty() {
        return Layout::new();
    }
    // What texts are about may reach beyond the machine, where that is pulled apart.
    let around = wishes.iter().fold(room.machine, |around, wish| around.join(&wish.about));
    let room = &Room { machine: around, ..*room };
    let mut sides = sides(wishes, room, before);
    let mut best: Option<(usize, Vec<Place>)> = None;
    for attempt in 0..4 {
        let places = columns(wishes, room, before, &sides);
        let faults = faults(wishes, &places);
        if best.as_ref().is_none_or(|(known, _)| faults < *known) {
            best = Some((faults, places));
        }
        if faults == 0 {
            break;
        }
        // Loyalty is what can make lines cross between the columns: without it there is one more try, and then with
        // texts moved over one by one.
        match attempt {
            0 => sides = self::sides(wishes, room, &Layout::new()),
            _ => move_one_over(wishes, room, &mut sides, attempt),
        }
    }
    let places = best.map(|(_, places)| places).unwrap_or_default();
    wishes.iter().map(|wish| wish.id.clone()).zip(places).collect()
}

/// How many texts overlap, cover what one is about, or have crossing lines.
fn faults(wishes: &[Wish], places: &[Place]) -> usize {
    let mut count = 0;
    for (index, place) in places.iter().enumerate() {
        for other in places.iter().skip(index + 1) {
            count += usize::from(place.rect.overlaps(&other.rect)) * 10;
            count +=
                usize::from(segments_cross(place.port_px, place.anchor_px, other.port_px, other.anchor_px));
        }
        count += wishes.iter().filter(|wish| wish.about.overlaps(&place.rect)).count();
    }
    count
}

/// Which column each text stands in: that on whose side of the machine its anchor is, as long as there is room.
fn sides(wishes: &[Wish], room: &Room, before: &Layout) -> Vec<Side> {
    let middle = room.machine.middle().x.clamp(room.free.low.x, room.free.high.x);
    let loyalty = LOYALTY * (room.free.high.x - room.free.low.x);
    let leaning = |wish: &Wish| match before.get(&wish.id).map(|place| place.side) {
        Some(Side::Left) => -loyalty,
        Some(Side::Right) => loyalty,
        None => 0.0,
    };
    let mut sides: Vec<Side> = wishes
        .iter()
        .map(|wish| if wish.anchor_px.x + leaning(wish) < middle { Side::Left } else { Side::Right })
        .collect();
    let height = room.free.high.y - room.free.low.y;
    for side in [Side::Left, Side::Right] {
        let used = |sides: &[Side], side: Side| -> f32 {
            let of_side = wishes.iter().zip(sides).filter(|(_, known)| **known == side);
            of_side.map(|(wish, _)| wish.size_px.y + room.gap_px).sum()
        };
        while used(&sides, side) > height + room.gap_px {
            // The one that is nearest to the other side goes over, if that has room.
            let members = wishes.iter().enumerate().filter(|(index, _)| sides.get(*index) == Some(&side));
            let distance = |wish: &Wish| (wish.anchor_px.x - middle).abs();
            let nearest = members.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
            let Some((index, wish)) = nearest else { break };
            if used(&sides, side.other()) + wish.size_px.y > height {
                break;
            }
            if let Some(of_wish) = sides.get_mut(index) {
                *of_wish = side.other();
            }
        }
    }
    sides
}

fn move_one_over(wishes: &[Wish], room: &Room, sides: &mut [Side], attempt: usize) {
    let middle = room.machine.middle().x;
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    let distance = |index: &usize| wishes.get(*index).map_or(0.0, |wish| (wish.anchor_px.x - middle).abs());
    order.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
    if let Some(side) = order.get(attempt - 1).and_then(|index| sides.get_mut(*index)) {
        *side = side.other();
    }
}

fn columns(wishes: &[Wish], room: &Room, before: &Layout, sides: &[Side]) -> Vec<Place> {
    let mut places: Vec<Option<Place>> = vec![None; wishes.len()];
    for side in [Side::Left, Side::Right] {
        let members: Vec<usize> =
            (0..wishes.len()).filter(|index| sides.get(*index) == Some(&side)).collect();
        let mut column = Column::of(wishes, members, side, room, before);
        for _round in 0..ROUNDS_MAX {
            column.settle();
            if !column.swap_crossing() {
                break;
            }
        }
        for (index, place) in column.places() {
            if let Some(known) = places.get_mut(index) {
                *known = Some(place);
            }
        }
    }
    places.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
