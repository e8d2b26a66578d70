//! The whole demo plant: everything is started, then the ready line is said.

use std::io::Write;
use std::path::Path;

use millwright_model::DemoReady;

use crate::ready::{Credentials, ready};
use crate::seed::Seed;
use crate::{DemoError, broker, ending, erp, machines};

/// The random seed of the physics: the demo is the same story every time.
const RANDOM_SEED: u64 = 20_261_123;

/// Starts broker, ERP and machines.
///
/// # Errors
/// When the data directory or loopback cannot be used.
pub async fn start(data: &Path) -> Result<DemoReady, DemoError> {
    let seed = Seed::load()?;
    let mqtt = Credentials::draw("millwright")?;
    let erp_login = Credentials::draw("millwright")?;
    let erp = erp::start(data, &seed, &erp_login).await?;
    let port = broker::start(&mqtt).await?;
    machines::start(&seed, port, &mqtt, RANDOM_SEED);
    Ok(ready(&seed, port, &mqtt, erp.url(), &erp_login))
}

/// Runs the demo plant as a child process: one ready line, then until the parent is gone or it is told to end.
///
/// # Errors
/// When it cannot start, or nobody reads the ready line.
pub async fn run(data: &Path) -> Result<(), DemoError> {
    let ready = start(data).await?;
    say(&ready).map_err(DemoError::Ready)?;
    ending::asked_to_end().await;
    Ok(())
}

fn say(ready: &DemoReady) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    serde_json::to_writer(&mut output, ready)?;
    output.write_all(b"\n")?;
    output.flush()
}
