//! The connection to the plant's mail server, and who is written to of what.

use leptos::prelude::*;
use millwright_model::*;

use super::tested::Tested;
use crate::address::is_this_machine;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, TextField};
use crate::query::{query, shown};
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

fn given(field: RwSignal<String>) -> Option<String> {
    Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

/// The port that servers usually have.
fn usual_port(security: MailSecurity) -> u16 {
    match security {
        MailSecurity::Tls => 465,
        MailSecurity::StartTls => 587,
        MailSecurity::Plain => 25,
    }
}

/// A reader while they are typed.
#[derive(Copy, Clone)]
struct TypedReader {
    place: usize,
    address: RwSignal<String>,
    from_priority: RwSignal<Option<Priority>>,
    digest: RwSignal<MailDigest>,
    language: RwSignal<String>,
    shifts: RwSignal<Vec<String>>,
    after_minutes: RwSignal<u32>,
    erp_orders: RwSignal<bool>,
}

impl TypedReader {
    fn of(place: usize, reader: MailReader) -> Self {
        Self {
            place,
            address: RwSignal::new(reader.address),
            from_priority: RwSignal::new(reader.from_priority),
            digest: RwSignal::new(reader.digest),
            language: RwSignal::new(reader.language),
            shifts: RwSignal::new(reader.shifts),
            after_minutes: RwSignal::new(reader.after_minutes),
            erp_orders: RwSignal::new(reader.erp_orders),
        }
    }

    fn read(self) -> MailReader {
        MailReader {
            address: self.address.get_untracked().trim().to_owned(),
            from_priority: self.from_priority.get_untracked(),
            digest: self.digest.get_untracked(),
            language: self.language.get_untracked(),
            shifts: self.shifts.get_untracked(),
            after_minutes: self.after_minutes.get_untracked(),
            erp_orders: self.erp_orders.get_untracked(),
        }
    }
}

/// Server, security, who we are, who is written to.
#[component]
pub(super) fn MailForm(kept: Option<MailConnection>) -> impl IntoView {
    let session = Session::here();
    let known = kept.is_some();
    let kept = kept.unwrap_or(MailConnection {
        host: String::new(),
        port: usual_port(MailSecurity::Tls),
        security: MailSecurity::Tls,
        username: None,
        from: String::new(),
        ca_pem: None,
        plain_reason: None,
        readers: Vec::new(),
    });
    let field = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let (host, port, from) =
        (RwSignal::new(kept.host), RwSignal::new(kept.port.to_string()), RwSignal::new(kept.from));
    let security = RwSignal::new(kept.security);
    let (username, password, ca_pem) = (field(kept.username), field(None), field(kept.ca_pem));
    let (plain_reason, test_to) = (field(kept.plain_reason), field(None));
    let next_place = StoredValue::new(kept.readers.len());
    let readers: Vec<TypedReader> =
        kept.readers.into_iter().enumerate().map(|(place, reader)| TypedReader::of(place, reader)).collect();
    let readers = RwSignal::new(readers);
    let (finding, busy) = (RwSignal::new(None), RwSignal::new(false));
    let read = move || {
        let Ok(port) = port.get_untracked().trim().parse::<u16>() else {
            session.say(Matter::Problem(text::port_invalid().to_owned()));
            return None;
        };
        Some(MailConnection {
            host: host.get_untracked().trim().to_owned(),
            port,
            security: security.get_untracked(),
            username: given(username),
            from: from.get_untracked().trim().to_owned(),
            ca_pem: given(ca_pem),
            plain_reason: given(plain_reason),
            readers: readers.get_untracked().into_iter().map(TypedReader::read).collect(),
        })
    };
    let test = move |_| {
        let Some(connection) = read() else { return };
        let to = given(test_to).unwrap_or_else(|| connection.from.clone());
        busy.set(true);
        finding.set(None);
        leptos::task::spawn_local(async move {
            let command = MailConnectionTest { connection, password: given(password), to: to.clone() };
            let outcome = crate::ipc::call(command).await;
            busy.set(false);
            match outcome {
                Ok(found) if found.works => {
                    let lines = vec![text::mail_tested(to)];
                    finding.set(Some(ConnectionFinding { lines, ..found }));
                }
                Ok(found) => finding.set(Some(found)),
                Err(error) => session.refuse(&error),
            }
        });
    };
    let save = move |connection: Option<MailConnection>| {
        session.send(MailConnectionSave { connection, password: given(password) }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()))
        })
    };
    let secure = move |choice: MailSecurity| {
        // A port that nobody chose goes along.
        if port.get_untracked() == usual_port(security.get_untracked()).to_string() {
            port.set(usual_port(choice).to_string());
        }
        security.set(choice);
    };
    let add = move |_| {
        let place = next_place.get_value();
        next_place.set_value(place + 1);
        let language = session.settings().language;
        let reader = MailReader {
            address: String::new(),
            from_priority: Some(Priority::High),
            digest: MailDigest::Never,
            language,
            shifts: Vec::new(),
            after_minutes: 0,
            erp_orders: false,
        };
        readers.update(|readers| readers.push(TypedReader::of(place, reader)));
    };
    let securities = [
        (MailSecurity::Tls, "TLS", "tls"),
        (MailSecurity::StartTls, "STARTTLS", "starttls"),
        (MailSecurity::Plain, text::mail_not_encrypted(), "plain"),
    ];
    let plain =
        move || security.get() == MailSecurity::Plain && !host.with(|host| is_this_machine(host.trim()));
    view! {
        <section class="card form" data-test="mail-form">
            <h2>{text::mail_server()}</h2>
            <div class="form two"><TextField label=text::host() value=host test="mail-host"/><TextField label=text::port() value=port test="mail-port"/></div>
            <div class="choice">{securities.map(|(choice, name, test)| view! { <button class="btn" class:on=move || security.get() == choice data-test=format!("mail-security-{test}") on:click=move |_| secure(choice)>{name}</button> })}</div>
            <Show when=plain><div class="notice-box form"><TextField label=text::plain_reason() value=plain_reason test="mail-plain-reason"/><span>{text::plain_password()}</span></div></Show>
            <TextField label=text::mail_from() value=from test="mail-from"/>
            <div class="form two"><TextField label=text::username() value=username test="mail-username"/><TextField label=text::password() value=password test="mail-password" secret=true/></div>
            <Show when=move || security.get() != MailSecurity::Plain><TextField label=text::ca_pem() value=ca_pem test="mail-ca" lines=true/></Show>
            <h3>{text::mail_readers()}</h3>
            <p class="muted">{text::mail_readers_explained()}</p>
            <Show when=move || readers.with(Vec::is_empty)><Empty says=text::mail_readers_none()/></Show>
            <For each=move || readers.get() key=|reader| reader.place let:reader>
                <ReaderForm reader remove=Callback::new(move |()| readers.update(|readers| readers.retain(|other| other.place != reader.place)))/>
            </For>
            <div class="acts"><button class="btn" data-test="mail-add" on:click=add><Icon glyph=Glyph::Plus/>{text::mail_add()}</button></div>
            <TextField label=text::mail_test_to() value=test_to test="mail-test-to"/>
            <Tested finding busy/>
            <div class="acts end">
                {known.then(|| view! { <button class="btn danger" data-test="mail-disconnect" on:click=move |_| save(None)>{text::disconnect()}</button> })}
                <button class="btn big" data-test="mail-test" disabled=busy on:click=test>{text::mail_test()}</button>
                <button class="btn primary" data-test="mail-save" on:click=move |_| { if let Some(connection) = read() { save(Some(connection)) } }>{text::save()}</button>
            </div>
        </section>
    }
}

