//! Alerts at a terminal.

use clap::Subcommand;
use millwright_model::*;

use crate::face::Face;
use crate::output::answer;
use crate::run::invalid;

#[derive(Debug, Subcommand)]
pub(crate) enum AlertAct {
    /// List what is urgent and asks for somebody, the most urgent first.
    List,
    /// Take something on for the person who acts.
    Take {
        /// Its number or id.
        alert: String,
    },
    /// Pass something on.
    Pass {
        /// Its number or id.
        alert: String,
        /// To whom: a name or ERP number (else to whoever is next in line).
        #[arg(long, value_name = "PERSON")]
        to: Option<String>,
        /// What there is to say about it.
        #[arg(long, default_value = "")]
        word: String,
    },
}

pub(crate) async fn act(face: &Face, json: bool, act: &AlertAct) -> Result<(), ApiError> {
    match act {
        AlertAct::List => {
            let view = face.call(AlertList {}).await?;
            answer(json, "alert-list", &view, |view| view.alerts.iter().map(alert_line).collect())
        }
        AlertAct::Take { alert } => {
            let about = find_alert(face, alert).await?;
            let done = face.call(AlertTake { about }).await?;
            answer(json, "done", &done, |_done| vec!["Taken on.".to_owned()])
        }
        AlertAct::Pass { alert, to, word } => {
            let about = find_alert(face, alert).await?;
            let to = match to {
                Some(name) => Some(find_person(face, name).await?),
                None => None,
            };
            let done = face.call(AlertPass { about, to, word: word.clone() }).await?;
            answer(json, "done", &done, |_done| vec!["Passed on.".to_owned()])
        }
    }
}

async fn find_alert(face: &Face, alert: &str) -> Result<AlertSubject, ApiError> {
    let alerts = face.call(AlertList {}).await?.alerts;
    let found =
        alerts.into_iter().find(|known| known.number == alert || known.about.id().to_string() == alert);
    let found =
        found.ok_or_else(|| ApiError::new(Code::NotFound, format!("No alert has the number {alert}")))?;
    Ok(found.about)
}

async fn find_person(face: &Face, name: &str) -> Result<PersonId, ApiError> {
    let people = face.call(PersonList {}).await?;
    let named: Vec<_> = people
        .iter()
        .filter(|person| person.name.as_deref() == Some(name) || person.erp_number.as_deref() == Some(name))
        .collect();
    match named[..] {
        [person] => Ok(person.person_id),
        [] => Err(ApiError::new(Code::NotFound, format!("There is nobody called {name} here"))),
        _ => Err(invalid(format!("«{name}» is the name of several people"))),
    }
}

fn alert_line(alert: &AlertView) -> String {
    let machine = alert.asset_code.as_deref().unwrap_or("–");
    let stands = match (alert.rung, &alert.passed_on) {
        (0, None) => "asks".to_owned(),
        (0, Some(passed_on)) if passed_on.to_person => {
            format!("asks {}", passed_on.to_name.as_deref().unwrap_or("somebody"))
        }
        _ => "passed on".to_owned(),
    };
    format!("{}\tpriority {}\t{machine}\t{}\t{stands}", alert.number, alert.priority.number(), alert.text)
}
