//! The camera's picture with what a step shows standing on the machine, as far as it is known where that is.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use leptos::html::{Canvas, Div, Video};
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{
    AlignedPoint, ApiError, AssetId, SightAlign, SightClose, SightProof, SightPurpose, SightSeen, SightView,
};
use wasm_bindgen::JsCast;

use super::align_panel::AlignPanel;
use super::eye::{self, Eye, Played, Taken};
use super::machine::{MachineOnCanvas, MachineShape};
use super::machine_view::{SizeWatch, fitted, touched};
use super::shown::Shown;
use super::sight_bar::SightBar;
use crate::fineness::Fineness;
use crate::ipc;
use crate::overlay::{self, Fits, Standing, Steady};
use crate::part::{Camera, read_file};
use crate::session::Session;
use crate::stage3d::Stage3d;
use crate::step_scene::{self, OverPicture};
use crate::text;
use crate::words;
use millwright_step_scene::{MachineFacts, PartPlace, StepMoves, Touched};

/// What the name of a recorded run ends in; other files are pictures.
const RUN_ENDING: &str = ".mwview";
/// How often a camera that lies still is looked through, in milliseconds.
const STILL_EVERY_MS: i32 = 200;
/// Among so many parts, points to align by are looked for.
const PARTS_MAX: usize = 300;
/// How often something that stands is asked whether it has become stale, in milliseconds.
const FROZEN_EVERY_MS: i32 = 120;

/// How long a movement stands at its end before it begins again, in seconds.
const FILM_PAUSE_S: f64 = 1.5;

/// The picture that was frozen, for whoever takes it as evidence: a JPEG in a data URL.
#[derive(Copy, Clone)]
pub(super) struct FrozenPicture(pub(super) RwSignal<Option<String>>);

/// What the view tells of itself.
#[derive(Copy, Clone)]
pub(super) struct Sighting {
    /// How much is shown over the picture.
    pub(super) standing: RwSignal<Standing>,
    /// From which side the camera looked last: azimuth and elevation, in radians.
    pub(super) side: RwSignal<Option<(f64, f64)>>,
    /// What the last picture showed.
    pub(super) seen: RwSignal<Option<SightSeen>>,
    /// What the camera is looked through by.
    pub(super) view: RwSignal<Option<SightView>>,
    /// What a person said of the outline.
    pub(super) fits: RwSignal<Fits>,
    /// The picture stands.
    pub(super) frozen: RwSignal<bool>,
    /// The recorded run is over.
    pub(super) over: RwSignal<bool>,
    /// What is played instead of the camera.
    pub(super) run: RwSignal<Option<Played>, LocalStorage>,
    /// Why nothing is seen.
    pub(super) trouble: RwSignal<Option<String>>,
    /// The part that the step is about: its middle in the machine's frame, in metres.
    pub(super) interest: StoredValue<Option<[f64; 3]>>,
    /// Counts what makes the camera be opened anew: labels were surveyed since.
    pub(super) again: RwSignal<u32>,
    /// Points that a person lays over the picture that stands.
    pub(super) aligning: RwSignal<Option<Aligning>>,
    /// What the step is about was taken off the machine by earlier ones: nobody knows where it lies.
    pub(super) is_away: RwSignal<bool>,
}

/// Points of the machine that a person lays over the picture, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aligning {
    /// Parts, with the middle of each in the machine's frame, in metres.
    pub(super) parts: Vec<(String, [f64; 3])>,
    /// Which is asked for.
    pub(super) at: usize,
    /// What was laid.
    pub(super) laid: Vec<AlignedPoint>,
}

impl Aligning {
    /// So many points settle it.
    pub(super) const ENOUGH: usize = 4;
    /// More are offered: one may be hidden.
    const OFFERED: usize = 9;

    /// Points far from each other, of parts that are small enough to be hit.
    fn of(stage: &Stage3d, facts: &MachineFacts) -> Option<Self> {
        const SMALL_M: f64 = 0.2;
        let placed: Vec<(String, [f64; 3])> = facts
            .parts
            .iter()
            .take(PARTS_MAX)
            .filter_map(|part| Some((part.name.clone(), stage.part(&part.name)?)))
            .filter(|(_, (_, radius_m))| *radius_m <= SMALL_M)
            .map(|(name, (middle_m, _))| (name, middle_m))
            .collect();
        let places: Vec<[f64; 3]> = placed.iter().map(|(_, middle_m)| *middle_m).collect();
        let chosen = overlay::spread(&places, Self::OFFERED);
        let parts: Vec<_> = chosen.into_iter().filter_map(|place| placed.get(place).cloned()).collect();
        (parts.len() >= Self::ENOUGH).then(|| Self { parts, at: 0, laid: vec![] })
    }

