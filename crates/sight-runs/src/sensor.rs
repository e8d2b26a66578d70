//! How pixels count light: electrons with the noise of their own number and of reading them, up to the end of the scale.

use crate::chance::Chance;
use crate::light::Conditions;
use crate::optics::Plane;

/// The last step of the scale.
const STEPS: f32 = 255.0;
/// How much a pixel holds over what fills the scale before it is full: none of it is seen.
const WELL_OVER_SCALE: f32 = 1.2;

/// The picture that is made of light. It is linear, as a measuring camera gives it; the noise is that of `seed`.
pub(crate) fn exposed(plane: &Plane, conditions: &Conditions, seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let steps_per_electron = STEPS / conditions.full_scale_electrons;
    let full = conditions.full_scale_electrons * WELL_OVER_SCALE;
    let read_square = conditions.read_noise_electrons.powi(2);
    let pixel = |light: &f32| {
        let electrons = (light * conditions.electrons).max(0.0);
        // From some 20 electrons on, counts by chance are as good as normal; below, reading adds more than the
        // difference.
        let noise = (electrons + read_square).sqrt() * chance.normal();
        ((electrons + noise).min(full) * steps_per_electron).round().clamp(0.0, STEPS) as u8
    };
    plane.light.iter().map(pixel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::light::Light;

    /// The mean and the standard deviation of a flat picture.
    fn flat(light: f32, conditions: &Conditions) -> (f64, f64) {
        let plane = Plane { width: 200, height: 200, light: vec![light; 40_000] };
        let pixels = exposed(&plane, conditions, 1);
        let count = pixels.len() as f64;
        let mean = pixels.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / count;
        let square = pixels.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>() / count;
        (mean, square.sqrt())
    }

    #[test]
    fn noise_grows_with_the_root_of_light_and_dark_is_noisy_where_gain_is() {
        let workshop = Light::Workshop.conditions();
        let (mean, noise) = flat(0.8, &workshop);
        assert!((mean - 204.0).abs() < 0.5 && (noise - 2.42).abs() < 0.15, "{mean} {noise}");
        let (mean, noise) = flat(0.8, &Light::FiveLux.conditions());
        assert!((mean - 102.0).abs() < 0.5 && (noise - 5.4).abs() < 0.3, "{mean} {noise}");
    }

    #[test]
    fn what_is_over_the_scale_is_its_end() {
        assert_eq!(flat(3.0, &Light::DirectSun.conditions()), (255.0, 0.0));
    }
}
