//! The machine's model on a canvas, turned by a finger or by keys; what a step shows on it, and the part that is tapped.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{AttachmentId, AttachmentRead, ShownPart};
use serde_json::Value;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent};

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::stage3d::Stage3d;
use crate::step_scene::{self, Seen};
use crate::text;

/// Radians for one pixel of a stroke.
const TURN_PER_PX: f64 = 0.008;
/// Radians for one press of a key.
const TURN_PER_KEY: f64 = 0.15;
/// A stroke shorter than this is a tap, in pixels.
const TAP_PX: f64 = 6.0;

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
    /// The file of its model.
    attachment_id: AttachmentId,
    /// What is shown on it.
    #[prop(into)]
    shows: Signal<Vec<ShownPart>>,
    /// The words beside what is shown.
    say: Callback<ShownPart, String>,
    /// From which side it is seen first, and again whenever that changes: azimuth and elevation, in radians.
    #[prop(optional, into)]
    side: Option<Signal<Option<(f64, f64)>>>,
    /// A part was tapped.
    #[prop(optional)]
    tapped: Option<Callback<String>>,
) -> impl IntoView {
    let session = Session::here();
    let canvas = NodeRef::<Canvas>::new();
    let trouble = RwSignal::new(None::<String>);
    let ready = RwSignal::new(false);
    let look = RwSignal::new(Look::USUAL);
    Effect::new(move |_| {
        if let Some((azimuth_rad, elevation_rad)) = side.and_then(|side| side.get()) {
            look.update(|look| *look = Look { azimuth_rad, elevation_rad, ..*look });
        }
    });
    let stage: StoredValue<Rc<RefCell<Option<Loaded>>>, LocalStorage> =
        StoredValue::new_local(Rc::new(RefCell::new(None)));
    // Once the canvas is there and the file has been read, the machine is loaded.
    Effect::new(move |begun: Option<bool>| {
        let Some(element) = canvas.get().filter(|_| begun != Some(true)) else {
            return begun.unwrap_or(false);
        };
        session.send(AttachmentRead { attachment_id }, move |file| {
            let element = element.clone();
            spawn_local(async move {
                let opened = async {
                    let bytes = STANDARD.decode(&file.bytes_base64).map_err(|error| error.to_string())?;
                    Loaded::open(&element, &bytes).await
                };
                match opened.await {
                    Ok(opened) => {
                        let kept = stage.try_with_value(|stage| stage.replace(Some(opened)));
                        if kept.is_some() {
                            ready.try_set(true);
                        }
                    }
                    Err(said) => drop(trouble.try_set(Some(said))),
                }
            });
        });
        true
    });
    let resized = RwSignal::new(0_u32);
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
        if !ready.get() {
            return;
        }
        let (look, shows) = (look.get(), shows.get());
        let Some(element) = canvas.get() else { return };
        let frame = element.get_bounding_client_rect();
        let px_scale = window().device_pixel_ratio();
        let pixels = |length: f64| (length * px_scale).round().max(1.0) as u32;
        let size_px = (pixels(frame.width()), pixels(frame.height()));
        if element.width() != size_px.0 || element.height() != size_px.1 {
            element.set_width(size_px.0);
            element.set_height(size_px.1);
        }
        let drawn = stage.with_value(|stage| {
            let stage = stage.borrow();
            let Some(loaded) = stage.as_ref() else { return Ok(()) };
            let Some(camera) = loaded.camera(look, size_px)? else { return Ok(()) };
            let seen = Seen { size_px, px_scale, camera };
            let frame = step_scene::frame(&shows, &seen, |shown| untrack(|| say.run(shown.clone())));
            loaded.stage.draw(&frame.to_string()).map(|_done| ())
        });
        if let Err(said) = drawn {
            trouble.set(Some(said));
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
        let frame = element.get_bounding_client_rect();
        let px_scale = f64::from(element.width()) / frame.width().max(1.0);
        let (x_px, y_px) = ((x - frame.left()) * px_scale, (y - frame.top()) * px_scale);
        let hit = stage.with_value(|stage| {
            stage
                .borrow()
                .as_ref()
                .and_then(|loaded| loaded.stage.pick(x_px as f32, y_px as f32).ok().flatten())
        });
        let hit = hit.and_then(|hit| serde_json::from_str::<Value>(&hit).ok());
        if let Some(name) = hit.as_ref().and_then(|hit| hit["name"].as_str()) {
            tapped.run(name.to_owned());
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
        <div class="machine" data-test="machine" data-ready=move || ready.get().to_string()>
            <canvas node_ref=canvas tabindex="0" role="img" aria-label=text::machine_turn() data-test="machine-canvas"
                on:pointerdown=down on:pointermove=turn on:pointerup=up on:pointercancel=move |_| stroke.set_value(None)
                on:pointerleave=move |_| stroke.set_value(None) on:wheel=wheel on:keydown=key></canvas>
            <div class="machine-acts">
                <button type="button" class="btn tight" aria-label=text::machine_nearer() data-test="machine-nearer" on:click=move |_| look.update(|look| *look = look.nearer(1.0 / 1.3))><Icon glyph=Glyph::Plus/></button>
                <button type="button" class="btn tight" aria-label=text::machine_farther() data-test="machine-farther" on:click=move |_| look.update(|look| *look = look.nearer(1.3))><Icon glyph=Glyph::Minus/></button>
                <button type="button" class="btn tight" aria-label=text::machine_whole() data-test="machine-whole" on:click=move |_| look.set(Look::USUAL)><Icon glyph=Glyph::RotateCw/></button>
            </div>
            {move || trouble.get().map(|said| view! { <div class="error-box" role="alert"><b>{text::machine_not_drawn()}</b><div class="small">{said}</div></div> })}
            <Show when=move || !ready.get() && trouble.with(Option::is_none)><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
        </div>
    }
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

/// A machine on its stage, with the orbit that has all of it in view; none where the model is empty. The orbit is asked
/// for once: it walks through every part.
struct Loaded {
    stage: Stage3d,
    whole: Option<Value>,
}

impl Loaded {
    async fn open(canvas: &web_sys::HtmlCanvasElement, glb: &[u8]) -> Result<Self, String> {
        let stage = Stage3d::open(canvas).await?;
        stage.load(glb)?;
        let whole = stage.around(Look::USUAL.azimuth_rad as f32, Look::USUAL.elevation_rad as f32)?;
        let whole = whole.map(|orbit| serde_json::from_str(&orbit)).transpose();
        Ok(Self { stage, whole: whole.map_err(|error| error.to_string())? })
    }

    /// The camera of a look; nothing where the model is empty.
    fn camera(&self, look: Look, (width_px, height_px): (u32, u32)) -> Result<Option<Value>, String> {
        let Some(mut orbit) = self.whole.clone() else { return Ok(None) };
        let far_m = orbit["distance_m"].as_f64().unwrap_or(1.0);
        orbit["distance_m"] = (far_m * look.distance).into();
        orbit["azimuth_rad"] = look.azimuth_rad.into();
        orbit["elevation_rad"] = look.elevation_rad.into();
        let camera = self.stage.orbit(&orbit.to_string(), width_px, height_px)?;
        serde_json::from_str(&camera).map(Some).map_err(|error| error.to_string())
    }
}