    /// The part that is asked for.
    pub(super) fn asked(&self) -> Option<&(String, [f64; 3])> {
        self.parts.get(self.at)
    }
}

impl Sighting {
    pub(super) fn new() -> Self {
        Self {
            standing: RwSignal::new(Standing::Lost),
            side: RwSignal::new(None),
            seen: RwSignal::new(None),
            view: RwSignal::new(None),
            fits: RwSignal::new(Fits::Unsaid),
            frozen: RwSignal::new(false),
            over: RwSignal::new(false),
            run: RwSignal::new_local(None),
            trouble: RwSignal::new(None),
            interest: StoredValue::new(None),
            again: RwSignal::new(0),
            aligning: RwSignal::new(None),
            is_away: RwSignal::new(false),
        }
    }
}

impl Sighting {
    /// Whether nothing can stand over the picture, and the 3D view is seen in its place; whoever lays points over the
    /// picture needs all of it.
    pub(super) fn is_aside(&self) -> bool {
        self.standing.get() == Standing::Lost && self.aligning.with(Option::is_none)
    }
}

/// The camera's picture with its overlay.
#[component]
pub(super) fn CameraView(
    /// The machine.
    asset_id: AssetId,
    shape: MachineShape,
    /// What the step shows on it.
    shown: Shown,
    sighting: Sighting,
    /// A part was tapped.
    tapped: Callback<Touched>,
) -> impl IntoView {
    let session = Session::here();
    let (video, live) = (NodeRef::<Video>::new(), RwSignal::new(false));
    let (canvas, frame) = (NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let frozen_picture = use_context::<FrozenPicture>();
    let machine = MachineOnCanvas::load(shape, canvas);
    Effect::new(move |_| {
        if let Some(said) = machine.trouble.get() {
            sighting.trouble.set(Some(said));
        }
    });
    let ready = Memo::new(move |_| machine.is_ready());
    let shows = shown.parts;
    let away = Memo::new(move |_| {
        let away = |facts: &MachineFacts| shown.moves.with(|moves| moves.away(facts));
        machine.facts.with(|facts| facts.as_ref().map(away)).unwrap_or_default()
    });
    Effect::new(move |_| {
        let is_away = away.with(|away| {
            shows.with(|shows| !shows.is_empty() && shows.iter().all(|shown| away.contains(&shown.part)))
        });
        sighting.is_away.set(is_away);
    });
    // What stands is drawn anew when something about it changes, and only then.
    let stale = StoredValue::new_local(Rc::new(Cell::new(true)));
    let soil = move || {
        if stale.try_with_value(|stale| stale.set(true)).is_none() {
            // The page was left.
        }
    };
    Effect::new(move |_| {
        shows.track();
        sighting.fits.track();
        sighting.frozen.track();
        sighting.over.track();
        sighting.seen.track();
        sighting.is_away.track();
        soil();
    });
    let watch = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move |_| {
        if let Some(element) = frame.get() {
            watch.set_value(SizeWatch::on(&element, soil));
        }
    });
    // Each source has its own loop, until another one takes its place or the page is left.
    let turn = StoredValue::new_local(Rc::new(Cell::new(0_u32)));
    Effect::new(move |_| {
        sighting.again.track();
        let run = sighting.run.get();
        let camera = video.get().filter(|_| live.get());
        if !ready.get() || (run.is_none() && camera.is_none()) {
            return;
        }
        let turn = turn.get_value();
        turn.set(turn.get().wrapping_add(1));
        let mine = turn.get();
        sighting.over.set(false);
        sighting.frozen.set(false);
        sighting.fits.set(Fits::Unsaid);
        spawn_local(async move {
            let opened = match (run, camera) {
                (Some(played), _) => Eye::through(played, asset_id).await,
                (None, Some(video)) => Eye::through_camera(video, SightPurpose::Machine { asset_id }).await,
                (None, None) => return,
            };
            let eye = match opened {
                Ok((eye, view)) if turn.get() == mine => {
                    sighting.trouble.try_set(None);
                    sighting.view.try_set(Some(view));
                    eye
                }
                Ok(_other) => return,
                Err(refused) => return drop(sighting.trouble.try_set(Some(words::error(&refused)))),
            };
            let Some(stale) = stale.try_get_value() else { return };
            let drawing = Drawing {
                machine,
                canvas,
                frame,
                shown,
                away,
                session,
                began_ms: Cell::new(eye::now_ms()),
                step: RefCell::default(),
                sighting,
                frozen_picture,
                places: RefCell::default(),
            };
            let is_mine = move || turn.get() == mine;
            if let Err(refused) = drawing.until_left(eye, &stale, is_mine).await {
                sighting.trouble.try_set(Some(words::error(&refused)));
            }
        });
    });
    on_cleanup(move || {
        turn.with_value(|turn| turn.set(turn.get().wrapping_add(1)));
        if let Some(frozen) = frozen_picture {
            frozen.0.try_set(None);
        }
        spawn_local(async {
            if ipc::call(SightClose {}).await.is_err() {
                // Whoever looks next begins anew.
            }
        });
    });
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(files) = input.and_then(|input| input.files()) else { return };
        let mut files: Vec<web_sys::File> =
            (0..files.length()).filter_map(|index| files.get(index)).collect();
        match files.iter().find(|file| file.name().ends_with(RUN_ENDING)).cloned() {
            Some(run) => read_file(run, move |read| {
                if let Some(read) = read {
                    sighting.run.try_set(Some(Played::Run(read.bytes_base64)));
                }
            }),
            None if files.is_empty() => {}
            None => {
                files.sort_by_key(web_sys::File::name);
                sighting.run.set(Some(Played::Pictures(files.into())));
            }
        }
    };
    let align = Callback::new(move |()| {
        sighting.frozen.set(true);
        let begun = machine.facts.with_untracked(|facts| {
            let facts = facts.as_ref()?;
            machine.with(|stage| Aligning::of(stage, facts)).flatten()
        });
        match begun {
            Some(begun) => sighting.aligning.set(Some(begun)),
            None => sighting.trouble.set(Some(text::align_none().to_owned())),
        }
    });
    let tap = move |event: web_sys::PointerEvent| {
        let (Some(element), Some(view)) = (frame.get_untracked(), sighting.view.get_untracked()) else {
            return;
        };
        let board = element.get_bounding_client_rect();
        let at = [f64::from(event.client_x()) - board.left(), f64::from(event.client_y()) - board.top()];
        let Some(straight) = overlay::in_picture(at, [board.width(), board.height()], view.size_px) else {
            return;
        };
        if sighting.aligning.with_untracked(Option::is_some) {
            return lay(sighting, overlay::bent(view.intrinsics_px, view.distortion, straight));
        }
        let (Some(canvas), true) =
            (canvas.get_untracked(), sighting.standing.get_untracked() != Standing::Lost)
        else {
            return;
        };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(hit) = machine.with(|stage| touched(stage, &canvas, at)).flatten() {
            tapped.run(hit);
        }
    };
    let track = move || video.get_untracked().and_then(|video| eye::track_of(&video));
    view! {
        <div class="camera-view" class:aside=move || sighting.is_aside() data-test="camera-view" node_ref=frame
            data-standing=move || format!("{:?}", sighting.standing.get())>
            <Show when=move || sighting.run.with(Option::is_none)>
                <div class="under"><Camera video live/></div>
            </Show>
            <canvas node_ref=canvas role="img" aria-label=text::sight_picture() data-test="sight-canvas" class:hidden=move || sighting.view.with(Option::is_none)
                class:aims=move || sighting.aligning.with(Option::is_some) on:pointerup=tap></canvas>
        </div>
        <Show when=move || sighting.aligning.with(Option::is_some)><AlignPanel shape sighting/></Show>
        <SightBar sighting live align picked=Callback::new(picked) track=Callback::new(move |()| track())/>
    }
}

