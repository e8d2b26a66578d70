//! The machine on a canvas, turned by a finger or by keys; what a step shows on it, how that moves, and the part that is
//! tapped.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::ShownPart;
use serde_json::Value;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent};

use super::eye;
use super::inside_panel::InsidePanel;
use super::machine::{MachineOnCanvas, MachineShape};
use super::shown::Shown;
use crate::fineness::Fineness;
use crate::icon::Glyph;
use crate::inside::Inside;
use crate::part::Icon;
use crate::session::Session;
use crate::stage3d::Stage3d;
use crate::text;
use millwright_step_scene::{self as step_scene, Canvas, MachineFacts, PartPlace, Seen, StepMoves, Touched};

/// Radians for one pixel of a stroke.
const TURN_PER_PX: f64 = 0.008;
/// Radians for one press of a key.
const TURN_PER_KEY: f64 = 0.15;
/// A stroke shorter than this is a tap, in pixels.
const TAP_PX: f64 = 6.0;

/// How wide the buttons at the hand are with what is round them, in pixels of the layout.
const BUTTONS_PX: f64 = 72.0;
/// How much of the width the camera's picture takes beside a machine, with what is round it.
const CAMERA_SHARE: f64 = 0.4;

/// What has not moved for so long stands, and is drawn as finely as it can be.
const REST: Duration = Duration::from_millis(300);
/// How much farther a machine is seen that is pulled apart, as a share.
const APART_ROOM: f64 = 1.1;

/// From where it is seen.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Look {
    azimuth_rad: f64,
    elevation_rad: f64,
    /// Of the distance that has all in view.
    distance: f64,
}

impl Look {
    const USUAL: Self = Self { azimuth_rad: 0.6, elevation_rad: 0.35, distance: 0.85 };

    fn turned(self, azimuth_rad: f64, elevation_rad: f64) -> Self {
        Self {
            azimuth_rad: self.azimuth_rad + azimuth_rad,
            elevation_rad: (self.elevation_rad + elevation_rad).clamp(-1.5, 1.5),
            ..self
        }
    }

    fn nearer(self, times: f64) -> Self {
        Self { distance: (self.distance * times).clamp(0.05, 4.0), ..self }
    }
}

