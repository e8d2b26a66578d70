//! Asking the engine: the answer, its refreshes when its cache tags become stale, and how it shows.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{ApiError, CacheTag, Command};

use crate::ipc;
use crate::session::Session;
use crate::text;
use crate::words;

/// An answer that is kept up to date.
pub(crate) struct Query<T: Send + Sync + 'static>(RwSignal<Option<Result<T, ApiError>>>);

impl<T: Send + Sync + 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Query<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Query<T> {
    /// The answer, once there is one.
    pub(crate) fn ready(self) -> Option<T> {
        self.0.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().ok()).cloned())
    }
}

/// Asks `command()`, again whenever a signal in it changes or one of `tags` becomes stale.
pub(crate) fn query<C>(command: impl Fn() -> C + 'static, tags: Vec<CacheTag>) -> Query<C::Output>
where
    C: Command + 'static,
    C::Output: Clone + PartialEq + Send + Sync + 'static,
{
    let session = Session::here();
    let answer = RwSignal::new(None);
    let versions: Vec<_> = tags.into_iter().map(|tag| session.version(tag)).collect();
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let command = command();
        for version in &versions {
            version.track();
        }
        let turn = latest.get_value().wrapping_add(1);
        latest.set_value(turn);
        spawn_local(async move {
            let found = ipc::call(command).await;
            if latest.try_get_value() != Some(turn) {
                return;
            }
            // What is shown stays when a refresh fails; the sync chips say why.
            let keep = found.is_err()
                && answer.with_untracked(|known: &Option<Result<_, _>>| matches!(known, Some(Ok(_))));
            if !keep && answer.with_untracked(|known| known.as_ref() != Some(&found)) {
                answer.set(Some(found));
            }
        });
    });
    Query(answer)
}

/// Shows an answer: `render` runs once and gets a signal that follows every refresh.
pub(crate) fn shown<T: Clone + PartialEq + Send + Sync + 'static>(
    query: Query<T>,
    render: impl Fn(RwSignal<T>) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    #[derive(Clone, PartialEq)]
    enum Phase {
        Asking,
        Refused(String),
        Answered,
    }
    let phase = Memo::new(move |_| {
        query.0.with(|answer| match answer {
            None => Phase::Asking,
            Some(Err(error)) => Phase::Refused(words::error(error)),
            Some(Ok(_)) => Phase::Answered,
        })
    });
    move || match (phase.get(), untrack(|| query.ready())) {
        (Phase::Answered, Some(answer)) => {
            let latest = RwSignal::new(answer);
            Effect::new(move |_| {
                if let Some(answer) = query.ready()
                    && latest.with_untracked(|known| *known != answer)
                {
                    latest.set(answer);
                }
            });
            render(latest)
        }
        (Phase::Refused(message), _) => {
            view! { <div class="error-box" role="alert">{message}</div> }.into_any()
        }
        _ => view! { <div class="bar run" role="progressbar" aria-label=text::loading()></div> }.into_any(),
    }
}