/// Lays the point that is asked for where a person tapped; with enough of them the machine stands there.
fn lay(sighting: Sighting, at_px: [f64; 2]) {
    let Some(mut aligning) = sighting.aligning.get_untracked() else { return };
    let Some((_, point_m)) = aligning.asked().cloned() else { return };
    aligning.laid.push(AlignedPoint { point_m, at_px });
    aligning.at += 1;
    if aligning.laid.len() < Aligning::ENOUGH {
        return sighting.aligning.set(Some(aligning));
    }
    sighting.aligning.set(None);
    let interest = sighting.interest.get_value();
    spawn_local(async move {
        match ipc::call(SightAlign { points: aligning.laid, point_m: interest }).await {
            Ok(seen) => drop(sighting.seen.try_set(Some(seen))),
            Err(refused) => drop(sighting.trouble.try_set(Some(words::error(&refused)))),
        }
    });
}

/// What drawing needs.
struct Drawing {
    machine: MachineOnCanvas,
    canvas: NodeRef<Canvas>,
    frame: NodeRef<Div>,
    shown: Shown,
    /// What earlier steps took off the machine.
    away: Memo<BTreeSet<String>>,
    session: Session,
    /// When the movements of the step in hand began.
    began_ms: Cell<f64>,
    /// The movements that began then.
    step: RefCell<StepMoves>,
    sighting: Sighting,
    frozen_picture: Option<FrozenPicture>,
    /// Where parts are; nothing where the model has none of that name.
    places: RefCell<BTreeMap<String, Option<PartPlace>>>,
}

