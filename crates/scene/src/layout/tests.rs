//! What a person may rely on in every layout.

use proptest::prelude::*;

use super::*;

fn room() -> Room {
    Room {
        free: Rect { low: Vec2::splat(12.0), high: Vec2::new(1268.0, 708.0) },
        machine: Rect { low: Vec2::new(380.0, 200.0), high: Vec2::new(900.0, 600.0) },
        gap_px: 10.0,
    }
}

fn wish(id: usize, x: f32, y: f32, size_px: Vec2) -> Wish {
    let anchor_px = Vec2::new(x, y);
    let about = Rect { low: anchor_px, high: anchor_px }.grown(16.0);
    Wish { id: id.to_string(), anchor_px, size_px, about }
}

prop_compose! {
    /// Up to ten texts about points of the machine.
    fn wishes()(list in prop::collection::vec((380.0_f32..900.0, 200.0_f32..600.0, 120.0_f32..260.0, 34.0_f32..60.0), 1..10)) -> Vec<Wish> {
        list.into_iter().enumerate().map(|(id, (x, y, width, height))| wish(id, x, y, Vec2::new(width, height).round())).collect()
    }
}

fn overlapping(layout: &Layout) -> Option<(String, String)> {
    let places: Vec<(&String, &Place)> = layout.iter().collect();
    for (index, (a, first)) in places.iter().enumerate() {
        for (b, second) in places.iter().skip(index + 1) {
            if first.rect.overlaps(&second.rect) {
                return Some(((*a).clone(), (*b).clone()));
            }
        }
    }
    None
}

fn crossing(layout: &Layout) -> Option<(String, String)> {
    let places: Vec<(&String, &Place)> = layout.iter().collect();
    for (index, (a, first)) in places.iter().enumerate() {
        for (b, second) in places.iter().skip(index + 1) {
            if segments_cross(first.port_px, first.anchor_px, second.port_px, second.anchor_px) {
                return Some(((*a).clone(), (*b).clone()));
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_covers_another_one_or_what_one_is_about(wishes in wishes()) {
        let layout = lay_out(&wishes, &room(), &Layout::new());
        prop_assert_eq!(layout.len(), wishes.len());
        prop_assert_eq!(overlapping(&layout), None);
        for (id, place) in &layout {
            let free = room().free;
            prop_assert!(place.rect.low.cmpge(free.low - 0.51).all() && place.rect.high.cmple(free.high + 0.51).all(), "{} is at {:?}", id, place.rect);
            for wish in &wishes {
                prop_assert!(!wish.about.overlaps(&place.rect), "{} covers what {} is about", id, wish.id);
            }
        }
    }

    #[test]
    fn no_line_crosses_another_one(wishes in wishes()) {
        let layout = lay_out(&wishes, &room(), &Layout::new());
        prop_assert_eq!(crossing(&layout), None);
    }

    #[test]
    fn a_machine_that_fills_the_picture_is_covered_but_not_what_a_text_is_about(wishes in wishes()) {
        let full = Room { machine: Rect { low: Vec2::splat(-200.0), high: Vec2::new(1500.0, 900.0) }, ..room() };
        // Spread over all of the picture, six at most.
        let spread = wishes.into_iter().take(6).map(|known| {
            let x = (known.anchor_px.x - 380.0) / 520.0 * 1100.0 + 90.0;
            Wish { id: known.id, ..wish(0, x, known.anchor_px.y, known.size_px) }
        });
        let spread: Vec<Wish> = spread.collect();
        let layout = lay_out(&spread, &full, &Layout::new());
        prop_assert_eq!(overlapping(&layout), None);
        for (id, place) in &layout {
            for wish in &spread {
                prop_assert!(!wish.about.overlaps(&place.rect), "{} covers what {} is about", id, wish.id);
            }
        }
    }

    #[test]
    fn the_same_frame_after_itself_changes_nothing(wishes in wishes()) {
        let once = lay_out(&wishes, &room(), &Layout::new());
        let again = lay_out(&wishes, &room(), &once);
        prop_assert_eq!(&again, &lay_out(&wishes, &room(), &again));
    }

    #[test]
    fn a_picture_that_trembles_makes_no_text_hop_to_and_fro(wishes in wishes(), shifts in prop::collection::vec((-1.5_f32..1.5, -1.5_f32..1.5), 30)) {
        let mut layout = lay_out(&wishes, &room(), &Layout::new());
        let mut hops: HashMap<String, usize> = HashMap::new();
        for (x, y) in shifts {
            let moved = wishes.iter().map(|known| {
                Wish { id: known.id.clone(), ..wish(0, known.anchor_px.x + x, known.anchor_px.y + y, known.size_px) }
            });
            let next = lay_out(&moved.collect::<Vec<_>>(), &room(), &layout);
            for (id, place) in &next {
                let before = &layout[id];
                prop_assert_eq!(place.side, before.side, "{} changed sides", id);
                // A line that would cross another one makes two texts change places, once.
                if (place.rect.low - before.rect.low).length() > 6.0 {
                    *hops.entry(id.clone()).or_default() += 1;
                }
            }
            layout = next;
        }
        prop_assert!(hops.values().all(|count| *count <= 2), "{:?}", hops);
    }
}

#[test]
fn a_text_stands_on_the_side_of_what_it_is_about() {
    let wishes =
        [wish(0, 400.0, 300.0, Vec2::new(150.0, 40.0)), wish(1, 880.0, 300.0, Vec2::new(150.0, 40.0))];
    let layout = lay_out(&wishes, &room(), &Layout::new());
    assert_eq!((layout["0"].side, layout["1"].side), (Side::Left, Side::Right));
    assert_eq!(layout["0"].rect.high.x, 370.0, "beside the machine, not at the far edge");
}

#[test]
fn going_over_the_middle_and_back_changes_sides_once_each_way() {
    let mut layout = Layout::new();
    let mut changes = Vec::new();
    let way = (0..=200).chain((0..200).rev());
    for step in way {
        let wishes = [wish(0, 540.0 + step as f32, 300.0, Vec2::new(150.0, 40.0))];
        let next = lay_out(&wishes, &room(), &layout);
        if layout.get("0").is_some_and(|before| before.side != next["0"].side) {
            changes.push(step);
        }
        layout = next;
    }
    assert_eq!(changes.len(), 2);
    assert!(changes[0] - changes[1] > 60, "it goes back later than it came: {changes:?}");
}

#[test]
fn more_texts_than_one_side_holds_stand_on_both() {
    let wishes: Vec<Wish> =
        (0..20).map(|id| wish(id, 420.0, 210.0 + 19.0 * id as f32, Vec2::new(150.0, 50.0))).collect();
    let layout = lay_out(&wishes, &room(), &Layout::new());
    assert_eq!(overlapping(&layout), None);
    assert!(layout.values().any(|place| place.side == Side::Right));
}