/// One address and what is written to it.
#[component]
fn ReaderForm(reader: TypedReader, remove: Callback<()>) -> impl IntoView {
    let TypedReader { place, address, from_priority, digest, language, .. } = reader;
    let choices =
        [None, Some(Priority::Emergency), Some(Priority::High), Some(Priority::Medium), Some(Priority::Low)];
    let name = |choice: Option<Priority>| match choice {
        None => text::mail_of_none(),
        Some(priority) => words::priority(priority),
    };
    let digests = [
        (MailDigest::Never, text::mail_digest_never(), "never"),
        (MailDigest::WhenOpen, text::mail_digest_open(), "open"),
        (MailDigest::Always, text::mail_digest_always(), "always"),
    ];
    let languages = [("en", "English"), ("de", "Deutsch")];
    view! {
        <div class="card form" data-test=format!("mail-reader-{place}")>
            <TextField label=text::mail_address() value=address test=format!("mail-reader-{place}-address")/>
            <span class="small">{text::mail_from_priority()}</span>
            <div class="choice" role="radiogroup" aria-label=text::mail_from_priority()>{choices.map(|choice| view! {
                <button type="button" class="btn" role="radio" class:on=move || from_priority.get() == choice aria-checked=move || (from_priority.get() == choice).to_string()
                    data-test=format!("mail-reader-{place}-{}", choice.map_or(0, Priority::number)) on:click=move |_| from_priority.set(choice)>{name(choice)}</button>
            })}</div>
            <Show when=move || from_priority.get().is_some()><ReaderWhen reader/></Show>
            <span class="small">{text::mail_digest()}</span>
            <div class="choice" role="radiogroup" aria-label=text::mail_digest()>{digests.map(|(choice, name, test)| view! {
                <button type="button" class="btn" role="radio" class:on=move || digest.get() == choice aria-checked=move || (digest.get() == choice).to_string()
                    data-test=format!("mail-reader-{place}-digest-{test}") on:click=move |_| digest.set(choice)>{name}</button>
            })}</div>
            <div class="choice">{languages.map(|(tag, name)| view! { <button type="button" class="btn" class:on=move || language.get() == tag on:click=move |_| language.set(tag.to_owned())>{name}</button> })}</div>
            <div class="acts end"><button class="btn danger" data-test=format!("mail-reader-{place}-remove") on:click=move |_| remove.run(())>{text::mail_remove()}</button></div>
        </div>
    }
}

