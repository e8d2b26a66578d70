//! A line tried out: taken as it stands, changed, run again and again beside the line as it is, and kept as a scenario.

mod fork;
mod keep;
mod run;

pub(crate) use fork::{fork_show, lines};
pub(crate) use keep::keep;
use millwright_methods::discrete::{Error, Invalid, Stopped};
use millwright_model::{Refusal, WhatIfFault};
pub(crate) use run::{Running, run};

use crate::EngineError;

fn unfit(fault: WhatIfFault) -> EngineError {
    EngineError::Invalid(Refusal::WhatIf { fault })
}

/// Why a line was not run, as people are told.
fn of_run(error: Error) -> EngineError {
    match error {
        Error::Invalid(Invalid { place, must }) => unfit(WhatIfFault::Unfit { place, must }),
        Error::Stopped(Stopped::Cancelled) => {
            EngineError::Precondition(Refusal::WhatIf { fault: WhatIfFault::Overtaken })
        }
        Error::Stopped(stopped @ Stopped::TooManyEvents { .. }) => {
            let (place, must) = ("line".to_owned(), stopped.to_string());
            unfit(WhatIfFault::Unfit { place, must })
        }
    }
}
