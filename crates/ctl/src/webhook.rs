//! Webhooks at a terminal: add one, try it, see how it stands, tell it again, remove it.

use std::path::PathBuf;

use clap::Subcommand;
use millwright_model::*;

use crate::face::Face;
use crate::output::answer;
use crate::run::{invalid, read_text};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookAct {
    /// Tell changes to a receiver. The secret that signs them is shown once.
    Add {
        /// Where: an address with https, or with http on this very machine.
        url: String,
        /// The kinds of record, with commas between them (work_order,request,reading).
        #[arg(long, value_name = "KINDS", value_delimiter = ',', required = true)]
        on: Vec<String>,
        /// A file with the secret (`whsec_…`), where the receiver has one already.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// The authority of the receiver's certificate, as PEM, where it is the plant's own.
        #[arg(long, value_name = "FILE")]
        authority: Option<PathBuf>,
    },
    /// List the receivers and how they stand.
    List,
    /// Tell a receiver that this is a test.
    Test {
        /// Its address or id.
        webhook: String,
    },
    /// Tell a receiver again: what waits, and once more what it refused.
    Resume {
        /// Its address or id.
        webhook: String,
    },
    /// Remove a receiver, with all that it was to be told.
    Remove {
        /// Its address or id.
        webhook: String,
    },
}

pub(crate) async fn act(face: &Face, json: bool, act: &WebhookAct) -> Result<(), ApiError> {
    let done = |said: &'static str| move |_done: &()| vec![said.to_owned()];
    match act {
        WebhookAct::Add { url, on, secret_file, authority } => {
            let kind = |name: &String| {
                Entity::parse(name).ok_or_else(|| invalid(format!("«{name}» is no kind of record")))
            };
            let add = WebhookAdd {
                url: url.clone(),
                entities: on.iter().map(kind).collect::<Result<_, _>>()?,
                secret: secret_file.as_deref().map(read_text).transpose()?,
                authority_pem: authority.as_deref().map(read_text).transpose()?,
            };
            answer(json, "webhook-made", &face.call(add).await?, |made| {
                vec![
                    made.secret.clone(),
                    "This is shown once: the receiver checks signatures with it.".to_owned(),
                ]
            })
        }
        WebhookAct::List => {
            let webhooks = face.call(WebhookList {}).await?;
            answer(json, "webhook-list", &webhooks, |webhooks| webhooks.iter().map(line).collect())
        }
        WebhookAct::Test { webhook } => {
            let said = face.call(WebhookTest { webhook_id: find(face, webhook).await? }).await?;
            answer(json, "webhook-test", &said, |said| vec![said.clone()])
        }
        WebhookAct::Resume { webhook } => {
            face.call(WebhookResume { webhook_id: find(face, webhook).await? }).await?;
            answer(json, "done", &(), done("It is told again."))
        }
        WebhookAct::Remove { webhook } => {
            face.call(WebhookRemove { webhook_id: find(face, webhook).await? }).await?;
            answer(json, "done", &(), done("Removed."))
        }
    }
}

async fn find(face: &Face, webhook: &str) -> Result<WebhookId, ApiError> {
    let known = face.call(WebhookList {}).await?;
    let meant = known.iter().find(|known| known.url == webhook || known.webhook_id.to_string() == webhook);
    let meant = meant.map(|known| known.webhook_id);
    meant.ok_or_else(|| ApiError::new(Code::NotFound, format!("There is no webhook «{webhook}»")))
}

fn line(webhook: &Webhook) -> String {
    let state = match (&webhook.stopped_at, &webhook.problem) {
        (Some(_), problem) => format!("stopped: {}", problem.as_deref().unwrap_or_default()),
        (None, Some(problem)) => format!("tries again: {problem}"),
        (None, None) => "well".to_owned(),
    };
    let on: Vec<&str> = webhook.entities.iter().map(|entity| entity.as_str()).collect();
    let Webhook { webhook_id, url, waiting, refused, .. } = webhook;
    format!("{webhook_id}\t{url}\t{}\t{waiting} waiting, {refused} refused\t{state}", on.join(","))
}