/// When a reader hears of what is new: at once or only of what nobody takes on, in which shifts, and of what the ERP makes.
#[component]
fn ReaderWhen(reader: TypedReader) -> impl IntoView {
    let TypedReader { place, shifts, after_minutes, erp_orders, .. } = reader;
    let shift = query(|| ShiftShow { at: None }, vec![CacheTag::Shift]);
    let choices = move || {
        // What was set up by a script is shown as it is.
        let mut choices = vec![0, 10, 30, 60];
        choices.push(after_minutes.get());
        choices.sort_unstable();
        choices.dedup();
        choices
    };
    let name = |minutes: u32| match minutes {
        0 => text::mail_at_once().to_owned(),
        minutes => text::mail_after_minutes(minutes),
    };
    let toggle = move |name: &String| {
        shifts.update(|shifts| match shifts.iter().position(|known| known == name) {
            Some(known) => drop(shifts.remove(known)),
            None => shifts.push(name.clone()),
        });
    };
    view! {
        <span class="small">{text::mail_after()}</span>
        <div class="choice" role="radiogroup" aria-label=text::mail_after()>{move || choices().into_iter().map(|minutes| view! {
            <button type="button" class="btn" role="radio" class:on=move || after_minutes.get() == minutes aria-checked=move || (after_minutes.get() == minutes).to_string()
                data-test=format!("mail-reader-{place}-after-{minutes}") on:click=move |_| after_minutes.set(minutes)>{name(minutes)}</button>
        }).collect_view()}</div>
        <span class="small">{text::mail_shifts()}</span>
        {shown(shift, move |shift| view! {
            <div class="choice" role="group" aria-label=text::mail_shifts()>{move || shift.get().pattern.into_iter().map(|shift| {
                let (known, called) = (shift.name.clone(), words::shift_name(&shift.name));
                let on = Memo::new(move |_| shifts.with(|shifts| shifts.contains(&known)));
                view! { <button type="button" class="btn" class:on=on aria-pressed=move || on.get().to_string()
                    data-test=format!("mail-reader-{place}-shift-{}", shift.name) on:click=move |_| toggle(&shift.name)>{called}</button> }
            }).collect_view()}</div>
        }.into_any())}
        <label class="check"><input type="checkbox" data-test=format!("mail-reader-{place}-erp") prop:checked=erp_orders
            on:change=move |event| erp_orders.set(event_target_checked(&event))/>{text::mail_erp_orders()}</label>
    }
}