/// A machine on its canvas.
#[component]
pub(super) fn MachineView(
    shape: MachineShape,
    /// What is shown on it.
    shown: Shown,
    /// From which side it is seen first, and again whenever that changes: azimuth and elevation, in radians.
    #[prop(optional, into)]
    side: Option<Signal<Option<(f64, f64)>>>,
    /// A part was tapped.
    #[prop(optional)]
    tapped: Option<Callback<Touched>>,
    /// Told of the machine once it is loaded, and whenever it changes.
    #[prop(optional)]
    told: Option<WriteSignal<MachineFacts>>,
    /// Without the controls that look into it.
    #[prop(optional)]
    plain: bool,
    /// The camera's picture lies in its lower corner, away from the hand.
    #[prop(optional)]
    beside_camera: bool,
) -> impl IntoView {
    let session = Session::here();
    let canvas = NodeRef::<html::Canvas>::new();
    let machine = MachineOnCanvas::load(shape, canvas);
    let trouble = machine.trouble;
    // Bodies alone are as high as they are wide: all of the picture's height is theirs.
    let usual = match shape.model {
        Some(_) => Look::USUAL,
        None => Look { distance: 1.1, ..Look::USUAL },
    };
    let look = RwSignal::new(usual);
    let (inside, inside_open) = (RwSignal::new(Inside::NOT), RwSignal::new(false));
    Effect::new(move |_| {
        if let Some((azimuth_rad, elevation_rad)) = side.and_then(|side| side.get()) {
            look.update(|look| *look = Look { azimuth_rad, elevation_rad, ..*look });
        }
    });
    // The orbit that has all of it in view is asked for once: it walks through every part.
    let whole = Memo::new(move |_| {
        machine.facts.track();
        machine.with(whole_of).transpose().ok().flatten().flatten()
    });
    // Where the parts of the step rest, for the same reason.
    let places = Memo::new(move |_| {
        machine.facts.track();
        let of = |stage: &Stage3d, parts: &[ShownPart]| -> BTreeMap<String, PartPlace> {
            parts.iter().filter_map(|part| Some((part.part.clone(), stage.part(&part.part)?))).collect()
        };
        shown.parts.with(|parts| machine.with(|stage| of(stage, parts)).unwrap_or_default())
    });
    if let Some(told) = told {
        Effect::new(move |_| {
            if let Some(facts) = machine.facts.get() {
                told.set(facts);
            }
        });
    }
    let film = Film::of(machine, shown);
    let resized = RwSignal::new(0_u32);
    let pace = StoredValue::new(Pace::begin());
    // Counts up when nothing has moved for a while: what stands is drawn as finely as it can be.
    let rested = RwSignal::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let rest = move || {
        if rested.try_update(|times| *times = times.wrapping_add(1)).is_none() {
            // The page was left.
        }
    };
    let watch = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move |_| {
        if let Some(element) = canvas.get() {
            let again = move || {
                // Once the page is left there is nothing to draw.
                if resized.try_update(|times| *times = times.wrapping_add(1)).is_none() {}
            };
            watch.set_value(SizeWatch::on(&element, again));
        }
    });
    Effect::new(move |_| {
        resized.track();
        rested.track();
        let (look, inside, parts) = (look.get(), inside.get(), shown.parts.get());
        let played = film.played();
        let Some(element) = canvas.get() else { return };
        let began_ms = eye::now_ms();
        let fineness = pace.with_value(|pace| pace.now(began_ms));
        let canvas = fitted(&element, fineness);
        let size_px = canvas.size_px;
        let drawn = machine.facts.with(|facts| {
            let facts = facts.as_ref()?;
            machine.with(|stage| {
                // What is pulled apart needs more room.
                let look = look.nearer(1.0 + APART_ROOM * inside.exploded);
                let Some(camera) = camera_of(stage, whole.get(), look, size_px)? else { return Ok(()) };
                let seen = Seen {
                    canvas,
                    camera,
                    played,
                    exploded: inside.exploded,
                    sections: inside.sections(facts.bounds_m),
                    insets_px: insets_px(beside_camera, canvas),
                    places: places.get(),
                };
                let frame = shown.telling(session, |telling| step_scene::frame(&parts, &seen, telling));
                stage.draw(&frame.to_string()).map(|_done| ())
            })
        });
        if let Some(Err(said)) = drawn {
            trouble.set(Some(said));
        }
        pace.update_value(|pace| *pace = pace.after(began_ms, eye::now_ms()));
        // One timer: each picture begins it anew.
        if let Some(waits) = timer.try_update_value(Option::take).flatten() {
            waits.clear();
        }
        if !fineness.is_finest() {
            timer.set_value(set_timeout_with_handle(rest, REST).ok());
        }
    });
    let stroke = StoredValue::new(None::<(f64, f64, f64)>);
    let at = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let down = move |event: PointerEvent| {
        let (x, y) = at(&event);
        stroke.set_value(Some((x, y, 0.0)));
    };
    let turn = move |event: PointerEvent| {
        let Some((x, y, length)) = stroke.get_value() else { return };
        let (to_x, to_y) = at(&event);
        let (dx, dy) = (to_x - x, to_y - y);
        stroke.set_value(Some((to_x, to_y, length + dx.hypot(dy))));
        look.update(|look| *look = look.turned(-dx * TURN_PER_PX, dy * TURN_PER_PX));
    };
    let up = move |event: PointerEvent| {
        let Some((x, y, length)) = stroke.try_update_value(Option::take).flatten() else { return };
        let (Some(tapped), true) = (tapped, length < TAP_PX) else { return };
        let Some(element) = canvas.get_untracked() else { return };
        if let Some(hit) = machine.with(|stage| touched(stage, &element, (x, y))).flatten() {
            tapped.run(hit);
        }
        event.prevent_default();
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        look.update(|look| *look = look.nearer(if event.delta_y() > 0.0 { 1.1 } else { 1.0 / 1.1 }));
    };
    let key = move |event: KeyboardEvent| {
        let turned = match event.key().as_str() {
            "ArrowLeft" => look.get_untracked().turned(-TURN_PER_KEY, 0.0),
            "ArrowRight" => look.get_untracked().turned(TURN_PER_KEY, 0.0),
            "ArrowUp" => look.get_untracked().turned(0.0, TURN_PER_KEY),
            "ArrowDown" => look.get_untracked().turned(0.0, -TURN_PER_KEY),
            "+" => look.get_untracked().nearer(1.0 / 1.2),
            "-" => look.get_untracked().nearer(1.2),
            _ => return,
        };
        // The step stays where it is: these keys turn the machine while it has the focus.
        event.stop_propagation();
        event.prevent_default();
        look.set(turned);
    };
    view! {
        <div class="machine" data-test="machine" data-ready=move || machine.is_ready().to_string() data-played=move || film.at_s.get().to_string()>
            <canvas node_ref=canvas tabindex="0" role="img" aria-label=move || told_aloud(&shown.values_told(session)) data-test="machine-canvas"
                on:pointerdown=down on:pointermove=turn on:pointerup=up on:pointercancel=move |_| stroke.set_value(None)
                on:pointerleave=move |_| stroke.set_value(None) on:wheel=wheel on:keydown=key></canvas>
            <div class="machine-acts">
                <button type="button" class="btn tight" aria-label=text::machine_nearer() data-test="machine-nearer" on:click=move |_| look.update(|look| *look = look.nearer(1.0 / 1.3))><Icon glyph=Glyph::Plus/></button>
                <button type="button" class="btn tight" aria-label=text::machine_farther() data-test="machine-farther" on:click=move |_| look.update(|look| *look = look.nearer(1.3))><Icon glyph=Glyph::Minus/></button>
                <button type="button" class="btn tight" aria-label=text::machine_whole() data-test="machine-whole" on:click=move |_| { look.set(usual); inside.set(Inside::NOT) }><Icon glyph=Glyph::RotateCw/></button>
                {(!plain).then(|| view! {
                    <button type="button" class="btn tight" aria-label=text::inside() aria-expanded=move || inside_open.get().to_string() class:on=move || inside_open.get() data-test="inside" on:click=move |_| inside_open.update(|open| *open = !*open)><Icon glyph=Glyph::Box/></button>
                    <Show when=move || film.is_there()>
                        <button type="button" class="btn tight" aria-label=text::machine_play() data-test="machine-play" on:click=move |_| film.play()><Icon glyph=Glyph::Play/></button>
                    </Show>
                })}
            </div>
            <Show when=move || inside_open.get()><InsidePanel inside/></Show>
            {move || trouble.get().map(|said| view! { <div class="error-box" role="alert"><b>{text::machine_not_drawn()}</b><div class="small">{said}</div></div> })}
            <Show when=move || !machine.is_ready() && trouble.with(Option::is_none)><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
        </div>
    }
}

