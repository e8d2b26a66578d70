//! What end-to-end tests need of the shell, and a release build does not carry (the engine refuses to compile with it):
//! an ear for violations of the content security policy, a camera that is none, and a window without any right.

use std::path::PathBuf;

use millwright_model::{COMMAND_NAMES, SIGHT_HANDLERS};
use tauri::{AppHandle, Builder, Runtime, WebviewUrl, WebviewWindowBuilder};

/// Where the window without rights writes what it got; without it there is no such window.
const REPORT: &str = "MILLWRIGHT_STRANGER_REPORT";

/// Keeps every violation of the content security policy, and every error of a script, where a driver finds it, from the first line of a page on.
const VIOLATIONS: &str = "window.__violations = []; \
    document.addEventListener('securitypolicyviolation', event => \
        window.__violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile)); \
    for (const kind of ['error', 'unhandledrejection']) \
        window.addEventListener(kind, event => window.__violations.push(kind + ' ' + (event.message || event.reason)));";

/// Adds what every page of a test build carries.
pub(crate) fn dress<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.append_invoke_initialization_script(VIOLATIONS)
}

/// Opens a window of our own pages that no capability names, and lets it try every command.
pub(crate) fn open_stranger<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(report) = std::env::var_os(REPORT).map(PathBuf::from) else { return Ok(()) };
    let names = COMMAND_NAMES.iter().chain(&SIGHT_HANDLERS);
    let names = names.map(|name| format!("{name:?}")).collect::<Vec<_>>().join(",");
    let script = format!(
        "window.addEventListener('load', async () => {{ \
            const names = [{names}, 'plugin:event|listen', 'plugin:webview|create_webview_window']; \
            const said = await Promise.all(names.map(name => window.__TAURI_INTERNALS__.invoke(name, {{command: {{}}}}) \
                .then(() => [name, 'let in'], error => [name, typeof error === 'string' ? error : JSON.stringify(error)]))); \
            const refused = said.filter(([, words]) => words.includes('not allowed')).length; \
            const others = said.filter(([, words]) => !words.includes('not allowed')); \
            document.title = JSON.stringify({{asked: names.length, refused, others}}); \
        }});"
    );
    WebviewWindowBuilder::new(app, "stranger", WebviewUrl::App("index.html".into()))
        .initialization_script(script)
        .on_document_title_changed(move |_window, title| {
            if title.starts_with('{')
                && let Err(error) = std::fs::write(&report, title)
            {
                tracing::error!("{}: {error}", report.display());
            }
        })
        .build()?;
    Ok(())
}