impl Drawing {
    /// Picture by picture, until the page is left or another source takes the place of this one.
    async fn until_left(
        &self,
        mut eye: Eye,
        stale: &Cell<bool>,
        is_mine: impl Fn() -> bool,
    ) -> Result<(), ApiError> {
        let Sighting { standing, side, seen: shown, fits, frozen, over, .. } = self.sighting;
        let mut steady = Steady::NOTHING;
        let (mut pictures, mut fineness) = (0_u32, Fineness::learnt());
        let mut first: Option<(f64, f64)> = None;
        while is_mine() {
            if frozen.try_get_untracked() != Some(false) || over.try_get_untracked() != Some(false) {
                if stale.replace(false) {
                    self.stand(&eye, steady);
                }
                eye::pause(FROZEN_EVERY_MS).await;
                continue;
            }
            let interest = self.interest();
            let seen = match eye.next(interest.map(|(middle_m, _)| middle_m)).await? {
                Taken::Picture(seen, brought_ms) => (seen, brought_ms),
                Taken::Nothing => {
                    eye::pause(30).await;
                    continue;
                }
                Taken::Over => {
                    over.try_set(true);
                    continue;
                }
            };
            let (seen, brought_ms) = seen;
            if !is_mine() || frozen.try_get_untracked() != Some(false) {
                // A picture that came after the freeze is nobody's.
                continue;
            }
            let fit = fits.try_get_untracked().unwrap_or_default();
            steady = steady.after(self.allowed(&seen, interest, fit));
            if standing.try_get_untracked() != Some(steady.shown()) {
                standing.try_set(steady.shown());
            }
            // Labels that contradict each other say nothing of the side either.
            let is_said = seen.proof != SightProof::Contradicting;
            if let Some(pose) = seen.camera_from_machine.as_ref().filter(|_| is_said) {
                let middle_m = interest.map_or([0.0; 3], |(middle_m, _)| middle_m);
                if let Some(from) = overlay::side_of(pose, middle_m) {
                    side.try_set(Some(from));
                }
            }
            let began_ms = eye::now_ms();
            // A tablet that lies still has time.
            let is_still = eye.is_still();
            self.draw(&eye, &seen, steady, if is_still { Fineness::FINEST } else { fineness });
            let drawn_ms = eye::now_ms() - began_ms;
            if !is_still {
                fineness = fineness.after(drawn_ms);
                fineness.keep();
            }
            pictures += 1;
            self.time(pictures, brought_ms, seen.took_us as f64 / 1_000.0, drawn_ms);
            let begin = *first.get_or_insert((eye::now_ms(), seen.at_s));
            let at_s = seen.at_s;
            shown.try_set(Some(*seen));
            stale.set(false);
            if self.sighting.run.with_untracked(Option::is_some) {
                // A recorded run goes at the pace at which it was taken.
                let ahead_ms = (at_s - begin.1) * 1_000.0 - (eye::now_ms() - begin.0);
                eye::pause(ahead_ms.clamp(0.0, 1_000.0) as i32).await;
            } else if eye.is_still() {
                eye::pause(STILL_EVERY_MS).await;
            }
            eye::next_drawing().await;
        }
        Ok(())
    }