/// The movements of a step while they are played: once by themselves, and again when a person asks for it.
#[derive(Copy, Clone)]
struct Film {
    machine: MachineOnCanvas,
    moves: Signal<StepMoves>,
    at_s: RwSignal<f64>,
    /// Counts up with every start: only the newest goes on.
    start: RwSignal<u32>,
}

impl Film {
    fn of(machine: MachineOnCanvas, shown: Shown) -> Self {
        let film = Self { machine, moves: shown.moves, at_s: RwSignal::new(0.0), start: RwSignal::new(0) };
        let shown_first = Memo::new(move |_| (machine.is_ready(), film.moves.get()));
        Effect::new(move |_| {
            if let (true, moves) = shown_first.get() {
                let ends_s = machine.facts.with_untracked(|facts| Some(moves.duration_s(facts.as_ref()?)));
                if prefers_stillness() {
                    film.at_s.set(ends_s.unwrap_or(0.0));
                } else {
                    film.play();
                }
            }
        });
        film
    }

    fn duration_s(&self) -> f64 {
        let facts = self.machine.facts;
        facts.with(|facts| {
            facts.as_ref().map_or(0.0, |facts| self.moves.with(|moves| moves.duration_s(facts)))
        })
    }

    fn is_there(&self) -> bool {
        self.duration_s() > 0.0
    }

    fn played(&self) -> Value {
        let at_s = self.at_s.get();
        let facts = self.machine.facts;
        let played = facts
            .with(|facts| facts.as_ref().map(|facts| self.moves.with(|moves| moves.played(facts, at_s))));
        played.unwrap_or_else(|| Value::Array(Vec::new()))
    }

    fn play(self) {
        let ends_s = untrack(|| self.duration_s());
        self.start.update(|start| *start = start.wrapping_add(1));
        let mine = self.start.get_untracked();
        self.at_s.set(0.0);
        if ends_s <= 0.0 {
            return;
        }
        spawn_local(async move {
            let began_ms = eye::now_ms();
            loop {
                eye::next_drawing().await;
                if self.start.try_get_untracked() != Some(mine) {
                    return;
                }
                let at_s = (eye::now_ms() - began_ms) / 1_000.0;
                self.at_s.try_set(at_s.min(ends_s));
                if at_s >= ends_s {
                    return;
                }
            }
        });
    }
}

/// How finely is drawn while the machine turns or its parts move.
#[derive(Copy, Clone)]
struct Pace {
    moving: Fineness,
    drawn_at_ms: f64,
}

impl Pace {
    fn begin() -> Self {
        Self { moving: Fineness::learnt(), drawn_at_ms: f64::NEG_INFINITY }
    }

