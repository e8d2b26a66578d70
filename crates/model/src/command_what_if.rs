//! The part of the list of commands that is about trying out a line.

/// Gives `$then!` the commands before, and those about trying out a line behind them.
macro_rules! with_what_if_commands {
    ($then:ident $($before:tt)*) => {
        $then! {
            $($before)*
            /// Lines that can be tried out, with how many machines each has.
            WhatIfLines = what_if_lines: reads -> Vec<WhatIfLine> {}
            /// A line as it stands now, with where each figure comes from.
            LineForkShow = line_fork_show: reads -> LineFork {
                /// Which line.
                line_id: AssetId,
            }
            /// Runs a line as it stands and as it might be, again and again under the same luck. Nothing of the plant changes.
            WhatIfRun = what_if_run: reads -> WhatIfComparison {
                /// The line as it stands.
                line: LineFork,
                /// As it might be.
                options: Vec<WhatIfOption>,
                /// How far to look ahead, in hours.
                hours: f64,
                /// How often to run each.
                replications: u32,
            }
            /// Keeps what was tried out as a scenario: one option for each line, with what came of it as ranges.
            WhatIfKeep = what_if_keep: changes -> ScenarioId {
                /// What people call it.
                name: String,
                /// The language.
                language: String,
                /// The line as it stands.
                line: LineFork,
                /// As it might be.
                options: Vec<WhatIfOption>,
                /// How far to look ahead, in hours.
                hours: f64,
                /// How often to run each.
                replications: u32,
            }
        }
    };
}
pub(crate) use with_what_if_commands;
