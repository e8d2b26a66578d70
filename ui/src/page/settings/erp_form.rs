//! The connection to the ERP.

use leptos::prelude::*;
use millwright_model::*;

use super::tested::Tested;
use crate::part::TextField;
use crate::session::{Matter, Session};
use crate::text;

fn given(field: RwSignal<String>) -> Option<String> {
    Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

/// What it speaks, where it is, who we are.
#[component]
pub(super) fn ErpForm(kept: Option<ErpConnection>) -> impl IntoView {
    let session = Session::here();
    let known = kept.is_some();
    let kept = kept.unwrap_or(ErpConnection {
        protocol: ErpProtocol::ODataV2,
        url: String::new(),
        system: "erp".to_owned(),
        username: String::new(),
        token_url: None,
        mapping_toml: None,
        request_limit_s: None,
        plain_reason: None,
    });
    let field = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let protocol = RwSignal::new(kept.protocol);
    let (url, system, username) = (
        RwSignal::new(kept.url.clone()),
        RwSignal::new(kept.system.clone()),
        RwSignal::new(kept.username.clone()),
    );
    let (password, token_url, mapping, plain_reason) = (
        field(None),
        field(kept.token_url.clone()),
        field(kept.mapping_toml.clone()),
        field(kept.plain_reason.clone()),
    );
    let limit = field(kept.request_limit_s.map(|seconds| seconds.to_string()));
    let (finding, busy) = (RwSignal::new(None), RwSignal::new(false));
    let read = move || ErpConnection {
        protocol: protocol.get_untracked(),
        url: url.get_untracked().trim().to_owned(),
        system: system.get_untracked().trim().to_owned(),
        username: username.get_untracked().trim().to_owned(),
        token_url: given(token_url),
        mapping_toml: given(mapping),
        request_limit_s: given(limit).and_then(|limit| limit.parse().ok()),
        plain_reason: given(plain_reason),
    };
    let test = move |_| {
        busy.set(true);
        finding.set(None);
        leptos::task::spawn_local(async move {
            let outcome =
                crate::ipc::call(ErpConnectionTest { connection: read(), password: given(password) }).await;
            busy.set(false);
            match outcome {
                Ok(found) => finding.set(Some(found)),
                Err(error) => session.refuse(&error),
            }
        });
    };
    let save = move |connection: Option<ErpConnection>| {
        session.send(ErpConnectionSave { connection, password: given(password) }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()))
        })
    };
    let protocols = [
        (ErpProtocol::ODataV2, "OData V2"),
        (ErpProtocol::ODataV4, "OData V4"),
        (ErpProtocol::Tryton, "Tryton"),
    ];
    let plain = move || {
        let open = |address: &String| crate::address::leaves_unencrypted(address.trim());
        url.with(open) || token_url.with(open)
    };
    view! {
        <section class="card form" data-test="erp-form">
            <h2>{text::target_erp()}</h2>
            <div class="choice">{protocols.map(|(choice, name)| view! { <button class="btn" class:on=move || protocol.get() == choice data-test=format!("erp-protocol-{}", name.replace(' ', "-")) on:click=move |_| protocol.set(choice)>{name}</button> })}</div>
            <TextField label=text::address() value=url test="erp-url"/>
            <Show when=plain><div class="notice-box form"><TextField label=text::plain_reason() value=plain_reason test="erp-plain-reason"/><span>{text::plain_password()}</span></div></Show>
            <TextField label=text::erp_system() value=system test="erp-system"/>
            <div class="form two"><TextField label=text::username() value=username test="erp-username"/><TextField label=text::password() value=password test="erp-password" secret=true/></div>
            <TextField label=text::token_url() value=token_url test="erp-token-url"/>
            <TextField label=text::request_limit() value=limit test="erp-request-limit"/>
            <TextField label=text::mapping() value=mapping test="erp-mapping" lines=true/>
            <Tested finding busy/>
            <div class="acts end">
                {known.then(|| view! { <button class="btn danger" data-test="erp-disconnect" on:click=move |_| save(None)>{text::disconnect()}</button> })}
                <button class="btn big" data-test="erp-test" disabled=busy on:click=test>{text::test_connection()}</button>
                <button class="btn primary" data-test="erp-save" on:click=move |_| save(Some(read()))>{text::save()}</button>
            </div>
        </section>
    }
}
