//! Units: what goes together, and by which factor.

use std::collections::BTreeMap;
use std::fmt;

use super::fault::{Fault, ModelFault, fault};
use super::syntax::UnitText;

/// What a unit measures: powers of base units, none of them zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dimension(BTreeMap<String, i8>);

/// The highest power of a base unit.
const POWER_MAX: i8 = 12;

impl Dimension {
    /// Of plain numbers.
    pub fn none() -> Self {
        Self::default()
    }

    /// Of one base unit.
    pub(super) fn of(base: &str) -> Self {
        Self(BTreeMap::from([(base.to_owned(), 1)]))
    }

    /// Whether it is that of plain numbers.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Of a product with a power of another.
    #[must_use]
    pub(super) fn times(&self, other: &Self, power: i8) -> Self {
        let mut product = self.0.clone();
        for (base, of_base) in &other.0 {
            let sum = product.get(base).copied().unwrap_or(0).saturating_add(of_base.saturating_mul(power));
            if sum == 0 {
                product.remove(base);
            } else {
                product.insert(base.clone(), sum.clamp(-POWER_MAX, POWER_MAX));
            }
        }
        Self(product)
    }

    /// Of a square root; nothing where that has none.
    pub(super) fn root(&self) -> Option<Self> {
        let halved = self.0.iter().map(|(base, power)| (power % 2 == 0).then(|| (base.clone(), power / 2)));
        halved.collect::<Option<_>>().map(Self)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("a plain number");
        }
        let (above, below): (Vec<_>, Vec<_>) = self.0.iter().partition(|(_, power)| **power > 0);
        let write = |parts: &[(&String, &i8)]| {
            let part = |(base, power): &(&String, &i8)| match power.unsigned_abs() {
                1 => (*base).clone(),
                power => format!("{base}^{power}"),
            };
            parts.iter().map(part).collect::<Vec<_>>().join("*")
        };
        match (above.is_empty(), below.is_empty()) {
            (_, true) => f.write_str(&write(&above)),
            (true, false) => write!(f, "1/{}", write(&below).replace('*', "/")),
            (false, false) => write!(f, "{}/{}", write(&above), write(&below).replace('*', "/")),
        }
    }
}

/// A unit: its name, what it measures, and how many base units it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// As people write it.
    pub name: String,
    /// In base units.
    pub scale: f64,
    /// What it measures.
    pub dimension: Dimension,
}

impl Unit {
    /// Of plain numbers.
    pub fn none() -> Self {
        Self { name: String::new(), scale: 1.0, dimension: Dimension::none() }
    }
}

/// Names of a unit, how many of another it is, and of which: itself where it is a base.
type Known = (&'static [&'static str], f64, &'static [(&'static str, i8)]);

const MINUTE_S: f64 = 60.0;
const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 86_400.0;
/// The mean year of the Julian calendar, and a twelfth of it.
const YEAR_S: f64 = 365.25 * DAY_S;

const ENERGY: &[(&str, i8)] = &[("kg", 1), ("m", 2), ("s", -2)];
const POWER: &[(&str, i8)] = &[("kg", 1), ("m", 2), ("s", -3)];
const PRESSURE: &[(&str, i8)] = &[("kg", 1), ("m", -1), ("s", -2)];

