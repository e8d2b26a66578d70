//! Runs of models with a little of everything, and their bits as one number.

use millwright_methods::scenario::{Model, Run, Spread, Watch};

const MODEL: &str = "\
index product = pump, gear
horizon 8 days step 1 day method rk4
demand[product] = 10 to 30 pcs/day
price = pert(8 EUR/pcs, 10 EUR/pcs, 15 EUR/pcs)
quality = beta(20, 2)
wear = weibull(1.5, 40 days)
waiting = gamma(2, 3 days)
defects = poisson(3)
season = 1 + 0.2 * sin(time / 10 days)
noise = each_step(normal(0, 0.1))
correlate quality, price = 0.4
disruption strike: probability 30 %, start uniform(0 days, 5 days), lasts exponential(4 days), recovers 2 days
stock held[product] = 80 pcs, change (1 - strike) * 20 pcs/day - demand * season * (1 + noise)
result short = sum(max(-last(held), 0 pcs) over product) * price * quality ^ 0.5
result worst = least(lowest(held) over product)
result other = ln(wear / waiting) + defects + log10(1 + abs(cos(quality))) + exp(-quality)
";

/// The bits of all trials, folded into one (FNV-1a).
pub fn bits_of_runs() -> u64 {
    let mut all: u64 = 0xCBF2_9CE4_8422_2325;
    let Ok(model) = Model::read(MODEL) else { return 0 };
    for spread in [Spread::ByChance, Spread::Even] {
        let run = Run { trials: 4_300, seed: 42, spread, ..Run::default() };
        let Ok(figures) = model.run(&run, &Watch::default()) else { return 0 };
        for figures in figures {
            let told = [figures.mean, figures.deviation, figures.mean_error];
            for value in figures.trials.iter().chain(&figures.percentiles).chain(&told) {
                all = value
                    .to_bits()
                    .to_le_bytes()
                    .iter()
                    .fold(all, |all, byte| (all ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
            }
        }
    }
    all
}
