//! Callouts and labels: their plates, the lines to what they are about, and how far a value can be trusted, told by
//! shape as well as by colour.

use glam::{Vec2, Vec3A};

use super::canvas::Canvas;
use super::plate::{baseline, bounded, rim};
use super::{Setting, glyph, point_of};
use crate::frame::{Anchor, Mark, Tone, Trust};
use crate::ink::{Mode, Spot, Stroke, circle, rounded_box, stroke};
use crate::layout::{Layout, Place, Rect, Room, Wish, lay_out};
use crate::text::Weight;

const TITLE_PX: f32 = 16.0;
const DETAIL_PX: f32 = 14.0;
const VALUE_PX: f32 = 21.0;
const MARGIN_PX: f32 = 10.0;
const LINE_GAP_PX: f32 = 6.0;
const BADGE_PX: f32 = 28.0;
const ICON_PX: f32 = 24.0;
const GAP_PX: f32 = 10.0;
/// Between the edge of the picture and texts.
const EDGE_PX: f32 = 12.0;
/// No text is wider, as a share of the picture.
const WIDTH_SHARE: f32 = 0.34;

/// What stands on one plate.
enum Content {
    Callout { badge: String, title: String, detail: String, tone: Tone },
    Label { title: String, value: String, age: String, trust: Trust },
}

struct Wanted {
    content: Content,
    spot: Spot,
    wish: Wish,
}

/// Draws all callouts and labels, and answers where they are.
pub(super) fn draw(canvas: &mut Canvas<'_>, setting: &Setting<'_>, marks: &[Mark]) -> Layout {
    let mut wanted: Vec<Wanted> = Vec::new();
    for mark in marks {
        let Some((id, anchor, content)) = content(canvas, mark) else { continue };
        // A name that is used twice is the first one's.
        if wanted.iter().any(|known| known.wish.id == *id) {
            continue;
        }
        let Some((spot, about)) = anchor_on_picture(canvas, setting, anchor) else { continue };
        let size_px = size(canvas, &content).ceil();
        let wish = Wish { id: id.clone(), anchor_px: spot.at_px, size_px, about };
        wanted.push(Wanted { content, spot, wish });
    }
    let wishes: Vec<Wish> = wanted.iter().map(|one| one.wish.clone()).collect();
    let layout = lay_out(&wishes, &room(canvas, setting), setting.before);
    // Lines first, so that no line runs over a text.
    for one in &wanted {
        if let Some(place) = layout.get(&one.wish.id) {
            leader(canvas, place, one.spot);
        }
    }
    for one in &wanted {
        if let Some(place) = layout.get(&one.wish.id) {
            plate(canvas, place, &one.content);
        }
    }
    layout
}

fn content<'a>(canvas: &Canvas<'_>, mark: &'a Mark) -> Option<(&'a String, &'a Anchor, Content)> {
    let widest = canvas.view.size_px.x * WIDTH_SHARE;
    let fit = |text: &str, weight: Weight, size: f32| {
        canvas.faces.cut(&bounded(text), weight, size * canvas.scale, widest)
    };
    match mark {
        Mark::Callout { id, anchor, badge, title, detail, tone } => {
            let content = Content::Callout {
                badge: badge.chars().take(3).collect(),
                title: fit(title, Weight::Strong, TITLE_PX),
                detail: fit(detail, Weight::Regular, DETAIL_PX),
                tone: *tone,
            };
            Some((id, anchor, content))
        }
        Mark::Label { id, anchor, title, value, age, trust } => {
            let content = Content::Label {
                title: fit(title, Weight::Regular, DETAIL_PX),
                value: fit(value, Weight::Strong, VALUE_PX),
                age: fit(age, Weight::Regular, DETAIL_PX),
                trust: *trust,
            };
            Some((id, anchor, content))
        }
        _ => None,
    }
}

