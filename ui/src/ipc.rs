//! The only door to the engine: one call for every command, one ear for what it tells.

use millwright_model::{ApiError, Code, Command, Event};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"], js_name = "invoke")]
    async fn invoke(name: &str, arguments: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "event"], js_name = "listen")]
    async fn listen_raw(name: &str, heard: &Closure<dyn FnMut(JsValue)>) -> Result<JsValue, JsValue>;
}

/// Gives a command to the engine.
pub(crate) async fn call<C: Command>(command: C) -> Result<C::Output, ApiError> {
    let json = serde_json::to_string(&command).map_err(|error| internal(&error.to_string()))?;
    let value = js_sys::JSON::parse(&json).map_err(|error| decode_error(&error))?;
    let arguments = js_sys::Object::new();
    js_sys::Reflect::set(&arguments, &"command".into(), &value).map_err(|error| decode_error(&error))?;
    match invoke(C::NAME, arguments.into()).await {
        Ok(answer) => serde_json::from_str(&to_json(&answer)).map_err(|error| internal(&error.to_string())),
        Err(refusal) => Err(decode_error(&refusal)),
    }
}

/// Gives bytes to a handler that takes bytes: a picture is too large for JSON.
pub(crate) async fn call_with_bytes<T: serde::de::DeserializeOwned>(
    name: &str,
    bytes: &[u8],
) -> Result<T, ApiError> {
    let answer = invoke(name, js_sys::Uint8Array::from(bytes).into())
        .await
        .map_err(|refusal| decode_error(&refusal))?;
    serde_json::from_str(&to_json(&answer)).map_err(|error| internal(&error.to_string()))
}

/// Asks a handler that answers in bytes.
pub(crate) async fn call_for_bytes(name: &str, arguments: &serde_json::Value) -> Result<Vec<u8>, ApiError> {
    let arguments = js_sys::JSON::parse(&arguments.to_string()).map_err(|error| decode_error(&error))?;
    let answer = invoke(name, arguments).await.map_err(|refusal| decode_error(&refusal))?;
    let buffer: js_sys::ArrayBuffer = answer.dyn_into().map_err(|other| decode_error(&other))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Hears what the engine tells, until the window closes.
pub(crate) async fn listen(mut heard: impl FnMut(Event) + 'static) -> Result<(), ApiError> {
    #[derive(Deserialize)]
    struct Envelope {
        payload: Event,
    }
    let closure = Closure::new(move |event: JsValue| {
        if let Ok(envelope) = serde_json::from_str::<Envelope>(&to_json(&event)) {
            heard(envelope.payload);
        }
    });
    listen_raw("engine", &closure).await.map_err(|error| decode_error(&error))?;
    // It lives as long as the window.
    closure.forget();
    Ok(())
}

fn to_json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).ok().and_then(|json| json.as_string()).unwrap_or_else(|| "null".to_owned())
}

fn decode_error(refusal: &JsValue) -> ApiError {
    serde_json::from_str(&to_json(refusal)).unwrap_or_else(|_not_ours: serde_json::Error| {
        let said = refusal
            .as_string()
            .unwrap_or_else(|| String::from(js_sys::Object::from(refusal.clone()).to_string()));
        internal(&said)
    })
}

/// The webview gives no canvas to read pictures from.
pub(crate) fn no_canvas() -> ApiError {
    internal("the webview has no canvas to read the camera's picture from")
}

fn internal(detail: &str) -> ApiError {
    ApiError::new(Code::Internal, detail)
}
