//! The influence diagram of the model: what hangs on what, to be moved about, opened, and drawn on.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use millwright_charts::{BOX_HIGH, BOX_WIDE, arrow_path};
use millwright_model::{ScenarioEdit, ScenarioFigure};
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::figure_sheet::{FigureSheet, NewFigureSheet};
use super::trial::Trial;
use crate::diagram::{EDGE, Place, Places, outline, short_name, short_value};
use crate::icon::Glyph;
use crate::part::Icon;
use crate::scenario_words as words;
use crate::text;

/// Nearer than this, in pixels of the screen, a finger has not moved.
const STILL: f64 = 5.0;
/// What an arrow key moves a figure by.
const KEY_STEP: i32 = 16;
/// How large a diagram may be drawn, and how small.
const SCALES: (f64, f64) = (0.4, 2.0);

/// A figure under a finger.
#[derive(Clone, PartialEq)]
struct Drag {
    name: String,
    /// Where the finger came down, in pixels of the screen.
    down: (f64, f64),
    from: Place,
    at: Place,
    /// Whether an arrow is drawn from it instead.
    is_arrow: bool,
    has_moved: bool,
}

/// What lies over the diagram.
#[derive(Clone, PartialEq)]
pub(super) enum Open {
    /// A figure, and one more that it is to be made of.
    Figure {
        name: String,
        more: Option<String>,
    },
    New,
}

