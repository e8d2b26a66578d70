//! Tokens at a terminal: make one, list them, take one back.

use clap::Subcommand;
use millwright_model::*;

use crate::face::Face;
use crate::output::answer;
use crate::run::find_person;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenAct {
    /// Make a token. Its secret is shown once and kept nowhere.
    Create {
        /// What people call it: the name of the program.
        name: String,
        /// It may only ask.
        #[arg(long)]
        read: bool,
        /// The commands that it may give, with commas between them (else all that programs may).
        #[arg(long, value_name = "A,B", value_delimiter = ',')]
        commands: Option<Vec<String>>,
        /// The person for whom it acts: a name or ERP number. What is a person's act (timers, signatures, closing) needs one.
        #[arg(long = "for", value_name = "PERSON")]
        acts_for: Option<String>,
        /// After how many days it ends.
        #[arg(long, value_name = "DAYS", default_value_t = 365)]
        expires: u32,
    },
    /// List the tokens.
    List,
    /// Take a token back: from now on nobody gets in with it.
    Revoke {
        /// Its name or id.
        token: String,
    },
}

pub(crate) async fn act(face: &Face, json: bool, act: &TokenAct) -> Result<(), ApiError> {
    match act {
        TokenAct::Create { name, read, commands, acts_for, expires } => {
            let person_id = match acts_for {
                Some(person) => Some(find_person(face, person).await?),
                None => None,
            };
            let create = TokenCreate {
                name: name.clone(),
                reads_only: *read,
                commands: commands.clone(),
                person_id,
                days: *expires,
            };
            answer(json, "token-made", &face.call(create).await?, |made| {
                vec![
                    made.secret.clone(),
                    "This is shown once. Keep it like a password; take it back with `token revoke`."
                        .to_owned(),
                ]
            })
        }
        TokenAct::List => {
            let now = face.call(AppStatus {}).await?.now;
            let tokens = face.call(TokenList {}).await?;
            answer(json, "token-list", &tokens, |tokens| {
                tokens.iter().map(|token| line(token, now)).collect()
            })
        }
        TokenAct::Revoke { token } => {
            let tokens = face.call(TokenList {}).await?;
            let meant = tokens.iter().find(|known| {
                known.revoked_at.is_none() && (known.name == *token || known.token_id.to_string() == *token)
            });
            let meant = meant.ok_or_else(|| {
                ApiError::new(Code::NotFound, format!("There is no token «{token}» to take back"))
            })?;
            face.call(TokenRevoke { token_id: meant.token_id }).await?;
            answer(json, "done", &(), |()| vec![format!("{token} opens nothing any more.")])
        }
    }
}

fn line(token: &Token, now: TimestampMs) -> String {
    let state = match (token.revoked_at, token.is_good_at(now)) {
        (Some(_), _) => "taken back".to_owned(),
        (None, false) => "ended".to_owned(),
        (None, true) => format!("{} days left", token.expires_at.since_ms(now) / (24 * 60 * 60 * 1000)),
    };
    let may = match (&token.commands, token.reads_only) {
        (Some(commands), true) => format!("only asks: {}", commands.join(",")),
        (Some(commands), false) => commands.join(","),
        (None, true) => "only asks".to_owned(),
        (None, false) => "all commands for programs".to_owned(),
    };
    format!("{}\t{}\t{state}\t{may}", token.token_id, token.name)
}
