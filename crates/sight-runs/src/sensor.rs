//! How pixels count light: electrons with the noise of their own number and of reading them, up to the end of the scale.

use crate::chance::Chance;
use crate::light::Conditions;
use crate::optics::Plane;

/// The last step of the scale.
const STEPS: f32 = 255.0;
/// How much a pixel holds over what fills the scale before it is full: none of it is seen.
const WELL_OVER_SCALE: f32 = 1.2;

/// The picture that is made of light, written for eyes (IEC 61966-2-1), as tablets and webcams do: the dark is lifted, and
/// half of the light across an edge is more than half of the brightness. The noise is that of `seed`.
pub(crate) fn exposed(plane: &Plane, conditions: &Conditions, seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let full = conditions.full_scale_electrons * WELL_OVER_SCALE;
    let read_square = conditions.read_noise_electrons.powi(2);
    let pixel = |light: &f32| {
        let electrons = (light * conditions.electrons).max(0.0);
        // From some 20 electrons on, counts by chance are as good as normal; below, reading adds more than the
        // difference.
        let noise = (electrons + read_square).sqrt() * chance.normal();
        let share = (electrons + noise).min(full) / conditions.full_scale_electrons;
        (written(share) * STEPS).round() as u8
    };
    plane.light.iter().map(pixel).collect()
}

/// What is written of a share of the scale's light, as a share of its steps.
fn written(share: f32) -> f32 {
    let share = share.clamp(0.0, 1.0);
    if share <= 0.003_130_8 { 12.92 * share } else { 1.055 * share.powf(1.0 / 2.4) - 0.055 }
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
    fn noise_is_that_of_counting_and_of_what_is_written() {
        // 0.8 of the light is 0.91 of the steps, and half of what noise it has; 0.4 is 0.67, and three quarters.
        let (mean, noise) = flat(0.8, &Light::Workshop.conditions());
        assert!((mean - 231.1).abs() < 0.5 && (noise - 1.25).abs() < 0.15, "{mean} {noise}");
        let (mean, noise) = flat(0.8, &Light::FiveLux.conditions());
        assert!((mean - 169.5).abs() < 0.7 && (noise - 4.1).abs() < 0.3, "{mean} {noise}");
    }

    #[test]
    fn what_is_over_the_scale_is_its_end() {
        assert_eq!(flat(3.0, &Light::DirectSun.conditions()), (255.0, 0.0));
    }
}