/// The card.
#[component]
pub(super) fn DiagramCard(trial: Trial) -> impl IntoView {
    let figures = Memo::new(move |_| trial.view.with(|view| view.figures.clone()));
    let places =
        Memo::new(move |_| figures.with(|figures| trial.view.with(|view| Places::of(figures, &view.places))));
    // What is let go stays where it is until it is written.
    let kept = RwSignal::new(HashMap::<String, Place>::new());
    let drag = RwSignal::new(None::<Drag>);
    let hot = RwSignal::new(None::<String>);
    let open = RwSignal::new(None::<Open>);
    let scale = RwSignal::new(1.0);
    let board = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        places.track();
        kept.set(HashMap::new());
    });
    let at = move |name: &str| {
        let dragged = drag.with(|drag| {
            drag.as_ref().filter(|drag| drag.name == name && !drag.is_arrow).map(|drag| drag.at)
        });
        let kept = || kept.with(|kept| kept.get(name).copied());
        dragged.or_else(kept).unwrap_or_else(|| places.with(|places| places.of_figure(name)))
    };
    let place = move |name: String, at: Place| {
        kept.update(|kept| {
            kept.insert(name.clone(), at);
        });
        let at = places.with_untracked(|places| places.kept(at));
        trial.write(vec![ScenarioEdit::Place { name, at: Some(at) }], || ());
    };
    let moved = move |event: PointerEvent| {
        drag.update(|drag| {
            let Some(drag) = drag else { return };
            let (across, down) =
                (f64::from(event.client_x()) - drag.down.0, f64::from(event.client_y()) - drag.down.1);
            drag.has_moved |= across.hypot(down) > STILL;
            let shift = |pixels: f64| (pixels / scale.get_untracked()).round() as i32;
            drag.at = (drag.from.0 + shift(across), drag.from.1 + shift(down));
        });
    };
    let let_go = move |event: PointerEvent| {
        let Some(done) = drag.try_update(Option::take).flatten() else { return };
        if done.is_arrow {
            let under = under(board, &event, scale.get_untracked());
            let to =
                under.and_then(|at| places.with_untracked(|places| places.figure_at(at).map(str::to_owned)));
            if let Some(to) = to.filter(|to| *to != done.name) {
                open.set(Some(Open::Figure { name: to, more: Some(done.name) }));
            }
        } else if done.has_moved {
            place(done.name, done.at);
        } else {
            open.set(Some(Open::Figure { name: done.name, more: None }));
        }
    };
    let key = move |event: KeyboardEvent, name: &str| {
        let step = match event.key().as_str() {
            "Enter" | " " => {
                event.prevent_default();
                open.set(Some(Open::Figure { name: name.to_owned(), more: None }));
                return;
            }
            "ArrowLeft" => (-KEY_STEP, 0),
            "ArrowRight" => (KEY_STEP, 0),
            "ArrowUp" => (0, -KEY_STEP),
            "ArrowDown" => (0, KEY_STEP),
            _ => return,
        };
        event.prevent_default();
        let from = untrack(|| at(name));
        kept.update(|kept| {
            kept.insert(name.to_owned(), (from.0 + step.0, from.1 + step.1));
        });
    };
    // What keys moved is written once the figure is left.
    let left = move |name: &str| {
        hot.set(None);
        if let Some(at) = kept.with_untracked(|kept| kept.get(name).copied()) {
            let is_there = places.with_untracked(|places| places.of_figure(name)) == at;
            if !is_there {
                place(name.to_owned(), at);
            }
        }
    };
    let begin = move |event: PointerEvent, name: &str, is_arrow: bool| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if let Some(board) = board.get_untracked()
            && board.set_pointer_capture(event.pointer_id()).is_err()
        {
            // The finger is up already: then it was a tap.
        }
        let from = untrack(|| at(name));
        let down = (f64::from(event.client_x()), f64::from(event.client_y()));
        let name = name.to_owned();
        drag.set(Some(Drag { name, down, from, at: from, is_arrow, has_moved: false }));
    };
    let tidy = move |_| {
        let moved = trial.view.with_untracked(|view| view.places.clone());
        let edits = moved.into_iter().map(|place| ScenarioEdit::Place { name: place.name, at: None });
        trial.write(edits.collect(), || ());
    };
    let is_moved = move || trial.view.with(|view| !view.places.is_empty());
    let fit = move |_| {
        let wide = board.get_untracked().map_or(0, |board| board.client_width());
        let extent = places.with_untracked(Places::extent);
        scale.set((f64::from(wide) / f64::from(extent.0.max(1))).clamp(SCALES.0, 1.0));
    };
    let nearer = move |by: f64| scale.update(|scale| *scale = (*scale * by).clamp(SCALES.0, SCALES.1));
    let extent = move || places.with(Places::extent);
    let size = move |of: fn(Place) -> i32| (f64::from(of(extent())) * scale.get()).round();
    let arrows = move || {
        let pairs = figures.with(|figures| {
            let into = |figure: &ScenarioFigure| {
                let to = figure.name.clone();
                figure.made_of.iter().map(move |from| (from.clone(), to.clone())).collect::<Vec<_>>()
            };
            figures.iter().flat_map(into).collect::<Vec<_>>()
        });
        let arrow = |(from, to): (String, String)| {
            let (hot_from, hot_to) = (from.clone(), to.clone());
            let is_hot =
                move || hot.with(|hot| hot.as_ref().is_some_and(|hot| *hot == hot_from || *hot == hot_to));
            let test = format!("arrow-{from}-{to}");
            view! { <path class="arrow" class:on=is_hot d=move || arrow_path(at(&from), at(&to)) marker-end="url(#diagram-tip)" data-test=test/> }
        };
        pairs.into_iter().map(arrow).collect_view()
    };
    let drawn_arrow = move || {
        let drag = drag.get().filter(|drag| drag.is_arrow && drag.has_moved)?;
        let (x, y) = (drag.from.0 + BOX_WIDE, drag.from.1 + BOX_HIGH / 2);
        let (to_x, to_y) = (drag.at.0 + BOX_WIDE, drag.at.1 + BOX_HIGH / 2);
        Some(
            view! { <path class="arrow drawn" d=format!("M{x} {y}L{to_x} {to_y}") marker-end="url(#diagram-tip)"/> },
        )
    };
    let boxes = move || {
        let figure = |figure: ScenarioFigure| {
            let name = StoredValue::new(figure.name.clone());
            let told = aloud(&figure);
            let (class, test) =
                (format!("figure f-{}", kind_class(&figure)), format!("figure-{}", figure.name));
            let arrow_test = format!("{test}-arrow");
            view! {
                <g class=class tabindex="0" role="button" aria-label=told data-test=test
                    transform=move || { let (x, y) = name.with_value(|name| at(name)); format!("translate({x} {y})") }
                    on:pointerdown=move |event| name.with_value(|name| begin(event, name, false))
                    on:pointerenter=move |_| hot.set(Some(name.get_value())) on:pointerleave=move |_| hot.set(None)
                    on:focus=move |_| hot.set(Some(name.get_value())) on:blur=move |_| name.with_value(|name| left(name))
                    on:keydown=move |event| name.with_value(|name| key(event, name))>
                    <path class="outline" d=outline(figure.kind)/>
                    <text x=BOX_WIDE / 2 y="22" class="figure-name">{short_name(&figure.name)}</text>
                    <text x=BOX_WIDE / 2 y="41" class="figure-value">{short_value(&figure.value)}</text>
                    <circle class="grip" cx=BOX_WIDE cy=BOX_HIGH / 2 r="9" data-test=arrow_test on:pointerdown=move |event| name.with_value(|name| begin(event, name, true))/>
                </g>
            }
        };
        figures.get().into_iter().map(figure).collect_view()
    };
    let close = Callback::new(move |()| open.set(None));
    view! {
        <section class="card" data-test="scenario-diagram">
            <div class="head"><h2 class="grow">{text::diagram()}</h2>
                <button type="button" class="btn" data-test="diagram-new" on:click=move |_| open.set(Some(Open::New))><Icon glyph=Glyph::Plus/>{text::diagram_new()}</button>
                <Show when=is_moved><button type="button" class="btn" data-test="diagram-tidy" on:click=tidy>{text::diagram_tidy()}</button></Show>
                <button type="button" class="btn" data-test="diagram-fit" on:click=fit>{text::diagram_fit()}</button>
                <button type="button" class="btn tight" aria-label=text::machine_farther() data-test="diagram-farther" on:click=move |_| nearer(1.0 / 1.25)><Icon glyph=Glyph::Minus/></button>
                <button type="button" class="btn tight" aria-label=text::machine_nearer() data-test="diagram-nearer" on:click=move |_| nearer(1.25)><Icon glyph=Glyph::Plus/></button></div>
            <p class="muted small">{text::diagram_hint()}</p>
            <div class="diagram" node_ref=board on:pointermove=moved on:pointerup=let_go on:pointercancel=move |_| drag.set(None)>
                <svg width=move || size(|at| at.0) height=move || size(|at| at.1)
                    viewBox=move || { let (wide, high) = extent(); format!("-{EDGE} -{EDGE} {wide} {high}") }>
                    <defs><marker id="diagram-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8Z"/></marker></defs>
                    {arrows}{boxes}{drawn_arrow}
                </svg>
            </div>
        </section>
        {move || open.get().map(|what| match what {
            Open::Figure { name, more } => view! { <FigureSheet trial name more open close/> }.into_any(),
            Open::New => view! { <NewFigureSheet trial open close/> }.into_any(),
        })}
    }
}

