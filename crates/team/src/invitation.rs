//! An invitation as a QR code holds it: where the node is, whom to trust there, and a one-time code.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What every invitation of this version begins with.
const PREFIX: &str = "millwright:join:1:";
/// The longest invitation that is read, in characters.
const LENGTH_MAX: usize = 4_000;

/// An invitation to a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Host and port of the node; of each of its processes, with commas, where it has several.
    pub address: String,
    /// The one-time code.
    pub code: String,
    /// The certificate of the node's authority, as DER: nobody else is trusted.
    pub authority: Vec<u8>,
}

/// A text that is no invitation.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// It begins otherwise.
    #[error("this is no invitation to a team")]
    Foreign,
    /// A part is missing or cannot be read.
    #[error("the invitation is not whole: {0} cannot be read")]
    Broken(&'static str),
}

impl Invitation {
    /// Each host and port of an address: a node of several processes has several, with commas between them.
    pub fn addresses_of(address: &str) -> impl Iterator<Item = &str> {
        address.split(',').map(str::trim)
    }
}

fn has_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = URL_SAFE_NO_PAD.encode(&self.authority);
        write!(f, "{PREFIX}{}/{}/{authority}", self.address, self.code)
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    fn from_str(text: &str) -> Result<Self, InvitationError> {
        let text: String =
            text.chars().filter(|character| !character.is_whitespace()).take(LENGTH_MAX).collect();
        let rest = text.strip_prefix(PREFIX).ok_or(InvitationError::Foreign)?;
        let mut parts = rest.splitn(3, '/');
        let mut part =
            |what| parts.next().filter(|part| !part.is_empty()).ok_or(InvitationError::Broken(what));
        let address = part("the address")?.to_owned();
        let code = part("the code")?.to_owned();
        let authority = URL_SAFE_NO_PAD
            .decode(part("the certificate")?)
            .map_err(|_broken| InvitationError::Broken("the certificate"))?;
        if !Self::addresses_of(&address).all(has_port) {
            return Err(InvitationError::Broken("the port"));
        }
        Ok(Self { address, code, authority })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        Invitation {
            address: "10.0.0.7:7411".to_owned(),
            code: "K7Q2-M9XD".to_owned(),
            authority: vec![1, 2, 250],
        }
    }

    #[test]
    fn an_invitation_is_read_from_what_was_printed_also_with_line_breaks() {
        let mut printed = invitation().to_string();
        assert_eq!(printed.parse(), Ok(invitation()));
        printed.insert(30, '\n');
        assert_eq!(printed.parse(), Ok(invitation()));
    }

    #[test]
    fn a_node_of_several_processes_is_reached_at_each_of_their_addresses() {
        let address = "10.0.0.7:7411,node2.plant.example:7411".to_owned();
        let invitation = Invitation { address, ..invitation() };
        let read: Invitation = invitation.to_string().parse().unwrap();
        let addresses: Vec<&str> = Invitation::addresses_of(&read.address).collect();
        assert_eq!(addresses, ["10.0.0.7:7411", "node2.plant.example:7411"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |text: &str| text.parse::<Invitation>().unwrap_err();
        assert_eq!(without("http://example.org"), InvitationError::Foreign);
        assert_eq!(without("millwright:join:1:10.0.0.7:7411"), InvitationError::Broken("the code"));
        assert_eq!(without("millwright:join:1:10.0.0.7/C/AAAA"), InvitationError::Broken("the port"));
        assert_eq!(without("millwright:join:1:10.0.0.7:1/C/%%%"), InvitationError::Broken("the certificate"));
        assert_eq!(without("millwright:join:1:10.0.0.7:1,:2/C/AAAA"), InvitationError::Broken("the port"));
    }
}
