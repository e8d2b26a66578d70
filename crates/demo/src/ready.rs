//! What the demo plant says when it is ready, and what an integrator would have set up for it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use millwright_model::{DemoBinding, DemoReady, DemoWhereUsed, Quantity};
use millwright_plant::sparkplug::SourceName;

use crate::DemoError;
use crate::seed::{Machine, Seed, Speaks, Tag};

/// The plant's place in the unified namespace.
pub const UNS_ROOT: &str = "umh/v1/millwright/north";
/// The Sparkplug group of the plant's edge nodes.
pub const SPARKPLUG_GROUP: &str = "north";

/// A user and a password that is drawn for this run.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub username: String,
    /// The password.
    pub password: String,
}

impl Credentials {
    /// Draws a password of 144 random bits.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn draw(username: &str) -> Result<Self, DemoError> {
        Ok(Self { username: username.to_owned(), password: random_text()? })
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// 144 random bits as text without signs that an address or a header would mind.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn random_text() -> Result<String, DemoError> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The topic of a tag that speaks JSON.
pub fn uns_topic(path: &str, tag: &Tag) -> String {
    format!("{UNS_ROOT}/{path}/_raw/{}", tag.tag)
}

/// The series under which a tag will be known.
fn series(machine: &Machine, tag: &Tag) -> String {
    match &machine.speaks {
        Speaks::Uns { path } => format!("uns:{}", uns_topic(path, tag)),
        Speaks::Sparkplug { node, device } => {
            SourceName::new(SPARKPLUG_GROUP, node, Some(device)).series(&tag.tag).0
        }
    }
}

/// The ready line's content.
pub fn ready(
    seed: &Seed,
    mqtt_port: u16,
    mqtt: &Credentials,
    erp_url: String,
    erp: &Credentials,
) -> DemoReady {
    let tags = seed.machines.iter().flat_map(|machine| machine.tags.iter().map(move |tag| (machine, tag)));
    let bindings = tags.map(|(machine, tag)| DemoBinding {
        asset_code: machine.code.clone(),
        series: series(machine, tag),
        name: tag.name.clone(),
        unit: tag.unit.clone(),
        usual: tag.usual,
        limit_low: tag.limit_low,
        limit_high: tag.limit_high,
    });
    let where_used = seed.parts.iter().flat_map(|part| {
        part.used.iter().map(|(machine, count, place)| DemoWhereUsed {
            asset_code: machine.clone(),
            part_number: part.number.clone(),
            quantity: Quantity::whole(*count, &part.unit),
            place: Some(place.clone()),
        })
    });
    DemoReady {
        mqtt_port,
        mqtt_username: mqtt.username.clone(),
        mqtt_password: mqtt.password.clone(),
        erp_url,
        erp_username: erp.username.clone(),
        erp_password: erp.password.clone(),
        bindings: bindings.collect(),
        where_used: where_used.collect(),
        finding_codes: seed.finding_codes.clone(),
        guides: seed.guides.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_has_a_binding_of_its_own() {
        let seed = Seed::load().unwrap();
        let one = Credentials::draw("one").unwrap();
        let two = Credentials::draw("one").unwrap();
        assert_ne!(one, two, "passwords are drawn anew");
        let ready = ready(&seed, 1, &one, String::new(), &two);
        let series: std::collections::BTreeSet<&str> =
            ready.bindings.iter().map(|binding| binding.series.as_str()).collect();
        assert_eq!(series.len(), seed.machines.iter().map(|machine| machine.tags.len()).sum::<usize>());
        assert!(
            series.contains("uns:umh/v1/millwright/north/utilities/pump-house/p-101a/_raw/vibration"),
            "{series:?}"
        );
        assert!(series.contains("spb:north/line-3/CV-7:belt_speed"), "{series:?}");
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let credentials = Credentials::draw("plant").unwrap();
        assert!(!format!("{credentials:?}").contains(&credentials.password));
    }
}
