//! A picture of a step with what is drawn on it: arrows, circles, numbers and torques, in two outlines so that they read
//! on any photo.

use leptos::html::Div;
use leptos::prelude::*;
use millwright_model::{AttachmentRead, GuidePicture, PictureMark, PicturePoint};
use web_sys::PointerEvent;

use crate::figure;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::picture_marks::arrow;
use crate::query::query;
use crate::text;

/// The picture, and its marks over it.
#[component]
pub(crate) fn MarkedPicture(
    picture: GuidePicture,
    /// What it shows, for who cannot see it.
    #[prop(into)]
    alt: String,
) -> impl IntoView {
    let attachment_id = picture.attachment_id;
    let bytes = query(move || AttachmentRead { attachment_id }, Vec::new());
    let (marks, alt) = (StoredValue::new(picture.marks), StoredValue::new(alt));
    // The picture's own shape, once it is known: marks are drawn in its frame.
    let shape = RwSignal::new((4.0_f64, 3.0_f64));
    let image = NodeRef::<leptos::html::Img>::new();
    let loaded = move |_| {
        if let Some(image) = image.get_untracked() {
            shape.set((f64::from(image.natural_width().max(1)), f64::from(image.natural_height().max(1))));
        }
    };
    move || {
        match bytes.ready() {
        Some(bytes) => {
            let source = format!("data:{};base64,{}", bytes.media_type, bytes.bytes_base64);
            view! {
                <div class="marked" style:aspect-ratio=move || { let (width, height) = shape.get(); format!("{width} / {height}") }>
                    <img node_ref=image src=source alt=alt.get_value() on:load=loaded/>
                    <Marks marks=Signal::derive(move || marks.get_value()) shape/>
                </div>
            }
            .into_any()
        }
        None => view! { <div class="marked blank"><Icon glyph=Glyph::Image/><span>{text::picture_not_here()}</span></div> }.into_any(),
    }
    }
}

/// Marks in the frame of a picture.
#[component]
pub(crate) fn Marks(marks: Signal<Vec<PictureMark>>, shape: RwSignal<(f64, f64)>) -> impl IntoView {
    // A hundredth of the width is the unit: marks are as large on every picture.
    let height = move || {
        let (width, height) = shape.get();
        100.0 * height / width
    };
    view! {
        <svg class="marks" viewBox=move || format!("0 0 100 {}", height()) aria-hidden="true">
            {move || { let height = height(); marks.get().iter().map(|mark| drawn(mark, height)).collect_view() }}
        </svg>
    }
}

/// A mark twice: wide and dark below, narrow and light above.
fn drawn(mark: &PictureMark, height: f64) -> AnyView {
    let at = |point: &PicturePoint| (point.x * 100.0, point.y * height);
    let line = |path: String| {
        view! { <path class="mark-under" d=path.clone()></path><path class="mark-over" d=path></path> }
            .into_any()
    };
    let badge = |(x, y): (f64, f64), said: String, wide: f64| {
        view! {
            <rect class="mark-badge" x=x - wide / 2.0 y=y - 2.6 width=wide height="5.2" rx="2.6"></rect>
            <text class="mark-text" x=x y=y + 1.2 text-anchor="middle">{said}</text>
        }
        .into_any()
    };
    match mark {
        PictureMark::Arrow { from, to } => line(arrow(at(from), at(to))),
        PictureMark::Circle { center, radius } => {
            let ((x, y), r) = (at(center), radius * 100.0);
            line(format!("M{} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0", x - r, 2.0 * r, -2.0 * r))
        }
        PictureMark::Number { at: place, number } => badge(at(place), number.to_string(), 6.0),
        PictureMark::Torque { at: place, torque_nm } => {
            let said = format!("\u{21bb} {} N·m", figure::plain(*torque_nm));
            let wide = 3.0 + 1.9 * said.chars().count() as f64;
            badge(at(place), said, wide)
        }
    }
}

/// Where a pointer is on the picture that a board holds; beyond its edge is at the edge.
pub(super) fn pointed(board: NodeRef<Div>, event: &PointerEvent) -> Option<PicturePoint> {
    let frame = board.get_untracked()?.get_bounding_client_rect();
    let share = |at: f64, from: f64, length: f64| ((at - from) / length.max(1.0)).clamp(0.0, 1.0);
    Some(PicturePoint {
        x: share(f64::from(event.client_x()), frame.left(), frame.width()),
        y: share(f64::from(event.client_y()), frame.top(), frame.height()),
    })
}
