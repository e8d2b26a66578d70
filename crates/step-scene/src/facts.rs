//! What the stage tells of a machine that it has loaded, and of what is under a finger.

use serde::Deserialize;

/// What is known of a machine once it is loaded.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct MachineFacts {
    /// Its parts, every one behind the part that it hangs on.
    pub parts: Vec<PartFacts>,
    /// Its movements.
    pub animations: Vec<Movement>,
    /// The box around all of it as it rests, in metres; nothing where nothing is seen.
    pub bounds_m: Option<[[f64; 3]; 2]>,
}

/// A part of a machine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PartFacts {
    /// Its name.
    pub name: String,
    /// The place in the list of the part that it hangs on.
    pub parent: Option<usize>,
}

/// A movement of a model, such as a cover that is taken off.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Movement {
    /// Its name.
    pub name: String,
    /// Seconds from its start to its end.
    pub duration_s: f64,
    /// The parts that it moves.
    pub parts: Vec<String>,
}

/// What is under a finger.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Touched {
    /// The part's name.
    pub name: String,
    /// Where it was touched, in the machine's frame, in metres.
    pub point_m: [f64; 3],
    /// Of the surface there, towards the eye.
    pub normal: [f64; 3],
}
