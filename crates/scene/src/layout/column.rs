//! One column of texts: their order, and how high each stands.

use glam::Vec2;

use super::crossing::segments_cross;
use super::{Layout, Place, Rect, Room, Side, Wish};

/// Texts beneath each other.
pub(super) struct Column<'a> {
    wishes: &'a [Wish],
    /// Places in the list of wishes, from the top.
    order: Vec<usize>,
    tops: Vec<f32>,
    side: Side,
    room: &'a Room,
    /// The edge that looks at the machine.
    edge: f32,
    /// What must not be covered, from top to bottom.
    blocked: Vec<[f32; 2]>,
}

impl<'a> Column<'a> {
    pub(super) fn of(
        wishes: &'a [Wish],
        members: Vec<usize>,
        side: Side,
        room: &'a Room,
        before: &Layout,
    ) -> Self {
        let widest = members
            .iter()
            .filter_map(|index| wishes.get(*index))
            .map(|wish| wish.size_px.x)
            .fold(0.0, f32::max);
        let edge = match side {
            Side::Left => (room.machine.low.x - room.gap_px).max(room.free.low.x + widest),
            Side::Right => (room.machine.high.x + room.gap_px).min(room.free.high.x - widest),
        };
        let [low, high] = match side {
            Side::Left => [edge - widest, edge],
            Side::Right => [edge, edge + widest],
        };
        let mut blocked: Vec<[f32; 2]> = wishes
            .iter()
            .filter(|wish| wish.about.low.x < high && low < wish.about.high.x)
            // A pixel more: texts are put on whole ones.
            .map(|wish| [wish.about.low.y - 1.0, wish.about.high.y + 1.0])
            .collect();
        blocked.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let mut order = members;
        // Those that were there keep their order; new ones stand by the height of what they are about.
        let height = |index: &usize| {
            let wish = wishes.get(*index);
            let known = wish.and_then(|wish| before.get(&wish.id)).filter(|place| place.side == side);
            known.map_or_else(|| wish.map_or(0.0, |wish| wish.anchor_px.y), |place| place.rect.middle().y)
        };
        order.sort_by(|a, b| height(a).total_cmp(&height(b)).then(a.cmp(b)));
        let tops = vec![0.0; order.len()];
        Self { wishes, order, tops, side, room, edge, blocked }
    }

    fn wish(&self, place: usize) -> Option<&'a Wish> {
        self.order.get(place).and_then(|index| self.wishes.get(*index))
    }

    fn height(&self, place: usize) -> f32 {
        self.wish(place).map_or(0.0, |wish| wish.size_px.y)
    }

    /// Puts each text as near to the height of its anchor as the others allow: where they push each other, they share
    /// the way (pool adjacent violators; Barlow and others, 1972).
    pub(super) fn settle(&mut self) {
        let gap = self.room.gap_px;
        // Heights as if all stood at one point: what is above is taken off.
        let mut above = 0.0;
        let mut pools: Vec<(f32, usize)> = Vec::new();
        let mut offsets = Vec::with_capacity(self.order.len());
        for place in 0..self.order.len() {
            let wished = self.wish(place).map_or(0.0, |wish| wish.anchor_px.y - wish.size_px.y / 2.0) - above;
            offsets.push(above);
            above += self.height(place) + gap;
            let (mut sum, mut count) = (wished, 1);
            while let Some((pool, size)) = pools.last().copied() {
                if pool / size as f32 <= sum / count as f32 {
                    break;
                }
                pools.pop();
                sum += pool;
                count += size;
            }
            pools.push((sum, count));
        }
        let last = above - gap;
        let (low, high) = (self.room.free.low.y, (self.room.free.high.y - last).max(self.room.free.low.y));
        let shared = pools
            .iter()
            .flat_map(|(sum, count)| std::iter::repeat_n((sum / *count as f32).clamp(low, high), *count));
        self.tops = shared.zip(offsets).map(|(base, offset)| base + offset).collect();
        self.avoid_blocked();
    }

    /// Moves texts off what they must not cover: first downwards, then, where that ran out of room, upwards. Where there
    /// is no room at all they stay.
    fn avoid_blocked(&mut self) {
        if self.blocked.is_empty() {
            return;
        }
        let gap = self.room.gap_px;
        let settled = self.tops.clone();
        let mut next = f32::NEG_INFINITY;
        for place in 0..self.order.len() {
            let height = self.height(place);
            let wished = self.tops.get(place).copied().unwrap_or(0.0).max(next);
            let top = self.free_from(wished, height, 1.0).unwrap_or(wished);
            if let Some(known) = self.tops.get_mut(place) {
                *known = top;
            }
            next = top + height + gap;
        }
        let mut below = self.room.free.high.y;
        for place in (0..self.order.len()).rev() {
            let height = self.height(place);
            let wished = self.tops.get(place).copied().unwrap_or(0.0).min(below - height);
            let top = self.free_from(wished, height, -1.0).unwrap_or(wished);
            if let Some(known) = self.tops.get_mut(place) {
                *known = top;
            }
            below = top - gap;
        }
        if below + gap < self.room.free.low.y - 0.5 {
            self.tops = settled;
        }
    }

    /// The nearest height, upwards or downwards, at which nothing blocked is covered.
    fn free_from(&self, wished: f32, height: f32, way: f32) -> Option<f32> {
        let mut top = wished;
        for _step in 0..=self.blocked.len() {
            let hit = self.blocked.iter().find(|[from, to]| *from < top + height && top < *to);
            match hit {
                None => return Some(top),
                Some([from, to]) => top = if way > 0.0 { *to } else { from - height },
            }
        }
        None
    }

    /// Lets two neighbours change places whose lines cross; says whether any did.
    pub(super) fn swap_crossing(&mut self) -> bool {
        let places: Vec<Place> = self.places().map(|(_, place)| place).collect();
        for (first, a) in places.iter().enumerate() {
            for (second, b) in places.iter().enumerate().skip(first + 1) {
                if segments_cross(a.port_px, a.anchor_px, b.port_px, b.anchor_px) {
                    self.order.swap(first, second);
                    return true;
                }
            }
        }
        false
    }

    pub(super) fn places(&self) -> impl Iterator<Item = (usize, Place)> {
        self.order.iter().zip(&self.tops).filter_map(|(index, top)| {
            let wish = self.wishes.get(*index)?;
            let left = match self.side {
                Side::Left => self.edge - wish.size_px.x,
                Side::Right => self.edge,
            };
            // Whole pixels, so that texts are sharp.
            let low = Vec2::new(left, *top).round();
            let rect = Rect { low, high: low + wish.size_px };
            let x = match self.side {
                Side::Left => rect.high.x,
                Side::Right => rect.low.x,
            };
            let port_px = Vec2::new(x, rect.middle().y);
            Some((*index, Place { rect, port_px, anchor_px: wish.anchor_px, side: self.side }))
        })
    }
}