/// Where an anchor is, and the rectangle of what it is about.
fn anchor_on_picture(canvas: &Canvas<'_>, setting: &Setting<'_>, anchor: &Anchor) -> Option<(Spot, Rect)> {
    let spot = canvas.spot(point_of(setting, anchor)?)?;
    let dot = Rect { low: spot.at_px, high: spot.at_px }.grown(9.0 * canvas.scale);
    let about = match anchor {
        Anchor::Point(_) => dot,
        Anchor::Part(part) => {
            let part = setting.rig.part(part)?;
            let corners = setting.rig.branch_bounds(part, setting.stance).corners();
            let seen = corners.iter().filter_map(|corner| setting.view.see(*corner));
            seen.fold(dot, |rect, seen| rect.join(&Rect { low: seen.at_px, high: seen.at_px }))
        }
    };
    let whole = Rect { low: Vec2::ZERO, high: setting.view.size_px };
    whole.grown(1.0).overlaps(&dot).then_some((spot, about))
}

/// Where texts may be, and where the machine is.
fn room(canvas: &Canvas<'_>, setting: &Setting<'_>) -> Room {
    let [top, right, bottom, left] =
        setting.frame.insets_px.map(|inset| (inset.max(0.0) + EDGE_PX) * canvas.scale);
    let size = setting.view.size_px;
    let low = Vec2::new(left, top).min(size / 2.0 - 1.0);
    let high = (size - Vec2::new(right, bottom)).max(size / 2.0 + 1.0);
    let bounds = setting.rig.bounds(setting.stance);
    let mut machine: Option<Rect> = None;
    if !bounds.is_empty() {
        for seen in bounds.corners().iter().filter_map(|corner: &Vec3A| setting.view.see(*corner)) {
            let point = Rect { low: seen.at_px, high: seen.at_px };
            machine = Some(machine.map_or(point, |known| known.join(&point)));
        }
    }
    let machine = machine.unwrap_or(Rect { low: size / 2.0, high: size / 2.0 });
    Room { free: Rect { low, high }, machine, gap_px: GAP_PX * canvas.scale }
}

fn size(canvas: &Canvas<'_>, content: &Content) -> Vec2 {
    let scale = canvas.scale;
    match content {
        Content::Callout { title, detail, .. } => {
            let width = canvas.text_px(title, Weight::Strong, TITLE_PX).max(canvas.text_px(
                detail,
                Weight::Regular,
                DETAIL_PX,
            ));
            let lines = if detail.is_empty() { TITLE_PX } else { TITLE_PX + LINE_GAP_PX + DETAIL_PX };
            let height = lines.max(BADGE_PX) + MARGIN_PX * 1.2;
            Vec2::new(width + (BADGE_PX + MARGIN_PX * 3.0) * scale, height * scale)
        }
        Content::Label { title, value, age, trust } => {
            let first = canvas.text_px(title, Weight::Regular, DETAIL_PX);
            let gap = if age.is_empty() { 0.0 } else { MARGIN_PX * scale };
            let second = canvas.text_px(value, Weight::Strong, VALUE_PX)
                + gap
                + canvas.text_px(age, Weight::Regular, DETAIL_PX);
            let icon = if *trust == Trust::Good { 0.0 } else { (ICON_PX + MARGIN_PX * 0.8) * scale };
            let height = DETAIL_PX + LINE_GAP_PX + VALUE_PX + MARGIN_PX * 1.4;
            Vec2::new(first.max(second) + icon + MARGIN_PX * 2.0 * scale, height * scale)
        }
    }
}

fn leader(canvas: &mut Canvas<'_>, place: &Place, spot: Spot) {
    let dot = 4.5 * canvas.scale;
    let to = Spot::front(spot.at_px);
    canvas.hairline(&[Spot::front(place.port_px), to]);
    circle(canvas.ink, to, dot + 2.0 * canvas.scale, canvas.theme.ink_dark);
    circle(canvas.ink, to, dot, canvas.theme.ink_light);
}

fn plate(canvas: &mut Canvas<'_>, place: &Place, content: &Content) {
    match content {
        Content::Callout { badge, title, detail, tone } => {
            rim(canvas, place.rect.low, place.rect.high, 8.0, canvas.theme.rim, 1.5);
            callout(canvas, &place.rect, [badge, title, detail], *tone);
        }
        Content::Label { title, value, age, trust } => {
            label(canvas, &place.rect, [title, value, age], *trust)
        }
    }
}

