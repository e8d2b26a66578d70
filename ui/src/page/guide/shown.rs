//! What a step shows on the machine: the parts, the words beside them, how they move, and the values that stand on them.

use leptos::prelude::*;
use millwright_model::{
    AssetId, AssetShow, CacheTag, GuideStepId, ShowHow, ShownPart, TagBindingId, TagState,
};

use crate::condition::condition;
use crate::figure;
use crate::guide_run::Running;
use crate::guide_words;
use crate::query::query;
use crate::session::Session;
use crate::words;
use millwright_step_scene::StepMoves;
use millwright_step_scene::{ShownValue, Telling};

/// What is shown on a machine.
#[derive(Copy, Clone)]
pub(super) struct Shown {
    /// The parts.
    pub(super) parts: Signal<Vec<ShownPart>>,
    /// How they move.
    pub(super) moves: Signal<StepMoves>,
    say: Callback<ShownPart, String>,
    tags: Signal<Vec<TagState>>,
}

impl Shown {
    /// Parts alone: without words of their own, movements and values.
    pub(super) fn only(parts: Signal<Vec<ShownPart>>) -> Self {
        Self {
            parts,
            moves: Signal::derive(StepMoves::default),
            say: Callback::new(|_| String::new()),
            tags: Signal::derive(Vec::new),
        }
    }

    /// As an author sees it: the values are live, and what it moves is moved.
    pub(super) fn of_draft(
        parts: Signal<Vec<ShownPart>>,
        moves: Signal<StepMoves>,
        tags: Signal<Vec<TagState>>,
    ) -> Self {
        Self { parts, moves, say: Callback::new(|_| String::new()), tags }
    }

    /// What the step in hand shows. Its values are watched as long as the calling component lives.
    pub(super) fn of_step(
        running: Signal<Running>,
        at: Memo<Option<GuideStepId>>,
        asset_id: Option<AssetId>,
    ) -> Self {
        let session = Session::here();
        let parts = Memo::new(move |_| {
            let step =
                at.get().and_then(|at| running.with(|running| Some(running.step(at)?.step.shows.clone())));
            step.unwrap_or_default()
        });
        let moves = Memo::new(move |_| {
            let Some(at) = at.get() else { return StepMoves::default() };
            running.with(|running| {
                let earlier = running.steps.iter().take_while(|step| step.step.step_id != at);
                let earlier = earlier.filter(|step| !step.passed_over).map(|step| step.step.shows.as_slice());
                parts.with(|parts| StepMoves::of(earlier, parts))
            })
        });
        let say = Callback::new(move |shown: ShownPart| {
            running.with_untracked(|running| running.say(&shown.label, &session.language()))
        });
        Self { parts: parts.into(), moves: moves.into(), say, tags: tags_of(asset_id, parts.into()) }
    }

    /// Gives what is told beside the parts; who asks for a value is told again when it changes.
    pub(super) fn telling<T>(&self, session: Session, act: impl FnOnce(&Telling<'_>) -> T) -> T {
        let say = |shown: &ShownPart| untrack(|| self.say.run(shown.clone()));
        let value = |tag_binding_id| self.value(session, tag_binding_id);
        let hazard = |hazard| guide_words::hazard(hazard).to_owned();
        act(&Telling { say: &say, value: &value, number: &figure::plain, hazard: &hazard })
    }

    /// The live values in words, for whoever does not see the picture.
    pub(super) fn values_told(&self, session: Session) -> String {
        let values = self.parts.with(|parts| {
            let values = parts.iter().filter_map(|shown| match shown.how {
                ShowHow::Value { tag_binding_id } => self.value(session, tag_binding_id),
                _ => None,
            });
            values.map(|value| format!("{}: {}, {}", value.title, value.value, value.age)).collect::<Vec<_>>()
        });
        values.join("; ")
    }

    fn value(&self, session: Session, tag_binding_id: TagBindingId) -> Option<ShownValue> {
        let binding = self.tags.with(|tags| {
            let tag = tags.iter().find(|tag| tag.binding.tag_binding_id == tag_binding_id)?;
            Some(tag.binding.clone())
        })?;
        let live = session.live.value(&binding.series).get();
        let now = session.now.get();
        let value = words::value(live.as_ref().and_then(|live| live.sample.value.as_ref()));
        Some(ShownValue {
            value: format!("{value} {}", figure::unit(&binding.unit)),
            age: words::live_age(&binding, live.as_ref(), now),
            condition: condition(&binding, live.as_ref(), now),
            title: binding.name,
        })
    }
}

/// The tags of a machine. The series of those that stand on parts are watched as long as the calling component lives.
pub(super) fn tags_of(asset_id: Option<AssetId>, parts: Signal<Vec<ShownPart>>) -> Signal<Vec<TagState>> {
    let session = Session::here();
    let Some(asset_id) = asset_id else { return Signal::derive(Vec::new) };
    let asset = query(move || AssetShow { asset_id }, vec![CacheTag::Tags, CacheTag::Asset(asset_id)]);
    let tags = Memo::new(move |_| asset.ready().map(|asset| asset.tags).unwrap_or_default());
    Effect::new(move |_| {
        tags.with(|tags| {
            for tag in tags {
                session.live.seed(tag);
            }
        });
    });
    session.live.watch(move || {
        let wanted: Vec<TagBindingId> = parts.with(|parts| {
            let values = parts.iter().filter_map(|shown| match shown.how {
                ShowHow::Value { tag_binding_id } => Some(tag_binding_id),
                _ => None,
            });
            values.collect()
        });
        tags.with(|tags| {
            let tags = tags.iter().filter(|tag| wanted.contains(&tag.binding.tag_binding_id));
            tags.map(|tag| tag.binding.series.clone()).collect()
        })
    });
    tags.into()
}