/// Where in the diagram a finger is, at full size.
fn under(board: NodeRef<leptos::html::Div>, event: &PointerEvent, scale: f64) -> Option<(f64, f64)> {
    let svg: Element = board.get_untracked()?.first_element_child()?.unchecked_into();
    let corner = svg.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - corner.left()) / scale - f64::from(EDGE);
    let y = (f64::from(event.client_y()) - corner.top()) / scale - f64::from(EDGE);
    Some((x, y))
}

fn kind_class(figure: &ScenarioFigure) -> &'static str {
    use millwright_model::ScenarioFigureKind as Kind;
    match figure.kind {
        Kind::Given => "given",
        Kind::Chance => "chance",
        Kind::Formula => "formula",
        Kind::Stock => "stock",
        Kind::Decision => "decision",
        Kind::Disruption => "disruption",
        Kind::Result => "result",
    }
}

/// A figure for who does not see the picture.
fn aloud(figure: &ScenarioFigure) -> String {
    let named = |name: &String| name.replace('_', " ");
    let told = format!("{}, {}: {}", named(&figure.name), words::figure_kind(figure.kind), figure.value);
    if figure.made_of.is_empty() {
        return told;
    }
    let of: Vec<String> = figure.made_of.iter().map(named).collect();
    format!("{told}. {}", text::figure_made_of(of.join(", ")))
}
