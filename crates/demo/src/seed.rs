//! What stands in the demo plant when it is founded: read from `assets/demo`, which is compiled in.

use millwright_model::{DemoFindingCode, DemoGuide};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::DemoError;

/// Everything in the seed files.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Functional locations, from the site down.
    pub places: Vec<Place>,
    /// The machines with their tags.
    pub machines: Vec<Machine>,
    /// The people of the crew.
    pub people: Vec<CrewMember>,
    /// Who delivers parts.
    pub suppliers: Vec<SeedSupplier>,
    /// Spare parts with stock, offers and where they are built in.
    pub parts: Vec<SeedPart>,
    /// Work orders.
    pub orders: Vec<SeedOrder>,
    /// Choices for found and done.
    pub finding_codes: Vec<DemoFindingCode>,
    /// Guides with the models that they show.
    pub guides: Vec<DemoGuide>,
}

/// A functional location.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its number at the ERP.
    pub number: String,
    /// What people call it, short.
    pub code: String,
    /// What it is.
    pub name: String,
    /// The place it is part of.
    pub above: Option<String>,
    /// A, B or C.
    pub criticality: String,
}

/// A machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Its number at the ERP.
    pub number: String,
    /// What the plant calls it.
    pub code: String,
    /// What it is.
    pub name: String,
    /// A, B or C.
    pub criticality: String,
    /// The functional location it stands in.
    pub place: String,
    /// How it speaks.
    pub speaks: Speaks,
    /// Its class, for finding codes.
    pub class: String,
    /// What it has to do.
    pub load: Load,
    /// What goes wrong with it.
    pub fault: Option<Fault>,
    /// What it measures.
    pub tags: Vec<Tag>,
}

/// How a machine speaks to the broker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Speaks {
    /// JSON in the unified namespace.
    Uns {
        /// Its place below the plant's root.
        path: String,
    },
    /// A device of a Sparkplug edge node.
    Sparkplug {
        /// The edge node of its line.
        node: String,
        /// Its name at the node.
        device: String,
    },
}

/// What a machine has to do, around 1 = nominal.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Whether it runs at all (a standby machine does not).
    pub running: bool,
    /// How far it wanders slowly.
    pub wander: f64,
    /// The length of a cycle in seconds; 0 for none.
    pub cycle_s: f64,
    /// How deep a cycle is.
    pub cycle_depth: f64,
}

/// What goes wrong with a machine.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Wear grows from 0 towards 1.
    Wears {
        /// When it begins.
        after_s: f64,
        /// Its time constant.
        over_s: f64,
    },
    /// Its signals stop: a sensor or a cable.
    FallsSilent {
        /// When.
        after_s: f64,
    },
}

/// What a machine measures, and how the quantity follows load and wear.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name on the wire.
    pub tag: String,
    /// What people call it.
    pub name: String,
    /// The display unit's UCUM code.
    pub unit: String,
    /// Its value at nominal load, unworn.
    pub nominal: f64,
    /// It goes with this power of the load.
    pub load_exponent: f64,
    /// What full wear adds.
    pub per_wear: f64,
    /// Its value when the machine stands still.
    pub stopped: f64,
    /// How fast it follows: the time constant of a first-order lag.
    pub lag_s: f64,
    /// The standard deviation of the noise on it.
    pub noise: f64,
    /// The usual band.
    pub usual: Option<(f64, f64)>,
    /// The lower limit.
    #[serde(default)]
    pub limit_low: Option<f64>,
    /// The upper limit.
    #[serde(default)]
    pub limit_high: Option<f64>,
}

/// A person of the crew.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrewMember {
    /// Their number at the ERP.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// Who delivers parts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedSupplier {
    /// Its number at the ERP.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// A spare part.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedPart {
    /// Its number.
    pub number: String,
    /// What it is.
    pub name: String,
    /// The unit it is counted in.
    pub unit: String,
    /// Storage location, bin and how many.
    pub stock: Vec<(String, String, String)>,
    /// Supplier, days to delivery and price in euros.
    pub offers: Vec<(String, u32, String)>,
    /// Machine, how many and where on it.
    pub used: Vec<(String, i64, String)>,
}

