//! Looking through this device's camera while a sheet is open: what each picture shows is told, and the engine stops
//! looking when the sheet is left.

use std::cell::Cell;
use std::rc::Rc;

use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{SightClose, SightPurpose, SightSeen, SightView};

use crate::ipc;
use crate::page::guide::{Eye, Taken, next_drawing, pause};
use crate::words;

/// How long it waits where the camera has no new picture, in milliseconds.
const NO_PICTURE_MS: i32 = 30;

/// The picture that is looked at, and what went wrong with looking.
#[derive(Copy, Clone)]
pub(super) struct CameraWatch {
    pub(super) video: NodeRef<Video>,
    pub(super) live: RwSignal<bool>,
    pub(super) trouble: RwSignal<Option<String>>,
}

impl CameraWatch {
    /// Looks from when the camera is live until the component that asks is left. `begun` is told once of how it is looked,
    /// `seen` of each picture; both may be told when the component is already left.
    pub(super) fn for_purpose(
        purpose: SightPurpose,
        begun: impl Fn(&SightView) + Copy + 'static,
        seen: impl Fn(SightSeen) + Copy + 'static,
    ) -> Self {
        let watch = Self { video: NodeRef::new(), live: RwSignal::new(false), trouble: RwSignal::new(None) };
        let left = StoredValue::new_local(Rc::new(Cell::new(false)));
        Effect::new(move |_| {
            let Some(video) = watch.video.get().filter(|_| watch.live.get()) else { return };
            let left = left.get_value();
            spawn_local(async move {
                let looked = async {
                    let (mut eye, view) = Eye::through_camera(video, purpose).await?;
                    begun(&view);
                    while !left.get() {
                        match eye.next(None).await? {
                            Taken::Picture(picture, _) => seen(*picture),
                            Taken::Nothing | Taken::Over => pause(NO_PICTURE_MS).await,
                        }
                        next_drawing().await;
                    }
                    Ok(())
                };
                if let Err(refused) = looked.await {
                    watch.trouble.try_set(Some(words::error(&refused)));
                }
            });
        });
        on_cleanup(move || {
            left.with_value(|left| left.set(true));
            spawn_local(async {
                if ipc::call(SightClose {}).await.is_err() {
                    // Whoever looks next begins anew.
                }
            });
        });
        watch
    }
}
