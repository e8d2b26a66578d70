//! The connection to the plant's broker.

use leptos::prelude::*;
use millwright_model::*;
use wasm_bindgen::JsCast;

use super::tested::Tested;
use crate::address::is_this_machine;
use crate::part::TextField;
use crate::session::{Matter, Session};
use crate::text;

fn given(field: RwSignal<String>) -> Option<String> {
    Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

/// The file that was chosen in a file field.
fn picked_file(event: &web_sys::Event) -> Option<web_sys::File> {
    let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    input.files()?.get(0)
}

/// Host, transport, who we are, what we hear.
#[component]
pub(super) fn PlantForm(
    kept: Option<PlantConnection>,
    /// Whether the key of our certificate is kept.
    key_kept: bool,
) -> impl IntoView {
    let session = Session::here();
    let known = kept.is_some();
    let kept = kept.unwrap_or(PlantConnection {
        host: String::new(),
        port: 8883,
        transport: PlantTransport::Tls,
        mqtt5: true,
        username: None,
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".to_owned(), "spBv1.0/#".to_owned()],
        event_root: None,
        listen_only: false,
        sparkplug_host_id: None,
        tags_max: None,
        plain_reason: None,
    });
    let field = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let (host, port) = (RwSignal::new(kept.host.clone()), RwSignal::new(kept.port.to_string()));
    let (transport, mqtt5, listen_only) =
        (RwSignal::new(kept.transport), RwSignal::new(kept.mqtt5), RwSignal::new(kept.listen_only));
    let (username, password, ca_pem, certificate) = (
        field(kept.username.clone()),
        field(None),
        field(kept.ca_pem.clone()),
        field(kept.client_certificate_pem.clone()),
    );
    let (filters, event_root, host_id, plain_reason) = (
        RwSignal::new(kept.filters.join("\n")),
        field(kept.event_root.clone()),
        field(kept.sparkplug_host_id.clone()),
        field(kept.plain_reason.clone()),
    );
    // The name of the chosen key file and what it holds; it goes to the engine and is never shown.
    let key = RwSignal::new(None::<(String, String)>);
    let key_given = move || key.with_untracked(|key| key.as_ref().map(|(_, pem)| pem.clone()));
    let key_picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        leptos::task::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(file.text()).await {
                Ok(read) => key.set(Some((file.name(), read.as_string().unwrap_or_default()))),
                Err(_unreadable) => session.say(Matter::Problem(text::file_unreadable().to_owned())),
            }
        });
    };
    let key_words = move || match key.get() {
        Some((name, _)) => text::client_key_chosen(name),
        None if key_kept => text::client_key_kept().to_owned(),
        None => text::client_key_none().to_owned(),
    };
    let (finding, busy) = (RwSignal::new(None), RwSignal::new(false));
    let read = move || {
        let Ok(port) = port.get_untracked().trim().parse::<u16>() else {
            session.say(Matter::Problem(text::port_invalid().to_owned()));
            return None;
        };
        Some(PlantConnection {
            host: host.get_untracked().trim().to_owned(),
            port,
            transport: transport.get_untracked(),
            mqtt5: mqtt5.get_untracked(),
            username: given(username),
            ca_pem: given(ca_pem),
            client_certificate_pem: given(certificate),
            filters: filters
                .get_untracked()
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            event_root: given(event_root),
            listen_only: listen_only.get_untracked(),
            sparkplug_host_id: given(host_id),
            tags_max: kept.tags_max,
            plain_reason: given(plain_reason),
        })
    };
    let test = move |_| {
        let Some(connection) = read() else { return };
        busy.set(true);
        finding.set(None);
        leptos::task::spawn_local(async move {
            let outcome = crate::ipc::call(PlantConnectionTest {
                connection,
                password: given(password),
                client_key_pem: key_given(),
            })
            .await;
            busy.set(false);
            match outcome {
                Ok(found) => finding.set(Some(found)),
                Err(error) => session.refuse(&error),
            }
        });
    };
    let save = move |connection: Option<PlantConnection>| {
        session.send(
            PlantConnectionSave { connection, password: given(password), client_key_pem: key_given() },
            move |()| session.say(Matter::Notice(text::kept().to_owned())),
        )
    };
    let transports = [
        (PlantTransport::Tls, "TLS"),
        (PlantTransport::Tcp, "TCP"),
        (PlantTransport::WebSocketTls, "WSS"),
        (PlantTransport::WebSocket, "WS"),
    ];
    let plain = move || {
        let open = matches!(transport.get(), PlantTransport::Tcp | PlantTransport::WebSocket);
        open && !host.with(|host| is_this_machine(host.trim()))
    };
    let encrypted = move || matches!(transport.get(), PlantTransport::Tls | PlantTransport::WebSocketTls);
    view! {
        <section class="card form" data-test="plant-form">
            <h2>{text::broker()}</h2>
            <div class="form two"><TextField label=text::host() value=host test="plant-host"/><TextField label=text::port() value=port test="plant-port"/></div>
            <div class="choice">{transports.map(|(choice, name)| view! { <button class="btn" class:on=move || transport.get() == choice data-test=format!("plant-transport-{name}") on:click=move |_| transport.set(choice)>{name}</button> })}</div>
            <Show when=plain><div class="notice-box form"><TextField label=text::plain_reason() value=plain_reason test="plant-plain-reason"/><span>{text::plain_password()}</span></div></Show>
            <label class="check"><input type="checkbox" data-test="plant-mqtt5" prop:checked=mqtt5 on:change=move |event| mqtt5.set(event_target_checked(&event))/>{text::mqtt5()}</label>
            <label class="check"><input type="checkbox" data-test="plant-listen-only" prop:checked=listen_only on:change=move |event| listen_only.set(event_target_checked(&event))/>{text::listen_only()}</label>
            <div class="form two"><TextField label=text::username() value=username test="plant-username"/><TextField label=text::password() value=password test="plant-password" secret=true/></div>
            <TextField label=text::topic_filters() value=filters test="plant-filters" lines=true/>
            <TextField label=text::event_root() value=event_root test="plant-event-root"/>
            <TextField label=text::sparkplug_host_id() value=host_id test="plant-host-id"/>
            <Show when=encrypted>
                <TextField label=text::ca_pem() value=ca_pem test="plant-ca" lines=true/>
                <TextField label=text::client_certificate() value=certificate test="plant-certificate" lines=true/>
                <div class="field"><span>{text::client_key()}</span>
                    <div class="acts"><label class="btn">{text::client_key_pick()}<input class="hidden-input" type="file" accept=".pem,.key" data-test="plant-key" on:change=key_picked/></label>
                        <span class="muted small" data-test="plant-key-says">{key_words}</span></div></div>
            </Show>
            <Tested finding busy/>
            <div class="acts end">
                {known.then(|| view! { <button class="btn danger" data-test="plant-disconnect" on:click=move |_| save(None)>{text::disconnect()}</button> })}
                <button class="btn big" data-test="plant-test" disabled=busy on:click=test>{text::test_connection()}</button>
                <button class="btn primary" data-test="plant-save" on:click=move |_| { if let Some(connection) = read() { save(Some(connection)) } }>{text::save()}</button>
            </div>
        </section>
    }
}