const KNOWN: &[Known] = &[
    (&["s", "second", "seconds"], 1.0, &[("s", 1)]),
    (&["min", "minute", "minutes"], MINUTE_S, &[("s", 1)]),
    (&["h", "hour", "hours"], HOUR_S, &[("s", 1)]),
    (&["day", "days"], DAY_S, &[("s", 1)]),
    (&["week", "weeks"], 7.0 * DAY_S, &[("s", 1)]),
    (&["month", "months"], YEAR_S / 12.0, &[("s", 1)]),
    (&["year", "years"], YEAR_S, &[("s", 1)]),
    (&["mm"], 1e-3, &[("m", 1)]),
    (&["cm"], 1e-2, &[("m", 1)]),
    (&["m"], 1.0, &[("m", 1)]),
    (&["km"], 1e3, &[("m", 1)]),
    (&["m2"], 1.0, &[("m", 2)]),
    (&["m3"], 1.0, &[("m", 3)]),
    (&["l", "litre", "litres"], 1e-3, &[("m", 3)]),
    (&["g"], 1e-3, &[("kg", 1)]),
    (&["kg"], 1.0, &[("kg", 1)]),
    (&["t", "tonne", "tonnes"], 1e3, &[("kg", 1)]),
    (&["N"], 1.0, &[("kg", 1), ("m", 1), ("s", -2)]),
    (&["kN"], 1e3, &[("kg", 1), ("m", 1), ("s", -2)]),
    (&["Pa"], 1.0, PRESSURE),
    (&["bar"], 1e5, PRESSURE),
    (&["J"], 1.0, ENERGY),
    (&["kJ"], 1e3, ENERGY),
    (&["MJ"], 1e6, ENERGY),
    (&["GJ"], 1e9, ENERGY),
    (&["Wh"], HOUR_S, ENERGY),
    (&["kWh"], 1e3 * HOUR_S, ENERGY),
    (&["MWh"], 1e6 * HOUR_S, ENERGY),
    (&["GWh"], 1e9 * HOUR_S, ENERGY),
    (&["W"], 1.0, POWER),
    (&["kW"], 1e3, POWER),
    (&["MW"], 1e6, POWER),
    (&["GW"], 1e9, POWER),
    (&["K"], 1.0, &[("K", 1)]),
    (&["A"], 1.0, &[("A", 1)]),
    (&["V"], 1.0, &[("kg", 1), ("m", 2), ("s", -3), ("A", -1)]),
    (&["pcs", "piece", "pieces"], 1.0, &[("pcs", 1)]),
    (&["people", "person", "persons"], 1.0, &[("people", 1)]),
    (&["EUR"], 1.0, &[("EUR", 1)]),
    (&["USD"], 1.0, &[("USD", 1)]),
    (&["GBP"], 1.0, &[("GBP", 1)]),
    (&["CHF"], 1.0, &[("CHF", 1)]),
    (&["%"], 1e-2, &[]),
    (&["ppm"], 1e-6, &[]),
];

/// Whether a name is that of a unit that every model knows.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(names, _, _)| names.contains(&name))
}

/// The base unit of time.
pub(super) fn time() -> Dimension {
    Dimension::of("s")
}

/// The units of a model.
#[derive(Clone, Debug)]
pub(super) struct Units {
    by_name: BTreeMap<String, (f64, Dimension)>,
}

impl Units {
    /// Those that every model knows.
    pub(super) fn new() -> Self {
        let mut by_name = BTreeMap::new();
        for (names, scale, bases) in KNOWN {
            let dimension = bases
                .iter()
                .fold(Dimension::none(), |all, (base, power)| all.times(&Dimension::of(base), *power));
            for name in *names {
                by_name.insert((*name).to_owned(), (*scale, dimension.clone()));
            }
        }
        Self { by_name }
    }

    /// Takes in one of the model's own: so many of others, or a new base.
    pub(super) fn add(&mut self, name: &str, definition: Option<(f64, &Unit)>) {
        let meaning = match definition {
            Some((count, unit)) => (count * unit.scale, unit.dimension.clone()),
            None => (1.0, Dimension::of(name)),
        };
        self.by_name.insert(name.to_owned(), meaning);
    }

    /// What a unit means that was written.
    pub(super) fn read(&self, written: &UnitText) -> Result<Unit, ModelFault> {
        let mut unit = Unit { name: written.text(), ..Unit::none() };
        for (name, power) in &written.parts {
            let Some((scale, dimension)) = self.by_name.get(name) else {
                return fault(written.place, Fault::UnknownUnit(name.clone()));
            };
            let factor = crate::elementary::whole_power(*scale, u32::from(power.unsigned_abs()));
            unit.scale = if *power < 0 { unit.scale / factor } else { unit.scale * factor };
            unit.dimension = unit.dimension.times(dimension, *power);
        }
        Ok(unit)
    }
}