fn callout(canvas: &mut Canvas<'_>, rect: &Rect, [badge, title, detail]: [&str; 3], tone: Tone) {
    let scale = canvas.scale;
    let radius = BADGE_PX / 2.0 * scale;
    let middle = Vec2::new(rect.low.x + MARGIN_PX * scale + radius, rect.middle().y);
    let color = canvas.tone(tone);
    circle(canvas.ink, Spot::front(middle), radius, color);
    let width = canvas.text_px(badge, Weight::Strong, TITLE_PX);
    let start = Vec2::new(middle.x - width / 2.0, baseline(canvas, middle.y, middle.y, TITLE_PX));
    // What stands on a badge of a colour has the colour of the plate, which is far from it in every theme.
    let on_badge = if tone == Tone::Accent { canvas.theme.on_accent } else { canvas.theme.plate };
    canvas.words(badge, Weight::Strong, TITLE_PX, on_badge, start);
    let left = middle.x + radius + MARGIN_PX * scale;
    if detail.is_empty() {
        let at = Vec2::new(left, baseline(canvas, rect.low.y, rect.high.y, TITLE_PX));
        canvas.words(title, Weight::Strong, TITLE_PX, canvas.theme.text, at);
        return;
    }
    let block = (TITLE_PX + LINE_GAP_PX + DETAIL_PX) * scale;
    let top = rect.middle().y - block / 2.0;
    let first = Vec2::new(left, baseline(canvas, top, top + TITLE_PX * scale, TITLE_PX));
    canvas.words(title, Weight::Strong, TITLE_PX, canvas.theme.text, first);
    let second = Vec2::new(left, baseline(canvas, top + block - DETAIL_PX * scale, top + block, DETAIL_PX));
    canvas.words(detail, Weight::Regular, DETAIL_PX, canvas.theme.muted, second);
}

fn label(canvas: &mut Canvas<'_>, rect: &Rect, [title, value, age]: [&str; 3], trust: Trust) {
    let scale = canvas.scale;
    let (color, width) = match trust {
        Trust::Good => (canvas.theme.rim, 1.5),
        Trust::Uncertain => (canvas.theme.notice, 2.0),
        Trust::Stale => (canvas.theme.high, 2.0),
        Trust::Bad => (canvas.theme.critical, 3.0),
    };
    rim(canvas, rect.low, rect.high, 8.0, color, width);
    if matches!(trust, Trust::Stale | Trust::Bad) {
        // Hatched, but so that words on it are read.
        rounded_box(canvas.ink, rect.low, rect.high, 8.0 * scale, color.faded(0.30), Mode::Hatched);
    }
    let mut left = rect.low.x + MARGIN_PX * scale;
    if trust != Trust::Good {
        let middle = Vec2::new(left + ICON_PX / 2.0 * scale, rect.middle().y);
        glyph::trust(canvas, middle, ICON_PX * scale, trust, color);
        left += (ICON_PX + MARGIN_PX * 0.8) * scale;
    }
    let top = rect.low.y + MARGIN_PX * 0.7 * scale;
    let first = Vec2::new(left, baseline(canvas, top, top + DETAIL_PX * scale, DETAIL_PX));
    canvas.words(title, Weight::Regular, DETAIL_PX, canvas.theme.muted, first);
    let (from, to) =
        (rect.high.y - (MARGIN_PX * 0.7 + VALUE_PX) * scale, rect.high.y - MARGIN_PX * 0.7 * scale);
    let foot = baseline(canvas, from, to, VALUE_PX);
    let written = canvas.words(value, Weight::Strong, VALUE_PX, canvas.theme.text, Vec2::new(left, foot));
    if trust == Trust::Bad {
        // Struck through: it is not to be believed.
        let middle = foot - VALUE_PX * 0.36 * scale;
        let way = [
            Spot::front(Vec2::new(left - 2.0, middle)),
            Spot::front(Vec2::new(left + written + 2.0, middle)),
        ];
        stroke(canvas.ink, &way, &Stroke::whole(2.0 * scale, color));
    }
    if !age.is_empty() {
        let at = Vec2::new(left + written + MARGIN_PX * scale, foot);
        canvas.words(age, Weight::Regular, DETAIL_PX, canvas.theme.muted, at);
    }
}