    /// A picture that comes soon after another one is of something that moves.
    fn is_moving(self, now_ms: f64) -> bool {
        now_ms - self.drawn_at_ms < REST.as_secs_f64() * 1_000.0 / 2.0
    }

    fn now(self, now_ms: f64) -> Fineness {
        if self.is_moving(now_ms) { self.moving } else { Fineness::FINEST }
    }

    fn after(self, began_ms: f64, drawn_at_ms: f64) -> Self {
        let took_ms = drawn_at_ms - began_ms;
        let moving = if self.is_moving(began_ms) { self.moving.after(took_ms) } else { self.moving };
        moving.keep();
        Self { moving, drawn_at_ms }
    }
}

/// What is kept free of texts: the picture's name above, buttons at the hand, and perhaps the camera's picture at the other.
fn insets_px(beside_camera: bool, canvas: Canvas) -> [f64; 4] {
    let layout_px = f64::from(canvas.size_px.0) / canvas.px_scale;
    let other_hand_px = if beside_camera { layout_px * CAMERA_SHARE } else { BUTTONS_PX };
    let hand = document().document_element().and_then(|root| root.get_attribute("data-hand"));
    match hand.as_deref() {
        Some("left") => [64.0, other_hand_px, 24.0, BUTTONS_PX],
        _ => [64.0, BUTTONS_PX, 24.0, other_hand_px],
    }
}

/// What the picture is for whoever does not see it: how it is turned, and the values that stand in it.
fn told_aloud(values: &str) -> String {
    if values.is_empty() {
        text::machine_turn().to_owned()
    } else {
        format!("{}. {values}", text::machine_turn())
    }
}

/// Whether a person asked their system for as little movement as there can be.
fn prefers_stillness() -> bool {
    let asked = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    asked.is_some_and(|asked| asked.matches())
}

/// The canvas with as many pixels as it is large, or a share of them.
pub(super) fn fitted(element: &web_sys::HtmlCanvasElement, fineness: Fineness) -> Canvas {
    let frame = element.get_bounding_client_rect();
    let px_scale = window().device_pixel_ratio() * fineness.share();
    let pixels = |length: f64| (length * px_scale).round().max(1.0) as u32;
    let size_px = (pixels(frame.width()), pixels(frame.height()));
    if element.width() != size_px.0 || element.height() != size_px.1 {
        element.set_width(size_px.0);
        element.set_height(size_px.1);
    }
    Canvas { size_px, px_scale, is_smooth: fineness.is_smooth() }
}

/// What is under a finger, given in pixels of the page.
pub(super) fn touched(
    stage: &Stage3d,
    element: &web_sys::HtmlCanvasElement,
    (x, y): (f64, f64),
) -> Option<Touched> {
    let frame = element.get_bounding_client_rect();
    let px_scale = f64::from(element.width()) / frame.width().max(1.0);
    let (x_px, y_px) = ((x - frame.left()) * px_scale, (y - frame.top()) * px_scale);
    stage.pick(x_px as f32, y_px as f32).ok().flatten()
}

/// Tells when an element got another size, for as long as it is kept.
pub(super) struct SizeWatch {
    observer: ResizeObserver,
    _told: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Nothing where the webview does not tell: the picture then keeps its size until the machine is turned.
    pub(super) fn on(element: &web_sys::Element, told: impl FnMut() + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut()>::new(told);
        let observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _told: told })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The orbit that has all of a machine in view; nothing where there is nothing to be seen.
fn whole_of(stage: &Stage3d) -> Result<Option<Value>, String> {
    let whole = stage.around(Look::USUAL.azimuth_rad as f32, Look::USUAL.elevation_rad as f32)?;
    whole.map(|orbit| serde_json::from_str(&orbit)).transpose().map_err(|error| error.to_string())
}

/// The camera of a look; nothing where there is nothing to be seen.
fn camera_of(
    stage: &Stage3d,
    whole: Option<Value>,
    look: Look,
    (width_px, height_px): (u32, u32),
) -> Result<Option<Value>, String> {
    let Some(mut orbit) = whole else { return Ok(None) };
    let far_m = orbit["distance_m"].as_f64().unwrap_or(1.0);
    orbit["distance_m"] = (far_m * look.distance).into();
    orbit["azimuth_rad"] = look.azimuth_rad.into();
    orbit["elevation_rad"] = look.elevation_rad.into();
    let camera = stage.orbit(&orbit.to_string(), width_px, height_px)?;
    serde_json::from_str(&camera).map(Some).map_err(|error| error.to_string())
}
