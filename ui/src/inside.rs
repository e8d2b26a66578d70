//! Looking into a machine: pulled apart, or cut open along one of its axes.

use serde_json::{Value, json};

/// From which side a machine is cut open: what lies on that side of the cut is not there.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum CutFrom {
    /// From where one stands before it: +Z.
    Front,
    /// From its right: +X.
    Side,
    /// From above: +Y.
    Above,
}

impl CutFrom {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Front, Self::Side, Self::Above];

    fn axis(self) -> usize {
        match self {
            Self::Side => 0,
            Self::Above => 1,
            Self::Front => 2,
        }
    }
}

/// How a person looks into a machine.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Inside {
    /// How far it is pulled apart, 0 to 1.
    pub(crate) exploded: f64,
    /// Where it is cut open.
    pub(crate) cut: Option<CutFrom>,
    /// How deep, 0 to 1.
    pub(crate) depth: f64,
}

impl Inside {
    /// From outside.
    pub(crate) const NOT: Self = Self { exploded: 0.0, cut: None, depth: 0.5 };

    /// The sections of a frame, for a machine within a box in metres.
    pub(crate) fn sections(&self, bounds_m: Option<[[f64; 3]; 2]>) -> Value {
        let (Some(cut), Some([low, high])) = (self.cut, bounds_m) else { return json!([]) };
        let axis = cut.axis();
        let mut point_m = [0, 1, 2].map(|axis: usize| (low[axis] + high[axis]) / 2.0);
        // A hair inside, so that nothing deep shows all of it, and all the way through leaves what is furthest.
        let room_m = (high[axis] - low[axis]) * 0.998;
        point_m[axis] = high[axis] - (high[axis] - low[axis]) * 0.001 - room_m * self.depth.clamp(0.0, 1.0);
        let normal = [0, 1, 2].map(|one| if one == axis { 1.0 } else { 0.0 });
        json!([{"point_m": point_m, "normal": normal}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX_M: Option<[[f64; 3]; 2]> = Some([[-1.0, 0.0, -0.5], [1.0, 1.0, 0.5]]);

    #[test]
    fn from_outside_nothing_is_cut() {
        assert_eq!(Inside::NOT.sections(BOX_M), json!([]));
    }

    #[test]
    fn a_cut_from_the_front_takes_what_is_nearer_than_its_depth() {
        let half = Inside { cut: Some(CutFrom::Front), ..Inside::NOT };
        let cut = half.sections(BOX_M);
        assert_eq!(cut[0]["normal"], json!([0.0, 0.0, 1.0]));
        assert!(cut[0]["point_m"][2].as_f64().unwrap().abs() < 1e-9, "half way is the middle: {cut}");
        let shallow = Inside { depth: 0.0, ..half }.sections(BOX_M);
        assert!(shallow[0]["point_m"][2].as_f64().unwrap() > 0.49, "{shallow}");
    }
}