/// A work order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedOrder {
    /// Its number.
    pub number: String,
    /// The order type: PM01 corrective, PM02 preventive, PM03 inspection.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// 1 to 4.
    pub priority: String,
    /// The machine, by its code.
    pub machine: Option<String>,
    /// The functional location, where it is not about one machine.
    #[serde(default)]
    pub place: Option<String>,
    /// When it is due, in days from the founding.
    pub due_in_days: i64,
    /// When it is to start, in days from the founding.
    pub start_in_days: i64,
    /// The time of day of the start.
    pub start_time: String,
    /// The process phase: 00 created, 02 released, 03 technically complete.
    pub phase: String,
    /// Who is to do it.
    pub person: Option<String>,
    /// Its operations in order.
    pub operations: Vec<String>,
}

impl Seed {
    /// Reads the built-in files.
    ///
    /// # Errors
    /// When one of them is damaged.
    pub fn load() -> Result<Self, DemoError> {
        Ok(Self {
            places: read("places", include_str!("../../../assets/demo/places.json"))?,
            machines: read("machines", include_str!("../../../assets/demo/machines.json"))?,
            people: read("people", include_str!("../../../assets/demo/people.json"))?,
            suppliers: read("suppliers", include_str!("../../../assets/demo/suppliers.json"))?,
            parts: read("parts", include_str!("../../../assets/demo/parts.json"))?,
            orders: read("orders", include_str!("../../../assets/demo/orders.json"))?,
            finding_codes: read("finding_codes", include_str!("../../../assets/demo/finding_codes.json"))?,
            guides: read("guides", include_str!("../../../assets/demo/guides.json"))?,
        })
    }

    /// A machine by what the plant calls it.
    pub fn machine(&self, code: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.code == code)
    }
}

fn read<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, DemoError> {
    serde_json::from_str(text).map_err(|source| DemoError::Seed { name, source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reference_in_the_seed_names_something_there() {
        let seed = Seed::load().unwrap();
        let places: BTreeSet<&str> = seed.places.iter().map(|place| place.number.as_str()).collect();
        let machines: BTreeSet<&str> = seed.machines.iter().map(|machine| machine.code.as_str()).collect();
        let people: BTreeSet<&str> = seed.people.iter().map(|person| person.number.as_str()).collect();
        let suppliers: BTreeSet<&str> =
            seed.suppliers.iter().map(|supplier| supplier.number.as_str()).collect();
        for place in &seed.places {
            assert!(place.above.as_deref().is_none_or(|above| places.contains(above)), "{place:?}");
        }
        for machine in &seed.machines {
            assert!(places.contains(machine.place.as_str()), "{}", machine.code);
        }
        for part in &seed.parts {
            for (supplier, _, _) in &part.offers {
                assert!(suppliers.contains(supplier.as_str()), "{}", part.number);
            }
            for (machine, _, _) in &part.used {
                assert!(machines.contains(machine.as_str()), "{}", part.number);
            }
        }
        for guide in &seed.guides {
            let machine = seed.machine(&guide.asset_code);
            let machine = machine.unwrap_or_else(|| panic!("{} is not there", guide.asset_code));
            for live in &guide.live {
                assert!(machine.tags.iter().any(|tag| tag.name == live.tag), "{live:?}");
                assert!(guide.content.step(live.step_id).is_some(), "{live:?}");
            }
        }
        for order in &seed.orders {
            assert!(order.machine.as_deref().is_none_or(|code| machines.contains(code)), "{}", order.number);
            assert!(order.place.as_deref().is_none_or(|place| places.contains(place)), "{}", order.number);
            assert!(order.person.as_deref().is_none_or(|person| people.contains(person)), "{}", order.number);
        }
    }

    #[test]
    fn texts_fit_the_fields_of_the_erp() {
        let seed = Seed::load().unwrap();
        let titles = seed.orders.iter().flat_map(|order| order.operations.iter().chain([&order.title]));
        let names = seed.parts.iter().map(|part| &part.name).chain(seed.machines.iter().map(|m| &m.name));
        for text in titles.chain(names) {
            assert!(text.chars().count() <= 40, "«{text}» is longer than 40 characters");
        }
    }

    #[test]
    fn usual_bands_lie_within_limits() {
        for machine in Seed::load().unwrap().machines {
            for tag in machine.tags {
                let Some((low, high)) = tag.usual else { continue };
                assert!(low < high, "{} {}", machine.code, tag.tag);
                assert!(tag.limit_high.is_none_or(|limit| limit > high), "{} {}", machine.code, tag.tag);
                assert!(tag.limit_low.is_none_or(|limit| limit < low), "{} {}", machine.code, tag.tag);
            }
        }
    }
}
