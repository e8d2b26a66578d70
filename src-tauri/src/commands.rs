//! One thin handler per command of the boundary, all made from the one list in `model`.

#![expect(
    clippy::let_underscore_must_use,
    reason = "tauri's command macro writes such a line for every handler"
)]

use millwright_engine::{Engine, Handle};
use millwright_model::*;
use tauri::State;

macro_rules! shell_commands {
    ($(($type:ident, $name:ident))+) => {
        $(
            #[tauri::command]
            pub(crate) async fn $name(engine: State<'_, Engine>, command: $type) -> Result<<$type as Command>::Output, ApiError> {
                engine.handle(command).await
            }
        )+

        /// The handlers, for the window's builder.
        pub(crate) fn handlers() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)+ crate::sight::sight_frame, crate::sight::sight_next]
        }
    };
}

for_each_command!(shell_commands);