    /// Draws the picture that stands, as things are now; frozen, it is kept for whoever takes it as evidence.
    fn stand(&self, eye: &Eye, steady: Steady) {
        let Some(seen) = self.sighting.seen.try_get_untracked().flatten() else { return };
        let fit = self.sighting.fits.try_get_untracked().unwrap_or_default();
        let allowed = self.allowed(&seen, self.interest(), fit);
        let now = (0..16).fold(steady, |steady, _| steady.after(allowed));
        self.sighting.standing.try_set(now.shown());
        self.draw(eye, &seen, now, Fineness::FINEST);
        let is_frozen = self.sighting.frozen.try_get_untracked() == Some(true);
        if let (Some(kept), Some(canvas), true) =
            (self.frozen_picture, self.canvas.get_untracked(), is_frozen)
        {
            // In the same breath as it was drawn: afterwards the canvas is empty.
            kept.0.try_set(canvas.to_data_url_with_type("image/jpeg").ok().filter(|url| url.len() > 64));
        }
    }

    fn draw(&self, eye: &Eye, seen: &SightSeen, steady: Steady, fineness: Fineness) {
        let Some(canvas) = self.canvas.get_untracked() else { return };
        let Some(view) = self.sighting.view.try_get_untracked().flatten() else { return };
        let canvas = fitted(&canvas, fineness);
        let shows = self.shown.parts.get_untracked();
        let places =
            shows.iter().filter_map(|shown| Some((shown.part.clone(), self.place(&shown.part)?))).collect();
        let over = OverPicture {
            canvas,
            picture_px: view.size_px,
            intrinsics_px: view.intrinsics_px,
            distortion: view.distortion,
            camera_from_machine: seen.camera_from_machine,
            standing: steady.shown(),
            error_mm: seen.error.map_or(0.0, |error| error.bound_mm),
            places,
            played: self.played(),
            away: self.away.try_get_untracked().unwrap_or_default(),
        };
        let json = untrack(|| {
            self.shown.telling(self.session, |telling| step_scene::frame_over(&shows, &over, telling))
        });
        let drawn = self
            .machine
            .with(|stage| eye.show(stage).and_then(|()| stage.draw(&json.to_string()).map(|_done| ())));
        if let Some(Err(said)) = drawn {
            self.sighting.trouble.try_set(Some(said));
        }
    }

    /// How much may be shown of a step over the picture.
    fn allowed(&self, seen: &SightSeen, interest: Option<PartPlace>, fit: Fits) -> Standing {
        if self.sighting.is_away.try_get_untracked() == Some(true) {
            return Standing::Lost;
        }
        overlay::allowed(seen, interest.map_or(0.05, |(_, radius_m)| radius_m), fit)
    }

    /// This step's movements now, again and again while the picture moves.
    fn played(&self) -> serde_json::Value {
        let played = self.shown.moves.try_with_untracked(|moves| {
            if *self.step.borrow() != *moves {
                self.step.replace(moves.clone());
                self.began_ms.set(eye::now_ms());
            }
            self.machine.facts.try_with_untracked(|facts| {
                let facts = facts.as_ref()?;
                let whole_s = moves.duration_s(facts) + FILM_PAUSE_S;
                let at_s = (eye::now_ms() - self.began_ms.get()) / 1_000.0 % whole_s;
                Some(moves.played(facts, at_s))
            })
        });
        played.flatten().flatten().unwrap_or_else(|| serde_json::json!([]))
    }

    /// The part that the step is about: the error is told there.
    fn interest(&self) -> Option<PartPlace> {
        let place = self.shown.parts.try_get_untracked()?.iter().find_map(|shown| self.place(&shown.part));
        self.sighting.interest.try_set_value(place.map(|(middle_m, _)| middle_m));
        place
    }

    fn place(&self, part: &str) -> Option<PartPlace> {
        let mut places = self.places.borrow_mut();
        if let Some(known) = places.get(part) {
            return *known;
        }
        let place = self.machine.with(|stage| stage.part(part)).flatten();
        places.insert(part.to_owned(), place);
        place
    }

    /// How long the parts of a picture's way took, for benches: bringing it over, looking, drawing, in milliseconds.
    fn time(&self, pictures: u32, brought_ms: f64, looked_ms: f64, drawn_ms: f64) {
        let Some(frame) = self.frame.get_untracked() else { return };
        let data = frame.dataset();
        let timing = format!("{brought_ms:.2},{looked_ms:.2},{drawn_ms:.2}");
        if data.set("pictures", &pictures.to_string()).and_then(|()| data.set("timing", &timing)).is_err() {
            // Only benches read it.
        }
    }
}

/// Whether what is seen rests on one label alone.
pub(super) fn is_unproven(seen: &SightSeen) -> bool {
    seen.proof == SightProof::OneLabel && seen.camera_from_machine.is_some()
}
